"""Users, and what everybody is told of the server and of himself."""

import gitlab
from house import ADMINS_ALONE, SIGN_IN, House, OWNER, Person, admin, client, nobody, unique


class TheServer(House):
    def test_version_and_metadata(self):
        version, revision = admin.version()
        self.assertRegex(version, r"^\d+\.\d+")
        self.assertEqual(revision, "pilothouse")
        metadata = admin.http_get("/metadata")
        self.assertEqual((metadata["version"], metadata["enterprise"]), (version, False))
        self.assertEqual(metadata["kas"]["enabled"], False)
        for path in ("/version", "/metadata"):
            self.refused(401, SIGN_IN, nobody.http_get, path)

    def test_who_one_is(self):
        admin.auth()
        self.assertEqual((admin.user.username, admin.user.is_admin), ("root", True))
        jane = Person("jane")
        jane.api.auth()
        me = jane.api.user
        self.assertEqual((me.id, me.username, me.name, me.email, me.state, me.is_admin, me.bot),
                         (jane.id, jane.username, "Jane", jane.user.email, "active", False, False))
        self.refused(401, SIGN_IN, nobody.auth)
        self.refused(401, "nobody has this token; check that it was copied whole",
                     client("plhp_nothing").auth)


class Users(House):
    def test_create_show_edit_remove(self):
        name = unique("ada")
        ada = admin.users.create({"username": name, "name": "Ada", "email": f"{name}@x.invalid",
                                  "password": "is taken, and not kept"})
        self.assertEqual((ada.username, ada.name, ada.state, ada.is_admin, ada.email),
                         (name, "Ada", "active", False, f"{name}@x.invalid"))
        self.assertRegex(ada.created_at, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(admin.users.get(ada.id).username, name)

        ada.name = "Ada L."
        ada.admin = True
        ada.save()
        ada = admin.users.get(ada.id)
        self.assertEqual((ada.name, ada.is_admin, ada.username), ("Ada L.", True, name))

        admin.users.delete(ada.id)
        self.refused(404, "404 User Not Found", admin.users.get, ada.id)
        self.refused(404, "404 User Not Found", admin.users.delete, ada.id)
        self.refused(404, "404 User Not Found", admin.users.update, ada.id, {"name": "x"})

    def test_what_is_shown_to_whom(self):
        jane, joe = Person("jane"), Person("joe")
        shown = jane.api.users.get(joe.id).attributes
        self.assertEqual(sorted(shown), ["avatar_url", "id", "locked", "name", "state", "username",
                                         "web_url"])
        self.assertIn("email", admin.users.get(joe.id).attributes)
        self.refused(401, SIGN_IN, nobody.users.get, joe.id)
        self.refused(401, SIGN_IN, nobody.users.list)

    def test_list_and_search(self):
        word = unique("needle")
        first, second = Person(word), Person(word)
        found = admin.users.list(search=word.upper(), get_all=True)
        self.assertEqual([u.id for u in found], [second.id, first.id])
        found = admin.users.list(search=word, sort="asc", order_by="username", get_all=True)
        self.assertEqual([u.username for u in found], sorted([first.username, second.username]))
        exact = first.api.users.list(username=first.username.upper(), get_all=True)
        self.assertEqual([u.username for u in exact], [first.username])
        self.assertNotIn("email", exact[0].attributes)
        self.assertEqual([u.id for u in admin.users.list(search=first.user.email, get_all=True)],
                         [first.id])
        self.assertEqual(second.api.users.list(search=first.user.email, get_all=True), [])
        self.refused(400, "order_by does not have a valid value", admin.users.list, order_by="x",
                     get_all=True)

    def test_block_and_unblock(self):
        jane = Person("jane")
        jane.api.auth()
        self.assertIs(jane.user.block(), True)
        self.assertIs(jane.user.block(), None)
        self.assertEqual(admin.users.get(jane.id).state, "blocked")
        self.assertIn(jane.id, [u.id for u in admin.users.list(blocked=True, get_all=True)])
        self.refused(403, "the account is blocked", jane.api.projects.list, get_all=True)
        self.refused(403, "the account is blocked", jane.api.http_get, "/version")
        self.assertIs(jane.user.unblock(), True)
        self.assertIs(jane.user.unblock(), False)
        jane.api.auth()
        for call in (admin.users.get(jane.id).block, jane.user.unblock):
            self.assertIn(call(), (True, False))
        self.refused(404, "404 User Not Found", admin.http_post, "/users/999999/block")
        self.refused(404, "404 User Not Found", admin.http_post, "/users/999999/unblock")
        self.refused(403, "403 Forbidden - nobody can do this to the own account",
                     admin.http_post, f"/users/{self.me()}/block")

    def me(self):
        return admin.http_get("/user")["id"]

    def test_nobody_locks_himself_out(self):
        own = "403 Forbidden - nobody can do this to the own account"
        self.refused(403, own, admin.users.delete, self.me())
        self.refused(403, own, admin.users.update, self.me(), {"admin": False})

    def test_what_cannot_be_saved(self):
        jane = Person("jane")
        good = {"username": unique("new"), "name": "New", "email": "new@x.invalid",
                "reset_password": True}
        create = admin.users.create
        self.refused(409, "Username has already been taken", create,
                     {**good, "username": jane.username.upper()})
        self.refused(409, "Email has already been taken", create, {**good, "email": jane.user.email})
        self.refused(409, "Email has already been taken", admin.users.update, jane.id,
                     {"email": admin.users.get(Person("joe").id).email})
        self.refused(400, {"email": ["is invalid"]}, create, {**good, "email": "nobody"})
        self.refused(400, {"email": ["is invalid"]}, admin.users.update, jane.id, {"email": "x"})
        self.refused(400, "name is missing", admin.http_post, "/users",
                     post_data={k: v for k, v in good.items() if k != "name"})
        self.refused(400, "email is missing, name is missing, username is missing, password, "
                     "reset_password, force_random_password are missing, at least one parameter "
                     "must be provided", admin.http_post, "/users", post_data={})
        with self.assertRaises(gitlab.GitlabError) as caught:
            create({**good, "username": "a b"})
        self.assertEqual(list(caught.exception.error_message), ["username"])

    def test_who_is_the_only_owner_stays(self):
        owner = Person("owner")
        group = self.group()
        self.join(group, owner, OWNER)
        admin_id = self.me()
        group.members.delete(admin_id)
        self.refused(409, "User cannot be removed while is the sole-owner of a group",
                     admin.users.delete, owner.id)
        admin.users.delete(owner.id, hard_delete=True)
        self.assertEqual(group.members.list(get_all=True), [])

    def test_for_administrators_alone(self):
        jane, joe = Person("jane"), Person("joe")
        api = jane.api
        for call in (lambda: api.users.create({"username": "x", "name": "x", "email": "x@x.invalid",
                                               "reset_password": True}),
                     lambda: api.users.update(joe.id, {"name": "x"}),
                     lambda: api.users.delete(joe.id),
                     lambda: api.http_post(f"/users/{joe.id}/block"),
                     lambda: api.http_post(f"/users/{joe.id}/unblock"),
                     lambda: api.http_post(f"/users/{jane.id}/personal_access_tokens",
                                           post_data={"name": "x", "scopes": ["api"]})):
            self.refused(403, ADMINS_ALONE, call)
