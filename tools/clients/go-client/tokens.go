package main

import (
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

const ended = "{error: invalid_token}, {error_description: the token was revoked; create a new one}, " +
	"{message: 401 Unauthorized}"
const revoked = "{error: Token already revoked}, {message: 400 Bad request - Token already revoked}"

func on(date string) *gitlab.ISOTime {
	t, err := gitlab.ParseISOTime(date)
	if err != nil {
		panic(err)
	}
	return &t
}

func personalTokens() {
	jane, joe := newPerson("jane"), newPerson("joe")
	made := ok(admin.Users.CreatePersonalAccessToken(jane.id, &gitlab.CreatePersonalAccessTokenOptions{
		Name: gitlab.Ptr("ci"), Scopes: &[]string{"read_api"}, ExpiresAt: on("2100-01-31")}))
	equal("end", "2100-01-31", made.ExpiresAt.String())
	refused(admin.Users.CreatePersonalAccessToken(jane.id, &gitlab.CreatePersonalAccessTokenOptions{
		Name: gitlab.Ptr("x"), Scopes: &[]string{"all"}})).with(400, badScopes)
	of := jane.api.PersonalAccessTokens
	equal("tokens", 2, len(ok(of.ListPersonalAccessTokens(nil))))
	equal("shown", "ci", ok(of.GetSinglePersonalAccessTokenByID(made.ID)).Name)
	equal("itself", made.ID, ok(client(made.Token).PersonalAccessTokens.GetSinglePersonalAccessToken()).ID)
	his := ok(joe.api.PersonalAccessTokens.GetSinglePersonalAccessToken()).ID
	refused(of.ListPersonalAccessTokens(&gitlab.ListPersonalAccessTokensOptions{UserID: &joe.id})).
		with(401, "{error: this is not your token}, {message: 401 Unauthorized}")
	refused(of.GetSinglePersonalAccessTokenByID(his)).
		with(401, "{error: this is not your token}, {message: 401 Unauthorized}")

	new := ok(of.RotatePersonalAccessTokenByID(made.ID, &gitlab.RotatePersonalAccessTokenOptions{
		ExpiresAt: on("2100-05-06")}))
	equal("end", "2100-05-06", new.ExpiresAt.String())
	refused(client(made.Token).Users.CurrentUser()).with(401, ended)
	refused(of.RotatePersonalAccessTokenByID(made.ID, nil)).with(400, revoked)
	refused(client(new.Token).PersonalAccessTokens.RotatePersonalAccessTokenSelf(nil)).
		with(403, "{error: insufficient_scope}, {error_description: the token needs the scope api}, "+
			"{message: 403 Forbidden}, {scope: api read_api}")
	done(of.RevokePersonalAccessTokenByID(new.ID))
	refusedTo(admin.PersonalAccessTokens.RevokePersonalAccessTokenByID(999999)).notFound()
	refused(client(new.Token).PersonalAccessTokens.GetSinglePersonalAccessToken()).with(401, ended)

	again := ok(of.RotatePersonalAccessTokenSelf(nil))
	refused(of.RotatePersonalAccessTokenSelf(nil)).with(401, ended)
	done(client(again.Token).PersonalAccessTokens.RevokePersonalAccessTokenSelf())
	refusedTo(client(again.Token).PersonalAccessTokens.RevokePersonalAccessTokenSelf()).with(401, ended)
}

func projectAccessTokens() {
	project := newProject(newGroup(0), "app")
	of := admin.ProjectAccessTokens
	made := ok(of.CreateProjectAccessToken(project.ID, &gitlab.CreateProjectAccessTokenOptions{
		Name: gitlab.Ptr("robot"), Scopes: &[]string{"api"}, ExpiresAt: on("2100-01-31"),
		AccessLevel: level(gitlab.DeveloperPermissions)}))
	equal("level", gitlab.DeveloperPermissions, made.AccessLevel)
	equal("bot", made.UserID, ok(client(made.Token).Users.CurrentUser()).ID)
	equal("shown", "robot", ok(of.GetProjectAccessToken(project.ID, made.ID)).Name)
	equal("listed", made.ID, ok(of.ListProjectAccessTokens(project.ID, nil))[0].ID)
	refused(of.CreateProjectAccessToken(project.ID, &gitlab.CreateProjectAccessTokenOptions{
		Name: gitlab.Ptr("robot"), Scopes: &[]string{"all"}})).with(400, badScopes)
	new := ok(of.RotateProjectAccessToken(project.ID, made.ID, nil))
	refused(of.RotateProjectAccessToken(project.ID, made.ID, nil)).with(400, revoked)
	again := ok(client(new.Token).ProjectAccessTokens.RotateProjectAccessTokenSelf(project.ID, nil))
	equal("of the same bot", made.UserID, again.UserID)
	refused(client(new.Token).ProjectAccessTokens.RotateProjectAccessTokenSelf(project.ID, nil)).
		with(401, ended)
	refused(of.RotateProjectAccessTokenSelf(project.ID, nil)).notFound()
	new = ok(of.GetProjectAccessToken(project.ID, again.ID))
	jane := newPerson("jane")
	refused(jane.api.ProjectAccessTokens.ListProjectAccessTokens(project.ID, nil)).with(403, noRole)
	done(of.RevokeProjectAccessToken(project.ID, new.ID))
	refused(of.GetProjectAccessToken(project.ID, new.ID)).notFound()
	refusedTo(of.RevokeProjectAccessToken(project.ID, new.ID)).notFound()
}

func groupAccessTokens() {
	group := newGroup(0)
	of := admin.GroupAccessTokens
	made := ok(of.CreateGroupAccessToken(group.ID, &gitlab.CreateGroupAccessTokenOptions{
		Name: gitlab.Ptr("robot"), Scopes: &[]string{"api"}, AccessLevel: level(gitlab.OwnerPermissions)}))
	equal("level", gitlab.OwnerPermissions, made.AccessLevel)
	robot := client(made.Token)
	equal("its level", "a.b", ok(robot.Projects.CreateProject(&gitlab.CreateProjectOptions{
		Path: gitlab.Ptr("a.b"), NamespaceID: &group.ID})).Path)
	equal("shown", "robot", ok(of.GetGroupAccessToken(group.ID, made.ID)).Name)
	equal("listed", made.ID, ok(of.ListGroupAccessTokens(group.ID, nil))[0].ID)
	refused(robot.GroupAccessTokens.CreateGroupAccessToken(group.ID, &gitlab.CreateGroupAccessTokenOptions{
		Name: gitlab.Ptr("x"), Scopes: &[]string{"api"}, AccessLevel: level(gitlab.GuestPermissions)})).
		with(400, "{error: User does not have permission to create an access token: it is one}, "+
			"{message: 400 Bad request - User does not have permission to create an access token: it is one}")
	new := ok(of.RotateGroupAccessToken(group.ID, made.ID, nil))
	refused(of.RotateGroupAccessToken(group.ID, made.ID, nil)).with(400, revoked)
	again := ok(client(new.Token).GroupAccessTokens.RotateGroupAccessTokenSelf(group.ID, nil))
	equal("of the same bot", made.UserID, again.UserID)
	refused(client(new.Token).GroupAccessTokens.RotateGroupAccessTokenSelf(group.ID, nil)).
		with(401, ended)
	refused(of.RotateGroupAccessTokenSelf(group.ID, nil)).notFound()
	new = ok(of.GetGroupAccessToken(group.ID, again.ID))
	jane := newPerson("jane")
	refused(jane.api.GroupAccessTokens.ListGroupAccessTokens(group.ID, nil)).with(403, noRole)
	done(of.RevokeGroupAccessToken(group.ID, new.ID))
	refused(of.GetGroupAccessToken(group.ID, new.ID)).notFound()
	refusedTo(of.RevokeGroupAccessToken(group.ID, new.ID)).notFound()
}

func deployTokens() {
	group := newGroup(0)
	project := newProject(group, "app")
	of := admin.DeployTokens
	end := time.Date(2100, 1, 31, 12, 0, 0, 0, time.UTC)
	scopes := &[]string{"read_package_registry"}
	made := ok(of.CreateProjectDeployToken(project.ID, &gitlab.CreateProjectDeployTokenOptions{
		Name: gitlab.Ptr("pull"), Scopes: scopes, ExpiresAt: &end}))
	equal("end", end, *made.ExpiresAt)
	ofGroup := ok(of.CreateGroupDeployToken(group.ID, &gitlab.CreateGroupDeployTokenOptions{
		Name: gitlab.Ptr("pull"), Scopes: scopes}))
	if ofGroup.ExpiresAt != nil {
		fail("an end that nobody asked for: %v", ofGroup.ExpiresAt)
	}
	equal("every", true, len(ok(of.ListAllDeployTokens())) >= 2)
	equal("listed", made.ID, ok(of.ListProjectDeployTokens(project.ID, nil))[0].ID)
	equal("listed", ofGroup.ID, ok(of.ListGroupDeployTokens(group.ID, nil))[0].ID)
	equal("shown", "pull", ok(of.GetProjectDeployToken(project.ID, made.ID)).Name)
	equal("shown", "pull", ok(of.GetGroupDeployToken(group.ID, ofGroup.ID)).Name)
	refused(of.CreateProjectDeployToken(project.ID, &gitlab.CreateProjectDeployTokenOptions{
		Name: gitlab.Ptr("x"), Scopes: &[]string{"api"}})).with(400, badScopes)
	refused(of.CreateGroupDeployToken(group.ID, &gitlab.CreateGroupDeployTokenOptions{
		Name: gitlab.Ptr("x"), Scopes: &[]string{"api"}})).with(400, badScopes)
	jane := newPerson("jane")
	refused(jane.api.DeployTokens.ListAllDeployTokens()).with(403, noAdmin)
	refused(jane.api.DeployTokens.ListProjectDeployTokens(project.ID, nil)).with(403, noRole)
	refused(jane.api.DeployTokens.ListGroupDeployTokens(group.ID, nil)).with(403, noRole)
	done(of.DeleteProjectDeployToken(project.ID, made.ID))
	done(of.DeleteGroupDeployToken(group.ID, ofGroup.ID))
	refused(of.GetProjectDeployToken(project.ID, made.ID)).notFound()
	refused(of.GetGroupDeployToken(group.ID, ofGroup.ID)).notFound()
	refusedTo(of.DeleteProjectDeployToken(project.ID, made.ID)).notFound()
	refusedTo(of.DeleteGroupDeployToken(group.ID, ofGroup.ID)).notFound()
}
