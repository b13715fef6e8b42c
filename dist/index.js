import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 42613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 20181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 49140:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("constants");

/***/ }),

/***/ 76982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 7194:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("dgram");

/***/ }),

/***/ 72250:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("dns");

/***/ }),

/***/ 24434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 79896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 58611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 65692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 69278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 34589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 16698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 31421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 37540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 77598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 53053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 40610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 71553:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns/promises");

/***/ }),

/***/ 78474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 73024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 51455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 37067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 32467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 44708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 77030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 48161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 76760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 41792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 80481:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:readline");

/***/ }),

/***/ 57075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 41692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 73136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 57975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 73429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 75919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 38522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 70857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 16928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 13193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 64756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 52018:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tty");

/***/ }),

/***/ 87016:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 39023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 44891:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ runUrl),
/* harmony export */   j: () => (/* binding */ jobEndsAt)
/* harmony export */ });
/** A job on a GitHub-hosted runner is ended after six hours (documentation: usage limits). */
const HOSTED_LIMIT_MS = 6 * 60 * 60 * 1000;
/** How long GitHub may take to tell: what it is asked for is good to know, not needed. */
const ANSWER_LIMIT_MS = 20_000;
/** Link to the run; null outside GitHub. */
function runUrl(environment) {
    const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
    if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID)
        return null;
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}
/**
 * When the runner will end this job, as far as GitHub tells: six hours after it started, on a hosted runner. The
 * job's own timeout-minutes is not to be had from the API. Null where it is not knowable; never throws.
 */
async function jobEndsAt(environment, token) {
    const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
    const runId = Number(environment.GITHUB_RUN_ID);
    if (!token || !owner || !repo || !runId || environment.RUNNER_ENVIRONMENT !== 'github-hosted')
        return null;
    try {
        // Loaded by who asks: a run that GitHub gave no token has no use for it.
        const { getOctokit } = await __nccwpck_require__.e(/* import() */ 413).then(__nccwpck_require__.bind(__nccwpck_require__, 92413));
        const { data } = await getOctokit(token).rest.actions.listJobsForWorkflowRun({
            owner,
            repo,
            run_id: runId,
            per_page: 100,
            request: { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) },
        });
        const job = data.jobs.find((one) => one.status === 'in_progress' && one.runner_name === environment.RUNNER_NAME);
        return job?.started_at ? new Date(Date.parse(job.started_at) + HOSTED_LIMIT_MS) : null;
    }
    catch {
        return null; // without `actions: read` it is not known, and the guard says so
    }
}


/***/ }),

/***/ 58956:
/***/ (() => {


;// CONCATENATED MODULE: external "node:v8"
const external_node_v8_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:v8");
;// CONCATENATED MODULE: ./lib/action/heap.js
// Imported before what needs memory. Hundreds of connections that are opened at once leave much garbage; V8 answers by
// making room for more of it, and that room is not given back. Both take a little of the processor, for collecting sooner.

/** The young generation stays as small as it begins. */
(0,external_node_v8_namespaceObject.setFlagsFromString)('--semi-space-growth-factor=1');
/** The old one is collected when it has grown by a fifth; V8 lets it grow to several times what is in use. */
(0,external_node_v8_namespaceObject.setFlagsFromString)('--heap-growing-percent=20');


/***/ }),

/***/ 16725:
/***/ (() => {

// Imported before all else: an older Node would fail somewhere within, with a message that does not say why.
/** Node 22 is the oldest that has what the bundle uses; Node 24 is what action.yml asks for, and what is tested. */
const OLDEST = 22;
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
    process.stderr.write(`Node 24 is needed, this is ${process.version} (${process.execPath}).\n`);
    process.exit(1);
}



/***/ }),

/***/ 19194:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ phaseListener),
/* harmony export */   X: () => (/* binding */ upgradeLog)
/* harmony export */ });
/** Tells the log about phases and steps, and the runner that a freeze is about to be sent. */
function phaseListener(log, state) {
    return {
        phaseStarted: (phase) => log.phaseStarted(phase),
        started: (step, doing) => {
            // From here on production may be, or become, read-only: post has to look if main is killed.
            if (step.phase === 'upgrade' || step.phase === 'switch' || step.phase === 'rollback')
                state.window('open');
            log.stepStarted({
                id: step.id,
                article: doing === 'undo' ? null : step.article,
                title: doing === 'undo' && step.undo ? step.undo.what : step.title,
            });
        },
        progress: (step, line) => log.stepLine(step, line),
        ended: (_step, record) => log.stepEnded(record),
    };
}
/** The log as steps use it. @param parts gets what each group took. */
function upgradeLog(log, clock, parts) {
    let open = null;
    return {
        line: (text) => log.line(text),
        warning: (text) => log.warning(text),
        group: (title) => {
            open = { what: title, from: clock.now() };
            log.section(title);
        },
        endGroup: () => {
            if (open !== null)
                parts.push({ ...open, to: clock.now() });
            open = null;
            log.sectionEnded();
        },
    };
}


/***/ }),

/***/ 90881:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ PRODUCT)
/* harmony export */ });
/** Name and version as reports, logs and Azure's own logs (user agent) show them; a test holds package.json to it. */
const PRODUCT = { name: 'rolling-upgrade', version: '0.1.0' };


/***/ }),

/***/ 39466:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  C: () => (/* binding */ runAction)
});

// NAMESPACE OBJECT: ./lib/action/runner-commands.js
var runner_commands_namespaceObject = {};
__nccwpck_require__.r(runner_commands_namespaceObject);
__nccwpck_require__.d(runner_commands_namespaceObject, {
  appendValue: () => (appendValue),
  debug: () => (debug),
  endGroup: () => (endGroup),
  error: () => (error),
  getState: () => (getState),
  info: () => (info),
  setSecret: () => (setSecret),
  startGroup: () => (startGroup),
  warning: () => (warning)
});

// EXTERNAL MODULE: ./lib/clock.js
var lib_clock = __nccwpck_require__(35233);
;// CONCATENATED MODULE: ./lib/engine/timeline.js
/** Shorter pauses are none. */
const GAP_MS = 50;
/**
 * In order of their beginnings, the whole before its parts. What lies in no step is told as well: looks at Azure and
 * guards. Parts that are in no step, or took no time, are left out.
 */
function timelineOf(ran, parts) {
    const steps = [
        ...ran.steps.flatMap((step) => spanOf(step, step.waitsFor === undefined ? 'step' : 'wait')),
        ...ran.rollback.flatMap((step) => spanOf(step, 'undo')),
    ].sort(inOrder);
    if (steps.length === 0)
        return [];
    const told = steps.map((span) => ({ ...span, waitedFor: span.waitedFor ?? endedLastBefore(span, steps) }));
    const within = parts.flatMap((part) => partOf(part, steps));
    return [...told, ...gaps(ran, steps), ...within]
        .sort(inOrder)
        .map((span) => published(span, ran.readOnly, ran.endedAt));
}
function spanOf(step, kind) {
    if (step.startedAt === null || step.seconds === null)
        return [];
    const from = Date.parse(step.startedAt);
    const waitedFor = step.waitsFor ?? null;
    return [{ what: step.title, kind, phase: step.phase, from, to: from + step.seconds * 1000, waitedFor }];
}
function partOf(part, steps) {
    const whole = steps.find(({ from, to }) => from <= part.from && part.to <= to);
    const isMoment = part.to <= part.from;
    return whole && !isMoment ? [{ ...part, kind: 'part', phase: whole.phase, waitedFor: null }] : [];
}
/** A step begins as soon as what it waits for has ended, side by side with others or not. */
function endedLastBefore({ from }, steps) {
    const before = steps.filter(({ from: begun, to }) => to <= from && begun < from);
    return before.sort((one, other) => other.to - one.to)[0]?.what ?? null;
}
function gaps({ startedAt, endedAt }, steps) {
    const found = [];
    const note = (what, from, to, phase) => {
        if (to - from >= GAP_MS)
            found.push({ what, kind: 'between', phase, from, to, waitedFor: null });
    };
    let until = Date.parse(startedAt);
    for (const { phase, from, to } of steps) {
        note('Looks and guards', until, from, phase);
        until = Math.max(until, to);
    }
    note('Look at how it ended', until, Date.parse(endedAt), null);
    return found;
}
function inOrder(one, other) {
    return one.from - other.from || other.to - one.to;
}
function published(span, readOnly, endedAt) {
    const { what, kind, phase, from, to, waitedFor } = span;
    return {
        what,
        kind,
        phase,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        readOnlySeconds: readOnly === null ? 0 : secondsWithin(span, readOnly, endedAt),
        waitedFor,
    };
}
function secondsWithin({ from, to }, window, endedAt) {
    const begun = Math.max(from, Date.parse(window.from));
    const ended = Math.min(to, Date.parse(window.to ?? endedAt));
    return Math.max(0, ended - begun) / 1000;
}

// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __nccwpck_require__(88236);
// EXTERNAL MODULE: ./lib/phases/as-upgrade-error.js + 1 modules
var as_upgrade_error = __nccwpck_require__(38887);
// EXTERNAL MODULE: ./lib/phases/verdict.js + 1 modules
var verdict = __nccwpck_require__(29629);
;// CONCATENATED MODULE: ./lib/phases/refused-report.js


/** A report about a run that could not even begin: wrong inputs, wrong configuration, no credentials. */
function refusedReport(request, error, at, runUrl) {
    const failure = (0,as_upgrade_error/* asUpgradeError */.$)(error);
    const moment = new Date(at).toISOString();
    return {
        schemaVersion: 1,
        product: request.product,
        application: null,
        topology: request.topology,
        phases: request.phases,
        upgradeId: null,
        runUrl,
        startedAt: moment,
        endedAt: moment,
        result: 'refused',
        reasonCode: failure.reason,
        verdict: {
            headline: (0,verdict/* stopped */.ce)(`Refused, nothing was changed: ${(0,verdict/* firstLine */.TM)(failure)}`),
            next: [...failure.advice],
        },
        state: 'unknown',
        productionSlot: null,
        publicName: null,
        before: [],
        after: [],
        steps: [],
        rollback: [],
        readOnly: null,
        plan: null,
        service: null,
        error: {
            reason: failure.reason,
            message: failure.message,
            advice: failure.advice,
            causes: (0,as_upgrade_error/* causesOf */.c)(failure),
        },
    };
}

// EXTERNAL MODULE: ./lib/engine/recorder.js
var recorder = __nccwpck_require__(6738);
// EXTERNAL MODULE: ./lib/phases/phase-outcome.js
var phase_outcome = __nccwpck_require__(39042);
;// CONCATENATED MODULE: ./lib/phases/run-phases.js
// One run: the phases that were asked for, in order, and the report. It never throws: whatever goes wrong is in the
// report. What a phase does is the procedure's.


/** Runs the phases and tells about it. */
async function runPhases(request, procedure, listener, signal) {
    const { clock } = procedure;
    const startedAt = clock.now();
    const run = { request, recorder: (0,recorder/* createRecorder */.T)(clock, listener), signal };
    const notes = [];
    let changed = false;
    const inOrder = async () => {
        for (const phase of request.phases) {
            const cancelled = await cancelledBetween(procedure, run);
            if (cancelled)
                return cancelled;
            listener.phaseStarted(phase);
            const outcome = await procedure.act(phase, run);
            if (outcome.kind === 'stopped')
                return outcome;
            changed ||= outcome.changed;
            if (outcome.note)
                notes.push(outcome.note);
        }
        return (await cancelledBetween(procedure, run)) ?? (0,phase_outcome/* completed */.s)(changed);
    };
    const outcome = await inOrder();
    return procedure.report({ ...run, startedAt, notes, changed }, outcome);
}
/** A cancellation that no step saw, because it came between two of them. */
async function cancelledBetween(procedure, run) {
    return run.signal.aborted ? procedure.cancelledBetween(run) : null;
}

// EXTERNAL MODULE: ./lib/action/github-run.js
var github_run = __nccwpck_require__(44891);
// EXTERNAL MODULE: ./lib/config/near-miss.js
var near_miss = __nccwpck_require__(6015);
;// CONCATENATED MODULE: ./lib/config/config.js
// The configuration as the rest of the product sees it: complete, checked, durations in milliseconds. The
// file's own shape (kebab-case keys, durations as "10m") is in schema.ts, which turns it into this.
/** Those of an application in two slots, with its database. The configuration of the other is in service-config.ts. */
const SLOT_TOPOLOGIES = ['single-region', 'geo-redundant'];
const TOPOLOGIES = [...SLOT_TOPOLOGIES, 'upgrade-domains'];

;// CONCATENATED MODULE: ./lib/engine/report.js
const PHASES = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
const RESULTS = [
    'succeeded',
    'nothing-to-do',
    'rolled-back',
    'rollback-failed',
    'held',
    'refused',
];
/** Where the upgrade of an application in two slots stands, as read from Azure. */
const SLOT_STATES = [
    'not-prepared', // no stage database
    'seeding', // the stage database is being copied
    'prepared', // linked and caught up; production writable
    'frozen', // production read-only, the upgrade not complete
    'upgraded', // production read-only, stage upgraded, users still on production
    'switched', // users on the stage slot; V1 still there
    'compromised', // stage cut off and not usable; production writable
    'unknown',
];
/** Where the update of a service with update domains stands. */
const SERVICE_STATES = [
    'not-prepared', // no update is written down
    'prepared', // one is, and no instance has it
    'in-progress', // at least one instance is updated, and at least one is not
    'going-back', // the way back was begun and has not come to its end, whatever the instances run by now
    'updated', // every instance runs the new version
    'upgraded', // with a swap: the other service runs the new version, users are not on it yet
    'switched', // with a swap: users are on it
    'unknown',
];
const UPGRADE_STATES = [...new Set([...SLOT_STATES, ...SERVICE_STATES])];

;// CONCATENATED MODULE: ./lib/action/action-io.js
// Every input and output of the action, once. action.yml is held against this by a test, both ways; the
// README's tables come from action.yml.


const ON_FAILURE = ['rollback', 'hold'];
const INPUTS = {
    phase: { required: true, default: null, literals: PHASES, environment: null },
    topology: { required: false, default: 'single-region', literals: TOPOLOGIES, environment: null },
    config: { required: false, default: '.github/rolling-upgrade.yml', literals: null, environment: null },
    'azure-environment': { required: false, default: 'AzureCloud', literals: null, environment: null },
    'tenant-id': { required: false, default: null, literals: null, environment: 'AZURE_TENANT_ID' },
    'client-id': { required: false, default: null, literals: null, environment: 'AZURE_CLIENT_ID' },
    'subscription-id': { required: false, default: null, literals: null, environment: 'AZURE_SUBSCRIPTION_ID' },
    domain: { required: false, default: null, literals: null, environment: null },
    'on-failure': { required: false, default: 'rollback', literals: ON_FAILURE, environment: null },
    confirm: { required: false, default: null, literals: null, environment: null },
    'github-token': { required: false, default: '${' + '{ github.token }}', literals: null, environment: null },
};
const OUTPUTS = {
    result: { literals: RESULTS },
    'reason-code': { literals: null },
    state: { literals: UPGRADE_STATES },
    'production-slot': { literals: null },
    endpoints: { literals: null },
    'read-only-seconds': { literals: null },
    domains: { literals: null },
    locked: { literals: ['true', 'false'] },
    'rollback-allowed': { literals: ['true', 'false'] },
    report: { literals: null },
};
/** What the post step is told, through GITHUB_STATE. */
const STATES = (/* unused pure expression or super */ null && (['main', 'window', 'report']));

;// CONCATENATED MODULE: ./lib/action/input-reader.js
// Inputs as the runner hands them over: INPUT_<NAME>, upper case, hyphens kept.


/** The variable in which the runner passes an input; `INPUT_CLIENT-ID`. */
function inputVariable(name) {
    return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}
/**
 * The value of an input without blanks around it; null where it is empty and neither the environment nor
 * action.yml has a default. Shells cannot export hyphens, so `INPUT_CLIENT_ID` is read where
 * `INPUT_CLIENT-ID` is absent.
 */
function readInput(name, environment) {
    const { environment: standIn, default: otherwise } = INPUTS[name];
    const exact = inputVariable(name);
    const given = environment[exact] ?? environment[exact.replaceAll('-', '_')];
    return (nonBlank(given) ?? (standIn === null ? null : nonBlank(environment[standIn])) ?? literalDefault(otherwise));
}
/** `${{ github.token }}` is an expression for the runner to fill in, not a value. */
function literalDefault(value) {
    return value?.startsWith('${{') ? null : value;
}
function nonBlank(value) {
    const trimmed = value?.trim() ?? '';
    return trimmed === '' ? null : trimmed;
}
/** An input that was given under a name that does not exist but is nearly `name`. */
function misspeltInput(name, environment) {
    const known = new Set(Object.keys(INPUTS).flatMap((input) => [inputVariable(input), inputVariable(input).replaceAll('-', '_')]));
    const unknown = Object.keys(environment)
        .filter((variable) => variable.startsWith('INPUT_') && !known.has(variable))
        .map((variable) => variable.slice('INPUT_'.length).toLowerCase());
    return unknown.find((given) => (0,near_miss/* nearMiss */.b)(given, Object.keys(INPUTS)) === name) ?? null;
}

// EXTERNAL MODULE: ./lib/reasons.js
var reasons = __nccwpck_require__(94022);
;// CONCATENATED MODULE: ./lib/action/phases.js
// The input `phase`: one phase or several, in an order that makes sense in one run.


/** The phases of an upgrade, each of which continues where the one before ends. */
const UPGRADE_ORDER = ['prepare', 'upgrade', 'switch', 'cleanup'];
/** Phases that only look. They may come first, so that the log of a run begins with them. */
const LOOKING = ['status', 'plan'];
/** @param text phases separated by commas, blanks or line ends. */
function parsePhases(text) {
    const words = text.split(/[\s,]+/).filter((word) => word !== '');
    if (words.length === 0)
        return { kind: 'problems', problems: [`give one of ${PHASES.join(', ')}`] };
    const phases = words.filter((word) => PHASES.some((phase) => phase === word));
    const problems = [
        ...words.filter((word) => !PHASES.some((phase) => phase === word)).map(unknownPhase),
        ...[...new Set(phases.filter((phase, index) => phases.indexOf(phase) !== index))].map((phase) => `"${phase}" is given twice`),
    ];
    if (problems.length === 0)
        problems.push(...orderProblems(phases));
    return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'phases', phases };
}
function unknownPhase(word) {
    return `"${word}" is not a phase; they are ${PHASES.join(', ')}.${(0,near_miss/* didYouMean */.a)(word, PHASES)}`;
}
function orderProblems(phases) {
    const doing = phases.filter((phase) => !LOOKING.includes(phase));
    if (doing.includes('rollback') && doing.length > 1) {
        const others = doing.filter((phase) => phase !== 'rollback').join(' and ');
        return [`"rollback" goes back, so it cannot share a run with ${others}`];
    }
    const ordered = PHASES.filter((phase) => phases.includes(phase));
    if (ordered.some((phase, index) => phases[index] !== phase)) {
        return [`the order is "${ordered.join(', ')}", not "${phases.join(', ')}"`];
    }
    const first = UPGRADE_ORDER.findIndex((phase) => doing.includes(phase));
    const last = UPGRADE_ORDER.findLastIndex((phase) => doing.includes(phase));
    const skipped = UPGRADE_ORDER.slice(first, last + 1).filter((phase) => !doing.includes(phase));
    if (first < 0 || skipped.length === 0)
        return [];
    return [
        `"${skipped.join(', ')}" is missing in "${phases.join(', ')}": give it too, or use a run for each part`,
    ];
}

;// CONCATENATED MODULE: ./lib/action/inputs.js
// The inputs of a run, checked: every mistake at once, before anything is asked of Azure.






