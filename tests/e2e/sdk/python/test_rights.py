"""Who calls: exchanged tokens, bad ones, none; and people who may not."""

import time

from house import (ADDRESS, BUOY, CLUSTER, INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, TOKEN,
                   UNAUTHENTICATED, ApiEndpointServiceStub, CancelOperationRequest, Empty,
                   GetApiEndpointRequest, GetOperationRequest, HelmRelease, HelmReleaseServiceStub,
                   House, IamTokenServiceStub, ListApiEndpointsRequest, OperationServiceStub,
                   Person, iam, mate, messages, raw_channel, skipper, stowaway, unique, version)

# Every method that wants a token, with a request that is in order.
CLOSED = [
    (HelmReleaseServiceStub, "List", messages.ListHelmReleasesRequest(cluster_id=CLUSTER)),
    (HelmReleaseServiceStub, "Get", messages.GetHelmReleaseRequest(id="r")),
    (HelmReleaseServiceStub, "Install",
     messages.InstallHelmReleaseRequest(cluster_id=CLUSTER, product_version_id=BUOY)),
    (HelmReleaseServiceStub, "Update", messages.UpdateHelmReleaseRequest(id="r")),
    (HelmReleaseServiceStub, "Uninstall", messages.UninstallHelmReleaseRequest(id="r")),
    (OperationServiceStub, "Get", GetOperationRequest(operation_id="o")),
    (OperationServiceStub, "Cancel", CancelOperationRequest(operation_id="o")),
]


class Rights(House):
    def test_exchange(self):
        """The SDK exchanges what it was given before it uses it."""
        exchanged = Person(token=TOKEN)
        release = exchanged.install(unique("exchanged"), version("hello", "1.0.0"))
        self.assertEqual(release.status, HelmRelease.DEPLOYED)
        exchanged.wait(exchanged.uninstall(release.id), response=Empty)

    def test_exchanged_token(self):
        with raw_channel() as channel:
            made = IamTokenServiceStub(channel).Create(
                iam.CreateIamTokenRequest(yandex_passport_oauth_token=TOKEN))
        # What the Terraform provider takes for a token that needs no exchange.
        self.assertRegex(made.iam_token, r"^t1\.[^.]+\.[^.]+$")
        self.assertGreater(made.expires_at.seconds, time.time())
        self.assertTrue(Person(iam_token=made.iam_token).releases.List(
            messages.ListHelmReleasesRequest(cluster_id=CLUSTER)) is not None)
        head, payload, signature = made.iam_token.split(".")
        other = "A" if signature[0] != "A" else "B"
        for forged in f"{head}.{payload}.{other}{signature[1:]}", f"{head}.{payload}.", "t1.a.b":
            self.refused(UNAUTHENTICATED, Person(iam_token=forged).get, "r")

    def test_bad_secrets(self):
        with raw_channel() as channel:
            stub = IamTokenServiceStub(channel)
            for request, code in (
                    (iam.CreateIamTokenRequest(yandex_passport_oauth_token="nobody's"), UNAUTHENTICATED),
                    (iam.CreateIamTokenRequest(yandex_passport_oauth_token=TOKEN + "x"), UNAUTHENTICATED),
                    (iam.CreateIamTokenRequest(yandex_passport_oauth_token="x" * 4001), INVALID_ARGUMENT),
                    (iam.CreateIamTokenRequest(), INVALID_ARGUMENT)):
                self.refused(code, stub.Create, request)

    def test_bad_tokens(self):
        """Neither no token nor another one is a difference between what is there and what is not."""
        with raw_channel() as channel:
            for stub, method, request in CLOSED:
                call = getattr(stub(channel), method)
                for header in (None, "Bearer", "Bearer ", "Bearer nobody's", "Bearer t1.x.y",
                               f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN):
                    with self.subTest(method=method, header=header):
                        metadata = (("authorization", header),) if header else None
                        self.refused(UNAUTHENTICATED, call, request, metadata=metadata)

    def test_discovery(self):
        """Without a token."""
        with raw_channel() as channel:
            stub = ApiEndpointServiceStub(channel)
            listed = stub.List(ListApiEndpointsRequest(page_size=100))
            self.assertEqual(listed.next_page_token, "")
            found = {endpoint.id: endpoint.address for endpoint in listed.endpoints}
            for name in "endpoint", "iam", "managed-kubernetes", "operation":
                self.assertEqual(found[name], ADDRESS)
                one = stub.Get(GetApiEndpointRequest(api_endpoint_id=name))
                self.assertEqual((one.id, one.address), (name, ADDRESS))
            self.refused(NOT_FOUND, stub.Get, GetApiEndpointRequest(api_endpoint_id="elsewhere"))

    def test_who_may_not(self):
        release = skipper.install(unique("guarded"), version("hello", "1.0.0"))
        self.assertEqual(mate.get(release.id), release)
        for call in (
                lambda: mate.begin(unique("guarded")), lambda: mate.update(release.id),
                lambda: mate.uninstall(release.id),
                lambda: stowaway.releases.List(messages.ListHelmReleasesRequest(cluster_id=CLUSTER)),
                lambda: stowaway.get(release.id), lambda: stowaway.begin(unique("guarded")),
                lambda: stowaway.update(release.id), lambda: stowaway.uninstall(release.id)):
            self.refused(PERMISSION_DENIED, call)
        self.remove(release.id)

    def test_chart_of_others(self):
        """Rights in a cluster are none to read a chart."""
        self.refused(NOT_FOUND, skipper.begin, "x", "fleet/secret/stable/buoy@1.0.0")
