"""What no client sends, and what becomes of it: never more than a refusal in JSON."""

import json

import requests
from house import ADMIN_TOKEN, URL, House, OWNER, Person, admin, client, unique

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
GONE = {"message": "404 Not found"}
NO_ROUTE = {"error": "404 Not Found"}


def ask(method, path, body=None, of_type=JSON, **headers):
    """Status and answer; the path goes out as it is."""
    request = requests.Request(method, URL, data=body,
                               headers={"PRIVATE-TOKEN": ADMIN_TOKEN, "Content-Type": of_type,
                                        **headers})
    with requests.Session() as session:
        prepared = session.prepare_request(request)
        prepared.url = f"{URL}/api/v4{path}"
        answer = session.send(prepared, timeout=60)
    return answer.status_code, answer.json() if answer.content else None


class Bodies(House):
    def setUp(self):
        self.place = self.group(visibility="public")
        self.path = f"/groups/{self.place.id}"

    def test_no_json(self):
        not_json = {"error": "message body does not match declared format: not JSON"}
        for body in (b"{", b"{}{}", b"name=x", b"{'name':'x'}", b'{"name":}', b"\xff", b"nul",
                     b'{"name":"\xff"}', b'{"name":"\\ud800"}', b"[" * 100000, b'{"a":' * 17 + b"1" + b"}" * 17):
            with self.subTest(body=body[:40]):
                self.assertEqual(ask("PUT", self.path, body), (400, not_json))
        no_object = {"error": "message body does not match declared format: not a JSON object"}
        for body in (b"[]", b'"name"', b"1", b"true"):
            self.assertEqual(ask("PUT", self.path, body), (400, no_object))
        for body in (b"null", b"{}", b"", b" {} "):
            self.assertEqual(ask("PUT", self.path, body)[0], 200)

    def test_values_of_the_wrong_kind(self):
        for value in ({}, {"a": 1}, [], ["x"], [[]]):
            self.assertEqual(ask("PUT", self.path, json.dumps({"name": value})),
                             (400, {"error": "name is invalid"}))
        for value in ("x", 1.5, 1e30, 2**63, -2**63 - 1, "1 ", "0x1", {}, [1]):
            with self.subTest(value=value):
                self.assertEqual(
                    ask("POST", f"{self.path}/members",
                        json.dumps({"user_id": value, "access_level": 30})),
                    (400, {"error": "user_id is invalid"}))
        self.assertEqual(ask("POST", f"{self.path}/members",
                             json.dumps({"user_id": 2**63 - 1, "access_level": 30})),
                         (404, {"message": "404 User Not Found"}))
        for nobody in ({"user_id": ""}, {"username": ""}, {"user_id": None, "username": None}):
            self.assertEqual(
                ask("POST", f"{self.path}/members", json.dumps({"access_level": 30, **nobody})),
                (400, {"error": "user_id, username are missing, exactly one parameter must be "
                                "provided"}))
        self.assertEqual(ask("POST", f"{self.path}/access_tokens",
                             json.dumps({"name": "x", "scopes": [{"api": 1}, None]})),
                         (400, {"error": "scopes does not have a valid value"}))
        self.assertEqual(ask("POST", f"{self.path}/members",
                             json.dumps({"user_id": 1, "access_level": None})),
                         (400, {"error": "access_level is missing"}))
        for value in ("2027-13-01", "2027-02-30", "9999-01-01", "0001-01-01", "2027", 20270101,
                      "2027-01-01T25:00:00Z", "2027-01-01 ", "2027-01-01T00:00:00"):
            with self.subTest(value=value):
                self.assertEqual(ask("POST", f"{self.path}/deploy_tokens", json.dumps(
                    {"name": "x", "scopes": ["read_registry"], "expires_at": value})),
                                 (400, {"error": "expires_at is invalid"}))

    def test_names_that_nobody_can_read(self):
        for name in ("a\x00b", "a\x1bb", "\x7f", "x" * 256):
            with self.subTest(name=name):
                self.assertEqual(ask("PUT", self.path, json.dumps({"name": name}))[0], 400)
        not_utf8 = {"error": "a parameter is not UTF-8"}
        self.assertEqual(ask("PUT", self.path, b"name=%FF", FORM), (400, not_utf8))
        self.assertEqual(ask("PUT", self.path, b"%C0%80=x", FORM), (400, not_utf8))
        self.assertEqual(ask("GET", "/projects?search=%ED%A0%80"), (400, not_utf8))
        self.assertEqual(ask("PUT", self.path, json.dumps({"name": "Größe 🚢"}))[1]["name"], "Größe 🚢")
        self.assertEqual(admin.groups.get(self.place.id).name, "Größe 🚢")

    def test_names_that_are_empty(self):
        jane, project = Person("jane"), self.project()
        for path in (self.path, f"/users/{jane.id}", f"/projects/{project.id}"):
            self.assertEqual(ask("PUT", path, b'{"name":""}'),
                             (400, {"message": {"name": ["can't be blank"]}}))

    def test_unknown_names_do_no_harm(self):
        body = json.dumps({"name": "Known", "no_such": {"deep": [1, {}]}, "id": 1, "admin": True,
                           "parent_id": 1, "runners_token": None})
        status, shown = ask("PUT", self.path, body)
        self.assertEqual((status, shown["name"], shown["id"]), (200, "Known", self.place.id))

    def test_what_the_body_says_counts(self):
        status, shown = ask("PUT", self.path + "?name=query&description=q", b'{"name":"body"}')
        self.assertEqual((status, shown["name"], shown["description"]), (200, "body", "q"))
        status, shown = ask("PUT", self.path, b"name=a+form%21&description=", FORM)
        self.assertEqual((status, shown["name"], shown["description"]), (200, "a form!", ""))
        of_type = "multipart/form-data; boundary=x"
        part = lambda name, text, more="": (
            f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{text}\r\n')
        body = part("name", "a multipart") + part("avatar", "bytes", '; filename="a.png"') + "--x--\r\n"
        status, shown = ask("PUT", self.path, body.encode(), of_type)
        self.assertEqual((status, shown["name"]), (200, "a multipart"))
        for broken in (body[:-4], "--y--", "x", body.replace("form-data", "file")):
            with self.subTest(body=broken):
                self.assertEqual(ask("PUT", self.path, broken.encode(), of_type)[0], 400)
        self.assertEqual(ask("PUT", self.path, body.encode(), "multipart/form-data")[0], 400)

    def test_types_that_are_not_taken(self):
        told = {"error": "The provided content-type is not supported: send application/json, "
                         "application/x-www-form-urlencoded or multipart/form-data"}
        for of_type in ("text/plain", "application/xml", "application/jsonx", "json"):
            self.assertEqual(ask("PUT", self.path, b'{"name":"x"}', of_type), (415, told))
            self.assertEqual(ask("PUT", self.path, b"", of_type)[0], 200)
        self.assertEqual(ask("PUT", self.path, b'{"name":"x"}', "application/JSON; charset=utf-8")[0], 200)

    def test_sizes(self):
        mebibyte = 1024 * 1024
        fill = lambda size: b'{"name":"x","rest":"' + b"y" * (size - 22) + b'"}'
        self.assertEqual(len(fill(mebibyte)), mebibyte)
        self.assertEqual(ask("PUT", self.path, fill(mebibyte))[0], 200)
        self.assertEqual(ask("PUT", self.path, fill(mebibyte + 1))[0], 413)
        self.assertEqual(ask("PUT", self.path, (b"x" * 65536 for _ in range(32)))[0], 413)
        self.assertEqual(ask("PUT", self.path, b"a=b&" * 999, FORM)[0], 200)
        self.assertEqual(ask("PUT", self.path, b"a=b&" * 200000, FORM)[0], 400)


class Paths(House):
    def test_numbers_that_nothing_has(self):
        project = self.project()
        for number in (0, 999999, 2**63 - 1, 2**63, 2**64 + 1, "9" * 100):
            with self.subTest(number=number):
                self.assertEqual(ask("GET", f"/projects/{number}"),
                                 (404, {"message": "404 Project Not Found"}))
                self.assertEqual(ask("GET", f"/groups/{number}"),
                                 (404, {"message": "404 Group Not Found"}))
                self.assertEqual(ask("GET", f"/users/{number}"),
                                 (404, {"message": "404 User Not Found"}))
                self.assertEqual(ask("GET", f"/audit_events/{number}"), (404, GONE))
                self.assertEqual(ask("GET", f"/projects/{project.id}/deploy_tokens/{number}"),
                                 (404, GONE))
        for number in ("-1", "+1", "1.0", "1e3", "%31x", "٣"):
            with self.subTest(number=number):
                self.assertEqual(ask("GET", f"/users/{number}")[0], 404)
                self.assertEqual(ask("GET", f"/projects/{number}")[0], 404)

    def test_tricks(self):
        project = self.project(visibility="public")
        path = project.path_with_namespace.replace("/", "%2F")
        self.assertEqual(ask("GET", f"/projects/{path}")[0], 200)
        for trick in ("%252F".join(project.path_with_namespace.split("/")), path + "%00", path + "%2F",
                      "%2F" + path, path + "%2F..", "..%2F" + path, path + "%20", path + ".git",
                      path.replace("%2F", "%2F%2F"), path.replace("%2F", "%2F.%2F"),
                      path.replace("%2F", "%5C"), path + "%0A"):
            with self.subTest(path=trick):
                status, told = ask("GET", f"/projects/{trick}")
                self.assertEqual(status, 404)
                self.assertIn(told, ({"message": "404 Project Not Found"}, NO_ROUTE))
        for path in ("/projects/", "/groups//members", "/users/1/", "/users/1%2Fblock", "/no_such",
                     "/projects/../users", "/projects/%2e%2e/users", f"/projects/{project.id}/members/"):
            with self.subTest(path=path):
                self.assertEqual(ask("GET", path), (404, NO_ROUTE))
        for method, path in (("PATCH", "/users"), ("POST", "/version"), ("DELETE", "/groups"),
                             ("PUT", f"/projects/{project.id}/archive")):
            self.assertEqual(ask(method, path), (405, {"error": "405 Not Allowed"}))

    def test_tokens_in_the_address_are_refused(self):
        for name in ("private_token", "access_token", "job_token", "token"):
            for path in ("/user", "/projects", "/personal_access_tokens/self"):
                status, told = ask("GET", f"{path}?{name}={ADMIN_TOKEN}")
                self.assertEqual(status, 400)
                self.assertNotIn(ADMIN_TOKEN, json.dumps(told))
        # In a body it is a name like any other, and gives nothing.
        jane = Person("jane")
        self.assertEqual(ask("PUT", f"/users/{jane.id}", json.dumps({"private_token": ADMIN_TOKEN}),
                             **{"PRIVATE-TOKEN": jane.token})[0], 403)

    def test_head(self):
        for path in ("/projects", "/users", "/user"):
            answer = requests.head(f"{URL}/api/v4{path}", headers={"PRIVATE-TOKEN": ADMIN_TOKEN},
                                   timeout=60)
            self.assertEqual((answer.status_code, answer.content), (200, b""))
            self.assertEqual(answer.headers["Content-Type"], JSON)


class LockedOut(House):
    def test_an_administrator_opens_what_a_rule_shut(self):
        project = self.project()
        owner = Person("owner")
        self.join(project, owner, OWNER)
        rules = owner.api.projects.get(project.id).package_protection_rules
        rules.create({"package_name_pattern": "*", "package_type": "helm",
                      "minimum_access_level_for_push": "admin"})
        self.assertEqual(self.push(project, owner.token)[0], 403)
        for rule in admin.projects.get(project.id).package_protection_rules.list(get_all=True):
            rule.delete()
        self.assertEqual(self.push(project, owner.token)[0], 201)

    def test_who_was_an_administrator_is_none_at_the_next_request(self):
        jane = Person("jane")
        admin.users.update(jane.id, {"admin": True})
        self.assertEqual(client(jane.token).http_get("/application/plan_limits")["helm_max_file_size"],
                         5242880)
        admin.users.update(jane.id, {"admin": False})
        self.refused(403, "403 Forbidden - only administrators may do this", jane.api.http_get,
                     "/application/plan_limits")

    def test_a_group_that_is_gone_takes_its_rights_along(self):
        group = self.group()
        project = self.project(group)
        jane = Person("jane")
        self.join(group, jane, OWNER)
        token = project.access_tokens.create({"name": unique("robot"), "scopes": ["api"]}).token
        deploy = project.deploytokens.create({"name": "x", "scopes": ["read_package_registry"]}).token
        group.delete()
        self.refused(404, "404 Project Not Found", jane.api.projects.get, project.id)
        for old in (token, deploy):
            self.refused(401, "nobody has this token; check that it was copied whole",
                         client(old).auth)
        self.assertEqual(self.read(project, deploy), 401)
