// The walk by the deploy API's own client for Node: environments, Helm services, deploy and what
// follows; what fails; what is refused.
//
// The server is at BASE, with a certificate of the authority in ROOTS; CLUSTER, CHANNEL and the
// tokens are those of ../../releases.sh.
'use strict';

const assert = require('node:assert/strict');
const https = require('node:https');
const fs = require('node:fs');

const qovery = require('qovery-typescript-axios');

const { BASE, ROOTS, CLUSTER, CHANNEL, HELM_VERSION } = process.env;
const baseOptions = { httpsAgent: new https.Agent({ ca: fs.readFileSync(ROOTS) }) };
const nowhere = '00000000-0000-4000-8000-000000000000';

class Person {
    constructor(credentials) {
        const here = new qovery.Configuration({ basePath: `${BASE}/api/deploy`, baseOptions, ...credentials });
        const api = (name) => new qovery[name](here);
        this.organizations = api('OrganizationMainCallsApi');
        this.projects = api('ProjectsApi');
        this.clusters = api('ClustersApi');
        this.repositories = api('HelmRepositoriesApi');
        this.environments = api('EnvironmentsApi');
        this.environment = api('EnvironmentMainCallsApi');
        this.environmentActions = api('EnvironmentActionsApi');
        this.environmentHistory = api('EnvironmentDeploymentHistoryApi');
        this.helms = api('HelmsApi');
        this.helm = api('HelmMainCallsApi');
        this.actions = api('HelmActionsApi');
        this.history = api('HelmDeploymentHistoryApi');
        this.queue = api('DeploymentQueueActionsApi');
    }
}

const skipper = new Person({ accessToken: process.env.TOKEN });
const byKey = new Person({ apiKey: `Token ${process.env.TOKEN}` });
const mate = new Person({ accessToken: process.env.READER_TOKEN });
const stowaway = new Person({ accessToken: process.env.STRANGER_TOKEN });

async function told(status, call) {
    const answer = await call;
    assert.equal(answer.status, status);
    return answer.data;
}

// The call is refused with this status; resolves to its words.
async function refused(status, call) {
    const error = await call.then(() => assert.fail(`wanted ${status}`), (e) => e);
    assert.ok(error.response, `${error}`);
    assert.equal(error.response.status, status, JSON.stringify(error.response.data));
    assert.equal(error.response.data.status, status);
    assert.equal(typeof error.response.data.error, 'string');
    assert.equal(typeof error.response.data.message, 'string');
    return error.response.data.message;
}

// What the client's own types promise of a status.
function checkStatus(s, id) {
    assert.equal(s.id, id);
    const among = (value, words) => assert.ok(Object.values(words).includes(value), value);
    among(s.state, qovery.StateEnum);
    among(s.service_deployment_status, qovery.ServiceDeploymentStatusEnum);
    among(s.status_details.action, qovery.ServiceActionEnum);
    among(s.status_details.status, qovery.ServiceActionStatusEnum);
    assert.equal(s.status_details.sub_action, 'NONE');
    assert.equal(typeof s.is_part_last_deployment, 'boolean');
    assert.ok('deployment_request_id' in s);
    assert.ok(Number.isInteger(s.deployment_requests_count));
    for (const step of s.steps?.details ?? []) {
        among(step.step_name, qovery.ServiceStepMetricNameEnum);
        among(step.status, qovery.StepMetricStatusEnum);
    }
}

async function status(id) {
    const s = await told(200, skipper.helm.getHelmStatus(id));
    checkStatus(s, id);
    return s;
}

