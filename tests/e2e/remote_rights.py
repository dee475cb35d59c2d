#!/usr/bin/env python3
"""Every command of the command line, sent over HTTP by every kind of caller: what is denied is what REST denies him.

remote_rights.py HOST:PORT PILOTHOUSE DATA

Each command is held against its twin of the HTTP API: what that needs is in docs/HTTP-API.md, what it means in
rest_rights.py. The commands come from the program's own help: one without a row in COMMANDS fails.

The words of a command are such that it gets past the right and then comes to nothing, so everybody can try it. The
few that would do harm (HARMFUL) are tried by all who must not, and then by one who may.
"""

import json
import pathlib
import re
import subprocess
import sys

import rest_rights
from rest_rights import HIDDEN, NO_ROLE, NOTHING, PASSED, ROOT, UNKNOWN, VISIBILITIES, House, callers

LOCAL = {"version", "completion", "serve", "check-config", "help"}  # run where they were called
# The server has no part of them but `transfer` and `sent`. How they are called.
AT_CALLER = {
    "import": "import a/b stable /etc",
    "export": "export a/b stable /etc",
    "chart push": "chart push a/b stable FILE",
    "cluster add": "cluster add a --kubeconfig FILE --shared",
    "cluster edit": "cluster edit a --kubeconfig FILE",
    "release install": "release install a b",
    "release update": "release update a",
    "release uninstall": "release uninstall a --yes",
    "service add": "service add a",
    "service edit": "service edit a",
    "service deploy": "service deploy a",
    "service stop": "service stop a",
    "service restart": "service restart a",
    "service uninstall": "service uninstall a --yes",
    "service remove": "service remove a --yes",
    "service cancel": "service cancel a",
    "environment deploy": "environment deploy a",
    "environment stop": "environment stop a",
    "environment uninstall": "environment uninstall a --yes",
    "environment cancel": "environment cancel a",
    "release rollback": "release rollback a",
    "release stop": "release stop a",
    "release restart": "release restart a",
    "release diff": "release diff a",
    "operation watch": "operation watch a",
}

G, P = "/api/v4/groups/{group*}", "/api/v4/projects/{project*}"
HELM = "/api/v4/projects/{project...}/packages/helm/"
READ, PUSH = ("GET", HELM + "{channel}/index.yaml"), ("POST", HELM + "api/{channel}/charts")
REMOVE = ("DELETE", P + "/packages/helm/-/channels/{channel}/charts")
C = "/api/v4/clusters/{cluster}"
R, O = C + "/releases", C + "/operations"
OPEN, ADMINISTER, SEE = "nobody in particular", "an administrator", "a look at the project"
NUMBER = str(NOTHING)

