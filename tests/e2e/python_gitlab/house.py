"""What the tests by python-gitlab stand on: an administrator, people, places, and how refusals read.

The server and an administrator's token come in by URL and ADMIN_TOKEN, packed charts by CHARTS.
"""

import datetime
import itertools
import os
import pathlib
import time
import unittest

import gitlab
import requests

URL = os.environ["URL"]
ADMIN_TOKEN = os.environ["ADMIN_TOKEN"]
CHARTS = pathlib.Path(os.environ["CHARTS"])
GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 20, 30, 40, 50

_numbers = itertools.count(1)


def unique(word):
    """A name that no other test has."""
    return f"{word}-{next(_numbers)}"


def client(token):
    return gitlab.Gitlab(URL, private_token=token)


admin = client(ADMIN_TOKEN)
nobody = gitlab.Gitlab(URL)


def soon():
    """A moment ahead, as the end of something."""
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
    return then.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Person:
    def __init__(self, word, scopes=("api",)):
        name = unique(word)
        self.user = admin.users.create(
            {"username": name, "name": word.title(), "email": f"{name}@fleet.invalid",
             "force_random_password": True})
        self.id = self.user.id
        self.username = name
        self.token = self.new_token(scopes)
        self.api = client(self.token)

    def new_token(self, scopes, **more):
        return self.user.personal_access_tokens.create(
            {"name": "test", "scopes": list(scopes), **more}).token


class House(unittest.TestCase):
    maxDiff = None

    def refused(self, status, message, call, *args, **kwargs):
        """The call fails with this status and just these words, which may be an object."""
        with self.assertRaises(gitlab.GitlabError) as caught:
            call(*args, **kwargs)
        told = (caught.exception.response_code, caught.exception.error_message)
        self.assertEqual(told, (status, message))

    def wait_until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited 20 s in vain")
            time.sleep(0.02)

    def group(self, **more):
        name = unique("group")
        return admin.groups.create({"name": name.title(), "path": name, **more})

    def project(self, group=None, **more):
        group = group or self.group(visibility="public")
        name = unique("project")
        return admin.projects.create({"name": name, "namespace_id": group.id, **more})

    def join(self, place, person, level):
        return place.members.create({"user_id": person.id, "access_level": level})

    def push(self, project, token, chart="hello-0.1.0.tgz"):
        """The status and the answer of a push into the channel `stable`."""
        with (CHARTS / chart).open("rb") as archive:
            answer = requests.post(
                f"{URL}/api/v4/projects/{project.id}/packages/helm/api/stable/charts",
                files={"chart": archive}, auth=("whoever", token), timeout=60)
        return answer.status_code, answer.json()

    def read(self, project, token=None, chart="hello-0.1.0.tgz"):
        """The status of a read of a chart."""
        auth = ("whoever", token) if token else None
        return requests.get(
            f"{URL}/api/v4/projects/{project.id}/packages/helm/stable/charts/{chart}",
            auth=auth, timeout=60).status_code


PUSHED = (201, {"message": "201 Created"})
NO_ROLE = "403 Forbidden - your role does not allow this"
ADMINS_ALONE = "403 Forbidden - only administrators may do this"
SIGN_IN = "sign in with a token"
