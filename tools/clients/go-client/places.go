package main

import (
	gitlab "gitlab.com/gitlab-org/api/client-go"
)

func newGroup(parent int64) *gitlab.Group {
	name := unique("group")
	wanted := &gitlab.CreateGroupOptions{Name: &name, Path: &name,
		Visibility: gitlab.Ptr(gitlab.PublicVisibility)}
	if parent != 0 {
		wanted.ParentID = &parent
	}
	return ok(admin.Groups.CreateGroup(wanted))
}

func newProject(group *gitlab.Group, path string) *gitlab.Project {
	return ok(admin.Projects.CreateProject(&gitlab.CreateProjectOptions{Path: &path,
		NamespaceID: &group.ID, Visibility: gitlab.Ptr(gitlab.PublicVisibility)}))
}

func groups() {
	// The client writes every dot of a path as %2E.
	dotted := unique("a.b.c")
	top := ok(admin.Groups.CreateGroup(&gitlab.CreateGroupOptions{Name: gitlab.Ptr("Top"), Path: &dotted,
		Description: gitlab.Ptr("Ships"), Visibility: gitlab.Ptr(gitlab.PublicVisibility)}))
	below := newGroup(top.ID)
	equal("path", dotted+"/"+below.Path, below.FullPath)
	equal("parent", top.ID, below.ParentID)
	shown := ok(admin.Groups.GetGroup(below.FullPath, nil))
	equal("by path", below.ID, shown.ID)
	equal("description", "Ships", ok(admin.Groups.GetGroup(dotted, nil)).Description)
	equal("subgroups", below.ID, ok(admin.Groups.ListSubGroups(dotted, nil))[0].ID)
	deep := newGroup(below.ID)
	equal("descendants", 2, len(ok(admin.Groups.ListDescendantGroups(top.ID, nil))))
	project := newProject(deep, "an.app")
	equal("projects", 0, len(ok(admin.Groups.ListGroupProjects(dotted, nil))))
	all := ok(admin.Groups.ListGroupProjects(dotted,
		&gitlab.ListGroupProjectsOptions{IncludeSubGroups: gitlab.Ptr(true)}))
	equal("projects", project.ID, all[0].ID)
	listed := ok(admin.Groups.ListGroups(&gitlab.ListGroupsOptions{Search: &dotted,
		SkipGroups: &[]int64{below.ID, deep.ID}}))
	equal("listed", 1, len(listed))
	equal("listed", top.ID, listed[0].ID)

	edited := ok(admin.Groups.UpdateGroup(dotted, &gitlab.UpdateGroupOptions{Name: gitlab.Ptr("Higher")}))
	equal("name", "Higher", edited.Name)
	equal("full name", "Higher / "+below.Name, ok(admin.Groups.GetGroup(below.ID, nil)).FullName)

	refused(admin.Groups.CreateGroup(&gitlab.CreateGroupOptions{Name: &dotted, Path: &dotted})).
		with(400, `{message: Failed to save group {:path=>["has already been taken"]}}`)
	refused(admin.Groups.UpdateGroup(below.ID, &gitlab.UpdateGroupOptions{Path: gitlab.Ptr("-")})).
		with(400, "{message: {path: [each part of a path must not begin with '-']}}")
	refused(admin.Groups.ListGroups(&gitlab.ListGroupsOptions{OrderBy: gitlab.Ptr("size")})).
		with(400, "{error: order_by does not have a valid value}")
	jane := newPerson("jane")
	refusedTo(jane.api.Groups.DeleteGroup(dotted, nil)).with(403, noRole)
	for _, gid := range []any{0, "no.such/group"} {
		refused(admin.Groups.GetGroup(gid, nil)).notFound()
		refused(admin.Groups.ListSubGroups(gid, nil)).notFound()
		refused(admin.Groups.ListDescendantGroups(gid, nil)).notFound()
		refused(admin.Groups.ListGroupProjects(gid, nil)).notFound()
	}
	done(admin.Groups.DeleteGroup(dotted, nil))
	refused(admin.Projects.GetProject(project.ID, nil)).notFound()
}

func projects() {
	group := newGroup(0)
	project := newProject(group, "my.app.v2")
	path := group.FullPath + "/my.app.v2"
	equal("path", path, project.PathWithNamespace)
	shown := ok(admin.Projects.GetProject(path, nil))
	equal("by path", project.ID, shown.ID)
	equal("group", group.ID, shown.Namespace.ID)
	equal("visibility", gitlab.PublicVisibility, shown.Visibility)

	jane := newPerson("jane")
	mine := &gitlab.ListProjectsOptions{Membership: gitlab.Ptr(true)}
	equal("mine", 0, len(ok(jane.api.Projects.ListProjects(mine))))
	ok(admin.ProjectMembers.AddProjectMember(path, &gitlab.AddProjectMemberOptions{UserID: jane.id,
		AccessLevel: gitlab.Ptr(gitlab.MaintainerPermissions)}))
	equal("mine", project.ID, ok(jane.api.Projects.ListProjects(mine))[0].ID)
	equal("my level", gitlab.MaintainerPermissions,
		ok(jane.api.Projects.GetProject(path, nil)).Permissions.ProjectAccess.AccessLevel)
	newProject(group, "b")
	found := ok(admin.Projects.ListProjects(&gitlab.ListProjectsOptions{Search: gitlab.Ptr(group.Path + "/"),
		OrderBy: gitlab.Ptr("path"), Sort: gitlab.Ptr("asc")}))
	equal("found", 2, len(found))
	equal("found", "b", found[0].Path)

	edited := ok(jane.api.Projects.EditProject(path, &gitlab.EditProjectOptions{Name: gitlab.Ptr("App"),
		Description: gitlab.Ptr("An app")}))
	equal("name", "App", edited.Name)
	equal("description", "An app", edited.Description)

	equal("archived", true, ok(admin.Projects.ArchiveProject(path)).Archived)
	equal("archived", false, ok(admin.Projects.UnarchiveProject(path)).Archived)
	refused(jane.api.Projects.ArchiveProject(path)).with(403, noRole)
	refused(jane.api.Projects.UnarchiveProject(path)).with(403, noRole)
	refusedTo(jane.api.Projects.DeleteProject(path, nil)).with(403, noRole)
	refused(jane.api.Projects.CreateProject(&gitlab.CreateProjectOptions{Name: gitlab.Ptr("x"),
		NamespaceID: &group.ID})).with(400, "{message: {namespace: [is not valid]}}")
	refused(admin.Projects.EditProject(path, &gitlab.EditProjectOptions{Path: gitlab.Ptr("b")})).
		with(400, "{message: {name: [has already been taken]}, {path: [has already been taken]}}")
	refused(admin.Projects.ListProjects(&gitlab.ListProjectsOptions{OrderBy: gitlab.Ptr("size")})).
		with(400, "{error: order_by does not have a valid value}")
	done(admin.Projects.DeleteProject(path, nil))
	refused(admin.Projects.GetProject(path, nil)).notFound()
}
