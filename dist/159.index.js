export const id = 159;
export const ids = [159];
export const modules = {

/***/ 23672:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  fD: () => (/* binding */ azureOf),
  N9: () => (/* binding */ fileOptions),
  Si: () => (/* binding */ newId),
  ng: () => (/* binding */ runOf)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./lib/reasons.js
var reasons = __webpack_require__(94022);
;// CONCATENATED MODULE: ./lib/azure/app-service-configuration.js
/** Compared as they are. Versions of the application (package, image) are not here: they are what an upgrade changes. */
const EQUAL = [
    'netFrameworkVersion',
    'phpVersion',
    'pythonVersion',
    'nodeVersion',
    'powerShellVersion',
    'javaVersion',
    'javaContainer',
    'javaContainerVersion',
    'use32BitWorkerProcess',
    'alwaysOn',
    'minTlsVersion',
    'ftpsState',
    'healthCheckPath',
    'http20Enabled',
    'webSocketsEnabled',
    'managedPipelineMode',
];
/** Copied beside those to a site made here; images included, so that the new site runs what production runs. */
const COPIED = [
    ...EQUAL,
    'linuxFxVersion',
    'windowsFxVersion',
    'appCommandLine',
    'defaultDocuments',
    'virtualApplications',
    'acrUseManagedIdentityCreds',
    'acrUserManagedIdentityID',
    'scmMinTlsVersion',
    'cors',
    'vnetRouteAllEnabled',
    'ipSecurityRestrictions',
    'ipSecurityRestrictionsDefaultAction',
];
/** Kinds of `linuxFxVersion` that name an image after the bar, which is the application and not the runtime. */
const IMAGE_KINDS = new Set(['DOCKER', 'COMPOSE', 'KUBE', 'SITECONTAINERS']);
/** What must be equal on both slots. */
function comparedConfiguration(site, config) {
    return {
        ...Object.fromEntries(EQUAL.map((key) => [key, config[key] ?? null])),
        linuxFxVersion: runtimeOf(config.linuxFxVersion),
        windowsFxVersion: runtimeOf(config.windowsFxVersion),
        httpsOnly: site.httpsOnly ?? null,
        clientAffinityEnabled: site.clientAffinityEnabled ?? null,
    };
}
/** What a site made after a template gets. */
function copiedConfiguration(config) {
    return Object.fromEntries(COPIED.filter((key) => config[key] !== undefined && config[key] !== null).map((key) => [
        key,
        config[key],
    ]));
}
/** `NODE|20-lts` stays; `DOCKER|registry/image:tag` becomes `DOCKER`; nothing becomes null. */
function runtimeOf(fxVersion) {
    if (fxVersion === undefined || fxVersion === null || fxVersion === '')
        return null;
    const [kind = ''] = fxVersion.split('|');
    return IMAGE_KINDS.has(kind.toUpperCase()) ? kind.toUpperCase() : fxVersion;
}

;// CONCATENATED MODULE: ./lib/azure/app-service-plan.js
function planInfo(plan) {
    const { name = '', tier = null, family = null, capacity = null } = plan.sku ?? {};
    return {
        id: plan.id ?? '',
        name: plan.name ?? '',
        location: plan.location,
        sku: { name, tier, family, capacity },
        kind: plan.kind ?? null,
    };
}
/** A plan of the same kind and size, for a PUT. */
function planLike({ location, kind, sku, reserved, isXenon, hyperV, zoneRedundant, }) {
    const { name, tier, size, family, capacity } = sku ?? {};
    return {
        location,
        ...(kind === undefined ? {} : { kind }),
        sku: {
            ...(name === undefined ? {} : { name }),
            ...(tier === undefined ? {} : { tier }),
            ...(size === undefined ? {} : { size }),
            ...(family === undefined ? {} : { family }),
            ...(capacity === undefined ? {} : { capacity }),
        },
        ...(reserved === undefined ? {} : { reserved }),
        ...(isXenon === undefined ? {} : { isXenon }),
        ...(hyperV === undefined ? {} : { hyperV }),
        ...(zoneRedundant === undefined ? {} : { zoneRedundant }),
    };
}

// EXTERNAL MODULE: ./node_modules/@azure/core-rest-pipeline/dist/esm/index.js + 37 modules
var esm = __webpack_require__(1818);
// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __webpack_require__(88236);
// EXTERNAL MODULE: ./lib/azure/errors.js
var errors = __webpack_require__(94004);
;// CONCATENATED MODULE: ./lib/azure/arm-errors.js
// From whatever an SDK throws, or ARM answers, to one AzureError. ARM has no single error envelope: `{error:{…}}`,
// bare `{code,message}` (SQL 2014-04-01), capitals `{Code,Message}` (Web), `{Error:{…}}`, `{"odata.error":{…}}`,
// no body at all (409 of Traffic Manager, HEAD). All of them were recorded from Azure.




/** Node's codes for "the request was certainly not sent". */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const OPERATION_FAILED = /^The long-running operation has failed(?:\. (\S+?)\. ([\s\S]*))?$/;
/** Whether a request only looks: POST …/list is how App Service reads what holds secrets. */
function isRead(request) {
    if (request.method === 'GET' || request.method === 'HEAD')
        return true;
    return request.method === 'POST' && /\/list$/i.test(new URL(request.url).pathname);
}
/** Whether no byte of the request can have reached Azure. */
function wasNotSent(error) {
    return (0,esm/* isRestError */.T0)(error) && error.response === undefined && NOT_SENT.has(error.code ?? '');
}
/** The error of an answer that is a refusal (4xx, 5xx), whatever its envelope. */
function errorOfResponse(request, response, cause) {
    const { status } = response;
    const body = readErrorBody(response.bodyAsText ?? null);
    const name = body.code === null ? `HTTP ${status}` : `HTTP ${status} ${body.code}`;
    return new errors/* AzureError */.M6(`${describe(request)}: ${name}${body.message === null ? '' : `: ${body.message}`}`, {
        status,
        code: body.code,
        correlationId: correlationIdOf(response),
        // A gateway's 5xx says nothing about what went on behind it; 408 likewise.
        outcomeUnknown: !isRead(request) && (status >= 500 || status === 408),
        cause,
    });
}
/**
 * Any error of an SDK as an AzureError. An UpgradeError (credentials) passes unchanged.
 * @param accepted an operation that Azure had accepted before: where its end was not seen, it is unknown
 */
function toAzureError(error, accepted) {
    if (error instanceof reasons/* UpgradeError */.fy)
        return error;
    if (accepted !== undefined)
        return errorOfOperation(error, accepted);
    if (error instanceof errors/* AzureError */.M6)
        return error;
    if (!(0,esm/* isRestError */.T0)(error))
        return plainError(error);
    if (error.response !== undefined && error.request !== undefined) {
        return errorOfResponse(error.request, error.response, error);
    }
    const { request } = error;
    const where = request === undefined ? 'Azure' : describe(request);
    return new errors/* AzureError */.M6(`${where}: ${error.message}`, {
        status: error.statusCode ?? null,
        code: error.code ?? null,
        correlationId: null,
        outcomeUnknown: request !== undefined && !isRead(request) && !wasNotSent(error),
        cause: error,
    });
}
/** Code and message of an error body, with the messages of its details; nulls where there is nothing to read. */
function readErrorBody(text) {
    if (text === null || text.trim() === '')
        return { code: null, message: null };
    const parsed = parseJson(text);
    if (!isObject(parsed))
        return { code: null, message: text.trim().slice(0, 300) };
    const wrapped = member(parsed, 'error') ?? member(parsed, 'odata.error');
    if (typeof wrapped === 'string') {
        return { code: wrapped, message: textOf(member(parsed, 'error_description')) };
    }
    const error = isObject(wrapped) ? wrapped : parsed;
    const parts = [textOf(member(error, 'message')), ...detailsOf(error)].filter((part) => part !== null);
    return { code: textOf(member(error, 'code')), message: [...new Set(parts)].join(' ') || null };
}
/** What a support case starts with. */
function correlationIdOf(response) {
    return (response.headers.get('x-ms-correlation-request-id') ?? response.headers.get('x-ms-request-id') ?? null);
}
function errorOfOperation(error, accepted) {
    const message = (0,message_of/* messageOf */.b)(error);
    // The pollers throw a plain Error for an operation that ended as Failed; code and text are only in its message.
    const failed = OPERATION_FAILED.exec(message);
    if (failed !== null) {
        const [, code = null, text = 'Azure gave no reason'] = failed;
        const name = code === null ? '' : ` ${code}:`;
        return operationError(`${accepted.what} failed:${name} ${text}`, code, false);
    }
    if (message === 'Operation was canceled')
        return operationError(`${accepted.what} was cancelled`, null, false);
    return operationError(`${accepted.what} goes on in Azure; its end was not seen: ${message}`, null, true);
    function operationError(text, code, outcomeUnknown) {
        const status = error instanceof errors/* AzureError */.M6 ? error.status : null;
        const { correlationId } = accepted;
        return new errors/* AzureError */.M6(text, { status, code, correlationId, outcomeUnknown, cause: error });
    }
}
function plainError(error) {
    const message = (0,message_of/* messageOf */.b)(error);
    return new errors/* AzureError */.M6(message, {
        status: null,
        code: null,
        correlationId: null,
        outcomeUnknown: false,
        cause: error,
    });
}
function describe(request) {
    // The subscription's part says nothing new and makes every line too long.
    const path = new URL(request.url).pathname.replace(/^\/subscriptions\/[^/]+/i, '');
    return `${request.method} ${decodeURIComponent(path)}`;
}
function detailsOf(error) {
    const details = member(error, 'details');
    if (!Array.isArray(details))
        return [];
    return details
        .filter(isObject)
        .map((detail) => textOf(member(detail, 'message')))
        .filter((message) => message !== null);
}
function textOf(value) {
    if (typeof value === 'string')
        return value;
    if (typeof value === 'number')
        return String(value);
    if (isObject(value))
        return textOf(member(value, 'value'));
    return null;
}
function member(object, name) {
    const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name);
    return key === undefined ? undefined : (object[key] ?? undefined);
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./lib/azure/arm-pacing.js
/** Of Azure's sizes and rates a tenth is left alone, for others with the same identity. */
const SHARE = 0.9;
const AZURES = {
    reads: { size: 250, refillASecond: 25 },
    writes: { size: 200, refillASecond: 10 },
    deletes: { size: 200, refillASecond: 10 },
};
/** One for all clients that ask with the same identity. */
function createPacing(clock) {
    const buckets = new Map();
    const bucketOf = (kind) => {
        const bucket = buckets.get(kind) ?? {
            left: AZURES[kind].size * SHARE,
            refilledAt: null,
            underWay: 0,
            queue: Promise.resolve(),
        };
        buckets.set(kind, bucket);
        return bucket;
    };
    /** Azure's bucket begins to refill when the first request reaches it, which is before its answer reaches us. */
    const refill = (kind, bucket) => {
        if (bucket.refilledAt === null)
            return;
        const { size, refillASecond } = AZURES[kind];
        const now = clock.now();
        const since = Math.max(0, now - bucket.refilledAt) / 1000;
        bucket.left = Math.min(size * SHARE, bucket.left + since * refillASecond * SHARE);
        bucket.refilledAt = now;
    };
    const takeToken = async (kind, bucket, signal) => {
        for (refill(kind, bucket); bucket.left < 1; refill(kind, bucket)) {
            await clock.sleep(Math.ceil(((1 - bucket.left) * 1000) / (AZURES[kind].refillASecond * SHARE)), signal);
        }
        bucket.left--;
        bucket.underWay++;
    };
    return {
        turn: (request, signal) => {
            const kind = kindOf(request);
            const bucket = bucketOf(kind);
            const turn = bucket.queue.then(() => takeToken(kind, bucket, signal));
            bucket.queue = turn.catch(() => { }); // whoever is next does not care why this one left
            return turn;
        },
        ended: (request, response) => {
            const kind = kindOf(request);
            const bucket = bucketOf(kind);
            bucket.underWay--;
            bucket.refilledAt ??= clock.now();
            const told = response?.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);
            if (told === undefined || told.trim() === '' || !Number.isFinite(Number(told)))
                return;
            refill(kind, bucket);
            // Only ever down: answers overtake one another, and an older one tells of more.
            bucket.left = Math.min(bucket.left, Math.max(0, Number(told) - bucket.underWay));
        },
    };
}
/** Stands below the retries: what is sent again waits for its turn again. */
function pacingPolicy(pacing) {
    return {
        name: 'pacingPolicy',
        sendRequest: async (request, next) => {
            const signal = request.abortSignal;
            await pacing.turn(request, signal instanceof AbortSignal ? signal : undefined);
            let response = null;
            try {
                response = await next(request);
                return response;
            }
            finally {
                pacing.ended(request, response);
            }
        },
    };
}
function kindOf({ method }) {
    if (method === 'DELETE')
        return 'deletes';
    return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

;// CONCATENATED MODULE: ./lib/azure/arm-retry.js
// When a request to Azure Resource Manager is sent again. The SDKs' own policy repeats writes after a broken
// connection or a 5xx, when nobody knows whether the first one was carried out; for a slot swap or the removal of
// a link that must not happen. Steps read Azure back instead, so a write is repeated only where Azure says it did
// nothing (429), asks for it (503 with Retry-After) or where it was never sent (connection refused).



const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 1_000;
/** Longer waits are not sat out in silence: the step's own time limit decides. */
const LONGEST_DELAY_MS = 60_000;
/** Resource Manager gives up on a resource provider after 60 s (504), so no write is answered after that. */
const ANSWER_WITHIN_MS = { read: 20_000, write: 65_000 };
/** Repeats reads after anything transient, writes only where they certainly were not carried out. */
function armRetryPolicy(clock, log) {
    return {
        name: 'armRetryPolicy',
        sendRequest: async (request, next) => {
            for (let retry = 0;; retry++) {
                const attempt = await tryOnce(request, next);
                const delay = retry < MAX_RETRIES ? delayBeforeRetry(request, attempt, retry, clock) : null;
                if (delay === null || delay > LONGEST_DELAY_MS)
                    return outcome(attempt);
                log(`${request.method} ${new URL(request.url).pathname}: ${why(attempt)}; again in ${delay} ms`);
                await clock.sleep(delay, nativeSignal(request));
                if (!(await renewed(request, log)))
                    return outcome(attempt);
            }
        },
    };
}
/** Bounds one request, body included; a time-out is a network error, not an abort of the caller's. */
function answerTimeoutPolicy(limits = ANSWER_WITHIN_MS) {
    return {
        name: 'answerTimeoutPolicy',
        sendRequest: async (request, next) => {
            const limit = isRead(request) ? limits.read : limits.write;
            const timeout = AbortSignal.timeout(limit);
            const callers = nativeSignal(request);
            request.abortSignal = callers === undefined ? timeout : AbortSignal.any([callers, timeout]);
            // A connection that idled may be gone without our knowing; then a write's fate would be unknown for nothing.
            request.disableKeepAlive ||= !isRead(request);
            try {
                return await next(request);
            }
            catch (error) {
                if (!timeout.aborted || callers?.aborted === true)
                    throw error;
                throw new esm/* RestError */.pj(`no answer within ${limit / 1000} s`, { code: 'ETIMEDOUT', request });
            }
            finally {
                if (callers === undefined)
                    delete request.abortSignal;
                else
                    request.abortSignal = callers;
            }
        },
    };
}
/** Whether it may be sent once more. Where not, its last answer stands: that tells whether it may have been carried out. */
async function renewed(request, log) {
    if (!request.renew)
        return true;
    try {
        request.body = await request.renew();
        // The client has set it for the body before, and would cut this one or wait for more of it.
        request.headers.delete('Content-Length');
        return true;
    }
    catch (error) {
        log(`${request.method} ${new URL(request.url).pathname}: not sent once more: ${(0,message_of/* messageOf */.b)(error)}`);
        return false;
    }
}
async function tryOnce(request, next) {
    try {
        return { kind: 'response', response: await next(request) };
    }
    catch (error) {
        return { kind: 'error', error };
    }
}
function outcome(attempt) {
    if (attempt.kind === 'error')
        throw attempt.error;
    return attempt.response;
}
function delayBeforeRetry(request, attempt, retry, clock) {
    const backoff = FIRST_DELAY_MS * 2 ** retry;
    if (attempt.kind === 'error') {
        const again = isRead(request) ? isNetworkError(attempt.error) : wasNotSent(attempt.error);
        return again ? backoff : null;
    }
    const { status } = attempt.response;
    const asked = retryAfter(attempt.response, clock);
    if (status === 429)
        return asked ?? backoff;
    if (isRead(request))
        return isTransientStatus(status) ? (asked ?? backoff) : null;
    // A POST starts something anew each time it is sent (slotsswap); PUT and DELETE do not.
    return status === 503 && request.method !== 'POST' ? asked : null;
}
function retryAfter(response, clock) {
    const header = response.headers.get('retry-after');
    if (header === undefined)
        return null;
    const seconds = Number(header);
    if (Number.isFinite(seconds))
        return seconds * 1000;
    const date = Date.parse(header);
    return Number.isNaN(date) ? null : Math.max(0, date - clock.now());
}
function isTransientStatus(status) {
    return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}
function isNetworkError(error) {
    return (0,esm/* isRestError */.T0)(error) && error.response === undefined && error.code !== esm/* RestError */.pj.PARSE_ERROR;
}
function why(attempt) {
    if (attempt.kind === 'response')
        return `HTTP ${attempt.response.status}`;
    return (0,message_of/* messageOf */.b)(attempt.error);
}
function nativeSignal(request) {
    return request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
}

// EXTERNAL MODULE: ./lib/azure/environment.js
var azure_environment = __webpack_require__(21314);
;// CONCATENATED MODULE: ./lib/azure/lazy.js
/**
 * Makes the value at the first call and hands out the same one ever after: SDKs are loaded by those who use them.
 * A failure is not kept.
 */
function lazy(make) {
    let made;
    return () => {
        made ??= make().catch((error) => {
            made = undefined;
            throw error;
        });
        return made;
    };
}

;// CONCATENATED MODULE: ./lib/azure/arm-client.js







/** Azure says itself how long to wait (Retry-After); this holds only where it does not. Milliseconds. */
const POLL_INTERVAL_MS = 1_000;
/** Options that every SDK client takes, whatever its generation. */
function clientOptions(context) {
    const scope = (0,azure_environment/* scopeOf */.Od)(context.environment.resourceManagerAudience);
    return {
        endpoint: context.environment.resourceManager,
        credentialScopes: scope,
        credentials: { scopes: [scope] },
        userAgentOptions: { userAgentPrefix: context.userAgent },
        ...(context.httpClient === undefined ? {} : { httpClient: context.httpClient }),
    };
}
/** Puts this product's rules for retries, time-outs and refusals into an SDK's pipeline. */
function equip(client, context) {
    client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
    // No request is a form, and the question loads all of Node's fetch.
    client.pipeline.removePolicy({ name: 'formDataPolicy' });
    client.pipeline.addPolicy(refusalPolicy, { afterPhase: 'Deserialize' });
    client.pipeline.addPolicy(armRetryPolicy(context.clock, context.log), { phase: 'Retry' });
    const { pacing = createPacing(context.clock) } = context;
    client.pipeline.addPolicy(answerTimeoutPolicy(), { afterPhase: 'Retry' });
    client.pipeline.addPolicy(pacingPolicy(pacing), {
        afterPhase: 'Retry',
        beforePolicies: ['answerTimeoutPolicy'],
    });
    return client;
}
/**
 * A client of its own whose requests that change something are each asked for just before they are sent, also where Azure has made
 * them wait: the SDKs have no other place for that. Where it throws nothing is sent.
 */
function askingFirst(client, beforeSending) {
    const policy = {
        name: 'askingFirstPolicy',
        sendRequest: async (request, next) => {
            if (!isRead(request))
                await beforeSending();
            return next(request);
        },
    };
    client.pipeline.addPolicy(policy, { afterPhase: 'Retry', beforePolicies: ['answerTimeoutPolicy'] });
    return client;
}
/** Runs one request of an SDK. Throws AzureError (or UpgradeError, for credentials). */
async function request(send) {
    try {
        return await send();
    }
    catch (error) {
        throw toAzureError(error);
    }
}
/** As `request`, with null for "there is no such thing" (404). */
async function requestOrNull(send) {
    try {
        return await request(send);
    }
    catch (error) {
        if (error instanceof errors/* AzureError */.M6 && error.status === 404)
            return null;
        throw error;
    }
}
/**
 * Runs a long-running operation to its end. Throws AzureError; its `outcomeUnknown` is true where Azure had accepted
 * the operation and its end was not seen. Aborting the signal stops the waiting, not the operation.
 */
async function longRunning(operation) {
    let accepted;
    const onResponse = (response) => {
        if (response.status >= 400)
            return;
        accepted ??= { what: operation.what, correlationId: correlationIdOf(response) };
    };
    try {
        const { poller } = await operation.begin({ updateIntervalInMs: POLL_INTERVAL_MS, onResponse });
        poller.onProgress((state) => operation.onProgress?.(state.status ?? 'running'));
        return await poller.pollUntilDone(operation.signal === undefined ? {} : { abortSignal: operation.signal });
    }
    catch (error) {
        throw toAzureError(error, accepted);
    }
}
/** All items of a paged list. */
function arm_client_all(pages) {
    return request(async () => {
        const items = [];
        for await (const item of pages())
            items.push(item);
        return items;
    });
}
/** Single requests through the pipeline that the SDKs use here. */
function armSender(context) {
    const client = lazy(async () => {
        const { ServiceClient } = await __webpack_require__.e(/* import() */ 738).then(__webpack_require__.bind(__webpack_require__, 95738));
        return equip(new ServiceClient({ credential: context.credential, ...clientOptions(context) }), context);
    });
    return async (method, url, { body, renew, signal } = {}) => {
        const arm = await client();
        const request = (0,esm/* createPipelineRequest */.G6)({
            url,
            method,
            headers: (0,esm/* createHttpHeaders */.Nc)({ accept: 'application/json', 'content-type': 'application/json' }),
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            ...(signal === undefined ? {} : { abortSignal: signal }),
        });
        if (renew)
            request.renew = async () => JSON.stringify(await renew());
        const response = await arm.sendRequest(request);
        if (response.status >= 400)
            throw errorOfResponse(response.request, response);
        return response;
    };
}
/** @param path begins at /subscriptions, and may have a query. */
function armUrl({ environment }, path, apiVersion) {
    return `${environment.resourceManager}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
}
/** JSON as Azure sends it, for what the SDKs have no method for or would cut down. */
function rawArm(context) {
    const sender = armSender(context);
    async function send(method, url, options) {
        const { bodyAsText } = await sender(method, url, options);
        return bodyAsText ? JSON.parse(bodyAsText) : null;
    }
    const urlOf = (path, apiVersion) => armUrl(context, path, apiVersion);
    return {
        get: (path, apiVersion) => requestOrNull(() => send('GET', urlOf(path, apiVersion))),
        put: (path, apiVersion, body, renew) => request(() => send('PUT', urlOf(path, apiVersion), { body, renew })),
        list: async (path, apiVersion) => {
            const items = [];
            let url = urlOf(path, apiVersion);
            while (url !== null) {
                const page = await request(() => send('GET', url ?? ''));
                const { value, nextLink } = (page ?? {});
                items.push(...(value ?? []));
                url = nextLink || null;
            }
            return items;
        },
    };
}
/**
 * Turns refusals into AzureErrors before an SDK's own reading of them loses code or text. 401 stays: the bearer
 * policy outside answers its challenges.
 */
const refusalPolicy = {
    name: 'refusalPolicy',
    sendRequest: async (request, next) => {
        const response = await next(request);
        if (response.status >= 400 && response.status !== 401)
            throw errorOfResponse(request, response);
        return response;
    },
};

// EXTERNAL MODULE: ./lib/azure/resource-id.js
var resource_id = __webpack_require__(18481);
;// CONCATENATED MODULE: ./lib/azure/site-calls.js
function siteCalls(webApps, ref) {
    const { resourceGroup: group, site, deploymentSlot: slot } = ref;
    if (slot === null) {
        return {
            get: (options) => webApps.get(group, site, options),
            getConfiguration: () => webApps.getConfiguration(group, site),
            listApplicationSettings: () => webApps.listApplicationSettings(group, site),
            listConnectionStrings: () => webApps.listConnectionStrings(group, site),
            createOrUpdate: (envelope, options) => webApps.createOrUpdate(group, site, envelope, options),
            createOrUpdateConfiguration: (config) => webApps.createOrUpdateConfiguration(group, site, config),
            updateApplicationSettings: (settings) => webApps.updateApplicationSettings(group, site, settings),
            updateConnectionStrings: (strings) => webApps.updateConnectionStrings(group, site, strings),
            delete: (options) => webApps.delete(group, site, options),
        };
    }
    return {
        get: (options) => webApps.getSlot(group, site, slot, options),
        getConfiguration: () => webApps.getConfigurationSlot(group, site, slot),
        listApplicationSettings: () => webApps.listApplicationSettingsSlot(group, site, slot),
        listConnectionStrings: () => webApps.listConnectionStringsSlot(group, site, slot),
        createOrUpdate: (envelope, options) => webApps.createOrUpdateSlot(group, site, slot, envelope, options),
        createOrUpdateConfiguration: (config) => webApps.createOrUpdateConfigurationSlot(group, site, slot, config),
        updateApplicationSettings: (settings) => webApps.updateApplicationSettingsSlot(group, site, slot, settings),
        updateConnectionStrings: (strings) => webApps.updateConnectionStringsSlot(group, site, slot, strings),
        delete: (options) => webApps.deleteSlot(group, site, slot, options),
    };
}

;// CONCATENATED MODULE: ./lib/azure/app-service-creation.js






/**
 * Plan (where missing), site, settings, connection strings, configuration. Settings come before the configuration,
 * whose image or package then starts with them. Throws AzureError.
 */
async function createSiteByParts({ client, onProgress }, site) {
    const template = siteCalls(client.webApps, site.template);
    const [model, config] = await Promise.all([
        request(() => template.get()),
        request(() => template.getConfiguration()),
    ]);
    onProgress(`plan ${site.planName}`);
    const plan = await ensurePlan(client, site, model, onProgress);
    const target = siteCalls(client.webApps, site.ref);
    onProgress(`site ${site.ref.site}`);
    await longRunning({
        what: `The creation of site ${site.ref.site}`,
        begin: async (options) => ({ poller: target.createOrUpdate(siteLike(model, plan, site), options) }),
        onProgress,
    });
    onProgress('application settings');
    await request(() => target.updateApplicationSettings({ properties: { ...site.appSettings } }));
    onProgress('connection strings');
    await request(() => target.updateConnectionStrings({ properties: sdkConnectionStrings(site) }));
    onProgress('configuration');
    await request(() => target.createOrUpdateConfiguration(copiedConfiguration(config)));
}
async function ensurePlan({ appServicePlans }, { ref, planName, template }, model, onProgress) {
    // A deployment slot lives on its site's plan; it has none of its own.
    if (ref.deploymentSlot !== null)
        return planOf({ appServicePlans }, model, template.site);
    const existing = await requestOrNull(() => appServicePlans.get(ref.resourceGroup, planName));
    if (existing !== null)
        return existing;
    const like = planLike(await planOf({ appServicePlans }, model, template.site));
    return longRunning({
        what: `The creation of App Service plan ${planName}`,
        begin: async (options) => ({
            poller: appServicePlans.createOrUpdate(ref.resourceGroup, planName, like, options),
        }),
        onProgress,
    });
}
async function planOf({ appServicePlans }, { serverFarmId = '' }, siteName) {
    const [group, name] = [(0,resource_id/* partOf */.B)(serverFarmId, 'resourceGroups'), (0,resource_id/* partOf */.B)(serverFarmId, 'serverfarms')];
    if (group !== null && name !== null)
        return request(() => appServicePlans.get(group, name));
    throw new reasons/* UpgradeError */.fy('resource-not-found', `Site ${siteName} names no App Service plan to be like.`);
}
function siteLike(model, plan, { tags }) {
    return {
        location: plan.location,
        tags: { ...tags },
        ...(plan.id === undefined ? {} : { serverFarmId: plan.id }),
        ...(model.kind === undefined ? {} : { kind: model.kind }),
        ...(model.reserved === undefined ? {} : { reserved: model.reserved }),
        ...(model.hyperV === undefined ? {} : { hyperV: model.hyperV }),
        ...(model.httpsOnly === undefined ? {} : { httpsOnly: model.httpsOnly }),
        ...(model.clientAffinityEnabled === undefined
            ? {}
            : { clientAffinityEnabled: model.clientAffinityEnabled }),
        ...userAssignedIdentities(model),
    };
}
function sdkConnectionStrings({ connectionStrings }) {
    return Object.fromEntries(Object.entries(connectionStrings).map(([name, { value, type }]) => [
        name,
        // The types are read from Azure, which knows more of them than the SDK's model does.
        { value, type: type },
    ]));
}
/** A system-assigned identity would be a new principal without any rights; only user-assigned ones can be shared. */
function userAssignedIdentities({ identity }) {
    const ids = Object.keys(identity?.userAssignedIdentities ?? {});
    if (ids.length === 0)
        return {};
    return {
        identity: { type: 'UserAssigned', userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) },
    };
}

;// CONCATENATED MODULE: ./lib/azure/told.js
// What Azure always tells, and once does not: better said than taken for something else.

/** The value. Throws AzureError where the answer lacks it. @param what as a reader would say it. */
function told(value, what) {
    if (value !== undefined && value !== null && value !== '')
        return value;
    throw new errors/* AzureError */.M6(`Azure's answer does not tell ${what}; without it nothing can be concluded from it`, {
        status: 200,
        code: null,
        correlationId: null,
        outcomeUnknown: false,
    });
}

;// CONCATENATED MODULE: ./lib/azure/app-service.js









