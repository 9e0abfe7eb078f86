# One GET a URL by a library of R: Rscript drive.R LIBRARY URL...; for each a line, "got STATUS BYTES" or "error".
# Without a URL: the library's version.
words <- commandArgs(trailingOnly = TRUE)
get <- switch(words[1],
  "curl" = {
    handle <- curl::new_handle()
    function(url) {
      reply <- curl::curl_fetch_memory(url, handle)
      c(reply$status_code, length(reply$content))
    }
  },
  "httr" = function(url) {
    reply <- httr::GET(url)
    c(httr::status_code(reply), length(httr::content(reply, "raw")))
  },
  "httr-retry" =, "httr-retry-quiet" = function(url) {
    reply <- httr::RETRY("GET", url, times = 6, quiet = words[1] == "httr-retry-quiet")
    c(httr::status_code(reply), length(httr::content(reply, "raw")))
  })
if (length(words) == 1) cat(as.character(packageVersion(sub("-.*", "", words[1]))), "\n", sep = "")
for (url in words[-1]) {
  told <- tryCatch(get(url), error = function(lost) NULL)
  cat(if (is.null(told)) "error an R error" else paste("got", told[1], told[2]), "\n", sep = "")
}
