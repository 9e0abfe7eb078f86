// net/http and time.Sleep; linked without libc, it makes its system calls itself.
package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func exchange(client *http.Client) (retryAfter, body string, err error) {
	request, err := http.NewRequest("GET", os.Args[1]+"/v1/video/generations/"+os.Args[2], nil)
	if err != nil {
		return "", "", err
	}
	request.Header.Set("Authorization", "Bearer "+os.Args[3])
	reply, err := client.Do(request)
	if err != nil {
		return "", "", err
	}
	defer reply.Body.Close()
	bytes, err := io.ReadAll(reply.Body)
	return reply.Header.Get("Retry-After"), string(bytes), err
}

func wait(retryAfter, mode string) time.Duration {
	at, err := http.ParseTime(retryAfter)
	if mode == "date" && err == nil {
		return time.Until(at)
	}
	seconds, _ := strconv.ParseFloat(os.Args[4], 64)
	pause := time.Duration(seconds * float64(time.Second))
	if mode == "hasty" {
		pause -= 50 * time.Millisecond
	}
	return pause
}

func main() {
	mode := os.Args[5]
	client := &http.Client{Timeout: 60 * time.Second}
	if mode == "timeout" {
		client.Timeout = 2 * time.Second
	}
	for polls := 0; polls < 50; polls++ {
		retryAfter, body, err := exchange(client)
		var late net.Error
		if err != nil && !(errors.As(err, &late) && late.Timeout()) {
			panic(err)
		}
		if strings.Contains(body, `"status": "success"`) {
			return
		}
		time.Sleep(wait(retryAfter, mode))
	}
	os.Exit(1)
}
