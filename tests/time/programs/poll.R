# Base R: a socket connection and Sys.sleep.
words <- commandArgs(trailingOnly = TRUE)
interval <- as.numeric(words[4])
mode <- words[5]
# "http://HOST:PORT/PATH"
place <- regmatches(words[1], regexec("^http://([^:]*):([0-9]*)(/.*)$", words[1]))[[1]]
limit <- if (mode == "timeout") 2 else 60

# The lines of one reply; none when it does not come in time.
exchange <- function() {
  connection <- socketConnection(place[2], as.integer(place[3]), open = "r+b", blocking = TRUE, timeout = limit)
  on.exit(close(connection))
  writeLines(c(sprintf("GET %s/v1/video/generations/%s HTTP/1.1", place[4], words[2]), paste("Host:", place[2]),
               paste("Authorization: Bearer", words[3]), "Connection: close", ""), connection, sep = "\r\n")
  suppressWarnings(readLines(connection, warn = FALSE))
}

invisible(Sys.setlocale("LC_TIME", "C"))
for (poll in 1:50) {
  reply <- exchange()
  if (any(grepl('"status": "success"', reply, fixed = TRUE))) quit(status = 0)
  pause <- if (mode == "hasty") interval - 0.05 else interval
  date <- sub("Retry-After: ", "", grep("^Retry-After: ", reply, value = TRUE), fixed = TRUE)
  if (mode == "date" && length(date) == 1) {
    at <- as.POSIXct(strptime(trimws(date), "%a, %d %b %Y %H:%M:%S GMT", tz = "GMT"))
    pause <- max(0, as.numeric(at) - as.numeric(Sys.time()))
  }
  Sys.sleep(pause)
}
quit(status = 1)