const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{3,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const GUID_EXAMPLE = '01234567-89ab-cdef-0123-456789abcdef';
/** Reads and checks all inputs. Throws one UpgradeError 'input-invalid' that names every mistake. */
function readInputs(environment) {
    const problems = [];
    const complain = (name, what) => problems.push(`${name}: ${what}`);
    const read = (name) => readInput(name, environment);
    const inputs = {
        phases: readPhases(environment, complain),
        topology: oneOf('topology', TOPOLOGIES, read, complain),
        config: read('config') ?? INPUTS.config.default,
        azureEnvironment: read('azure-environment') ?? INPUTS['azure-environment'].default,
        tenantId: matching('tenant-id', [GUID, DOMAIN], `a GUID or a domain name, e.g. ${GUID_EXAMPLE}`, read, complain),
        clientId: matching('client-id', [GUID], `a GUID, e.g. ${GUID_EXAMPLE}`, read, complain),
        subscriptionId: readSubscription(read, complain),
        domain: readDomain(read, complain),
        onFailure: oneOf('on-failure', ON_FAILURE, read, complain),
        confirm: read('confirm'),
        githubToken: read('github-token'),
    };
    if (problems.length === 0)
        return inputs;
    throw new reasons/* UpgradeError */.fy('input-invalid', message(problems), {
        advice: ['Correct the inputs of the step; nothing was touched in Azure.'],
    });
}
function readPhases(environment, complain) {
    const text = readInput('phase', environment);
    if (text === null) {
        const misspelt = misspeltInput('phase', environment);
        const hint = misspelt === null ? '' : `; there is an input "${misspelt}", which does not exist`;
        complain('phase', `is required, one or several of ${INPUTS.phase.literals.join(', ')}${hint}`);
        return [];
    }
    const parsed = parsePhases(text);
    if (parsed.kind === 'phases')
        return parsed.phases;
    for (const problem of parsed.problems)
        complain('phase', problem);
    return [];
}
function readSubscription(read, complain) {
    const value = matching('subscription-id', [GUID], `a GUID, e.g. ${GUID_EXAMPLE}`, read, complain);
    if (read('subscription-id') === null) {
        complain('subscription-id', 'is required, as input or as AZURE_SUBSCRIPTION_ID in the environment');
    }
    return value ?? '';
}
function readDomain(read, complain) {
    const value = read('domain');
    if (value === null)
        return null;
    if (read('topology') !== 'upgrade-domains')
        complain('domain', 'is for topology upgrade-domains, and for no other');
    if (value === 'next')
        return value;
    if (/^\d{1,2}$/.test(value))
        return Number(value);
    complain('domain', `found "${value}"; allowed: next, or the number of a domain, counted from 0`);
    return null;
}
function oneOf(name, literals, read, complain) {
    const value = read(name) ?? literals[0];
    const literal = literals.find((candidate) => candidate === value);
    if (literal === undefined) {
        complain(name, `found "${value}"; allowed: ${literals.join(', ')}.${(0,near_miss/* didYouMean */.a)(value, literals)}`);
    }
    return literal ?? literals[0];
}
function matching(name, patterns, allowed, read, complain) {
    const value = read(name);
    if (value === null || patterns.some((pattern) => pattern.test(value)))
        return value;
    // Not quoted: what was put into the wrong input may be a secret.
    complain(name, `found ${value.length} characters that are not ${allowed}`);
    return null;
}
function message(problems) {
    if (problems.length === 1)
        return `Wrong input ${problems[0]}`;
    return [`${problems.length} inputs are wrong:`, ...problems.map((problem) => `  ${problem}`)].join('\n');
}

;// CONCATENATED MODULE: ./lib/action/open-steps.js
// The steps that are under way. One alone has the log to itself; of several that go on side by side every line has to
// say which step it is of.
function createOpenSteps() {
    const open = new Map();
    return {
        begin: (id, heading) => {
            open.set(id, { heading, told: false, alone: true });
            if (open.size > 1)
                for (const step of open.values())
                    step.alone = false;
        },
        end: (id) => open.delete(id),
        untold: () => {
            const steps = [...open.values()].filter((step) => !step.told);
            for (const step of steps)
                step.told = true;
            return steps.map((step) => step.heading);
        },
        get areSeveral() {
            return open.size > 1;
        },
        attributed: (id, line) => {
            const step = open.get(id);
            return step === undefined || step.alone ? line : `${step.heading}: ${line}`;
        },
        forget: () => open.clear(),
    };
}

// EXTERNAL MODULE: ./lib/config/signed-url.js
var signed_url = __nccwpck_require__(76964);
;// CONCATENATED MODULE: ./lib/action/secret-shapes.js
// Secrets that nobody has told us of, known by their shape: a refusal of ARM may quote a setting, a message of SQL Server
// a connection string, an error of a proxy the address with its signature. A safety net under the masks, which know the
// secrets of this run.

const MASK = '***';
/** What follows `=` in a connection string: quoted, or up to the next separator. */
const SETTING = /\b((?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|client_secret|client_assertion)=)(?:"[^"]*"|'[^']*'|[^\s;&"'\\]+)/gi;
const JSON_MEMBER = /("(?:password|pwd|accountkey|client_?secret|access_?token|connectionstring)"\s*:\s*)"[^"]*"/gi;
/** A JSON Web Token: header, payload, signature. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(bearer\s+)[\w.~+/-]{16,}=*/gi;
/** `https://user:password@host` */
const USER_INFO = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;
/** The text without what looks like a password, key, token or signature. Linear in its length. */
function withoutSecrets(text) {
    return (0,signed_url/* withoutSignatures */.A)(text)
        .replace(SETTING, `$1${MASK}`)
        .replace(JSON_MEMBER, `$1"${MASK}"`)
        .replace(JWT, MASK)
        .replace(BEARER, `$1${MASK}`)
        .replace(USER_INFO, `$1${MASK}@`);
}

;// CONCATENATED MODULE: ./lib/action/workflow-commands.js
// What stands in the log is obeyed by who reads it: a runner takes a line that begins with "::" and any "##[" for a
// command to it, a terminal takes escape sequences. Text from elsewhere (SQL Server's messages, a command's output, what
// a site answers, names) must not be able to give one.
/**
 * Before it looks for "::" the runner trims what .NET calls white space, which is more than what JavaScript calls so
 * (U+0085), and it compares by culture, which passes over characters without a shape (actions/runner, ActionCommand.cs).
 */