const SHORTEST_SECRET = 8;
/** The port AppService over @azure/arm-appservice. Every method throws AzureError. */
function createAppService(context, mask) {
    const newClient = async () => {
        const { WebSiteManagementClient } = await Promise.all(/* import() */[__webpack_require__.e(850), __webpack_require__.e(584)]).then(__webpack_require__.bind(__webpack_require__, 6584));
        return equip(new WebSiteManagementClient(context.credential, context.subscriptionId, clientOptions(context)), context);
    };
    const client = lazy(newClient);
    const asking = async (beforeSending) => askingFirst(await newClient(), beforeSending);
    const callsOf = async (ref) => siteCalls((await client()).webApps, ref);
    async function getSite(ref) {
        const calls = await callsOf(ref);
        let homeStamp = null;
        const found = await requestOrNull(() => 
        // The SDK's model has no homeStamp; only the answer as it came over the wire has it.
        calls.get({ onResponse: ({ bodyAsText }) => (homeStamp = homeStampIn(bodyAsText)) }));
        return found === null ? null : siteOf(found, homeStamp);
    }
    async function listAppSettings(ref) {
        const calls = await callsOf(ref);
        const { properties } = await request(() => calls.listApplicationSettings());
        const settings = Object.entries(told(properties, `the settings of ${ref.site}`));
        for (const [, value] of settings)
            maskValue(value ?? '');
        return Object.fromEntries(settings.map(([name, value]) => [name, value ?? '']));
    }
    async function listConnectionStrings(ref) {
        const calls = await callsOf(ref);
        const { properties } = await request(() => calls.listConnectionStrings());
        const strings = told(properties, `the connection strings of ${ref.site}`);
        for (const each of Object.values(strings))
            maskValue(each?.value ?? '');
        return strings;
    }
    /** Values like "1", "true" or "production" are no secrets, and masking them would blacken the whole log. */
    function maskValue(value) {
        if (value.length >= SHORTEST_SECRET)
            mask(value);
    }
    return {
        getSite,
        listAppSettings,
        listConnectionStrings,
        getConfiguration: async (ref) => {
            const calls = await callsOf(ref);
            const [site, config] = await Promise.all([
                request(() => calls.get()),
                request(() => calls.getConfiguration()),
            ]);
            return comparedConfiguration(site, config);
        },
        listSlotSettingNames: async ({ resourceGroup, site }) => {
            const { webApps } = await client();
            const names = await request(() => webApps.listSlotConfigurationNames(resourceGroup, site));
            return {
                appSettings: names.appSettingNames ?? [],
                connectionStrings: names.connectionStringNames ?? [],
            };
        },
        getPlan: async (planId) => {
            const { appServicePlans } = await client();
            const [resourceGroup, name] = [(0,resource_id/* partOf */.B)(planId, 'resourceGroups'), (0,resource_id/* partOf */.B)(planId, 'serverfarms')];
            if (resourceGroup === null || name === null)
                return null;
            const plan = await requestOrNull(() => appServicePlans.get(resourceGroup, name));
            return plan === null ? null : planInfo(plan);
        },
        createSite: async (site, onProgress) => {
            const creation = { client: await client(), onProgress };
            await createSiteByParts(creation, site);
            const created = await getSite(site.ref);
            if (created !== null)
                return created;
            throw new reasons/* UpgradeError */.fy('azure-error', `Azure created site ${site.ref.site}, then did not find it.`);
        },
        deleteSite: async (ref, beforeSending) => {
            const calls = siteCalls((await asking(beforeSending)).webApps, ref);
            await requestOrNull(() => calls.delete({ deleteEmptyServerFarm: false }));
        },
        swapWithProduction: async ({ resourceGroup, site }, deploymentSlot, onProgress, signal, beforeSending) => {
            const { webApps } = await asking(beforeSending);
            const swap = { targetSlot: deploymentSlot, preserveVnet: true };
            await longRunning({
                what: `The swap of ${site}'s slot ${deploymentSlot} with production`,
                begin: async (options) => ({
                    poller: webApps.swapSlotWithProduction(resourceGroup, site, swap, options),
                }),
                onProgress,
                signal,
            });
        },
    };
}
function siteOf(site, homeStamp) {
    return {
        id: site.id ?? '',
        name: site.name ?? '',
        location: site.location,
        kind: site.kind ?? null,
        state: site.state ?? null,
        defaultHostName: site.defaultHostName ?? '',
        hostNames: site.hostNames ?? [],
        planId: site.serverFarmId ?? null,
        httpsOnly: site.httpsOnly ?? null,
        homeStamp,
        operationInProgress: Boolean(site.inProgressOperationId),
        tags: site.tags ?? {},
    };
}
function homeStampIn(body) {
    try {
        const { properties } = JSON.parse(body ?? '{}');
        return typeof properties?.homeStamp === 'string' ? properties.homeStamp : null;
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/azure/arm-sql-failover-groups.js



const ATTEMPTS = 3;
const AGAIN_AFTER_MS = 3_000;
/** Recorded: 20 s to create a group, some 100 s where a database has to be seeded for it. */
const CARRIED_OUT_WITHIN_MS = 180_000;
/** The part of SqlManagement that is about failover groups. Every method throws AzureError. */
function failoverGroups(client, asking, clock) {
    async function put(group, onProgress) {
        const { failoverGroups: groups } = await client();
        const { resourceGroup, server } = group.server;
        await longRunning({
            what: `The creation of failover group ${group.name} on ${server}`,
            begin: async (options) => ({
                poller: await groups.beginCreateOrUpdate(resourceGroup, server, group.name, bodyOf(group), options),
            }),
            onProgress,
        });
    }
    /** Whether Azure has the group as it was asked for. */
    async function isThere(group) {
        const { failoverGroups: groups } = await client();
        const { resourceGroup, server } = group.server;
        const found = await requestOrNull(() => groups.get(resourceGroup, server, group.name));
        if (found === null)
            return false;
        const partners = (found.partnerServers ?? []).map(({ id }) => id);
        return (includesId(partners, group.partnerServerId) &&
            group.databaseIds.every((id) => includesId(found.databases ?? [], id)));
    }
    async function seenWithin(group, ms, otherwise) {
        const until = clock.now() + ms;
        while (!(await isThere(group))) {
            if (clock.now() > until)
                throw otherwise;
            await clock.sleep(AGAIN_AFTER_MS);
        }
    }
    return {
        listFailoverGroups: async ({ resourceGroup, server }) => {
            const { failoverGroups: groups } = await client();
            const found = await arm_client_all(() => groups.listByServer(resourceGroup, server));
            return found.map(failoverGroup);
        },
        createFailoverGroup: async (group, onProgress) => {
            for (let attempt = 1;; attempt++) {
                try {
                    return await put(group, onProgress);
                }
                catch (error) {
                    if (!(error instanceof errors/* AzureError */.M6))
                        throw error;
                    if (attempt > 1 && error.status === 409)
                        return seenWithin(group, CARRIED_OUT_WITHIN_MS, error);
                    if (!error.outcomeUnknown)
                        throw error;
                    if (await isThere(group))
                        return;
                    if (attempt === ATTEMPTS)
                        throw error;
                    await clock.sleep(AGAIN_AFTER_MS);
                }
            }
        },
        deleteFailoverGroup: async ({ resourceGroup, server }, name, onProgress, beforeSending) => {
            const { failoverGroups: groups } = await asking(beforeSending);
            await longRunning({
                what: `The deletion of failover group ${name} on ${server}`,
                begin: async (options) => ({
                    poller: await groups.beginDelete(resourceGroup, server, name, options),
                }),
                onProgress,
            });
        },
    };
}
function bodyOf({ partnerServerId, databaseIds, policy, tags }) {
    const { failover, graceMinutes } = policy;
    return {
        tags: { ...tags },
        readWriteEndpoint: {
            failoverPolicy: failover,
            ...(graceMinutes === null ? {} : { failoverWithDataLossGracePeriodMinutes: graceMinutes }),
        },
        readOnlyEndpoint: { failoverPolicy: 'Disabled' },
        partnerServers: [{ id: partnerServerId }],
        databases: [...databaseIds],
    };
}
function failoverGroup(group) {
    return {
        name: group.name ?? '',
        role: group.replicationRole ?? '',
        partnerServers: (group.partnerServers ?? []).map(({ id }) => (0,resource_id/* partOf */.B)(id, 'servers') ?? id),
        databaseIds: group.databases ?? [],
        policy: policyOf(group),
    };
}
function policyOf({ readWriteEndpoint }) {
    const automatic = readWriteEndpoint?.failoverPolicy === 'Automatic';
    return {
        failover: automatic ? 'Automatic' : 'Manual',
        graceMinutes: automatic ? (readWriteEndpoint.failoverWithDataLossGracePeriodMinutes ?? null) : null,
    };
}
/** Azure gives ids back in other casing than they were sent. */
function includesId(ids, wanted) {
    return ids.some((id) => id.toLowerCase() === wanted.toLowerCase());
}

;// CONCATENATED MODULE: ./lib/azure/arm-sql-resources.js


/** The body of the PUT. Throws 'service-tier-mismatch' where it would be of another size than its source. */
function geoSecondaryBody({ source, location, elasticPoolId, tags }) {
    const body = {
        location,
        tags: { ...tags },
        createMode: 'Secondary',
        secondaryType: 'Geo',
        sourceDatabaseId: source.id,
    };
    if (elasticPoolId !== null)
        return { ...body, elasticPoolId };
    if (source.elasticPoolId !== null) {
        throw new reasons/* UpgradeError */.fy('service-tier-mismatch', `${source.name} is in an elastic pool; its geo-secondary needs a pool as well, or it would be of another size.`, { advice: ['Name the pool on the other server as "elastic-pool" of that slot.'] });
    }
    return source.sku === null ? body : { ...body, sku: sdkSku(source.sku) };
}
/** @param name what was asked for. */
function databaseInfo(database, name) {
    return {
        id: told(database.id, `the id of database ${name}`),
        name: database.name ?? name,
        location: database.location,
        status: database.status ?? null,
        sku: database.sku ? sku(database.sku) : null,
        elasticPoolId: database.elasticPoolId ?? null,
        maxSizeBytes: database.maxSizeBytes ?? null,
        zoneRedundant: database.zoneRedundant ?? null,
        autoPauseDelay: database.autoPauseDelay ?? null,
        tags: database.tags ?? {},
        createdAt: database.creationDate ?? null,
    };
}
/**
 * `id` is the link's GUID: the same on both sides, and what `removeLink` takes. Throws AzureError where the answer does
 * not tell whose link it is: a link that is not recognised would pass for one that has been cut.
 */
function replicationLink(link) {
    return {
        id: told(link.name, 'the id of a replication link'),
        partnerServer: told(link.partnerServer, 'which server a replication link leads to'),
        partnerDatabase: told(link.partnerDatabase, 'which database a replication link leads to'),
        partnerLocation: link.partnerLocation ?? null,
        role: told(link.role, 'which end of a replication link this is'),
        partnerRole: link.partnerRole ?? '',
        state: link.replicationState ?? '',
        percentComplete: link.percentComplete ?? null,
        linkType: link.linkType ?? null,
        startedAt: link.startTime ?? null,
    };
}
function sku({ name, tier, family, capacity }) {
    return { name, tier: tier ?? null, family: family ?? null, capacity: capacity ?? null };
}
function sdkSku({ name, tier, family, capacity }) {
    return {
        name,
        ...(tier === null ? {} : { tier }),
        ...(family === null ? {} : { family }),
        ...(capacity === null ? {} : { capacity }),
    };
}

;// CONCATENATED MODULE: ./lib/azure/asked-together.js
/** While one request is under way, questions are gathered for the next: no longer than this. Milliseconds. */
const GATHER_MS = 250;
/**
 * A function that asks `answerAll` for those who ask in one go, and for those who ask meanwhile in the next one.
 * @param about what must be the same of questions that are asked together, e.g. the server.
 */
function askedTogether(clock, about, answerAll) {
    const gathered = new Map();
    const underWay = new Map();
    const ask = async (waiting) => {
        try {
            const answerOf = await answerAll(waiting.map(({ question }) => question));
            for (const { question, resolve } of waiting)
                resolve((async () => answerOf(question))());
        }
        catch (error) {
            for (const { reject } of waiting)
                reject(error);
        }
    };
    const send = async (key) => {
        const before = underWay.get(key);
        if (before !== undefined)
            await firstOf(before, clock);
        await new Promise((turn) => setImmediate(turn)); // for those who ask in the same breath
        const waiting = gathered.get(key) ?? [];
        gathered.delete(key);
        const asked = ask(waiting);
        underWay.set(key, asked);
        await asked;
        if (underWay.get(key) === asked)
            underWay.delete(key);
    };
    return (question) => new Promise((resolve, reject) => {
        const key = about(question);
        const waiting = gathered.get(key);
        if (waiting !== undefined) {
            waiting.push({ question, resolve, reject });
            return;
        }
        gathered.set(key, [{ question, resolve, reject }]);
        send(key).catch(reject);
    });
}
/** The end of what is under way, or of the patience with it. */
async function firstOf(underWay, clock) {
    const enough = new AbortController();
    const waited = clock.sleep(GATHER_MS, enough.signal).catch(() => { }); // it ended first
    await Promise.race([underWay, waited]);
    enough.abort();
}

;// CONCATENATED MODULE: ./lib/azure/arm-sql-reads.js






/** That part of SqlManagement. Every method throws AzureError. */
function sqlReads(client, clock) {
    const getServer = askedTogether(clock, keyOf, async ([first]) => {
        const server = first === undefined ? null : await readServer(client, first);
        return () => server;
    });
    const getDatabase = askedTogether(clock, keyOf, oneOrList((ref) => readDatabase(client, ref), (ref) => listDatabases(client, ref)));
    const listLinks = askedTogether(clock, keyOf, oneOrList((ref) => readLinks(client, ref), async (server) => {
        const linksOf = await listServersLinks(client, server);
        return async (ref) => {
            const links = linksOf(ref.database);
            // A database without links and one that is not there look alike in the server's list.
            if (links.length === 0 && (await getDatabase(ref)) === null)
                throw noDatabase(ref);
            return links;
        };
    }));
    return { getServer, getDatabase, listLinks };
}
/** Where the list may not be read, or is not to be had, the databases are read one by one. */
function oneOrList(one, list) {
    return async (refs) => {
        const distinct = new Map(refs.map((ref) => [ref.database.toLowerCase(), ref]));
        const [first] = distinct.values();
        if (first !== undefined && distinct.size > 1) {
            try {
                return await list(first);
            }
            catch (error) {
                if (!(error instanceof errors/* AzureError */.M6) || error.status !== 403)
                    throw error;
            }
        }
        const answers = new Map([...distinct].map(([name, ref]) => {
            const answer = one(ref);
            answer.catch(() => { }); // told to those who asked for it
            return [name, answer];
        }));
        return (ref) => answers.get(ref.database.toLowerCase()) ?? one(ref);
    };
}
async function readServer(client, { resourceGroup, server }) {
    const { servers } = await client();
    // Without $expand Azure leaves the administrator out.
    const expand = 'administrators/activedirectory';
    const found = await requestOrNull(() => servers.get(resourceGroup, server, { expand }));
    if (found === null)
        return null;
    return {
        id: told(found.id, `the id of server ${server}`),
        name: found.name ?? server,
        location: found.location,
        fullyQualifiedDomainName: told(found.fullyQualifiedDomainName, `the address of server ${server}`),
        publicNetworkAccess: found.publicNetworkAccess ?? null,
        entraAdministrator: found.administrators?.login ?? null,
        keyId: found.keyId ?? (await encryptionKey(client, { resourceGroup, server })),
    };
}
async function encryptionKey(client, { resourceGroup, server }) {
    const { encryptionProtectors } = await client();
    try {
        const protector = await requestOrNull(() => encryptionProtectors.get(resourceGroup, server, 'current'));
        return protector?.serverKeyType === 'AzureKeyVault' ? (protector.uri ?? null) : null;
    }
    catch (error) {
        // The built-in role SQL DB Contributor may not read the protector, and needs not for anything else here.
        if (error instanceof errors/* AzureError */.M6 && error.status === 403)
            return null;
        throw error;
    }
}
async function readDatabase(client, ref) {
    const { databases } = await client();
    const found = await requestOrNull(() => databases.get(ref.resourceGroup, ref.server, ref.database));
    return found === null ? null : databaseInfo(found, ref.database);
}
async function listDatabases(client, { resourceGroup, server }) {
    const { databases } = await client();
    const found = await requestOrNull(() => arm_client_all(() => databases.listByServer(resourceGroup, server)));
    const byName = new Map((found ?? []).map((database) => [
        told(database.name, `the name of a database of ${server}`).toLowerCase(),
        database,
    ]));
    return ({ database: name }) => {
        const database = byName.get(name.toLowerCase());
        return database === undefined ? null : databaseInfo(database, name);
    };
}
async function readLinks(client, ref) {
    const { replicationLinks } = await client();
    const links = await arm_client_all(() => replicationLinks.listByDatabase(ref.resourceGroup, ref.server, ref.database));
    return links.map(replicationLink);
}
async function listServersLinks(client, { resourceGroup, server }) {
    const { replicationLinks } = await client();
    const links = await arm_client_all(() => replicationLinks.listByServer(resourceGroup, server));
    const byDatabase = Map.groupBy(links, ({ id }) => told((0,resource_id/* partOf */.B)(id ?? '', 'databases'), `which database of ${server} a replication link is of`).toLowerCase());
    return (database) => (byDatabase.get(database.toLowerCase()) ?? []).map(replicationLink);
}
function noDatabase({ server, database }) {
    return new errors/* AzureError */.M6(`There is no database ${server}/${database}`, {
        status: 404,
        code: 'ResourceNotFound',
        correlationId: null,
        outcomeUnknown: false,
    });
}
function keyOf({ resourceGroup, server }) {
    return `${resourceGroup}/${server}`.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/azure/arm-sql.js
// Azure SQL through Resource Manager: what the data plane cannot tell (skus, links as both sides see them) or do
// (create a geo-secondary, end a link).





/** The port SqlManagement over @azure/arm-sql. Every method throws AzureError. */
function createSqlManagement(context) {
    const newClient = async () => {
        const { SqlManagementClient } = await Promise.all(/* import() */[__webpack_require__.e(160), __webpack_require__.e(420)]).then(__webpack_require__.t.bind(__webpack_require__, 31420, 19));
        return equip(new SqlManagementClient(context.credential, context.subscriptionId, clientOptions(context)), context);
    };
    const client = lazy(newClient);
    const asking = async (beforeSending) => askingFirst(await newClient(), beforeSending);
    async function listFirewallRules(ref) {
        const { firewallRules } = await client();
        const rules = await arm_client_all(() => firewallRules.listByServer(ref.resourceGroup, ref.server));
        return rules.map((rule) => ({
            name: rule.name ?? '',
            startIpAddress: rule.startIpAddress ?? '',
            endIpAddress: rule.endIpAddress ?? '',
        }));
    }
    async function hasLedgerDigestUploads(ref) {
        const { ledgerDigestUploadsOperations: uploads } = await client();
        const found = await requestOrNull(() => uploads.get(ref.resourceGroup, ref.server, ref.database, 'current'));
        return found?.state === 'Enabled';
    }
    return {
        ...sqlReads(client, context.clock),
        listFirewallRules,
        hasLedgerDigestUploads,
        ...failoverGroups(client, asking, context.clock),
        createGeoSecondary: async (secondary, onProgress, signal) => {
            const { databases } = await client();
            const { resourceGroup, server, database } = secondary.target;
            const body = geoSecondaryBody(secondary);
            await longRunning({
                what: `The creation of the geo-secondary ${server}/${database}`,
                begin: async (options) => ({
                    poller: await databases.beginCreateOrUpdate(resourceGroup, server, database, body, options),
                }),
                onProgress,
                signal,
            });
        },
        removeLink: async ({ resourceGroup, server, database }, linkId, beforeSending) => {
            const { replicationLinks } = await asking(beforeSending);
            await longRunning({
                what: `The removal of link ${linkId} of ${server}/${database}`,
                begin: async (options) => ({
                    poller: await replicationLinks.beginDelete(resourceGroup, server, database, linkId, options),
                }),
            });
        },
        deleteDatabase: async ({ resourceGroup, server, database }, onProgress, beforeSending) => {
            const { databases } = await asking(beforeSending);
            await longRunning({
                what: `The deletion of ${server}/${database}`,
                begin: async (options) => ({
                    poller: await databases.beginDelete(resourceGroup, server, database, options),
                }),
                onProgress,
            });
        },
    };
}

;// CONCATENATED MODULE: ./lib/azure/authorization.js
// What the caller may do, asked of Azure itself, so that a missing right is told before anything is changed.


const API_VERSION = '2022-04-01';
/** The port Authorization over GET …/providers/Microsoft.Authorization/permissions. Throws AzureError. */
function createAuthorization(context) {
    const arm = rawArm(context);
    async function permissionsOn(resourceId) {
        try {
            const path = `${resourceId}/providers/Microsoft.Authorization/permissions`;
            return (await arm.list(path, API_VERSION)).map(permission);
        }
        catch (error) {
            // 403: the caller may not ask; 404: nothing there to ask about. Neither says that a right is missing.
            if (error instanceof errors/* AzureError */.M6 && (error.status === 403 || error.status === 404))
                return null;
            throw error;
        }
    }
    return {
        missingActions: async (resourceId, actions) => {
            const permissions = await permissionsOn(resourceId);
            if (permissions === null)
                return null;
            return actions.filter((action) => !permissions.some((granted) => allows(granted, action)));
        },
    };
}
/** Each role assignment is a permission of its own: its notActions take away from its own actions only. */
function allows({ actions, notActions }, action) {
    return (actions.some((pattern) => matches(pattern, action)) &&
        !notActions.some((pattern) => matches(pattern, action)));
}
function matches(pattern, action) {
    const expression = pattern
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*');
    return new RegExp(`^${expression}$`, 'i').test(action);
}
function permission(item) {
    const { actions, notActions } = (item ?? {});
    return { actions: actions ?? [], notActions: notActions ?? [] };
}

;// CONCATENATED MODULE: ./lib/azure/autoscale.js
// Autoscale settings, read and written as Azure sends them: a setting is one document, its PATCH wants the profiles
// again, and there is no ETag.


const autoscale_API_VERSION = '2022-10-01';
/** The port Autoscale. Every method throws AzureError. */
function createAutoscale(context) {
    const arm = rawArm(context);
    return {
        settingsOf: async (resourceGroup, targetId) => {
            const group = (0,resource_id/* resourceGroupPath */.d)(context.subscriptionId, resourceGroup);
            const found = await arm.list(`${group}/providers/Microsoft.Insights/autoscaleSettings`, autoscale_API_VERSION);
            return found.filter((setting) => isFor(setting, targetId)).map(settingOf);
        },
        setEnabled: async ({ id }, isEnabled) => {
            const document = (await arm.get(id, autoscale_API_VERSION));
            // One that was removed scales nothing, and cannot be given back.
            if (document === null || settingOf(document).isEnabled === isEnabled)
                return;
            const properties = { ...document.properties, enabled: isEnabled };
            await arm.put(id, autoscale_API_VERSION, { ...document, properties });
        },
    };
}
function isFor({ properties }, targetId) {
    return properties.targetResourceUri?.toLowerCase() === targetId.toLowerCase();
}
/** Left out means false, by Azure's description. */
function settingOf({ id, name, properties }) {
    return { id, name, isEnabled: properties.enabled ?? false };
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 5 modules
var schemas = __webpack_require__(42047);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/errors.js
var core_errors = __webpack_require__(37428);
;// CONCATENATED MODULE: ./lib/azure/cloud-services-documents.js
// Cloud services (extended support) as Azure sends them. What is not needed may be missing, or new, or odd.


const cloud_services_documents_text = schemas/* string */.YjP().nullable().catch(null);
const id = schemas/* object */.Ikc({ id: cloud_services_documents_text }).nullable().catch(null);
/** Without names and numbers a walk would pass by instances, so a role that lacks them is an error. */
const role = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    sku: schemas/* object */.Ikc({ name: cloud_services_documents_text, capacity: schemas/* number */.aig() }),
});
const serviceDocument = schemas/* object */.Ikc({
    id: cloud_services_documents_text,
    location: schemas/* string */.YjP(),
    tags: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).catch({}),
    properties: schemas/* object */.Ikc({
        upgradeMode: schemas/* enum */.k5n(['Auto', 'Manual', 'Simultaneous']).catch('Auto'), // Azure's own default
        provisioningState: schemas/* string */.YjP().catch('Unknown'),
        configuration: cloud_services_documents_text,
        roleProfile: schemas/* object */.Ikc({ roles: schemas/* array */.YOg(role) }),
        networkProfile: schemas/* object */.Ikc({
            slotType: schemas/* enum */.k5n(['Production', 'Staging']).nullable().catch(null),
            swappableCloudService: id,
        })
            .catch({ slotType: null, swappableCloudService: null }),
    }),
});
/** @param path of the service, for messages. Throws AzureError where Azure sends something else. */
function cloudServiceOf(document, ref, path) {
    const { location, tags, properties, ...found } = parse(serviceDocument, document, path);
    const { networkProfile, roleProfile, ...rest } = properties;
    return {
        id: found.id ?? path,
        ref,
        location,
        ...rest,
        roles: roleProfile.roles.map(({ name, sku }) => ({
            name,
            skuName: sku.name ?? '',
            capacity: sku.capacity,
        })),
        slotType: networkProfile.slotType,
        swappableWith: networkProfile.swappableCloudService?.id ?? null,
        tags,
    };
}
/** What a PUT says again, unread. */
const writableDocument = schemas/* looseObject */._H3({
    properties: schemas/* looseObject */._H3({
        roleProfile: schemas/* looseObject */._H3({
            roles: schemas/* array */.YOg(schemas/* looseObject */._H3({ name: schemas/* string */.YjP(), sku: schemas/* looseObject */._H3({}).optional() })),
        }),
    }),
});
/** Azure's own members, and what would say again where the configuration before came from. */
const READ_ONLY = new Set(['id', 'name', 'type', 'systemData', 'etag']);
const READ_ONLY_PROPERTIES = new Set(['provisioningState', 'uniqueId', 'packageUrl', 'configurationUrl']);
/**
 * Body of the PUT that updates a service. A PUT is the whole service: an address, a partner or an extension that it
 * does not name is refused, or gone. Extensions' protected settings are never returned, so they cannot be said again;
 * Microsoft's own samples write the service back without them as well (sample-update-cloud-service.md).
 */
function updatedDocument(document, change, path) {
    const { properties, ...resource } = parse(writableDocument, document, path);
    const before = properties.roleProfile.roles;
    return {
        ...without(resource, READ_ONLY),
        tags: change.tags,
        properties: {
            ...without(properties, READ_ONLY_PROPERTIES),
            packageUrl: change.packageUrl,
            configuration: change.configuration,
            upgradeMode: 'Manual',
            roleProfile: {
                ...properties.roleProfile,
                roles: change.roles.map(({ name, skuName, capacity }) => {
                    const old = before.find((each) => sameName(each.name, name));
                    // Of a role that is new nobody has told the size: the package has it.
                    const size = skuName === '' ? {} : { name: skuName };
                    return { ...old, name, sku: { ...(old?.sku ?? NEW_SKU), ...size, capacity } };
                }),
            },
        },
    };
}
/** The only tier there is for cloud services. */
const NEW_SKU = { tier: 'Standard' };
/** The answer in the shape that is needed. Throws AzureError. */
function parse(schema, answer, path) {
    const parsed = schema.safeParse(answer);
    if (parsed.success)
        return parsed.data;
    throw new errors/* AzureError */.M6(`GET ${path}: Azure's answer cannot be read. ${core_errors/* prettifyError */.S1(parsed.error)}`, {
        status: null,
        code: null,
        correlationId: null,
        outcomeUnknown: false,
        cause: parsed.error,
    });
}
/** Resource Manager's names have no case. */
function sameName(one, other) {
    return one.toLowerCase() === other.toLowerCase();
}
function without(object, names) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}

;// CONCATENATED MODULE: ./lib/azure/cloud-services-instances.js
// Role instances and update domains of cloud services as Azure sends them. The states are those of the page
// "Available provisioning and power states for Azure Cloud Services (extended support)".


const number = schemas/* number */.aig().int().nonnegative().nullable().catch(null);
const cloud_services_instances_text = schemas/* string */.YjP().nullable().catch(null);
const view = schemas/* object */.Ikc({
    platformUpdateDomain: number,
    platformFaultDomain: number,
    statuses: schemas/* array */.YOg(schemas/* object */.Ikc({ code: cloud_services_instances_text, time: cloud_services_instances_text })).catch([]),
})
    .nullable()
    .catch(null);
const instanceDocument = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    properties: schemas/* object */.Ikc({ instanceView: view }).catch({ instanceView: null }),
});
/** Only Started is said of an instance that answers. A Busy one "isn't responding", as all do while they start. */
const ROLE_STATES = {
    started: { powerState: 'running', health: 'healthy' },
    starting: { powerState: 'starting', health: 'initializing' },
    busy: { powerState: 'starting', health: 'initializing' },
    stopping: { powerState: 'stopping', health: 'unknown' },
    stopped: { powerState: 'stopped', health: 'unknown' },
    destroyed: { powerState: 'deallocated', health: 'unknown' },
};
const UNKNOWN = { powerState: 'unknown', health: 'unknown' };
/** Of the list with $expand=instanceView. Throws AzureError. */
function namedViewsOf(documents, path) {
    return parse(schemas/* array */.YOg(instanceDocument), documents, path).map(({ name, properties }) => ({
        name,
        view: properties.instanceView,
    }));
}
/** Of one instance's own view. */
function viewOf(document) {
    return view.parse(document);
}
/** @param roles of the service; an instance tells its role by its name only (WebRole_IN_3). */
function serviceInstance({ name, view }, roles) {
    const state = statusOf(view, 'RoleState');
    const stateName = state?.value.replace(/^rolestate/i, '').toLowerCase() ?? '';
    const prefix = name.replace(/_IN_\d+$/i, '');
    return {
        id: name,
        role: roles.find((role) => sameName(role.name, prefix))?.name ?? prefix,
        updateDomain: view?.platformUpdateDomain ?? null,
        faultDomain: view?.platformFaultDomain ?? null,
        zone: null,
        exactVersion: null,
        latestModelApplied: null,
        provisioningState: provisioningState(view, stateName),
        ...(ROLE_STATES[stateName] ?? UNKNOWN),
        healthAt: dateOf(state?.time ?? null),
        isProtected: false,
    };
}
/** Seldom said of a single instance; where it is not, nothing speaks against it but that it is gone. */
function provisioningState(view, stateName) {
    const said = statusOf(view, 'ProvisioningState')?.value;
    if (said)
        return said.charAt(0).toUpperCase() + said.slice(1).toLowerCase();
    return stateName === 'destroyed' ? 'Deleting' : 'Succeeded';
}
/** "RoleState/RoleStateStarted" is the value RoleStateStarted of family RoleState. */
function statusOf(view, family) {
    for (const { code, time } of view?.statuses ?? []) {
        const [head = '', value] = code?.split('/') ?? [];
        if (sameName(head, family) && value !== undefined)
            return { value, time };
    }
    return null;
}
function dateOf(text) {
    const date = new Date(text ?? Number.NaN);
    return Number.isNaN(date.getTime()) ? null : date;
}

