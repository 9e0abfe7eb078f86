"""The libraries that are measured: a row each, with how its driver is started and which switch makes it polite.

A row whose command, started without a URL, does not print a version is not on this machine, and is left out by name.
"""
import os
from collections import namedtuple
from pathlib import Path

HERE = Path(__file__).resolve().parent
DRIVERS = HERE / "drivers"
JARS = Path("/usr/share/java")
GOPATH = "/usr/share/gocode"

# name: library and what is switched on. build: made once before it is started; {out} is a folder of its own.
# package: Debian's, whose version counts where the library does not know its own. advice: for a poller, one sentence.
# spared: it did not come back from one of the values of Retry-After, so it is sent none.
Library = namedtuple("Library", "name language command advice build package spared", defaults=[(), "", False])
ROWS = []


def add(language, name, command, advice="", build=(), package="", spared=False):
    ROWS.append(Library(name, language, list(command), advice, list(build), package, spared))


def python(name, word, advice=""):
    debian = "/usr/bin/python3"
    add("Python", name, [debian if Path(debian).exists() else "python3", "-B", str(DRIVERS / "drive.py"), word], advice)


def node(name, word, advice="", spared=False):
    add("JavaScript", name, ["node", str(DRIVERS / "drive.mjs"), word], advice, spared=spared)


def go(name, source, advice, words=(), package=""):
    add("Go", name, ["{out}/drive", *words], advice, ["go", "build", "-o", "{out}/drive", str(DRIVERS / source)], package)


def java(name, source, words, advice, jars=()):
    path = ":".join(["{out}", *(str(JARS / f"{jar}.jar") for jar in jars)])
    main = Path(source).stem
    # These two switches make it start sooner.
    add("Java", name, ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", path, main, *words], advice,
        ["javac", "-cp", path, "-d", "{out}", str(DRIVERS / source)])


def php(name, word, advice="", package=""):
    add("PHP", name, ["php", str(DRIVERS / "drive.php"), word], advice, package=package)


def ruby(name, word, advice=""):
    add("Ruby", name, ["ruby", "-W0", str(DRIVERS / "drive.rb"), word], advice)


def perl(name, word, advice=""):
    add("Perl", name, ["perl", str(DRIVERS / "drive.pl"), word], advice)


def r(name, word, advice=""):
    add("R", name, ["Rscript", "--vanilla", str(DRIVERS / "drive.R"), word], advice)


def lua(name, word, advice=""):
    add("Lua", name, ["lua", str(DRIVERS / "drive.lua"), word], advice)


def shell(name, command, advice=""):
    add("shell", name, ["sh", str(DRIVERS / "drive.sh"), command], advice)


python("urllib.request", "urllib", "none: write the loop")
python("requests", "requests", "an `HTTPAdapter(max_retries=Retry(…))`, next row")
python("requests, Retry(status_forcelist, backoff_factor)", "requests-polite",
       "compare `len(content)` with `Content-Length` yourself")
python("urllib3", "urllib3", "`Retry(5, status_forcelist=…, backoff_factor=1)`, next row")
python("urllib3, Retry and enforce_content_length", "urllib3-polite", "catch `ProtocolError`, for what came late is not asked again")
python("httpx", "httpx", "none: write the loop")
python("httpx, HTTPTransport(retries)", "httpx-retries", "`retries` is for connecting alone: write the loop")
python("aiohttp", "aiohttp", "none: write the loop")
python("tenacity", "tenacity", "`stop`, `wait` and `retry`, next row")
python("tenacity, stop, wait and a Retry-After", "tenacity-polite", "as it is; a date must be read by your own `wait`")
python("backoff, on_exception(expo)", "backoff", "`giveup` for statuses that stay, and `runtime` for Retry-After")

node("fetch", "fetch", "none: write the loop")
node("undici, RetryAgent", "undici", "a `retry` of your own where Retry-After may be a date")
node("axios", "axios", "axios-retry, or write the loop")
node("axios-retry", "axios-retry", "`retryDelay` and `retryCondition`, next row")
node("axios-retry, exponentialDelay and 408, 425, 429", "axios-retry-polite", "as it is")
node("got", "got", "as it is, with `retry.limit`")
node("ky", "ky", "Retry-After is yours: `retry.afterStatusCodes` (not tried)", spared=True)
node("p-retry, around fetch", "p-retry", "`shouldRetry` for statuses that stay; Retry-After is yours")
node("node-fetch", "node-fetch", "none: write the loop")
node("superagent", "superagent", "`.retry(n, callback)`, next row")
node("superagent, retry(3)", "superagent-retry", "it knows no pause: write the loop")
node("cockatiel, retry with ExponentialBackoff", "cockatiel", "`handleWhen` for statuses that stay; Retry-After by a `DelegateBackoff`")
node("make-fetch-happen", "make-fetch-happen", "`retry`, next row")
node("make-fetch-happen, retry: 3", "make-fetch-happen-retry", "Retry-After is yours")

