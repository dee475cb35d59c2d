// The walk by the Node SDK: install, wait, get, list, update, uninstall; what fails; what is refused.
//
// The server is at ADDRESS, with a certificate of the authority in ROOTS; CLUSTER, CHANNEL and the
// tokens are those of ../../releases.sh. The SDK knows no other server than its own, so every client
// is told the address.
'use strict';

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');

const { Session, waitForOperation } = require('@yandex-cloud/nodejs-sdk');
const {
    helmRelease: { HelmRelease_Status: Status },
    helmReleaseService: messages,
} = require('@yandex-cloud/nodejs-sdk/k8s-marketplace-v1');
const {
    operationService: { OperationServiceClient, GetOperationRequest, CancelOperationRequest },
} = require('@yandex-cloud/nodejs-sdk/operation');
const { ClientError, Metadata, Status: Code } = require('nice-grpc');

const { ADDRESS, ROOTS, CLUSTER, CHANNEL, HELM_VERSION } = process.env;
const namespace = `node-${HELM_VERSION}`;
const buoy = `${CHANNEL}/buoy@1.0.0`;
const nextBuoy = `${CHANNEL}/buoy@1.1.0`;

class Person {
    constructor(iamToken) {
        this.session = new Session({
            iamToken, ssl: { rootCerts: fs.readFileSync(ROOTS) }, pollInterval: 200,
        });
        this.releases = this.session.client(messages.HelmReleaseServiceClient, ADDRESS);
        this.operations = this.session.client(OperationServiceClient, ADDRESS);
    }

    begin(name, values = {}, key = undefined, version = buoy) {
        const all = { applicationName: name, namespace, ...values };
        return this.releases.install(messages.InstallHelmReleaseRequest.fromPartial({
            clusterId: CLUSTER, productVersionId: version, userValues: pairs(all),
        }), withKey(key));
    }

    update(id, values = {}, version = '') {
        return this.releases.update(messages.UpdateHelmReleaseRequest.fromPartial({
            id, productVersionId: version, userValues: pairs(values),
        }));
    }

    uninstall(id) {
        return this.releases.uninstall(messages.UninstallHelmReleaseRequest.fromPartial({ id }));
    }

    get(id) { return this.releases.get(messages.GetHelmReleaseRequest.fromPartial({ id })); }

    list(asked) {
        return this.releases.list(
            messages.ListHelmReleasesRequest.fromPartial({ clusterId: CLUSTER, ...asked }));
    }

    operation(operationId) {
        return this.operations.get(GetOperationRequest.fromPartial({ operationId }));
    }

    cancel(operationId) {
        return this.operations.cancel(CancelOperationRequest.fromPartial({ operationId }));
    }

    wait(operation) { return waitForOperation(operation, this.session, 120000, ADDRESS); }

    // Waits for the good end; resolves to the release that the operation answers with.
    async done(operation) {
        const ended = await this.wait(await operation);
        return ended.response.value.length ? decode('HelmRelease', ended.response) : undefined;
    }

    async remove(id) {
        const ended = await this.wait(await this.uninstall(id));
        assert.equal(ended.response.typeUrl, 'type.googleapis.com/google.protobuf.Empty');
        await refused(Code.NOT_FOUND, this.get(id));
    }
}

function pairs(values) {
    return Object.entries(values).map(([key, typedValue]) => ({ key, value: { typedValue } }));
}

function withKey(key) { return key && { metadata: Metadata({ 'idempotency-key': key }) }; }

function decode(name, any) {
    assert.equal(any.typeUrl, `type.googleapis.com/yandex.cloud.k8s.marketplace.v1.${name}`);
    const { helmRelease } = require('@yandex-cloud/nodejs-sdk/k8s-marketplace-v1');
    return (messages[name] ?? helmRelease[name]).decode(any.value);
}

// The call is refused with this code, as an error that keeps it; resolves to its words.
async function refused(code, call) {
    const error = await call.then(() => assert.fail(`wanted ${Code[code]}`), (e) => e);
    assert.ok(error instanceof ClientError, `${error.name}: ${error.message}`);
    assert.equal(Code[error.code], Code[code], error.message);
    return error.details;
}

// The operation ends with this code; the waiter rejects with it.
async function fails(code, operation) {
    const ended = await skipper.wait(operation).then(() => assert.fail('it went well'), (e) => e);
    assert.ok(ended.error, `${ended}`);
    assert.equal(Code[ended.error.code], Code[code], ended.error.message);
    assert.equal(ended.done, true);
    return ended.error.message;
}

function releaseOf(operation) {
    return decode('InstallHelmReleaseMetadata', operation.metadata).helmReleaseId;
}

const skipper = new Person(process.env.TOKEN);
const mate = new Person(process.env.READER_TOKEN);