;// CONCATENATED MODULE: ./lib/azure/cloud-services-operation.js

/** Sends a write and follows its operation, whichever way Azure tells of it. Throws as `longRunning` does. */
function longWrites(context) {
    const send = armSender(context);
    return async ({ method, what, path, apiVersion, body, signal }) => {
        const url = armUrl(context, path, apiVersion);
        await longRunning({
            what,
            signal,
            begin: async ({ updateIntervalInMs, onResponse }) => {
                const { createHttpPoller } = await __webpack_require__.e(/* import() */ 850).then(__webpack_require__.bind(__webpack_require__, 64850));
                const poller = createHttpPoller({
                    sendInitialRequest: async () => {
                        const response = await send(method, url, { body });
                        onResponse(response);
                        return operationResponse(method, url, response);
                    },
                    sendPollRequest: async (pollUrl, options) => {
                        const response = await send('GET', pollUrl, { signal: options?.abortSignal });
                        return operationResponse('GET', pollUrl, response);
                    },
                }, { intervalInMs: updateIntervalInMs, skipFinalGet: true });
                await poller.submitted();
                return { poller };
            },
        });
    };
}
function operationResponse(method, url, { status, headers, bodyAsText }) {
    const body = bodyAsText ? JSON.parse(bodyAsText) : undefined;
    const request = { method, url };
    return {
        flatResponse: body,
        rawResponse: { statusCode: status, headers: headers.toJSON(), body, request },
    };
}

;// CONCATENATED MODULE: ./lib/azure/cloud-services.js
// Cloud services (extended support): REST 2024-11-04 as it is, since the SDKs dropped it (arm-compute 24). Microsoft
// retires them on 2027-03-31.








const COMPUTE = '2024-11-04';
const NETWORK = '2026-01-01';
const SLOT = 'providers/Microsoft.Network/cloudServiceSlots/swap';
const IN_TRANSITION = ['Creating', 'Updating', 'Deleting'];
const slotDocument = schemas/* object */.Ikc({
    properties: schemas/* object */.Ikc({ slotType: schemas/* enum */.k5n(['Production', 'Staging']).nullable().catch(null) }),
});
/** The port CloudServices. Every method throws AzureError. */
function createCloudServices(context) {
    const arm = rawArm(context);
    const write = longWrites(context);
    const pathOf = ({ resourceGroup, name }) => `${(0,resource_id/* resourceGroupPath */.d)(context.subscriptionId, resourceGroup)}/providers/Microsoft.Compute/cloudServices/${encodeURIComponent(name)}`;
    const get = async (ref) => {
        const document = await arm.get(pathOf(ref), COMPUTE);
        if (document === null)
            return null;
        const service = cloudServiceOf(document, ref, pathOf(ref));
        if (service.slotType !== null || service.swappableWith === null)
            return service;
        return { ...service, slotType: await slotOf(ref) };
    };
    /** Microsoft.Compute does not always tell it (its published examples do not). */
    const slotOf = async (ref) => {
        const path = `${pathOf(ref)}/${SLOT}`;
        const document = await arm.get(path, NETWORK);
        return document === null ? null : parse(slotDocument, document, path).properties.slotType;
    };
    /** As it is on the wire now. Throws where one of the members is not what the caller read: there are no ETags here. */
    const unchanged = async (service, members) => {
        const path = pathOf(service.ref);
        const document = await arm.get(path, COMPUTE);
        if (document === null)
            throw changed(service, 'it is gone');
        const now = cloudServiceOf(document, service.ref, path);
        const different = members.filter((member) => !(0,external_node_util_.isDeepStrictEqual)(now[member], service[member]));
        if (different.length > 0)
            throw changed(service, `its ${different.join(' and ')} changed`);
        return document;
    };
    const requireAtRest = async (service) => {
        const partner = service.swappableWith;
        const paths = [pathOf(service.ref), ...(partner === null ? [] : [partner])];
        await Promise.all(paths.map(async (path) => {
            const document = await arm.get(path, COMPUTE);
            if (document === null)
                return; // Azure's own refusal says it better
            const { provisioningState } = cloudServiceOf(document, service.ref, path);
            if (!IN_TRANSITION.includes(provisioningState))
                return;
            throw notSent(`The VIP swap of ${service.ref.name} was not begun: ${path} is ${provisioningState}.`);
        }));
    };
    return {
        get,
        listInstances: async ({ ref, roles }) => {
            const path = `${pathOf(ref)}/roleInstances`;
            const listed = namedViewsOf(await arm.list(`${path}?$expand=instanceView`, COMPUTE), path);
            const found = await Promise.all(listed.map(async (instance) => {
                if (instance.view !== null)
                    return instance;
                const own = await arm.get(`${path}/${encodeURIComponent(instance.name)}/instanceView`, COMPUTE);
                return own === null ? null : { ...instance, view: viewOf(own) };
            }));
            return found.filter((each) => each !== null).map((each) => serviceInstance(each, roles));
        },
        /**
         * Tags are written as `change` has them, all of them. Throws an AzureError with status 412, before anything is
         * written, where configuration, roles or tags are not what `service` says.
         */
        update: async (service, change, signal) => {
            const path = pathOf(service.ref);
            const read = await unchanged(service, ['configuration', 'roles', 'tags']);
            const body = updatedDocument(read, change, path);
            const what = `The update of cloud service ${service.ref.name}`;
            await write({ method: 'PUT', what, path, apiVersion: COMPUTE, body, signal });
        },
        /**
         * The whole set is sent: by the description a PATCH has tags as texts and nothing else, so that one is removed by
         * leaving it out (`CloudServiceUpdate` in 2021-03-01). Where Azure should merge instead, the tag stays, which whoever
         * reads it back sees.
         */
        writeTags: async (service, changes) => {
            await unchanged(service, ['tags']);
            const tags = Object.fromEntries(Object.entries({ ...service.tags, ...changes }).filter(([, value]) => value !== null));
            await write({
                method: 'PATCH',
                what: `The change of the tags of cloud service ${service.ref.name}`,
                path: pathOf(service.ref),
                apiVersion: COMPUTE,
                body: { tags },
                signal: new AbortController().signal, // a few seconds, and half a write helps nobody
            });
        },
        walk: (ref, domain, signal) => write({
            method: 'PUT',
            what: `The walk of update domain ${domain} of cloud service ${ref.name}`,
            path: `${pathOf(ref)}/updateDomains/${domain}`,
            apiVersion: COMPUTE,
            body: {},
            signal,
        }),
        /**
         * Into the slot that the service was not in when it was read: the same again, after an answer that was lost, does
         * nothing. Not sent while one of the two is seen to be in transition.
         */
        swapAddresses: async (service, signal) => {
            if (service.slotType === null)
                throw notSent(`Cloud service ${service.ref.name} is in no slot: it has nothing to swap with.`);
            await requireAtRest(service);
            const slotType = service.slotType === 'Production' ? 'Staging' : 'Production';
            await write({
                method: 'PUT',
                what: `The VIP swap of cloud service ${service.ref.name}`,
                path: `${pathOf(service.ref)}/${SLOT}`,
                apiVersion: NETWORK,
                body: { properties: { slotType } },
                signal,
            });
        },
    };
}
/** With the status that Azure has for the same thing where a resource has ETags. */
function changed({ ref }, how) {
    return notSent(`Cloud service ${ref.name} is not as it was read: ${how}.`, 412);
}
function notSent(message, status = null) {
    return new errors/* AzureError */.M6(message, { status, code: null, correlationId: null, outcomeUnknown: false });
}

// EXTERNAL MODULE: ./lib/clock.js
var lib_clock = __webpack_require__(35233);
;// CONCATENATED MODULE: ./lib/azure/credential-errors.js
// What Entra said when it refused, in words that tell the next action.



const ENTRA_CODE = /AADSTS\d+/;
const SUBJECT_MISMATCH = {
    meaning: "no federated credential of the application matches this job's OIDC token",
    advice: [
        "Compare issuer, subject and audience in the message with the application's federated credentials (Entra: App registrations, Certificates & secrets).",
        'A job with an environment has the subject "repo:OWNER/REPO:environment:NAME", one without has its branch or tag: "repo:OWNER/REPO:ref:refs/heads/main". Every phase\'s job needs a match.',
    ],
};
/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REFUSALS = {
    AADSTS70021: SUBJECT_MISMATCH,
    AADSTS700213: SUBJECT_MISMATCH,
    AADSTS700211: {
        meaning: "no federated credential of the application has this token's issuer",
        advice: [
            'On github.com the issuer is https://token.actions.githubusercontent.com; GitHub Enterprise Server has its own.',
        ],
    },
    AADSTS700212: {
        meaning: "no federated credential of the application has this token's audience",
        advice: ['The audience is api://AzureADTokenExchange in the public cloud; others have their own.'],
    },
    AADSTS700024: {
        meaning: 'the login assertion that was used has expired (they live five minutes)',
        advice: [
            'Give the inputs tenant-id and client-id, so that the action mints its own assertions, instead of azure/login.',
            'On a self-hosted runner also check the clock.',
        ],
    },
    AADSTS7000215: {
        meaning: 'the client secret is wrong (its id was given instead of its value, or it was rotated)',
        advice: [
            "Put the secret's value, not its id, into AZURE_CLIENT_SECRET; or use GitHub OIDC, which has no secret.",
        ],
    },
    AADSTS7000222: {
        meaning: 'the client secret has expired',
        advice: ['Create a new one, or use GitHub OIDC, which has no secret.'],
    },
    AADSTS700016: {
        meaning: 'the application is not known in this tenant',
        advice: ['Check client-id (the application id, not the object id) and tenant-id.'],
    },
    AADSTS90002: {
        meaning: 'the tenant does not exist',
        advice: ['Check tenant-id, and azure-environment (each cloud has its own tenants).'],
    },
};
const OTHER = {
    meaning: 'Entra refused the login',
    advice: ['Look the code up: https://login.microsoftonline.com/error'],
};
/** Entra is busy, or something behind it is: nothing was judged. */
const FOR_NOW = ['AADSTS90006', 'AADSTS90033', 'AADSTS90055'];
/** The same in the words of OAuth 2.0 (RFC 6749, 4.1.2.1), which stand before Entra's own text. */
const FOR_NOW_BY_OAUTH = /^(temporarily_unavailable|server_error)\b/;
/** Of MSAL, which keeps to itself what was answered. */
const NO_ENDPOINTS = /endpoints_resolution_error/;
/** These are used because they are set up: that they do not work is never that they are missing. */
const GIVEN = ['github-oidc', 'client-secret'];
/** Whether a credential says "I am not set up here". The CLI's says so too where Entra refused it: see the code. */
function isUnavailable(error, kind) {
    if (GIVEN.includes(kind))
        return false; // the SDKs call an authority that does not answer "unavailable", too
    return (error instanceof Error && error.name === 'CredentialUnavailableError' && !ENTRA_CODE.test(error.message));
}
/**
 * UpgradeError 'credentials-refused' where Entra has judged; AzureError where it did not answer, or not now.
 * @param answer the last one that held no token, where it was seen: what was thrown does not always tell it
 */
function entraError(error, kind, authority, answer = null) {
    if (error instanceof reasons/* UpgradeError */.fy)
        return error;
    const text = credential_errors_textOf(error);
    const code = ENTRA_CODE.exec(text)?.[0];
    if (code === undefined || FOR_NOW.includes(code) || FOR_NOW_BY_OAUTH.test(text)) {
        const where = NO_ENDPOINTS.test(text)
            ? `${authority} did not describe the tenant: is it reached from here, and is tenant-id right?`
            : `No token from ${authority}`;
        return new errors/* AzureError */.M6(`${where} (${kind}${answeredWith(answer, text)}): ${text}`, {
            status: null,
            code: null,
            correlationId: correlationIdIn(text) ?? answer?.correlationId ?? null,
            outcomeUnknown: false,
            cause: error,
        });
    }
    const { meaning, advice } = REFUSALS[code] ?? OTHER;
    return new reasons/* UpgradeError */.fy('credentials-refused', `${code}: ${meaning} (${kind}). Entra said: ${text}`, {
        advice,
        cause: error,
    });
}
/** What the text does not tell already. */
function answeredWith(answer, text) {
    if (answer === null)
        return '';
    const said = text.includes(answer.said) ? '' : ` ${answer.said}`;
    return `, answered HTTP ${answer.status}${said}`;
}
/** Entra's own description where the SDK kept it, else what the SDK made of it; on one line. */
function credential_errors_textOf(error) {
    const { errorResponse } = (error ?? {});
    const text = errorResponse?.errorDescription ?? (0,message_of/* messageOf */.b)(error);
    return text.replace(/\s+/g, ' ').trim();
}
function correlationIdIn(text) {
    return /correlation id: ([0-9a-f-]{36})/i.exec(text)?.[1] ?? null;
}

;// CONCATENATED MODULE: ./lib/azure/credentials-missing.js
// No way to sign in was given whole: which part is missing comes first, what the last ways said themselves is a cause.

/** From the inputs, else from the environment; null where neither has it. */
function namedIdentity({ tenantId, clientId, variables }) {
    return {
        tenantId: tenantId || variables.AZURE_TENANT_ID || null,
        clientId: clientId || variables.AZURE_CLIENT_ID || null,
    };
}
/** @param tried what managed identity and Azure CLI said, which nobody meant who forgot a line of the workflow. */
function credentialsMissing(given, tried) {
    const part = missingPart(given);
    return new reasons/* UpgradeError */.fy('credentials-missing', part ? `There are no credentials for Azure: ${part.what}` : 'There are no credentials for Azure', {
        cause: tried.length > 1 ? new AggregateError(tried) : tried[0],
        advice: [
            ...(part ? [part.advice] : []),
            'GitHub OIDC (recommended): give the inputs tenant-id and client-id, and the job "permissions: id-token: write".',
            'Client secret: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment.',
            'Managed identity: run on a self-hosted runner in Azure that has one (client-id names a user-assigned one).',
            'Azure CLI: run "az login" (or azure/login) before.',
        ],
    });
}
/** Of GitHub OIDC, the way that is meant where any of it is there; null where nothing is. */
function missingPart(given) {
    const { tenantId, clientId } = namedIdentity(given);
    if (tenantId !== null && clientId !== null) {
        return {
            what: 'tenant-id and client-id are given, but this job has no OIDC token of GitHub',
            advice: 'Add "permissions: id-token: write" to the job.',
        };
    }
    const isMeant = tenantId !== null || clientId !== null || given.mintIdToken !== null;
    if (!isMeant)
        return null;
    const empty = [
        ...(tenantId === null ? ['tenant-id'] : []),
        ...(clientId === null ? ['client-id'] : []),
    ].join(' and ');
    return {
        what: `${empty} ${empty.includes(' and ') ? 'are' : 'is'} empty`,
        advice: `Give ${empty}. Variables of an environment are there only in jobs that name that environment.`,
    };
}

