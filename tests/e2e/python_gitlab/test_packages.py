"""Packages: listed, looked into, fetched and removed, by project and by group."""

import hashlib

import gitlab
import requests

from house import (ADMIN_TOKEN, CHARTS, DEVELOPER, GUEST, MAINTAINER, NO_ROLE, OWNER, PUSHED,
                   SIGN_IN, URL, House, Person, admin, client, nobody)

HELLO, HELLO_2, TIDE = "hello-0.1.0.tgz", "hello-0.2.0.tgz", "tide-1.0.0.tgz"
PROTECTED = "403 Forbidden - Package is deletion protected."


def names(packages):
    return [f"{p.name}-{p.version}.tgz" for p in packages]


def as_deploy_token(token):
    """python-gitlab has no deploy tokens of its own: the header is the client's to give."""
    api = gitlab.Gitlab(URL)
    api.headers["Deploy-Token"] = token
    return api


class Packages(House):
    def setUp(self):
        self.group_around = self.group(visibility="public")
        self.place = self.project(self.group_around, visibility="public")
        self.packages = self.place.packages
        for chart in (HELLO, HELLO_2, TIDE):
            self.assertEqual(self.push(self.place, ADMIN_TOKEN, chart), PUSHED)

    def listed(self, **more):
        return names(self.packages.list(get_all=True, **more))

    def one(self, name, version):
        return self.packages.list(package_name=name, package_version=version, get_all=True)[0]

    def index(self, channel="stable"):
        return requests.get(
            f"{URL}/api/v4/projects/{self.place.id}/packages/helm/{channel}/index.yaml",
            timeout=60).text

    def test_what_is_told_of_one(self):
        package = self.packages.get(self.one("hello", "0.1.0").id)
        told = package.attributes
        created = told.pop("created_at")
        self.assertRegex(created, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        versions = told.pop("versions")
        told.pop("project_id")  # python-gitlab's own
        self.assertEqual([v["version"] for v in versions], ["0.2.0"])
        self.assertEqual(self.packages.get(versions[0]["id"]).version, "0.2.0")
        held = told.pop("product_versions")  # what a release is installed from
        self.assertEqual([v["channel"] for v in held], ["stable"])
        self.assertRegex(held[0]["id"], "^pv[0-9]+$")
        self.assertEqual(told, {
            "id": package.id, "name": "hello", "version": "0.1.0", "package_type": "helm",
            "status": "default", "last_downloaded_at": None, "tags": [],
            "creator_id": admin.http_get("/user")["id"],
            "_links": {
                "web_path": f"/{self.place.path_with_namespace}/-/packages/{package.id}",
                "delete_api_path": f"{URL}/api/v4/projects/{self.place.id}/packages/{package.id}",
            }})
        self.assertNotIn("delete_api_path",
                         nobody.projects.get(self.place.id).packages.get(package.id)._links)
        self.assertEqual(
            nobody.http_get(f"/projects/{self.place.id}/packages/{package.id}/pipelines"), [])
        self.refused(400, "page is invalid", nobody.http_get,
                     f"/projects/{self.place.id}/packages/{package.id}/pipelines",
                     query_data={"page": "x"})
        self.refused(404, "404 Not found", self.packages.get, 999999)
        self.refused(404, "404 Not found", self.project().packages.get, package.id)
        self.refused(400, "package_id is invalid", self.packages.get, "first")

    def test_lists(self):
        self.assertEqual(self.listed(), [HELLO, HELLO_2, TIDE])
        self.assertEqual(self.listed(sort="desc"), [TIDE, HELLO_2, HELLO])
        self.assertEqual(self.listed(order_by="name", sort="desc"), [TIDE, HELLO_2, HELLO])
        self.assertEqual(self.listed(order_by="version"), [HELLO, HELLO_2, TIDE])
        self.assertEqual(self.listed(order_by="type"), [HELLO, HELLO_2, TIDE])
        self.assertEqual(self.listed(package_name="ELL"), [HELLO, HELLO_2])
        self.assertEqual(self.listed(package_version="1.0.0"), [TIDE])
        self.assertEqual(self.listed(package_version="1.0"), [])
        self.assertEqual(self.listed(package_type="helm", include_versionless=True),
                         [HELLO, HELLO_2, TIDE])
        self.assertEqual(self.listed(package_type="npm"), [])
        self.assertEqual(self.listed(status="default"), [HELLO, HELLO_2, TIDE])
        for status in ("deprecated", "hidden", "processing", "error", "pending_destruction"):
            self.assertEqual(self.listed(status=status), [])
        pages = self.packages.list(per_page=2, iterator=True)
        self.assertEqual((pages.total, pages.total_pages, pages.next_page), (3, 2, 2))
        self.assertEqual(names(pages), [HELLO, HELLO_2, TIDE])
        self.assertEqual(names(self.packages.list(page=2, per_page=2)), [TIDE])
        for wrong in ({"package_type": "chart"}, {"status": "new"}, {"sort": "up"},
                      {"order_by": "size"}, {"order_by": "project_path"}):
            (name, _), = wrong.items()
            self.refused(400, f"{name} does not have a valid value", admin.http_get,
                         self.packages.path, query_data=wrong)
        self.refused(400, "include_versionless is invalid", self.packages.list, get_all=True,
                     include_versionless="perhaps")

    def test_lists_of_a_group(self):
        below = admin.groups.create({"name": "Sub", "path": "sub", "visibility": "public",
                                     "parent_id": self.group_around.id})
        inner = self.project(below, visibility="public")
        hidden = self.project(self.group_around)
        for project in (inner, hidden):
            self.assertEqual(self.push(project, ADMIN_TOKEN, TIDE), PUSHED)
        of = lambda api, **more: [
            (p.project_id, p.project_path, p.name, p.version)
            for p in api.groups.get(self.group_around.id).packages.list(get_all=True, **more)]
        row = lambda project, name, version: (project.id, project.path_with_namespace, name, version)
        here = [row(self.place, "hello", "0.1.0"), row(self.place, "hello", "0.2.0"),
                row(self.place, "tide", "1.0.0")]
        self.assertEqual(of(nobody), [*here, row(inner, "tide", "1.0.0")])
        self.assertEqual(of(nobody, exclude_subgroups=True), here)
        self.assertEqual(of(admin), [*here, row(inner, "tide", "1.0.0"),
                                     row(hidden, "tide", "1.0.0")])
        jane = Person("jane")
        self.join(hidden, jane, GUEST)
        self.assertEqual(len(of(jane.api)), 5)
        by_path = of(jane.api, package_name="tide", order_by="project_path", sort="desc")
        self.assertEqual([r[1] for r in by_path], sorted((r[1] for r in by_path), reverse=True))
        self.assertEqual(len(by_path), 3)
        inner.package_registry_access_level = "disabled"
        inner.save()
        self.assertEqual(of(nobody), here)
        closed = self.group()
        self.refused(404, "404 Group Not Found", jane.api.http_get, f"/groups/{closed.id}/packages")
        self.refused(400, "order_by does not have a valid value", nobody.http_get,
                     f"/groups/{self.group_around.id}/packages", query_data={"order_by": "id"})

    def test_files(self):
        package = self.one("hello", "0.1.0")
        file, = package.package_files.list(get_all=True)
        told = dict(file.attributes)
        self.assertRegex(told.pop("created_at"), r"Z$")
        told.pop("project_id", None)
        bytes_pushed = (CHARTS / HELLO).read_bytes()
        self.assertEqual(told, {
            "id": file.id, "package_id": package.id, "file_name": HELLO,
            "size": len(bytes_pushed), "file_md5": None, "file_sha1": None,
            "file_sha256": hashlib.sha256(bytes_pushed).hexdigest(), "channel": "stable"})
        path = f"/projects/{self.place.id}/packages/{package.id}/package_files"
        answer = nobody.http_get(f"{path}/{file.id}/download", raw=True, streamed=False)
        self.assertEqual(answer.content, bytes_pushed)
        self.assertIn(HELLO, answer.headers["Content-Disposition"])
        for order in ("id", "created_at", "file_name"):
            self.assertEqual(len(nobody.http_get(path, query_data={
                "order_by": order, "sort": "desc"})), 1)
        self.refused(400, "order_by does not have a valid value", nobody.http_get, path,
                     query_data={"order_by": "size"})
        self.refused(404, "404 Not found", nobody.http_get,
                     f"/projects/{self.place.id}/packages/999999/package_files")
        self.refused(404, "404 Not Found", nobody.http_get, f"{path}/999999/download")
        self.refused(400, "package_file_id is invalid", nobody.http_get, f"{path}/x/download")

    def test_a_removed_package_is_gone_at_once(self):
        package = self.one("hello", "0.1.0")
        self.assertIn(HELLO, self.index())
        self.packages.delete(package.id)
        self.assertNotIn(HELLO, self.index())
        self.assertIn(HELLO_2, self.index())
        self.assertEqual(self.read(self.place, chart=HELLO), 404)
        self.assertEqual(self.listed(), [HELLO_2, TIDE])
        self.refused(404, "404 Not found", self.packages.delete, package.id)
        self.refused(404, "404 Not found", self.packages.get, package.id)
        self.refused(400, "package_id is invalid", self.packages.delete, "x")
        self.assertEqual(self.push(self.place, ADMIN_TOKEN, HELLO), PUSHED)
        self.assertNotEqual(self.one("hello", "0.1.0").id, package.id)
        event = self.place.audit_events.list(get_all=False)
        self.assertEqual([e.event_name for e in event][:2], ["chart_pushed", "chart_removed"])
        self.assertEqual(event[1].details["target_id"], package.id)
        self.assertEqual(event[1].details["target_details"], "hello 0.1.0")

    def test_a_removed_file_takes_its_version_out(self):
        package = self.one("hello", "0.1.0")
        files = package.package_files
        file, = files.list(get_all=True)
        self.refused(404, "404 Not Found", files.delete, 999999)
        self.refused(404, "404 Not Found", self.one("tide", "1.0.0").package_files.delete, file.id)
        self.refused(400, "package_file_id is invalid", files.delete, "x")
        files.delete(file.id)
        self.assertNotIn(HELLO, self.index())
        self.refused(404, "404 Not found", self.packages.get, package.id)
        self.refused(404, "404 Not found", files.delete, file.id)

    def test_who_may(self):
        package = self.one("hello", "0.1.0")
        jane = Person("jane")
        hers = jane.api.projects.get(self.place.id)
        file = package.package_files.list(get_all=True)[0].id
        self.refused(401, SIGN_IN, nobody.projects.get(self.place.id).packages.delete, package.id)
        for level in (None, GUEST, DEVELOPER):
            if level == GUEST:
                self.join(self.place, jane, level)
            elif level:
                self.place.members.update(jane.id, {"access_level": level})
            self.assertEqual(len(hers.packages.list(get_all=True)), 3)
            self.refused(403, NO_ROLE, hers.packages.delete, package.id)
            self.refused(403, NO_ROLE, hers.packages.get(package.id).package_files.delete, file)
        self.place.members.update(jane.id, {"access_level": MAINTAINER})
        self.place.package_protection_rules.create({
            "package_name_pattern": "h*", "package_type": "helm",
            "minimum_access_level_for_push": "maintainer",
            "minimum_access_level_for_delete": "owner"})
        self.refused(403, PROTECTED, hers.packages.delete, package.id)
        self.refused(403, PROTECTED, hers.packages.get(package.id).package_files.delete, file)
        writer = self.place.deploytokens.create({"name": "w", "scopes": ["write_package_registry"]})
        robot = as_deploy_token(writer.token)
        path = f"/projects/{self.place.id}/packages"
        self.refused(403, PROTECTED, robot.http_delete, f"{path}/{package.id}")
        self.place.members.update(jane.id, {"access_level": OWNER})
        hers.packages.delete(package.id)
        self.place.archive()
        self.refused(403, "403 Forbidden - the project is archived", self.packages.delete,
                     self.one("tide", "1.0.0").id)
        self.place.unarchive()
        # Off: nobody sees them.
        self.place.package_registry_access_level = "disabled"
        self.place.save()
        self.refused(403, "403 Forbidden - packages are switched off for this project",
                     self.packages.list, get_all=True)

    def test_deploy_tokens(self):
        private = self.project(self.group_around)
        self.assertEqual(self.push(private, ADMIN_TOKEN, TIDE), PUSHED)
        path = f"/projects/{private.id}/packages"
        package = private.packages.list(get_all=True)[0]
        scopes = {"read": ["read_package_registry"],
                  "write": ["read_package_registry", "write_package_registry"]}
        for place in (private, self.group_around):
            reader = as_deploy_token(place.deploytokens.create(
                {"name": "r", "scopes": scopes["read"]}).token)
            self.assertEqual([p["id"] for p in reader.http_get(path)], [package.id])
            self.assertEqual(reader.http_get(f"{path}/{package.id}")["name"], "tide")
            self.refused(403, NO_ROLE, reader.http_delete, f"{path}/{package.id}")
            writer = as_deploy_token(place.deploytokens.create(
                {"name": "w", "scopes": scopes["write"]}).token)
            writer.http_delete(f"{path}/{package.id}")
            self.assertEqual(reader.http_get(path), [])
            self.assertEqual(self.push(private, ADMIN_TOKEN, TIDE), PUSHED)
            package = private.packages.list(get_all=True)[0]
        stranger = as_deploy_token(self.place.deploytokens.create(
            {"name": "s", "scopes": scopes["write"]}).token)
        self.refused(404, "404 Project Not Found", stranger.http_get, path)
        self.refused(404, "404 Project Not Found", stranger.http_delete, f"{path}/{package.id}")
        self.assertEqual(len(client(ADMIN_TOKEN).http_get(path)), 1)
