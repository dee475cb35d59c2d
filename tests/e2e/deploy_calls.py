#!/usr/bin/env python3
"""The deploy API by the calls of clients that this house does not run: the command line with --watch,
the Go client's `null`, forms without a field. What each sends is in the contracts (releases 3.3).

The server is at BASE, with a certificate of the authority in ROOTS; the rest is what releases.sh tells.
"""

import os
import time

from deploy_house import FORM, call, done, sent

# The keys that the Go client does not decode a status without.
REQUIRED = {"id", "state", "service_deployment_status", "is_part_last_deployment", "status_details",
            "deployment_request_id", "deployment_requests_count"}
FINAL = ("DEPLOYED", "DELETED", "STOPPED", "CANCELED", "RESTARTED")


def settle(service):
    """As `--watch` does: the service until it is final, then its environment."""
    until = time.monotonic() + 60
    while True:
        told = done(200, "GET", f"/helm/{service}/status")
        assert REQUIRED <= told.keys(), told
        if told["state"] in FINAL or told["state"].endswith("ERROR"):
            break
        assert time.monotonic() < until, told
        time.sleep(0.1)
    while True:
        all_of_it = done(200, "GET", f"/environment/{ENVIRONMENT}/statuses")
        if all_of_it["environment"]["last_deployment_state"] in FINAL or told["state"].endswith("ERROR"):
            return told["state"]
        assert time.monotonic() < until, all_of_it


def set_up():
    group = done(200, "GET", "/organization")["results"][0]["id"]
    project = done(200, "GET", f"/organization/{group}/project")["results"][0]["id"]
    repository = next(r for r in done(200, "GET", f"/organization/{group}/helmRepository")["results"]
                      if r["name"] == os.environ["CHANNEL"])
    wanted = {"name": f"calls {os.environ['HELM_VERSION']}", "cluster": os.environ["CLUSTER"]}
    environment = done(201, "POST", f"/project/{project}/environment", sent(wanted))
    return environment["id"], repository["id"]


def configure(name, **values):
    return sent({
        "name": name, "auto_deploy": False, "arguments": [], "ports": None, "description": None,
        "source": {"git_repository": None, "helm_repository": {
            "repository": REPOSITORY, "chart_name": "buoy", "chart_version": "1.0.0"}},
        "values_override": {"set": list(values.items()), "file": None},
        "a_key_of_tomorrow": {"x": 1},
    })


def make(name, **values):
    return done(201, "POST", f"/environment/{ENVIRONMENT}/helm", configure(name, **values))["id"]


def the_command_line(service):
    """helm deploy --version … --watch; helm redeploy; helm cancel."""
    listed = done(200, "GET", f"/environment/{ENVIRONMENT}/helm")["results"]
    assert [s["id"] for s in listed] == [service]
    assert list(listed[0]["source"]) == ["repository"], listed
    wanted = {"helms": [{"id": service, "chart_version": "1.1.0"}]}
    done(202, "POST", f"/environment/{ENVIRONMENT}/service/deploy", sent(wanted))
    assert settle(service) == "DEPLOYED"
    done(202, "POST", f"/helm/{service}/deploy", b"{}")
    assert settle(service) == "DEPLOYED"

    done(200, "PUT", f"/helm/{service}", configure("calls", fault="never-ready"))
    done(202, "POST", f"/helm/{service}/deploy", b"{}")
    status, told = call("POST", f"/environment/{ENVIRONMENT}/service/deploy", sent(wanted))
    assert (status, told["error"]) == (409, "Conflict"), told
    while done(200, "GET", f"/helm/{service}/status")["state"] == "DEPLOYMENT_QUEUED":
        time.sleep(0.05)
    done(200, "GET", f"/environment/{ENVIRONMENT}/statuses")
    done(202, "POST", f"/environment/{ENVIRONMENT}/cancelDeployment", b"null")
    assert settle(service) == "CANCELED"


def the_go_client(service):
    """A body that nobody set is `null` and a line feed."""
    done(200, "PUT", f"/helm/{service}", configure("calls"))
    done(202, "POST", f"/helm/{service}/deploy", b"null\n")
    assert settle(service) == "DEPLOYED"
    done(202, "POST", f"/helm/{service}/deploy?forceEvent=DIFF", b"null\n")
    for page in (done(200, "GET", f"/helm/{service}/deploymentHistory"),
                 done(200, "GET", f"/helm/{service}/deploymentHistoryV2?pageSize=20"),
                 done(200, "GET", f"/environment/{ENVIRONMENT}/deploymentHistory"),
                 done(200, "GET", f"/environment/{ENVIRONMENT}/deploymentHistoryV2")):
        assert {"page", "page_size", "results"} == page.keys(), page
        for row in page["results"]:
            assert row.get("details", {"repository": 0}).keys() == {"repository"}, row


def forms(service):
    """The client for TypeScript says so of bodies that are none."""
    done(202, "POST", f"/helm/{service}/redeploy", b"", kind=FORM, scheme="Bearer")
    assert settle(service) == "DEPLOYED"
    done(202, "POST", f"/helm/{service}/deploy", b"", kind=FORM, scheme="bearer")
    assert settle(service) == "DEPLOYED"
    done(400, "POST", f"/helm/{service}/deploy", b"chart_version=1.0.0", kind=FORM)
    done(202, "POST", f"/helm/{service}/uninstall", b"", kind=FORM)
    assert settle(service) == "DELETED"
    done(204, "POST", f"/helm/{service}/uninstall", b"", kind=FORM)


ENVIRONMENT, REPOSITORY = set_up()
SERVICE = make("calls")
for part in (the_command_line, the_go_client, forms):
    part(SERVICE)
    print(part.__name__)
done(204, "DELETE", f"/helm/{SERVICE}")
done(204, "DELETE", f"/environment/{ENVIRONMENT}")