;// CONCATENATED MODULE: ./lib/azure/token-answers.js
const LONGEST_WORDS = 500;
function createTokenAnswers() {
    let last = null;
    return {
        policy: {
            name: 'tokenAnswers',
            sendRequest: async (request, next) => {
                const response = await next(request);
                last = response.status < 400 ? null : answerIn(response);
                return response;
            },
        },
        forget: () => {
            last = null;
        },
        last: () => last,
    };
}
/** As RFC 6749 (5.2) has it, with what Entra adds to it. */
function answerIn({ status, bodyAsText }) {
    const { error, error_description: description, correlation_id: id } = parsed(bodyAsText ?? '');
    const text = [description, error].find((one) => typeof one === 'string' && one !== '') ?? '';
    const said = String(text).replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);
    const named = /correlation id: ([0-9a-f-]{36})/i.exec(said)?.[1] ?? null;
    const correlationId = typeof id === 'string' ? id : named;
    const isNamed = correlationId === null || named !== null;
    return { status, said: isNamed ? said : `${said} Correlation ID: ${correlationId}`.trim(), correlationId };
}
function parsed(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null ? { ...value } : {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./lib/azure/token-patience.js

/** One try; then the next one is begun. Milliseconds. */
const token_patience_ANSWER_WITHIN_MS = 20_000;
/** No try is begun later than this after the first. Milliseconds. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/**
 * Asks again as long as it throws AzureErrors, which is what no answer and a busy Entra are. Throws the last one, and at
 * once everything else; also where `signal` is aborted meanwhile.
 * @param signal of whoever waits
 */
async function withPatience(clock, asked, ask, signal) {
    const until = clock.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        try {
            return await inTime(clock, asked, ask);
        }
        catch (error) {
            if (!(error instanceof errors/* AzureError */.M6) || signal?.aborted || clock.now() + pause > until)
                throw error;
            await clock.sleep(pause);
        }
    }
}
async function inTime(clock, asked, ask) {
    const answered = new AbortController();
    asked.answers.forget();
    const tooLate = clock.sleep(token_patience_ANSWER_WITHIN_MS, answered.signal).then(() => {
        throw noToken(asked);
    });
    tooLate.catch(() => { }); // the answer came first
    try {
        return await Promise.race([ask(), tooLate]);
    }
    finally {
        answered.abort();
    }
}
/** The SDK still asks: it was put off, or nobody answers. */
function noToken({ from, answers }) {
    const last = answers.last();
    const within = `within ${token_patience_ANSWER_WITHIN_MS / 1000} s`;
    const why = last === null
        ? `no answer ${within}`
        : `none ${within}, it was answered HTTP ${last.status} ${last.said}`.trim();
    return new errors/* AzureError */.M6(`No token from ${from}: ${why}`, {
        status: null,
        code: null,
        correlationId: last?.correlationId ?? null,
        outcomeUnknown: false,
    });
}

;// CONCATENATED MODULE: ./lib/azure/credentials.js







/**
 * A token is used again until this long before it lapses. A new connection, and giving production back is often one, then needs
 * neither GitHub nor Entra. Milliseconds.
 */
const RENEW_BEFORE_MS = 5 * 60_000;
/**
 * The first way of these that is given: the job's OIDC token, a client secret, a managed identity, the Azure CLI.
 * `getToken` masks every token before it returns it, and throws UpgradeError 'credentials-missing' (with all four
 * ways) or 'credentials-refused' (with Entra's code and what to do), AzureError where Entra did not answer, or was busy,
 * for half a minute.
 */
function createCredential(settings) {
    const answers = createTokenAnswers();
    const newSource = () => lazy(() => chooseSource(settings, answers));
    let source = newSource();
    const { clock = lib_clock/* systemClock */.m, environment } = settings;
    const kept = new Map();
    async function getToken(scopes, options) {
        const scope = [scopes].flat().join(' ');
        const have = kept.get(scope);
        // With claims Azure asks for another one than the one it was shown.
        if (have && !options?.claims && have.expiresOnTimestamp - clock.now() > RENEW_BEFORE_MS)
            return have;
        const ask = () => askForToken(scopes, options);
        const asked = { from: environment.authority, answers };
        const token = await withPatience(clock, asked, ask, options?.abortSignal);
        kept.set(scope, token);
        return token;
    }
    async function askForToken(scopes, options) {
        const { kind, credential, tried } = await source();
        try {
            const token = await credential.getToken(scopes, options);
            if (token === null)
                throw credentialsMissing(settings, tried);
            settings.mask(token.token);
            return token;
        }
        catch (error) {
            if (isUnavailable(error, kind))
                throw credentialsMissing(settings, [...tried, error]);
            // After a 429 or 5xx MSAL asks nobody for a minute (ThrottlingUtils), longer than users are to wait: the next try has a client of its own.
            source = newSource();
            throw entraError(error, kind, environment.authority, answers.last());
        }
    }
    return {
        getToken,
        expiresAt: async () => {
            const { kind } = await source();
            // The CLI may hold the assertion of a login that ended; what it has now is all that is sure.
            if (kind !== 'azure-cli')
                return null;
            const token = await getToken((0,azure_environment/* scopeOf */.Od)(settings.environment.resourceManagerAudience));
            return new Date(token.expiresOnTimestamp);
        },
    };
}
async function chooseSource(settings, answers) {
    const { variables, environment, mask } = settings;
    const { tenantId, clientId } = namedIdentity(settings);
    const { mintIdToken, clock = lib_clock/* systemClock */.m } = settings;
    const isNamed = tenantId !== null && clientId !== null;
    const mint = mintIdToken !== null && isNamed ? mintedAhead(mintIdToken, clock) : null;
    const identity = await Promise.all(/* import() */[__webpack_require__.e(653), __webpack_require__.e(738), __webpack_require__.e(16)]).then(__webpack_require__.bind(__webpack_require__, 73016));
    const options = {
        authorityHost: environment.authority,
        disableInstanceDiscovery: environment.isCustom,
        additionalPolicies: [{ policy: answers.policy, position: 'perRetry' }],
    };
    if (mint !== null && tenantId !== null && clientId !== null) {
        const assertion = async () => {
            const token = await mint();
            mask(token);
            return token;
        };
        const credential = new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
        return { kind: 'github-oidc', credential, tried: [] };
    }
    const secret = variables.AZURE_CLIENT_SECRET;
    if (secret && tenantId !== null && clientId !== null) {
        mask(secret);
        return {
            kind: 'client-secret',
            credential: new identity.ClientSecretCredential(tenantId, clientId, secret, options),
            tried: [],
        };
    }
    const cli = new identity.AzureCliCredential(tenantId === null ? {} : { tenantId });
    if (!(await settings.hasManagedIdentity()))
        return { kind: 'azure-cli', credential: cli, tried: [] };
    const managed = new identity.ManagedIdentityCredential(clientId === null ? {} : { clientId });
    return firstAvailable(managed, cli, (0,azure_environment/* scopeOf */.Od)(environment.resourceManagerAudience));
}
/** An assertion lives five minutes: one that was asked for ahead is used within this time or not at all. */
const AHEAD_MS = 60_000;
/** The first is asked for at once: GitHub answers while Entra's client is being loaded. */
function mintedAhead(mint, clock) {
    const askedAt = clock.now();
    let first = mint();
    first.catch(() => { }); // told to whoever uses it
    return () => {
        const ahead = first;
        first = null;
        return ahead !== null && clock.now() - askedAt < AHEAD_MS ? ahead : mint();
    };
}
/** A GitHub-hosted runner is a machine of Azure's without an identity of the user's, so finding one is no proof. */
async function firstAvailable(managed, cli, scope) {
    try {
        await managed.getToken(scope);
        return { kind: 'managed-identity', credential: managed, tried: [] };
    }
    catch (error) {
        if (!isUnavailable(error, 'managed-identity'))
            throw error;
        return { kind: 'azure-cli', credential: cli, tried: [error] };
    }
}

;// CONCATENATED MODULE: ./lib/azure/managed-identity.js
/** Set where App Service, Functions, Arc, Service Fabric, Cloud Shell or AKS hand out identities. */
const VARIABLES = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'IMDS_ENDPOINT', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'];
/** The instance metadata service of Azure's machines; the address is the same everywhere. */
const METADATA_SERVICE = 'http://169.254.169.254/metadata/identity/oauth2/token';
const ANSWERS_WITHIN_MS = 1_000;
/**
 * Whether a managed identity may be had here. The metadata service answers at once, also to a request without its
 * header (with an error), and elsewhere nobody does; the SDK would try for half a minute.
 */
async function hasManagedIdentity(variables) {
    if (VARIABLES.some((name) => variables[name]))
        return true;
    try {
        await fetch(METADATA_SERVICE, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
        return true;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: external "node:dns/promises"
var promises_ = __webpack_require__(71553);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(77030);
;// CONCATENATED MODULE: ./lib/azure/name-resolution.js
// A name followed to its addresses by hand, so that each step of the chain can be shown: public name, Traffic
// Manager, the site that it chose.



const MAX_ALIASES = 8;
const QUERY = { timeout: 2_000, tries: 2 };
/** c-ares: NXDOMAIN. */
const NO_SUCH_NAME = 'ENOTFOUND';
/** c-ares: the name exists, without records of this type. */
const NO_RECORDS = 'ENODATA';
/**
 * Resolves names with the given servers (`address:port`; none: the system's), past all caches of this machine.
 * The function throws an Error where no server answered or one failed.
 */
function createNameResolver(servers) {
    return async (name) => {
        if ((0,external_node_net_.isIP)(name) !== 0)
            return { kind: 'resolved', chain: [name], addresses: [name] };
        // A resolver each time: one that had an error keeps away from that server for a while.
        const resolver = new promises_.Resolver(QUERY);
        if (servers.length > 0)
            resolver.setServers(servers);
        return follow(resolver, [name]);
    };
}
async function follow(resolver, chain) {
    const name = chain.at(-1) ?? '';
    const alias = await records(() => resolver.resolveCname(name), name);
    if (alias === null)
        return { kind: 'no-such-name', chain };
    const [target] = alias;
    if (target !== undefined) {
        if (chain.length > MAX_ALIASES)
            throw new Error(`${chain[0]}: more than ${MAX_ALIASES} aliases`);
        return follow(resolver, [...chain, target]);
    }
    const [v4, v6] = await Promise.all([
        records(() => resolver.resolve4(name), name),
        records(() => resolver.resolve6(name), name),
    ]);
    const addresses = [...(v4 ?? []), ...(v6 ?? [])];
    return addresses.length === 0 ? { kind: 'no-such-name', chain } : { kind: 'resolved', chain, addresses };
}
/** Null for NXDOMAIN, empty where the name has no such records. */
async function records(ask, name) {
    try {
        return await ask();
    }
    catch (error) {
        const { code } = error;
        if (code === NO_SUCH_NAME)
            return null;
        if (code === NO_RECORDS)
            return [];
        throw new Error(`${name} could not be resolved: ${code ?? (0,message_of/* messageOf */.b)(error)}`, { cause: error });
    }
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(37067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(44708);
;// CONCATENATED MODULE: ./lib/azure/web-request.js
// One GET over a connection of its own: nothing kept alive, no redirect followed, certificates checked against the
// name in the URL wherever the connection goes.




const MAX_BODY_BYTES = 64 * 1024;
const LONGEST_REASON = 500;
/** @param timeoutMs of the whole exchange, connecting included. Never throws. */
async function fetchOnce(url, route, clock, timeoutMs) {
    const ended = new AbortController();
    const timeout = new AbortController();
    clock.sleep(timeoutMs, ended.signal).then(() => timeout.abort(), () => { });
    try {
        const response = await send(url, route, timeout.signal);
        const body = await readBody(response);
        return { kind: 'answered', status: response.statusCode ?? 0, headers: flat(response), body };
    }
    catch (error) {
        return {
            kind: 'failed',
            why: timeout.signal.aborted ? `no answer within ${timeoutMs} ms` : reason(error),
        };
    }
    finally {
        ended.abort();
    }
}
function send(url, { addresses, port }, signal) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const options = {
        method: 'GET',
        host,
        port,
        path: `${url.pathname}${url.search}`,
        headers: { host: url.host, accept: '*/*', 'user-agent': 'rolling-upgrade', 'cache-control': 'no-cache' },
        signal,
        autoSelectFamily: true,
        ...goTo(host, addresses),
    };
    return new Promise((resolve, reject) => {
        const sent = url.protocol === 'http:'
            ? (0,external_node_http_.request)({ ...options, agent: new external_node_http_.Agent({ keepAlive: false }) }, resolve)
            : (0,external_node_https_.request)({
                ...options,
                agent: new external_node_https_.Agent({ keepAlive: false, maxCachedSessions: 0 }),
                // An IP address is no server name (RFC 6066).
                ...((0,external_node_net_.isIP)(host) === 0 ? { servername: host } : {}),
            }, resolve);
        sent.once('error', reject);
        // After "101 Switching Protocols" Node closes the connection and tells nobody but those who listen for this.
        sent.once('close', () => reject(new Error('the connection was closed without an answer')));
        sent.end();
    });
}
/** Node asks this instead of the system's resolver, so that Host header and certificate stay the URL's. */
function goTo(urlHost, addresses) {
    const [first] = addresses;
    if (first === undefined)
        return {};
    if ((0,external_node_net_.isIP)(first) === 0 || (0,external_node_net_.isIP)(urlHost) !== 0)
        return { host: first };
    const answers = addresses.map((address) => ({ address, family: (0,external_node_net_.isIP)(address) }));
    const [answer] = answers;
    return {
        lookup: (_host, options, callback) => {
            if (options.all)
                callback(null, answers);
            else
                callback(null, answer?.address ?? first, answer?.family ?? 4);
        },
    };
}
async function readBody(response) {
    const chunks = [];
    let size = 0;
    for await (const chunk of response) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MAX_BODY_BYTES)
            break; // leaving the loop destroys the stream
    }
    return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}
function flat(response) {
    return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
}
function reason(error) {
    if (error instanceof AggregateError)
        return error.errors.map(reason).join('; ');
    // A certificate of somebody else is quoted with all its names.
    return (0,message_of/* messageOf */.b)(error).slice(0, LONGEST_REASON);
}

;// CONCATENATED MODULE: ./lib/azure/public-web.js




const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 };
/**
 * The port PublicWeb. `resolve` throws an Error where no resolver answered, which is not "no such name"; `get`
 * never throws.
 */
function createPublicWeb(environment, clock) {
    const resolve = createNameResolver(environment.dnsServers);
    return {
        resolve,
        get: async (url, timeoutMs) => {
            const target = new URL(url);
            const resolution = await routeTo(target);
            if (resolution.kind === 'failed')
                return resolution;
            const { chain, route } = resolution;
            const answer = await fetchOnce(target, route, clock, timeoutMs);
            return { ...answer, chain };
        },
    };
    async function routeTo(target) {
        const host = target.hostname.replace(/^\[|\]$/g, '');
        const port = Number(target.port) || (DEFAULT_PORTS[target.protocol] ?? 443);
        // A name with a way of its own needs no resolver.
        const mapped = mappedRoute(host, port);
        if (mapped !== null)
            return { kind: 'found', chain: [host], route: mapped };
        const resolution = await resolveOrFailure(host);
        if (resolution.kind === 'failed')
            return resolution;
        const { chain } = resolution;
        const canonical = chain.at(-1) ?? host;
        const route = mappedRoute(canonical, port);
        if (route !== null)
            return { kind: 'found', chain, route };
        if (resolution.kind === 'no-such-name')
            return { kind: 'failed', why: `${canonical}: no such name`, chain };
        return { kind: 'found', chain, route: { addresses: resolution.addresses, port } };
    }
    function mappedRoute(host, port) {
        const reached = (0,azure_environment/* reachedAt */.i2)(environment, host, port);
        if (reached === `${host}:${port}`)
            return null;
        const { hostname, port: reachedPort } = new URL(`tcp://${reached}`);
        return { addresses: [hostname.replace(/^\[|\]$/g, '')], port: Number(reachedPort) };
    }
    async function resolveOrFailure(host) {
        try {
            return await resolve(host);
        }
        catch (error) {
            return { kind: 'failed', why: (0,message_of/* messageOf */.b)(error), chain: [host] };
        }
    }
}

;// CONCATENATED MODULE: ./lib/azure/scale-sets-images.js


/** Null where the reference names nothing, or only half of a platform image. */
function imageOf(reference) {
    if (reference === undefined)
        return null;
    const { id, sharedGalleryImageId, communityGalleryImageId, publisher, offer, sku, version } = reference;
    const named = id || sharedGalleryImageId || communityGalleryImageId;
    if (named)
        return named;
    const parts = [publisher, offer, sku, version];
    return parts.every(Boolean) ? parts.join(':') : null;
}
function imageReferenceOf(image) {
    if (/^\/SharedGalleries\//i.test(image))
        return { sharedGalleryImageId: image };
    if (/^\/CommunityGalleries\//i.test(image))
        return { communityGalleryImageId: image };
    const [publisher, offer, sku, version] = image.split(':');
    if (image.startsWith('/') || !publisher || !offer || !sku || !version)
        return { id: image };
    return { publisher, offer, sku, version };
}
/** See ScaleSets.imageExists. Throws AzureError where Azure does not say (no right to read the gallery). */
async function imageExists(image, location, clientOf) {
    const reference = imageReferenceOf(image);
    const found = await requestOrNull(async () => {
        if (reference.publisher !== undefined)
            return isPlatformImage(reference, location, await clientOf(null));
        if (reference.id === undefined)
            return isOfForeignGallery(image, location, await clientOf(null));
        return isOwnImage(image, location, await clientOf((0,resource_id/* partOf */.B)(image, 'subscriptions')));
    });
    return found ?? false;
}
/** As in northeurope, whether Azure says "North Europe" or not. */
function regionName(location) {
    return location.toLowerCase().replaceAll(' ', '');
}
async function isPlatformImage({ publisher = '', offer = '', sku = '', version = '' }, location, { virtualMachineImages }) {
    const region = regionName(location);
    if (version.toLowerCase() !== 'latest') {
        await virtualMachineImages.get(region, publisher, offer, sku, version);
        return true;
    }
    return (await virtualMachineImages.list(region, publisher, offer, sku, { top: 1 })).length > 0;
}
/** Ids without a subscription: what others share is shared for a region. */
async function isOfForeignGallery(image, location, client) {
    const region = regionName(location);
    const [name, version] = [(0,resource_id/* partOf */.B)(image, 'Images'), (0,resource_id/* partOf */.B)(image, 'Versions')];
    const [shared, community] = [(0,resource_id/* partOf */.B)(image, 'SharedGalleries'), (0,resource_id/* partOf */.B)(image, 'CommunityGalleries')];
    if (name === null || version === null)
        return false;
    if (shared !== null)
        await client.sharedGalleryImageVersions.get(region, shared, name, version);
    else
        await client.communityGalleryImageVersions.get(region, community ?? '', name, version);
    return true;
}
async function isOwnImage(id, location, client) {
    const [group, gallery, name, version] = ['resourceGroups', 'galleries', 'images', 'versions'].map((part) => (0,resource_id/* partOf */.B)(id, part));
    if (group == null || name == null)
        return false;
    if (gallery == null) {
        const image = await client.images.get(group, name);
        return regionName(image.location) === regionName(location);
    }
    if (version == null)
        return hasUsableVersion(client, [group, gallery, name], location);
    const expand = 'ReplicationStatus';
    return isReplicated(await client.galleryImageVersions.get(group, gallery, name, version, { expand }), location);
}
/** Of an id that leaves the choice of the version to Azure. */
async function hasUsableVersion({ galleryImageVersions }, [group, gallery, name], location) {
    for await (const version of galleryImageVersions.listByGalleryImage(group, gallery, name))
        if (isReplicated(version, location))
            return true;
    return false;
}
function isReplicated(version, location) {
    const { replicationStatus, publishingProfile, provisioningState } = version;
    const isHere = (region) => regionName(region ?? '') === regionName(location);
    const replica = replicationStatus?.summary?.find(({ region }) => isHere(region));
    if (replica !== undefined)
        return replica.state === 'Completed';
    // A list tells no status; then what was asked of the gallery, and that it has done it.
    if (replicationStatus?.summary !== undefined || provisioningState !== 'Succeeded')
        return false;
    return (publishingProfile?.targetRegions ?? []).some(({ name }) => isHere(name));
}

;// CONCATENATED MODULE: ./lib/azure/scale-sets-resources.js

const HEALTH = new Set([
    'healthy',
    'unhealthy',
    'initializing',
    'unknown',
]);
function scaleSetOf(set, ref, automaticRepairs) {
    const { sku, virtualMachineProfile, upgradePolicy } = set;
    return {
        id: set.id ?? '',
        ref,
        location: set.location,
        orchestration: orchestrationOf(set),
        upgradeMode: upgradePolicy?.mode ?? null,
        provisioningState: set.provisioningState ?? 'Unknown',
        capacity: sku?.capacity ?? 0,
        model: {
            sku: { name: sku?.name ?? '', tier: sku?.tier ?? null },
            image: imageOf(virtualMachineProfile?.storageProfile?.imageReference),
            extensions: Object.fromEntries(extensionsIn(set).map((extension) => [extension.name ?? '', extensionOf(extension)])),
        },
        etag: set.etag ?? null,
        tags: set.tags ?? {},
        tellsHealth: tellsHealth(set),
        automaticRepairs,
    };
}
function orchestrationOf(set) {
    return set.orchestrationMode === 'Flexible' ? 'Flexible' : 'Uniform';
}
function extensionsIn(set) {
    return set.virtualMachineProfile?.extensionProfile?.extensions ?? [];
}
/** @param services as the instance view has them; null where there is none to be had (Flexible) */
function automaticRepairsOf(set, services) {
    if (set.automaticRepairsPolicy?.enabled !== true)
        return 'none';
    const service = services?.find(({ serviceName }) => serviceName === 'AutomaticRepairs');
    return service?.serviceState === 'Suspended' ? 'suspended' : 'running';
}
function uniformInstance(vm) {
    return instanceOf(vm, vm, vm.instanceView?.platformUpdateDomain ?? null);
}
/** Whatever a machine's view says of update domains: a Flexible set has none. */
function flexibleInstance(vm, machine) {
    return instanceOf(vm, machine, null);
}
function instanceOf(vm, machine, updateDomain) {
    const { instanceView: view, storageProfile } = machine;
    const health = view?.vmHealth?.status;
    return {
        id: vm.instanceId ?? vm.name ?? '',
        updateDomain,
        faultDomain: view?.platformFaultDomain ?? null,
        zone: vm.zones?.[0] ?? machine.zones?.[0] ?? null,
        exactVersion: storageProfile?.imageReference?.exactVersion ?? null,
        latestModelApplied: vm.latestModelApplied ?? null,
        skuName: vm.sku?.name ?? machine.hardwareProfile?.vmSize ?? null,
        extensions: extensionsOn(machine.resources ?? vm.resources),
        provisioningState: machine.provisioningState ?? 'Unknown',
        powerState: powerState(view?.statuses ?? []),
        health: healthOf(health?.code),
        healthAt: health?.time ?? null,
        isProtected: vm.protectionPolicy?.protectFromScaleSetActions === true,
    };
}
/** Null where Azure names none at all, which is not the same as having none. */
function extensionsOn(resources) {
    if (resources === undefined)
        return null;
    const told = resources.flatMap(({ name, typeHandlerVersion, settings }) => name && typeHandlerVersion ? [[name, { typeHandlerVersion, settings: settings ?? null }]] : []);
    return Object.fromEntries(told);
}
/** Absent: no extension, or one that has told nothing yet. A code that is not known proves no health either. */
function healthOf(code) {
    if (code === undefined)
        return 'none';
    const state = afterPrefix(code);
    return isHealth(state) ? state : 'unknown';
}
const isHealth = (state) => HEALTH.has(state);
function powerState(statuses) {
    const status = statuses.find(({ code }) => /^PowerState\//i.test(code ?? ''));
    return status?.code === undefined ? 'unknown' : afterPrefix(status.code);
}
/** "healthy" of HealthState/Healthy: Azure's own tools do not agree on the case. */
const afterPrefix = (code) => code.slice(code.lastIndexOf('/') + 1).toLowerCase();
/** A health extension, or the probe of a load balancer. */
function tellsHealth(set) {
    const probe = set.virtualMachineProfile?.networkProfile?.healthProbe?.id;
    if (probe)
        return true;
    return extensionsIn(set).some((extension) => /^ApplicationHealth(Linux|Windows)$/i.test(extensionOf(extension).type));
}
/** The SDK keeps `type` for the type of the resource. */
function extensionOf({ publisher = '', typePropertiesType: type = '', typeHandlerVersion = '', settings, }) {
    return { publisher, type, typeHandlerVersion, settings: settings ?? {} };
}

;// CONCATENATED MODULE: ./lib/azure/scale-sets-change.js


/** @param current the set as Azure has it; needed only where extensions change */
function patchOf(set, change, current) {
    const { skuName, upgradeMode, tags } = change;
    const virtualMachineProfile = profileChange(change, current);
    return {
        // Azure wants name and capacity together; that nobody scaled in between is what the ETag sees to.
        ...(skuName === undefined ? {} : { sku: { name: skuName, capacity: set.capacity } }),
        ...(upgradeMode === undefined ? {} : { upgradePolicy: { mode: upgradeMode } }),
        ...(tags === undefined ? {} : { tags: changedTags(set.tags, tags) }),
        ...(virtualMachineProfile === undefined ? {} : { virtualMachineProfile }),
    };
}
/** What of a change the set does not show after it was written: PATCHes are merged, and not only by our rules. */
function notCarriedOut(change, { model, tags }) {
    const { skuName, image, extensions = {} } = change;
    const wrong = [];
    // Of a record in several tags, one that stays makes it unreadable.
    for (const [name, wanted] of Object.entries(change.tags ?? {})) {
        if ((memberOf(tags, name) ?? null) === wanted)
            continue;
        wrong.push(`tag ${name} ${wanted === null ? 'still there' : 'not as it was written'}`);
    }
    if (skuName !== undefined && !scale_sets_change_sameName(skuName, model.sku.name))
        wrong.push(`size ${model.sku.name} instead of ${skuName}`);
    if (image !== undefined && !scale_sets_change_sameName(image, model.image ?? ''))
        wrong.push(`image ${model.image ?? 'unnamed'} instead of ${image}`);
    for (const [name, wanted] of Object.entries(extensions)) {
        const found = memberOf(model.extensions, name)?.typeHandlerVersion ?? null;
        const version = wanted?.typeHandlerVersion ?? null;
        if (found !== version)
            wrong.push(`extension ${name} ${found ?? 'not there'} instead of ${version ?? 'removed'}`);
    }
    return wrong;
}
function profileChange({ image, extensions }, current) {
    if (image === undefined && extensions === undefined)
        return undefined;
    return {
        ...(image === undefined ? {} : { storageProfile: { imageReference: imageReferenceOf(image) } }),
        ...(extensions === undefined || current === null
            ? {}
            : { extensionProfile: { extensions: changedExtensions(extensionsIn(current), extensions) } }),
    };
}
/** The whole list, since a PATCH replaces lists: whoever is left out of it is removed. */
function changedExtensions(current, changes) {
    const kept = current.flatMap((extension) => {
        const change = memberOf(changes, extension.name ?? '');
        if (change === null)
            return [];
        return { ...withoutSecrets(extension), ...(change === undefined ? {} : sdkExtension(change)) };
    });
    const added = Object.entries(changes).flatMap(([name, extension]) => extension === null || current.some((each) => scale_sets_change_sameName(each.name ?? '', name))
        ? []
        : { name, ...sdkExtension(extension) });
    return [...kept, ...added];
}
/** Protected settings that are not sent stay; sent as the null or {} that Azure shows of them, they would be wiped. */
function withoutSecrets({ protectedSettings: _, provisioningState: __, ...extension }) {
    return extension;
}
function sdkExtension({ type, settings, ...extension }) {
    return { ...extension, typePropertiesType: type, settings: { ...settings } };
}
/** Tags are replaced as a whole, so those that stay are sent too. Azure does not tell tags apart by case. */
function changedTags(before, changes) {
    const kept = Object.entries(before).filter(([name]) => memberOf(changes, name) === undefined);
    const set = Object.entries(changes).filter((entry) => entry[1] !== null);
    return Object.fromEntries([...kept, ...set]);
}
function memberOf(record, name) {
    return Object.entries(record).find(([key]) => scale_sets_change_sameName(key, name))?.[1];
}
function scale_sets_change_sameName(one, other) {
    return one.toLowerCase() === other.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/azure/scale-sets-cores.js



/**
 * Sizes by the list of a region, which says what each counts against the quota. Azure recommends its list of SKUs
 * instead, which is much longer, and needs a right that Virtual Machine Contributor does not have. Once is enough.
 */
function createCores(client) {
    const sizes = new Map();
    function sizesIn(region) {
        const listed = sizes.get(region) ?? list(region);
        sizes.set(region, listed);
        return listed;
    }
    async function list(region) {
        try {
            const { virtualMachineSizes } = await client();
            return await arm_client_all(() => virtualMachineSizes.list(region));
        }
        catch (error) {
            sizes.delete(region);
            throw error;
        }
    }
    return {
        coreUsage: async (location) => {
            const { usage } = await client();
            const usages = await arm_client_all(() => usage.list(regionName(location)));
            const cores = usages.find(({ name }) => name.value?.toLowerCase() === 'cores');
            if (cores !== undefined)
                return { used: cores.currentValue, limit: cores.limit };
            throw new reasons/* UpgradeError */.fy('azure-error', `Azure tells no usage of cores in ${location}.`);
        },
        coresOf: async (size, location) => {
            const found = (await sizesIn(regionName(location))).find(({ name }) => name?.toLowerCase() === size.toLowerCase());
            return found?.numberOfCores ?? null;
        },
    };
}

// EXTERNAL MODULE: ./lib/azure/scale-sets-secrets.js
var scale_sets_secrets = __webpack_require__(59491);
;// CONCATENATED MODULE: ./lib/azure/scale-sets.js










/** Machines of a Flexible set are asked one by one; Azure throttles reads by subscription. */
const MACHINES_AT_ONCE = 8;
/** The port ScaleSets over @azure/arm-compute. Every method throws AzureError. */
function createScaleSets(context, mask) {
    const connect = async (subscriptionId) => {
        const { ComputeManagementClient } = await Promise.all(/* import() */[__webpack_require__.e(850), __webpack_require__.e(280)]).then(__webpack_require__.bind(__webpack_require__, 72280));
        return equip(new ComputeManagementClient(context.credential, subscriptionId, clientOptions(context)), context);
    };
    const client = lazy(() => connect(context.subscriptionId));
    async function read({ resourceGroup, name }) {
        const { virtualMachineScaleSets } = await client();
        return requestOrNull(() => virtualMachineScaleSets.get(resourceGroup, name));
    }
    function masked(set) {
        for (const secret of (0,scale_sets_secrets/* secretsIn */.V)(set.model.extensions))
            mask(secret);
        return set;
    }
    async function get(ref) {
        const found = await read(ref);
        return found === null ? null : masked(scaleSetOf(found, ref, await automaticRepairs(found, ref)));
    }
    /** Whether they are suspended is in the instance view only, which a Flexible set does not have. */
    async function automaticRepairs(set, { resourceGroup, name }) {
        if (automaticRepairsOf(set, null) === 'none' || orchestrationOf(set) === 'Flexible')
            return automaticRepairsOf(set, null);
        const { virtualMachineScaleSets } = await client();
        const view = await request(() => virtualMachineScaleSets.getInstanceView(resourceGroup, name));
        return automaticRepairsOf(set, view.orchestrationServices ?? null);
    }
    async function changeModel(set, change) {
        const { ref, etag } = set;
        // Two runs that both hold the lease would be worse than none.
        if (etag === null)
            throw new reasons/* UpgradeError */.fy('azure-error', `Azure tells no ETag of ${ref.name}: it cannot be changed safely.`);
        const { virtualMachineScaleSets } = await client();
        const patch = patchOf(set, change, change.extensions === undefined ? null : await read(ref));
        const written = await longRunning({
            what: `The change of scale set ${ref.name}`,
            begin: async (options) => {
                const { resourceGroup, name } = ref;
                return {
                    poller: virtualMachineScaleSets.update(resourceGroup, name, patch, {
                        ...options,
                        ifMatch: etag,
                    }),
                };
            },
        });
        const after = masked(scaleSetOf(written, ref, set.automaticRepairs));
        const wrong = notCarriedOut(change, after);
        if (wrong.length > 0)
            throw writtenOtherwise(ref, wrong);
        return after;
    }
    async function listInstances(set) {
        const { virtualMachineScaleSetVMs } = await client();
        const { resourceGroup, name } = set.ref;
        const isUniform = set.orchestration === 'Uniform';
        const expand = isUniform ? { expand: 'instanceView' } : {};
        const found = await arm_client_all(() => virtualMachineScaleSetVMs.list(resourceGroup, name, expand));
        if (isUniform)
            return found.map(uniformInstance);
        const instances = [];
        for (let at = 0; at < found.length; at += MACHINES_AT_ONCE) {
            const some = found.slice(at, at + MACHINES_AT_ONCE);
            const looked = await Promise.all(some.map((vm) => withMachine(vm, resourceGroup)));
            instances.push(...looked.filter((instance) => instance !== null));
        }
        return instances;
    }
    /** Null for one that was removed since it was listed. */
    async function withMachine(vm, group) {
        const { virtualMachines } = await client();
        const resourceGroup = (0,resource_id/* partOf */.B)(vm.virtualMachineResourceId ?? '', 'resourceGroups') ?? group;
        const name = vm.instanceId ?? vm.name ?? '';
        const machine = await requestOrNull(() => virtualMachines.get(resourceGroup, name, { expand: 'instanceView' }));
        return machine === null ? null : flexibleInstance(vm, machine);
    }
    return {
        get,
        listInstances,
        changeModel,
        updateInstances: async ({ resourceGroup, name }, ids, signal) => {
            if (ids.length === 0)
                return;
            const { virtualMachineScaleSets } = await client();
            await longRunning({
                what: `The update of instances ${ids.join(', ')} of scale set ${name}`,
                begin: async (options) => {
                    signal.throwIfAborted();
                    const instances = { instanceIds: [...ids] };
                    return { poller: virtualMachineScaleSets.updateInstances(resourceGroup, name, instances, options) };
                },
                signal,
            });
        },
        platformUpgrade: async ({ resourceGroup, name }) => {
            const { virtualMachineScaleSetRollingUpgrades: upgrades } = await client();
            const latest = await requestOrNull(() => upgrades.getLatest(resourceGroup, name)).catch(nullIfNotAllowed);
            const { code, startTime } = latest?.runningStatus ?? {};
            return code === undefined ? null : { code, startedAt: startTime ?? null };
        },
        setAutomaticRepairs: async ({ resourceGroup, name }, state) => {
            const { virtualMachineScaleSets } = await client();
            const action = state === 'suspended' ? 'Suspend' : 'Resume';
            await longRunning({
                what: `${action} of the automatic repairs of scale set ${name}`,
                begin: async (options) => {
                    const service = { serviceName: 'AutomaticRepairs', action };
                    return {
                        poller: virtualMachineScaleSets.setOrchestrationServiceState(resourceGroup, name, service, options),
                    };
                },
            });
        },
        imageExists: (image, location) => imageExists(image, location, (subscriptionId) => subscriptionId === null || subscriptionId.toLowerCase() === context.subscriptionId.toLowerCase()
            ? client()
            : connect(subscriptionId)),
        ...createCores(client),
    };
}
/** A set that cannot have rolling upgrades has had none. */
function nullIfNotAllowed(error) {
    if (error instanceof errors/* AzureError */.M6 && error.status === 409 && error.code === 'OperationNotAllowed')
        return null;
    throw error;
}
function writtenOtherwise({ name }, wrong) {
    const message = `Scale set ${name} was written, but is not as it was to be: ${wrong.join('; ')}.`;
    return new errors/* AzureError */.M6(message, { status: null, code: null, correlationId: null, outcomeUnknown: true });
}

;// CONCATENATED MODULE: ./lib/azure/traffic-manager-document.js

/** The last segment of an endpoint's `type` is what tells them apart. */
const ENDPOINT_TYPES = {
    azure: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
    external: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
    nested: 'Microsoft.Network/trafficManagerProfiles/nestedEndpoints',
};
/** Throws AzureError where the answer lacks what users are led by: no endpoints told is not "there are none". */
function profileOf({ id, name, tags, ...document }) {
    const of = `of profile ${name}`;
    const properties = told(document.properties, `the properties ${of}`);
    const { dnsConfig, monitorConfig } = properties;
    return {
        id,
        name,
        status: told(properties.profileStatus, `the status ${of}`),
        routingMethod: told(properties.trafficRoutingMethod, `the routing method ${of}`),
        fqdn: told(dnsConfig?.fqdn, `the name in DNS ${of}`),
        ttlSeconds: told(dnsConfig?.ttl, `the time to live ${of}`),
        monitorStatus: monitorConfig?.profileMonitorStatus ?? null,
        monitorProtocol: monitorConfig?.protocol ?? null,
        monitorPort: monitorConfig?.port ?? null,
        monitorPath: monitorConfig?.path ?? null,
        endpoints: told(properties.endpoints, `the endpoints ${of}`).map(endpointOf),
        tags: tags ?? {},
    };
}
/** The document with endpoints changed, everything else as it was read; read-only monitor states left out. */
function withChangedEndpoints(document, changes) {
    const { monitorConfig, endpoints, ...properties } = document.properties;
    const { profileMonitorStatus: _, ...monitor } = monitorConfig ?? {};
    return {
        ...document,
        properties: {
            ...properties,
            ...(monitorConfig === undefined ? {} : { monitorConfig: monitor }),
            // A PUT without endpoints deletes them all.
            endpoints: told(endpoints, `the endpoints of profile ${document.name}`).map((endpoint) => changedEndpoint(endpoint, changes[endpoint.name])),
        },
    };
}
function changedEndpoint(endpoint, change) {
    const { endpointMonitorStatus: _, ...properties } = endpoint.properties;
    if (change === undefined)
        return { ...endpoint, properties };
    return {
        ...endpoint,
        properties: { ...properties, endpointStatus: change.status, priority: change.priority },
    };
}
function endpointOf({ name, type, ...document }) {
    const properties = told(document.properties, `the properties of endpoint ${name}`);
    return {
        name: told(name, 'the name of an endpoint'),
        type: endpointType(told(type, `the type of endpoint ${name}`)),
        status: told(properties.endpointStatus, `the status of endpoint ${name}`),
        monitorStatus: properties.endpointMonitorStatus ?? null,
        priority: properties.priority ?? null,
        target: properties.target ?? null,
        targetResourceId: properties.targetResourceId ?? null,
        location: properties.endpointLocation ?? null,
        alwaysServe: properties.alwaysServe ?? null,
    };
}
/** Azure answers with the casing it was given, so `AzureEndpoints` occurs as well. */
function endpointType(type) {
    const segment = type.toLowerCase();
    if (segment.endsWith('azureendpoints'))
        return 'azure';
    return segment.endsWith('nestedendpoints') ? 'nested' : 'external';
}

;// CONCATENATED MODULE: ./lib/azure/traffic-manager.js







const traffic_manager_API_VERSION = '2022-04-01';
/** A profile that was read longer ago is read again before it is written: locks are waited for meanwhile. Milliseconds. */
const FRESH_MS = 500;
const PATH_SEGMENTS = {
    azure: 'AzureEndpoints',
    external: 'ExternalEndpoints',
    nested: 'NestedEndpoints',
};
/** The port TrafficManager. Every method throws AzureError; writes also UpgradeError 'profile-changed', before they are sent. */
function createTrafficManager(context) {
    const arm = rawArm(context);
    const client = lazy(async () => {
        const { TrafficManagerManagementClient } = await Promise.all(/* import() */[__webpack_require__.e(160), __webpack_require__.e(874)]).then(__webpack_require__.t.bind(__webpack_require__, 29874, 19));
        return equip(new TrafficManagerManagementClient(context.credential, context.subscriptionId, clientOptions(context)), context);
    });
    const pathOf = ({ resourceGroup, profile }) => `${(0,resource_id/* resourceGroupPath */.d)(context.subscriptionId, resourceGroup)}/providers/Microsoft.Network/trafficManagerProfiles/${encodeURIComponent(profile)}`;
    async function read(ref) {
        return (await arm.get(pathOf(ref), traffic_manager_API_VERSION));
    }
    async function readExisting(ref) {
        const document = await read(ref);
        if (document === null)
            throw traffic_manager_changed(ref, ['it does not exist']);
        return document;
    }
    async function getProfile(ref) {
        const document = await read(ref);
        return document === null ? null : profileOf(document);
    }
    return {
        getProfile,
        createProfile: async (ref, { relativeName, ttlSeconds, monitor, endpoints, tags }) => {
            const { profiles } = await client();
            await request(() => profiles.createOrUpdate(ref.resourceGroup, ref.profile, {
                location: 'global',
                tags: { ...tags },
                profileStatus: 'Enabled',
                trafficRoutingMethod: 'Priority',
                dnsConfig: { relativeName, ttl: ttlSeconds },
                monitorConfig: { ...monitor },
                endpoints: endpoints.map((endpoint) => ({ name: endpoint.name, ...sdkEndpoint(endpoint) })),
            }));
            return profileOf(await readExisting(ref));
        },
        addEndpoint: async (ref, endpoint) => {
            // A PUT would silently replace an endpoint of this name, also one that serves users.
            const { endpoints } = profileOf(await readExisting(ref));
            if (endpoints.some(({ name }) => name.toLowerCase() === endpoint.name.toLowerCase())) {
                throw traffic_manager_changed(ref, [`endpoint ${endpoint.name} exists already`]);
            }
            const sdk = await client();
            const segment = PATH_SEGMENTS[endpoint.type];
            await request(() => sdk.endpoints.createOrUpdate(ref.resourceGroup, ref.profile, segment, endpoint.name, sdkEndpoint(endpoint)));
            return profileOf(await readExisting(ref));
        },
        openProfile: async (ref) => {
            const document = await readExisting(ref);
            const readAt = context.clock.now();
            const profile = profileOf(document);
            return {
                profile,
                write: async (changes, beforeSending = async () => { }) => {
                    const expected = wanted(profile.endpoints, changes);
                    const renew = async () => {
                        const now = await readExisting(ref);
                        // A write that was not answered properly may have been carried out.
                        const [sinceRead, sinceWrite] = [profile.endpoints, expected].map((endpoints) => differences(endpoints, profileOf(now).endpoints));
                        if (sinceRead?.length && sinceWrite?.length)
                            throw traffic_manager_changed(ref, sinceRead);
                        await beforeSending();
                        return withChangedEndpoints(now, changes);
                    };
                    const isFresh = Math.abs(context.clock.now() - readAt) <= FRESH_MS; // a clock may be set back
                    if (isFresh)
                        await beforeSending();
                    const body = isFresh ? withChangedEndpoints(document, changes) : await renew();
                    await arm.put(pathOf(ref), traffic_manager_API_VERSION, body, renew);
                    try {
                        const after = profileOf(await readExisting(ref));
                        const different = differences(expected, after.endpoints);
                        if (different.length > 0)
                            throw traffic_manager_changed(ref, different);
                        return after;
                    }
                    catch (error) {
                        throw written(error);
                    }
                },
            };
        },
        removeEndpoint: async (ref, { name, type }) => {
            const { endpoints } = await client();
            await request(() => endpoints.delete(ref.resourceGroup, ref.profile, PATH_SEGMENTS[type], name));
        },
    };
}
/** Whatever is wrong after the write: the write was carried out, and that it was refused must not be read from this. */
function written(error) {
    const { status, code, correlationId } = error instanceof errors/* AzureError */.M6 ? error : { status: null, code: null, correlationId: null };
    const why = (0,message_of/* messageOf */.b)(error);
    return new errors/* WrittenError */.uv(`The profile was written; reading it back: ${why}`, {
        status,
        code,
        correlationId,
        outcomeUnknown: true,
        cause: error,
    });
}
function sdkEndpoint(endpoint) {
    return {
        type: ENDPOINT_TYPES[endpoint.type],
        endpointStatus: endpoint.status,
        priority: endpoint.priority,
        ...(endpoint.target === null ? {} : { target: endpoint.target }),
        ...(endpoint.targetResourceId === null ? {} : { targetResourceId: endpoint.targetResourceId }),
        ...(endpoint.location === null ? {} : { endpointLocation: endpoint.location }),
    };
}
function wanted(expected, changes) {
    return expected.map((endpoint) => ({ ...endpoint, ...changes[endpoint.name] }));
}
/** Of what decides where users go. Monitor states change by themselves and are left out. */
function differences(expected, found) {
    const [expectedLines, foundLines] = [expected.map(summary), found.map(summary)];
    const missing = expectedLines.filter((line) => !foundLines.includes(line));
    const surplus = foundLines.filter((line) => !expectedLines.includes(line));
    return [...missing.map((line) => `expected ${line}`), ...surplus.map((line) => `found ${line}`)];
}
function summary({ name, type, status, priority, target }) {
    return `${name} (${type}, ${status}, priority ${priority ?? 'none'}, ${target?.toLowerCase() ?? 'no target'})`;
}
function traffic_manager_changed({ profile }, different) {
    return new reasons/* UpgradeError */.fy('profile-changed', `Traffic Manager profile ${profile} is not as it was read: ${different.join('; ')}.`, { advice: ['See who else changes this profile, then run the phase again: it reads the profile afresh.'] });
}

;// CONCATENATED MODULE: ./lib/azure/azure.js












/** Makes the clients. Nothing is asked of Azure, and no SDK is loaded, before it is needed. */
async function connectToAzure(settings) {
    const { environment, clock, mask, log = () => { }, variables = process.env } = settings;
    const credential = createCredential({
        ...settings,
        variables,
        hasManagedIdentity: () => hasManagedIdentity(variables),
    });
    const arm = { ...settings, credential, log, pacing: createPacing(clock) };
    const sql = lazy(async () => {
        const { createSqlConnector } = await Promise.all(/* import() */[__webpack_require__.e(160), __webpack_require__.e(653), __webpack_require__.e(768), __webpack_require__.e(25)]).then(__webpack_require__.bind(__webpack_require__, 71025));
        const { sqlLogin, runUrl = null } = settings;
        return createSqlConnector({ credential, environment, sqlLogin, runUrl, mask, clock, log });
    });
    return {
        sql: createSqlManagement(arm),
        tsql: {
            connect: async (target, signal) => (await sql()).connect(target, signal),
            commandEnvironment: async (target) => (await sql()).commandEnvironment(target),
        },
        trafficManager: createTrafficManager(arm),
        appService: createAppService(arm, mask),
        compute: {
            scaleSets: createScaleSets(arm, mask),
            cloudServices: createCloudServices(arm),
            autoscale: createAutoscale(arm),
        },
        authorization: createAuthorization(arm),
        web: createPublicWeb(environment, clock),
        credentialExpiresAt: () => credential.expiresAt(),
    };
}

// EXTERNAL MODULE: ./lib/action/github-run.js
var github_run = __webpack_require__(44891);
;// CONCATENATED MODULE: ./lib/azure/get-json.js
// One GET of JSON through the pipeline that the SDKs use, which asks a busy server again.

/**
 * Throws RestError where nobody answers.
 * @param proxy that it goes through; null: directly, whatever the environment says
 */
async function getJson(url, bearer, proxy) {
    const request = (0,esm/* createPipelineRequest */.G6)({
        url: url.href,
        headers: (0,esm/* createHttpHeaders */.Nc)({ accept: 'application/json', authorization: `Bearer ${bearer}` }),
        allowInsecureConnection: url.protocol === 'http:',
    });
    const pipeline = (0,esm/* createPipelineFromOptions */.Fp)(proxy === null ? {} : { proxyOptions: settingsOf(proxy) });
    if (proxy === null)
        pipeline.removePolicy({ name: 'proxyPolicy' });
    // It is no form, and the question loads all of Node's fetch.
    pipeline.removePolicy({ name: 'formDataPolicy' });
    const { status, bodyAsText } = await pipeline.sendRequest((0,esm/* createDefaultHttpClient */.fl)(), request);
    return { status, body: get_json_parsed(bodyAsText ?? '') };
}
function settingsOf({ protocol, hostname, port, username, password }) {
    const usual = protocol === 'https:' ? 443 : 80;
    return { host: `${protocol}//${hostname}`, port: port === '' ? usual : Number(port), username, password };
}
function get_json_parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/action/proxy.js
/** The proxy for a request to this URL; null where it goes directly. Throws where the variable holds no URL. */
function proxyFor(url, environment) {
    const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
    const given = variable(environment, name);
    if (given === '' || isLoopback(url.hostname) || isExempt(url, variable(environment, 'no_proxy')))
        return null;
    const text = /^https?:\/\//i.test(given) ? given : `http://${given}`;
    if (URL.canParse(text))
        return new URL(text);
    // It may hold a password.
    throw new Error(`The variable ${name} holds no URL of a proxy.`);
}
/** The small one counts where both are set. */
function variable(environment, name) {
    return environment[name] || environment[name.toUpperCase()] || '';
}
function isLoopback(host) {
    return /^(localhost$|127\.|\[::1\])/i.test(host);
}
/** By names and what ends with them, with or without a port; a star exempts everything. */
function isExempt({ hostname, port, protocol }, noProxy) {
    const host = hostname.toLowerCase();
    const hosts = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
    const names = noProxy
        .toLowerCase()
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
    return names.some((name) => name === '*' ||
        hosts.some((one) => one === name || one.endsWith(name.startsWith('.') ? name : `.${name}`)));
}

;// CONCATENATED MODULE: ./lib/action/id-token.js
// The token that GitHub gives a job about itself, to be exchanged at Microsoft Entra (documentation: "OpenID Connect
// reference", methods for requesting the OIDC token).


/**
 * How to mint one for an audience; null where the job may not (no `id-token: write`, or no job at all). Minting
 * throws an Error with the answer's status where it is refused. It goes through the runner's proxy, where there is one. Whoever mints one masks it.
 */
function idTokenMint(environment, audience) {
    const url = environment.ACTIONS_ID_TOKEN_REQUEST_URL;
    if (!url)
        return null;
    return () => requestIdToken(url, environment, audience);
}
async function requestIdToken(url, environment, audience) {
    const asked = new URL(url);
    asked.searchParams.set('audience', audience);
    const bearer = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '';
    const { status, body } = await getJson(asked, bearer, proxyFor(asked, environment));
    if (status >= 400)
        throw new Error(`The request for an ID token was answered ${status}.`);
    if (typeof body !== 'object' || body === null || !('value' in body) || typeof body.value !== 'string')
        throw new Error('The answer to the request for an ID token holds none.');
    return body.value;
}

// EXTERNAL MODULE: ./lib/action/phase-log.js
var phase_log = __webpack_require__(19194);
// EXTERNAL MODULE: ./lib/action/product.js
var product = __webpack_require__(90881);
;// CONCATENATED MODULE: ./lib/action/ingredients.js
// What a run is given whatever it upgrades: inputs, files, credentials, Azure, the log.







function fileOptions({ inputs, environment, masking }) {
    const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
    return { path: inputs.config, workspace, environment, mask: masking.mask };
}
function azureOf(from, sqlLogin) {
    const { inputs, environment, masking, log, clock } = from;
    const cloud = (0,azure_environment/* parseAzureEnvironment */.ak)(inputs.azureEnvironment);
    return connectToAzure({
        environment: cloud,
        subscriptionId: inputs.subscriptionId,
        tenantId: inputs.tenantId,
        clientId: inputs.clientId,
        mintIdToken: idTokenMint(environment, cloud.tokenExchangeAudience),
        mask: masking.mask,
        clock,
        userAgent: `${product/* PRODUCT */.A.name}/${product/* PRODUCT */.A.version} (run ${environment.GITHUB_RUN_ID ?? 'local'})`,
        runUrl: (0,github_run/* runUrl */.V)(environment),
        sqlLogin,
        log: (line) => log.debug(line),
    });
}
/** What procedures of every topology get. */
async function runOf({ environment, inputs, log, clock, parts }) {
    return {
        clock,
        log: (0,phase_log/* upgradeLog */.X)(log, clock, parts),
        runUrl: (0,github_run/* runUrl */.V)(environment),
        jobEndsAt: await (0,github_run/* jobEndsAt */.j)(environment, inputs.githubToken),
    };
}
function newId(clock) {
    return `${new Date(clock.now()).toISOString().slice(0, 16)}-${(0,external_node_crypto_.randomBytes)(3).toString('hex')}`;
}


/***/ }),

/***/ 9516:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gk: () => (/* binding */ namesServer),
/* harmony export */   Kp: () => (/* binding */ readSlotRoles),
/* harmony export */   YB: () => (/* binding */ servedSlot),
/* harmony export */   q: () => (/* binding */ sameName),
/* harmony export */   vS: () => (/* binding */ findEndpoint)
/* harmony export */ });
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94022);

/** Reads which slot is production. Throws 'production-slot-unclear'. */
async function readSlotRoles(config, azure) {
    if (config.switchMethod === 'slot-swap')
        return rolesFromConnectionStrings(config, azure);
    const profile = await readProfile(config, azure);
    const byEndpoint = profile ? rolesFromEndpoints(config, profile) : null;
    return byEndpoint ?? rolesFromDatabases(config, azure);
}
async function readProfile(config, azure) {
    return config.trafficManager ? azure.trafficManager.getProfile(config.trafficManager) : null;
}
function rolesFromEndpoints(config, profile) {
    const served = servedSlot(config, profile);
    if (!served)
        return null;
    const { slot, endpoint, standby } = served;
    const what = standby ? `, the standby of ${slot.name},` : '';
    return roles(config, slot, `endpoint "${endpoint.name}" of profile ${profile.name}${what} is online`);
}
/**
 * Where Priority routing sends users: of the slots' endpoints that are enabled, in both regions, the one with the
 * lowest priority. The one place that decides it; null where none is enabled.
 */
function servedSlot(config, profile) {
    const enabled = config.slots
        .flatMap((slot) => [
        { slot, endpoint: findEndpoint(profile, slot), standby: false },
        { slot, endpoint: slot.backup && findEndpoint(profile, slot.backup), standby: true },
    ])
        .filter((candidate) => candidate.endpoint?.status === 'Enabled');
    const rank = ({ endpoint }) => endpoint.priority ?? Number.MAX_SAFE_INTEGER;
    return enabled.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}
/** Before there is a profile: production is the slot that has the databases, or is their geo-primary. */
async function rolesFromDatabases(config, azure) {
    const database = config.databases[0] ?? '';
    const candidates = [];
    for (const slot of config.slots) {
        const ref = { resourceGroup: slot.sqlResourceGroup, server: slot.sqlServer, database };
        if (!(await azure.sql.getDatabase(ref)))
            continue;
        const links = await azure.sql.listLinks(ref);
        const other = config.slots.find((candidate) => candidate !== slot);
        const secondaryOfOther = links.some((link) => link.role !== 'Primary' && sameName(link.partnerServer, other?.sqlServer ?? ''));
        if (!secondaryOfOther)
            candidates.push(slot);
    }
    const only = candidates.length === 1 ? candidates[0] : undefined;
    if (only)
        return roles(config, only, `database ${database} is on ${only.sqlServer}`);
    if (candidates.length === 0)
        throw nowhere(config, database);
    throw unclear(config, `both servers have a writable database ${database} and no endpoint of the profile is enabled`);
}
/** With slot swaps the production site's own connection strings say which server users are on. */
async function rolesFromConnectionStrings(config, azure) {
    const [first] = config.slots;
    const site = {
        resourceGroup: first.webAppResourceGroup,
        site: first.webApp,
        deploymentSlot: null,
    };
    const strings = await azure.appService.listConnectionStrings(site);
    const settings = await azure.appService.listAppSettings(site);
    const texts = [...Object.values(strings).map((string) => string.value), ...Object.values(settings)];
    const named = config.slots.filter((slot) => texts.some((text) => namesServer(text, slot.sqlServer)));
    const only = named.length === 1 ? named[0] : undefined;
    if (only)
        return roles(config, only, `the production site of ${site.site} is connected to ${only.sqlServer}`);
    throw unclear(config, named.length === 0
        ? `no connection string or setting of ${site.site} names one of the slots' SQL servers`
        : `connection strings and settings of ${site.site} name both SQL servers`);
}
/** Whether a connection string names this logical server: its fully qualified name begins with "server." */
function namesServer(text, server) {
    const pattern = server.replace(/[^a-z0-9-]/gi, '');
    return new RegExp(`(^|[^a-z0-9-])${pattern}\\.`, 'i').test(text);
}
/** The slot's endpoint in the profile, by the configured name. */
function findEndpoint(profile, slot) {
    return profile.endpoints.find((endpoint) => sameName(endpoint.name, slot.endpoint.name)) ?? null;
}
/** Azure compares names without case. */
function sameName(a, b) {
    return a.toLowerCase() === b.toLowerCase();
}
function roles(config, production, evidence) {
    const stage = config.slots.find((slot) => slot !== production) ?? config.slots[1];
    return { production, stage, evidence };
}
/** Whoever made one slot production now would move users: it is the names that are wrong. */
function nowhere({ slots }, database) {
    const servers = slots.map(({ sqlServer }) => sqlServer).join(' nor on ');
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('resource-not-found', `It cannot be told which slot users are on: the database ${database} is neither on ${servers}`, {
        advice: [
            'Look at subscription-id, databases, and sql-server and resource-group of both slots: none of them leads to it. Change nothing in Azure.',
        ],
    });
}
function unclear(config, why) {
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('production-slot-unclear', `It cannot be told whether users are on ${config.slots[0].name} or ${config.slots[1].name}: ${why}`, {
        advice: [
            'Make exactly one slot production (enable its endpoint, disable the other one) and run again.',
        ],
    });
}


/***/ }),

