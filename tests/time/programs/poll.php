<?php
// ext-curl and usleep.
[, $base, $task, $token, $interval, $mode] = $argv;
$retry_after = null;
$curl = curl_init("$base/v1/video/generations/$task");
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_PROXY => '',
    CURLOPT_TIMEOUT_MS => $mode === 'timeout' ? 2000 : 60000,
    CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$retry_after) {
        if (stripos($line, 'Retry-After:') === 0) {
            $retry_after = trim(substr($line, 12));
        }
        return strlen($line);
    },
]);
for ($polls = 0; $polls < 50; $polls++) {
    $retry_after = null;
    $body = curl_exec($curl);
    if ($body === false && curl_errno($curl) !== CURLE_OPERATION_TIMEDOUT) {
        exit(curl_error($curl));
    }
    if (str_contains((string)$body, '"status": "success"')) {
        exit(0);
    }
    $seconds = $interval - ($mode === 'hasty' ? 0.05 : 0);
    if ($mode === 'date' && $retry_after !== null) {
        $seconds = max(0, strtotime($retry_after) - microtime(true));
    }
    usleep((int)ceil($seconds * 1e6));
}
exit(1);
