"""Protection rules and limits, and that both count; the audit log; pages."""

import json

from house import (ADMIN_TOKEN, ADMINS_ALONE, DEVELOPER, MAINTAINER, NO_ROLE, PUSHED, SIGN_IN, House,
                   OWNER, Person, admin, client, nobody, unique)


class ProtectionRules(House):
    def setUp(self):
        self.place = self.project(visibility="public")
        self.rules = self.place.package_protection_rules

    def create(self, pattern, push="maintainer", **more):
        return self.rules.create({"package_name_pattern": pattern, "package_type": "helm",
                                  "minimum_access_level_for_push": push, **more})

    def test_create_change_remove(self):
        made = self.create("hel*", minimum_access_level_for_delete="owner")
        told = lambda r: (r.project_id, r.package_name_pattern, r.package_type,
                          r.minimum_access_level_for_push, r.minimum_access_level_for_delete)
        self.assertEqual(told(made), (self.place.id, "hel*", "helm", "maintainer", "owner"))
        made.package_name_pattern = "he*"
        made.save()
        self.assertEqual(told(self.rules.list(get_all=True)[0]),
                         (self.place.id, "he*", "helm", "maintainer", "owner"))
        made.minimum_access_level_for_delete = None
        made.save()
        self.assertEqual(told(made)[3:], ("maintainer", None))
        self.refused(422, {"error": ["A rule must have at least a minimum access role for push or "
                                     "delete."]}, self.rules.update, made.id,
                     {"minimum_access_level_for_push": ""})
        made.delete()
        self.assertEqual(self.rules.list(get_all=True), [])
        self.refused(404, "404 Not found", self.rules.delete, made.id)
        self.refused(404, "404 Not found", self.rules.update, made.id,
                     {"minimum_access_level_for_push": "admin"})

    def test_rules_count(self):
        jane, owner = Person("jane"), Person("owner")
        self.join(self.place, jane, DEVELOPER)
        self.join(self.place, owner, OWNER)
        rule = self.create("HEL*")
        said = "Package protected: pushing hello takes the role maintainer here"
        self.assertEqual(self.push(self.place, jane.token),
                         (403, {"message": "403 Forbidden", "error": said}))
        self.assertEqual(self.push(self.place, jane.token, "tide-1.0.0.tgz"), PUSHED)
        self.place.members.update(jane.id, {"access_level": MAINTAINER})
        self.assertEqual(self.push(self.place, jane.token), PUSHED)
        self.create("*", "admin")
        for token in (jane.token, owner.token):
            self.assertEqual(self.push(self.place, token, "hello-0.2.0.tgz")[0], 403)
        writer = self.place.deploytokens.create(
            {"name": "x", "scopes": ["write_package_registry"]})
        self.assertEqual(self.push(self.place, writer.token, "hello-0.2.0.tgz")[0], 403)
        self.assertEqual(self.push(self.place, ADMIN_TOKEN, "hello-0.2.0.tgz"), PUSHED)
        # Who locked himself out can still open the door.
        own = jane.api.projects.get(self.place.id).package_protection_rules
        for each in own.list(get_all=True):
            own.delete(each.id)
        self.assertEqual(self.push(self.place, writer.token, "rigging-1.0.0.tgz"), PUSHED)
        self.assertIsNotNone(rule.id)

    def test_who_may(self):
        made = self.create("x")
        jane = Person("jane")
        rules = jane.api.projects.get(self.place.id).package_protection_rules
        calls = (lambda: rules.list(get_all=True), lambda: rules.delete(made.id),
                 lambda: rules.update(made.id, {"minimum_access_level_for_push": "owner"}),
                 lambda: rules.create({"package_name_pattern": "y", "package_type": "helm",
                                       "minimum_access_level_for_push": "owner"}))
        for call in calls:
            self.refused(403, NO_ROLE, call)
        self.join(self.place, jane, DEVELOPER)
        for call in calls:
            self.refused(403, NO_ROLE, call)

    def test_what_cannot_be_made(self):
        made = self.create("a")
        self.refused(422, {"error": ["Package name pattern has already been taken"]}, self.create, "a")
        self.refused(422, {"error": ["Package name pattern has already been taken"]},
                     self.rules.update, self.create("b").id, {"package_name_pattern": "a"})
        self.refused(400, "package_type does not have a valid value", self.create, "x",
                     package_type="floppy")
        self.refused(400, "minimum_access_level_for_push does not have a valid value", self.create,
                     "x", push="developer")
        self.refused(400, "package_protection_rule_id is invalid", self.rules.update, "x", {})
        self.refused(400, "package_protection_rule_id is invalid", self.rules.delete, "x")
        self.refused(400, "package_name_pattern is missing, package_type is missing",
                     admin.http_post, self.rules.path, post_data={})
        self.assertEqual(made.id, self.rules.list(get_all=True)[0].id)


