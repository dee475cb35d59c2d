#!/usr/bin/env python3
"""Every route of the administration API, tried by every kind of caller in places of every visibility,
and in clusters of every kind of owner.

rest_rights.py HOST:PORT PILOTHOUSE DATA TABLE…

The routes come from the tables, what each needs from docs/HTTP-API.md, and what that means from
MEANING below: a route without a row there, or a need without a meaning, fails.

A request that gets past the right is answered 415, for its body is of a type that nothing takes; so
nothing is ever changed, and every request can be tried by everybody. What only reads, and removals of
what is not there, are tried in earnest besides: handlers refuse some of it on their own. So is the
registration of clusters, whose right depends on the body; its kubeconfig is none, so that it ends there.

The server finds no helm (setting releases.helm), so whatever asks a cluster is 503; none is there.
"""

import datetime
import http.client
import json
import pathlib
import re
import subprocess
import sys
import time

from routes_seen import routes_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| *([A-Z]+) *\| *`(/api/v4/[^`]*)` *\|.*\| *([^|]*?) *\|$", re.MULTILINE)
VISIBILITIES = ("private", "internal", "public")
ROLES = {"guest": 10, "reporter": 20, "developer": 30, "maintainer": 40, "owner": 50}
PASSED, UNKNOWN, NO_ROLE, HIDDEN = 415, 401, 403, 404
NO_HELM, NO_KUBECONFIG = 503, 400
NOTHING = 999999  # the number of no user, token, rule or event

# What is needed: the scopes of which one is enough; where; the least role there.
LOOK, CHANGE = ("read_api", "api"), ("api",)
MEANING = {
    "nobody in particular": (LOOK, "browse", 0),
    "a user": (("read_user", *LOOK), "server", 0),
    "a user who may change": (CHANGE, "server", 0),
    "the token itself": (None, "server", 0),
    "the token itself, to rotate": (("self_rotate", *CHANGE), "server", 0),
    "an administrator": (CHANGE, "administer", 0),
    "a look at the group": (LOOK, "group", 0),
    "maintainer of the group": (CHANGE, "group", 40),
    "owner of the group": (CHANGE, "group", 50),
    "a look at the project": (LOOK, "project", 0),
    "maintainer of the project": (CHANGE, "project", 40),
    "owner of the project": (CHANGE, "project", 50),
    "the right to read": (LOOK, "charts", 0),
    "the right to push": (CHANGE, "charts", 30),
    "the right to remove": (CHANGE, "charts", 40),
    "reporter of the cluster": (LOOK, "cluster", 20),
    "developer of the cluster": (CHANGE, "cluster", 30),
    "maintainer of the cluster": (CHANGE, "cluster", 40),
}
# Well enough formed to be registered; nothing listens there.
KUBECONFIG = """{"clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}],
"users": [{"name": "a", "user": {"token": "nobodys"}}],
"contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}], "current-context": "a"}"""


class Cluster:
    """Where releases go: a project's or group's of one visibility, or nobody's; or one that is not there."""

    def __init__(self, name, owner=None, v=None, there=True):
        self.name, self.owner, self.v, self.there = name, owner, v, there
        self.given = {}  # user name to level: roles in the cluster itself


class House:
    """The server's places, and people with every role in each: by the API and the command line."""

    def __init__(self, address, program, data):
        self.address, self.program, self.data = address, program, data
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.command("user", "create", "root", "--admin")
        self.root = self.token("root")
        self.places = {v: self.make_places(v) for v in VISIBILITIES}
        self.clusters = [self.make_cluster(f"{owner}-{v}", owner, v)
                         for v in VISIBILITIES for owner in ("project", "group", "top")]
        self.clusters += [self.make_cluster("shared"), Cluster("nowhere", there=False)]

    def command(self, *words):
        done = subprocess.run([self.program, *words, "--json", "--data", self.data], check=True,
                              capture_output=True, text=True)
        return json.loads(done.stdout)

    def token(self, user, scope="api"):
        return self.command("token", "create", "--user", user, "--scope", scope)["token"]

    def ask(self, method, path, token="", body=None, of_type="application/json"):
        headers = {"PRIVATE-TOKEN": token} if token else {}
        if body is not None:
            headers["Content-Type"] = of_type
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def make(self, where, /, **wanted):
        status, made = self.ask("POST", f"/api/v4/{where}", self.root, json.dumps(wanted))
        assert status == 201, (where, wanted, status, made)
        return made

    def make_places(self, v):
        """A project in a group in a group, all as visible."""
        top = self.make("groups", name=v, path=f"top-{v}", visibility=v)["id"]
        group = self.make("groups", name=v, path="group", visibility=v, parent_id=top)["id"]
        project = self.make("projects", path="project", visibility=v, namespace_id=group)["id"]
        return {"top": f"groups/{top}", "group": f"groups/{group}", "project": f"projects/{project}"}

    def make_cluster(self, name, owner=None, v=None):
        wanted = {"name": name, "kubeconfig": KUBECONFIG}
        if owner:
            kind, number = self.places[v][owner].split("/")
            wanted[f"{kind.removesuffix('s')}_id"] = int(number)
        self.make("clusters", **wanted)
        return Cluster(name, owner, v)

    def join(self, user, where, level):
        for places in self.places.values():
            self.make(f"{places[where]}/members", user_id=user, access_level=level)

    def allow(self, username, cluster, word):
        """A role in the cluster itself."""
        self.command("cluster", "allow", cluster, username, "--role", word)
        place = next(c for c in self.clusters if c.name == cluster)
        place.given[username] = ROLES[word]


class Caller:
    """Who asks: what the token is, and what the caller is in the places of one visibility, or of all."""

    def __init__(self, name, token, scopes=("api",), **more):
        self.name, self.token, self.scopes = name, token, scopes
        self.role = more.get("role", 0)        # as it was given
        self.where = more.get("where")         # top, group, project
        self.only = more.get("only")           # one visibility, for a token of one place
        self.user = more.get("user")           # his name
        self.admin = more.get("admin", False)
        self.answer = more.get("answer")       # to whatever is asked
        self.in_charts = more.get("in_charts")  # the role of a token of a place, in its charts alone
        self.anonymous = not token

    def role_in(self, kind, v):
        if self.admin:
            return 50
        if self.only not in (None, v) or self.where is None:
            return 0
        inherited = {"project": ("top", "group", "project"), "group": ("top", "group"), "top": ("top",)}[kind]
        return self.role if self.where in inherited else 0

    def role_on(self, cluster):
        inherited = self.role_in(cluster.owner, cluster.v) if cluster.owner else 0
        return max(50 if self.admin else 0, inherited, cluster.given.get(self.user, 0))

    def knows_of_the_group(self, v):
        """By a role in something that lies in it."""
        return self.where == "project" and self.only in (None, v)


def callers(house):
    yield Caller("anonymous", "", ())
    yield Caller("unknown token", "plhp_nothing", answer=UNKNOWN)
    yield Caller("administrator", house.root, admin=True)
    yield Caller("administrator read_api", house.token("root", "read_api"), ("read_api",), admin=True)
    house.command("user", "create", "stranger")
    for scope in ("api", "read_api", "read_user", "self_rotate", "read_repository"):
        yield Caller(f"stranger {scope}", house.token("stranger", scope), (scope,))
    for word in ("reporter", "developer", "maintainer"):
        user = f"{word}-in-clusters"
        house.command("user", "create", user)
        for cluster in ("shared", "project-private", "group-public"):
            house.allow(user, cluster, word)
        yield Caller(f"{word} in clusters", house.token(user), user=user)
        yield Caller(f"{word} in clusters read_api", house.token(user, "read_api"), ("read_api",), user=user)
    for where in ("top", "group", "project"):
        for word, level in ROLES.items():
            user = house.command("user", "create", f"{word}-{where}")
            house.join(user["id"], where, level)
            yield Caller(f"{word} of {where}", house.token(f"{word}-{where}"), role=level, where=where,
                         user=user["username"])
    # The higher of two roles counts, whichever it is.
    house.allow("guest-top", "project-internal", "developer")
    house.allow("maintainer-project", "project-internal", "reporter")
    for scope in ("read_api", "read_user", "self_rotate", "read_repository"):
        yield Caller(f"owner {scope}", house.token("owner-top", scope), (scope,), role=50, where="top",
                     user="owner-top")

    for v, places in house.places.items():
        for where in ("group", "project"):
            for scope, level in (("api", 40), ("api", 50), ("read_api", 50)):
                made = house.make(f"{places[where]}/access_tokens", name="x", scopes=[scope],
                                  access_level=level)
                yield Caller(f"access token {level} {scope} of {v} {where}", made["token"], (scope,),
                             role=level, where=where, only=v)
            for kind, level in (("read", 20), ("write", 40)):
                made = house.make(f"{places[where]}/deploy_tokens", name="x",
                                  scopes=[f"{kind}_package_registry"])
                yield Caller(f"deploy token to {kind} of {v} {where}", made["token"],
                             answer=NO_ROLE, in_charts=level, only=v)
        job = house.command("job-token", "create", "--user", "owner-top", "--project",
                            f"top-{v}/group/project")
        yield Caller(f"job token of {v}", job["token"], answer=NO_ROLE, in_charts=50, only=v)

    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
    root = house.ask("GET", "/api/v4/user", house.root)[1]["id"]
    ended = house.make(f"users/{root}/personal_access_tokens", name="x", scopes=["api"],
                       expires_at=soon.isoformat())["token"]
    deadline = time.monotonic() + 20
    while house.ask("GET", "/api/v4/user", ended)[0] != UNKNOWN:
        assert time.monotonic() < deadline, "a token does not end"
        time.sleep(0.02)
    yield Caller("administrator whose token ended", ended, answer=UNKNOWN)

    for word, answer in (("blocked", NO_ROLE), ("revoked", UNKNOWN)):
        user = house.command("user", "create", word, "--admin")["id"]
        token = house.token(word)
        if word == "blocked":
            house.make(f"users/{user}/block")
        else:
            status, _ = house.ask("DELETE", "/api/v4/personal_access_tokens/self", token)
            assert status == 204, status
        yield Caller(f"{word} administrator", token, answer=answer)


def wanted(need, caller, v):
    """What the route has to answer; v is a visibility, or a cluster."""
    scopes, where, least = MEANING[need]
    if where == "charts":
        if caller.in_charts:
            return wanted_of_token(caller, least, v)
        where = "project"
    if caller.answer:
        return caller.answer
    if not caller.anonymous and scopes is not None and not set(scopes) & set(caller.scopes):
        return NO_ROLE
    return wanted_of(where, least, caller, v)


def wanted_of(where, least, caller, v):
    """The same, scopes and broken tokens left aside."""
    if where == "browse":
        return PASSED
    if where in ("server", "administer"):
        if caller.anonymous:
            return UNKNOWN
        return PASSED if where == "server" or caller.admin else NO_ROLE
    if where == "cluster":
        return wanted_on(v, least, caller)
    role = caller.role_in(where, v)
    sees = role > 0 or v == "public" or (v == "internal" and not caller.anonymous) or (
        where == "group" and caller.knows_of_the_group(v))
    if not sees:
        return UNKNOWN if caller.anonymous else HIDDEN
    if role >= least:
        return PASSED
    return UNKNOWN if caller.anonymous else NO_ROLE


def wanted_on(cluster, least, caller):
    """Of who is known: whether a cluster is there is no secret."""
    if caller.anonymous:
        return UNKNOWN
    if not cluster.there:
        return HIDDEN
    return PASSED if caller.role_on(cluster) >= least else NO_ROLE


def wanted_of_token(caller, least, v):
    """Of a token of a place in the charts of a project."""
    role = caller.in_charts if caller.only == v else 0
    if role == 0 and v != "public":
        return HIDDEN
    return PASSED if role >= least else NO_ROLE


def wanted_in_earnest(method, pattern, need, caller, v):
    """The same of a request that is meant: what handlers know better than the table."""
    right = wanted(need, caller, v)
    if right != PASSED:
        return right
    if pattern.endswith("/foreign_releases"):
        return NO_HELM
    if "/members" in pattern and not of_cluster(pattern):
        of_group = "{group*}" in pattern
        role = caller.role_in("group" if of_group else "project", v)
        if caller.anonymous:
            return UNKNOWN
        if method == "DELETE" and ("api" not in caller.scopes or role < (50 if of_group else 40)):
            return NO_ROLE
        if of_group and v == "private" and role == 0:
            return NO_ROLE
    if "personal_access_tokens/{token}" in pattern and not caller.admin:
        return UNKNOWN
    return HIDDEN if names_nothing(pattern) else 200


def of_cluster(pattern):
    return "{cluster}" in pattern


def names_nothing(pattern):
    return re.search(r"\{\w+\}", pattern.replace("{cluster}", "")) is not None


def filled(pattern, house, v):
    if of_cluster(pattern):
        return re.sub(r"\{\w+\}", str(NOTHING), pattern.replace("{cluster}", v.name))
    path, places = pattern, house.places[v]
    for kind in ("group", "project"):
        path = path.replace(f"{kind}s/{{{kind}*}}", places[kind])
    return re.sub(r"\{\w+\}", str(NOTHING), path)


def places_of(pattern, house):
    if of_cluster(pattern):
        return house.clusters
    return VISIBILITIES if "{group*}" in pattern or "{project*}" in pattern else ("public",)


def registrations(house):
    """What registers a cluster of each kind, and what that needs."""
    for v, places in house.places.items():
        for kind in ("project", "group"):
            yield f"owner of the {kind}", v, {f"{kind}_id": int(places[kind].split("/")[1])}
    yield "an administrator", "public", {}


def try_registrations(house, everybody):
    """How many were tried; then what was otherwise than it should be."""
    asked, complaints = 0, []
    for need, v, owner in registrations(house):
        body = json.dumps({"name": "fresh", "kubeconfig": "none", **owner})
        for caller in everybody:
            right = wanted(need, caller, v)
            status, told = house.ask("POST", "/api/v4/clusters", caller.token, body)
            asked += 1
            if status != (NO_KUBECONFIG if right == PASSED else right):
                complaints.append(f"registering a cluster, {need}, {v}, {caller.name}: wanted {right}, "
                                  f"got {status} {told}")
    return asked, complaints


def main():
    address, program, data, *tables = sys.argv[1:]
    routes = [route for table in tables for route in routes_of(table)]
    paper = {(m, p): need for m, p, need in
             ROW.findall((ROOT / "docs/HTTP-API.md").read_text(encoding="utf-8"))}
    complaints = [f"{' '.join(route)}: what is needed? {paper.get(route)}" for route in routes
                  if paper.get(route) not in MEANING]
    house = House(address, program, data)
    everybody = list(callers(house))
    asked = 0
    for method, pattern in routes if not complaints else ():
        need = paper[method, pattern]
        for v in places_of(pattern, house):
            path, place = filled(pattern, house, v), getattr(v, "name", v)
            for caller in everybody:
                tries = [(wanted(need, caller, v), b"x", "no/such")]
                if method == "GET" or (method == "DELETE" and names_nothing(pattern)):
                    tries.append((wanted_in_earnest(method, pattern, need, caller, v), None, None))
                for right, body, of_type in tries:
                    status, told = house.ask(method, path, caller.token, body, of_type)
                    asked += 1
                    if status != right:
                        complaints.append(f"{method} {pattern}, {place}, {caller.name}: wanted {right}, "
                                          f"got {status} {told}")
    if ("POST", "/api/v4/clusters") in routes and not complaints:
        more, complaints = try_registrations(house, everybody)
        asked += more
    print("\n".join(complaints) or
          f"{asked} requests to {len(routes)} routes by {len(everybody)} callers: all as written")
    return 1 if complaints or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
