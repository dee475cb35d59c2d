"""Projects: made, found, listed, changed, archived, removed."""

import gitlab
from house import (DEVELOPER, GUEST, MAINTAINER, NO_ROLE, PUSHED, SIGN_IN, House, OWNER, REPORTER,
                   Person, admin, nobody, unique)


class Projects(House):
    def test_create_show_edit_remove(self):
        group = self.group(visibility="public")
        project = admin.projects.create({"name": "Big Ship", "namespace_id": group.id,
                                         "description": "Floats"})
        path = f"{group.path}/big-ship"
        self.assertEqual((project.name, project.path, project.path_with_namespace,
                          project.name_with_namespace, project.visibility, project.description,
                          project.archived, project.package_registry_access_level),
                         ("Big Ship", "big-ship", path, f"{group.name} / Big Ship", "private",
                          "Floats", False, "enabled"))
        self.assertEqual(project.namespace["full_path"], group.full_path)
        self.assertEqual(admin.projects.get(path).id, project.id)
        self.assertEqual(admin.projects.get(path.upper()).id, project.id)

        project.name, project.path, project.visibility = "Boat", "a.boat", "public"
        project.package_registry_access_level = "public"
        project.save()
        shown = nobody.projects.get(f"{group.path}/a.boat")
        self.assertEqual((shown.id, shown.name, shown.visibility,
                          shown.package_registry_access_level),
                         (project.id, "Boat", "public", "public"))
        self.refused(401, SIGN_IN, nobody.projects.get, path)

        answer = admin.http_delete(f"/projects/{project.id}")
        self.assertEqual((answer.status_code, answer.json()), (202, {"message": "202 Accepted"}))
        for call in (admin.projects.get, admin.projects.delete):
            self.refused(404, "404 Project Not Found", call, project.id)
        self.refused(404, "404 Project Not Found", admin.projects.update, project.id, {"name": "x"})
        self.refused(404, "404 Project Not Found", admin.projects.get, "no-slash-no-project")

    def test_the_name_from_the_path(self):
        group = self.group()
        project = admin.projects.create({"path": "only.a_path", "namespace_id": group.id})
        self.assertEqual((project.name, project.path), ("only.a_path", "only.a_path"))

    def test_one_s_own_rights_are_told(self):
        project = self.project()
        jane = Person("jane")
        self.join(project, jane, DEVELOPER)
        self.assertEqual(jane.api.projects.get(project.id).permissions["project_access"],
                         {"access_level": 30, "notification_level": 3})
        self.join(admin.groups.get(project.namespace["id"]), jane, MAINTAINER)
        self.assertEqual(jane.api.projects.get(project.id).permissions["group_access"],
                         {"access_level": 40, "notification_level": 3})

    def test_list(self):
        word = unique("needle")
        group = self.group(visibility="public")
        make = lambda name, **more: admin.projects.create(
            {"name": f"{word} {name}", "path": name, "namespace_id": group.id, **more})
        second, first = make("b", visibility="public"), make("a")
        third = make("c", visibility="internal", description="something else")
        jane = Person("jane")
        listed = lambda api, **more: [p.id for p in api.projects.list(
            search=word.upper(), get_all=True, **more)]
        self.assertEqual(listed(admin), [third.id, first.id, second.id])
        self.assertEqual(listed(admin, order_by="name", sort="asc"), [first.id, second.id, third.id])
        self.assertEqual(listed(admin, order_by="path", sort="desc"),
                         [third.id, second.id, first.id])
        self.assertEqual(listed(admin, visibility="private"), [first.id])
        self.assertEqual(listed(nobody), [second.id])
        self.assertEqual(listed(jane.api), [third.id, second.id])
        self.assertEqual(listed(jane.api, membership=True), [])
        self.join(first, jane, DEVELOPER)
        self.assertEqual(listed(jane.api, membership=True), [first.id])
        self.assertEqual(listed(jane.api, membership=False), [third.id, first.id, second.id])
        self.assertEqual(listed(jane.api, min_access_level=DEVELOPER), [first.id])
        self.assertEqual(listed(jane.api, min_access_level=MAINTAINER), [])
        self.assertEqual(listed(jane.api, owned=True), [])
        self.join(group, jane, OWNER)
        self.assertEqual(listed(jane.api, owned=True), [third.id, first.id, second.id])
        second.archive()
        self.assertEqual(listed(admin, archived=True), [second.id])
        self.assertEqual(listed(admin, archived=False), [third.id, first.id])
        third.description = "changed last"
        third.save()
        self.assertEqual(listed(admin, order_by="updated_at")[0], third.id)
        self.assertEqual([p.id for p in admin.projects.list(
            search=f"{group.path}/b", get_all=True)], [second.id])
        self.refused(400, "archived is invalid", admin.projects.list, archived="perhaps",
                     get_all=True)
        self.refused(400, "sort does not have a valid value", nobody.projects.list, sort="up",
                     get_all=True)

    def test_archive(self):
        project = self.project(visibility="public")
        jane, owner = Person("jane"), Person("owner")
        self.join(project, jane, MAINTAINER)
        self.join(project, owner, OWNER)
        self.refused(403, NO_ROLE, jane.api.projects.get(project.id).archive)
        self.assertEqual(self.push(project, jane.token), PUSHED)
        owned = owner.api.projects.get(project.id)
        owned.archive()
        self.assertIs(owned.archived, True)
        owned.archive()
        self.assertIs(admin.projects.get(project.id).archived, True)
        self.assertEqual(self.push(project, jane.token, "hello-0.2.0.tgz"),
                         (403, {"message": "403 Forbidden", "error": "the project is archived"}))
        self.assertEqual(self.read(project), 200)
        self.refused(403, NO_ROLE, jane.api.projects.get(project.id).unarchive)
        owned.unarchive()
        self.assertIs(owned.archived, False)
        self.assertEqual(self.push(project, jane.token, "hello-0.2.0.tgz"), PUSHED)

    def test_packages_switched_off(self):
        project = self.project(visibility="public")
        project.package_registry_access_level = "disabled"
        project.save()
        self.assertIs(admin.projects.get(project.id).packages_enabled, False)
        self.assertEqual(self.read(project), 403)
        project.packages_enabled = True
        project.package_registry_access_level = None
        project.save()
        self.assertEqual(admin.projects.get(project.id).package_registry_access_level, "enabled")

    def test_paths_encoded(self):
        group = self.group(visibility="public")
        project = admin.projects.create({"path": "my.app", "namespace_id": group.id,
                                         "visibility": "public"})
        for path in (f"{group.path}%2Fmy.app", f"{group.path}%2Fmy%2Eapp",
                     f"{group.path}%2fMY%2eAPP"):
            self.assertEqual(nobody.http_get(f"/projects/{path}")["id"], project.id)
        # A slash as it is is one segment more, and such a route there is none.
        self.refused(404, "404 Not Found", nobody.http_get, f"/projects/{group.path}/my.app")

    def test_what_cannot_be_saved(self):
        group = self.group()
        taken = {"name": ["has already been taken"], "path": ["has already been taken"]}
        project = self.project(group)
        create = admin.projects.create
        self.refused(400, taken, create, {"path": project.path.upper(), "namespace_id": group.id})
        self.refused(400, taken, admin.projects.update, project.id,
                     {"path": self.project(group).path})
        self.refused(400, "name, path are missing, at least one parameter must be provided",
                     admin.http_post, "/projects", post_data={"namespace_id": group.id})
        self.refused(400, {"namespace": ["can't be blank"]}, create, {"name": "x"})
        self.refused(400, {"namespace": ["is not valid"]}, create,
                     {"name": "x", "namespace_id": 999999})
        self.refused(400, "visibility does not have a valid value", create,
                     {"name": "x", "namespace_id": group.id, "visibility": "secret"})
        wide = {"visibility_level": ["public is not allowed in a private group."]}
        self.refused(400, wide, create,
                     {"name": "x", "namespace_id": group.id, "visibility": "public"})
        self.refused(400, wide, admin.projects.update, project.id, {"visibility": "public"})
        for path in ("-x", "a b", "x.git", "a/b", "x" * 256):
            for call in (lambda p: create({"path": p, "namespace_id": group.id}),
                         lambda p: admin.projects.update(project.id, {"path": p})):
                with self.subTest(path=path), self.assertRaises(gitlab.GitlabError) as caught:
                    call(path)
                self.assertEqual(caught.exception.response_code, 400)
                self.assertEqual(list(caught.exception.error_message), ["path"])
        self.refused(400, "packages_enabled is invalid", admin.projects.update, project.id,
                     {"packages_enabled": "perhaps"})

    def test_who_makes_and_changes_projects(self):
        group = self.group()
        jane = Person("jane")
        wanted = {"name": "x", "namespace_id": group.id}
        create = jane.api.projects.create
        self.refused(400, {"namespace": ["is not valid"]}, create, wanted)
        self.join(group, jane, REPORTER)
        self.refused(400, {"namespace": ["is not valid"]}, create, wanted)
        group.members.update(jane.id, {"access_level": DEVELOPER})
        project = create(wanted)
        self.assertEqual(project.creator_id, jane.id)
        self.refused(403, NO_ROLE, project.delete)
        project.name = "y"
        self.refused(403, NO_ROLE, project.save)
        group.members.update(jane.id, {"access_level": MAINTAINER})
        project.save()
        self.refused(403, "403 Forbidden - only owners change visibility, or archive",
                     jane.api.projects.update, project.id, {"visibility": "internal"})
        self.refused(403, NO_ROLE, project.delete)
        group.members.update(jane.id, {"access_level": GUEST})
        project.name = "z"
        self.refused(403, NO_ROLE, project.save)
        self.assertEqual(jane.api.projects.get(project.id).name, "y")
        self.refused(401, SIGN_IN, nobody.projects.create, wanted)
