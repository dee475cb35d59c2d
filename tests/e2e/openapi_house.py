#!/usr/bin/env python3
"""Furnishes a server for random requests, and tells its OpenAPI document what is there.

openapi_house.py URL ROOTS-TOKEN ARCHIVE… FOLDER

Writes FOLDER/tamed.json: the server's own document, but that parameters are, often, ids of things that are there, that
answers may hold nothing that it does not name, and that 503 is the only 5XX. What changes things gets the ids of what may
be lost. And the tokens of callers: FOLDER/reader, FOLDER/owner, FOLDER/passing, FOLDER/leaving.
"""

import contextlib
import datetime
import json
import pathlib
import sys
import urllib.error
import urllib.request

KUBECONFIG = """{"clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}],
"users": [{"name": "a", "user": {"token": "nobodys"}}],
"contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}], "current-context": "a"}"""
NOTHING = 999999  # the number of nothing
REQUESTS = {"query", "header"}
MEAN_OTHERS = {"id", "name", "version", "environment", "project", "event"}  # in bodies


class House:
    def __init__(self, url, root, archives):
        self.url, self.root, self.archives = url, root, archives
        self.chart, self.version = archive_names(archives)[0].removesuffix(".tgz").rsplit("-", 1)
        self.kept = self.place("kept")
        self.lost = self.place("lost")
        reader, loser = self.user("reader"), self.user("loser")
        self.loser = loser["id"]
        for place in (self.kept, self.lost):
            for kind in ("group", "project"):
                self.make(f"{kind}s/{place[kind]}/members", user_id=loser["id"], access_level=10)
            self.make(f"projects/{place['project']}/members", user_id=reader["id"], access_level=20)
        self.reader = self.token(reader, "read_api")
        owner = self.user("owner", admin=True)
        self.owner = self.token(owner, "api")
        passing = self.user("passing")
        self.newcomer = passing["id"]
        self.passing, self.leaving = self.token(passing, "api"), self.token(passing, "api")
        self.losers_tokens = [self.token(loser, "api", "id") for _ in range(2)]
        for name in ("quay", "pier"):
            self.make("clusters", name=name, kubeconfig=KUBECONFIG)
        self.release = self.operation = None
        for place in (self.kept, self.lost):
            place |= self.environment(place)

    def ask(self, method, path, body=None, of_type="application/json", below="/api/v4/"):
        request = urllib.request.Request(f"{self.url}{below}{path}", body, {"PRIVATE-TOKEN": self.root}, method=method)
        if body is not None:
            request.add_header("Content-Type", of_type)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def make(self, where, /, **wanted):
        return self.ask("POST", where, json.dumps(wanted).encode())

    def deploy(self, where, wanted=None):
        """Of the deploy API: what is there, or what is made there."""
        if wanted is None:
            return self.ask("GET", where, below="/api/deploy/")["results"]
        return self.ask("POST", where, json.dumps(wanted).encode(), below="/api/deploy/")

    def user(self, name, **more):
        return self.make("users", username=name, name=name, email=f"{name}@example.org", reset_password=True, **more)

    def token(self, user, scope, what="token"):
        return self.make(f"users/{user['id']}/personal_access_tokens", name="a", scopes=[scope])[what]

    def place(self, name):
        """A group and a project that everybody sees, with charts, and one of all that they may have."""
        group = self.make("groups", name=name, path=name, visibility="public")["id"]
        project = self.make("projects", path="charts", namespace_id=group, visibility="public")["id"]
        at = f"projects/{project}"
        for archive in self.archives:
            for channel in ("stable", "edge", "ebb", "flow"):
                self.push(f"{at}/packages/helm/api/{channel}/charts", archive)
        rule = self.make(f"{at}/packages/protection/rules", package_name_pattern="no-*", package_type="helm",
                         minimum_access_level_for_push="owner")["id"]
        tokens = [self.make(f"{where}/{kind}", name="a", scopes=[scope])["id"]
                  for where in (at, f"groups/{group}")
                  for kind, scope in (("access_tokens", "api"), ("deploy_tokens", "read_package_registry"))]
        packages = {each["version"]: each["id"] for each in self.ask("GET", f"{at}/packages")}
        package = packages.pop(self.version)
        hook = self.make(f"{at}/hooks", url="https://localhost:1/nobody")["id"]
        with contextlib.suppress(urllib.error.HTTPError):  # nobody takes it, but it is a delivery
            self.make(f"{at}/hooks/{hook}/test/push_events")
        delivery = self.ask("GET", f"{at}/hooks/{hook}/events")[0]["id"]
        (other,) = packages.values()
        files = [file["id"] for file in self.ask("GET", f"{at}/packages/{package}/package_files")]
        events = [self.ask("GET", f"{where}/audit_events")[0]["id"] for where in (at, f"groups/{group}")]
        return {"name": name, "group": group, "project": project, "hook": hook, "delivery": delivery, "rule": rule, "token": tokens, "package": package, "other": other,
                "file": files, "event": events}

    def environment(self, place):
        """Two environments in a place, two services in the first, and a deployment."""
        name = place["name"]
        organization = named(self.deploy("organization"), name)
        project = named(self.deploy(f"organization/{organization}/project"), f"{name}/charts")
        channel = named(self.deploy(f"organization/{organization}/helmRepository"), f"{name}/charts/stable")
        first, second = (
            self.deploy(f"project/{project}/environment", {"name": f"{name}-{n}", "cluster": "quay"})["id"] for n in (1, 2)
        )
        source = {"repository": channel, "chart_name": self.chart, "chart_version": self.version}
        service = {"auto_deploy": False, "source": {"helm_repository": source}, "arguments": [], "values_override": {}}
        helms = [self.deploy(f"environment/{first}/helm", {**service, "name": n})["id"] for n in ("one", "two")]
        deployment = self.deploy(f"helm/{helms[0]}/deploy", {})["execution_id"]
        return {"organization": organization, "project_id": project, "environment": first, "helm": helms[0],
                "deployment": deployment, "helm_repository": source, "helm_ids": [[helms[0]]],
                "helms": [[{"id": helms[0]}]], "empty": second, "going": helms[1]}

    def push(self, where, archive):
        line = b"--line\r\nContent-Disposition: form-data; name=\"chart\"; filename=\"a.tgz\"\r\n\r\n"
        body = line + pathlib.Path(archive).read_bytes() + b"\r\n--line--\r\n"
        self.ask("POST", where, body, "multipart/form-data; boundary=line")

    def install(self):
        version = f"kept/charts/stable/{self.chart}@{self.version}"
        begun = self.make("clusters/quay/releases", product_version_id=version, namespace="shop")
        self.release, self.operation = begun["release_id"], begun["id"]


