// One GET a URL by resty: drive [--polite] URL...; for each a line, "got STATUS BYTES" or "error".
package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/go-resty/resty"
)

func polite(client *resty.Client) {
	client.SetRetryCount(5).SetRetryWaitTime(time.Second).SetRetryMaxWaitTime(time.Hour)
	client.AddRetryCondition(func(reply *resty.Response, err error) bool {
		switch reply.StatusCode() {
		case 408, 425, 429, 500, 502, 503, 504:
			return true
		}
		return err != nil
	})
	client.SetRetryAfter(func(_ *resty.Client, reply *resty.Response) (time.Duration, error) {
		text := reply.Header().Get("Retry-After")
		if date, err := http.ParseTime(text); err == nil {
			return time.Until(date), nil
		}
		seconds, _ := strconv.Atoi(text)
		return time.Duration(seconds) * time.Second, nil
	})
}

func main() {
	client, urls := resty.New(), os.Args[1:]
	if len(urls) > 0 && urls[0] == "--polite" {
		polite(client)
		urls = urls[1:]
	}
	for _, url := range urls {
		reply, err := client.R().Get(url)
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		fmt.Println("got", reply.StatusCode(), len(reply.Body()))
	}
}
