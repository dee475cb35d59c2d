"""Installs and updates that fail: their codes and words, and what is left behind."""

from house import (ALREADY_EXISTS, DEADLINE_EXCEEDED, FAILED_PRECONDITION, INVALID_ARGUMENT,
                   PERMISSION_DENIED, WEAK_CLUSTER, HelmRelease, House, config_map, release_of,
                   skipper, unique, version)

# By the value `fault` of buoy: the code, and words of the text. Of the first Helm has a release
# afterwards, of the others nothing.
RECORDED = {
    "never-ready": (DEADLINE_EXCEEDED, ["Deployment", "-lamp"]),
    "pre-install": (FAILED_PRECONDITION, ["pre-install"]),
    "post-install": (FAILED_PRECONDITION, ["post-install"]),
    "refused": (FAILED_PRECONDITION, ["-refused", "is invalid"]),
}
UNRECORDED = {
    "missing-kind": (FAILED_PRECONDITION, ["Foghorn"]),
    "render": (INVALID_ARGUMENT, ["the lamp is dark"]),
}


class Failures(House):
    def test_failed_installs(self):
        every = {**RECORDED, **UNRECORDED}
        begun = {fault: skipper.begin(unique("fails"), fault=fault) for fault in every}
        for fault, operation in begun.items():
            with self.subTest(fault=fault):
                code, words = every[fault]
                ended = self.fails(code, operation, *words)
                self.assertEqual(ended.metadata, operation.metadata)
                self.see_and_remove(release_of(operation))

    def see_and_remove(self, release):
        """A failed release is there to be seen and uninstalled, and then its name is free."""
        found = skipper.get(release)
        self.assertEqual(found.status, HelmRelease.FAILED)
        self.refused(ALREADY_EXISTS, skipper.begin, found.app_name)
        self.remove(release)
        self.remove(skipper.install(found.app_name, version("hello", "1.0.0")).id)

    def test_kubernetes_version(self):
        error = self.refused(FAILED_PRECONDITION, skipper.begin, unique("atoll"),
                             version("atoll", "1.0.0"))
        self.assertIn("kubeVersion", error.details())

    def test_missing_rights_in_the_cluster(self):
        operation = skipper.begin(unique("weak"), cluster=WEAK_CLUSTER)
        self.fails(PERMISSION_DENIED, operation, "forbidden")

    def test_refused_at_once(self):
        self.refused(INVALID_ARGUMENT, skipper.begin, "x", colour="mauve")
        error = self.refused(INVALID_ARGUMENT, skipper.begin, "x", flashes="21")
        self.assertIn("flashes", error.details())
        for chart, number in ("rigging", "0.2.1"), ("reef", "1.0.0"):
            self.refused(FAILED_PRECONDITION, skipper.begin, "x", version(chart, number))

    def test_failed_updates(self):
        """The release fails and stays; a good update mends it."""
        release = skipper.install(unique("mended"))
        for fault, code in ("pre-upgrade", FAILED_PRECONDITION), ("refused", FAILED_PRECONDITION), \
                ("never-ready", DEADLINE_EXCEEDED):
            with self.subTest(fault=fault):
                operation = skipper.update(release.id, fault=fault)
                ended = self.fails(code, operation)
                self.assertEqual(ended.metadata.type_url, "type.googleapis.com/"
                                 "yandex.cloud.k8s.marketplace.v1.UpdateHelmReleaseMetadata")
                self.assertEqual(skipper.get(release.id).status, HelmRelease.FAILED)
        self.refused(INVALID_ARGUMENT, skipper.update, release.id, colour="mauve")
        mended = skipper.wait(skipper.update(release.id, colour="green")).response
        self.assertEqual(mended.status, HelmRelease.DEPLOYED)
        self.assertEqual(config_map(release.app_name)["colour"], "green")
        self.remove(release.id)

    def test_hooks_that_fail_an_uninstall(self):
        """They leave no release that nobody can remove, and no objects."""
        for fault in "pre-delete", "post-delete":
            with self.subTest(fault=fault):
                release = skipper.install(unique("removed"), fault=fault)
                self.remove(release.id)
                self.assertIsNone(config_map(release.app_name))