def archive_names(archives):
    return [pathlib.Path(archive).name for archive in archives]


def named(things, name):
    return next(thing["id"] for thing in things if thing["name"] == name)


def values_of(house):
    """Of parameters, by name: what is there for requests that read, and for those that change."""
    chart, version = house.chart, house.version
    readable = f"kept/charts/stable/{chart}@{version}"
    both = {
        "channel": ["stable", "edge"],
        "chart": [chart],
        "version": [version],
        "cluster": ["quay"],
        "clusterId": ["quay"],
        "release": [house.release],
        "id": [house.release],
        "operation": [house.operation],
        "operation_id": [house.operation],
        "trigger": ["push_events", "deployment_events"],
        "url": ["https://localhost:1/nobody"],
        "api_endpoint_id": ["endpoint", "iam"],
        "product_version_id": [readable],
        "productVersionId": [readable],
        "kubeconfig": [KUBECONFIG],
        "to": ["stable", "edge"],
        "versions": [[version]],
        "range": ["*"],
        "expires_at": [(datetime.date.today() + datetime.timedelta(days=60)).isoformat()],
        "yandexPassportOauthToken": [house.owner],
        "arguments": [[], ["--post-renderer=x"]],
        "Pilothouse-Version": [house.ask("GET", "version")["version"]],
    }
    reads = {**both, **{name: listed(value) for name, value in house.kept.items()}, "user": [house.loser]}
    changes = {**both, **{name: listed(value) for name, value in house.lost.items()}, "user": [house.loser]}
    reads["group"].append("kept")
    reads["project"].append("kept/charts")
    changes["token"] += house.losers_tokens
    changes["channel"] = ["edge"]  # so that `stable` keeps what is deployed
    lost = house.lost
    changes |= {"group_id": listed(lost["group"]), "parent_id": listed(lost["group"]),
                "namespace_id": listed(lost["group"]), "project_id": listed(lost["project"]),
                "to_project": listed(lost["project"]), "user_id": [house.newcomer], "username": ["passing"]}
    # What takes away much has a place of its own.
    alone = {"remove_all_charts": {"channel": ["ebb"]}, "remove_chart": {"channel": ["flow"]},
             "remove_package": {"package": [lost["other"]]}, "edit_channel": {"channel": ["ebb"]},
             "remove_environment": {"environment": [lost["empty"]]}, "remove_service": {"helm": [lost["going"]]},
             "remove_services": {"helm_ids": [[lost["going"]]]},
             "pull_chart": {"file": [f"{chart}-{version}.tgz", f"{chart}-{version}.tgz.prov"]}}
    return reads, changes, alone


