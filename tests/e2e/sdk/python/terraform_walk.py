"""What Terraform's provider does for a `helm_release` resource, call by call, over bare stubs.

Its programs are published as binaries alone, so its sequence of calls is kept here instead
(contracts: releases 2.4, 8.1-8.4), with what the framework checks of each attribute.
"""

import json
import random
import re
import time
import unittest
import uuid

import grpc
from house import (ADDRESS, BUOY, CLUSTER, FAILED_PRECONDITION, INVALID_ARGUMENT, NAMESPACE,
                   NEXT_BUOY, NOT_FOUND, TOKEN, ApiEndpointServiceStub, GetOperationRequest,
                   HelmRelease, HelmReleaseServiceStub, House, IamTokenServiceStub,
                   ListApiEndpointsRequest, OperationServiceStub, config_map, iam, messages, pairs,
                   raw_channel, release_of, revision, skipper, unique, version)

PENDING = object()  # an attribute that the plan leaves open


class Provider:
    """One run of a command: discovery and exchange anew, every call with its ids and key."""

    def __init__(self):
        self.channel = raw_channel()
        self.token = None
        for _ in range(2):
            found = ApiEndpointServiceStub(self.channel).List(
                ListApiEndpointsRequest(page_size=100), metadata=self.headers())
            addresses = {endpoint.id: endpoint.address for endpoint in found.endpoints}
            assert {"iam", "operation", "managed-kubernetes"} <= set(addresses), addresses
            assert set(addresses.values()) == {ADDRESS}, addresses
        for _ in range(3):
            self.token = IamTokenServiceStub(self.channel).Create(
                iam.CreateIamTokenRequest(yandex_passport_oauth_token=TOKEN),
                metadata=self.headers()).iam_token
        self.releases = HelmReleaseServiceStub(self.channel)
        self.operations = OperationServiceStub(self.channel)

    def headers(self, key=None):
        headers = [("x-client-request-id", str(uuid.uuid4())),
                   ("x-client-trace-id", str(uuid.uuid4())),
                   ("idempotency-key", key or str(uuid.uuid4()))]
        return headers + ([("authorization", f"Bearer {self.token}")] if self.token else [])

    def call(self, method, request, sent_twice=False):
        """Where the channel loses an answer it sends the same again, key and all."""
        headers = self.headers()
        answer = method(request, metadata=headers, timeout=60)
        if sent_twice:
            again = method(request, metadata=headers, timeout=60)
            assert again.id == answer.id, (answer, again)
        return answer

    def get(self, release):
        return self.call(self.releases.Get, messages.GetHelmReleaseRequest(id=release))

    def wait(self, operation):
        """As often as the server says; anything but its operation ends the program."""
        first = operation
        while not operation.done:
            operation, call = self.operations.Get.with_call(
                GetOperationRequest(operation_id=first.id), metadata=self.headers(), timeout=60)
            assert operation.id == first.id and operation.metadata == first.metadata, operation
            interval = dict(call.initial_metadata()).get("x-operation-poll-interval", "5")
            if not operation.done:
                time.sleep(int(interval))
        return operation

    def change(self, method, request, **how):
        """Waits for whoever is first, and asks anew, with another key."""
        while True:
            try:
                return self.call(method, request, **how)
            except grpc.RpcError as error:
                text = error.details()
                found = re.search('conflicting operation "(.+)" detected', text) or re.search(
                    "Conflicting operation (.+) detected", text)
                if not found:
                    raise
            self.wait(self.operations.Get(
                GetOperationRequest(operation_id=found[1]), metadata=self.headers()))


