"""Personal tokens, access tokens of projects and groups, deploy tokens: made, used, changed, ended."""

import datetime

import gitlab
from house import (ADMINS_ALONE, DEVELOPER, GUEST, MAINTAINER, NO_ROLE, PUSHED, SIGN_IN, House, OWNER,
                   REPORTER, Person, admin, client, nobody, soon, unique)

EXPIRED, REVOKED = "invalid_token", "invalid_token"
GONE = "404 Not found"
UNKNOWN = "nobody has this token; check that it was copied whole"
BAD_SCOPES = "scopes does not have a valid value"
NOT_YOURS = "this is not your token"
ENDED = "the token would have ended already; choose a later end"


def days_ahead(days):
    return (datetime.datetime.now(datetime.timezone.utc).date() +
            datetime.timedelta(days)).isoformat()


class PersonalTokens(House):
    def test_create_show_rotate_revoke(self):
        jane = Person("jane")
        made = jane.user.personal_access_tokens.create(
            {"name": "ci", "scopes": ["read_api", "read_user"], "expires_at": "2100-01-31",
             "description": "for builds"})
        self.assertEqual((made.name, made.scopes, made.expires_at, made.user_id, made.active,
                          made.revoked, made.description, made.last_used_at),
                         ("ci", ["read_user", "read_api"], "2100-01-31", jane.id, True, False,
                          "for builds", None))
        self.assertRegex(made.token, r"^plhp_[A-Za-z0-9]{20,}")
        shown = jane.api.personal_access_tokens.get(made.id)
        self.assertNotIn("token", shown.attributes)
        self.assertEqual(shown.name, "ci")

        new = jane.api.personal_access_tokens.rotate(made.id)
        self.assertEqual((new["name"], new["scopes"], new["expires_at"]),
                         ("ci", ["read_user", "read_api"], days_ahead(7)))
        self.assertNotEqual(new["id"], made.id)
        self.refused(401, REVOKED, client(made.token).auth)
        client(new["token"]).auth()
        self.refused(400, "Token already revoked", jane.api.personal_access_tokens.rotate, made.id)
        newer = jane.api.personal_access_tokens.rotate(new["id"], expires_at="2100-05-06")
        self.assertEqual(newer["expires_at"], "2100-05-06")

        jane.api.personal_access_tokens.delete(newer["id"])
        self.refused(401, REVOKED, client(newer["token"]).auth)
        self.assertIs(jane.api.personal_access_tokens.get(newer["id"]).revoked, True)

    def test_oneself(self):
        jane = Person("jane")
        for scope in ("api", "read_api", "read_user", "read_repository"):
            own = client(jane.new_token([scope])).personal_access_tokens.get("self")
            self.assertEqual((own.scopes, own.user_id), ([scope], jane.id))
        self.refused(401, SIGN_IN, nobody.personal_access_tokens.get, "self")

        for scope in ("api", "self_rotate"):
            old = jane.new_token([scope])
            mine = client(old).personal_access_tokens.get("self")
            mine.rotate(self_rotate=True, expires_at="2100-01-01")
            self.assertEqual((mine.expires_at, mine.scopes), ("2100-01-01", [scope]))
            self.refused(401, REVOKED, client(old).personal_access_tokens.get, "self")
            self.assertEqual(client(mine.token).personal_access_tokens.get("self").id, mine.id)
        self.refused(403, "insufficient_scope",
                     client(jane.new_token(["read_api"])).personal_access_tokens.get("self").rotate,
                     self_rotate=True)

        last = client(jane.new_token(["read_user"]))
        last.personal_access_tokens.delete("self")
        self.refused(401, REVOKED, last.personal_access_tokens.get, "self")
        self.refused(401, REVOKED, last.personal_access_tokens.delete, "self")

    def test_list(self):
        jane, joe = Person("jane"), Person("joe")
        names = lambda api, **more: [t.name for t in api.personal_access_tokens.list(
            get_all=True, **more)]
        first = jane.user.personal_access_tokens.create({"name": "Zebra", "scopes": ["api"]})
        jane.user.personal_access_tokens.create({"name": "ape", "scopes": ["read_api"]})
        first.delete() if hasattr(first, "delete") else admin.personal_access_tokens.delete(first.id)
        self.assertEqual(names(jane.api), ["test", "Zebra", "ape"])
        self.assertEqual(names(admin, user_id=jane.id), ["test", "Zebra", "ape"])
        self.assertEqual(names(jane.api, user_id=jane.id, state="active"), ["test", "ape"])
        self.assertEqual(names(jane.api, state="inactive"), ["Zebra"])
        self.assertEqual(names(jane.api, revoked=True), ["Zebra"])
        self.assertEqual(names(jane.api, revoked=False, search="AP"), ["ape"])
        self.assertEqual(names(jane.api, sort="name_desc"), ["test", "ape", "Zebra"])
        self.assertEqual(names(jane.api, created_after="2100-01-01"), [])
        self.assertEqual(names(jane.api, created_before="2100-01-01"), ["test", "Zebra", "ape"])
        self.refused(401, NOT_YOURS, jane.api.personal_access_tokens.list, user_id=joe.id,
                     get_all=True)
        self.refused(400, "state does not have a valid value", admin.personal_access_tokens.list,
                     state="tired", get_all=True)

    def test_of_others(self):
        jane, joe = Person("jane"), Person("joe")
        his = joe.api.personal_access_tokens.get("self").id
        mine = jane.api.personal_access_tokens
        for number in (his, 999999):  # nobody hears which of these is there
            self.refused(401, NOT_YOURS, mine.get, number)
            self.refused(401, NOT_YOURS, mine.rotate, number)
            self.refused(401, NOT_YOURS, mine.delete, number)
        for call in (admin.personal_access_tokens.get, admin.personal_access_tokens.rotate,
                     admin.personal_access_tokens.delete):
            self.refused(404, GONE, call, 999999)
        self.assertEqual(admin.personal_access_tokens.get(his).user_id, joe.id)
        admin.personal_access_tokens.delete(his)
        self.refused(401, REVOKED, joe.api.auth)

    def test_what_cannot_be_made(self):
        jane = Person("jane")
        create = jane.user.personal_access_tokens.create
        self.refused(400, BAD_SCOPES, create, {"name": "x", "scopes": ["all"]})
        self.refused(400, BAD_SCOPES, create, {"name": "x", "scopes": ["read_package_registry"]})
        self.refused(400, "name is missing, scopes is missing", admin.http_post,
                     f"/users/{jane.id}/personal_access_tokens", post_data={})
        self.refused(400, ENDED, create, {"name": "x", "scopes": ["api"], "expires_at": days_ahead(0)})
        self.refused(404, "404 User Not Found", admin.http_post,
                     "/users/999999/personal_access_tokens",
                     post_data={"name": "x", "scopes": ["api"]})
        with self.assertRaisesRegex(gitlab.GitlabError, "at least one scope"):
            create({"name": "x", "scopes": []})

    def test_an_end_in_sight(self):
        jane = Person("jane")
        short = client(jane.new_token(["api"], expires_at=soon()))

        def ended():
            try:
                short.auth()
            except gitlab.GitlabAuthenticationError as error:
                return error.error_message == EXPIRED
            return False

        self.wait_until(ended)
        self.refused(401, EXPIRED, short.projects.list, get_all=True)


