// Command go-client administers a Pilothouse with GitLab's own Go client, and fails at the first
// answer that is not the expected one. The server and an administrator's token come in by URL and
// ADMIN_TOKEN, packed charts by CHARTS. tests/e2e/cases/go-client.sh runs it.
package main

import (
	"fmt"
	"os"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

var admin *gitlab.Client

func main() {
	admin = client(os.Getenv("ADMIN_TOKEN"))
	for _, part := range []struct {
		name string
		run  func()
	}{
		{"the server", theServer}, {"users", users}, {"groups", groups}, {"projects", projects},
		{"members of groups", groupMembers}, {"members of projects", projectMembers},
		{"personal tokens", personalTokens}, {"access tokens of projects", projectAccessTokens},
		{"access tokens of groups", groupAccessTokens}, {"deploy tokens", deployTokens},
		{"protection rules", protectionRules}, {"packages", packages}, {"limits", planLimits},
		{"audit events", auditEvents}, {"pages", pages},
	} {
		doing = part.name
		part.run()
		fmt.Println(part.name)
	}
}

func client(token string) *gitlab.Client {
	c, err := gitlab.NewClient(token, gitlab.WithBaseURL(os.Getenv("URL")))
	if err != nil {
		panic(err)
	}
	return c
}