const COMMAND = /^([^\p{L}\p{N}\p{P}\p{S}]*)::/u;
const ESCAPE = '\u001b';
/** What follows ESC in a colour or a movement of the cursor (ECMA-48, control sequences). */
const CONTROL_SEQUENCE = /^\[[0-?]*[ -/]*[@-~]/;
/** They turn the direction of text, so that it reads otherwise than it is. */
const BIDIRECTIONAL = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROL_PICTURES = 0x2400;
/** The same text to a reader, and no command to a runner nor to a terminal. Control characters are shown as pictures. */
function withoutCommands(text) {
    return withoutColours(text)
        .replace(BIDIRECTIONAL, '')
        .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
        .map((line) => line
        .replace(/\p{Cc}/gu, picture)
        .replace(COMMAND, '$1: :')
        .replaceAll('##[', '## ['))
        .join('\n');
}
function withoutColours(text) {
    const [first = '', ...rest] = text.split(ESCAPE);
    const parts = rest.map((part) => {
        const plain = part.replace(CONTROL_SEQUENCE, '');
        return plain === part ? `${ESCAPE}${part}` : plain;
    });
    return [first, ...parts].join('');
}
function picture(control) {
    const code = control.charCodeAt(0);
    if (control === '\t')
        return control;
    return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '\ufffd';
}

;// CONCATENATED MODULE: ./lib/action/log.js



/** The runner cuts annotations at 4096 characters. */
const LONGEST_ANNOTATION = 4000;
const MARKS = {
    done: '✓',
    'already-done': '=',
    failed: '✗',
    refused: '-',
    skipped: '=',
    kept: '-',
    undone: '↶',
    'undo-failed': '✗',
    'not-reached': '·',
};
const ENDINGS = {
    done: 'done',
    'already-done': 'nothing to do',
    failed: 'FAILED',
    refused: 'refused, nothing was touched',
    skipped: 'nothing to undo',
    kept: 'kept',
    undone: 'done',
    'undo-failed': 'FAILED',
    'not-reached': 'not reached',
};
function createRunLog(sink) {
    const plain = (text) => withoutCommands(withoutSecrets(text));
    const say = (text) => sink.info(plain(text));
    const steps = createOpenSteps();
    // The runner's groups do not nest: an open one is closed before another begins.
    let groupIsOpen = false;
    const closeGroup = () => {
        if (groupIsOpen)
            sink.endGroup();
        groupIsOpen = false;
    };
    const openGroup = (title) => {
        closeGroup();
        sink.startGroup(plain(title));
        groupIsOpen = true;
    };
    const outside = (text) => {
        closeGroup();
        say(text);
    };
    // Steps that are done side by side begin in one go; only after that is it known whether one is alone.
    const tellBegun = () => {
        for (const begun of steps.untold()) {
            if (steps.areSeveral)
                outside(`${begun}: begun`);
            else
                openGroup(begun);
        }
    };
    const afterSteps = () => {
        tellBegun();
        steps.forget();
        closeGroup();
    };
    return {
        phaseStarted: (phase) => {
            afterSteps();
            say(`Phase ${phase}`);
        },
        stepStarted: (step) => {
            steps.begin(step.id, heading(step));
            queueMicrotask(tellBegun);
        },
        stepLine: ({ id }, text) => {
            tellBegun();
            say(steps.attributed(id, text));
        },
        line: (text) => {
            tellBegun();
            say(text);
        },
        section: (title) => {
            tellBegun();
            if (steps.areSeveral)
                say(title);
            else
                openGroup(title);
        },
        sectionEnded: () => closeGroup(),
        stepEnded: (record) => {
            tellBegun();
            for (const evidence of record.evidence)
                say(steps.attributed(record.id, evidence));
            steps.end(record.id);
            outside(ending(record));
        },
        rollbackStarted: (why) => {
            afterSteps();
            say(`Rollback, because ${why}`);
        },
        warning: (text) => {
            tellBegun();
            sink.warning(plain(text));
        },
        debug: (text) => sink.debug(plain(text)),
        runEnded: (verdict, error) => {
            afterSteps();
            if (error !== null)
                sink.error(plain(annotation(error)), { title: plain(`${verdict.headline} (${error.reason})`) });
            else
                say(verdict.headline);
            // What the annotation says is said.
            const untold = verdict.next.filter((next) => !error?.advice.includes(next));
            for (const next of [...untold, ...(verdict.remarks ?? [])])
                say(`  ${next}`);
        },
    };
}
function heading({ title, article }) {
    return article === null ? title : `${article} ${title}`;
}
function ending(record) {
    const took = record.seconds === null ? '' : ` in ${record.seconds.toFixed(1)} s`;
    return `${MARKS[record.state]} ${heading(record)}: ${ENDINGS[record.state]}${took}`;
}
function annotation(error) {
    const text = [error.message, ...error.advice.map((advice) => `→ ${advice}`), ...error.causes].join('\n');
    return text.length <= LONGEST_ANNOTATION ? text : `${text.slice(0, LONGEST_ANNOTATION)} …`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(73024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(48161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(76760);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(77598);
;// CONCATENATED MODULE: ./lib/action/runner-commands.js
// How an action speaks to its runner: lines of commands on standard output, and files (documentation: "Workflow commands
// for GitHub Actions"). @actions/core does the same and brings an HTTP client of a megabyte with it, which every start
// of the action would have to read.



/** A line of the log. */
function info(text) {
    process.stdout.write(`${text}${external_node_os_.EOL}`);
}
function debug(text) {
    command('debug', text);
}
/** An annotation. */
function warning(text) {
    command('warning', text);
}
/** An annotation. */
function error(text, { title = '' } = {}) {
    command('error', text, title === '' ? '' : ` title=${inProperty(title)}`);
}
function startGroup(title) {
    command('group', title);
}
function endGroup() {
    command('endgroup', '');
}
/** From here on the runner masks it in the log. */
function setSecret(secret) {
    command('add-mask', secret);
}
/** What `main` has kept under this name; empty where it has not. */
function getState(name) {
    return process.env[`STATE_${name}`] ?? '';
}
/**
 * Adds a value to the file of GITHUB_OUTPUT or GITHUB_STATE; a later one of the same name replaces it. Throws where the
 * file cannot be written.
 */
function appendValue(path, name, value) {
    // Nobody who has a say in the value can know the delimiter, and thus end it early.
    const delimiter = `ghadelimiter_${(0,external_node_crypto_.randomUUID)()}`;
    (0,external_node_fs_.appendFileSync)(path, `${name}<<${delimiter}${external_node_os_.EOL}${value}${external_node_os_.EOL}${delimiter}${external_node_os_.EOL}`);
}
function command(name, text, properties = '') {
    info(`::${name}${properties}::${inMessage(text)}`);
}
function inMessage(text) {
    return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
function inProperty(text) {
    return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

;// CONCATENATED MODULE: ./lib/action/outputs.js
// What a run hands to the steps after it: the outputs, and the report as a file.






/** The text of every output; empty where a run has nothing to say. */
function outputsOf(report, reportPath) {
    return {
        result: report.result,
        'reason-code': report.reasonCode ?? '',
        state: report.state,
        'production-slot': report.productionSlot ?? '',
        endpoints: JSON.stringify(report.after),
        // Rounded up: 0 says that users could write all the time.
        'read-only-seconds': String(Math.ceil(report.readOnly?.seconds ?? 0)),
        domains: report.service ? JSON.stringify(report.service.domains) : '',
        locked: report.service ? String(report.service.locked.locked) : '',
        'rollback-allowed': report.service ? String(report.service.rollbackAllowed.allowed) : '',
        report: reportPath,
    };
}
/**
 * Writes the report as JSON into RUNNER_TEMP, or where that is absent into the system's temporary folder, under
 * the first free name `rolling-upgrade-report-<n>.json`. Returns the path.
 * @param redact takes secrets out of the text, a safety net: reports hold none.
 */
function writeReport(report, environment, redact) {
    const folder = environment.RUNNER_TEMP || (0,external_node_os_.tmpdir)();
    (0,external_node_fs_.mkdirSync)(folder, { recursive: true });
    const text = redact(`${JSON.stringify(report, null, 2)}\n`);
    for (let n = 1;; n++) {
        const path = (0,external_node_path_.join)(folder, `rolling-upgrade-report-${n}.json`);
        if (writeNew(path, text))
            return path;
    }
}
function writeNew(path, text) {
    try {
        // wx: another run on the same machine may take the name at the same moment.
        (0,external_node_fs_.writeFileSync)(path, text, { flag: 'wx', mode: 0o600 });
        return true;
    }
    catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
            return false;
        throw error;
    }
}
/**
 * Sets every output. Never throws: a run has to end with its own result. Without a runner (GITHUB_OUTPUT absent or
 * not a file) the outputs are printed instead.
 */
function setOutputs(report, reportPath, environment) {
    const outputs = outputsOf(report, reportPath);
    const file = environment.GITHUB_OUTPUT;
    if (file === undefined || !(0,external_node_fs_.existsSync)(file)) {
        printOutputs(outputs, file);
        return;
    }
    for (const name of outputNames())
        appendValue(file, name, outputs[name]);
}
function printOutputs(outputs, file) {
    info(`Outputs (${file === undefined ? 'GITHUB_OUTPUT is not set' : `there is no file ${file}`}, so they are printed):`);
    for (const name of outputNames())
        info(withoutCommands(`  ${name}=${outputs[name]}`));
}
function outputNames() {
    return Object.keys(OUTPUTS).filter((name) => name in OUTPUTS);
}

// EXTERNAL MODULE: ./lib/action/phase-log.js
var phase_log = __nccwpck_require__(19194);
;// CONCATENATED MODULE: ./lib/action/procedures.js
/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
async function procedureOf(from) {
    const { topology } = from.inputs;
    if (topology === 'upgrade-domains') {
        const { ofService } = await Promise.all(/* import() */[__nccwpck_require__.e(350), __nccwpck_require__.e(159), __nccwpck_require__.e(910)]).then(__nccwpck_require__.bind(__nccwpck_require__, 70910));
        return ofService(from);
    }
    const { ofSlots } = await Promise.all(/* import() */[__nccwpck_require__.e(350), __nccwpck_require__.e(159), __nccwpck_require__.e(15)]).then(__nccwpck_require__.bind(__nccwpck_require__, 33015));
    return ofSlots(from, topology);
}

// EXTERNAL MODULE: ./lib/action/product.js
var product = __nccwpck_require__(90881);
;// CONCATENATED MODULE: ./lib/action/run-state.js
// What `main` leaves for `post`, through GITHUB_STATE. The runner keeps it even where main was killed; still
// it only says how far main came. How things stand is read from Azure.



const STARTED = 'started';
/** Which of the action's two processes this is, and what the first one left. */
function readRunState(stateOf = getState) {
    const read = (name) => stateOf(name);
    const main = read('main');
    if (main === '')
        return { kind: 'main' };
    return {
        kind: 'post',
        result: RESULTS.find((result) => result === main) ?? null,
        window: read('window') === 'open' ? 'open' : 'closed',
        report: read('report') || null,
    };
}
/** Without a runner (GITHUB_STATE absent or not a file) nothing is kept: there will be no post step either. */
function createRunStateWriter(environment) {
    const file = environment.GITHUB_STATE;
    const kept = file !== undefined && (0,external_node_fs_.existsSync)(file) ? file : null;
    const save = (name, value) => {
        if (kept !== null)
            appendValue(kept, name, value);
    };
    return {
        mainStarted: () => save('main', STARTED),
        window: (window) => save('window', window),
        mainEnded: (result, reportPath) => {
            save('report', reportPath);
            save('main', result);
        },
    };
}
/** Whether main left something that post has to see to. */
function hasLeftWork({ result, window }, ofService) {
    if (window === 'closed')
        return false;
    // Whatever became of the update, a service that main has taken it gives free: where that is not known, it may not be.
    if (ofService)
        return true;
    // Main told how it ended: it did its own rollback, and there is nothing to mend.
    return result === null || result === 'rollback-failed';
}

;// CONCATENATED MODULE: ./lib/action/signals.js
// Cancellation: the runner sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that. What
// has to be done first (unfreeze) is one statement on an open connection and fits into that.

/** SIGBREAK is what Windows runners send as the second signal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];
/** Turns the first signal into an abort. Later ones are ignored: the way back is under way and must not be cut off. */
function onCancellation(source) {
    const controller = new AbortController();
    const cancel = (signal) => {
        if (controller.signal.aborted)
            return;
        controller.abort(new reasons/* UpgradeError */.fy('cancelled', `The run was cancelled (${signal}).`, {
            advice: ['Run "status" to see where the upgrade stands.'],
        }));
    };
    for (const signal of SIGNALS)
        source.on(signal, cancel);
    return {
        signal: controller.signal,
        dispose: () => {
            for (const signal of SIGNALS)
                source.off(signal, cancel);
        },
    };
}

;// CONCATENATED MODULE: ./lib/action/masking.js
// Secrets of a run: masked in the log by the runner, and kept out of every file that is written.
/** Shorter ones are masked in the log, but replacing them in a document would shred it. */
const SHORTEST_TO_REDACT = 6;
/** @param setSecret the runner's `add-mask`, runner-commands.ts; does nothing outside a runner. */
function createMasking(setSecret) {
    const secrets = new Set();
    return {
        mask: (secret) => {
            if (secret.trim() === '' || secrets.has(secret))
                return;
            secrets.add(secret);
            setSecret(secret);
        },
        redact: (text) => 
        // Longest first: a secret may contain another one.
        [...secrets]
            .filter((secret) => secret.length >= SHORTEST_TO_REDACT)
            .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
            .sort((a, b) => b.length - a.length)
            .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text),
    };
}

;// CONCATENATED MODULE: ./lib/action/sink.js


/** Whether something reads what this process prints as a runner does, and acts on it. */
function isInRunner(environment) {
    return environment.GITHUB_ACTIONS === 'true';
}
/** @param print writes one line, or several, to a person outside a runner. */
function outputFor(environment, print = info) {
    if (isInRunner(environment))
        return { sink: runner_commands_namespaceObject, masking: createMasking(setSecret) };
    // Nobody else masks here: `redact` does it, in every line.
    const masking = createMasking(() => undefined);
    return { sink: terminalSink((text) => print(masking.redact(text))), masking };
}
function terminalSink(print) {
    return {
        info: print,
        debug: () => undefined,
        warning: (message) => print(`Warning: ${message}`),
        error: (message, properties) => print(`Error: ${properties?.title ? `${properties.title}\n` : ''}${message}`),
        startGroup: print,
        endGroup: () => undefined,
    };
}

;// CONCATENATED MODULE: ./lib/action/summary/domain-words.js
const DOMAIN_STATES = {
    updated: ['✅', 'updated'],
    'in-flight': ['🟡', 'in flight'],
    untouched: ['⬜', 'untouched'],
    returned: ['↩️', 'back as before'],
};
const WELL = ['healthy', 'unknown', 'health not told'];
/** An instance that does not serve is never behind a green tick. */
function domainState({ state, roles }) {
    const [mark, words] = DOMAIN_STATES[state];
    const isWell = roles.every(({ health }) => health.every((group) => WELL.includes(group.words)));
    return isWell || state === 'in-flight' ? [mark, words] : ['⚠️', `${words}, not healthy`];
}
const OUTCOMES = {
    good: ['✅', 'good'],
    failed: ['❌', 'failed'],
    stuck: ['❌', 'stuck'],
    'start-timeout': ['❌', 'start timed out'],
    'cut-off': ['🟡', 'cut off'],
};
/** For a table cell: on one line. */
function marked(words) {
    return words.join('\u00a0').replaceAll(' ', '\u00a0');
}

;// CONCATENATED MODULE: ./lib/action/summary/tally.js
/** Groups that are named; instances of the others are counted. */
const MOST_GROUPS = 3;
const RUNS = {
    target: 'the new version',
    previous: 'the version before',
    other: 'a version that is neither',
    unknown: 'an unknown version',
};
function tallyOf({ domains, walk }) {
    const version = versionNames(domains.flatMap(({ instances }) => instances));
    return domains.map(({ domain, state, instances }) => ({
        domain,
        state: state === 'untouched' && lastWalk(walk, domain)?.direction === 'back' ? 'returned' : state,
        instances: instances.length,
        roles: [...Map.groupBy(instances, ({ role }) => role)].map(([role, own]) => ({
            role,
            instances: own.length,
            versions: groups(own.map(version)),
            health: groups(own.map(({ health }) => (health === 'none' ? 'health not told' : health))),
        })),
    }));
}
/** What a domain was last given in this run. */
function lastWalk(walk, domain) {
    return walk.findLast((walked) => walked.domain === domain);
}
/**
 * Names what an instance runs. Where both versions have the same number, because a size or an extension is what
 * changes, the number alone would say that nothing is updated.
 */
function versionNames(all) {
    const numbers = (runs) => new Set(all.filter((view) => view.runs === runs).map(({ role, now }) => JSON.stringify([role, now])));
    const [before, after] = [numbers('previous'), numbers('target')];
    const isBoth = (key) => before.has(key) && after.has(key);
    return ({ role, now, runs }) => {
        if (now === null)
            return RUNS[runs];
        if (runs === 'unknown')
            return now;
        return runs === 'other' || isBoth(JSON.stringify([role, now])) ? `${RUNS[runs]} (${now})` : now;
    };
}
function groups(words) {
    return [...Map.groupBy(words, (word) => word)]
        .map(([word, same]) => ({ words: word, instances: same.length }))
        .sort((one, other) => other.instances - one.instances);
}
/** "2 of 3 on 2.0.0, 1 on 1.0.0". */
function versions({ versions: all, instances: total }) {
    return inWords(all, ({ words, instances }, index) => index === 0 ? `${instances} of ${total} on ${words}` : `${instances} on ${words}`);
}
/** "healthy"; "2 healthy, 1 unhealthy". */
function healths({ health: all }) {
    const only = all.length === 1 ? all[0] : undefined;
    return only?.words ?? inWords(all, ({ words, instances }) => `${instances} ${words}`);
}
function inWords(all, words) {
    const rest = all.slice(MOST_GROUPS).reduce((sum, { instances }) => sum + instances, 0);
    return [...all.slice(0, MOST_GROUPS).map(words), ...(rest > 0 ? [`${rest} others`] : [])].join(', ');
}

;// CONCATENATED MODULE: ./lib/action/summary/markdown.js
// Building blocks of GitHub-flavoured Markdown. Data is escaped by numeric character references and never
// by backslashes: a reference can never act as Markdown structure (CommonMark 2.5), not even in a table
// cell after a backslash. One character of data becomes at most six bytes, which limit.ts counts on.
/** One line of plain text: structure, HTML, mentions, emoji codes and invisible characters made harmless. */
function markdown_text(data) {
    return oneLine(data)
        .replace(/[&<>|\\`*[\]~$@#]/g, reference)
        .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, reference)
        .replace(/:(?=[a-z+-][\w+-]*:)/gi, reference)
        .replace(/^[-+=]/, reference)
        .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits, mark) => digits + reference(mark));
}
/** A name or a command, in code. A backtick span where nothing in it needs escaping, else an element. */
function code(data) {
    const line = oneLine(data);
    if (line === '')
        return '';
    if (/^[\x20-\x7e]+$/.test(line) && !/[`|\\<>&$]/.test(line))
        return `\`${line}\``;
    return `<code>${markdown_text(line)}</code>`;
}
/** A sentence in which what stands between two backticks is code. */
function prose(data) {
    const parts = oneLine(data).split('`');
    const last = parts.length - 1;
    return parts
        .map((part, index) => {
        if (index % 2 === 0)
            return spaced(part);
        return index === last ? `&#96;${spaced(part)}` : code(part);
    })
        .join('');
}
/** Words as the sentence they make, with a capital and a full stop; empty where there are none. */
function sentence(words) {
    const line = oneLine(words).replace(/\.$/, '');
    return line === '' ? '' : `${prose(line.charAt(0).toUpperCase() + line.slice(1))}.`;
}
/** Sentences below each other in one table cell; what comes after the first few is folded. */
function lines(data, visible = 3) {
    const all = data.map(prose).filter((line) => line !== '');
    const shown = all.slice(0, visible).join('<br>');
    const rest = all.slice(visible);
    if (rest.length === 0)
        return shown;
    return `${shown}<details><summary>${count(rest.length, 'more line')}</summary>${rest.join('<br>')}</details>`;
}
/** A message's first line, and those below it that say something. */
function messageLines(message) {
    const [first = '', ...rest] = message
        .split(/\r\n|[\n\r]/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    return [first, ...rest];
}
/** A table. Cells are Markdown already: made by the functions above. */
function table(columns, rows) {
    const rule = columns.map((column) => (column.align === 'right' ? '--:' : '---'));
    const head = columns.map((column) => column.title);
    return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
/** Text of several lines, as it is, in a box; one line of source, so that nothing in it can end it. */
function block(data) {
    const escaped = data
        .split(/\r\n|[\n\r\u2028\u2029]/)
        .map((line) => visible(line).replace(/[&<>|\\`*_[\]~$@#]/g, reference))
        .join('&#10;');
    return `<pre><code>${escaped}</code></pre>`;
}
/** A folded part. The title is Markdown-free text or made by `text`. */
function details(title, body, open = false) {
    return `<details${open ? ' open' : ''}>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}
/** Parts below each other; empty ones are left out. */
function paragraphs(parts) {
    return parts.filter((part) => part !== '').join('\n\n');
}
/** "1 step", "3 steps". */
function count(number, noun) {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
/** On one line, without characters that are not seen but change what is. */
function oneLine(data) {
    return visible(data).replace(/\s+/g, ' ').trim();
}
/** Control characters become spaces; bidirectional overrides, which make text read otherwise, are dropped. */
function visible(data) {
    return data
        .toWellFormed()
        .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
        .replace(/\p{Cc}/gu, ' ');
}
/** `text` without the trimming, for a part in the middle of a sentence. */
function spaced(part) {
    const inner = markdown_text(part);
    if (inner === '')
        return part === '' ? '' : ' ';
    return `${part.startsWith(' ') ? ' ' : ''}${inner}${part.endsWith(' ') ? ' ' : ''}`;
}
function reference(character) {
    return `&#${character.codePointAt(0)};`;
}

;// CONCATENATED MODULE: ./lib/action/summary/text-table.js
// Plain text for the job's log and for terminals: aligned columns, no colour, one entry a line.

/**
 * Data on one line of a log. The runner obeys `::command::` at the start of a line and `##[command]`
 * anywhere in it; data must not command it.
 */
function logText(data) {
    return oneLine(data).replaceAll('##[', '## [').replace(/^::/, ': :');
}
/** Columns padded to their widest cell, two spaces apart. The last column is not padded. */
function textTable(rows) {
    const clean = rows.map((row) => row.map(logText));
    const widths = [];
    for (const row of clean) {
        row.forEach((cell, index) => {
            widths[index] = Math.max(widths[index] ?? 0, width(cell));
        });
    }
    return clean.map((row) => row
        .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd());
}
/** Characters as a person counts them. */
function width(cell) {
    return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(cell)].length;
}

;// CONCATENATED MODULE: ./lib/action/summary/domains-text.js



const HEAD = ['DOMAIN', 'STATE', 'ROLE', 'INSTANCES', 'HEALTH'];
const INSTANCE_HEAD = ['DOMAIN', 'ROLE', 'INSTANCE', 'BEFORE', 'NOW', 'HEALTH', 'SINCE'];
/** With more instances than this the log names only those that are not as they should be. */
const ALL_NAMED = 40;
/**
 * The service for the log: where the update stands, whether it is locked and may be rolled back, the domains as an
 * aligned table, and the instances as another.
 */
function renderDomainTableText(service) {
    const { progress, locked, rollbackAllowed, held } = service;
    return [
        `Where the update stands: ${logText(progress)}`,
        ...domainLines(service),
        ...instanceLines(service),
        `Locked: ${answer(locked.locked, locked.reasons)}`,
        `Rollback allowed: ${answer(rollbackAllowed.allowed, rollbackAllowed.refusals)}`,
        ...(held.length > 0 ? [`Switched off while the update lasts: ${logText(held.join('; '))}`] : []),
    ].join('\n');
}
function domainLines(service) {
    const rows = tallyOf(service).flatMap((tally) => tally.roles.map((role, index) => [
        index === 0 ? String(tally.domain) : '',
        index === 0 ? domainState(tally)[1] : '',
        role.role,
        versions(role),
        healths(role),
    ]));
    return rows.length === 0 ? [] : textTable([HEAD, ...rows]);
}
function instanceLines({ domains }) {
    const all = domains.flatMap(({ domain, instances }) => instances.map((view) => ({ domain, view })));
    const named = all.length > ALL_NAMED ? all.filter(({ view }) => standsOut(view)) : all;
    if (named.length === 0)
        return [];
    const name = versionNames(all.map(({ view }) => view));
    const rows = named.map(({ domain, view }) => [
        String(domain),
        view.role,
        view.id,
        view.before ?? '-',
        name(view),
        view.health,
        view.since ?? '-',
    ]);
    return ['', ...textTable([INSTANCE_HEAD, ...rows]), ''];
}
function standsOut({ health, runs }) {
    return !['healthy', 'none'].includes(health) || runs === 'other' || runs === 'unknown';
}
function answer(yes, reasons) {
    const why = logText(reasons.join('; '));
    return `${yes ? 'yes' : 'no'}${why === '' ? '' : `: ${why}`}`;
}

;// CONCATENATED MODULE: ./lib/action/summary/endpoint-text.js

const endpoint_text_HEAD = ['ENDPOINT', 'SLOT', 'ROLE', 'REGION', 'STATUS', 'MONITOR', 'PRIORITY', 'VERSION', 'DATABASE'];
/** The endpoints as an aligned table for the log; further databases of an endpoint get a line each. */
function renderEndpointTableText(endpoints) {
    return textTable([endpoint_text_HEAD, ...endpoints.flatMap(rows)]).join('\n');
}
function rows(view) {
    const own = [
        view.endpoint,
        view.slot,
        view.standby ? `${view.role} standby` : view.role,
        view.region ?? '-',
        view.status,
        view.monitorStatus ?? '-',
        view.priority === null ? '-' : String(view.priority),
        view.version ?? '-',
    ];
    const [first = '-', ...others] = view.databases.map(database);
    return [[...own, first], ...others.map((other) => [...own.map(() => ''), other])];
}
function database({ name, server, access, replication }) {
    return `${name} on ${server}: ${access}${replication === null ? '' : ` (${replication})`}`;
}

;// CONCATENATED MODULE: ./lib/action/summary/verdict.js

function renderVerdict(report) {
    const headline = prose(report.verdict.headline) || report.result;
    const { next, remarks = [] } = report.verdict;
    return paragraphs([
        `${symbol(report)} **${headline}**`,
        why(report),
        whatNext(next),
        ...remarks.map((remark) => prose(remark)),
    ]);
}
/** Green only where the run did what was asked, users can write, every instance serves, and no guard of a plan fails. */
function symbol(report) {
    const isReadOnly = report.readOnly !== null && report.readOnly.to === null;
    const usersSuffer = isReadOnly || (report.service !== null && isRoleOutOfService(report.service));
    const isWell = !usersSuffer && !isSomethingIll(report) && !isPlanRefused(report);
    switch (report.result) {
        case 'succeeded':
            return isWell ? '✅' : '🟡';
        case 'nothing-to-do':
            return isWell ? '⚪' : '🟡';
        case 'rolled-back':
            return '🟡';
        case 'held':
            return usersSuffer ? '🔴' : '🟡';
        case 'refused':
            return usersSuffer ? '🔴' : '⛔';
        case 'rollback-failed':
            return '🔴';
    }
}
function isSomethingIll({ service }) {
    const instances = service?.domains.flatMap((domain) => domain.instances) ?? [];
    return instances.some(({ health }) => !SERVES.includes(health));
}
/** Only where looking was all that was asked: a phase that was carried out has passed its guards. */
function isPlanRefused({ plan, phases }) {
    const looks = phases.every((phase) => phase === 'status' || phase === 'plan');
    return looks && (plan?.guards ?? []).some(({ verdict }) => verdict === 'fail');
}
/** Of a role that tells no health this is not known, so it is not said. */
function isRoleOutOfService({ domains }) {
    const roles = Map.groupBy(domains.flatMap(({ instances }) => instances), ({ role }) => role);
    return [...roles.values()].some((instances) => instances.every(({ health }) => !SERVES.includes(health)));
}
const SERVES = ['healthy', 'unknown', 'none'];
function why({ error, reasonCode, verdict }) {
    if (error === null)
        return reasonCode === null ? '' : `Reason: ${code(reasonCode)}`;
    // The lines below the first are told once, where it is told what went wrong.
    const [first] = messageLines(error.message);
    // A headline has the first sentence only; all of it is where it is told what went wrong.
    const [sentence = first] = first.split(/\.+\s+(?=[A-Z])/);
    const known = verdict.headline.includes(sentence.replace(/[.:]$/, ''));
    return known ? `Reason: ${code(error.reason)}` : `Reason: ${code(error.reason)}. ${prose(first)}`;
}
function whatNext(next) {
    if (next.length === 0)
        return '';
    return `**What to do next**\n\n${adviceList(next)}`;
}
/**
 * Advice: the first line is a sentence, lines after it are a command to be copied. A list without numbers, since one item
 * is often instead of another and not after it.
 */
function adviceList(items) {
    return items
        .map((item) => {
        const [words, commands] = wordsAndCommands(item.trim());
        if (commands === '')
            return `- ${prose(words)}`;
        return words === '' ? `- ${block(commands)}` : `- ${prose(words)}\n\n  ${block(commands)}\n`;
    })
        .join('\n');
}
const verdict_COMMAND = /(?:^|(?<=: ))(?:az|sqlcmd) [a-z-].*$/;
/** A command may also be all there is, or follow upon a colon in the first line. */
function wordsAndCommands(item) {
    const [first = '', ...rest] = item.split(/\r?\n/);
    const at = first.search(verdict_COMMAND);
    if (at < 0)
        return [first, rest.join('\n')];
    return [first.slice(0, at).trimEnd(), [first.slice(at), ...rest].join('\n')];
}

;// CONCATENATED MODULE: ./lib/action/summary/problems.js


const GUARD_COLUMNS = [
    { title: 'Guard' },
    { title: 'Verdict' },
    { title: 'Evidence' },
    { title: 'What can be done' },
];
const VERDICTS = {
    pass: '✅ pass',
    fail: '❌ **fail**',
    'not-knowable': '❔ not knowable',
};
/** Guards that failed first, then those that could not be answered. */
function renderGuards({ plan }) {
    const guards = plan?.guards ?? [];
    const failed = guards.filter((guard) => guard.verdict === 'fail');
    const unknown = guards.filter((guard) => guard.verdict === 'not-knowable');
    if (failed.length + unknown.length === 0)
        return '';
    const passed = guards.length - failed.length - unknown.length;
    return paragraphs([
        '### Guards that did not pass',
        guardTable([...failed, ...unknown]),
        passed > 0 ? `${count(passed, 'other guard')} passed.` : '',
    ]);
}
function guardTable(guards) {
    return table(GUARD_COLUMNS, guards.map((guard) => [
        prose(guard.title),
        guard.reason === null ? VERDICTS[guard.verdict] : `${VERDICTS[guard.verdict]}<br>${code(guard.reason)}`,
        prose(guard.evidence),
        lines(guard.advice.split('\n')),
    ]));
}
function renderError({ error, verdict }) {
    if (error === null)
        return '';
    const advice = error.advice.filter((item) => !verdict.next.includes(item));
    const [first, ...rest] = messageLines(error.message);
    return paragraphs([
        '### What went wrong',
        `${code(error.reason)}: ${prose(first)}`,
        rest.map((line) => `- ${prose(line)}`).join('\n'),
        advice.length > 0 ? adviceList(advice) : '',
        error.causes.length > 0
            ? details(`Everything that was said (${count(error.causes.length, 'cause')}, outermost first)`, causes(error.causes))
            : '',
    ]);
}
function causes(all) {
    return block(all.map((cause, index) => `${index + 1}. ${cause}`).join('\n'));
}

;// CONCATENATED MODULE: ./lib/action/summary/plan.js


const FACTORS = {
    availability: 'Impact on availability',
    rollback: 'Ability to roll back',
    catastrophe: 'Vulnerability to an unrelated catastrophe',
    cost: 'Total cost',
};
const plan_STATES = {
    done: '✅\u00a0done',
    'to-do': '⬜\u00a0to\u00a0do',
    blocked: '❌\u00a0**blocked**',
    later: '▫️\u00a0later',
};
/** Folded, except where the plan is what was asked for. */
function renderPlan({ plan, phases }) {
    if (plan === null)
        return '';
    const open = phases.includes('plan');
    if (plan.steps.length === 0 && plan.guards.length > 0)
        return guardsAlone(plan, open);
    const body = paragraphs([steps(plan.steps), factors(plan.factors), twice(plan.twice), guards(plan)]);
    return details(`<b>Plan</b>: ${planInNumbers(plan.steps)}`, body, open);
}
/** "12 steps: 3 done, 9 to do". */
function planInNumbers(all) {
    const words = { done: 'done', 'to-do': 'to do', blocked: 'blocked', later: 'later' };
    const parts = Object.keys(words)
        .map((state) => ({ state, number: all.filter((step) => step.state === state).length }))
        .filter(({ number }) => number > 0)
        .map(({ state, number }) => `${number} ${words[state]}`);
    return [count(all.length, 'step'), parts.join(', ')].filter((part) => part !== '').join(': ');
}
function steps(all) {
    if (all.length === 0)
        return '';
    const numbered = all.some((step) => step.article !== null);
    const titles = ['Phase', ...(numbered ? ['No.'] : []), 'Step', 'State', 'Changes', 'Taken back by'];
    const rows = all.map((step, index) => [
        step.phase === all[index - 1]?.phase ? '' : `**${step.phase}**`,
        ...(numbered ? [markdown_text(step.article ?? '')] : []),
        step.pointOfNoReturn ? `${prose(step.title)}<br>⚠️ **point of no return**` : prose(step.title),
        [plan_STATES[step.state], lines(step.evidence, 2)].filter((part) => part !== '').join('<br>'),
        prose(step.changes) || 'nothing',
        takenBack(step),
    ]);
    return table(titles.map((title) => ({ title })), rows);
}
function takenBack(step) {
    if (step.undo !== null)
        return prose(step.undo);
    return step.changes.trim() === '' ? '–' : 'cannot be taken back';
}
function factors(all) {
    if (all.length === 0)
        return '';
    const items = all.map(({ factor, answer, details: more }) => {
        const points = more.map((point) => `\n  - ${prose(point)}`).join('');
        return `- **${FACTORS[factor]}**: ${prose(answer)}${points}`;
    });
    return paragraphs(['**The four factors**', items.join('\n')]);
}
function twice(all) {
    if (all.length === 0)
        return '';
    const columns = [{ title: 'Exists twice' }, { title: 'SKU' }, { title: 'Since' }];
    return table(columns, all.map(({ resource, sku, since }) => [code(resource), markdown_text(sku), markdown_text(since)]));
}
/** A run that failed before there was a plan. Guards that did not pass have a section of their own. */
function guardsAlone({ guards: all }, open) {
    const passed = all.filter((guard) => guard.verdict === 'pass');
    if (passed.length === 0)
        return '';
    return details(`<b>Guards</b>: ${passed.length} of ${all.length} passed`, guardTable(passed), open);
}
function guards(plan) {
    const passed = plan.guards.filter((guard) => guard.verdict === 'pass');
    if (passed.length === 0)
        return '';
    return details(`${count(passed.length, 'guard')} passed`, guardTable(passed));
}

;// CONCATENATED MODULE: ./lib/action/summary/plan-text.js


const plan_text_STATES = {
    done: 'done',
    'to-do': 'to do',
    blocked: 'BLOCKED',
    later: 'later',
};
/**
 * The plan for the job's log: what changes, steps by phase in aligned columns, then guards, costs and the four factors.
 * @param changing what an update of a service changes; empty in the other topologies
 */
function renderPlanText(plan, changing = []) {
    const sections = [
        changes(changing),
        plan_text_steps(plan.steps),
        plan_text_guards(plan.guards),
        plan_text_twice(plan.twice),
        plan_text_factors(plan.factors),
    ];
    const onlyGuards = plan.steps.length === 0 && plan.guards.length > 0;
    return [
        ...(onlyGuards ? [] : [`Plan: ${planInNumbers(plan.steps)}`]),
        ...sections.filter((lines) => lines.length > 0).map(joined),
    ].join('\n\n');
}
function changes(all) {
    if (all.length === 0)
        return [];
    const rows = all.map(({ role, what, class: made }) => {
        const whose = role === null ? '' : `${role}: `;
        return `  ${logText(`${whose}${what}`)} (${made.replaceAll('-', ' ')})`;
    });
    return ['What the update changes', ...rows];
}
function plan_text_steps(all) {
    const aligned = textTable(all.flatMap((step) => [
        [step.article ?? '', plan_text_STATES[step.state], step.title],
        ['', '', `  changes: ${step.changes || 'nothing'}`],
    ]));
    return all.flatMap((step, index) => {
        const heading = step.phase === all[index - 1]?.phase ? [] : [`${index === 0 ? '' : '\n'}${step.phase}`];
        const pivot = step.pointOfNoReturn
            ? ['  ---- point of no return: after this write, going back is your decision ----']
            : [];
        const [line = '', changes = ''] = aligned.slice(index * 2, index * 2 + 2);
        return [...heading, ...pivot, `  ${line}`, `  ${changes}`, ...more(step, changes)];
    });
}
/** Undo and evidence, below the step's changes and as far to the right. */
function more(step, changes) {
    const indent = ' '.repeat(changes.length - changes.trimStart().length + 2);
    const undo = step.undo === null ? [] : [`${indent}undo: ${logText(step.undo)}`];
    return [...undo, ...step.evidence.map((sentence) => `${indent}seen: ${logText(sentence)}`)];
}
function plan_text_guards(all) {
    if (all.length === 0)
        return [];
    const open = all.filter((guard) => guard.verdict !== 'pass');
    const passed = all.length - open.length;
    const aligned = textTable(open.map((guard) => [guard.verdict === 'fail' ? 'FAIL' : '?', guard.reason ?? '-', guard.title]));
    return [
        `Guards: ${passed} of ${all.length} passed`,
        ...open.flatMap((guard, index) => [
            `  ${aligned[index] ?? ''}`,
            ...[guard.evidence, ...guard.advice.split('\n')]
                .map(logText)
                .filter((line) => line !== '')
                .map((line) => `      ${line}`),
        ]),
    ];
}
function plan_text_twice(all) {
    if (all.length === 0)
        return [];
    const rows = textTable(all.map(({ resource, sku, since }) => [resource, sku, `since ${since}`]));
    return ['Exists twice while the upgrade lasts', ...rows.map((row) => `  ${row}`)];
}
function plan_text_factors(all) {
    return all.flatMap(({ factor, answer, details }) => [
        `${FACTORS[factor]}: ${logText(answer)}`,
        ...details.map((detail) => `  - ${logText(detail)}`),
    ]);
}
function joined(lines) {
    return lines.join('\n');
}

;// CONCATENATED MODULE: ./lib/action/summary/strings.js
/**
 * A copy of a JSON-like value in which every string and every array went through a function. The shape
 * stays: strings remain strings, arrays keep their kind of elements.
 */
function strings_mapStrings(value, onString, onArray = (array) => array) {
    return mapped(value, onString, onArray);
}
function mapped(value, onString, onArray) {
    if (typeof value === 'string')
        return onString(value);
    if (Array.isArray(value))
        return onArray(value).map((element) => mapped(element, onString, onArray));
    if (value === null || typeof value !== 'object')
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapped(member, onString, onArray)]));
}

;// CONCATENATED MODULE: ./lib/action/summary/chart.js
// Writes a Mermaid chart of a number over time. Nothing in it is data of others: numbers and our own words.
// Low and wide, and dark enough on a light page: Mermaid's own first colour is nearly white.
const LOOK = {
    xyChart: { width: 900, height: 280, plotReservedSpacePercent: 60 },
    themeVariables: { xyChart: { plotColorPalette: '#3f9a5a', backgroundColor: 'transparent' } },
};
/** Bars of equal spans of time as a fenced block; empty where there is nothing to draw. */
function stepChart(values, { seconds, most }) {
    if (values.length === 0 || !(most > 0) || !(seconds > 0))
        return '';
    const [length, unit] = seconds < 120 ? [seconds, 'seconds'] : [seconds / 60, 'minutes'];
    return [
        '```mermaid',
        `%%{init: ${JSON.stringify(LOOK)}}%%`,
        'xychart-beta',
        `  x-axis "${unit} since the first look" 0 --> ${length.toFixed(1)}`,
        `  y-axis "instances in service" 0 --> ${most}`,
        `  line [${values.join(', ')}]`,
        '```',
    ].join('\n');
}

;// CONCATENATED MODULE: ./lib/action/summary/format.js
// Durations and moments as people read them.
/** Seconds as "0.4 s", "12.3 s", "3 min 20 s" or "1 h 02 min"; a dash where there are none. */
function duration(seconds) {
    if (seconds === null || !Number.isFinite(seconds) || seconds < 0)
        return '–';
    if (seconds < 0.05)
        return '0 s';
    if (seconds < 59.95)
        return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    if (whole < 3600)
        return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
    const minutes = Math.round(seconds / 60);
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
/** An ISO moment as "2026-03-01 10:00:03 UTC"; anything else as it is. */
function moment(iso) {
    const time = Date.parse(iso);
    if (Number.isNaN(time) || !/^\d{4}-/.test(iso))
        return iso;
    return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
/** An ISO moment as "10:00:03", of the same clock; anything else as it is. */
function timeOfDay(iso) {
    return moment(iso).replace(/^\d{4}-\d\d-\d\d (\S+) UTC$/, '$1');
}
/** Seconds between two ISO moments; null where one of them is none. */
function secondsBetween(from, to) {
    const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
    return Number.isFinite(seconds) ? seconds : null;
}

;// CONCATENATED MODULE: ./lib/action/summary/step-function.js
/** Below what limit.ts would cut out of the middle. */
const MOST_POINTS = 150;
/**
 * The points at which something changed, and the last one: a walk of an hour is looked at hundreds of times. Where it
 * changed more often than can be shown, the lowest of each few neighbours.
 */
function condensed(series) {
    const changes = series.filter((point, index) => index === series.length - 1 || !same(point, series[index - 1]));
    if (changes.length <= MOST_POINTS)
        return changes;
    const inner = changes.slice(1, -1);
    const size = Math.ceil(inner.length / (MOST_POINTS - 2));
    const lowest = Array.from({ length: Math.ceil(inner.length / size) }, (_, index) => inner.slice(index * size, (index + 1) * size).reduce(lower));
    return [...changes.slice(0, 1), ...lowest, ...changes.slice(-1)];
}
/** The lowest in each of `cells` equal spans of time; empty where the series has no duration. */
function sampled(series, cells) {
    const points = series
        .map(({ at, inService }) => ({ at: Date.parse(at), inService }))
        .filter(({ at, inService }) => Number.isFinite(at) && Number.isFinite(inService))
        .sort((one, other) => one.at - other.at);
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined || !(last.at > first.at))
        return [];
    const width = (last.at - first.at) / cells;
    return Array.from({ length: cells }, (_, cell) => {
        const from = first.at + cell * width;
        const until = cell === cells - 1 ? Number.POSITIVE_INFINITY : from + width;
        const before = points.findLast(({ at }) => at <= from) ?? first;
        const within = points.filter(({ at }) => at > from && at < until);
        return Math.min(before.inService, ...within.map(({ inService }) => inService));
    });
}
/** Seconds from the first to the last moment; null where there are not two. */
function step_function_spanOf(series) {
    const times = series.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
    if (times.length < 2)
        return null;
    return (Math.max(...times) - Math.min(...times)) / 1000;
}
function lower(one, other) {
    return other.inService < one.inService ? other : one;
}
function same(one, other) {
    return one.inService === other?.inService && one.instances === other.instances;
}

;// CONCATENATED MODULE: ./lib/action/summary/capacity.js




const CHART_CELLS = 60;
const BAR_CELLS = 24;
const ROLE_COLUMNS = [
    { title: 'Role' },
    { title: 'Least in service', align: 'right' },
    { title: 'First seen' },
    { title: 'Counted are' },
];
const BY = {
    health: 'healthy instances',
    power: 'running machines (`power`): nothing tells their health',
};
function renderCapacity({ service }) {
    if (!service?.capacity)
        return '';
    const { capacity } = service;
    return paragraphs([
        '### Instances in service',
        inShort(capacity, Math.max(0, ...service.walk.map(({ instances }) => instances))),
        roleTable(capacity),
        chart(capacity),
        changeTable(capacity.series),
    ]);
}
/** @param restarted at a time, at most: what is down between two looks they do not see */
function inShort({ lowest, series, roles }, restarted) {
    const span = step_function_spanOf(series);
    const watched = span === null ? 'When this run looked' : `In the ${duration(span)} that this run watched`;
    const { inService, instances, at } = lowest;
    const least = inService === instances
        ? `it saw all ${instances} instances in service.`
        : `it never saw fewer than **${inService} of ${instances}**${percent(lowest)} in service; first seen at ${markdown_text(timeOfDay(at))}.`;
    const [only] = roles;
    const counted = roles.length === 1 && only ? ` Counted are ${BY[only.by]}.` : '';
    const isUnseen = inService > instances - restarted;
    const unseen = isUnseen
        ? ` Up to ${restarted} at a time were restarted, partly between two of its looks.`
        : '';
    return `${watched}, ${least}${counted}${unseen}`;
}
function percent({ inService, instances }) {
    if (!(instances > 0))
        return '';
    return ` (${Math.floor((inService / instances) * 100)} %)`;
}
function roleTable({ roles }) {
    if (roles.length < 2)
        return '';
    return table(ROLE_COLUMNS, roles.map(({ role, by, lowest }) => [
        code(role),
        `${lowest.inService} of ${lowest.instances}`,
        markdown_text(timeOfDay(lowest.at)),
        BY[by],
    ]));
}
function chart({ lowest, series }) {
    const span = step_function_spanOf(series);
    if (span === null || lowest.inService === lowest.instances)
        return '';
    const most = Math.max(...series.map(({ instances }) => instances));
    return stepChart(sampled(series, CHART_CELLS), { seconds: span, most });
}
/** The chart in words, for whoever does not see it. */
function changeTable(series) {
    const changes = series.filter((point, index) => point.inService !== series[index - 1]?.inService);
    if (changes.length < 2)
        return '';
    const columns = [{ title: 'From' }, { title: 'In service', align: 'right' }, { title: '' }];
    const rows = changes.map((point) => [
        markdown_text(timeOfDay(point.at)),
        `${point.inService} of ${point.instances}`,
        bar(point),
    ]);
    return details('Every change that was seen', table(columns, rows));
}
function bar({ inService, instances }) {
    if (!(instances > 0 && inService >= 0))
        return '';
    const full = Math.min(BAR_CELLS, Math.floor((inService / instances) * BAR_CELLS));
    return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

;// CONCATENATED MODULE: ./lib/action/summary/changes.js

const TITLES = ['Change', 'Made', 'Data', 'Way back'];
const CLASSES = new Map([
    ['in-place', 'in place'],
    ['in-place-with-reimage', 'in place, with a new OS disk'],
    ['swap', '⚠️ **by a swap**'],
    ['redeploy', '⚠️ **by deploying anew**'],
    ['refused', '❌ **not at all**'],
]);
function renderChanges({ service }) {
    if (service === null || service.changes.length + service.notKnowable.length === 0)
        return '';
    return paragraphs(['### What the update changes', changes_changeTable(service), notKnowable(service)]);
}
function changes_changeTable({ changes }) {
    if (changes.length === 0)
        return '';
    const hasRoles = changes.some(({ role }) => role !== null);
    const titles = [...(hasRoles ? ['Role'] : []), ...TITLES];
    return table(titles.map((title) => ({ title })), changes.map((change) => [...(hasRoles ? [role(change)] : []), ...cells(change)]));
}
function role({ role: name }) {
    return name === null ? 'all' : code(name);
}
/** Below how it is made, the rule that says so. */
function cells({ what, class: kind, rule, data, wayBack }) {
    const made = [CLASSES.get(kind) ?? markdown_text(kind), rule.trim() === '' ? '' : `<sub>${prose(rule)}</sub>`];
    return [prose(what), made.filter((part) => part !== '').join('<br>'), prose(data), prose(wayBack)];
}
function notKnowable({ notKnowable: all }) {
    if (all.length === 0)
        return '';
    return paragraphs([
        '**What Azure does not tell about it**',
        all.map((one) => `- ${prose(one)}`).join('\n'),
    ]);
}

;// CONCATENATED MODULE: ./lib/action/summary/endpoints.js

const COLUMNS = [
    { title: 'Endpoint' },
    { title: 'Slot' },
    { title: 'Role' },
    { title: 'Region' },
    { title: 'Status' },
    { title: 'Monitor' },
    { title: 'Priority' },
    { title: 'Databases' },
    { title: 'Version' },
];
const NONE = '–';
function renderEndpoints({ before, after }) {
    if (before.length === 0 && after.length === 0)
        return '';
    if (after.length === 0) {
        return section(before.map(row), 'As they were before this run; they could not be read afterwards.');
    }
    if (before.length === 0)
        return section(after.map(row), 'As they are now; they were not read before.');
    const rows = pairs(before, after).map(merged);
    const changed = rows.some((cells) => cells.some((cell) => cell.includes('→')));
    return section(rows, changed ? 'Before → **now**, where it differs.' : 'Nothing changed.');
}
function section(rows, note) {
    return paragraphs(['### Endpoints', table(COLUMNS, rows), note]);
}
function pairs(before, after) {
    const same = (one) => (other) => one.slot === other.slot && one.endpoint === other.endpoint;
    const kept = after.map((view) => [before.find(same(view)) ?? null, view]);
    const gone = before.filter((view) => !after.some(same(view))).map((view) => [view, null]);
    return [...kept, ...gone];
}
function merged([before, after]) {
    const view = after ?? before;
    if (view === null)
        return COLUMNS.map(() => NONE);
    if (before === null)
        return mark(row(view), 'new');
    if (after === null)
        return mark(row(view), 'gone');
    const [old, now] = [row(before), row(after)];
    return now.map((cell, index) => {
        if (COLUMNS[index]?.title === 'Databases')
            return databaseChanges(before.databases, after.databases);
        return change(old[index] ?? NONE, cell);
    });
}
function mark([first = '', ...rest], word) {
    return [`${first} **${word}**`, ...rest];
}
const STATUS_WORDS = {
    Enabled: 'Enabled',
    Disabled: 'Disabled',
    absent: 'not in the profile',
    unknown: 'not known',
};
function row(view) {
    return [
        view.site === view.endpoint ? code(view.endpoint) : `${code(view.endpoint)}<br>${markdown_text(view.site)}`,
        code(view.slot),
        endpoints_role(view),
        markdown_text(view.region ?? '') || NONE,
        STATUS_WORDS[view.status],
        markdown_text(view.monitorStatus ?? '') || NONE,
        view.priority === null ? NONE : String(view.priority),
        view.databases.map((database) => databaseLines(database, database.access)).join('<br>') || NONE,
        markdown_text(view.version ?? '') || 'no answer',
    ];
}
/** The standby of a slot has the slot's role, and stands by. */
function endpoints_role(view) {
    return view.standby ? `${view.role}, standby` : view.role;
}
function databaseChanges(before, after) {
    const same = (one) => (other) => one.name === other.name && one.server === other.server;
    const kept = after.map((now) => {
        const old = before.find(same(now));
        if (old === undefined)
            return databaseLines(now, `${now.access} **new**`);
        return databaseLines(now, change(old.access, now.access), linkChange(old, now));
    });
    const gone = before
        .filter((old) => !after.some(same(old)))
        .map((old) => databaseLines(old, `${old.access} → **gone**`));
    return [...kept, ...gone].join('<br>') || NONE;
}
function databaseLines(database, accessCell, replication = markdown_text(database.replication ?? '')) {
    const name = `${code(database.name)} on ${code(database.server)}`;
    return [name, accessCell, replication].filter((line) => line !== '').join('<br>');
}
/** A database that does not answer has not lost its link by that. */
function linkChange(old, now) {
    const [was, is] = [markdown_text(old.replication ?? ''), markdown_text(now.replication ?? '')];
    if (is === '' && now.access === 'unreachable')
        return was === '' ? '' : `${was} → link not known`;
    if (was === '' && is === '')
        return '';
    return change(was || 'no link', is || 'no link');
}
function change(before, now) {
    return before === now ? now : `${before} → **${now}**`;
}

;// CONCATENATED MODULE: ./lib/action/summary/mermaid.js
// Writes a Mermaid flowchart. Labels are quoted and everything in them but letters, digits and a few marks
// is an entity code: a label can then neither end the diagram's fence nor be read as syntax. The colon is
// coded too, because Mermaid drops the semicolon of a code on lines that look like `style x: #…;`.

const LABEL_LENGTH = 60;
const BRACKETS = {
    box: ['[', ']'],
    round: ['([', '])'],
    hexagon: ['{{', '}}'],
    cylinder: ['[(', ')]'],
};
const ARROWS = { thick: '==>', thin: '-->', dotted: '-.->' };
/** In Mermaid's CSS. Chosen to be read on a light and on a dark page alike. */
const COLOURS = {
    plain: 'fill:#f6f8fa,stroke:#57606a,color:#1f2328',
    good: 'fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a,stroke-width:2px',
    warning: 'fill:#fff1c2,stroke:#9a6700,color:#3d2c00,stroke-width:2px',
    off: 'fill:#f6f8fa,stroke:#8c959f,color:#57606a,stroke-dasharray:5 4',
    bad: 'fill:#ffebe9,stroke:#cf222e,color:#67060c,stroke-width:2px',
};
/** A flowchart from left to right as a fenced block. `looks` are class definitions in Mermaid's CSS. */
function flowchart(nodes, edges, looks) {
    const used = Object.entries(looks).filter(([look]) => nodes.some((node) => node.look === look));
    return [
        '```mermaid',
        'flowchart LR',
        ...nodes.map(nodeLine),
        ...edges.map(edgeLine),
        ...used.map(([look, css]) => `  classDef ${look} ${css}`),
        '```',
    ].join('\n');
}
function nodeLine({ id, shape, label, look }) {
    const [open, close] = BRACKETS[shape];
    return `  ${id}${open}"${mermaid_lines(label)}"${close}:::${look}`;
}
function edgeLine({ from, to, line, label }) {
    const arrow = ARROWS[line];
    return label.length === 0 ? `  ${from} ${arrow} ${to}` : `  ${from} ${arrow}|"${mermaid_lines(label)}"| ${to}`;
}
function mermaid_lines(label) {
    return label.map(escaped).join('<br/>');
}
function escaped(data) {
    const characters = [...oneLine(data)];
    const shown = characters.length > LABEL_LENGTH ? [...characters.slice(0, LABEL_LENGTH - 1), '…'] : characters;
    const label = shown.join('').replace(/[^A-Za-z0-9 .,()/\-\u00a0-\u{10ffff}]/gu, (character) => {
        return `#${character.codePointAt(0)};`;
    });
    return label || '#160;';
}

;// CONCATENATED MODULE: ./lib/action/summary/diagram.js



/** GitHub draws no diagram above 50 000 characters or 500 edges. */
const MAX_CHARACTERS = 45_000;
const MAX_EDGES = 400;
/** More databases than this on one site are drawn as one. */
const MAX_DATABASES = 6;
const LOOKS = {
    plain: COLOURS.plain,
    live: COLOURS.good,
    readonly: COLOURS.warning,
    off: COLOURS.off,
    broken: COLOURS.bad,
};
const LEGEND = 'Thick: where users go. Thin: stands by. Dashed: disabled or absent. Green: serves users. Amber: users can read but not write. Red: does not answer.';
function renderDiagram({ after, publicName }) {
    if (after.length === 0)
        return '';
    const { nodes, edges } = graph(after, publicName);
    const drawing = flowchart(nodes, edges, LOOKS);
    const tooBig = drawing.length > MAX_CHARACTERS || edges.length > MAX_EDGES;
    const body = tooBig
        ? 'The diagram would be too large for GitHub to draw; the table above says the same.'
        : drawing;
    return paragraphs(['### Who is connected to what now', body, tooBig ? '' : LEGEND]);
}
function graph(endpoints, publicName) {
    const profiled = endpoints.some((endpoint) => endpoint.status !== 'absent');
    const entrance = entranceNodes(publicName, profiled);
    const drawn = {
        nodes: [...entrance],
        edges: entrance.slice(1).map((node, index) => ({
            from: entrance[index]?.id ?? node.id,
            to: node.id,
            line: 'thick',
            label: [],
        })),
    };
    const last = entrance.at(-1)?.id ?? 'users';
    const users = whereUsersGo(endpoints, profiled);
    endpoints.forEach((endpoint, index) => {
        addEndpoint(drawn, endpoint, `${index}`, last, profiled, endpoint === users);
    });
    addDatabases(drawn, endpoints);
    return drawn;
}
function entranceNodes(publicName, profiled) {
    return [
        { id: 'users', shape: 'round', label: ['Users'], look: 'plain' },
        ...(publicName === null
            ? []
            : [{ id: 'name', shape: 'box', label: [publicName], look: 'plain' }]),
        ...(profiled
            ? [{ id: 'profile', shape: 'hexagon', label: ['Traffic Manager'], look: 'plain' }]
            : []),
    ];
}
/** Priority routing answers with the first endpoint that is enabled and does not fail its probes. */
function whereUsersGo(endpoints, profiled) {
    if (!profiled)
        return endpoints.find((view) => view.role === 'production' && !view.standby) ?? null;
    const rank = (view) => view.priority ?? Number.MAX_SAFE_INTEGER;
    const enabled = endpoints.filter((view) => view.status === 'Enabled').sort((a, b) => rank(a) - rank(b));
    return enabled.find((view) => !FAILING.includes(view.monitorStatus ?? '')) ?? enabled[0] ?? null;
}
const FAILING = ['Degraded', 'Stopped', 'Inactive'];
function addEndpoint(drawn, view, index, entrance, profiled, serves) {
    const [endpoint, site] = [`endpoint${index}`, `site${index}`];
    const line = lineTo(view, serves);
    const version = view.version === null ? 'no answer' : `version ${view.version}`;
    drawn.nodes.push({
        id: site,
        shape: 'box',
        label: [
            `site ${view.site}`,
            `${version} (${view.role}${view.standby ? ' standby' : ''})`,
            ...region(view),
        ],
        look: siteLook(view, serves),
    });
    if (!profiled) {
        if (serves)
            drawn.edges.push({ from: entrance, to: site, line, label: [] });
        return;
    }
    drawn.nodes.push({
        id: endpoint,
        shape: 'box',
        label: [`endpoint ${view.endpoint}`, endpointState(view)],
        look: serves ? 'live' : view.status === 'Enabled' ? 'plain' : 'off',
    });
    drawn.edges.push({ from: entrance, to: endpoint, line, label: [] });
    drawn.edges.push({ from: endpoint, to: site, line, label: [] });
}
function lineTo(view, serves) {
    if (serves)
        return 'thick';
    return view.status === 'Enabled' ? 'thin' : 'dotted';
}
/** Told where there is more than one. */
function region({ standby, region: name }) {
    return standby && name !== null ? [name] : [];
}
function siteLook(view, serves) {
    if (!serves)
        return 'plain';
    return view.version === null ? 'broken' : 'live';
}
function endpointState(view) {
    if (view.status === 'absent' || view.status === 'unknown')
        return STATUS_WORDS[view.status];
    const priority = view.priority === null ? '' : `, priority ${view.priority}`;
    const monitor = view.monitorStatus === null || view.monitorStatus === view.status ? '' : `, ${view.monitorStatus}`;
    return `${view.status}${priority}${monitor}`;
}
/** Every database once, however many sites use it, and the links between them. */
function addDatabases(drawn, endpoints) {
    const ids = new Map();
    endpoints.forEach((view, index) => {
        if (view.databases.length > MAX_DATABASES) {
            addManyDatabases(drawn, view, index);
            return;
        }
        for (const database of view.databases) {
            const known = ids.get(key(database));
            const id = known ?? `database${ids.size}`;
            if (known === undefined) {
                ids.set(key(database), id);
                drawn.nodes.push(databaseNode(id, database, view));
            }
            const line = database.access === 'absent' ? 'dotted' : 'thin';
            drawn.edges.push({ from: `site${index}`, to: id, line, label: [] });
        }
    });
    addLinks(drawn, endpoints, ids);
}
function databaseNode(id, database, view) {
    return {
        id,
        shape: 'cylinder',
        label: [database.name, database.server, database.access],
        look: databaseLook(database.access, view),
    };
}
function addManyDatabases(drawn, view, index) {
    const kinds = ['read-write', 'read-only', 'absent', 'unreachable'];
    for (const access of kinds) {
        const number = view.databases.filter((database) => database.access === access).length;
        if (number === 0)
            continue;
        const id = `databases${index}${access.replace('-', '')}`;
        const label = [`${number} databases`, access];
        drawn.nodes.push({ id, shape: 'cylinder', label, look: databaseLook(access, view) });
        const line = access === 'absent' ? 'dotted' : 'thin';
        drawn.edges.push({ from: `site${index}`, to: id, line, label: [] });
    }
}
/** A standby that can only be read is as it should be. */
function databaseLook(access, view) {
    const production = view.role === 'production' && !view.standby;
    switch (access) {
        case 'absent':
            return 'off';
        case 'unreachable':
            return 'broken';
        case 'read-only':
            return production ? 'readonly' : 'plain';
        case 'read-write':
            return production ? 'live' : 'plain';
    }
}
/** An arrow from the primary to its secondary, once, whichever of the two sides told of it. */
function addLinks(drawn, endpoints, ids) {
    const databases = endpoints.flatMap((view) => view.databases).filter((database) => ids.has(key(database)));
    const seen = new Set();
    const links = databases.flatMap((database) => (database.replication ?? '').split('; ').map((link) => ({ database, link })));
    for (const { database, link } of links) {
        const [, side, server, state] = /^(primary|secondary) of ([\w-]+)(?:, *(.*))?$/i.exec(link) ?? [];
        const partner = databases.find((other) => other.server === server && other.name === database.name);
        const own = ids.get(key(database));
        const other = partner === undefined ? undefined : ids.get(key(partner));
        if (own === undefined || other === undefined || own === other)
            continue;
        const [from, to] = side?.toLowerCase() === 'secondary' ? [other, own] : [own, other];
        if (seen.has(`${from} ${to}`))
            continue;
        seen.add(`${from} ${to}`);
        drawn.edges.push({
            from,
            to,
            line: 'dotted',
            label: ['geo-replication', ...(state ? [state] : [])],
        });
    }
}
function key(database) {
    return JSON.stringify([database.server, database.name]);
}

;// CONCATENATED MODULE: ./lib/action/summary/instances.js



/** More instances than this are folded; more than the second, folded by domain. */
const SHOWN = 20;
const ONE_TABLE = 100;
const instances_NONE = '–';
const HEALTH_MARKS = new Map([
    ['healthy', '✅'],
    ['unhealthy', '❌'],
    ['unknown', '❔'],
    ['none', '▫️'],
]);
function renderInstances({ domains, walk }, tally) {
    const total = tally.reduce((sum, domain) => sum + domain.instances, 0);
    if (total === 0)
        return '';
    const all = domains.flatMap(({ instances }) => instances);
    const columns = columnsFor(all);
    const isQuiet = walk.length === 0 && all.every(isAsBefore);
    if (total <= SHOWN && !isQuiet)
        return instanceTable(columns, domains);
    const parts = total <= ONE_TABLE
        ? [instanceTable(columns, domains)]
        : domains.map((domain) => details(foldTitle(domain, tally), instanceTable(columns, [domain])));
    return details(`<b>Instances</b>: ${total}`, paragraphs(parts));
}
function isAsBefore({ before, now, health }) {
    return before === now && (health === 'healthy' || health === 'none');
}
function instanceTable(columns, domains) {
    const rows = domains.flatMap(({ domain, instances }) => instances.map((instance, index) => [
        index === 0 ? `**${domain}**` : '',
        ...columns.map(({ cell }) => cell(instance)),
    ]));
    return table([{ title: 'Domain' }, ...columns], rows);
}
/** The role is told where there are several, and since when only where Azure tells it of one instance at least. */
function columnsFor(all) {
    const name = versionNames(all);
    const hasRoles = new Set(all.map(({ role }) => role)).size > 1;
    const hasSince = all.some(({ since }) => since !== null);
    return [
        ...(hasRoles ? [{ title: 'Role', cell: ({ role }) => code(role) }] : []),
        { title: 'Instance', cell: ({ id }) => code(id) },
        { title: 'Before', cell: ({ before }) => markdown_text(before ?? '') || instances_NONE },
        { title: 'Now', cell: (instance) => versionNow(instance, markdown_text(name(instance)) || instances_NONE) },
        { title: 'Health', cell: ({ health }) => healthWords(health) },
        ...(hasSince
            ? [{ title: 'Since', cell: ({ since }) => markdown_text(moment(since ?? '')) || instances_NONE }]
            : []),
    ];
}
function versionNow({ before, now }, name) {
    return before !== null && now !== null && before !== now ? `**${name}**` : name;
}
function healthWords(health) {
    const mark = HEALTH_MARKS.get(health) ?? '🟡';
    return `${mark}\u00a0${health === 'none' ? 'not\u00a0told' : markdown_text(health) || instances_NONE}`;
}
/** HTML, so that what is Markdown does not act in it. */
function foldTitle({ domain }, tally) {
    const roles = tally.find((candidate) => candidate.domain === domain)?.roles ?? [];
    const words = roles.map((role) => markdown_text(`${role.role}: ${versions(role)}, ${healths(role)}`));
    return `<b>Domain ${domain}</b> (${words.join('; ')})`;
}

;// CONCATENATED MODULE: ./lib/action/summary/domains.js




const domains_NONE = '–';
function renderDomains({ service, tally, phases }) {
    if (service === null)
        return '';
    return paragraphs([
        '### Where the update stands',
        sentence(service.progress),
        domainTable(service.roles, tally),
        flags(service),
        renderInstances(service, tally),
        domains_roleTable(service, phases.includes('plan')),
    ]);
}
function domainTable(roles, tally) {
    if (tally.length === 0)
        return '';
    const present = new Set(tally.flatMap((domain) => domain.roles.map(({ role }) => role)));
    const named = roles.map(({ role }) => role).filter((role) => present.has(role));
    const names = [...new Set([...named, ...present])];
    const columns = ['Domain', 'State', ...names.map((name) => code(name) || domains_NONE)];
    const rows = tally.map((domain) => [
        `**${domain.domain}**`,
        marked(domainState(domain)),
        ...names.map((name) => roleCell(domain.roles.find(({ role }) => role === name))),
    ]);
    return table(columns.map((title) => ({ title })), rows);
}
/** "3 of 3 on 2.0.0, healthy"; in lines of their own where the instances differ. */
function roleCell(tally) {
    if (tally === undefined)
        return domains_NONE;
    const [version, health] = [versions(tally), healths(tally)].map(markdown_text);
    return `${version}${tally.health.length > 1 || tally.versions.length > 1 ? '<br>' : ', '}${health}`;
}
/** The article's Locked and RollbackAllowed, and what Azure does not do by itself meanwhile. */
function flags({ locked, rollbackAllowed, held }) {
    return [
        `- **Locked**: ${domains_answer(locked.locked, locked.reasons)}`,
        `- **Rollback allowed**: ${domains_answer(rollbackAllowed.allowed, rollbackAllowed.refusals)}`,
        held.length === 0 ? '' : `- **Switched off while the update lasts**: ${held.map(prose).join('; ')}`,
    ]
        .filter((line) => line !== '')
        .join('\n');
}
function domains_answer(yes, reasons) {
    return [`${yes ? 'yes' : 'no'}.`, ...reasons.map(sentence)].filter((part) => part !== '').join(' ');
}
function domains_roleTable({ kind, roles }, open) {
    if (roles.length === 0)
        return '';
    const titles = [
        'Role',
        kind === 'scale-sets' ? 'Scale set' : 'Cloud service',
        'Instances',
        'Domains made by',
        'Must be healthy',
        'In this update',
    ];
    const rows = roles.map(({ role, resource, instances: number, placement, minimumHealthy, chosen }) => [
        code(role),
        code(resource),
        String(number),
        placement === 'platform' ? 'Azure' : 'this action',
        markdown_text(minimumHealthy),
        chosen ? 'yes' : 'no',
    ]);
    const named = roles.map(({ role, resource }) => markdown_text(`${role} (${resource})`)).join(', ');
    const columns = titles.map((title) => ({ title, align: title === 'Instances' ? 'right' : 'left' }));
    return details(`<b>${count(roles.length, 'role')}</b>: ${named}`, table(columns, rows), open);
}

;// CONCATENATED MODULE: ./lib/action/summary/drawn-report.js


function drawnReport(report) {
    const { service } = report;
    if (service === null)
        return { ...report, tally: [] };
    const { capacity } = service;
    return {
        ...report,
        tally: tallyOf(service),
        service: { ...service, capacity: capacity && { ...capacity, series: condensed(capacity.series) } },
    };
}

;// CONCATENATED MODULE: ./lib/action/summary/footer.js


function renderFooter(report) {
    const facts = [
        report.application === null ? '' : `application ${code(report.application)}`,
        `topology ${code(report.topology)}`,
        `phase ${report.phases.map(code).join(', ') || '–'}`,
        `result ${code(report.result)}`,
        `state ${code(report.state)}`,
        report.productionSlot === null ? '' : `production slot ${code(report.productionSlot)}`,
        report.upgradeId === null ? '' : `upgrade ${code(report.upgradeId)}`,
        run(report.runUrl),
        times(report),
        markdown_text(`${report.product.name} ${report.product.version}`),
    ];
    return `---\n\n<sub>${facts.filter((fact) => fact !== '').join(' · ')}</sub>`;
}
function run(url) {
    if (url === null)
        return '';
    return /^https:\/\/[\w.:/?=&%~-]+$/.test(url) ? `[run](${url.replaceAll('_', '%5F')})` : `run ${markdown_text(url)}`;
}
function times({ startedAt, endedAt }) {
    return `${markdown_text(moment(startedAt))} to ${markdown_text(moment(endedAt))} (${duration(secondsBetween(startedAt, endedAt))})`;
}

;// CONCATENATED MODULE: ./lib/action/summary/limit.js


/** 1 MiB, less room for what else the step may have written. */
const MAX_BYTES = 1_000_000;
// The first is for readers, the others for GitHub. With the last no report exceeds the limit: a character
// becomes six bytes at most (markdown.ts), and a test draws the largest report there can be.
const LEVELS = [
    { text: 4000, list: 200 },
    { text: 1000, list: 100 },
    { text: 300, list: 40 },
    { text: 80, list: 16 },
    { text: 40, list: 8 },
];
/** What a person needs first is shortened last, and not below this. */
const VERDICT = { text: 1200, list: 8 };
/**
 * The Markdown that `draw` makes of the report, shortened until it has at most `maxBytes` bytes of UTF-8.
 * `draw` gets a sentence that says what was cut, empty where nothing was.
 */
function limitSummary(report, draw, maxBytes = MAX_BYTES) {
    let markdown = '';
    for (const limits of LEVELS) {
        const shortened = shorten(report, limits);
        // Not worth drawing, and what is drawn of a really large report would not fit into a string.
        if (limits !== LEVELS.at(-1) && shortened.cuts.kept > maxBytes)
            continue;
        markdown = draw(shortened.report, cutSentence(shortened.cuts));
        if (Buffer.byteLength(markdown) <= maxBytes)
            break;
    }
    return markdown;
}
function shorten(report, limits) {
    const { verdict, error, ...rest } = report;
    const first = cutter(limits.text < VERDICT.text ? VERDICT : limits);
    const other = cutter(limits);
    const shortened = {
        ...other.cut(rest),
        verdict: first.cut(verdict),
        error: error === null ? null : { ...first.cut({ ...error, causes: [] }), causes: other.cut(error.causes) },
    };
    const [one, two] = [first.cuts(), other.cuts()];
    return {
        report: shortened,
        cuts: { texts: one.texts + two.texts, entries: one.entries + two.entries, kept: one.kept + two.kept },
    };
}
function cutter(limits) {
    let texts = 0;
    let entries = 0;
    let kept = 0;
    const onString = (string) => {
        kept += Math.min(string.length, limits.text);
        if (string.length <= limits.text)
            return string;
        texts += 1;
        return `${string.slice(0, limits.text - 1).replace(/[\ud800-\udbff]$/, '')}…`;
    };
    const onArray = (array) => {
        if (array.length <= limits.list)
            return array;
        entries += array.length - limits.list;
        const head = Math.ceil(limits.list / 2);
        return [...array.slice(0, head), ...array.slice(head - limits.list)];
    };
    return { cut: (value) => strings_mapStrings(value, onString, onArray), cuts: () => ({ texts, entries, kept }) };
}
function cutSentence({ texts, entries }) {
    const parts = [
        texts > 0 ? `${count(texts, 'long text')} cut at the end` : '',
        entries > 0
            ? `${entries} ${entries === 1 ? 'entry' : 'entries'} left out in the middle of long lists`
            : '',
    ].filter((part) => part !== '');
    if (parts.length === 0)
        return '';
    return `_Shortened: ${parts.join(', ')}. The full report is the JSON file that the output \`report\` names._`;
}

;// CONCATENATED MODULE: ./lib/action/summary/steps.js


// A row of the rollback names the undo itself: one that was carried out is done.
const steps_STATES = {
    done: '✅\u00a0done',
    'already-done': '☑️\u00a0nothing\u00a0to\u00a0do',
    failed: '❌\u00a0**failed**',
    refused: '⛔\u00a0refused',
    skipped: '▫️\u00a0nothing\u00a0to\u00a0undo',
    kept: '📌\u00a0kept',
    undone: '↩️\u00a0done',
    'undo-failed': '❌\u00a0**FAILED**',
    'not-reached': '▫️\u00a0not\u00a0reached',
};
function renderSteps(report) {
    return steps_section('Steps', report.steps);
}
function renderRollback(report) {
    return steps_section('Rollback', report.rollback);
}
/** The number in front of a title is the one of Microsoft's article, which numbers no steps of a service. */
function steps_section(title, steps) {
    if (steps.length === 0)
        return '';
    const phased = new Set(steps.map((step) => step.phase)).size > 1;
    const numbered = steps.some((step) => step.article !== null);
    const columns = [
        ...(phased ? [{ title: 'Phase' }] : []),
        ...(numbered ? [{ title: 'No.' }] : []),
        { title: 'Step' },
        { title: 'State' },
        { title: 'Time', align: 'right' },
        { title: 'Evidence' },
    ];
    const rows = steps.map((step, index) => {
        const first = step.phase !== steps[index - 1]?.phase;
        return [...(phased ? [first ? `**${step.phase}**` : ''] : []), ...steps_cells(step, numbered)];
    });
    return paragraphs([`### ${title}`, table(columns, rows)]);
}
function steps_cells(step, numbered) {
    return [
        ...(numbered ? [markdown_text(step.article ?? '')] : []),
        prose(step.title),
        steps_STATES[step.state],
        duration(step.seconds),
        lines(step.evidence),
    ];
}

;// CONCATENATED MODULE: ./lib/action/summary/timeline.js


const CELLS = 40;
/** A window that takes more of the run than this is seen well enough beside the rest. */
const WIDE_ENOUGH = 0.6;
/** Empty where nothing ran, or where no time is told. */
function renderTimeline({ timeline = [], readOnly, endedAt }) {
    const rows = timeline.flatMap(rowOf);
    if (rows.length === 0)
        return '';
    const whole = { from: least(rows), to: most(rows) };
    const window = readOnly && windowOf(readOnly, endedAt);
    const inWindow = rows.filter(({ span }) => span.readOnlySeconds > 0);
    const isNarrow = window !== null && window.to - window.from < WIDE_ENOUGH * (whole.to - whole.from);
    const isDrawnTwice = window !== null && isNarrow && inWindow.length > 0;
    const run = paragraphs([
        timeline_chart(rows.map(inRun), whole, window),
        window === null ? '' : '`▒` users could only read.',
    ]);
    if (!isDrawnTwice)
        return paragraphs(['### Timeline', run]);
    return paragraphs([
        '### Timeline',
        '**While users could only read**',
        timeline_chart(inWindow.map((row) => inside(row, window)), window, null),
        details('<b>The whole run</b>', run),
    ]);
}
function rowOf(span) {
    const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
    return to >= from ? [{ span, from, to }] : [];
}
function windowOf({ from, to }, endedAt) {
    const window = { from: Date.parse(from), to: Date.parse(to ?? endedAt) };
    return window.to > window.from ? window : null;
}
const timeline_COLUMNS = [
    { title: 'From' },
    { title: 'What' },
    { title: '' },
    { title: 'Time', align: 'right' },
    { title: 'Waited for' },
];
function inRun(row) {
    return { ...row, begun: markdown_text(timeOfDay(row.span.from)), took: duration((row.to - row.from) / 1000) };
}
/** What lies outside of the window is not told of. */
function inside(row, window) {
    const [from, to] = [Math.max(row.from, window.from), Math.min(row.to, window.to)];
    const begun = `+${duration((from - window.from) / 1000)}`.replaceAll(' ', '\u00a0');
    return { ...row, from, to, begun, took: duration(row.span.readOnlySeconds) };
}
/** @param window is shaded where a row itself is not. */
function timeline_chart(rows, whole, window) {
    return table(timeline_COLUMNS, rows.map((row) => [
        row.begun,
        what(row.span),
        timeline_bar(row, whole, window),
        row.took,
        prose(row.span.waitedFor ?? ''),
    ]));
}
function what({ what: name, kind }) {
    const told = prose(name);
    switch (kind) {
        case 'step':
        case 'wait':
            return told;
        case 'undo':
            return `↶ ${told}`;
        case 'part':
            return `└ ${told}`;
        case 'between':
            return `<i>${told}</i>`;
    }
}
/** In code, so that every cell is as wide as the others. */
function timeline_bar(stretch, whole, window) {
    const length = whole.to - whole.from;
    if (!(length > 0))
        return '';
    const cellOf = (at) => ((at - whole.from) / length) * CELLS;
    const covers = ({ from, to }, cell) => {
        const first = Math.min(CELLS - 1, Math.floor(cellOf(from)));
        return cell >= first && cell < Math.max(first + 1, Math.round(cellOf(to)));
    };
    const cells = Array.from({ length: CELLS }, (_, cell) => {
        if (covers(stretch, cell))
            return '█';
        return window !== null && covers(window, cell) ? '▒' : '·';
    });
    return `\`${cells.join('')}\``;
}
function least(rows) {
    return rows.reduce((found, { from }) => Math.min(found, from), Number.POSITIVE_INFINITY);
}
function most(rows) {
    return rows.reduce((found, { to }) => Math.max(found, to), Number.NEGATIVE_INFINITY);
}

;// CONCATENATED MODULE: ./lib/action/summary/walk-picture.js





/** With more domains than this, neighbours of which the same can be said are drawn as one. */
const DRAWN_ALONE = 8;
const walk_picture_LOOKS = {
    updated: COLOURS.good,
    flight: COLOURS.warning,
    untouched: COLOURS.off,
    returned: COLOURS.plain,
    broken: COLOURS.bad,
};
const walk_picture_LEGEND = {
    updated: 'Green: on the new version.',
    flight: 'Amber: in flight.',
    broken: 'Red: where the walk broke off.',
    untouched: 'Dashed: not updated.',
    returned: 'Grey: back on the version before, by the dotted arrows.',
};
function renderWalkPicture(walk, tally) {
    if (tally.length === 0)
        return '';
    const all = walk_picture_inOrder(walk, tally).map((domain) => stopOf(domain, walk));
    const stops = all.length > DRAWN_ALONE ? walk_picture_merged(all) : all;
    const nodes = stops.map((stop, index) => nodeOf(stop, `domain${index}`));
    return paragraphs([flowchart(nodes, [...forward(stops), ...back(stops)], walk_picture_LOOKS), legend(stops)]);
}
function legend(stops) {
    const used = Object.entries(walk_picture_LEGEND).filter(([look]) => stops.some((stop) => stop.look === look));
    return used.map(([, words]) => words).join(' ');
}
/** Those updated by earlier runs, those of this run as it walked them, and those still to come. */
function walk_picture_inOrder(walk, tally) {
    const forwards = walk.filter(({ direction }) => direction === 'forward').map(({ domain }) => domain);
    const place = ({ domain, state }) => {
        const walked = forwards.indexOf(domain);
        if (walked >= 0)
            return walked;
        return state === 'updated' || state === 'returned' ? -1 : forwards.length;
    };
    return [...tally].sort((one, other) => place(one) - place(other) || one.domain - other.domain);
}
function stopOf({ domain, instances, state }, walk) {
    const own = walk.filter((one) => one.domain === domain);
    return {
        domains: [domain],
        instances,
        look: lookOf(state, lastWalk(walk, domain)),
        state: DOMAIN_STATES[state][1],
        walked: own.map(({ direction, from, to, outcome }) => {
            const how = outcome === 'good' ? '' : `, ${OUTCOMES[outcome][1]}`;
            return `${direction} ${duration(secondsBetween(from, to))}${how}`;
        }),
        wentBack: own.some(({ direction }) => direction === 'back'),
    };
}
function lookOf(state, last) {
    if (last !== undefined && last.outcome !== 'good')
        return 'broken';
    return state === 'in-flight' ? 'flight' : state;
}
/** Neighbours in the order of the walk; durations of their own are told by the table. */
function walk_picture_merged(stops) {
    const done = [];
    for (const stop of stops) {
        const last = done.at(-1);
        if (last === undefined || !isAlike(last, stop)) {
            done.push(stop);
            continue;
        }
        done[done.length - 1] = {
            ...last,
            domains: [...last.domains, ...stop.domains],
            instances: last.instances + stop.instances,
            walked: [],
        };
    }
    return done;
}
function isAlike(one, other) {
    return one.look === other.look && one.state === other.state && one.wentBack === other.wentBack;
}
function nodeOf({ domains, instances, look, state, walked }, id) {
    const label = [titleOf(domains), count(instances, 'instance'), state, ...walked];
    return { id, shape: 'box', label, look };
}
function titleOf(domains) {
    const [first = 0] = domains;
    if (domains.length === 1)
        return `domain ${first}`;
    const isRow = domains.every((domain, index) => domain === first + index);
    return isRow ? `domains ${first} to ${domains.at(-1)}` : `${domains.length} domains: ${domains.join(', ')}`;
}
/** Thick as far as the walk has come. */
function forward(stops) {
    return stops.slice(1).map((stop, index) => ({
        from: `domain${index}`,
        to: `domain${index + 1}`,
        line: stop.look === 'untouched' ? 'thin' : 'thick',
        label: [],
    }));
}
function back(stops) {
    return stops.flatMap((stop, index) => {
        const before = stops[index - 1];
        if (!stop.wentBack || before?.wentBack !== true)
            return [];
        return [{ from: `domain${index}`, to: `domain${index - 1}`, line: 'dotted', label: ['back'] }];
    });
}

;// CONCATENATED MODULE: ./lib/action/summary/walk.js





const walk_CELLS = 16;
const walk_COLUMNS = [
    { title: 'Domain' },
    { title: 'Direction' },
    { title: 'Instances', align: 'right' },
    { title: 'From' },
    { title: 'Took', align: 'right' },
    { title: 'Of that Azure', align: 'right' },
    { title: 'Outcome' },
];
function renderWalk({ service, tally }) {
    if (service === null || service.walk.length === 0)
        return '';
    return paragraphs([
        '### The walk',
        walk_inShort(service),
        renderWalkPicture(service.walk, tally),
        walkTable(service.walk),
    ]);
}
function walk_inShort({ walk }) {
    const way = (direction) => {
        const domains = new Set(walk.filter((one) => one.direction === direction).map(({ domain }) => domain));
        return domains.size === 0 ? '' : `${count(domains.size, 'domain')} ${direction}`;
    };
    const ways = [way('forward'), way('back')].filter((part) => part !== '').join(' and ');
    const span = step_function_spanOf(walk.flatMap(({ from, to }) => [{ at: from }, { at: to }]));
    const azure = walk.reduce((sum, { platformSeconds }) => sum + platformSeconds, 0);
    if (!span || !(azure >= 0 && azure <= span))
        return `Walked ${ways}.`;
    const share = ((span - azure) / span) * 100;
    return `Walked ${ways} in ${duration(span)}. Azure worked on the instances for ${duration(azure)} of it; the rest, ${share.toFixed(1)} %, went on looking whether they are healthy, and on what is between two domains.`;
}
function walkTable(walk) {
    const cells = timeline(walk);
    return table(cells.length > 1 ? [...walk_COLUMNS, { title: 'In time' }] : walk_COLUMNS, walk.map((one, index) => [
        `**${one.domain}**`,
        one.direction === 'forward' ? 'forward' : '↩️\u00a0back',
        String(one.instances),
        markdown_text(timeOfDay(one.from)),
        duration(secondsBetween(one.from, one.to)),
        duration(one.platformSeconds),
        marked(OUTCOMES[one.outcome]),
        ...(cells.length > 1 ? [cells[index] ?? ''] : []),
    ]));
}
/** For each domain a bar of when it was walked; empty where the times say nothing. */
function timeline(walk) {
    const times = walk.map(({ from, to }) => [Date.parse(from), Date.parse(to)]);
    const start = Math.min(...times.map(([from]) => from));
    const length = Math.max(...times.map(([, to]) => to)) - start;
    if (!(length > 0))
        return [];
    return times.map(([from, to]) => {
        const first = Math.min(walk_CELLS - 1, Math.max(0, Math.floor(((from - start) / length) * walk_CELLS)));
        const last = Math.min(walk_CELLS, Math.max(first + 1, Math.round(((to - start) / length) * walk_CELLS)));
        return '░'.repeat(first) + '█'.repeat(last - first) + '░'.repeat(walk_CELLS - last);
    });
}

;// CONCATENATED MODULE: ./lib/action/summary/window.js


const window_BAR_CELLS = 24;
function renderWindow({ readOnly }) {
    if (readOnly === null)
        return '';
    return paragraphs(['### Read-only window', window_sentence(readOnly), spent(readOnly)]);
}
function window_sentence(window) {
    const from = markdown_text(moment(window.from));
    if (window.to === null) {
        return `**Users cannot write.** Read-only since ${from}, ${duration(window.seconds)} when this run ended.`;
    }
    return `Users could not write for **${duration(window.seconds)}**, from ${from} to ${markdown_text(moment(window.to))}.`;
}
function spent(window) {
    if (window.spentOn.length === 0)
        return '';
    const columns = [{ title: 'Spent on' }, { title: 'Time', align: 'right' }, { title: '' }];
    return table(columns, window.spentOn.map(({ what, seconds }) => [prose(what), duration(seconds), window_bar(seconds, window.seconds)]));
}
function window_bar(part, whole) {
    if (!(part > 0 && whole > 0))
        return '';
    return '█'.repeat(Math.min(window_BAR_CELLS, Math.max(1, Math.round((part / whole) * window_BAR_CELLS))));
}

;// CONCATENATED MODULE: ./lib/action/summary/summary.js
















/**
 * The job summary of a run, as GitHub-flavoured Markdown below GitHub's limit of 1 MiB. The first line says
 * what happened and what it means for users right now. All data in it is escaped. Pure; never throws.
 */
function renderSummary(report) {
    return limitSummary(drawnReport(report), draw);
}
function draw(report, cut) {
    const parts = [
        renderVerdict(report),
        cut,
        ...(report.service === null ? slots(report) : serviceParts(report)),
        renderGuards(report),
        renderError(report),
        renderPlan(report),
        renderFooter(report),
    ];
    return `${paragraphs(parts)}\n`;
}
function slots(report) {
    return [
        renderEndpoints(report),
        renderSteps(report),
        renderRollback(report),
        renderWindow(report),
        renderTimeline(report),
        renderDiagram(report),
    ];
}
/** A service has no endpoints to switch, and none of its users is kept from writing. */
function serviceParts(report) {
    return [
        renderDomains(report),
        renderSteps(report),
        renderRollback(report),
        renderWalk(report),
        renderCapacity(report),
        renderTimeline(report),
        renderChanges(report),
    ];
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __nccwpck_require__(51455);
;// CONCATENATED MODULE: ./lib/action/summary/redact.js
// A safety net: no secret is put into a report on purpose, but Azure's and users' messages are quoted in it.


const redact_MASK = '***';
/** Shorter ones would mask ordinary words; no password that Azure accepts is as short. */
const SHORTEST = 4;
/** The text with every secret replaced, however it was escaped on its way into it. */
function redact(markdown, secrets) {
    return redact_forms(secrets).reduce((result, form) => result.replaceAll(form, redact_MASK), markdown);
}
/** The same for every string of a report, before it is drawn or written: cutting then splits no secret. */
function redactReport(report, secrets) {
    return mapStrings(report, (string) => redact(string, secrets));
}
/** Longest first, so that a secret inside another one does not leave the rest of it readable. */
function redact_forms(secrets) {
    const all = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).flatMap(encodings);
    return [...new Set(all)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}
function encodings(secret) {
    if (secret.trim().length < SHORTEST)
        return [];
    return [
        secret,
        markdown_text(secret),
        code(secret).replace(/^(?:`|<code>)|(?:`|<\/code>)$/g, ''),
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret.toWellFormed()),
        Buffer.from(secret).toString('base64'),
    ];
}

;// CONCATENATED MODULE: ./lib/action/summary/write.js




/** GitHub's limit of one step's summary; above it all of it is dropped. */
const STEP_LIMIT = 1024 * 1024;
/**
 * Writes the summary where GitHub looks for it, or, where there is no such file, into a new file in the
 * runner's or the system's temporary folder. Secrets are masked. What the step wrote before is kept as long
 * as both fit. Returns the path of the file. Throws where not even the temporary folder can be written.
 */
async function writeSummary(markdown, secrets = []) {
    const masked = redact(markdown, secrets);
    const path = process.env.GITHUB_STEP_SUMMARY;
    if (!path)
        return writeAside(masked);
    try {
        const written = (await (0,promises_.stat)(path)).size;
        const isTooMuch = written + Buffer.byteLength(masked) > STEP_LIMIT;
        await (isTooMuch ? promises_.writeFile : promises_.appendFile)(path, masked);
        return path;
    }
    catch {
        // GitHub's file is missing or cannot be written. What happened must still be found somewhere.
        return writeAside(masked);
    }
}
async function writeAside(markdown) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(process.env.RUNNER_TEMP || (0,external_node_os_.tmpdir)(), 'rolling-upgrade-'));
    const path = (0,external_node_path_.join)(folder, 'summary.md');
    await (0,promises_.writeFile)(path, markdown, { mode: 0o600 });
    return path;
}

;// CONCATENATED MODULE: ./lib/action/surroundings.js
// What a run is started in. Where that takes away what the run's safety stands on, nothing is begun.

/** With "0" Node takes any certificate. It is read at every connection. */
const UNCHECKED = 'NODE_TLS_REJECT_UNAUTHORIZED';
/**
 * Throws 'unsafe-environment' where certificates would not be checked, so that a token or a password could be given to
 * anybody, and where the workflow runs for a pull request with the rights of the repository that it is for.
 */
function refuseUnsafe(environment) {
    if (environment[UNCHECKED] === '0')
        throw uncheckedCertificates();
    if (environment.GITHUB_EVENT_NAME === 'pull_request_target')
        throw pullRequestTarget();
}
/** From here on every certificate is checked: production is given back also where somebody has switched that off since. */
function insistOnCertificates(environment) {
    delete environment[UNCHECKED];
}
function uncheckedCertificates() {
    return new reasons/* UpgradeError */.fy('unsafe-environment', `${UNCHECKED}=0 in the environment switches off the checking of certificates: tokens and passwords could go to anybody who answers.`, {
        advice: [
            `Take ${UNCHECKED} out of the environment of the job and of the runner.`,
            'Behind a proxy that has certificates of its own, name its authority: NODE_EXTRA_CA_CERTS with the path of a PEM file.',
        ],
    });
}
function pullRequestTarget() {
    return new reasons/* UpgradeError */.fy('unsafe-environment', 'The workflow was started by pull_request_target: it has the rights of this repository, for what somebody from anywhere proposes.', {
        advice: [
            'Start upgrades by workflow_dispatch, by a push to a protected branch or by a release, in a job with an environment.',
            'To look at a proposal use the event pull_request: a fork gets neither secrets nor an identity there.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/action/run-action.js
// The action: read what was asked, run it, tell how it ended. `main` and `post` are the same program; the
// post step mends what a killed main left behind. This is the one place that catches.
























/** Results with which the job is green. */
const GREEN = ['succeeded', 'nothing-to-do'];
/** Runs as `main` or as `post`, whichever this process is. Returns the exit code; never throws. */
async function runAction(environment) {
    const state = readRunState();
    if (state.kind === 'main')
        return runMain(environment);
    return hasLeftWork(state, isOfService(environment)) ? runPost(environment) : 0;
}
function isOfService(environment) {
    return readInput('topology', environment) === 'upgrade-domains';
}
async function runMain(environment) {
    const state = createRunStateWriter(environment);
    state.mainStarted();
    const { sink, masking } = outputFor(environment);
    const log = createRunLog(sink);
    const report = await attempt(environment, masking, log, state, null);
    // Said before it is told: a full disk must not make post take a finished run for a killed one.
    state.mainEnded(report.result, '');
    state.mainEnded(report.result, await tell(report, environment, masking, log));
    return GREEN.includes(report.result) ? 0 : 1;
}
const MENDING = 'The main step did not end by itself. Looking in Azure, and giving production back if it is read-only.';
const FREEING = 'The main step could not give the service free for other runs. Doing that, and looking where the update stands.';
/** Main was killed after it had begun to freeze, or while it had the service: look in Azure, and give that back. */
async function runPost(environment) {
    const { sink, masking } = outputFor(environment);
    const log = createRunLog(sink);
    log.line(isOfService(environment) ? FREEING : MENDING);
    const state = createRunStateWriter(environment);
    const report = await attempt(environment, masking, log, state, ['rollback']);
    await tell(report, environment, masking, log);
    // Main is what failed the job; post fails where it could not mend.
    return report.result === 'rolled-back' || GREEN.includes(report.result) ? 0 : 1;
}
/** @param recovery the phases of the post step, instead of the input's. */
async function attempt(environment, masking, log, state, recovery) {
    const clock = lib_clock/* systemClock */.m;
    const cancellation = onCancellation(process);
    const startedAt = clock.now();
    let request = {
        phases: recovery ?? [],
        topology: environment.INPUT_TOPOLOGY ?? '',
        onFailure: 'rollback',
        product: product/* PRODUCT */.A,
        afterSwitch: recovery ? 'leave' : 'return-to-v1',
    };
    try {
        if (recovery === null)
            refuseUnsafe(environment);
        insistOnCertificates(process.env);
        const inputs = readInputs(environment);
        request = {
            ...request,
            phases: recovery ?? inputs.phases,
            topology: inputs.topology,
            onFailure: recovery ? 'rollback' : inputs.onFailure,
        };
        const parts = [];
        const procedure = await procedureOf({ inputs, environment, masking, log, clock, state, parts });
        const ended = await runPhases(request, procedure, (0,phase_log/* phaseListener */.I)(log, state), cancellation.signal);
        await procedure.close();
        // What is told of a run that has ended is not worth the run's own report.
        const timeline = orWarn(log, 'timeline', () => timelineOf(ended, parts)) ?? [];
        return timeline.length === 0 ? ended : { ...ended, timeline };
    }
    catch (error) {
        return refusedReport(request, error, startedAt, (0,github_run/* runUrl */.V)(environment));
    }
}
/** Log, summary, report and outputs, on every ending; what cannot be written does not stop the rest. */
async function tell(whole, environment, masking, log) {
    // Before anything is drawn of it: escaped for Markdown or JSON, a secret would not be known again.
    const report = withoutSecretsOf(whole, masking);
    if (report.phases.includes('plan') && report.plan)
        log.line(renderPlanText(report.plan, report.service?.changes));
    if (report.after.length > 0)
        log.line(renderEndpointTableText(report.after));
    if (report.service)
        log.line(renderDomainTableText(report.service));
    log.runEnded(report.verdict, report.error);
    const path = orWarn(log, 'report', () => writeReport(report, environment, masking.redact)) ?? '';
    try {
        const summary = await writeSummary(renderSummary(report));
        if (!environment.GITHUB_STEP_SUMMARY)
            log.line(`Summary: ${summary}`);
    }
    catch (error) {
        log.warning(`The summary could not be written: ${(0,message_of/* messageOf */.b)(error)}`);
    }
    orWarn(log, 'outputs', () => setOutputs(report, path, environment));
    return path;
}
function withoutSecretsOf(report, masking) {
    return strings_mapStrings(report, (text) => (WORD.test(text) ? text : masking.redact(withoutSecrets(text))));
}
/** A state or a verdict, which is drawn by what it is. A setting of a site, and thus masked, may be the same word. */
const WORD = /^[A-Z]?[a-z]*(?:-[a-z]+)*$/;
function orWarn(log, what, write) {
    try {
        return write();
    }
    catch (error) {
        log.warning(`The ${what} could not be written: ${(0,message_of/* messageOf */.b)(error)}`);
        return null;
    }
}


/***/ }),

/***/ 16097:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ rightMissing),
/* harmony export */   p: () => (/* binding */ isRightMissing)
/* harmony export */ });
/* harmony import */ var _azure_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(94004);
/* harmony import */ var _engine_command_line_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(21794);
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(94022);
// A right that the identity does not have, in Azure's own words: which action, on which scope.



/**
 * AuthorizationFailed and its kin, also as the end of an operation, which has no status of its own. A policy or a lock of
 * the organisation answers 403 too: no role mends that.
 */
function isRightMissing(error) {
    if (!(error instanceof _azure_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .AzureError */ .M6))
        return false;
    if (error.code === null)
        return error.status === 403;
    return /(^|Linked|LinkedAccess)AuthorizationFailed$|^Forbidden$/i.test(error.code);
}
/**
 * As 'azure-permission-missing'. Its cause is what Azure said.
 * @param context what was not done for it, as the beginning of the message
 * @param advice what can be done besides
 */
function rightMissing(error, context = '', advice = []) {
    const named = actionAndScope(error.message);
    const what = named === null ? error.message : `${named.action} on ${named.scope}`;
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy('azure-permission-missing', `${context}A right is missing in Azure: ${what}`, {
        advice: [adviceFor(named?.scope ?? 'SCOPE'), ...advice],
        cause: error,
    });
}
/** The last that is named: of a linked scope Azure first tells what the identity may do. */
function actionAndScope(message) {
    const [, action, scope] = [...message.matchAll(ACTION_ON_SCOPE)].at(-1) ?? [];
    return action === undefined || scope === undefined ? null : { action, scope };
}
const ACTION_ON_SCOPE = /perform action(?:\(s\))? '([^']+)' (?:over|on)(?: the)?(?: linked)? scope(?:\(s\))? '([^']+)'/g;
function adviceFor(scope) {
    const assign = (0,_engine_command_line_js__WEBPACK_IMPORTED_MODULE_2__/* .command */ .G5)(...['az', 'role', 'assignment', 'create', '--role', 'Rolling Upgrade'], ...['--assignee', 'APP_ID', '--scope', scope]);
    return `Assign the role of docs/custom-role.json, or bring its definition up to date (see docs/permissions.md), and wait a few minutes until Azure knows it:\n${assign}`;
}


/***/ }),

/***/ 94004:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L8: () => (/* binding */ SqlError),
/* harmony export */   M6: () => (/* binding */ AzureError),
/* harmony export */   Mh: () => (/* binding */ UnendedError),
/* harmony export */   uv: () => (/* binding */ WrittenError)
/* harmony export */ });
/** What Azure Resource Manager, Entra or the network answered. */
class AzureError extends Error {
    name = 'AzureError';
    /** HTTP status; null where no answer came. */
    status;
    /** ARM's error code, e.g. `FailoverGroupAlreadySetup`; null where the body had none. */
    code;
    correlationId;
    /** True where the request may have been carried out although no proper answer came back. */
    outcomeUnknown;
    constructor(message, details) {
        super(message, { cause: details.cause });
        this.status = details.status;
        this.code = details.code;
        this.correlationId = details.correlationId;
        this.outcomeUnknown = details.outcomeUnknown;
    }
}
/** The request was carried out, and what came of it could not be read back, or is not what was written. */
class WrittenError extends AzureError {
}
/** Azure has taken the request up and did not end it in time: it may be carried out at any time yet. */
class UnendedError extends AzureError {
}
class SqlError extends Error {
    name = 'SqlError';
    kind;
    /** Every error message of SQL Server, in order; 5069 always comes second, the cause is the first. */
    messages;
    constructor(message, kind, messages, cause) {
        super(message, { cause });
        this.kind = kind;
        this.messages = messages;
    }
    /** Whether SQL Server reported one of these error numbers. */
    has(...numbers) {
        return this.messages.some((message) => numbers.includes(message.number));
    }
}


/***/ }),