/***/ 89871:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $D: () => (/* binding */ targetOn),
/* harmony export */   GB: () => (/* binding */ isFailedOver),
/* harmony export */   GI: () => (/* binding */ besideItsSite),
/* harmony export */   Lu: () => (/* binding */ standbyOf),
/* harmony export */   Nh: () => (/* binding */ productionToStage),
/* harmony export */   VA: () => (/* binding */ stageToStandby),
/* harmony export */   _W: () => (/* binding */ inBackupRegion),
/* harmony export */   f5: () => (/* binding */ failedOverAlone),
/* harmony export */   iy: () => (/* binding */ productionToStandby),
/* harmony export */   zV: () => (/* binding */ databaseOn)
/* harmony export */ });
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94022);
/* harmony import */ var _production_slot_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9516);


/** The slot's part in the backup region. Throws 'internal-error' in a topology that has none. */
function standbyOf(context, role) {
    const { standby, config } = context[role];
    if (!standby)
        throw new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('internal-error', `slot ${config.name} has no backup region`);
    return standby;
}
/**
 * The application in the backup region: production and stage are the two standbys. For steps and guards that do in one
 * region what they do in the other.
 */
function inBackupRegion(context) {
    const [first, second] = context.config.slots;
    const production = standbySlot(context, 'production');
    const stage = standbySlot(context, 'stage');
    return {
        ...context,
        config: { ...context.config, slots: [backupConfig(first), backupConfig(second)] },
        production,
        stage,
        databases: context.databases.map(({ name }) => ({
            name,
            production: databaseOn(production, name),
            stage: databaseOn(stage, name),
        })),
    };
}
function standbySlot(context, role) {
    return { ...standbyOf(context, role), config: backupConfig(context[role].config), standby: null };
}
function backupConfig(slot) {
    if (!slot.backup)
        throw new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('internal-error', `slot ${slot.name} has no backup region`);
    return { ...slot.backup, name: slot.name, backup: null, failoverGroup: null };
}
/** A database of the application on a deployment's server. */
function databaseOn({ config }, name) {
    return { resourceGroup: config.sqlResourceGroup, server: config.sqlServer, database: name };
}
/** Whether production is in the other region than the configuration file has it: all of it was failed over. */
function isFailedOver({ config, production }) {
    const { name, sqlServer: now } = production.config;
    const configured = config.slots.find((slot) => slot.name === name) ?? production.config;
    return !(0,_production_slot_js__WEBPACK_IMPORTED_MODULE_1__/* .sameName */ .q)(configured.sqlServer, now);
}
/** Production's databases that were failed over one by one, the others not; none where all are in one region. */
function failedOverAlone({ production, databases, }) {
    const there = production.standby?.config.sqlServer;
    return there === undefined ? [] : databases.filter((pair) => (0,_production_slot_js__WEBPACK_IMPORTED_MODULE_1__/* .sameName */ .q)(pair.production.server, there));
}
/** The application with all of production's databases on its slot's server, for what is seen from its site. */
function besideItsSite(context) {
    const { production, databases } = context;
    return {
        ...context,
        databases: databases.map((pair) => ({ ...pair, production: databaseOn(production, pair.name) })),
    };
}
/** How that database is reached. */
function targetOn({ server }, name, purpose) {
    return { host: server.fullyQualifiedDomainName, database: name, purpose: `${purpose} ${name}` };
}
/** (1) The link that brings the stage database up to date, and that the upgrade cuts. */
function productionToStage({ production, stage }) {
    return { from: production, to: stage };
}
/** The chained link: the stage database's own geo-secondary. Throws 'internal-error' in single-region. */
function stageToStandby(context) {
    return { from: context.stage, to: standbyOf(context, 'stage') };
}
/** Production's own disaster recovery, which no upgrade touches. Throws 'internal-error' in single-region. */
function productionToStandby(context) {
    return { from: context.production, to: standbyOf(context, 'production') };
}


/***/ }),

/***/ 21314:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Od: () => (/* binding */ scopeOf),
/* harmony export */   ak: () => (/* binding */ parseAzureEnvironment),
/* harmony export */   i2: () => (/* binding */ reachedAt),
/* harmony export */   nM: () => (/* binding */ SQL_PORT)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(42047);
/* harmony import */ var _message_of_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(88236);
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94022);
// The cloud this run works in: one of Azure's own, or the endpoints of another (a sovereign cloud, a private
// link, a loopback). Everything the clients beside this file know about "where" comes from here.



const PUBLIC_CLOUD = {
    resourceManager: 'https://management.azure.com',
    resourceManagerAudience: 'https://management.core.windows.net/',
    authority: 'https://login.microsoftonline.com',
    sqlAudience: 'https://database.windows.net/',
    tokenExchangeAudience: 'api://AzureADTokenExchange',
};
/** Names and endpoints as `az cloud list` gives them. */
const CLOUDS = new Map([
    ['AzureCloud', PUBLIC_CLOUD],
    [
        'AzureUSGovernment',
        {
            resourceManager: 'https://management.usgovcloudapi.net',
            resourceManagerAudience: 'https://management.core.usgovcloudapi.net/',
            authority: 'https://login.microsoftonline.us',
            sqlAudience: 'https://database.usgovcloudapi.net/',
            tokenExchangeAudience: 'api://AzureADTokenExchangeUSGov',
        },
    ],
    [
        'AzureChinaCloud',
        {
            resourceManager: 'https://management.chinacloudapi.cn',
            resourceManagerAudience: 'https://management.core.chinacloudapi.cn/',
            authority: 'https://login.chinacloudapi.cn',
            sqlAudience: 'https://database.chinacloudapi.cn/',
            tokenExchangeAudience: 'api://AzureADTokenExchangeChina',
        },
    ],
]);
const httpsUrl = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP()
    .refine(isHttpsUrl, 'must be an https URL')
    .transform((url) => url.replace(/\/+$/, ''));
const audience = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().refine((text) => URL.canParse(text), 'must be a URI');
const hostAndPort = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().regex(/^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i, 'must be "host:port"');
const resolver = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP()
    .regex(/^(\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?|[0-9a-f:]+:[0-9a-f:]*)$/i, 'must be an IP address, with ":port" where it is not 53');
const overrides = {
    tokenExchangeAudience: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional(),
    dnsServers: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(resolver).default([]),
    connectTo: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(hostAndPort, hostAndPort).default({}),
};
const ownCloud = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({
    name: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().min(1),
    resourceManager: httpsUrl,
    resourceManagerAudience: audience.default('https://management.core.windows.net/'),
    authority: httpsUrl,
    sqlAudience: audience.default('https://database.windows.net/'),
    ...overrides,
});
/** One of Azure's clouds, of which only the way there differs. */
const namedCloud = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({ name: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), ...overrides });
/**
 * Reads the input `azure-environment`: a cloud's name, or a JSON object with endpoints (of a cloud of its own, or
 * a named cloud with `dnsServers` and `connectTo` added).
 * Throws UpgradeError 'input-invalid' that lists every problem.
 */
function parseAzureEnvironment(text) {
    const trimmed = text.trim();
    if (!trimmed.startsWith('{'))
        return namedEnvironment(trimmed === '' ? 'AzureCloud' : trimmed);
    const value = parseJson(trimmed);
    const base = knownCloud(value);
    return base === null ? ownEnvironment(value) : adjustedEnvironment(base, value);
}
/** Of every logical SQL server, in every cloud. */
const SQL_PORT = 1433;
/** The OAuth scope of an audience. One slash between the two, as Azure's v2 endpoint reads it. */
function scopeOf(tokenAudience) {
    return `${tokenAudience.replace(/\/$/, '')}/.default`;
}
/** Where `host:port` is really reached; itself where nothing says otherwise. */
function reachedAt(environment, host, port) {
    return environment.connectTo[`${host.toLowerCase()}:${port}`] ?? `${host}:${port}`;
}
function namedEnvironment(name) {
    const cloud = CLOUDS.get(name);
    if (cloud === undefined) {
        throw invalid([
            `"${name}" is not a cloud's name (${[...CLOUDS.keys()].join(', ')}) and not a JSON object`,
        ]);
    }
    return { name, ...cloud, dnsServers: [], connectTo: {}, isCustom: false };
}
function adjustedEnvironment(cloud, value) {
    const read = check(namedCloud, value);
    return {
        ...cloud,
        name: read.name,
        tokenExchangeAudience: read.tokenExchangeAudience ?? cloud.tokenExchangeAudience,
        dnsServers: read.dnsServers,
        connectTo: lowerCaseKeys(read.connectTo),
        isCustom: false,
    };
}
function ownEnvironment(value) {
    const read = check(ownCloud, value);
    return {
        ...read,
        tokenExchangeAudience: read.tokenExchangeAudience ?? PUBLIC_CLOUD.tokenExchangeAudience,
        connectTo: lowerCaseKeys(read.connectTo),
        isCustom: true,
    };
}
function knownCloud(value) {
    const named = zod__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({ name: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP() }).safeParse(value);
    return named.success ? (CLOUDS.get(named.data.name) ?? null) : null;
}
function check(schema, value) {
    const read = schema.safeParse(value);
    if (read.success)
        return read.data;
    throw invalid(read.error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`));
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        throw invalid([`not JSON: ${(0,_message_of_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .b)(error)}`]);
    }
}
function invalid(problems) {
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('input-invalid', `Input "azure-environment" is not right. ${problems.join('; ')}`, {
        advice: [
            `Give a cloud's name (${[...CLOUDS.keys()].join(', ')}) or a JSON object with "name", "resourceManager" and "authority".`,
        ],
    });
}
function lowerCaseKeys(map) {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}
function isHttpsUrl(text) {
    return URL.canParse(text) && new URL(text).protocol === 'https:';
}


/***/ }),

