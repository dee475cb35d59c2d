package main

import (
	"fmt"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// The client writes null for what is not given.
func protectionRules() {
	project := newProject(newGroup(0), "app")
	of := admin.ProtectedPackages
	made := ok(of.CreatePackageProtectionRules(project.ID, &gitlab.CreatePackageProtectionRulesOptions{
		PackageNamePattern: gitlab.Ptr("hel*"), PackageType: gitlab.Ptr("helm"),
		MinimumAccessLevelForPush: gitlab.Ptr(int64(40)), MinimumAccessLevelForDelete: gitlab.Ptr(int64(60))}))
	equal("push", "maintainer", made.MinimumAccessLevelForPush)
	equal("delete", "admin", made.MinimumAccessLevelForDelete)
	equal("listed", made.ID, ok(of.ListPackageProtectionRules(project.ID, nil))[0].ID)
	edited := ok(of.UpdatePackageProtectionRules(project.ID, made.ID,
		&gitlab.UpdatePackageProtectionRulesOptions{MinimumAccessLevelForPush: gitlab.Ptr(int64(50))}))
	equal("pattern", "hel*", edited.PackageNamePattern)
	equal("push", "owner", edited.MinimumAccessLevelForPush)
	equal("delete", "", edited.MinimumAccessLevelForDelete)
	nothing := "{message: {error: [A rule must have at least a minimum access role for push or delete.]}}"
	refused(of.UpdatePackageProtectionRules(project.ID, made.ID,
		&gitlab.UpdatePackageProtectionRulesOptions{})).with(422, nothing)
	refused(of.CreatePackageProtectionRules(project.ID, &gitlab.CreatePackageProtectionRulesOptions{
		PackageNamePattern: gitlab.Ptr("x"), PackageType: gitlab.Ptr("helm")})).with(422, nothing)
	jane := newPerson("jane")
	refused(jane.api.ProtectedPackages.ListPackageProtectionRules(project.ID, nil)).with(403, noRole)
	done(of.DeletePackageProtectionRules(project.ID, made.ID))
	refusedTo(of.DeletePackageProtectionRules(project.ID, made.ID)).notFound()
}

func planLimits() {
	of := admin.PlanLimits
	before := ok(of.GetCurrentPlanLimits(nil)).HelmMaxFileSize
	changed := ok(of.ChangePlanLimits(&gitlab.ChangePlanLimitOptions{PlanName: gitlab.Ptr("default"),
		HelmMaxFileSize: gitlab.Ptr(int64(12345))}))
	equal("limit", 12345, changed.HelmMaxFileSize)
	ok(of.ChangePlanLimits(&gitlab.ChangePlanLimitOptions{PlanName: gitlab.Ptr("default"),
		HelmMaxFileSize: &before}))
	equal("limit", before, ok(of.GetCurrentPlanLimits(nil)).HelmMaxFileSize)
	refused(of.ChangePlanLimits(&gitlab.ChangePlanLimitOptions{})).with(400, "{error: plan_name is missing}")
	refused(newPerson("jane").api.PlanLimits.GetCurrentPlanLimits(nil)).with(403, noAdmin)
}

func auditEvents() {
	group := newGroup(0)
	project := newProject(group, "app")
	ok(admin.Projects.ArchiveProject(project.ID))
	ok(admin.Groups.UpdateGroup(group.ID, &gitlab.UpdateGroupOptions{Name: gitlab.Ptr("Renamed")}))
	of := admin.AuditEvents
	event := ok(of.ListProjectAuditEvents(project.ID, nil))[0]
	equal("what", "project_updated", event.EventName)
	equal("who", "root", event.Details.AuthorName)
	equal("what", "archived", event.Details.CustomMessage)
	equal("where", project.PathWithNamespace, event.Details.EntityPath)
	equal("from", "127.0.0.1", event.Details.IPAddress)
	ofGroup := ok(of.ListGroupAuditEvents(group.ID, nil))[0]
	equal("what", "group_updated", ofGroup.EventName)
	equal("of the project", event.ID, ok(of.GetProjectAuditEvent(project.ID, event.ID)).ID)
	equal("of the group", ofGroup.ID, ok(of.GetGroupAuditEvent(group.ID, ofGroup.ID)).ID)
	equal("of all", event.ID, ok(of.GetInstanceAuditEvent(event.ID)).ID)
	equal("the last", ofGroup.ID, ok(of.ListInstanceAuditEvents(nil))[0].ID)
	refused(of.GetProjectAuditEvent(project.ID, ofGroup.ID)).notFound()
	refused(of.GetGroupAuditEvent(group.ID, event.ID)).notFound()
	refused(of.GetInstanceAuditEvent(999999)).notFound()
	theirs := newPerson("jane").api.AuditEvents
	refused(theirs.ListProjectAuditEvents(project.ID, nil)).with(403, noRole)
	refused(theirs.ListGroupAuditEvents(group.ID, nil)).with(403, noRole)
	refused(theirs.ListInstanceAuditEvents(nil)).with(403, noAdmin)
}

func pages() {
	group := newGroup(0)
	for i := range 46 {
		newProject(group, fmt.Sprintf("p.%d", i))
	}
	options := &gitlab.ListGroupProjectsOptions{ListOptions: gitlab.ListOptions{PerPage: 7},
		Search: gitlab.Ptr("p"), OrderBy: gitlab.Ptr("id"), Sort: gitlab.Ptr("asc")}
	list := func(p gitlab.PaginationOptionFunc) ([]*gitlab.Project, *gitlab.Response, error) {
		return admin.Groups.ListGroupProjects(group.FullPath, options, p)
	}
	all, err := gitlab.ScanAndCollect(list)
	if err != nil {
		fail("%v", err)
	}
	equal("all", 46, len(all))
	equal("the last", "p.45", all[45].Path)
	page, answer, err := admin.Groups.ListGroupProjects(group.FullPath, &gitlab.ListGroupProjectsOptions{
		ListOptions: gitlab.ListOptions{Page: 2, PerPage: 20}})
	ok(page, answer, err)
	equal("total", 46, answer.TotalItems)
	equal("pages", 3, answer.TotalPages)
	equal("next", 3, answer.NextPage)
	equal("previous", 1, answer.PreviousPage)
}