/***/ 35233:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ systemClock)
/* harmony export */ });
// Time, injected: nothing in this product reads the wall clock or waits by itself.
const systemClock = {
    now: () => Date.now(),
    sleep: (ms, signal) => new Promise((resolve, reject) => {
        if (signal?.aborted) {
            reject(signal.reason);
            return;
        }
        const onAbort = () => {
            clearTimeout(timer);
            reject(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
        }, ms);
        signal?.addEventListener('abort', onAbort, { once: true });
    }),
};


/***/ }),

/***/ 6015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ didYouMean),
/* harmony export */   b: () => (/* binding */ nearMiss)
/* harmony export */ });
// "Did you mean …?" for names that were mistyped.
/** The candidate closest to what was written, where it is close enough to be what was meant; else null. */
function nearMiss(written, candidates) {
    const wanted = canonical(written);
    const allowedEdits = Math.max(1, Math.floor(wanted.length / 3));
    let best = null;
    for (const name of candidates) {
        const edits = editDistance(wanted, canonical(name));
        if (edits <= allowedEdits && edits < (best?.edits ?? Number.POSITIVE_INFINITY))
            best = { name, edits };
    }
    return best?.name ?? null;
}
/** ` Did you mean "x"?`, or nothing. */
function didYouMean(written, candidates) {
    const meant = nearMiss(written, candidates);
    return meant === null ? '' : ` Did you mean "${meant}"?`;
}
/** Case, hyphens and underscores are what people get wrong first: they do not count. */
function canonical(name) {
    return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
/** Levenshtein distance, with a swap of neighbours counted as one edit. */
function editDistance(a, b) {
    let beforeLast = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
        const row = [i];
        for (let j = 1; j <= b.length; j++) {
            const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            let edits = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
            const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            if (swapped)
                edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
            row.push(edits);
        }
        beforeLast = last;
        last = row;
    }
    return last[b.length] ?? 0;
}


