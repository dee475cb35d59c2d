package main

import (
	gitlab "gitlab.com/gitlab-org/api/client-go"
)

const tooMuch = "{message: 403 Forbidden - nobody gives or takes a role above the own one}"

func level(l gitlab.AccessLevelValue) *gitlab.AccessLevelValue { return &l }

func groupMembers() {
	top := newGroup(0)
	group := newGroup(top.ID)
	jane, joe := newPerson("jane"), newPerson("joe")
	of := admin.GroupMembers
	ok(of.AddGroupMember(top.ID, &gitlab.AddGroupMemberOptions{UserID: &joe.id,
		AccessLevel: level(gitlab.ReporterPermissions)}))
	made := ok(of.AddGroupMember(group.FullPath, &gitlab.AddGroupMemberOptions{UserID: &jane.id,
		AccessLevel: level(gitlab.DeveloperPermissions), ExpiresAt: gitlab.Ptr("2100-02-03")}))
	equal("level", gitlab.DeveloperPermissions, made.AccessLevel)
	equal("end", "2100-02-03", made.ExpiresAt.String())
	equal("direct", 2, len(ok(admin.Groups.ListGroupMembers(group.ID, nil))))
	equal("all", 3, len(ok(admin.Groups.ListAllGroupMembers(group.ID, nil))))
	equal("shown", jane.name, ok(of.GetGroupMember(group.ID, jane.id)).Username)
	equal("inherited", gitlab.ReporterPermissions, ok(of.GetInheritedGroupMember(group.ID, joe.id)).AccessLevel)
	refused(of.GetGroupMember(group.ID, joe.id)).notFound()
	refused(of.GetInheritedGroupMember(group.ID, 999999)).notFound()
	edited := ok(of.EditGroupMember(group.ID, jane.id, &gitlab.EditGroupMemberOptions{
		AccessLevel: level(gitlab.MaintainerPermissions), ExpiresAt: gitlab.Ptr("")}))
	equal("level", gitlab.MaintainerPermissions, edited.AccessLevel)
	if edited.ExpiresAt != nil {
		fail("the end was not cleared: %v", edited.ExpiresAt)
	}
	refused(of.AddGroupMember(group.ID, &gitlab.AddGroupMemberOptions{UserID: &jane.id,
		AccessLevel: level(gitlab.GuestPermissions)})).with(409, "{message: Member already exists}")
	refused(of.EditGroupMember(group.ID, jane.id, &gitlab.EditGroupMemberOptions{})).
		with(400, "{error: access_level is missing}")
	refusedTo(jane.api.GroupMembers.RemoveGroupMember(top.ID, joe.id, nil)).with(403, noRole)
	refused(client("").Groups.ListGroupMembers(group.ID, nil)).
		with(401, "{error: sign in with a token}, {message: 401 Unauthorized}")
	refused(client("").Groups.ListAllGroupMembers(group.ID, nil)).
		with(401, "{error: sign in with a token}, {message: 401 Unauthorized}")
	done(of.RemoveGroupMember(group.ID, jane.id, nil))
	refusedTo(of.RemoveGroupMember(group.ID, jane.id, nil)).notFound()
}

func projectMembers() {
	group := newGroup(0)
	project := newProject(group, "app")
	jane, joe := newPerson("jane"), newPerson("joe")
	of := admin.ProjectMembers
	made := ok(of.AddProjectMember(project.ID, &gitlab.AddProjectMemberOptions{UserID: jane.id,
		AccessLevel: level(gitlab.MaintainerPermissions)}))
	equal("level", gitlab.MaintainerPermissions, made.AccessLevel)
	ok(jane.api.ProjectMembers.AddProjectMember(project.ID, &gitlab.AddProjectMemberOptions{
		Username: &joe.name, AccessLevel: level(gitlab.DeveloperPermissions)}))
	equal("direct", 2, len(ok(of.ListProjectMembers(project.ID, nil))))
	equal("all", 3, len(ok(of.ListAllProjectMembers(project.ID, nil))))
	equal("found", joe.id, ok(of.ListAllProjectMembers(project.ID,
		&gitlab.ListProjectMembersOptions{Query: &joe.name}))[0].ID)
	equal("shown", joe.name, ok(of.GetProjectMember(project.ID, joe.id)).Username)
	equal("inherited", gitlab.OwnerPermissions, ok(of.GetInheritedProjectMember(project.ID,
		ok(admin.Users.CurrentUser()).ID)).AccessLevel)
	refused(of.GetProjectMember(project.ID, 999999)).notFound()
	refused(of.GetInheritedProjectMember(project.ID, 999999)).notFound()
	refused(jane.api.ProjectMembers.EditProjectMember(project.ID, joe.id,
		&gitlab.EditProjectMemberOptions{AccessLevel: level(gitlab.OwnerPermissions)})).with(403, tooMuch)
	refused(of.AddProjectMember(project.ID, &gitlab.AddProjectMemberOptions{UserID: 999999,
		AccessLevel: level(gitlab.GuestPermissions)})).notFound()
	edited := ok(jane.api.ProjectMembers.EditProjectMember(project.ID, joe.id,
		&gitlab.EditProjectMemberOptions{AccessLevel: level(gitlab.ReporterPermissions)}))
	equal("level", gitlab.ReporterPermissions, edited.AccessLevel)
	refused(client("").ProjectMembers.ListProjectMembers(project.ID, nil)).
		with(401, "{error: sign in with a token}, {message: 401 Unauthorized}")
	refused(client("").ProjectMembers.ListAllProjectMembers(project.ID, nil)).
		with(401, "{error: sign in with a token}, {message: 401 Unauthorized}")
	refusedTo(joe.api.ProjectMembers.DeleteProjectMember(project.ID, jane.id)).with(403, noRole)
	done(jane.api.ProjectMembers.DeleteProjectMember(project.ID, joe.id))
}
