export const id = 910;
export const ids = [910];
export const modules = {

/***/ 70910:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ofService: () => (/* binding */ ofService)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./lib/config/checked-file.js + 3 modules
var checked_file = __webpack_require__(74872);
// EXTERNAL MODULE: ./lib/config/cross-check-common.js
var cross_check_common = __webpack_require__(89157);
// EXTERNAL MODULE: ./lib/config/cross-facts.js
var cross_facts = __webpack_require__(88488);
// EXTERNAL MODULE: ./lib/config/near-miss.js
var near_miss = __webpack_require__(6015);
// EXTERNAL MODULE: ./lib/config/shape.js + 1 modules
var shape = __webpack_require__(70211);
// EXTERNAL MODULE: ./lib/config/workspace-files.js
var workspace_files = __webpack_require__(9913);
;// CONCATENATED MODULE: ./lib/config/service-cross-checks.js
// Rules between the keys of a service's file, and between the file and the workspace. As cross-checks.ts is for slots.





const SCALE_SETS = ['service', 'scale-sets'];
const CLOUD_SERVICE = ['service', 'cloud-service'];
const WALKED_ROLES = ['walk', 'roles'];
const METHOD = ['switch', 'method'];
/** Every broken rule, also in a file that breaks the schema: a file gets all its errors at once. */
function crossCheckService(source, workspace) {
    const facts = gatherServiceFacts(source, workspace);
    return CHECKS.flatMap((check) => check(facts));
}
function gatherServiceFacts(source, workspace) {
    const file = (0,cross_facts/* gatherFileFacts */.Ft)(source);
    const [scaleSets, cloudService] = [file.has(SCALE_SETS), file.has(CLOUD_SERVICE)];
    const kind = scaleSets === cloudService ? null : scaleSets ? 'scale-sets' : 'cloud-service';
    const roles = [SCALE_SETS, [...CLOUD_SERVICE, 'roles']].flatMap((path) => (0,cross_facts/* keysAt */._s)(file, path).map((name) => ({ name, path: [...path, name] })));
    return { ...file, workspace, kind, swaps: file.text(METHOD) === 'swap', roles };
}
const oneKindOfService = ({ has, kind }) => {
    if (kind !== null || !has(['service']))
        return [];
    return [
        {
            path: ['service'],
            found: has(SCALE_SETS) ? 'scale-sets and cloud-service' : 'neither scale-sets nor cloud-service',
            allowed: 'one of the two, e.g. scale-sets: {front: {name: contoso-front, resource-group: contoso}}',
        },
    ];
};
/** Refused rather than passed over: whoever wrote it believes that it has an effect. */
const onlyOfScaleSets = ({ has, kind }) => {
    if (kind !== 'cloud-service')
        return [];
    const keys = [
        [['service', 'virtual-domains'], 'virtual domains'],
        [['update'], 'a change of scale sets'],
    ];
    return keys
        .filter(([path]) => has(path))
        .map(([path, found]) => ({
        path,
        found,
        allowed: 'only together with "scale-sets"; a cloud service has domains of its own, and changes by its package and configuration',
        atKey: true,
    }));
};
const scaleSetsOnce = ({ kind, roles, text }) => {
    if (kind !== 'scale-sets')
        return [];
    const setOf = ({ path }) => {
        const [group, name] = [text([...path, 'resource-group']), text([...path, 'name'])];
        return group === null || name === null ? null : `${group}/${name}`.toLowerCase();
    };
    return (0,cross_facts/* repetitions */.Xu)(roles, setOf).map(({ part, first }) => ({
        path: [...part.path, 'name'],
        found: `the scale set of role "${first.name}"`,
        allowed: 'another scale set: each is one role',
    }));
};
const scaleSetsChange = ({ kind, roles, source, has }) => {
    if (kind !== 'scale-sets' || has(['update', 'image']) || has(['update', 'size']))
        return [];
    const walked = (0,shape/* valueAt */.fK)(source.data, WALKED_ROLES);
    return roles
        .filter(({ name }) => !Array.isArray(walked) || walked.includes(name))
        .filter(({ path }) => !['image', 'size', 'extensions'].some((key) => has([...path, key])))
        .map(({ path }) => ({
        path,
        found: 'nothing that is to change',
        allowed: 'image, size or extensions of what is to run after the update, here or in "update"; or "walk: {roles: […]}" without this role',
    }));
};
const extensionsChange = (facts) => facts.roles
    .map(({ path }) => [...path, 'extensions'])
    .flatMap((path) => {
    const names = (0,cross_facts/* keysAt */._s)(facts, path);
    if (names.length === 0 && facts.has(path))
        return [path];
    return names
        .map((name) => [...path, name])
        .filter((extension) => !['version', 'settings'].some((key) => facts.has([...extension, key])));
})
    .map((path) => ({
    path,
    found: 'nothing that is to change',
    allowed: 'extensions with their version or settings, e.g. {app: {version: "2.1"}}',
}));
const walkedRolesExist = ({ source, roles }) => {
    const walked = (0,shape/* valueAt */.fK)(source.data, WALKED_ROLES);
    if (!Array.isArray(walked) || roles.length === 0)
        return [];
    const names = roles.map(({ name }) => name);
    return walked.flatMap((name, index) => {
        if (typeof name !== 'string' || names.includes(name))
            return [];
        const path = [...WALKED_ROLES, index];
        const shown = source.variablesAt(path).length > 0 ? '' : (0,near_miss/* didYouMean */.a)(name, names);
        return [
            {
                path,
                found: `${(0,shape/* describe */.q0)(path, source)}, which is no role of the service`,
                allowed: `${names.join(', ')}.${shown}`,
            },
        ];
    });
};
const walkedRolesOnce = (facts) => (0,cross_check_common/* eachOnce */.B)(facts, WALKED_ROLES, 'each role once');
const swapsCloudServices = ({ kind, swaps, has }) => {
    if (!swaps || kind === null)
        return [];
    const needsCloudService = {
        path: METHOD,
        found: '"swap"',
        allowed: 'in-place: scale sets have no second deployment to swap with; cloud services have',
    };
    if (kind === 'scale-sets')
        return [needsCloudService];
    const staging = {
        path: [...CLOUD_SERVICE, 'staging'],
        found: 'nothing',
        allowed: 'the cloud service that the new version is deployed to, or "switch: {method: in-place}"',
    };
    const roles = {
        path: WALKED_ROLES,
        found: 'roles',
        allowed: 'only together with "method: in-place"; a swap moves the whole service',
        atKey: true,
    };
    return [...(has(staging.path) ? [] : [staging]), ...(has(roles.path) ? [roles] : [])];
};
const stagingOnlyToSwap = ({ swaps, has }) => {
    const path = [...CLOUD_SERVICE, 'staging'];
    if (swaps || !has(path))
        return [];
    const allowed = 'only together with "switch: {method: swap}"';
    return [{ path, found: 'a service to swap with', allowed, atKey: true }];
};
const stagingIsAnother = ({ text }) => {
    const path = [...CLOUD_SERVICE, 'staging'];
    const [staging, production] = [text(path), text([...CLOUD_SERVICE, 'name'])];
    if (staging === null || staging.toLowerCase() !== production?.toLowerCase())
        return [];
    return [{ path, found: 'the service that users are on', allowed: 'another cloud service' }];
};
const configurationsAreThere = ({ workspace, source, text }) => ['configuration', 'previous-configuration'].flatMap((key) => {
    const path = [...CLOUD_SERVICE, key];
    const file = text(path);
    if (file === null || (0,workspace_files/* isFileOf */.u)(workspace, file))
        return [];
    return [
        {
            path,
            found: `${(0,shape/* describe */.q0)(path, source)}, which is no file of the workspace`,
            allowed: 'a file relative to the workspace, e.g. service/ServiceConfiguration.Cloud.cscfg',
        },
    ];
});
/** A way back to what is to come is none. An address that differs in its signature only is the same. */
const previousIsAnother = ({ text }) => {
    const at = (key) => text([...CLOUD_SERVICE, key]);
    const bare = (key) => at(key)?.split('?')[0] ?? null;
    const [configuration, before] = [at('configuration'), at('previous-configuration')];
    const hasNewConfiguration = before !== null && before !== configuration;
    if (bare('package') === null || bare('package') !== bare('previous-package') || hasNewConfiguration)
        return [];
    return [
        {
            path: [...CLOUD_SERVICE, 'previous-package'],
            found: 'the package to update to, with the same configuration',
            allowed: 'the package that runs now; where only the configuration changes, "previous-configuration" with the .cscfg that runs now',
        },
    ];
};
const CHECKS = [
    oneKindOfService,
    onlyOfScaleSets,
    scaleSetsOnce,
    scaleSetsChange,
    extensionsChange,
    walkedRolesExist,
    walkedRolesOnce,
    swapsCloudServices,
    stagingOnlyToSwap,
    stagingIsAnother,
    configurationsAreThere,
    previousIsAnother,
    (0,cross_check_common/* checksFitIntoTimeout */.A)({ timeout: '15m', interval: '10s' }),
];

// EXTERNAL MODULE: ./lib/config/service-schema.js
var service_schema = __webpack_require__(52973);
// EXTERNAL MODULE: ./lib/config/duration.js
var duration = __webpack_require__(26804);
// EXTERNAL MODULE: ./lib/config/service-fields.js
var service_fields = __webpack_require__(67887);
;// CONCATENATED MODULE: ./lib/config/service-to-config.js
// From the shape of the service's file to the configuration the product works with. The file has passed its checks, so
// every text has a meaning here.


const DEFAULT_VIRTUAL_DOMAINS = 5;
/** The file, checked, as the product sees it. */
function toServiceConfig(file) {
    return {
        topology: 'upgrade-domains',
        application: file.application,
        service: toService(file),
        switchMethod: file.switch.method,
        walk: toWalk(file.walk),
        health: toHealth(file.health),
    };
}
function toService({ service, update }) {
    const { 'scale-sets': scaleSets, 'cloud-service': cloudService } = service;
    if (cloudService !== undefined)
        return toCloudService(cloudService);
    if (scaleSets === undefined)
        throw new RangeError('a service has scale sets, or is a cloud service');
    return toScaleSets(scaleSets, service['virtual-domains'], update);
}
function toScaleSets(scaleSets, virtualDomains, update) {
    return {
        kind: 'scale-sets',
        roles: Object.entries(scaleSets).map(([name, set]) => ({
            ...toRole([name, set]),
            scaleSet: set.name,
            resourceGroup: set['resource-group'],
            change: toTarget(set, update),
        })),
        virtualDomains: Number(virtualDomains ?? DEFAULT_VIRTUAL_DOMAINS),
    };
}
function toTarget(set, update) {
    const extensions = Object.entries(set.extensions ?? {}).map(([name, { version, settings }]) => [name, { version: version ?? null, settings: settings ?? null }]);
    return {
        image: set.image ?? update?.image ?? null,
        size: set.size ?? update?.size ?? null,
        extensions: Object.fromEntries(extensions),
    };
}
function toCloudService(file) {
    return {
        kind: 'cloud-service',
        resourceGroup: file['resource-group'],
        service: file.name,
        roles: Object.entries(file.roles).map(toRole),
        packageUrl: file.package,
        configurationFile: file.configuration,
        previousPackageUrl: file['previous-package'],
        previousConfigurationFile: file['previous-configuration'] ?? null,
        stagingService: file.staging ?? null,
    };
}
function toRole([name, role]) {
    return { name, minimumHealthy: toMinimum(role['minimum-healthy']) };
}
function toMinimum(written) {
    const minimum = (0,service_fields/* readMinimum */.Vb)(written);
    if (minimum === null)
        throw new RangeError(`not a minimum: ${written}`);
    return minimum;
}
function toWalk(file) {
    return {
        roles: file.roles ?? [],
        mode: file.mode,
        startTimeoutMs: (0,duration/* milliseconds */.Rz)(file['start-timeout']),
        onStartTimeout: file['on-start-timeout'],
        stuckAfterMs: (0,duration/* milliseconds */.Rz)(file['stuck-after']),
        onStuck: file['on-stuck'],
        acceptDowntime: String(file['accept-downtime']) === 'true',
    };
}
function toHealth(file) {
    return {
        consecutive: Number(file.consecutive),
        intervalMs: (0,duration/* milliseconds */.Rz)(file.interval),
        timeoutMs: (0,duration/* milliseconds */.Rz)(file.timeout),
    };
}

;// CONCATENATED MODULE: ./lib/config/service-load.js
// The configuration file of topology upgrade-domains, from disk to ServiceConfig.




/**
 * Reads and checks the configuration file of a service. Throws UpgradeError 'config-not-found', or 'config-invalid'
 * with every problem of the file, each with path, place, what was found and what is allowed.
 */
function loadServiceConfig(options) {
    const file = (0,checked_file/* readChecked */.Y)(options, {
        schema: service_schema/* serviceFile */.I,
        kind: 'service',
        between: (source) => crossCheckService(source, options.workspace),
        example: 'examples/rolling-upgrade.upgrade-domains.yml',
    });
    return toServiceConfig(file);
}

// EXTERNAL MODULE: ./lib/reasons.js
var reasons = __webpack_require__(94022);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 5 modules
var schemas = __webpack_require__(42047);
;// CONCATENATED MODULE: ./lib/service/role-instance.js
function keyOf({ role, id }) {
    return `${role}/${id}`;
}
/** By role, then by id; ids that are numbers by their value. The same everywhere, whatever the locale. */
function inNameOrder(one, other) {
    return compareTexts(one.role, other.role) || compareIds(one.id, other.id);
}
function compareIds(one, other) {
    const areNumbers = [one, other].every((id) => /^\d+$/.test(id));
    return (areNumbers ? Number(one) - Number(other) : 0) || compareTexts(one, other);
}
function compareTexts(one, other) {
    if (one === other)
        return 0;
    return one < other ? -1 : 1;
}

;// CONCATENATED MODULE: ./lib/service/domain-map.js
// Which instance stands in which domain, as a run writes it down: a run that was killed goes on with the same map.


const FORMAT = 1;
/** What ids have in common is written once: names of machines are long, and what holds the text is small. */
const writtenRole = schemas/* object */.Ikc({
    role: schemas/* string */.YjP(),
    prefix: schemas/* string */.YjP(),
    domains: schemas/* array */.YOg(schemas/* tuple */.PVZ([schemas/* number */.aig().int().nonnegative(), schemas/* array */.YOg(schemas/* string */.YjP())])),
});
const writtenMap = schemas/* object */.Ikc({
    format: schemas/* literal */.euz(FORMAT),
    virtualDomains: schemas/* number */.aig().int().positive(),
    roles: schemas/* array */.YOg(writtenRole),
});
/** As one line of JSON, about ten characters an instance of a Flexible scale set. */
function writeDomainMap({ virtualDomains, roles }) {
    const written = {
        format: FORMAT,
        virtualDomains,
        roles: [...roles].map(([role, domainOf]) => {
            const prefix = commonPrefix([...domainOf.keys()]);
            return { role, prefix, domains: byDomain(domainOf, prefix.length) };
        }),
    };
    return JSON.stringify(written);
}
/** Null for a text that is none, was cut off, or puts an instance into two domains. */
function readDomainMap(text) {
    const parsed = writtenMap.safeParse(jsonOf(text));
    if (!parsed.success)
        return null;
    const roles = new Map();
    for (const { role, prefix, domains } of parsed.data.roles) {
        if (roles.has(role))
            return null;
        const domainOf = new Map();
        roles.set(role, domainOf);
        for (const [domain, endings] of domains) {
            for (const ending of endings) {
                const id = prefix + ending;
                if (domainOf.has(id))
                    return null;
                domainOf.set(id, domain);
            }
        }
    }
    return { virtualDomains: parsed.data.virtualDomains, roles };
}
function byDomain(domainOf, prefixLength) {
    const domains = Map.groupBy(domainOf, ([, domain]) => domain);
    return [...domains]
        .toSorted(([one], [other]) => one - other)
        .map(([domain, entries]) => {
        const ids = entries.map(([id]) => id).toSorted(compareIds);
        return [domain, ids.map((id) => id.slice(prefixLength))];
    });
}
function commonPrefix(texts) {
    const [first = '', ...others] = texts;
    let length = first.length;
    for (const other of others)
        while (!other.startsWith(first.slice(0, length)))
            length--;
    return first.slice(0, length);
}
function jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/service/domains.js

/**
 * Spreads the instances of the chosen roles over domains. With a known map instances stay where they are; new ones of
 * a virtual domain go to the smallest. Throws RangeError for less than one virtual domain.
 *
 * @param virtualDomains how many; a known map's own number counts instead, since an update must not change it
 */
function spreadOverDomains(roles, virtualDomains, known = null) {
    const count = known?.virtualDomains ?? virtualDomains;
    if (!Number.isInteger(count) || count < 1)
        throw new RangeError(`${count} virtual domains`);
    const all = roles.map((role) => {
        const before = known?.roles.get(role.role) ?? null;
        const domainOf = role.placement === 'platform' ? platformDomains(role, before) : virtual(role, before, count);
        return { ...role, domainOf };
    });
    const instances = all.flatMap(({ role, instances: own }) => own.map((each) => ({ ...each, role })));
    const placeOf = ({ role, id }) => all.find((each) => each.role === role)?.domainOf.get(id) ?? null;
    return {
        domains: domainsOf(instances, placeOf),
        map: { virtualDomains: count, roles: new Map(all.map(({ role, domainOf }) => [role, domainOf])) },
        unplaced: instances.filter((instance) => placeOf(instance) === null).toSorted(inNameOrder),
    };
}
function domainsOf(instances, placeOf) {
    const groups = Map.groupBy(instances, placeOf);
    return [...groups]
        .flatMap(([number, group]) => (number === null ? [] : { number, instances: group.toSorted(inNameOrder) }))
        .toSorted((one, other) => one.number - other.number);
}
/** An instance that is being written may show no view: then it stands where it stood. */
function platformDomains({ instances }, before) {
    return new Map(instances.flatMap(({ id, updateDomain }) => {
        const domain = updateDomain ?? before?.get(id);
        return domain === undefined ? [] : [[id, domain]];
    }));
}
function virtual({ instances }, before, count) {
    return before === null ? inEqualParts(instances, count) : withNewOnes(instances, before, count);
}
/** Neighbours share a zone and a fault domain, so that a domain that is down leaves the others whole. */
function inEqualParts(instances, count) {
    const sorted = instances.toSorted(byPlace);
    const size = Math.floor(sorted.length / count);
    const larger = sorted.length % count;
    // The first ones are larger by one: 14 over 5 make 3, 3, 3, 3, 2.
    const domainAt = (index) => index < larger * (size + 1)
        ? Math.floor(index / (size + 1))
        : larger + Math.floor((index - larger * (size + 1)) / size);
    return new Map(sorted.map(({ id }, index) => [id, domainAt(index)]));
}
function withNewOnes(instances, before, count) {
    const sizes = Array.from({ length: count }, () => 0);
    const domainOf = new Map();
    const put = (id, domain) => {
        domainOf.set(id, domain);
        sizes[domain] = (sizes[domain] ?? 0) + 1;
    };
    const isNew = ({ id }) => !before.has(id);
    for (const { id } of instances) {
        const domain = before.get(id);
        if (domain !== undefined)
            put(id, domain);
    }
    for (const { id } of instances.filter(isNew).toSorted(byPlace)) {
        put(id, sizes.indexOf(Math.min(...sizes.slice(0, count))));
    }
    return domainOf;
}
function byPlace(one, other) {
    return (compareTexts(one.zone ?? '', other.zone ?? '') ||
        (one.faultDomain ?? -1) - (other.faultDomain ?? -1) ||
        compareIds(one.id, other.id));
}

;// CONCATENATED MODULE: ./lib/service/words.js
// Lists and numbers as the sentences about a walk need them.
const MOST = 8;
/** "a", "a and b", "a, b and c"; of many the first, and how many more. */
function formatList(items) {
    if (items.length > MOST)
        return `${items.slice(0, MOST - 1).join(', ')} and ${items.length - MOST + 1} more`;
    if (items.length < 2)
        return items.join('');
    return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
/** "1 instance", "3 instances". */
function count(number, thing) {
    return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./lib/service/progress.js
// Where an update stands, from one look: which domains are updated, which one is being updated, which are untouched.


/** In transition by itself or by somebody: neither as it was nor as it will be. */
function isBeingChanged({ provisioningState, powerState }) {
    return (['Updating', 'Creating', 'Deleting'].includes(provisioningState) ||
        ['starting', 'stopping'].includes(powerState));
}
function progressOf(look) {
    const versionOf = (instance) => look.versions.get(keyOf(instance)) ?? 'unknown';
    const instances = byVersion(look.domains, versionOf);
    const foreignModels = [...look.models].filter(([, model]) => model === 'other').map(([role]) => role);
    const found = {
        direction: directionOf(look, versionOf),
        domains: look.domains.map((domain) => domainProgress(domain, versionOf)),
        instances,
        foreignModels,
    };
    const kind = kindOf(look, found);
    return { kind, ...found, words: wordsOf(kind, found) };
}
function kindOf({ models }, { instances, foreignModels }) {
    const { target, previous, other, unknown } = instances;
    if (other.length > 0 || foreignModels.length > 0)
        return 'mixed';
    if (unknown.length > 0 && target.length === 0 && previous.length === 0)
        return 'not-knowable';
    const isModelApplied = [...models.values()].includes('target');
    const isUntouched = target.length === 0 && unknown.length === 0;
    if (isUntouched && !isModelApplied)
        return 'not-begun';
    return previous.length === 0 && unknown.length === 0 ? 'done' : 'in-progress';
}
function domainProgress({ number, instances }, versionOf) {
    const updated = instances.filter((instance) => versionOf(instance) === 'target').length;
    const untouched = instances.filter((instance) => versionOf(instance) === 'previous').length;
    const isAtRest = !instances.some(isBeingChanged);
    const settled = (count) => isAtRest && count === instances.length;
    const state = settled(updated) ? 'updated' : settled(untouched) ? 'untouched' : 'in-flight';
    return { domain: number, state, updated, instances: instances.length };
}
function directionOf({ domains, models }, versionOf) {
    const isPutBack = domains
        .flatMap(({ instances }) => instances)
        .some((instance) => models.get(instance.role) === 'previous' && versionOf(instance) === 'target');
    return isPutBack ? 'back' : 'forward';
}
function byVersion(domains, versionOf) {
    const all = domains.flatMap(({ instances }) => instances);
    const of = (version) => all.filter((instance) => versionOf(instance) === version).map(keyOf);
    return { target: of('target'), previous: of('previous'), other: of('other'), unknown: of('unknown') };
}
function wordsOf(kind, { direction, domains, instances, foreignModels }) {
    switch (kind) {
        case 'not-begun':
            return 'no update is in progress';
        case 'done':
            return 'every instance runs the new version';
        case 'not-knowable':
            return 'no instance tells what it runs';
        case 'mixed':
            return [
                ...(foreignModels.length > 0
                    ? [`somebody else has changed the model of ${formatList(foreignModels)}`]
                    : []),
                ...(instances.other.length > 0
                    ? [
                        `${formatList(instances.other)} ${instances.other.length === 1 ? 'runs' : 'run'} neither the version before nor the new one`,
                    ]
                    : []),
            ].join('; ');
        case 'in-progress': {
            const way = direction === 'back' ? 'on the way back' : 'in progress';
            const states = [
                ...statement(domains, 'updated', 'updated'),
                ...statement(domains, 'in-flight', 'in flight'),
                ...statement(domains, 'untouched', 'untouched'),
            ];
            return `${way}: ${states.join(', ')}`;
        }
    }
}
function statement(domains, state, words) {
    const numbers = domains.filter((domain) => domain.state === state).map(({ domain }) => String(domain));
    if (numbers.length === 0)
        return [];
    return [`domain${numbers.length > 1 ? 's' : ''} ${formatList(numbers)} ${words}`];
}

;// CONCATENATED MODULE: ./lib/service/locked.js



/** Of Resource Manager: nothing is under way in these. */
const AT_REST = ['succeeded', 'failed', 'canceled'];
const ROLLING = ['rollingforward', 'rollingback'];
function lockedOf({ resources, instances, lease }) {
    const changing = instances.filter(isBeingChanged).map(keyOf);
    const reasons = [
        ...resources
            .filter(({ provisioningState }) => !AT_REST.includes(provisioningState.toLowerCase()))
            .map(({ name, provisioningState }) => `an operation on ${name} is under way (${provisioningState})`),
        ...resources
            .filter(({ platformUpgrade }) => ROLLING.includes(platformUpgrade?.code.toLowerCase() ?? ''))
            .map(({ name, platformUpgrade }) => `Azure itself upgrades ${name} (${platformUpgrade?.code})`),
        ...(changing.length > 0 ? [`instances are being changed: ${formatList(changing)}`] : []),
        ...(lease !== null && !lease.isOurs ? [`another run has it: ${lease.holder}`] : []),
    ];
    return { locked: reasons.length > 0, reasons };
}

// EXTERNAL MODULE: ./lib/azure/resource-id.js
var resource_id = __webpack_require__(18481);
;// CONCATENATED MODULE: ./lib/service/model-parts.js

const IMAGE = {
    of: 'machine',
    name: 'image version',
    inModel: ({ image }) => image?.toLowerCase() ?? '',
    expected: ({ image }) => (image === null ? null : imageVersion(image)),
    told: ({ exactVersion }) => exactVersion,
    show: (told) => told,
};
const SIZE = {
    of: 'machine',
    name: 'size',
    inModel: ({ sku }) => sku.name.toLowerCase(),
    expected: ({ sku }) => sku.name.toLowerCase(),
    told: ({ skuName }) => skuName?.toLowerCase() ?? null,
    show: (told) => told,
};
/** Of the models, in the order in which they prove something: the image first. */
function partsOf(...models) {
    const names = new Set(models.flatMap(({ extensions }) => Object.keys(extensions)));
    return [IMAGE, SIZE, ...[...names].toSorted().flatMap(extensionParts)];
}
/** Its version and its settings are two parts: Azure may tell the one and not the other. */
function extensionParts(name) {
    const version = (extension) => extension?.typeHandlerVersion ?? '';
    const settings = (extension) => extension === null ? '' : canonical(extension.settings);
    const inModel = ({ extensions }) => extensionNamed(extensions, name);
    const told = ({ extensions }) => (extensions ? extensionNamed(extensions, name) : null);
    const isToldAtAll = ({ extensions }) => extensions !== undefined && extensions !== null;
    return [
        {
            of: 'extension',
            name: `extension ${name}`,
            inModel: (model) => version(inModel(model)),
            expected: (model) => version(inModel(model)),
            told: (instance) => (isToldAtAll(instance) ? version(told(instance)) : null),
            show: (text) => (text === '' ? 'not there' : text),
        },
        {
            of: 'extension',
            name: `settings of extension ${name}`,
            inModel: (model) => settings(inModel(model)),
            expected: (model) => settings(inModel(model)),
            told: (instance) => {
                const extension = told(instance);
                return extension?.settings ? settings(extension) : null;
            },
            show: () => 'as the instance tells them',
        },
    ];
}
/** Resource Manager's names have no case. */
function extensionNamed(extensions, name) {
    const entry = Object.entries(extensions).find(([key]) => key.toLowerCase() === name.toLowerCase());
    return entry?.[1] ?? null;
}
/** The version that an image names exactly; null for `latest`, and for images that have none. */
function imageVersion(image) {
    const version = image.startsWith('/') ? (0,resource_id/* partOf */.B)(image, 'versions') : (image.split(':')[3] ?? null);
    return version === null || version === '' || version.toLowerCase() === 'latest' ? null : version;
}
/** Whether an image is the same tomorrow: an exact version, or an image of one's own, which has no versions. */
function isPinned(image) {
    if (imageVersion(image) !== null)
        return true;
    return image.startsWith('/') && !/\/(?:shared|community)?galleries\//i.test(image);
}
/** The model as it is to be; an extension that the set does not have is left out (see changesOfScaleSet). */
function targetModel(model, { image, size, extensions }) {
    const changed = Object.entries(model.extensions).map(([name, extension]) => {
        const wanted = Object.entries(extensions).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
        if (wanted === undefined)
            return [name, extension];
        return [
            name,
            {
                ...extension,
                typeHandlerVersion: wanted.version ?? extension.typeHandlerVersion,
                settings: wanted.settings ?? extension.settings,
            },
        ];
    });
    return {
        sku: { ...model.sku, name: size ?? model.sku.name },
        image: image ?? model.image,
        extensions: Object.fromEntries(changed),
    };
}
/** The same text for values that differ in the order of their members only. */
function canonical(value) {
    return JSON.stringify(value, (_, member) => typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : member);
}

;// CONCATENATED MODULE: ./lib/service/rollback-allowed.js
/**
 * What stands in the way of a way back that has begun, or that follows a failure: that no instance has the new version any
 * more, or that every one has it, does not.
 */
function inTheWay({ refusals }) {
    return refusals.filter(({ kind }) => kind !== 'not-begun' && kind !== 'finished');
}
function rollbackAllowedOf(progress, previousIsKnown, blockers) {
    const state = refusalOfState(progress);
    // What would be in the way of a rollback that is none says nothing.
    if (state?.kind === 'not-begun' || state?.kind === 'finished')
        return { allowed: false, refusals: [state] };
    const refusals = [
        ...(state === null ? [] : [state]),
        ...(previousIsKnown ? [] : [PREVIOUS_UNKNOWN]),
        ...blockers,
    ];
    return { allowed: refusals.length === 0, refusals };
}
const PREVIOUS_UNKNOWN = {
    kind: 'previous-unknown',
    message: 'The version before is not known: nothing says what to go back to.',
};
/** Instances that somebody else has changed are left alone by a rollback; a model that is theirs would be undone. */
function refusalOfState({ kind, foreignModels, words, instances }) {
    switch (kind) {
        case 'not-begun':
            return { kind: 'not-begun', message: 'No update is in progress: there is nothing to go back from.' };
        case 'done':
            return {
                kind: 'finished',
                message: 'The update is finished: every instance runs the new version. Update to the version before.',
            };
        case 'not-knowable':
            return { kind: 'not-knowable', message: `It is not known which instances were updated: ${words}.` };
        case 'mixed': {
            if (foreignModels.length > 0) {
                return { kind: 'changed-by-others', message: `A rollback would undo what others did: ${words}.` };
            }
            return instances.target.length + instances.unknown.length > 0
                ? null
                : { kind: 'not-begun', message: `No instance runs the new version: ${words}.` };
        }
        case 'in-progress':
            return null;
    }
}
/**
 * Whether the way back needs more cores than the quota has left, as after a scale-down whose cores others have taken.
 *
 * @param moreCores that the version before needs beyond what is in use now; not above 0: it needs none
 */
function quotaBlocker(moreCores, { used, limit }) {
    if (moreCores <= 0 || used + moreCores <= limit)
        return null;
    return {
        kind: 'quota',
        message: `The version before needs ${moreCores} more cores; the quota has ${Math.max(0, limit - used)} of ${limit} left.`,
    };
}

;// CONCATENATED MODULE: ./lib/service/versions.js

/**
 * By what the instance tells of its image, size and extensions; where that says nothing, by the record of the walk (see
 * recordedVersion). What Azure says of the latest model comes last: tags are part of a model, and the record is kept in
 * tags, so that it may say "not applied" of every instance.
 */
function runningVersion(instance, models, recorded = null) {
    const byModel = byParts(instance, models);
    if (byModel !== null)
        return byModel;
    if (recorded === null)
        return byLatestModel(instance, models) ?? byRecord(recorded);
    const isSettled = recorded !== 'unknown';
    return (isSettled ? null : byNewestModel(instance, models)) ?? byRecord(recorded);
}
/** Of a service that tells no model at all: a cloud service. */
function byRecord(recorded) {
    if (recorded === null || recorded === 'unknown') {
        return { version: 'unknown', evidence: 'neither the instance nor a finished walk tells it' };
    }
    return { version: recorded, evidence: 'by the record of the walk' };
}
function byParts(instance, { target, previous }) {
    const parts = previous === null ? partsOf(target) : comparable(target, previous);
    const findings = parts
        .map((part) => findingOf(part, instance, target, previous))
        .filter((finding) => finding !== null);
    const saying = (says) => findings.filter((finding) => finding.says === says);
    const words = (some) => some.map((finding) => finding.words).join(', ');
    const [others, targets, previouses] = [saying('other'), saying('target'), saying('previous')];
    if (others.length > 0)
        return { version: 'other', evidence: words(others) };
    // While an instance is written it has a part of each.
    if (targets.length > 0 && previouses.length > 0) {
        return { version: 'unknown', evidence: `partly updated: ${words([...targets, ...previouses])}` };
    }
    if (previouses.length > 0)
        return { version: 'previous', evidence: words(previouses) };
    // Without the model before, nobody knows which part the update changes: all have to be told.
    if (previous === null && findings.length < parts.length)
        return null;
    if (targets.length > 0)
        return { version: 'target', evidence: words(targets) };
    const areEqual = previous !== null && parts.every((part) => part.inModel(target) === part.inModel(previous));
    if (!areEqual || findings.length === 0)
        return null;
    return { version: 'target', evidence: `${words(findings)}; the update changes nothing` };
}
/** Extensions that the update does not change say nothing of it: other programs bring and change them too. */
function comparable(target, previous) {
    return partsOf(target, previous).filter((part) => part.of === 'machine' || part.inModel(target) !== part.inModel(previous));
}
function findingOf(part, instance, target, previous) {
    const told = part.told(instance);
    if (told === null)
        return null;
    const words = `${part.name} ${part.show(told)}`;
    const isTarget = told === part.expected(target);
    const isPrevious = previous !== null && told === part.expected(previous);
    if (isTarget)
        return { says: isPrevious ? 'same' : 'target', words };
    if (isPrevious)
        return { says: 'previous', words };
    // An image that names no version could be anything.
    return part.expected(target) === null ? null : { says: 'other', words };
}
function byLatestModel({ latestModelApplied }, { standing }) {
    const newest = byNewestModel({ latestModelApplied }, { standing });
    if (newest !== null || latestModelApplied !== false || standing !== 'target')
        return newest;
    return { version: 'previous', evidence: 'Azure says that the latest model is not applied' };
}
/** Only that it is applied: tags alone can take that away. */
function byNewestModel({ latestModelApplied }, { standing }) {
    if (latestModelApplied !== true || standing === 'put-back')
        return null;
    return { version: standing, evidence: 'Azure says that the latest model is applied' };
}

;// CONCATENATED MODULE: ./lib/service/walk-record.js
const CODES = { target: 'T', previous: 'P' };
const ENTRY = /^(\d+)([TP])(\??)$/;
/** What the instances of a domain run by the record: `unknown` where a walk was begun and perhaps not finished. */
function recordedVersion(record, domain) {
    const last = record.findLast((walk) => walk.domain === domain);
    if (last === undefined)
        return 'previous';
    return last.state === 'done' ? last.to : 'unknown';
}
/** "0T 1T 2T?": what counts, in a text that fits into one tag (20 domains, 256 characters). */
function writeWalkRecord(record) {
    const last = new Map(record.map((walk) => [walk.domain, walk]));
    return [...last.values()]
        .toSorted((one, other) => one.domain - other.domain)
        .map(({ domain, to, state }) => `${domain}${CODES[to]}${state === 'begun' ? '?' : ''}`)
        .join(' ');
}
/** Null for a text that is no record. */
function readWalkRecord(text) {
    const entries = text.split(' ').filter((entry) => entry !== '');
    const walks = entries.map((entry) => {
        const [, domain, code, open] = ENTRY.exec(entry) ?? [];
        if (domain === undefined)
            return null;
        return {
            domain: Number(domain),
            to: code === CODES.target ? 'target' : 'previous',
            state: open === '' ? 'done' : 'begun',
        };
    });
    const read = walks.filter((walk) => walk !== null);
    return read.length === walks.length ? read : null;
}

;// CONCATENATED MODULE: ./lib/service/observe-service.js











/** Reads the service. Throws what the target throws: nothing is guessed about what cannot be read. */
async function observeService(context) {
    const look = await context.target.look();
    refuseStrangeRoles(look);
    const instances = allInstances(look);
    context.history.looked({ at: look.at, instances });
    const update = look.record ?? { ...(await context.target.models(look)), walk: [] };
    const spread = spreadOf(context, look);
    const standing = standingOf(context, look, update);
    const versions = versionsOf(look, spread, update, standing);
    const progress = towards(look, progressOf({
        domains: spread.domains,
        versions: new Map([...versions].map(([key, { version }]) => [key, version])),
        models: new Map([...standing].map(([role, of]) => [role, of === 'superseded' ? 'previous' : of])),
    }));
    const lease = leaseOf(context, look);
    const locked = lockedOf({ resources: look.resources, instances, lease });
    const isToBeWrittenOver = context.config.walk.onStuck === 'supersede' && (await asksForAnother(context, look));
    const state = stateOf(look, progress);
    return { look, spread, update, standing, versions, progress, isToBeWrittenOver, locked, state };
}
/** An update of roles that nobody looks at would seem not to have begun, and its record, the way back, to be of no use. */
function refuseStrangeRoles({ record, roles }) {
    const strange = (record?.roles ?? []).filter((name) => !roles.some(({ role }) => role === name));
    if (record === null || strange.length === 0)
        return;
    throw new reasons/* UpgradeError */.fy('config-invalid', `Update ${record.updateId}, which is in progress, is one of ${formatList(record.roles)}, and the configuration file names no role ${formatList(strange)}`, {
        advice: [
            'Name the roles as they were until that update is finished or turned back; then change the file.',
        ],
    });
}
/** Of every role, chosen or not. */
function allInstances({ roles }) {
    return roles.flatMap(({ role, instances }) => instances.map((instance) => ({ ...instance, role })));
}
/**
 * The article's RollbackAllowed. It asks Azure for what the version before needs, so it is not part of every look.
 */
async function rollbackAllowedNow({ target }, { look, progress, update }) {
    const inProgress = progress.kind === 'in-progress' || progress.kind === 'mixed';
    const blockers = [];
    if (look.record !== null && inProgress) {
        const gone = await target.missing(update, 'previous');
        blockers.push(...gone.map((message) => ({ kind: 'previous-version-gone', message })));
        const need = await target.cores(look, update, 'previous');
        const quota = need && quotaBlocker(need.more, need.usage);
        if (quota)
            blockers.push(quota);
    }
    return rollbackAllowedOf(progress, look.record !== null, blockers);
}
function leaseOf({ runId, clock }, { lease }) {
    if (lease === null || Date.parse(lease.until) <= clock.now())
        return null;
    return { holder: lease.holder, isOurs: lease.run === runId };
}
function spreadOf({ config }, { roles, record }) {
    const known = record?.map ? readDomainMap(record.map) : null;
    const virtualDomains = config.service.kind === 'scale-sets' ? config.service.virtualDomains : 1;
    return spreadOverDomains(roles.filter(({ chosen }) => chosen), virtualDomains, known);
}
function standingOf({ target }, look, update) {
    return new Map([...target.standing(look, update)].map(([role, standing]) => {
        const isOurs = standing === 'other' && isSuperseded(look, role, update);
        return [role, isOurs ? 'superseded' : standing];
    }));
}
function isSuperseded({ roles }, role, { models }) {
    const model = roles.find((one) => one.role === role)?.set?.model;
    const superseded = models[role]?.superseded ?? [];
    return model !== undefined && superseded.some((patch) => areEqual(model, withPatch(model, patch)));
}
function areEqual(one, other) {
    return partsOf(one, other).every((part) => part.inModel(one) === part.inModel(other));
}
/**
 * Whether the configuration asks for another version than the update that is written down, by what the roles would have
 * with the one and with the other.
 */
async function asksForAnother({ target }, look) {
    const { record, roles } = look;
    if (record === null)
        return false;
    const wanted = await target.models(look);
    if (wanted.cloud?.target !== record.cloud?.target)
        return true;
    return roles.some(({ role, set }) => {
        const [one, other] = [record.models[role]?.target, wanted.models[role]?.target];
        if (set === null || other === undefined)
            return false;
        return !areEqual(withPatch(set.model, one ?? {}), withPatch(set.model, other));
    });
}
function versionsOf(look, { domains }, update, standing) {
    const findings = domains.flatMap(({ number, instances }) => {
        // Of an update that nobody has written down nothing was walked by a record.
        const recorded = look.record ? recordedVersion(update.walk, number) : null;
        return instances.map((instance) => [keyOf(instance), observe_service_findingOf(look, instance, recorded, update, standing.get(instance.role))]);
    });
    return new Map(findings);
}
function observe_service_findingOf({ roles }, instance, recorded, { models, walk }, standing) {
    const set = roles.find(({ role }) => role === instance.role)?.set;
    const patches = models[instance.role];
    // Without a record, what stands is what runs: an update that is finished, or none.
    if (!set || !patches)
        return byRecord(recorded ?? (standing === 'target' ? 'target' : 'previous'));
    const putBack = walk.length > 0 || standing === 'superseded' ? 'put-back' : 'previous';
    const pair = {
        target: withPatch(set.model, patches.target),
        previous: withPatch(set.model, patches.previous),
        standing: standing === 'target' ? 'target' : putBack,
    };
    const finding = runningVersion(instance, pair, recorded);
    if (finding.version !== 'other')
        return finding;
    const isOurs = (patches.superseded ?? []).some((patch) => runningVersion(instance, { ...pair, target: withPatch(set.model, patch) }, null).version === 'target');
    // Neither of the two versions, and not somebody else's: it has to be walked, forward or back.
    if (!isOurs)
        return finding;
    return { version: 'unknown', evidence: `${finding.evidence}: of the update that this one is written over` };
}
/** A model with some of its members as an update has them. */
function withPatch(model, patch) {
    return {
        sku: { ...model.sku, name: patch.skuName ?? model.sku.name },
        image: patch.image ?? model.image,
        extensions: { ...model.extensions, ...patch.extensions },
    };
}
/** A way back that was begun and has nothing left to take back has still to be ended: what is held is given back by that. */
function towards({ record }, progress) {
    if (!record?.turnedBack)
        return progress;
    const isBack = progress.kind === 'not-begun';
    const words = isBack
        ? 'on the way back: every instance runs the version before again, and the end is not written down yet'
        : progress.words;
    return { ...progress, direction: 'back', words };
}
function stateOf({ record, usersOn }, { kind, direction, instances }) {
    if (record === null) {
        if (kind === 'done')
            return 'updated';
        return kind === 'not-begun' ? 'not-prepared' : 'unknown';
    }
    if (usersOn === 'this')
        return 'switched';
    if (record.turnedBack)
        return 'going-back';
    if (kind === 'not-begun')
        return 'prepared';
    // By a swap the service that was updated is not yet the one that users are on.
    if (kind === 'done')
        return usersOn === 'other' ? 'upgraded' : 'updated';
    const begun = instances.target.length + instances.unknown.length > 0;
    if (kind === 'not-knowable')
        return 'unknown';
    // A run that was killed when it had written the model: no instance has it.
    if (!begun)
        return kind === 'in-progress' ? 'prepared' : 'unknown';
    return direction === 'back' ? 'going-back' : 'in-progress';
}

// EXTERNAL MODULE: ./lib/guards/verdict.js
var verdict = __webpack_require__(25335);
// EXTERNAL MODULE: ./lib/engine/command-line.js
var command_line = __webpack_require__(21794);
;// CONCATENATED MODULE: ./lib/service/az-command.js
// Commands of the Azure CLI about a resource. They name its subscription: a person's own default is often another one,
// where a resource of the same name would be changed.


/** `az … --subscription ID`, with the subscription of the resource id, where it has one. */
function azFor(resourceId, ...words) {
    const subscription = resourceId === null ? null : (0,resource_id/* partOf */.B)(resourceId, 'subscriptions');
    return (0,command_line/* command */.G5)('az', ...words, ...(subscription === null ? [] : ['--subscription', subscription]));
}

;// CONCATENATED MODULE: ./lib/guards/service/service-guard.js
// A guard of a service with update domains, and what most of them ask: every role that is updated, by itself.


/** The phases that take instances down, or prepare it. */
const WALKING = ['prepare', 'upgrade'];
function chosenRoles({ look }) {
    return look.roles.filter(({ chosen }) => chosen);
}
function perRole(observed, check) {
    return (0,verdict/* allOf */.bn)(chosenRoles(observed).map(check));
}
/** "web (contoso-web)"; a role of a cloud service has no resource of its own. */
function nameOf({ role, resource, set }) {
    return set === null || role === resource ? role : `${role} (${resource})`;
}
/** A command on the scale set of a role, e.g. `az vmss scale -g GROUP -n NAME … --subscription ID`. */
function azVmss({ set, resource }, words, ...more) {
    const group = set?.ref.resourceGroup ?? 'GROUP';
    const which = ['-g', group, '-n', set?.ref.name ?? resource];
    return azFor(set?.id ?? null, 'vmss', ...words.split(' '), ...which, ...more);
}
/** What users have of it: running, and healthy where its role tells that. */
function isInService({ tellsHealth }, { powerState, health }) {
    return powerState === 'running' && (health === 'healthy' || !tellsHealth);
}
/** Nobody is on the service that is updated, before its address is swapped. */
function isStaged({ config }) {
    return config.switchMethod === 'swap';
}

;// CONCATENATED MODULE: ./lib/guards/service/automation.js


/** Told, not judged: what would add, remove or replace instances while they are counted is held by the update. */
const automation = {
    id: 'automation',
    title: 'What would disturb the walk can be held',
    phases: WALKING,
    check: async ({ target }, { look }) => {
        const held = look.record?.held ?? null;
        const isHeld = held !== null && target.describeHeld(held).length > 0;
        const found = target.describeHeld(isHeld ? held : await target.findAutomation(look));
        if (found.length === 0)
            return (0,verdict/* pass */.IX)('nothing is on that would change the service by itself');
        return (0,verdict/* pass */.IX)(`${isHeld ? 'held already' : 'to be held'}, until the update is finished or turned back: ${found.join('; ')}`);
    },
};

;// CONCATENATED MODULE: ./lib/service/allowed-changes.js
// The article's table "Allowed service changes during an update", with what it and Azure's documents say of scale sets.
const anyWay = (rule) => ({
    inPlace: true,
    swap: true,
    redeploy: true,
    reimages: false,
    rule,
});
const ALLOWED_CHANGES = {
    'operating-system': anyWay('Operating system version'),
    'trust-level': anyWay('.NET trust level'),
    size: anyWay('Virtual machine size: limited to the sizes that are available for the service'),
    'local-storage-grown': anyWay('Local storage settings: increase only'),
    'local-storage-shrunk': {
        ...anyWay('Decreasing the size of local resources needs a swap'),
        inPlace: false,
    },
    roles: anyWay('Add or remove roles'),
    'instance-count': anyWay('Number of instances of a role'),
    endpoints: {
        ...anyWay('Number or type of endpoints: in place, or deployed anew, not by a swap'),
        swap: false,
    },
    'setting-names': anyWay('Names and values of configuration settings'),
    'setting-values': anyWay('Values of configuration settings'),
    'certificate-added': anyWay('Add new certificates'),
    'certificate-changed': anyWay('Change existing certificates'),
    code: anyWay('Deploy new code'),
    'role-name': {
        ...anyWay('The name of a role is not changed by an update: remove the role, add it with the new name'),
        inPlace: false,
        swap: false,
    },
    'domain-count': { ...anyWay('The number of upgrade domains is not changed by an update'), inPlace: false },
    image: { ...anyWay('Deploy new code, operating system version: the image of a scale set'), reimages: true },
    'image-publisher': {
        ...anyWay('Publisher and offer of an image can only be set when a scale set is created'),
        inPlace: false,
        swap: false,
    },
    'image-without-version': {
        ...anyWay('An image without an exact version leaves nothing to go back to'),
        inPlace: false,
        swap: false,
        redeploy: false,
    },
    extension: anyWay('Names and values of configuration settings: an extension of a scale set'),
    'extension-missing': {
        ...anyWay('An extension that the scale set does not have cannot be changed: nothing says its publisher and type'),
        inPlace: false,
        swap: false,
        redeploy: false,
    },
};
/** The least that has to be done. */
function classOf(kind) {
    const { inPlace, swap, redeploy, reimages } = ALLOWED_CHANGES[kind];
    if (inPlace)
        return reimages ? 'in-place-with-reimage' : 'in-place';
    if (swap)
        return 'swap';
    return redeploy ? 'redeploy' : 'refused';
}
/** Whether a change can be made by the method that the configuration asks for. */
function isAllowedBy(kind, method) {
    const allowed = ALLOWED_CHANGES[kind];
    return method === 'swap' ? allowed.swap : allowed.inPlace;
}

;// CONCATENATED MODULE: ./lib/service/change.js
// What an update changes, line by line: how it can be made, what becomes of data, and what it means for the way back.

function changeOf(role, kind, what, { data = DATA_KEPT, wayBack = POSSIBLE } = {}) {
    return { role, kind, class: classOf(kind), what, reason: ALLOWED_CHANGES[kind].rule, data, wayBack };
}
const DATA_KEPT = 'kept';
const POSSIBLE = { kind: 'possible', words: 'the value before is written again' };
/** Those that cannot be made by this method. */
function notAllowedBy(method, changes) {
    return changes.filter(({ kind }) => !isAllowedBy(kind, method));
}

;// CONCATENATED MODULE: ./lib/guards/service/update-ahead.js
// Which update a run is about: the one that is written down, or, over it, what the configuration asks for instead.

async function updateAhead(context, look) {
    const { record } = look;
    if (record !== null && !(await asksForAnother(context, look)))
        return record;
    return context.target.models(look);
}
/** What it changes, held against what ran before the first update: that is what there is to go back to. */
async function changesAhead(context, look) {
    const { record } = look;
    // Of a cloud service both versions are files of the configuration anyway, and a look is known by what it is.
    const isPlain = record === null || context.target.kind === 'cloud-service';
    if (isPlain || !(await asksForAnother(context, look)))
        return context.target.changes(look);
    const roles = look.roles.map((role) => asBefore(role, record));
    return context.target.changes({ ...look, roles, record: null });
}
function asBefore(look, { models }) {
    const patches = models[look.role];
    if (look.set === null || patches === undefined)
        return look;
    return { ...look, set: { ...look.set, model: withPatch(look.set.model, patches.previous) } };
}

;// CONCATENATED MODULE: ./lib/guards/service/change-possible.js






/** The article's table of allowed changes, and what the platform refuses beyond it. */
const changePossible = {
    id: 'change-possible',
    title: 'The change can be made in the way that is configured',
    phases: WALKING,
    check: async (context, observed) => {
        const found = await changesAhead(context, observed.look);
        const refused = notAllowedBy(context.config.switchMethod, found.changes);
        if (refused.length > 0)
            return (0,verdict/* allOf */.bn)(refused.map((change) => notPossible(context, observed, change)));
        const told = found.changes.length > 0 ? found.changes.map(inWords).join('; ') : nothingLeft(observed);
        if (found.notKnowable.length === 0)
            return (0,verdict/* pass */.IX)(told);
        return (0,verdict/* notKnowable */.ZM)(`${told}; ${count(found.notKnowable.length, 'effect')} of it cannot be known beforehand, and the table of changes names ${found.notKnowable.length === 1 ? 'it' : 'them'}`);
    },
};
function nothingLeft({ progress }) {
    return progress.kind === 'done'
        ? 'nothing is left to change: every instance runs what the configuration asks for'
        : 'the configuration asks for what the model says already';
}
function notPossible({ config }, { look }, change) {
    const { role, kind, reason } = change;
    const set = look.roles.find((one) => one.role === role)?.set ?? null;
    const evidence = `${inWords(change)}. ${reason}`;
    const refused = (...advice) => (0,verdict/* fail */.fJ)('change-not-possible', evidence, ...advice);
    if (kind === 'extension-missing') {
        const where = ['-g', set?.ref.resourceGroup ?? 'GROUP', '--vmss-name', set?.ref.name ?? 'NAME'];
        return refused('Correct its name in the configuration file, or give it to the model first; these are there:', azFor(set?.id ?? null, 'vmss', 'extension', 'list', ...where, '-o', 'table'));
    }
    if (kind === 'image-without-version')
        return refused('Name the image with its version: …/versions/2.0.0, or publisher:offer:sku:2.0.0.');
    if (config.switchMethod === 'swap')
        return refused(WITHOUT_SWAP[change.class] ?? ANEW);
    if (change.class !== 'swap')
        return refused(ANEW);
    return refused(config.service.kind === 'cloud-service' ? BY_SWAP : ANEW);
}
const ANEW = 'Leave it out of this update. To have it, deploy the service anew beside this one, move users to it, and remove this one.';
const BY_SWAP = 'Deploy it to a second cloud service, and let users be moved by a swap: `switch: {method: swap}` with `service.cloud-service.staging`.';
const WITHOUT_SWAP = {
    'in-place': 'Make this change in place: `switch: {method: in-place}`.',
    'in-place-with-reimage': 'Make this change in place: `switch: {method: in-place}`.',
};
function inWords({ role, what, class: way }) {
    return `${role === null ? '' : `${role}: `}${what} (${way})`;
}

;// CONCATENATED MODULE: ./lib/guards/service/domains-known.js




/** A walk would pass by whatever stands in no domain, and the update would never be finished. */
const domainsKnown = {
    id: 'domains-known',
    title: 'Every instance stands in a domain',
    phases: WALKING,
    check: async (_, observed) => perRole(observed, (role) => checkRole(role, observed)),
};
function checkRole(role, { spread }) {
    const lost = spread.unplaced.filter((instance) => instance.role === role.role);
    if (lost.length === 0)
        return (0,verdict/* pass */.IX)(domains_known_spreadOf(role, spread));
    return (0,verdict/* fail */.fJ)('domains-unknown', `in which update domain ${formatList(lost.map(keyOf))} ${lost.length === 1 ? 'stands' : 'stand'} is not told`, ...adviceFor(role, lost.map(({ id }) => id)));
}
function adviceFor(role, ids) {
    if (role.set === null)
        return [
            'Wait until Azure has made or removed these role instances, and run again; restart one that stays so.',
        ];
    return [
        'Wait until Azure has made or removed them, and run again; an instance that stays so is restarted or made anew:',
        azVmss(role, 'get-instance-view', '--instance-id', ids[0] ?? 'ID', '--query', 'platformUpdateDomain'),
        azVmss(role, 'reimage', '--instance-ids', ...ids),
    ];
}
/** "web (contoso-web): 3, 3, 3, 3, 2 in domains 0 to 4". */
function domains_known_spreadOf(role, { domains }) {
    const sizes = domains
        .map(({ number, instances }) => ({
        number,
        size: instances.filter((one) => one.role === role.role).length,
    }))
        .filter(({ size }) => size > 0);
    const [first, last] = [sizes[0], sizes.at(-1)];
    if (!first || !last)
        return `${nameOf(role)}: no instances`;
    const made = role.placement === 'virtual' ? ', made by this action' : '';
    const where = first === last ? `domain ${first.number}` : `${sizes.length} domains from ${first.number} on`;
    return `${nameOf(role)}: ${sizes.map(({ size }) => size).join(', ')} in ${where}${made}`;
}

;// CONCATENATED MODULE: ./lib/guards/service/health-told.js




/** "Running" says nothing about the application, so it never opens the way to the next domain. */
const healthTold = {
    id: 'health-told',
    title: 'Something tells the health of every instance',
    phases: WALKING,
    check: async (_, observed) => perRole(observed, health_told_checkRole),
};
function health_told_checkRole(role) {
    if (!role.tellsHealth)
        return nothingTells(role);
    const silent = role.instances.filter(({ health }) => health === 'none').map(({ id }) => id);
    const { length } = role.instances;
    if (silent.length === 0)
        return (0,verdict/* pass */.IX)(`${role.role}: ${count(length, 'instance')} ${length === 1 ? 'tells' : 'tell'} it`);
    if (role.set === null || silent.length < length)
        return (0,verdict/* pass */.IX)(`${role.role}: all but ${formatList(silent)} tell it`);
    return (0,verdict/* fail */.fJ)('health-not-told', `the model of ${nameOf(role)} has what tells health, and none of its ${count(length, 'instance')} does: they have not got that model`, 'Bring the model to the instances, some at a time, before the first update with this action:', azVmss(role, 'update-instances', '--instance-ids', ...silent.slice(0, Math.ceil(length / 5))));
}
function nothingTells(role) {
    const evidence = `nothing tells the health of the instances of ${nameOf(role)}: nobody would know when the next domain may be walked`;
    const { set } = role;
    if (set === null) {
        return (0,verdict/* fail */.fJ)('health-not-told', evidence, 'Azure tells the state of the role instances as a rule. Look at what it says about the service in the portal, and run again.');
    }
    const settings = '{"protocol": "http", "port": 80, "requestPath": "/health"}';
    const extension = [
        '-n',
        'ApplicationHealthLinux',
        '--publisher',
        'Microsoft.ManagedServices',
        '--version',
        '2.0',
    ];
    const where = ['-g', set.ref.resourceGroup, '--vmss-name', set.ref.name];
    return (0,verdict/* fail */.fJ)('health-not-told', evidence, 'Install the application health extension (on Windows ApplicationHealthWindows), with the port and path at which the application answers, and bring it to the instances, some at a time:', azFor(set.id, 'vmss', 'extension', 'set', ...where, ...extension, '--settings', settings), azVmss(role, 'update-instances', '--instance-ids', role.instances[0]?.id ?? 'ID'));
}

;// CONCATENATED MODULE: ./lib/guards/service/instances-alike.js



/** What runs and is written down nowhere could not be brought back. */
const instancesAlike = {
    id: 'instances-alike',
    title: 'What the instances run is the version before, or the new one',
    phases: WALKING,
    check: async (_, observed) => {
        const { look, progress } = observed;
        if (progress.kind === 'mixed')
            return mixed(observed);
        if (look.record !== null || progress.kind === 'not-begun' || progress.kind === 'done')
            return (0,verdict/* pass */.IX)(progress.words);
        const half = [...progress.instances.target, ...progress.instances.unknown];
        return (0,verdict/* fail */.fJ)('instances-differ', `no update is written down, and yet ${progress.kind === 'not-knowable' ? progress.words : `not all instances run the same: ${evidenceOf(observed, half)}`}`, 'Bring all instances to the model as it is, then run again:', ...toTheModel(observed, half));
    },
};
function mixed(observed) {
    const { foreignModels, instances } = observed.progress;
    const strangers = instances.other;
    return (0,verdict/* allOf */.bn)([
        ...foreignModels.map((role) => foreignModel(observed, role)),
        ...(strangers.length > 0
            ? [
                (0,verdict/* fail */.fJ)('instances-differ', `neither the version before nor the new one runs on ${evidenceOf(observed, strangers)}`, 'Bring them to the model as it is, then run again:', ...toTheModel(observed, strangers)),
            ]
            : []),
    ]);
}
function foreignModel({ look, update }, name) {
    const role = look.roles.find((one) => one.role === name);
    const patches = update.models[name];
    const image = patches?.previous.image;
    const reference = image?.startsWith('/')
        ? [`virtualMachineProfile.storageProfile.imageReference.id=${image}`]
        : image === undefined
            ? []
            : [`virtualMachineProfile.storageProfile.imageReference.version=${image.split(':').at(-1)}`];
    const size = patches?.previous.skuName === undefined ? [] : [`sku.name=${patches.previous.skuName}`];
    const settings = [...reference, ...size];
    return (0,verdict/* fail */.fJ)('instances-differ', `somebody else has changed the model of ${name} since the update began`, 'Ask who did, and what for. To go on, or back, put the model to what was written down when the update began, then run again:', ...(role?.set && settings.length > 0 ? [azVmss(role, 'update', '--set', ...settings)] : []));
}
/** "web/3 (image version 0.9.0) and web/4 (image version 0.9.0)". */
function evidenceOf({ versions }, keys) {
    return formatList(keys.map((key) => `${key} (${versions.get(key)?.evidence ?? 'unknown'})`));
}
function toTheModel(observed, keys) {
    return chosenRoles(observed).flatMap((role) => {
        const ids = role.instances.map(({ id }) => id).filter((id) => keys.includes(`${role.role}/${id}`));
        return role.set === null || ids.length === 0
            ? []
            : [azVmss(role, 'update-instances', '--instance-ids', ...ids)];
    });
}

;// CONCATENATED MODULE: ./lib/service/instance-state.js
/** Provisioned, running, and told to be healthy since the walk began. What tells nothing is never healthy. */
function instanceState({ instance, walkedAt, notYet }) {
    const { provisioningState, powerState, health, healthAt } = instance;
    const waiting = (why) => ({ kind: 'waiting', why });
    if (provisioningState === 'Failed')
        return { kind: 'failed', why: 'Azure could not provision it' };
    if (provisioningState !== 'Succeeded')
        return waiting(`it is ${provisioningState.toLowerCase()}`);
    if (notYet)
        return waiting(notYet);
    // Stopped too: a cloud service calls a walk done before its instances have started.
    if (powerState !== 'running')
        return waiting(`its machine is ${powerState}`);
    if (health === 'none')
        return waiting('it tells no health');
    if (healthAt === null)
        return waiting('it is not said when its health was told');
    if (healthAt.getTime() < walkedAt)
        return waiting('its health was told before the walk');
    switch (health) {
        case 'healthy':
            return { kind: 'good', why: 'healthy' };
        case 'unhealthy':
            return { kind: 'unhealthy', why: 'it tells that it is unhealthy' };
        case 'initializing':
            return waiting('it is initializing');
        case 'unknown':
            return waiting('its health is unknown');
    }
}
/** Updated, provisioned and running: what the article's start time-out waits for. Health comes after it. */
function hasStarted({ instance, notYet }) {
    return !notYet && instance.provisioningState === 'Succeeded' && instance.powerState === 'running';
}

;// CONCATENATED MODULE: ./lib/service/health-evaluation.js



/** For the first domain of an update, of a second update over it, and of the way back. */
const NO_LOOK_YET = { inARow: 0, startedAt: null, instances: new Map() };
/** For the evaluation after the next domain: instances that were good and break are still seen at once. */
function forNextDomain({ instances }) {
    return { ...NO_LOOK_YET, instances };
}
/** How many of the walked instances have to be good: a share is rounded up, and no count is more than there are. */
function requiredOf(minimum, walked) {
    if (minimum === undefined)
        return walked;
    if (minimum.kind === 'count')
        return Math.min(minimum.count, walked);
    return Math.min(walked, Math.ceil((walked * minimum.percent) / 100));
}
function evaluateHealth(look, rules, before) {
    const instances = new Map(look.walked.map((one) => [keyOfWalked(one), seenNow(one, before)]));
    const states = look.walked.map((one) => {
        const key = keyOfWalked(one);
        const seen = instances.get(key) ?? NOT_SEEN;
        const startTimedOut = !seen.hasStarted && look.at - (one.startsAt ?? one.walkedAt) >= rules.startTimeoutMs;
        return { ...one, key, startTimedOut, seen, state: judged(one, seen, startTimedOut, rules) };
    });
    const roles = rolesOf(states, rules);
    const isStarting = states.some(({ seen, state }) => !seen.hasStarted && state.kind !== 'failed');
    const startedAt = before.startedAt ?? (isStarting ? null : look.at);
    const inARow = roles.every(hasMinimum) ? before.inARow + 1 : 0;
    const history = { inARow, startedAt, instances };
    return {
        verdict: verdictOf(roles, history, look.at, rules),
        roles,
        startTimedOut: states.filter(({ startTimedOut }) => startTimedOut).map(({ key }) => key),
        history,
    };
}
const NOT_SEEN = { hasStarted: false, wasGood: false, unhealthyInARow: 0 };
function seenNow(one, { instances }) {
    const before = instances.get(keyOfWalked(one)) ?? NOT_SEEN;
    const { kind } = instanceState(one);
    return {
        hasStarted: before.hasStarted || hasStarted(one),
        wasGood: before.wasGood || kind === 'good',
        unhealthyInARow: kind === 'good' ? 0 : before.unhealthyInARow + (kind === 'unhealthy' ? 1 : 0),
    };
}
function judged(one, { wasGood, unhealthyInARow }, startTimedOut, { consecutive }) {
    const state = instanceState(one);
    if (startTimedOut)
        return { kind: 'failed', why: `not started in time, ${state.why}` };
    if (wasGood && unhealthyInARow >= consecutive)
        return { kind: 'failed', why: 'it was healthy, and broke' };
    return state;
}
function verdictOf(roles, { inARow, startedAt }, at, { consecutive, timeoutMs }) {
    const below = roles.filter((role) => !hasMinimum(role));
    if (below.length === 0) {
        if (inARow >= consecutive)
            return { kind: 'good' };
        return { kind: 'waiting', why: `the minimum was seen ${inARow} of ${consecutive} times in a row` };
    }
    const lost = below.filter(({ walked, required, others }) => walked - failed(others).length < required);
    if (lost.length > 0) {
        return { kind: 'bad', why: words(lost), instances: lost.flatMap(({ others }) => failed(others)) };
    }
    if (startedAt !== null && at - startedAt >= timeoutMs) {
        const why = `the time is over: ${words(below)}`;
        return { kind: 'bad', why, instances: below.flatMap(({ others }) => others) };
    }
    return { kind: 'waiting', why: words(below) };
}
function rolesOf(walked, { minimums }) {
    return [...Map.groupBy(walked, ({ instance }) => instance.role)].map(([role, own]) => {
        const others = own.filter(({ state }) => state.kind !== 'good');
        return {
            role,
            walked: own.length,
            good: own.length - others.length,
            required: requiredOf(minimums.get(role), own.length),
            others: others.map(({ key, state }) => ({ key, ...state })),
        };
    });
}
const keyOfWalked = ({ instance }) => keyOf(instance);
const hasMinimum = ({ good, required }) => good >= required;
const failed = (states) => states.filter(({ kind }) => kind === 'failed');
function words(roles) {
    return roles
        .map(({ role, walked, good, required, others }) => {
        const whys = [...Map.groupBy(others, ({ why }) => why)].map(([why, some]) => `${formatList(some.map(({ key }) => key))}: ${why}`);
        return `${role} has ${good} of ${count(walked, 'walked instance')} in a good state, needs ${required} (${whys.join('; ')})`;
    })
        .join('; ');
}

;// CONCATENATED MODULE: ./lib/guards/service/instances-healthy.js





/**
 * Every domain that is walked takes instances away from users, so the others have to be there. Where an update is in
 * progress the walk itself waits for them; where nothing serves, nothing can be taken away, and the update may be the cure.
 */
const instancesHealthy = {
    id: 'instances-healthy',
    title: 'Enough instances serve before any is taken down',
    phases: WALKING,
    check: async (context, observed) => {
        if (isStaged(context))
            return (0,verdict/* pass */.IX)(`users are not on the service that is updated; ${inService(observed)}`);
        if (isUnderWay(observed))
            return (0,verdict/* pass */.IX)(`${inService(observed)}; the walk itself waits for those that are not`);
        return perRole(observed, instances_healthy_checkRole);
    },
};
function isUnderWay({ look, progress }) {
    return look.record !== null && progress.kind !== 'not-begun';
}
function inService(observed) {
    const told = chosenRoles(observed).map((role) => {
        const serving = role.instances.filter((instance) => isInService(role, instance)).length;
        return `${role.role}: ${serving} of ${role.instances.length} in service`;
    });
    return told.join(', ');
}
function instances_healthy_checkRole(role) {
    const { length } = role.instances;
    const others = role.instances.filter((instance) => !isInService(role, instance));
    const serving = length - others.length;
    const required = requiredOf(role.minimum, length);
    const told = `${nameOf(role)}: ${serving} of ${length} in service`;
    if (length === 0)
        return (0,verdict/* pass */.IX)(`${nameOf(role)} has no instances`);
    if (!role.tellsHealth && serving === length)
        return (0,verdict/* notKnowable */.ZM)(`${told}, as far as their machines run; nothing tells their health`);
    if (others.length === 0)
        return (0,verdict/* pass */.IX)(told);
    const named = `${told}; ${byState(others)}`;
    if (serving === 0)
        return (0,verdict/* pass */.IX)(`${named}: nothing can be taken away from users`);
    if (serving >= required)
        return (0,verdict/* pass */.IX)(`${named}; minimum-healthy asks for ${required}`);
    const ids = others.map(({ id }) => id);
    return (0,verdict/* fail */.fJ)('production-unhealthy', `${named}; minimum-healthy asks for ${required}, and each domain that is walked takes more of them away`, `Bring them back first, or, where this update is what mends them, set minimum-healthy of ${role.role} to ${serving} for it:`, ...restarts(role, ids));
}
function restarts(role, ids) {
    const { set } = role;
    if (set === null)
        return [];
    if (set.orchestration === 'Uniform')
        return [azVmss(role, 'restart', '--instance-ids', ...ids)];
    // Those of a Flexible set are machines of their own.
    return ids.map((id) => azFor(set.id, 'vm', 'restart', '-g', set.ref.resourceGroup, '-n', id));
}
/** "3 and 7: unhealthy; 9: stopped". */
function byState(instances) {
    const stateOf = ({ provisioningState, powerState, health }) => {
        if (provisioningState === 'Failed')
            return 'could not be provisioned';
        if (powerState !== 'running')
            return powerState;
        return health === 'none' ? 'tells no health' : health;
    };
    return [...Map.groupBy(instances, stateOf)]
        .map(([state, some]) => `${formatList(some.map(({ id }) => id))}: ${state}`)
        .join('; ');
}

;// CONCATENATED MODULE: ./lib/guards/service/minimum-reachable.js



/** A number of instances that the role does not have means that somebody thinks of another role, or of another size. */
const minimumReachable = {
    id: 'minimum-reachable',
    title: 'No role needs more healthy instances than it has',
    phases: WALKING,
    check: async (_, observed) => perRole(observed, minimum_reachable_checkRole),
};
function minimum_reachable_checkRole(role) {
    const { minimum, instances } = role;
    if (minimum.kind === 'percent')
        return (0,verdict/* pass */.IX)(`${role.role}: ${minimum.percent} % of those that were walked`);
    const has = count(instances.length, 'instance');
    if (minimum.count <= instances.length)
        return (0,verdict/* pass */.IX)(`${role.role}: ${minimum.count}, and it has ${has}`);
    return (0,verdict/* fail */.fJ)('config-invalid', `${nameOf(role)} needs ${minimum.count} healthy instances, and has ${has}`, `Set its minimum-healthy to ${instances.length} or fewer, or to a share that follows the number of instances ("75%"); or scale it out first.`);
}

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(88532);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/iso.js
var iso = __webpack_require__(64377);
// EXTERNAL MODULE: ./lib/azure/scale-sets-secrets.js
var scale_sets_secrets = __webpack_require__(59491);
;// CONCATENATED MODULE: ./lib/service/record-tags.js
// An update's record and lease, as tags of the resources that are updated: there is no other place that everybody who
// may update a service can write to. Tags are for everybody to read, so nothing that is secret gets into them.







/** "APPLICATION UPDATEID", for people, on every resource that is being updated. */
const MARK_TAG = 'rolling-upgrade';
const LEASE_TAG = 'rolling-upgrade-lease';
const CHUNK = /^rolling-upgrade-(\d+)$/i;
/** Azure's limits of a tag's value, and of a resource's tags; and our own share of these. */
const LONGEST_VALUE = 256;
const MOST_TAGS = 50;
const MOST_CHUNKS = 30;
/** The mark and the lease are tags too. */
const OTHER_TAGS = 2;
/** Far more than the longest record; a text that unpacks to more is none of ours. */
const LONGEST_TEXT = 1 << 20;
const extension = schemas/* strictObject */.rej({
    publisher: schemas/* string */.YjP(),
    type: schemas/* string */.YjP(),
    typeHandlerVersion: schemas/* string */.YjP(),
    settings: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J()),
});
const patch = schemas/* strictObject */.rej({
    image: schemas/* string */.YjP().exactOptional(),
    skuName: schemas/* string */.YjP().exactOptional(),
    extensions: schemas/* record */.g1P(schemas/* string */.YjP(), extension).exactOptional(),
});
const version = schemas/* enum */.k5n(['previous', 'target']);
const walk = schemas/* string */.YjP().transform((text, context) => {
    const read = readWalkRecord(text);
    if (read !== null)
        return read;
    context.addIssue('no record of a walk');
    return core/* NEVER */.tm;
});
const written = schemas/* strictObject */.rej({
    format: schemas/* literal */.euz(1),
    application: schemas/* string */.YjP(),
    updateId: schemas/* string */.YjP(),
    startedAt: iso/* datetime */.w$(),
    runUrl: schemas/* string */.YjP().nullable(),
    roles: schemas/* array */.YOg(schemas/* string */.YjP()),
    models: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* strictObject */.rej({ previous: patch, target: patch, superseded: schemas/* array */.YOg(patch).exactOptional() })),
    cloud: schemas/* strictObject */.rej({ previous: schemas/* string */.YjP(), target: schemas/* string */.YjP(), standing: version }).nullable(),
    map: schemas/* string */.YjP().nullable(),
    walk,
    turnedBack: schemas/* boolean */.zMY(),
    held: schemas/* strictObject */.rej({
        autoscale: schemas/* array */.YOg(schemas/* string */.YjP()),
        repairs: schemas/* array */.YOg(schemas/* string */.YjP()),
        modes: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* enum */.k5n(['Automatic', 'Rolling'])),
    }),
});
/**
 * The tags of the service's first resource: mark and record. Those that `before` has too many are nulls; null takes the
 * whole record away. Throws 'record-not-kept' where it would not fit, or would hold a secret.
 */
function tagsOfRecord(record, before) {
    const chunks = record === null ? [] : chunksOf(record, before);
    const gone = Object.keys(before).filter((name) => numberOf(name) > chunks.length);
    return {
        ...tagOfMark(record),
        ...Object.fromEntries(gone.map((name) => [name, null])),
        ...Object.fromEntries(chunks.map((chunk, at) => [`${MARK_TAG}-${at + 1}`, chunk])),
    };
}
/** Null where there is none, where it is cut off, and where it is none of this product's. */
function recordOfTags(tags) {
    const chunks = Object.entries(tags)
        .filter(([name]) => numberOf(name) > 0)
        .toSorted(([one], [other]) => numberOf(one) - numberOf(other))
        .map(([, value]) => value);
    const [, number, packed] = /^(\d+):(.*)$/.exec(chunks.join('')) ?? [];
    if (packed === undefined || Number(number) !== packed.length)
        return null;
    const read = written.safeParse(unpacked(packed));
    return read.success ? read.data : null;
}
/** The mark on a resource that is updated and does not hold the record. */
function tagOfMark(record) {
    const value = record === null ? null : `${record.application} ${record.updateId}`;
    return { [MARK_TAG]: value?.slice(0, LONGEST_VALUE) ?? null };
}
/** Which update a resource is in, and whose; null where it is in none. Names of applications may hold blanks. */
function markOf(tags) {
    const mark = tagNamed(tags, MARK_TAG);
    if (mark === null)
        return null;
    const [, application = mark, updateId = 'unknown'] = /^(.*) ([^ ]*)$/.exec(mark) ?? [];
    return { application, updateId };
}
/** Null takes it away. The holder's name is cut where it is too long: it is for people. */
function tagOfLease(lease) {
    if (lease === null)
        return { [LEASE_TAG]: null };
    const { until, run, application, holder } = lease;
    const words = [
        `until=${until}`,
        `run=${word(run)}`,
        `application=${word(application)}`,
        `holder=${holder}`,
    ];
    return { [LEASE_TAG]: words.join(' ').slice(0, LONGEST_VALUE) };
}
/** Null where there is none, and where what is there cannot be read. */
function leaseOfTags(tags) {
    const [, until = '', run = '', application = '', holder = ''] = /^until=(\S+) run=(\S+) application=(\S+) holder=(.*)$/.exec(tagNamed(tags, LEASE_TAG) ?? '') ?? [];
    if (Number.isNaN(Date.parse(until)))
        return null;
    return { holder, run: plain(run), application: plain(application), until };
}
function chunksOf(record, before) {
    refuseSecrets(record);
    const text = JSON.stringify({ ...record, walk: writeWalkRecord(record.walk) });
    const packed = (0,external_node_zlib_.deflateRawSync)(text, { level: 9 }).toString('base64');
    // How long it is stands before it: what was cut off is missed, also where the rest can be read.
    const whole = `${packed.length}:${packed}`;
    const chunks = Math.ceil(whole.length / LONGEST_VALUE);
    const others = Object.keys(before).filter((name) => !isOurs(name)).length;
    const free = Math.min(MOST_CHUNKS, MOST_TAGS - OTHER_TAGS - others);
    if (chunks > free)
        throw tooLong(record, chunks, free, others);
    return whole.match(/.{1,256}/g) ?? [];
}
/** Whether a tag is the mark, the lease or a part of a record. */
function isOurs(name) {
    return numberOf(name) > 0 || [MARK_TAG, LEASE_TAG].includes(name.toLowerCase());
}
/** 0 for a tag that holds no part of the record. Azure does not tell tags apart by case. */
function numberOf(name) {
    return Number(CHUNK.exec(name)?.[1] ?? 0);
}
function tagNamed(tags, name) {
    return Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}
function unpacked(packed) {
    try {
        const bytes = (0,external_node_zlib_.inflateRawSync)(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST_TEXT });
        return JSON.parse(bytes.toString());
    }
    catch {
        return null;
    }
}
const word = (text) => text.replace(/[\s%]/g, encodeURIComponent);
function plain(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}
function refuseSecrets({ models }) {
    for (const [role, { previous, target, superseded = [] }] of Object.entries(models)) {
        const patches = [previous, target, ...superseded];
        const name = patches.map(extensionWithSecret).find((found) => found !== undefined);
        if (name === undefined)
            continue;
        throw new reasons/* UpgradeError */.fy('record-not-kept', `The update of ${role} cannot be written down: the public settings of extension ${name} hold what looks like a secret, and the way back is kept in tags, which everybody reads who sees the resource.`, {
            advice: [
                `Move it to the extension's protected settings, or give the instances an identity that needs none; then start again.`,
            ],
        });
    }
}
function extensionWithSecret({ extensions = {} }) {
    return Object.entries(extensions).find(([, { settings }]) => (0,scale_sets_secrets/* secretsIn */.V)(settings).length > 0)?.[0];
}
function tooLong(record, chunks, free, others) {
    const map = record.map === null ? null : readDomainMap(record.map);
    const placed = [...(map?.roles.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
    const holds = [
        ...(placed > 0 ? [`the domains of ${count(placed, 'instance')}`] : []),
        `the models of ${count(record.roles.length, 'role')}`,
    ];
    return new reasons/* UpgradeError */.fy('record-not-kept', `The record of this update does not fit into the tags of its first resource: it holds ${holds.join(' and ')} and needs ${count(chunks, 'tag')}, and ${free} are free (${others} others are there; Azure takes ${MOST_TAGS} a resource, this product ${MOST_CHUNKS} of them). Without it a run that ends early could not be gone on with, nor gone back from.`, {
        advice: [
            ...(free < MOST_CHUNKS ? ['Remove tags that nobody needs from that resource.'] : []),
            'Update fewer roles at once (walk.roles), or change fewer settings of extensions.',
            ...(placed > 0
                ? ['Flexible scale sets write down where every instance stands; Uniform ones do not need it.']
                : []),
        ],
    });
}

;// CONCATENATED MODULE: ./lib/service/lease-refusals.js
// Who may write a resource of a service: nobody while another run has it, and no other application while an update of
// this one is written down on it. The same for scale sets and for cloud services.



/** Throws 'locked-by-another-run' where a run that is not this one has the resource now. */
function refuseForeignLease(resource, run, now) {
    const lease = leaseOfTags(resource.tags);
    if (lease !== null && lease.run !== run && Date.parse(lease.until) > now)
        throw lockedBy(resource, lease);
}
/**
 * Throws 'overtaken-by-another-run' where the lease that a run had has run out and is not there any more: its machine stood still, and
 * whoever came next may have done all it was asked to, and be gone. As long as it has not run out nobody else takes it: tags that
 * somebody has written over are written again.
 */
function refuseOvertaken(resource, own, now) {
    if (own === null || Date.parse(own.until) > now)
        return;
    if (leaseOfTags(resource.tags)?.run === own.run)
        return;
    throw new reasons/* UpgradeError */.fy('overtaken-by-another-run', `This run's claim on the ${resource.what} ended at ${own.until}, while the run stood still, and is not there any more: another run may have updated it since.`, {
        advice: [
            'Run phase: status. It changes nothing, and tells what the instances run and what can be done.',
        ],
    });
}
/** Throws 'update-in-progress'. */
function refuseOtherApplication(resource, own) {
    const application = markOf(resource.tags)?.application ?? own;
    if (application === own)
        return;
    throw new reasons/* UpgradeError */.fy('update-in-progress', `The ${resource.what} is in an update of another application, ${application}.`, {
        advice: [
            `Finish or roll back that update first. If nobody needs its record any more: ${withoutTag(resource, MARK_TAG)}`,
        ],
    });
}
function lockedBy(resource, { holder, application, until }) {
    return new reasons/* UpgradeError */.fy('locked-by-another-run', `Another run is updating ${application}: ${holder} has ${resource.what} until ${until}, unless it renews that.`, {
        advice: [
            'Wait until that run has ended, look at its summary, then start this phase again.',
            `Where that run is dead, its claim ends by itself at ${until}. To end it by hand: ${withoutTag(resource, LEASE_TAG)}`,
        ],
    });
}
/** The command for a person. With its value: what was written anew meanwhile stays. */
function withoutTag({ id, tags }, name) {
    const [key, value] = Object.entries(tags).find(([each]) => each.toLowerCase() === name) ?? [name, ''];
    const tag = `${key}=${value}`;
    return azFor(id, 'tag', 'update', '--resource-id', id, '--operation', 'Delete', '--tags', tag);
}

;// CONCATENATED MODULE: ./lib/guards/service/not-locked.js





/** The article's Locked, asked before the phase. What an update that is in progress still does is waited for by its walk. */
const notLocked = {
    id: 'not-locked',
    title: 'Nobody else works on the service',
    phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
    check: async (context, observed, phase) => {
        const { lease, resources } = observed.look;
        if (lease !== null && isForeign(context, lease))
            return leasedToAnother(observed, lease);
        const instances = observed.look.roles.flatMap((role) => role.instances.map((instance) => ({ ...instance, role: role.role })));
        const atRest = resources.map((resource) => ({ ...resource, provisioningState: 'Succeeded' }));
        const upgraded = lockedOf({ resources: atRest, instances: [], lease: null });
        if (upgraded.locked)
            return busy(observed, upgraded.reasons, CANCEL);
        const { locked, reasons } = lockedOf({ resources, instances, lease: null });
        if (!locked)
            return (0,verdict/* pass */.IX)('nothing is under way, and no other run has it');
        if (isItsOwn(observed, phase))
            return (0,verdict/* pass */.IX)(`${reasons.join('; ')}: the walk waits for it`);
        return busy(observed, reasons, WAIT);
    },
};
function isForeign({ clock, runId }, { run, until }) {
    return run !== runId && Date.parse(until) > clock.now();
}
/** What a run that was killed has told Azure goes on without it. */
function isItsOwn({ look, progress }, phase) {
    return phase === 'upgrade' && look.record !== null && progress.kind !== 'not-begun';
}
const WAIT = 'Wait until it has ended, then run the same phase again; what is under way, and who began it:';
const CANCEL = 'Wait until it has ended, or end it; then run the same phase again:';
function busy(observed, reasons, advice) {
    const roles = chosenRoles(observed).filter(({ set }) => set !== null);
    const words = advice === CANCEL ? 'rolling-upgrade cancel' : 'show';
    const more = advice === CANCEL ? [] : ['--query', 'provisioningState'];
    return (0,verdict/* fail */.fJ)('service-busy', reasons.join('; '), advice, ...roles.map((role) => azVmss(role, words, ...more)));
}
function leasedToAnother({ look }, { holder, application, until }) {
    const sets = look.roles.flatMap(({ set }) => (set === null ? [] : [set]));
    return (0,verdict/* fail */.fJ)('locked-by-another-run', `${holder} has the service for an update of ${application}, until ${until} at most`, 'Wait until that run has ended, then run again. Only where it is known to be dead, and its time is too long to wait for, take its mark away:', ...sets.map((set) => withoutTag(set, LEASE_TAG)));
}

;// CONCATENATED MODULE: ./lib/guards/service/one-update.js






/** The article: at most one upgrade is active, and a second one over it may take down several domains at once. */
const oneUpdate = {
    id: 'one-update',
    title: 'No other update of the service is in progress',
    phases: WALKING,
    check: async (context, observed, phase) => {
        const { record } = observed.look;
        const mark = markOfAnother(context, observed.look);
        if (mark !== null)
            return mark;
        if (record === null)
            return (0,verdict/* pass */.IX)('none is written down');
        if (record.application !== context.config.application)
            return ofAnother(record);
        const roles = configuredRoles(context.config);
        // More may be configured: what is as it is to be already is not part of an update.
        if (!record.roles.every((role) => roles.includes(role)))
            return ofOtherRoles(record, roles);
        if (await asksForAnother(context, observed.look))
            return ofAnotherTarget(context, observed, record, phase);
        return (0,verdict/* pass */.IX)(`${one_update_inWords(record)} is the one that the configuration asks for: it goes on`);
    },
};
/** A scale set that two services share says so itself; the record is on one of its resources only. */
function markOfAnother({ config }, { roles }) {
    for (const { set } of roles) {
        const mark = set === null ? null : markOf(set.tags);
        if (set === null || mark === null || mark.application === config.application)
            continue;
        const { application, updateId } = mark;
        return (0,verdict/* fail */.fJ)('update-in-progress', `${set.ref.name} is being updated by application ${application} (update ${updateId})`, `Finish that update, or turn it back, with the configuration file of ${application}; then run again. Only where no such update is under way any more, take its mark away:`, withoutTag(set, MARK_TAG));
    }
    return null;
}
function ofAnother(record) {
    return (0,verdict/* fail */.fJ)('update-in-progress', `${one_update_inWords(record)} is one of application ${record.application}`, `Two configurations name the same service. Finish that update, or turn it back, with the configuration file of ${record.application}; then run again.`);
}
/** By the file: a look chooses those of the record as long as there is one. */
function configuredRoles({ walk, service }) {
    return walk.roles.length > 0 ? walk.roles : service.roles.map(({ name }) => name);
}
function ofOtherRoles(record, roles) {
    return (0,verdict/* fail */.fJ)('update-in-progress', `${one_update_inWords(record)} is one of ${formatList(record.roles)}, and the configuration chooses ${formatList(roles)}`, `Finish it, or turn it back, with \`walk: {roles: [${record.roles.join(', ')}]}\`; then run again.`);
}
function ofAnotherTarget({ config }, { progress }, record, phase) {
    const isBegun = progress.kind !== 'not-begun';
    const stands = isBegun ? progress.words : 'no instance has it yet';
    if (config.walk.onStuck === 'supersede' && phase === 'upgrade')
        return (0,verdict/* pass */.IX)(`over ${one_update_inWords(record)} (${stands}) comes another, as walk.on-stuck allows`);
    return (0,verdict/* fail */.fJ)('update-in-progress', `${one_update_inWords(record)} has another target than the configuration asks for now (${stands})`, isBegun
        ? 'Finish it (phase upgrade, with the version in the file that it was begun with), or turn it back (phase rollback); then begin this one. To put this one over it: `walk: {on-stuck: supersede}`, and phase upgrade.'
        : 'Take it back (phase rollback: no instance is touched by that), then prepare again.');
}
function one_update_inWords({ updateId, startedAt, runUrl }) {
    return `update ${updateId}, begun ${startedAt}${runUrl === null ? '' : ` by ${runUrl}`}`;
}

;// CONCATENATED MODULE: ./lib/guards/service/protected-instances.js



/** Azure passes them by and calls that a success: the update would never be finished. */
const protectedInstances = {
    id: 'protected-instances',
    title: 'No instance is protected from what the scale set does',
    phases: WALKING,
    check: async (_, observed) => perRole(observed, protected_instances_checkRole),
};
function protected_instances_checkRole(role) {
    const ids = role.instances.filter(({ isProtected }) => isProtected).map(({ id }) => id);
    if (ids.length === 0)
        return (0,verdict/* pass */.IX)(`${role.role}: none is`);
    return (0,verdict/* fail */.fJ)('instance-protected', `${nameOf(role)}: ${formatList(ids)} ${ids.length === 1 ? 'is' : 'are'} protected from what the scale set does, and would never get the new version`, 'Ask who has protected them, and what for; then take the protection away:', ...ids.map((id) => azVmss(role, 'update', '--instance-id', id, '--protect-from-scale-set-actions', 'false')));
}

;// CONCATENATED MODULE: ./lib/guards/service/quota.js





/** The new version has to have its cores now; the way back has to find them again, which only is a hope after a scale-down. */
const quota = {
    id: 'quota',
    title: 'The quota of cores suffices for both versions',
    phases: WALKING,
    check: async (context, { look }) => {
        const ahead = await updateAhead(context, look);
        const [forward, back] = await Promise.all([
            context.target.cores(look, ahead, 'target'),
            context.target.cores(look, look.record ?? ahead, 'previous'),
        ]);
        if (forward?.more === 0 && back?.more === 0)
            return (0,verdict/* pass */.IX)('neither needs more cores than are in use');
        return (0,verdict/* allOf */.bn)([checkNeed('the new version', look, forward), checkBack(look, forward, back)]);
    },
};
function checkNeed(what, look, need) {
    if (need === null)
        return (0,verdict/* notKnowable */.ZM)(`how many cores ${what} needs cannot be told from outside`);
    const { more, usage } = need;
    const left = Math.max(0, usage.limit - usage.used);
    if (more <= 0)
        return (0,verdict/* pass */.IX)(`${what} needs no more cores than are in use`);
    if (usage.used + more <= usage.limit)
        return (0,verdict/* pass */.IX)(`${what} needs ${count(more, 'more core')}, and ${left} are left`);
    const set = look.roles.find((role) => role.set !== null)?.set ?? null;
    const location = set?.location ?? 'REGION';
    return (0,verdict/* fail */.fJ)('quota-exceeded', `${what} needs ${count(more, 'more core')}; ${usage.used} of ${usage.limit} are in use, so ${left} are left`, `Free ${count(more - left, 'core')}, or ask for a higher quota (portal: Quotas); what is in use:`, azFor(set?.id ?? null, ...['vm', 'list-usage', '-l', location.toLowerCase().replaceAll(' ', ''), '-o', 'table']));
}
function checkBack(look, forward, back) {
    if (forward === null || forward.more >= 0)
        return checkNeed('the version before', look, back);
    return (0,verdict/* pass */.IX)(`the update frees ${count(-forward.more, 'core')}, and the way back needs them: while others have taken them, a rollback is not possible`);
}

// EXTERNAL MODULE: ./lib/guards/required-actions.js
var required_actions = __webpack_require__(11395);
;// CONCATENATED MODULE: ./lib/guards/service/service-permissions.js






/** The RBAC actions of the phase, and of the way back from it, asked of Azure on every resource that it touches. */
const servicePermissions = {
    id: 'azure-permissions',
    title: 'The identity may do in Azure what this phase does',
    phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
    check: async (context, observed, phase) => {
        const places = await placesOf(context, observed);
        const conditions = conditionsOf(context.config, observed);
        const needs = places.map((place) => ({ ...place, actions: actionsOn(place.scope, phase, conditions) }));
        const asked = needs.filter(({ actions }) => actions.length > 0);
        return (0,verdict/* allOf */.bn)(await Promise.all(asked.map((need) => service_permissions_checkNeed(context, need))));
    },
};
function actionsOn(scope, phase, conditions) {
    const goesBack = phase === 'upgrade' || phase === 'switch';
    const back = goesBack ? (0,required_actions/* requiredActions */.nU)('rollback', scope, conditions) : [];
    return [...new Set([...(0,required_actions/* requiredActions */.nU)(phase, scope, conditions), ...back])];
}
async function service_permissions_checkNeed({ azure }, { name, id, actions }) {
    const missing = await azure.authorization.missingActions(id, actions);
    if (missing === null)
        return (0,verdict/* notKnowable */.ZM)(`Azure does not tell what may be done on ${name}`);
    if (missing.length === 0)
        return (0,verdict/* pass */.IX)(`${count(actions.length, 'action')} on ${name}`);
    return (0,verdict/* fail */.fJ)('azure-permission-missing', `missing on ${name}: ${missing.join(', ')}`, 'Assign the role of docs/custom-role.json (see docs/permissions.md), wait a few minutes until Azure knows it, and run again:', (0,command_line/* command */.G5)(...['az', 'role', 'assignment', 'create', '--role', 'Rolling Upgrade'], ...['--assignee', 'APP_ID', '--scope', id]));
}
function conditionsOf({ service, switchMethod }, { look }) {
    if (service.kind === 'cloud-service')
        return ['cloud-service', ...(switchMethod === 'swap' ? ['service-swap'] : [])];
    const isFlexible = look.roles.some(({ set }) => set?.orchestration === 'Flexible');
    return ['scale-sets', ...(isFlexible ? ['flexible'] : [])];
}
/** Each once: roles may share a resource group, and versions a gallery. */
async function placesOf(context, observed) {
    const { service } = context.config;
    const places = service.kind === 'cloud-service'
        ? await cloudServices(context, [service.service, service.stagingService], service.resourceGroup)
        : [...scaleSets(observed), ...galleries(await updateAhead(context, observed.look))];
    const groups = places.filter(({ scope }) => scope !== 'gallery').map(groupOf);
    return [...new Map([...places, ...groups].map((place) => [place.id.toLowerCase(), place])).values()];
}
/** All of the service's, also those that are not updated: the lease is written on each. */
function scaleSets({ look }) {
    return look.roles.flatMap(({ set }) => set === null ? [] : [{ name: `scale set ${set.ref.name}`, id: set.id, scope: 'scale-set' }]);
}
async function cloudServices({ azure }, names, resourceGroup) {
    const found = await Promise.all(names.map((name) => (name === null ? null : azure.compute.cloudServices.get({ resourceGroup, name }))));
    return found.flatMap((one) => one === null
        ? []
        : [{ name: `cloud service ${one.ref.name}`, id: one.id, scope: 'cloud-service' }]);
}
/** Of one's own; what others share is asked of nobody. */
function galleries({ models }) {
    const images = Object.values(models).flatMap(({ previous, target }) => [previous.image, target.image]);
    return images.flatMap((image) => {
        const name = image?.startsWith('/subscriptions/') ? (0,resource_id/* partOf */.B)(image, 'galleries') : null;
        if (image === undefined || name === null)
            return [];
        const id = image.split(/\/images\//i)[0] ?? image;
        return [{ name: `gallery ${name}`, id, scope: 'gallery' }];
    });
}
function groupOf({ id }) {
    const [subscription, group] = [(0,resource_id/* partOf */.B)(id, 'subscriptions') ?? '', (0,resource_id/* partOf */.B)(id, 'resourceGroups') ?? ''];
    return {
        name: `resource group ${group}`,
        id: (0,resource_id/* resourceGroupPath */.d)(subscription, group),
        scope: 'service-group',
    };
}

;// CONCATENATED MODULE: ./lib/guards/service/swap-possible.js

/** Of two cloud services: what the swap at the end needs is set when the second one is deployed, and never later. */
function swapPossible(service, staging) {
    return {
        id: 'swap-possible',
        title: 'The two cloud services can exchange their addresses',
        phases: ['prepare', 'upgrade', 'switch'],
        check: async ({ azure }) => {
            const { resourceGroup } = service;
            const names = [service.service, staging];
            const [one, other] = await Promise.all(names.map((name) => azure.compute.cloudServices.get({ resourceGroup, name })));
            if (!one || !other)
                return notFound(resourceGroup, one ? staging : service.service);
            return checkPair(one, other);
        },
    };
}
function notFound(group, name) {
    return (0,verdict/* fail */.fJ)('resource-not-found', `there is no cloud service ${name} in ${group}`, 'Correct the configuration file, or deploy it first, swappable with the one that users are on.');
}
function checkPair(one, other) {
    const arePartners = isPartner(one, other) || isPartner(other, one);
    if (!arePartners) {
        return (0,verdict/* fail */.fJ)('change-not-possible', `neither ${one.ref.name} nor ${other.ref.name} names the other one as swappableCloudService, which is set when a service is created and cannot be set later`, `Deploy ${other.ref.name} anew with networkProfile.swappableCloudService.id = ${one.id}, or update in place: \`switch: {method: in-place}\`.`);
    }
    const slots = [one, other].map(({ ref, slotType }) => `${ref.name}: ${slotType ?? 'not told'}`).join(', ');
    if (one.slotType === null || other.slotType === null)
        return (0,verdict/* notKnowable */.ZM)(`which of the two users are on is not told (${slots})`);
    if (one.slotType !== other.slotType)
        return (0,verdict/* pass */.IX)(slots);
    return (0,verdict/* fail */.fJ)('change-not-possible', `both are in the same slot (${slots}): which one users are on is not clear`, 'See which address users reach, and put the two into different slots (portal: Swap).');
}
function isPartner({ swappableWith }, { id }) {
    return swappableWith?.toLowerCase() === id.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/guards/service/two-instances.js



/**
 * The article: a role has at least two instances to be updated in place without downtime. Two in one domain are no
 * better than one: they go down together.
 */
const twoInstances = {
    id: 'two-instances',
    title: 'Every role that is updated has an instance that serves meanwhile',
    phases: WALKING,
    check: async (context, observed) => {
        if (isStaged(context))
            return (0,verdict/* pass */.IX)('users are not on the service that is updated');
        const domainsOf = ({ role }) => observed.spread.domains
            .filter(({ instances }) => instances.some((instance) => instance.role === role))
            .map(({ number }) => number);
        return perRole(observed, (role) => two_instances_checkRole(role, domainsOf(role), context.config.walk.acceptDowntime));
    },
};
function two_instances_checkRole(role, domains, acceptDowntime) {
    const { length } = role.instances;
    const told = `${nameOf(role)} has ${count(length, 'instance')}`;
    if (length === 0)
        return (0,verdict/* pass */.IX)(`${told}: nothing of it is taken down`);
    if (domains.length > 1)
        return (0,verdict/* pass */.IX)(`${told} in ${domains.length} domains`);
    const [domain] = domains;
    if (length > 1 && domain === undefined)
        return (0,verdict/* pass */.IX)(`${told}; in which domains is not known`);
    const evidence = length === 1 ? told : `${told}, all in domain ${domain}`;
    if (acceptDowntime)
        return (0,verdict/* pass */.IX)(`${evidence}: it is down while that is updated, which walk.accept-downtime allows`);
    return (0,verdict/* fail */.fJ)('single-instance', `${evidence}: it would be down while that is updated`, ...two_instances_adviceFor(role));
}
function two_instances_adviceFor(role) {
    const accept = 'Where it may be down for that time, say so: `walk: {accept-downtime: true}`.';
    if (role.set === null) {
        return [
            `Give it more instances in its configuration (.cscfg), or deploy the new version to a second cloud service and swap: \`switch: {method: swap}\`. ${accept}`,
        ];
    }
    if (role.instances.length > 1 && role.placement === 'virtual')
        return [`Give the service more domains: \`service: {virtual-domains: 5}\`. ${accept}`];
    const enough = String(Math.max(2, role.instances.length + 1));
    return [
        `Add instances until two domains have one, and wait until they are healthy. ${accept}`,
        azVmss(role, 'scale', '--new-capacity', enough),
    ];
}

;// CONCATENATED MODULE: ./lib/guards/service/upgrade-mode.js


/** With another mode than Manual Azure itself brings a new model to the instances, by an order of its own. */
const upgradeMode = {
    id: 'upgrade-mode',
    title: 'Azure does not walk by itself',
    phases: WALKING,
    check: async (_, observed) => perRole(observed, (role) => upgrade_mode_checkRole(role, observed)),
};
/** A rolling upgrade that was stopped is taken up again by any write of the model, and tags are written first. */
const STOPPED = ['cancelled', 'faulted'];
function upgrade_mode_checkRole(role, { look }) {
    const { set } = role;
    if (set === null)
        return (0,verdict/* pass */.IX)(`${role.role}: its domains are walked one by one`);
    const mode = set.upgradeMode;
    if (mode === null || mode === 'Manual')
        return (0,verdict/* pass */.IX)(`${nameOf(role)}: ${mode ?? 'no mode, as Manual'}`);
    const code = look.resources.find(({ name }) => name === role.resource)?.platformUpgrade?.code ?? '';
    if (mode === 'Rolling' && STOPPED.includes(code.toLowerCase())) {
        return (0,verdict/* fail */.fJ)('service-busy', `${nameOf(role)} is in mode Rolling, and its last rolling upgrade is ${code}: a write of whatever kind would make Azure take it up again`, 'Set the mode to Manual first; that one is then not given back after the update:', azVmss(role, 'update', '--set', 'upgradePolicy.mode=Manual'));
    }
    return (0,verdict/* pass */.IX)(`${nameOf(role)}: ${mode}; it is Manual while the update lasts, and ${mode} again after it`);
}

;// CONCATENATED MODULE: ./lib/guards/service/version-exists.js



/** Both: an update whose version before is gone could only be finished. */
const versionExists = {
    id: 'version-exists',
    title: 'The version before and the new one are there',
    phases: WALKING,
    check: async (context, { look }) => {
        const { target } = context;
        const ahead = await updateAhead(context, look);
        return (0,verdict/* allOf */.bn)(await Promise.all([check(target, ahead, 'target'), check(target, look.record ?? ahead, 'previous')]));
    },
};
async function check(target, models, version) {
    const missing = await target.missing(models, version);
    if (missing.length === 0)
        return (0,verdict/* pass */.IX)(version === 'target' ? 'the new version is there' : 'the version before is there');
    const what = missing.map((sentence) => sentence.replace(/\.$/, '')).join('; ');
    if (version === 'target') {
        return (0,verdict/* fail */.fJ)('resource-not-found', `the new version is not to be had: ${what}`, 'Publish it (an image of a gallery also with its replica in the region of the service), or correct the configuration file.');
    }
    return (0,verdict/* fail */.fJ)('resource-not-found', `there would be no way back, because the version before is not to be had: ${what}`, 'Put it back, and keep it until the update is finished; then run again.');
}

;// CONCATENATED MODULE: ./lib/guards/service/version-pinned.js





/** Where Azure chooses the version, nothing says what to go back to, and instances come to run different ones. */
const versionPinned = {
    id: 'version-pinned',
    title: 'The version before and the new one are exact ones',
    phases: WALKING,
    check: async (context, observed) => {
        const ahead = await updateAhead(context, observed.look);
        return perRole(observed, (role) => version_pinned_checkRole(role, observed, ahead));
    },
};
function version_pinned_checkRole(role, { look }, ahead) {
    const patches = ahead.models[role.role];
    if (role.set === null || patches === undefined) {
        return (0,verdict/* pass */.IX)(`${role.role}: the packages of both versions are named`);
    }
    // What ran before the first update is what there is to go back to.
    const before = withPatch(role.set.model, look.record?.models[role.role]?.previous ?? patches.previous).image;
    const after = withPatch(role.set.model, patches.target).image;
    if (before === null || after === null)
        return (0,verdict/* notKnowable */.ZM)(`${nameOf(role)}: its model names no image that could be compared`);
    if (!isPinned(before))
        return unpinned(role, before);
    if (!isPinned(after)) {
        return (0,verdict/* fail */.fJ)('version-not-pinned', `${nameOf(role)} is to run ${after}, which is no exact version`, 'Name the version in the configuration file: …/versions/2.0.0, or publisher:offer:sku:2.0.0.');
    }
    const [old, wanted] = [version_pinned_short(before), version_pinned_short(after)];
    return (0,verdict/* pass */.IX)(`${role.role}: ${old === wanted ? old : `${old} and ${wanted}`}`);
}
function unpinned(role, image) {
    const reference = 'virtualMachineProfile.storageProfile.imageReference';
    const exact = image.startsWith('/')
        ? `${reference}.id=${image.replace(/\/versions\/[^/]*$/i, '')}/versions/VERSION`
        : `${reference}.version=VERSION`;
    return (0,verdict/* fail */.fJ)('version-not-pinned', `${nameOf(role)} runs ${image}, which is no exact version: nothing says what to go back to`, 'See what its instances really run, and pin the model to that (with mode Manual no instance is touched by it):', azVmss(role, 'list-instances', '--query', '[].{id: instanceId, version: storageProfile.imageReference.exactVersion}', '-o', 'table'), azVmss(role, 'update', '--set', exact));
}
const version_pinned_short = (image) => imageVersion(image) ?? image.split('/').at(-1) ?? image;

// EXTERNAL MODULE: ./lib/engine/humane.js
var humane = __webpack_require__(39328);
;// CONCATENATED MODULE: ./lib/guards/service/walk-estimate.js
/** Typical: update-instances was recorded with 60 to 62 s; that an instance is healthy after it, about as much again. */
const PLATFORM_MS = 60_000;
const START_MS = 60_000;
/** @param walks the domains that this run walks, or all that are left */
function walkEstimate({ config, domain }, { progress }, walks = 'this run') {
    const left = progress.domains.filter(({ state }) => state !== 'updated').length;
    const one = walks === 'this run' && (domain !== null || config.walk.mode === 'manual');
    const domains = one ? Math.min(1, left) : left;
    const { consecutive, intervalMs, timeoutMs } = config.health;
    return {
        domains,
        typicalMs: domains * (PLATFORM_MS + START_MS + consecutive * intervalMs),
        longestMs: domains * (config.walk.startTimeoutMs + timeoutMs),
    };
}

;// CONCATENATED MODULE: ./lib/guards/service/walk-time-left.js




/** For what comes before and after the walk, and for domains that are slower than others. Milliseconds. */
const MARGIN_MS = 5 * 60_000;
/** A walk that is cut off leaves both versions serving until somebody runs the next phase. */
const walkTimeLeft = {
    id: 'time-left',
    title: 'Job and credentials last longer than the walk typically takes',
    phases: ['upgrade'],
    check: async (context, observed) => {
        const estimate = walkEstimate(context, observed);
        const expires = await context.azure.credentialExpiresAt();
        return (0,verdict/* allOf */.bn)([jobTime(context, estimate), credentialTime(context, estimate, expires)]);
    },
};
function jobTime({ jobEndsAt, clock }, estimate) {
    if (jobEndsAt === null)
        return (0,verdict/* notKnowable */.ZM)('when this job will be ended is not known (the token needs `actions: read` to ask)');
    const left = jobEndsAt.getTime() - clock.now();
    const needed = neededMs(estimate);
    if (left >= needed)
        return (0,verdict/* pass */.IX)(`the job has ${(0,humane/* formatDuration */.a3)(left)} left; ${walk_time_left_inWords(estimate)}`);
    return (0,verdict/* fail */.fJ)('time-left-too-short', `the job is ended in ${(0,humane/* formatDuration */.a3)(left)}; ${walk_time_left_inWords(estimate)}`, `Raise timeout-minutes of the job (at least ${Math.ceil(needed / 60_000)} for this step), or walk one domain a run: \`domain: next\`.`);
}
function credentialTime({ clock }, estimate, expires) {
    if (expires === null)
        return (0,verdict/* pass */.IX)('tokens are minted afresh whenever one is needed');
    const left = expires.getTime() - clock.now();
    if (left >= neededMs(estimate))
        return (0,verdict/* pass */.IX)(`the credential lasts ${(0,humane/* formatDuration */.a3)(left)}`);
    return (0,verdict/* fail */.fJ)('time-left-too-short', `the credential lapses in ${(0,humane/* formatDuration */.a3)(left)} and cannot be renewed; ${walk_time_left_inWords(estimate)}`, 'Let the action sign in by itself: inputs tenant-id and client-id, with `permissions: id-token: write`. With the Azure CLI: az login again right before this step.');
}
function neededMs({ typicalMs }) {
    return typicalMs + MARGIN_MS;
}
/** "5 domains take about 12 min 30 s, and 3 h 45 min at most". */
function walk_time_left_inWords({ domains, typicalMs, longestMs }) {
    const verb = domains === 1 ? 'takes' : 'take';
    return `${count(domains, 'domain')} ${verb} about ${(0,humane/* formatDuration */.a3)(typicalMs)}, and ${(0,humane/* formatDuration */.a3)(longestMs)} at most`;
}

;// CONCATENATED MODULE: ./lib/guards/service/whole-service.js



/** Of cloud services: the platform walks all roles of a domain together, so all have to be known, and looked at. */
function wholeService(service) {
    return {
        id: 'whole-service',
        title: 'All roles of the cloud service are updated together',
        phases: WALKING,
        check: async (context, observed) => fewerRoles(context.config.walk.roles, service) ?? rolesOfAzure(context, observed, service),
    };
}
function fewerRoles(chosen, { roles }) {
    const left = roles.map(({ name }) => name).filter((name) => chosen.length > 0 && !chosen.includes(name));
    if (left.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('change-not-possible', `walk.roles leaves out ${formatList(left)}; Azure walks all roles of a cloud service together`, 'Leave walk.roles out. A role that is to stay as it is has the same code in the new package.');
}
async function rolesOfAzure({ azure }, { look }, { resourceGroup, roles }) {
    const name = look.roles[0]?.resource ?? '';
    const found = await azure.compute.cloudServices.get({ resourceGroup, name });
    if (found === null)
        return (0,verdict/* notKnowable */.ZM)(`which roles ${name} has is not known`);
    const [configured, there] = [roles, found.roles].map((some) => some.map((role) => role.name));
    const unknown = without(there ?? [], configured ?? []);
    const missing = without(configured ?? [], there ?? []);
    const told = [
        ...(unknown.length > 0
            ? [`${name} also has ${formatList(unknown)}, which would be walked without a look at its health`]
            : []),
        ...(missing.length > 0 ? [`${name} has no role ${formatList(missing)}`] : []),
    ];
    if (told.length === 0)
        return (0,verdict/* pass */.IX)(`${name}: ${count(roles.length, 'role')}, ${formatList(there ?? [])}`);
    return (0,verdict/* fail */.fJ)('config-invalid', told.join('; '), `Name exactly these roles in service.cloud-service.roles: ${formatList(there ?? [])}.`);
}
/** Azure's names have no case. */
function without(names, others) {
    const lower = others.map((other) => other.toLowerCase());
    return names.filter((name) => !lower.includes(name.toLowerCase()));
}

;// CONCATENATED MODULE: ./lib/guards/service/service-guards.js



















/** The guards of this configuration: what the service is made of decides which of them have a meaning. */
function serviceGuards({ service }) {
    return [
        oneUpdate,
        notLocked,
        ...(service.kind === 'cloud-service' ? cloudServiceGuards(service) : [upgradeMode]),
        changePossible,
        versionPinned,
        versionExists,
        instancesAlike,
        domainsKnown,
        protectedInstances,
        twoInstances,
        minimumReachable,
        healthTold,
        instancesHealthy,
        quota,
        automation,
        servicePermissions,
        walkTimeLeft,
    ];
}
function cloudServiceGuards(service) {
    const { stagingService } = service;
    return [wholeService(service), ...(stagingService === null ? [] : [swapPossible(service, stagingService)])];
}

;// CONCATENATED MODULE: ./lib/steps/domains/walk-track.js
// What one run remembers of its own walk, in one direction. Where it remembers nothing, because an earlier run walked,
// what the service shows counts.



function createWalkMemory() {
    return { forward: createTrack('forward'), back: createTrack('back') };
}
function createTrack(direction) {
    const walks = new Map();
    const found = new Map();
    let history = NO_LOOK_YET;
    return {
        direction,
        get history() {
            return history;
        },
        begin: (instances, at) => {
            for (const instance of instances)
                walks.set(keyOf(instance), at);
            const seen = forNextDomain(history);
            // Walked once more, it starts once more.
            const others = [...seen.instances].filter(([key]) => !instances.some((one) => keyOf(one) === key));
            history = { ...seen, instances: new Map(others) };
        },
        looked: (now) => {
            history = now;
        },
        walkedAt: (key) => walks.get(key) ?? null,
        foundAt: (key, now) => {
            const at = found.get(key) ?? now;
            found.set(key, at);
            return at;
        },
    };
}
/**
 * The instances whose health counts: those that this run has walked, and those that an earlier one has: on the way
 * forward what runs the new version, or may; on the way back what runs the version before in a domain that was walked by
 * the record. Instances that were not walked are none of them, whatever their health.
 *
 * @param saidDone instances that do not tell what they run, of which the platform has said that it is done
 */
function walkedInstances(observed, track, saidDone = new Set()) {
    const { spread, look } = observed;
    const wanted = track.direction === 'forward' ? 'target' : 'previous';
    const recorded = new Set(look.record?.walk.map(({ domain }) => domain));
    return spread.domains.flatMap(({ number, instances }) => instances.flatMap((instance) => {
        const key = keyOf(instance);
        const version = observed.versions.get(key)?.version ?? 'unknown';
        const walkedAt = track.walkedAt(key);
        if (walkedAt !== null) {
            const isTold = version === wanted || saidDone.has(key);
            return [{ instance, walkedAt, notYet: isTold ? null : `it does not run the ${WORDS[wanted]} yet` }];
        }
        const wasWalked = track.direction === 'back'
            ? version === 'previous' && recorded.has(number)
            : version === 'target' || version === 'unknown';
        if (!wasWalked)
            return [];
        // Walked by an earlier run: when is not known, but not before the update was written down.
        const began = look.record === null ? 0 : Date.parse(look.record.startedAt);
        if (track.direction === 'back' && neverLeft(instance, began))
            return [];
        return [{ instance, walkedAt: began, startsAt: track.foundAt(key, look.at) }];
    }));
}
/**
 * A run that was killed in the middle of a domain has not walked all of it. What has been walked since tells its health anew, and
 * nothing until then; who waited for that of an instance that nobody has touched would wait for ever.
 */
function neverLeft(instance, began) {
    const { health, healthAt } = instance;
    return !isBeingChanged(instance) && health === 'healthy' && healthAt !== null && healthAt.getTime() < began;
}
const WORDS = { target: 'new version', previous: 'version before' };

;// CONCATENATED MODULE: ./lib/steps/domains/domains-down.js
// Which domains are down, so that no second one is taken down: the domain that was walked and is below its minimum, and
// the one that was not walked and has no running instance of a role.





/**
 * Ascending. On the way back domains that run the new version are not counted, whatever they are in: they are what the
 * way back is for.
 *
 * @param except the domain that is to be walked; null: none is left out
 */
function domainsDown(observed, track, except) {
    const others = observed.spread.domains.filter(({ number }) => number !== except);
    const domainOf = new Map(others.flatMap(({ number, instances }) => instances.map((one) => [keyOf(one), number])));
    const walked = walkedInstances(observed, track).filter(({ instance }) => domainOf.has(keyOf(instance)));
    const keys = new Set(walked.map(({ instance }) => keyOf(instance)));
    const isUntouched = (instance) => !keys.has(keyOf(instance)) && !(track.direction === 'back' && isNew(observed, instance));
    const down = [
        ...belowMinimum(observed, walked, domainOf),
        ...others.flatMap(({ number, instances }) => [...Map.groupBy(instances.filter(isUntouched), ({ role }) => role)]
            .filter(([, own]) => own.every(({ powerState }) => powerState !== 'running'))
            // With walked ones of the role beside it, these say how many have to be good.
            .filter(([role]) => !instances.some((one) => one.role === role && keys.has(keyOf(one))))
            .map(([role, own]) => ({
            domain: number,
            why: `no instance of ${role} runs in it`,
            instances: own.map(keyOf),
        }))),
    ];
    return [...Map.groupBy(down, ({ domain }) => domain)]
        .map(([domain, all]) => ({
        domain,
        why: all.map(({ why }) => why).join('; '),
        instances: all.flatMap(({ instances }) => instances),
    }))
        .toSorted((one, other) => one.domain - other.domain);
}
function isNew({ versions }, instance) {
    const version = versions.get(keyOf(instance))?.version;
    return version === 'target' || version === 'unknown';
}
function belowMinimum({ look }, walked, domainOf) {
    return [...Map.groupBy(walked, ({ instance }) => instance.role)].flatMap(([role, own]) => {
        const minimum = look.roles.find((one) => one.role === role)?.minimum;
        const bad = own
            .filter((one) => instanceState(one).kind !== 'good')
            .map(({ instance }) => keyOf(instance));
        if (own.length - bad.length >= requiredOf(minimum, own.length))
            return [];
        return [...Map.groupBy(bad, (key) => domainOf.get(key))].flatMap(([domain, keys]) => domain === undefined
            ? []
            : [{ domain, why: `${formatList(keys)} of ${role} not in a good state`, instances: keys }]);
    });
}

;// CONCATENATED MODULE: ./lib/steps/domains/domain-order.js
// Which domains a run walks, and in which order: ascending, as the platform does, but what is down comes first, so that
// a fresh update over a stuck one takes no second domain down.


function walkOrder(context, observed) {
    const all = allDomains(observed);
    const choice = context.domain ?? (context.config.walk.mode === 'manual' ? 'next' : null);
    const down = domainsDown(observed, createWalkMemory().forward, null).map(({ domain }) => domain);
    const order = [...down, ...all.filter((number) => !down.includes(number))];
    if (choice === null)
        return { kind: 'domains', numbers: order, completes: true };
    const updated = observed.isToBeWrittenOver
        ? []
        : observed.progress.domains.filter(({ state }) => state === 'updated');
    const left = order.filter((number) => !updated.some(({ domain }) => domain === number));
    const numbers = choice === 'next' ? left.slice(0, 1) : [choice];
    if (!numbers.every((number) => all.includes(number))) {
        return { kind: 'no-such-domain', asked: numbers[0] ?? 0 };
    }
    return { kind: 'domains', numbers, completes: left.every((number) => numbers.includes(number)) };
}
/** Ascending. */
function allDomains({ spread }) {
    return spread.domains.map(({ number }) => number);
}

// EXTERNAL MODULE: ./lib/engine/step.js
var engine_step = __webpack_require__(26374);
;// CONCATENATED MODULE: ./lib/service/update-record.js
const NOTHING_HELD = { autoscale: [], repairs: [], modes: {} };

;// CONCATENATED MODULE: ./lib/service/lease.js
/** For the calls of the platform that frame a walk: its own word that it is done, and the next look. */
const SLACK_MS = 5 * 60_000;
/** Of this run, from now on. A holder that died blocks nobody for longer than one domain may take. */
function lease_leaseOf({ config, clock, runId, runUrl }) {
    const longest = config.walk.startTimeoutMs + config.health.timeoutMs + SLACK_MS;
    return {
        holder: runUrl ?? runId,
        run: runId,
        application: config.application,
        until: new Date(clock.now() + longest).toISOString(),
    };
}

;// CONCATENATED MODULE: ./lib/steps/domains/keep-record.js
// The record of an update is written together with the lease of whoever acts on it.

/** Writes the record and renews the lease. Throws 'locked-by-another-run' and 'record-not-kept'. */
async function keepRecord(context, record) {
    await context.target.keep(lease_leaseOf(context), record);
}
/** The last walk of a domain is the one that counts: the others of it are left out. */
function withWalk(record, walked) {
    return { ...record, walk: [...record.walk.filter(({ domain }) => domain !== walked.domain), walked] };
}

;// CONCATENATED MODULE: ./lib/steps/domains/end-update.js

/** Returns evidence. Safe to repeat: whoever is killed in between has the record still. */
async function endUpdate(context, record) {
    const evidence = await giveBack(context, record);
    await keepRecord(context, null);
    return [...evidence, `${context.target.what}: the update ${record.updateId} is taken off the record`];
}
/** Automation alone; the record stays as it is. Returns evidence. */
async function giveBack({ target }, { held }) {
    await target.giveBack(held);
    return target.describeHeld(held).map((line) => `given back: ${line}`);
}

;// CONCATENATED MODULE: ./lib/steps/domains/finish-update.js
// The last domain is updated: what was held is given back. In place the update is finished by that, and taken off the
// record; before a swap the record stays until users were moved and nobody needs the way back.






function finishUpdate(context) {
    const { target, config } = context;
    const isLast = config.switchMethod === 'in-place';
    return {
        id: 'finish-update',
        title: isLast ? 'Give automation back, and finish the update' : 'Give automation back',
        article: null,
        phase: 'upgrade',
        changes: isLast
            ? `What was held of ${target.what} is on again, and the update is taken off the record`
            : `What was held of ${target.what} is on again`,
        ...(isLast
            ? { wayBack: 'none: a finished update is not rolled back; update to the version before' }
            : {}),
        pivot: false,
        assess: async () => {
            const { look, progress } = await observeService(context);
            if (progress.kind !== 'done')
                return (0,engine_step/* later */.NU)(progress.words);
            if (look.record === null)
                return (0,engine_step/* done */.Vw)('no update is written down any more');
            const held = target.describeHeld(look.record.held);
            return isLast || held.length > 0
                ? (0,engine_step/* toDo */.Xj)(...held.map((line) => `held: ${line}`))
                : (0,engine_step/* done */.Vw)('nothing is held');
        },
        apply: async () => {
            const { record } = (await observeService(context)).look;
            if (record === null)
                throw new reasons/* UpgradeError */.fy('phase-not-applicable', 'No update is written down');
            if (isLast)
                return endUpdate(context, record);
            const evidence = await giveBack(context, record);
            await keepRecord(context, { ...record, held: NOTHING_HELD });
            return evidence;
        },
        undo: null,
    };
}
/** After a swap, or where a run was killed before its end: nobody goes back any more. */
function removeRecord(context) {
    const { target } = context;
    return {
        id: 'remove-record',
        title: 'Take the update off the record',
        article: null,
        phase: 'cleanup',
        changes: `Tags of ${target.what}; the way back ends`,
        pivot: false,
        assess: async () => {
            const { look, progress } = await observeService(context);
            if (look.record === null)
                return (0,engine_step/* done */.Vw)('no update is written down');
            return progress.kind === 'done' ? (0,engine_step/* toDo */.Xj)(progress.words) : (0,engine_step/* later */.NU)(progress.words);
        },
        apply: async () => {
            const { record } = (await observeService(context)).look;
            return record === null ? ['no update is written down'] : endUpdate(context, record);
        },
        undo: null,
    };
}

;// CONCATENATED MODULE: ./lib/steps/domains/take-off-record.js



function takeOffRecord(context) {
    return {
        order: 'tidy',
        what: 'Give automation back, and take the update off the record',
        apply: async () => {
            const observed = await observeService(context);
            const { record } = observed.look;
            if (record === null)
                return { kind: 'nothing-to-undo', evidence: ['no update is written down'] };
            const reasons = whyItStays(observed);
            if (reasons.length > 0)
                return { kind: 'kept', evidence: reasons, unconfirmed: null };
            return { kind: 'undone', evidence: await endUpdate(context, record) };
        },
    };
}
/** The record is the way back: it stays as long as something of the new version does. */
function whyItStays({ progress, standing }) {
    const { target, unknown } = progress.instances;
    const written = [...standing].filter(([, of]) => of === 'target' || of === 'superseded');
    return [
        ...(target.length > 0 ? [`${formatList(target)} run the new version`] : []),
        ...(unknown.length > 0 ? [`${formatList(unknown)} may run the new version`] : []),
        ...(written.length > 0
            ? [`the model of ${formatList(written.map(([role]) => role))} is the new one`]
            : []),
    ];
}

;// CONCATENATED MODULE: ./lib/steps/domains/hold-automation.js
// Autoscale, automatic repairs and the platform's own roll-outs would work on the instances in their own order: they
// are held while the update is in progress, which with one domain a run is between the runs too.






function holdAutomation(context) {
    const { target } = context;
    const tell = (held) => target.describeHeld(held);
    return {
        id: 'hold-automation',
        title: 'Hold what would change instances by itself',
        article: null,
        phase: 'upgrade',
        changes: `Autoscale, automatic repairs and other upgrade modes than Manual of ${target.what} are off until the update has come to its end`,
        pivot: false,
        assess: async () => {
            const { look, progress } = await observeService(context);
            if (look.record === null) {
                return progress.kind === 'done' ? (0,engine_step/* done */.Vw)(progress.words) : (0,engine_step/* later */.NU)('no update is written down yet');
            }
            const found = tell(await target.findAutomation(look));
            if (found.length > 0)
                return (0,engine_step/* toDo */.Xj)(...found);
            const held = tell(look.record.held);
            return (0,engine_step/* done */.Vw)(...(held.length > 0 ? held.map((line) => `held: ${line}`) : ['nothing is on']));
        },
        apply: async () => {
            const { look } = await observeService(context);
            if (look.record === null)
                throw new reasons/* UpgradeError */.fy('phase-not-applicable', 'No update is written down');
            const found = await target.findAutomation(look);
            // Written down before it is switched off: what a killed run has held is given back all the same.
            await keepRecord(context, { ...look.record, held: together(look.record.held, found) });
            await target.hold(found);
            return tell(found).map((line) => `held: ${line}`);
        },
        undo: takeOffRecord(context),
    };
}
/** What was held by an earlier run, and somebody has switched on since, is in both. */
function together(before = NOTHING_HELD, found) {
    return {
        autoscale: [...new Set([...before.autoscale, ...found.autoscale])],
        repairs: [...new Set([...before.repairs, ...found.repairs])],
        modes: { ...found.modes, ...before.modes },
    };
}

;// CONCATENATED MODULE: ./lib/steps/domains/another-update.js
// At most one update is active at a time; a second one over it is taken only by who asks for that.

/** The configuration asks for another version than the update that is in progress. */
function anotherInProgress({ target }, record) {
    const run = record.runUrl === null ? '' : ` (${record.runUrl})`;
    return (0,engine_step/* blocked */.Z5)('update-in-progress', `The update ${record.updateId} of ${target.what} has not come to its end; it was begun ${record.startedAt}${run}, and it is to another version than the configuration names`, 'Go on with it: name its version in the configuration again, and run phase upgrade.', 'Go back from it: run phase rollback; then prepare and upgrade to the new one.', 'Write the new one over it: set walk.on-stuck to supersede, and run phase upgrade.');
}

;// CONCATENATED MODULE: ./lib/steps/domains/supersede-update.js
// A fresh update over the top of one that is stuck: the version before stays what it was, and what was to be becomes one
// more version that instances may run.





function supersedeUpdate(context) {
    return {
        id: 'supersede-update',
        title: 'Write the new version over the update that is in progress',
        article: null,
        phase: 'upgrade',
        changes: 'The record of the update; the version before stays what it was',
        wayBack: 'the way back leads to the version before the first of them',
        pivot: false,
        assess: async () => {
            const { look } = await observeService(context);
            if (look.record === null)
                return (0,engine_step/* later */.NU)('no update is written down yet');
            if (!(await asksForAnother(context, look)))
                return (0,engine_step/* done */.Vw)(`update ${look.record.updateId} is the one asked for`);
            const { record, roles } = look;
            const chosen = roles.filter((role) => role.chosen).map(({ role }) => role);
            const sameRoles = chosen.every((role) => record.roles.includes(role));
            if (context.config.walk.onStuck !== 'supersede' || !sameRoles)
                return anotherInProgress(context, record);
            return (0,engine_step/* toDo */.Xj)(`update ${record.updateId} is in progress, to another version`);
        },
        apply: async () => {
            const { look } = await observeService(context);
            if (look.record === null)
                throw new reasons/* UpgradeError */.fy('phase-not-applicable', 'No update is written down');
            const record = superseding(look.record, await context.target.models(look), context.newUpdateId);
            await keepRecord(context, record);
            return [`update ${look.record.updateId} is superseded by ${record.updateId}`];
        },
        undo: null,
    };
}
/** Members that only one of the two updates changes are members of both now: nothing of either is forgotten. */
function superseding(record, wanted, updateId) {
    const models = Object.entries(record.models).map(([role, before]) => [
        role,
        over(before, wanted.models[role]),
    ]);
    return {
        ...record,
        updateId,
        models: Object.fromEntries(models),
        cloud: record.cloud &&
            wanted.cloud && { ...record.cloud, target: wanted.cloud.target, standing: 'previous' },
        // Where instances do not tell it themselves, what has the version that was given up is not known to have this one.
        walk: record.walk.map((walk) => (walk.to === 'target' ? { ...walk, state: 'begun' } : walk)),
    };
}
function over(before, wanted) {
    if (wanted === undefined)
        return before;
    return {
        previous: merged(wanted.previous, before.previous),
        target: merged(before.target, wanted.target),
        superseded: [...(before.superseded ?? []), before.target],
    };
}
/** The second counts where both name a member. */
function merged(one, other) {
    const extensions = { ...one.extensions, ...other.extensions };
    return { ...one, ...other, ...(Object.keys(extensions).length > 0 ? { extensions } : {}) };
}

// EXTERNAL MODULE: ./lib/azure/errors.js
var errors = __webpack_require__(94004);
// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __webpack_require__(88236);
;// CONCATENATED MODULE: ./lib/service/persist.js
// Doing something in Azure that fails for reasons that pass: somebody else was faster, Azure is busy with it, or nobody
// knows what became of it.



const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/**
 * Tries something again as long as it fails for a reason that passes; each attempt has to look first. Throws
 * 'service-busy' where it never passed; else what the attempt throws.
 */
async function persist({ clock }, { what, withinMs, signal }, attempt) {
    const until = clock.now() + withinMs;
    for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        try {
            signal?.throwIfAborted();
            return await attempt();
        }
        catch (error) {
            signal?.throwIfAborted();
            if (!passes(error))
                throw error;
            if (clock.now() + pause > until)
                throw stillBusy(what, withinMs, error);
        }
        await clock.sleep(pause, signal);
    }
}
/** Refused for now, changed by somebody else since it was read, or nobody knows. */
function passes(error) {
    if (!(error instanceof errors/* AzureError */.M6))
        return false;
    return error.status === 412 || error.outcomeUnknown || isBusy(error);
}
/** Refused for now. Azure says 409 also for what will never be possible (quota, a property that cannot be changed). */
function isBusy(error) {
    if (!(error instanceof errors/* AzureError */.M6))
        return false;
    const { status, code, message } = error;
    if (status !== 409 && code !== 'OperationPreempted')
        return false;
    return code !== 'OperationNotAllowed' || /in progress|is being/i.test(message);
}
function stillBusy(what, withinMs, cause) {
    return new reasons/* UpgradeError */.fy('service-busy', `For ${(0,humane/* formatDuration */.a3)(withinMs)} it was not possible to write ${what}: ${cause.message}`, {
        advice: ['See in its activity log what else is done to it; start again when that has ended.'],
        cause,
    });
}
/** Waits for all, then throws the first failure: nothing is under way any more when it is dealt with. */
async function endOf(works) {
    for (const settled of await Promise.allSettled(works))
        if (settled.status === 'rejected')
            throw settled.reason;
}

;// CONCATENATED MODULE: ./lib/steps/domains/swap-addresses.js
// The pivot of a staged update: the two services exchange their addresses, and users are on the other one at once.






/** Users on the service that was updated. */
function swapAddresses(context) {
    return {
        ...swap(context, 'this'),
        id: 'swap-addresses',
        title: 'Swap the addresses: users to the new version',
        phase: 'switch',
        assess: async () => {
            const { look, progress } = await observeService(context);
            if (look.usersOn === 'this')
                return (0,engine_step/* done */.Vw)('users are on the service that was updated');
            if (look.record === null || progress.kind !== 'done')
                return (0,engine_step/* later */.NU)(progress.words);
            return assessUsers(look.usersOn);
        },
    };
}
/** Users on the service that was not touched. */
function swapBack(context) {
    return {
        ...swap(context, 'other'),
        id: 'swap-back',
        title: 'Swap the addresses back: users to the version before',
        phase: 'rollback',
        assess: async () => {
            const { look } = await observeService(context);
            if (look.usersOn === 'other')
                return (0,engine_step/* done */.Vw)('users are on the service with the version before');
            return assessUsers(look.usersOn);
        },
    };
}
function assessUsers(usersOn) {
    if (usersOn !== null)
        return (0,engine_step/* toDo */.Xj)();
    return (0,engine_step/* blocked */.Z5)('swap-failed', 'Azure does not tell which of the two services users are on, so nothing is swapped', 'Look at the slot of both: properties.networkProfile.slotType has to be Production for one and Staging for the other.');
}
function swap(context, to) {
    return {
        article: null,
        changes: 'The public addresses of the two services are exchanged',
        pivot: true,
        apply: (run) => exchange(context, to, run),
        undo: null,
    };
}
/** How often the swap is sent that Azure has refused for now. */
const ATTEMPTS = 2;
const PAUSE_MS = 2_000;
async function exchange(context, to, run) {
    for (let attempt = 1;; attempt++) {
        const { usersOn, failure } = await sendAndLook(context, to, run);
        if (usersOn === to)
            break;
        if (attempt === ATTEMPTS || usersOn === null || !isBusy(failure))
            throw notSwapped(to, usersOn, failure);
        run.progress(`the addresses were not swapped (${(0,message_of/* messageOf */.b)(failure)}); once more`);
        await context.clock.sleep(PAUSE_MS, run.signal);
        // What Azure was busy with may have been a swap, which has come meanwhile: one more would take users back.
        if ((await observeService(context)).look.usersOn === to)
            break;
    }
    return [`users are on ${swap_addresses_WORDS[to]}, read back`];
}
/** Whatever it answered: what counts is where users are, looked at until they are there where Azure has not refused it. */
async function sendAndLook(context, to, run) {
    const { target, clock, config } = context;
    if (target.swap === null)
        throw new reasons/* UpgradeError */.fy('phase-not-applicable', `${target.what}: nothing to swap with`);
    const failure = await target.swap(run.signal).then(() => null, (error) => error);
    if (failure instanceof reasons/* UpgradeError */.fy)
        throw failure;
    const until = clock.now() + config.health.timeoutMs;
    for (;;) {
        const { usersOn } = (await observeService(context)).look;
        if (usersOn === to || isRefusal(failure) || clock.now() >= until)
            return { usersOn, failure };
        await clock.sleep(config.health.intervalMs, run.signal);
    }
}
const swap_addresses_WORDS = { this: 'the service that was updated', other: 'the service with the version before' };
function isRefusal(failure) {
    return failure instanceof errors/* AzureError */.M6 && !failure.outcomeUnknown;
}
function notSwapped(to, usersOn, cause) {
    const where = usersOn === null ? 'Azure does not tell which service users are on' : `users are on ${swap_addresses_WORDS[usersOn]}`;
    return new reasons/* UpgradeError */.fy('swap-failed', `The addresses were not swapped: ${where}, not on ${swap_addresses_WORDS[to]}`, {
        cause,
        advice: [
            'Run phase status: it tells which service users are on.',
            'Swap only while no other operation is under way on either service: Azure calls the result of two at once unrecoverable.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/domains/both-versions.js

/** "Domains 0 and 1 run the new version, domains 2, 3 and 4 the version before: users are served by both." */
function bothVersions({ progress }) {
    const of = (state) => progress.domains.filter((domain) => domain.state === state).map(({ domain }) => domain);
    const [updated, inFlight, untouched] = [of('updated'), of('in-flight'), of('untouched')];
    const parts = [
        ...(updated.length > 0 ? [`${named(updated)} the new version`] : []),
        ...(untouched.length > 0 ? [`${named(untouched)} the version before`] : []),
        ...(inFlight.length > 0 ? [`${named(inFlight)} a part of each, or are being changed`] : []),
    ];
    const words = parts.join(', those of ');
    const isOne = parts.length === 1 && inFlight.length === 0;
    return `At that moment ${words === '' ? 'no domain had instances' : `the instances of ${words}`}${isOne ? '' : '; users are served by both versions until the update goes on or back'}.`;
}
function named(domains) {
    return `domain${domains.length > 1 ? 's' : ''} ${formatList(domains.map(String))} run`;
}
/** What a person can run next, whichever was done by the run itself. */
function goOnOrBack() {
    return [
        'Go on where it stands: run phase upgrade again; domains that are updated and healthy are not touched again.',
        'Go back: run phase rollback; untouched instances are left alone.',
    ];
}
/** Of what is down and may be walked next, although nothing else may. */
function goOnWith(domain) {
    return `Go on with the domain that is down, which takes no second one down: run phase upgrade with domain: ${domain}.`;
}
/** Whether advice only holds while an update is in progress. */
function isOfUpdateInProgress(advice) {
    return /^Go (on|back)\b/.test(advice);
}
function instances(keys) {
    return `${count(keys.length, 'instance')} (${formatList(keys)})`;
}

;// CONCATENATED MODULE: ./lib/service/stuck.js
// The article's stuck deployment: the minimum is missed, the time for it has passed, and nothing moves any more. It is
// unstuck by going back, or by a fresh update over the top.



/** @param looks at the walk of one domain or of several, oldest first. Null: not stuck, as far as they show. */
function stuckOf(looks, { stuckAfterMs, looks: needed }) {
    const last = looks.at(-1);
    if (last === undefined)
        return null;
    const before = looks.findLastIndex(({ domain, missing }) => domain !== last.domain || missing.length === 0);
    const below = looks.slice(before + 1);
    const [first] = below;
    if (first === undefined || last.at - first.at < stuckAfterMs)
        return null;
    const recent = below.slice(-Math.max(2, needed));
    if (recent.length < Math.max(2, needed))
        return null;
    if (new Set(recent.map(({ instances }) => fingerprint(instances))).size > 1)
        return null;
    const { domain, missing } = last;
    const words = `nothing has changed in ${recent.length} looks, and it is below its minimum for ${(0,humane/* formatDuration */.a3)(last.at - first.at)}`;
    return { domain, instances: missing, since: first.at, words };
}
/** What changes while something moves; the time at which an unchanged health was told again is no movement. */
function fingerprint(instances) {
    const moving = instances.map((instance) => {
        const { healthAt: _, ...rest } = instance;
        return [keyOf(instance), canonical(rest)];
    });
    return JSON.stringify(moving.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

;// CONCATENATED MODULE: ./lib/steps/domains/health-watch.js
// Looks at the service, one after another, and what they say together about the walked instances.





/** @param domain the one in flight */
function watchHealth(context, track, domain) {
    const { config, clock } = context;
    const rules = { stuckAfterMs: config.walk.stuckAfterMs, looks: Math.max(2, config.health.consecutive) };
    let looks = [];
    let unreadSince = null;
    return {
        look: async (saidDone) => {
            const observed = await observeService(context).catch((error) => {
                if (!(error instanceof errors/* AzureError */.M6))
                    throw error;
                unreadSince ??= clock.now();
                if (clock.now() - unreadSince >= config.health.timeoutMs)
                    throw error;
                context.log.warning(`The service could not be looked at: ${error.message}`);
                return null;
            });
            if (observed === null)
                return null;
            unreadSince = null;
            const walked = walkedInstances(observed, track, saidDone);
            const at = observed.look.at;
            const evaluation = evaluateHealth({ at, walked }, healthRules(context, observed), track.history);
            track.looked(evaluation.history);
            const instances = walked.map(({ instance }) => instance);
            looks = [...looks, { at, domain, instances, missing: missingIn(evaluation) }];
            return { observed, evaluation, stuck: stuckOf(looks, rules) };
        },
    };
}
function healthRules({ config }, { look }) {
    return {
        minimums: new Map(look.roles.map(({ role, minimum }) => [role, minimum])),
        consecutive: config.health.consecutive,
        timeoutMs: config.health.timeoutMs,
        startTimeoutMs: config.walk.startTimeoutMs,
    };
}
/** Instances that are starting have their own time for it: nothing is stuck as long as they have. */
function missingIn({ roles, history }) {
    if (history.startedAt === null)
        return [];
    return roles
        .filter(({ good, required }) => good < required)
        .flatMap(({ others }) => others.map(({ key }) => key));
}

;// CONCATENATED MODULE: ./lib/steps/domains/instance-commands.js
// Commands by which a person looks at instances.


const instance_commands_MOST = 3;
/** One for each instance; of many the first few. */
function lookAtInstances(config, look, keys) {
    return keys.slice(0, instance_commands_MOST).flatMap((key) => {
        const role = look.roles.find((one) => key.startsWith(`${one.role}/`));
        return role === undefined ? [] : [commandFor(config, role, key.slice(role.role.length + 1))];
    });
}
/** As one piece of advice: a sentence, and the commands below it. None where there is nothing to look at. */
function lookAtThem(sentence, config, look, keys) {
    const commands = lookAtInstances(config, look, keys);
    return commands.length === 0 ? [] : [[sentence, ...commands].join('\n')];
}
function commandFor({ service }, role, id) {
    if (service.kind === 'cloud-service') {
        const url = `/subscriptions/{subscriptionId}/resourceGroups/${service.resourceGroup}/providers/Microsoft.Compute/cloudServices/${role.resource}/roleInstances/${id}/instanceView?api-version=2024-11-04`;
        return (0,command_line/* command */.G5)('az', 'rest', '--method', 'get', '--url', url);
    }
    const group = service.roles.find(({ name }) => name === role.role)?.resourceGroup ?? '';
    // A machine of a Flexible set has a name of its own.
    const which = role.placement === 'virtual' ? ['vm', id] : ['vmss', role.resource];
    const [kind = '', name = ''] = which;
    const subscription = role.set === null ? null : (0,resource_id/* partOf */.B)(role.set.id, 'subscriptions');
    return (0,command_line/* command */.G5)(...['az', kind, 'get-instance-view', '--resource-group', group, '--name', name], ...(kind === 'vmss' ? ['--instance-id', id] : []), ...(subscription === null ? [] : ['--subscription', subscription]));
}

;// CONCATENATED MODULE: ./lib/steps/domains/patient-look.js
// Between two domains a look that Azure does not answer for a moment is no reason to take an update back.


/**
 * A look; again, where Azure could not be read, for as long as a domain's health may take. Throws what it said last, and
 * at once what waiting does not mend.
 */
async function lookPatiently(context, { signal }) {
    const { clock, config, log } = context;
    const until = clock.now() + config.health.timeoutMs;
    for (;;) {
        try {
            return await observeService(context);
        }
        catch (error) {
            signal.throwIfAborted();
            if (!mayPass(error) || clock.now() >= until)
                throw error;
            log.warning(`The service could not be looked at: ${error.message}`);
        }
        await clock.sleep(config.health.intervalMs, signal);
    }
}
/** No answer, too many requests, or a failure of Azure's own. */
function mayPass(error) {
    if (!(error instanceof errors/* AzureError */.M6))
        return false;
    return error.status === null || error.status === 429 || error.status >= 500;
}

;// CONCATENATED MODULE: ./lib/steps/domains/verify-service.js
// Success is what was verified: every instance runs the new version, and every role has its minimum, several times in a row.







function verifyService(context, memory, phase) {
    return {
        id: 'verify-service',
        title: 'Every instance runs the new version, and the service is healthy',
        article: null,
        phase,
        changes: '',
        pivot: false,
        assess: async (run) => {
            const { look, progress, standing } = await lookPatiently(context, run);
            if (look.record === null && progress.kind === 'done')
                return (0,engine_step/* done */.Vw)(progress.words);
            const isForward = [...standing.values()].every((of) => of === 'target');
            return isForward ? (0,engine_step/* toDo */.Xj)(progress.words) : (0,engine_step/* later */.NU)(progress.words);
        },
        apply: (run) => verify(context, memory, run),
        undo: null,
    };
}
async function verify(context, memory, run) {
    const { clock, config } = context;
    const until = clock.now() + config.health.timeoutMs;
    const watch = watchHealth(context, memory.forward, LAST);
    for (;;) {
        const seen = await watch.look();
        if (seen !== null) {
            const { observed, evaluation } = seen;
            const others = withoutTarget(observed);
            const { verdict } = evaluation;
            if (verdict.kind === 'good' && others.length === 0)
                return verify_service_evidenceOf(observed, evaluation.roles);
            if (verdict.kind === 'bad') {
                const keys = verdict.instances.map(({ key }) => key);
                throw notVerified(context, observed, 'update-failed', verdict.why, keys);
            }
            if (clock.now() >= until) {
                if (others.length > 0) {
                    const what = `${formatList(others)} do not run the new version: they appeared, or were changed, meanwhile`;
                    throw notVerified(context, observed, 'instances-differ', what, others);
                }
                const why = verdict.kind === 'waiting' ? verdict.why : 'it changes all the time';
                throw notVerified(context, observed, 'update-failed', `the time is over: ${why}`, []);
            }
        }
        await clock.sleep(config.health.intervalMs, run.signal);
    }
}
/** No domain is in flight. */
const LAST = -1;
function withoutTarget({ versions }) {
    return [...versions].filter(([, { version }]) => version !== 'target').map(([key]) => key);
}
function verify_service_evidenceOf({ versions }, roles) {
    const words = roles.map(({ role, good, walked }) => `${role}: ${good} of ${walked} good`).join(', ');
    return [`${count(versions.size, 'instance')} run the new version; ${words}`];
}
function notVerified({ config }, observed, reason, what, keys) {
    return new reasons/* UpgradeError */.fy(reason, `Every domain was walked, and the service is not as it should be: ${what}. ${bothVersions(observed)}`, { advice: [...lookAtInstances(config, observed.look, keys), ...goOnOrBack()] });
}

// EXTERNAL MODULE: ./lib/engine/progress.js
var engine_progress = __webpack_require__(23631);
;// CONCATENATED MODULE: ./lib/steps/domains/domain-gate.js
// Before a domain is taken down no other one may be.









/**
 * Waits as long as a domain's health may take, and returns the last look. Throws 'update-stuck'.
 * @param just a look of this moment, where there is one: it is not looked once more.
 */
async function waitForOthers(context, number, track, run, just = null) {
    const { clock, config } = context;
    const until = clock.now() + config.health.timeoutMs;
    const tell = tellWaiting(context, number, run);
    let observed = just ?? (await lookPatiently(context, run));
    for (;;) {
        const down = domainsDown(observed, track, number);
        if (down.length === 0)
            return observed;
        tell(domain_gate_wordsOf(down));
        if (clock.now() >= until)
            throw othersDown(context, number, track, down, observed);
        await clock.sleep(config.health.intervalMs, run.signal);
        observed = await lookPatiently(context, run);
    }
}
/**
 * What an earlier run has begun on instances of the domain may be under way, and needs no second time: waits as long as
 * an instance may take to start, and returns the last look.
 */
async function waitForEarlierWalk(context, number, first, run) {
    const { clock, config, target } = context;
    const until = clock.now() + config.walk.startTimeoutMs;
    const tell = tellWaiting(context, number, run);
    let observed = first;
    while (target.tellsVersions(observed.update) && clock.now() < until) {
        const changing = beingUpdated(observed, number);
        if (changing.length === 0)
            break;
        tell(`${count(changing.length, 'instance')} being updated already (${formatList(changing)})`);
        await clock.sleep(config.health.intervalMs, run.signal);
        observed = await lookPatiently(context, run);
    }
    return observed;
}
/** Those that have the version of an update that was written over are updated again, whatever they do. */
function beingUpdated({ spread, versions, update }, number) {
    const instances = spread.domains.find((domain) => domain.number === number)?.instances ?? [];
    return instances
        .filter((instance) => {
        const version = versions.get(keyOf(instance))?.version;
        const isSuperseding = update.models[instance.role]?.superseded !== undefined;
        return (isBeingChanged(instance) && (version === 'previous' || (version === 'unknown' && !isSuperseding)));
    })
        .map(keyOf);
}
const LINE_EVERY_MS = 60_000;
function tellWaiting({ clock }, number, { progress }) {
    const label = `domain ${number}`;
    const lines = (0,engine_progress/* createProgress */.m)({ clock, log: progress, label, minIntervalMs: LINE_EVERY_MS });
    return (why) => lines.update(null, why);
}
/** How advice begins about what is down, whatever the new version is like. It holds after a way back, too. */
const LOOK_AT_WHAT_IS_DOWN = 'Look at the instances that are down, and at why; bring them up:';
function othersDown({ config }, number, { direction }, down, observed) {
    const keys = down.flatMap(({ instances }) => instances);
    const [goOn = '', goBack = ''] = goOnOrBack();
    const next = direction === 'forward' ? walkable(down, observed) : null;
    return new reasons/* UpgradeError */.fy('update-stuck', `Domain ${number} was not touched, because a second domain would be down with it: ${domain_gate_wordsOf(down)}. ${bothVersions(observed)}`, {
        advice: [
            ...lookAtThem(LOOK_AT_WHAT_IS_DOWN, config, observed.look, keys),
            next === null ? goOn : goOnWith(next),
            goBack,
        ],
    });
}
/** The domain that may be walked although it is down: the only one, where it does not have the new version already. */
function walkable(down, { progress }) {
    const [only, ...others] = down;
    if (only === undefined || others.length > 0)
        return null;
    const state = progress.domains.find(({ domain }) => domain === only.domain)?.state;
    return state === 'updated' ? null : only.domain;
}
function domain_gate_wordsOf(down) {
    return down.map(({ domain, why }) => `domain ${domain} is down (${why})`).join('; ');
}

// EXTERNAL MODULE: ./lib/application/missing-right.js
var missing_right = __webpack_require__(16097);
;// CONCATENATED MODULE: ./lib/steps/domains/walk-error.js
// The walk of a domain that did not end well, for the person at two in the morning.







const LOOK = 'Look at these instances before they are changed again:';
/** Of a walk that the platform has not carried out, whatever the new version is like. It holds after a way back, too. */
const AZURE_SAYS_WHY = 'Azure says why. Mend what it names (capacity, quota, a policy or a lock, an operation of somebody else) before it is tried again.';
/**
 * 'instance-start-timeout', 'update-stuck' or 'update-failed'; 'azure-permission-missing' where that is why; of a walk
 * that was cut off what has cut it off, and of one that is another run's by now that.
 */
function walkError(context, domain, direction, ended) {
    const { outcome, seen } = ended;
    const { config } = context;
    const doing = DOING[direction];
    const error = (reason, what, keys, cause) => {
        const part = `Not all of domain ${domain} was ${doing}`;
        if ((0,missing_right/* isRightMissing */.p)(cause))
            return notCarriedOut(`${part}. `, cause, ended);
        const isWhole = cause === undefined || isUnknown(cause);
        const begin = isWhole
            ? `Domain ${domain} was ${doing}, and`
            : `${part}: Azure ${didWith(cause)} it: ${saidBy(cause)}; and`;
        return new reasons/* UpgradeError */.fy(reason, `${begin} ${what}. ${bothVersions(seen)}`, {
            cause,
            advice: [...lookAtThem(LOOK, config, seen.look, keys), ...goOnOrBack()],
        });
    };
    switch (outcome.kind) {
        case 'start-timeout': {
            const limit = (0,humane/* formatDuration */.a3)(config.walk.startTimeoutMs);
            const what = `${instances(outcome.instances)} had not started after ${limit} (walk.start-timeout)`;
            return error('instance-start-timeout', what, outcome.instances, outcome.cause);
        }
        case 'stuck': {
            const { why, stuck, cause } = outcome;
            return error('update-stuck', `it is stuck: ${why}; ${stuck.words}`, stuck.instances, cause);
        }
        case 'bad': {
            const keys = outcome.instances.map(({ key }) => key);
            return error('update-failed', `it did not become healthy: ${outcome.why}`, keys, outcome.cause);
        }
        case 'refused':
            return refused(domain, doing, outcome, ended);
        case 'cut-off':
            return outcome.error;
    }
}
const DOING = {
    forward: 'updated',
    back: 'taken back to the version before',
};
function refused(domain, doing, { cause, instances: keys, isPart }, ended) {
    // As it is: a walk that failed is taken back, and this service is another run's.
    if (cause instanceof reasons/* UpgradeError */.fy && reasons/* OF_ANOTHER_RUN */.cu.includes(cause.reason))
        return cause;
    const notDone = isPart ? `Not all of domain ${domain} was ${doing}` : `Domain ${domain} was not ${doing}`;
    if ((0,missing_right/* isRightMissing */.p)(cause))
        return notCarriedOut(`${notDone}. `, cause, ended);
    const what = isUnknown(cause)
        ? `It is not known whether domain ${domain} was ${doing}: Azure has not said so of ${instances(keys)}`
        : `${notDone}: Azure ${didWith(cause)} it for ${instances(keys)}`;
    return new reasons/* UpgradeError */.fy('update-failed', `${what}: ${saidBy(cause)}. ${bothVersions(ended.seen)}`, {
        cause,
        advice: [...(cause instanceof reasons/* UpgradeError */.fy ? cause.advice : []), AZURE_SAYS_WHY, ...goOnOrBack()],
    });
}
/** @param what ends with a blank */
function notCarriedOut(what, cause, { seen }) {
    const { reason, message, advice } = (0,missing_right/* rightMissing */.I)(cause, what, goOnOrBack());
    return new reasons/* UpgradeError */.fy(reason, `${withoutStop(message)}. ${bothVersions(seen)}`, { advice, cause });
}
/** An operation that was accepted and then failed has no status. */
function didWith(cause) {
    const isAnswer = cause instanceof errors/* AzureError */.M6 && cause.status !== null && cause.status < 500;
    return isAnswer ? 'refused' : 'failed';
}
function saidBy(cause) {
    return withoutStop((0,message_of/* messageOf */.b)(cause));
}
function isUnknown(cause) {
    return cause instanceof errors/* AzureError */.M6 && cause.outcomeUnknown;
}
function withoutStop(text) {
    return text.replace(/\.$/, '');
}

;// CONCATENATED MODULE: ./lib/steps/domains/walk-outcome.js
const REPORTED = {
    good: 'good',
    'start-timeout': 'start-timeout',
    refused: 'failed',
    bad: 'failed',
    stuck: 'stuck',
    'cut-off': 'cut-off',
};

;// CONCATENATED MODULE: ./lib/steps/domains/domain-progress.js
// How far the walk of a domain is, as lines of its step.



const domain_progress_LINE_EVERY_MS = 30_000;
/** "domain 1 of 5: waiting, 3 of 3 instances updated, 2 healthy, waiting for web/7 (it is initializing)". */
function tellDomain({ clock }, { domain, domains, track }, { progress }) {
    const way = track.direction === 'back' ? ', on the way back' : '';
    const label = `domain ${domain.number} of ${domains}${way}`;
    const lines = (0,engine_progress/* createProgress */.m)({ clock, log: progress, label, minIntervalMs: domain_progress_LINE_EVERY_MS });
    return (seen) => lines.update(null, noteOf(domain.number, track, seen));
}
function noteOf(number, { direction }, { observed, evaluation }) {
    const instances = observed.spread.domains.find((domain) => domain.number === number)?.instances ?? [];
    const keys = new Set(instances.map(keyOf));
    const wanted = direction === 'forward' ? 'target' : 'previous';
    const updated = [...keys].filter((key) => observed.versions.get(key)?.version === wanted).length;
    const others = evaluation.roles.flatMap((role) => role.others).filter(({ key }) => keys.has(key));
    const healthy = keys.size - others.length;
    const waiting = [...Map.groupBy(others, ({ why }) => why)].map(([why, some]) => `${formatList(some.map(({ key }) => key))} (${why})`);
    const done = direction === 'forward' ? 'updated' : 'back on the version before';
    return [
        `${updated} of ${count(keys.size, 'instance')} ${done}, ${healthy} healthy`,
        ...(waiting.length > 0 ? [`waiting for ${waiting.join('; ')}`] : []),
    ].join(', ');
}

;// CONCATENATED MODULE: ./lib/steps/domains/in-background.js
/** Begins it. What it throws is its state. */
function inBackground(clock, work) {
    let state = { kind: 'under-way' };
    const ended = work().then(() => {
        state = { kind: 'done', at: clock.now() };
    }, (error) => {
        state = { kind: 'failed', at: clock.now(), error };
    });
    return {
        ended,
        get state() {
            return state;
        },
    };
}
/** Sleeps, at the longest until the work ends; rejects with the signal's reason as soon as it is aborted. */
async function sleepBeside(clock, work, ms, signal) {
    if (work.state.kind !== 'under-way')
        return clock.sleep(ms, signal);
    const awake = new AbortController();
    const slept = clock.sleep(ms, AbortSignal.any([signal, awake.signal]));
    try {
        await Promise.race([work.ended, slept]);
    }
    finally {
        slept.catch(() => { }); // whoever loses the race is heard all the same
        awake.abort();
    }
    signal.throwIfAborted();
}

;// CONCATENATED MODULE: ./lib/steps/domains/judge-walk.js
// What a look says about the walk of a domain: that it has ended, and how, or (null) that it goes on.



function judgeWalk(judged) {
    const { walk, config, seen, operation } = judged;
    const { verdict, startTimedOut } = seen.evaluation;
    const cause = operation.kind === 'failed' ? operation.error : undefined;
    const refused = refusal(judged);
    if (refused !== null)
        return refused;
    // On the way back there is no next domain to go on to: it is not stopped by one instance.
    const tellsTimeout = config.onStartTimeout !== 'continue' && walk.track.direction === 'forward';
    if (tellsTimeout && startTimedOut.length > 0) {
        return { kind: 'start-timeout', instances: startTimedOut, cause };
    }
    if (verdict.kind === 'good')
        return isOver(judged) ? { kind: 'good', evidence: judge_walk_evidenceOf(seen) } : null;
    if (seen.stuck !== null)
        return { kind: 'stuck', stuck: seen.stuck, why: verdict.why, cause };
    if (verdict.kind !== 'bad' || mayBeFromBefore(judged, verdict.instances))
        return null;
    return { kind: 'bad', why: verdict.why, instances: verdict.instances, cause };
}
/** Every instance has started, or had its time to; whatever the minimum says, the next domain comes after that. */
function isOver({ operation, config, beganAt, now, seen }) {
    if (seen.evaluation.history.startedAt === null)
        return false;
    return operation.kind !== 'under-way' || now - beganAt >= config.startTimeoutMs;
}
/**
 * An instance that failed in the walk before, as on the way back from a failed start, still tells so until the platform
 * has come to it.
 */
function mayBeFromBefore({ operation, walk, seen }, failed) {
    const { startTimedOut } = seen.evaluation;
    const toUpdate = new Set(walk.toUpdate.map(keyOf));
    return (operation.kind === 'under-way' &&
        failed.every(({ key }) => toUpdate.has(key) && !startTimedOut.includes(key)));
}
/**
 * The platform's operation failed and nothing of it is under way: waiting for health would be in vain. So it would be where
 * Azure has refused it for one role, and another one's was carried out: what it has not begun it never will.
 */
function refusal({ walk, seen, operation }) {
    if (operation.kind !== 'failed')
        return null;
    // A look of before that does not show what it has done until then.
    if (seen.observed.look.at <= operation.at)
        return null;
    const { error } = operation;
    const all = walk.toUpdate.map(keyOf);
    if (!walk.tellsVersions)
        return { kind: 'refused', instances: all, isPart: false, cause: error };
    if (error instanceof errors/* AzureError */.M6 && error.outcomeUnknown)
        return null;
    const instances = instancesOf(walk, seen);
    const untouched = instances.filter((instance) => isUntouched(walk, seen, instance));
    if (untouched.length === instances.length)
        return { kind: 'refused', instances: all, isPart: false, cause: error };
    if (untouched.length === 0 || instances.some(isBeingChanged) || !wasRefused(error))
        return null;
    return { kind: 'refused', instances: untouched.map(keyOf), isPart: true, cause: error };
}
/** By its answer; an operation that was accepted and then failed has no status, and its instances tell more. */
function wasRefused(error) {
    return error instanceof errors/* AzureError */.M6 && error.status !== null && error.status < 500;
}
/** Those that were to be updated. */
function instancesOf({ toUpdate }, { observed }) {
    const keys = new Set(toUpdate.map(keyOf));
    return observed.spread.domains
        .flatMap(({ instances }) => instances)
        .filter((instance) => keys.has(keyOf(instance)));
}
/** It runs what it ran, and the platform is not at it. */
function isUntouched({ track }, { observed }, instance) {
    const before = track.direction === 'forward' ? 'previous' : 'target';
    return (!isBeingChanged(instance) &&
        instance.provisioningState !== 'Failed' &&
        observed.versions.get(keyOf(instance))?.version === before);
}
function judge_walk_evidenceOf({ evaluation }) {
    return evaluation.roles.map(({ role, good, walked }) => `${role}: ${good} of ${walked} good`).join(', ');
}

;// CONCATENATED MODULE: ./lib/steps/domains/watch-domain.js






/** Resolves however the walk ends; rejects only where the service could not be looked at once. */
async function watchDomain(context, walk, run) {
    const { clock, config } = context;
    const beganAt = clock.now();
    const left = new AbortController();
    const operation = begin(context, walk, AbortSignal.any([run.signal, left.signal]));
    const watch = watchHealth(context, walk.track, walk.domain.number);
    const tell = tellDomain(context, walk, run);
    let writing = null;
    let last = null;
    let outcome = null;
    try {
        while (outcome === null) {
            run.signal.throwIfAborted();
            const lookedAt = clock.now();
            if (operation.state.kind === 'done')
                writing ??= inBackground(clock, walk.writeDone);
            last = (await watch.look(saidDone(walk, operation))) ?? last;
            // What is no longer waited for has not failed.
            run.signal.throwIfAborted();
            if (writing?.state.kind === 'failed')
                throw writing.state.error;
            if (last !== null) {
                tell(last);
                const now = clock.now();
                outcome = judgeWalk({
                    walk,
                    config: config.walk,
                    seen: last,
                    operation: operation.state,
                    beganAt,
                    now,
                });
            }
            if (outcome === null) {
                const isCounting = last !== null && last.evaluation.history.inARow > 0;
                const pause = isCounting
                    ? config.health.intervalMs
                    : pauseMs(config.health.intervalMs, lookedAt - beganAt);
                const rest = Math.max(0, lookedAt + pause - clock.now());
                // Looks that count are as far apart as the configuration has it: no end of an operation hastens them.
                await (isCounting ? clock.sleep(rest, run.signal) : sleepBeside(clock, operation, rest, run.signal));
            }
        }
        if (operation.state.kind === 'done')
            writing ??= inBackground(clock, walk.writeDone);
        await writing?.ended;
        if (writing?.state.kind === 'failed')
            throw writing.state.error;
    }
    catch (error) {
        if (last === null)
            throw error;
        outcome = { kind: 'cut-off', error };
    }
    finally {
        left.abort(new Error('the walk is no longer waited for'));
        // Whoever gives the lease back next must not be overtaken by its renewal.
        await writing?.ended;
    }
    if (last === null)
        throw new reasons/* UpgradeError */.fy('internal-error', 'A walk has ended without a look at it');
    const { observed, evaluation } = last;
    const now = clock.now();
    const ended = operation.state.kind === 'under-way' ? now : operation.state.at;
    const platformMs = Math.max(ended, evaluation.history.startedAt ?? now) - beganAt;
    return { outcome, seen: observed, platformMs };
}
/**
 * From the beginning of one look to that of the next, until health is good: the sooner the shorter the walk has lasted.
 * Never below a fifth of the configured interval: Azure counts the reads of a scale set's instances, about one in a
 * second is what it allows.
 */
function pauseMs(intervalMs, elapsedMs) {
    return Math.min(intervalMs, Math.max(intervalMs / 5, elapsedMs * SEEN_LATE));
}
/** The share of a walk by which its end may be seen late. */
const SEEN_LATE = 0.02;
function begin({ clock, target }, walk, signal) {
    const { track, domain, toUpdate } = walk;
    track.begin(toUpdate, clock.now());
    return inBackground(clock, async () => {
        if (toUpdate.length > 0)
            await target.walk({ number: domain.number, instances: toUpdate }, signal);
    });
}
function saidDone({ tellsVersions, toUpdate }, { state }) {
    return new Set(!tellsVersions && state.kind === 'done' ? toUpdate.map(keyOf) : []);
}

;// CONCATENATED MODULE: ./lib/steps/domains/walk-instances.js






/** Returns evidence. Throws as walkError has it. */
async function walkInstances(context, walk, run) {
    const { track, domain, observed, record } = walk;
    const tellsVersions = context.target.tellsVersions(record);
    // The platform walks the domains of such a service whole.
    const toUpdate = tellsVersions || walk.toUpdate.length === 0 ? walk.toUpdate : domain.instances;
    const to = track.direction === 'forward' ? 'target' : 'previous';
    const mark = (state) => withWalk(record, { domain: domain.number, to, state });
    // What was taken back and what was never walked run the same: the next run knows them apart by the record.
    const isUnmarked = track.direction === 'back' && !record.walk.some((one) => one.domain === domain.number);
    if ((!tellsVersions || isUnmarked) && toUpdate.length > 0)
        await keepRecord(context, mark('begun'));
    else if (endsSoon(context, observed))
        await keepRecord(context, record);
    run.signal.throwIfAborted();
    const from = context.clock.now();
    const ended = await watchDomain(context, {
        ...{ track, domain, toUpdate, tellsVersions },
        domains: observed.spread.domains.length,
        writeDone: () => keepRecord(context, mark('done')),
    }, run);
    report(context, walk, from, ended);
    const { outcome } = ended;
    if (outcome.kind !== 'good')
        throw walkError(context, domain.number, track.direction, { ...ended, outcome });
    return [walk_instances_evidenceOf(track, toUpdate.length), outcome.evidence];
}
/** Nothing may be written to the service while the platform is at it: what is left has to last until it is done. */
function endsSoon(context, { look }) {
    const { clock, config } = context;
    if (look.lease === null || look.lease.run !== lease_leaseOf(context).run)
        return true;
    return Date.parse(look.lease.until) < clock.now() + config.walk.startTimeoutMs + config.health.timeoutMs;
}
function report({ clock, history }, { track, domain }, from, { outcome, platformMs }) {
    history.walked({
        domain: domain.number,
        direction: track.direction,
        from: new Date(from).toISOString(),
        to: new Date(clock.now()).toISOString(),
        platformSeconds: platformMs / 1000,
        instances: domain.instances.length,
        outcome: REPORTED[outcome.kind],
    });
}
function walk_instances_evidenceOf({ direction }, walked) {
    if (walked === 0)
        return 'no instance had to be updated any more';
    return direction === 'forward'
        ? `${count(walked, 'instance')} updated`
        : `${count(walked, 'instance')} back on the version before`;
}

;// CONCATENATED MODULE: ./lib/steps/domains/take-domain-back.js







function takeDomainBack(context, memory, number) {
    return {
        order: 'restore-service',
        what: `Take domain ${number} back to the version before`,
        apply: async (run) => {
            const nothing = nothingToTakeBack(await lookPatiently(context, run), number);
            if (nothing !== null)
                return { kind: 'nothing-to-undo', evidence: [nothing] };
            return { kind: 'undone', evidence: await takeBack(context, memory, number, run) };
        },
    };
}
function nothingToTakeBack(observed, number) {
    if (observed.look.record === null)
        return 'no update is written down';
    const domain = observed.spread.domains.find((one) => one.number === number);
    if (domain === undefined)
        return `domain ${number} has no instance any more`;
    if (domain.instances.some((instance) => mayBeNew(observed, instance)))
        return null;
    return `${count(domain.instances.length, 'instance')} of domain ${number} never left the version before`;
}
function mayBeNew({ versions }, instance) {
    const version = versions.get(keyOf(instance))?.version ?? 'unknown';
    // One that is being changed may have been told to take the new version a moment ago.
    return (version === 'target' || version === 'unknown' || (version === 'previous' && isBeingChanged(instance)));
}
async function takeBack(context, memory, number, run) {
    const observed = await waitForOthers(context, number, memory.back, run);
    const { record } = observed.look;
    const domain = observed.spread.domains.find((one) => one.number === number);
    if (record === null || domain === undefined)
        return [`domain ${number} has no instance any more`];
    const forward = [...observed.standing].filter(([, of]) => of !== 'previous').map(([role]) => role);
    if (forward.length > 0) {
        throw new reasons/* UpgradeError */.fy('instances-differ', `Domain ${number} was not taken back: the model of ${forward.join(', ')} is not the version before, and instances would get the new one again`);
    }
    const toUpdate = domain.instances.filter((instance) => mayBeNew(observed, instance));
    return walkInstances(context, { track: memory.back, domain, toUpdate, observed, record }, run);
}

;// CONCATENATED MODULE: ./lib/steps/domains/walk-domain.js
// "All instances of each role that is being upgraded and belong to the domain are stopped, upgraded, and brought back
// online", and their health says when the next domain may follow.












/** @param expected how many instances it has, for the plan */
function walkDomain(context, memory, number, expected) {
    let seen = null;
    return {
        id: `walk-domain-${number}`,
        title: `Update domain ${number}, and wait for its health`,
        article: null,
        phase: 'upgrade',
        changes: `${count(expected, 'instance')} of domain ${number}: stopped, updated, started`,
        pivot: false,
        assess: async (run) => {
            seen = await lookPatiently(context, run);
            return assess(seen, memory, number);
        },
        apply: (run) => walk_domain_walk(context, memory, number, run, ofThisMoment(context, seen)),
        undo: takeDomainBack(context, memory, number),
    };
}
/** A run applies what it has just assessed, and need not look once more. Milliseconds. */
const THIS_MOMENT_MS = 5_000;
function ofThisMoment({ clock }, seen) {
    return seen !== null && clock.now() - seen.look.at <= THIS_MOMENT_MS ? seen : null;
}
function assess(observed, memory, number) {
    const { look, spread, standing, progress } = observed;
    if (look.record === null) {
        return progress.kind === 'done' ? (0,engine_step/* done */.Vw)(progress.words) : (0,engine_step/* later */.NU)('no update is written down yet');
    }
    const domain = spread.domains.find((one) => one.number === number);
    if (domain === undefined)
        return (0,engine_step/* done */.Vw)(`domain ${number} has no instance any more`);
    const state = progress.domains.find((one) => one.domain === number);
    const words = `${state?.updated ?? 0} of ${count(domain.instances.length, 'instance')} run the new version`;
    if ([...standing.values()].some((of) => of !== 'target'))
        return (0,engine_step/* later */.NU)(`the model is not the new one yet; ${words}`);
    if (state?.state !== 'updated')
        return (0,engine_step/* toDo */.Xj)(words);
    const bad = walk_domain_belowMinimum(observed, memory, number);
    return bad.length === 0
        ? (0,engine_step/* done */.Vw)(`${words}, healthy`)
        : (0,engine_step/* toDo */.Xj)(`${words}; not in a good state: ${formatList(bad)}`);
}
/** Of the domain, where its instances alone would not do. */
function walk_domain_belowMinimum(observed, memory, number) {
    const domain = observed.spread.domains.find((one) => one.number === number);
    const keys = new Set(domain?.instances.map(keyOf));
    const walked = walkedInstances(observed, memory.forward).filter(({ instance }) => keys.has(keyOf(instance)));
    return [...Map.groupBy(walked, ({ instance }) => instance.role)].flatMap(([role, own]) => {
        const minimum = observed.look.roles.find((one) => one.role === role)?.minimum;
        const bad = own.filter((one) => instanceState(one).kind !== 'good');
        return own.length - bad.length >= requiredOf(minimum, own.length)
            ? []
            : bad.map(({ instance }) => keyOf(instance));
    });
}
async function walk_domain_walk(context, memory, number, run, just) {
    const first = just ?? (await lookPatiently(context, run));
    const settled = await waitForEarlierWalk(context, number, first, run);
    // Last: nothing may have gone down meanwhile.
    const observed = await waitForOthers(context, number, memory.forward, run, settled);
    const domain = observed.spread.domains.find((one) => one.number === number);
    const { record } = observed.look;
    if (record === null || domain === undefined) {
        throw new reasons/* UpgradeError */.fy('phase-not-applicable', `Domain ${number} is not there to be updated any more`);
    }
    const toUpdate = domain.instances.filter((instance) => observed.versions.get(keyOf(instance))?.version !== 'target');
    return walkInstances(context, { track: memory.forward, domain, toUpdate, observed, record }, run);
}
/** A domain that was asked for and that the service does not have. Nothing is touched. */
function noSuchDomain(asked, observed) {
    const there = formatList(allDomains(observed).map(String));
    return {
        id: 'walk-domain',
        title: `Update domain ${asked}`,
        article: null,
        phase: 'upgrade',
        changes: '',
        pivot: false,
        assess: async () => (0,engine_step/* blocked */.Z5)('input-invalid', `domain: ${asked} is none of this service's update domains, which are ${there || 'none'}`, 'Give one of these, or "next" for the first that is not updated yet.'),
        apply: async () => [],
        undo: null,
    };
}

;// CONCATENATED MODULE: ./lib/steps/domains/write-model.js
// The model says what instances get when they are updated; no instance is touched by writing it. It is the first thing
// that a way back turns: from then on whatever is updated, by whomever, gets the version before.






function writeModel(context) {
    const { what } = context.target;
    return {
        id: 'write-model',
        title: 'Write the new version to the model',
        article: null,
        phase: 'upgrade',
        changes: `The model of ${what}; no instance is touched`,
        pivot: false,
        assess: async () => {
            const { look, standing, progress } = await observeService(context);
            if (look.record === null) {
                return progress.kind === 'done' ? (0,engine_step/* done */.Vw)(progress.words) : (0,engine_step/* later */.NU)('no update is written down yet');
            }
            const foreign = rolesAt(standing, 'other');
            if (foreign.length > 0)
                return (0,engine_step/* blocked */.Z5)('instances-differ', write_model_foreignModel(foreign), ...FOREIGN_ADVICE);
            const others = [...standing].filter(([, of]) => of !== 'target').map(([role]) => role);
            return others.length === 0
                ? (0,engine_step/* done */.Vw)('instances that are updated get the new version')
                : (0,engine_step/* toDo */.Xj)(`the model of ${formatList(others)} is not the new one yet`);
        },
        apply: async ({ signal }) => {
            const { look } = await observeService(context);
            if (look.record === null)
                throw new reasons/* UpgradeError */.fy('phase-not-applicable', 'No update is written down');
            await write(context, look.record, 'target', signal);
            return ['instances that are updated get the new version; none was touched'];
        },
        undo: putModelBack(context),
    };
}
function putModelBack(context) {
    return {
        order: 'turn-back',
        what: 'Put the version before back to the model',
        apply: async ({ signal }) => {
            const observed = await lookPatiently(context, { signal });
            const { record } = observed.look;
            if (record === null)
                return { kind: 'nothing-to-undo', evidence: ['no update is written down'] };
            const foreign = rolesAt(observed.standing, 'other');
            if (foreign.length > 0) {
                throw new reasons/* UpgradeError */.fy('instances-differ', write_model_foreignModel(foreign), { advice: FOREIGN_ADVICE });
            }
            if ([...observed.standing.values()].every((of) => of === 'previous')) {
                return { kind: 'nothing-to-undo', evidence: ['the model is the one before'] };
            }
            // Before the model: whoever comes after a run that is killed in between goes on with the way back.
            const turned = { ...record, turnedBack: true };
            await keepRecord(context, turned);
            await write(context, turned, 'previous', signal).catch(async (error) => {
                // A way back that Azure does not allow must not stand in the way of going on.
                if (isNotAllowed(error))
                    await keepRecord(context, record);
                throw error;
            });
            return { kind: 'undone', evidence: ['instances that are updated get the version before'] };
        },
    };
}
function isNotAllowed(error) {
    return error instanceof reasons/* UpgradeError */.fy && error.reason === 'rollback-not-allowed';
}
async function write(context, record, version, signal) {
    const written = await context.target.writeModel(record, version, signal);
    await keepRecord(context, written);
}
function rolesAt(standing, at) {
    return [...standing].filter(([, of]) => of === at).map(([role]) => role);
}
function write_model_foreignModel(roles) {
    return `Somebody else has changed the model of ${formatList(roles)} while this update is in progress: it is neither the version before nor the new one`;
}
const FOREIGN_ADVICE = [
    'Find out who changed it. Put the model to what it was, or to what it is to be, and run the phase again.',
];

;// CONCATENATED MODULE: ./lib/steps/domains/write-record.js
// Before anything is changed: the model as it is, the one that is to be, and which instance stands in which domain are
// written down in Azure, so that whoever comes after a run that was killed can go on or back.








function writeRecord(context) {
    const { what } = context.target;
    return {
        id: 'write-record',
        title: 'Write down the version before, the new one, and the domains',
        article: null,
        phase: 'prepare',
        changes: `Tags of ${what}; no instance is touched`,
        pivot: false,
        assess: async () => {
            const { look, progress } = await observeService(context);
            if (look.record === null) {
                return progress.kind === 'done' ? (0,engine_step/* done */.Vw)(`${progress.words} already`) : (0,engine_step/* toDo */.Xj)('nothing is written down');
            }
            if (await asksForAnother(context, look))
                return anotherInProgress(context, look.record);
            return (0,engine_step/* done */.Vw)(`update ${look.record.updateId} is written down since ${look.record.startedAt}`);
        },
        apply: async () => {
            const observed = await observeService(context);
            const record = newRecord(context, observed);
            await keepRecord(context, record);
            const { domains } = observed.spread;
            const sizes = domains.map(({ instances }) => instances.length).join(', ');
            return [`update ${record.updateId}: ${count(domains.length, 'domain')} of ${sizes} instances`];
        },
        undo: takeOffRecord(context),
    };
}
function newRecord({ config, clock, newUpdateId, runUrl }, observed) {
    const { look, update } = observed;
    return {
        format: 1,
        application: config.application,
        updateId: newUpdateId,
        startedAt: new Date(clock.now()).toISOString(),
        runUrl,
        roles: look.roles.filter(({ chosen }) => chosen).map(({ role }) => role),
        models: update.models,
        cloud: update.cloud,
        map: mapOf(observed),
        walk: [],
        held: NOTHING_HELD,
        turnedBack: false,
    };
}
/** Of virtual domains only: the platform's own need not be written down, it tells them again. */
function mapOf({ look, spread }) {
    const virtual = look.roles.filter(({ chosen, placement }) => chosen && placement === 'virtual');
    const names = virtual.map(({ role }) => role);
    if (names.length === 0)
        return null;
    const roles = new Map([...spread.map.roles].filter(([role]) => names.includes(role)));
    return writeDomainMap({ virtualDomains: spread.map.virtualDomains, roles });
}

;// CONCATENATED MODULE: ./lib/topologies/upgrade-domains.js











/** @param observed before the phase: which domains there are, and which of them are updated or down. */
function upgradeDomains(context, observed) {
    const memory = createWalkMemory();
    const walk = (number) => {
        const instances = observed.spread.domains.find((domain) => domain.number === number)?.instances ?? [];
        return walkDomain(context, memory, number, instances.length);
    };
    const begin = [
        ...(observed.isToBeWrittenOver ? [supersedeUpdate(context)] : []),
        holdAutomation(context),
        writeModel(context),
    ];
    const finish = [verifyService(context, memory, 'upgrade'), finishUpdate(context)];
    const order = walkOrder(context, observed);
    const bySwap = context.config.switchMethod === 'swap';
    return {
        guards: serviceGuards(context.config),
        prepare: [writeRecord(context)],
        upgrade: order.kind === 'no-such-domain'
            ? [noSuchDomain(order.asked, observed)]
            : [...begin, ...order.numbers.map(walk), ...(order.completes ? finish : [])],
        whole: [...begin, ...observed.spread.domains.map(({ number }) => walk(number)), ...finish],
        switch: bySwap ? [verifyService(context, memory, 'switch'), swapAddresses(context)] : [],
        swapBack: bySwap ? [swapBack(context)] : [],
        cleanup: [removeRecord(context)],
    };
}

// EXTERNAL MODULE: ./lib/phases/as-upgrade-error.js + 1 modules
var as_upgrade_error = __webpack_require__(38887);
// EXTERNAL MODULE: ./lib/phases/phase-outcome.js
var phase_outcome = __webpack_require__(39042);
// EXTERNAL MODULE: ./lib/phases/refusals.js
var refusals = __webpack_require__(7159);
// EXTERNAL MODULE: ./lib/engine/run.js
var run = __webpack_require__(61079);
// EXTERNAL MODULE: ./lib/guards/guard.js
var guard = __webpack_require__(6507);
;// CONCATENATED MODULE: ./lib/steps/domains/what-follows.js

/**
 * `rollback`: back to the version before, by the run itself. `hold`: the run ends with the update as it stands, both
 * versions serving, and a person or the next run decides.
 */
function followsFrom({ walk }, { reason }) {
    switch (reason) {
        case 'update-stuck':
            return walk.onStuck === 'rollback' ? 'rollback' : 'hold';
        case 'instance-start-timeout':
            return walk.onStartTimeout === 'rollback' ? 'rollback' : 'hold';
        default:
            return HELD.includes(reason) ? 'hold' : 'rollback';
    }
}
/** A way back would take longer than there is time, would act against somebody else, or could not be written down. */
const HELD = [
    'cancelled',
    'interrupted',
    ...reasons/* OF_ANOTHER_RUN */.cu,
    'record-not-kept',
    'service-busy',
    'instances-differ',
    'update-in-progress',
    'phase-not-applicable',
    'input-invalid',
    'swap-failed',
];

// EXTERNAL MODULE: ./lib/phases/tell-guards.js
var tell_guards = __webpack_require__(41768);
;// CONCATENATED MODULE: ./lib/phases/service/refusals.js
// Why the way back of a service is not taken, as a person is told it: the article's cases told apart, each with what can
// be done instead.


function rollbackNotAllowed(context, { refusals }, observed) {
    const messages = refusals.map(({ message }) => message);
    const advice = refusals.flatMap(({ kind }) => adviceOn(kind, context, observed));
    return new reasons/* UpgradeError */.fy('rollback-not-allowed', messages.length > 0 ? messages.join('\n') : 'The way back is not open.', { advice: [...new Set(advice)] });
}
/** Every instance was updated, and the run that did it has not come to its end. */
const FINISH = [
    'Run phase upgrade: it finishes this update, and gives automation back.',
    'Where it does not, because instances are not healthy, put the version before over it: `walk: {on-stuck: supersede}`.',
];
const AFTERWARDS = 'To go back then configure the version before as the new one, and run phase: prepare, upgrade.';
const GO_ON = 'Or go on with phase upgrade.';
function adviceOn(kind, { config }, { look }) {
    switch (kind) {
        case 'finished':
            return look.record ? [...FINISH, AFTERWARDS] : [AFTERWARDS];
        case 'not-begun':
            return ['Run phase status: it shows what each instance runs.'];
        case 'quota':
            return [
                ['Free cores, or ask for a larger quota, then run rollback again:', ...usageCommands(look)].join('\n'),
                GO_ON,
            ];
        case 'previous-version-gone':
            return [
                config.service.kind === 'cloud-service'
                    ? 'Put the package and the configuration of the version before where the configuration file says they are, then run rollback again.'
                    : 'Bring back what is missing (an image version under its name, with its replica in the region; of a size wait until Azure offers it again), then run rollback again.',
                GO_ON,
            ];
        case 'changed-by-others':
            return ['Find out who changed the model and why; put theirs back, then run rollback again.'];
        case 'not-knowable':
            return ['Run phase status when Azure tells again what the instances run.'];
        case 'previous-unknown':
            return ['Configure the version before as the new one, and run phase: prepare, upgrade.'];
    }
}
function usageCommands({ roles }) {
    const commands = roles.flatMap(({ set }) => set ? [azFor(set.id, 'vm', 'list-usage', '--location', set.location, '-o', 'table')] : []);
    return [...new Set(commands)];
}
/** Which update was found going back, when something else was asked for. */
function foundGoingBack(phase, why) {
    return new reasons/* UpgradeError */.fy('interrupted', `Phase ${phase} was not begun: ${why}; it was finished first`, {
        advice: ['Look at the earlier run: why it went back. Then begin anew.'],
    });
}

;// CONCATENATED MODULE: ./lib/phases/service/service-applicability.js
const STANDINGS = (/* unused pure expression or super */ null && ([
    'not-prepared',
    'prepared',
    'in-progress',
    'going-back',
    'to-finish',
    'updated',
    'upgraded',
    'switched',
    'unknown',
]));
const service_applicability_run = { kind: 'run' };
/** What an interrupted switch may have left to be verified. */
const look = { kind: 'look' };
const nothing = (why) => ({ kind: 'nothing-to-do', why });
const refuse = (why, advice) => ({
    kind: 'refuse',
    reason: 'phase-not-applicable',
    why,
    advice,
});
const mend = { kind: 'mend', why: 'an earlier run left the way back half done' };
const notKnown = {
    kind: 'refuse',
    reason: 'instances-differ',
    why: 'it is not known where the update stands: instances run what neither version explains, or do not tell it',
    advice: 'Run phase status: it shows what each instance runs. Give them all one version, then run again.',
};
const NOT_ON_THE_OTHER = 'the service that users are not on does not run the new version yet';
const TABLE = {
    prepare: {
        'not-prepared': service_applicability_run,
        prepared: service_applicability_run,
        'in-progress': nothing('the update is prepared, and in progress'),
        'going-back': mend,
        'to-finish': nothing('every instance runs the new version already; phase upgrade finishes the update'),
        updated: nothing('every instance runs the new version already'),
        upgraded: refuse('an update waits for its switch', 'Run phase switch, or rollback.'),
        switched: refuse('the last update still has its way back', 'Run phase cleanup first.'),
        unknown: notKnown,
    },
    upgrade: {
        'not-prepared': refuse('no update is prepared', 'Run phase prepare first, or both: phase: prepare, upgrade.'),
        prepared: service_applicability_run,
        'in-progress': service_applicability_run, // goes on where it stopped
        'going-back': mend,
        'to-finish': service_applicability_run,
        updated: nothing('every instance runs the new version already'),
        upgraded: service_applicability_run, // done, as its steps find: that the configuration still asks for it is the guards' to say
        switched: nothing('users are on the new version already'),
        unknown: notKnown,
    },
    switch: {
        'not-prepared': refuse(NOT_ON_THE_OTHER, 'Run phases prepare and upgrade first.'),
        prepared: refuse(NOT_ON_THE_OTHER, 'Run phase upgrade first.'),
        'in-progress': refuse(NOT_ON_THE_OTHER, 'Run phase upgrade: it goes on.'),
        'going-back': mend,
        'to-finish': refuse('it is not known which of the two services users are on', 'Look at the slot types of both in Azure.'),
        updated: refuse('no update waits for its switch', 'Run phases prepare and upgrade first.'),
        upgraded: service_applicability_run,
        switched: look,
        unknown: notKnown,
    },
    cleanup: {
        'not-prepared': nothing('no update is written down'),
        prepared: refuse('the next update is prepared', 'There is nothing to clean up before it is switched.'),
        'in-progress': refuse('the update is in progress', 'Run phase upgrade: it goes on. Or rollback.'),
        'going-back': mend,
        'to-finish': refuse('it is not known which of the two services users are on', 'Look at the slot types of both in Azure.'),
        updated: nothing('no update is written down'),
        upgraded: refuse('users are still on the version before', 'Run phase switch first.'),
        switched: service_applicability_run,
        unknown: notKnown,
    },
    rollback: {
        'not-prepared': nothing('no update is in progress'),
        prepared: service_applicability_run,
        'in-progress': service_applicability_run,
        'going-back': service_applicability_run,
        'to-finish': service_applicability_run, // refused, by the article's rule
        updated: service_applicability_run, // likewise
        upgraded: service_applicability_run,
        switched: service_applicability_run,
        unknown: service_applicability_run, // refused where the version before is not known
    },
};
const NEEDS_NO_SWITCH = nothing('an update in place needs no switch: each domain that was walked serves users already');
const LEAVES_NOTHING = nothing('an update in place leaves nothing behind');
const service_applicability_GO_ON = 'Run phase upgrade: it goes on, and cleans up when every domain is walked. Or rollback.';
/** An update in place cleans up by itself when it is finished, and before that there is nothing to give up but itself. */
const CLEANUP_IN_PLACE = {
    'not-prepared': LEAVES_NOTHING,
    prepared: refuse('an update is prepared, and no instance has it', 'Run phase upgrade, which makes it and cleans up after it. Or rollback, which gives it up.'),
    'in-progress': refuse('the update is in progress: not every instance runs the new version', service_applicability_GO_ON),
    'going-back': refuse('the update is on its way back', 'Run phase rollback: it finishes that.'),
    'to-finish': refuse('every instance runs the new version, and the update is not finished', 'Run phase upgrade: it verifies every instance, and takes the update off the record.'),
    updated: LEAVES_NOTHING,
    upgraded: LEAVES_NOTHING,
    switched: LEAVES_NOTHING,
    unknown: notKnown,
};
/**
 * Whether a phase may begin.
 * @param method in place, what has been walked is what users have; switch and cleanup are then no phases of their own.
 */
function serviceApplicability(phase, standing, method) {
    if (method === 'in-place' && phase === 'switch')
        return NEEDS_NO_SWITCH;
    return method === 'in-place' && phase === 'cleanup' ? CLEANUP_IN_PLACE[standing] : TABLE[phase][standing];
}
function service_applicability_standingOf(state, isWrittenDown) {
    return state === 'updated' && isWrittenDown ? 'to-finish' : state;
}

// EXTERNAL MODULE: ./lib/engine/rollback.js
var rollback = __webpack_require__(48448);
;// CONCATENATED MODULE: ./lib/phases/service/take-back.js










/**
 * The way back after a failure: the model first, then the domains in reverse order. Where Azure does not allow it the
 * service is left as it is. A cancelled job ends it too: it takes longer than a runner waits.
 */
async function take_back_takeBack(acting, plan, error, guards = []) {
    const refusal = await notAllowed(acting);
    if (refusal)
        return (0,phase_outcome/* stopped */.c)('held', error, { guards, also: [refusal] });
    const back = await (0,rollback/* rollBack */.F)(plan.whole, acting.recorder, acting.signal);
    if (back.kind === 'rolled-back') {
        return (0,phase_outcome/* stopped */.c)('rolled-back', overAndDone(error), { guards, also: back.tidyErrors.map(as_upgrade_error/* asUpgradeError */.$) });
    }
    const also = back.errors.map(as_upgrade_error/* asUpgradeError */.$);
    return (0,phase_outcome/* stopped */.c)(acting.signal.aborted ? 'held' : 'rollback-failed', error, { guards, also });
}
/** The same without what a person could have done while the update was in progress: the instances are others now. */
function overAndDone(error) {
    const advice = isOfNewVersion(error)
        ? AFTER_A_WALK
        : error.advice.filter((line) => !isOfUpdateInProgress(line));
    return new reasons/* UpgradeError */.fy(error.reason, error.message, { advice, cause: error.cause });
}
/** Whether its cause is to be looked for in the new version. */
function isOfNewVersion({ reason, advice }) {
    if (advice.some((line) => OTHER_CAUSES.some((cause) => line.startsWith(cause))))
        return false;
    return reason === 'instance-start-timeout' || reason === 'update-stuck' || reason === 'update-failed';
}
const OTHER_CAUSES = [AZURE_SAYS_WHY, LOOK_AT_WHAT_IS_DOWN];
const AFTER_A_WALK = [
    'Find the cause in what the new version has logged outside of its instances, which run the version before again. Then run phase: prepare, upgrade.',
];
/**
 * What stands in the way of an automatic rollback. That every instance was updated does not: the failure came before
 * the update was finished, and its version before is known. What cannot be found out does not either.
 */
async function notAllowed({ context }) {
    try {
        const observed = await observeService(context);
        const allowed = await rollbackAllowedNow(context, observed);
        const refusals = inTheWay(allowed);
        return refusals.length > 0 ? rollbackNotAllowed(context, { allowed: false, refusals }, observed) : null;
    }
    catch (error) {
        context.log.warning(`It could not be found out whether the way back is open, so it is tried: ${(0,as_upgrade_error/* asUpgradeError */.$)(error).message}`);
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/phases/service/with-lease.js
// A run has the service for itself while it works, and gives it back whatever happens.




/**
 * Takes the lease, looks again, since much may have happened before it was there, and works. Throws what `claim` throws
 * ('locked-by-another-run'), what the look throws, and what the work throws.
 */
async function withLease(holder, work) {
    const { context, lease } = holder;
    lease.taking();
    try {
        await context.target.claim(lease_leaseOf(context));
        return await work(await observeService(context));
    }
    finally {
        await with_lease_giveBack(holder);
    }
}
async function with_lease_giveBack(holder) {
    const failure = await tryToGiveBack(holder);
    if (failure !== null)
        warnNotGivenBack(holder, failure, "This job's post step tries again; without it other");
}
/** Of the ten seconds that a runner leaves to a cancelled job. While instances are updated Azure takes no tags. */
const CANCELLED_PATIENCE_MS = 4_000;
/** Null once this run has the service no more; else why it still may. Never throws. */
async function tryToGiveBack({ context, signal, lease }) {
    const release = context.target.release(lease_leaseOf(context)).then(() => null, (error) => ({
        why: (0,message_of/* messageOf */.b)(error),
        refusal: (0,missing_right/* isRightMissing */.p)(error) ? error : null,
    }));
    const patience = new AbortController();
    const tooLong = () => context.clock.sleep(CANCELLED_PATIENCE_MS, patience.signal).then(() => ({ why: 'Azure has not answered in time', refusal: null }), () => null);
    const failure = await (signal.aborted ? Promise.race([release, tooLong()]) : release);
    patience.abort();
    if (failure === null)
        lease.given();
    return failure;
}
/** @param others begins the sentence on what becomes of other runs: "Other" */
function warnNotGivenBack({ context }, { why }, others = 'Other') {
    const { until } = lease_leaseOf(context);
    context.log.warning(`The service could not be given free for other runs (${why}). ${others} runs are refused until ${until} at the latest.`);
}

;// CONCATENATED MODULE: ./lib/phases/service/act-forward.js















/** Runs one of the phases that go forward. Throws what reading and taking the service throw. */
async function actForward(acting, phase, observed) {
    const allowed = allowedNow(acting, phase, observed);
    // Nothing is written where nothing is done.
    if (allowed.kind === 'nothing-to-do')
        return nothingToDo(acting, phase, observed, allowed.why);
    if (allowed.kind === 'refuse')
        return act_forward_refuse(acting, phase, observed, allowed);
    return withLease(acting, (now) => actUnderLease(acting, phase, now));
}
function allowedNow({ context }, phase, { state, look }) {
    return serviceApplicability(phase, service_applicability_standingOf(state, look.record !== null), context.config.switchMethod);
}
async function actUnderLease(acting, phase, now) {
    const allowed = allowedNow(acting, phase, now);
    switch (allowed.kind) {
        case 'nothing-to-do':
            return nothingToDo(acting, phase, now, allowed.why);
        case 'refuse':
            return act_forward_refuse(acting, phase, now, allowed);
        case 'mend':
            return take_back_takeBack(acting, upgradeDomains(acting.context, now), foundGoingBack(phase, allowed.why));
        case 'look':
            return finishSwitch(acting, now);
        case 'run':
            return runGuarded(acting, phase, now);
    }
}
/** Of an update that is in progress it is prepared, and of no other one that the configuration asks for. */
async function nothingToDo({ context }, phase, observed, why) {
    if (phase !== 'prepare')
        return (0,phase_outcome/* completed */.s)(false, why);
    // As upgrade would ask: what may be written over the one in progress is left to that.
    const guards = await (0,guard/* runGuards */.o)([oneUpdate], context, observed, 'upgrade');
    const refusal = (0,refusals/* guardRefusal */.sA)(guards);
    return refusal ? (0,phase_outcome/* stopped */.c)('refused', refusal, { guards }) : (0,phase_outcome/* completed */.s)(false, why);
}
/** Where it is not known what the instances run the guards say which, and what to do about it. */
async function act_forward_refuse({ context }, phase, observed, allowed) {
    if (observed.state !== 'unknown')
        return (0,phase_outcome/* stopped */.c)('refused', (0,refusals/* refused */.J5)(allowed));
    const guards = await (0,guard/* runGuards */.o)(upgradeDomains(context, observed).guards, context, observed, phase);
    return (0,phase_outcome/* stopped */.c)('refused', (0,refusals/* guardRefusal */.sA)(guards) ?? (0,refusals/* refused */.J5)(allowed), { guards });
}
/** Users are on the new version already; it is only looked whether that was seen to the end. */
async function finishSwitch(acting, now) {
    const plan = upgradeDomains(acting.context, now);
    const outcome = await (0,run/* runSteps */.r)(plan.switch, acting.recorder, acting.signal);
    if (outcome.kind === 'failed')
        return (0,phase_outcome/* stopped */.c)('held', (0,as_upgrade_error/* asUpgradeError */.$)(outcome.error));
    return (0,phase_outcome/* completed */.s)(outcome.changed, 'users are on the new version already');
}
async function runGuarded(acting, phase, now) {
    const { context, recorder, signal } = acting;
    const plan = upgradeDomains(context, now);
    const guards = await (0,guard/* runGuards */.o)(plan.guards, context, now, phase);
    (0,tell_guards/* tellGuards */.e)(context.log, phase, guards);
    const refusal = (0,refusals/* guardRefusal */.sA)(guards);
    if (refusal)
        return (0,phase_outcome/* stopped */.c)('refused', refusal, { guards });
    const outcome = await (0,run/* runSteps */.r)(plan[phase], recorder, signal);
    if (outcome.kind === 'completed') {
        return (0,phase_outcome/* completed */.s)(outcome.changed, outcome.changed ? null : 'what was asked for is done already');
    }
    return afterFailure(acting, phase, plan, now, outcome, guards);
}
async function afterFailure(acting, phase, plan, before, failure, guards) {
    const error = (0,as_upgrade_error/* asUpgradeError */.$)(failure.error);
    const done = acting.recorder.steps.filter((one) => one.phase === phase && one.state === 'done');
    const changed = done.length > 0;
    // Preparing and cleaning up take nothing down; and once users may have been moved nothing is undone by itself.
    if (phase === 'prepare' || phase === 'cleanup')
        return (0,phase_outcome/* stopped */.c)(changed ? 'held' : 'refused', error, { guards });
    if (phase === 'switch')
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    // An update that earlier runs have begun is not taken back for what this run did not even touch.
    const isOfThisRun = !isBegun(before) ||
        touchesInstances(plan.upgrade, done.map(({ id }) => id), failure);
    if (!changed && (!isOfThisRun || NOT_ATTEMPTED.includes(error.reason))) {
        return (0,phase_outcome/* stopped */.c)('refused', error, { guards });
    }
    if (!isOfThisRun || act_forward_isOver(plan.upgrade, failure.step) || staysAsItIs(acting, error))
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    if (await lacksRightForWayBack(acting, error))
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    return take_back_takeBack(acting, plan, error, guards);
}
/** Reasons of a step that was not begun: a wrong input takes no update back. */
const NOT_ATTEMPTED = ['input-invalid', 'phase-not-applicable', 'update-in-progress'];
/** Whether instances had the new version, or were being given it, before this run did anything. */
function isBegun({ state }) {
    return state !== 'prepared' && state !== 'not-prepared';
}
/**
 * Whether this run gave instances, or their model, what the way back takes from them, or failed while it was at that, or
 * at what comes after it. A look that fails touches nothing.
 */
function touchesInstances(sequence, done, { step, applied }) {
    const touching = ({ undo }) => undo?.order === 'turn-back' || undo?.order === 'restore-service';
    const steps = (0,engine_step/* stepsOf */.B_)(sequence);
    const isAmid = steps.slice(0, steps.indexOf(step) + 1).some(touching);
    return (applied && isAmid) || steps.some((one) => touching(one) && done.includes(one.id));
}
/** Every instance was updated and verified: what failed is what is done after an update, and can be done again. */
function act_forward_isOver(sequence, failed) {
    const steps = (0,engine_step/* stepsOf */.B_)(sequence);
    return failed.changes !== '' && steps.slice(steps.indexOf(failed)).every(({ undo }) => undo === null);
}
/** A cancelled job has no time for the way back, and where another run has the service it is not this one's to take. */
function staysAsItIs({ context, signal, onFailure }, error) {
    if (signal.aborted || onFailure === 'hold')
        return true;
    return followsFrom(context.config, error) === 'hold';
}
/**
 * Taking instances back needs the rights that updating them does: without one of them it would come as far, and fail as
 * well. Where no instance has the new version nothing but the model and the record is put back.
 */
async function lacksRightForWayBack({ context }, { reason }) {
    if (reason !== 'azure-permission-missing')
        return false;
    try {
        const { target, unknown } = (await observeService(context)).progress.instances;
        return target.length + unknown.length > 0;
    }
    catch {
        return true;
    }
}

;// CONCATENATED MODULE: ./lib/phases/service/act-rollback.js
// Phase rollback of a service, on request: only while an update is in progress, and where nothing stands in its way.
// After a swap the addresses are swapped back.











/** Throws what reading and taking the service throw. */
async function actRollback(acting, observed) {
    const { state, look } = observed;
    const { switchMethod } = acting.context.config;
    const allowed = serviceApplicability('rollback', service_applicability_standingOf(state, look.record !== null), switchMethod);
    if (allowed.kind === 'nothing-to-do')
        return (0,phase_outcome/* completed */.s)(false, allowed.why);
    if (allowed.kind === 'refuse')
        return (0,phase_outcome/* stopped */.c)('refused', (0,refusals/* refused */.J5)(allowed));
    // Asked before anything is written, and again when nobody else can change it.
    const refusal = await act_rollback_notAllowed(acting, observed);
    if (refusal)
        return (0,phase_outcome/* stopped */.c)('refused', refusal);
    return withLease(acting, (now) => underLease(acting, now));
}
async function underLease(acting, now) {
    const { context, recorder, signal } = acting;
    const plan = upgradeDomains(context, now);
    if (now.state === 'switched') {
        const outcome = await (0,run/* runSteps */.r)(plan.swapBack, recorder, signal);
        return outcome.kind === 'completed'
            ? (0,phase_outcome/* completed */.s)(outcome.changed)
            : (0,phase_outcome/* stopped */.c)('held', (0,as_upgrade_error/* asUpgradeError */.$)(outcome.error));
    }
    const refusal = await act_rollback_notAllowed(acting, now);
    if (refusal)
        return (0,phase_outcome/* stopped */.c)('refused', refusal);
    const back = await (0,rollback/* rollBack */.F)(plan.whole, recorder, signal);
    if (back.kind === 'failed') {
        const [first, ...also] = back.errors.map(as_upgrade_error/* asUpgradeError */.$);
        const error = first ?? (0,as_upgrade_error/* asUpgradeError */.$)(new Error('rollback failed'));
        return (0,phase_outcome/* stopped */.c)(signal.aborted ? 'held' : 'rollback-failed', error, { also });
    }
    const [untidy, ...also] = back.tidyErrors.map(as_upgrade_error/* asUpgradeError */.$);
    if (untidy)
        return (0,phase_outcome/* stopped */.c)('held', untidy, { also });
    return (0,phase_outcome/* completed */.s)(back.changed, back.changed ? null : 'no instance runs the new version');
}
/**
 * The article's RollbackAllowed, of an update that instances have. What is only prepared is taken away without them, and
 * what users are not on, or were swapped to, is put back without touching what they use.
 */
async function act_rollback_notAllowed({ context }, observed) {
    const { state } = observed;
    if (state === 'prepared' || state === 'upgraded' || state === 'switched')
        return null;
    const allowed = await rollbackAllowedNow(context, observed);
    // One that was begun is gone to its end, also where no instance is left to be taken back.
    const refusals = state === 'going-back' ? inTheWay(allowed) : allowed.refusals;
    return refusals.length === 0 ? null : rollbackNotAllowed(context, { allowed: false, refusals }, observed);
}

;// CONCATENATED MODULE: ./lib/phases/service/after-main.js
// What the post step does where main was killed, or could not give the service free: it does that, and tells where the
// update stands. Going on or back is a person's decision.




/** For the instances that were being updated when main was killed: until they are, Azure takes no tags. */
const PATIENCE_MS = 4 * 60_000;
const after_main_PAUSE_MS = 10_000;
/** Never throws: what could not be given back is told. Returns Azure's refusal where a right is missing for it; else null. */
async function giveBackPatiently(holder) {
    const { clock, log } = holder.context;
    const until = clock.now() + PATIENCE_MS;
    for (let failure = await tryToGiveBack(holder); failure !== null; failure = await tryToGiveBack(holder)) {
        const { refusal } = failure;
        if (refusal !== null || holder.signal.aborted || clock.now() >= until) {
            warnNotGivenBack(holder, failure);
            return refusal;
        }
        log.line(`The service cannot be given free yet: ${failure.why}`);
        await clock.sleep(after_main_PAUSE_MS, holder.signal).catch(() => undefined);
    }
    return null;
}
/** @param refusal why the service could not be given free, where a right is missing. */
function leaveAsItIs({ state, progress }, refusal) {
    const isMidway = state === 'in-progress' || state === 'going-back';
    const left = `The update was left in the middle: ${progress.words}`;
    if (refusal !== null) {
        const what = 'The service could not be given free for other runs';
        return (0,phase_outcome/* stopped */.c)('held', (0,missing_right/* rightMissing */.I)(refusal, isMidway ? `${left}. ${what}. ` : `${what}. `));
    }
    return isMidway
        ? (0,phase_outcome/* stopped */.c)('held', new reasons/* UpgradeError */.fy('interrupted', left))
        : (0,phase_outcome/* completed */.s)(false, 'no update was left in the middle');
}

// EXTERNAL MODULE: ./lib/engine/plan.js
var engine_plan = __webpack_require__(98479);
;// CONCATENATED MODULE: ./lib/phases/service/lowest-capacity.js
// How few instances are left to users at worst, by how they stand now.

/** Of the roles that are updated: what is in service now, less what stands in the domain that is walked. */
function lowestCapacities(observed) {
    const serving = servingInstances(observed);
    const all = observed.spread.domains.flatMap(({ instances }) => instances);
    const left = domainsLeft(observed);
    const names = observed.look.roles.filter(({ chosen }) => chosen).map(({ role }) => role);
    return {
        whole: { inService: lowest(serving, left).inService, instances: all.length },
        roles: names.map((role) => {
            const of = (some) => some.filter((one) => one.role === role);
            const sizes = observed.spread.domains.map(({ instances }) => of(instances).length);
            return {
                role,
                ...lowest(of(serving), left),
                instances: of(all).length,
                sizes: sizes.filter((size) => size > 0),
            };
        }),
    };
}
/** With one fault domain, or zone, lost in the middle of a walk. Null where Azure tells neither. */
function leastWithoutRack(observed) {
    const serving = servingInstances(observed);
    const zones = serving.flatMap(({ zone }) => (zone === null ? [] : [zone]));
    const kind = new Set(zones).size > 1 ? 'zone' : 'fault domain';
    const rackOf = ({ zone, faultDomain }) => (kind === 'zone' ? zone : faultDomain);
    const racks = [...new Set(serving.map(rackOf))].filter((rack) => rack !== null);
    if (racks.length < 2)
        return null;
    const without = racks.map((rack) => lowest(serving.filter((instance) => rackOf(instance) !== rack), domainsLeft(observed)));
    const instances = observed.spread.domains.reduce((sum, domain) => sum + domain.instances.length, 0);
    return { kind, inService: Math.min(...without.map(({ inService }) => inService)), instances };
}
function servingInstances({ look, spread }) {
    const serves = (instance) => {
        const role = look.roles.find((one) => one.role === instance.role);
        return role !== undefined && isInService(role, instance);
    };
    return spread.domains.flatMap(({ number, instances }) => instances.filter(serves).map((instance) => ({ ...instance, domain: number })));
}
function domainsLeft({ progress }) {
    return progress.domains.filter(({ state }) => state !== 'updated').map(({ domain }) => domain);
}
function lowest(serving, left) {
    const during = left.map((domain) => ({
        domain,
        inService: serving.filter((instance) => instance.domain !== domain).length,
    }));
    return during.reduce((least, one) => (one.inService < least.inService ? one : least), { inService: serving.length, domain: null });
}

;// CONCATENATED MODULE: ./lib/phases/service/service-factors.js
// The article's four things to weigh, with this service's numbers.





/**
 * Impact on availability, ability to roll back, vulnerability to a catastrophe, total cost.
 * @param twice what exists twice.
 */
async function serviceFactors(context, observed, twice) {
    const swaps = context.config.switchMethod === 'swap';
    const { changes } = await changesAhead(context, observed.look);
    return [
        swaps ? availabilityWithSwap(context, observed) : availability(context, observed),
        service_factors_rollback(context, observed, changes),
        await catastrophe(context, observed),
        cost(observed, changes, twice),
    ];
}
function availability(context, observed) {
    const { whole, roles } = lowestCapacities(observed);
    if (isWalked(context, observed)) {
        const answer = 'No domain is left to be walked: nothing is taken away from users any more.';
        return { factor: 'availability', answer, details: [] };
    }
    const down = roles.filter(({ inService, instances }) => inService === 0 && instances > 0);
    const names = formatList(down.map(({ role }) => role));
    const downtime = down.length > 0 ? `${names} ${down.length === 1 ? 'is' : 'are'} down while one domain is walked. ` : '';
    return {
        factor: 'availability',
        answer: `${downtime}At least ${whole.inService} of ${whole.instances} instances stay in service, whichever domain is walked; ${inMinutes(context, observed)}.`,
        details: [
            ...roles.map(({ role, inService, instances, sizes, domain }) => `${role}: at least ${inService} of ${instances}${domain === null ? '' : `, while domain ${domain} is walked`} (domains of ${sizes.join(', ')})`),
            ...gate(context, observed),
            'Both versions serve users from the first domain on until the last one is walked: they have to get on with each other',
        ],
    };
}
function isWalked(context, observed) {
    return walkEstimate(context, observed, 'all').domains === 0;
}
function inMinutes(context, observed) {
    const { domains, typicalMs, longestMs } = walkEstimate(context, observed, 'all');
    const what = domains === 1 ? 'its walk typically takes' : `the walk of ${domains} domains typically takes`;
    return `${what} ${(0,humane/* formatDuration */.a3)(typicalMs)}, and ${(0,humane/* formatDuration */.a3)(longestMs)} at most`;
}
/** What has to be seen before the next domain. */
function gate({ config }, { look }) {
    const { consecutive, intervalMs } = config.health;
    const chosen = look.roles.filter((role) => role.chosen);
    const minimums = chosen.map(({ role, minimum }) => `${service_factors_inWords(minimum)} of ${role}`);
    return [
        `Before the next domain ${formatList(minimums)}, of all that were walked, have to be healthy in ${count(consecutive, 'look')} in a row, ${(0,humane/* formatDuration */.a3)(intervalMs)} apart`,
    ];
}
function service_factors_inWords(minimum) {
    return minimum.kind === 'percent' ? `${minimum.percent} %` : String(minimum.count);
}
function availabilityWithSwap(context, observed) {
    return {
        factor: 'availability',
        answer: `No instance that users are on is taken down; ${inMinutes(context, observed)}, and then the addresses of the two services are exchanged.`,
        details: [
            'The swap takes seconds; connections that are open then are cut',
            'Nothing else may be done to either of the two services meanwhile: Azure warns that this breaks them beyond repair',
            ...gate(context, observed),
        ],
    };
}
function service_factors_rollback(context, observed, changes) {
    const { config } = context;
    if (config.switchMethod === 'in-place' && isWalked(context, observed)) {
        const answer = 'Not any more: every instance runs the new version. Going back is an update to the version before.';
        return { factor: 'rollback', answer, details: [] };
    }
    const doubts = changes
        .filter(({ wayBack }) => wayBack.kind !== 'possible')
        .map(({ what, wayBack }) => `${what}: ${wayBack.kind === 'none' ? 'no way back' : 'in doubt'}, ${wayBack.words}`);
    const inPlace = 'As long as one instance has not been updated: yes, by itself where a domain does not become healthy. Once the last one has: not any more, and going back is an update to the version before.';
    const swaps = 'Until cleanup: yes, by exchanging the addresses again; the version before stays where it is, on the other service.';
    return {
        factor: 'rollback',
        answer: config.switchMethod === 'swap' ? swaps : inPlace,
        details: [
            'The model before is put back first; then the domains that were walked go back, the last one first, each with the same look at its health. Instances that were not updated are left alone',
            `A domain that is stuck for ${(0,humane/* formatDuration */.a3)(config.walk.stuckAfterMs)}: ${ON_STUCK[config.walk.onStuck]}. An instance that has not started in ${(0,humane/* formatDuration */.a3)(config.walk.startTimeoutMs)}: ${ON_START_TIMEOUT[config.walk.onStartTimeout]}`,
            'What the version before needs (image, package, configuration) has to be kept until the update is finished',
            ...doubts,
        ],
    };
}
const ON_STUCK = {
    rollback: 'back, by itself',
    hold: 'it is held, and a person decides',
    supersede: 'it is held, and a fresh update may come over it',
};
const ON_START_TIMEOUT = {
    rollback: 'back, by itself',
    fail: 'it is held, and a person decides',
    continue: 'it is passed over, if the others suffice',
};
async function catastrophe(context, observed) {
    const regions = await regionsOf(context, observed);
    const where = regions.length > 0 ? formatList(regions) : 'its region';
    const swaps = context.config.switchMethod === 'swap';
    const serving = swaps ? 'users stay where they are' : 'both versions serve';
    return {
        factor: 'catastrophe',
        answer: `If ${where} fails, the service is down, with an update as without one: this topology moves nobody to another region.`,
        details: [
            ...(swaps || isWalked(context, observed) ? [] : rackLost(observed)),
            `A run that is killed stops between domains, or after the one that Azure works on; ${serving}, and the next run goes on, or back, by what is written down on the service`,
            'Autoscale and automatic repairs, where they are on, are held meanwhile: an instance that breaks by itself is not replaced, and load is not followed',
        ],
    };
}
function rackLost(observed) {
    const rack = leastWithoutRack(observed);
    if (rack === null)
        return [];
    const { kind, inService, instances } = rack;
    const left = inService === 0 ? `none of ${instances}` : `at least ${inService} of ${instances}`;
    return [`A ${kind} that fails while a domain is walked leaves ${left} instances in service`];
}
async function regionsOf({ config, azure }, { look }) {
    const { service } = config;
    if (service.kind === 'scale-sets')
        return [...new Set(look.roles.flatMap(({ set }) => (set ? [set.location] : [])))];
    const { resourceGroup, service: name } = service;
    const found = await azure.compute.cloudServices.get({ resourceGroup, name });
    return found === null ? [] : [found.location];
}
function cost({ look }, changes, twice) {
    const instances = look.roles.reduce((sum, role) => sum + role.instances.length, 0);
    if (twice.length === 0) {
        const sizes = changes.filter(({ kind }) => kind === 'size');
        return {
            factor: 'cost',
            answer: `Nothing is paid twice: the ${count(instances, 'instance')} are updated where they are.`,
            details: sizes.map(({ role, what }) => `${role}: ${what}, paid from the walk of its domain on`),
        };
    }
    return {
        factor: 'cost',
        answer: `The service is paid twice from the deployment of the second one until that is removed: ${count(instances, 'instance')} more.`,
        details: twice.map(({ resource, sku, since }) => `${resource}: ${sku}, since ${since}`),
    };
}

;// CONCATENATED MODULE: ./lib/phases/service/services-twice.js
/** In place nothing is; with a swap the service that users are not on. */
async function servicesTwice({ config, azure }, { look }) {
    const { service } = config;
    if (service.kind !== 'cloud-service' || service.stagingService === null)
        return [];
    const [updated] = look.resources;
    const names = [service.service, service.stagingService];
    // Once users have been moved, it is the one that they were on.
    const idle = names.find((name) => (name === updated?.name) === (look.usersOn !== 'this')) ?? names[1] ?? '';
    const found = await azure.compute.cloudServices.get({ resourceGroup: service.resourceGroup, name: idle });
    const sizes = found?.roles.map(({ name, skuName, capacity }) => `${name}: ${capacity} × ${skuName}`);
    return [
        {
            resource: `cloud service ${idle}`,
            sku: sizes?.join(', ') ?? 'as production',
            since: found ? 'before this run' : 'its deployment',
        },
    ];
}

;// CONCATENATED MODULE: ./lib/phases/service/plan-service.js
// Phase plan of a service with update domains: what every later phase would do, with what it costs and risks. Changes
// nothing.






const PLANNED = ['prepare', 'upgrade', 'switch', 'cleanup'];
/** How many of the phases lie behind. Where it is not known how things stand, no step is looked at. */
const BEHIND = {
    'not-prepared': 0,
    prepared: 1,
    'in-progress': 1,
    'going-back': 1,
    'to-finish': 1,
    updated: 4,
    upgraded: 2,
    switched: 3,
    unknown: null,
};
/** @param plan of the service as it is; every domain is shown, whichever of them a run would walk. */
async function planService(context, observed, plan, signal) {
    const behind = BEHIND[service_applicability_standingOf(observed.state, observed.look.record !== null)];
    const lists = {
        ...plan,
        upgrade: plan.whole,
        // In place the update itself ends with removing its record.
        cleanup: context.config.switchMethod === 'swap' ? plan.cleanup : [],
    };
    const steps = [];
    for (const [at, phase] of PLANNED.entries()) {
        const planned = at === behind
            ? await (0,engine_plan/* planSteps */.D)(lists[phase], signal)
            : (0,engine_plan/* stepsNotLookedAt */.O)(lists[phase], behind !== null && at < behind ? 'done' : 'later');
        steps.push(...planned);
    }
    const twice = await servicesTwice(context, observed);
    // Time left is of the job that runs a phase; the plan's own job says nothing about that one.
    const guards = plan.guards.filter((guard) => guard !== walkTimeLeft);
    const ahead = PLANNED.slice(behind ?? 0);
    return {
        steps,
        guards: await (0,guard/* runGuardsAhead */.H)(guards, context, observed, ahead),
        factors: await serviceFactors(context, observed, twice),
        twice,
    };
}

// EXTERNAL MODULE: ./lib/phases/report-parts.js
var report_parts = __webpack_require__(92091);
;// CONCATENATED MODULE: ./lib/phases/service/change-views.js

/** Also in the middle of the update, when the model has the new version already. */
async function changeViews(context, { look }) {
    const { changes, notKnowable } = await changesAhead(context, look);
    return { changes: changes.map(changeView), notKnowable };
}
function changeView(change) {
    const { role, what, reason, data, wayBack } = change;
    const doubt = { possible: '', doubtful: 'doubtful: ', none: 'none: ' }[wayBack.kind];
    return { role, what, class: change.class, rule: reason, data, wayBack: `${doubt}${wayBack.words}` };
}

;// CONCATENATED MODULE: ./lib/phases/service/not-in-service.js
// Instances that users have nothing of at this moment, and who has the service: what a look has to tell besides the versions.




/** Of every role, whether the update is of it or not. */
function notInService({ look }) {
    const roles = new Map(look.roles.map((role) => [role.role, role]));
    return allInstances(look).flatMap((instance) => {
        const role = roles.get(instance.role);
        const serves = role === undefined || isInService(role, instance);
        return serves ? [] : [{ key: keyOf(instance), how: howItIs(instance) }];
    });
}
function howItIs({ powerState, health }) {
    if (powerState !== 'running')
        return powerState === 'unknown' ? 'in an unknown state' : powerState;
    return health === 'unknown' || health === 'none' ? 'of unknown health' : health;
}
/** "web/3 is unhealthy, web/4 and web/9 are stopped"; empty where there are none. */
function absentWords(absent) {
    return [...Map.groupBy(absent, ({ how }) => how)]
        .map(([how, some]) => `${formatList(some.map(({ key }) => key))} ${some.length === 1 ? 'is' : 'are'} ${how}`)
        .join(', ');
}
/** The lease of a run that is not this one, while it binds. */
function foreignLease({ runId, clock }, { look }) {
    const { lease } = look;
    return lease !== null && lease.run !== runId && Date.parse(lease.until) > clock.now() ? lease : null;
}

;// CONCATENATED MODULE: ./lib/phases/service/version-names.js
// What the two versions of an update are called in a report: by the part of the model that the update changes.

const NEW_VERSION = 'the new version';
const VERSION_BEFORE = 'the version before';
/** Where no update is, there is none before it. */
const VERSION_THAT_RUNS = 'the version that runs';
/** What an instance runs, in a word or two; null where nothing tells. */
function versionName(instance, version, { models, cloud }) {
    const patches = models[instance.role];
    if (patches === undefined)
        return cloud === null ? instance.exactVersion : worded(version);
    const { previous, target } = namesOf(patches.previous, patches.target);
    if (previous === target)
        return instance.exactVersion ?? worded(version);
    if (version === 'target')
        return target;
    return version === 'previous' ? previous : instance.exactVersion;
}
function worded(version) {
    if (version === 'target')
        return NEW_VERSION;
    return version === 'previous' ? VERSION_BEFORE : null;
}
/** By the first part in which they differ; the same name twice where they do not differ, or only in settings. */
function namesOf(previous, target) {
    const [befores, nows] = [partNames(previous), partNames(target)];
    for (const [part, now] of nows) {
        const before = befores.get(part) ?? VERSION_BEFORE;
        if (before !== now)
            return { previous: before, target: now };
    }
    return { previous: NEW_VERSION, target: NEW_VERSION };
}
function partNames({ image, skuName, extensions }) {
    const own = Object.entries(extensions ?? {}).map(([name, { typeHandlerVersion }]) => [`extension ${name}`, `${name} ${typeHandlerVersion}`]);
    return new Map([
        ...(image === undefined ? [] : [['image', imageVersion(image) ?? image]]),
        ...(skuName === undefined ? [] : [['size', skuName]]),
        ...own,
    ]);
}

;// CONCATENATED MODULE: ./lib/phases/service/progress-words.js

/**
 * In a sentence without a full stop.
 * @param usersOn of the two services of a swap, the one that users are on; null in place, and where Azure does not tell
 */
function progressWords(observed, usersOn) {
    const { state, progress, look } = observed;
    const words = state === 'prepared' ? preparedWords(observed) : progress.words;
    const [shown] = look.resources;
    if (usersOn === null || shown === undefined)
        return words;
    return usersOn === shown.name
        ? `users are on ${shown.name}, which is shown here: ${words}`
        : `users are on ${usersOn}; shown here is ${shown.name}, which they are not on: ${words}`;
}
function preparedWords({ spread, update }) {
    const names = new Set(spread.domains.flatMap(({ instances }) => instances.map((instance) => versionName(instance, 'target', update))));
    const [name] = names;
    const to = names.size === 1 && name && name !== NEW_VERSION ? ` to ${name}` : '';
    return `an update${to} is prepared; no instance has it`;
}

// EXTERNAL MODULE: ./lib/phases/verdict.js + 1 modules
var phases_verdict = __webpack_require__(29629);
;// CONCATENATED MODULE: ./lib/phases/service/standing-words.js


/** Without capital and full stop: "all 14 instances run 1.0.0"; with both versions, domain by domain. */
function standingWords(service) {
    const instances = standing_words_instancesOf(service);
    const [first] = instances;
    if (first === undefined)
        return 'the service has no instances';
    const unexplained = instances.filter(({ runs }) => runs !== 'target' && runs !== 'previous');
    if (unexplained.length > 0)
        return `${standing_words_byDomain(service)}; ${unexplainedWords(unexplained)}`;
    if (areBothThere(service))
        return standing_words_byDomain(service);
    if (standing_words_nameOf(instances, VERSION_BEFORE) === VERSION_THAT_RUNS)
        return 'no update is in progress';
    const whose = roleWords(service);
    const all = instances.length === 1 ? `the instance${whose} runs` : `all ${instances.length} instances${whose} run`;
    return `${all} ${standing_words_nameOf(instances, first.runs === 'target' ? NEW_VERSION : VERSION_BEFORE)}`;
}
function areBothThere(service) {
    const runs = new Set(standing_words_instancesOf(service).map((instance) => instance.runs));
    return runs.has('target') && runs.has('previous');
}
/** "14 instances in 5 domains". */
function extentWords(service) {
    const instances = count(standing_words_instancesOf(service).length, 'instance');
    return `${instances}${roleWords(service)} in ${count(service.domains.length, 'domain')}`;
}
/**
 * The lowest that the looks of this run have seen, after a semicolon; empty where they have seen none. What is restarted
 * between two looks they do not see, so it is said beside it.
 */
function lowestWords({ capacity, walk }) {
    if (capacity === null)
        return '';
    const { lowest, roles } = capacity;
    // Of instances that tell no health running is all that is known.
    const served = roles.some(({ by }) => by === 'power') ? 'running' : 'in service';
    const seen = lowest.inService === lowest.instances
        ? `all ${lowest.instances}`
        : `at least ${lowest.inService} of ${lowest.instances}`;
    const atOnce = Math.max(0, ...walk.map(({ instances }) => instances));
    const words = `${seen} were ${served} whenever this run looked`;
    return lowest.inService <= lowest.instances - atOnce
        ? `; ${words}`
        : `; ${upTo(atOnce, lowest.instances)}, and ${words}`;
}
function upTo(atOnce, all) {
    return atOnce === 1
        ? `1 of ${all} was restarted at a time`
        : `up to ${atOnce} of ${all} were restarted at a time`;
}
/** How the new version is called. */
function newVersionOf(service) {
    return standing_words_nameOf(standing_words_instancesOf(service).filter(({ runs }) => runs === 'target'), NEW_VERSION);
}
/** Whether the instances all run one version that has a name of its own. */
function isNamed(service) {
    const name = standing_words_nameOf(standing_words_instancesOf(service), VERSION_BEFORE);
    return name !== VERSION_BEFORE && name !== VERSION_THAT_RUNS;
}
/** What a finished update went from, where that has a name of its own; null where it has none, or several. */
function versionToGoBackTo(service) {
    const updated = standing_words_instancesOf(service).filter(({ before, now }) => before !== now);
    const names = new Set(updated.map(({ before }) => before));
    const [name] = names;
    const unnamed = [VERSION_BEFORE, VERSION_THAT_RUNS, undefined, null];
    return names.size !== 1 || !name || unnamed.includes(name) ? null : name;
}
function standing_words_instancesOf({ domains }) {
    return domains.flatMap(({ instances }) => instances);
}
/** Only where the update is not of every role. */
function roleWords({ roles }) {
    const chosen = roles.filter((role) => role.chosen).map(({ role }) => role);
    return chosen.length === roles.length ? '' : ` of ${formatList(chosen)}`;
}
/** What they run, if that is one thing and is told. */
function standing_words_nameOf(instances, otherwise) {
    const names = new Set(instances.map(({ now }) => now));
    const [name] = names;
    return names.size === 1 && name ? name : otherwise;
}
/** "domains 0 and 1 run 2.0.0, domains 2, 3 and 4 run 1.0.0, domain 5 is mixed (2.0.0 × 1, 1.0.0 × 2)". */
function standing_words_byDomain(service) {
    const groups = Map.groupBy(service.domains, versionOfDomain);
    const whole = [...groups].filter(([runs]) => runs !== null);
    const split = groups.get(null) ?? [];
    return [
        ...whole.map(([runs, domains]) => `${domainNumbers(domains)} ${domains.length > 1 ? 'run' : 'runs'} ${runs}`),
        ...split.map((domain) => isSilent(domain)
            ? `what ${domainNumbers([domain])} runs is not told`
            : `${domainNumbers([domain])} is mixed (${tally(domain)})`),
    ].join(', ');
}
/** A cloud service's, of which a walk was begun and no end was seen. */
function isSilent({ instances }) {
    return instances.every(({ runs }) => runs === 'unknown');
}
/** Null where not all its instances run one of the two versions. */
function versionOfDomain({ instances }) {
    const [runs, ...others] = new Set(instances.map((instance) => instance.runs));
    if (others.length > 0 || (runs !== 'target' && runs !== 'previous'))
        return null;
    return standing_words_nameOf(instances, runs === 'target' ? NEW_VERSION : VERSION_BEFORE);
}
function domainNumbers(domains) {
    const numbers = [...new Set(domains.map(({ domain }) => String(domain)))];
    return `domain${numbers.length > 1 ? 's' : ''} ${formatList(numbers)}`;
}
/** "2.0.0 × 1, 1.0.0 × 2". */
function tally({ instances }) {
    const groups = Map.groupBy(instances, ({ now, runs }) => now ?? OTHERWISE[runs]);
    return [...groups].map(([version, some]) => `${version} × ${some.length}`).join(', ');
}
const OTHERWISE = {
    target: NEW_VERSION,
    previous: VERSION_BEFORE,
    other: 'neither version',
    unknown: 'not told',
};
function unexplainedWords(instances) {
    const told = (runs, words) => {
        const names = instances.filter((one) => one.runs === runs).map(({ role, id }) => `${role}/${id}`);
        if (names.length === 0)
            return [];
        return [`${formatList(names)} ${names.length === 1 ? 'runs' : 'run'} ${words}`];
    };
    return [...told('other', 'neither version'), ...told('unknown', 'what nothing tells')].join(', ');
}

;// CONCATENATED MODULE: ./lib/phases/service/service-verdict.js





/** Composes headline and next steps from what is known at the end of a run. */
function serviceVerdict(facts) {
    const remarks = remarksOn(facts);
    return { headline: headline(facts), next: whatNext(facts), ...(remarks.length > 0 ? { remarks } : {}) };
}
function headline(facts) {
    const { result, phases, error, changed } = facts;
    const what = phases.join(', ');
    const why = (0,phases_verdict/* firstSentence */.qi)(error);
    const now = sentence(nowWords(facts));
    switch (result) {
        case 'succeeded':
            return (0,report_parts/* onlyLooks */.V8)(phases) ? `${(0,phases_verdict/* lookedWords */.QL)(facts.failing)} ${now}` : succeeded(facts);
        case 'nothing-to-do':
            return `Nothing to do for ${what}${facts.notes[0] ? `: ${facts.notes[0]}` : ''}. ${now}`;
        case 'rolled-back':
            return `Rolled back: ${why}; ${againWords(facts)}${lowestOf(facts)}.`;
        case 'rollback-failed':
            return phases.includes('rollback')
                ? `THE ROLLBACK FAILED: ${why}. ${now}`
                : `${sentence(what).slice(0, -1)} failed AND THE ROLLBACK FAILED: ${why}. ${now}`;
        case 'held':
            return `Held: ${why}; ${nowWords(facts)}.`;
        case 'refused':
            if ((0,report_parts/* onlyLooks */.V8)(phases) && facts.failing.length > 0)
                return `${(0,phases_verdict/* lookedWords */.QL)(facts.failing)} ${now}`;
            if (error?.reason === 'cancelled' && !changed)
                return `Cancelled before anything was changed. ${now}`;
            return `${sentence(what).slice(0, -1)} was refused, ${changed ? 'after what is told below was done' : 'nothing was changed'}: ${(0,phases_verdict/* stopped */.ce)(why)} ${now}`;
    }
}
function succeeded(facts) {
    const { lastPhase, state, service, usersOn } = facts;
    const now = nowWords(facts);
    switch (lastPhase) {
        case 'prepare':
            return `Prepared: no instance was touched; ${now}.`;
        case 'rollback':
            return usersOn === null ? `Rolled back: ${againWords(facts)}${lowestOf(facts)}.` : `Went back: ${now}.`;
        case 'switch':
            return `Switched: ${now}.`;
        case 'cleanup':
            return `Cleaned up, the way back is gone: ${now}.`;
        default:
            if (state === 'updated' && service) {
                return `Updated: ${extentWords(service)} run ${newVersionOf(service)}${lowestOf(facts)}.`;
            }
            return `${walkedWords(service)}: ${now}${lowestOf(facts)}.`;
    }
}
/** What a run of a walk that is not at its end has done. */
function walkedWords(service) {
    const walked = service?.walk.filter(({ outcome }) => outcome === 'good') ?? [];
    return walked.length === 0 ? 'Updated' : `Updated ${domainNumbers(walked)}`;
}
/** Without capital and full stop. */
function nowWords(facts) {
    return [versionsNow(facts), ...absentNow(facts), ...otherRunNow(facts)].join('; ');
}
/** What the error says it does not say again. */
function absentNow({ absent, error }) {
    const message = error?.message ?? '';
    const untold = absent.filter(({ key }) => !message.includes(key));
    return untold.length === 0 ? [] : [absentWords(untold)];
}
function otherRunNow({ otherRun, error }) {
    if (otherRun === null || error?.message.includes(otherRun.holder))
        return [];
    return [`another run has the service: ${otherRun.holder}, until ${otherRun.until}`];
}
function versionsNow({ state, service, usersOn, lastPhase }) {
    if (service === null)
        return 'what the instances run now could not be read';
    const stands = standingWords(service);
    if (usersOn !== null) {
        const updated = service.roles[0]?.resource ?? 'the service that is updated';
        return usersOn === updated
            ? `users are on ${usersOn}, where ${stands}`
            : `users are on ${usersOn}; on ${updated} ${stands}`;
    }
    if (areBothThere(service))
        return `${stands}; users are served by both versions`;
    return state === 'prepared' && lastPhase !== 'prepare' ? `${stands}; ${service.progress}` : stands;
}
function againWords(facts) {
    const isBack = facts.state === 'not-prepared' && facts.service !== null && isNamed(facts.service);
    const versions = `${versionsNow(facts)}${isBack ? ' again' : ''}`;
    return [versions, ...absentNow(facts), ...otherRunNow(facts)].join('; ');
}
/** Of the service that users are on: one that they are not on may be down as it likes. */
function lowestOf({ service, usersOn }) {
    return usersOn === null && service !== null ? lowestWords(service) : '';
}
function sentence(words) {
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
function whatNext(facts) {
    const { error, also, result, failing } = facts;
    const guards = failing.map(({ advice }) => advice).filter((advice) => advice !== '');
    const all = [...(error?.advice ?? guards), ...also.flatMap((one) => [one.message, ...one.advice])];
    // Said below with the inputs to give, and only where the update is still in progress.
    const told = all.filter((line) => !goOnOrBack().includes(line));
    // What a refusal advises comes instead of what is usual, and not before it.
    const usual = result === 'refused' && told.length > 0 ? [] : usualNext(facts);
    return [...new Set([...told, ...lookAtAbsent(facts, told), ...usual])];
}
/** The commands, where the error does not have them already. */
function lookAtAbsent({ absent, lookAt, result }, told) {
    const untold = lookAt.filter((line) => !told.join('\n').includes(line));
    if (untold.length === 0 || result === 'refused')
        return [];
    const more = absent.length > lookAt.length ? `, the first ${lookAt.length} of ${absent.length}` : '';
    return [[`Look at what is not in service${more}:`, ...untold].join('\n')];
}
function usualNext(facts) {
    const { state, isOneDomainARun, isWrittenDown, service, lastPhase, result, otherRun } = facts;
    if (otherRun !== null) {
        return [
            `Wait until the other run, ${otherRun.holder}, has ended, and look at its summary; then phase: status. It has the service until ${otherRun.until}, unless it renews that.`,
        ];
    }
    if (result === 'rollback-failed')
        return ['To try the way back again: phase: rollback.'];
    const goOn = isOneDomainARun ? 'phase: upgrade, domain: next' : 'phase: upgrade';
    switch (state) {
        case 'not-prepared':
            return lastPhase === 'cleanup'
                ? []
                : ['For an update run phase: prepare, upgrade. Or first phase: plan, which says what it would do.'];
        case 'prepared':
            return [`To begin: ${goOn}.`, 'To give it up, with no instance touched: phase: rollback.'];
        case 'in-progress':
            return [goOnWords(facts), 'To go back, domain by domain in reverse order: phase: rollback.'];
        case 'going-back':
            return ['To finish the way back: phase: rollback.'];
        case 'updated':
            return isWrittenDown
                ? [`To finish: ${goOn}. It verifies every instance, and takes the update off the record.`]
                : [`To go back from here: ${anewWords(service)}, and run phase: prepare, upgrade.`];
        case 'upgraded':
            return [
                'To move users to the new version: phase: switch.',
                'To give it up: phase: rollback; users stay where they are.',
            ];
        case 'switched':
            return [
                'When the new version has proven itself: phase: cleanup; after it there is no way back by a swap.',
                'To move users back: phase: rollback.',
            ];
        case 'unknown':
            return service === null
                ? ['When Azure answers again: phase: status.']
                : ['Which instances differ, and how to bring them to one version: phase: plan.'];
    }
}
/** A run that only looks does not know whether the one before was asked for one domain. */
function goOnWords({ mode, result, isOneDomainARun, phases }) {
    if (mode === 'manual') {
        return 'To go on: phase: upgrade, domain: next. Without domain too it is the next one only (walk: {mode: manual}).';
    }
    const every = 'every domain that is left, one after the other';
    return result === 'held' && !isOneDomainARun && !(0,report_parts/* onlyLooks */.V8)(phases)
        ? `To go on: phase: upgrade, which walks ${every}. For the next one only: phase: upgrade, domain: next.`
        : `To go on: phase: upgrade, domain: next. Without domain: ${every}.`;
}
function anewWords(service) {
    const name = service && versionToGoBackTo(service);
    const which = name ? `${name}, the version before,` : 'the version before';
    return `configure ${which} as the new one`;
}
/** What is to be known, and nothing to be done. */
function remarksOn({ result, lastPhase, service }) {
    const finished = result === 'succeeded' && lastPhase === 'cleanup' ? ['The update is finished.'] : [];
    return [...finished, ...whatIsHeld(service)];
}
function whatIsHeld(service) {
    if (!service || service.held.length === 0)
        return [];
    return [`Until the update has come to its end these are switched off: ${service.held.join('; ')}.`];
}

;// CONCATENATED MODULE: ./lib/service/capacity.js
const TELLING = ['healthy', 'unhealthy', 'initializing'];
/** @param looks oldest first */
function capacityOf(looks) {
    const all = looks.flatMap(({ instances }) => instances);
    const telling = new Set(all.filter(({ health }) => TELLING.includes(health)).map(({ role }) => role));
    const isInService = ({ role, powerState, health }) => powerState === 'running' && (health === 'healthy' || !telling.has(role));
    const roles = [...new Set(all.map(({ role }) => role))].map((role) => {
        const own = looks.map(({ at, instances }) => ({
            at,
            instances: instances.filter((instance) => instance.role === role),
        }));
        return { role, by: telling.has(role) ? 'health' : 'power', ...seriesOf(own, isInService) };
    });
    return { ...seriesOf(looks, isInService), roles };
}
function seriesOf(looks, isInService) {
    const series = looks.map(({ at, instances }) => ({
        at,
        inService: instances.filter(isInService).length,
        instances: instances.length,
    }));
    return { series, lowest: capacity_lowestOf(series) };
}
function capacity_lowestOf(series) {
    const least = Math.min(...series.map(({ inService }) => inService));
    const from = series.findIndex(({ inService }) => inService === least);
    const first = series[from];
    if (first === undefined)
        return null;
    const until = series.slice(from).find(({ inService }) => inService !== least);
    return { ...first, until: until?.at ?? null };
}

;// CONCATENATED MODULE: ./lib/phases/service/service-views.js



function roleViews({ look }) {
    return look.roles.map(({ role, resource, placement, minimum, chosen, instances }) => ({
        role,
        resource,
        instances: instances.length,
        placement,
        minimumHealthy: minimumInWords(minimum),
        chosen,
    }));
}
function minimumInWords(minimum) {
    return minimum.kind === 'count' ? String(minimum.count) : `${minimum.percent} %`;
}
/**
 * @param first the first look of the run, by which it is known what instances ran before the update
 * @param isOfUpdate whether some look of the run has found an update written down
 */
function domainViews(now, first, isOfUpdate = false) {
    // After a swap has been cleaned up it is the other of two services that is looked at.
    const before = isSameService(now, first) ? first : now;
    const called = callerOf(isOfUpdate, now, first);
    const ranBefore = new Map(before.spread.domains.flatMap(({ instances }) => instances.map((instance) => [keyOf(instance), called(nameBefore(instance, before))])));
    const states = new Map(now.progress.domains.map(({ domain, state }) => [domain, state]));
    return now.spread.domains.map(({ number, instances }) => ({
        domain: number,
        state: states.get(number) ?? 'in-flight',
        instances: instances.map((instance) => ({
            ...instanceView(instance, now),
            before: ranBefore.get(keyOf(instance)) ?? null,
            now: called(service_views_nameOf(instance, now)),
        })),
    }));
}
function isSameService(one, other) {
    const names = ({ look }) => look.resources.map(({ name }) => name).join();
    return names(one) === names(other);
}
/** What was never updated as far as is known runs no "version before". */
function callerOf(wasWrittenDown, ...looks) {
    const isOfUpdate = wasWrittenDown ||
        looks.some(({ look, progress }) => look.record !== null || progress.instances.target.length > 0);
    return (name) => (name === VERSION_BEFORE && !isOfUpdate ? VERSION_THAT_RUNS : name);
}
/** What has the new version, or a part of it, ran the one before when the update that is written down was begun. */
function nameBefore(instance, observed) {
    const version = versionOf(instance, observed);
    const isWalked = version === 'target' || version === 'unknown';
    if (observed.look.record === null || !isWalked)
        return service_views_nameOf(instance, observed);
    return versionName(instance, 'previous', observed.update);
}
/** Where it could not be read afterwards: which instances there were, and of what they are now nothing. */
function domainViewsUnread(before) {
    const called = callerOf(false, before);
    return before.spread.domains.map(({ number, instances }) => ({
        domain: number,
        state: 'in-flight',
        instances: instances.map((instance) => ({
            role: instance.role,
            id: instance.id,
            before: called(nameBefore(instance, before)),
            now: null,
            runs: 'unknown',
            health: 'unknown',
            since: null,
        })),
    }));
}
function instanceView(instance, now) {
    const { role, id, powerState, health, healthAt } = instance;
    const isRunning = powerState === 'running';
    return {
        role,
        id,
        runs: versionOf(instance, now),
        health: isRunning ? health : powerState,
        since: (isRunning && healthAt?.toISOString()) || null,
    };
}
function versionOf(instance, { versions }) {
    return versions.get(keyOf(instance))?.version ?? 'unknown';
}
function service_views_nameOf(instance, observed) {
    return versionName(instance, versionOf(instance, observed), observed.update);
}
/** A chart needs no more. */
const MOST_POINTS = 120;
/** As the looks of a run have seen it; null where there was one at most. */
function capacityView(looks) {
    const { series, lowest, roles } = capacityOf(looks);
    if (series.length < 2 || lowest === null)
        return null;
    return {
        lowest: pointView(lowest),
        series: downsampled(series, MOST_POINTS).map(pointView),
        roles: roles.flatMap(({ role, by, lowest: least }) => least === null ? [] : [{ role, by, lowest: pointView(least) }]),
    };
}
function pointView({ at, inService, instances }) {
    return { at: new Date(at).toISOString(), inService, instances };
}
/**
 * At most so many points: the first, the last, and of each stretch between them the lowest, so that no fall is lost.
 * @param most at least 3
 */
function downsampled(series, most) {
    const [first] = series;
    const last = series.at(-1);
    if (series.length <= most || first === undefined || last === undefined)
        return [...series];
    const between = series.slice(1, -1);
    const stretch = between.length / (most - 2);
    const lowest = Array.from({ length: most - 2 }, (_, at) => between
        .slice(Math.floor(at * stretch), Math.floor((at + 1) * stretch))
        .reduce((least, point) => (point.inService < least.inService ? point : least)));
    return [first, ...lowest, last];
}

;// CONCATENATED MODULE: ./lib/phases/service/service-report-of-run.js










/** Looks at the service once more and composes the report. Never throws. */
async function serviceReportOfRun(run, outcome) {
    const { request, context, recorder, before } = run;
    // A run that only looks has just looked.
    const after = ((0,report_parts/* onlyLooks */.V8)(request.phases) && before) || (await lookAgain(run, outcome));
    const known = after ?? before;
    const service = known && (await serviceReport(run, known, after !== null));
    const result = (0,report_parts/* resultOf */.Bg)(request.phases, run.changed, outcome);
    const state = after?.state ?? 'unknown';
    const error = outcome.kind === 'stopped' ? outcome.error : null;
    return {
        schemaVersion: 1,
        product: request.product,
        application: context.config.application,
        topology: request.topology,
        phases: request.phases,
        upgradeId: known?.look.record?.updateId ?? run.updateId,
        runUrl: context.runUrl,
        startedAt: new Date(run.startedAt).toISOString(),
        endedAt: new Date(context.clock.now()).toISOString(),
        result,
        reasonCode: error?.reason ?? null,
        verdict: serviceVerdict({
            result,
            phases: request.phases,
            state,
            service: after && service,
            error,
            also: outcome.kind === 'stopped' ? outcome.also : [],
            changed: recorder.steps.some((step) => step.state === 'done'),
            lastPhase: lastPhase(run),
            notes: run.notes,
            mode: context.config.walk.mode,
            isOneDomainARun: context.config.walk.mode === 'manual' || context.domain !== null,
            isWrittenDown: after !== null && after.look.record !== null,
            usersOn: after && nameOfUsersService(context, after),
            ...whoServes(context, after),
            failing: (run.plan?.guards ?? []).filter(({ verdict }) => verdict === 'fail'),
        }),
        state,
        productionSlot: known && nameOfUsersService(context, known),
        publicName: null,
        before: [],
        after: [],
        steps: [...recorder.steps, ...(0,report_parts/* stepsNotReached */.Lj)(request.phases, recorder, run.topology, outcome)],
        rollback: recorder.rollback,
        readOnly: null,
        plan: (0,report_parts/* planWith */.ap)(run.plan, outcome.kind === 'stopped' ? outcome.guards : []),
        service,
        error: (0,report_parts/* errorOf */.Mz)(outcome),
    };
}
function whoServes(context, after) {
    if (after === null)
        return { absent: [], lookAt: [], otherRun: null };
    const absent = notInService(after);
    const keys = absent.map(({ key }) => key);
    return {
        absent,
        lookAt: lookAtInstances(context.config, after.look, keys),
        otherRun: foreignLease(context, after),
    };
}
function lastPhase({ request: { phases }, recorder }) {
    const last = phases.at(-1) ?? 'status';
    return last === 'rollback'
        ? last
        : (recorder.steps.findLast(({ state }) => state === 'done')?.phase ?? last);
}
/** Of the ten seconds that a runner leaves to a cancelled job: what it has to say comes before what Azure is slow to tell. */
const LOOK_PATIENCE_MS = 3_000;
const ASK_PATIENCE_MS = 1_000;
/** What is asked, or `otherwise` where the job was cancelled and the answer does not come soon. */
async function inTime({ context: { clock }, signal }, asked, patienceMs, otherwise) {
    if (!signal.aborted)
        return asked;
    return Promise.race([asked, clock.sleep(patienceMs).then(() => otherwise)]);
}
function lookAgain(run, outcome) {
    const looked = observeService(run.context).catch((error) => {
        const { message } = (0,as_upgrade_error/* asUpgradeError */.$)(error);
        // What the run has ended with is told as its error.
        const isTold = outcome.kind === 'stopped' && outcome.error.message === message;
        const why = isTold ? 'for the same reason' : message;
        run.context.log.warning(`How the service stands after this run could not be read: ${why}`);
        return null;
    });
    return inTime(run, looked, LOOK_PATIENCE_MS, null);
}
/** @param isNow whether it was looked at just now; else how it stands, and what may be done, is not known. */
async function serviceReport(run, seen, isNow) {
    const { context, before } = run;
    const { target, history } = context;
    const { record } = seen.look;
    const [rollbackAllowed, changed] = await Promise.all([
        isNow ? inTime(run, service_report_of_run_allowedNow(context, seen), ASK_PATIENCE_MS, NOT_ASKED) : NOT_READ,
        // By the first look: after the update nothing is left to be changed.
        inTime(run, changes(context, before ?? seen), ASK_PATIENCE_MS, CHANGES_NOT_READ),
    ]);
    return {
        kind: target.kind,
        roles: roleViews(seen),
        domains: isNow ? domainViews(seen, before ?? seen, run.updateId !== null) : domainViewsUnread(seen),
        progress: isNow
            ? progressWords(seen, nameOfUsersService(context, seen))
            : 'what the instances run now could not be read',
        locked: isNow ? seen.locked : { locked: true, reasons: NOT_READ.refusals },
        rollbackAllowed,
        ...changed,
        held: record ? target.describeHeld(record.held) : [],
        walk: history.walks,
        capacity: capacityView(history.looks),
    };
}
const NOT_READ = {
    allowed: false,
    refusals: ['The service could not be read.'],
};
const NOT_ASKED = {
    allowed: false,
    refusals: ['The job was cancelled before Azure had said whether it is.'],
};
const CHANGES_NOT_READ = {
    changes: [],
    notKnowable: ['The job was cancelled before it was read what the update changes.'],
};
/** The article's flag is of updates that are in progress in place; what phase rollback does elsewhere is said beside it. */
const NOT_OF_THE_FLAG = {
    prepared: 'An update is prepared, and the flag is of one that is in progress. Phase rollback gives it up, with no instance touched.',
    upgraded: 'Every instance of the service that users are not on runs the new version. Phase rollback gives that up.',
    switched: 'Users were moved by a swap. Phase rollback swaps the addresses back.',
};
async function service_report_of_run_allowedNow(context, seen) {
    const instead = NOT_OF_THE_FLAG[seen.state];
    if (instead !== undefined)
        return { allowed: false, refusals: [instead] };
    try {
        const { allowed, refusals } = await rollbackAllowedNow(context, seen);
        return { allowed, refusals: refusals.map(({ message }) => message) };
    }
    catch (error) {
        return { allowed: false, refusals: [`It could not be found out: ${(0,message_of/* messageOf */.b)(error)}`] };
    }
}
async function changes(context, seen) {
    try {
        return await changeViews(context, seen);
    }
    catch (error) {
        return { changes: [], notKnowable: [`What the update changes could not be read: ${(0,message_of/* messageOf */.b)(error)}`] };
    }
}
/** Of the two services of a swap; null in place, and where Azure does not tell. */
function nameOfUsersService({ config }, { look }) {
    const [updated] = look.resources;
    if (config.service.kind !== 'cloud-service' || look.usersOn === null || !updated)
        return null;
    if (look.usersOn === 'this')
        return updated.name;
    const names = [config.service.service, config.service.stagingService];
    return names.find((name) => name !== null && name.toLowerCase() !== updated.name.toLowerCase()) ?? null;
}

;// CONCATENATED MODULE: ./lib/phases/service/service-procedure.js










/**
 * Nothing but what the context holds outlives the procedure.
 * @param lease told when this run takes the service and gives it back
 */
function serviceProcedure(context, lease) {
    return new ServiceProcedure(context, lease);
}
class ServiceProcedure {
    clock;
    #context;
    #lease;
    #before = null;
    #updateId = null;
    #topology = null;
    #plan = null;
    /** Phases that were begun. */
    #begun = 0;
    /** Why the post step could not give the service free, where a right is missing. */
    #refusal = null;
    constructor(context, lease) {
        this.clock = context.clock;
        this.#context = context;
        this.#lease = lease;
    }
    /** What comes after the last phase has nothing left to stop. */
    async cancelledBetween({ request, recorder, signal }) {
        if (this.#begun === request.phases.length)
            return null;
        const changed = recorder.steps.some(({ state }) => state === 'done');
        return (0,phase_outcome/* stopped */.c)(changed ? 'held' : 'refused', (0,as_upgrade_error/* asUpgradeError */.$)(signal.reason));
    }
    async act(phase, run) {
        if (this.#begun++ === 0)
            this.#tellRetirement();
        try {
            // What cannot be read can be given free all the same.
            this.#refusal = isPost(run) ? await giveBackPatiently(this.#acting(run)) : null;
            const observed = await observeService(this.#context);
            this.#before ??= observed;
            this.#updateId = observed.look.record?.updateId ?? this.#updateId;
            return await this.#phase(phase, run, observed);
        }
        catch (error) {
            const changed = run.recorder.steps.some((step) => step.phase === phase && step.state === 'done');
            return (0,phase_outcome/* stopped */.c)(changed ? 'held' : 'refused', (0,as_upgrade_error/* asUpgradeError */.$)(error));
        }
    }
    async #phase(phase, run, observed) {
        const context = this.#context;
        const acting = this.#acting(run);
        switch (phase) {
            case 'status':
                return (0,phase_outcome/* completed */.s)(false);
            case 'plan':
                this.#plan = await planService(context, observed, upgradeDomains(context, observed), run.signal);
                return planned(this.#plan);
            case 'rollback':
                return isPost(run) ? leaveAsItIs(observed, this.#refusal) : actRollback(acting, observed);
            default:
                this.#topology = upgradeDomains(context, observed);
                return actForward(acting, phase, observed);
        }
    }
    #acting({ request, recorder, signal }) {
        return {
            context: this.#context,
            lease: this.#lease,
            recorder,
            signal,
            onFailure: request.onFailure,
        };
    }
    report(run, outcome) {
        const seen = {
            before: this.#before,
            topology: this.#topology,
            plan: this.#plan,
            updateId: this.#updateId,
        };
        return serviceReportOfRun({ ...run, ...seen, context: this.#context }, outcome);
    }
    /** Nothing is kept open. */
    async close() { }
    #tellRetirement() {
        if (this.#context.target.kind !== 'cloud-service')
            return;
        this.#context.log.warning('Azure Cloud Services (extended support) are retired by Microsoft on 2027-03-31: what runs on them then stops. Plan the move to scale sets, which this action updates in the same way.');
    }
}
/**
 * Refused where the update would be: whoever approves it by a green plan must not be misled. Rights are the exception:
 * they are asked of the identity that plans, which may be one that only looks, and the other asks for its own.
 */
function planned({ guards }) {
    const refusal = (0,refusals/* guardRefusal */.sA)(guards.filter(({ reason }) => reason !== 'azure-permission-missing'));
    return refusal ? (0,phase_outcome/* stopped */.c)('refused', refusal, { guards }) : (0,phase_outcome/* completed */.s)(false);
}
/** The step after main, which takes nothing back. */
function isPost({ request }) {
    return request.afterSwitch === 'leave';
}

;// CONCATENATED MODULE: ./lib/service/history.js
function createServiceHistory() {
    const looks = [];
    const walks = [];
    return {
        looks,
        walks,
        looked: (look) => looks.push(look),
        walked: (walk) => walks.push(walk),
    };
}

;// CONCATENATED MODULE: ./lib/service/autoscale-settings.js

const WITHIN_MS = 180_000;
/** One that is so already, or was removed meanwhile, is left as it is. */
async function setAutoscale({ clock, compute }, id, isEnabled) {
    const setting = { id, name: autoscale_settings_nameOf(id), isEnabled: !isEnabled };
    await persist({ clock }, { what: `autoscale setting ${setting.name}`, withinMs: WITHIN_MS }, () => compute.autoscale.setEnabled(setting, isEnabled));
}
/** In words, while it is held. */
function describeAutoscale(id) {
    return `autoscale setting ${autoscale_settings_nameOf(id)}`;
}
const autoscale_settings_nameOf = (id) => id.slice(id.lastIndexOf('/') + 1);

;// CONCATENATED MODULE: ./lib/service/service-configuration.js
// A service configuration (.cscfg), read as far as an update is judged by it: instances, settings, certificates and the
// guest OS of each role. Read with tolerance: what it does not know is compared as text.
/** Null for a text that is no service configuration. */
function readServiceConfiguration(text) {
    const xml = text.replace(/<!--[\s\S]*?-->/g, '');
    const [root] = service_configuration_elements(xml, 'ServiceConfiguration');
    if (root === undefined)
        return null;
    const roles = service_configuration_elements(root.body, 'Role').map(roleOf);
    if (roles.some((role) => role === null))
        return null;
    const [network] = service_configuration_elements(root.body, 'NetworkConfiguration');
    return {
        osFamily: root.attributes.get('osFamily') ?? null,
        osVersion: root.attributes.get('osVersion') ?? null,
        roles: roles.filter((role) => role !== null),
        network: (network?.body ?? '').replace(/\s+/g, ' ').replaceAll('> <', '><').trim(),
    };
}
const ROLE = /<(?:\w+:)?Role\s[^>]*>[\s\S]*?<\/(?:\w+:)?Role\s*>/g;
const COUNT = /(<(?:\w+:)?Instances\s[^>]*?\bcount\s*=\s*["'])\d+/;
/** The text with at least so many instances of roles, by their names in lower case. */
function withInstances(text, least) {
    return text.replace(ROLE, (written) => {
        const [element] = service_configuration_elements(written, 'Role');
        const role = element === undefined ? null : roleOf(element);
        const wanted = least.get(role?.name.toLowerCase() ?? '') ?? 0;
        return wanted > (role?.instances ?? wanted) ? written.replace(COUNT, `$1${wanted}`) : written;
    });
}
function roleOf({ attributes, body }) {
    const name = attributes.get('name');
    if (!name)
        return null;
    const written = service_configuration_elements(body, 'Instances')[0]?.attributes.get('count') ?? '';
    return {
        name,
        instances: /^\d+$/.test(written) ? Number(written) : null,
        settings: pairs(body, 'Setting', 'value'),
        certificates: pairs(body, 'Certificate', 'thumbprint'),
    };
}
function pairs(body, tag, value) {
    return new Map(service_configuration_elements(body, tag).map(({ attributes }) => [attributes.get('name') ?? '', attributes.get(value) ?? '']));
}
/** All elements of a tag, with any namespace prefix; none of the tags here is ever inside one of its own. */
function service_configuration_elements(xml, tag) {
    const attributes = `((?:\\s+[\\w:.-]+\\s*=\\s*(?:"[^"]*"|'[^']*'))*)`;
    const pattern = new RegExp(`<(?:\\w+:)?${tag}${attributes}\\s*(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${tag}\\s*>)`, 'g');
    return [...xml.matchAll(pattern)].map(([, head = '', body = '']) => ({
        attributes: attributesOf(head),
        body,
    }));
}
function attributesOf(head) {
    const found = head.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
    return new Map([...found].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]));
}
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
function decoded(text) {
    return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|amp|lt|gt|quot|apos);/gi, (whole, name) => {
        if (!name.startsWith('#'))
            return ENTITIES[name.toLowerCase()] ?? whole;
        const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/scaled-instances.js

/** The configuration (.cscfg), with as many instances of scaled roles as there are; those of the file where it has more. */
async function withScaledInstances({ compute }, configuration, { id, ref, roles }, held) {
    if (configuration === null)
        return null;
    const isHeld = (setting) => held.autoscale.some((one) => one.toLowerCase() === setting.toLowerCase());
    const scaled = await Promise.all(roles.map(async ({ name, capacity }) => {
        const settings = await compute.autoscale.settingsOf(ref.resourceGroup, `${id}/roles/${name}`);
        const isScaled = settings.some((setting) => setting.isEnabled || isHeld(setting.id));
        return isScaled ? [[name.toLowerCase(), capacity]] : [];
    }));
    return withInstances(configuration, new Map(scaled.flat()));
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./lib/service/cloud-service/cloud-version.js
// A version of a cloud service: its package and its configuration. Azure never shows the package, and neither may be
// stored (the address is signed, settings are secret), so versions are told apart by digests.



const LENGTH = 16;
const NOT_SHOWN = '-';
/** "PACKAGE.CONTENT.COUNTS": the last two are of the configuration, without and with nothing but its instance counts. */
function digestOf({ packageUrl, configuration }) {
    return [packageDigest(packageUrl), ...configurationDigests(configuration)].join('.');
}
/** The package of one version with the configuration of another. */
function withPackageOf(digest, configured) {
    return [cloud_version_partsOf(digest).package, ...configured.split('.').slice(1)].join('.');
}
function hasPackage(digest, packageUrl) {
    return cloud_version_partsOf(digest).package === packageDigest(packageUrl);
}
function samePackage(one, other) {
    return cloud_version_partsOf(one).package === cloud_version_partsOf(other).package;
}
/** Both parts, but for instance counts. */
function sameVersion(one, other) {
    const [first, second] = [cloud_version_partsOf(one), cloud_version_partsOf(other)];
    return first.package === second.package && first.content === second.content;
}
/**
 * Whether a configuration says what the version's does, but for instance counts, which autoscale changes too. True where
 * one of the two is not known: that is no evidence of a change.
 */
function hasContent(digest, configuration) {
    const [wanted, found] = [cloud_version_partsOf(digest).content, configurationDigests(configuration)[0]];
    return wanted === found || wanted === NOT_SHOWN || found === NOT_SHOWN;
}
function cloud_version_partsOf(digest) {
    const [name = '', content = NOT_SHOWN] = digest.split('.');
    return { package: name, content };
}
/** The signature of an address is another one each time. */
function packageDigest(url) {
    return sha256(url.split('?')[0] ?? url);
}
/** By what it says, not by its white space: Azure may write it in another way than it was sent. */
function configurationDigests(text) {
    if (text === null)
        return [NOT_SHOWN, NOT_SHOWN];
    const read = readServiceConfiguration(text);
    if (read === null)
        return [sha256(text.replace(/\s+/g, ' ').trim()), NOT_SHOWN];
    const roles = read.roles.toSorted((one, other) => compareTexts(cloud_version_nameOf(one), cloud_version_nameOf(other)));
    const content = [read.osFamily, read.osVersion, read.network, roles.map(contentOf)];
    const counts = roles.map((role) => [cloud_version_nameOf(role), role.instances]);
    return [sha256(JSON.stringify(content)), sha256(JSON.stringify(counts))];
}
const cloud_version_nameOf = ({ name }) => name.toLowerCase();
function contentOf(role) {
    const sorted = (map) => [...map].toSorted(([one], [other]) => compareTexts(one, other));
    return [cloud_version_nameOf(role), sorted(role.settings), sorted(role.certificates)];
}
function sha256(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex').slice(0, LENGTH);
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/version-files.js
// The files that are a version of the service: the package by its address, the configuration (.cscfg) in the workspace.


/** A file that cannot be read has no configuration; `missing` says so. */
async function versionFiles({ service, readFile }, which) {
    const isTarget = which === 'target';
    const file = isTarget
        ? service.configurationFile
        : (service.previousConfigurationFile ?? service.configurationFile);
    const configuration = await readFile(file).catch(() => null);
    return { packageUrl: isTarget ? service.packageUrl : service.previousPackageUrl, configuration, file };
}
/** What stands in the way of writing this version, each in a sentence. */
async function missingOf(parts, { cloud }, which) {
    const files = await versionFiles(parts, which);
    if (cloud === null)
        return ['The update that is written down is not of a cloud service.'];
    const read = files.configuration === null ? null : readServiceConfiguration(files.configuration);
    if (read === null) {
        return [`${files.file} cannot be read, or is no service configuration (.cscfg).`];
    }
    return [...differences(files, cloud[which], which), ...rolesMissing(parts, files.file, read.roles)];
}
function differences(files, digest, which) {
    const { packageUrl, file, configuration } = files;
    if (which === 'target') {
        const isSame = digestOf(files) === digest;
        return isSame ? [] : [`The package, or ${file}, is not the one that the update in progress is to.`];
    }
    return [
        ...(hasPackage(digest, packageUrl)
            ? []
            : [
                '"previous-package" names another package than the one that this product has written to the service before.',
            ]),
        ...(hasContent(digest, configuration)
            ? []
            : [
                `${file} is not the configuration of the version before. "previous-configuration" has to name the .cscfg that runs before the update: Azure shows it only until the new one is written, and it is stored nowhere, since it may hold secrets.`,
            ]),
    ];
}
function rolesMissing({ service }, file, roles) {
    const names = roles.map(({ name }) => name.toLowerCase());
    return service.roles
        .filter(({ name }) => !names.includes(name.toLowerCase()))
        .map(({ name }) => `${file} has no role ${name}.`);
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/core-need.js
// Cores that a version needs beyond what is in use, by the instance counts of its configuration. A size stands in the
// package, where nobody can read it: that of today is reckoned with.




/** Null where the files, a size or the usage cannot be read, and where a role is new. */
async function coreNeed(parts, service, which, held) {
    const files = await versionFiles(parts, which);
    const configuration = await withScaledInstances(parts, files.configuration, service, held);
    const configured = configuration === null ? null : readServiceConfiguration(configuration);
    if (configured === null)
        return null;
    const counts = new Map(configured.roles.map(({ name, instances }) => [name.toLowerCase(), instances]));
    const known = service.roles.map(({ name }) => name.toLowerCase());
    if ([...counts.keys()].some((name) => !known.includes(name)))
        return null;
    try {
        const more = await Promise.all(service.roles.map(async ({ name, skuName, capacity }) => {
            const cores = await parts.compute.scaleSets.coresOf(skuName, service.location);
            const wanted = counts.get(name.toLowerCase()) ?? 0;
            return cores === null ? null : (wanted - capacity) * cores;
        }));
        if (more.includes(null))
            return null;
        const usage = await parts.compute.scaleSets.coreUsage(service.location);
        return { more: more.reduce((sum, each) => sum + (each ?? 0), 0), usage };
    }
    catch (error) {
        if (error instanceof errors/* AzureError */.M6 && error.status === 403)
            return null;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/service/resource-not-found.js
// A resource of the service that is not there. Its subscription is named: the wrong one is what it mostly is.



/** @param list the words of the command that lists what there is. */
function resourceNotFound(what, { subscriptionId, resourceGroup }, list) {
    const shown = azFor((0,resource_id/* resourceGroupPath */.d)(subscriptionId, resourceGroup), ...[...list, '--resource-group', resourceGroup, '--output', 'table']);
    return new reasons/* UpgradeError */.fy('resource-not-found', `There is no ${what} in resource group ${resourceGroup} of subscription ${subscriptionId}.`, {
        advice: [`Check the names in the configuration, and the input subscription-id, against: ${shown}`],
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/service-pair.js





/** Asked before every write, so that a run that has lost its lease does nothing any more. */
function refuseForeign({ ours, clock }, service) {
    refuseForeignLease(claimed(service), ours.lease?.run ?? null, clock.now());
    refuseOvertaken(claimed(service), ours.lease, clock.now());
}
function claimed({ id, ref, tags }) {
    return { what: `cloud service ${ref.name}`, id, tags };
}
/** Of Resource Manager: an operation is under way. */
const IN_TRANSITION = ['creating', 'updating', 'deleting'];
function isInTransition({ provisioningState }) {
    return IN_TRANSITION.includes(provisioningState.toLowerCase());
}
/** Throws 'resource-not-found', and 'production-slot-unclear' where nothing tells which one users are on. */
async function readPair(parts) {
    const [first, second] = await Promise.all(refsOf(parts).map((ref) => readService(parts, ref)));
    if (first === undefined)
        throw new RangeError('a configuration names a cloud service');
    if (second === undefined)
        return { subject: first, record: recordOfTags(first.tags), partner: null };
    const subject = subjectOf(first, second);
    return { subject, record: recordOfTags(subject.tags), partner: subject === first ? second : first };
}
/** Of the configuration, in the order in which they are written: two runs never have one each. */
function refsOf({ service }) {
    const names = [service.service, ...(service.stagingService === null ? [] : [service.stagingService])];
    return names
        .toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
        .map((name) => ({ resourceGroup: service.resourceGroup, name }));
}
async function readService({ compute, subscriptionId }, ref) {
    const service = await compute.cloudServices.get(ref);
    if (service !== null)
        return service;
    const listed = ['resource', 'list', '--resource-type', 'Microsoft.Compute/cloudServices'];
    const place = { ...ref, subscriptionId };
    throw resourceNotFound(`cloud service (extended support) ${ref.name}`, place, listed);
}
/** An update that is written down counts before the slots: after the swap users are on the service that it updated. */
function subjectOf(one, other) {
    const recorded = [one, other].filter(({ tags }) => recordOfTags(tags) !== null);
    const [alone, ...others] = recorded.length > 0 ? recorded : [one, other];
    if (alone !== undefined && others.length === 0)
        return alone;
    if (one.slotType === 'Staging' || other.slotType === 'Production')
        return one;
    if (other.slotType === 'Staging' || one.slotType === 'Production')
        return other;
    throw new reasons/* UpgradeError */.fy('production-slot-unclear', `Azure does not tell which of ${one.ref.name} and ${other.ref.name} is in the slot Production: it is not known which one users are on, so neither is updated.`, {
        advice: [
            `See what Azure says of its slot: ${(0,command_line/* command */.G5)('az', 'rest', '--method', 'get', '--url', `${one.id}/providers/Microsoft.Network/cloudServiceSlots/swap?api-version=2026-01-01`)}`,
            'Both have to be made as a pair: the second one with networkProfile.swappableCloudService.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/held-autoscale.js
// Autoscale of a cloud service's roles: it would write the service while it is updated.



/** Of both services where they are swapped: a swap that meets the scaling of one breaks both for good. */
async function findAutoscale(parts) {
    const { subject, partner } = await readPair(parts);
    const roles = [subject, ...(partner === null ? [] : [partner])].flatMap(({ id, ref, roles }) => roles.map(({ name }) => ({ id: `${id}/roles/${name}`, resourceGroup: ref.resourceGroup })));
    const settings = await Promise.all(roles.map(({ id, resourceGroup }) => parts.compute.autoscale.settingsOf(resourceGroup, id)));
    const enabled = settings.flat().filter(({ isEnabled }) => isEnabled);
    return { ...NOTHING_HELD, autoscale: [...new Set(enabled.map(({ id }) => id))] };
}
/** A setting has no lease of its own: the service says whether it is still this run's to write. */
async function setScaling(parts, { autoscale }, isEnabled) {
    for (const id of autoscale) {
        refuseForeign(parts, (await readPair(parts)).subject);
        await setAutoscale(parts, id, isEnabled);
    }
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/watched-walks.js
function createWatchedWalks() {
    const states = new Map();
    return {
        watch: async (domain, walk) => {
            states.set(domain, 'under-way');
            try {
                await walk();
                states.set(domain, 'finished');
            }
            catch (error) {
                // It may go on: nobody has seen its end.
                states.delete(domain);
                throw error;
            }
        },
        unfinished: (record, isBusy) => {
            const last = new Map(record.map(({ domain, state }) => [domain, state]));
            const begun = [...last].filter(([domain, state]) => isBusy && state === 'begun' && !states.has(domain));
            const underWay = [...states].filter(([, state]) => state === 'under-way');
            return new Set([...begun, ...underWay].map(([domain]) => domain));
        },
    };
}
/** The state is as it is at this look, where Azure names no time and no walk can have made it old. */
function withHealthTime(instance, unfinished, at) {
    const { healthAt, updateDomain } = instance;
    if (healthAt !== null || updateDomain === null || unfinished.has(updateDomain))
        return instance;
    return { ...instance, healthAt: new Date(at) };
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/look-at-service.js



/** Of a role that the configuration does not name, and that is walked all the same: the platform knows no other way. */
const ALL = { kind: 'percent', percent: 100 };
/** Throws 'resource-not-found' and 'production-slot-unclear'. */
async function lookAtService(parts, walks) {
    const at = parts.clock.now();
    const pair = await readPair(parts);
    const { subject, record, partner } = pair;
    const unfinished = walks.unfinished(record?.walk ?? [], isInTransition(subject));
    const instances = await parts.compute.cloudServices.listInstances(subject);
    const timed = instances.map((instance) => withHealthTime(instance, unfinished, at));
    const look = {
        at,
        roles: look_at_service_rolesOf(parts, subject, timed),
        resources: [subject, ...(partner === null ? [] : [partner])].map(({ ref, provisioningState }) => ({
            name: ref.name,
            provisioningState,
            platformUpgrade: null,
        })),
        record,
        lease: lastLease(pair),
        usersOn: usersOn(pair),
    };
    return { look, subject };
}
/** Both have one; where a run was killed between the two, the one that binds longer. */
function lastLease({ subject, partner }) {
    const leases = [subject, ...(partner === null ? [] : [partner])].map(({ tags }) => leaseOfTags(tags));
    const [last = null] = leases
        .filter((lease) => lease !== null)
        .toSorted((one, other) => Date.parse(other.until) - Date.parse(one.until));
    return last;
}
function usersOn({ subject, partner }) {
    if (partner === null)
        return null;
    if (subject.slotType === 'Production' || partner.slotType === 'Staging')
        return 'this';
    return subject.slotType === 'Staging' || partner.slotType === 'Production' ? 'other' : null;
}
/** Those of the configuration, then those that it does not name: a walk updates them as well. */
function look_at_service_rolesOf({ service, config }, subject, instances) {
    const { roles: walked } = config.walk;
    const known = service.roles.map(({ name }) => name.toLowerCase());
    const others = subject.roles
        .filter(({ name }) => !known.includes(name.toLowerCase()))
        .map(({ name }) => ({ name, minimumHealthy: ALL, chosen: false }));
    const named = service.roles.map((role) => ({
        ...role,
        chosen: walked.length === 0 || walked.includes(role.name),
    }));
    return [...named, ...others].map(({ name, minimumHealthy, chosen }) => ({
        role: name,
        resource: subject.ref.name,
        placement: 'platform',
        minimum: minimumHealthy,
        chosen,
        instances: instances.filter(({ role }) => role.toLowerCase() === name.toLowerCase()),
        set: null,
        // Of every role instance Azure tells a state.
        tellsHealth: true,
    }));
}

;// CONCATENATED MODULE: ./lib/service/cloud-service-change.js
// The difference between two versions of a cloud service. Azure never shows a package, so what its service definition
// changes (sizes, local storage, endpoints, domains) cannot be read: that is said, not left out.


/** The article's drives of a role: C, D and E (%RoleRoot%). */
const IN_PLACE_DATA = 'drives C and D are kept; the role’s root drive (%RoleRoot%) is destroyed';
const IN_PACKAGE = [
    'Whether the package changes the size of a role: its instances lose their local data, and the size before may not be available any more.',
    'Whether the package makes local storage larger: then the platform does not allow a rollback. Smaller is refused in place, and needs a swap.',
    'Whether the package changes the number or type of endpoints: possible in place, not by a swap.',
    'Whether the package changes the number of upgrade domains: refused in place, and needs a swap.',
];
function changesOfCloudService(before, after) {
    const hasNewPackage = withoutQuery(before.packageUrl) !== withoutQuery(after.packageUrl);
    const code = hasNewPackage ? [changeOf(null, 'code', 'package', { data: IN_PLACE_DATA })] : [];
    const inPackage = hasNewPackage ? IN_PACKAGE : [];
    const [old, wanted] = [before, after].map(({ configuration }) => configuration === null ? null : readServiceConfiguration(configuration));
    if (!old || !wanted) {
        const unread = 'What the configuration changes: one of the two .cscfg is not there, or cannot be read.';
        return { changes: code, notKnowable: [...inPackage, unread] };
    }
    return {
        changes: [...code, ...osChange(old, wanted), ...roleChanges(old, wanted)],
        notKnowable: [
            ...inPackage,
            ...(old.network === wanted.network
                ? []
                : [
                    'Whether Azure makes the change of the network configuration in place: the article does not say.',
                ]),
        ],
    };
}
/** The signature of an address is another one each time. */
const withoutQuery = (url) => url.split('?')[0] ?? url;
function osChange(old, wanted) {
    const words = ({ osFamily, osVersion }) => `family ${osFamily ?? 'chosen by Azure'}, version ${osVersion ?? '*'}`;
    if (words(old) === words(wanted))
        return [];
    const isPinned = old.osVersion !== null && old.osVersion !== '*';
    const wayBack = isPinned
        ? { kind: 'doubtful', words: 'Azure retires guest OS versions: the one before has to be there still' }
        : {
            kind: 'doubtful',
            words: 'the version before was Azure’s choice: what it chooses then may be another',
        };
    const what = `guest OS ${words(old)} → ${words(wanted)}`;
    return [changeOf(null, 'operating-system', what, { data: IN_PLACE_DATA, wayBack })];
}
function roleChanges(old, wanted) {
    const named = (roles, { name }) => roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
    const added = wanted.roles.filter((role) => named(old.roles, role) === undefined);
    const removed = old.roles.filter((role) => named(wanted.roles, role) === undefined);
    return [
        ...added.map(({ name }) => changeOf(name, 'roles', 'role added')),
        ...removed.map(({ name }) => changeOf(name, 'roles', 'role removed', {
            data: 'everything on its instances is lost',
            wayBack: scaledDown('its instances are made anew, empty'),
        })),
        ...wanted.roles.flatMap((role) => {
            const before = named(old.roles, role);
            return before === undefined ? [] : changesOfRole(before, role);
        }),
    ];
}
/** The article: after a scale-down others may have taken the cores that the way back needs. */
function scaledDown(words) {
    return { kind: 'doubtful', words: `${words}; the cores for it have to be within the quota then` };
}
function changesOfRole(old, wanted) {
    const settings = cloud_service_change_differences(old.settings, wanted.settings);
    const certificates = cloud_service_change_differences(old.certificates, wanted.certificates);
    const names = [
        ...settings.added.map((name) => `${name} added`),
        ...settings.removed.map((name) => `${name} removed`),
    ];
    const line = (kind, what) => changeOf(wanted.name, kind, what);
    return [
        ...countChange(old, wanted),
        ...(names.length > 0 ? [line('setting-names', `settings ${names.join(', ')}`)] : []),
        ...(settings.changed.length > 0
            ? [line('setting-values', `values of settings ${settings.changed.join(', ')}`)]
            : []),
        ...certificates.added.map((name) => line('certificate-added', `certificate ${name} added`)),
        ...[...certificates.changed, ...certificates.removed].map((name) => line('certificate-changed', `certificate ${name}`)),
    ];
}
function countChange(old, wanted) {
    if (old.instances === wanted.instances)
        return [];
    const words = `instances ${old.instances ?? 'unknown'} → ${wanted.instances ?? 'unknown'}`;
    const isDown = (wanted.instances ?? 0) < (old.instances ?? 0);
    // The article: from one instance to several, Azure brings the service down while it updates it.
    const what = old.instances === 1 ? `${words}; the service is down while that is done` : words;
    return [
        changeOf(wanted.name, 'instance-count', what, {
            ...(isDown
                ? { data: 'lost on the instances that go', wayBack: scaledDown('as many instances are made anew') }
                : {}),
        }),
    ];
}
function cloud_service_change_differences(old, wanted) {
    const shared = [...wanted.keys()].filter((name) => old.has(name));
    return {
        added: [...wanted.keys()].filter((name) => !old.has(name)),
        removed: [...old.keys()].filter((name) => !wanted.has(name)),
        changed: shared.filter((name) => old.get(name) !== wanted.get(name)),
    };
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/service-models.js





/**
 * Which version this product has written to the service last; it stays when the update is finished. Nothing else tells,
 * in the next run, that the package of the configuration runs already.
 */
const VERSION_TAG = 'rolling-upgrade-version';
/** What was, by the service as it stands, and what is to be, by the configuration. */
async function modelsOf(parts, { record }, subject) {
    const files = await versionFiles(parts, 'target');
    const target = digestOf(files);
    const held = record?.held ?? NOTHING_HELD;
    const configuration = await withScaledInstances(parts, files.configuration, subject, held);
    const previous = record?.cloud?.[record.cloud.standing] ?? standingDigest(parts, subject);
    const isTarget = [target, digestOf({ ...files, configuration })].includes(previous);
    return { models: {}, cloud: { previous, target, standing: isTarget ? 'target' : 'previous' } };
}
/** By chosen role; the same for all, since a cloud service is written as a whole. */
function service_models_standingOf({ roles, record }, { cloud }, subject) {
    const standing = cloud === null ? 'other' : record === null ? cloud.standing : standingInUpdate(cloud, subject);
    return new Map(roles.filter(({ chosen }) => chosen).map(({ role }) => [role, standing]));
}
/** Where the service has what this product has written last, but neither version, an earlier target was written over. */
function standingInUpdate(cloud, { configuration, tags }) {
    const written = versionTag(tags) ?? cloud[cloud.standing];
    if (!hasContent(written, configuration))
        return 'other';
    if (sameVersion(written, cloud.target))
        return 'target';
    return sameVersion(written, cloud.previous) ? 'previous' : 'superseded';
}
/** Of the version before, as long as it stands, Azure shows the configuration; later its file has it. */
async function changesOf(parts, subject, { cloud }, held) {
    const [previous, target] = await Promise.all([
        versionFiles(parts, 'previous'),
        versionFiles(parts, 'target'),
    ]);
    const shown = cloud !== null && hasContent(cloud.previous, subject.configuration);
    const hasSamePackage = cloud !== null && samePackage(cloud.previous, cloud.target);
    return changesOfCloudService({
        packageUrl: hasSamePackage ? target.packageUrl : previous.packageUrl,
        configuration: shown ? subject.configuration : previous.configuration,
    }, { ...target, configuration: await withScaledInstances(parts, target.configuration, subject, held) });
}
/** The package is what the last update has left; where somebody has written another configuration since, what the file says. */
function standingDigest({ service }, { configuration, tags }) {
    const shown = digestOf({ packageUrl: service.previousPackageUrl, configuration });
    const written = versionTag(tags);
    return written !== null && hasContent(written, configuration) ? withPackageOf(written, shown) : shown;
}
function versionTag(tags) {
    return Object.entries(tags).find(([name]) => name.toLowerCase() === VERSION_TAG)?.[1] ?? null;
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/swap-mark.js

const SWAP_TAG = 'rolling-upgrade-swap';
/** "10 or more seconds", and what a retry takes. From then on nobody waits for it. */
const SWAP_MS = 2 * 60_000;
/** When a swap that was begun is over at the latest, in milliseconds since the epoch; 0 where none was. */
async function swapEndsAt(parts) {
    const refs = refsOf(parts);
    // In place there is nothing to swap with.
    if (refs.length === 1)
        return 0;
    const services = await Promise.all(refs.map((ref) => readService(parts, ref)));
    return Math.max(...services.map(({ tags }) => swap_mark_endOf(tags)));
}
function swap_mark_endOf(tags) {
    const written = Object.entries(tags).find(([name]) => name.toLowerCase() === SWAP_TAG)?.[1] ?? '';
    const end = Date.parse(written);
    return Number.isNaN(end) ? 0 : end;
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/service-tags.js
// Tags of cloud services, written so that two runs never both believe that a service is theirs. There are no ETags here:
// a write is read back after a pause, which is longer than the gap between another run's look and its write, and the
// one whose lease was written over loses. A write that took longer is met at the next renewal.







const service_tags_WITHIN_MS = 3 * 60_000;
const RELEASE_WITHIN_MS = 60_000;
const GAP_MS = 1_000;
const REST_WITHIN_MS = 60_000;
const REST_INTERVAL_MS = 1_000;
/** As ServiceTarget.claim. Throws 'locked-by-another-run' and 'service-busy'. */
async function claim(parts, lease) {
    parts.ours.lease = lease;
    for (const ref of refsOf(parts))
        await keepOn(parts, ref, lease, () => tagOfLease(lease));
}
/** As ServiceTarget.keep. Throws 'locked-by-another-run', 'overtaken-by-another-run', 'record-not-kept' and 'service-busy'. */
async function keep(parts, lease, record) {
    const { subject } = await readPair(parts);
    parts.ours.lease ??= lease;
    for (const ref of refsOf(parts)) {
        const isSubject = ref.name === subject.ref.name;
        await keepOn(parts, ref, lease, ({ tags }) => ({
            ...(isSubject ? tagsOfRecord(record, tags) : {}),
            ...tagOfLease(lease),
        }));
    }
    parts.ours.lease = lease;
}
/** As ServiceTarget.release. Throws 'service-busy' where it cannot be written now: then the lease lapses. */
async function release(parts, lease) {
    for (const ref of refsOf(parts).toReversed()) {
        if (leaseOfTags((await readService(parts, ref)).tags)?.run !== lease.run)
            continue;
        await refuseDuringSwap(parts);
        await writeTags(parts, {
            ref,
            changes: ({ tags }) => (leaseOfTags(tags)?.run === lease.run ? tagOfLease(null) : {}),
            withinMs: RELEASE_WITHIN_MS,
        });
    }
}
async function keepOn(parts, ref, lease, changes) {
    await untilSwapped(parts);
    const held = leaseOfTags((await readService(parts, ref)).tags);
    await writeTags(parts, {
        ref,
        withinMs: service_tags_WITHIN_MS,
        changes: (service) => {
            refuseForeign(parts, service);
            refuseOtherApplication(claimed(service), lease.application);
            return changes(service);
        },
    });
    if (held?.run === lease.run)
        return;
    await parts.clock.sleep(GAP_MS);
    const now = await readService(parts, ref);
    refuseForeign(parts, now);
}
/** Reads, writes and reads back, until what was to be written is there. */
async function writeTags(parts, { ref, changes, withinMs }) {
    const what = `the tags of cloud service ${ref.name}`;
    await persist(parts, { what, withinMs }, async () => {
        const service = await readService(parts, ref);
        const wanted = changes(service);
        if (areThere(service, wanted))
            return;
        await parts.compute.cloudServices.writeTags(service, wanted);
        const after = await atRest(parts, ref);
        if (!areThere(after, wanted))
            throw notThere(ref);
    });
}
/** Azure calls the write of a tag done, and the service is Updating a little longer: the next write would be refused. */
async function atRest(parts, ref) {
    const until = parts.clock.now() + REST_WITHIN_MS;
    for (;;) {
        const service = await readService(parts, ref);
        if (!isInTransition(service) || parts.clock.now() >= until)
            return service;
        await parts.clock.sleep(REST_INTERVAL_MS);
    }
}
/** A write that meets a swap breaks both services for good. */
async function untilSwapped(parts) {
    const rest = (await swapEndsAt(parts)) - parts.clock.now();
    if (rest > 0)
        await parts.clock.sleep(rest);
}
async function refuseDuringSwap(parts) {
    const end = await swapEndsAt(parts);
    if (end <= parts.clock.now())
        return;
    const until = new Date(end).toISOString();
    throw new reasons/* UpgradeError */.fy('service-busy', `A swap may be under way until ${until}: nothing else may be written to the two cloud services by then.`);
}
function areThere({ tags }, wanted) {
    return Object.entries(wanted).every(([name, value]) => (tags[name] ?? null) === value);
}
function notThere({ name }) {
    return new errors/* AzureError */.M6(`Cloud service ${name} does not have the tags that were written to it.`, {
        status: 412,
        code: null,
        correlationId: null,
        outcomeUnknown: false,
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/swap-addresses.js
// The pivot of `switch: swap`: the two services exchange their addresses.





const MARK_WITHIN_MS = 60_000;
const LOOK_INTERVAL_MS = 2_000;
/**
 * Throws 'service-busy' while another operation is under way, or may be, 'swap-failed' where the two are no pair, and
 * AzureError; its `outcomeUnknown` is true where nobody could see what became of it.
 */
async function swap_addresses_swapAddresses(parts, signal) {
    const pair = await readPair(parts);
    const { subject } = pair;
    refuseForeign(parts, subject);
    await refuseBusy(parts, pair);
    refuseNoPair(pair);
    await mark(parts, subject, new Date(parts.clock.now() + SWAP_MS).toISOString());
    signal.throwIfAborted();
    try {
        await parts.compute.cloudServices.swapAddresses(subject, signal);
    }
    catch (error) {
        await settle(parts, subject, error, signal);
        return;
    }
    await unmark(parts, subject);
}
/** Reads back what became of a swap without an answer. The mark stays: it may still be under way. */
async function settle(parts, before, error, signal) {
    if (!(error instanceof errors/* AzureError */.M6) || !error.outcomeUnknown) {
        await unmark(parts, before);
        throw error;
    }
    const end = parts.clock.now() + SWAP_MS;
    while (!signal.aborted && parts.clock.now() < end) {
        const { slotType } = await readService(parts, before.ref);
        if (slotType !== null && slotType !== before.slotType)
            return;
        await parts.clock.sleep(LOOK_INTERVAL_MS, signal);
    }
    throw error;
}
async function refuseBusy(parts, { subject, partner }) {
    const busy = [subject, partner].find((service) => service !== null && isInTransition(service));
    const end = await swapEndsAt(parts);
    const isSwapping = end > parts.clock.now();
    if (!busy && !isSwapping)
        return;
    const what = busy
        ? `an operation on ${busy.ref.name} is under way (${busy.provisioningState})`
        : `another run has begun a swap, which may be under way until ${new Date(end).toISOString()}`;
    throw new reasons/* UpgradeError */.fy('service-busy', `The addresses were not swapped: ${what}. A swap that meets another operation breaks both services for good.`, { advice: ['Wait until it has ended, then start again.'] });
}
function refuseNoPair({ subject, partner }) {
    const isPair = partner !== null && subject.swappableWith?.toLowerCase() === partner.id.toLowerCase();
    if (isPair && subject.slotType !== null)
        return;
    throw new reasons/* UpgradeError */.fy('swap-failed', `The addresses were not swapped: ${subject.ref.name} ${isPair ? 'does not tell its slot' : `is no pair with ${partner?.ref.name ?? 'another service'}`}.`, { advice: ['Both have to be made as a pair: the second one with networkProfile.swappableCloudService.'] });
}
function mark(parts, { ref }, end) {
    return writeTags(parts, { ref, changes: () => ({ [SWAP_TAG]: end }), withinMs: MARK_WITHIN_MS });
}
/** What became of the swap is known by then; a mark that cannot be taken away lapses by itself. */
async function unmark(parts, service) {
    try {
        await mark(parts, service, null);
    }
    catch (error) {
        if (!(error instanceof errors/* AzureError */.M6 || error instanceof reasons/* UpgradeError */.fy))
            throw error;
    }
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/walk-domain.js
// The walk of a domain: the platform stops its instances of all roles, updates and starts them.


/**
 * As ServiceTarget.walk. A walk whose end was not seen is asked for again once Azure is not busy any more: instances that
 * are up to date are left alone by it.
 */
async function walk_domain_walkDomain(parts, domain, signal) {
    const { compute, config, service } = parts;
    const what = `update domain ${domain} of cloud service ${service.service}`;
    // The walk that a run before has begun may still be under way, for as long as an instance may take to start.
    const withinMs = config.walk.startTimeoutMs;
    await persist(parts, { what, withinMs, signal }, async () => {
        const { subject } = await readPair(parts);
        refuseForeign(parts, subject);
        await compute.cloudServices.walk(subject.ref, domain, signal);
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/write-version.js
// Writes a version to a cloud service. No instance is touched by it: with upgradeMode Manual they wait for the walk of
// their domain. The record goes with it in the same write, so that nobody ever finds the one without the other.









const write_version_WITHIN_MS = 10 * 60_000;
const write_version_WORDS = { target: 'new version', previous: 'version before' };
/**
 * As ServiceTarget.writeModel. Throws 'update-in-progress' (target) or 'rollback-not-allowed' (previous) where the files
 * of the configuration are not this version, and AzureError.
 */
async function writeVersion(parts, record, which, signal) {
    const gaps = await missingOf(parts, record, which);
    if (record.cloud === null || gaps.length > 0)
        throw notWritable(which, gaps);
    const digest = record.cloud[which];
    const written = { ...record, cloud: { ...record.cloud, standing: which } };
    const files = await versionFiles(parts, which);
    const what = `the ${write_version_WORDS[which]} to cloud service ${parts.service.service}`;
    let isAsked = false;
    await persist(parts, { what, withinMs: write_version_WITHIN_MS, signal }, async () => {
        const { subject, record: found } = await readPair(parts);
        refuseForeign(parts, subject);
        // Asked before, and the end was not seen.
        if (isAsked && isWritten(subject, found, written))
            return;
        const configuration = await withScaledInstances(parts, files.configuration, subject, record.held);
        const tags = { ...tagsOfRecord(written, subject.tags), [VERSION_TAG]: digest };
        isAsked = true;
        const change = {
            packageUrl: files.packageUrl,
            configuration: configuration ?? '',
            roles: write_version_rolesOf(configuration, subject),
            tags: changed(subject.tags, tags),
        };
        await parts.compute.cloudServices.update(subject, change, signal).catch((error) => {
            throw which === 'previous' && write_version_isRefusal(error) ? noWayBack(error) : error;
        });
    });
    return written;
}
/** Azure has looked at the version and does not take it, now or later. */
function write_version_isRefusal(error) {
    return error instanceof errors/* AzureError */.M6 && error.status === 400;
}
/** The article: "If the update increases the local resources for a role the Azure platform does not allow rolling back". */
function noWayBack(cause) {
    return new reasons/* UpgradeError */.fy('rollback-not-allowed', `Azure does not take the version before any more: ${cause.message} Where an update has made local resources larger, the platform allows no way back`, {
        cause,
        advice: [
            'Go on: run phase upgrade.',
            'Or put the version before beside this one and exchange their addresses: switch.method: swap, with cloud-service.staging.',
        ],
    });
}
function isWritten({ provisioningState }, found, { updateId, cloud }) {
    const isThere = found?.updateId === updateId && found.cloud?.standing === cloud?.standing;
    return isThere && provisioningState === 'Succeeded';
}
/** The counts are the configuration's own: Azure refuses others unless the service allows it. Sizes are the package's. */
function write_version_rolesOf(configuration, { roles }) {
    const configured = readServiceConfiguration(configuration ?? '')?.roles ?? [];
    return configured.map(({ name, instances }) => {
        const now = roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
        return { name, skuName: now?.skuName ?? '', capacity: instances ?? now?.capacity ?? 1 };
    });
}
function changed(tags, changes) {
    const all = Object.entries({ ...tags, ...changes });
    return Object.fromEntries(all.filter((entry) => entry[1] !== null));
}
function notWritable(which, gaps) {
    return new reasons/* UpgradeError */.fy(which === 'target' ? 'update-in-progress' : 'rollback-not-allowed', `The ${write_version_WORDS[which]} was not written to the cloud service: ${gaps.join(' ') || 'the update that is written down is not of a cloud service.'}`, {
        advice: [
            'Run again with the configuration and the files that the update was begun with (service.cloud-service).',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/service/cloud-service/cloud-service-target.js














function cloudServiceTarget(service, given) {
    const parts = { ...given, service, ours: { lease: null } };
    const walks = createWatchedWalks();
    /** The service as it was in each look: a look itself has no room for it. */
    const seen = new WeakMap();
    const seenIn = (look) => {
        const subject = seen.get(look);
        if (subject === undefined)
            throw new RangeError('a look of another target');
        return subject;
    };
    const names = refsOf(parts).map(({ name }) => name);
    return {
        kind: 'cloud-service',
        what: `cloud service${names.length > 1 ? 's' : ''} ${formatList(names)}`,
        tellsVersions: () => false,
        look: async () => {
            const { look, subject } = await lookAtService(parts, walks);
            seen.set(look, subject);
            return look;
        },
        changes: async (look) => {
            const subject = seenIn(look);
            const models = look.record ?? (await modelsOf(parts, look, subject));
            return changesOf(parts, subject, models, look.record?.held ?? NOTHING_HELD);
        },
        models: (look) => modelsOf(parts, look, seenIn(look)),
        missing: (models, version) => missingOf(parts, models, version),
        cores: (look, _models, version) => coreNeed(parts, seenIn(look), version, look.record?.held ?? NOTHING_HELD),
        claim: (lease) => claim(parts, lease),
        keep: (lease, record) => keep(parts, lease, record),
        release: (lease) => release(parts, lease),
        findAutomation: () => findAutoscale(parts),
        hold: (held) => setScaling(parts, held, false),
        giveBack: (held) => setScaling(parts, held, true),
        describeHeld: ({ autoscale }) => autoscale.map(describeAutoscale),
        writeModel: (record, version, signal) => writeVersion(parts, record, version, signal),
        standing: (look, models) => service_models_standingOf(look, models, seenIn(look)),
        walk: ({ number }, signal) => walks.watch(number, () => walk_domain_walkDomain(parts, number, signal)),
        swap: parts.config.switchMethod === 'swap' ? (signal) => swap_addresses_swapAddresses(parts, signal) : null,
    };
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/parts.js



const refOf = ({ resourceGroup, scaleSet }) => ({
    resourceGroup,
    name: scaleSet,
});
/**
 * The sets by resource id, each once: the first one holds the record. All are of one subscription, so that group and
 * name say it. Whoever takes them in this order never has half of what another has.
 */
function setsInOrder({ service }) {
    const byId = new Map(service.roles.map((role) => [idOf(refOf(role)), refOf(role)]));
    return [...byId].toSorted(([one], [other]) => compareTexts(one, other)).map(([, ref]) => ref);
}
/** Throws 'resource-not-found'. */
async function readSet({ compute, subscriptionId }, ref) {
    const set = await compute.scaleSets.get(ref);
    if (set !== null)
        return set;
    throw resourceNotFound(`scale set ${ref.name}`, { ...ref, subscriptionId }, ['vmss', 'list']);
}
function roleNamed({ service }, name) {
    const role = service.roles.find((each) => each.name === name);
    if (role !== undefined)
        return role;
    throw new reasons/* UpgradeError */.fy('update-in-progress', `The update in progress is also of role ${name}, which the configuration does not have.`, { advice: [`Put role ${name} back into the configuration until the update is finished or rolled back.`] });
}
const idOf = ({ resourceGroup, name }) => `${resourceGroup}/${name}`.toLowerCase();
const WRITE_WITHIN_MS = 300_000;
/**
 * How long a run that has the service waits for Azure to take a write. It takes none while instances are being updated:
 * after a start that timed out they still are, and the way back begins with a write. Milliseconds.
 */
function writeWithinMs({ walk }) {
    return Math.max(WRITE_WITHIN_MS, walk.startTimeoutMs);
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/change-set.js


/**
 * Returns the set as it is then. Throws 'service-busy' where Azure, or somebody else, was at it all the time; else
 * AzureError.
 */
async function changeSet(parts, write) {
    return persist(parts, write, async () => {
        const set = await readSet(parts, write.ref);
        const change = write.change(set);
        return change === null ? set : parts.compute.scaleSets.changeModel(set, change);
    });
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/lease.js





/** A write of tags takes some seconds, and Azure takes none while it writes the set or its instances. */
const CLAIM_WITHIN_MS = 180_000;
/** A lease that is not given back binds others until it ends by itself: not worth a long wait. */
const lease_RELEASE_WITHIN_MS = 60_000;
/** See ServiceTarget.claim. */
function lease_claim(parts, lease) {
    parts.ours.lease = null; // that of an earlier phase is over
    return lease_writeTags(parts, lease, { changes: () => ({}), homeLast: false, withinMs: CLAIM_WITHIN_MS });
}
/** See ServiceTarget.keep. */
function lease_keep(parts, lease, record) {
    return lease_writeTags(parts, lease, {
        changes: ({ ref, tags }, isHome) => ({
            // Where another set was the first by the configuration of that time, the record moves.
            ...tagsOfRecord(isHome ? record : null, tags),
            ...tagOfMark(isHome || isOn(record, parts, ref) ? record : null),
        }),
        // Who finds the record takes away what a run that was killed has left on the others.
        homeLast: record === null,
        withinMs: writeWithinMs(parts.config),
    });
}
async function lease_writeTags(parts, lease, { changes, homeLast, withinMs }) {
    const refs = setsInOrder(parts);
    const sets = await Promise.all(refs.map((ref) => readSet(parts, ref)));
    // Nothing is written on one set while somebody has another.
    for (const set of sets)
        refuseOthers(parts, set, lease);
    const written = [];
    const writeOn = async (ref, isHome) => {
        await changeSet(parts, {
            ref,
            what: `the tags of scale set ${ref.name}`,
            withinMs,
            change: (set) => {
                refuseOthers(parts, set, lease);
                return tagChange(set.tags, { ...changes(set, isHome), ...tagOfLease(lease) });
            },
        });
        written.push(ref);
    };
    try {
        const [home, ...others] = refs;
        const writeHome = async () => {
            if (home !== undefined)
                await writeOn(home, true);
        };
        const writeOthers = () => endOf(others.map((ref) => writeOn(ref, false)));
        // Whoever has the first set has them all: others of this service come to it first.
        const isTaken = sets[0] !== undefined && leaseOfTags(sets[0].tags)?.run === lease.run;
        const inOrder = homeLast && isTaken ? [writeOthers, writeHome] : [writeHome, writeOthers];
        for (const next of inOrder)
            await next();
    }
    catch (error) {
        const wasOurs = (set) => leaseOfTags(set.tags)?.run === lease.run;
        if (!sets.some(wasOurs))
            await lease_takeBack(parts, lease, sets, written);
        throw error;
    }
    parts.ours.lease = lease;
}
/** See ServiceTarget.release. */
async function lease_release(parts, lease) {
    await endOf(setsInOrder(parts).map((ref) => changeSet(parts, {
        ref,
        what: `the tag ${LEASE_TAG} of scale set ${ref.name}`,
        withinMs: lease_RELEASE_WITHIN_MS,
        change: ({ tags }) => leaseOfTags(tags)?.run === lease.run ? tagChange(tags, tagOfLease(null)) : null,
    })));
    parts.ours.lease = null;
}
/**
 * Asked before every write, so that a run that has lost its lease does nothing any more. As refuseForeignLease and
 * refuseOvertaken.
 */
function refuseOthersLease({ ours, clock }, set) {
    refuseForeignLease(lease_claimed(set), ours.lease?.run ?? null, clock.now());
    refuseOvertaken(lease_claimed(set), ours.lease, clock.now());
}
function refuseOthers({ ours, clock }, set, { run, application }) {
    refuseForeignLease(lease_claimed(set), run, clock.now());
    refuseOvertaken(lease_claimed(set), ours.lease, clock.now());
    refuseOtherApplication(lease_claimed(set), application);
}
const lease_claimed = ({ ref, id, tags }) => ({
    what: `scale set ${ref.name}`,
    id,
    tags,
});
function isOn(record, { service }, ref) {
    return service.roles.some(({ name, scaleSet, resourceGroup }) => record?.roles.includes(name) === true &&
        scaleSet.toLowerCase() === ref.name.toLowerCase() &&
        resourceGroup.toLowerCase() === ref.resourceGroup.toLowerCase());
}
/** What a run that did not get all sets has written on some: they are as they were before it came. */
async function lease_takeBack(parts, lease, before, written) {
    const undone = written.map((ref) => changeSet(parts, {
        ref,
        what: `the tags of scale set ${ref.name}`,
        withinMs: lease_RELEASE_WITHIN_MS,
        change: ({ tags }) => {
            if (leaseOfTags(tags)?.run !== lease.run)
                return null;
            return tagChange(tags, ourTagsOf(tags, before.find((set) => set.ref === ref)?.tags ?? {}));
        },
    }));
    // What made it fail is told; a claim that could not be taken back ends by itself.
    await Promise.allSettled(undone);
}
/** Our tags as they were: nulls for those that were not there. */
function ourTagsOf(now, before) {
    const own = (tags) => Object.entries(tags).filter(([name]) => isOurs(name));
    return {
        ...Object.fromEntries(own(now).map(([name]) => [name, null])),
        ...Object.fromEntries(own(before)),
    };
}
/** Null where they are so already. */
function tagChange(tags, changes) {
    const there = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
    const needed = Object.entries(changes).filter(([name, value]) => (there.get(name.toLowerCase()) ?? null) !== value);
    return needed.length === 0 ? null : { tags: Object.fromEntries(needed) };
}

;// CONCATENATED MODULE: ./lib/service/scale-set-change.js


/** What is equal already, or not named in the target, has no line. */
function changesOfScaleSet(role, model, target) {
    return [
        ...imageChange(role, model.image, target.image),
        ...sizeChange(role, model.sku.name, target.size),
        ...Object.entries(target.extensions).flatMap(([name, wanted]) => extensionChange(role, model, name, wanted)),
    ];
}
function imageChange(role, before, after) {
    if (after === null || after.toLowerCase() === before?.toLowerCase())
        return [];
    const what = `image ${shortImage(before)} → ${shortImage(after, before)}`;
    if (!isPinned(after))
        return [changeOf(role, 'image-without-version', what)];
    const data = 'OS disk and temporary disk are lost: instances are made anew from the image; data disks are kept';
    if (!samePublisher(before, after))
        return [changeOf(role, 'image-publisher', what, { data })];
    return [changeOf(role, 'image', what, { data, wayBack: wayBackTo(before) })];
}
function wayBackTo(image) {
    if (image === null || !isPinned(image)) {
        const words = 'the image before names no exact version: nothing says what ran';
        return { kind: 'none', words };
    }
    const words = 'instances are made anew from the image before; it has to be kept, with its replica in the region';
    return { kind: 'possible', words };
}
/** A platform image against a gallery's, or against one of another publisher or offer: refused by the platform. */
function samePublisher(before, after) {
    const origin = (image) => image.startsWith('/') ? '/' : image.split(':').slice(0, 2).join(':').toLowerCase();
    return before === null || origin(before) === origin(after);
}
function sizeChange(role, before, after) {
    if (after === null || after.toLowerCase() === before.toLowerCase())
        return [];
    const data = 'the temporary disk is lost, and an OS disk that is ephemeral; do not count on what is on the OS disk; data disks are kept';
    const words = `needs ${before} to be available where the instances are then, and its cores within the quota`;
    return [
        changeOf(role, 'size', `size ${before} → ${after}`, { data, wayBack: { kind: 'doubtful', words } }),
    ];
}
function extensionChange(role, { extensions }, name, { version, settings }) {
    const before = extensionNamed(extensions, name);
    if (before === null)
        return [changeOf(role, 'extension-missing', `extension ${name}, which is not there`)];
    const hasNewVersion = version !== null && version !== before.typeHandlerVersion;
    const changed = settings === null ? [] : changedMembers(before.settings, settings);
    const what = [
        ...(hasNewVersion ? [`version ${before.typeHandlerVersion} → ${version}`] : []),
        ...(changed.length > 0 ? [`settings ${changed.join(', ')}`] : []),
    ];
    if (what.length === 0)
        return [];
    const words = `the extension before is written again; what it has done on the machine is not undone by that${hasNewVersion ? ', and a handler may refuse to go back to an older version' : ''}`;
    const wayBack = { kind: hasNewVersion ? 'doubtful' : 'possible', words };
    return [changeOf(role, 'extension', `extension ${name}: ${what.join('; ')}`, { wayBack })];
}
/** Their names. */
function changedMembers(before, after) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const valueIn = (record, name) => canonical([Object.hasOwn(record, name), record[name]]);
    return [...names].filter((name) => valueIn(before, name) !== valueIn(after, name)).toSorted();
}
/** The version alone, where the rest is as it was. */
function shortImage(image, besides = image) {
    if (image === null)
        return 'unnamed';
    const version = imageVersion(image);
    if (version === null || besides === null)
        return image;
    const isAlike = withoutVersion(image) === withoutVersion(besides);
    return isAlike ? version : image;
}
function withoutVersion(image) {
    return image.toLowerCase().replace(/[/:][^/:]*$/, '');
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/models.js




/** See ServiceTarget.models. Members that are as they are to be already are in neither. */
function models_modelsOf(parts, look) {
    const models = chosenSets(look).map(({ role, set }) => {
        const target = targetModel(set.model, roleNamed(parts, role).change);
        return [role, patchesBetween(set.model, target)];
    });
    return { models: Object.fromEntries(models), cloud: null };
}
/** See ServiceTarget.changes: of the update that is written down, else of the configuration. */
function models_changesOf(parts, look) {
    const changes = chosenSets(look).flatMap(({ role, set }) => {
        const recorded = look.record?.models[role];
        if (recorded === undefined)
            return changesOfScaleSet(role, set.model, roleNamed(parts, role).change);
        return changesOfScaleSet(role, withPatch(set.model, recorded.previous), targetOf(recorded.target));
    });
    const isOfExtensions = changes.some(({ kind }) => kind === 'extension');
    return { changes, notKnowable: isOfExtensions ? [PROTECTED_SETTINGS] : [] };
}
const PROTECTED_SETTINGS = 'protected settings of extensions: Azure never shows them; they stay as they are, on the way back too';
/** See ServiceTarget.standing. */
function models_standingOf(look, { models }) {
    return new Map(chosenSets(look).map(({ role, set }) => {
        const patches = models[role];
        const has = (patch) => changeTo(set, patch) === null;
        if (patches === undefined || has(patches.target))
            return [role, 'target'];
        return [role, has(patches.previous) ? 'previous' : 'other'];
    }));
}
/** What is to be written so that the set has this; null where it has it. */
function changeTo({ model }, patch) {
    const { image, skuName } = patch;
    const extensions = Object.entries(patch.extensions ?? {}).filter(([name, wanted]) => !sameExtension(extensionNamed(model.extensions, name), wanted));
    const change = {
        ...(image === undefined || sameName(image, model.image ?? '') ? {} : { image }),
        ...(skuName === undefined || sameName(skuName, model.sku.name) ? {} : { skuName }),
        ...(extensions.length === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
    };
    return Object.keys(change).length === 0 ? null : change;
}
/**
 * See ServiceTarget.tellsVersions. An instance tells the version of its image, its size, and the versions of its
 * extensions; settings of extensions are not sure to be told.
 */
function tellsVersions({ models }) {
    return Object.values(models).every(({ previous, target, superseded = [] }) => [previous, ...superseded].every((other) => changesNothing(other, target) || isTold(other, target)));
}
function changesNothing(one, other) {
    return canonical(one) === canonical(other);
}
function isTold(one, other) {
    const versions = [one, other].map(({ image }) => (image === undefined ? null : imageVersion(image)));
    const [oneVersion, otherVersion] = versions;
    if (oneVersion && otherVersion && oneVersion !== otherVersion)
        return true;
    if (one.skuName && other.skuName && !sameName(one.skuName, other.skuName))
        return true;
    return Object.entries(other.extensions ?? {}).some(([name, { typeHandlerVersion }]) => {
        const before = extensionNamed(one.extensions ?? {}, name);
        return before !== null && before.typeHandlerVersion !== typeHandlerVersion;
    });
}
function patchesBetween(before, after) {
    const changed = Object.entries(after.extensions).flatMap(([name, extension]) => {
        const old = before.extensions[name];
        return old === undefined || sameExtension(old, extension) ? [] : [{ name, old, extension }];
    });
    const hasImage = after.image !== null && !sameName(after.image, before.image ?? '');
    const hasSize = !sameName(after.sku.name, before.sku.name);
    const patch = (model, extensions) => ({
        ...(hasImage && model.image !== null ? { image: model.image } : {}),
        ...(hasSize ? { skuName: model.sku.name } : {}),
        ...(extensions.length === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
    });
    return {
        previous: patch(before, changed.map(({ name, old }) => [name, old])),
        target: patch(after, changed.map(({ name, extension }) => [name, extension])),
    };
}
function targetOf({ image, skuName, extensions = {} }) {
    const wanted = Object.entries(extensions).map(([name, { typeHandlerVersion, settings }]) => [name, { version: typeHandlerVersion, settings }]);
    return { image: image ?? null, size: skuName ?? null, extensions: Object.fromEntries(wanted) };
}
function chosenSets({ roles }) {
    return roles.flatMap(({ chosen, role, set, instances }) => chosen && set !== null ? [{ role, set, instances }] : []);
}
function sameExtension(one, other) {
    if (one === null)
        return false;
    const told = ({ typeHandlerVersion, settings }) => canonical([typeHandlerVersion, settings]);
    return told(one) === told(other);
}
function sameName(one, other) {
    return one.toLowerCase() === other.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/automation.js






const automation_WITHIN_MS = 180_000;
/** See ServiceTarget.findAutomation. */
async function findAutomation(parts, look) {
    const chosen = chosenSets(look);
    const settings = await Promise.all(chosen.map(({ set }) => parts.compute.autoscale.settingsOf(set.ref.resourceGroup, set.id)));
    const modes = chosen.flatMap(({ role, set: { upgradeMode } }) => upgradeMode === 'Automatic' || upgradeMode === 'Rolling' ? [[role, upgradeMode]] : []);
    const enabled = settings.flat().filter(({ isEnabled }) => isEnabled);
    return {
        autoscale: [...new Set(enabled.map(({ id }) => id))],
        repairs: chosen.filter(({ set }) => set.automaticRepairs === 'running').map(({ role }) => role),
        modes: Object.fromEntries(modes),
    };
}
/** See ServiceTarget.hold. */
async function hold(parts, held) {
    // Whatever could replace or add instances first.
    await automation_setScaling(parts, held, false);
    for (const role of held.repairs)
        await setRepairs(parts, role, 'suspended');
    for (const role of Object.keys(held.modes)) {
        await changeMode(parts, role, (set) => (set.upgradeMode === 'Manual' ? null : 'Manual'));
    }
}
/** See ServiceTarget.giveBack. What somebody has set meanwhile to something else stays as it is. */
async function automation_giveBack(parts, held) {
    for (const [role, mode] of Object.entries(held.modes)) {
        await changeMode(parts, role, (set) => (set.upgradeMode === 'Manual' ? mode : null));
    }
    for (const role of held.repairs)
        await setRepairs(parts, role, 'running');
    await automation_setScaling(parts, held, true);
}
/** See ServiceTarget.describeHeld. */
function describeHeld(parts, { autoscale, repairs, modes }) {
    const named = (role) => {
        const set = parts.service.roles.find(({ name }) => name === role)?.scaleSet;
        return set === undefined ? role : `${role} (${set})`;
    };
    return [
        ...autoscale.map(describeAutoscale),
        ...repairs.map((role) => `automatic repairs of ${named(role)}`),
        ...Object.entries(modes).map(([role, mode]) => `upgrade mode ${mode} of ${named(role)}`),
    ];
}
/** A setting has no lease of its own: the sets say whether it is still this run's to write. */
async function automation_setScaling(parts, { autoscale }, isEnabled) {
    for (const id of autoscale) {
        for (const ref of setsInOrder(parts))
            refuseOthersLease(parts, await readSet(parts, ref));
        await setAutoscale(parts, id, isEnabled);
    }
}
async function setRepairs(parts, role, state) {
    const ref = refOf(roleNamed(parts, role));
    const what = `the automatic repairs of scale set ${ref.name}`;
    await persist(parts, { what, withinMs: automation_WITHIN_MS }, async () => {
        const set = await readSet(parts, ref);
        if (set.automaticRepairs === 'none')
            return;
        // Of a Flexible set it cannot be read: doing it once more changes nothing.
        if (set.automaticRepairs === state && set.orchestration === 'Uniform')
            return;
        refuseOthersLease(parts, set);
        await parts.compute.scaleSets.setAutomaticRepairs(ref, state);
    });
}
async function changeMode(parts, role, modeFor) {
    const ref = refOf(roleNamed(parts, role));
    await changeSet(parts, {
        ref,
        what: `the upgrade mode of scale set ${ref.name}`,
        withinMs: automation_WITHIN_MS,
        change: (set) => {
            const upgradeMode = modeFor(set);
            if (upgradeMode === null)
                return null;
            refuseOthersLease(parts, set);
            return { upgradeMode };
        },
    });
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/availability.js
// Whether a version can be had at all: its images and sizes, and the cores that it needs beyond what is in use.



/** See ServiceTarget.missing. */
async function missing(parts, { models }, version) {
    const found = await Promise.all(Object.entries(models).map(async ([role, { [version]: patch }]) => {
        if (patch.image === undefined && patch.skuName === undefined)
            return [];
        const { location } = await readSet(parts, refOf(roleNamed(parts, role)));
        return [
            ...(patch.image === undefined ? [] : await missingImage(parts, patch.image, location, version)),
            ...(patch.skuName === undefined ? [] : await missingSize(parts, patch.skuName, location)),
        ];
    }));
    return [...new Set(found.flat())];
}
/** See ServiceTarget.cores. Null where this identity may not read sizes or usage. */
async function cores(parts, look, { models }, version) {
    const byLocation = Map.groupBy(chosenSets(look), ({ set }) => set.location);
    try {
        const needs = await Promise.all([...byLocation].map(async ([location, sets]) => {
            const more = await Promise.all(sets.map(({ role, set, instances }) => moreCores(parts, location, models[role]?.[version].skuName, set.model.sku.name, instances)));
            if (more.includes(null))
                return null;
            const usage = await parts.compute.scaleSets.coreUsage(location);
            return { more: more.reduce((sum, each) => sum + (each ?? 0), 0), usage };
        }));
        return tightest(needs);
    }
    catch (error) {
        if (availability_isNotAllowed(error))
            return null;
        throw error;
    }
}
/** Null where a size is not known. Instances that do not tell their size have that of the model. */
async function moreCores({ compute }, location, wanted, standing, instances) {
    if (wanted === undefined)
        return 0;
    const sizes = instances.map(({ skuName }) => skuName ?? standing);
    const known = new Map();
    for (const size of new Set([wanted, ...sizes]))
        known.set(size, await compute.scaleSets.coresOf(size, location));
    const coresOf = (size) => known.get(size) ?? null;
    if ([...known.values()].includes(null))
        return null;
    return sizes.reduce((sum, size) => sum + (coresOf(wanted) ?? 0) - (coresOf(size) ?? 0), 0);
}
/** Of several regions the one in which the least is left. */
function tightest(needs) {
    const known = needs.filter((need) => need !== null);
    if (known.length < needs.length)
        return null;
    const left = ({ more, usage }) => usage.limit - usage.used - more;
    return known.toSorted((one, other) => left(one) - left(other))[0] ?? null;
}
async function missingImage({ compute }, image, location, version) {
    try {
        if (await compute.scaleSets.imageExists(image, location))
            return [];
        return [`Image ${image} is not there, or has no replica in ${location}.`];
    }
    catch (error) {
        if (!availability_isNotAllowed(error))
            throw error;
        // The way back is not barred by a right to read: Azure itself refuses a model whose image is gone.
        if (version === 'previous')
            return [];
        return [`Whether image ${image} is there cannot be told: this identity may not read it.`];
    }
}
async function missingSize({ compute }, size, location) {
    try {
        if ((await compute.scaleSets.coresOf(size, location)) !== null)
            return [];
        return [`Size ${size} is not to be had in ${location}.`];
    }
    catch (error) {
        if (availability_isNotAllowed(error))
            return [];
        throw error;
    }
}
const availability_isNotAllowed = (error) => error instanceof errors/* AzureError */.M6 && error.status === 403;

;// CONCATENATED MODULE: ./lib/service/scale-sets/look.js




/** See ServiceTarget.look. */
async function lookAtScaleSets(parts) {
    // From before it was read: what is told as of then may be older, never newer.
    const at = parts.clock.now();
    const looks = await Promise.all(setsInOrder(parts).map((ref) => lookAtSet(parts, ref)));
    const record = recordOn(parts, looks);
    const roles = parts.service.roles.map((role) => roleLook(parts, role, record, looks));
    return {
        at,
        roles: record === null ? withoutUpToDate(parts, roles) : roles,
        resources: looks.map(({ set, platformUpgrade }) => ({
            name: set.ref.name,
            provisioningState: set.provisioningState,
            platformUpgrade,
        })),
        record,
        lease: leaseOn(looks.map(({ set }) => set), at),
        usersOn: null,
    };
}
async function lookAtSet(parts, ref) {
    const { compute, orchestrations } = parts;
    const key = `${ref.resourceGroup}/${ref.name}`;
    const reading = readSet(parts, ref);
    const orchestration = orchestrations.get(key) ?? (await reading).orchestration;
    orchestrations.set(key, orchestration);
    const [set, instances, platformUpgrade] = await Promise.all([
        reading,
        compute.scaleSets.listInstances({ ref, orchestration }),
        compute.scaleSets.platformUpgrade(ref),
    ]);
    return { set, instances, platformUpgrade };
}
/**
 * The first set has it, unless another one was the first when it was written: roles come and go in a configuration. One
 * of another application is none of ours: its mark tells (see markOf).
 */
function recordOn({ config }, looks) {
    const records = looks.map(({ set }) => recordOfTags(set.tags));
    return records.find((record) => record?.application === config.application) ?? null;
}
/** Where sets have different ones, one that still binds, and of these the first set's. */
function leaseOn(sets, now) {
    const leases = sets.map(({ tags }) => leaseOfTags(tags)).filter((lease) => lease !== null);
    return leases.find(({ until }) => Date.parse(until) > now) ?? leases[0] ?? null;
}
function roleLook({ config }, role, record, looks) {
    const { resourceGroup, name } = refOf(role);
    const isIts = ({ set: { ref } }) => [ref.resourceGroup, ref.name].join('/').toLowerCase() === `${resourceGroup}/${name}`.toLowerCase();
    const look = looks.find(isIts);
    const chosen = record?.roles ?? config.walk.roles;
    return {
        role: role.name,
        resource: name,
        placement: look?.set.orchestration === 'Flexible' ? 'virtual' : 'platform',
        minimum: role.minimumHealthy,
        // An empty list in the configuration means all; a record names them.
        chosen: (record === null && chosen.length === 0) || chosen.includes(role.name),
        instances: look?.instances ?? [],
        set: look?.set ?? null,
        tellsHealth: look?.set.tellsHealth ?? false,
    };
}
/**
 * An update is of the roles that it changes: one that was updated alone before is left as it is, and is nothing that its
 * way back would touch. Where all are as they are to be, all are shown.
 */
function withoutUpToDate(parts, roles) {
    const isBehind = (role) => role.chosen && !isUpToDate(parts, role);
    if (!roles.some(isBehind))
        return roles;
    return roles.map((role) => ({ ...role, chosen: isBehind(role) }));
}
function isUpToDate(parts, { role, set, instances }) {
    if (set === null)
        return false;
    const { model } = set;
    const wanted = targetModel(model, roleNamed(parts, role).change);
    const differs = partsOf(model, wanted).some((part) => part.inModel(model) !== part.inModel(wanted));
    const pair = { target: model, previous: model, standing: 'target' };
    return !differs && instances.every((instance) => runningVersion(instance, pair).version === 'target');
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/walk.js






const walk_PAUSE_MS = 1_000;
/** See ServiceTarget.writeModel. */
async function walk_writeModel(parts, record, version, signal) {
    const writes = Object.entries(record.models).map(([role, models]) => {
        const ref = refOf(roleNamed(parts, role));
        return changeSet(parts, {
            ref,
            what: `the model of scale set ${ref.name}`,
            withinMs: writeWithinMs(parts.config),
            signal,
            change: (set) => {
                const change = changeTo(set, models[version]);
                if (change !== null)
                    refuseOthersLease(parts, set);
                return change;
            },
        });
    });
    await endOf(writes);
    return record;
}
/** See ServiceTarget.walk. Instances that are gone meanwhile are left out. */
async function walk_walk(parts, domain, signal) {
    const roles = Map.groupBy(domain.instances, ({ role }) => role);
    await endOf([...roles].map(([role, instances]) => walkRole(parts, role, instances.map(({ id }) => id), signal)));
}
async function walkRole(parts, role, ids, signal) {
    const ref = refOf(roleNamed(parts, role));
    const what = `instances ${formatList(ids)} of scale set ${ref.name}`;
    // An update that a run before has begun may still be at them, for as long as an instance may take to start.
    const withinMs = parts.config.walk.startTimeoutMs;
    let isAsked = false;
    await persist(parts, { what, withinMs, signal }, async () => {
        const set = await readSet(parts, ref);
        refuseOthersLease(parts, set);
        // Asked before, and the end was not seen: what is under way now may be just that.
        const instances = isAsked ? await walk_atRest(parts, set, ids, signal) : await existing(parts, set, ids);
        const left = isAsked ? instances.filter(isOutdated) : instances;
        if (left.length === 0)
            return;
        isAsked = true;
        await parts.compute.scaleSets.updateInstances(ref, left.map(({ id }) => id), signal);
    });
}
async function existing({ compute }, set, ids) {
    return (await compute.scaleSets.listInstances(set)).filter(({ id }) => ids.includes(id));
}
async function walk_atRest(parts, set, ids, signal) {
    const until = parts.clock.now() + parts.config.walk.startTimeoutMs;
    for (;;) {
        const instances = await existing(parts, set, ids);
        const isOver = parts.clock.now() >= until;
        if (isOver || !instances.some(({ provisioningState }) => provisioningState === 'Updating'))
            return instances;
        await parts.clock.sleep(walk_PAUSE_MS, signal);
    }
}
/** Just after Azure was asked for it, and with nothing written since, what it says of the latest model is right. */
function isOutdated({ latestModelApplied, provisioningState }) {
    return latestModelApplied !== true || provisioningState === 'Failed';
}

;// CONCATENATED MODULE: ./lib/service/scale-sets/scale-sets-target.js







function scaleSetsTarget(service, { config, compute, subscriptionId, clock }) {
    const parts = {
        config,
        compute,
        subscriptionId,
        clock,
        service,
        ours: { lease: null },
        orchestrations: new Map(),
    };
    const names = service.roles.map(({ scaleSet }) => scaleSet);
    return {
        kind: 'scale-sets',
        what: `scale set${names.length > 1 ? 's' : ''} ${formatList(names)}`,
        tellsVersions: tellsVersions,
        look: () => lookAtScaleSets(parts),
        changes: async (look) => models_changesOf(parts, look),
        models: async (look) => models_modelsOf(parts, look),
        missing: (models, version) => missing(parts, models, version),
        cores: (look, models, version) => cores(parts, look, models, version),
        claim: (lease) => lease_claim(parts, lease),
        keep: (lease, record) => lease_keep(parts, lease, record),
        release: (lease) => lease_release(parts, lease),
        findAutomation: (look) => findAutomation(parts, look),
        hold: (held) => hold(parts, held),
        giveBack: (held) => automation_giveBack(parts, held),
        describeHeld: (held) => describeHeld(parts, held),
        writeModel: (record, version, signal) => walk_writeModel(parts, record, version, signal),
        standing: models_standingOf,
        walk: (domain, signal) => walk_walk(parts, domain, signal),
        swap: null,
    };
}

;// CONCATENATED MODULE: ./lib/service/targets.js


function serviceTarget(parts) {
    const { service } = parts.config;
    switch (service.kind) {
        case 'scale-sets':
            return scaleSetsTarget(service, parts);
        case 'cloud-service':
            return cloudServiceTarget(service, parts);
    }
}

// EXTERNAL MODULE: ./lib/action/ingredients.js + 42 modules
var ingredients = __webpack_require__(23672);
;// CONCATENATED MODULE: ./lib/action/service-run.js
// From the inputs to the procedure of a service with update domains.







/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
async function ofService(from) {
    const { environment, clock, inputs, state } = from;
    const file = (0,ingredients/* fileOptions */.N9)(from);
    const config = loadServiceConfig(file);
    const azure = await (0,ingredients/* azureOf */.fD)(from, null);
    const newUpdateId = (0,ingredients/* newId */.Si)(clock);
    const context = {
        ...(await (0,ingredients/* runOf */.ng)(from)),
        config,
        azure,
        target: serviceTarget({
            config,
            compute: azure.compute,
            subscriptionId: inputs.subscriptionId,
            clock,
            readFile: fileReader(file.workspace),
        }),
        confirm: inputs.confirm ?? '',
        newUpdateId,
        // Attempts of one run, and its post step, are the same holder of the lease.
        runId: environment.GITHUB_RUN_ID ? `run ${environment.GITHUB_RUN_ID}` : newUpdateId,
        domain: inputs.domain,
        history: createServiceHistory(),
    };
    return serviceProcedure(context, {
        taking: () => state.window('open'),
        given: () => state.window('closed'),
    });
}
/** Files that the configuration names, relative to the workspace. */
function fileReader(workspace) {
    return (path) => (0,promises_.readFile)((0,external_node_path_.join)(workspace, path), 'utf8');
}


/***/ })

};