# What is sent, by the command: {group}, {project}, {cluster} are places. Then the twin, or what is needed where there is none.
COMMANDS = {
    "user create": ("user create ...", ("POST", "/api/v4/users")),
    "user list": ("user list", ("GET", "/api/v4/users")),
    "user show": ("user show nobody", ("GET", "/api/v4/users/{user}")),
    "user edit": ("user edit nobody --name x", ("PUT", "/api/v4/users/{user}")),
    "user delete": ("user delete nobody --yes", ("DELETE", "/api/v4/users/{user}")),
    "user block": ("user block nobody", ("POST", "/api/v4/users/{user}/block")),
    "user unblock": ("user unblock nobody", ("POST", "/api/v4/users/{user}/unblock")),
    "group create": ("group create {group}/...", "maintainer of the group"),
    "group list": ("group list", ("GET", "/api/v4/groups")),
    "group show": ("group show {group}", ("GET", G)),
    "group edit": ("group edit {group} --path ...", ("PUT", G)),
    "group delete": ("group delete {group} --yes", ("DELETE", G)),
    "project create": ("project create {group}/...", "developer of the group"),
    "project list": ("project list", ("GET", "/api/v4/projects")),
    "project show": ("project show {project}", ("GET", P)),
    "project edit": ("project edit {project} --path ...", ("PUT", P)),
    "project archive": ("project archive {project}", ("POST", P + "/archive")),
    "project unarchive": ("project unarchive {project}", ("POST", P + "/unarchive")),
    "project delete": ("project delete {project} --yes", ("DELETE", P)),
    "member add": ("member add {project} nobody --role guest", ("POST", P + "/members")),
    "member list": ("member list {project}", ("GET", P + "/members")),
    "member show": ("member show {project} nobody", ("GET", P + "/members/{user}")),
    "member edit": ("member edit {project} nobody --role guest", ("PUT", P + "/members/{user}")),
    "member remove": ("member remove {project} bystander", "maintainer of the project"),
    "token create": ("token create --user nobody --scope api",
                     ("POST", "/api/v4/users/{user}/personal_access_tokens")),
    "token list": ("token list", ("GET", "/api/v4/personal_access_tokens")),
    "token show": (f"token show {NUMBER}", ADMINISTER),  # of others' tokens nobody hears
    "token rotate": (f"token rotate {NUMBER}", ADMINISTER),
    "token revoke": (f"token revoke {NUMBER}", ADMINISTER),
    "access-token create": ("access-token create {project} --name x --role guest --scope none",
                            ("POST", P + "/access_tokens")),
    "access-token list": ("access-token list {project}", ("GET", P + "/access_tokens")),
    "access-token show": (f"access-token show {{project}} {NUMBER}", ("GET", P + "/access_tokens/{token}")),
    "access-token rotate": (f"access-token rotate {{project}} {NUMBER}",
                            ("POST", P + "/access_tokens/{token}/rotate")),
    "access-token revoke": (f"access-token revoke {{project}} {NUMBER}", ("DELETE", P + "/access_tokens/{token}")),
    "deploy-token create": ("deploy-token create {project} --scope none", ("POST", P + "/deploy_tokens")),
    "deploy-token list": ("deploy-token list {project}", ("GET", P + "/deploy_tokens")),
    "deploy-token show": (f"deploy-token show {{project}} {NUMBER}", ("GET", P + "/deploy_tokens/{token}")),
    "deploy-token revoke": (f"deploy-token revoke {{project}} {NUMBER}", ("DELETE", P + "/deploy_tokens/{token}")),
    "job-token create": ("job-token create --project {project} --user nobody", ADMINISTER),  # the operator's
    "job-token list": ("job-token list {project}", ADMINISTER),
    "job-token revoke": (f"job-token revoke {NUMBER}", ADMINISTER),
    "channel list": ("channel list {project}", READ),
    "channel show": ("channel show {project} none", READ),
    "channel edit": ("channel edit {project} none --keep-newest x",
                     ("PUT", P + "/packages/helm/-/channels/{channel}")),
    "channel retain": ("channel retain {project} none", REMOVE),
    "package list": ("package list {project}", ("GET", P + "/packages")),
    "package show": (f"package show {{project}} {NUMBER}", ("GET", P + "/packages/{package}")),
    "package delete": (f"package delete {{project}} {NUMBER} --yes", ("DELETE", P + "/packages/{package}")),
    "package delete-file": (f"package delete-file {{project}} {NUMBER} 1 --yes",
                            ("DELETE", P + "/packages/{package}/package_files/{file}")),
    "chart list": ("chart list {project} none", READ),
    "chart show": ("chart show {project} none x", READ),
    "chart remove": ("chart remove {project} none x", REMOVE),
    "chart promote": ("chart promote {project} none other x", PUSH),
    "chart deprecate": ("chart deprecate {project} none x", PUSH),
    "chart undeprecate": ("chart undeprecate {project} none x", PUSH),
    "chart yank": ("chart yank {project} none x 1.0.0 --reason x", REMOVE),
    "chart unyank": ("chart unyank {project} none x", REMOVE),
    "protection add": ("protection add {project} " + "x" * 300 + " --push owner",
                       ("POST", P + "/packages/protection/rules")),
    "protection list": ("protection list {project}", ("GET", P + "/packages/protection/rules")),
    "protection edit": (f"protection edit {{project}} {NUMBER} --push owner",
                        ("PATCH", P + "/packages/protection/rules/{rule}")),
    "protection remove": (f"protection remove {{project}} {NUMBER}",
                          ("DELETE", P + "/packages/protection/rules/{rule}")),
    "webhook add": ("webhook add {project} none", ("POST", P + "/hooks")),
    "webhook list": ("webhook list {project}", ("GET", P + "/hooks")),
    "webhook show": (f"webhook show {{project}} {NUMBER}", ("GET", P + "/hooks/{hook}")),
    "webhook edit": (f"webhook edit {{project}} {NUMBER} --enabled false", ("PUT", P + "/hooks/{hook}")),
    "webhook remove": (f"webhook remove {{project}} {NUMBER} --yes", ("DELETE", P + "/hooks/{hook}")),
    "webhook test": (f"webhook test {{project}} {NUMBER}", ("POST", P + "/hooks/{hook}/test/{trigger}")),
    "webhook deliveries": (f"webhook deliveries {{project}} {NUMBER}", ("GET", P + "/hooks/{hook}/events")),
    "webhook resend": (f"webhook resend {{project}} {NUMBER} {NUMBER}",
                       ("POST", P + "/hooks/{hook}/events/{delivery}/resend")),
    "audit list": ("audit list {project}", ("GET", P + "/audit_events")),
    "audit show": (f"audit show {NUMBER} {{project}}", ("GET", P + "/audit_events/{event}")),
    "settings show": ("settings show", ("GET", "/api/v4/application/plan_limits")),
    "settings set": ("settings set none 1", ("PUT", "/api/v4/application/plan_limits")),
    "gc": ("gc --dry-run", ADMINISTER),
    "health": ("health", OPEN),
    "transfer put": ("transfer put {project} none --digest none", PUSH),
    "transfer get": ("transfer get {project} none none-1.0.0.tgz", READ),
    "transfer index": ("transfer index {project} none", READ),
    "transfer held": ("transfer held {project} none", READ),
    "cluster list": ("cluster list", ("GET", "/api/v4/clusters")),
    "cluster show": ("cluster show {cluster}", ("GET", C)),
    "cluster check": ("cluster check {cluster}", ("POST", C + "/check")),
    "cluster remove": ("cluster remove {cluster} --yes", ("DELETE", C)),
    "cluster members": ("cluster members {cluster}", ("GET", C + "/members")),
    "cluster allow": ("cluster allow {cluster} nobody", ("PUT", C + "/members/{user}")),
    "cluster disallow": ("cluster disallow {cluster} nobody", ("DELETE", C + "/members/{user}")),
    "cluster rotate-key": ("cluster rotate-key", ("POST", "/api/v4/clusters/-/rotate_key")),
    "release list": ("release list {cluster}", ("GET", R)),
    "release show": ("release show {cluster}/none/none", ("GET", R + "/{release}")),
    "release history": ("release history {cluster}/none/none", ("GET", R + "/{release}/history")),
    "release drift": ("release drift {cluster}/none/none", ("GET", R + "/{release}/drift")),
    "release values": ("release values {cluster}/none/none", ("GET", R + "/{release}/values")),
    "operation list": ("operation list {cluster}", ("GET", O)),
    # Without one that is there, nobody is denied anything.
    "operation show": ("operation show none", OPEN),
    "operation events": ("operation events none", OPEN),
    "operation cancel": ("operation cancel none", OPEN),
    "environment add": ("environment add " + "x" * 300 + " --project {project} --cluster none", "maintainer of the project"),
    "environment list": ("environment list --project {project}", SEE),
    # Of those that are there deploy_rights.py and the script deploy-cli tell.
    "environment show": ("environment show {project}/none", SEE),
    "environment edit": ("environment edit {project}/none --name x", SEE),
    "environment remove": ("environment remove {project}/none --yes", SEE),
    "environment status": ("environment status {project}/none", SEE),
    "service list": ("service list {project}/none", SEE),
    "service show": ("service show {project}/none/none", SEE),
    "service status": ("service status {project}/none/none", SEE),
    "service history": ("service history {project}/none/none", SEE),
    "service diff": ("service diff {project}/none/none", SEE),
    "sent add-service": ("sent add-service {project}/none", SEE),
    "sent edit-service": ("sent edit-service {project}/none/none", SEE),
    "sent deploy-service": ("sent deploy-service {project}/none/none", SEE),
    "sent stop-service": ("sent stop-service {project}/none/none", SEE),
    "sent restart-service": ("sent restart-service {project}/none/none", SEE),
    "sent uninstall-service": ("sent uninstall-service {project}/none/none", SEE),
    "sent remove-service": ("sent remove-service {project}/none/none", SEE),
    "sent cancel-service": ("sent cancel-service {project}/none/none", SEE),
    "sent deploy-environment": ("sent deploy-environment {project}/none", SEE),
    "sent stop-environment": ("sent stop-environment {project}/none", SEE),
    "sent uninstall-environment": ("sent uninstall-environment {project}/none", SEE),
    "sent cancel-environment": ("sent cancel-environment {project}/none", SEE),
    # `eA==` is no kubeconfig, `none` no version.
    "sent add-cluster": ("sent add-cluster ... --kubeconfig-text eA== --project {project}",
                         "owner of the project"),
    "sent edit-cluster": ("sent edit-cluster {cluster} --kubeconfig-text eA==", ("PUT", C)),
    "sent install": ("sent install {cluster} none", ("POST", R)),
    "sent update": ("sent update {cluster}/none/none", ("PUT", R + "/{release}")),
    "sent uninstall": ("sent uninstall {cluster}/none/none", ("DELETE", R + "/{release}")),
    "sent rollback": ("sent rollback {cluster}/none/none", ("POST", R + "/{release}/rollback")),
    "sent stop": ("sent stop {cluster}/none/none", ("POST", R + "/{release}/stop")),
    "sent restart": ("sent restart {cluster}/none/none", ("POST", R + "/{release}/restart")),
    "sent diff": ("sent diff {cluster}/none/none", ("POST", R + "/{release}/diff")),
}
# The same commands, otherwise.
VARIANTS = [
    ("group create ...", ADMINISTER),
    ("package list {group}", ("GET", G + "/packages")),
    ("project list {group}", ("GET", G + "/projects")),
    ("group list {group}", ("GET", G + "/subgroups")),
    ("user list --admins", ADMINISTER),
    ("token list --user bystander", ADMINISTER),
    ("member add {group} nobody --role guest", ("POST", G + "/members")),
    ("member list {group}", ("GET", G + "/members")),
    ("member remove {group} bystander", "owner of the group"),
    ("access-token list {group}", ("GET", G + "/access_tokens")),
    ("deploy-token list {group}", ("GET", G + "/deploy_tokens")),
    ("deploy-token create {group} --scope none", ("POST", G + "/deploy_tokens")),
    ("deploy-token list", ("GET", "/api/v4/deploy_tokens")),
    ("channel retain {project} none --dry-run", READ),
    ("chart promote {project} none other x --move", REMOVE),
    ("audit list {group}", ("GET", G + "/audit_events")),
    ("audit list", ("GET", "/api/v4/audit_events")),
    (f"audit show {NUMBER}", ("GET", "/api/v4/audit_events/{event}")),
    ("transfer get {project} none none-1.0.0.tgz --provenance", READ),
    ("sent add-cluster ... --kubeconfig-text eA== --group {group}", "owner of the group"),
    ("sent add-cluster ... --kubeconfig-text eA==", ADMINISTER),
    ("sent edit-cluster {cluster} --allow-namespace ...", ("PUT", C)),
    ("sent install {cluster} none --dry-run", ("POST", C + "/diff")),
    ("release list {cluster} --foreign", ("GET", C + "/foreign_releases")),
]
# In this order at the end, by the owner of all.
HARMFUL = ["cluster remove", "project archive", "project unarchive", "project delete", "group delete"]

