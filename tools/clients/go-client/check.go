package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// What the client made of a refusal, whose words it shows so.
const (
	noRole    = "{message: 403 Forbidden - your role does not allow this}"
	noAdmin   = "{message: 403 Forbidden - only administrators may do this}"
	badScopes = "{error: scopes does not have a valid value}"
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

// ok takes what a call returned, and hands on its value.
func ok[T any](value T, _ *gitlab.Response, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func done(_ *gitlab.Response, err error) {
	if err != nil {
		fail("%v", err)
	}
}

type refusal struct {
	response *gitlab.Response
	err      error
}

func refused[T any](_ T, r *gitlab.Response, err error) refusal { return refusal{r, err} }
func refusedTo(r *gitlab.Response, err error) refusal           { return refusal{r, err} }

func (r refusal) with(status int, message string) {
	var answer *gitlab.ErrorResponse
	if !errors.As(r.err, &answer) {
		fail("wanted a refusal with %d, got: %v", status, r.err)
	}
	equal("status", status, answer.Response.StatusCode)
	equal("message", message, answer.Message)
}

// notFound: of a 404 the client keeps nothing else.
func (r refusal) notFound() {
	if !errors.Is(r.err, gitlab.ErrNotFound) {
		fail("wanted a 404, got: %v", r.err)
	}
}
