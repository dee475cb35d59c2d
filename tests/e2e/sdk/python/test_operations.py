"""Two at once on one release, requests that are sent twice, and cancelling."""

import re

import grpc
from house import (ALREADY_EXISTS, CANCELLED, DEADLINE_EXCEEDED, FAILED_PRECONDITION,
                   INVALID_ARGUMENT, NEXT_BUOY, NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE, Empty,
                   GetOperationRequest, HelmRelease, House, mate, messages, new_key, release_of,
                   revision, skipper, unique, version)


class Operations(House):
    def running(self, name, **values):
        """An install that waits for what never comes, as long as the server lets it."""
        operation = skipper.begin(name, fault="never-ready", **values)
        self.await_state("it runs", lambda: revision(name, 1))
        return operation

    def test_conflict(self):
        name = unique("busy")
        operation = self.running(name)
        release = release_of(operation)
        pattern = re.compile('conflicting operation "(.+)" detected')
        for call in (lambda: skipper.update(release, NEXT_BUOY), lambda: skipper.uninstall(release)):
            error = self.refused(FAILED_PRECONDITION, call)
            self.assertEqual(pattern.search(error.details())[1], operation.id)
        self.refused(ALREADY_EXISTS, skipper.begin, name)
        self.assertEqual(skipper.get(release).status, HelmRelease.PENDING_INSTALL)
        self.fails(DEADLINE_EXCEEDED, operation)
        mended = skipper.wait(skipper.update(release, NEXT_BUOY, colour="white")).response
        self.assertEqual(mended.status, HelmRelease.DEPLOYED)
        self.remove(release)

    def test_same_key(self):
        """A request that comes twice with one key begins one operation."""
        name, key = unique("once"), new_key()
        first = skipper.begin(name, metadata=key)
        self.assertEqual(skipper.begin(name, metadata=key).id, first.id)
        self.refused(INVALID_ARGUMENT, skipper.begin, name, metadata=key, colour="green")
        release = skipper.wait(first).response.id
        # Also when it is done: not done in the first answer, as ever.
        again = skipper.begin(name, metadata=key)
        self.assertEqual((again.id, again.done), (first.id, False))
        self.assertEqual(skipper.wait(again).response.id, release)

        key = new_key()
        update = skipper.update(release, NEXT_BUOY, metadata=key)
        self.assertEqual(skipper.update(release, NEXT_BUOY, metadata=key).id, update.id)
        skipper.wait(update)
        self.assertEqual(skipper.update(release, NEXT_BUOY, metadata=key).id, update.id)
        self.assertIsNotNone(revision(name, 2))
        self.assertIsNone(revision(name, 3))

        # A key is one caller's.
        self.refused(PERMISSION_DENIED, mate.update, release, NEXT_BUOY, metadata=key)
        request, key = messages.UninstallHelmReleaseRequest(id=release), new_key()
        gone = skipper.releases.Uninstall(request, metadata=key)
        self.assertEqual(skipper.releases.Uninstall(request, metadata=key).id, gone.id)
        skipper.wait(gone, response=Empty)

    def test_cancel(self):
        name = unique("cancelled")
        operation = self.running(name)
        self.refused(PERMISSION_DENIED, mate.cancel, operation.id)
        asked = skipper.cancel(operation.id)
        self.assertEqual((asked.id, asked.metadata), (operation.id, operation.metadata))
        ended = self.fails(CANCELLED, operation)
        # Again, and nothing changes.
        self.assertEqual(skipper.cancel(operation.id), ended)
        release = release_of(operation)
        self.assertEqual(skipper.get(release).status, HelmRelease.FAILED)
        self.remove(release)
        done = skipper.operation(operation.id)
        self.assertEqual(done.error.code, CANCELLED)

    def test_cancel_of_a_finished_one(self):
        operation = skipper.begin(unique("finished"), version("hello", "1.0.0"))
        release = skipper.wait(operation).response
        cancelled = skipper.cancel(operation.id)
        self.assertTrue(cancelled.done)
        self.assertEqual(cancelled.WhichOneof("result"), "response")
        self.remove(release.id)

    def test_too_many(self):
        """More than may wait are refused for now; those that wait are cancelled at once."""
        begun = []
        with self.assertRaises(grpc.RpcError) as caught:
            for _ in range(40):
                begun.append(skipper.begin(unique("many"), fault="never-ready"))
        self.assertEqual(caught.exception.code().value[0], UNAVAILABLE)
        self.assertGreater(len(begun), 2)
        for operation in reversed(begun):
            skipper.cancel(operation.id)
        for operation in begun:
            self.await_state("it ends", lambda: skipper.operation(operation.id).done)
            self.assertEqual(skipper.operation(operation.id).error.code, CANCELLED)
        for operation in begun:
            try:
                self.remove(release_of(operation))
            except grpc.RpcError as error:  # of those that never ran nothing is left
                self.assertEqual(error.code().value[0], NOT_FOUND)

    def test_poll_interval(self):
        """Go's SDKs take a whole number, one at least."""
        operation = skipper.begin(unique("polled"), version("hello", "1.0.0"))
        _, call = skipper.operations.Get.with_call(GetOperationRequest(operation_id=operation.id))
        told = dict(call.initial_metadata())["x-operation-poll-interval"]
        self.assertGreaterEqual(int(told), 1)
        self.remove(skipper.wait(operation).response.id)