class PlanLimits(House):
    def tearDown(self):
        admin.http_put("/application/plan_limits",
                       post_data={"plan_name": "default", "helm_max_file_size": 5242880})

    def test_the_limit_counts(self):
        before = admin.http_get("/application/plan_limits", query_data={"plan_name": "default"})
        self.assertEqual(before["helm_max_file_size"], 5242880)
        put = lambda **data: admin.http_put("/application/plan_limits", post_data=data)
        self.assertEqual(put(plan_name="default", helm_max_file_size=100)["helm_max_file_size"], 100)
        project = self.project()
        self.assertEqual(self.push(project, ADMIN_TOKEN)[0], 413)
        self.assertEqual(put(plan_name="default")["helm_max_file_size"], 100)
        self.assertEqual(put(plan_name="default", helm_max_file_size=0)["helm_max_file_size"], 0)
        self.assertEqual(self.push(project, ADMIN_TOKEN), PUSHED)
        huge = 2**53
        self.assertEqual(put(plan_name="default", helm_max_file_size=huge)["helm_max_file_size"], huge)
        self.assertEqual(self.push(project, ADMIN_TOKEN, "hello-0.2.0.tgz"), PUSHED)

        self.refused(400, "plan_name is missing", put, helm_max_file_size=1)
        self.refused(400, "helm_max_file_size is invalid", put, plan_name="default",
                     helm_max_file_size="much")
        self.refused(400, "helm_max_file_size is invalid", put, plan_name="default",
                     helm_max_file_size=2**63)
        self.refused(400, {"helm_max_file_size": ["must be less than or equal to 9007199254740992"]},
                     put, plan_name="default", helm_max_file_size=huge + 1)
        self.refused(400, {"helm_max_file_size": ["must be greater than or equal to 0"]}, put,
                     plan_name="default", helm_max_file_size=-1)
        self.refused(400, "plan_name does not have a valid value", admin.http_get,
                     "/application/plan_limits", query_data={"plan_name": "gold"})

    def test_who_may(self):
        jane = Person("jane")
        self.refused(403, ADMINS_ALONE, jane.api.http_get, "/application/plan_limits")
        self.refused(403, ADMINS_ALONE, jane.api.http_put, "/application/plan_limits",
                     post_data={"plan_name": "default"})
        self.refused(401, SIGN_IN, nobody.http_get, "/application/plan_limits")


class AuditEvents(House):
    def test_who_what_where_from(self):
        group = self.group()
        project = self.project(group)
        owner, jane = Person("owner"), Person("jane")
        self.join(group, owner, OWNER)
        mine = owner.api.projects.get(project.id)
        mine.archive()
        mine.unarchive()
        mine.members.create({"user_id": jane.id, "access_level": DEVELOPER})
        token = mine.access_tokens.create({"name": "robot", "scopes": ["api"], "access_level": 30})
        deploy = mine.deploytokens.create({"name": "pull", "scopes": ["read_package_registry"]})
        events = mine.audit_events.list(get_all=True)
        self.assertEqual([e.event_name for e in events],
                         ["deploy_token_created", "personal_token_created", "member_created",
                          "project_updated", "project_updated"])
        added = events[2]
        self.assertEqual((added.author_id, added.entity_id, added.entity_type),
                         (owner.id, project.id, "Project"))
        told = {key: added.details[key] for key in (
            "author_name", "target_id", "target_type", "target_details", "ip_address",
            "entity_path", "event_name", "custom_message")}
        self.assertEqual(told, {
            "author_name": owner.username, "target_id": jane.id, "target_type": "User",
            "target_details": jane.username, "ip_address": "127.0.0.1",
            "entity_path": project.path_with_namespace, "event_name": "member_created",
            "custom_message": "role: developer"})
        self.assertEqual(mine.audit_events.get(added.id).event_name, "member_created")
        self.assertEqual(admin.audit_events.get(added.id).event_name, "member_created")

        of_group = owner.api.groups.get(group.id).audit_events
        events = of_group.list(get_all=True)
        self.assertEqual([e.event_name for e in events],
                         ["member_created", "project_created"])
        self.assertEqual(of_group.get(events[0].id).entity_type, "Group")
        self.refused(404, "404 Not found", of_group.get, added.id)
        self.refused(404, "404 Not found", self.project().audit_events.get, added.id)
        self.refused(404, "404 Not found", admin.audit_events.get, 999999)

        every = admin.audit_events.list(get_all=True)
        self.assertEqual(every[0].id, max(e.id for e in every))
        text = json.dumps([e.attributes for e in every])
        for secret in (token.token, deploy.token, owner.token, jane.token, ADMIN_TOKEN):
            self.assertNotIn(secret, text)

    def test_filters(self):
        project = self.project()
        project.archive()
        listed = lambda **more: admin.audit_events.list(get_all=True, **more)
        mine = listed(entity_type="Project", entity_id=project.id)
        self.assertEqual([e.event_name for e in mine], ["project_updated"])
        self.assertEqual({e.entity_type for e in listed(entity_type="Project")}, {"Project"})
        self.assertEqual({e.entity_type for e in listed(entity_type="Group")}, {"Group"})
        jane = Person("jane")
        self.assertEqual([e.event_name for e in listed(entity_type="User", entity_id=jane.id)],
                         ["user_created"])
        self.assertEqual({e.entity_type for e in listed(entity_type="User")}, {"User"})
        self.assertEqual({e.entity_type for e in listed(
            entity_type="Gitlab::Audit::InstanceScope")}, {"Gitlab::Audit::InstanceScope"})
        at = mine[0].created_at
        self.assertEqual(project.audit_events.list(created_after="2100-01-01", get_all=True), [])
        self.assertEqual(len(project.audit_events.list(created_before="2100-01-01", get_all=True)), 1)
        self.assertGreaterEqual(len(listed(created_after=at[:10])), 1)
        self.refused(400, "entity_type is missing", admin.audit_events.list, entity_id=1, get_all=True)
        self.refused(400, "created_after is invalid", admin.audit_events.list,
                     created_after="yesterday", get_all=True)

    def test_who_may(self):
        group = self.group()
        project = self.project(group)
        jane = Person("jane")
        self.join(project, jane, DEVELOPER)
        self.join(group, jane, MAINTAINER)
        jane.api.projects.get(project.id).audit_events.list(get_all=True)
        events = jane.api.groups.get(group.id).audit_events
        self.refused(403, NO_ROLE, events.list, get_all=True)
        self.refused(403, NO_ROLE, events.get, 1)
        self.refused(403, ADMINS_ALONE, jane.api.audit_events.list, get_all=True)
        self.refused(403, ADMINS_ALONE, jane.api.audit_events.get, 1)
        joe = Person("joe")
        self.join(project, joe, DEVELOPER)
        events = joe.api.projects.get(project.id).audit_events
        self.refused(403, NO_ROLE, events.list, get_all=True)
        self.refused(403, NO_ROLE, events.get, 1)