/***/ 18481:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ partOf),
/* harmony export */   d: () => (/* binding */ resourceGroupPath)
/* harmony export */ });
/** Reads one named part of a resource id, whatever its casing: `part(id, 'resourceGroups')`. */
function partOf(resourceId, name) {
    const segments = resourceId.split('/');
    const at = segments.findIndex((segment) => segment.toLowerCase() === name.toLowerCase());
    return at === -1 ? null : (segments[at + 1] ?? null);
}
function resourceGroupPath(subscriptionId, resourceGroup) {
    return `/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}


/***/ }),

/***/ 59491:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ secretsIn)
/* harmony export */ });
// Settings of extensions are public by Azure's word, yet people put keys and signed addresses into them.
const SECRET_NAME = /password|passwd|secret|token|(?:account|access|api|private|shared)_?key|connectionstring/i;
const SIGNED = /[?&]sig=[^&]+/i;
/** Shorter ones would blacken the whole log. */
const SHORTEST_SECRET = 8;
/** All strings in a value that are secrets by their name, or by the signature of a storage account in them. */
function secretsIn(value, name = '') {
    if (typeof value === 'string')
        return isSecret(name, value) ? [value] : [];
    if (typeof value !== 'object' || value === null)
        return [];
    if (Array.isArray(value))
        return value.flatMap((each) => secretsIn(each, name));
    return Object.entries(value).flatMap(([member, inner]) => secretsIn(inner, member));
}
function isSecret(name, value) {
    return value.length >= SHORTEST_SECRET && (SECRET_NAME.test(name) || SIGNED.test(value));
}


/***/ }),

/***/ 74872:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Y: () => (/* binding */ readChecked)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./lib/reasons.js
var reasons = __webpack_require__(94022);
// EXTERNAL MODULE: ./lib/config/schema.js + 1 modules
var schema = __webpack_require__(74737);
// EXTERNAL MODULE: ./lib/config/service-schema.js
var service_schema = __webpack_require__(52973);
;// CONCATENATED MODULE: ./lib/config/file-kind.js
// A file of two slots read as one of a service, or the other way round: the input `topology` is wrong, and one sentence
// about that says more than a problem for each key.



const KEYS = {
    slots: Object.keys(schema/* configFile */.Z.shape),
    service: Object.keys(service_schema/* serviceFile */.I.shape),
};
/** What to set the input to, for a file of each kind. */
const TOPOLOGY = {
    slots: '"single-region", or "geo-redundant" where its slots have a backup',
    service: '"upgrade-domains"',
};
/** Throws 'config-invalid' where the file has keys of the other kind and none of this one's own. */
function refuseOtherKind(data, wanted, path) {
    if (typeof data !== 'object' || data === null)
        return;
    const other = wanted === 'slots' ? 'service' : 'slots';
    const written = Object.keys(data);
    const telling = (kind, than) => written.filter((key) => KEYS[kind].includes(key) && !KEYS[than].includes(key));
    const foreign = telling(other, wanted);
    if (foreign.length === 0 || telling(wanted, other).length > 0)
        return;
    throw new reasons/* UpgradeError */.fy('config-invalid', `${path} is for another topology (it has ${foreign.join(', ')}): set the input topology to ${TOPOLOGY[other]}.`, {
        advice: [
            `Set the input topology to ${TOPOLOGY[other]}; nothing was touched in Azure.`,
            'Or name another file with the input config.',
        ],
    });
}

// EXTERNAL MODULE: ./lib/config/problems.js
var config_problems = __webpack_require__(80784);
// EXTERNAL MODULE: ./lib/config/shape.js + 1 modules
var config_shape = __webpack_require__(70211);
// EXTERNAL MODULE: ./lib/config/workspace-files.js
var workspace_files = __webpack_require__(9913);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __webpack_require__(88236);
// EXTERNAL MODULE: ./lib/config/signed-url.js
var signed_url = __webpack_require__(76964);
// EXTERNAL MODULE: ./lib/config/variables.js
var variables = __webpack_require__(70035);
;// CONCATENATED MODULE: ./lib/config/yaml-limits.js
// What is YAML and yet no configuration file: it would keep the parser busy for hours, or become something else than it
// reads as.

/** Characters. Checking that keys are unique takes the square of their number. */
const LONGEST_FILE = 128 * 1024;
/** Lists in lists. The file's own shape needs six. */
const DEEPEST = 50;
/** Keys written with "?": within each other the parser takes the cube of their number. */
const MOST_EXPLICIT_KEYS = 10;
/** What is too much in the text, to be asked before it is parsed; null where nothing is. */
function tooMuchOf(text) {
    if (text.length > LONGEST_FILE)
        return `at most ${LONGEST_FILE} characters, and not ${text.length}`;
    let depth = 0;
    let explicitKeys = 0;
    for (const token of new dist/* Lexer */.JG().lex(text)) {
        if (token === '[' || token === '{')
            depth++;
        if (token === ']' || token === '}')
            depth--;
        if (token === '?')
            explicitKeys++;
        if (depth > DEEPEST)
            return `lists and mappings within each other, at most ${DEEPEST} deep`;
        if (explicitKeys > MOST_EXPLICIT_KEYS)
            return 'keys as "key: value", and not with "?"';
    }
    return null;
}
/** Offsets of keys that JavaScript takes for the prototype of what they are a key of, and that would be lost. */
function prototypeKeys(document) {
    const offsets = [];
    (0,dist/* visit */.YR)(document, {
        Pair: (_, { key }) => {
            if ((0,dist/* isScalar */.jn)(key) && key.value === '__proto__')
                offsets.push(key.range?.[0] ?? 0);
        },
    });
    return offsets;
}

;// CONCATENATED MODULE: ./lib/config/yaml-source.js
// The configuration file as YAML: its values with `${NAME}` replaced, and where in the file each one stands.





/** Of YAML itself. After the first few they are the parser's, not the writer's. */
const MOST_MISTAKES = 100;
const SECRET_NAME = /(?:password|pwd|secret|token|credential|connection-?_?string|key)s?$/i;
/**
 * @param mask is given every value from the environment whose key or variable is named like a secret, and the
 *   signature of every signed address, wherever it stands.
 */
function readYaml(text, environment, mask) {
    const tooMuch = tooMuchOf(text);
    if (tooMuch !== null)
        return unreadable([{ path: [], found: null, allowed: tooMuch }]);
    const lines = new dist/* LineCounter */.HN();
    // Its warnings would go past the log, to where a runner reads commands.
    const document = (0,dist/* parseDocument */.Tp)(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const place = (offset) => {
        const { line, col } = lines.linePos(offset);
        return { line, column: col };
    };
    if (document.errors.length > 0) {
        const written = text.split(/\r\n|\r|\n/);
        const problems = document.errors.slice(0, MOST_MISTAKES).map((error) => {
            const position = place(error.pos[0]);
            const line = written[position.line - 1] ?? '';
            return { path: [], found: null, allowed: `${error.message}.${quotesHint(line)}`, position };
        });
        // One mistake of YAML makes a chain of messages: the first of a line is the one that helps.
        const firstOfLine = problems.filter((problem, index) => problems.findIndex((other) => other.position?.line === problem.position?.line) === index);
        return unreadable(firstOfLine);
    }
    const lost = prototypeKeys(document).map((offset) => ({
        path: [],
        found: 'the key "__proto__"',
        allowed: 'any other key',
        position: place(offset),
    }));
    if (lost.length > 0)
        return unreadable(lost);
    const references = new Map();
    const written = new Map();
    const problems = [];
    (0,dist/* visit */.YR)(document, {
        Scalar: (key, scalar, ancestors) => {
            if (key === 'key')
                return;
            const path = pathOf(key, ancestors);
            if (scalar.source !== undefined)
                written.set(JSON.stringify(path), scalar.source);
            problems.push(...replaceVariables(scalar, path, references, environment, mask));
            if (typeof scalar.value !== 'string')
                return;
            for (const signature of (0,signed_url/* signaturesIn */.x)(scalar.value))
                mask(signature);
        },
    });
    return {
        data: toData(document, problems),
        problems,
        unreadable: false,
        variablesAt: (path) => references.get(JSON.stringify(path)) ?? [],
        writtenAt: (path) => written.get(JSON.stringify(path)) ?? null,
        positionOf: (path, atKey = false) => {
            const offset = offsetOf(document, path, atKey);
            return offset === null ? null : place(offset);
        },
    };
}
/** YAML reads the brace of `${NAME}` within `{…}` or `[…]` as its own: the mistake everyone makes once. */
function quotesHint(line) {
    if (!/[[{].*[:,\s]\$\{/.test(line))
        return '';
    return ` Within {…} and […] a variable has to be in quotes: "${(0,variables/* variable */.b)('NAME')}".`;
}
function unreadable(problems) {
    return {
        data: null,
        problems,
        unreadable: true,
        variablesAt: () => [],
        writtenAt: () => null,
        positionOf: () => null,
    };
}
/** Refuses the alias bombs that the parser refuses. */
function toData(document, problems) {
    try {
        return document.toJS();
    }
    catch (error) {
        problems.push({ path: [], found: null, allowed: (0,message_of/* messageOf */.b)(error) });
        return null;
    }
}
function replaceVariables(scalar, path, references, environment, mask) {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${'))
        return [];
    const result = (0,variables/* substituteVariables */.O)(scalar.value, environment);
    references.set(JSON.stringify(path), [...result.used.keys(), ...result.missing, ...result.refused]);
    scalar.value = result.text;
    const key = path.findLast((part) => typeof part === 'string') ?? '';
    for (const [name, value] of result.used) {
        if (SECRET_NAME.test(name) || SECRET_NAME.test(String(key)))
            mask(value);
    }
    const problems = result.missing.map((name) => ({
        path,
        found: null,
        allowed: `the environment variable ${name} is not set or empty: give it to the step under "env:"`,
    }));
    for (const name of result.refused) {
        const allowed = `the variables of your own; ${name} lets whoever has it act as this job, and is not for the file`;
        problems.push({ path, found: (0,variables/* variable */.b)(name), allowed });
    }
    if (result.malformed) {
        const allowed = `"${(0,variables/* variable */.b)('NAME')}" with a name of letters, digits and "_"; a literal "\${" is written "$\${"`;
        problems.push({ path, found: '"${" without a name', allowed });
    }
    return problems;
}
function pathOf(key, ancestors) {
    const path = [];
    const chain = [...ancestors];
    for (const [index, node] of chain.entries()) {
        if ((0,dist/* isPair */.tO)(node))
            path.push(keyText(node));
        if (!(0,dist/* isCollection */.P3)(node) || (0,dist/* isMap */.jh)(node))
            continue;
        const child = chain[index + 1];
        path.push(child === undefined ? Number(key) : node.items.indexOf(child));
    }
    return path;
}
function keyText(pair) {
    return (0,dist/* isScalar */.jn)(pair.key) ? String(pair.key.value) : String(pair.key);
}
/** Offset of the value at `path`, or of what stands nearest above it where the key is missing. */
function offsetOf(document, path, atKey) {
    let node = document.contents;
    let offset = startOf(node);
    for (const [index, part] of path.entries()) {
        if (!(0,dist/* isCollection */.P3)(node))
            return offset;
        const pair = (0,dist/* isMap */.jh)(node) ? node.items.find((item) => keyText(item) === part) : undefined;
        const child = (0,dist/* isMap */.jh)(node) ? pair?.value : node.items[Number(part)];
        const last = index === path.length - 1;
        offset = (last && atKey ? startOf(pair?.key) : (startOf(child) ?? startOf(pair?.key))) ?? offset;
        node = child;
    }
    return offset;
}
function startOf(node) {
    return (0,dist/* isNode */.Ll)(node) ? (node.range?.[0] ?? null) : null;
}

;// CONCATENATED MODULE: ./lib/config/checked-file.js
// A configuration file of any topology, from disk to checked data: read, replace variables, check everything, tell
// everything.








/**
 * The file as its schema has it, defaults filled in. Throws UpgradeError 'config-not-found', or 'config-invalid' with
 * every problem of the file, each with path, place, what was found and what is allowed.
 */
function readChecked({ path, workspace, environment, mask }, { schema, kind, between, example }) {
    const source = readYaml(readText(path, workspace, example), environment, mask);
    const positionOf = (problem) => source.positionOf(problem.path, problem.atKey);
    if (source.unreadable)
        throw (0,config_problems/* configInvalid */.ki)(path, source.problems, positionOf);
    refuseOtherKind(source.data, kind, path);
    const shape = (0,config_shape/* checkShape */.eA)(schema, source);
    // Rules between keys are told too, except about values that are already known to be wrong.
    const wrong = [...source.problems, ...(shape.ok ? [] : shape.problems)];
    const broken = between(source).filter((problem) => !wrong.some((known) => known.path.length > 0 && (0,config_problems/* isWithin */.UO)(problem.path, known.path)));
    const problems = [...wrong, ...broken];
    if (!shape.ok || problems.length > 0)
        throw (0,config_problems/* configInvalid */.ki)(path, problems, positionOf);
    return shape.file;
}
function readText(path, workspace, example) {
    const bytes = readBytes(path, workspace, example);
    try {
        // Drops a byte order mark, which Windows editors write.
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (cause) {
        throw new reasons/* UpgradeError */.fy('config-invalid', `${path} is not text in UTF-8.`, {
            advice: [`Save ${path} in UTF-8.`],
            cause,
        });
    }
}
function readBytes(path, workspace, example) {
    try {
        // An absolute path is the workflow's own word; a relative one may be a link that somebody has checked in.
        if (!(0,external_node_path_.isAbsolute)(path) && !(0,workspace_files/* isFileOf */.u)(workspace, path))
            throw new Error('It is no file of the workspace.');
        return (0,external_node_fs_.readFileSync)((0,external_node_path_.isAbsolute)(path) ? path : (0,external_node_path_.join)(workspace, path));
    }
    catch (cause) {
        throw new reasons/* UpgradeError */.fy('config-not-found', `The configuration file ${path} cannot be read in ${workspace}.`, {
            advice: [
                'Check out the repository before this step (actions/checkout).',
                'Name another file with the input "config".',
                `Begin with ${example} of this action.`,
            ],
            cause,
        });
    }
}


/***/ }),

/***/ 89157:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ checksFitIntoTimeout),
/* harmony export */   B: () => (/* binding */ eachOnce)
/* harmony export */ });
/* harmony import */ var _cross_facts_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88488);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(70211);
// Rules that files of every topology have.


/** Of the list of names at a path, those that are there already; case does not count. */
function eachOnce({ source }, path, allowed) {
    const names = (0,_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .valueAt */ .fK)(source.data, path);
    if (!Array.isArray(names))
        return [];
    const entries = names.map((name, index) => ({ name, path: [...path, index] }));
    return (0,_cross_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .repetitions */ .Xu)(entries, ({ name }) => (typeof name === 'string' ? name.toLowerCase() : null)).map(({ part }) => ({ path: part.path, found: (0,_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .describe */ .q0)(part.path, source), allowed }));
}
/** So many checks in a row, at their interval, have to fit into the whole wait. */
function checksFitIntoTimeout(defaults) {
    return (facts) => {
        const [timeoutPath, intervalPath] = [
            ['health', 'timeout'],
            ['health', 'interval'],
        ];
        const timeout = facts.milliseconds(timeoutPath, defaults.timeout);
        const interval = facts.milliseconds(intervalPath, defaults.interval);
        const checks = wholeNumberAt(facts, ['health', 'consecutive'], 3);
        if (timeout === null || interval === null || checks === null)
            return [];
        const needed = (checks - 1) * interval;
        if (needed < timeout)
            return [];
        return [
            {
                path: timeoutPath,
                found: `${facts.text(timeoutPath) ?? defaults.timeout} for ${checks} checks, one every ${facts.text(intervalPath) ?? defaults.interval}`,
                allowed: `more than the ${needed / 1000} s that so many checks take, or fewer checks`,
            },
        ];
    };
}
/** Null where something else stands there, a mapping too: that is the schema's to tell. */
function wholeNumberAt({ source }, path, otherwise) {
    const value = (0,_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .valueAt */ .fK)(source.data, path) ?? otherwise;
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    return Number.isInteger(number) ? number : null;
}


/***/ }),

/***/ 88488:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $t: () => (/* binding */ placeOf),
/* harmony export */   F8: () => (/* binding */ groupOf),
/* harmony export */   Ft: () => (/* binding */ gatherFileFacts),
/* harmony export */   Vb: () => (/* binding */ nameOf),
/* harmony export */   Xu: () => (/* binding */ repetitions),
/* harmony export */   _s: () => (/* binding */ keysAt),
/* harmony export */   pc: () => (/* binding */ gatherFacts)
/* harmony export */ });
/* harmony import */ var _duration_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(26804);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(70211);


function gatherFileFacts(source) {
    const text = (path) => {
        const value = (0,_shape_js__WEBPACK_IMPORTED_MODULE_0__/* .valueAt */ .fK)(source.data, path);
        return typeof value === 'string' ? value : null;
    };
    return {
        source,
        text,
        milliseconds: (path, otherwise) => (0,_duration_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDuration */ .E9)(text(path) ?? otherwise),
        has: (path) => (0,_shape_js__WEBPACK_IMPORTED_MODULE_0__/* .valueAt */ .fK)(source.data, path) !== undefined,
    };
}
function gatherFacts(source, topology) {
    const file = gatherFileFacts(source);
    const slots = keysAt(file, ['slots']);
    const method = file.text(['switch', 'method']) ?? 'traffic-manager';
    return {
        ...file,
        topology,
        slots,
        parts: [
            ...slots.map((slot) => ({ slot, region: 'primary', path: ['slots', slot] })),
            ...slots
                .map((slot) => ({ slot, region: 'backup', path: ['slots', slot, 'backup'] }))
                .filter(({ path }) => file.has(path)),
        ],
        method: method === 'traffic-manager' || method === 'slot-swap' ? method : null,
    };
}
/** Keys of the mapping at a path, in the file's order; none where something else stands there. */
function keysAt({ source }, path) {
    const value = (0,_shape_js__WEBPACK_IMPORTED_MODULE_0__/* .valueAt */ .fK)(source.data, path);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
/** Lower case, because Azure compares names so. `sql-server: x` and `sql-server: {name: x}` are the same. */
function nameOf(facts, part, key) {
    const path = [...part.path, key];
    return (facts.text(path) ?? facts.text([...path, 'name']))?.toLowerCase() ?? null;
}
function groupOf(facts, part, key) {
    const own = facts.text([...part.path, key, 'resource-group']);
    return (own ?? facts.text([...part.path, 'resource-group']))?.toLowerCase() ?? null;
}
/** For messages: `slot "blue"`, `the backup of slot "blue"`. */
function placeOf({ slot, region }) {
    return region === 'primary' ? `slot "${slot}"` : `the backup of slot "${slot}"`;
}
/** The parts that give what another part before them gives already; null counts as nothing given. */
function repetitions(parts, of) {
    const seen = new Map();
    return parts.flatMap((part) => {
        const value = of(part);
        if (value === null)
            return [];
        const first = seen.get(value);
        if (first !== undefined)
            return [{ part, first }];
        seen.set(value, part);
        return [];
    });
}


/***/ }),

/***/ 26804:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cq: () => (/* binding */ DURATION_PATTERN),
/* harmony export */   E9: () => (/* binding */ parseDuration),
/* harmony export */   Rz: () => (/* binding */ milliseconds),
/* harmony export */   qr: () => (/* binding */ formatDurationExactly)
/* harmony export */ });
// Durations as people write them: "90s", "10m", "1h30m".
const UNITS = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
];
/** Whole hours, minutes and seconds, in that order, at least one of them. */
const DURATION_PATTERN = /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?$/;
/** Milliseconds of "90s", "10m" or "1h30m"; null where the text is not a duration. */
function parseDuration(text) {
    const match = DURATION_PATTERN.exec(text);
    if (match === null)
        return null;
    return UNITS.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0);
}
/** The same for text that has passed its checks. Throws RangeError where it is not a duration. */
function milliseconds(text) {
    const ms = parseDuration(text);
    if (ms === null)
        throw new RangeError(`not a duration: ${text}`);
    return ms;
}
/** The shortest text that {@link parseDuration} reads as `ms`, which is a multiple of a second. */
function formatDurationExactly(ms) {
    let rest = Math.round(ms / 1000) * 1000;
    const parts = [];
    for (const [unit, size] of UNITS) {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count > 0)
            parts.push(`${count}${unit}`);
    }
    return parts.join('') || '0s';
}


/***/ }),

/***/ 21877:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jt: () => (/* binding */ flag),
/* harmony export */   KT: () => (/* binding */ named),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   Yq: () => (/* binding */ choice),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pT: () => (/* binding */ textOrVariable),
/* harmony export */   rD: () => (/* binding */ wholeNumber),
/* harmony export */   uW: () => (/* binding */ section)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(42047);
/* harmony import */ var _duration_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(26804);
// The kinds of value the configuration file has. Each tells what is allowed in its error message, and
// carries its description, an example and a pattern into schema.json for editors.


/** Editors see the file before `${NAME}` is replaced: a pattern must not refuse it. */
function orVariable(pattern) {
    return `(?:${pattern.source})|\\$\\{`;
}
function named(rule, description) {
    const allowed = `${rule.allowed}, e.g. ${rule.example}`;
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP({ error: allowed })
        .refine((text) => rule.pattern.test(text), { error: allowed })
        .meta({
        description,
        examples: [rule.example],
        // \p{…} needs the u flag, which is what JSON Schema prescribes; the i flag has no counterpart there.
        ...(rule.pattern.ignoreCase ? {} : { pattern: orVariable(rule.pattern) }),
    });
}
function text(description, example, maxLength = 1024) {
    const allowed = `text of 1-${maxLength} characters, in quotes where it looks like a number, e.g. "${example}"`;
    return (zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP({ error: allowed })
        // No argument of a program, path or statement can hold U+0000, and that would be found out after the freeze.
        .refine((value) => value.trim() !== '' && value.length <= maxLength && !value.includes('\0'), {
        error: allowed,
    })
        .meta({ description, examples: [example] }));
}
function duration(description, limits) {
    const { min = 1_000, max, example } = limits;
    const range = `${(0,_duration_js__WEBPACK_IMPORTED_MODULE_1__/* .formatDurationExactly */ .qr)(min)} to ${(0,_duration_js__WEBPACK_IMPORTED_MODULE_1__/* .formatDurationExactly */ .qr)(max)}`;
    const allowed = `a duration in hours, minutes and seconds, ${range}, e.g. ${example}`;
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP({ error: allowed })
        .refine((value) => {
        const ms = (0,_duration_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDuration */ .E9)(value);
        return ms !== null && ms >= min && ms <= max;
    }, { error: allowed })
        .meta({ description, examples: [example], pattern: orVariable(_duration_js__WEBPACK_IMPORTED_MODULE_1__/* .DURATION_PATTERN */ .Cq) });
}
/** For the alternatives of a value: told in the same words, and once. */
function refusing(allowed) {
    return { error: allowed, abort: true };
}
/** Text that is written out as `pattern` has it, or comes from the environment. */
function textOrVariable(pattern, allowed) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().regex(new RegExp(`^(?:${pattern.source}|.*\\$\\{.+)$`), refusing(allowed));
}
/** A whole number; as text too, because that is what `${NAME}` gives. */
function wholeNumber(description, limits) {
    const { min, max, example } = limits;
    const allowed = `a whole number from ${min} to ${max}, e.g. ${example}`;
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .int */ .Whr().min(min, refusing(allowed)).max(max, refusing(allowed)), textOrVariable(/\d+/, allowed)], {
        error: allowed,
    })
        .refine((value) => Number(value) >= min && Number(value) <= max, { error: allowed })
        .meta({ description, examples: [example] });
}
/** Yes or no; as text too, because that is what `${NAME}` gives. */
function flag(description) {
    const allowed = 'true or false';
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY(), textOrVariable(/true|false/, allowed)], { error: allowed })
        .refine((value) => typeof value === 'boolean' || value === 'true' || value === 'false', {
        error: allowed,
    })
        .meta({ description });
}
function choice(literals, description) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* ["enum"] */ .k5n(literals, { error: `one of ${literals.join(', ')}` }).meta({ description });
}
/** A mapping with these keys and no others. */
function section(shape, description) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej(shape, { error: `a mapping with the keys ${Object.keys(shape).join(', ')}` })
        .meta({ description });
}


/***/ }),

/***/ 68733:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ speaksForJob)
/* harmony export */ });
// Variables of the environment that speak for the job: who has them is the job to Azure, to GitHub or to its runner. They
// are the action's own; neither a command that it starts nor a value of the configuration file gets them.
const PATTERNS = [
    // The right to mint the job's OIDC tokens, and the runtime's own token.
    /^ACTIONS_/i,
    // This action's inputs, its state between main and post, and the runner's files: what is written there is obeyed.
    /^INPUT_/i,
    /^STATE_(?:main|window|report)$/i,
    /^GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$/i,
    // What Azure's SDKs sign in with by themselves.
    /^AZURE_(?:CLIENT_SECRET|CLIENT_CERTIFICATE_(?:PATH|PASSWORD)|FEDERATED_TOKEN(?:_FILE)?|PASSWORD|CREDENTIALS)$/i,
    /^(?:IDENTITY_HEADER|MSI_SECRET)$/i,
];
/** Whether who has this variable can act as the job. */
function speaksForJob(name) {
    return PATTERNS.some((pattern) => pattern.test(name));
}


/***/ }),

/***/ 49730:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cn: () => (/* binding */ PROFILE),
/* harmony export */   Dv: () => (/* binding */ WEB_APP),
/* harmony export */   El: () => (/* binding */ HEADER),
/* harmony export */   HR: () => (/* binding */ DNS_LABEL),
/* harmony export */   He: () => (/* binding */ ELASTIC_POOL),
/* harmony export */   JO: () => (/* binding */ RESOURCE_GROUP),
/* harmony export */   TI: () => (/* binding */ HOST_NAME),
/* harmony export */   Up: () => (/* binding */ VM_SIZE),
/* harmony export */   XO: () => (/* binding */ FAILOVER_GROUP),
/* harmony export */   YE: () => (/* binding */ APP_SERVICE_PLAN),
/* harmony export */   Ys: () => (/* binding */ EXTENSION),
/* harmony export */   Zb: () => (/* binding */ SCRIPT_VARIABLE),
/* harmony export */   bA: () => (/* binding */ DEPLOYMENT_SLOT),
/* harmony export */   cX: () => (/* binding */ DATABASE),
/* harmony export */   f$: () => (/* binding */ PACKAGE_URL),
/* harmony export */   gI: () => (/* binding */ CLOUD_SERVICE),
/* harmony export */   lb: () => (/* binding */ SQL_SERVER),
/* harmony export */   mq: () => (/* binding */ URL_PATH),
/* harmony export */   pb: () => (/* binding */ CLOUD_ROLE),
/* harmony export */   qS: () => (/* binding */ HANDLER_VERSION),
/* harmony export */   rt: () => (/* binding */ SLOT),
/* harmony export */   sR: () => (/* binding */ ENDPOINT),
/* harmony export */   yr: () => (/* binding */ SCALE_SET),
/* harmony export */   z7: () => (/* binding */ ROLE),
/* harmony export */   zb: () => (/* binding */ APPLICATION)
/* harmony export */ });
// Azure's own rules for names ("Naming rules and restrictions for Azure resources", learn.microsoft.com),
// so that a mistyped name is told before Azure is asked, in words instead of as ResourceNotFound.
const RESOURCE_GROUP = {
    pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    allowed: 'a resource group: 1-90 letters, digits, "_", "-", "." or brackets, not ending with "."',
    example: 'contoso-blue',
};
const SQL_SERVER = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    allowed: 'a logical SQL server by its short name (without ".database.windows.net"): 1-63 lower-case letters, digits or hyphens',
    example: 'contoso-sql-blue',
};
const FAILOVER_GROUP = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    allowed: 'a failover group by its short name (without ".database.windows.net"): 1-63 lower-case letters, digits or hyphens, not beginning or ending with a hyphen',
    example: 'contoso-fog-blue',
};
const DATABASE = {
    pattern: /^(?!(?:master|model|msdb|tempdb)$)[^<>*%&:\\/?\p{Cc}]{0,127}[^<>*%&:\\/?\p{Cc}. ]$/iu,
    allowed: 'a database: 1-128 characters without < > * % & : \\ / ?, not ending with "." or a blank, not a system database',
    example: 'contoso',
};
const ELASTIC_POOL = {
    pattern: /^[^<>*%&:\\/?\p{Cc}]{0,127}[^<>*%&:\\/?\p{Cc}. ]$/u,
    allowed: 'an elastic pool: 1-128 characters without < > * % & : \\ / ?, not ending with "." or a blank',
    example: 'contoso-pool',
};
const WEB_APP = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/i,
    allowed: 'a web app by its resource name (no host name): 2-60 letters, digits or hyphens',
    example: 'contoso-blue',
};
const APP_SERVICE_PLAN = {
    pattern: /^[\p{L}\p{N}_-]{1,60}$/u,
    allowed: 'an App Service plan: 1-60 letters, digits, "_" or "-"',
    example: 'contoso-green-plan',
};
const DEPLOYMENT_SLOT = {
    pattern: /^(?!production$)[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])$/i,
    allowed: 'a deployment slot of the web app: 2-59 letters, digits or hyphens, not "production"',
    example: 'staging',
};
const PROFILE = {
    pattern: /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i,
    allowed: 'a Traffic Manager profile: 1-63 letters, digits, "-" or "."',
    example: 'contoso',
};
const DNS_LABEL = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i,
    allowed: 'one DNS label (the part before ".trafficmanager.net"): 1-63 letters, digits or hyphens',
    example: 'contoso',
};
const HOST_NAME = {
    pattern: /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i,
    allowed: 'a host name, without "https://" and without a path',
    example: 'www.contoso.com',
};
const ENDPOINT = {
    pattern: /^[a-z0-9](?:[a-z0-9_.-]{0,258}[a-z0-9_])?$/i,
    allowed: 'an endpoint of the profile: 1-260 letters, digits, "-", "_" or "."',
    example: 'blue',
};
const SCALE_SET = {
    pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,62}[\p{L}\p{N}_])?$/u,
    allowed: 'a scale set by its resource name: 1-64 letters, digits, "_", "-" or ".", not ending with "." or "-"',
    example: 'contoso-front',
};
const VM_SIZE = {
    pattern: /^[A-Za-z][A-Za-z0-9_-]{1,63}$/,
    allowed: 'a size of virtual machines as Azure names it',
    example: 'Standard_D2s_v5',
};
const EXTENSION = {
    pattern: /^[^<>*%&:?#\\/\p{Cc}]{0,79}[^<>*%&:?#\\/\p{Cc}. ]$/u,
    allowed: 'an extension by its name in the scale set\'s model: 1-80 characters without < > * % & : ? # \\ /, not ending with "." or a blank',
    example: 'app',
};
const HANDLER_VERSION = {
    pattern: /^\d{1,9}(?:\.\d{1,9}){1,3}$/,
    allowed: 'a version of the extension handler, in quotes ("2.1", for 2.1 is a number to YAML)',
    example: '2.1',
};
const CLOUD_SERVICE = {
    pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,78}[\p{L}\p{N}_])?$/u,
    allowed: 'a cloud service (extended support) by its resource name: 1-80 letters, digits, "_", "-" or ".", not ending with "." or "-"',
    example: 'contoso-cloud',
};
/** Names of the service definition (.csdef): XML attributes that become names of instances (WebRole_IN_0). */
const CLOUD_ROLE = {
    pattern: /^[\p{L}_][\p{L}\p{N}_.-]{0,79}$/u,
    allowed: 'a role as the service definition names it: 1-80 letters, digits, "_", "-" or "."',
    example: 'WebRole',
};
const PACKAGE_URL = {
    pattern: /^https:\/\/[^\s/?#@]+\/[^\s#]+$/,
    allowed: 'the https address of a service package in Azure Storage, with a signature where it needs one',
    example: 'https://contoso.blob.core.windows.net/service/contoso-2.0.0.cspkg',
};
/** Ours, not Azure's: names of roles appear in log lines, tables and pictures. */
const ROLE = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/i,
    allowed: 'a role name of your choice: 1-40 letters, digits or hyphens',
    example: 'front',
};
/** Ours, not Azure's: slot names appear in log lines, diagrams and in the input `confirm`. */
const SLOT = {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/i,
    allowed: 'a slot name of your choice: 1-40 letters, digits or hyphens',
    example: 'blue',
};
const APPLICATION = {
    pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?$/u,
    allowed: 'a name of your choice: 1-60 letters, digits, blanks, ".", "_" or "-"',
    example: 'contoso',
};
/** sqlcmd's scripting variables: no blanks or quotes (sqlcmd documentation, "Variable names"). */
const SCRIPT_VARIABLE = {
    pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/,
    allowed: 'a scripting variable: letters, digits, "_" or "-", not beginning with a digit',
    example: 'Release',
};
/** A field name of HTTP (RFC 9110, "token"). */
const HEADER = {
    pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
    allowed: 'the name of an HTTP header',
    example: 'X-Version',
};
const URL_PATH = {
    pattern: /^\/[^\s#]*$/,
    allowed: 'a path that begins with "/", without blanks',
    example: '/health',
};


/***/ }),

/***/ 80784:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   UO: () => (/* binding */ isWithin),
/* harmony export */   ki: () => (/* binding */ configInvalid)
/* harmony export */ });
/* unused harmony export formatPath */
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94022);
// What can be wrong with the configuration file, told all at once and each with its place.

/** `slots.blue.sql-server`, `databases[0]`; the file as a whole is "the file". */
function formatPath(path) {
    if (path.length === 0)
        return 'the file';
    return path.reduce((text, part) => {
        if (typeof part === 'number')
            return `${text}[${part}]`;
        return text === '' ? part : `${text}.${part}`;
    }, '');
}
/** True where `path` is `ancestor` or lies below it. */
function isWithin(path, ancestor) {
    return ancestor.every((part, index) => path[index] === part);
}
/** More than that nobody reads, and a file of nothing but mistakes would flood the log. */
const MOST_TOLD = 200;
/** Finding a place takes a walk through the file. */
const MOST_PLACED = 500;
/** The one error for all problems of a file. */
function configInvalid(file, problems, positionOf) {
    const lines = problems
        .slice(0, MOST_PLACED)
        .map((problem) => ({ problem, position: problem.position ?? positionOf(problem) }))
        .sort(({ position: a }, { position: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0))
        .map(({ problem, position }) => {
        const place = position === null ? '' : `:${position.line}:${position.column}`;
        const found = problem.found === null ? '' : `found ${problem.found}; allowed: `;
        return `  ${file}${place} ${formatPath(problem.path)}: ${found}${problem.allowed}`;
    });
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const untold = problems.length - MOST_TOLD;
    const told = untold > 0 ? [...lines.slice(0, MOST_TOLD), `  … and ${untold} more`] : lines;
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('config-invalid', [`${file} has ${count}:`, ...told].join('\n'), {
        advice: [
            `Correct ${file}; nothing was touched in Azure.`,
            'Every key is described in docs/config.md; with the schema it names an editor completes and checks them.',
        ],
    });
}


/***/ }),

/***/ 74737:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Z: () => (/* binding */ configFile)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 5 modules
var schemas = __webpack_require__(42047);
// EXTERNAL MODULE: ./lib/config/fields.js
var fields = __webpack_require__(21877);
// EXTERNAL MODULE: ./lib/config/names.js
var names = __webpack_require__(49730);
;// CONCATENATED MODULE: ./lib/config/schema-resources.js
// The part of the configuration file that names resources: the two slots and the profile before them.



function sqlServer({ sqlServer: description }) {
    return schemas/* union */.KCZ([
        (0,fields/* named */.KT)(names/* SQL_SERVER */.lb, 'Logical SQL server, in the `resource-group` beside it.'),
        (0,fields/* section */.uW)({
            name: (0,fields/* named */.KT)(names/* SQL_SERVER */.lb, 'Logical SQL server.'),
            'resource-group': (0,fields/* named */.KT)(names/* RESOURCE_GROUP */.JO, 'Resource group of the server. Default: the one beside it.').optional(),
            'elastic-pool': (0,fields/* named */.KT)(names/* ELASTIC_POOL */.He, "Elastic pool on this server that takes the databases. Default: the service objective of the production database's copy, outside a pool.").optional(),
        }, 'Logical SQL server with its resource group and elastic pool.'),
    ], {
        error: 'a server name, or a mapping with name, resource-group and elastic-pool, e.g. contoso-sql-blue',
    })
        .meta({ description });
}
function webApp({ webApp: description }) {
    return schemas/* union */.KCZ([
        (0,fields/* named */.KT)(names/* WEB_APP */.Dv, 'Web app, in the `resource-group` beside it.'),
        (0,fields/* section */.uW)({
            name: (0,fields/* named */.KT)(names/* WEB_APP */.Dv, 'Web app.'),
            'resource-group': (0,fields/* named */.KT)(names/* RESOURCE_GROUP */.JO, 'Resource group of the web app. Default: the one beside it.').optional(),
            mode: (0,fields/* choice */.Yq)(['existing', 'create'], '`existing`: your own workflow deploys it, and it is verified to be identical to production. `create`: `prepare` makes it where it does not exist, with the configuration, the settings and the package of production.').default('existing'),
            'app-service-plan': (0,fields/* named */.KT)(names/* APP_SERVICE_PLAN */.YE, "App Service plan for `mode: create`, in the web app's resource group. Default: a new plan like production's.").optional(),
        }, 'Web app with its resource group and how it comes to be.'),
    ], {
        error: 'a web app name, or a mapping with name, resource-group, mode and app-service-plan, e.g. contoso-blue',
    })
        .meta({ description });
}
function endpoint({ endpoint: description, endpointName }) {
    return schemas/* union */.KCZ([
        (0,fields/* named */.KT)(names/* ENDPOINT */.sR, 'Name of the endpoint in the profile.'),
        (0,fields/* section */.uW)({
            name: (0,fields/* named */.KT)(names/* ENDPOINT */.sR, `Name of the endpoint in the profile. Default: ${endpointName}.`).optional(),
            type: (0,fields/* choice */.Yq)(['external', 'azure'], '`external` points to the default host name of the web app. `azure` points to the web app itself; Azure refuses two of those from one region in one profile.').default('external'),
        }, 'Endpoint in the Traffic Manager profile.'),
    ], { error: 'an endpoint name, or a mapping with name and type, e.g. {name: blue, type: external}' })
        .meta({ description: `${description} Default: ${endpointName}, type external.` });
}
/** One region's part of a slot. */
function deploymentKeys(words) {
    return {
        'resource-group': (0,fields/* named */.KT)(names/* RESOURCE_GROUP */.JO, words.resourceGroup),
        'sql-server': sqlServer(words),
        'web-app': webApp(words),
        endpoint: endpoint(words).optional(),
    };
}
const backup = (0,fields/* section */.uW)(deploymentKeys({
    resourceGroup: "Resource group of the slot's part in the backup region.",
    sqlServer: "Logical SQL server in the backup region that holds the geo-secondaries of this slot's databases.",
    webApp: "Web app in the backup region, on those geo-secondaries. With `switch.method: slot-swap` both slots' backups name the same web app.",
    endpoint: "Endpoint in the Traffic Manager profile of the slot's web app in the backup region.",
    endpointName: 'the name of that web app',
}), "The slot's standby in the backup region. Required in both slots for `topology: geo-redundant`, and only for it.");
const slot = (0,fields/* section */.uW)({
    ...deploymentKeys({
        resourceGroup: 'Resource group of the slot.',
        sqlServer: 'Logical SQL server that holds the databases of this slot. The two slots use two servers: Azure refuses a geo-replica on its own server.',
        webApp: 'Web app of this slot. With `switch.method: slot-swap` both slots name the same web app.',
        endpoint: 'Endpoint of this slot in the Traffic Manager profile.',
        endpointName: "the slot's name",
    }),
    backup: backup.optional(),
    'failover-group': (0,fields/* named */.KT)(names/* FAILOVER_GROUP */.XO, "Failover group that this slot's two SQL servers have while the slot is production: made by `switch`, removed by `cleanup`. In both slots or in none.").optional(),
}, 'One complete copy of the application.');
const trafficManager = (0,fields/* section */.uW)({
    'resource-group': (0,fields/* named */.KT)(names/* RESOURCE_GROUP */.JO, 'Resource group of the profile.'),
    profile: (0,fields/* named */.KT)(names/* PROFILE */.Cn, 'Traffic Manager profile. `prepare` creates it where it does not exist.'),
    'dns-name': (0,fields/* named */.KT)(names/* DNS_LABEL */.HR, 'DNS name before `.trafficmanager.net`, for a profile that `prepare` creates. Default: the name of the profile.').optional(),
    ttl: (0,fields/* duration */.p0)('How long resolvers may keep an answer, for a profile that `prepare` creates.', {
        min: 0,
        max: 24 * 3_600_000,
        example: '30s',
    }).default('30s'),
    'public-name': (0,fields/* named */.KT)(names/* HOST_NAME */.TI, 'The name users open: a CNAME to the profile, bound as host name on every web app. Default: the name of the profile itself, which App Service only serves through endpoints of type `azure`.').optional(),
}, 'Traffic Manager profile that sends users to one of the slots. Routing method Priority. Required for `switch.method: traffic-manager`.');

// EXTERNAL MODULE: ./lib/config/variables.js
var variables = __webpack_require__(70035);
;// CONCATENATED MODULE: ./lib/config/schema.js
// The configuration file's own shape: kebab-case keys, durations as text. Everything a person or an editor
// needs to know about a key stands here, and schema.json and docs/config.md are generated from it.





const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** One list that holds for every database, or a mapping with a list for each, which may be empty. */
function forEveryDatabase(entry, allowed, description) {
    const list = schemas/* array */.YOg(entry, { error: allowed.list });
    const byDatabase = schemas/* record */.g1P((0,fields/* named */.KT)(names/* DATABASE */.cX, 'Name of the database.'), list);
    return schemas/* union */.KCZ([list.min(1, { error: allowed.some }), byDatabase], {
        error: `${allowed.list}, or a mapping with such a list for every database`,
    })
        .meta({
        description: `${description} One list for all databases, or a mapping from the name of a database to its list; an empty list leaves that database as it is.`,
    });
}
const upgrade = (0,fields/* section */.uW)({
    scripts: forEveryDatabase((0,fields/* text */.Qq)('File or glob.', 'db/*.sql'), {
        list: 'a list of files or globs, e.g. [db/*.sql]',
        some: 'at least one file or glob, e.g. [db/*.sql]',
    }, 'Upgrade scripts (T-SQL as sqlcmd reads it) or globs, relative to the workspace, run in this order; the files of one glob in the order of their names, byte by byte. A file named twice runs once, where it is named first.').optional(),
    variables: schemas/* record */.g1P((0,fields/* named */.KT)(names/* SCRIPT_VARIABLE */.Zb, 'Name of the variable.'), (0,fields/* text */.Qq)('Value of the variable.', '2026.11', 65_536), { error: 'a mapping of names to text, e.g. {Release: "2026.11"}' })
        .meta({ description: 'Scripting variables, `$(name)` in the scripts.' })
        .optional(),
    command: forEveryDatabase((0,fields/* text */.Qq)('Argument.', 'dotnet', 32_768), {
        list: 'a list: program and arguments, e.g. [dotnet, ef, database, update]',
        some: 'a program and its arguments, e.g. [dotnet, ef, database, update]',
    }, 'Instead of scripts: a program and its arguments, run without a shell, with the stage connection in its environment (SQL_SERVER, SQL_DATABASE, SQL_CONNECTION_STRING, SQL_ACCESS_TOKEN or SQL_USER and SQL_PASSWORD).').optional(),
    'databases-at-once': (0,fields/* wholeNumber */.rD)('How many databases are upgraded at a time. Users wait for all of them: more shorten the read-only window as long as the servers (an elastic pool, the log rate) carry it. 1: in the order of `databases`, which scripts may rely on.', { min: 1, max: 500, example: 4 }).default(1),
    timeout: (0,fields/* duration */.p0)('The longest the upgrade of one database may take. Default: `max-read-only`, because users are read-only meanwhile.', { max: 24 * HOUR, example: '20m' }).optional(),
}, 'What turns the stage database into that of V2: `scripts` or `command`, one of the two.').meta({ oneOf: [{ required: ['scripts'] }, { required: ['command'] }] });
const versionFrom = schemas/* union */.KCZ([
    schemas/* literal */.euz('body').meta({ description: 'The whole answer is the version.' }),
    (0,fields/* section */.uW)({ header: (0,fields/* named */.KT)(names/* HEADER */.El, 'The header that holds the version.') }, 'A header of the answer.'),
    (0,fields/* section */.uW)({ json: (0,fields/* text */.Qq)('Property of the JSON answer, nested ones with dots.', 'version') }, 'A property of the JSON answer.'),
], { error: '{json: PROPERTY}, {header: NAME} or body, e.g. {json: version}' })
    .meta({ description: 'Where the answer tells the version.' });
const health = (0,fields/* section */.uW)({
    protocol: (0,fields/* choice */.Yq)(['https', 'http'], 'Protocol of the check.').default('https'),
    path: (0,fields/* named */.KT)(names/* URL_PATH */.mq, 'Path that is asked.').default('/health'),
    'expected-status': schemas/* union */.KCZ([
        (0,fields/* wholeNumber */.rD)('Status.', { min: 100, max: 599, example: 200 }),
        schemas/* array */.YOg((0,fields/* wholeNumber */.rD)('Status.', { min: 100, max: 599, example: 200 })).min(1),
    ], { error: 'an HTTP status from 100 to 599 or a list of them, e.g. 200 or [200, 204]' })
        .meta({ description: 'HTTP status, or a list of them, that counts as healthy.' })
        .default(200),
    'expected-version': (0,fields/* text */.Qq)('The version V2 must answer with: success is this version seen by users, not a 200. In quotes, or from the environment.', '2.0.0'),
    'version-from': versionFrom.default({ json: 'version' }),
    consecutive: (0,fields/* wholeNumber */.rD)('How often in a row the check must pass.', {
        min: 1,
        max: 100,
        example: 3,
    }).default(3),
    interval: (0,fields/* duration */.p0)('The longest time from one check to the next: what is not healthy yet is asked more often at first, and while users can only read good answers are asked for one right after the other.', { max: HOUR, example: '5s' }).default('5s'),
    'request-timeout': (0,fields/* duration */.p0)('The longest one request may take.', {
        max: 10 * MINUTE,
        example: '10s',
    }).default('10s'),
    timeout: (0,fields/* duration */.p0)('The longest to wait until the check passes.', {
        max: 6 * HOUR,
        example: '5m',
    }).default('5m'),
}, 'How V2 is recognised as healthy, on its own address before the switch and at the public name after it.');
/** The whole file. Output: as written, with the defaults filled in. */
const configFile = (0,fields/* section */.uW)({
    version: schemas/* literal */.euz(1, { error: '1, the version of this file format' }).meta({
        description: 'Version of this file format.',
    }),
    application: (0,fields/* named */.KT)(names/* APPLICATION */.zb, 'Name of the application, for log, summary and the journal.'),
    slots: schemas/* record */.g1P((0,fields/* named */.KT)(names/* SLOT */.rt, 'Name of the slot.'), slot, {
        error: 'a mapping of two slot names to slots, e.g. blue: {…} and green: {…}',
    })
        .meta({
        description: 'The two slots, by names of your choice. Which one is production is read from Azure at every run.',
        minProperties: 2,
        maxProperties: 2,
    }),
    databases: schemas/* array */.YOg((0,fields/* named */.KT)(names/* DATABASE */.cX, 'Database name.'), { error: 'a list of database names, e.g. [contoso]' })
        .min(1, { error: 'at least one database name, e.g. [contoso]' })
        .meta({
        description: 'Databases of the application, the same names in both slots. All are frozen, drained, upgraded and rolled back together.',
    }),
    'traffic-manager': trafficManager.optional(),
    upgrade,
    freeze: (0,fields/* section */.uW)({
        method: (0,fields/* choice */.Yq)(['read-only', 'deny-writes', 'auto'], '`read-only`: the database is set READ_ONLY. `deny-writes`: the writing permissions, and with them every procedure and function, are denied to everybody but the action; reading goes on uninterrupted. `auto`: `read-only`, and `deny-writes` where SQL Server refuses that on a replicated database (error 1468). See [how it works](how-it-works.md#the-two-ways-to-freeze).').default('read-only'),
        grace: (0,fields/* duration */.p0)("What users' open transactions get before the freeze rolls them back (ROLLBACK AFTER, or the end of their sessions).", { min: 0, max: HOUR, example: '10s' }).default('10s'),
    }, 'How production is made read-only.').prefault({}),
    seeding: (0,fields/* section */.uW)({
        timeout: (0,fields/* duration */.p0)('How long `prepare` waits for the first full copy. It can be run again and goes on.', {
            max: 120 * HOUR,
            example: '5h',
        }).default('5h'),
    }, 'The first full copy of the databases.').prefault({}),
    drain: (0,fields/* section */.uW)({
        timeout: (0,fields/* duration */.p0)('How long the drain may take before the upgrade gives up and unfreezes. Default: 5m, or `max-read-only` where that is shorter.', { max: 24 * HOUR, example: '5m' }).optional(),
    }, 'Waiting until every committed transaction of production is on the stage database.').prefault({}),
    'max-read-only': (0,fields/* duration */.p0)('The longest users may be read-only before the action goes back by itself.', {
        max: 24 * HOUR,
        example: '30m',
    }).default('30m'),
    health,
    switch: (0,fields/* section */.uW)({
        method: (0,fields/* choice */.Yq)(['traffic-manager', 'slot-swap'], '`traffic-manager`: one write of the profile moves users. `slot-swap`: two deployment slots of one web app are swapped, and Traffic Manager is left alone.').default('traffic-manager'),
        'deployment-slot': (0,fields/* named */.KT)(names/* DEPLOYMENT_SLOT */.bA, 'For `slot-swap`: the deployment slot that is the stage site. Default: staging.').optional(),
    }, 'How users are moved.').prefault({}),
    standby: (0,fields/* section */.uW)({
        mode: (0,fields/* choice */.Yq)(['chained', 'after-termination'], "When the stage slot's geo-secondaries in the backup region are made. `chained`: by `prepare`, from the stage databases. `after-termination`: by `upgrade`, once the links to production are cut, for databases that Azure does not chain (Hyperscale, customer-managed keys); users are read-only for that seeding too.").default('chained'),
    }, 'The backup region, for `topology: geo-redundant`.').optional(),
    rollback: (0,fields/* section */.uW)({
        stage: (0,fields/* choice */.Yq)(['keep', 'remove'], 'What a rollback does with the stage slot: `keep` it for root cause analysis, or `remove` what the action created.').default('keep'),
    }, 'What a rollback does.').prefault({}),
    'sql-login': (0,fields/* section */.uW)({
        user: (0,fields/* text */.Qq)('SQL login or contained user, db_owner in every database.', 'upgrade', 128),
        password: (0,fields/* text */.Qq)('Password, from the environment.', (0,variables/* variable */.b)('SQL_PASSWORD'), 128),
    }, 'A SQL login instead of Microsoft Entra tokens.').optional(),
}, 'Configuration of the rolling-upgrade action.');


/***/ }),

/***/ 67887:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bp: () => (/* binding */ minimum),
/* harmony export */   Sl: () => (/* binding */ image),
/* harmony export */   Vb: () => (/* binding */ readMinimum),
/* harmony export */   W0: () => (/* binding */ settings)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(42047);
/* harmony import */ var _fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21877);
// The kinds of value that only the file of a service has.


const MOST_INSTANCES = 1000;
const PERCENT = /^(100|[1-9]\d?)%$/;
const MINIMUM = `a number of instances from 1 to ${MOST_INSTANCES}, or a share of them from "1%" to "100%", e.g. 3 or "75%"`;
function minimum(description) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .int */ .Whr(), (0,_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .textOrVariable */ .pT)(/\d{1,4}|\d{1,3}%/, MINIMUM)], { error: MINIMUM })
        .refine((value) => readMinimum(value) !== null, { error: MINIMUM })
        .meta({ description, examples: ['75%', 3] });
}
/** 3, "3" or "75%"; null where it is none of these, or asks for no instance. */
function readMinimum(value) {
    const percent = PERCENT.exec(String(value))?.[1];
    if (percent !== undefined)
        return { kind: 'percent', percent: Number(percent) };
    const count = Number(value);
    if (!Number.isInteger(count) || count < 1 || count > MOST_INSTANCES)
        return null;
    return { kind: 'count', count };
}
const VERSION = /^\d+\.\d+\.\d+$/;
const IMAGES_WITH_VERSIONS = [
    /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/galleries\/[^/\s]+\/images\/[^/\s]+(?:\/versions\/([^/\s]+))?$/i,
    /^\/(?:SharedGalleries|CommunityGalleries)\/[^/\s]+\/images\/[^/\s]+(?:\/versions\/([^/\s]+))?$/i,
    /^[^:/\s]+:[^:/\s]+:[^:/\s]+(?::([^:/\s]+))?$/,
];
const MANAGED_IMAGE = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/images\/[^/\s]+$/i;
const IMAGE_EXAMPLE = 'Canonical:ubuntu-24_04-lts:server:24.04.202611100';
const IMAGE = `the resource id of an image version in a gallery, or publisher:offer:sku:version, e.g. ${IMAGE_EXAMPLE}`;
const PINNED = 'an image with its version, e.g. …/versions/2.0.0 or …:2.0.0: where Azure chooses the version there is no way back, and instances come to run different ones';
const VERIFIABLE = 'an image version in a gallery: of a managed image no instance tells which version it runs, so nothing could be verified';
function image(description) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP({ error: IMAGE })
        .superRefine((value, context) => {
        const message = imageProblem(value);
        if (message !== null)
            context.addIssue({ code: 'custom', message });
    })
        .meta({ description, examples: [IMAGE_EXAMPLE] });
}
function imageProblem(value) {
    if (MANAGED_IMAGE.test(value))
        return VERIFIABLE;
    if (value.toLowerCase() === 'latest')
        return PINNED;
    const match = IMAGES_WITH_VERSIONS.map((form) => form.exec(value)).find((found) => found !== null);
    if (match === undefined)
        return IMAGE;
    return VERSION.test(match[1] ?? '') ? null : PINNED;
}
const SETTINGS = 'a mapping of settings as the extension knows them, e.g. {port: 80}';
/** Any mapping that JSON can carry. YAML has numbers that it cannot: `.inf`, `.nan`. */
function settings(description) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_0__/* .unknown */ .L5J(), { error: SETTINGS })
        .refine(isJson, { error: `${SETTINGS}, without .inf and .nan` })
        .meta({ description, examples: [{ port: 80 }] });
}
function isJson(value) {
    if (typeof value === 'number')
        return Number.isFinite(value);
    return typeof value !== 'object' || value === null || Object.values(value).every(isJson);
}


/***/ }),

/***/ 52973:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ serviceFile)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(42047);
/* harmony import */ var _fields_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(21877);
/* harmony import */ var _names_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(49730);
/* harmony import */ var _service_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(67887);
// The shape of the configuration file for topology upgrade-domains: one service, what is to be changed on it, and how
// its update domains are walked. As schema.ts is for slots.




const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const minimumHealthy = (0,_service_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .minimum */ .Bp)('How many of its instances that were walked have to be in a good state before the next domain: a number, or a share of them in percent, rounded up.').default('100%');
const size = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .VM_SIZE */ .Up, 'Size that the instances are to have. Data on local and temporary disks is lost.');
const extension = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    version: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .HANDLER_VERSION */ .qS, 'Version of its handler. Default: as it is.').optional(),
    settings: (0,_service_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .settings */ .W0)('Its public settings, all of them. Default: as they are.').optional(),
}, 'What is to change on an extension: `version`, `settings` or both.');
const scaleSet = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    name: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .SCALE_SET */ .yr, 'Virtual machine scale set that is this role.'),
    'resource-group': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .RESOURCE_GROUP */ .JO, 'Resource group of the scale set.'),
    'minimum-healthy': minimumHealthy,
    image: (0,_service_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .image */ .Sl)('Image that the instances are to run, always with its version. Default: `update.image`; without that, as it is.').optional(),
    size: size.optional().meta({
        description: 'Size that the instances are to have. Data on local and temporary disks is lost. Default: `update.size`; without that, as it is.',
    }),
    extensions: zod__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P((0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .EXTENSION */ .Ys, 'Name of the extension.'), extension, {
        error: 'a mapping of extensions by name, e.g. {app: {version: "2.1"}}',
    })
        .meta({
        description: "Extensions of the scale set's model that are to change; others stay as they are.",
    })
        .optional(),
}, 'One role of the service.');
const cloudRole = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({ 'minimum-healthy': minimumHealthy }, 'One role of the cloud service.');
const cloudService = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    name: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOUD_SERVICE */ .gI, 'Cloud service that users are on.'),
    'resource-group': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .RESOURCE_GROUP */ .JO, 'Resource group of the cloud service.'),
    package: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .PACKAGE_URL */ .f$, 'Address of the service package (.cspkg) to update to. The signature in it is masked in the log; better, take the address from the environment.'),
    configuration: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq)('Service configuration (.cscfg) to update to: a file, relative to the workspace.', 'service/ServiceConfiguration.Cloud.cscfg'),
    'previous-package': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .PACKAGE_URL */ .f$, 'Address of the package that runs now; for `switch.method: swap`, on the service that users are not on. Azure never tells it, and without it there is no way back.'),
    'previous-configuration': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq)('Service configuration (.cscfg) that runs now: a file, relative to the workspace. Needed for the way back where it differs from `configuration`: Azure shows it only until the new one is written. Default: the same as `configuration`.', 'service/ServiceConfiguration.Previous.cscfg').optional(),
    staging: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOUD_SERVICE */ .gI, 'For `switch.method: swap`: the cloud service in the same resource group that the new version is deployed to, and whose address is swapped.').optional(),
    roles: zod__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P((0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOUD_ROLE */ .pb, 'Name of the role.'), cloudRole, {
        error: 'a mapping of roles by name, e.g. {WebRole: {minimum-healthy: 3}}',
    })
        .refine(isNotEmpty, { error: 'at least one role, e.g. {WebRole: {minimum-healthy: 3}}' })
        .meta({
        description: 'The roles of the service, by the names of the service definition.',
        minProperties: 1,
    }),
}, 'A cloud service (extended support). Microsoft retires these on 2027-03-31.');
const service = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    'scale-sets': zod__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P((0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .ROLE */ .z7, 'Name of the role.'), scaleSet, {
        error: 'a mapping of role names to scale sets, e.g. front: {…}',
    })
        .refine(isNotEmpty, { error: 'at least one role, e.g. front: {…}' })
        .meta({
        description: 'Virtual machine scale sets, each one role of the service, by names of your choice.',
        minProperties: 1,
    })
        .optional(),
    'virtual-domains': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .wholeNumber */ .rD)('For scale sets of orchestration mode Flexible, which have no update domains: into how many their instances are divided. Default: 5.', { min: 1, max: 20, example: 5 }).optional(),
    'cloud-service': cloudService.optional(),
}, 'The service whose instances are updated: `scale-sets` or `cloud-service`, one of the two.').meta({ oneOf: [{ required: ['scale-sets'] }, { required: ['cloud-service'] }] });
const walk = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    roles: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg((0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq)('Name of a role.', 'front'), { error: 'a list of role names, e.g. [front]' })
        .min(1, { error: 'at least one role, e.g. [front]; without the key all are updated' })
        .meta({ description: 'Roles that are updated. Default: all of the service, together.' })
        .optional(),
    mode: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .choice */ .Yq)(['automatic', 'manual'], '`automatic`: one run walks all domains. `manual`: one domain a run, so that people approve between domains.').default('automatic'),
    'start-timeout': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)('How long an instance may take to start.', {
        max: 24 * HOUR,
        example: '30m',
    }).default('30m'),
    'on-start-timeout': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .choice */ .Yq)(['rollback', 'fail', 'continue'], 'What follows where an instance has not started in time. `rollback`: back to the version before. `fail`: the run ends as it stands. `continue`: on to the next instance, which is what Microsoft’s Fabric Controller does; `minimum-healthy` still holds before the next domain.').default('rollback'),
    'stuck-after': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)('How long a domain may be below its minimum, with nothing changing, until the update is called stuck.', { max: 24 * HOUR, example: '10m' }).default('10m'),
    'on-stuck': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .choice */ .Yq)(['rollback', 'supersede', 'hold'], 'What follows where the update is stuck. `rollback`: back to the version before. `supersede`: it makes way for a fresh update over the top, which waits until no two domains are down at once. `hold`: the run ends with the update as it stands, and a person decides.').default('rollback'),
    'accept-downtime': (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .flag */ .Jt)('Whether a role with a single instance may be updated: it is down meanwhile. Refused otherwise.').default(false),
}, 'How the update domains are walked.').prefault({});
/** The whole file. Output: as written, with the defaults filled in. */
const serviceFile = (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
    version: zod__WEBPACK_IMPORTED_MODULE_3__/* .literal */ .euz(1, { error: '1, the version of this file format' }).meta({
        description: 'Version of this file format.',
    }),
    application: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .named */ .KT)(_names_js__WEBPACK_IMPORTED_MODULE_0__/* .APPLICATION */ .zb, 'Name of the application, for log, summary and the journal.'),
    service,
    update: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
        image: (0,_service_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .image */ .Sl)('Image that the instances are to run, always with its version.').optional(),
        size: size.optional(),
    }, 'What is to change on every scale set that does not say it itself.').optional(),
    walk,
    health: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
        consecutive: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .wholeNumber */ .rD)('How often in a row the minimum of every role has to be seen.', {
            min: 1,
            max: 100,
            example: 3,
        }).default(3),
        interval: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)('Time from one look to the next.', { max: HOUR, example: '10s' }).default('10s'),
        timeout: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)('How long a walked domain may take until its health is good.', {
            max: 24 * HOUR,
            example: '15m',
        }).default('15m'),
    }, 'When a walked domain counts as healthy.').prefault({}),
    switch: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .section */ .uW)({
        method: (0,_fields_js__WEBPACK_IMPORTED_MODULE_2__/* .choice */ .Yq)(['in-place', 'swap'], '`in-place`: the instances are updated where they are, domain by domain. `swap`: the new version is deployed to `service.cloud-service.staging` and the addresses of the two are swapped, for changes that cannot go in place.').default('in-place'),
    }, 'How users come to the new version.').prefault({}),
}, 'Configuration of the rolling-upgrade action for topology upgrade-domains.');
function isNotEmpty(mapping) {
    return Object.keys(mapping).length > 0;
}


/***/ }),

/***/ 70211:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  eA: () => (/* binding */ checkShape),
  q0: () => (/* binding */ describe),
  fK: () => (/* binding */ valueAt)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/core/json-schema-processors.js
var json_schema_processors = __webpack_require__(98439);
// EXTERNAL MODULE: ./lib/config/schema.js + 1 modules
var schema = __webpack_require__(74737);
// EXTERNAL MODULE: ./lib/config/service-schema.js
var service_schema = __webpack_require__(52973);
;// CONCATENATED MODULE: ./lib/config/json-schema.js
// schema.json and service-schema.json, for completion and checking in editors; and what they say about one key, for error
// messages. Two files, since editors complete an alternative of whole files badly: they offer the keys of both.



const PLACE = 'https://raw.githubusercontent.com/OWNER/rolling-upgrade/v1';
/** The JSON Schema (draft 2020-12) of the configuration file as a person writes it. */
function configJsonSchema() {
    return documentOf(configFile, 'schema.json', 'rolling-upgrade configuration');
}
/** The same of the file for topology upgrade-domains. */
function serviceJsonSchema() {
    return documentOf(serviceFile, 'service-schema.json', 'rolling-upgrade configuration of a service with update domains');
}
function documentOf(file, name, title) {
    const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...rest } = jsonSchemaOf(file);
    return { $schema, $id: `${PLACE}/${name}`, title, ...rest };
}
/** What `schema` takes, before defaults are filled in. */
function jsonSchemaOf(schema) {
    return json_schema_processors/* toJSONSchema */.bl(schema, { io: 'input', unrepresentable: 'throw' });
}
/** The keys that may stand in the mapping at `path` of a file with this schema, over all alternatives. */
function knownKeys(schema, path) {
    let schemas = [schema];
    for (const part of path)
        schemas = schemas.flatMap(alternatives).flatMap((schema) => child(schema, part));
    return [
        ...new Set(schemas.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {}))),
    ];
}
/** A schema itself, or the members of its `anyOf`. */
function alternatives(schema) {
    return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((member) => alternatives(member));
}
function child(schema, part) {
    const { items, properties, additionalProperties } = schema;
    const found = typeof part === 'number'
        ? Array.isArray(items)
            ? null
            : items
        : (properties?.[part] ?? additionalProperties);
    return typeof found === 'object' && found !== null ? [found] : [];
}

// EXTERNAL MODULE: ./lib/config/near-miss.js
var near_miss = __webpack_require__(6015);
// EXTERNAL MODULE: ./lib/config/problems.js
var config_problems = __webpack_require__(80784);
// EXTERNAL MODULE: ./lib/config/signed-url.js
var signed_url = __webpack_require__(76964);
;// CONCATENATED MODULE: ./lib/config/shape.js




/** @param source the file's data, and how values were written, to quote them. */
function checkShape(schema, source) {
    const result = schema.safeParse(source.data);
    if (result.success)
        return { ok: true, file: result.data };
    const problems = result.error.issues.flatMap((issue) => toProblems(issue, [], { schema, source }));
    // A variable that is not set has been told already; what its placeholder breaks would only be noise.
    const told = source.problems.map((problem) => problem.path).filter((path) => path.length > 0);
    return {
        ok: false,
        problems: problems.filter((problem) => !told.some((path) => (0,config_problems/* isWithin */.UO)(problem.path, path))),
    };
}
function toProblems(issue, prefix, from) {
    const path = [
        ...prefix,
        ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    ];
    if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(jsonSchemaOf(from.schema), path);
        return issue.keys.map((key, at) => unknownKey(path, key, known, at < MOST_HINTS));
    }
    if (issue.code === 'invalid_key') {
        const allowed = issue.issues[0]?.message ?? issue.message;
        return [{ path, found: JSON.stringify(path.at(-1)), allowed, atKey: true }];
    }
    if (issue.code === 'invalid_union') {
        const meant = meantAlternative(issue.errors);
        if (meant !== null)
            return meant.flatMap((inner) => toProblems(inner, path, from));
    }
    return [{ path, found: describe(path, from.source), allowed: issue.message }];
}
/** Of several alternatives the one whose kind of value was written, if exactly one is. */
function meantAlternative(errors) {
    const sameKind = errors.filter((issues) => !issues.some((issue) => issue.path.length === 0 && isWrongKind(issue)));
    return sameKind.length === 1 ? (sameKind[0] ?? null) : null;
}
function isWrongKind(issue) {
    return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}
/** A file of unknown keys is of another kind: what each may have meant is not worth finding out. */
const MOST_HINTS = 50;
function unknownKey(path, key, known, hint) {
    return {
        path: [...path, key],
        found: `the unknown key "${key}"`,
        allowed: `${known.join(', ')}.${hint ? (0,near_miss/* didYouMean */.a)(key, known) : ''}`,
        atKey: true,
    };
}
/** What stands at `path`, for an error message. Values from the environment may be secrets: only their name. */
function describe(path, source) {
    const variables = source.variablesAt(path);
    if (variables.length > 0)
        return `the value of ${variables.join(' and ')} (not shown)`;
    const value = valueAt(source.data, path);
    if (value === undefined)
        return 'nothing';
    if (value === null)
        return 'an empty value';
    if (Array.isArray(value))
        return value.length === 0 ? 'an empty list' : 'a list';
    if (typeof value === 'object')
        return 'a mapping';
    if (String(path.at(-1)) === 'password')
        return 'a password in clear text';
    if (typeof value === 'string')
        return shortened(JSON.stringify((0,signed_url/* withoutSignatures */.A)(value)));
    return `the ${typeof value} ${source.writtenAt(path) ?? String(value)}`;
}
function shortened(text) {
    return text.length <= 80 ? text : `${text.slice(0, 79)}…"`;
}
/** What stands at `path`; undefined where nothing does. */
function valueAt(data, path) {
    let value = data;
    for (const part of path) {
        if (typeof value !== 'object' || value === null)
            return undefined;
        value = Object.entries(value).find(([key]) => key === String(part))?.[1];
    }
    return value;
}


/***/ }),