function facts(s) {
    return [s.state, s.status_details.action, s.status_details.status, s.service_deployment_status];
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Polls as its command line does; resolves to the first status that is final, or of this state.
async function settled(id, wanted) {
    const last = Date.now() + 60000;
    for (;;) {
        const s = await status(id);
        const final = /^(DEPLOYED|STOPPED|RESTARTED|DELETED|CANCELED|READY|.*_ERROR)$/.test(s.state);
        if (wanted ? s.state === wanted : final) return s;
        assert.ok(Date.now() < last, `still ${s.state}`);
        await pause(100);
    }
}

async function gone(id) {
    const last = Date.now() + 60000;
    for (;;) {
        const answer = await skipper.helm.getHelmStatus(id).catch((e) => e.response);
        if (answer.status === 404) return;
        assert.ok(Date.now() < last, `still ${answer.data.state}`);
        await pause(100);
    }
}

let environment;
let repository;

// What a service is made with; `values` in all the ways in which they can be given.
function buoy(name, set = {}, more = {}) {
    return {
        name, auto_deploy: false, arguments: [], timeout_sec: 60, allow_cluster_wide_resources: false,
        source: { helm_repository: { repository: repository.id, chart_name: 'buoy', chart_version: '1.0.0' } },
        values_override: { set: Object.entries(set), set_string: [], set_json: [] },
        ...more,
    };
}

async function made(name, set, more) {
    return told(201, skipper.helms.createHelm(environment.id, buoy(name, set, more)));
}

async function places() {
    const [group] = (await told(200, skipper.organizations.listOrganization())).results;
    assert.equal(group.name, 'fleet');
    const [project] = (await told(200, skipper.projects.listProject(group.id))).results;
    assert.equal(project.name, 'fleet/charts');
    const clusters = (await told(200, skipper.clusters.listOrganizationCluster(group.id))).results;
    const cluster = clusters.find((c) => c.name === CLUSTER);
    const repositories = (await told(200, skipper.repositories.listHelmRepository(group.id))).results;
    repository = repositories.find((r) => r.name === CHANNEL);
    assert.match(repository.url, /\/api\/v4\/projects\/fleet%2Fcharts\/packages\/helm\/stable$/);

    const wanted = { name: `sea ${HELM_VERSION}`, cluster: cluster.id, mode: 'STAGING' };
    environment = await told(201, skipper.environments.createEnvironment(project.id, wanted));
    assert.deepEqual([environment.cluster_id, environment.mode, environment.project.id],
        [cluster.id, 'STAGING', project.id]);
    await refused(409, skipper.environments.createEnvironment(project.id, wanted));
    await refused(403, mate.environments.createEnvironment(project.id, { ...wanted, name: 'x' }));
    await refused(404, stowaway.environments.listEnvironment(project.id));
    const listed = (await told(200, mate.environments.listEnvironment(project.id))).results;
    assert.ok(listed.some((e) => e.id === environment.id));
    const edited = await told(200, skipper.environment.editEnvironment(environment.id, { mode: 'DEVELOPMENT' }));
    assert.deepEqual([edited.name, edited.mode], [wanted.name, 'DEVELOPMENT']);
    assert.deepEqual(await told(200, byKey.environment.getEnvironment(environment.id)), edited);
}

async function walk() {
    const service = await made('walk', { colour: 'green' });
    const { id } = service;
    assert.deepEqual(service.source, { repository: {
        chart_name: 'buoy', chart_version: '1.0.0',
        repository: { id: repository.id, name: repository.name, url: repository.url },
    } });
    assert.equal(service.service_type, 'HELM');
    assert.deepEqual(await told(200, skipper.helm.getHelm(id)), service);
    assert.deepEqual(facts(await status(id)), ['READY', 'UNKNOWN', 'NEVER', 'NEVER_DEPLOYED']);

    const begun = await told(202, skipper.actions.deployHelm(id, undefined, { chart_version: '1.0.0' }));
    checkStatus(begun, id);
    assert.match(begun.state, /^DEPLOY(MENT_QUEUED|ING)$/);
    assert.deepEqual(facts(await settled(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'UP_TO_DATE']);

    const changed = await told(200, skipper.helm.editHelm(id, buoy('walk', { colour: 'white' })));
    assert.deepEqual(changed.values_override.set, [['colour', 'white']]);
    assert.deepEqual(facts(await status(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'OUT_OF_DATE']);

    const run = await told(202, skipper.actions.deployHelm(id, 'DIFF', { chart_version: '1.1.0' }));
    assert.deepEqual(facts(run), ['EXECUTING', 'DEPLOY', 'EXECUTING', 'OUT_OF_DATE']);
    assert.deepEqual(facts(await status(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'OUT_OF_DATE']);
    const client = skipper.helm.axios;
    const found = async (accept) => told(200, client.get(
        `${BASE}/api/deploy/helm/${id}/deployment/${run.deployment_request_id}/diff`,
        { ...baseOptions, headers: { Accept: accept, Authorization: `Bearer ${process.env.TOKEN}` } }));
    assert.match(await found('text/plain'), /^changed ConfigMap .*walk-chart$[^]*^\+ *colour: "white"$/m);
    assert.ok((await found('application/json')).some((d) => d.change === 'changed' && d.kind === 'ConfigMap'));

    await told(202, skipper.actions.deployHelm(id));
    assert.deepEqual(facts(await settled(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'UP_TO_DATE']);
    await told(202, skipper.actions.redeployHelm(id));
    assert.deepEqual(facts(await settled(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'UP_TO_DATE']);
    await told(202, skipper.actions.deployHelm(id, undefined, { chart_version: '1.1.0' }));
    assert.deepEqual(facts(await settled(id)), ['DEPLOYED', 'DEPLOY', 'SUCCESS', 'UP_TO_DATE']);
    assert.equal((await told(200, skipper.helm.getHelm(id))).source.repository.chart_version, '1.1.0');

    await told(202, skipper.actions.uninstallHelm(id));
    assert.deepEqual(facts(await settled(id)), ['DELETED', 'DELETE', 'SUCCESS', 'NEVER_DEPLOYED']);
    await told(204, skipper.actions.uninstallHelm(id));
    await histories(id);
    await told(204, skipper.helm.deleteHelm(id));
    await refused(404, skipper.helm.getHelmStatus(id));
    await refused(404, skipper.helm.getHelm(id));
}

async function histories(id) {
    const own = await told(200, skipper.history.listHelmDeploymentHistory(id));
    assert.deepEqual(own.results.map((h) => h.repository.chart_version).slice(-1), ['1.0.0']);
    const v2 = await told(200, skipper.history.listHelmDeploymentHistoryV2(id, 3));
    assert.deepEqual([v2.page, v2.page_size, v2.results.length], [1, 3, 3]);
    assert.deepEqual(v2.results[0].status_details, { action: 'DELETE', status: 'SUCCESS', sub_action: 'NONE' });
    const all = await told(200, skipper.environmentHistory.listEnvironmentDeploymentHistoryV2(environment.id));
    assert.deepEqual(all.results.map((h) => h.trigger_action),
        ['UNINSTALL', 'DEPLOY', 'DEPLOY', 'DEPLOY', 'DEPLOY_DRY_RUN', 'DEPLOY']);
    const shared = await told(200, mate.environmentHistory.listEnvironmentDeploymentHistory(environment.id));
    assert.equal(shared.results[0].helms[0].status, 'DELETED');
}

async function values() {
    const { id } = await made('values', {}, { values_override: {
        set: [['flashes', '7']], set_string: [['settings.b', '12']], set_json: [['settings.a', '[1]']],
        file: { raw: { values: [{ name: 'first.yaml', content: 'colour: white\nflashes: 2\nreplicas: 3\n' },
            { name: 'second.yaml', content: 'replicas: 2\n' }] } },
    } });
    const run = await told(202, skipper.actions.deployHelm(id, 'DIFF'));
    const found = await told(200, skipper.helm.axios.get(
        `${BASE}/api/deploy/helm/${id}/deployment/${run.deployment_request_id}/diff`,
        { ...baseOptions, headers: { Authorization: `Bearer ${process.env.TOKEN}` } }));
    const text = found.map((d) => d.text).join('');
    for (const line of [/colour: "white"/, /flashes: "7"/, /settings: .*\[1\].*"12\\"/, /replicas: 2/])
        assert.match(text, line);
    const seen = await told(200, mate.helm.getHelm(id));
    assert.deepEqual(seen.values_override.set, [['flashes', '']]);
    await told(204, skipper.helm.deleteHelm(id));
}

async function busy() {
    const { id } = await made('busy', { fault: 'never-ready' });
    const begun = await told(202, skipper.actions.deployHelm(id));
    const { deployment_request_id: request } = begun;
    assert.ok(request);
    await refused(409, skipper.actions.deployHelm(id));
    await refused(409, skipper.actions.redeployHelm(id));
    await refused(409, skipper.actions.uninstallHelm(id));
    await refused(409, skipper.helm.editHelm(id, buoy('busy')));
    await refused(409, skipper.helm.deleteHelm(id));
    const now = await told(200, skipper.environment.getEnvironmentStatuses(environment.id));
    assert.match(now.environment.last_deployment_state, /^DEPLOY(MENT_QUEUED|ING)$/);
    assert.ok(['applications', 'containers', 'jobs', 'databases', 'terraforms'].every((k) => now[k].length === 0));
    await settled(id, 'DEPLOYING');
    await refused(403, mate.queue.cancelDeploymentRequest(request));
    await told(202, skipper.queue.cancelDeploymentRequest(request));
    assert.deepEqual(facts(await settled(id)).slice(0, 3), ['CANCELED', 'DEPLOY', 'CANCELED']);
    await refused(409, skipper.queue.cancelDeploymentRequest(request));

    await told(202, skipper.actions.deployHelm(id));
    await settled(id, 'DEPLOYING');
    await told(202, skipper.environmentActions.cancelEnvironmentDeployment(environment.id, { force_cancel: false }));
    assert.equal((await settled(id)).state, 'CANCELED');
    await refused(409, skipper.environmentActions.cancelEnvironmentDeployment(environment.id));
    await told(204, skipper.helm.deleteHelm(id));
    await gone(id);
}

async function failures() {
    for (const fault of ['pre-install', 'refused', 'render', 'missing-kind', 'never-ready']) {
        const more = fault === 'never-ready' ? { timeout_sec: 2 } : {};
        const { id } = await made(`fails-${fault}`, { fault }, more);
        await told(202, skipper.actions.deployHelm(id));
        const ended = await settled(id);
        assert.deepEqual(facts(ended).slice(0, 3), ['DEPLOYMENT_ERROR', 'DEPLOY', 'ERROR'], fault);
        assert.equal(ended.steps.details.at(-1).status, 'ERROR');
        await told(204, skipper.helm.deleteHelm(id));
        await gone(id);
    }
}

async function upgrades() {
    const { id } = await made('upgrade', {}, { arguments: ['--atomic'], timeout_sec: 10 });
    await told(202, skipper.actions.deployHelm(id));
    assert.equal((await settled(id)).state, 'DEPLOYED');
    await told(200, skipper.helm.editHelm(id, buoy('upgrade', { fault: 'pre-upgrade' }, { arguments: ['--atomic'] })));
    await told(202, skipper.actions.deployHelm(id));
    assert.deepEqual(facts(await settled(id)), ['DEPLOYMENT_ERROR', 'DEPLOY', 'ERROR', 'OUT_OF_DATE']);
    await told(204, skipper.helm.deleteHelm(id, true)); // the release stays
    await refused(404, skipper.helm.getHelmStatus(id));
}

async function together() {
    const ids = [];
    for (const name of ['one', 'two']) ids.push((await made(name)).id);
    const helms = ids.map((id) => ({ id, chart_version: '1.1.0' }));
    const begun = await told(202, skipper.environmentActions.deployAllServices(environment.id, { helms }));
    assert.equal(begun.id, environment.id);
    for (const id of ids) assert.equal((await settled(id)).state, 'DEPLOYED');
    const now = await told(200, skipper.environment.getEnvironmentStatus(environment.id));
    assert.deepEqual([now.state, now.last_deployment_state, now.deployment_status], ['DEPLOYED', 'DEPLOYED', 'UP_TO_DATE']);
    const listed = await told(200, skipper.helms.getEnvironmentHelmStatus(environment.id));
    assert.deepEqual(listed.results.map((s) => s.id), ids);
    await refused(404, skipper.environmentActions.deployAllServices(environment.id, { helms: [{ id: nowhere }] }));
    checkStatus(await told(202, skipper.environmentActions.deployEnvironment(environment.id)), environment.id);
    for (const id of ids) assert.equal((await settled(id)).state, 'DEPLOYED');
    await refused(409, skipper.environment.deleteEnvironment(environment.id));
    await told(202, skipper.environmentActions.stopEnvironment(environment.id));
    for (const id of ids) assert.equal((await settled(id)).state, 'STOPPED');
    await told(202, skipper.environmentActions.uninstallSelectedServices(environment.id, { helm_ids: [ids[0]] }));
    assert.equal((await settled(ids[0])).state, 'DELETED');
    await told(204, skipper.environmentActions.deleteSelectedServices(environment.id, false, { helm_ids: ids }));
    for (const id of ids) await gone(id);
    const last = await made('last');
    await told(202, skipper.actions.deployHelm(last.id));
    assert.equal((await settled(last.id)).state, 'DEPLOYED');
    await told(202, skipper.environmentActions.uninstallEnvironment(environment.id));
    assert.equal((await settled(last.id)).state, 'DELETED');
    await told(204, skipper.helm.deleteHelm(last.id));
}

// How many pods the service's Deployment is to have, as the cluster says.
async function replicas(name) {
    const { KUBERNETES, KUBERNETES_ROOTS, KUBERNETES_TOKEN } = process.env;
    const path = `/apis/apps/v1/namespaces/${environment.namespace}/deployments/${name}-lamp`;
    const found = await skipper.helm.axios.get(KUBERNETES + path, {
        httpsAgent: new https.Agent({ ca: fs.readFileSync(KUBERNETES_ROOTS) }),
        headers: { Authorization: `Bearer ${KUBERNETES_TOKEN}` },
    });
    return found.data.spec.replicas;
}

async function stops() {
    const { id } = await made('stops', { replicas: '2' });
    const post = (path) => skipper.helm.axios.post(`${BASE}/api/deploy${path}`, undefined,
        { ...baseOptions, headers: { Authorization: `Bearer ${process.env.TOKEN}` } });
    await refused(409, skipper.actions.stopHelm(id));
    await refused(409, post(`/helm/${id}/restart`));
    await told(204, skipper.environmentActions.stopEnvironment(environment.id));
    await told(202, skipper.actions.deployHelm(id));
    assert.equal((await settled(id)).state, 'DEPLOYED');

    await told(202, post(`/helm/${id}/restart`));
    assert.deepEqual(facts(await settled(id)), ['RESTARTED', 'RESTART', 'SUCCESS', 'UP_TO_DATE']);
    const begun = await told(202, skipper.actions.stopHelm(id));
    assert.match(begun.state, /^STOP(_QUEUED|PING|PED)$/);
    assert.deepEqual(facts(await settled(id)), ['STOPPED', 'STOP', 'SUCCESS', 'UP_TO_DATE']);
    assert.equal(await replicas('stops'), 0);
    await refused(409, skipper.actions.stopHelm(id));

    await told(202, skipper.actions.deployHelm(id));
    assert.equal((await settled(id)).state, 'DEPLOYED');
    assert.equal(await replicas('stops'), 2);
    const ids = { helm_ids: [id] };
    await told(202, skipper.environmentActions.stopSelectedServices(environment.id, ids));
    assert.equal((await settled(id)).state, 'STOPPED');
    await told(204, skipper.environmentActions.stopSelectedServices(environment.id, ids));
    await told(204, skipper.helm.deleteHelm(id));
    await gone(id);
}

async function refusals() {
    const { id } = await made('refusals');
    const create = (more, set) => skipper.helms.createHelm(environment.id, buoy('x', set, more));
    await refused(409, skipper.helms.createHelm(environment.id, buoy('refusals')));
    await refused(400, create({ name: '' }));
    assert.match(await refused(400, create({ arguments: ['--post-renderer=x'] })), /--post-renderer/);
    assert.match(await refused(400, create({ source: { git_repository: { url: 'https://git.invalid/x' } } })), /Git/);
    const raw = (name, content) => ({ values_override: { file: { raw: { values: [{ name, content }] } } } });
    await refused(400, create(raw('../x', 'a: 1')));
    await refused(400, create(raw('a.yaml', 'a: [')));
    await refused(400, create(raw('a.yaml', `a: ${'x'.repeat(900 * 1024)}`)));
    await refused(413, create(raw('a.yaml', `a: ${'x'.repeat(1024 * 1024)}`)));
    for (const wrong of [{ repository: nowhere }, { chart_name: 'raft' }, { chart_version: '9.9.9' }])
        await refused(400, create({ source: { helm_repository: {
            repository: repository.id, chart_name: 'buoy', chart_version: '1.0.0', ...wrong } } }));
    const deploy = (body, event) => skipper.actions.deployHelm(id, event, body);
    await refused(400, deploy({ chart_version: '9.9.9' }));
    await refused(400, deploy({ chart_version: '1.0.0', git_commit_id: 'abc' }));
    await refused(400, deploy({ git_commit_id: 'abc' }));
    await refused(400, deploy({}, 'TEST'));
    await refused(400, skipper.actions.deployHelm('no-uuid'));
    await refused(404, skipper.helm.getHelmStatus('no-uuid'));
    await refused(404, skipper.actions.deployHelm(nowhere));
    await refused(404, skipper.helms.listHelms(nowhere));
    await refused(403, mate.actions.deployHelm(id));
    await refused(403, mate.helm.deleteHelm(id));
    await refused(404, stowaway.actions.deployHelm(id));
    await refused(401, new Person({}).helm.getHelmStatus(id));
    await refused(401, new Person({ accessToken: 'nobody' }).helm.getHelmStatus(id));
    await told(204, skipper.helm.deleteHelm(id));
}

async function leaving() {
    await told(204, skipper.environment.deleteEnvironment(environment.id));
    await refused(404, skipper.environment.getEnvironment(environment.id));
}

async function main() {
    const parts = { places, walk, values, busy, failures, upgrades, together, stops, refusals, leaving };
    for (const [name, part] of Object.entries(parts)) {
        await part();
        console.log(name);
    }
}

main().catch((error) => {
    console.error(error.response ? `${error.stack}\n${JSON.stringify(error.response.data)}` : error);
    process.exit(1);
});