class AccessTokens(House):
    def places(self):
        group = self.group(visibility="public")
        project = self.project(group)
        return ((group, project, "group"), (project, project, "project"))

    def test_create_show_rotate_revoke(self):
        for place, project, word in self.places():
            with self.subTest(word):
                tokens = place.access_tokens
                made = tokens.create({"name": "robot", "scopes": ["api"], "access_level": DEVELOPER,
                                      "expires_at": "2100-01-31", "description": "pushes"})
                self.assertEqual((made.name, made.scopes, made.access_level, made.expires_at,
                                  made.resource_type, made.resource_id, made.active),
                                 ("robot", ["api"], DEVELOPER, "2100-01-31", word, place.id, True))
                bot = client(made.token).http_get("/user")
                self.assertEqual((bot["id"], bot["bot"], bot["is_admin"]), (made.user_id, True, False))
                self.assertRegex(bot["username"], rf"^{word}_{place.id}_bot_[0-9a-f]{{32}}$")
                self.assertEqual(place.members.get(made.user_id).access_level, DEVELOPER)
                self.assertNotIn(bot["username"], [u.username for u in admin.users.list(get_all=True)])

                chart = f"{'hello-0.1.0' if word == 'group' else 'hello-0.2.0'}.tgz"
                self.assertEqual(self.push(project, made.token, chart), PUSHED)
                elsewhere = self.project()
                self.assertEqual(self.push(elsewhere, made.token)[0], 404)

                shown = tokens.get(made.id)
                self.assertEqual((shown.name, shown.access_level), ("robot", DEVELOPER))
                self.assertNotIn("token", shown.attributes)
                self.assertEqual([t.id for t in tokens.list(get_all=True)], [made.id])

                new = tokens.rotate(made.id, expires_at="2100-02-01")
                self.assertEqual((new["access_level"], new["expires_at"], new["user_id"]),
                                 (DEVELOPER, "2100-02-01", made.user_id))
                self.refused(401, REVOKED, client(made.token).auth)
                self.assertEqual(self.read(project, new["token"], chart), 200)
                self.refused(400, "Token already revoked", tokens.rotate, made.id)
                self.assertEqual([t.id for t in tokens.list(state="active", get_all=True)],
                                 [new["id"]])
                self.assertEqual([t.id for t in tokens.list(revoked=True, get_all=True)], [made.id])

                path = f"/{word}s/{place.id}/access_tokens/self/rotate"
                again = client(new["token"]).http_post(path, post_data={"expires_at": "2100-02-02"})
                self.assertEqual((again["access_level"], again["expires_at"], again["user_id"],
                                  again["resource_type"], again["resource_id"]),
                                 (DEVELOPER, "2100-02-02", made.user_id, word, place.id))
                self.refused(401, REVOKED, client(new["token"]).http_post, path)
                self.refused(404, f"404 {word} Access Token Not Found", admin.http_post, path)
                elsewhere = f"/{word}s/999999/access_tokens/self/rotate"
                self.refused(404, f"404 {word} Access Token Not Found",
                             client(again["token"]).http_post, elsewhere)
                new = again

                tokens.delete(new["id"])
                self.refused(401, UNKNOWN, client(new["token"]).auth)
                self.refused(404, GONE, place.members.get, made.user_id)
                missing = f"404 {word} Access Token Not Found"
                for call in (tokens.get, tokens.rotate, tokens.delete):
                    self.refused(404, missing, call, new["id"])
                    self.refused(404, missing, call, "x")

    def test_a_reporter_reads_and_does_not_push(self):
        for place, project, word in self.places():
            with self.subTest(word):
                self.push(project, admin.private_token)
                made = place.access_tokens.create({"name": "reader", "scopes": ["api"],
                                                   "access_level": REPORTER})
                self.assertEqual(self.read(project, made.token), 200)
                self.assertEqual(self.push(project, made.token)[0], 403)
                api = client(made.token)
                self.assertEqual(api.projects.get(project.id).id, project.id)
                self.refused(403, NO_ROLE, api.projects.get(project.id).delete)

    def test_a_token_makes_no_others(self):
        for place, _, word in self.places():
            made = place.access_tokens.create({"name": "owner", "scopes": ["api"],
                                               "access_level": OWNER})
            kind = getattr(client(made.token), word + "s")
            self.refused(400, "User does not have permission to create an access token: it is one",
                         kind.get(place.id).access_tokens.create,
                         {"name": "heir", "scopes": ["api"], "access_level": OWNER})

    def test_whose_membership_went_is_found_and_revoked(self):
        project = self.project()
        made = project.access_tokens.create({"name": "robot", "scopes": ["api"],
                                             "access_level": DEVELOPER})
        project.members.delete(made.user_id)
        self.assertEqual(self.push(project, made.token)[0], 404)
        self.assertEqual(project.access_tokens.get(made.id).access_level, 0)
        project.access_tokens.delete(made.id)
        self.refused(401, UNKNOWN, client(made.token).auth)

    def test_who_may(self):
        for place, _, word in self.places():
            with self.subTest(word):
                made = place.access_tokens.create({"name": "robot", "scopes": ["api"],
                                                   "access_level": GUEST})
                jane = Person("jane")
                self.join(place, jane, DEVELOPER if word == "project" else MAINTAINER)
                tokens = getattr(jane.api, word + "s").get(place.id).access_tokens
                wanted = {"name": "x", "scopes": ["api"], "access_level": GUEST}
                for call in (lambda: tokens.list(get_all=True), lambda: tokens.get(made.id),
                             lambda: tokens.create(wanted), lambda: tokens.rotate(made.id),
                             lambda: tokens.delete(made.id)):
                    self.refused(403, NO_ROLE, call)

    def test_what_cannot_be_made(self):
        for place, _, word in self.places():
            with self.subTest(word):
                create = place.access_tokens.create
                self.refused(400, "access_level does not have a valid value", create,
                             {"name": "x", "scopes": ["api"], "access_level": 60})
                self.refused(400, BAD_SCOPES, create, {"name": "x", "scopes": ["everything"]})
                self.refused(400, "name is missing, scopes is missing", admin.http_post,
                             place.access_tokens.path, post_data={})
                self.refused(400, ENDED, create,
                             {"name": "x", "scopes": ["api"], "expires_at": "2020-01-01"})
                self.refused(400, "state does not have a valid value", place.access_tokens.list,
                             state="tired", get_all=True)
        project = self.project()
        jane = Person("jane")
        self.join(project, jane, MAINTAINER)
        self.refused(400, "Access level of the token contains permissions not held by the creating "
                     "user", jane.api.projects.get(project.id).access_tokens.create,
                     {"name": "x", "scopes": ["api"], "access_level": OWNER})
        bots = [m for m in project.members.list(get_all=True) if "_bot_" in m.username]
        self.assertEqual(bots, [])