def listed(value):
    return list(value) if isinstance(value, list) else [value]


def tame(document, reads, changes, alone):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            there = {**(reads if method == "get" else changes), **alone.get(operation["operationId"], {})}
            for parameter in operation.get("parameters", []):
                if parameter.get("in") == "path":
                    parameter["schema"] = real_or_none(there[parameter["name"]], parameter["schema"], method)
                elif parameter.get("in") in REQUESTS and parameter["name"] in there:
                    parameter["schema"] = {"anyOf": [{"enum": there[parameter["name"]]}, parameter["schema"]]}
                if parameter.get("name") == "wait":
                    parameter["schema"]["maximum"] = 1  # seconds
            responses = operation["responses"]
            responses["503"] = responses.pop("5XX")  # no other of these is expected
            for media in operation.get("requestBody", {}).get("content", {}).values():
                name_real(media.get("schema", {}), changes)
    for name in document["components"]["schemas"].keys() - close_answers(document):
        name_real(document["components"]["schemas"][name], changes)


def close_answers(document):
    """Answers hold what the document names and nothing else. The names of the schemas that they are made of."""
    names = answers_of(document)
    for name in names:
        close(document["components"]["schemas"][name])
    for operation in operations_of(document):
        close(operation["responses"])
    close(document["components"]["responses"])
    return names


def real_or_none(there, schema, method):
    """What changes things must not find others of its own, so that what is needed later stays."""
    if method == "get":
        return {"anyOf": [{"enum": there}, schema]}
    return {"enum": [*there, NOTHING if schema.get("type") == "integer" else "no-such-thing"]}


def name_real(schema, there):
    """In the body of a request, too."""
    properties = schema.get("properties", {})
    for name in properties.keys() & there.keys() - MEAN_OTHERS:
        properties[name] = {"enum": there[name]}


def operations_of(document):
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def answers_of(document):
    """The schemas that answers are made of."""
    found, new = set(), names_in([o["responses"] for o in operations_of(document)])
    new |= names_in(document["components"]["responses"])
    while new - found:
        found |= new
        new = names_in([document["components"]["schemas"][name] for name in new])
    return found


def names_in(value):
    if isinstance(value, list):
        return set().union(*map(names_in, value))
    if not isinstance(value, dict):
        return set()
    reference = value.get("$ref", "")
    if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
        return {reference.rsplit("/", 1)[1]}
    return names_in(list(value.values()))


def close(value):
    if isinstance(value, list):
        for each in value:
            close(each)
    elif isinstance(value, dict):
        if "properties" in value and "type" in value:
            value.setdefault("additionalProperties", False)
        close(list(value.values()))


def main():
    url, root, *archives, folder = sys.argv[1:]
    house = House(url, root, archives)
    house.install()
    with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=60) as answer:
        document = json.load(answer)
    folder = pathlib.Path(folder)
    (folder / "openapi.json").write_text(json.dumps(document))
    tame(document, *values_of(house))
    (folder / "tamed.json").write_text(json.dumps(document))
    for caller in ("reader", "owner", "passing", "leaving"):
        (folder / caller).write_text(getattr(house, caller))


if __name__ == "__main__":
    main()
