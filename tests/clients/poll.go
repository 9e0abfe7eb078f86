// Waits for a task of a video service to end, politely. Standard library only.
//
//	poll [-interval S] [-timeout S] [-speed N] UPSTREAM BASE_URL TASK_ID
//
// UPSTREAM is doubao, newapi, video or avatar; the token comes from MOCK_TOKEN. The last line is "url: ...",
// "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
//
// -speed says that the service's seconds pass N times faster than ours, as in a test against a sped-up mock:
// a Go program's clock cannot be sped up from outside, and Retry-After is in the service's seconds.
package main

import (
	"encoding/json"
	"errors"
	"flag"
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
	troublesMax = 8                // exchanges in a row that told nothing of the task
	backoffMax  = 12               // intervals
	attemptMax  = 60 * time.Second // for one exchange
	bodyMax     = 4 << 20
)

// trouble is an exchange that told nothing of the task: ask again, later.
type trouble struct {
	why        string
	retryAfter time.Duration // negative: not said
}

func (t trouble) Error() string { return t.why }

// refused is a "no" that would be said again.
type refused string

func (r refused) Error() string { return string(r) }

type state int

const (
	running state = iota
	succeeded
	failed
)

// -- What a reply says -----------------------------------------------------------------------------------

// object is any JSON object: the services mix strings, numbers and nulls, so nothing is taken for granted.
type object map[string]any

func (o object) text(key string) string {
	text, _ := o[key].(string)
	return text
}

func (o object) member(key string) object {
	member, _ := o[key].(map[string]any)
	return member
}

func (o object) firstURL(keys ...string) string {
	for _, key := range keys {
		text := o.text(key)
		if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
			return text
		}
	}
	return ""
}

// checkGateway finds errors that come with status 200.
func checkGateway(reply object) error {
	if _, hasData := reply["data"]; reply.member("error") != nil && !hasData {
		return refused(reply.member("error").text("message"))
	}
	if code := reply["code"]; code != nil && !strings.EqualFold(fmt.Sprint(code), "success") {
		return refused(fmt.Sprintf("%v %s", code, reply.text("message")))
	}
	return nil
}

func stateOf(status string, words map[string]state) (state, error) {
	if status == "" {
		return running, trouble{"no status in the reply", -1}
	}
	return words[strings.ToLower(status)], nil // a word that is not there is still running
}

// readRecord reads the gateway's record: doubao, newapi in both its dialects, resellers of avatar.
func readRecord(reply object) (state, string, error) {
	if err := checkGateway(reply); err != nil {
		return running, "", err
	}
	record := reply.member("data")
	s, err := stateOf(record.text("status"), map[string]state{
		"success": succeeded, "succeeded": succeeded, "failure": failed, "failed": failed})
	if s == succeeded {
		if found := record.firstURL("result_url", "url", "fail_reason"); found != "" {
			return s, found, nil
		}
		return s, record.member("data").firstURL("work_video_path"), nil
	}
	if reason := record.text("fail_reason"); reason != "" {
		return s, reason, err
	}
	return s, record.member("error").text("message"), err
}

func readVideo(reply object) (state, string, error) {
	if reply["status"] == nil {
		if err := checkGateway(reply); err != nil {
			return running, "", err
		}
	}
	s, err := stateOf(reply.text("status"), map[string]state{
		"completed": succeeded, "succeeded": succeeded, "failed": failed})
	if s == succeeded {
		return s, reply.firstURL("url"), nil
	}
	return s, reply.member("error").text("message"), err
}

func readAvatar(reply object) (state, string, error) {
	if reply["web_work_status"] == nil {
		return readRecord(reply)
	}
	status, err := strconv.Atoi(fmt.Sprint(reply["web_work_status"]))
	switch {
	case err != nil:
		return running, "", trouble{"web_work_status is no number", -1}
	case status == 200:
		return succeeded, reply.firstURL("work_video_path", "no_wm_work_video_path", "wm_work_video_path"), nil
	case status < 0:
		return failed, fmt.Sprint("web_work_status ", status), nil
	}
	return running, "", nil
}

