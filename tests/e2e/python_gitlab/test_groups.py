"""Groups, groups in groups, and what lies in them."""

from house import (DEVELOPER, MAINTAINER, NO_ROLE, ADMINS_ALONE, SIGN_IN, House, OWNER, REPORTER, Person, admin,
                   nobody, unique)


class Groups(House):
    def test_create_show_edit_remove(self):
        name = unique("fleet")
        group = admin.groups.create({"name": "The Fleet", "path": name, "description": "Ships"})
        self.assertEqual((group.name, group.path, group.full_path, group.full_name, group.parent_id,
                          group.visibility, group.description),
                         ("The Fleet", name, name, "The Fleet", None, "private", "Ships"))
        self.assertEqual(admin.groups.get(name.upper()).id, group.id)

        group.name, group.description, group.visibility = "Armada", "All ships", "public"
        group.save()
        shown = admin.groups.get(group.id)
        self.assertEqual((shown.name, shown.description, shown.visibility, shown.path),
                         ("Armada", "All ships", "public", name))
        self.assertEqual(nobody.groups.get(group.id).name, "Armada")

        answer = admin.http_delete(f"/groups/{group.id}")
        self.assertEqual((answer.status_code, answer.json()), (202, {"message": "202 Accepted"}))
        self.refused(404, "404 Group Not Found", admin.groups.get, group.id)
        self.refused(404, "404 Group Not Found", admin.groups.delete, name)
        self.refused(404, "404 Group Not Found", admin.groups.update, name, {"name": "x"})

    def test_a_new_path_takes_along_what_lies_in_the_group(self):
        top = self.group(visibility="public")
        below = self.group(parent_id=top.id, visibility="public")
        project = self.project(below, visibility="public")
        moved = unique("moved")
        top.path = moved
        top.save()
        path = f"{moved}/{below.path}/{project.path}"
        self.assertEqual(admin.projects.get(project.id).path_with_namespace, path)
        self.assertEqual(admin.projects.get(path).id, project.id)
        self.assertEqual(admin.groups.get(f"{moved}/{below.path}").full_name,
                         f"{top.name} / {below.name}")

    def test_subgroups_and_descendants(self):
        top = self.group(visibility="public")
        middle = self.group(parent_id=top.id, visibility="public")
        low = self.group(parent_id=middle.id)
        self.assertEqual((low.parent_id, low.full_path),
                         (middle.id, f"{top.path}/{middle.path}/{low.path}"))
        ids = lambda groups: [g.id for g in groups]
        self.assertEqual(ids(top.subgroups.list(get_all=True)), [middle.id])
        self.assertEqual(sorted(ids(top.descendant_groups.list(get_all=True))), [middle.id, low.id])
        self.assertEqual(ids(nobody.groups.get(top.id).descendant_groups.list(get_all=True)),
                         [middle.id])
        owner = Person("owner")
        self.join(top, owner, OWNER)
        self.assertEqual(sorted(ids(owner.api.groups.get(top.id).descendant_groups.list(
            get_all=True))), [middle.id, low.id])
        for part in ("subgroups", "descendant_groups"):
            self.refused(404, "404 Group Not Found", admin.http_list, f"/groups/0/{part}",
                         get_all=True)

    def test_a_group_hidden_and_shown(self):
        group = self.group()
        jane = Person("jane")
        self.refused(404, "404 Group Not Found", jane.api.groups.get, group.id)
        self.refused(401, SIGN_IN, nobody.groups.get, group.id)
        self.join(group, jane, REPORTER)
        self.assertEqual(jane.api.groups.get(group.id).id, group.id)
        self.refused(403, NO_ROLE, jane.api.groups.update, group.id, {"name": "x"})
        self.refused(403, NO_ROLE, jane.api.groups.delete, group.id)

    def test_who_works_in_a_project_sees_the_group_around_it(self):
        top = self.group()
        group = self.group(parent_id=top.id)
        project = self.project(group)
        jane = Person("jane")
        self.join(project, jane, DEVELOPER)
        for around in (top, group):
            self.assertEqual(jane.api.groups.get(around.id).path, around.path)
            self.refused(403, "403 Forbidden - only members of a private group see who they are",
                         jane.api.groups.get(around.id).members.list, get_all=True)
            self.refused(403, NO_ROLE, jane.api.groups.update, around.id, {"name": "x"})
        listed = [g.id for g in jane.api.groups.list(all_available=True, get_all=True)]
        self.assertEqual(sorted(i for i in listed if i in (top.id, group.id)), [top.id, group.id])
        shown = jane.api.groups.get(top.id).projects.list(include_subgroups=True, get_all=True)
        self.assertEqual([p.id for p in shown], [project.id])

    def test_projects_of_a_group(self):
        top = self.group(visibility="public")
        below = self.group(parent_id=top.id, visibility="public")
        here = self.project(top, visibility="public")
        hidden = self.project(top)
        deep = self.project(below, visibility="public")
        listed = lambda api, **more: [
            p.id for p in api.groups.get(top.id).projects.list(get_all=True, **more)]
        self.assertEqual(listed(admin), [hidden.id, here.id])
        self.assertEqual(listed(nobody), [here.id])
        self.assertEqual(listed(admin, include_subgroups=True, order_by="id", sort="asc"),
                         [here.id, hidden.id, deep.id])
        self.assertEqual(listed(admin, visibility="private"), [hidden.id])
        self.refused(400, "include_subgroups is invalid", admin.http_list,
                     f"/groups/{top.id}/projects", query_data={"include_subgroups": "perhaps"})
        self.refused(404, "404 Group Not Found", admin.http_list, "/groups/no-such/projects")

    def test_lists(self):
        word = unique("haystack")
        mine = admin.groups.create({"name": word, "path": word, "visibility": "internal"})
        other = admin.groups.create({"name": word + " b", "path": word + "-b",
                                     "visibility": "internal"})
        sub = admin.groups.create({"name": word + " c", "path": "c", "parent_id": mine.id})
        jane = Person("jane")
        listed = lambda api, **more: [g.id for g in api.groups.list(
            search=word, get_all=True, **more)]
        self.assertEqual(listed(admin), [mine.id, other.id, sub.id])
        self.assertEqual(listed(admin, top_level_only=True), [mine.id, other.id])
        self.assertEqual(listed(admin, order_by="id", sort="desc"), [sub.id, other.id, mine.id])
        self.assertEqual(listed(admin, skip_groups=[mine.id, sub.id]), [other.id])
        self.assertEqual(listed(admin, visibility="private"), [sub.id])
        self.assertEqual(listed(nobody), [])
        self.assertEqual(listed(jane.api), [])
        self.assertEqual(listed(jane.api, all_available=True), [mine.id, other.id])
        self.join(mine, jane, MAINTAINER)
        self.assertEqual(listed(jane.api), [mine.id, sub.id])
        self.assertEqual(listed(jane.api, owned=True), [])
        self.assertEqual(listed(jane.api, min_access_level=MAINTAINER), [mine.id, sub.id])
        self.assertEqual(listed(jane.api, min_access_level=OWNER), [])
        self.refused(400, "order_by does not have a valid value", admin.groups.list, order_by="size",
                     get_all=True)

    def test_what_cannot_be_saved(self):
        group = self.group()
        taken = 'Failed to save group {:path=>["has already been taken"]}'
        self.refused(400, taken, admin.groups.create, {"name": "x", "path": group.path.upper()})
        self.refused(400, {"path": ["has already been taken"]}, admin.groups.update, group.id,
                     {"path": self.group().path})
        self.refused(400, "name is missing, path is missing", admin.http_post, "/groups",
                     post_data={})
        self.refused(400, "visibility does not have a valid value", admin.groups.create,
                     {"name": "x", "path": unique("x"), "visibility": "secret"})
        self.refused(404, "404 Group Not Found", admin.groups.create,
                     {"name": "x", "path": "x", "parent_id": 999999})
        wide = "public is not allowed in a private group."
        self.refused(400, f'Failed to save group {{:visibility_level=>["{wide}"]}}',
                     admin.groups.create,
                     {"name": "x", "path": "x", "parent_id": group.id, "visibility": "public"})
        sub = self.group(parent_id=group.id)
        self.refused(400, {"visibility_level": [wide]}, admin.groups.update, sub.id,
                     {"visibility": "public"})
        for path in ("-x", "a b", "x.git", "a/b", "", "x" * 256):
            with self.subTest(path=path), self.assertRaisesRegex(Exception, "Failed to save group"):
                admin.groups.create({"name": "x", "path": path})

    def test_who_makes_groups(self):
        jane = Person("jane")
        create = jane.api.groups.create
        self.refused(403, ADMINS_ALONE, create, {"name": "x", "path": unique("x")})
        group = self.group()
        wanted = {"name": "Sub", "path": "sub", "parent_id": group.id}
        self.refused(404, "404 Group Not Found", create, wanted)
        self.join(group, jane, DEVELOPER)
        self.refused(403, NO_ROLE, create, wanted)
        group.members.update(jane.id, {"access_level": MAINTAINER})
        sub = create(wanted)
        self.assertEqual([(m.id, m.access_level) for m in sub.members.list(get_all=True)],
                         [(jane.id, OWNER)])
        self.refused(401, SIGN_IN, nobody.groups.create, wanted)