class DeployTokens(House):
    def test_create_show_use_remove(self):
        group = self.group()
        project = self.project(group)
        self.assertEqual(self.push(project, admin.private_token), PUSHED)
        for place in (project, group):
            with self.subTest(place=place.web_url):
                made = place.deploytokens.create(
                    {"name": "pull", "scopes": ["read_package_registry"], "username": "robot",
                     "expires_at": "2100-01-31T12:00:00Z"})
                self.assertEqual((made.name, made.username, made.scopes, made.expires_at,
                                  made.revoked, made.expired),
                                 ("pull", "robot", ["read_package_registry"],
                                  "2100-01-31T12:00:00.000Z", False, False))
                self.assertEqual(self.read(project, made.token), 200)
                self.assertEqual(self.push(project, made.token, "hello-0.2.0.tgz")[0], 403)
                self.assertEqual(self.read(self.project(), made.token), 404)
                shown = place.deploytokens.get(made.id)
                self.assertNotIn("token", shown.attributes)
                self.assertEqual(shown.name, "pull")
                self.assertEqual([t.id for t in place.deploytokens.list(get_all=True)], [made.id])
                self.assertIn(made.id, [t.id for t in admin.deploytokens.list(get_all=True)])

                writer = place.deploytokens.create(
                    {"name": "push", "scopes": ["write_package_registry"]})
                self.assertEqual((writer.expires_at, writer.username), (None, "deploy-token"))
                chart = "hello-0.2.0.tgz" if place is project else "tide-1.0.0.tgz"
                self.assertEqual(self.push(project, writer.token, chart), PUSHED)

                made.delete()
                self.assertEqual(self.read(project, made.token), 401)
                for call in (place.deploytokens.get, place.deploytokens.delete):
                    self.refused(404, GONE, call, made.id)
                    self.refused(404, GONE, call, 999999)
                place.deploytokens.delete(writer.id)

    def test_of_another_place(self):
        group = self.group()
        one, two = self.project(group), self.project(group)
        made = one.deploytokens.create({"name": "x", "scopes": ["read_package_registry"]})
        for place in (two, group):
            self.refused(404, GONE, place.deploytokens.get, made.id)
            self.refused(404, GONE, place.deploytokens.delete, made.id)
        self.assertEqual(two.deploytokens.list(get_all=True), [])

    def test_active_alone(self):
        project = self.project()
        made = project.deploytokens.create({"name": "short", "scopes": ["read_package_registry"],
                                            "expires_at": soon()})
        self.wait_until(lambda: project.deploytokens.get(made.id).expired)
        self.assertEqual([t.id for t in project.deploytokens.list(get_all=True)], [made.id])
        self.assertEqual(project.deploytokens.list(active=True, get_all=True), [])
        self.assertNotIn(made.id, [t.id for t in admin.deploytokens.list(active=True, get_all=True)])
        self.assertEqual(self.read(project, made.token), 401)

    def test_who_may(self):
        group, project = self.group(), self.project()
        for place, kind in ((group, "groups"), (project, "projects")):
            made = place.deploytokens.create({"name": "x", "scopes": ["read_package_registry"]})
            jane = Person("jane")
            self.join(place, jane, DEVELOPER)
            tokens = getattr(jane.api, kind).get(place.id).deploytokens
            create = lambda: tokens.create({"name": "y", "scopes": ["read_package_registry"]})
            looks = (lambda: tokens.list(get_all=True), lambda: tokens.get(made.id))
            changes = (create, lambda: tokens.delete(made.id))
            for call in (*looks, *changes):
                self.refused(403, NO_ROLE, call)
            place.members.update(jane.id, {"access_level": MAINTAINER})
            for call in looks:
                call()
            if kind == "groups":
                for call in changes:
                    self.refused(403, NO_ROLE, call)
            self.refused(403, ADMINS_ALONE, jane.api.deploytokens.list, get_all=True)
        self.refused(401, SIGN_IN, nobody.deploytokens.list, get_all=True)

    def test_what_cannot_be_made(self):
        for place in (self.group(), self.project()):
            create = place.deploytokens.create
            self.refused(400, BAD_SCOPES, create, {"name": "x", "scopes": ["api"]})
            self.refused(400, "name is missing, scopes is missing", admin.http_post,
                         place.deploytokens.path, post_data={})
            self.refused(400, "the token's user name has a colon, a control character or more than "
                         "255 bytes", create,
                         {"name": "x", "scopes": ["read_package_registry"], "username": "a:b"})
            self.refused(400, "expires_at is invalid", create,
                         {"name": "x", "scopes": ["read_package_registry"], "expires_at": "soon"})

    def test_a_deploy_token_is_for_charts_alone(self):
        project = self.project()
        made = project.deploytokens.create({"name": unique("x"), "scopes": [
            "read_package_registry", "write_package_registry"]})
        for call in (lambda api: api.http_get("/version"), lambda api: api.projects.get(project.id),
                     lambda api: api.projects.list(get_all=True)):
            self.refused(403, "insufficient_scope", call, client(made.token))
