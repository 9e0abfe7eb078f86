// The two calls of the ZEGO API: how they are signed, and what their replies say.
package main

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

// zegoLater are the codes that time or another signature may change.
var zegoLater = map[string]bool{
	"100000004": true, // the signature has expired
	"400000008": true, // concurrency
	"400000010": true, // internal configuration
	"400010002": true, // busy
	"400010009": true, // rate limited
}

const (
	zegoNotFound       = "400000005"
	zegoAlreadyStopped = "400000007"
)

// zego is a service behind the ZEGO API, where a call is named by its action and the task by its body.
func zego(action string, key func(goal string) string, read func(object, task) (state, string, error)) service {
	request := func(t task) (*http.Request, error) {
		body, err := json.Marshal(map[string]string{key(t.goal): t.id})
		if err != nil {
			return nil, err
		}
		query, err := signed(action, os.Getenv("MOCK_APP_ID"), os.Getenv("MOCK_SECRET"), time.Now())
		if err != nil {
			return nil, err
		}
		request, err := http.NewRequest(http.MethodPost, t.base+"/?"+query.Encode(), bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/json")
		return request, nil
	}
	return service{2, request, read}
}

// signed returns the query of one call, with a nonce of its own: a repeated call is signed again.
func signed(action, appID, secret string, now time.Time) (url.Values, error) {
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	nonce, timestamp := hex.EncodeToString(random), strconv.FormatInt(now.Unix(), 10)
	signature := md5.Sum([]byte(appID + nonce + secret + timestamp))
	return url.Values{
		"Action":           {action},
		"AppId":            {appID},
		"SignatureNonce":   {nonce},
		"Timestamp":        {timestamp},
		"Signature":        {hex.EncodeToString(signature[:])},
		"SignatureVersion": {"2.0"},
	}, nil
}

func streamKey(string) string { return "TaskId" }

// driveKey: all drives are those of a stream task.
func driveKey(goal string) string {
	if goal == "all" {
		return "TaskId"
	}
	return "DriveId"
}

// zegoData returns the reply's Data; nil when the goal is reached because the task is gone.
func zegoData(reply object, t task) (object, error) {
	code := fmt.Sprint(reply["Code"])
	if data := reply.member("Data"); code == "0" && data != nil {
		return data, nil
	}
	why := fmt.Sprintf("code %s: %s", code, reply.text("Message"))
	switch {
	case code == "0", reply["Code"] == nil, zegoLater[code]:
		return nil, trouble{why, -1}
	case t.goal == "stopped" && (code == zegoAlreadyStopped || code == zegoNotFound && t.seen):
		return nil, nil
	}
	return nil, refused(why)
}

func readStream(reply object, t task) (state, string, error) {
	data, err := zegoData(reply, t)
	if err != nil {
		return running, "", err
	}
	if data == nil {
		return succeeded, "", nil
	}
	status, err := number(data["Status"])
	if err != nil {
		return running, "", err
	}
	meaning := map[int]state{2: failed, 5: succeeded}
	if t.goal == "ready" {
		meaning = map[int]state{2: failed, 3: succeeded, 4: failed, 5: failed}
	}
	return meaning[status], data.text("FailReason"), nil // a status that is not there is still running
}

// readDrives: the wait ends when every drive has, and an empty list says nothing.
func readDrives(reply object, t task) (state, string, error) {
	data, err := zegoData(reply, t)
	if err != nil {
		return running, "", err
	}
	drives, isList := data["DriveList"].([]any)
	if !isList {
		return running, "", trouble{"no DriveList in the reply", -1}
	}
	open, lost := 0, 0
	for _, item := range drives {
		drive, _ := item.(map[string]any)
		status, err := number(drive["Status"])
		if err != nil {
			return running, "", err
		}
		switch status {
		case 3:
			lost++
		case 4:
		default:
			open++
		}
	}
	switch {
	case len(drives) == 0 || open > 0:
		return running, "", nil
	case lost > 0:
		return failed, fmt.Sprintf("%d of %d drives failed", lost, len(drives)), nil
	}
	return succeeded, "", nil
}