var services = map[string]struct {
	path string
	read func(object) (state, string, error)
}{
	"doubao": {"/v1/video/generations/", readRecord},
	"newapi": {"/v1/video/generations/", readRecord},
	"video":  {"/v1/video/generations/", readVideo},
	"avatar": {"/avatar/task/", readAvatar},
}

// -- One exchange ----------------------------------------------------------------------------------------

// retryAfter reads both forms of the header; negative when it is absent or malformed. A date is counted from
// the reply's own Date, where there is one: the two clocks need not agree.
func retryAfter(header http.Header, speed float64) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(float64(seconds) / speed * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return -1
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	if wait := at.Sub(now); wait > 0 {
		return time.Duration(float64(wait) / speed)
	}
	return 0
}

func exchange(client *http.Client, request *http.Request) (*http.Response, []byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, trouble{err.Error(), -1}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyMax))
	if err != nil {
		return nil, nil, trouble{err.Error(), -1}
	}
	return response, body, nil
}

type poller struct {
	client  *http.Client
	address string
	read    func(object) (state, string, error)
	speed   float64
}

func (p poller) poll() (s state, text string, wait time.Duration, err error) {
	request, err := http.NewRequest(http.MethodGet, p.address, nil)
	if err != nil {
		return running, "", -1, refused(err.Error())
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("MOCK_TOKEN"))
	response, body, err := exchange(p.client, request)
	if err != nil {
		return running, "", -1, err
	}
	wait = retryAfter(response.Header, p.speed)
	code := response.StatusCode
	if code == 408 || code == 429 || code >= 500 {
		return running, "", wait, trouble{response.Status, wait}
	}
	if code < 200 || code > 299 {
		return running, "", wait, refused(response.Status)
	}
	var reply object
	if json.Unmarshal(body, &reply) != nil || reply == nil {
		return running, "", wait, trouble{"the reply is no JSON object", wait}
	}
	s, text, err = p.read(reply)
	return s, text, wait, err
}

// -- The loop --------------------------------------------------------------------------------------------

func backoff(interval time.Duration, troubles int) time.Duration {
	factor := 1 << (troubles - 1)
	if factor > backoffMax {
		factor = backoffMax
	}
	return interval + time.Duration(rand.Int63n(int64(interval)*int64(factor-1)+1))
}

// waitFor returns the line to print and the exit code.
func waitFor(p poller, interval, timeout time.Duration) (string, int) {
	started, troubles := time.Now(), 0
	for {
		s, text, asked, err := p.poll()
		var no refused
		if errors.As(err, &no) {
			return "error: " + no.Error(), 4
		}
		wait := interval
		switch {
		case err != nil:
			troubles++
			text = err.Error()
			wait = backoff(interval, troubles)
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

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func main() {
	interval := flag.Float64("interval", 5, "seconds between polls")
	timeout := flag.Float64("timeout", 3600, "seconds for the whole wait")
	speed := flag.Float64("speed", 1, "how much faster the service's clock runs than ours")
	flag.Parse()
	service, known := services[flag.Arg(0)]
	if !known || flag.NArg() != 3 {
		fmt.Fprintln(os.Stderr, "poll [-interval S] [-timeout S] [-speed N] doubao|newapi|video|avatar BASE_URL TASK_ID")
		os.Exit(2)
	}
	rand.Seed(time.Now().UnixNano())
	address := strings.TrimSuffix(flag.Arg(1), "/") + service.path + url.PathEscape(flag.Arg(2))
	p := poller{&http.Client{Timeout: attemptMax}, address, service.read, *speed}
	line, code := waitFor(p, seconds(*interval), seconds(*timeout))
	fmt.Println(line)
	os.Exit(code)
}
