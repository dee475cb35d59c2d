"""Members of groups and projects: direct, inherited, for a time."""

import gitlab
from house import (DEVELOPER, GUEST, MAINTAINER, NO_ROLE, SIGN_IN, House, OWNER, REPORTER, Person,
                   admin, nobody, soon)

ABOVE = "403 Forbidden - nobody gives or takes a role above the own one"
GONE = "404 Not found"
LAST_OWNER = "403 Forbidden - the last owner of a group stays"


class Members(House):
    def places(self):
        group = self.group(visibility="public")
        return group, self.project(group, visibility="public")

    def test_add_show_edit_remove(self):
        for place in self.places():
            with self.subTest(place=place.web_url):
                jane = Person("jane")
                made = place.members.create({"user_id": jane.id, "access_level": DEVELOPER,
                                             "expires_at": "2100-02-03"})
                wanted = (jane.id, jane.username, "Jane", "active", DEVELOPER, "2100-02-03")
                told = lambda m: (m.id, m.username, m.name, m.state, m.access_level, m.expires_at)
                self.assertEqual(told(made), wanted)
                self.assertEqual(told(place.members.get(jane.id)), wanted)
                self.assertEqual(told(place.members_all.get(jane.id)), wanted)
                self.assertIn(wanted, [told(m) for m in place.members.list(get_all=True)])
                self.assertIn(wanted, [told(m) for m in place.members_all.list(get_all=True)])

                made.access_level = REPORTER
                made.save()  # sends the end back, too
                self.assertEqual(told(place.members.get(jane.id)), (*wanted[:4], REPORTER,
                                                                    "2100-02-03"))
                place.members.update(jane.id, {"access_level": MAINTAINER})
                self.assertEqual(place.members.get(jane.id).expires_at, "2100-02-03")
                place.members.update(jane.id, {"access_level": MAINTAINER, "expires_at": ""})
                self.assertEqual(place.members.get(jane.id).expires_at, None)

                made.delete()
                for call in (place.members.get, place.members_all.get, place.members.delete):
                    self.refused(404, GONE, call, jane.id)
                self.refused(404, GONE, place.members.update, jane.id, {"access_level": 30})

    def test_by_user_name(self):
        jane = Person("jane")
        group = self.group()
        member = group.members.create({"username": jane.username.upper(), "access_level": GUEST})
        self.assertEqual((member.id, member.access_level), (jane.id, GUEST))

    def test_inheritance(self):
        top = self.group(visibility="public")
        below = self.group(parent_id=top.id, visibility="public")
        project = self.project(below, visibility="public")
        jane, joe = Person("jane"), Person("joe")
        self.join(top, jane, DEVELOPER)
        self.join(below, joe, REPORTER)
        self.join(project, jane, MAINTAINER)
        levels = lambda members: {m.username: m.access_level for m in members}
        self.assertEqual(levels(project.members.list(get_all=True)), {jane.username: MAINTAINER})
        self.assertEqual(levels(project.members_all.list(get_all=True)),
                         {jane.username: MAINTAINER, joe.username: REPORTER, "root": OWNER})
        self.assertEqual(levels(below.members_all.list(get_all=True)),
                         {jane.username: DEVELOPER, joe.username: REPORTER, "root": OWNER})
        self.assertEqual(project.members_all.get(joe.id).access_level, REPORTER)
        self.refused(404, GONE, project.members.get, joe.id)
        self.refused(404, GONE, project.members.delete, joe.id)
        self.refused(404, GONE, project.members.update, joe.id, {"access_level": 30})
        self.refused(400, {"access_level": [
            "should be greater than or equal to Reporter inherited membership from group "
            f"{below.name}"]}, project.members.create, {"user_id": joe.id, "access_level": GUEST})
        self.assertEqual(self.join(project, joe, REPORTER).access_level, REPORTER)
        found = project.members_all.list(query=joe.username.upper(), get_all=True)
        self.assertEqual([m.id for m in found], [joe.id])
        found = project.members.list(user_ids=[jane.id, joe.id], get_all=True)
        self.assertEqual([m.id for m in found], [jane.id, joe.id])
        found = project.members.list(user_ids=[joe.id], get_all=True)
        self.assertEqual([m.id for m in found], [joe.id])

    def test_several_in_one_request(self):
        for place in self.places():
            with self.subTest(place=place.web_url):
                jane, joe, jim = Person("jane"), Person("joe"), Person("jim")
                post = lambda **data: admin.http_post(place.members.path, post_data=data)
                self.assertEqual(post(user_id=f"{jane.id},{joe.id}", access_level=DEVELOPER),
                                 {"status": "success"})
                self.assertEqual([place.members.get(p.id).access_level for p in (jane, joe)],
                                 [DEVELOPER, DEVELOPER])
                self.assertEqual(post(username=f"{jim.username},{joe.username},nobody-here",
                                      access_level=REPORTER),
                                 {"status": "error",
                                  "message": {joe.username: "Member already exists",
                                              "nobody-here": "User not found"}})
                self.assertEqual(place.members.get(jim.id).access_level, REPORTER)
                self.assertEqual(place.members.get(joe.id).access_level, DEVELOPER)
                self.refused(400, "user_id is invalid", post, user_id="1,x", access_level=30)
                many = ",".join(str(n) for n in range(1, 102))
                self.refused(400, "Too many users specified (limit is 100)", post, user_id=many,
                             access_level=30)

    def test_roles_count_at_the_next_request(self):
        project = self.project()
        jane = Person("jane")
        self.refused(404, "404 Project Not Found", jane.api.projects.get, project.id)
        self.join(project, jane, REPORTER)
        self.assertEqual(self.push(project, jane.token)[0], 403)
        project.members.update(jane.id, {"access_level": DEVELOPER})
        self.assertEqual(self.push(project, jane.token)[0], 201)
        project.members.delete(jane.id)
        self.assertEqual(self.push(project, jane.token)[0], 404)

    def test_what_cannot_be_saved(self):
        for place in self.places():
            with self.subTest(place=place.web_url):
                jane = Person("jane")
                create = place.members.create
                self.refused(404, "404 User Not Found", create,
                             {"user_id": 999999, "access_level": 30})
                self.refused(404, "404 User Not Found", create,
                             {"username": "no-one-here", "access_level": 30})
                self.refused(400, "access_level does not have a valid value", create,
                             {"user_id": jane.id, "access_level": 31})
                self.refused(400, "access_level does not have a valid value", create,
                             {"user_id": jane.id, "access_level": 0})
                self.refused(400, "access_level is invalid", create,
                             {"user_id": jane.id, "access_level": "much"})
                self.refused(400, {"expires_at": ["cannot be a date in the past"]}, create,
                             {"user_id": jane.id, "access_level": 30, "expires_at": "2020-01-01"})
                self.refused(400, "expires_at is invalid", create,
                             {"user_id": jane.id, "access_level": 30, "expires_at": "soon"})
                post = lambda **data: admin.http_post(place.members.path, post_data=data)
                self.refused(400, "access_level is missing", post, user_id=jane.id)
                self.refused(400, "user_id, username are missing, exactly one parameter must be "
                             "provided", post, access_level=30)
                self.refused(400, "user_id, username are mutually exclusive", post, user_id=jane.id,
                             username=jane.username, access_level=30)
                self.join(place, jane, GUEST)
                self.refused(409, "Member already exists", create,
                             {"user_id": jane.id, "access_level": 30})
                self.refused(400, "access_level is missing", admin.http_put,
                             f"{place.members.path}/{jane.id}", post_data={})
                for call in (place.members.get, place.members_all.get, place.members.delete):
                    self.refused(400, "user_id is invalid", call, "jane")

    def test_the_last_owner_stays(self):
        group = self.group()
        root = admin.http_get("/user")["id"]
        self.refused(403, LAST_OWNER, group.members.delete, root)
        self.refused(403, LAST_OWNER, group.members.update, root, {"access_level": MAINTAINER})
        bot = group.access_tokens.create({"name": "owner", "scopes": ["api"], "access_level": OWNER,
                                          "expires_at": "2100-01-01"})
        self.refused(403, LAST_OWNER, group.members.delete, root)  # a bot looks after nothing
        bot.delete()
        self.join(group, Person("heir"), OWNER)
        group.members.delete(root)

    def test_who_looks(self):
        group, project = self.group(), self.project()
        jane = Person("jane")
        for place, word in ((group, "Group"), (project, "Project")):
            for call in (lambda m: m.list(get_all=True), lambda m: m.get(1)):
                for of in ("members", "members_all"):
                    hidden = f"404 {word} Not Found"
                    kind = getattr(jane.api, word.lower() + "s").get(place.id, lazy=True)
                    self.refused(404, hidden, call, getattr(kind, of))
        for place in self.places():
            kind = nobody.groups if place.web_url.find("/groups/") > 0 else nobody.projects
            seen = kind.get(place.id)
            for of in (seen.members, seen.members_all):
                self.refused(401, SIGN_IN, of.list, get_all=True)
                self.refused(401, SIGN_IN, of.get, 1)
            self.refused(401, SIGN_IN, seen.members.delete, jane.id)

    def test_who_changes(self):
        for place in self.places():
            with self.subTest(place=place.web_url):
                of_group = "/groups/" in place.web_url
                jane, joe, boss = Person("jane"), Person("joe"), Person("boss")
                own = lambda p: (p.api.groups if of_group else p.api.projects).get(place.id).members
                self.join(place, joe, GUEST)
                changes = (lambda: own(jane).create({"user_id": boss.id, "access_level": GUEST}),
                           lambda: own(jane).update(joe.id, {"access_level": REPORTER}))
                removal = lambda: own(jane).delete(joe.id)
                for call in (*changes, removal):
                    self.refused(403, NO_ROLE, call)
                self.join(place, jane, MAINTAINER)
                if of_group:  # there it takes an owner
                    for call in (*changes, removal):
                        self.refused(403, NO_ROLE, call)
                    place.members.update(jane.id, {"access_level": OWNER})
                for call in changes:
                    call()
                removal()
                self.join(place, Person("owner"), OWNER)
                if of_group:
                    continue
                owner = Person("owner")
                self.join(place, owner, OWNER)
                self.refused(403, ABOVE, own(jane).create,
                             {"user_id": joe.id, "access_level": OWNER})
                self.refused(403, ABOVE, own(jane).update, owner.id, {"access_level": GUEST})
                self.refused(403, ABOVE, own(jane).delete, owner.id)

    def test_everybody_may_leave(self):
        for place in self.places():
            jane = Person("jane")
            self.join(place, jane, GUEST)
            kind = "groups" if "/groups/" in place.web_url else "projects"
            reader = gitlab.Gitlab(admin.url, private_token=jane.new_token(["read_api"]))
            self.refused(403, "insufficient_scope", getattr(reader, kind).get(place.id).members.delete,
                         jane.id)
            getattr(jane.api, kind).get(place.id).members.delete(jane.id)
            self.refused(404, GONE, place.members.get, jane.id)

    def test_what_ended_counts_for_nothing(self):
        group = self.group()
        jane = Person("jane")
        group.members.create({"user_id": jane.id, "access_level": GUEST, "expires_at": soon()})
        self.wait_until(lambda: jane.id not in [m.id for m in group.members.list(get_all=True)])
        self.refused(404, "404 Group Not Found", jane.api.groups.get, group.id)
        self.assertEqual(jane.api.groups.list(get_all=True), [])
