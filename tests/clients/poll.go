// Waits for a task of one of six services to end, politely. Standard library only.
//
//	poll [-goal G] [-interval S] [-timeout S] [-speed N] UPSTREAM BASE_URL TASK_ID
//
// Credentials come from the environment: MOCK_TOKEN, or MOCK_APP_ID and MOCK_SECRET for ZEGO.
// The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
//
// -speed says that the service's seconds pass N times faster than ours, as in a test against a sped-up mock:
// a Go program's clock cannot be sped up from outside, and Retry-After is in the service's seconds.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"regexp"
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

// missing is each service's own word for a task that is not there.
var missing = regexp.MustCompile("HTTP 404|task_not_exist|400000005")

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

// task is what is polled for, and whether a reply has told of it.
type task struct {
	base, id, goal string
	seen           bool
}

// service is one of the eight: how often it wants to be asked, how, and what its replies say.
type service struct {
	interval float64 // seconds
	request  func(task) (*http.Request, error)
	read     func(object, task) (state, string, error)
}

var services = map[string]service{
	"doubao":      gateway("/v1/video/generations/", readRecord),
	"newapi":      gateway("/v1/video/generations/", readRecord),
	"video":       gateway("/v1/video/generations/", readVideo),
	"avatar":      gateway("/avatar/task/", readAvatar),
	"videos":      videos(),
	"ark":         gateway("/api/v3/contents/generations/tasks/", readArk),
	"zego-stream": zego("GetDigitalHumanStreamTaskStatus", streamKey, readStream),
	"zego-drive":  zego("GetDriveStatus", driveKey, readDrives),
}

// gateway is a service that is asked by path and token.
func gateway(path string, read func(object) (state, string, error)) service {
	request := func(t task) (*http.Request, error) {
		request, err := http.NewRequest(http.MethodGet, t.base+path+url.PathEscape(t.id), nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", "Bearer "+os.Getenv("MOCK_TOKEN"))
		return request, nil
	}
	return service{5, request, func(reply object, _ task) (state, string, error) { return read(reply) }}
}

// videos is OpenAI's style: without a URL in the record the video is where its content is.
func videos() service {
	s := gateway("/v1/videos/", readVideos)
	read := s.read
	s.read = func(reply object, t task) (state, string, error) {
		got, text, err := read(reply, t)
		if got == succeeded && text == "" {
			id := t.id
			text = t.base + "/v1/videos/" + url.PathEscape(id) + "/content"
		}
		return got, text, err
	}
	return s
}

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

// number takes numbers and strings of digits.
func number(value any) (int, error) {
	n, err := strconv.Atoi(fmt.Sprint(value))
	if err != nil {
		return 0, trouble{fmt.Sprint(value, " is no status"), -1}
	}
	return n, nil
}

// parse returns nil when the body is no JSON object. Numbers stay as they are written: codes have nine digits.
func parse(body []byte) object {
	var reply object
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&reply) != nil {
		return nil
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil
	}
	return reply
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
	list, _ := reply["error"].([]any)
	if text := reply.text("error"); text != "" { // an object, a text or a list of texts
		return s, text, err
	}
	if len(list) > 0 {
		return s, fmt.Sprint(list[0]), err
	}
	return s, reply.member("error").text("message"), err
}

// readStatus reads what has a status and an error at its root.
func readStatus(reply object, done string) (state, string, error) {
	if reply["status"] == nil {
		if err := checkGateway(reply); err != nil {
			return running, "", err
		}
	}
	s, err := stateOf(reply.text("status"), map[string]state{
		done: succeeded, "succeeded": succeeded, "failed": failed, "expired": failed, "cancelled": failed})
	if text := reply.text("error"); text != "" {
		return s, text, err
	}
	return s, reply.member("error").text("message"), err
}

func readVideos(reply object) (state, string, error) {
	s, text, err := readStatus(reply, "completed")
	if s == succeeded {
		return s, reply.member("metadata").firstURL("url"), nil
	}
	return s, text, err
}

func readArk(reply object) (state, string, error) {
	s, text, err := readStatus(reply, "succeeded")
	if s == succeeded {
		return s, reply.member("content").firstURL("video_url"), nil
	}
	return s, text, err
}

func readAvatar(reply object) (state, string, error) {
	if reply["web_work_status"] == nil {
		return readRecord(reply)
	}
	status, err := number(reply["web_work_status"])
	switch {
	case err != nil:
		return running, "", err
	case status == 200:
		return succeeded, reply.firstURL("work_video_path", "no_wm_work_video_path", "wm_work_video_path"), nil
	case status < 0:
		return failed, fmt.Sprint("web_work_status ", status), nil
	}
	return running, "", nil
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
	service service
	task    task
	speed   float64
}

func (p poller) poll() (s state, text string, wait time.Duration, err error) {
	request, err := p.service.request(p.task)
	if err != nil {
		return running, "", -1, refused(err.Error())
	}
	response, body, err := exchange(p.client, request)
	if err != nil {
		return running, "", -1, err
	}
	wait = retryAfter(response.Header, p.speed)
	code := response.StatusCode
	if code == 408 || code == 425 || code == 429 || code >= 500 {
		return running, "", wait, trouble{response.Status, wait}
	}
	if code < 200 || code > 299 {
		return running, "", wait, refused(fmt.Sprintf("HTTP %s %.200s", response.Status, body))
	}
	reply := parse(body)
	if reply == nil {
		return running, "", wait, trouble{"the reply is no JSON object", wait}
	}
	s, text, err = p.service.read(reply, p.task)
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
	for first := true; ; first = false {
		s, text, asked, err := p.poll()
		var no refused
		if errors.As(err, &no) && !(first && missing.MatchString(string(no))) { // too new: once more
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
			troubles, p.task.seen = 0, true
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
	goal := flag.String("goal", "", "what to wait for: ready, stopped, all")
	interval := flag.Float64("interval", 0, "seconds between polls (0: the service's own)")
	timeout := flag.Float64("timeout", 3600, "seconds for the whole wait")
	speed := flag.Float64("speed", 1, "how much faster the service's clock runs than ours")
	flag.Parse()
	service, known := services[flag.Arg(0)]
	if !known || flag.NArg() != 3 {
		fmt.Fprintln(os.Stderr, "poll [-goal G] [-interval S] [-timeout S] [-speed N] UPSTREAM BASE_URL TASK_ID")
		os.Exit(2)
	}
	if *interval == 0 {
		*interval = service.interval / *speed
	}
	rand.Seed(time.Now().UnixNano())
	t := task{base: strings.TrimSuffix(flag.Arg(1), "/"), id: flag.Arg(2), goal: *goal}
	p := poller{&http.Client{Timeout: attemptMax}, service, t, *speed}
	line, code := waitFor(p, seconds(*interval), seconds(*timeout))
	fmt.Println(line)
	os.Exit(code)
}
