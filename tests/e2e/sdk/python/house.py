"""What the tests by the Python SDK stand on: SDKs of several people, releases, how refusals read.

The server is at ADDRESS, with a certificate of the authority in ROOTS. CLUSTER is where releases go,
WEAK_CLUSTER the same with credentials that do not suffice; CHANNEL has the charts. TOKEN is of one
who may install, READER_TOKEN of one who may look, STRANGER_TOKEN of one who may neither. What
installs leave behind is looked up at the API server KUBERNETES (tests/e2e/releases.sh).
"""

import itertools
import json
import os
import pathlib
import ssl
import time
import unittest
import urllib.error
import urllib.request
import uuid

import grpc
import yandexcloud
from google.protobuf.empty_pb2 import Empty
from google.rpc import error_details_pb2, status_pb2
from yandex.cloud.endpoint.api_endpoint_service_pb2 import (
    GetApiEndpointRequest, ListApiEndpointsRequest)
from yandex.cloud.endpoint.api_endpoint_service_pb2_grpc import ApiEndpointServiceStub
from yandex.cloud.iam.v1 import iam_token_service_pb2 as iam
from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import IamTokenServiceStub
from yandex.cloud.k8s.marketplace.v1 import helm_release_service_pb2 as messages
from yandex.cloud.k8s.marketplace.v1.helm_release_pb2 import HelmRelease
from yandex.cloud.k8s.marketplace.v1.helm_release_service_pb2 import Value, ValueWithKey
from yandex.cloud.k8s.marketplace.v1.helm_release_service_pb2_grpc import HelmReleaseServiceStub
from yandex.cloud.operation.operation_service_pb2 import (
    CancelOperationRequest, GetOperationRequest)
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub
from yandexcloud.operations import OperationError

ADDRESS = os.environ["ADDRESS"]
ROOTS = pathlib.Path(os.environ["ROOTS"]).read_bytes()
HELM = int(os.environ["HELM_VERSION"])
CLUSTER = os.environ["CLUSTER"]
WEAK_CLUSTER = os.environ["WEAK_CLUSTER"]
CHANNEL = os.environ["CHANNEL"]
TOKEN = os.environ["TOKEN"]
READER_TOKEN = os.environ["READER_TOKEN"]
STRANGER_TOKEN = os.environ["STRANGER_TOKEN"]
NAMESPACE = f"python-{HELM}"

(CANCELLED, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED,
 FAILED_PRECONDITION, UNIMPLEMENTED, UNAVAILABLE, UNAUTHENTICATED) = 1, 3, 4, 5, 6, 7, 9, 12, 14, 16

_numbers = itertools.count(1)


def unique(word):
    """A name that no other test has."""
    return f"{word}-{next(_numbers)}"


def version(chart, number):
    return f"{CHANNEL}/{chart}@{number}"


BUOY, NEXT_BUOY = version("buoy", "1.0.0"), version("buoy", "1.1.0")


def sdk(**credentials):
    return yandexcloud.SDK(endpoint=ADDRESS, root_certificates=ROOTS, **credentials)


def raw_channel():
    """To the server without an SDK, and so without credentials."""
    return grpc.secure_channel(ADDRESS, grpc.ssl_channel_credentials(ROOTS))


def pairs(values):
    return [ValueWithKey(key=key, value=Value(typed_value=text)) for key, text in values.items()]


def new_key():
    return (("idempotency-key", str(uuid.uuid4())),)


class Person:
    """Somebody who speaks with the server through the SDK."""

    def __init__(self, **credentials):
        self.sdk = sdk(**credentials)
        self.releases = self.sdk.client(HelmReleaseServiceStub)
        self.operations = self.sdk.client(OperationServiceStub)

    def begin(self, name, what=BUOY, cluster=CLUSTER, namespace=NAMESPACE, metadata=None, **values):
        """Asks for an install; returns the operation."""
        given = {"applicationName": name, "namespace": namespace, **values}
        return self.releases.Install(
            messages.InstallHelmReleaseRequest(
                cluster_id=cluster, product_version_id=what, user_values=pairs(given)),
            metadata=metadata)

    def update(self, release, what="", metadata=None, **values):
        return self.releases.Update(
            messages.UpdateHelmReleaseRequest(
                id=release, product_version_id=what, user_values=pairs(values)),
            metadata=metadata)

    def uninstall(self, release):
        return self.releases.Uninstall(messages.UninstallHelmReleaseRequest(id=release))

    def get(self, release):
        return self.releases.Get(messages.GetHelmReleaseRequest(id=release))

    def operation(self, operation):
        return self.operations.Get(GetOperationRequest(operation_id=operation))

    def cancel(self, operation):
        return self.operations.Cancel(CancelOperationRequest(operation_id=operation))

    def wait(self, operation, response=HelmRelease, metadata=None):
        """To its good end, by the SDK's own waiter."""
        return self.sdk.wait_operation_and_get_result(
            operation, response_type=response, meta_type=metadata, timeout=120)

    def install(self, name, what=BUOY, **values):
        """An install to its good end; returns the release."""
        return self.wait(self.begin(name, what, **values)).response


skipper = Person(iam_token=TOKEN)
mate = Person(iam_token=READER_TOKEN)
stowaway = Person(iam_token=STRANGER_TOKEN)


class House(unittest.TestCase):
    maxDiff = None

    def refused(self, code, call, *args, **kwargs):
        """The call fails with this code; returns the error."""
        with self.assertRaises(grpc.RpcError) as caught:
            call(*args, **kwargs)
        error = caught.exception
        self.assertEqual((error.code().value[0], error.details() != ""), (code, True), error)
        return error

    def fails(self, code, operation, *words, person=skipper):
        """The operation ends with this code, its text having these words; returns the operation."""
        with self.assertRaises(OperationError):
            person.wait(operation)
        ended = person.operation(operation.id)
        self.assertTrue(ended.done)
        self.assertEqual(ended.error.code, code, ended)
        for word in words:
            self.assertIn(word, ended.error.message)
        return ended

    def await_state(self, what, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited a minute in vain: {what}")
            time.sleep(0.05)

    def remove(self, release):
        """Uninstalls; after it nobody finds the release."""
        self.assertIsNone(skipper.wait(skipper.uninstall(release), response=Empty).response)
        self.refused(NOT_FOUND, skipper.get, release)


def release_of(operation, metadata=messages.InstallHelmReleaseMetadata):
    """The release that the operation's metadata name."""
    unpacked = metadata()
    if not operation.metadata.Unpack(unpacked):
        raise AssertionError(f"other metadata: {operation.metadata.type_url}")
    return unpacked.helm_release_id


def live_object(path):
    """What the API server has there; None: nothing."""
    asked = urllib.request.Request(
        os.environ["KUBERNETES"] + path,
        headers={"Authorization": "Bearer " + os.environ["KUBERNETES_TOKEN"]})
    roots = ssl.create_default_context(cafile=os.environ["KUBERNETES_ROOTS"])
    try:
        with urllib.request.urlopen(asked, timeout=30, context=roots) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return None


def config_map(release_name, suffix="chart"):
    found = live_object(f"/api/v1/namespaces/{NAMESPACE}/configmaps/{release_name}-{suffix}")
    return found and found["data"]


def revision(release_name, number):
    """Helm's record of a revision, or None."""
    return live_object(
        f"/api/v1/namespaces/{NAMESPACE}/secrets/sh.helm.release.v1.{release_name}.v{number}")
