// One GET a URL by hashicorp's go-retryablehttp; for each a line, "got STATUS BYTES" or "error".
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/go-retryablehttp"
)

func main() {
	client := retryablehttp.NewClient()
	client.Logger = nil
	for _, url := range os.Args[1:] {
		reply, err := client.Get(url)
		if err != nil {
			fmt.Println("error gave up")
			continue
		}
		body, err := io.ReadAll(reply.Body)
		reply.Body.Close()
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		fmt.Println("got", reply.StatusCode, len(body))
	}
}