/***/ 70035:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ substituteVariables),
/* harmony export */   b: () => (/* binding */ variable)
/* harmony export */ });
/* harmony import */ var _job_variables_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(68733);
// `${NAME}` in the configuration file takes a value from the environment; `$${` is a literal `${`.

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;
/** How the file refers to an environment variable. */
function variable(name) {
    return `\${${name}}`;
}
/** Replaces every reference. A variable that is set but empty counts as missing: GitHub sets absent secrets so. */
function substituteVariables(text, environment) {
    const used = new Map();
    const missing = [];
    const refused = [];
    let malformed = false;
    const replaced = text.replaceAll(REFERENCE, (reference, name) => {
        if (reference.startsWith('$$'))
            return reference.slice(1);
        if (name === undefined) {
            malformed = true;
            return reference;
        }
        if ((0,_job_variables_js__WEBPACK_IMPORTED_MODULE_0__/* .speaksForJob */ .A)(name)) {
            refused.push(name);
            return reference;
        }
        // Its own only: `${constructor}` is no variable.
        const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
        if (value === undefined || value === '') {
            missing.push(name);
            return reference;
        }
        used.set(name, value);
        return value;
    });
    return { text: replaced, used, missing, refused, malformed };
}


/***/ }),

/***/ 9913:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u: () => (/* binding */ isFileOf)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
// Files that the configuration names lie in the workspace, whatever symbolic links say: what is read is sent to Azure and
// to SQL Server and quoted in errors, and the machine has other files than the repository's.


