// Waits for one video task to end, politely:  client BASE_URL TASK_ID [TIMEOUT_S]
//
// The token is in MOCK_TOKEN. The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit
// code 0, 3, 4 or 5.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	interval    = 5 * time.Second // between polls, as the service documents it
	backoffMax  = 12              // intervals
	troublesMax = 8               // exchanges in a row that told nothing of the task
	attemptMax  = 60 * time.Second
	bodyMax     = 4 << 20
)

// trouble is an exchange that told nothing of the task: ask again, later.
type trouble struct{ why string }

func (t trouble) Error() string { return t.why }

// refused is a "no" that would be said again.
type refused struct{ why string }

func (r refused) Error() string { return r.why }

type state int

const (
	running state = iota
	succeeded
	failed
)

// object is any JSON object: services mix strings, numbers and nulls, so nothing is taken for granted.
type object map[string]any

func (o object) text(key string) string {
	text, _ := o[key].(string)
	return text
}

func (o object) member(key string) object {
	member, _ := o[key].(map[string]any)
	return member
}

// retryAfter reads both forms of the header; negative when it is absent or malformed.
func retryAfter(header http.Header) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return -1
	}
	if wait := time.Until(at); wait > 0 {
		return wait
	}
	return 0
}

// read tells the state and the URL or the reason. An error may come with status 200.
func read(body []byte) (state, string, error) {
	var reply object
	if json.Unmarshal(body, &reply) != nil || reply == nil {
		return running, "", trouble{"the reply is no JSON object"}
	}
	if _, hasData := reply["data"]; reply.member("error") != nil && !hasData {
		return running, "", refused{reply.member("error").text("message")}
	}
	if code := reply["code"]; code != nil && !strings.EqualFold(fmt.Sprint(code), "success") {
		return running, "", refused{fmt.Sprintf("%v %s", code, reply.text("message"))}
	}
	record := reply.member("data")
	switch strings.ToLower(record.text("status")) {
	case "":
		return running, "", trouble{"no status in the reply"}
	case "success", "succeeded":
		for _, key := range []string{"result_url", "url", "fail_reason"} {
			if strings.HasPrefix(record.text(key), "http://") || strings.HasPrefix(record.text(key), "https://") {
				return succeeded, record.text(key), nil
			}
		}
		return succeeded, "", nil
	case "failure", "failed":
		if reason := record.text("fail_reason"); reason != "" {
			return failed, reason, nil
		}
		return failed, record.member("error").text("message"), nil
	}
	return running, record.text("status"), nil // a word that nobody has told of yet: still running
}

// poll tells the state and text of the task, and how long the service asks to be left alone.
func poll(client *http.Client, base, task string) (state, string, time.Duration, error) {
	target := strings.TrimSuffix(base, "/") + "/v1/video/generations/" + url.PathEscape(task)
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		return running, "", -1, refused{err.Error()}
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("MOCK_TOKEN"))
	response, err := client.Do(request)
	if err != nil {
		return running, "", -1, trouble{err.Error()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyMax))
	if err != nil {
		return running, "", -1, trouble{err.Error()}
	}
	asked, code := retryAfter(response.Header), response.StatusCode
	if code == 408 || code == 425 || code == 429 || code >= 500 {
		return running, "", asked, trouble{"HTTP " + response.Status}
	}
	if code < 200 || code > 299 {
		return running, "", asked, refused{fmt.Sprintf("HTTP %s %.200s", response.Status, body)}
	}
	s, text, err := read(body)
	return s, text, asked, err
}

func backoff(troubles int) time.Duration {
	factor := 1 << (troubles - 1)
	if factor > backoffMax {
		factor = backoffMax
	}
	return interval + time.Duration(rand.Int63n(int64(interval)*int64(factor-1)+1))
}

// waitFor returns the line to print and the exit code.
func waitFor(base, task string, timeout time.Duration) (string, int) {
	client := &http.Client{Timeout: attemptMax}
	started, troubles := time.Now(), 0
	for first := true; ; first = false {
		s, text, asked, err := poll(client, base, task)
		var no refused
		if errors.As(err, &no) {
			missing := strings.Contains(no.why, "HTTP 404") || strings.Contains(no.why, "task_not_exist")
			if !first || !missing { // it may be too new to be found: once more
				return "error: " + no.why, 4
			}
		}
		wait := interval
		switch {
		case err != nil:
			troubles++
			text = err.Error()
			wait = backoff(troubles)
		case s == succeeded:
			return "url: " + text, 0
		case s == failed:
			return "failed: " + text, 3
		default:
			troubles = 0
		}
		if asked >= 0 {
			wait = interval
			if asked > wait {
				wait = asked
			}
		}
		if troubles > troublesMax || time.Since(started)+wait > timeout {
			return "gave up: " + text, 5
		}
		time.Sleep(wait)
	}
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "client BASE_URL TASK_ID [TIMEOUT_S]")
		os.Exit(2)
	}
	timeout := 3600.0
	if len(os.Args) > 3 {
		timeout, _ = strconv.ParseFloat(os.Args[3], 64)
	}
	rand.Seed(time.Now().UnixNano())
	line, code := waitFor(os.Args[1], os.Args[2], time.Duration(timeout*float64(time.Second)))
	fmt.Println(line)
	os.Exit(code)
}
