"""Requests that are out of order, each refused with the code of its kind."""

import grpc
from house import (BUOY, CHANNEL, CLUSTER, INVALID_ARGUMENT, NAMESPACE, NOT_FOUND, UNIMPLEMENTED,
                   WEAK_CLUSTER, House, IamTokenServiceStub, Value, ValueWithKey,
                   error_details_pb2, iam, messages, pairs, raw_channel, skipper, status_pb2,
                   unique, version)


def install(**changes):
    wanted = {"cluster_id": CLUSTER, "product_version_id": BUOY, **changes}
    return lambda: skipper.releases.Install(messages.InstallHelmReleaseRequest(**wanted))


def listing(**asked):
    return lambda: skipper.releases.List(messages.ListHelmReleasesRequest(**asked))


def with_values(values):
    return install(user_values=values if isinstance(values, list) else pairs(values))


SAME_KEY = pairs({"colour": "red"}) * 2
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{n}: &{n} [{','.join(['*' + chr(ord(n) - 1)] * 9)}]\n" for n in "bcdefgh")

INVALID = {
    "no cluster": install(cluster_id=""),
    "no version": install(product_version_id=""),
    "a list of no cluster": listing(),
    "a negative page": listing(cluster_id=CLUSTER, page_size=-1),
    "a huge page": listing(cluster_id=CLUSTER, page_size=1001),
    "a long page token": listing(cluster_id=CLUSTER, page_token="x" * 101),
    "a forged page token": listing(cluster_id=CLUSTER, page_token="AAAAAAAAAAAAAAAAAAAA"),
    "a get of nothing": lambda: skipper.get(""),
    "an update of nothing": lambda: skipper.update(""),
    "an uninstall of nothing": lambda: skipper.uninstall(""),
    "no operation": lambda: skipper.operation(""),
    "no operation to cancel": lambda: skipper.cancel(""),
    "a reference that is none": install(product_version_id="buoy"),
    "a value without a key": with_values({"": "x"}),
    "a value without a text": with_values([ValueWithKey(key="a", value=Value())]),
    "a value without a value": with_values([ValueWithKey(key="a")]),
    "a key twice": with_values(SAME_KEY),
    "a key that is a value and a map": with_values({"a": "1", "a.b": "2"}),
    "an empty segment": with_values({"a..b": "1"}),
    "a deep key": with_values({".".join("a" * 21): "1"}),
    "a huge index": with_values({"a[1001]": "1"}),
    "a long key": with_values({"a" * 513: "1"}),
    "a long value": with_values({"a": "x" * 65537}),
    "too many values": with_values({f"a{i}": "1" for i in range(257)}),
    "10,000 values": with_values({f"a{i}": "1" for i in range(10000)}),
    "too much in all": with_values({f"settings.a{i}": "x" * 60000 for i in range(10)}),
    "what is no YAML": with_values({"settings.a": "{"}),
    "aliases that explode": with_values({"settings.a": BOMB}),
    "a release that looks like a flag": with_values({"applicationName": "--debug"}),
    "a release in capitals": with_values({"applicationName": "Buoy"}),
    "a long name of a release": with_values({"applicationName": "a" * 54}),
    "a path as the name of a release": with_values({"applicationName": "../a"}),
    "a namespace in capitals": with_values({"namespace": "Quay"}),
    "a namespace with dots": with_values({"namespace": "a.b"}),
    "a long namespace": with_values({"namespace": "a" * 64}),
    "a namespace that looks like a flag": with_values({"namespace": "-A"}),
    "Kubernetes' own namespace": with_values({"namespace": "kube-system"}),
}

UNKNOWN = {
    "a cluster to install into": install(cluster_id="nowhere"),
    "a cluster to list": listing(cluster_id="nowhere"),
    "a version by number": install(product_version_id=f"{CHANNEL}/buoy@9.9.9"),
    "a version by chart": install(product_version_id=f"{CHANNEL}/raft@1.0.0"),
    "a version by channel": install(product_version_id="fleet/charts/nowhere/buoy@1.0.0"),
    "a version by project": install(product_version_id="fleet/nowhere/stable/buoy@1.0.0"),
    "a version by id": install(product_version_id="pv999999"),
    "a release": lambda: skipper.get("r0000000000000000000"),
    "a release to update": lambda: skipper.update("r0000000000000000000"),
    "a release to uninstall": lambda: skipper.uninstall("r0000000000000000000"),
    "an operation": lambda: skipper.operation("o0000000000000000000"),
    "an operation to cancel": lambda: skipper.cancel("o0000000000000000000"),
}


class BadInput(House):
    def test_invalid(self):
        before = listing(cluster_id=CLUSTER)()
        for what, call in INVALID.items():
            with self.subTest(what):
                self.refused(INVALID_ARGUMENT, call)
        self.assertEqual(listing(cluster_id=CLUSTER)(), before)

    def test_unknown(self):
        for what, call in UNKNOWN.items():
            with self.subTest(what):
                self.refused(NOT_FOUND, call)

    def test_page_token_of_another_list(self):
        names = [skipper.install(unique("paged"), version("hello", "1.0.0")) for _ in range(2)]
        token = listing(cluster_id=CLUSTER, page_size=1)().next_page_token
        self.assertTrue(token)
        self.refused(INVALID_ARGUMENT, listing(cluster_id=WEAK_CLUSTER, page_token=token))
        for release in names:
            self.remove(release.id)

    def test_another_product(self):
        release = skipper.install(unique("product"), version("hello", "1.0.0"))
        self.refused(INVALID_ARGUMENT, skipper.update, release.id, BUOY)
        for key, text in ("applicationName", "other"), ("namespace", "other"):
            self.refused(INVALID_ARGUMENT, skipper.update, release.id, **{key: text})
        same = {"applicationName": release.app_name, "namespace": NAMESPACE}
        skipper.wait(skipper.update(release.id, **same))
        self.remove(release.id)

    def test_unimplemented(self):
        with raw_channel() as channel:
            accounts = IamTokenServiceStub(channel).CreateForServiceAccount
            nothing = channel.unary_unary("/yandex.cloud.operation.OperationService/Forget")
            asked = iam.CreateIamTokenForServiceAccountRequest(service_account_id="a")
            for call, request in (accounts, asked), (nothing, b""):
                with self.assertRaises(grpc.RpcError) as caught:
                    call(request)
                self.assertEqual(caught.exception.code().value[0], UNIMPLEMENTED)

    def test_what_comes_with_an_error(self):
        """Node's SDK loses the code where metadata come before it."""
        error = self.refused(INVALID_ARGUMENT, lambda: skipper.releases.Get(
            messages.GetHelmReleaseRequest(), metadata=(("x-request-id", "buoy-7"),)))
        self.assertEqual(list(error.initial_metadata()), [])
        behind = dict(error.trailing_metadata())
        self.assertEqual(behind["x-request-id"], "buoy-7")
        self.assertTrue(behind["x-server-trace-id"])
        status = status_pb2.Status.FromString(behind["grpc-status-details-bin"])
        self.assertEqual((status.code, status.message), (INVALID_ARGUMENT, error.details()))
        bad = error_details_pb2.BadRequest()
        self.assertTrue(status.details[0].Unpack(bad))
        self.assertEqual(bad.field_violations[0].field, "id")