async function walk() {
    const begun = await skipper.begin('walk', { colour: 'green' });
    assert.equal(begun.done, false);
    const release = await skipper.done(begun);
    assert.deepEqual(decode('InstallHelmReleaseMetadata', begun.metadata), {
        clusterId: CLUSTER, helmReleaseId: release.id, productVersionId: buoy,
    });
    assert.deepEqual([release.clusterId, release.appName, release.appNamespace],
        [CLUSTER, 'walk', namespace]);
    assert.deepEqual([release.productVersion, release.productName], [buoy, '']);
    assert.equal(release.status, Status.DEPLOYED);
    assert.deepEqual(await skipper.get(release.id), release);
    assert.deepEqual(await mate.get(release.id), release);

    const updated = await skipper.done(skipper.update(release.id, { colour: 'white' }, nextBuoy));
    assert.equal(updated.productVersion, nextBuoy);
    assert.deepEqual([updated.productId, updated.createdAt], [release.productId, release.createdAt]);
    await skipper.remove(release.id);
}

async function pages() {
    const made = [];
    for (const name of ['one', 'two', 'three'])
        made.push((await skipper.done(
            skipper.begin(name, {}, undefined, `${CHANNEL}/hello@1.0.0`))).id);
    const listed = [];
    let pageToken = '';
    do {
        const page = await skipper.list({ pageSize: 1, pageToken });
        assert.equal(page.helmReleases.length, 1);
        listed.push(page.helmReleases[0].id);
        pageToken = page.nextPageToken;
    } while (pageToken);
    assert.deepEqual(listed.filter((id) => made.includes(id)), made);
    assert.deepEqual((await mate.list({})).helmReleases.map((r) => r.id), listed);
    for (const id of made) await skipper.remove(id);
}

async function failures() {
    const faults = {
        'never-ready': Code.DEADLINE_EXCEEDED, 'pre-install': Code.FAILED_PRECONDITION,
        refused: Code.FAILED_PRECONDITION, render: Code.INVALID_ARGUMENT,
    };
    for (const [fault, code] of Object.entries(faults)) {
        const begun = await skipper.begin(`fails-${fault}`, { fault });
        const words = await fails(code, begun);
        if (fault === 'never-ready') assert.match(words, /Deployment.*-lamp/);
        const release = releaseOf(begun);
        assert.equal((await skipper.get(release)).status, Status.FAILED);
        await skipper.remove(release);
    }
}

async function conflicts() {
    const begun = await skipper.begin('busy', { fault: 'never-ready' });
    const release = releaseOf(begun);
    const words = await refused(Code.FAILED_PRECONDITION, skipper.update(release, {}, nextBuoy));
    assert.equal(/conflicting operation "(.+)" detected/.exec(words)[1], begun.id);
    await refused(Code.ALREADY_EXISTS, skipper.begin('busy'));
    await refused(Code.PERMISSION_DENIED, mate.cancel(begun.id));

    assert.equal((await skipper.cancel(begun.id)).id, begun.id);
    await fails(Code.CANCELLED, begun);
    assert.equal((await skipper.cancel(begun.id)).done, true);
    // Nothing is left of what Helm had not begun yet.
    if (await skipper.get(release).catch(() => undefined)) await skipper.remove(release);
    await refused(Code.NOT_FOUND, skipper.get(release));
}

async function keys() {
    const key = randomUUID();
    const first = await skipper.begin('once', {}, key);
    assert.equal((await skipper.begin('once', {}, key)).id, first.id);
    await refused(Code.INVALID_ARGUMENT, skipper.begin('once', { colour: 'white' }, key));
    const release = await skipper.done(first);
    assert.equal((await skipper.begin('once', {}, key)).id, first.id);
    await skipper.remove(release.id);
}

async function refusals() {
    for (const token of ['nobody', 't1.x.y', `${process.env.TOKEN}x`])
        await refused(Code.UNAUTHENTICATED, new Person(token).list({}));
    await refused(Code.PERMISSION_DENIED, mate.begin('x'));
    await refused(Code.PERMISSION_DENIED, new Person(process.env.STRANGER_TOKEN).list({}));
    await refused(Code.NOT_FOUND, skipper.list({ clusterId: 'nowhere' }));
    await refused(Code.NOT_FOUND, skipper.get('r0000000000000000000'));
    await refused(Code.NOT_FOUND, skipper.operation('o0000000000000000000'));
    await refused(Code.NOT_FOUND, skipper.begin('x', {}, undefined, `${CHANNEL}/raft@1.0.0`));
    await refused(Code.INVALID_ARGUMENT, skipper.get(''));
    await refused(Code.INVALID_ARGUMENT, skipper.list({ pageSize: 1001 }));
    await refused(Code.INVALID_ARGUMENT, skipper.begin('x', { colour: 'mauve' }));
    await refused(Code.INVALID_ARGUMENT, skipper.begin('--debug'));
}

async function main() {
    for (const part of [walk, pages, failures, conflicts, keys, refusals]) {
        await part();
        console.log(part.name);
    }
    process.exit(0); // the SDK leaves its channels open
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