/** @param file relative to `workspace`, or absolute. False where there is none, and where it leads out. */
function isFileOf(workspace, file) {
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.isAbsolute)(file) ? file : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(workspace, file);
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(path).isFile() && leadsInto((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync)(workspace), (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync)(path));
    }
    catch {
        return false; // also a glob that is too long for a name, and a name that no system has
    }
}
function leadsInto(folder, path) {
    const way = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(folder, path);
    return way !== '..' && !way.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_1__.sep}`) && !(0,node_path__WEBPACK_IMPORTED_MODULE_1__.isAbsolute)(way);
}


/***/ }),

/***/ 98479:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ planSteps),
/* harmony export */   O: () => (/* binding */ stepsNotLookedAt)
/* harmony export */ });
/* harmony import */ var _step_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(26374);

/**
 * Assesses every step. A step that cannot be looked at yet is `later`; after the first step that is not done,
 * "blocked" is believed only of that step, because later ones judge a world that will have changed. Sequences side by
 * side are independent of each other: each has such a step of its own.
 */
async function planSteps(sequence, signal) {
    return (await planSequence(sequence, true, signal)).planned;
}
/** Steps of a phase that lies behind, or too far ahead: the world that they judge is gone, or not there yet. */
function stepsNotLookedAt(sequence, state) {
    return (0,_step_js__WEBPACK_IMPORTED_MODULE_0__/* .stepsOf */ .B_)(sequence).map((step) => ({ ...withoutState(step), state, evidence: [] }));
}
async function planSequence(sequence, from, signal) {
    const planned = [];
    let reached = from;
    for (const one of sequence) {
        const parts = 'sideBySide' in one
            ? await planSideBySide(one, reached, signal)
            : [await planStep(one, reached, signal)];
        planned.push(...parts.flatMap((part) => part.planned));
        reached = reached && parts.every((part) => part.reached);
    }
    return { planned, reached };
}
async function planSideBySide({ sideBySide }, reached, signal) {
    const parts = [];
    for (const sequence of sideBySide)
        parts.push(await planSequence(sequence, reached, signal));
    return parts;
}
async function planStep(step, reached, signal) {
    const assessment = await step.assess({ signal, progress: () => { } });
    return {
        planned: [plannedStep(step, assessment, reached)],
        reached: reached && assessment.kind === 'done',
    };
}
function plannedStep(step, assessment, reached) {
    const blockedLater = assessment.kind === 'blocked' && !reached;
    return {
        ...withoutState(step),
        state: blockedLater ? 'later' : assessment.kind,
        evidence: assessment.kind === 'blocked' ? [assessment.message, ...assessment.advice] : assessment.evidence,
    };
}
function withoutState(step) {
    return {
        id: step.id,
        title: step.title,
        article: step.article,
        phase: step.phase,
        changes: step.changes,
        undo: step.undo?.what ?? step.wayBack ?? null,
        pointOfNoReturn: step.pivot,
    };
}


/***/ }),

/***/ 23631:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ createProgress)
/* harmony export */ });
/* harmony import */ var _humane_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(39328);

/** The rate is that of the last minutes: how fast it goes now tells more than how fast it began. */
const RATE_WINDOW_MS = 10 * 60_000;
/** A number that stands this long is worth a word. */
const STANDSTILL_MS = 5 * 60_000;
/** Percent, rate and remaining time of a long wait, as log lines. */
function createProgress(options) {
    const { clock, log, label } = options;
    const startedAt = clock.now();
    let samples = [];
    let loggedAt = null;
    const say = (parts) => log(`${label}: ${parts.filter((part) => part).join(', ')}`);
    const elapsed = () => `after ${(0,_humane_js__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(clock.now() - startedAt)}`;
    return {
        update(percent, note) {
            const at = clock.now();
            if (percent !== null)
                samples = withSample(samples, { at, percent: clamp(percent) });
            if (loggedAt !== null && at - loggedAt < options.minIntervalMs)
                return;
            loggedAt = at;
            say([...describe(samples, at, options.totalBytes ?? null), note]);
        },
        finish: (note) => say([`done ${elapsed()}`, note]),
        stop(note) {
            const last = samples.at(-1);
            say([`stopped ${last ? `at ${formatPercent(last.percent)} ` : ''}${elapsed()}`, note]);
        },
    };
}
function describe(samples, now, totalBytes) {
    const last = samples.at(-1);
    if (last === undefined)
        return ['waiting'];
    const percent = formatPercent(last.percent);
    const still = now - last.at;
    if (still >= STANDSTILL_MS)
        return [percent, `unchanged for ${(0,_humane_js__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(still)}`];
    const first = samples[0] ?? last;
    const perMs = now > first.at ? (last.percent - first.percent) / (now - first.at) : 0;
    if (perMs <= 0)
        return [percent];
    const rate = totalBytes === null ? (0,_humane_js__WEBPACK_IMPORTED_MODULE_0__/* .formatRate */ .CE)(perMs, 'percent') : (0,_humane_js__WEBPACK_IMPORTED_MODULE_0__/* .formatRate */ .CE)((perMs / 100) * totalBytes, 'bytes');
    const remaining = (100 - last.percent) / perMs;
    return remaining > 0 ? [percent, rate, `about ${(0,_humane_js__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(coarse(remaining))} left`] : [percent, rate];
}
/** Samples of the window, oldest first; one for each percentage. A fall (Azure began anew) starts again. */
function withSample(samples, sample) {
    const last = samples.at(-1);
    if (last?.percent === sample.percent)
        return samples;
    if (last !== undefined && sample.percent < last.percent)
        return [sample];
    const recent = samples.filter(({ at }) => sample.at - at <= RATE_WINDOW_MS);
    return [...(recent.length > 0 || last === undefined ? recent : [last]), sample];
}
/** An estimate is not told to the second. */
function coarse(ms) {
    const step = ms < 10 * 60_000 ? 10_000 : 60_000;
    return Math.ceil(ms / step) * step;
}
function formatPercent(percent) {
    // Not "100 %" before it is.
    return `${Math.floor(percent * 10) / 10} %`;
}
function clamp(percent) {
    return Math.min(100, Math.max(0, percent));
}


/***/ }),

/***/ 48448:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ rollBack)
/* harmony export */ });
/* harmony import */ var _message_of_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88236);
/* harmony import */ var _step_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(26374);
// The way back. It follows from the steps: service first, tidying after, each in the reverse of the order in
// which it was done. Undos read the state themselves, so the same list serves a failed run, a later
// `rollback` run, and the post step after a kill.


/**
 * Undoes the steps. Never throws. A failed tidy does not make the rollback a failure; it is told, and what would be
 * tidied next is left as it is: it may be what the former needs.
 */
async function rollBack(sequence, recorder, signal) {
    const steps = (0,_step_js__WEBPACK_IMPORTED_MODULE_0__/* .stepsOf */ .B_)(sequence);
    const turn = await undoAll(inReverse(steps, 'turn-back'), 'go on', recorder, signal);
    if (turn.errors.length > 0)
        return { kind: 'failed', errors: turn.errors };
    const restore = await undoAll(inReverse(steps, 'restore-service'), 'go on', recorder, signal);
    if (restore.errors.length > 0)
        return { kind: 'failed', errors: restore.errors };
    const tidy = await undoAll(inReverse(steps, 'tidy'), 'stop', recorder, signal);
    const secure = await undoAll(inReverse(steps, 'secure'), 'go on', recorder, signal);
    const all = [turn, restore, tidy, secure];
    return {
        kind: 'rolled-back',
        changed: all.some((one) => one.changed),
        tidyErrors: all.flatMap((one) => one.errors),
        unconfirmed: all.flatMap((one) => one.unconfirmed),
    };
}
function inReverse(steps, order) {
    return steps.filter((step) => step.undo?.order === order).reverse();
}
async function undoAll(steps, afterFailure, recorder, signal) {
    const errors = [];
    const unconfirmed = [];
    let changed = false;
    for (const step of steps) {
        if (!step.undo || (afterFailure === 'stop' && errors.length > 0))
            continue;
        const record = recorder.begin(step, 'undo');
        try {
            const outcome = await step.undo.apply({ signal, progress: record.progress });
            changed ||= outcome.kind === 'undone';
            if (outcome.kind === 'kept' && outcome.unconfirmed)
                unconfirmed.push(outcome.unconfirmed);
            record.end(STATES[outcome.kind], outcome.evidence);
        }
        catch (error) {
            errors.push(error);
            record.end('undo-failed', [(0,_message_of_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .b)(error)]);
        }
    }
    return { errors, changed, unconfirmed };
}
const STATES = {
    undone: 'undone',
    kept: 'kept',
    'nothing-to-undo': 'skipped',
};


/***/ }),

/***/ 61079:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ runSteps)
/* harmony export */ });
/* harmony import */ var _message_of_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88236);
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94022);
// Runs steps in order. It knows neither Azure nor GitHub: a step is looked at, applied if that is needed,
// and the first failure ends the run. What is done about the failure is rollback.ts.


/** Applies the steps that are not done yet. Never throws: a failure is an outcome. */
async function runSteps(sequence, recorder, signal) {
    let changed = false;
    for (const one of sequence) {
        const outcome = 'sideBySide' in one
            ? await runSideBySide(one.sideBySide, recorder, signal)
            : await runStep(one, recorder, signal);
        if (outcome.kind === 'failed')
            return outcome;
        changed ||= outcome.changed;
    }
    return { kind: 'completed', changed };
}
/**
 * All are begun at once. The first failure stops the others' waiting, and all are waited for, so that nothing is under
 * way when the failure is handled.
 */
async function runSideBySide(sequences, recorder, signal) {
    const stop = new AbortController();
    const together = AbortSignal.any([signal, stop.signal]);
    const failures = [];
    const outcomes = await Promise.all(sequences.map(async (sequence) => {
        const outcome = await runSteps(sequence, recorder, together);
        if (outcome.kind === 'failed') {
            failures.push(outcome);
            stop.abort(stoppedBy(outcome.step));
        }
        return outcome;
    }));
    const [first] = failures;
    const changed = outcomes.some((outcome) => outcome.kind === 'completed' && outcome.changed);
    return first ?? { kind: 'completed', changed };
}
/** Why the others have stopped: their records must not read as if each had failed by itself. */
function stoppedBy({ title }) {
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('interrupted', `stopped, because "${title}" has failed`);
}
async function runStep(step, recorder, signal) {
    const record = recorder.begin(step, 'apply');
    let applied = false;
    try {
        signal.throwIfAborted();
        const run = { signal, progress: record.progress };
        const assessment = await step.assess(run);
        if (assessment.kind === 'done') {
            record.end('already-done', assessment.evidence);
            return { kind: 'completed', changed: false };
        }
        if (assessment.kind !== 'to-do')
            throw refusal(step, assessment);
        signal.throwIfAborted();
        applied = true;
        record.end('done', await step.apply(run));
        return { kind: 'completed', changed: true };
    }
    catch (error) {
        record.end(!applied && isAskedWrongly(error) ? 'refused' : 'failed', [(0,_message_of_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .b)(error)]);
        return { kind: 'failed', step, error, applied };
    }
}
/** What is asked for does not fit what is there: nothing has failed. */
function isAskedWrongly(error) {
    const reasons = ['input-invalid', 'phase-not-applicable', 'update-in-progress'];
    return error instanceof _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy && reasons.includes(error.reason);
}
function refusal(step, assessment) {
    if (assessment.kind === 'blocked') {
        return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy(assessment.reason, assessment.message, { advice: assessment.advice });
    }
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_0__/* .UpgradeError */ .fy('phase-not-applicable', `"${step.title}" cannot be done as things stand: ${assessment.evidence.join('; ')}`);
}


/***/ }),

/***/ 26374:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B_: () => (/* binding */ stepsOf),
/* harmony export */   NU: () => (/* binding */ later),
/* harmony export */   Vw: () => (/* binding */ done),
/* harmony export */   Xj: () => (/* binding */ toDo),
/* harmony export */   Z5: () => (/* binding */ blocked)
/* harmony export */ });
const done = (...evidence) => ({ kind: 'done', evidence });
const toDo = (...evidence) => ({ kind: 'to-do', evidence });
const later = (...evidence) => ({ kind: 'later', evidence });
const blocked = (reason, message, ...advice) => ({
    kind: 'blocked',
    reason,
    message,
    advice,
});
/** Every step of a sequence, in the order in which it stands there. */
function stepsOf(sequence) {
    return sequence.flatMap((one) => ('sideBySide' in one ? one.sideBySide.flatMap(stepsOf) : [one]));
}


/***/ }),

/***/ 6507:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ runGuardsAhead),
/* harmony export */   o: () => (/* binding */ runGuards)
/* harmony export */ });
/* harmony import */ var _message_of_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88236);

/** Runs the guards of a phase side by side. */
async function runGuards(guards, context, observed, phase) {
    const standing = guards.filter((guard) => guard.phases.includes(phase));
    return Promise.all(standing.map(async (guard) => record(guard, await verdict(guard, context, observed, phase))));
}
/** Every guard once: at the first of the phases that it stands before. */
async function runGuardsAhead(guards, context, observed, phases) {
    const records = new Map();
    for (const phase of phases) {
        const fresh = guards.filter(({ id }) => !records.has(id));
        for (const record of await runGuards(fresh, context, observed, phase))
            records.set(record.id, record);
    }
    return [...records.values()];
}
async function verdict(guard, context, observed, phase) {
    try {
        return await guard.check(context, observed, phase);
    }
    catch (error) {
        return { kind: 'not-knowable', evidence: (0,_message_of_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .b)(error) };
    }
}
function record({ id, title }, verdict) {
    return {
        id,
        title,
        verdict: verdict.kind,
        reason: verdict.kind === 'fail' ? verdict.reason : null,
        evidence: verdict.evidence,
        advice: verdict.kind === 'pass' ? '' : (verdict.advice ?? ''),
    };
}


/***/ }),

/***/ 11395:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   nU: () => (/* binding */ requiredActions)
/* harmony export */ });
/* unused harmony exports REQUIRED_ACTIONS, allRequiredActions */
const EVERY = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
/** The phases that compare both slots before they change something, and the one that tells of it. */
const COMPARING = ['plan', 'prepare', 'upgrade', 'switch'];
/** The phases that change something on a service with update domains; a look is in each of them. */
const UPDATING = ['prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
const WALKING = ['upgrade', 'rollback'];
const LONG_RUNNING = ['prepare', 'upgrade', 'cleanup', 'rollback'];
const AUTOSCALE = [
    ['autoscaleSettings/read', EVERY, 'find the autoscale settings of the service'],
    ['autoscaleSettings/write', WALKING, 'hold them, and give them back'],
];
const REQUIRED_ACTIONS = [
    ...on('subscription', 'always', 'Microsoft', [
        ['Authorization/permissions/read', EVERY, 'ask which of these actions are missing'],
        ['Resources/subscriptions/resourceGroups/read', EVERY, 'find the resource groups'],
        ['Sql/locations/*/read', LONG_RUNNING, 'follow long-running operations'],
    ]),
    ...on('subscription', 'failover-group', 'Microsoft', [
        ['Sql/locations/*/read', ['switch'], 'follow long-running operations'],
    ]),
    ...on('sql-server', 'always', 'Microsoft.Sql/servers', [
        ['read', EVERY, 'read the servers'],
        ['databases/read', EVERY, 'read the databases'],
        ['databases/replicationLinks/read', EVERY, 'read the links on both sides'],
        ['firewallRules/read', COMPARING, 'compare the firewalls'],
        ['failoverGroups/read', COMPARING, 'see which databases are in a failover group'],
        ['administrators/read', EVERY, 'read the Entra administrator together with the server'],
        ['encryptionProtector/read', EVERY, 'find customer-managed keys'],
        [
            'databases/ledgerDigestUploads/read',
            ['plan', 'prepare', 'upgrade'],
            'see whether links can be removed',
        ],
        ['databases/write', ['prepare'], 'create the stage databases as geo-secondaries'],
        ['databases/replicationLinks/delete', ['upgrade'], 'remove the link after the drain'],
        ['databases/delete', ['cleanup'], "delete the old slot's databases"],
    ]),
    ...on('sql-server', 'several-databases', 'Microsoft.Sql/servers', [
        ['replicationLinks/read', EVERY, 'read the links of all databases of a server at once'],
    ]),
    ...on('sql-server', 'elastic-pool', 'Microsoft.Sql/servers', [
        ['elasticPools/read', COMPARING, 'read the pool'],
    ]),
    ...on('sql-server', 'rollback-remove', 'Microsoft.Sql/servers', [
        ['databases/delete', ['rollback'], 'delete the stage databases'],
    ]),
    ...on('sql-server', 'geo-redundant', 'Microsoft.Sql/servers', [
        [
            'databases/replicationLinks/delete',
            ['cleanup', 'rollback'],
            'remove the link to the backup region first',
        ],
    ]),
    ...on('sql-server', 'after-termination', 'Microsoft.Sql/servers', [
        ['databases/write', ['upgrade'], "create the stage's geo-secondaries once the link is cut"],
    ]),
    ...on('sql-server', 'failover-group', 'Microsoft.Sql/servers', [
        ['failoverGroups/read', ['switch', 'cleanup', 'rollback'], 'see which failover groups there are'],
        ['failoverGroups/write', ['switch'], 'make the failover group of the new pair'],
        ['failoverGroups/delete', ['cleanup'], 'delete the failover group of the old pair'],
    ]),
    ...on('traffic-manager', 'traffic-manager', 'Microsoft.Network/trafficManagerProfiles', [
        ['read', EVERY, 'read the profile'],
        ['write', ['prepare', 'switch', 'rollback'], 'create the profile; move users by one write of it'],
        ['externalEndpoints/write', ['prepare'], "add the stage slot's endpoint"],
        ['azureEndpoints/write', ['prepare'], "add the stage slot's endpoint"],
    ]),
    ...on('web-app', 'always', 'Microsoft.Web/sites', [
        ['read', EVERY, 'read the web apps'],
        ['config/read', COMPARING, 'compare the configurations'],
        ['config/list/action', COMPARING, 'compare settings and connection strings'],
    ]),
    ...on('web-app', 'web-app-create', 'Microsoft.Web/sites', [
        ['write', ['prepare'], 'create the stage web app'],
        ['config/write', ['prepare'], 'give it configuration and settings'],
        ['delete', ['cleanup'], 'delete the old web app, where the action created it'],
    ]),
    ...on('web-app', 'slot-swap', 'Microsoft.Web/sites', [
        ['slots/read', EVERY, 'read the deployment slot'],
        ['slots/config/read', COMPARING, 'compare the configurations'],
        ['slots/config/list/action', COMPARING, 'compare settings and connection strings'],
        ['slotsswap/action', ['switch', 'rollback'], 'swap the deployment slots'],
        ['slots/slotsswap/action', ['switch', 'rollback'], 'swap the deployment slots'],
        ['operationresults/read', ['switch', 'rollback'], 'follow the swap'],
        ['slots/operationresults/read', ['switch', 'rollback'], 'follow the swap'],
    ]),
    ...on('app-service-plan', 'always', 'Microsoft.Web/serverfarms', [
        ['read', COMPARING, 'compare the App Service plans'],
    ]),
    ...on('app-service-plan', 'web-app-create', 'Microsoft.Web/serverfarms', [
        ['write', ['prepare'], 'create a plan like that of production'],
        ['join/action', ['prepare'], 'put the web app on the plan'],
    ]),
    ...on('subscription', 'scale-sets', 'Microsoft.Compute', [
        ['locations/*/read', EVERY, 'read the quota of cores, platform images, and long-running operations'],
    ]),
    ...on('scale-set', 'scale-sets', 'Microsoft.Compute/virtualMachineScaleSets', [
        ['read', EVERY, 'read the model, and the update that is written down on it'],
        ['instanceView/read', EVERY, 'see whether automatic repairs are suspended'],
        ['virtualMachines/read', EVERY, 'read the instances: domain, version, health'],
        ['rollingUpgrades/read', EVERY, 'see whether Azure itself upgrades it'],
        ['write', UPDATING, 'write the model, and the update down on it (tags)'],
        ['manualupgrade/action', WALKING, 'bring the model to the instances of a domain'],
        ['setOrchestrationServiceState/action', WALKING, 'hold automatic repairs, and give them back'],
    ]),
    ...on('service-group', 'flexible', 'Microsoft.Compute', [
        ['virtualMachines/read', EVERY, 'read the machines of the set: health, version'],
    ]),
    ...on('gallery', 'scale-sets', 'Microsoft.Compute/galleries', [
        ['images/versions/read', EVERY, 'see that both versions of the image are there, with their replicas'],
    ]),
    ...on('cloud-service', 'cloud-service', 'Microsoft.Compute/cloudServices', [
        ['read', EVERY, 'read the service, and the update that is written down on it'],
        ['roleInstances/read', EVERY, 'read the role instances'],
        ['roleInstances/instanceView/read', EVERY, 'read their domains and states'],
        ['write', UPDATING, 'write package and configuration, and the update down on it (tags)'],
        ['updateDomains/write', WALKING, 'walk a domain'],
    ]),
    ...on('cloud-service', 'cloud-service', 'Microsoft.Network', [
        ['cloudServiceSlots/read', EVERY, 'see which of two services users are on'],
    ]),
    ...on('cloud-service', 'service-swap', 'Microsoft.Network', [
        ['cloudServiceSlots/write', ['switch', 'rollback'], 'swap the addresses of the two services'],
    ]),
    ...on('subscription', 'cloud-service', 'Microsoft', [
        ['Compute/locations/*/read', EVERY, 'read the quota of cores, and long-running operations'],
        ['Network/locations/*/read', ['switch', 'rollback'], 'follow the swap'],
    ]),
    ...on('service-group', 'scale-sets', 'Microsoft.Insights', AUTOSCALE),
    ...on('service-group', 'cloud-service', 'Microsoft.Insights', AUTOSCALE),
];
/** The actions on one kind of resource that a phase needs under these conditions; 'always' is implied. */
function requiredActions(phase, scope, conditions) {
    const actions = REQUIRED_ACTIONS.filter((required) => required.scope === scope &&
        required.phases.includes(phase) &&
        (required.when === 'always' || conditions.includes(required.when))).map((required) => required.action);
    return [...new Set(actions)];
}
/** Every action of every phase, sorted: what the custom role holds. */
function allRequiredActions() {
    return [...new Set(REQUIRED_ACTIONS.map((required) => required.action))].sort();
}
function on(scope, when, prefix, rows) {
    const separator = prefix === 'Microsoft' ? '.' : '/';
    return rows.map(([action, phases, why]) => ({
        action: `${prefix}${separator}${action}`,
        scope,
        phases,
        when,
        why,
    }));
}


/***/ }),

/***/ 25335:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IX: () => (/* binding */ pass),
/* harmony export */   ZM: () => (/* binding */ notKnowable),
/* harmony export */   bn: () => (/* binding */ allOf),
/* harmony export */   fJ: () => (/* binding */ fail),
/* harmony export */   jZ: () => (/* binding */ perDatabase)
/* harmony export */ });
/* harmony import */ var _message_of_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88236);

const pass = (evidence) => ({ kind: 'pass', evidence });
/** `advice`: only where somebody should look before the phase is begun. */
const notKnowable = (evidence, advice) => ({
    kind: 'not-knowable',
    evidence,
    ...(advice ? { advice } : {}),
});
/** `advice`: a sentence, then the commands that do it, each a line of its own. */
const fail = (reason, evidence, ...advice) => ({
    kind: 'fail',
    reason,
    evidence,
    advice: advice.join('\n'),
});
/** Fails where one fails, telling all that do; knows nothing where one is not knowable; passes where all pass. */
function allOf(verdicts) {
    const failures = verdicts.filter((verdict) => verdict.kind === 'fail');
    const [first] = failures;
    if (first) {
        const advice = unique(failures.flatMap((failure) => failure.advice.split('\n')));
        return fail(first.reason, evidenceOf(failures), ...advice);
    }
    const open = verdicts.filter((verdict) => verdict.kind === 'not-knowable');
    if (open.length === 0)
        return pass(evidenceOf(verdicts));
    return notKnowable(evidenceOf(open), unique(open.map(({ advice }) => advice ?? '')).join('\n'));
}
/** Asks for every database by itself, so that one that cannot be asked does not hide another one's failure. */
async function perDatabase(context, observed, check) {
    const verdicts = await Promise.all(observed.databases.map(async (seen) => {
        const pair = context.databases.find((one) => one.name === seen.name);
        if (!pair)
            return notKnowable(`${seen.name} is not a database of this application`);
        try {
            return await check(pair, seen);
        }
        catch (error) {
            return notKnowable(`${seen.name}: ${(0,_message_of_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .b)(error)}`);
        }
    }));
    return allOf(verdicts);
}
function evidenceOf(verdicts) {
    return unique(verdicts.map((verdict) => verdict.evidence)).join('; ');
}
function unique(texts) {
    return [...new Set(texts)].filter((text) => text !== '');
}


/***/ }),

/***/ 7159:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J5: () => (/* binding */ refused),
/* harmony export */   VM: () => (/* binding */ interrupted),
/* harmony export */   sA: () => (/* binding */ guardRefusal),
/* harmony export */   zD: () => (/* binding */ cleanupUnconfirmed),
/* harmony export */   zN: () => (/* binding */ frozenElsewhere)
/* harmony export */ });
/* harmony import */ var _application_regions_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(89871);
/* harmony import */ var _reasons_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(94022);
// Why a phase is not begun, as a person is told it.


/** Everything that guards have found, under the first one's reason; null where none has failed. */
function guardRefusal(guards) {
    const failed = guards.filter((guard) => guard.verdict === 'fail');
    const [first] = failed;
    if (!first?.reason)
        return null;
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy(first.reason, 
    // The guard's title says what should be, and would contradict it.
    failed.map((guard) => guard.evidence).join('\n'), {
        advice: failed.map((guard) => guard.advice).filter((advice) => advice !== ''),
    });
}
/** 'confirmation-missing' where the input does not say which slot is removed. */
function cleanupUnconfirmed(context) {
    const expected = `remove ${context.stage.config.name}`;
    if (context.confirm.trim().toLowerCase() === expected.toLowerCase())
        return null;
    const { server, standby } = context.stage;
    const where = standby
        ? `databases on ${server.name} and ${standby.server.name}`
        : `database on ${server.name}`;
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy('confirmation-missing', `Cleanup deletes V1's ${where} (slot ${context.stage.config.name}) and was not confirmed${context.confirm ? `: found "${context.confirm}"` : ''}`, { advice: [`Run cleanup with the input confirm: "${expected}"`] });
}
/** What left production read-only: a failover in this very run, which the next phase finds, or an earlier run. */
function interrupted(context, phase, why) {
    if ((0,_application_regions_js__WEBPACK_IMPORTED_MODULE_0__/* .isFailedOver */ .GB)(context)) {
        return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy('region-mismatch', `Phase ${phase} was not begun: production was failed over while it was read-only, it is on ${context.production.server.name} now`, {
            advice: [
                'Production is mended there first. Before an upgrade is begun fail back: phase plan says how.',
            ],
        });
    }
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy('interrupted', `Phase ${phase} was not begun: ${why}`, {
        advice: [
            `Production is mended first. Look at the earlier run, then ${phase === 'prepare' ? 'run prepare again' : `run upgrade again; ${phase} comes after it`}.`,
            'Where the stage database was cut off by then (state compromised), remove it first: run rollback with rollback.stage: remove in the configuration, then prepare.',
        ],
    });
}
/** The table of phases and states does not let a phase begin. */
function refused(allowed) {
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy(allowed.reason, capital(allowed.why), { advice: [allowed.advice] });
}
/** What this tool has not frozen it does not give back. */
function frozenElsewhere(context, database) {
    return new _reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .UpgradeError */ .fy('production-frozen-elsewhere', `${database} on ${context.production.server.name} is read-only, but not by this tool`, { advice: ['Find out who set it read-only; this tool does not undo what it has not done.'] });
}
function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}


/***/ }),

/***/ 92091:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bg: () => (/* binding */ resultOf),
/* harmony export */   Lj: () => (/* binding */ stepsNotReached),
/* harmony export */   Mz: () => (/* binding */ errorOf),
/* harmony export */   V8: () => (/* binding */ onlyLooks),
/* harmony export */   ap: () => (/* binding */ planWith)
/* harmony export */ });
/* harmony import */ var _engine_recorder_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6738);
/* harmony import */ var _engine_step_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(26374);
/* harmony import */ var _as_upgrade_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(38887);
// What the report of every run has in common, whatever it upgrades.



function resultOf(phases, changed, outcome) {
    if (outcome.kind === 'stopped')
        return outcome.result;
    return onlyLooks(phases) || changed ? 'succeeded' : 'nothing-to-do';
}
function onlyLooks(phases) {
    return phases.every((phase) => phase === 'status' || phase === 'plan');
}
/** Guards that stopped a phase are told also where no plan was asked for. */
function planWith(plan, guards) {
    if (guards.length === 0)
        return plan;
    return { steps: [], factors: [], twice: [], ...plan, guards };
}
/** Null for a run that was not stopped. */
function errorOf(outcome) {
    if (outcome.kind === 'completed')
        return null;
    const { reason, message, advice } = outcome.error;
    const also = outcome.also.flatMap((one) => [one.message, ...(0,_as_upgrade_error_js__WEBPACK_IMPORTED_MODULE_0__/* .causesOf */ .c)(one)]);
    return { reason, message, advice, causes: [...(0,_as_upgrade_error_js__WEBPACK_IMPORTED_MODULE_0__/* .causesOf */ .c)(outcome.error), ...also] };
}
/** Of a run that was stopped, once it had begun: the steps that were asked for and never came. */
function stepsNotReached(phases, recorder, sequences, outcome) {
    if (outcome.kind === 'completed' || recorder.steps.length === 0)
        return [];
    const reached = new Set(recorder.steps.map((step) => `${step.phase}/${step.id}`));
    const asked = phases.flatMap((phase) => stepsOfPhase(sequences, phase));
    return asked.filter((step) => !reached.has(`${step.phase}/${step.id}`)).map(_engine_recorder_js__WEBPACK_IMPORTED_MODULE_1__/* .notReached */ .e);
}
function stepsOfPhase(sequences, phase) {
    if (phase !== 'prepare' && phase !== 'upgrade' && phase !== 'switch' && phase !== 'cleanup')
        return [];
    return (0,_engine_step_js__WEBPACK_IMPORTED_MODULE_2__/* .stepsOf */ .B_)(sequences?.[phase] ?? []);
}


/***/ }),

/***/ 41768:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ tellGuards)
/* harmony export */ });
function tellGuards(log, phase, guards) {
    const passed = guards.filter((guard) => guard.verdict === 'pass').length;
    log.group(`Guards of ${phase}: ${passed} of ${guards.length} pass`);
    for (const guard of guards)
        log.line(`${guard.verdict}: ${guard.title}: ${guard.evidence}`);
    log.endGroup();
    // A phase is begun all the same, so it is not left in a folded group.
    for (const { verdict, title, evidence, advice } of guards) {
        if (verdict === 'not-knowable' && advice)
            log.warning(`${title}? ${evidence}.\n${advice}`);
    }
}


/***/ })

};
