package main

import (
	"fmt"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

var number int

func unique(word string) string {
	number++
	return fmt.Sprintf("go-%s-%d", word, number)
}

type person struct {
	id   int64
	name string
	api  *gitlab.Client
}

func newPerson(word string) person {
	name := unique(word)
	user := ok(admin.Users.CreateUser(&gitlab.CreateUserOptions{
		Username: &name, Name: gitlab.Ptr("Somebody"), Email: gitlab.Ptr(name + "@fleet.invalid"),
		ForceRandomPassword: gitlab.Ptr(true),
	}))
	token := ok(admin.Users.CreatePersonalAccessToken(user.ID, &gitlab.CreatePersonalAccessTokenOptions{
		Name: gitlab.Ptr("test"), Scopes: &[]string{"api"},
	}))
	return person{user.ID, name, client(token.Token)}
}

func theServer() {
	version := ok(admin.Version.GetVersion())
	equal("revision", "pilothouse", version.Revision)
	metadata := ok(admin.Metadata.GetMetadata())
	equal("version", version.Version, metadata.Version)
	equal("enterprise", false, metadata.Enterprise)
	for _, token := range []string{"", "plhp_nothing"} {
		words := "{error: sign in with a token}, {message: 401 Unauthorized}"
		if token != "" {
			words = "{error: nobody has this token; check that it was copied whole}, {message: 401 Unauthorized}"
		}
		refused(client(token).Version.GetVersion()).with(401, words)
		refused(client(token).Metadata.GetMetadata()).with(401, words)
		refused(client(token).Users.CurrentUser()).with(401, words)
	}
}

func users() {
	jane := newPerson("jane")
	me := ok(jane.api.Users.CurrentUser())
	equal("name", jane.name, me.Username)
	equal("state", "active", me.State)
	equal("administrator", true, ok(admin.Users.CurrentUser()).IsAdmin)

	found := ok(admin.Users.ListUsers(&gitlab.ListUsersOptions{Search: &jane.name}))
	equal("found", 1, len(found))
	equal("found", jane.id, found[0].ID)
	equal("named", 1, len(ok(jane.api.Users.ListUsers(&gitlab.ListUsersOptions{Username: &jane.name}))))
	refused(admin.Users.ListUsers(&gitlab.ListUsersOptions{OrderBy: gitlab.Ptr("size")})).
		with(400, "{error: order_by does not have a valid value}")

	equal("shown", jane.name, ok(jane.api.Users.GetUser(jane.id, gitlab.GetUsersOptions{})).Username)
	refused(admin.Users.GetUser(999999, gitlab.GetUsersOptions{})).notFound()

	edited := ok(admin.Users.ModifyUser(jane.id, &gitlab.ModifyUserOptions{Name: gitlab.Ptr("Jane B.")}))
	equal("name", "Jane B.", edited.Name)
	taken := newPerson("taken")
	refused(admin.Users.ModifyUser(jane.id, &gitlab.ModifyUserOptions{Username: &taken.name})).
		with(409, "{message: Username has already been taken}")
	refused(admin.Users.CreateUser(&gitlab.CreateUserOptions{Username: gitlab.Ptr("x"), Name: gitlab.Ptr("x"),
		Email: gitlab.Ptr("x"), ResetPassword: gitlab.Ptr(true)})).
		with(400, "{message: {email: [is invalid]}}")
	refused(jane.api.Users.CreateUser(&gitlab.CreateUserOptions{})).with(403, noAdmin)

	if err := admin.Users.BlockUser(jane.id); err != nil {
		fail("%v", err)
	}
	refused(jane.api.Users.CurrentUser()).with(403, "{error: the account is blocked}, {message: 403 Forbidden}")
	if err := admin.Users.UnblockUser(jane.id); err != nil {
		fail("%v", err)
	}
	ok(jane.api.Users.CurrentUser())
	for _, call := range []func(int64, ...gitlab.RequestOptionFunc) error{
		admin.Users.BlockUser, admin.Users.UnblockUser} {
		if err := call(999999); err == nil {
			fail("a user who is not there was blocked")
		}
	}

	refusedTo(jane.api.Users.DeleteUser(taken.id)).with(403, noAdmin)
	done(admin.Users.DeleteUser(taken.id))
	refused(admin.Users.GetUser(taken.id, gitlab.GetUsersOptions{})).notFound()
}