/***/ }),

/***/ 76964:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ withoutSignatures),
/* harmony export */   x: () => (/* binding */ signaturesIn)
/* harmony export */ });
// Addresses of Azure Storage with a shared access signature: whoever has the signature may read what lies there.
/** Quotes and blanks end an address that stands in a longer text. */
const SIGNATURE = /([?&]sig=)([^&#\s"']+)/gi;
/** The secret in every form in which it may be seen later: as written, decoded, and encoded again. */
function signaturesIn(text) {
    const forms = [...text.matchAll(SIGNATURE)].flatMap(([, , written = '']) => {
        const decoded = new URLSearchParams(`sig=${written.replaceAll('+', '%2B')}`).get('sig') ?? '';
        return [written, decoded, encodeURIComponent(decoded)];
    });
    return [...new Set(forms)];
}
/** For messages: the text with every signature left out. */
function withoutSignatures(text) {
    return text.replaceAll(SIGNATURE, '$1…');
}


/***/ }),

/***/ 21794:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F8: () => (/* binding */ sqlcmd),
/* harmony export */   G5: () => (/* binding */ command),
/* harmony export */   vf: () => (/* binding */ shell)
/* harmony export */ });
// Commands for a person to copy. Names in Azure may hold blanks and brackets, so words are quoted for a shell.
/** The words as one command of a POSIX shell. */
function command(...words) {
    return words.map(quoted).join(' ');
}
/** A command with values in it, each quoted as one word: shell`az webapp start -g ${group} -n ${site}`. */
function shell(text, ...values) {
    return text
        .map((part, index) => (index === 0 ? part : `${quoted(values[index - 1] ?? '')}${part}`))
        .join('');
}
/** A statement run by sqlcmd with an Entra login (`-G`), in which `$(…)` of a name is no scripting variable (`-x`). */
function sqlcmd(host, database, statement) {
    const plain = statement.includes('$(') ? ['-x'] : [];
    return command('sqlcmd', '-S', host, '-d', database, '-G', ...plain, '-Q', statement);
}
function quoted(word) {
    // A terminal obeys it whatever quotes are around it, and sqlcmd a line of its own: a command that fails is better.
    if (CONTROL.test(word))
        return "'?'";
    // Not at the beginning of a word: zsh takes =name for the path of a program.
    return /^(?!=)[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
/** Control characters, the other ends of lines, and what turns the direction of text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;


/***/ }),

