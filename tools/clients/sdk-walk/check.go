package walk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

var doing string

// fail names the line that expected something, which is the first outside this file.
func fail(format string, parts ...any) {
	_, here, _, _ := runtime.Caller(0)
	file, line := here, 0
	for depth := 1; file == here; depth++ {
		_, file, line, _ = runtime.Caller(depth)
	}
	fmt.Fprintf(os.Stderr, "%s:%d: %s: %s\n", filepath.Base(file), line, doing, fmt.Sprintf(format, parts...))
	os.Exit(1)
}

func equal[T comparable](what string, wanted, got T) {
	if wanted != got {
		fail("%s: wanted %v, got %v", what, wanted, got)
	}
}

func same(what string, wanted, got proto.Message) {
	if !proto.Equal(wanted, got) {
		fail("%s: wanted %v, got %v", what, wanted, got)
	}
}

// ok takes what a call returned, and hands on its value.
func ok[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

// refused returns the words of a refusal, which the SDKs wrap in their own.
func refused(code codes.Code, err error) string {
	var carrier interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &carrier) {
		fail("wanted a refusal with %v, got: %v", code, err)
	}
	if carrier.GRPCStatus().Code() != code {
		fail("wanted a refusal with %v, got: %v", code, err)
	}
	return carrier.GRPCStatus().Message()
}