MEANING = rest_rights.MEANING | {
    "the right to read": (rest_rights.LOOK, "project", 0),
    "the right to push": (rest_rights.CHANGE, "project", 30),
    "the right to remove": (rest_rights.CHANGE, "project", 40),
    "developer of the group": (rest_rights.CHANGE, "group", 30),
}
DENIED = ("your role does not allow this", "only administrators may do this", "this is not your token",
          "only members of a private group see who they are", "only owners change visibility")
UNSEEN = ("no such project", "no such group", "no such project or group", "there is no such cluster")


class Console:
    """The route for commands, as the program speaks to it."""

    def __init__(self, house, version):
        self.house, self.version = house, version

    def ask(self, argv, token):
        headers = {"Content-Type": "application/vnd.pilothouse.command", "Pilothouse-Version": self.version}
        if token:
            headers["PRIVATE-TOKEN"] = token
        body = json.dumps({"argv": argv, "confirmed": True}) + "\n"
        self.house.connection.request("POST", "/-/command", body=body, headers=headers)
        answer = self.house.connection.getresponse()
        text = answer.read()
        if answer.status == 200:
            text = text.partition(b"\n")[0]  # a file may stand behind the line
        return answer.status, json.loads(text)

    def outcome(self, argv, token):
        status, told = self.ask(argv, token)
        if status != 200:
            return status, told
        if told["exit"] == 2:
            return "wrong arguments", told
        if told["exit"] != 0 and any(word in told["err"] for word in DENIED):
            return NO_ROLE, told
        if told["exit"] != 0 and re.match(rf"pilothouse: ({'|'.join(UNSEEN)})[;\n]", told["err"]):
            return HIDDEN, told
        return PASSED, told


