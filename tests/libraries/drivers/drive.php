<?php
// One GET a URL by a library of PHP: php drive.php LIBRARY URL...; for each a line, "got STATUS BYTES" or "error NAME".
// Without a URL: the library's version. A function a library; it returns status and body, or throws.

const RETRIED = [408, 425, 429, 500, 502, 503, 504];

function curl(): Closure
{
    $handle = curl_init();
    return function (string $url) use ($handle): array {
        curl_setopt_array($handle, [CURLOPT_URL => $url, CURLOPT_RETURNTRANSFER => true]);
        $body = curl_exec($handle);
        if ($body === false) {
            throw new Exception('curl ' . curl_errno($handle));
        }
        return [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $body];
    };
}

function streams(): Closure
{
    return function (string $url): array {
        $body = @file_get_contents($url, false, stream_context_create(['http' => ['ignore_errors' => true]]));
        if ($body === false) {
            throw new Exception('false');
        }
        return [(int) explode(' ', $http_response_header[0])[1], $body];
    };
}

function guzzle(?callable $retry = null): Closure
{
    require_once 'GuzzleHttp/autoload.php';
    $stack = GuzzleHttp\HandlerStack::create();
    if ($retry) {
        $stack->push(GuzzleHttp\Middleware::retry($retry));
    }
    $client = new GuzzleHttp\Client(['handler' => $stack, 'http_errors' => false]);
    return function (string $url) use ($client): array {
        $reply = $client->get($url);
        return [$reply->getStatusCode(), (string) $reply->getBody()];
    };
}

function guzzle_retry(): Closure
{
    return guzzle(fn ($tries, $request, $reply = null, $lost = null) =>
        $tries < 5 && ($lost !== null || in_array($reply?->getStatusCode(), RETRIED)));
}

function version(string $library): string
{
    if ($library === 'curl') {
        return PHP_VERSION . ', libcurl ' . curl_version()['version'];
    }
    return $library === 'streams' ? PHP_VERSION : (Composer\InstalledVersions::isInstalled('guzzlehttp/guzzle')
        ? Composer\InstalledVersions::getPrettyVersion('guzzlehttp/guzzle') : '');
}

$library = str_replace('-', '_', $argv[1]);
$get = $library();
if ($argc === 2) {
    echo version($library), "\n";
}
foreach (array_slice($argv, 2) as $url) {
    try {
        [$status, $body] = $get($url);
        echo "got $status ", strlen($body), "\n";
    } catch (Exception $lost) {
        $name = explode('\\', get_class($lost));
        echo 'error ', end($name) === 'Exception' ? $lost->getMessage() : end($name), "\n";
    }
}
