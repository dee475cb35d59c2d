#!/usr/bin/env python3
"""Kills a server at random moments of its operations on releases, and looks what became of them.

release_kill.py KILLS SEED SPACE DATA LOG -- COMMAND…     the command starts the server
"""

import collections
import random
import sys
import time

import release_house
from release_house import Unreachable

CHART = "fleet/charts/stable/logbook@1.0.0"
NAMES = ["anchor", "bell", "cleat", "davit", "fender"]


def check(truth, words):
    if not truth:
        raise SystemExit(f"FAILED: {words}")


class Storm:
    def __init__(self, server, dice, space, names):
        self.server, self.dice, self.space = server, dice, space
        self.kubernetes = release_house.Kubernetes()
        self.names = names
        self.answered = {}  # operation: (release's name, mark)
        self.marks = 0
        self.count = collections.Counter()

    def mark(self):
        self.marks += 1
        return f"m{self.marks}"

    def releases(self):
        return {r["name"]: r for r in self.server.pages(f"quay/releases?namespace={self.space}")}

    def ask_for_one(self, name, release):
        """One operation, of a kind that fits how the release stands; its id where it was answered."""
        mark, how = self.mark(), {"timeout": "20s"}
        wanted = {**how, "values": f"mark: {mark}\nlight: {self.dice.choice(['true', 'false'])}\n"}
        if release is None:
            kind = "install"
            call = ("POST", "quay/releases",
                    {**wanted, "product_version_id": CHART, "name": name, "namespace": self.space})
        else:
            kind = self.dice.choices(["update", "rollback", "uninstall"], [5, 2, 2])[0]
            if kind == "rollback" and release["revision"] < 2:
                kind = "update"
            path = f"quay/releases/{release['id']}"
            call = {"update": ("PUT", path, {**wanted, "rollback_on_failure": self.dice.random() < 0.2}),
                    "rollback": ("POST", path + "/rollback", how),
                    "uninstall": ("DELETE", path, None)}[kind]
        status, answer = self.server.ask(*call)
        if status == 202:
            self.answered[answer["id"]] = (name, mark, kind)
            self.count[kind] += 1
            return answer["id"]
        check(status in (400, 409), f"{call} is answered {status}: {answer}")
        return None

    def blow(self):
        """Operations on some releases, then the end of the server."""
        known = self.releases()
        asked = []
        try:
            for name in self.dice.sample(self.names, self.dice.randint(2, len(self.names))):
                asked.append(self.ask_for_one(name, known.get(name)))
            time.sleep(self.dice.choice([0.05, 0.4, 1.5, 3]) * self.dice.random())
            if asked[0] and self.dice.random() < 0.2:
                self.server.ask("POST", f"quay/operations/{asked[0]}/cancel")
                time.sleep(0.1 * self.dice.random())
        finally:
            self.server.kill()

    def once_more(self):
        """Dies in its recovery, too."""
        self.server.start()
        time.sleep(2 * self.dice.random())
        self.server.kill()

    def look(self):
        """After everything has come to its end: what is told is what is there."""
        operations = self.server.until_idle()
        for operation in self.answered:
            check(operation in operations, f"the operation {operation} was answered and is forgotten")
        told, there = self.releases(), self.kubernetes.revisions(self.space)
        for name in self.names:
            self.compare(name, told.get(name), there.get(name, []))
        self.look_at_marks(operations, there)
        # A server that runs looks at its clusters now and then; nothing of that takes long.
        until = time.monotonic() + 20
        while (left := release_house.helm_processes(self.server.data)) and time.monotonic() < until:
            time.sleep(0.1)
        check(not left, f"processes are left: {left}")

    def compare(self, name, told, there):
        if not there:
            check(told is None or told["status"] == "failed", f"{name} is told to be {told}, and is nowhere")
            return
        number, status, _ = there[-1]
        check(status in ("deployed", "failed"), f"{name} is left in {there}; told: {told}")
        check(told is not None, f"{name} is in the cluster with {there}, and not told")
        check((told["revision"], told["status"]) == (number, status), f"{name} is {there}; told: {told}")
        deployed = [r for r in there if r[1] == "deployed"]
        check(len(deployed) <= 1, f"{name} is deployed twice: {there}")
        check(not told["changed_elsewhere"], f"{name} is told to be changed by somebody else: {there}")

    def look_at_marks(self, operations, there):
        """Each operation ran its hooks no more than once, and just once where it went well."""
        jobs = collections.Counter(
            job["metadata"]["labels"]["mark"]
            for job in self.kubernetes.items(f"/apis/batch/v1/namespaces/{self.space}/jobs"))
        pages = {page["metadata"]["labels"]["logbook"]: page["data"]["mark"] for page in
                 self.kubernetes.items(f"/api/v1/namespaces/{self.space}/configmaps?labelSelector=logbook")}
        for operation, (name, mark, kind) in self.answered.items():
            went_well = operations[operation]["error"] is None
            wanted = 1 if went_well and kind in ("install", "update") else 0
            most = 1 if kind in ("install", "update") else 0
            check(wanted <= jobs[mark] <= most,
                  f"{jobs[mark]} runs of {operations[operation]}, whose mark is {mark}")
        # What is in force is what the last operation that went well has brought.
        last = {}
        for operation in sorted(self.answered, key=lambda o: operations[o]["created_at"]):
            name, mark, kind = self.answered[operation]
            if operations[operation]["error"] is None:
                last[name] = (mark, kind)
        for name, (mark, kind) in last.items():
            if kind == "uninstall":
                continue
            if kind in ("install", "update") and name in there and there[name][-1][1] == "deployed":
                check(pages.get(name) == mark, f"{name} shows {pages.get(name)}, not {mark}: {there[name]}")

    def mend(self):
        """The next operation on every release goes well, whatever was there."""
        wanted = {}
        for name in self.names:
            release, mark = self.releases().get(name), self.mark()
            body = {"values": f"mark: {mark}", "timeout": "30s"}
            if release is None:
                status, answer = self.server.ask("POST", "quay/releases", {
                    **body, "product_version_id": CHART, "name": name, "namespace": self.space})
            else:
                status, answer = self.server.ask("PUT", f"quay/releases/{release['id']}", body)
            check(status == 202, f"the last change of {name} is answered {status}: {answer}")
            self.answered[answer["id"]] = (name, mark, "update")
            wanted[name] = answer["id"]
        operations = self.server.until_idle()
        for name, operation in wanted.items():
            check(operations[operation]["error"] is None, f"{name} could not be mended: {operations[operation]}")
        self.look()
        for release in self.releases().values():
            self.server.ask("DELETE", f"quay/releases/{release['id']}")
        self.server.until_idle()
        check(not self.releases() and not self.kubernetes.revisions(self.space), "something is left in the end")
        for what in (f"/api/v1/namespaces/{self.space}/configmaps", f"/apis/apps/v1/namespaces/{self.space}/deployments"):
            left = self.kubernetes.items(f"{what}?labelSelector=logbook")
            check(all("deletionTimestamp" in o["metadata"] for o in left), f"orphans: {[o['metadata'] for o in left]}")


def main():
    kills, seed, space, data, log = int(sys.argv[1]), *sys.argv[2:6]
    dice = random.Random(f"{seed}-{space}")
    server = release_house.Server(sys.argv[7:], data, log)
    storm = Storm(server, dice, space, NAMES if kills > 10 else NAMES[:3])
    done, began = 0, time.monotonic()
    try:
        server.start()
        while done < kills:
            try:
                storm.blow()
            except Unreachable as away:
                raise SystemExit(f"FAILED: it is away before it was killed: {away}") from away
            done += 1
            if done < kills and dice.random() < 0.25:
                storm.once_more()
                done += 1
            server.start()
            storm.look()
        storm.mend()
        errors = [o["error"] or {"code": "done", "message": ""} for o in server.pages("quay/operations")
                  if o["namespace"] == space]
        ends = collections.Counter(f"{e['code']} {e['message'][:120]}".strip() for e in errors)
        server.stop()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
    print(f"{space}: seed {seed}, {done} kills in {time.monotonic() - began:.0f} s; "
          f"asked for: {dict(storm.count)}; ends: {dict(ends)}")


if __name__ == "__main__":
    main()