def every_command(program):
    """As the help names them, and the families that it does not name as the source does."""
    def words_below(*words):
        text = subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True).stdout
        found = re.search(r"^(?:Subcommands|SUBCOMMANDS):\n((?:  .*\n?)+)", text, re.MULTILINE)
        return re.findall(r"^  ([a-z][a-z-]*)", found[1], re.MULTILINE) if found else []

    hidden = {}
    for source in (ROOT / "server/cli").glob("*.cpp"):
        text = source.read_text(encoding="utf-8")
        for family in re.findall(r"^command_family \w+\(\) \{.*?return \{\s*\"([a-z-]+)\"", text, re.MULTILINE | re.DOTALL):
            sources = {source, *source.parent.glob(f"{family}_*.cpp")}
            described = "".join(one.read_text(encoding="utf-8") for one in sources)
            hidden[family] = [f"{family} {word}"
                              for word in re.findall(r"describe<\w+>\(\{\s*\"([a-z-]+)\"", described)]
    shown = words_below()
    assert hidden and set(shown) & set(hidden), (shown, hidden)
    for family in shown:
        below = words_below(family)
        yield from (f"{family} {word}" for word in below) if below else (family,)
    for family in set(hidden) - set(shown):
        yield from hidden[family]


def wanted(need, caller, v):
    """What REST would say, but that commands take a token with the scope api."""
    if caller.answer:
        return caller.answer
    if caller.anonymous:
        return UNKNOWN
    if "api" not in caller.scopes:
        return NO_ROLE
    _, where, least = MEANING[need]
    return rest_rights.wanted_of(where, least, caller, v)