go("net/http", "drive.go", "none: write the loop")
go("go-retryablehttp", "retryablehttp/drive.go", "`Backoff`, where a date or jitter is wanted",
   package="golang-github-hashicorp-go-retryablehttp-dev")
go("resty", "resty/drive.go", "`SetRetryCount` and a condition, next row", package="golang-github-go-resty-resty-dev")
go("resty, SetRetryCount, condition and SetRetryAfter", "resty/drive.go", "as it is", ["--polite"],
   "golang-github-go-resty-resty-dev")

java("java.net.http.HttpClient", "Drive.java", ["client"], "none: write the loop")
java("HttpURLConnection", "Drive.java", ["connection"], "none: write the loop")
java("OkHttp", "okhttp/DriveOkHttp.java", [], "an `Interceptor` of your own", ["okhttp", "okio"])
APACHE = ["httpclient", "httpcore", "commons-logging", "commons-codec"]
java("Apache HttpClient 4", "httpclient/DriveHttpClient.java", ["plain"],
     "a `ServiceUnavailableRetryStrategy`, next row", APACHE)
java("Apache HttpClient 4, ServiceUnavailableRetryStrategy", "httpclient/DriveHttpClient.java", ["retry"],
     "a strategy of your own: the stock one reads no Retry-After", APACHE)

php("ext-curl", "curl", "none: write the loop")
php("file_get_contents", "streams", "none, and it must be told of a cut: use ext-curl")
php("Guzzle", "guzzle", "`Middleware::retry`, next row", "php-guzzlehttp-guzzle")
php("Guzzle, Middleware::retry", "guzzle-retry", "its `$delay`, for Retry-After", "php-guzzlehttp-guzzle")

ruby("Net::HTTP", "net-http", "`max_retries = 0` where one request must be one, and write the loop")
ruby("Faraday", "faraday", "`request :retry`, next rows")
ruby("Faraday, request :retry", "faraday-retry", "`retry_statuses` and `interval`, next row")
ruby("Faraday, request :retry with retry_statuses", "faraday-polite", "as it is, and `require 'date'`, without which it ends with a NameError")
ruby("rest-client", "rest-client", "none: write the loop")
ruby("HTTParty", "httparty", "none: write the loop")

perl("LWP::UserAgent", "lwp", "none; look at the header `Client-Aborted`")
perl("HTTP::Tiny", "http-tiny", "none: write the loop")
perl("Mojo::UserAgent", "mojo", "none: write the loop")

shell("curl", "curl -s", "`--retry`, next rows")
shell("curl --retry", "curl -s --retry 5", "`-f`, or `-o` a file, lest bodies be glued; next row")
shell("curl -f --retry --retry-all-errors -o FILE", "curl_to_file", "`--retry-max-time`")
shell("wget", "wget -q -O -", "`--tries` and `--retry-on-http-error`, next row")
shell("wget --retry-on-http-error --waitretry",
      "wget -q -O - --tries 6 --waitretry 10 --retry-on-http-error 408,425,429,500,502,503,504", "it reads no Retry-After")
add("C", "libcurl", ["{out}/drive"], "none: write the loop",
    ["cc", "-o", "{out}/drive", str(DRIVERS / "drive.c"), "-lcurl"])

r("curl", "curl", "none: write the loop")
r("httr::GET", "httr", "`RETRY`, next row")
r("httr::RETRY", "httr-retry", "`terminate_on` for statuses that stay; Retry-After of a 503 is yours")
r("httr::RETRY, quiet = TRUE", "httr-retry-quiet", "no `quiet`: it turns Retry-After off")
lua("LuaSocket", "luasocket", "none: write the loop")

# What ci/setup test brings: these are measured by ctest.
FAST = ["requests", "fetch", "curl --retry", "net/http", "java.net.http.HttpClient", "ext-curl"]


def environment(modules):
    """What drivers and their compilers are given beside the machine's environment."""
    return {**os.environ, "MODULES": str(modules), "CGO_ENABLED": "0", "GO111MODULE": "off", "GOPATH": GOPATH,
            "GOFLAGS": "", "NO_COLOR": "1"}