class Resource:
    """The state of one resource, as the framework keeps it."""

    def __init__(self, name, version_id, **values):
        self.planned = {"cluster_id": CLUSTER, "product_version_id": version_id, "name": name,
                        "namespace": NAMESPACE, "id": PENDING, "product_id": PENDING,
                        "created_at": PENDING, "status": PENDING}
        self.values = values
        self.tainted = False

    def user_values(self):
        given = {"applicationName": self.planned["name"], "namespace": self.planned["namespace"],
                 **self.values}
        shuffled = list(given.items())
        random.shuffle(shuffled)
        return pairs(dict(shuffled))

    def take(self, release):
        """What was planned has to come back, and what is kept has to stay."""
        seen = {"cluster_id": release.cluster_id, "product_version_id": release.product_version,
                "name": release.app_name, "namespace": release.app_namespace, "id": release.id,
                "product_id": release.product_id, "created_at": release.created_at.ToSeconds(),
                "status": HelmRelease.Status.Name(release.status)}
        for attribute, value in seen.items():
            if self.planned[attribute] is PENDING:
                assert value, attribute
            else:
                assert value == self.planned[attribute], (attribute, self.planned[attribute], value)
        assert release.product_name == "", "it would be an invalid result, and taint the resource"
        self.planned = seen

    def create(self, **how):
        provider = Provider()
        operation = provider.call(provider.releases.Install, messages.InstallHelmReleaseRequest(
            cluster_id=CLUSTER, product_version_id=self.planned["product_version_id"],
            user_values=self.user_values()), **how)
        ended = provider.wait(operation)
        self.tainted = ended.HasField("error")
        release = release_of(ended)
        self.take(provider.get(release))
        return ended

    def read(self):
        """Whether the resource is there."""
        provider = Provider()
        try:
            self.take(provider.get(self.planned["id"]))
            return True
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            return False

    def update(self, version_id, **values):
        self.planned["product_version_id"], self.values = version_id, values
        provider = Provider()
        operation = provider.change(provider.releases.Update, messages.UpdateHelmReleaseRequest(
            id=self.planned["id"], product_version_id=version_id, user_values=self.user_values()))
        ended = provider.wait(operation)
        assert not ended.HasField("error"), ended
        release = HelmRelease()
        assert ended.response.Unpack(release), ended.response.type_url
        self.take(provider.get(self.planned["id"]))

    def destroy(self, **how):
        provider = Provider()
        ended = provider.wait(provider.change(
            provider.releases.Uninstall,
            messages.UninstallHelmReleaseRequest(id=self.planned["id"]), **how))
        assert ended.WhichOneof("result") == "response", ended


class Walk(House):
    def test_life(self):
        buoy = Resource(unique("terraform"), BUOY, **{
            "colour": "green", "settings.controller.folderId": "b1g",
            "settings.list": "- a\n- b\n"})
        self.assertFalse(buoy.create(sent_twice=True).HasField("error"))
        self.assertEqual(buoy.planned["status"], "DEPLOYED")
        self.assertIsNone(revision(buoy.planned["name"], 2))
        self.assertTrue(buoy.read())
        buoy.update(NEXT_BUOY, colour="white")
        self.assertEqual(config_map(buoy.planned["name"])["colour"], "white")
        self.assertEqual(json.loads(config_map(buoy.planned["name"])["settings"]), {})
        self.assertTrue(buoy.read())

        imported = Resource(buoy.planned["name"], NEXT_BUOY)
        imported.take(Provider().get(buoy.planned["id"]))
        self.assertEqual(imported.planned, buoy.planned)

        buoy.destroy(sent_twice=True)
        self.assertFalse(buoy.read())
        self.refused(NOT_FOUND, buoy.destroy)

    def test_two_at_once(self):
        """Somebody else's operation runs: the provider waits for it, and goes on."""
        buoy = Resource(unique("terraform"), BUOY)
        buoy.create()
        first = skipper.update(buoy.planned["id"], fault="never-ready")
        buoy.planned["status"] = PENDING  # as a refresh in between would have it
        buoy.update(NEXT_BUOY, colour="green")
        self.assertTrue(skipper.operation(first.id).done)
        self.assertEqual(buoy.planned["status"], "DEPLOYED")
        second = skipper.update(buoy.planned["id"], fault="never-ready")
        buoy.destroy()
        self.assertTrue(skipper.operation(second.id).done)
        self.assertFalse(buoy.read())

    def test_tainted(self):
        """What failed is found, so that the next run replaces it."""
        buoy = Resource(unique("terraform"), BUOY, fault="pre-install")
        ended = buoy.create()
        self.assertEqual(ended.error.code, FAILED_PRECONDITION)
        self.assertTrue(buoy.tainted)
        self.assertEqual(buoy.planned["status"], "FAILED")
        self.assertTrue(buoy.read())
        buoy.destroy()
        anew = Resource(buoy.planned["name"], BUOY)
        self.assertFalse(anew.create().HasField("error"))
        self.assertNotEqual(anew.planned["id"], buoy.planned["id"])
        anew.destroy()

    def test_refused(self):
        """The plan is wrong: nothing is made, and nothing kept."""
        for wrong in (Resource(unique("terraform"), BUOY, colour="mauve"),
                      Resource("Terraform", BUOY)):
            self.refused(INVALID_ARGUMENT, wrong.create)
        self.refused(NOT_FOUND, Resource(unique("terraform"), version("buoy", "9.9.9")).create)


if __name__ == "__main__":
    unittest.main()
