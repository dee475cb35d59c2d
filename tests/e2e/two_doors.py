#!/usr/bin/env python3
"""One release seen through two doors, the deploy API and the marketplace's, at every moment of its life:
installed, badly updated, mended, rolled back, uninstalled. What each may say while the other says something
is in the contracts (releases 3.5).
"""

import os
import time

from deploy_house import JSON, call, done, sent

MARKET = "/managed-kubernetes/marketplace/v1"
GONE = None
MAY_BE = {
    "READY": {GONE},
    "DEPLOYMENT_QUEUED": {"PENDING_INSTALL", "PENDING_UPGRADE", "PENDING_ROLLBACK"},
    "DEPLOYING": {"PENDING_INSTALL", "PENDING_UPGRADE", "PENDING_ROLLBACK"},
    "DEPLOYED": {"DEPLOYED"},
    "DEPLOYMENT_ERROR": {"FAILED", "DEPLOYED"},  # the latter after a rollback by itself
    "DELETE_QUEUED": {"UNINSTALLING"},
    "DELETING": {"UNINSTALLING"},
    "DELETED": {GONE},
}
FRESH = {"DEPLOYED": {"UP_TO_DATE", "OUT_OF_DATE"}, "DELETED": {"NEVER_DEPLOYED"}, "READY": {"NEVER_DEPLOYED"},
         "DEPLOYMENT_ERROR": {"OUT_OF_DATE"}}


def market(method, path, body=None):
    """The other door words its answers as JSON, too."""
    return call(method, path, body, scheme="Bearer", api=MARKET)


def release():
    """As the other door has it; None: there is none."""
    status, told = market("GET", f"/helm-releases?clusterId={os.environ['CLUSTER']}&pageSize=1000")
    assert status == 200, told
    ours = [r for r in told.get("helmReleases", []) if r["appName"] == NAME and r["appNamespace"] == SPACE]
    assert len(ours) <= 1, ours
    return ours[0] if ours else None


def watch(until, seen_on_the_way):
    """Looks through both doors until the first says so; only looks that nothing happened between count."""
    seen, deadline = set(), time.monotonic() + 60
    while True:
        before = done(200, "GET", f"/helm/{SERVICE}/status")
        other = release()
        after = done(200, "GET", f"/helm/{SERVICE}/status")
        state = before["state"]
        if (before["state"], before["status_details"]) == (after["state"], after["status_details"]):
            status = other["status"] if other else GONE
            assert status in MAY_BE[state], (state, status)
            fresh = before["service_deployment_status"]
            assert fresh in FRESH.get(state, {fresh}), (state, fresh)
            seen.add(state)
        if state == until and after["state"] == until and not state.endswith("ING"):
            break
        assert time.monotonic() < deadline, (state, until)
    assert seen_on_the_way <= seen, (seen_on_the_way, seen)
    print(f"two doors: {until} by {', '.join(sorted(seen))}")


def configured(**values):
    return sent({
        "name": NAME, "auto_deploy": False, "arguments": [], "timeout_sec": 5,
        "source": {"helm_repository": {"repository": REPOSITORY, "chart_name": "buoy", "chart_version": "1.0.0"}},
        "values_override": {"set": list(values.items())},
    })


NAME, SPACE = f"seen{os.environ['HELM_VERSION']}", f"two-doors-{os.environ['HELM_VERSION']}"
GROUP = done(200, "GET", "/organization")["results"][0]["id"]
PROJECT = done(200, "GET", f"/organization/{GROUP}/project")["results"][0]["id"]
REPOSITORY = next(r["id"] for r in done(200, "GET", f"/organization/{GROUP}/helmRepository")["results"]
                  if r["name"] == os.environ["CHANNEL"])
ENVIRONMENT = done(201, "POST", f"/project/{PROJECT}/environment", sent(
    {"name": SPACE, "cluster": os.environ["CLUSTER"], "namespace": SPACE}))["id"]
SERVICE = done(201, "POST", f"/environment/{ENVIRONMENT}/helm", configured())["id"]

watch("READY", set())
done(202, "POST", f"/helm/{SERVICE}/deploy")
watch("DEPLOYED", {"DEPLOYING"})
done(200, "PUT", f"/helm/{SERVICE}", configured(fault="never-ready"))
done(202, "POST", f"/helm/{SERVICE}/deploy")
watch("DEPLOYMENT_ERROR", {"DEPLOYING"})
done(200, "PUT", f"/helm/{SERVICE}", configured(colour="green"))
done(202, "POST", f"/helm/{SERVICE}/deploy")
watch("DEPLOYED", {"DEPLOYING"})
assert done(200, "GET", f"/helm/{SERVICE}/status")["service_deployment_status"] == "UP_TO_DATE"
ID = release()["id"]
status, told = call("POST", f"/clusters/{os.environ['CLUSTER']}/releases/{ID}/rollback", sent({"revision": 1}),
                    kind=JSON, scheme="Bearer", api="/api/v4")
assert status == 202, told
watch("DEPLOYED", {"DEPLOYING"})
assert done(200, "GET", f"/helm/{SERVICE}/status")["service_deployment_status"] == "OUT_OF_DATE"
status, told = market("POST", f"/helm-releases/uninstall/{ID}:uninstall", b"{}")
assert status == 200, told
watch("DELETED", {"DELETING"})
done(204, "DELETE", f"/helm/{SERVICE}")
done(204, "DELETE", f"/environment/{ENVIRONMENT}")