class Pages(House):
    def test_iterators_see_all_of_many(self):
        group = self.group(visibility="public")
        made = [self.project(group, visibility="public").id for _ in range(47)]
        listed = group.projects.list(iterator=True, per_page=10, order_by="id", sort="asc")
        self.assertEqual((listed.current_page, listed.prev_page, listed.next_page, listed.per_page,
                          listed.total_pages, listed.total), (1, None, 2, 10, 5, 47))
        self.assertEqual([p.id for p in listed], made)
        self.assertEqual([p.id for p in nobody.groups.get(group.id).projects.list(
            get_all=True, per_page=7, order_by="id", sort="asc")], made)
        last = group.projects.list(page=5, per_page=10, order_by="id", sort="asc")
        self.assertEqual([p.id for p in last], made[40:])
        self.assertEqual(group.projects.list(page=6, per_page=10), [])
        self.assertEqual(len(group.projects.list(per_page=1000, page=1)), 47)
        self.assertEqual(len(group.projects.list(page=1)), 20)
        self.assertEqual(len(group.projects.list(
            pagination="keyset", order_by="id", per_page=20, get_all=True)), 47)

    def test_links(self):
        group = self.group(visibility="public")
        for _ in range(3):
            self.project(group, visibility="public")
        url = f"{admin.url}/api/v4/groups/{group.path}/projects"
        answer = nobody.http_get(f"/groups/{group.path}/projects", raw=True,
                                 query_data={"per_page": 1, "page": 2, "search": "p,;r"},
                                 streamed=False)
        self.assertEqual(answer.headers["Link"].count("search=p%2C%3Br"), 3)
        answer = nobody.http_get(f"/groups/{group.path}/projects", raw=True,
                                 query_data={"per_page": 1, "page": 2})
        link = lambda page, rel: f'<{url}?page={page}&per_page=1>; rel="{rel}"'
        self.assertEqual(answer.headers["Link"], ", ".join(
            (link(1, "prev"), link(3, "next"), link(1, "first"), link(3, "last"))))
        self.assertEqual({name: answer.headers[name] for name in answer.headers
                          if name.startswith("X-") and ("Page" in name or "Total" in name)},
                         {"X-Page": "2", "X-Per-Page": "1", "X-Next-Page": "3", "X-Prev-Page": "1",
                          "X-Total": "3", "X-Total-Pages": "3"})

    def test_pages_that_are_none(self):
        for name, value, words in (("page", 0, "does not have a valid value"),
                                   ("page", -1, "does not have a valid value"),
                                   ("per_page", 0, "does not have a valid value"),
                                   ("page", "one", "is invalid"), ("per_page", "x", "is invalid"),
                                   ("page", 2**64, "is invalid"),
                                   ("page", 2**62, "does not have a valid value")):
            for path in ("/projects", "/groups", "/users", "/audit_events", "/deploy_tokens",
                         "/personal_access_tokens"):
                with self.subTest(path=path, **{name: value}):
                    self.refused(400, f"{name} {words}", admin.http_get, path,
                                 query_data={name: value})
