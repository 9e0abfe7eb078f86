-- LuaSocket.
local http, ltn12, socket = require "socket.http", require "ltn12", require "socket"
local base, task, token, interval, mode = table.unpack(arg)
http.TIMEOUT = mode == "timeout" and 2 or 60
http.PROXY = nil

local months = {Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6,
                Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12}

-- Unix time of "Mon, 15 Jan 2024 16:00:40 GMT". os.time reads local time: what that is off is added.
local function unix_time(date)
    local day, month, year, hour, min, sec = date:match("(%d+) (%a+) (%d+) (%d+):(%d+):(%d+)")
    local at = os.time {day = day, month = months[month], year = year, hour = hour, min = min, sec = sec}
    return at + os.difftime(at, os.time(os.date("!*t", at)))
end

for _ = 1, 50 do
    local body = {}
    local _, _, headers = http.request {
        url = base .. "/v1/video/generations/" .. task,
        headers = {Authorization = "Bearer " .. token},
        sink = ltn12.sink.table(body),
    }
    if table.concat(body):find('"status": "success"', 1, true) then os.exit(0) end
    local pause = interval - (mode == "hasty" and 0.05 or 0)
    local date = headers and headers["retry-after"]
    if mode == "date" and date then pause = math.max(0, unix_time(date) - socket.gettime()) end
    socket.sleep(pause)
end
os.exit(1)
