"""The walk of every user: install, wait, get, list, update, uninstall."""

import datetime
import json
import time

from house import (BUOY, CHANNEL, CLUSTER, NAMESPACE, NEXT_BUOY, NOT_FOUND, Empty, HelmRelease,
                   House, config_map, mate, messages, skipper, unique, version)


class Walk(House):
    def test_walk(self):
        name = unique("walk")
        begun = skipper.begin(name, colour="green")
        self.assertFalse(begun.done)
        self.assertEqual(begun.WhichOneof("result"), None)
        self.assertAlmostEqual(begun.created_at.seconds, time.time(), delta=60)
        self.assertTrue(begun.created_by)
        self.assertLessEqual(len(begun.description), 256)
        self.assertNotIn("green", begun.description)
        self.assertEqual(begun.metadata.type_url, "type.googleapis.com/"
                         "yandex.cloud.k8s.marketplace.v1.InstallHelmReleaseMetadata")

        done = skipper.wait(begun, metadata=messages.InstallHelmReleaseMetadata)
        release = done.response
        self.assertEqual(done.meta, messages.InstallHelmReleaseMetadata(
            cluster_id=CLUSTER, helm_release_id=release.id, product_version_id=BUOY))
        self.assertEqual((release.cluster_id, release.app_name, release.app_namespace),
                         (CLUSTER, name, NAMESPACE))
        self.assertEqual((release.product_version, release.product_name), (BUOY, ""))
        self.assertTrue(release.product_id)
        self.assertEqual(release.status, HelmRelease.DEPLOYED)
        self.assertEqual(config_map(name)["colour"], "green")
        self.assertEqual(skipper.get(release.id), release)
        self.assertEqual(mate.get(release.id), release)

        # The same metadata at every look, long after the end too.
        for person in skipper, mate:
            seen = person.operation(begun.id)
            self.assertTrue(seen.done)
            self.assertEqual(seen.metadata, begun.metadata)
            self.assertEqual(seen.created_at, begun.created_at)

        updating = skipper.update(release.id, NEXT_BUOY, colour="white")
        self.assertFalse(updating.done)
        done = skipper.wait(updating, metadata=messages.UpdateHelmReleaseMetadata)
        self.assertEqual(done.meta, messages.UpdateHelmReleaseMetadata(
            cluster_id=CLUSTER, helm_release_id=release.id, product_version_id=NEXT_BUOY))
        updated = done.response
        self.assertEqual((updated.product_version, updated.product_id, updated.created_at),
                         (NEXT_BUOY, release.product_id, release.created_at))
        self.assertEqual(config_map(name)["colour"], "white")
        self.assertEqual(config_map(name)["version"], "1.1.0")

        # Without values and version both stay.
        kept = skipper.wait(skipper.update(release.id)).response
        self.assertEqual(kept.product_version, NEXT_BUOY)
        self.assertEqual(config_map(name)["colour"], "white")
        # New values replace the old ones whole.
        skipper.wait(skipper.update(release.id, flashes="7"))
        self.assertEqual(config_map(name)["colour"], "red")
        self.assertEqual(config_map(name)["flashes"], "7")

        ending = skipper.uninstall(release.id)
        self.assertFalse(ending.done)
        done = skipper.wait(ending, response=Empty, metadata=messages.UninstallHelmReleaseMetadata)
        self.assertEqual(done.meta, messages.UninstallHelmReleaseMetadata(
            cluster_id=CLUSTER, helm_release_id=release.id))
        ended = skipper.operation(ending.id)
        self.assertEqual(ended.response.type_url, "type.googleapis.com/google.protobuf.Empty")
        self.assertIsNone(config_map(name))
        self.refused(NOT_FOUND, skipper.get, release.id)
        self.refused(NOT_FOUND, skipper.update, release.id)
        self.refused(NOT_FOUND, skipper.uninstall, release.id)
        self.assertTrue(skipper.operation(begun.id).done)

        # The name is free again.
        self.remove(skipper.install(name).id)

    def test_product_version_id(self):
        """A version's own id, and a reference without a number, name it as well."""
        release = skipper.install(unique("named"), f"{CHANNEL}/buoy")
        self.assertEqual(release.product_version, f"{CHANNEL}/buoy")
        self.assertEqual(config_map(release.app_name)["version"], "1.1.0")
        self.remove(release.id)

    def test_list(self):
        releases = [skipper.install(unique("listed"), version("hello", "1.0.0")) for _ in range(3)]
        pages, token = [], ""
        while True:
            page = skipper.releases.List(messages.ListHelmReleasesRequest(
                cluster_id=CLUSTER, page_size=1, page_token=token))
            self.assertEqual(len(page.helm_releases), 1)
            self.assertLessEqual(len(page.next_page_token), 100)
            pages += page.helm_releases
            token = page.next_page_token
            if not token:
                break
        self.assertEqual([r.id for r in pages if r.app_name.startswith("listed-")],
                         [r.id for r in releases])
        self.assertEqual(len({r.id for r in pages}), len(pages))
        for size in 0, 1000:
            whole = mate.releases.List(
                messages.ListHelmReleasesRequest(cluster_id=CLUSTER, page_size=size))
            self.assertEqual([r.id for r in whole.helm_releases], [r.id for r in pages])
            self.assertEqual(whole.next_page_token, "")
        for release in releases:
            self.remove(release.id)
        # What is uninstalled is listed no more.
        left = skipper.releases.List(messages.ListHelmReleasesRequest(cluster_id=CLUSTER))
        self.assertFalse({r.id for r in releases} & {r.id for r in left.helm_releases})

    def test_names_without_reserved_values(self):
        """The chart's name, in the namespace `default`."""
        operation = skipper.releases.Install(messages.InstallHelmReleaseRequest(
            cluster_id=CLUSTER, product_version_id=version("hello", "1.0.0")))
        release = skipper.wait(operation).response
        self.assertEqual((release.app_name, release.app_namespace), ("hello", "default"))
        self.remove(release.id)

    def test_values(self):
        """Keys are paths, texts are YAML."""
        long = "x" * 65536
        release = skipper.install(unique("values"), **{
            "settings.controller.folderId": "b1g",
            "settings.list[0]": "first",
            "settings.list[1]": "second",
            "settings.whole": "- 1\n- {a: true}\n",
            "settings.dotted\\.key": "yes it is",
            "settings.quoted": '"true"',
            "settings.number": "12",
            "settings.date": "2026-01-02",
            "settings.sea": "море 🌊",
            "settings.long": long,
            "flashes": "20"})
        data = config_map(release.app_name)
        self.assertEqual(data["flashes"], "20")
        self.assertEqual(json.loads(data["settings"]), {
            "controller": {"folderId": "b1g"}, "list": ["first", "second"],
            "whole": [1, {"a": True}], "dotted.key": "yes it is", "quoted": "true", "number": 12,
            "date": "2026-01-02", "sea": "море 🌊", "long": long})
        self.remove(release.id)

    def test_other_charts(self):
        """A deprecated one, one with a kind of its own, one that looks things up."""
        for what in version("tide", "1.4.0"), version("beacon", "1.0.0"), version("sextant", "1.0.0"):
            release = skipper.install(unique("other"), what)
            self.assertEqual(release.status, HelmRelease.DEPLOYED)
            if "sextant" in what:
                # Names of hosts are not looked up: a chart could send away what it knows.
                self.assertEqual(config_map(release.app_name, "seen")["address"], "")
            self.remove(release.id)

    def test_created_at_is_the_first(self):
        release = skipper.install(unique("times"), version("hello", "1.0.0"))
        then = datetime.datetime.fromtimestamp(release.created_at.seconds)
        self.assertLess(abs((datetime.datetime.now() - then).total_seconds()), 60)
        self.remove(release.id)