/***/ 39328:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CE: () => (/* binding */ formatRate),
/* harmony export */   a3: () => (/* binding */ formatDuration),
/* harmony export */   z3: () => (/* binding */ formatBytes)
/* harmony export */ });
// Numbers as a person reads them in a log. The same everywhere; no locale, so that logs compare.
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Milliseconds as "0.4 s", "12 s", "2 min 5 s", "1 h 20 min", "2 d 3 h": two units at most, rounded. */
function formatDuration(ms) {
    if (!Number.isFinite(ms))
        return 'unknown';
    if (ms < 0)
        return `-${formatDuration(-ms)}`;
    if (ms < 9_950)
        return `${trimZero((ms / SECOND).toFixed(1))} s`;
    const seconds = Math.round(ms / SECOND) * SECOND;
    if (seconds < MINUTE)
        return `${seconds / SECOND} s`;
    if (seconds < HOUR)
        return pair(seconds, MINUTE, 'min', SECOND, 's');
    const minutes = Math.round(ms / MINUTE) * MINUTE;
    if (minutes < DAY)
        return pair(minutes, HOUR, 'h', MINUTE, 'min');
    return pair(Math.round(ms / HOUR) * HOUR, DAY, 'd', HOUR, 'h');
}
/** Bytes as "512 B", "1.5 KiB", "250 GiB": three digits at most, powers of 1024 as Azure counts sizes. */
function formatBytes(bytes) {
    if (!Number.isFinite(bytes))
        return 'unknown';
    if (bytes < 0)
        return `-${formatBytes(-bytes)}`;
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let value = bytes;
    let unit = 0;
    // 1023.5 would be shown as 1024.
    while (value >= 1023.5 && unit < units.length - 1) {
        value /= 1024;
        unit++;
    }
    return `${shortNumber(value)} ${units[unit]}`;
}
/** An amount a minute: "3.2 %/min", "1.5 GiB/min". `perMs` is the amount a millisecond. */
function formatRate(perMs, unit) {
    const perMinute = perMs * MINUTE;
    return unit === 'bytes' ? `${formatBytes(perMinute)}/min` : `${shortNumber(perMinute)} %/min`;
}
function pair(ms, large, largeName, small, smallName) {
    const rest = Math.round((ms % large) / small);
    const whole = `${Math.floor(ms / large)} ${largeName}`;
    return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
function shortNumber(value) {
    return Math.abs(value) < 99.95 ? trimZero(value.toFixed(1)) : value.toFixed(0);
}
function trimZero(text) {
    return text.endsWith('.0') ? text.slice(0, -2) : text;
}


/***/ }),

