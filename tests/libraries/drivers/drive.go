// One GET a URL by net/http: drive URL...; for each a line, "got STATUS BYTES" or "error". Without a URL: its version.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
)

func main() {
	if len(os.Args) == 1 {
		fmt.Println(runtime.Version()[len("go"):])
	}
	for _, url := range os.Args[1:] {
		reply, err := http.Get(url)
		if err != nil {
			fmt.Println("error no answer")
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