def who_reads_members(caller, v, words):
    """A private group's members are not for whoever works in one of its projects alone."""
    return not (words.startswith("member list {group}") and v == "private" and caller.role_in("group", v) == 0)


def main():
    address, program, data = sys.argv[1:]
    paper = {(m, p): need for m, p, need in
             re.findall(r"^\| *([A-Z]+) *\| *`(/api/v4/[^`]*)` *\|.*\| *([^|]*?) *\|$",
                        (ROOT / "docs/HTTP-API.md").read_text(encoding="utf-8"), re.MULTILINE)}
    known = set(every_command(program))
    complaints = [f"{command}: has no row in remote_rights.py: who may run it from elsewhere?"
                  for command in sorted(known - set(COMMANDS) - LOCAL - set(AT_CALLER))]
    complaints += [f"{command}: there is no such command"
                   for command in sorted((set(COMMANDS) | set(AT_CALLER)) - known)]
    house = House(address, program, data)
    house.command("user", "create", "bystander")
    version = json.loads(subprocess.run([program, "version", "--json"], check=True, capture_output=True,
                                        text=True).stdout)["version"]
    console = Console(house, version)
    everybody = list(callers(house))
    rows = [(name, *row) for name, row in COMMANDS.items()] + [(None, *row) for row in VARIANTS]
    asked = 0

    def places(v):
        if isinstance(v, rest_rights.Cluster):
            return {"cluster": v.name}
        return {"group": f"top-{v}/group", "project": f"top-{v}/group/project"}

    def kinds_of_place(words):
        if "{cluster}" in words:
            return house.clusters
        return VISIBILITIES if "{" in words else ("public",)

    def attempt(name, words, twin, caller, v, harmful):
        nonlocal asked
        need = paper[twin] if isinstance(twin, tuple) else twin
        right = wanted(need, caller, v)
        if right == PASSED and not who_reads_members(caller, v, words):
            right = NO_ROLE
        if harmful and right == PASSED:
            return
        got, told = console.outcome([w.format(**places(v)) for w in words.split()], caller.token)
        asked += 1
        if got != right:
            place = getattr(v, "name", v)
            complaints.append(f"{words}, {place}, {caller.name}: wanted {right}, got {got} {told}")

    for name, words, twin in rows if not complaints else ():
        for v in kinds_of_place(words):
            for caller in everybody:
                attempt(name, words, twin, caller, v, name in HARMFUL)
    for command, words in AT_CALLER.items() if not complaints else ():
        status, told = console.ask(words.split(), house.root)
        asked += 1
        if status != 200 or told["exit"] != 1 or "runs where its files are" not in told["err"]:
            complaints.append(f"{command} at the server: {status} {told}")
    owner = next(c for c in everybody if c.name == "owner of top")
    for name in HARMFUL if not complaints else ():
        words, twin = COMMANDS[name]
        for v in kinds_of_place(words):
            if wanted(paper[twin], owner, v) != PASSED:
                continue
            got, told = console.outcome([w.format(**places(v)) for w in words.split()], owner.token)
            asked += 1
            if got != PASSED or told["exit"] != 0:
                complaints.append(f"{words}, {getattr(v, 'name', v)}, {owner.name}: wanted to be done, got {got} {told}")
    print("\n".join(complaints) or
          f"{asked} commands of {len(rows)} kinds by {len(everybody)} callers: denied where REST denies them")
    return 1 if complaints or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