/***/ 6738:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ createRecorder),
/* harmony export */   e: () => (/* binding */ notReached)
/* harmony export */ });
/** A recorder that also tells `listener`. */
function createRecorder(clock, listener) {
    const steps = [];
    const rollback = [];
    return {
        steps,
        rollback,
        begin: (step, doing) => {
            const startedAt = clock.now();
            listener.started(step, doing);
            return {
                progress: (line) => listener.progress(step, line),
                end: (state, evidence) => {
                    const record = {
                        id: step.id,
                        ...named(step, doing),
                        phase: step.phase,
                        state,
                        startedAt: new Date(startedAt).toISOString(),
                        seconds: (clock.now() - startedAt) / 1000,
                        evidence,
                        ...(doing === 'apply' && step.waitsFor !== undefined && { waitsFor: step.waitsFor }),
                    };
                    (doing === 'apply' ? steps : rollback).push(record);
                    listener.ended(step, record);
                },
            };
        },
    };
}
/** An undo is named by what it does; the article's number may stand in front of it: "(8) Set ... read-write". */
function named(step, doing) {
    if (doing === 'apply')
        return { title: step.title, article: step.article };
    const what = step.undo?.what ?? step.title;
    const [, article = null, title = what] = /^(\(\d+\)) +(.+)$/.exec(what) ?? [];
    return { title, article };
}
/** A step of the phase that was never begun. */
function notReached(step) {
    return {
        id: step.id,
        title: step.title,
        article: step.article,
        phase: step.phase,
        state: 'not-reached',
        startedAt: null,
        seconds: null,
        evidence: [],
    };
}


/***/ }),

/***/ 80342:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _action_node_version_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(16725);
/* harmony import */ var _action_heap_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(58956);
/* harmony import */ var _action_run_action_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(39466);



// A socket that a server keeps open must not keep the job open.
process.exit(await (0,_action_run_action_js__WEBPACK_IMPORTED_MODULE_2__/* .runAction */ .C)(process.env));

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 88236:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ messageOf)
/* harmony export */ });
/** What an error says, without the name of its class, which tells a person nothing. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}


/***/ }),

/***/ 38887:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  $: () => (/* binding */ asUpgradeError),
  c: () => (/* binding */ causesOf)
});

// EXTERNAL MODULE: ./lib/application/missing-right.js
var missing_right = __nccwpck_require__(16097);
// EXTERNAL MODULE: ./lib/azure/errors.js
var errors = __nccwpck_require__(94004);
// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __nccwpck_require__(88236);
// EXTERNAL MODULE: ./lib/reasons.js
var reasons = __nccwpck_require__(94022);
// EXTERNAL MODULE: ./lib/engine/command-line.js
var command_line = __nccwpck_require__(21794);
;// CONCATENATED MODULE: ./lib/phases/azure-advice.js
// What Azure or the network said where there is one thing to do about it, in words of this product.



/** Azure's own code is surer than HTTP 404, which a missing resource in a group that is there answers, too. */
function isGroupMissing(error) {
    return error instanceof errors/* AzureError */.M6 && error.code === 'ResourceGroupNotFound';
}
/** As 'resource-not-found'. Its cause is what Azure said. */
function groupMissing(error) {
    const group = /resource group '([^']+)'/i.exec(error.message)?.[1];
    const key = KEYS.find(({ type }) => type.test(error.message))?.key ?? 'resource-group';
    return new reasons/* UpgradeError */.fy('resource-not-found', `There is no resource group${group ? ` ${group}` : ''} in this subscription: ${error.message}`, {
        advice: [
            `Correct ${key} in the configuration, or the input subscription-id; these groups are there:\n${(0,command_line/* shell */.vf) `az group list -o table`}`,
        ],
        cause: error,
    });
}
/** By what was asked for, the key of the configuration that its group comes from. */
const KEYS = [
    { type: /\/trafficManagerProfiles\b/i, key: 'traffic-manager.resource-group' },
    { type: /\/Microsoft\.Sql\//i, key: 'resource-group of the slot, or of its sql-server,' },
    { type: /\/Microsoft\.Web\//i, key: 'resource-group of the slot, or of its web-app,' },
    { type: /\/virtualMachineScaleSets\b/i, key: 'resource-group of the scale set' },
    { type: /\/cloudServices\b/i, key: 'resource-group of the cloud service' },
];
/** What to do besides reading it; empty where nothing is known. */
function adviceOn(said) {
    return said.some((text) => NOT_SIGNED_BY_ANYONE.test(text)) ? [CERTIFICATE] : [];
}
/** Codes and words of OpenSSL, as Node tells them; SDKs pass on the one or the other. */
const NOT_SIGNED_BY_ANYONE = /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|self[- ]signed certificate|unable to get (local )?issuer certificate|unable to verify the first certificate/i;
const CERTIFICATE = 'Something on the way shows a certificate that this runner does not trust, mostly a proxy that looks into TLS: name its authority in the environment of the step, NODE_EXTRA_CA_CERTS with the path of a PEM file (see docs/permissions.md).';

;// CONCATENATED MODULE: ./lib/phases/as-upgrade-error.js





/** Any failure as the one error type of the report; what it was stays its cause. */
function asUpgradeError(error) {
    if (error instanceof reasons/* UpgradeError */.fy)
        return error;
    if ((0,missing_right/* isRightMissing */.p)(error))
        return (0,missing_right/* rightMissing */.I)(error);
    if (isGroupMissing(error))
        return groupMissing(error);
    if (error instanceof errors/* AzureError */.M6 || error instanceof errors/* SqlError */.L8)
        return new reasons/* UpgradeError */.fy('azure-error', error.message, {
            advice: adviceOn(causesOf(error)),
            cause: error,
        });
    const message = (0,message_of/* messageOf */.b)(error);
    return new reasons/* UpgradeError */.fy('internal-error', message, { cause: error });
}
/** Everything that was said, outermost first: ARM's code and correlation id, every message of SQL Server. */
function causesOf(error) {
    return [...new Set(chain(error, new Set()))];
}
/** `seen` ends a chain that comes back to itself. */
function chain(error, seen) {
    if (error === undefined || error === null || seen.has(error))
        return [];
    seen.add(error);
    if (!(error instanceof Error))
        return [String(error)];
    const joined = error instanceof AggregateError ? error.errors : [];
    return [...describe(error), ...joined.flatMap((one) => chain(one, seen)), ...chain(error.cause, seen)];
}
function describe(error) {
    if (error instanceof errors/* SqlError */.L8) {
        const said = error.messages.map((one) => `Msg ${one.number}, Level ${one.severity}, State ${one.state}, Line ${one.line}: ${one.text}`);
        return said.length > 0 ? said : [`SQL (${error.kind}): ${error.message}`];
    }
    if (error instanceof errors/* AzureError */.M6) {
        const details = [
            error.status === null ? 'no answer' : `HTTP ${error.status}`,
            error.code,
            error.correlationId ? `correlation id ${error.correlationId}` : null,
        ].filter((detail) => detail !== null);
        return [`${error.message} (${details.join(', ')})`];
    }
    // Its message is the report's own; a collection says nothing that its members do not say.
    if (error instanceof reasons/* UpgradeError */.fy || error instanceof AggregateError)
        return [];
    return [`${error.name}: ${error.message}`];
}


/***/ }),

