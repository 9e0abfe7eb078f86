-- One GET a URL by a library of Lua: lua drive.lua LIBRARY URL...; for each a line, "got STATUS BYTES" or "error WHY".
-- Without a URL: the library's version.
local libraries = {}

function libraries.luasocket()
    local http = require "socket.http"
    return function(url)
        local body, status = http.request(url)
        if not body then return nil, status end
        return status, body
    end, (require "socket")._VERSION
end

local get, version = libraries[arg[1]]()
if #arg == 1 then print(version) end
for i = 2, #arg do
    local status, body = get(arg[i])
    if status then print("got " .. math.floor(tonumber(status)) .. " " .. #body) else print("error " .. tostring(body)) end
end