/***/ 39042:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ stopped),
/* harmony export */   s: () => (/* binding */ completed)
/* harmony export */ });
function stopped(result, error, rest = {}) {
    return { kind: 'stopped', result, error, also: rest.also ?? [], guards: rest.guards ?? [] };
}
const completed = (changed, note = null) => ({
    kind: 'completed',
    changed,
    note,
});


/***/ }),

/***/ 26883:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Gu: () => (/* binding */ tellingAccess),
/* harmony export */   JD: () => (/* binding */ isLost),
/* harmony export */   KJ: () => (/* binding */ isUnread),
/* harmony export */   fO: () => (/* binding */ serving),
/* harmony export */   rG: () => (/* binding */ sentFirst)
/* harmony export */ });
/** Production's endpoint in the region that users are in. */
function serving(after) {
    return after.find((endpoint) => endpoint.role === 'production' && !endpoint.standby);
}
/** Of several databases the access that users notice: one that is known to be read-only is never kept quiet. */
function tellingAccess(databases) {
    const order = ['read-only', 'unreachable', 'absent', 'read-write'];
    return order.find((access) => databases.some((database) => database.access === access)) ?? 'unreachable';
}
/** Production does not answer, and something else could serve. */
function isLost(facts) {
    return facts.canServe.length > 0 && isSilent(facts) && !isUnread(facts);
}
/** The database gives no answer to this run, and the site does: as usersNow, no region is lost. */
function isUnread(facts) {
    return isSilent(facts) && serving(facts.after)?.version !== null;
}
function isSilent({ after }) {
    const production = serving(after);
    return production !== undefined && tellingAccess(production.databases) === 'unreachable';
}
/** Where Traffic Manager sees an endpoint so, users are sent to the next one. */
const PASSED_OVER = ['Degraded', 'Stopped', 'Inactive'];
/** Production's endpoint in the other region, where users are sent there first and its database can only be read. */
function sentFirst(after, production) {
    const rank = ({ status, monitorStatus, priority }) => status === 'Enabled' && !PASSED_OVER.includes(monitorStatus ?? '')
        ? (priority ?? Number.MAX_SAFE_INTEGER)
        : Number.POSITIVE_INFINITY;
    return after.find((endpoint) => endpoint.role === 'production' &&
        endpoint.standby &&
        endpoint.monitorStatus === 'Online' &&
        rank(endpoint) < rank(production) &&
        tellingAccess(endpoint.databases) === 'read-only');
}


/***/ }),

/***/ 29629:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  TM: () => (/* binding */ firstLine),
  qi: () => (/* binding */ firstSentence),
  QL: () => (/* binding */ lookedWords),
  ce: () => (/* binding */ stopped),
  Vj: () => (/* binding */ verdictOf)
});

// UNUSED EXPORTS: usersNow

// EXTERNAL MODULE: ./lib/engine/humane.js
var humane = __nccwpck_require__(39328);
// EXTERNAL MODULE: ./lib/phases/verdict-facts.js
var verdict_facts = __nccwpck_require__(26883);
;// CONCATENATED MODULE: ./lib/phases/verdict-next.js

/** Sentences, some with commands in the lines after them. */
function whatNext(facts) {
    const next = [
        ...(facts.error?.advice ?? []),
        ...facts.also.flatMap((error) => [error.message, ...error.advice]),
        ...[...facts.failing, ...facts.toLookAt].map(({ advice }) => advice).filter((advice) => advice !== ''),
    ];
    const now = (0,verdict_facts/* isUnread */.KJ)(facts) ? [urgent(facts), facts.canServe] : [facts.canServe, urgent(facts)];
    return [...new Set([...now.flat(), ...next, ...(toldOfSentBack(facts) ?? usual(facts))])];
}
/** In place of what is usual in that state: a rollback by itself would leave behind what users wrote to V2. */
function toldOfSentBack({ error, sentBack }) {
    if (!sentBack)
        return null;
    return error?.message === sentBack.message ? sentBack.advice : [sentBack.message, ...sentBack.advice];
}
/** A failed way back, or a run that left production frozen: the command first. */
function urgent(facts) {
    const frozen = isFrozen(facts);
    // The server that would be asked does not answer: first it is decided what serves.
    if ((0,verdict_facts/* isLost */.JD)(facts))
        return ['When the lost region answers again: run phase rollback.'];
    if (facts.result === 'rollback-failed') {
        return [...byHand('Give production back now, by hand:', facts), 'Or run phase rollback: it tries again.'];
    }
    if (facts.result === 'held' && frozen && facts.state !== 'switched') {
        // Whoever has frozen it gives it back; and who has failed it over has not done so on this tool's purpose.
        if (facts.error?.reason === 'production-frozen-elsewhere')
            return [];
        // Its own advice tells what a rollback costs, and when; or that another run is to be looked at first.
        if (facts.error?.reason === 'switch-outcome-unknown')
            return [];
        if (facts.error?.reason === 'overtaken-by-another-run')
            return [];
        if (facts.error?.reason === 'region-mismatch')
            return [
                ...byHand('Production is read-only. Give it back by hand:', facts),
                'Phase rollback gives back what this tool has frozen.',
            ];
        return [
            'Production is read-only on purpose. Run phase rollback to give it back.',
            ...byHand('Or give it back by hand:', facts),
        ];
    }
    return [];
}
/** Known to be read-only; or this run saw it so, and now it does not answer. A region that is lost says neither, nor what is gone. */
function isFrozen({ after, readOnlySeconds }) {
    const production = (0,verdict_facts/* serving */.fO)(after);
    if (!production)
        return false;
    const access = (0,verdict_facts/* tellingAccess */.Gu)(production.databases);
    return access === 'read-only' || (access === 'unreachable' && readOnlySeconds !== null);
}
/** A sentence with the commands in the lines after it, which the summary shows ready to be copied. */
function byHand(sentence, { unfreezeCommands, error }) {
    // By hand it would be given back to users who may be moved away yet, or taken from whoever froze it.
    const forbidden = error?.reason === 'switch-outcome-unknown' || error?.reason === 'production-frozen-elsewhere';
    return forbidden || unfreezeCommands.length === 0 ? [] : [[sentence, ...unfreezeCommands].join('\n')];
}
/** SLOT: the stage slot's name. */
const USUAL = {
    'not-prepared': 'For the next upgrade: deploy it to the stage slot, then run phase prepare; users are not affected.',
    seeding: 'Run phase prepare again: it waits until the stage database has caught up.',
    prepared: 'Run phase upgrade, or upgrade and switch in one run so that nobody has to approve while users cannot write.',
    frozen: 'If no run is at work on it: run phase rollback, production was left read-only.',
    upgraded: 'If no run is at work on it: run phase switch to move users to V2, or rollback to give V1 back. Users cannot write until then, and max-read-only does not count between runs.',
    switched: 'When V2 has proven itself, run phase cleanup with the input confirm: "remove SLOT"; V1 and its data are paid for until then.',
    unknown: 'Not everything could be read: as soon as Azure answers again run phase status.',
    compromised: 'Look into the stage database; then remove it before the next prepare: rollback with rollback.stage: remove in the configuration (and confirm: "remove SLOT" where it holds what users wrote).',
};
function usual(facts) {
    if (facts.result === 'refused' || facts.result === 'rollback-failed')
        return [];
    // V1 has what V2 has not: nobody is sent to cleanup.
    if (facts.state === 'switched' && facts.error?.reason === 'production-frozen-elsewhere')
        return [];
    if (facts.failing.length > 0)
        return []; // of a plan: what it looked at would be refused
    if (facts.result === 'succeeded' && facts.phases.at(-1) === 'cleanup')
        return ['The upgrade is finished.'];
    const text = prepareAgain(facts) ?? USUAL[facts.state];
    return text ? [text.replaceAll('SLOT', () => stageSlot(facts.after))] : [];
}
/** Which slot would be removed, for the word that stands for it. */
function stageSlot(after) {
    return after.find(({ role }) => role === 'stage')?.slot ?? 'SLOT';
}
/** Where the databases are prepared and something else is not: phase upgrade would be refused. */
function prepareAgain({ result, phases, state, after }) {
    const isAhead = state === 'prepared' || state === 'not-prepared';
    if (isAhead && result === 'held' && phases.includes('prepare'))
        return 'Mend that, then run phase prepare again: what is done is not done twice.';
    if (state === 'prepared' && lacksStageEndpoint(after))
        return 'Run phase prepare again: the profile has no stage endpoint.';
    return null;
}
/** Where slots are swapped there is no profile, and production has no endpoint either. */
function lacksStageEndpoint(after) {
    const isThere = after.filter(({ status }) => status === 'Enabled' || status === 'Disabled');
    return after.some(({ role, standby, status }) => role === 'stage' &&
        status === 'absent' &&
        isThere.some((other) => other.role === 'production' && other.standby === standby));
}

;// CONCATENATED MODULE: ./lib/phases/verdict.js
// The first line of the summary: what happened, and what it means for users right now.



/** Composes headline and next steps from what is known at the end of a run. */
function verdictOf(facts) {
    const parts = [whatHappened(facts), usersNow(facts)];
    // What was tried is of no interest to whoever has just lost a region.
    if ((0,verdict_facts/* isLost */.JD)(facts))
        parts.reverse();
    return { headline: parts.join(' '), next: whatNext(facts) };
}
function whatHappened({ result, phases, error, notes, changed, failing }) {
    const what = phases.join(', ');
    const why = firstLine(error);
    switch (result) {
        case 'succeeded':
            return phases.every((phase) => phase === 'status' || phase === 'plan')
                ? lookedWords(failing)
                : `${capital(what)} succeeded${notes[0] ? `: ${notes[0]}` : ''}.`;
        case 'nothing-to-do':
            return `Nothing to do for ${what}${notes[0] ? `: ${notes[0]}` : ''}.`;
        case 'rolled-back':
            if (phases.includes('rollback') && error?.reason === 'interrupted')
                return `${why}.`;
            return `${capital(what)} failed and was rolled back: ${why}.`;
        case 'rollback-failed':
            if (phases.includes('rollback'))
                return `THE ROLLBACK FAILED: ${why}.`;
            return `${capital(what)} failed AND THE ROLLBACK FAILED: ${why}.`;
        case 'held':
            return `${capital(what)} stopped and was left as it is: ${why}.`;
        case 'refused':
            return stopped(`${capital(what)} was refused, ${changed ? 'after what is told below was done' : 'nothing was changed'}: ${why}`);
    }
}
/** What a run says that was only asked to look, with the guards that would let nobody begin. */
function lookedWords(failing) {
    const [first] = failing;
    if (first === undefined)
        return 'Looked, changed nothing.';
    const many = failing.length === 1 ? '1 guard fails' : `${failing.length} guards fail, the first because`;
    const onlyRights = failing.every(({ reason }) => reason === 'azure-permission-missing');
    const then = onlyRights ? 'with the rights of this identity the upgrade' : 'the upgrade';
    return `Looked, changed nothing. ${many}: ${firstSentenceOf(first.evidence)}; ${then} would be refused.`;
}
/** What failed, in one line without its full stop. */
function firstLine(error) {
    return firstLineOf(error?.message ?? 'no reason is known');
}
function firstLineOf(message) {
    const [line = ''] = message.split('\n');
    return line.replace(/[.:]$/, '');
}
/** Of what failed: what follows it in the message is told below. */
function firstSentence(error) {
    return firstSentenceOf(error?.message ?? 'no reason is known');
}
function firstSentenceOf(message) {
    const line = firstLineOf(message);
    return /^(.+?)\.+\s+(?=[A-Z])/.exec(line)?.[1] ?? line;
}
/** With a full stop, where it does not end with a mark of its own. */
function stopped(words) {
    return /[.?!]$/.test(words) ? words : `${words}.`;
}
/** Never silent about it: an earlier run may have frozen production, and this one could not look. */
const NOT_KNOWN = 'production may be read-only';
/** What users can do at this moment, read from Azure after everything. */
function usersNow(facts) {
    const { after, productionSlot, readOnlySeconds, apart, leftBehind } = facts;
    const production = (0,verdict_facts/* serving */.fO)(after);
    if (!production || !productionSlot)
        return `What users can do now could not be read: ${NOT_KNOWN}.`;
    const version = production.version ? ` (version ${production.version})` : '';
    const where = `Users are on ${productionSlot}${version}`;
    const access = (0,verdict_facts/* tellingAccess */.Gu)(production.databases);
    if (apart && access.startsWith('read'))
        return `${where}. NO SITE IS BESIDE ALL DATABASES: ${apart}.`;
    const first = leftBehind ?? (0,verdict_facts/* sentFirst */.rG)(after, production);
    if (access === 'read-write' && first)
        return `${where}. ${onlyRead(first)}`;
    if (access === 'read-write')
        return `${where} and can read and write.`;
    if (access === 'read-only') {
        const since = readOnlySeconds === null ? '' : ` for ${(0,humane/* formatDuration */.a3)(readOnlySeconds * 1000)}`;
        return `${where}. PRODUCTION IS READ-ONLY${since}: users can read, not write.`;
    }
    const standby = after.find((endpoint) => endpoint.role === 'production' && endpoint.standby);
    // A site that answers is no lost region, whatever keeps this run from reading its database.
    if (standby && access === 'unreachable' && production.version === null)
        return lostRegion(production, standby);
    const servers = [...new Set(production.databases.map((database) => database.server))].join(', ');
    return access === 'absent'
        ? `${where}. ${whatIsGone(production)} is not on ${servers}.`
        : `${where}. The production database could not be read: ${NOT_KNOWN}.`;
}
function whatIsGone({ databases }) {
    const gone = databases.filter(({ access }) => access === 'absent');
    if (gone.length === databases.length)
        return 'THEY HAVE NO DATABASE: it';
    return `A DATABASE OF THEIRS IS GONE: ${gone.map(({ name }) => name).join(', ')}`;
}
function onlyRead({ site, region, databases }) {
    const servers = [...new Set(databases.map((database) => database.server))].join(', ');
    return `THEY ARE SENT TO ${site} in ${region ?? 'the other region'}, and ${servers} there can only be read: users can read, not write.`;
}
/** What the backup region does for users by itself, before anybody has decided anything. */
function lostRegion(production, standby) {
    const servers = [...new Set(production.databases.map((database) => database.server))].join(', ');
    const lost = `PRODUCTION DOES NOT ANSWER (slot ${production.slot}, ${servers}, ${production.region ?? 'its region'})`;
    const where = `${standby.site} in ${standby.region ?? 'the backup region'}`;
    if (standby.version === null)
        return `${lost}, and neither does ${where}.`;
    const sent = standby.status === 'Disabled' ? 'could be sent' : 'are sent';
    const can = (0,verdict_facts/* tellingAccess */.Gu)(standby.databases) === 'read-write' ? 'read and write' : 'read, not write';
    return `${lost}. Users ${sent} to ${where} (version ${standby.version}) and can ${can} there.`;
}
function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}


/***/ }),

/***/ 94022:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   cu: () => (/* binding */ OF_ANOTHER_RUN),
/* harmony export */   fy: () => (/* binding */ UpgradeError)
/* harmony export */ });
/* unused harmony export REASON_CODES */
// The closed list of reason codes. Each is stable, each has a page docs/reasons/<code>.md (a test holds the
// two together). A code says why a run did not do what was asked; the message says it with the facts.
const REASON_CODES = (/* unused pure expression or super */ null && ([
    // input and configuration: nothing was touched
    'input-invalid',
    'config-not-found',
    'config-invalid',
    'script-invalid',
    'confirmation-missing',
    'phase-not-applicable',
    'unsafe-environment',
    // credentials and rights
    'credentials-missing',
    'credentials-refused',
    'azure-permission-missing',
    'sql-permission-missing',
    'sql-login-missing',
    'sql-firewall',
    'time-left-too-short',
    // what stands in Azure does not fit
    'resource-not-found',
    'production-slot-unclear',
    'region-mismatch',
    'region-unreachable',
    'standby-missing',
    'standby-not-caught-up',
    'standby-unhealthy',
    'chaining-not-possible',
    'ledger-digest-uploads',
    'service-tier-mismatch',
    'geo-secondary-limit',
    'replication-link-unexpected',
    'failover-group-member',
    'routing-not-priority',
    'same-region-endpoints',
    'stage-site-differs',
    'connection-string-sticky',
    'database-in-the-way',
    'database-name-mismatch',
    'profile-changed',
    'stage-unhealthy',
    'stage-compromised',
    'stage-not-upgraded',
    'production-unhealthy',
    'seeding-not-complete',
    'production-frozen-elsewhere',
    'locked-by-another-run',
    'overtaken-by-another-run',
    'point-of-no-return-passed',
    // services with update domains
    'change-not-possible',
    'version-not-pinned',
    'single-instance',
    'quota-exceeded',
    'domains-unknown',
    'instance-protected',
    'health-not-told',
    'service-busy',
    'instances-differ',
    'update-in-progress',
    'record-not-kept',
    'rollback-not-allowed',
    // what went wrong while doing
    'freeze-failed',
    'freeze-not-possible',
    'fence-not-possible',
    'drain-failed',
    'link-termination-failed',
    'stage-not-writable',
    'script-failed',
    'script-outcome-unknown',
    'read-only-limit-exceeded',
    'switch-failed',
    'switch-outcome-unknown',
    'unfreeze-failed',
    'instance-start-timeout',
    'update-stuck',
    'update-failed',
    'swap-failed',
    'cancelled',
    'interrupted',
    'azure-error',
    'internal-error',
]));
/** Another run is at work, or has been: nothing is this one's to write, or to take back, any more. */
const OF_ANOTHER_RUN = ['locked-by-another-run', 'overtaken-by-another-run'];
/** A failure with everything the person at 2 a.m. needs; the only error type that reaches the report. */
class UpgradeError extends Error {
    name = 'UpgradeError';
    reason;
    /** What to do, one action a line, with the command where there is one. */
    advice;
    constructor(reason, message, options = {}) {
        super(message, { cause: options.cause });
        this.reason = reason;
        this.advice = options.advice ?? [];
    }
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(80342);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
