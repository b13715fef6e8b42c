export const id = 15;
export const ids = [15];
export const modules = {

/***/ 33015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ofSlots: () => (/* binding */ ofSlots)
});

// EXTERNAL MODULE: ./lib/reasons.js
var lib_reasons = __webpack_require__(94022);
;// CONCATENATED MODULE: ./lib/application/known-entries.js

function createKnownEntries() {
    const read = new Set();
    const known = new Set();
    return {
        note: (place, entry) => {
            read.add(keyOf(place));
            if (entry)
                known.add(nameOf(entry));
        },
        forget: (place) => {
            read.delete(keyOf(place));
        },
        wasRead: (place) => read.has(keyOf(place)),
        isForeign: (place, entry) => read.has(keyOf(place)) && isOriginal(place, entry) && !known.has(nameOf(entry)),
    };
}
/** What was read of the application is what this run goes by from now on. */
function goBy(known, databases) {
    for (const { ref, access, journal } of bothSides(databases))
        if (access === 'read-write' || access === 'read-only')
            known.note(ref, journal);
        else if (access === 'absent')
            known.forget(ref); // one that is made anew is silent while it is seeded
}
/** Every database of both slots. */
function bothSides(databases) {
    return databases.flatMap(({ production, stage }) => [production, stage]);
}
/** Throws 'overtaken-by-another-run'. Asked on the connection that is about to write. */
function assertKnown(known, place, entry) {
    if (entry && known.isForeign(place, entry))
        throw overtaken(place, entry);
}
/** Why this run may not go on, by what these databases say; null where it may. */
function whyOvertaken(known, sides) {
    const found = sides.find(({ ref, journal }) => journal && known.isForeign(ref, journal));
    return found?.journal ? overtaken(found.ref, found.journal) : null;
}
/** Whether that is what has stopped it. */
function isOvertaken(error) {
    return error instanceof lib_reasons/* UpgradeError */.fy && error.reason === 'overtaken-by-another-run';
}
function overtaken(place, { status, at, runUrl }) {
    const who = runUrl ?? 'a run outside GitHub';
    return new lib_reasons/* UpgradeError */.fy('overtaken-by-another-run', `Another run has acted on this application while this one had lost its lock: ${place.database} on ${serverOf(place)} says "${status}" since ${at}, written by ${who}. This run does nothing more`, {
        advice: [
            `Look at what that run has left (${who}), then run phase status: it says what can be run next.`,
        ],
    });
}
/** A copy bears the original's entries, late: the original answers for those. */
function isOriginal(place, entry) {
    return entry.server.toLowerCase() === serverOf(place).toLowerCase();
}
function nameOf({ upgradeId, server, status, at, runUrl, writer }) {
    return JSON.stringify([upgradeId, server, status, at, runUrl, writer]);
}
const serverOf = ({ server }) => server.split('.')[0] ?? server;
const keyOf = (place) => `${serverOf(place)}/${place.database}`.toLowerCase();

// EXTERNAL MODULE: ./lib/clock.js
var lib_clock = __webpack_require__(35233);
// EXTERNAL MODULE: ./lib/azure/errors.js
var errors = __webpack_require__(94004);
;// CONCATENATED MODULE: ./lib/azure/tsql/sessions.js
// One kept connection a database. Setting a database read-only ends every other session in it, our own
// second one included, so there must not be a second one; and unfreezing on a signal has to be one
// statement on a connection that is open already. Only on the copy, once that takes writes, the next one is opened while the script runs.
// A connection that breaks while somebody only looks is opened anew and looked at again: gateways cut them at times, and
// that must not end an upgrade. What has changed something, or may have, is left to whoever sent it to find out.


/** Looks are repeated as often, and none is begun later than this after the first. Milliseconds. */
const ATTEMPTS = 4;
const LOOK_AGAIN_WITHIN_MS = 75_000;
const PAUSE_MS = 500;
/** How long a connection that is being opened is waited for before another one is opened instead. Milliseconds. */
const ARRIVES_WITHIN_MS = 1_000;
/** Sessions over `connector`; connections are opened when first used and again when lost. */
function createSessions(connector, clock = lib_clock/* systemClock */.m) {
    const kept = new Map();
    const keptFor = (key) => {
        const one = kept.get(key) ?? { connection: null, regain: null, queue: Promise.resolve(), drops: 0 };
        kept.set(key, one);
        return one;
    };
    const open = async (one, key, target) => {
        const assertKept = () => {
            if (kept.get(key) !== one)
                throw new Error(`the connections were closed before ${target.database} was used`);
        };
        assertKept();
        if (one.connection?.isOpen)
            return one.connection;
        one.connection = null;
        const connection = await connector.connect(target);
        if (kept.get(key) !== one)
            await connection.close(); // nobody would close it any more
        assertKept();
        one.connection = watched(connection, one.regain);
        return one.connection;
    };
    const takeTurn = async (one, target, use) => {
        const begun = { at: clock.now(), drops: one.drops };
        for (let attempt = 1;; attempt++) {
            const connection = await open(one, sessions_keyOf(target), target);
            connection.hasOnlyLooked = true;
            try {
                return await use(connection);
            }
            catch (error) {
                const isLost = error instanceof errors/* SqlError */.L8 && error.kind === 'lost';
                const isLate = attempt === ATTEMPTS || clock.now() - begun.at > LOOK_AGAIN_WITHIN_MS;
                if (!isLost || !connection.hasOnlyLooked || isLate || one.drops !== begun.drops)
                    throw error;
                await clock.sleep(PAUSE_MS);
            }
        }
    };
    const on = (target, use) => {
        const one = keptFor(sessions_keyOf(target));
        const turn = one.queue.then(() => takeTurn(one, target, use));
        one.queue = turn.catch(() => { }); // the next in the queue does not care how this one ended
        return turn;
    };
    return {
        on,
        lastOn: (target, use) => on(target, async (connection) => {
            const one = keptFor(sessions_keyOf(target));
            const successor = openAhead(connector, target, clock);
            try {
                const result = await use(connection);
                await successor.arrival();
                return result;
            }
            finally {
                const next = successor.take();
                const isKept = kept.get(sessions_keyOf(target)) === one;
                one.connection = next && isKept ? watched(next, one.regain) : null;
                // In this turn: nobody gets it, whatever becomes of its end.
                await Promise.all([connection.close(), isKept ? null : next?.close()]);
            }
        }),
        onTaking: (target, take, regain) => on(target, async (connection) => {
            const one = keptFor(sessions_keyOf(target));
            const current = one.connection;
            const before = current?.regain ?? null;
            if (current)
                current.regain = null; // that is what is being done
            try {
                const taken = await take(connection);
                one.regain = regain;
                return taken;
            }
            catch (error) {
                if (current)
                    current.regain = before;
                throw error;
            }
        }),
        drop: async (target) => {
            const one = kept.get(sessions_keyOf(target));
            if (!one)
                return;
            const { connection } = one;
            one.connection = null;
            one.drops++;
            await connection?.close();
        },
        closeAll: async () => {
            const connections = [...kept.values()].map((one) => one.connection);
            kept.clear();
            await Promise.all(connections.map((connection) => connection?.close()));
        },
    };
}
function openAhead(connector, target, clock) {
    let connection = null;
    let isTaken = false;
    const arrived = connector.connect(target).then(async (opened) => {
        if (isTaken)
            await opened.close();
        else
            connection = opened;
    }, () => { });
    return {
        arrival: async () => {
            const enough = new AbortController();
            const patience = clock.sleep(ARRIVES_WITHIN_MS, enough.signal).catch(() => { }); // it arrived first
            await Promise.race([arrived, patience]);
            enough.abort();
        },
        take: () => {
            isTaken = true;
            return connection;
        },
    };
}
function watched(connection, regain) {
    const settle = async () => {
        await own.regain?.(connection);
        own.regain = null;
    };
    const own = {
        hasOnlyLooked: true,
        regain,
        server: connection.server,
        database: connection.database,
        get isOpen() {
            return connection.isOpen;
        },
        query: async (text, ...rest) => {
            if (!isLook(text)) {
                await settle();
                own.hasOnlyLooked = false;
            }
            return connection.query(text, ...rest);
        },
        batch: async (text, options) => {
            await settle();
            own.hasOnlyLooked = false;
            return connection.batch(text, options);
        },
        close: () => connection.close(),
    };
    return own;
}
/** SELECTs alone, none of which makes a table. */
function isLook(text) {
    return /^\s*SELECT\b/i.test(text) && !/\bINTO\b|;\s*(?!SELECT\b)\S/i.test(text);
}
function sessions_keyOf(target) {
    return `${target.host}/${target.database}`.toLowerCase();
}

// EXTERNAL MODULE: ./lib/config/checked-file.js + 3 modules
var checked_file = __webpack_require__(74872);
// EXTERNAL MODULE: ./lib/config/cross-check-common.js
var cross_check_common = __webpack_require__(89157);
// EXTERNAL MODULE: ./lib/config/cross-facts.js
var cross_facts = __webpack_require__(88488);
;// CONCATENATED MODULE: ./lib/config/cross-check-slots.js
// Rules between the two slots, in both regions.

const REGIONS = ['primary', 'backup'];
const twoSlots = ({ has, slots }) => slots.length === 2 || !has(['slots'])
    ? []
    : [
        {
            path: ['slots'],
            found: slots.length === 1 ? 'one slot' : `${slots.length} slots`,
            allowed: 'exactly two: one serves users, the other becomes the next version',
        },
    ];
const differentServers = (facts) => (0,cross_facts/* repetitions */.Xu)(facts.parts, (part) => (0,cross_facts/* nameOf */.Vb)(facts, part, 'sql-server')).map(({ part, first }) => ({
    path: [...part.path, 'sql-server'],
    found: `the SQL server of ${(0,cross_facts/* placeOf */.$t)(first)}`,
    allowed: 'another logical server: Azure refuses a geo-replica on its own server (ReplicationSourceAndTargetMustBeInDifferentServers)',
}));
const differentSites = (facts) => {
    if (facts.method !== 'traffic-manager')
        return [];
    return (0,cross_facts/* repetitions */.Xu)(facts.parts, (part) => (0,cross_facts/* nameOf */.Vb)(facts, part, 'web-app')).map(({ part, first }) => ({
        path: [...part.path, 'web-app'],
        found: `the web app of ${(0,cross_facts/* placeOf */.$t)(first)}`,
        allowed: 'another web app, or "switch: {method: slot-swap}" to swap two deployment slots of one web app',
    }));
};
const oneSiteToSwap = (facts) => {
    if (facts.method !== 'slot-swap' || facts.slots.length !== 2)
        return [];
    return REGIONS.flatMap((region) => {
        const [first, second] = facts.parts.filter((part) => part.region === region);
        if (first === undefined || second === undefined)
            return [];
        const [one, other] = [siteOf(facts, first), siteOf(facts, second)];
        if (one === null || other === null || one === other)
            return [];
        return [
            {
                path: [...second.path, 'web-app'],
                found: siteAsWritten(facts, second),
                allowed: `the web app of ${(0,cross_facts/* placeOf */.$t)(first)}, by name and resource group: with slot-swap both slots are deployment slots of one web app`,
            },
        ];
    });
};
function siteOf(facts, part) {
    const name = (0,cross_facts/* nameOf */.Vb)(facts, part, 'web-app');
    return name === null ? null : `${(0,cross_facts/* groupOf */.F8)(facts, part, 'web-app')}/${name}`;
}
/** As written, because the value of a variable may be a secret. */
function siteAsWritten({ source }, { path }) {
    const written = (paths) => paths.map((each) => source.writtenAt(each)).find((text) => text !== null) ?? '';
    const site = [...path, 'web-app'];
    const group = written([
        [...site, 'resource-group'],
        [...path, 'resource-group'],
    ]);
    return `"${written([site, [...site, 'name']])}" in "${group}"`;
}
const siteOfEachRegionToSwap = (facts) => {
    if (facts.method !== 'slot-swap')
        return [];
    return facts.slots.flatMap((slot) => (0,cross_facts/* repetitions */.Xu)(facts.parts.filter((part) => part.slot === slot), (part) => (0,cross_facts/* nameOf */.Vb)(facts, part, 'web-app')).map(({ part, first }) => ({
        path: [...part.path, 'web-app'],
        found: `the web app of ${(0,cross_facts/* placeOf */.$t)(first)}`,
        allowed: 'the web app of the backup region: with slot-swap each region has one',
    })));
};
const existingSiteToSwap = (facts) => {
    if (facts.method !== 'slot-swap')
        return [];
    return facts.parts
        .map((part) => [...part.path, 'web-app', 'mode'])
        .filter((path) => facts.text(path) === 'create')
        .map((path) => ({
        path,
        found: '"create"',
        allowed: 'existing: with slot-swap the deployment slot must be there',
    }));
};
const differentEndpoints = (facts) => (0,cross_facts/* repetitions */.Xu)(facts.parts, (part) => endpointOf(facts, part)).map(({ part, first }) => ({
    path: [...part.path, 'endpoint'],
    found: `the endpoint of ${(0,cross_facts/* placeOf */.$t)(first)}`,
    allowed: 'a name of its own in the profile, e.g. the name of the slot',
}));
/** The name in the profile, given or by default. Swapped backups share a web app, and nothing uses its default. */
function endpointOf(facts, part) {
    const given = (0,cross_facts/* nameOf */.Vb)(facts, part, 'endpoint');
    if (given !== null)
        return given;
    if (part.region === 'primary')
        return part.slot.toLowerCase();
    return facts.method === 'slot-swap' ? null : (0,cross_facts/* nameOf */.Vb)(facts, part, 'web-app');
}
const planOnlyToCreate = (facts) => facts.parts
    .map((part) => [...part.path, 'web-app'])
    .filter((path) => facts.has([...path, 'app-service-plan']) && facts.text([...path, 'mode']) !== 'create')
    .map((path) => ({
    path: [...path, 'app-service-plan'],
    found: 'a plan for a web app that is not created',
    allowed: 'only together with "mode: create"',
    atKey: true,
}));
const SLOT_CHECKS = [
    twoSlots,
    differentServers,
    differentSites,
    oneSiteToSwap,
    siteOfEachRegionToSwap,
    existingSiteToSwap,
    differentEndpoints,
    planOnlyToCreate,
];

;// CONCATENATED MODULE: ./lib/config/cross-check-topology.js
// Rules between the file and the topology of the run: what only one of the topologies has, and what it needs.

const FAILOVER_GROUP = 'failover-group';
/** Refused rather than passed over: whoever wrote it believes the application to be protected. */
const onlyGeoRedundant = ({ topology, slots, has }) => {
    if (topology === 'geo-redundant')
        return [];
    const keys = [
        ...slots.flatMap((slot) => [
            [['slots', slot, 'backup'], 'a standby in a backup region'],
            [['slots', slot, FAILOVER_GROUP], 'a failover group'],
        ]),
        [['standby'], 'how standbys are made'],
    ];
    return keys
        .filter(([path]) => has(path))
        .map(([path, found]) => ({
        path,
        found,
        allowed: 'nothing, as this run has topology: single-region; remove the key or use topology: geo-redundant',
        atKey: true,
    }));
};
const backupInBothSlots = ({ topology, slots, has }) => {
    if (topology !== 'geo-redundant')
        return [];
    return slots
        .map((slot) => ['slots', slot, 'backup'])
        .filter((path) => !has(path))
        .map((path) => ({
        path,
        found: 'nothing',
        allowed: "the slot's standby, e.g. {resource-group: contoso-blue-dr, sql-server: contoso-sql-dr, web-app: contoso-dr}, or use topology: single-region",
    }));
};
const failoverGroupInBothSlots = ({ topology, slots, has }) => {
    if (topology !== 'geo-redundant')
        return [];
    const named = slots.find((slot) => has(['slots', slot, FAILOVER_GROUP]));
    if (named === undefined)
        return [];
    return slots
        .map((slot) => ['slots', slot, FAILOVER_GROUP])
        .filter((path) => !has(path))
        .map((path) => ({
        path,
        found: 'nothing',
        allowed: `a name, as slot "${named}" has one, or none in both: the slots swap roles with every upgrade`,
    }));
};
/** The names of groups and of servers are one DNS zone, database.windows.net. */
const differentFailoverGroups = (facts) => {
    const group = (part) => part.region === 'primary' ? (facts.text([...part.path, FAILOVER_GROUP])?.toLowerCase() ?? null) : null;
    const ofOtherSlot = (0,cross_facts/* repetitions */.Xu)(facts.parts, group).map(({ part, first }) => ({
        path: [...part.path, FAILOVER_GROUP],
        found: `the failover group of ${(0,cross_facts/* placeOf */.$t)(first)}`,
        allowed: 'another name: both groups exist between switch and cleanup, and their names are global',
    }));
    const ofServer = facts.parts.flatMap((part) => {
        const server = facts.parts.find((other) => (0,cross_facts/* nameOf */.Vb)(facts, other, 'sql-server') === group(part));
        if (group(part) === null || server === undefined)
            return [];
        return [
            {
                path: [...part.path, FAILOVER_GROUP],
                found: `the name of the SQL server of ${(0,cross_facts/* placeOf */.$t)(server)}`,
                allowed: 'another name: groups and servers share the names before ".database.windows.net"',
            },
        ];
    });
    return [...ofOtherSlot, ...ofServer];
};
const TOPOLOGY_CHECKS = [
    onlyGeoRedundant,
    backupInBothSlots,
    failoverGroupInBothSlots,
    differentFailoverGroups,
];

// EXTERNAL MODULE: ./lib/config/duration.js
var duration = __webpack_require__(26804);
// EXTERNAL MODULE: ./lib/config/near-miss.js
var near_miss = __webpack_require__(6015);
// EXTERNAL MODULE: ./lib/config/shape.js + 1 modules
var shape = __webpack_require__(70211);
// EXTERNAL MODULE: ./lib/config/variables.js
var variables = __webpack_require__(70035);
;// CONCATENATED MODULE: ./lib/config/cross-checks.js
// What the schema cannot say: rules between keys. Those between the slots are in cross-check-slots.ts, those of a
// topology in cross-check-topology.ts.








/** Every broken rule, also in a file that breaks the schema: a file gets all its errors at once. */
function crossCheck(source, topology) {
    const facts = (0,cross_facts/* gatherFacts */.pc)(source, topology);
    return CHECKS.flatMap((check) => check(facts));
}
const databasesOnce = (facts) => (0,cross_check_common/* eachOnce */.B)(facts, ['databases'], 'each database once (case does not count)');
const trafficManagerForItsMethod = (facts) => {
    if (facts.method !== 'traffic-manager' || facts.has(['traffic-manager']))
        return [];
    const allowed = 'the profile that sends users to a slot, or "switch: {method: slot-swap}"';
    return [{ path: ['traffic-manager'], found: 'nothing', allowed }];
};
/** facts: an app behind an external endpoint answers 404 for *.trafficmanager.net, which only azure endpoints bind. */
const publicNameForExternalEndpoints = (facts) => {
    const path = ['traffic-manager', 'public-name'];
    if (facts.method !== 'traffic-manager' || !facts.has(['traffic-manager']) || facts.has(path))
        return [];
    const external = facts.parts.filter((part) => (facts.text([...part.path, 'endpoint', 'type']) ?? 'external') === 'external');
    if (external.length === 0)
        return [];
    return [
        {
            path,
            found: 'nothing',
            allowed: 'the name users open, e.g. www.contoso.com: App Service answers 404 for *.trafficmanager.net behind an endpoint of type external',
        },
    ];
};
const deploymentSlotOnlyToSwap = (facts) => {
    const path = ['switch', 'deployment-slot'];
    if (facts.method !== 'traffic-manager' || !facts.has(path))
        return [];
    return [
        { path, found: 'a deployment slot', allowed: 'only together with "method: slot-swap"', atKey: true },
    ];
};
const scriptsOrCommand = ({ has }) => {
    if (!has(['upgrade']))
        return [];
    const both = has(['upgrade', 'scripts']) && has(['upgrade', 'command']);
    const neither = !has(['upgrade', 'scripts']) && !has(['upgrade', 'command']);
    if (!both && !neither) {
        if (!has(['upgrade', 'command']) || !has(['upgrade', 'variables']))
            return [];
        const allowed = 'only together with "scripts"; a command takes arguments and its environment';
        return [{ path: ['upgrade', 'variables'], found: 'scripting variables', allowed, atKey: true }];
    }
    return [
        {
            path: ['upgrade'],
            found: both ? 'scripts and command' : 'neither scripts nor command',
            allowed: 'one of the two, e.g. scripts: [db/*.sql]',
        },
    ];
};
/** A mapping by database says something about every one of them: what was forgotten would be found by users. */
const upgradeOfEveryDatabase = ({ source }) => {
    const databases = (0,shape/* valueAt */.fK)(source.data, ['databases']);
    const unset = source.problems.some((problem) => problem.path[0] === 'databases');
    if (!Array.isArray(databases) || unset)
        return [];
    // As written, because the value of a variable may be a secret.
    const written = databases.map((name, index) => source.writtenAt(['databases', index]) ?? JSON.stringify(name));
    return ['scripts', 'command'].flatMap((key) => {
        const path = ['upgrade', key];
        const given = (0,shape/* valueAt */.fK)(source.data, path);
        if (typeof given !== 'object' || given === null || Array.isArray(given))
            return [];
        const names = Object.keys(given);
        const unknown = names.filter((name) => !databases.includes(name));
        const missing = written.filter((_, index) => !names.includes(databases[index]));
        return [
            ...unknown.map((name) => ({
                path: [...path, name],
                found: `"${name}", which is not in databases`,
                allowed: `${written.join(', ')}.${(0,near_miss/* didYouMean */.a)(name, written)}`,
                atKey: true,
            })),
            ...missing.map((name) => ({
                path,
                found: `nothing for the database ${name}`,
                allowed: 'a list for every database; an empty one, [], leaves its database as it is',
            })),
        ];
    });
};
/** Everything between freeze and switch has to fit into the time users may be read-only. */
const withinReadOnly = (facts) => {
    const limit = facts.milliseconds(['max-read-only'], '30m');
    if (limit === null)
        return [];
    const limitText = facts.text(['max-read-only']) ?? '30m';
    const grace = facts.milliseconds(['freeze', 'grace'], '10s');
    const problems = [];
    if (grace !== null && grace >= limit) {
        const path = facts.has(['freeze', 'grace']) ? ['freeze', 'grace'] : ['max-read-only'];
        problems.push({
            path,
            found: `a grace of ${facts.text(['freeze', 'grace']) ?? '10s'}`,
            allowed: `less than max-read-only (${limitText})`,
        });
    }
    for (const path of [
        ['drain', 'timeout'],
        ['upgrade', 'timeout'],
    ]) {
        const written = facts.text(path);
        const ms = written === null ? null : (0,duration/* parseDuration */.E9)(written);
        if (ms === null || ms <= limit)
            continue;
        problems.push({
            path,
            found: `"${written}"`,
            allowed: `at most max-read-only (${limitText}): users are read-only meanwhile`,
        });
    }
    return problems;
};
const healthCanPass = (0,cross_check_common/* checksFitIntoTimeout */.A)({ timeout: '5m', interval: '5s' });
const passwordFromEnvironment = ({ source, text }) => {
    const path = ['sql-login', 'password'];
    const unset = source.problems.some((problem) => problem.path.join('.') === path.join('.'));
    if (text(path) === null || unset || source.variablesAt(path).length > 0)
        return [];
    const allowed = `a variable of the environment, filled from a secret: password: ${(0,variables/* variable */.b)('SQL_PASSWORD')}`;
    return [{ path, found: 'a password in clear text', allowed }];
};
const CHECKS = [
    ...SLOT_CHECKS,
    ...TOPOLOGY_CHECKS,
    databasesOnce,
    trafficManagerForItsMethod,
    publicNameForExternalEndpoints,
    deploymentSlotOnlyToSwap,
    scriptsOrCommand,
    upgradeOfEveryDatabase,
    withinReadOnly,
    healthCanPass,
    passwordFromEnvironment,
];

// EXTERNAL MODULE: ./lib/config/schema.js + 1 modules
var schema = __webpack_require__(74737);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./lib/config/workspace-files.js
var workspace_files = __webpack_require__(9913);
;// CONCATENATED MODULE: ./lib/config/script-files.js
// Upgrade scripts: files and globs of the configuration, in the order in which they run.



/**
 * @param entries files or globs (`*`, `**`, `?`, `[…]`, `{a,b}`) relative to `workspace`. The files of one glob
 *   are in the order of their names, byte by byte, as `LC_ALL=C ls` shows them; a file matched twice runs once.
 */
function resolveScripts(entries, workspace) {
    const files = new Set();
    const unmatched = [];
    for (const [index, entry] of entries.entries()) {
        const matches = matching(entry, workspace);
        if (matches.length === 0)
            unmatched.push(index);
        for (const file of matches)
            files.add(file);
    }
    return { files: [...files], unmatched };
}
function matching(entry, workspace) {
    if (entry.includes('\0'))
        return []; // the glob would throw
    // A file that is really named so comes first: brackets are common in names and would be read as a glob.
    if ((0,workspace_files/* isFileOf */.u)(workspace, entry))
        return [withSlashes(entry, workspace)];
    return (0,external_node_fs_.globSync)(entry, { cwd: workspace })
        .filter((file) => (0,workspace_files/* isFileOf */.u)(workspace, file))
        .map((file) => withSlashes(file, workspace))
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
function absolute(file, workspace) {
    return (0,external_node_path_.isAbsolute)(file) ? file : (0,external_node_path_.join)(workspace, file);
}
function withSlashes(file, workspace) {
    return (0,external_node_path_.relative)(workspace, absolute(file, workspace)).split(external_node_path_.sep).join('/');
}

;// CONCATENATED MODULE: ./lib/config/to-config.js

const DEFAULT_DRAIN = '5m';
const DEFAULT_DEPLOYMENT_SLOT = 'staging';
const DEFAULT_STANDBY_MODE = 'chained';
/** The file, checked, as the product sees it. */
function toConfig(file, topology) {
    const maxReadOnlyMs = (0,duration/* milliseconds */.Rz)(file['max-read-only']);
    const within = (ms) => Math.min(ms, maxReadOnlyMs);
    return {
        topology,
        application: file.application,
        slots: toSlots(file.slots),
        databases: file.databases,
        trafficManager: toTrafficManager(file['traffic-manager']),
        switchMethod: file.switch.method,
        deploymentSlot: file.switch['deployment-slot'] ?? DEFAULT_DEPLOYMENT_SLOT,
        upgrade: toUpgrade(file, maxReadOnlyMs),
        freezeMethod: file.freeze.method,
        freezeGraceSeconds: (0,duration/* milliseconds */.Rz)(file.freeze.grace) / 1000,
        seedingTimeoutMs: (0,duration/* milliseconds */.Rz)(file.seeding.timeout),
        drainTimeoutMs: within((0,duration/* milliseconds */.Rz)(file.drain.timeout ?? DEFAULT_DRAIN)),
        maxReadOnlyMs,
        health: toHealth(file.health),
        standbyMode: file.standby?.mode ?? DEFAULT_STANDBY_MODE,
        rollback: file.rollback,
        sqlLogin: file['sql-login'] ?? null,
    };
}
function toSlots(slots) {
    const [first, second] = Object.entries(slots).map(([name, slot]) => toSlot(name, slot));
    if (first === undefined || second === undefined)
        throw new RangeError('a configuration has two slots');
    return [first, second];
}
function toSlot(name, slot) {
    return {
        name,
        ...toDeployment(slot, () => name),
        backup: slot.backup === undefined ? null : toDeployment(slot.backup, (webApp) => webApp),
        failoverGroup: slot['failover-group'] ?? null,
    };
}
/** @param defaultEndpoint name of the endpoint where none is given, from that of the web app. */
function toDeployment(file, defaultEndpoint) {
    const resourceGroup = file['resource-group'];
    const server = file['sql-server'];
    const site = file['web-app'];
    const sql = typeof server === 'string' ? { name: server } : server;
    const app = typeof site === 'string' ? { name: site, mode: 'existing' } : site;
    const endpoint = typeof file.endpoint === 'string' ? { name: file.endpoint } : (file.endpoint ?? {});
    return {
        resourceGroup,
        sqlServer: sql.name,
        sqlResourceGroup: ('resource-group' in sql ? sql['resource-group'] : undefined) ?? resourceGroup,
        elasticPool: ('elastic-pool' in sql ? sql['elastic-pool'] : undefined) ?? null,
        webApp: app.name,
        webAppResourceGroup: ('resource-group' in app ? app['resource-group'] : undefined) ?? resourceGroup,
        webAppMode: app.mode,
        appServicePlan: ('app-service-plan' in app ? app['app-service-plan'] : undefined) ?? null,
        endpoint: {
            name: endpoint.name ?? defaultEndpoint(app.name),
            type: 'type' in endpoint ? endpoint.type : 'external',
        },
    };
}
function toTrafficManager(file) {
    if (file === undefined)
        return null;
    return {
        resourceGroup: file['resource-group'],
        profile: file.profile,
        dnsName: file['dns-name'] ?? file.profile,
        ttlSeconds: (0,duration/* milliseconds */.Rz)(file.ttl) / 1000,
        publicName: file['public-name']?.toLowerCase() ?? null,
    };
}
function toUpgrade({ databases, upgrade }, maxReadOnlyMs) {
    const { scripts, command, variables = {}, timeout } = upgrade;
    const timeoutMs = timeout === undefined ? maxReadOnlyMs : (0,duration/* milliseconds */.Rz)(timeout);
    const all = { databasesAtOnce: Number(upgrade['databases-at-once']), timeoutMs };
    if (command !== undefined)
        return { kind: 'command', command: byDatabase(databases, command), ...all };
    return { kind: 'scripts', scripts: byDatabase(databases, scripts ?? []), variables, ...all };
}
function byDatabase(databases, lists) {
    if (!Array.isArray(lists))
        return lists;
    return Object.fromEntries(databases.map((name) => [name, lists]));
}
function toHealth(file) {
    const status = file['expected-status'];
    return {
        protocol: file.protocol,
        path: file.path,
        expectedStatus: (Array.isArray(status) ? status : [status]).map(Number),
        expectedVersion: file['expected-version'],
        versionFrom: toVersionFrom(file['version-from']),
        consecutive: Number(file.consecutive),
        intervalMs: (0,duration/* milliseconds */.Rz)(file.interval),
        requestTimeoutMs: (0,duration/* milliseconds */.Rz)(file['request-timeout']),
        timeoutMs: (0,duration/* milliseconds */.Rz)(file.timeout),
    };
}
function toVersionFrom(file) {
    if (file === 'body')
        return { kind: 'body' };
    if ('header' in file)
        return { kind: 'header', name: file.header };
    return { kind: 'json', property: file.json };
}

;// CONCATENATED MODULE: ./lib/config/load.js
// The configuration file of two slots, from disk to Config.






const EXAMPLES = {
    'single-region': 'examples/rolling-upgrade.yml',
    'geo-redundant': 'examples/rolling-upgrade.geo-redundant.yml',
};
/**
 * Reads and checks the configuration file. Throws UpgradeError 'config-not-found', or 'config-invalid' with
 * every problem of the file, each with path, place, what was found and what is allowed.
 */
function loadConfig({ topology, ...options }) {
    const between = (source) => [
        ...crossCheck(source, topology),
        ...missingScripts(source, options.workspace),
    ];
    const rules = { schema: schema/* configFile */.Z, kind: 'slots', between, example: EXAMPLES[topology] };
    return toConfig((0,checked_file/* readChecked */.Y)(options, rules), topology);
}
function missingScripts(source, workspace) {
    const path = ['upgrade', 'scripts'];
    const scripts = (0,shape/* valueAt */.fK)(source.data, path);
    if (typeof scripts !== 'object' || scripts === null)
        return [];
    if (Array.isArray(scripts))
        return unmatchedEntries(source, workspace, path, scripts);
    return Object.entries(scripts).flatMap(([database, entries]) => unmatchedEntries(source, workspace, [...path, database], entries));
}
function unmatchedEntries(source, workspace, path, entries) {
    if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string'))
        return [];
    return resolveScripts(entries, workspace).unmatched.map((index) => ({
        path: [...path, index],
        found: `"${source.writtenAt([...path, index]) ?? entries[index]}", which matches no file of the workspace`,
        allowed: 'a file or glob relative to the workspace, e.g. db/*.sql',
    }));
}

// EXTERNAL MODULE: ./lib/engine/humane.js
var humane = __webpack_require__(39328);
;// CONCATENATED MODULE: ./lib/engine/read-only-window.js
// The product's measure: from freeze acknowledged to users able to write again, and what that time was
// spent on. It also holds the limit: when users have been read-only for too long, the run is aborted and
// goes back by itself.


/** @param limitMs the longest users may be read-only, counted from the freeze, earlier runs included. */
function createReadOnlyWindow(clock, limitMs) {
    const limit = new AbortController();
    const disarmed = new AbortController();
    let from = null;
    let to = null;
    const confirmed = new Map();
    let spans = [];
    const arm = (ms) => {
        clock.sleep(Math.max(0, ms), disarmed.signal).then(() => limit.abort(limitExceeded(limitMs)), () => { });
    };
    return {
        limit: limit.signal,
        open: (at) => {
            if (from !== null)
                return;
            from = at;
            spans = [{ what: 'freeze', since: at }];
            if (clock.now() - at > 1000)
                spans = [{ what: 'between runs', since: at }];
            arm(limitMs - (clock.now() - at));
        },
        confirm: (database, at) => {
            if (!confirmed.has(database))
                confirmed.set(database, at);
        },
        confirmedAt: (database) => confirmed.get(database) ?? null,
        spend: (what) => {
            if (from !== null && to === null)
                spans.push({ what, since: clock.now() });
        },
        close: () => {
            disarmed.abort();
            if (from !== null && to === null)
                to = clock.now();
        },
        disarm: () => disarmed.abort(),
        report: () => (from === null ? null : windowReport(from, to, spans, clock.now())),
    };
}
function limitExceeded(limitMs) {
    return new lib_reasons/* UpgradeError */.fy('read-only-limit-exceeded', `Users have been read-only for ${(0,humane/* formatDuration */.a3)(limitMs)}, the longest that max-read-only allows`, { advice: ['Make the upgrade script faster, or raise max-read-only, then run the upgrade again.'] });
}
function windowReport(from, to, spans, now) {
    const end = to ?? now;
    const spentOn = spans
        .map((span, index) => ({
        what: span.what,
        seconds: (Math.min(spans[index + 1]?.since ?? end, end) - span.since) / 1000,
    }))
        .filter((span) => span.seconds > 0);
    return {
        from: new Date(from).toISOString(),
        to: to === null ? null : new Date(to).toISOString(),
        seconds: (end - from) / 1000,
        spentOn,
    };
}

// EXTERNAL MODULE: ./lib/application/production-slot.js
var production_slot = __webpack_require__(9516);
;// CONCATENATED MODULE: ./lib/application/upgrade-context.js

/** Tags on everything the tool creates: what may be deleted again is recognised by them. */
const CREATED_BY_TAG = 'rolling-upgrade-created-by';
/** How a database of a slot is reached. */
function sqlTarget(context, role, database) {
    const { fullyQualifiedDomainName: host } = upgrade_context_serverOf(context, role, database);
    return { host, database, purpose: `${role} ${database}` };
}
/** The slot's server, or its standby's, whichever the database is on. */
function upgrade_context_serverOf({ databases, ...roles }, role, database) {
    const { server, standby } = roles[role];
    const on = databases.find(({ name }) => name === database)?.[role].server ?? server.name;
    return standby && (0,production_slot/* sameName */.q)(standby.config.sqlServer, on) ? standby.server : server;
}
/** Tags for a resource that this run creates. */
function creationTags(context) {
    return { [CREATED_BY_TAG]: context.config.application };
}
/** Whether the tool created this resource for this application. */
function createdByTool(context, resource) {
    return resource.tags[CREATED_BY_TAG] === context.config.application;
}
/**
 * Does the same for every database of the application at once. All are waited for, also when one fails, so
 * that nothing is still under way when the failure is handled; then the first failure is thrown.
 */
async function forEachDatabase({ databases }, act) {
    const outcomes = await Promise.allSettled(databases.map(act));
    return outcomes.map((outcome) => {
        if (outcome.status === 'rejected')
            throw outcome.reason;
        return outcome.value;
    });
}

// EXTERNAL MODULE: ./lib/azure/resource-id.js
var resource_id = __webpack_require__(18481);
// EXTERNAL MODULE: ./lib/engine/command-line.js
var command_line = __webpack_require__(21794);
// EXTERNAL MODULE: ./lib/guards/required-actions.js
var required_actions = __webpack_require__(11395);
// EXTERNAL MODULE: ./lib/guards/verdict.js
var verdict = __webpack_require__(25335);
;// CONCATENATED MODULE: ./lib/guards/azure-permissions.js





/** The RBAC actions of the phase, asked of Azure on every resource that it touches. */
const azurePermissions = {
    id: 'azure-permissions',
    title: 'The identity may do in Azure what this phase does',
    phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
    eachPhase: true,
    check: (context, observed, phase) => checkNeeds(context, needsOf(context, observed, phase, conditionsOf(context.config))),
};
/** The same of the resources in the backup region; the profile is asked about once. */
const permissionsInBackupRegion = ({ context, observed }, phase, primary) => checkNeeds(context, regionalNeeds(context, observed, phase, conditionsOf(primary.config)));
async function checkNeeds(context, needs) {
    const asked = needs.filter((need) => need.actions.length > 0);
    return (0,verdict/* allOf */.bn)(await Promise.all(asked.map((need) => checkNeed(context, need))));
}
async function checkNeed(context, need) {
    const missing = await context.azure.authorization.missingActions(need.id, need.actions);
    if (missing === null)
        return (0,verdict/* notKnowable */.ZM)(`Azure does not tell what may be done on ${need.name}`);
    const { length } = need.actions;
    if (missing.length === 0)
        return (0,verdict/* pass */.IX)(`${length} ${length === 1 ? 'action' : 'actions'} on ${need.name}`);
    return (0,verdict/* fail */.fJ)('azure-permission-missing', `missing on ${need.name}: ${missing.join(', ')}`, 'Assign the role of docs/custom-role.json (see docs/permissions.md), wait a few minutes until Azure knows it, and run again:', (0,command_line/* command */.G5)('az', 'role', 'assignment', 'create', '--role', 'Rolling Upgrade', '--assignee', 'APP_ID', '--scope', need.id));
}
function needsOf(context, observed, phase, conditions) {
    return [
        ...regionalNeeds(context, observed, phase, conditions),
        ...profileNeed(context, observed, phase, conditions),
    ];
}
function regionalNeeds(context, observed, phase, conditions) {
    const roles = ['production', 'stage'];
    return [
        ...roles.map((role) => serverNeed(context[role], phase, conditions)),
        ...roles.flatMap((role) => siteNeeds(context, observed, role, phase, conditions)),
    ];
}
function serverNeed({ server }, phase, conditions) {
    const own = (0,required_actions/* requiredActions */.nU)(phase, 'sql-server', conditions);
    // A failed upgrade or switch goes back by itself, and what that takes has to be there beforehand.
    const goesBack = phase === 'upgrade' || phase === 'switch';
    const back = goesBack ? (0,required_actions/* requiredActions */.nU)('rollback', 'sql-server', conditions) : [];
    return { name: `SQL server ${server.name}`, id: server.id, actions: [...new Set([...own, ...back])] };
}
function siteNeeds(context, observed, role, phase, conditions) {
    const { config, site: ref } = context[role];
    const site = observed.sites[role];
    if (site) {
        const removed = phase === 'cleanup' && role === 'stage' && createdByTool(context, site);
        const actions = actionsOn('web-app', removed ? [...conditions, 'web-app-create'] : conditions);
        return [{ name: `web app ${site.name}`, id: site.id, actions }];
    }
    if (role === 'production' || config.webAppMode !== 'create' || phase !== 'prepare')
        return [];
    const creating = [...conditions, 'web-app-create'];
    const actions = [...actionsOn('web-app', creating), ...actionsOn('app-service-plan', creating)];
    return [{ name: `resource group ${ref.resourceGroup}`, id: groupId(context, ref.resourceGroup), actions }];
    function actionsOn(scope, under) {
        return (0,required_actions/* requiredActions */.nU)(phase, scope, under);
    }
}
function profileNeed(context, observed, phase, conditions) {
    const { config } = context;
    if (!config.trafficManager)
        return [];
    const actions = (0,required_actions/* requiredActions */.nU)(phase, 'traffic-manager', conditions).filter((action) => isOfConfiguredType(config, action));
    const { profile } = observed;
    if (profile)
        return [{ name: `Traffic Manager profile ${profile.name}`, id: profile.id, actions }];
    const { resourceGroup } = config.trafficManager;
    return [{ name: `resource group ${resourceGroup}`, id: groupId(context, resourceGroup), actions }];
}
/** Rights on endpoints of a type that the configuration does not have are not needed. */
function isOfConfiguredType(config, action) {
    const types = ['azure', 'external'];
    const type = types.find((one) => action.includes(`/${one}Endpoints/`));
    const deployments = config.slots.flatMap((slot) => (slot.backup ? [slot, slot.backup] : [slot]));
    return !type || deployments.some(({ endpoint }) => endpoint.type === type);
}
/** 'web-app-create' is not here: it holds for a web app that this phase creates, or removes because it was created. */
function conditionsOf(config) {
    const held = [
        ['traffic-manager', config.switchMethod === 'traffic-manager'],
        ['slot-swap', config.switchMethod === 'slot-swap'],
        ['several-databases', config.databases.length > 1],
        ['elastic-pool', config.slots.some(hasPool)],
        ['rollback-remove', config.rollback.stage === 'remove'],
        ['geo-redundant', config.topology === 'geo-redundant'],
        ['after-termination', config.topology === 'geo-redundant' && config.standbyMode === 'after-termination'],
        ['failover-group', config.slots.some((slot) => slot.failoverGroup !== null)],
    ];
    return held.filter(([, holds]) => holds).map(([condition]) => condition);
}
function hasPool({ elasticPool, backup }) {
    return elasticPool !== null || (backup?.elasticPool ?? null) !== null;
}
function groupId(context, resourceGroup) {
    return (0,resource_id/* resourceGroupPath */.d)((0,resource_id/* partOf */.B)(context.production.server.id, 'subscriptions') ?? '', resourceGroup);
}

;// CONCATENATED MODULE: ./lib/azure/tsql/identifiers.js
/** A name as T-SQL identifier: `[name]`, with `]` doubled. */
function quoteName(name) {
    return `[${name.replaceAll(']', ']]')}]`;
}

;// CONCATENATED MODULE: ./lib/azure/tsql/looks.js
/** Throws SqlError. */
async function lookAt(connection, look) {
    return look.read(await connection.query(`SELECT ${look.select};`, look.parameters), connection);
}
/** Several looks in one round trip, one after the other in the order given. Throws SqlError where one of them is refused. */
async function lookAtAll(connection, looks) {
    const all = Object.entries(looks);
    const text = all.map(([, { select }], index) => `SELECT ${index} AS look, ${select};`).join('\n');
    const parameters = Object.assign({}, ...all.map(([, look]) => look.parameters));
    const rows = await connection.query(text, parameters);
    const rowsOf = (index) => rows.filter((row) => row.look === index);
    return Object.fromEntries(all.map(([name, look], index) => [name, look.read(rowsOf(index), connection)]));
}

;// CONCATENATED MODULE: ./lib/azure/tsql/write-fence.js

/** It, and it alone, says that the database is fenced; it travels to the copies with the data. */
const FENCE_ROLE = 'rolling-upgrade-fence';
/** Number of the error that raising the fence ends with where it would bind the caller. Nothing is changed then. */
const FENCE_BINDS_CALLER = 51_001;
/** Changes of permissions wait for other changes of permissions only. Milliseconds. */
const FENCE_TIMEOUT_MS = 60_000;
/** Raising it ends with error 1222 then, also where its client is gone: a fence must not come when nobody expects it any more. */
const LOCK_TIMEOUT_MS = 15_000;
const ROLE = quoteName(FENCE_ROLE);
const ROLE_TEXT = `N'${FENCE_ROLE}'`;
/**
 * On the database: DDL is covered by ALTER, and so is taking oneself out of the role (ALTER ANY ROLE). EXECUTE is not
 * among them: on the database it would stop the procedures of SQL Server itself, which drivers use to read.
 */
const DENIED = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'TAKE OWNERSHIP'];
const DENIED_TEXTS = DENIED.map((permission) => `N'${permission}'`).join(', ');
/**
 * Everybody of sys.database_principals AS p who may sign in, except SQL Server's own (dbo, guest, INFORMATION_SCHEMA,
 * sys: up to 4) and the caller: users with a login, contained ones, of Entra, and groups.
 */
const BOUND_BY_FENCE = `p.type IN ('S', 'U', 'E', 'X', 'G') AND p.principal_id > 4
   AND p.principal_id <> ISNULL(DATABASE_PRINCIPAL_ID(), 0)`;
/** Schemas of sys.schemas AS s that hold modules of users: dbo, and what was created. */
const USER_SCHEMAS = '(s.schema_id = 1 OR (s.schema_id > 4 AND s.schema_id < 16384))';
/**
 * EXECUTE is denied for each schema, because a procedure writes with its owner's rights. Without IMPERSONATE nobody
 * becomes dbo or the caller, whom the fence does not bind.
 */
const RAISE = `SET XACT_ABORT ON;
SET NOCOUNT ON;
SET LOCK_TIMEOUT ${LOCK_TIMEOUT_MS};
DECLARE @statements nvarchar(max);
BEGIN TRANSACTION;
CREATE ROLE ${ROLE} AUTHORIZATION [dbo];
DENY ${DENIED.join(', ')} TO ${ROLE};
DENY IMPERSONATE ON USER::[dbo] TO ${ROLE};
IF USER_NAME() <> N'dbo' AND DATABASE_PRINCIPAL_ID() IS NOT NULL
BEGIN
  SET @statements = N'DENY IMPERSONATE ON USER::' + QUOTENAME(USER_NAME()) + N' TO ${ROLE};';
  EXEC sys.sp_executesql @statements;
END;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'DENY EXECUTE ON SCHEMA::' + QUOTENAME(s.name) + N' TO ${ROLE};'), N' ')
  FROM sys.schemas AS s
 WHERE ${USER_SCHEMAS};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'ALTER ROLE ${ROLE} ADD MEMBER ' + QUOTENAME(p.name) + N';'), N' ')
  FROM sys.database_principals AS p
 WHERE ${BOUND_BY_FENCE};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
IF ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'INSERT'), 0) <> 1
   OR ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'ALTER'), 0) <> 1
  THROW ${FENCE_BINDS_CALLER}, N'The fence would bind the caller, who is in it through a group.', 1;
COMMIT TRANSACTION;`;
const LOWER = `SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @statements nvarchar(max);
BEGIN TRANSACTION;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'ALTER ROLE ${ROLE} DROP MEMBER ' + QUOTENAME(m.name) + N';'), N' ')
  FROM sys.database_role_members AS r
  JOIN sys.database_principals AS f ON f.principal_id = r.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = r.member_principal_id
 WHERE f.name = ${ROLE_TEXT};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
DROP ROLE IF EXISTS ${ROLE};
COMMIT TRANSACTION;`;
/** One transaction, on a database without the fence. Throws SqlError: FENCE_BINDS_CALLER, 15023 where it stands already. */
async function raiseFence(connection, signal) {
    // Not as a batch: what is SET here ends with it, and the connection is as it was.
    await connection.query(RAISE, {}, FENCE_TIMEOUT_MS, signal);
}
/** One transaction; the database takes writes by tables' own permissions again. Not an error where no fence stands. */
async function lowerFence(connection) {
    await connection.query(LOWER, {}, FENCE_TIMEOUT_MS);
}
/** The same for a person, in one line. */
const LOWER_FENCE = LOWER.replaceAll(/\s*\n\s*/g, ' ');
/**
 * The fence of a database on which it stands, with what it lacks. Names of permissions have a collation of their own
 * (Latin1_General_CI_AS_KS_WS): without COLLATE the UNION is error 451.
 */
async function readFence(connection) {
    const rows = await connection.query(`SELECT N'member' AS kind, p.name COLLATE DATABASE_DEFAULT AS name
       FROM sys.database_principals AS p
       JOIN sys.database_role_members AS r ON r.member_principal_id = p.principal_id
      WHERE r.role_principal_id = DATABASE_PRINCIPAL_ID(@role)
     UNION ALL
     SELECT N'free', p.name COLLATE DATABASE_DEFAULT
       FROM sys.database_principals AS p
      WHERE ${BOUND_BY_FENCE}
        AND NOT EXISTS (SELECT 1 FROM sys.database_role_members AS r
                         WHERE r.member_principal_id = p.principal_id
                           AND r.role_principal_id = DATABASE_PRINCIPAL_ID(@role))
     UNION ALL
     SELECT N'denied', d.permission_name COLLATE DATABASE_DEFAULT
       FROM sys.database_permissions AS d
      WHERE d.grantee_principal_id = DATABASE_PRINCIPAL_ID(@role)
        AND d.class = 0 AND d.state = 'D' AND d.permission_name IN (${DENIED_TEXTS})
     UNION ALL
     SELECT N'open schema', s.name COLLATE DATABASE_DEFAULT
       FROM sys.schemas AS s
      WHERE ${USER_SCHEMAS}
        AND NOT EXISTS (SELECT 1 FROM sys.database_permissions AS d
                         WHERE d.grantee_principal_id = DATABASE_PRINCIPAL_ID(@role)
                           AND d.class = 3 AND d.major_id = s.schema_id
                           AND d.state = 'D' AND d.permission_name = N'EXECUTE');`, { role: FENCE_ROLE });
    const named = (kind) => rows.filter((row) => row.kind === kind).map((row) => String(row.name));
    const denied = named('denied');
    return {
        members: named('member').length,
        missing: [
            ...named('free').map((name) => `${name} is not in it`),
            ...DENIED.filter((permission) => !denied.includes(permission)).map((permission) => `${permission} is not denied`),
            ...named('open schema').map((name) => `EXECUTE is not denied in schema ${name}`),
        ],
    };
}

;// CONCATENATED MODULE: ./lib/azure/tsql/access-mode.js
// Freeze and unfreeze: ALTER DATABASE … SET READ_ONLY | READ_WRITE, and reading the mode back. A database that is fenced
// (write-fence.ts) is closed as well.
// Source: ALTER DATABASE SET options (Transact-SQL), section for Azure SQL Database.




/** ALTER DATABASE waits for exclusive access; this is what it may take beyond the grace (milliseconds). */
const ALTER_TIMEOUT_MS = 60_000;
/**
 * Sets the database read-only. Open transactions get `graceSeconds`, then they are rolled back and every
 * other session is ended. Without a termination clause the statement waits for ever on any lock. Run it in
 * auto-commit mode on the database itself; db_owner suffices. Throws SqlError: 1468 where the database's role
 * in replication forbids it, 5011 without permission. Aborting `signal` gives up the
 * wait. After any error read the mode back; after one of kind 'lost' the statement may still be under way, because
 * SQL Server goes on with it when its client is gone.
 */
async function setReadOnly(connection, graceSeconds, signal) {
    const clause = graceSeconds > 0 ? `ROLLBACK AFTER ${Math.round(graceSeconds)} SECONDS` : 'ROLLBACK IMMEDIATE';
    await connection.batch(`ALTER DATABASE ${quoteName(connection.database)} SET READ_ONLY WITH ${clause};`, {
        timeoutMs: graceSeconds * 1000 + ALTER_TIMEOUT_MS,
        signal,
    });
}
/**
 * Opens the database for writers: lifts whichever stands, READ_ONLY or the fence, or both. READ_WRITE needs exclusive
 * access as well; in a read-only database there is nothing to roll back, so readers are ended at once and reconnect.
 *
 * @param before what the caller has just read on this connection.
 */
async function setReadWrite(connection, before) {
    const { isReadOnly, isFenced } = before ?? (await readAccess(connection));
    if (isReadOnly || !isFenced)
        await alterToReadWrite(connection);
    if (isFenced)
        await lowerFence(connection);
}
async function alterToReadWrite(connection) {
    await connection.batch(`ALTER DATABASE ${quoteName(connection.database)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`, { timeoutMs: ALTER_TIMEOUT_MS });
}
/**
 * Whether this database takes users' writes. On a geo-secondary it is read-only because of its role, whatever the
 * option says.
 */
async function readAccessMode(connection) {
    return (await readAccess(connection)).mode;
}
/** The mode, and when that was by the server's clock: what it says of writes is held against the same clock. */
const ACCESS = {
    select: `CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS mode,
           DATABASE_PRINCIPAL_ID(@fence) AS fence, SYSUTCDATETIME() AS server_time`,
    parameters: { fence: FENCE_ROLE },
    read: ([row], { server }) => {
        const mode = row?.mode;
        const at = row?.server_time instanceof Date ? row.server_time : null;
        const isFenced = (row?.fence ?? null) !== null;
        if (mode === 'READ_ONLY')
            return { mode: 'read-only', isReadOnly: true, isFenced, at };
        if (mode === 'READ_WRITE')
            return { mode: isFenced ? 'read-only' : 'read-write', isReadOnly: false, isFenced, at };
        throw new Error(`DATABASEPROPERTYEX(…, 'Updateability') answered ${String(mode)} on ${server}`);
    },
};
function readAccess(connection) {
    return lookAt(connection, ACCESS);
}
/**
 * Whether an ALTER DATABASE of another session is seen running. False proves nothing by itself: on smaller service
 * objectives the view shows a db_owner no session but its own.
 */
async function seesAlterDatabase(connection) {
    try {
        const rows = await connection.query(`SELECT COUNT(*) AS running FROM sys.dm_exec_requests
        WHERE session_id <> @@SPID AND database_id = DB_ID() AND command LIKE N'ALTER DATABASE%';`);
        return Number(rows[0]?.running ?? 0) > 0;
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8 && error.kind === 'server')
            return false; // not allowed to look
        throw error;
    }
}

// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __webpack_require__(88236);
;// CONCATENATED MODULE: ./lib/azure/tsql/journal-property.js

const PROPERTY = 'rolling-upgrade';
/** The text this database carries; null where it carries none. */
const JOURNAL_TEXT = {
    select: 'CONVERT(nvarchar(max), value) AS entry FROM sys.extended_properties WHERE class = 0 AND name = @name',
    parameters: { name: PROPERTY },
    read: ([row]) => (typeof row?.entry === 'string' ? row.entry : null),
};
function readJournalProperty(connection) {
    return lookAt(connection, JOURNAL_TEXT);
}
/** Writes the text (7,500 bytes at most) in one batch; the database must take writes. */
async function writeJournalProperty(connection, text) {
    await connection.query(`IF EXISTS (SELECT 1 FROM sys.extended_properties WHERE class = 0 AND name = @name)
       EXEC sys.sp_updateextendedproperty @name = @name, @value = @value;
     ELSE
       EXEC sys.sp_addextendedproperty @name = @name, @value = @value;`, { name: PROPERTY, value: text });
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 5 modules
var schemas = __webpack_require__(42047);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/iso.js
var iso = __webpack_require__(64377);
;// CONCATENATED MODULE: ./lib/engine/journal.js
// What the tool records about an upgrade, in the databases themselves: the entry travels with the data, so
// a copy tells which freeze it is a copy of, and no run has to remember anything.

/**
 * `freezing`: written on production just before it is set read-only; what a frozen database and a fresh copy say.
 * `unfrozen`: production was given back. `scripted`: on the stage copy of geo-redundant, the script has run and the backup
 * region does not have all of it for sure yet. `upgrading` / `upgraded`: on the stage copy, around the script.
 * `switching`: on the stage copy just before the pivot. `moved`: once users were moved to it. `serving`: once V2 was seen to
 * answer them there.
 *
 * The return to V1 has words of its own, so that V2, frozen, is never taken for a V1 that waits for its upgrade:
 * `returning`: on V2's database just before it is set read-only, and for good once users have left it.
 * `giving-back`: on V1's database, writable again before users come. `returned`: users are back on it.
 */
const JOURNAL_STATUSES = [
    'freezing',
    'unfrozen',
    'upgrading',
    'scripted',
    'upgraded',
    'switching',
    'moved',
    'serving',
    'returning',
    'giving-back',
    'returned',
];
/** What a database says that this tool has set, or is about to set, read-only. */
const FREEZE_STATUSES = ['freezing', 'returning'];
/** What V2's database says from the moment at which users were on it, for as long as nobody has asked to leave it. */
const MOVED_STATUSES = ['moved', 'serving'];
const entrySchema = schemas/* object */.Ikc({
    version: schemas/* literal */.euz(1),
    application: schemas/* string */.YjP(),
    upgradeId: schemas/* string */.YjP(),
    /** The logical server it was written on: tells an original from a copy. */
    server: schemas/* string */.YjP(),
    status: schemas/* enum */.k5n(JOURNAL_STATUSES),
    at: iso/* datetime */.w$(),
    frozenAt: iso/* datetime */.w$().nullable(),
    /** With `freezing`: the same moment by the server's own clock, or one shortly before it. */
    serverAt: iso/* datetime */.w$().optional(),
    /** On the stage copy, from the script on: when production had been closed, by its own server's clock. */
    closedAt: iso/* datetime */.w$().optional(),
    /** With `returning`, `giving-back` and `returned`: what the entry said before, and says again if users stay on V2. */
    was: schemas/* object */.Ikc({ status: schemas/* enum */.k5n(JOURNAL_STATUSES), at: iso/* datetime */.w$() }).optional(),
    /** sha256 of the script, once it has run. */
    scriptDigest: schemas/* string */.YjP().nullable(),
    runUrl: schemas/* string */.YjP().nullable(),
    /** The process that wrote it: attempts and jobs of one run have the same address, and outside GitHub there is none. */
    writer: schemas/* string */.YjP().optional(),
});
/** The text to store: JSON, well under the 7,500 bytes of an extended property. */
function encodeJournal(entry) {
    return JSON.stringify(entry);
}
/** Null where the text is not an entry of this product: somebody else's property is left alone. */
function decodeJournal(text) {
    try {
        return entrySchema.parse(JSON.parse(text));
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/application/journal.js



/** The entry a database carries; null where it carries none of this application's. */
function journalOf({ config }) {
    return {
        ...JOURNAL_TEXT,
        read: (rows, connection) => {
            const text = JOURNAL_TEXT.read(rows, connection);
            const entry = text === null ? null : decodeJournal(text);
            return entry?.application === config.application ? entry : null;
        },
    };
}
function readJournal(context, connection) {
    return lookAt(connection, journalOf(context));
}
/** Writes an entry that names the server it is written on. The database must take writes. */
async function writeJournal(context, role, connection, entry) {
    const full = {
        version: 1,
        application: context.config.application,
        upgradeId: entry.upgradeId,
        server: context[role].server.name,
        status: entry.status,
        at: new Date(context.clock.now()).toISOString(),
        frozenAt: entry.frozenAt ?? null,
        scriptDigest: entry.scriptDigest ?? null,
        runUrl: context.runUrl,
        ...(entry.serverAt === undefined ? {} : { serverAt: entry.serverAt }),
        ...(entry.closedAt === undefined ? {} : { closedAt: entry.closedAt }),
        ...(entry.was === undefined ? {} : { was: entry.was }),
    };
    await write(context, connection, full);
}
/** Writes an entry that replaces `entry` until it is put back. The database must take writes. */
async function replaceJournal(context, connection, entry, status) {
    const at = new Date(context.clock.now()).toISOString();
    const was = entry.was ?? { status: entry.status, at: entry.at };
    await write(context, connection, { ...entry, status, at, was });
}
/** Writes the entry as it is, with the moment that it is now. The database must take writes. */
async function renewJournal(context, connection, entry) {
    const at = new Date(context.clock.now()).toISOString();
    await write(context, connection, { ...entry, at });
}
/**
 * Puts back what `entry` has replaced; one that has replaced nothing is written as it is. In this run's name: a run that has stood
 * still meanwhile must not take it for what it has read before.
 */
async function restoreJournal(context, connection, entry) {
    await write(context, connection, { ...entry, ...entry.was, was: undefined });
}
/** In this run's name, whoever wrote what it is made of; known before it is sent, for its answer may be lost. */
async function write(context, connection, entry) {
    const own = { ...entry, runUrl: context.runUrl, writer: context.newUpgradeId };
    context.known.note(connection, own);
    await writeJournalProperty(connection, encodeJournal(own));
}

// EXTERNAL MODULE: ./lib/application/regions.js
var regions = __webpack_require__(89871);
;// CONCATENATED MODULE: ./lib/application/copy-of-freeze.js

/**
 * Whether the stage database is a copy, untouched since, of this very freeze of production: production says of
 * itself that it was frozen, and the stage database carries that entry, written on production's server at that
 * moment. V1's own database, frozen by the upgrade that V2 came from, carries V2's upgrade id too and is not one.
 *
 * @param productionServer the logical server that production is on in this run.
 */
function isCopyOfFreeze(productionServer, production, stage) {
    return production?.status === 'freezing' && isCopyOf(productionServer, production, stage);
}
/**
 * Whether the stage database is such a copy, or has been one and the upgrade has gone on from there: `upgrading`,
 * `scripted` and what says that it is complete are written on the stage server, under the id of production's freeze.
 */
function isOfFreeze(productionServer, production, stage) {
    if (isCopyOfFreeze(productionServer, production, stage))
        return true;
    return (production?.status === 'freezing' &&
        (0,production_slot/* sameName */.q)(production.server, productionServer) &&
        stage?.upgradeId === production.upgradeId &&
        UNDER_WAY.includes(stage.status) &&
        !(0,production_slot/* sameName */.q)(stage.server, productionServer));
}
/** What a copy says whose upgrade has come to its end: all that V2 needs is there. */
const COMPLETE = ['upgraded', 'switching', 'moved', 'serving'];
/** Whether the upgrade of such a copy has come to its end. */
function isUpgradedCopy(productionServer, production, stage) {
    const isComplete = stage !== null && COMPLETE.includes(stage.status);
    return isComplete && isOfFreeze(productionServer, production, stage);
}
/** Since when the frozen V1 has taken no write, by its own server's clock, as its copy tells; null where that does not. */
function closedAt(v1, v2) {
    if (v1?.status !== 'freezing' || v2?.upgradeId !== v1.upgradeId || !v2.closedAt)
        return null;
    return new Date(v2.closedAt);
}
/** Whether the stage database carries production's own entry, letter for letter. */
function isCopyOf(productionServer, production, stage) {
    return (production !== null && (0,production_slot/* sameName */.q)(production.server, productionServer) && isSameEntry(production, stage));
}
/** Whether both databases carry one entry, letter for letter, or neither carries any. */
function isSameEntry(one, other) {
    if (!one || !other)
        return one === other;
    return ((0,production_slot/* sameName */.q)(one.server, other.server) &&
        one.upgradeId === other.upgradeId &&
        one.status === other.status &&
        one.at === other.at);
}
/** What is written on the stage server from the script's begin until V1 is given up. */
const UNDER_WAY = ['upgrading', 'scripted', ...COMPLETE];

;// CONCATENATED MODULE: ./lib/application/way-back.js



/** Says in production's journal that it is writable again: V2 serves as before, V1 was given back. */
async function recordWritable(context, connection, entry) {
    if (entry?.status === 'returning')
        return restoreJournal(context, connection, entry);
    const upgradeId = entry?.upgradeId ?? context.newUpgradeId;
    return writeJournal(context, 'production', connection, { upgradeId, status: 'unfrozen' });
}
/** Whether a return to V1 was begun and has to be taken back: users have not left V2. */
function isReturning({ production, stage }) {
    return production.journal?.status === 'returning' || wasGivenBack(production.journal, stage);
}
/** Whether V1's database was made writable for users who are on V2 all the same: it has to be frozen again. */
function wasGivenBack(production, stage) {
    if (!production || !stage.journal || stage.access !== 'read-write')
        return false;
    const { status, upgradeId, server } = stage.journal;
    return (V2_STATUSES.includes(production.status) &&
        upgradeId === production.upgradeId &&
        (0,production_slot/* sameName */.q)(server, stage.ref.server) &&
        // 'freezing': killed between making it writable and saying so. 'returned': users came, and somebody has sent them to V2 again.
        (status === 'giving-back' || status === 'freezing' || status === 'returned'));
}
/** What V2's database says from the moment at which users may be on V2, also on the way back to V1. */
const V2_STATUSES = ['switching', 'moved', 'serving', 'returning'];
/**
 * Whether the stage database has had users in this upgrade, in whose roles V1 is production. A copy of V2, made for the next
 * upgrade, carries the entry that was written on V2's server. A production that does not answer says nothing against it.
 */
function hadUsers({ production, stage }) {
    const [here, there] = [production.journal, stage.journal];
    if (!there || !MOVED_STATUSES.includes(there.status))
        return false;
    if (!here)
        return (0,production_slot/* sameName */.q)(there.server, stage.ref.server);
    return here.upgradeId === there.upgradeId && !(0,production_slot/* sameName */.q)(here.server, there.server);
}
/** The same on the way back, in whose roles V2 is production: whether V1's database has had users again. */
function hadUsersAgain({ production, stage }) {
    const [here, there] = [production.journal, stage.journal];
    if (there?.status !== 'returned')
        return false;
    if (!here)
        return (0,production_slot/* sameName */.q)(there.server, stage.ref.server);
    return here.status === 'returning' && here.upgradeId === there.upgradeId;
}
/** Whether production is V1, opened by a return that was not seen to its end: users are on it. */
function isBackOnV1({ production, stage }) {
    return production.journal?.status === 'giving-back' && stage.journal?.status === 'returning';
}
/** One that is being seeded, or follows production, refuses every login; its links tell that. */
function isSilent({ access, links }) {
    return access === 'unreachable' && links.every(({ role }) => role === 'Primary');
}
/**
 * Whether a write that moves users may have been sent and have taken no effect yet. Whoever gives a database back
 * asks first where users are (an entry that cannot be read may say anything).
 */
function mayHaveMovedUsers(seen) {
    const { production, stage } = seen;
    if (production.journal?.status === 'returning' && stage.access === 'read-write')
        return true;
    if (hadUsersAgain(seen))
        return true;
    if (hadUsers(seen) && production.access !== 'read-write')
        return true;
    return stage.journal?.status === 'switching' || isSilent(stage);
}

;// CONCATENATED MODULE: ./lib/application/upgrade-state.js



/** With several databases the least settled one decides; the first of these that any database is in. */
const DECIDING = [
    'unknown',
    'frozen',
    'upgraded',
    'compromised',
    'switched',
    'not-prepared',
    'seeding',
    'prepared',
];
/** The state of the whole application. */
function upgradeState(databases) {
    const states = new Set(databases.map(databaseState));
    return DECIDING.find((state) => states.has(state)) ?? 'unknown';
}
/** The state of one database. */
function databaseState(database) {
    const { production, stage, link } = database;
    if (production.access === 'unreachable' || production.access === 'absent')
        return 'unknown';
    if (production.access === 'read-only')
        return frozenState(database);
    if (stage.access === 'absent')
        return 'not-prepared';
    if (link)
        return isCaughtUp(database) ? 'prepared' : 'seeding';
    if (isRetiredV1(database) || mayBeRetiredV1(database))
        return 'switched';
    // Resource Manager has not told whether it is there at all.
    return stage.access === 'unreachable' && stage.info === null ? 'unknown' : 'compromised';
}
/** V2 serves, and what V1's database says cannot be read: nobody must be told to remove it as a spoilt stage. */
function mayBeRetiredV1({ production, stage }) {
    return stage.access === 'unreachable' && isV2(production.journal, stage);
}
/** The stage database, and where it has to be by then its own geo-secondary. */
function isCaughtUp({ link, protection }) {
    if (link?.state !== 'CATCH_UP')
        return false;
    return !protection?.beforeUpgrade || protection.stage?.state === 'CATCH_UP';
}
function frozenState({ production, stage, link }) {
    if (link)
        return 'frozen';
    return isUpgradedCopy(production.ref.server, production.journal, stage.journal) ? 'upgraded' : 'frozen';
}
/**
 * After the switch the stage role is held by V1: still frozen by the very upgrade that the database in
 * production went through. The entry is the original, not a copy: written on the server it is on. (`returning` on
 * a writable production: a return to V1 was announced and its freeze never came.)
 */
function isRetiredV1({ production, stage }) {
    return (isV2(production.journal, stage) &&
        stage.journal !== null &&
        stage.journal.upgradeId === production.journal.upgradeId &&
        stage.journal.status === 'freezing' &&
        (0,production_slot/* sameName */.q)(stage.journal.server, stage.ref.server));
}
/**
 * Also where a person has moved users to a complete upgrade by hand: phase switch finds that it serves, and says so. Not once V1
 * was given back: what was written there meanwhile is not in the copy.
 */
function isV2(entry, v1) {
    return isCompleteV2(entry) && (entry.status !== 'upgraded' || v1.access !== 'read-write');
}
/** Whether an upgrade has come to its end in the database that carries this entry. */
function isCompleteV2(entry) {
    return entry !== null && (V2_STATUSES.includes(entry.status) || entry.status === 'upgraded');
}

;// CONCATENATED MODULE: ./lib/application/observe.js
// Everything a run needs to know about the application, read from Azure in one go. Nothing is remembered
// from earlier runs.








/** Reads the whole application. Changes nothing; throws what the ports throw. */
async function observe(context) {
    const { config, azure } = context;
    const [profile, production, stage, seen] = await Promise.all([
        config.trafficManager ? azure.trafficManager.getProfile(config.trafficManager) : null,
        azure.appService.getSite(context.production.site),
        azure.appService.getSite(context.stage.site),
        observeDatabases(context),
    ]);
    return { profile, profileUnread: false, sites: { production, stage }, ...seen };
}
/** The same where a region or a slot may be lost: what does not answer is told as such. Never throws. */
async function observeWhatAnswers(context) {
    const { config, azure } = context;
    const site = (role) => azure.appService.getSite(context[role].site).catch(() => null);
    const [profile, production, stage, seen] = await Promise.all([
        config.trafficManager
            ? azure.trafficManager.getProfile(config.trafficManager).catch(() => 'unread')
            : Promise.resolve(null),
        site('production'),
        site('stage'),
        observeDatabasesThatAnswer(context),
    ]);
    return {
        profile: profile === 'unread' ? null : profile,
        profileUnread: profile === 'unread',
        sites: { production, stage },
        ...seen,
    };
}
/** The databases alone, where some may not answer. Never throws. */
async function observeDatabasesThatAnswer(context) {
    const databases = await Promise.all(context.databases.map((pair) => observeDatabase(context, pair, whatAnswers)));
    return { databases, state: upgradeState(databases) };
}
/** The databases alone, and where the upgrade stands by them. */
async function observeDatabases(context) {
    const databases = await Promise.all(context.databases.map((pair) => observeDatabase(context, pair)));
    return { databases, state: upgradeState(databases) };
}
/** One database on both servers. */
async function observeDatabase(context, pair, read = observeSide) {
    const [production, stage] = await Promise.all([
        read(context, 'production', pair),
        read(context, 'stage', pair),
    ]);
    const link = linkToSecondary(production.links, pair.stage);
    return {
        name: pair.name,
        production,
        stage,
        link,
        protection: protection(context, pair, production, stage),
    };
}
function protection(context, pair, production, stage) {
    const [here, there] = [context.production.standby, context.stage.standby];
    if (!here || !there)
        return null;
    return {
        production: linkToSecondary(production.links, (0,regions/* databaseOn */.zV)(here, pair.name)),
        stage: linkToSecondary(stage.links, (0,regions/* databaseOn */.zV)(there, pair.name)),
        beforeUpgrade: context.config.standbyMode === 'chained',
    };
}
/**
 * The link to one secondary among the links of its primary. Picked by partner and direction: a database
 * may have other links (its own disaster recovery), and after a failover Azure lists ghosts.
 */
function linkToSecondary(links, secondary) {
    return (links.find((link) => link.role === 'Primary' &&
        (0,production_slot/* sameName */.q)(link.partnerServer, secondary.server) &&
        (0,production_slot/* sameName */.q)(link.partnerDatabase, secondary.database) &&
        (link.linkType === null || link.linkType.toUpperCase() === 'GEO')) ?? null);
}
/** A side that Resource Manager does not tell about may answer for itself all the same. */
async function whatAnswers(context, role, pair) {
    try {
        return await observeSide(context, role, pair);
    }
    catch {
        const seen = await readSide(context, role, pair).catch((error) => ({
            access: 'unreachable',
            why: (0,message_of/* messageOf */.b)(error),
            journal: null,
        }));
        return { ref: pair[role], info: null, links: [], ...seen };
    }
}
/** A slot's database in the backup region, as that region tells it; null in single-region. */
async function observeStandby(context, role, name) {
    if (!context[role].standby)
        return null;
    const backup = (0,regions/* inBackupRegion */._W)(context);
    const pair = backup.databases.find((one) => one.name === name);
    return pair ? observeSide(backup, role, pair) : null;
}
async function observeSide(context, role, pair) {
    const ref = pair[role];
    const info = await context.azure.sql.getDatabase(ref);
    if (!info)
        return { ref, info, links: [], access: 'absent', why: '', journal: null };
    const links = await context.azure.sql.listLinks(ref);
    // A database that is being seeded refuses every login; asking would only wait for time-outs.
    if (links.some((link) => link.role !== 'Primary' && link.state !== 'CATCH_UP' && link.state !== 'SUSPENDED')) {
        return { ref, info, links, access: 'unreachable', why: 'it is being seeded', journal: null };
    }
    return { ref, info, links, ...(await readSide(context, role, pair)) };
}
async function readSide(context, role, pair) {
    const read = async (connection) => ({
        access: await readAccessMode(connection),
        why: '',
        journal: await readJournal(context, connection),
    });
    try {
        return await context.sessions.on(sqlTarget(context, role, pair.name), read);
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return { access: 'unreachable', why: error.message, journal: null };
    }
}

;// CONCATENATED MODULE: ./lib/guards/backup-region.js
// The backup region as guards see it, and how a guard of one region becomes one of both.




/** Asks the backup region once a run of guards, whichever guard is the first to want it. */
function backupRegionReader() {
    const readings = new WeakMap();
    return (context, observed) => {
        const reading = readings.get(observed) ?? read((0,regions/* inBackupRegion */._W)(context));
        readings.set(observed, reading);
        return reading;
    };
}
/** The servers are read anew: a run may have begun without an answer about them. */
async function read(backup) {
    const { production, stage, azure } = backup;
    const serverOf = ({ config }) => azure.sql.getServer({ resourceGroup: config.sqlResourceGroup, server: config.sqlServer });
    try {
        const [here, there] = await Promise.all([serverOf(production), serverOf(stage)]);
        if (!here || !there) {
            return { kind: 'servers-missing', slots: [...(here ? [] : [production]), ...(there ? [] : [stage])] };
        }
        const context = {
            ...backup,
            production: { ...production, server: here },
            stage: { ...stage, server: there },
        };
        return { kind: 'answers', context, observed: await observe(context) };
    }
    catch (error) {
        return { kind: 'silent', error };
    }
}
/**
 * The guard, asked in both regions. One that cannot be asked hides nothing of the other.
 * @param check what it asks in the backup region, where that is not the same.
 */
function inBothRegions(guard, read, check) {
    const there = check ?? (({ context, observed }, phase) => guard.check(context, observed, phase));
    return {
        ...guard,
        title: `${guard.title}, in both regions`,
        check: async (context, observed, phase) => {
            const inBackup = async () => {
                const backup = await read(context, observed);
                return backup.kind === 'answers'
                    ? there(onlyThere(backup), phase, context)
                    : (0,verdict/* notKnowable */.ZM)(`the backup region could not be asked: ${whySilent(backup)}`);
            };
            const primary = () => guard.check(context, observed, phase);
            return (0,verdict/* allOf */.bn)(await Promise.all([primary, inBackup].map(orNotKnowable)));
        },
    };
}
/** Why nothing is known about the backup region. */
function whySilent(backup) {
    if (backup.kind === 'servers-missing') {
        return `${backup.slots.map(({ config }) => config.sqlServer).join(', ')} is not there`;
    }
    return (0,message_of/* messageOf */.b)(backup.error);
}
/** A database that production's standby does not have, or not yet, is told by the guard of the standby. */
function onlyThere({ context, observed }) {
    const databases = observed.databases.filter(({ production }) => production.info && production.why === '');
    return { context, observed: { ...observed, databases } };
}
async function orNotKnowable(check) {
    try {
        return await check();
    }
    catch (error) {
        return (0,verdict/* notKnowable */.ZM)((0,message_of/* messageOf */.b)(error));
    }
}

;// CONCATENATED MODULE: ./lib/application/missing-server.js

/**
 * What to do where a server is not in its resource group: a group that is misspelt, or is in another subscription, cannot be
 * listed, so all are searched for the server's name.
 * @param keys of the configuration that may be wrong.
 */
function whereServerIs(server, keys) {
    return [
        `Correct ${keys} in the configuration; this tells in which resource group ${server} is, and nothing where the subscription has no such server:`,
        (0,command_line/* command */.G5)('az', 'sql', 'server', 'list', '--query', `[?name=='${server}'].resourceGroup`, '-o', 'tsv'),
    ];
}

;// CONCATENATED MODULE: ./lib/guards/backup-region-answers.js




/** An upgrade that is begun without the backup region ends on a slot that nothing protects. */
function backupRegionAnswers(read) {
    return {
        id: 'backup-region-answers',
        title: 'The backup region answers',
        phases: ['prepare', 'upgrade', 'switch'],
        check: async (context, observed) => judge(await read(context, observed)),
    };
}
function judge(backup) {
    switch (backup.kind) {
        case 'answers': {
            const { production, stage } = backup.context;
            return (0,verdict/* pass */.IX)(`${production.server.name} and ${stage.server.name} were found`);
        }
        case 'servers-missing':
            return (0,verdict/* allOf */.bn)(backup.slots.map(({ config }) => missing(config)));
        case 'silent':
            return isNoAnswer(backup.error) ? unreachable(whySilent(backup)) : (0,verdict/* notKnowable */.ZM)(whySilent(backup));
    }
}
function missing({ name, sqlServer, sqlResourceGroup, }) {
    return (0,verdict/* fail */.fJ)('resource-not-found', `the SQL server ${sqlServer}, slot ${name}'s in the backup region, is not in ${sqlResourceGroup}`, 'Create the server in the backup region if there is none yet.', ...whereServerIs(sqlServer, `slots.${name}.backup.resource-group or slots.${name}.backup.sql-server`));
}
function unreachable(why) {
    return (0,verdict/* fail */.fJ)('region-unreachable', `the backup region does not answer (${why}): the upgrade would end on a slot without protection`, 'Wait until the region is back (https://azure.status.microsoft) and run again; nothing has to be undone for it. An upgrade that cannot wait is one of topology single-region, without any protection while it goes on.');
}
/** No answer, or that of a gateway with nothing behind it; a refusal (403) is an answer. */
function isNoAnswer(error) {
    if (!(error instanceof errors/* AzureError */.M6))
        return false;
    return error.status === null || error.status === 408 || error.status >= 500;
}

;// CONCATENATED MODULE: ./lib/guards/chaining-possible.js



/**
 * A geo-secondary of the geo-secondary that the stage database is. Azure refuses it for Hyperscale and with
 * customer-managed keys (SecurityAzureKeyVaultGeoChainError); ledger digests have a guard of their own.
 */
const chainingPossible = {
    id: 'chaining-possible',
    title: 'The stage database can have a geo-secondary while it is one itself',
    phases: ['prepare'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, (pair, { production, protection }) => {
        if (!production.info)
            return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
        if (protection?.stage)
            return (0,verdict/* pass */.IX)(`${pair.name}: Azure has chained it already`);
        return (0,verdict/* allOf */.bn)([hyperscale(context, pair, production.info), customerManaged(context, pair)]);
    }),
};
function hyperscale(context, pair, { sku }) {
    if (sku?.tier?.toLowerCase() !== 'hyperscale')
        return (0,verdict/* pass */.IX)(`${pair.name} is ${sku?.tier ?? 'of unknown tier'}`);
    return notPossible(context, `${pair.name} is Hyperscale, which Azure does not chain`);
}
function customerManaged(context, pair) {
    const chain = [context.production, context.stage, (0,regions/* standbyOf */.Lu)(context, 'stage')];
    const withKey = chain.filter(({ server }) => server.keyId !== null);
    if (withKey.length === 0)
        return (0,verdict/* pass */.IX)('no customer-managed key');
    return notPossible(context, `${pair.name} would be chained over ${withKey.map(({ server }) => server.name).join(', ')} with a customer-managed key, which Azure refuses`, 'Or let the servers use service-managed keys while the application is upgraded:', ...withKey.map(serviceManagedKey));
}
function serviceManagedKey({ config, server }) {
    const where = ['-g', config.sqlResourceGroup, '-s', server.name];
    return (0,command_line/* command */.G5)('az', 'sql', 'server', 'tde-key', 'set', ...where, '-t', 'ServiceManaged');
}
function notPossible(context, evidence, ...detached) {
    const confirm = `longer-read-only ${context.stage.config.name}`;
    return (0,verdict/* fail */.fJ)('chaining-not-possible', evidence, `Set standby.mode: after-termination in the configuration file: the stage's geo-secondary is made in phase upgrade, after the link to production is cut. It costs the users its seeding read-only, beside the script, and has to be confirmed in phase upgrade (confirm: "${confirm}").`, ...detached);
}

;// CONCATENATED MODULE: ./lib/guards/site-settings.js
// App settings and connection strings of a site, as far as guards need them: names, and which SQL server a
// value names. Values do not leave this file.

/** Both kinds of settings of one site. */
async function readSettings(appService, site, servers) {
    const [settings, strings] = await Promise.all([
        appService.listAppSettings(site),
        appService.listConnectionStrings(site),
    ]);
    return [
        ...Object.entries(settings).map(([name, value]) => describe('app setting', name, value, servers)),
        ...Object.entries(strings).map(([name, { value }]) => describe('connection string', name, value, servers)),
    ];
}
function describe(kind, name, value, { production, stage }) {
    const ofProduction = (0,production_slot/* namesServer */.Gk)(value, production.server.name);
    const ofStage = (0,production_slot/* namesServer */.Gk)(value, stage.server.name);
    const one = ofProduction ? 'production' : ofStage ? 'stage' : 'neither';
    const isReference = /^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value.trim());
    return { kind, name, names: ofProduction && ofStage ? 'both' : one, isReference };
}
/** "connection string Orders" */
function told({ kind, name }) {
    return `${kind} ${name}`;
}
/** A "deployment slot setting" stays with its slot when slots are swapped. */
function isSticky(sticky, { kind, name }) {
    return (kind === 'app setting' ? sticky.appSettings : sticky.connectionStrings).includes(name);
}
/** The site's name, with the deployment slot's where it is in one. */
function siteName({ site, deploymentSlot }) {
    return deploymentSlot === null ? site : `${site}/${deploymentSlot}`;
}

;// CONCATENATED MODULE: ./lib/guards/connection-string-travels.js



/**
 * Where slots are swapped, V2 takes its database with it. A "deployment slot setting" stays behind: V2 would come
 * to production and find V1's connection string there.
 */
const connectionStringTravels = {
    id: 'connection-string-travels',
    title: 'The connection string travels with the deployment slot',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, observed) => {
        const { production, stage, azure } = context;
        if (!observed.sites.stage) {
            return (0,verdict/* notKnowable */.ZM)(`deployment slot ${stage.site.deploymentSlot ?? ''} of ${stage.site.site} is not there yet`);
        }
        const [slotSettings, ...settings] = await Promise.all([
            azure.appService.listSlotSettingNames(production.site),
            readSettings(azure.appService, production.site, context),
            readSettings(azure.appService, stage.site, context),
        ]);
        const naming = settings.flat().filter((one) => one.names !== 'neither');
        const sticky = naming.filter((one) => isSticky(slotSettings, one));
        const names = (list) => [...new Set(list.map(told))].join(', ');
        if (sticky.length > 0) {
            return (0,verdict/* fail */.fJ)('connection-string-sticky', `${names(sticky)} of ${stage.site.site} names a SQL server and stays with its deployment slot: after the swap V2 would work on V1's data`, 'In both deployment slots clear "Deployment slot setting" for it (portal: Environment variables; the command shows which are set):', ...showSticky(context));
        }
        if (naming.length === 0)
            return (0,verdict/* notKnowable */.ZM)('no setting names a SQL server, so what travels cannot be seen');
        return (0,verdict/* pass */.IX)(`${names(naming)} travels with the deployment slot`);
    },
};
function showSticky(context) {
    const { resourceGroup, site } = context.production.site;
    const which = ['-g', resourceGroup, '-n', site, '--query', '[?slotSetting].name'];
    return [
        (0,command_line/* command */.G5)('az', 'webapp', 'config', 'connection-string', 'list', ...which),
        (0,command_line/* command */.G5)('az', 'webapp', 'config', 'appsettings', 'list', ...which),
    ];
}

;// CONCATENATED MODULE: ./lib/guards/customer-managed-key.js

/** With keys of the customer's Azure refuses a copy on a server that does not have the same key material. */
const customerManagedKey = {
    id: 'customer-managed-key',
    title: 'Both servers have the encryption key',
    phases: ['prepare'],
    check: async ({ production, stage }) => {
        const { keyId } = production.server;
        if (keyId === null)
            return (0,verdict/* pass */.IX)(`${production.server.name} names no customer-managed key`);
        if (keyId === stage.server.keyId)
            return (0,verdict/* pass */.IX)('both servers use the same customer-managed key');
        return (0,verdict/* notKnowable */.ZM)(`${production.server.name} uses a customer-managed key; ${stage.server.name} has to be able to use it too (az sql server key create), or Azure refuses the copy`);
    },
};

;// CONCATENATED MODULE: ./lib/guards/database-names.js



/** Azure replicates under one name only (ReplicationSourceAndTargetMustHaveSameName), and so does this tool. */
const databaseNames = {
    id: 'database-names',
    title: 'Every database is there, under one name on both servers',
    phases: ['prepare', 'upgrade'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, (pair, seen) => check(context, pair, seen)),
};
function check(context, pair, seen) {
    const { resourceGroup, server } = pair.production;
    if (!seen.production.info) {
        return (0,verdict/* fail */.fJ)('resource-not-found', `${pair.name} is not on the production server ${server}`, 'Correct `databases` in the configuration file; these are on the server:', (0,command_line/* command */.G5)('az', 'sql', 'db', 'list', '-g', resourceGroup, '-s', server, '-o', 'table'));
    }
    const other = seen.production.links.find((link) => link.role === 'Primary' &&
        (0,production_slot/* sameName */.q)(link.partnerServer, context.stage.server.name) &&
        !(0,production_slot/* sameName */.q)(link.partnerDatabase, pair.name));
    if (other) {
        return (0,verdict/* fail */.fJ)('database-name-mismatch', `${pair.name} on ${server} is replicated to ${other.partnerServer} under the name ${other.partnerDatabase}`, 'Remove that link and its database if nobody needs them; prepare then creates a copy of the same name:', (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'list-links', '-g', resourceGroup, '-s', server, '-n', pair.name));
    }
    return (0,verdict/* pass */.IX)(`${pair.name} is on ${server}, and goes by that name on ${context.stage.server.name}`);
}

;// CONCATENATED MODULE: ./lib/application/fence-words.js
function fenceObstacleWords(obstacle) {
    switch (obstacle.kind) {
        case 'owner':
            return `${obstacle.name} owns ${obstacle.objects} object${obstacle.objects === 1 ? '' : 's'}, and an owner cannot be denied writing`;
        case 'application-role':
            return `${obstacle.name} is an application role, which no other role can bind`;
        case 'guest':
            return 'guest may connect, and whoever enters as guest is in no role';
        case 'column-grant':
            return `${obstacle.name} was granted UPDATE on a column, which no denial on more than the column takes back`;
        case 'memory-optimized':
            return `table ${obstacle.name} is memory-optimized, and who has written into it cannot be seen before the commit`;
        case 'right':
            return `sessions that hold writes cannot be seen or ended (${obstacle.why})`;
    }
}
/** "session 57 (sqladmin, SQL Server Management Studio, LAPTOP)". */
function sessionWords({ id, login, program, host }) {
    return `session ${id} (${[login, program, host].filter((one) => one !== '').join(', ')})`;
}

;// CONCATENATED MODULE: ./lib/azure/tsql/write-holders.js
// Who may still write into a database that is fenced: transactions that have written, and statements that had begun
// before. Needs VIEW DATABASE STATE (on Basic, S0, S1 and in elastic pools the administrator or ##MS_ServerStateReader##).

/** Azure's own processes on the server (backup, metrics); nobody signs in to Azure SQL Database with such a name. */
const OF_PEOPLE = `s.is_user_process = 1 AND s.session_id <> @@SPID
   AND s.login_name NOT LIKE N'NT AUTHORITY\\%' AND s.login_name NOT LIKE N'NT SERVICE\\%'`;
/** "Process ID n is not an active process ID", and the same of one that is being ended. */
const GONE = [6106, 6107];
/**
 * Sessions that may still write: whose transaction has written into this database, and whose statement had begun before
 * `since` and is no plain SELECT (a permission is asked for when a statement begins, and once for all that a procedure
 * does). Sessions that only read are not among them.
 *
 * @param since by the server's clock, once the fence stands.
 */
async function readWriteHolders(connection, since) {
    const rows = await connection.query(`SELECT DISTINCT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
       JOIN sys.dm_tran_session_transactions AS t ON t.session_id = s.session_id
       JOIN sys.dm_tran_database_transactions AS d ON d.transaction_id = t.transaction_id
      WHERE ${OF_PEOPLE}
        AND d.database_id = DB_ID() AND d.database_transaction_begin_time IS NOT NULL
     UNION
     SELECT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
       JOIN sys.dm_exec_requests AS r ON r.session_id = s.session_id
      WHERE ${OF_PEOPLE}
        AND r.database_id = DB_ID() AND r.start_time < @since
        AND (r.command NOT IN (N'SELECT', N'WAITFOR')
             OR EXISTS (SELECT 1 FROM sys.dm_exec_sql_text(r.sql_handle) AS x WHERE x.objectid IS NOT NULL));`, { since });
    return rows.map(sessionSeen);
}
function sessionSeen(row) {
    const text = (value) => (typeof value === 'string' ? value : '');
    return {
        id: Number(row.session_id),
        login: text(row.login_name),
        program: text(row.program_name),
        host: text(row.host_name),
    };
}
/**
 * Ends a session; what it has not committed is rolled back, which may go on after this returns. Needs KILL DATABASE
 * CONNECTION. One that has ended by itself is no error.
 */
async function endSession(connection, id) {
    try {
        await connection.batch(`KILL ${Math.trunc(id)};`, { timeoutMs: 30_000 });
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8 && error.has(...GONE))
            return;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/azure/tsql/fence-obstacles.js
// What a DENY does not bind: owners, dbo, guest, application roles, and a GRANT on a column, which a DENY on more than the
// column does not beat. Source: Permissions (Database Engine), permission check algorithm; DENY Object Permissions.
// And whose writing cannot be seen: a transaction on a memory-optimized table has no log record before it commits, and the
// view of index usage leaves these tables out. Source: In-Memory OLTP, How Durability is Achieved.



/** What stands in the fence's way in this database, whoever is signed in. Throws SqlError. */
async function readFenceObstacles(connection) {
    const rows = await connection.query(`SELECT N'owner' AS kind, w.name AS name, COUNT(*) AS objects
       FROM sys.objects AS o
       JOIN sys.schemas AS s ON s.schema_id = o.schema_id
       JOIN sys.database_principals AS w ON w.principal_id = COALESCE(o.principal_id, s.principal_id)
      WHERE o.is_ms_shipped = 0 AND w.principal_id NOT IN (1, 3, 4)
        AND w.principal_id <> ISNULL(DATABASE_PRINCIPAL_ID(), 0)
      GROUP BY w.name
     UNION ALL
     SELECT N'application-role', p.name, 0
       FROM sys.database_principals AS p WHERE p.type = 'A'
     UNION ALL
     SELECT N'guest', N'guest', 0
       FROM sys.database_permissions AS d
      WHERE d.class = 0 AND d.grantee_principal_id = 2 AND d.permission_name = N'CONNECT' AND d.state IN ('G', 'W')
     UNION ALL
     SELECT DISTINCT N'column-grant', p.name, 0
       FROM sys.database_permissions AS d
       JOIN sys.database_principals AS p ON p.principal_id = d.grantee_principal_id
      WHERE d.class = 1 AND d.minor_id <> 0 AND d.permission_name = N'UPDATE' AND d.state IN ('G', 'W')
     UNION ALL
     SELECT N'memory-optimized', t.name, 0
       FROM sys.tables AS t WHERE t.is_memory_optimized = 1 AND t.durability = 0
     UNION ALL
     SELECT N'right', N'KILL DATABASE CONNECTION', 0
      WHERE ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'KILL DATABASE CONNECTION'), 0) <> 1;`);
    return [
        ...rows.map((row) => obstacle(String(row.kind), String(row.name), Number(row.objects))),
        ...(await writersHidden(connection)),
    ];
}
function obstacle(kind, name, objects) {
    switch (kind) {
        case 'owner':
            return { kind, name, objects };
        case 'application-role':
        case 'column-grant':
        case 'memory-optimized':
            return { kind, name };
        case 'guest':
            return { kind };
        default:
            return { kind: 'right', why: `${name} is not granted` };
    }
}
async function writersHidden(connection) {
    try {
        await readWriteHolders(connection, new Date(0));
        return [];
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8) || error.kind !== 'server')
            throw error;
        return [{ kind: 'right', why: error.message }];
    }
}
/**
 * Sessions in this database that the fence would not bind, as far as can be told: administrators (dbo), others who use the
 * caller's identity, and users who come through a group. The caller's own runs are not among them.
 */
async function readUnboundSessions(connection) {
    const rows = await connection.query(`SELECT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
      WHERE ${OF_PEOPLE} AND s.database_id = DB_ID()
        AND NOT EXISTS (SELECT 1 FROM sys.database_principals AS p
                         WHERE ${BOUND_BY_FENCE}
                           AND (p.sid = s.security_id
                                OR (p.name = s.login_name COLLATE DATABASE_DEFAULT AND s.authenticating_database_id = DB_ID())))
        AND NOT (s.program_name LIKE N'rolling-upgrade %'
                 AND s.security_id = (SELECT o.security_id FROM sys.dm_exec_sessions AS o WHERE o.session_id = @@SPID));`);
    return rows.map(sessionSeen);
}

;// CONCATENATED MODULE: ./lib/guards/fence-possible.js
// `freeze.method: deny-writes` and `auto`: what a denial of permissions does not bind is found before anything is changed.





/** In the database: owners, application roles, guest, grants on columns, and the rights to see and end writers. */
const fencePossible = {
    id: 'fence-possible',
    title: 'Writing can be denied to everybody but this tool',
    phases: ['prepare', 'upgrade'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, async (pair) => {
        const where = `${pair.name} on ${context.production.server.name}`;
        const obstacles = await context.sessions.on(sqlTarget(context, 'production', pair.name), readFenceObstacles);
        if (obstacles.length === 0)
            return (0,verdict/* pass */.IX)(`nobody writes in ${where} by what cannot be denied`);
        const advice = [...new Set(obstacles.map((one) => adviceFor(context, pair.name, one)))];
        return refusal(context, `${where}: ${obstacles.map(fenceObstacleWords).join('; ')}`, advice);
    }),
};
/** Who is signed in at this moment whom it would not bind. */
const fenceBindsSessions = {
    id: 'fence-binds-sessions',
    title: 'Nobody is signed in whom a denial of permissions does not bind',
    phases: ['upgrade'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, async (pair) => {
        const where = `${pair.name} on ${context.production.server.name}`;
        const sessions = await context.sessions.on(sqlTarget(context, 'production', pair.name), readUnboundSessions);
        if (sessions.length === 0)
            return (0,verdict/* pass */.IX)(`every session in ${where} is one of a user of the database`);
        return refusal(context, `${where}: ${sessions.map(sessionWords).join('; ')}`, [
            'Administrators (dbo), users who come through a group only, and others with the identity of this action are not bound. Let the application sign in as a user of its own (CREATE USER … FROM EXTERNAL PROVIDER), and close the sessions of people.',
        ]);
    }),
};
/** The guards of this configuration. */
function fenceGuards({ freezeMethod }) {
    return freezeMethod === 'read-only' ? [] : [fencePossible, fenceBindsSessions];
}
/** With `auto` the fence may never be needed. */
function refusal({ config }, evidence, advice) {
    if (config.freezeMethod === 'auto')
        return (0,verdict/* notKnowable */.ZM)(`${evidence}; should SQL Server refuse SET READ_ONLY (1468), the upgrade would go back`);
    return (0,verdict/* fail */.fJ)('fence-not-possible', evidence, ...advice);
}
function adviceFor(context, database, obstacle) {
    const command = (statement) => (0,command_line/* sqlcmd */.F8)(context.production.server.fullyQualifiedDomainName, database, statement);
    switch (obstacle.kind) {
        case 'owner':
            return 'Let dbo own schemas and objects (ALTER AUTHORIZATION ON SCHEMA::NAME TO dbo; rights of the former owner have to be granted then).';
        case 'application-role':
            return 'Use users and roles instead of application roles, or freeze.method: read-only.';
        case 'guest':
            return `Nobody needs guest in a database of their own:\n${command('REVOKE CONNECT FROM guest;')}`;
        case 'column-grant':
            return 'Grant UPDATE on the table or schema instead of columns, or use freeze.method: read-only.';
        case 'memory-optimized':
            return 'A database with durable memory-optimized tables can be closed by freeze.method: read-only only.';
        case 'right':
            return "Let the identity be db_owner; on Basic, S0, S1 and in elastic pools also the server's Microsoft Entra administrator or a member of ##MS_ServerStateReader##.";
    }
}

;// CONCATENATED MODULE: ./lib/guards/failover-group.js




/**
 * Azure does not end a link that belongs to a failover group (409 FailoverGroupAlreadySetup), and after the switch
 * the group's listener would go on pointing to V1.
 */
const failoverGroup = {
    id: 'failover-group',
    title: 'No database of the application is in a failover group',
    phases: ['prepare', 'upgrade'],
    check: async (context) => (0,verdict/* allOf */.bn)(await Promise.all([onServer(context, 'production'), onServer(context, 'stage')])),
};
async function onServer(context, role) {
    const members = await groupsWithMembers(context, role);
    const { sqlServer: server } = context[role].config;
    if (members.length === 0)
        return (0,verdict/* pass */.IX)(`no failover group on ${server} has a database of the application`);
    return (0,verdict/* allOf */.bn)(members.map((member) => isIn(context, role, member)));
}
/** The groups on the slot's server in the primary region that have a database of the application. */
async function groupsWithMembers(context, role) {
    const { sqlResourceGroup: resourceGroup, sqlServer: server } = context[role].config;
    const groups = await context.azure.sql.listFailoverGroups({ resourceGroup, server });
    return groups
        .map((group) => ({
        group,
        databases: context.config.databases.filter((name) => isMember(group, server, name)),
    }))
        .filter(({ databases }) => databases.length > 0);
}
function isIn(context, role, { group, databases }) {
    const { sqlServer } = context[role].config;
    const stage = context.stage.config.sqlServer;
    const partner = role === 'production' && group.partnerServers.some((name) => (0,production_slot/* sameName */.q)(name, stage));
    const consequence = partner
        ? `and the stage server ${stage} is its partner: its link cannot be cut`
        : 'its listener would go on pointing to V1 after the switch';
    return (0,verdict/* fail */.fJ)('failover-group-member', `${databases.join(', ')} on ${sqlServer} is in failover group ${group.name}, ${consequence}`, 'Take the database out of the group (database and link stay), connect the application by server names instead of the listener, and make a group anew after the switch:', removeFromGroup(context[role], group, databases));
}
/** Database and link stay. */
function removeFromGroup({ config }, { name }, databases) {
    const where = ['-g', config.sqlResourceGroup, '-s', config.sqlServer, '-n', name];
    return (0,command_line/* command */.G5)('az', 'sql', 'failover-group', 'update', ...where, '--remove-db', ...databases);
}
function isMember(group, server, database) {
    return group.databaseIds.some((id) => (0,production_slot/* sameName */.q)((0,resource_id/* partOf */.B)(id, 'servers') ?? '', server) && (0,production_slot/* sameName */.q)((0,resource_id/* partOf */.B)(id, 'databases') ?? '', database));
}

;// CONCATENATED MODULE: ./lib/guards/group-listeners.js


/**
 * Whether a stage web app is connected by the listener of a group: V1's leads to V1's data, and the one of V2 is
 * not there before the switch.
 */
async function listenersNamed(regions, groups) {
    const present = regions.filter(({ observed }) => observed.sites.stage);
    const asked = present.flatMap((region) => groups.map((group) => ({ region, group })));
    return (0,verdict/* allOf */.bn)(await Promise.all(asked.map(({ region, group }) => ofSite(region, group))));
}
async function ofSite({ context }, group) {
    const { azure, stage } = context;
    // A listener is named as a server is: GROUP.database.windows.net, GROUP.secondary.database.windows.net.
    const servers = { production: { server: { name: group } }, stage };
    const settings = await readSettings(azure.appService, stage.site, servers);
    const naming = settings.filter((one) => one.names === 'production' || one.names === 'both');
    if (naming.length === 0)
        return (0,verdict/* pass */.IX)('');
    return (0,verdict/* fail */.fJ)('stage-site-differs', `${siteName(stage.site)} names the listener of failover group ${group} in ${naming.map(told).join(', ')}: it does not lead to V2's database`, `Let it name ${stage.server.fullyQualifiedDomainName} until the switch is done.`);
}

;// CONCATENATED MODULE: ./lib/guards/geo-failover-group.js






/**
 * A failover group over production and its standby can stay while its databases are upgraded, and one over V2's pair
 * takes its place. It has to be named: without it the next disaster finds a listener that leads to V1.
 */
function geoFailoverGroup(read) {
    return {
        id: 'failover-group',
        title: 'What becomes of failover groups is known',
        phases: ['prepare', 'upgrade'],
        check: async (context, observed) => {
            const backup = await read(context, observed);
            const stageSites = [{ context, observed }, ...(backup.kind === 'answers' ? [backup] : [])];
            const memberships = await groupsWithMembers(context, 'production');
            return (0,verdict/* allOf */.bn)([
                await production(context, memberships),
                await stage(context, observed),
                await nameIsFree(context, backup),
                await listenersNamed(stageSites, [
                    ...memberships.map(({ group }) => group.name),
                    ...(context.stage.config.failoverGroup ? [context.stage.config.failoverGroup] : []),
                ]),
            ]);
        },
    };
}
async function production(context, memberships) {
    const { failoverGroup: next } = context.stage.config;
    if (memberships.length > 0)
        return (0,verdict/* allOf */.bn)(memberships.map((one) => ofProduction(context, one)));
    const made = next ? `; after the switch ${next} is made for ${pairName(context, 'stage')}` : '';
    return (0,verdict/* pass */.IX)(`production is in no failover group${made}`);
}
function ofProduction(context, { group, databases }) {
    const { config, server } = context.production;
    const member = `${databases.join(', ')} on ${server.name} is in failover group ${group.name}`;
    if (!isPair(context, 'production', group)) {
        return (0,verdict/* fail */.fJ)('failover-group-member', `${member}, whose partner is ${group.partnerServers.join(', ')}, not only production's standby ${(0,regions/* standbyOf */.Lu)(context, 'production').server.name}`, 'Take the databases out of the group (database and link stay), and connect the application by server names instead of its listener:', removeFromGroup(context.production, group, databases));
    }
    const next = context.stage.config.failoverGroup;
    if (config.failoverGroup === null || next === null) {
        return (0,verdict/* fail */.fJ)('failover-group-member', `${member}, and the configuration file names no group for V2's pair: after the switch a disaster would find a listener that leads to V1`, `Name the groups (slots.${config.name}.failover-group: ${group.name}, and slots.${context.stage.config.name}.failover-group: the name of a new one), or take the databases out of the group (database and link stay):`, removeFromGroup(context.production, group, databases));
    }
    if (!(0,production_slot/* sameName */.q)(config.failoverGroup, group.name)) {
        return (0,verdict/* fail */.fJ)('failover-group-member', `${member}; slots.${config.name}.failover-group names ${config.failoverGroup}`, `Set slots.${config.name}.failover-group to ${group.name}.`);
    }
    return (0,verdict/* notKnowable */.ZM)(carriedOver(context, group, member, next));
}
/** What works, what does not, and what nobody outside of Azure knows. */
function carriedOver(context, group, member, next) {
    return [
        `${member}, which stays with V1's pair; after the switch ${next} is made for ${pairName(context, 'stage')}`,
        `the listeners of ${group.name} go on leading to V1: whoever uses them has to change to those of ${next}, and V2's web apps to the server names of their own slot`,
        `whether Azure lets the link to ${context.stage.server.name} be cut while the database is in a group is not documented: where it refuses (409 FailoverGroupAlreadySetup) production is given back within seconds`,
        ...automaticFailover(context, group),
    ].join('; ');
}
function automaticFailover({ production }, group) {
    if (group.policy.failover === 'Manual')
        return [];
    const where = ['-g', production.config.sqlResourceGroup, '-s', production.server.name, '-n', group.name];
    const manual = (0,command_line/* command */.G5)('az', 'sql', 'failover-group', 'update', ...where, '--failover-policy', 'Manual');
    return [
        `an automatic failover meanwhile would move production, so set the group to Manual for that time: ${manual}`,
    ];
}
/** The stage databases belong to nobody yet; after a switch they are V1's, whose group cleanup removes. */
async function stage(context, { state }) {
    const memberships = await groupsWithMembers(context, 'stage');
    const { failoverGroup: own } = context.stage.config;
    const isOfV1 = ({ group }) => state === 'switched' && own !== null && (0,production_slot/* sameName */.q)(own, group.name) && isPair(context, 'stage', group);
    const wrong = memberships.filter((one) => !isOfV1(one));
    if (wrong.length === 0)
        return (0,verdict/* pass */.IX)(memberships.length > 0 ? `${own} is V1's, until cleanup` : '');
    return (0,verdict/* allOf */.bn)(wrong.map(({ group, databases }) => (0,verdict/* fail */.fJ)('failover-group-member', `${databases.join(', ')} on ${context.stage.server.name} is in failover group ${group.name}, before users are on that slot`, `Take the database out of the group; the switch makes the one that slots.${context.stage.config.name}.failover-group names:`, removeFromGroup(context.stage, group, databases))));
}
/** Names are global. The groups of the four servers can be looked at; of others Azure tells when it makes the group. */
async function nameIsFree(context, backup) {
    const { failoverGroup: next, name: slot } = context.stage.config;
    if (next === null)
        return (0,verdict/* pass */.IX)('');
    const contexts = backup.kind === 'answers' ? [context, backup.context] : [context];
    const found = await Promise.all(contexts.flatMap((one) => [groupsOn(context, one.production), groupsOn(context, one.stage)]));
    const taken = found.flat().find(({ group, server }) => {
        const servers = [server, ...group.partnerServers];
        return (0,production_slot/* sameName */.q)(group.name, next) && !isOnPair(context, servers);
    });
    if (!taken)
        return (0,verdict/* pass */.IX)('');
    return (0,verdict/* fail */.fJ)('failover-group-member', `failover group ${next}, named for slot ${slot}, is there already: on ${taken.server} with ${taken.group.partnerServers.join(', ')}`, `Name another one as slots.${slot}.failover-group: names are global, and a group cannot change its servers.`);
}
async function groupsOn({ azure }, { config }) {
    const ref = { resourceGroup: config.sqlResourceGroup, server: config.sqlServer };
    const groups = await azure.sql.listFailoverGroups(ref);
    return groups.map((group) => ({ server: config.sqlServer, group }));
}
/** Whether these are the two servers of the stage slot. */
function isOnPair(context, servers) {
    const pair = [context.stage.server.name, (0,regions/* standbyOf */.Lu)(context, 'stage').server.name];
    return servers.length === 2 && pair.every((name) => servers.some((server) => (0,production_slot/* sameName */.q)(server, name)));
}
/** Between exactly the slot's two servers. */
function isPair(context, role, { partnerServers }) {
    const standby = (0,regions/* standbyOf */.Lu)(context, role).server.name;
    return partnerServers.length === 1 && partnerServers.every((name) => (0,production_slot/* sameName */.q)(name, standby));
}
function pairName(context, role) {
    return `${context[role].server.name} and ${(0,regions/* standbyOf */.Lu)(context, role).server.name}`;
}

;// CONCATENATED MODULE: ./lib/application/geo-replication-commands.js

/** Makes this database the primary of its link. */
function setPrimary({ resourceGroup, server, database }, takeover) {
    const where = ['-g', resourceGroup, '-s', server, '-n', database];
    return (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'set-primary', ...where, ...loss(takeover));
}
/** The same for all that is in a failover group: single databases of one are refused. */
function setGroupPrimary({ resourceGroup, server }, group, takeover) {
    const where = ['-g', resourceGroup, '-s', server, '-n', group];
    return (0,command_line/* command */.G5)('az', 'sql', 'failover-group', 'set-primary', ...where, ...loss(takeover));
}
function loss(takeover) {
    return takeover === 'forced' ? ['--allow-data-loss'] : [];
}

;// CONCATENATED MODULE: ./lib/application/traffic-manager-commands.js
// `az network traffic-manager …` on the configured profile, for a person to copy.

function updateProfile(context, ...options) {
    const { resourceGroup = '', profile = '' } = context.config.trafficManager ?? {};
    const which = ['-g', resourceGroup, '-n', profile];
    return (0,command_line/* command */.G5)('az', 'network', 'traffic-manager', 'profile', 'update', ...which, ...options);
}
function updateEndpoint(context, endpoint, ...options) {
    return endpointCommand(context, 'update', endpoint, options);
}
function createEndpoint(context, endpoint, ...options) {
    return endpointCommand(context, 'create', endpoint, options);
}
function endpointCommand(context, verb, { name, type }, options) {
    const { resourceGroup = '', profile = '' } = context.config.trafficManager ?? {};
    const which = ['-g', resourceGroup, '--profile-name', profile, '-n', name, '--type', `${type}Endpoints`];
    return (0,command_line/* command */.G5)('az', 'network', 'traffic-manager', 'endpoint', verb, ...which, ...options);
}

;// CONCATENATED MODULE: ./lib/guards/failed-over.js
// Production that was moved to its standby, by a failover of the database or of the profile, and not back.





/** The link by which production's own standby is the primary of production's database; null where it is not. */
function linkFromStandby(context, links) {
    const standby = (0,regions/* standbyOf */.Lu)(context, 'production').config.sqlServer;
    const isFrom = (link) => (link.role === 'Secondary' || link.role === 'NonReadableSecondary') &&
        (0,production_slot/* sameName */.q)(link.partnerServer, standby);
    return links.find(isFrom) ?? null;
}
/**
 * 'region-mismatch' where production's database in the primary region is a geo-secondary of its standby. A run that
 * has seen so already takes the standby for production.
 */
function failedOverDatabases(context, { databases }) {
    const { name: slot, sqlServer: now } = context.production.config;
    const primary = context.config.slots.find(({ name }) => name === slot) ?? context.production.config;
    const exchanged = !(0,production_slot/* sameName */.q)(primary.sqlServer, now);
    const alone = (0,regions/* failedOverAlone */.f5)(context).map(({ name }) => name);
    const moved = databases.filter(({ name, production }) => exchanged || alone.includes(name) || linkFromStandby(context, production.links));
    if (moved.length === 0)
        return null;
    const names = moved.map(({ name }) => name).join(', ');
    const standby = exchanged ? now : (0,regions/* standbyOf */.Lu)(context, 'production').config.sqlServer;
    return (0,verdict/* fail */.fJ)('region-mismatch', `${names} was failed over: ${standby} in the backup region is the primary, ${primary.sqlServer} its geo-secondary`, 'Fail back before an upgrade is begun (planned: nothing is lost; both regions have to answer):', ...moved.map(({ name }) => setPrimary((0,regions/* databaseOn */.zV)({ config: primary }, name), 'planned')), exchangeKeys(context));
}
/** 'region-mismatch' where the profile sends users to a standby first. */
function failedOverEndpoint(context, { profile }) {
    const served = profile && (0,production_slot/* servedSlot */.YB)(context.config, profile);
    if (!profile || !served?.standby)
        return null;
    const { slot, endpoint } = served;
    const primary = (0,production_slot/* findEndpoint */.vS)(profile, slot);
    return (0,verdict/* fail */.fJ)('region-mismatch', `${profile.name} sends users to ${endpoint.name} first, slot ${slot.name}'s endpoint in the backup region`, `Fail back before an upgrade is begun: ${slot.endpoint.name} enabled, with a smaller priority number than ${endpoint.name}:`, ...(primary
        ? [updateEndpoint(context, primary, '--endpoint-status', 'Enabled', '--priority', 'NUMBER')]
        : []), exchangeKeys(context));
}
function exchangeKeys({ production }) {
    const slot = `slots.${production.config.name}`;
    return `Or, where users stay in that region for good, exchange the keys of ${slot} with those of ${slot}.backup in the configuration file, and so for the other slot.`;
}

;// CONCATENATED MODULE: ./lib/guards/replication-links.js





/** Geo-secondaries a primary may have. Source: active geo-replication overview. */
const MOST_SECONDARIES = 4;
const replicationLinks = {
    id: 'replication-links',
    title: 'The geo-replication links are those that an upgrade expects',
    phases: ['prepare', 'upgrade'],
    check: (context, observed, phase) => (0,verdict/* perDatabase */.jZ)(context, observed, (pair, seen) => {
        if (!seen.production.info)
            return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
        return (isSecondary(pair, seen) ??
            severalToStage(pair, seen) ??
            noRoom(pair, seen) ??
            stageState(pair, seen, phase, observed.state));
    }),
};
/** A database copy that is being made shows as a link too (Source, Copy); it is not replication. */
function isSecondary(pair, { production }) {
    const above = production.links.find((link) => link.role === 'Secondary' || link.role === 'NonReadableSecondary');
    if (!above)
        return null;
    return (0,verdict/* fail */.fJ)('replication-link-unexpected', `${pair.name} on ${pair.production.server} is itself a geo-secondary of ${above.partnerServer}`, 'Users are sent to a slot whose database is not the primary. Make it the primary, or correct endpoints and slots:', setPrimary(pair.production, 'planned'));
}
function severalToStage(pair, { production }) {
    const toStage = geoSecondaries(production.links).filter((link) => toServer(link, pair.stage.server));
    if (toStage.length < 2)
        return null;
    return (0,verdict/* fail */.fJ)('replication-link-unexpected', `${pair.name} on ${pair.production.server} has ${toStage.length} links to ${pair.stage.server}`, 'Exactly one is expected. After a failover Azure may list a former link for a while: look again, and remove the one that is not yours.', listLinks(pair));
}
function noRoom(pair, { production }) {
    const secondaries = geoSecondaries(production.links);
    if (linkToSecondary(production.links, pair.stage) || secondaries.length < MOST_SECONDARIES)
        return null;
    return (0,verdict/* fail */.fJ)('geo-secondary-limit', `${pair.name} on ${pair.production.server} has ${secondaries.length} geo-secondaries (${secondaries.map((link) => link.partnerServer).join(', ')}); Azure allows ${MOST_SECONDARIES}`, 'The stage database needs one of them. Remove a geo-secondary that is not needed:', deleteLink(pair.production, 'SERVER'));
}
/** @param standby the server in the backup region, where production's link is told by itself. */
function stageState(pair, { production, link }, phase, state, standby) {
    const others = geoSecondaries(production.links).filter((one) => !toServer(one, pair.stage.server) && (standby === undefined || !toServer(one, standby)));
    const kept = others.length > 0 ? `; left alone: ${others.map((one) => one.partnerServer).join(', ')}` : '';
    const told = `${pair.name}: ${pair.production.server} to ${pair.stage.server}`;
    if (!link)
        return (0,verdict/* pass */.IX)(`${told} has no link${whyNone(phase, state)}${kept}`);
    if (link.state === 'SUSPENDED') {
        return (0,verdict/* fail */.fJ)('replication-link-unexpected', `${told} is SUSPENDED: nothing is replicated`, 'Look at both databases and at the activity log of both servers. A link that stays suspended: delete the stage database and run prepare again:', listLinks(pair));
    }
    if (phase === 'upgrade' && link.state !== 'CATCH_UP') {
        return (0,verdict/* fail */.fJ)('seeding-not-complete', `${told} is ${link.state}, ${link.percentComplete ?? '?'} %`, 'Run phase prepare: it waits until the stage database has caught up.');
    }
    return (0,verdict/* pass */.IX)(`${told} is ${link.state}${kept}`);
}
function whyNone(phase, state) {
    if (phase === 'prepare')
        return ' yet';
    return state === 'frozen' ? ': the upgrade that is gone on with has removed it' : '';
}
function geoSecondaries(links) {
    return links.filter((link) => link.role === 'Primary' && (link.linkType === null || link.linkType.toUpperCase() === 'GEO'));
}
function toServer(link, server) {
    return (0,production_slot/* sameName */.q)(link.partnerServer, server);
}
/** The link's database stays behind as an independent one. */
function deleteLink(ref, partnerServer, partnerGroup = 'GROUP') {
    const partner = ['--partner-server', partnerServer, '--partner-resource-group', partnerGroup];
    return (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'delete-link', ...at(ref), ...partner);
}
function listLinks(pair) {
    return (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'list-links', ...at(pair.production));
}
function at({ resourceGroup, server, database }) {
    return ['-g', resourceGroup, '-s', server, '-n', database];
}

;// CONCATENATED MODULE: ./lib/guards/geo-replication-links.js





/**
 * Four databases and three links: production to its standby, production to stage, stage to its standby. Any other
 * between the four servers would be cut, or be in the way of one that has to be made.
 */
function geoReplicationLinks(read) {
    return {
        id: 'replication-links',
        title: 'The geo-replication links are those that an upgrade expects',
        phases: ['prepare', 'upgrade'],
        check: async (context, observed, phase) => {
            const backup = await read(context, observed);
            const standbys = backup.kind === 'answers' ? backup.observed.databases : [];
            return (0,verdict/* perDatabase */.jZ)(context, observed, (pair, seen) => {
                if (!seen.production.info)
                    return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
                if (linkFromStandby(context, seen.production.links)) {
                    return (0,verdict/* notKnowable */.ZM)(`${pair.name} was failed over to its standby`);
                }
                const there = standbys.find(({ name }) => name === pair.name);
                return (isSecondary(pair, seen) ??
                    severalToStage(pair, seen) ??
                    unexpected(context, observed, linksOf(context, pair, seen, there)) ??
                    noRoom(pair, seen) ??
                    (0,verdict/* allOf */.bn)([
                        stageState(pair, seen, phase, observed.state, (0,regions/* standbyOf */.Lu)(context, 'production').server.name),
                        chainState(context, pair, seen, phase),
                    ]));
            });
        },
    };
}
function linksOf(context, pair, seen, there) {
    const [standby, stageStandby] = [(0,regions/* standbyOf */.Lu)(context, 'production'), (0,regions/* standbyOf */.Lu)(context, 'stage')];
    const own = (ref, links) => ({
        from: ref,
        links: geoSecondaries(links ?? []),
    });
    return [
        {
            ...own(pair.production, seen.production.links),
            expected: [pair.stage.server, standby.server.name],
            others: 'left-alone',
        },
        {
            ...own(pair.stage, seen.stage.links),
            expected: [stageStandby.server.name],
            others: 'unexpected',
        },
        { ...own((0,regions/* databaseOn */.zV)(standby, pair.name), there?.production.links), expected: [], others: 'left-alone' },
        { ...own((0,regions/* databaseOn */.zV)(stageStandby, pair.name), there?.stage.links), expected: [], others: 'unexpected' },
    ];
}
function unexpected(context, { state }, databases) {
    // After a switch the stage is V1: what it has besides is its owner's, and cleanup leaves it alone.
    const strict = state !== 'switched';
    const wrong = databases.flatMap(({ from, links, expected, others }) => links
        .filter((link) => !expected.some((server) => toServer(link, server)))
        .filter((link) => (others === 'unexpected' && strict) || isOfApplication(context, link.partnerServer))
        .map((link) => ({ from, link })));
    if (wrong.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('replication-link-unexpected', wrong
        .map(({ from, link }) => `${from.database} on ${from.server} is replicated to ${link.partnerServer}`)
        .join('; '), `Expected are ${expectedLinks(context)}.`, ...removals(context, wrong));
}
/** Between the application's own servers it is the file that is wrong more often than the link: none is given away. */
function removals(context, wrong) {
    const foreign = wrong.filter(({ link }) => !isOfApplication(context, link.partnerServer));
    const own = foreign.length < wrong.length;
    return [
        ...(own
            ? [
                'Look first whether the configuration file gives every server to its slot and region: a link between them may protect users.',
            ]
            : []),
        ...(foreign.length > 0
            ? [
                'Remove what is not expected (after a failover Azure may list a former link for a while: look again first):',
                ...foreign.map(({ from, link }) => deleteLink(from, link.partnerServer)),
            ]
            : []),
    ];
}
function isOfApplication(context, server) {
    return deployments(context).some((one) => (0,production_slot/* sameName */.q)(one.server.name, server));
}
function deployments(context) {
    const { production, stage } = context;
    return [production, (0,regions/* standbyOf */.Lu)(context, 'production'), stage, (0,regions/* standbyOf */.Lu)(context, 'stage')];
}
function expectedLinks(context) {
    const [production, standby, stage, stageStandby] = deployments(context).map(({ server }) => server.name);
    return `${production} to ${standby}, ${production} to ${stage}, ${stage} to ${stageStandby}`;
}
function chainState(context, pair, { protection }, phase) {
    const link = protection?.stage ?? null;
    const told = `${pair.stage.server} to ${(0,regions/* standbyOf */.Lu)(context, 'stage').server.name}`;
    const needed = phase === 'upgrade' && context.config.standbyMode === 'chained';
    if (!link) {
        if (!needed)
            return (0,verdict/* pass */.IX)(`${told} has no link yet`);
        return (0,verdict/* fail */.fJ)('standby-missing', `${pair.name}: ${told} has no link`, "Run phase prepare: it makes the stage's geo-secondary.");
    }
    if (link.state === 'SUSPENDED') {
        return (0,verdict/* fail */.fJ)('standby-not-caught-up', `${pair.name}: ${told} is SUSPENDED: nothing is replicated`, 'Look at the backup region first. A link that stays suspended: run rollback with rollback.stage: remove, then prepare again.');
    }
    if (needed && link.state !== 'CATCH_UP') {
        return (0,verdict/* fail */.fJ)('seeding-not-complete', `${pair.name}: ${told} is ${link.state}, ${link.percentComplete ?? '?'} %`, 'Run phase prepare: it waits until the stage database in the backup region has caught up.');
    }
    return (0,verdict/* pass */.IX)(`${told} is ${link.state}`);
}

;// CONCATENATED MODULE: ./lib/guards/ledger-digests.js


/**
 * While ledger digests are uploaded Azure removes no link of the database (400 LedgerNoDropLink), which would be found
 * out when users are read-only, and chains none to it (UnableToCreateGeoChain).
 */
const ledgerDigests = {
    id: 'ledger-digests',
    title: 'No ledger digests are uploaded',
    phases: ['prepare', 'upgrade'],
    check: (context, observed, phase) => (0,verdict/* perDatabase */.jZ)(context, observed, async (pair, { production, link }) => {
        if (!production.info)
            return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
        if (phase === 'upgrade' && !link)
            return (0,verdict/* pass */.IX)(`${pair.name}: there is no link to be removed any more`);
        if (!(await context.azure.sql.hasLedgerDigestUploads(pair.production)))
            return (0,verdict/* pass */.IX)(`${pair.name} uploads none`);
        const { resourceGroup, server, database } = pair.production;
        const where = ['-g', resourceGroup, '-s', server, '-n', database];
        return (0,verdict/* fail */.fJ)('ledger-digest-uploads', `${pair.name} on ${server} uploads ledger digests: Azure removes no geo-replication link of it, and chains none`, 'Switch the uploads off while the application is upgraded, and on again afterwards:', (0,command_line/* command */.G5)('az', 'sql', 'db', 'ledger-digest-uploads', 'disable', ...where));
    }),
};

;// CONCATENATED MODULE: ./lib/azure/tsql/database-size.js

/** Bytes that the data files take, which is what seeding copies; null where the server does not tell. */
async function readDataSize(connection) {
    try {
        const rows = await connection.query(`SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files WHERE type_desc = N'ROWS';`);
        const bytes = Number(rows[0]?.bytes ?? Number.NaN);
        return Number.isFinite(bytes) && bytes > 0 ? bytes : null;
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8 && error.kind === 'server')
            return null;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/guards/longer-read-only.js





/** "Up to 500 GB an hour" under normal circumstances. Source: failover groups overview, initial seeding. */
const SEEDED_BYTES_PER_MS = 500e9 / 3_600_000;
/** `standby.mode: after-termination`: users are read-only while the stage's geo-secondary is seeded, and that is said yes to. */
const longerReadOnly = {
    id: 'longer-read-only',
    title: "Users may be read-only for the seeding of the stage's geo-secondary",
    phases: ['upgrade'],
    check: async (context, observed) => {
        const maxSize = (name) => observed.databases.find((one) => one.name === name)?.production.info?.maxSizeBytes ?? null;
        const seedings = await Promise.all(context.databases.map((pair) => seedingOf(context, pair, maxSize(pair.name))));
        return (0,verdict/* allOf */.bn)([...seedings.map((one) => withinLimit(context, one)), confirmed(context, seedings)]);
    },
};
async function seedingOf(context, pair, maxSizeBytes) {
    const used = await usedBytes(context, pair);
    if (used !== null)
        return { name: pair.name, bytes: used, known: 'used' };
    return { name: pair.name, bytes: maxSizeBytes, known: 'at-most' };
}
async function usedBytes(context, { name }) {
    try {
        return await context.sessions.on(sqlTarget(context, 'production', name), readDataSize);
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8)
            return null; // whether production can be asked is for other guards to say
        throw error;
    }
}
function withinLimit({ config }, seeding) {
    if (seeding.bytes === null)
        return (0,verdict/* notKnowable */.ZM)(longer_read_only_told(seeding));
    const limit = (0,humane/* formatDuration */.a3)(config.maxReadOnlyMs);
    if (durationOf(seeding.bytes) <= config.maxReadOnlyMs)
        return (0,verdict/* pass */.IX)(`${longer_read_only_told(seeding)}; max-read-only is ${limit}`);
    if (seeding.known === 'at-most') {
        return (0,verdict/* notKnowable */.ZM)(`${longer_read_only_told(seeding)}, which would be longer than max-read-only (${limit}): the upgrade would go back`);
    }
    return (0,verdict/* fail */.fJ)('chaining-not-possible', `${longer_read_only_told(seeding)}, longer than max-read-only (${limit}): the upgrade would only go back`, 'Raise max-read-only (and timeout-minutes of the job) to what users can bear, or detach what keeps Azure from chaining and set standby.mode: chained.');
}
function confirmed(context, seedings) {
    const expected = `longer-read-only ${context.stage.config.name}`;
    if (context.confirm.trim().toLowerCase() === expected.toLowerCase())
        return (0,verdict/* pass */.IX)(`confirmed: ${expected}`);
    const found = context.confirm === '' ? '' : `, found "${context.confirm}"`;
    return (0,verdict/* fail */.fJ)('confirmation-missing', `users are read-only while the stage's geo-secondary is seeded, and that was not confirmed${found}: ${seedings.map(longer_read_only_told).join('; ')}`, `Run upgrade with the input confirm: "${expected}"`);
}
function longer_read_only_told({ name, bytes, known }) {
    if (bytes === null)
        return `how large ${name} is, and so how long its seeding takes, is not known`;
    const size = known === 'used' ? (0,humane/* formatBytes */.z3)(bytes) : `at most ${(0,humane/* formatBytes */.z3)(bytes)}`;
    return `${name} (${size}) is seeded in ${known === 'used' ? 'about' : 'at most about'} ${(0,humane/* formatDuration */.a3)(durationOf(bytes))}, at 500 GB an hour`;
}
function durationOf(bytes) {
    return bytes / SEEDED_BYTES_PER_MS;
}

;// CONCATENATED MODULE: ./lib/guards/priority-routing.js




/** Azure's default; longer ones keep users on V1, whose database is read-only, for that much longer. */
const LONGEST_TTL_SECONDS = 300;
const priorityRouting = {
    id: 'priority-routing',
    title: 'The Traffic Manager profile routes by priority',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, { profile }, phase) => {
        if (!profile && phase !== 'prepare')
            return notThere(context);
        if (!profile) {
            return (0,verdict/* notKnowable */.ZM)(`profile ${context.config.trafficManager?.profile ?? ''} is not there yet; prepare creates it with Priority routing`);
        }
        return (wrongMethod(context, profile) ??
            endpointsMissing(context, profile, phase) ??
            alwaysServed(context, profile) ??
            sharedPriority(context, profile) ??
            beforeProduction(context, profile) ??
            stageOnline(context, profile, phase) ??
            standbyFirst(context, profile) ??
            (0,verdict/* pass */.IX)(`${profile.name}: Priority, Enabled, TTL ${profile.ttlSeconds} s${standbyHint(context, profile)}${ttlHint(profile)}`));
    },
};
/** Found out by the switch, it would be found out while users cannot write. */
function notThere({ config }) {
    const { profile = '', resourceGroup = '' } = config.trafficManager ?? {};
    return (0,verdict/* fail */.fJ)('resource-not-found', `profile ${profile} does not exist in ${resourceGroup}: nobody could be switched`, 'If the name is right run phase prepare: it creates it. This lists those that there are:', (0,command_line/* shell */.vf) `az network traffic-manager profile list -g ${resourceGroup} -o table`);
}
function endpointsMissing(context, profile, phase) {
    if (phase === 'prepare')
        return null;
    const { production, stage } = context;
    const missing = [production.config, stage.config, ...(stage.standby ? [stage.standby.config] : [])]
        .filter((deployment) => !(0,production_slot/* findEndpoint */.vS)(profile, deployment))
        .map((deployment) => deployment.endpoint.name);
    if (missing.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('resource-not-found', `${profile.name} has no endpoint ${missing.join(', ')}: nobody could be switched`, 'Run phase prepare: it adds the endpoints of the stage slot.');
}
function wrongMethod(context, profile) {
    if (profile.routingMethod !== 'Priority') {
        return (0,verdict/* fail */.fJ)('routing-not-priority', `${profile.name} routes by ${profile.routingMethod}: users would be sent to both slots`, 'Set the routing method to Priority:', updateProfile(context, '--routing-method', 'Priority'));
    }
    if (profile.status === 'Enabled')
        return null;
    return (0,verdict/* fail */.fJ)('routing-not-priority', `${profile.name} is disabled: its name resolves for nobody`, 'Enable the profile:', updateProfile(context, '--status', 'Enabled'));
}
/** An endpoint that is always served gets users whether it is healthy or not, V2's before it is upgraded too. */
function alwaysServed(context, profile) {
    const endpoints = profile.endpoints.filter((endpoint) => endpoint.alwaysServe === 'Enabled');
    if (endpoints.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('routing-not-priority', `${names(endpoints)} of ${profile.name} is always served, healthy or not`, 'Let Traffic Manager probe the endpoint:', ...endpoints.map((endpoint) => updateEndpoint(context, endpoint, '--always-serve', 'Disabled')));
}
function sharedPriority(context, profile) {
    const shared = profile.endpoints.filter((endpoint) => profile.endpoints.some((other) => other !== endpoint && endpoint.priority !== null && other.priority === endpoint.priority));
    if (shared.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('routing-not-priority', `${names(shared)} of ${profile.name} have the same priority`, 'Give each endpoint a priority of its own:', ...shared.map((endpoint) => updateEndpoint(context, endpoint, '--priority', 'NUMBER')));
}
/** An endpoint of neither slot that comes first has the users, whatever the slots do. */
function beforeProduction(context, profile) {
    const production = (0,production_slot/* findEndpoint */.vS)(profile, context.production.config);
    const slots = context.config.slots.flatMap((slot) => slot.backup ? [slot.endpoint.name, slot.backup.endpoint.name] : [slot.endpoint.name]);
    const first = profile.endpoints.filter((endpoint) => endpoint.status === 'Enabled' &&
        !slots.some((name) => (0,production_slot/* sameName */.q)(name, endpoint.name)) &&
        (endpoint.priority ?? Number.POSITIVE_INFINITY) < (production?.priority ?? 0));
    if (first.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('routing-not-priority', `${names(first)} of ${profile.name} belongs to no slot and comes before production's endpoint: users are sent there`, "Disable it, or give it a larger priority number than production's:", ...first.map((endpoint) => updateEndpoint(context, endpoint, '--priority', 'NUMBER')));
}
/** Prepare says so itself, in the step that makes the profile. */
function stageOnline(context, profile, phase) {
    if (phase === 'prepare')
        return null;
    const { config, standby } = context.stage;
    const online = [config, ...(standby ? [standby.config] : [])]
        .map((deployment) => (0,production_slot/* findEndpoint */.vS)(profile, deployment))
        .filter((endpoint) => endpoint !== null)
        .filter(({ status }) => status === 'Enabled');
    if (online.length === 0)
        return null;
    return (0,verdict/* fail */.fJ)('production-slot-unclear', `The stage ${online.length === 1 ? 'endpoint' : 'endpoints'} ${names(online)} of ${profile.name} ${online.length === 1 ? 'is' : 'are'} enabled: users are sent to a stage that is not upgraded as soon as production's does not answer`, 'No stage endpoint may be online before the switch:', ...online.map((endpoint) => updateEndpoint(context, endpoint, '--endpoint-status', 'Disabled')));
}
/** Two regions: users come to production's standby only after production. The switch hands both places on. */
function standbyFirst(context, profile) {
    const { config, standby } = context.production;
    if (!standby)
        return null;
    const production = (0,production_slot/* findEndpoint */.vS)(profile, config);
    const endpoint = (0,production_slot/* findEndpoint */.vS)(profile, standby.config);
    if (!endpoint) {
        const { name, type } = standby.config.endpoint;
        return (0,verdict/* fail */.fJ)('standby-missing', `${profile.name} has no endpoint ${name}: where production's region is lost, users are sent nowhere`, "Add production's endpoint in the backup region, behind production's own; then run again:", createEndpoint(context, { name, type }, ...(type === 'azure' ? ['--target-resource-id', 'RESOURCE_ID'] : ['--target', 'HOST_NAME']), ...['--endpoint-status', 'Enabled', '--priority', 'NUMBER']));
    }
    if (!production || (production.priority ?? 0) < (endpoint.priority ?? Number.POSITIVE_INFINITY))
        return null;
    return (0,verdict/* fail */.fJ)('routing-not-priority', `${endpoint.name} of ${profile.name} is the standby and comes before production's endpoint ${production.name}`, 'Give the standby the larger priority number:', updateEndpoint(context, endpoint, '--priority', 'NUMBER'));
}
function ttlHint(profile) {
    if (profile.ttlSeconds <= LONGEST_TTL_SECONDS)
        return '';
    return `, which is long: so much longer some users stay on V1 after the switch, read-only (az network traffic-manager profile update … --ttl 30)`;
}
function standbyHint({ production }, profile) {
    const endpoint = production.standby && (0,production_slot/* findEndpoint */.vS)(profile, production.standby.config);
    if (!endpoint)
        return '';
    if (endpoint.status === 'Enabled')
        return `; ${endpoint.name} stands by`;
    return `; ${endpoint.name} is disabled, so after a disaster somebody has to enable it, also after the switch`;
}
function names(endpoints) {
    return endpoints.map((endpoint) => endpoint.name).join(', ');
}

;// CONCATENATED MODULE: ./lib/engine/or-abort.js
/**
 * What `work` resolves to, or the signal's reason as soon as it is aborted. The work goes on and nobody hears how
 * it ends: for waits that have to be left at once, whatever is being waited for.
 */
async function orAbort(work, signal) {
    const heard = new AbortController();
    const aborted = new Promise((_, reject) => {
        const give = () => reject(signal.reason);
        if (signal.aborted)
            give();
        else
            signal.addEventListener('abort', give, { once: true, signal: heard.signal });
    });
    try {
        return await Promise.race([work, aborted]);
    }
    finally {
        heard.abort();
    }
}

;// CONCATENATED MODULE: ./lib/engine/pace.js
// How often to look while Azure works. The end of a wait is seen late by a share of the wait and not by a fixed time: a
// short one is looked at often, and one of hours costs few requests.
/** With the look itself, which takes its time too, under five percent of the wait. */
const SHARE = 0.04;
/** Milliseconds until the next look. @param waitedMs since the wait began. */
function pauseAfter(waitedMs, { shortest, longest }) {
    return Math.min(longest, Math.max(shortest, SHARE * waitedMs));
}

;// CONCATENATED MODULE: ./lib/application/site-health.js


/** Asks once. Never throws: no answer is an answer. */
async function askHealth(context, host) {
    const { health } = context.config;
    const url = `${health.protocol}://${host}${health.path}`;
    return site_health_judge(health, url, await context.azure.web.get(url, health.requestTimeoutMs));
}
const NO_ANSWER = { healthy: false, status: null, version: null };
function site_health_judge(health, url, answer) {
    if (answer.kind === 'failed') {
        return { ...NO_ANSWER, chain: answer.chain, evidence: `${url}: ${answer.why}` };
    }
    const version = versionOf(health, answer);
    const statusOk = health.expectedStatus.includes(answer.status);
    const healthy = statusOk && version === health.expectedVersion;
    const evidence = `${url} answered ${answer.status}, version ${version ?? 'not told'}`;
    return { healthy, status: answer.status, version, chain: answer.chain, evidence };
}
/** More than a version ever is; and pages, stack traces and what is meant for a terminal are none. */
const VERSION = /^[^\p{Cc}\u2028\u2029]{1,256}$/u;
/** What the site says is shown to people and handed to later steps: what cannot be a version is not. */
function versionOf(health, answer) {
    const told = toldVersion(health, answer);
    return told !== null && VERSION.test(told) ? told : null;
}
function toldVersion(health, answer) {
    switch (health.versionFrom.kind) {
        case 'header':
            return answer.headers[health.versionFrom.name.toLowerCase()] ?? null;
        case 'body':
            return answer.body.trim() || null;
        case 'json':
            return jsonProperty(answer.body, health.versionFrom.property);
    }
}
/** The value at a dotted path ("build.version"); null where it is not there. */
function jsonProperty(body, path) {
    try {
        let value = JSON.parse(body);
        for (const name of path.split('.'))
            value = ownMember(value, name);
        return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    }
    catch {
        return null;
    }
}
function ownMember(value, name) {
    if (typeof value !== 'object' || value === null)
        return undefined;
    return Object.entries(value).find(([key]) => key === name)?.[1];
}
const SHORTEST_PAUSE_MS = 250;
/**
 * Asks until the expected version has answered `consecutive` times in a row, and `through` says the answer came by
 * the right way; gives up after `timeoutMs`. Until it answers it is asked often at first and less often later, never less
 * often than at the configured interval.
 */
async function waitForHealth(context, host, run, options) {
    const { health } = context.config;
    const startedAt = context.clock.now();
    const until = startedAt + options.timeoutMs;
    let inARow = 0;
    let seen = false;
    for (;;) {
        run.signal.throwIfAborted();
        const answer = await orAbort(askHealth(context, host), run.signal);
        const wrongWay = answer.healthy ? (options.through?.(answer) ?? null) : null;
        if (answer.healthy && !wrongWay) {
            if (!seen)
                options.onFirst?.();
            seen = true;
            inARow++;
            if (inARow >= health.consecutive) {
                return { kind: 'healthy', evidence: `${answer.evidence}, ${inARow} times in a row` };
            }
        }
        else {
            inARow = 0;
            run.progress(wrongWay ?? answer.evidence);
        }
        if (context.clock.now() > until)
            return { kind: 'not-healthy', evidence: wrongWay ?? answer.evidence };
        const waitedMs = context.clock.now() - startedAt;
        await context.clock.sleep(untilNextLook(inARow > 0, waitedMs, health, options), run.signal);
    }
}
function untilNextLook(isGood, waitedMs, { intervalMs }, { usersWait }) {
    if (isGood)
        return usersWait ? 0 : intervalMs;
    return pauseAfter(waitedMs, { shortest: SHORTEST_PAUSE_MS, longest: intervalMs });
}

;// CONCATENATED MODULE: ./lib/guards/production-healthy.js




/** Nothing is begun on something broken: whoever looks afterwards could not tell what broke it. */
const productionHealthy = {
    id: 'production-healthy',
    title: 'Production answers and takes writes',
    phases: ['upgrade'],
    check: async (context, observed) => (0,verdict/* allOf */.bn)([
        await (0,verdict/* perDatabase */.jZ)(context, observed, (pair, { production: { access, why, journal } }) => {
            const where = `${pair.name} on ${pair.production.server}`;
            if (access === 'read-write')
                return (0,verdict/* pass */.IX)(`${where} takes writes`);
            if (access === 'read-only' && journal && FREEZE_STATUSES.includes(journal.status))
                return (0,verdict/* pass */.IX)(`${where} is frozen by this tool`);
            if (access === 'read-only')
                return frozenElsewhere(where);
            if (access === 'absent')
                return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
            return (0,verdict/* fail */.fJ)('production-unhealthy', `${where} is ${access}${why ? `: ${why}` : ''}`, 'Make the database reachable first, then run the upgrade again.');
        }),
        await siteAnswers(context, observed),
    ]),
};
function frozenElsewhere(where) {
    return (0,verdict/* fail */.fJ)('production-frozen-elsewhere', `${where} is read-only, but not by this tool`, 'Find out who set it read-only, and why; this tool does not undo what it has not done.');
}
/** Any 2xx will do: what V1 tells about itself is not V2's business. Its writes fail while it is frozen. */
async function siteAnswers(context, observed) {
    const site = observed.sites.production;
    const { resourceGroup, site: name } = context.production.site;
    const tail = (0,command_line/* command */.G5)('az', 'webapp', 'log', 'tail', '-g', resourceGroup, '-n', name);
    if (!site) {
        return (0,verdict/* fail */.fJ)('resource-not-found', `the production web app ${name} is not in ${resourceGroup}`, 'Correct the slot in the configuration file; these are there:', (0,command_line/* command */.G5)('az', 'webapp', 'list', '-g', resourceGroup, '-o', 'table'));
    }
    const { status, version, evidence } = await askHealth(context, site.defaultHostName);
    if (status !== null && status >= 200 && status < 300) {
        return (0,verdict/* pass */.IX)(`${evidence}${alreadyExpected(observed, version, context.config.health.expectedVersion)}`);
    }
    if (observed.state === 'frozen')
        return (0,verdict/* pass */.IX)(`${evidence}, while production is frozen`);
    return (0,verdict/* fail */.fJ)('production-unhealthy', evidence, status === 404
        ? 'Bring production in order before it is upgraded, or correct health.path:'
        : 'Bring production in order before it is upgraded:', tail);
}
/** Where V1 answers as V2 should, every verification of V2 passes for nothing. */
function alreadyExpected(observed, version, expected) {
    if (version !== expected || observed.state === 'switched')
        return '';
    return `: production answers health.expected-version (${expected}) before the upgrade, so that version proves nothing of V2`;
}

;// CONCATENATED MODULE: ./lib/guards/public-name.js



/** A switch moves whoever comes by way of the profile, and nobody else. */
const publicName = {
    id: 'public-name',
    title: 'The name users open leads through the profile',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async ({ azure, config }, { profile }) => {
        const name = config.trafficManager?.publicName ?? profile?.fqdn ?? null;
        if (!name)
            return (0,verdict/* notKnowable */.ZM)('the profile is not there yet');
        const resolution = await azure.web.resolve(name);
        const { chain, kind } = resolution;
        const configured = config.trafficManager?.profile ?? '';
        const other = throughAnother(chain, profile?.fqdn ?? `${config.trafficManager?.dnsName ?? ''}.`);
        if (other !== null) {
            return (0,verdict/* fail */.fJ)('resource-not-found', `${name} leads through ${other}, and the configured profile ${configured} is ${profile ? profile.fqdn : 'not there'}: a switch would move nobody`, 'Name the profile that users come by in traffic-manager.profile; this lists them with their names:', (0,command_line/* shell */.vf) `az network traffic-manager profile list -g ${config.trafficManager?.resourceGroup ?? ''} -o table`);
        }
        if (!profile)
            return beforeThereIsOne(config, name, resolution);
        if ((0,production_slot/* sameName */.q)(name, profile.fqdn) || chain.some((one) => (0,production_slot/* sameName */.q)(one, profile.fqdn))) {
            if (kind === 'resolved')
                return (0,verdict/* pass */.IX)(`${name} leads through ${profile.fqdn}`);
            return (0,verdict/* notKnowable */.ZM)(`${name} leads to ${profile.fqdn}, which answers no address now`);
        }
        if (kind === 'no-such-name' && chain.length <= 1) {
            return (0,verdict/* notKnowable */.ZM)(`${name} is no name in DNS`, 'Let it lead to the profile, or correct traffic-manager.public-name: users are counted as switched when V2 answers there.');
        }
        return (0,verdict/* notKnowable */.ZM)(`${name} does not show ${profile.fqdn} among its names (${chain.join(', ') || 'none'}): unless an alias record or a CDN in front of it leads there, a switch moves nobody`);
    },
};
/**
 * A name in DNS that nothing answers may wait for the profile that prepare makes. One that answers is a profile's already, and
 * there is each name only once: prepare would copy the databases and fail at the profile.
 */
function beforeThereIsOne({ trafficManager }, name, { chain, kind }) {
    const live = kind === 'resolved' ? chain.find((one) => TRAFFIC_MANAGER.test(one)) : undefined;
    if (!trafficManager || live === undefined)
        return (0,verdict/* notKnowable */.ZM)('the profile is not there yet');
    const { profile, resourceGroup } = trafficManager;
    return (0,verdict/* fail */.fJ)('resource-not-found', `${name} leads through ${live}, which exists, but not as profile ${profile} in resource group ${resourceGroup}`, 'Correct traffic-manager.resource-group or traffic-manager.profile; this lists the profiles with their names and resource groups:', (0,command_line/* shell */.vf) `az network traffic-manager profile list -o table`);
}
const TRAFFIC_MANAGER = /\.trafficmanager\./i;
/** A Traffic Manager name on the way, where the expected one is not (a nested profile's parent comes before it). */
function throughAnother(chain, expected) {
    const profiles = chain.filter((name) => TRAFFIC_MANAGER.test(name));
    if (profiles.some((name) => name.toLowerCase().startsWith(expected.toLowerCase())))
        return null;
    return profiles[0] ?? null;
}

;// CONCATENATED MODULE: ./lib/guards/region.js
/** Azure gives one region as "North Europe" here and "northeurope" there. What is not known (null) is no other's. */
function sameRegion(a, b) {
    return a !== null && b !== null && regionName(a) === regionName(b);
}
/** As commands take it: "northeurope". */
function regionName(region) {
    return region.toLowerCase().replaceAll(' ', '');
}

;// CONCATENATED MODULE: ./lib/guards/same-region-endpoints.js




/**
 * A profile takes one App Service endpoint a region: an endpoint of type azure binds the profile's name to its web
 * app, and a name can be bound to one web app of a deployment unit. Endpoints of type external bind nothing, so
 * both web apps need the name that users open.
 */
const sameRegionEndpoints = {
    id: 'same-region-endpoints',
    title: 'Both web apps can be reached through one profile',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, observed) => {
        const types = [typeOf(context, observed, 'production'), typeOf(context, observed, 'stage')];
        const bothAzure = types.every((type) => type === 'azure');
        return bothAzure ? azureTwice(context, observed) : publicNameBound(context, observed);
    },
};
/** As it stands in the profile; as configured where it is not there yet. */
function typeOf(context, { profile }, role) {
    const { config } = context[role];
    return (profile ? (0,production_slot/* findEndpoint */.vS)(profile, config) : null)?.type ?? config.endpoint.type;
}
function azureTwice(context, { profile, sites }) {
    const { production, stage } = context;
    const region = sites.production?.location ?? production.server.location;
    if (!sameRegion(region, sites.stage?.location ?? stage.server.location)) {
        return (0,verdict/* pass */.IX)('the web apps are in different regions');
    }
    const accepted = profile && (0,production_slot/* findEndpoint */.vS)(profile, production.config) && (0,production_slot/* findEndpoint */.vS)(profile, stage.config);
    if (accepted)
        return (0,verdict/* pass */.IX)(`Azure has accepted both endpoints of type azure in ${profile.name}`);
    return (0,verdict/* fail */.fJ)('same-region-endpoints', `both endpoints are of type azure and both web apps are in ${region}: Azure allows one App Service endpoint of a region in a profile`, `Make both endpoints external (slots.${production.config.name}.endpoint.type and slots.${stage.config.name}.endpoint.type), with traffic-manager.public-name bound on both web apps, which have to be in different deployment units. Or swap deployment slots of one web app instead (switch.method: slot-swap).`);
}
function publicNameBound(context, { sites }) {
    const name = context.config.trafficManager?.publicName ?? null;
    if (!name) {
        return (0,verdict/* fail */.fJ)('same-region-endpoints', 'an endpoint is external and no public name is configured: its web app answers 404 for *.trafficmanager.net', 'Give users a name of your own, a CNAME to the profile, and set traffic-manager.public-name to it.');
    }
    const bound = [
        boundOn(context, 'production', sites.production, name),
        boundOn(context, 'stage', sites.stage, name),
    ];
    const boundOnBoth = bound.every((verdict) => verdict.kind === 'pass');
    return (0,verdict/* allOf */.bn)([...bound, deploymentUnits(sites.production, sites.stage, name, boundOnBoth)]);
}
function boundOn(context, role, site, name) {
    const ref = context[role].site;
    if (!site)
        return (0,verdict/* notKnowable */.ZM)(`web app ${ref.site} is not there yet; it will need the host name ${name}`);
    if (site.hostNames.some((bound) => isBound(bound, name)))
        return (0,verdict/* pass */.IX)(`${name} is bound on ${site.name}`);
    return (0,verdict/* fail */.fJ)('same-region-endpoints', `${name} is not bound on ${site.name}: its users would get 404`, 'Bind the name that users open, with its certificate, on the web app, or correct traffic-manager.public-name:', (0,command_line/* command */.G5)('az', 'webapp', 'config', 'hostname', 'add', '-g', ref.resourceGroup, '--webapp-name', site.name, '--hostname', name));
}
function isBound(bound, name) {
    if (!bound.startsWith('*.'))
        return (0,production_slot/* sameName */.q)(bound, name);
    return (0,production_slot/* sameName */.q)(bound.slice(1), name.slice(name.indexOf('.')));
}
/** Bound on both, Azure has accepted it, whatever the units are called. */
function deploymentUnits(production, stage, name, boundOnBoth) {
    const [here, there] = [production?.homeStamp ?? null, stage?.homeStamp ?? null];
    if (here === null || there === null)
        return (0,verdict/* pass */.IX)('');
    if (boundOnBoth || !(0,production_slot/* sameName */.q)(here, there))
        return (0,verdict/* pass */.IX)(`deployment units ${here} and ${there}`);
    return (0,verdict/* fail */.fJ)('same-region-endpoints', `both web apps are in deployment unit ${here}, where ${name} can be bound to one of them only`, 'Put the stage web app on a new plan in a new resource group, which gives a chance of another deployment unit; repeat until it is one.');
}

;// CONCATENATED MODULE: ./lib/guards/service-tier.js


/**
 * Geo-replication wants one service tier on both sides. A smaller copy throttles production's log
 * (HADR_THROTTLE_LOG_RATE_MISMATCHED_SLO), and it is production after the switch.
 */
const serviceTier = {
    id: 'service-tier',
    title: 'The stage database has the service tier and size of production',
    phases: ['prepare', 'upgrade'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, (pair, { production, stage }) => {
        if (!production.info)
            return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${production.ref.server}`);
        return (autoPause(pair, production.info) ??
            poolMissing(context, pair, production.info) ??
            different(pair, production.info, stage.info) ??
            secondHyperscaleReplica(context, pair, production) ??
            (0,verdict/* pass */.IX)(`${pair.name}: ${sizeOf(production.info)}${stage.info ? ' on both sides' : ''}`));
    }),
};
/** Serverless pauses on both sides or neither, and a paused primary does not replicate: Azure refuses the pair. */
function autoPause(pair, info) {
    if (info.autoPauseDelay === null || info.autoPauseDelay < 0)
        return null;
    return (0,verdict/* fail */.fJ)('service-tier-mismatch', `${pair.name} on ${pair.production.server} pauses after ${info.autoPauseDelay} minutes; geo-replication does not support auto-pause`, 'Switch auto-pause off:', update(pair.production, '--auto-pause-delay', '-1'));
}
function poolMissing(context, pair, info) {
    const { config, server } = context.stage;
    if (info.elasticPoolId === null || config.elasticPool !== null)
        return null;
    return (0,verdict/* fail */.fJ)('service-tier-mismatch', `${pair.name} is in an elastic pool on ${pair.production.server}, and slot ${config.name} names none`, `Name a pool on ${server.name} in slots.${config.name}.sql-server.elastic-pool; this lists them:`, (0,command_line/* command */.G5)('az', 'sql', 'elastic-pool', 'list', '-g', config.sqlResourceGroup, '-s', server.name, '-o', 'table'));
}
function different(pair, production, stage) {
    if (!stage || !production.sku || !stage.sku || sameSize(production, stage))
        return null;
    const evidence = `${pair.name} is ${sizeOf(production)} on ${pair.production.server} and ${sizeOf(stage)} on ${pair.stage.server}`;
    const pooled = stage.elasticPoolId ?? production.elasticPoolId;
    if (pooled !== null) {
        return (0,verdict/* fail */.fJ)('service-tier-mismatch', evidence, 'Put both databases into pools of one service tier.');
    }
    return (0,verdict/* fail */.fJ)('service-tier-mismatch', evidence, 'Give the stage database the service objective of production (where both grow, the copy first):', update(pair.stage, ...sizeOptions(production.sku)));
}
/** Databases in a pool have the pool's size: only the tier is theirs. */
function sameSize(a, b) {
    if (a.elasticPoolId !== null || b.elasticPoolId !== null)
        return same(a.sku?.tier, b.sku?.tier);
    return same(size(a.sku), size(b.sku));
}
/** DTU sizes are tier and DTUs, by whatever name (Standard, S1); vCore sizes are not: GP_Gen5, GP_S_Gen5. */
function size(sku) {
    if (!sku)
        return '';
    const byCapacity = sku.family === null && sku.capacity !== null;
    return `${sku.tier} ${byCapacity ? '' : sku.name} ${sku.capacity}`;
}
function same(a, b) {
    return (a ?? '').toLowerCase() === (b ?? '').toLowerCase();
}
function sizeOptions({ name, tier, family, capacity }) {
    if (capacity === null)
        return ['--service-objective', name];
    const model = /^(GP|HS)_S_/i.test(name) ? 'Serverless' : 'Provisioned';
    const cores = family === null ? [] : ['--family', family, '--compute-model', model];
    return ['--edition', tier ?? name, ...cores, '--capacity', String(capacity)];
}
/** One geo-replica was documented in 2021; newer limits are looser, and Azure itself tells when one is created. */
function secondHyperscaleReplica(context, pair, production) {
    if (!same(production.info?.sku?.tier, 'Hyperscale'))
        return null;
    const others = production.links.filter((link) => link.role === 'Primary' && !same(link.partnerServer, context.stage.server.name));
    if (others.length === 0)
        return null;
    return (0,verdict/* notKnowable */.ZM)(`${pair.name} is Hyperscale and has a geo-replica on ${others.map((link) => link.partnerServer).join(', ')}; whether Azure allows a second one for the stage slot shows when prepare creates it`);
}
function sizeOf({ sku, elasticPoolId }) {
    if (!sku)
        return 'of unknown size';
    if (elasticPoolId !== null)
        return `${sku.tier ?? sku.name} in pool ${elasticPoolId.split('/').at(-1) ?? ''}`;
    const name = same(sku.name, sku.tier) ? sku.name : `${sku.tier ?? ''} ${sku.name}`.trim();
    if (sku.capacity === null)
        return name;
    return sku.family === null ? `${name}, ${sku.capacity} DTU` : `${name}, ${sku.capacity} vCores`;
}
function update(ref, ...options) {
    return (0,command_line/* command */.G5)('az', 'sql', 'db', 'update', '-g', ref.resourceGroup, '-s', ref.server, '-n', ref.database, ...options);
}

;// CONCATENATED MODULE: ./lib/azure/tsql/database-rights.js
/** What the caller may do in this database. db_owner covers freeze, views, journal and script. */
async function readRights(connection) {
    const rows = await connection.query(`SELECT USER_NAME() AS name, IS_ROLEMEMBER(N'db_owner') AS owner,
            HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'ALTER') AS alter_database;`);
    const row = rows[0] ?? {};
    const user = String(row.name ?? '?');
    return {
        user,
        isOwner: user === 'dbo' || Number(row.owner ?? 0) === 1,
        canAlter: Number(row.alter_database ?? 0) === 1,
    };
}

;// CONCATENATED MODULE: ./lib/azure/tsql/geo-replication.js

/** The links of this database. Needs VIEW DATABASE STATE. */
const LINKS = {
    select: `partner_server, role, replication_state_desc, replication_lag_sec, last_commit
             FROM sys.dm_geo_replication_link_status`,
    read: (rows) => rows.map(linkStatus),
};
function readLinks(connection) {
    return lookAt(connection, LINKS);
}
function linkStatus(row) {
    return {
        partnerServer: String(row.partner_server),
        role: Number(row.role) === 0 ? 'primary' : 'secondary',
        state: String(row.replication_state_desc),
        lagSeconds: row.replication_lag_sec === null ? null : Number(row.replication_lag_sec),
        lastCommit: row.last_commit instanceof Date ? row.last_commit : null,
    };
}
/** The link to this partner; a database may have others, which are nobody's business here. */
function linkTo(links, partnerServer) {
    return links.find((link) => link.partnerServer.toLowerCase() === partnerServer.toLowerCase()) ?? null;
}
/**
 * The same, seen as this end of it: null also where the other end has that role by now. After a failover the link goes on
 * between the same two, and each says CATCH_UP of it.
 */
function linkAs(role, links, partnerServer) {
    const link = linkTo(links, partnerServer);
    return link?.role === role ? link : null;
}
/**
 * Blocks until every transaction committed so far is hardened in the secondary's log. On the primary only;
 * the login must be a user in both databases. Returns the procedure's code: 0 is success, anything else is
 * an error number (link not found, partner not reachable).
 */
async function waitForCopySync(connection, partnerServer, timeoutMs, signal) {
    const rows = await connection.query(`DECLARE @code int;
     EXEC @code = sys.sp_wait_for_database_copy_sync @target_server = @server, @target_database = @database;
     SELECT @code AS code;`, { server: partnerServer, database: connection.database }, timeoutMs, signal);
    return Number(rows.at(-1)?.code ?? -1);
}

;// CONCATENATED MODULE: ./lib/guards/sql-permissions.js







/** VIEW DATABASE STATE denied, and the server-wide right of the same kind. */
const NOT_PERMITTED = [297, 300];
/** Login failed; cannot open the database; not a user of it. */
const NOT_LET_IN = [18456, 4060, 916];
/** Address not let in by the firewall; public network access denied. */
const NETWORK_CLOSED = [40615, 47073];
/** db_owner in every database, on both sides: db_ddladmin is not enough to set a database read-only. */
const sqlPermissions = {
    id: 'sql-permissions',
    title: 'The identity is db_owner of every database',
    phases: ['prepare', 'upgrade', 'switch'],
    check: (context, observed) => checkRights(context, observed, context.production.server),
};
/** The same of the databases in the backup region; rights are granted where the database takes writes. */
const rightsInBackupRegion = ({ context, observed }, _, primary) => checkRights(context, observed, primary.production.server);
/** @param writable the server on which a right is granted that both sides lack. */
function checkRights(context, observed, writable) {
    return (0,verdict/* perDatabase */.jZ)(context, observed, async (pair, seen) => {
        // A server lets nobody into a database that it does not have, in the words in which it refuses an identity.
        if (seen.production.access === 'absent')
            return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair.production.server}`);
        const production = await checkSide(context, 'production', pair, writable);
        if (production.verdict.kind === 'fail')
            return production.verdict;
        const stage = isOpen(seen)
            ? (await checkSide(context, 'stage', pair, writable)).verdict
            : ahead(context, pair, production.rights);
        return (0,verdict/* allOf */.bn)([production.verdict, stage]);
    });
}
/** A database that is being seeded refuses every login. */
function isOpen({ stage, link }) {
    const seeding = stage.links.some((one) => one.role !== 'Primary' && one.state !== 'CATCH_UP');
    if (stage.access === 'absent' || seeding)
        return false;
    return link === null || link.state === 'CATCH_UP';
}
async function checkSide(context, role, pair, writable) {
    const where = `${pair.name} on ${context[role].server.name}`;
    try {
        return await context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
            const rights = await readRights(connection);
            if (!rights.isOwner)
                return { rights, verdict: notOwner(writable, pair, where, rights.user) };
            await readLinks(connection);
            return { rights, verdict: (0,verdict/* pass */.IX)(`${rights.user} is db_owner of ${where}`) };
        });
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return { rights: null, verdict: sql_permissions_refusal(context, role, pair, writable, error) };
    }
}
function notOwner(writable, pair, where, user) {
    return (0,verdict/* fail */.fJ)('sql-permission-missing', `${user} is not db_owner of ${where}`, 'As administrator of the production server (the right replicates to the stage database):', onWritable(writable, pair, `ALTER ROLE db_owner ADD MEMBER ${quoteName(user)};`));
}
function sql_permissions_refusal(context, role, pair, writable, error) {
    const { server } = context[role];
    const where = `${pair.name} on ${server.name}`;
    if (error.has(...NETWORK_CLOSED)) {
        return (0,verdict/* fail */.fJ)('sql-firewall', `${where} does not let the runner in: ${error.message}`, "Let the runner's address through the firewall, or use a runner in the network of the server's private endpoint:", (0,command_line/* shell */.vf) `az sql server firewall-rule create -g ${pair[role].resourceGroup} -s ${server.name} -n runner --start-ip-address ADDRESS --end-ip-address ADDRESS`);
    }
    if (error.has(...NOT_PERMITTED)) {
        return (0,verdict/* fail */.fJ)('sql-permission-missing', `the state of replication cannot be read in ${where}: ${error.message}`, 'As administrator of the production server:', onWritable(writable, pair, 'ALTER ROLE db_owner ADD MEMBER [IDENTITY];'));
    }
    if (error.kind === 'login' && error.has(...NOT_LET_IN)) {
        const { sqlLogin } = context.config;
        if (sqlLogin) {
            return (0,verdict/* fail */.fJ)('sql-permission-missing', `${where} does not let the SQL login ${sqlLogin.user} in: ${error.message}`, 'Check sql-login.user and sql-login.password (the variable it takes its value from) of the config file; the login has to be there on both servers.');
        }
        return (0,verdict/* fail */.fJ)('sql-permission-missing', `${where} does not know the identity: ${error.message}`, 'Make the identity a contained user of the production database; it replicates to the stage database:', onWritable(writable, pair, 'CREATE USER [IDENTITY] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER [IDENTITY];'));
    }
    throw error;
}
function onWritable(writable, pair, statement) {
    return (0,command_line/* sqlcmd */.F8)(writable.fullyQualifiedDomainName, pair.name, statement);
}
/** Users of a database replicate with it; being a server's administrator does not. */
function ahead(context, pair, rights) {
    const { production, stage, config } = context;
    const there = production.server.entraAdministrator;
    const here = stage.server.entraAdministrator;
    const byAdministration = rights?.user === 'dbo' && config.sqlLogin === null;
    if (byAdministration && there !== here) {
        return (0,verdict/* notKnowable */.ZM)(`the identity is dbo of ${pair.name} as administrator of ${production.server.name}; ${stage.server.name} has ${here ?? 'no'} Entra administrator, so whether the copy lets it in shows after seeding`);
    }
    return (0,verdict/* pass */.IX)(`${pair.name} cannot be opened on ${stage.server.name} yet; its users come with the data`);
}

;// CONCATENATED MODULE: ./lib/guards/sql-server-reachable.js

/** Without public access only a runner within the private network gets through: that shows by connecting. */
const sqlServerReachable = {
    id: 'sql-server-reachable',
    title: 'The runner reaches both SQL servers',
    phases: ['prepare', 'upgrade'],
    check: async (context, observed) => (0,verdict/* allOf */.bn)([reachable(context, observed, 'production'), reachable(context, observed, 'stage')]),
};
function reachable(context, { databases }, role) {
    const { name, publicNetworkAccess } = context[role].server;
    const sides = databases.map((database) => database[role]);
    if (sides.some((side) => side.access === 'read-write' || side.access === 'read-only')) {
        return (0,verdict/* pass */.IX)(`${name} was reached`);
    }
    const why = sides.find((side) => side.why !== '')?.why;
    if (why)
        return (0,verdict/* notKnowable */.ZM)(`${name} was not reached: ${why}`);
    if (publicNetworkAccess?.toLowerCase() !== 'disabled') {
        return (0,verdict/* pass */.IX)(`${name} has public network access; there is no database on it to connect to yet`);
    }
    return (0,verdict/* notKnowable */.ZM)(`${name} has public network access disabled: the runner, and V2's web app, need its private endpoint; there is no database on it to try yet`);
}

;// CONCATENATED MODULE: ./lib/guards/stage-firewall.js


/** Rules of a server do not replicate (those of a database do): whoever reaches V1's data has to reach V2's. */
const stageFirewall = {
    id: 'stage-firewall',
    title: "The stage server's firewall lets in what production's lets in",
    phases: ['prepare', 'upgrade'],
    check: async (context) => {
        const { production, stage } = context;
        if (isPrivate(production.server.publicNetworkAccess) && isPrivate(stage.server.publicNetworkAccess)) {
            return (0,verdict/* pass */.IX)('both servers have public network access disabled; firewall rules do not apply');
        }
        const [wanted, there] = await Promise.all([rulesOf(context, 'production'), rulesOf(context, 'stage')]);
        const missing = wanted.filter((rule) => !there.some((other) => covers(other, rule)));
        if (missing.length === 0) {
            return (0,verdict/* pass */.IX)(`${stage.server.name} lets in every range of ${production.server.name} (${wanted.length}); virtual network rules and private endpoints are not compared`);
        }
        return (0,verdict/* fail */.fJ)('sql-firewall', `${stage.server.name} lacks firewall rules of ${production.server.name}: ${missing.map(stage_firewall_told).join(', ')}`, 'Create the rules on the stage server, or delete them from the production server where nobody needs them:', ...missing.map((rule) => creation(context, rule)));
    },
};
function isPrivate(publicNetworkAccess) {
    return publicNetworkAccess?.toLowerCase() === 'disabled';
}
function rulesOf(context, role) {
    const { sqlResourceGroup, sqlServer } = context[role].config;
    return context.azure.sql.listFirewallRules({ resourceGroup: sqlResourceGroup, server: sqlServer });
}
/** From 0.0.0.0 to 0.0.0.0 is no address but "services within Azure". */
function isAzureServices(rule) {
    return rule.startIpAddress === '0.0.0.0' && rule.endIpAddress === '0.0.0.0';
}
function covers(rule, wanted) {
    if (isAzureServices(wanted) && isAzureServices(rule))
        return true;
    if (isAzureServices(wanted) && rule.endIpAddress !== '255.255.255.255')
        return false;
    return (address(rule.startIpAddress) <= address(wanted.startIpAddress) &&
        address(rule.endIpAddress) >= address(wanted.endIpAddress));
}
/** An IPv4 address as a number; NaN, which is in no range, where it is none. */
function address(text) {
    const parts = text.split('.').map(Number);
    return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}
function stage_firewall_told({ name, startIpAddress, endIpAddress }) {
    return `${name} (${startIpAddress} to ${endIpAddress})`;
}
function creation(context, rule) {
    const { sqlResourceGroup, sqlServer } = context.stage.config;
    const range = ['--start-ip-address', rule.startIpAddress, '--end-ip-address', rule.endIpAddress];
    const where = ['-g', sqlResourceGroup, '-s', sqlServer, '-n', rule.name];
    return (0,command_line/* command */.G5)('az', 'sql', 'server', 'firewall-rule', 'create', ...where, ...range);
}

;// CONCATENATED MODULE: ./lib/azure/tsql/sql-logins.js
/** Users of this database that sign in with a SQL login of the server; contained users are not among them. */
async function readLoginUsers(connection) {
    // Up to principal 4 they are SQL Server's own: dbo, guest, INFORMATION_SCHEMA, sys.
    const rows = await connection.query(`SELECT name, sid FROM sys.database_principals
      WHERE type = 'S' AND authentication_type = 1 AND principal_id > 4;`);
    return rows.map(principal);
}
/** SQL logins of the server. The connection is to master. */
async function readServerLogins(connection) {
    return (await connection.query('SELECT name, sid FROM sys.sql_logins;')).map(principal);
}
function principal(row) {
    const { name, sid } = row;
    const digits = Buffer.isBuffer(sid) ? sid.toString('hex').toUpperCase() : '';
    return { name: String(name), sid: `0x${digits}` };
}

;// CONCATENATED MODULE: ./lib/guards/stage-logins.js






/** Logins of a server do not replicate; without one of the same SID a user of the copy cannot sign in. */
const stageLogins = {
    id: 'stage-logins',
    title: 'The stage server has the logins of the production database',
    phases: ['prepare', 'upgrade'],
    check: (context, observed) => (0,verdict/* perDatabase */.jZ)(context, observed, async (pair) => {
        const users = await context.sessions.on(sqlTarget(context, 'production', pair.name), readLoginUsers);
        if (users.length === 0)
            return (0,verdict/* pass */.IX)(`no user of ${pair.name} needs a login of the server`);
        const logins = await context.sessions.on(sqlTarget(context, 'stage', 'master'), readServerLogins);
        const missing = users.filter((user) => !logins.some((login) => login.sid === user.sid));
        const server = context.stage.server.name;
        if (missing.length > 0)
            return loginsMissing(context, pair.name, missing, logins);
        return (0,verdict/* pass */.IX)(`${server} has the logins of ${stage_logins_names(users)} (${pair.name}), with the same SIDs`);
    }),
};
function loginsMissing(context, database, missing, logins) {
    const { server } = context.stage;
    const host = server.fullyQualifiedDomainName;
    const told = missing.map((user) => hasName(logins, user) ? `${user.name} (there with another SID)` : user.name);
    return (0,verdict/* fail */.fJ)('sql-login-missing', `${server.name} has no login for these users of ${database}: ${told.join(', ')}`, 'Create each login on the stage server with the password it has on the production server (or use a contained user instead, which replicates: CREATE USER … WITH PASSWORD in the production database):', ...missing.map((user) => (0,command_line/* sqlcmd */.F8)(host, 'master', stage_logins_creation(user, hasName(logins, user)))));
}
function stage_logins_creation(user, inTheWay) {
    const name = quoteName(user.name);
    const drop = inTheWay ? `DROP LOGIN ${name}; ` : '';
    return `${drop}CREATE LOGIN ${name} WITH PASSWORD = N'PASSWORD', SID = ${user.sid};`;
}
function hasName(logins, user) {
    return logins.some((login) => (0,production_slot/* sameName */.q)(login.name, user.name));
}
function stage_logins_names(principals) {
    return principals.map((one) => one.name).join(', ');
}

;// CONCATENATED MODULE: ./lib/guards/stage-site-identical.js



/**
 * The article's "identical web site": same runtime, health path and settings by name, and connected to the stage
 * database. Values are compared and never told.
 */
const stageSiteIdentical = {
    id: 'stage-site-identical',
    title: "The stage web app is production's twin, on the stage database",
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, observed, phase) => {
        const { production, stage } = context;
        if (!observed.sites.production) {
            return (0,verdict/* fail */.fJ)('resource-not-found', `the production web app ${production.site.site} is not in ${production.site.resourceGroup}`, 'Correct the slot in the configuration file; these are there:', (0,command_line/* command */.G5)('az', 'webapp', 'list', '-g', production.site.resourceGroup, '-o', 'table'));
        }
        if (!observed.sites.stage)
            return (0,verdict/* notKnowable */.ZM)(`the stage web app ${siteName(stage.site)} is not there yet`);
        return compare(context, phase);
    },
};
async function compare(context, phase) {
    const { production, stage, azure, config } = context;
    const { appService } = azure;
    const [here, there, ours, theirs, sticky] = await Promise.all([
        appService.getConfiguration(production.site),
        appService.getConfiguration(stage.site),
        readSettings(appService, production.site, context),
        readSettings(appService, stage.site, context),
        config.switchMethod === 'slot-swap' ? appService.listSlotSettingNames(production.site) : NONE_STICKY,
    ]);
    if (phase === 'switch' && isSwapped(context, ours, theirs))
        return (0,verdict/* pass */.IX)(`${siteName(production.site)} has V2 already: a switch that was not seen to its end has swapped it`);
    return (0,verdict/* allOf */.bn)([
        sameConfiguration(context, here, there),
        sameNames(context, ours.filter((one) => !isSticky(sticky, one)), theirs),
        namesStageServer(context, ours, theirs),
    ]);
}
/** The backup region is swapped first, and the switch that goes on finds it so. */
function isSwapped({ config }, ours, theirs) {
    const nameOnly = (settings, server) => {
        const named = settings.map(({ names }) => names).filter((names) => names !== 'neither');
        return named.length > 0 && named.every((names) => names === server);
    };
    return config.switchMethod === 'slot-swap' && nameOnly(ours, 'stage') && nameOnly(theirs, 'production');
}
/** Sticky settings take no part in a swap, so they may be on one side only. */
const NONE_STICKY = { appSettings: [], connectionStrings: [] };
function sameConfiguration(context, here, there) {
    const keys = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort();
    const differing = keys.filter((key) => (here[key] ?? null) !== (there[key] ?? null));
    if (differing.length === 0)
        return (0,verdict/* pass */.IX)(`same configuration (${keys.length} keys)`);
    return (0,verdict/* fail */.fJ)('stage-site-differs', `${siteName(context.stage.site)} differs from ${siteName(context.production.site)} in ${differing.join(', ')}`, 'Configure the stage web app as production is; this shows both:', configure(context, 'production', ['show']), configure(context, 'stage', ['show']));
}
/** What V2 has in addition is its own affair; what it lacks is what V1 could not do without. */
function sameNames(context, ours, theirs) {
    const missing = ours.filter((one) => !has(theirs, one));
    const more = theirs.filter((one) => !has(ours, one));
    const added = more.length > 0 ? `; in addition: ${more.map(told).join(', ')}` : '';
    if (missing.length === 0)
        return (0,verdict/* pass */.IX)(`every setting is there by name (${ours.length})${added}`);
    return (0,verdict/* fail */.fJ)('stage-site-differs', `${siteName(context.stage.site)} lacks ${missing.map(told).join(', ')}`, 'Add them to the stage web app, with the values that V2 needs:', ...(missing.some((one) => one.kind === 'app setting') ? [setAppSetting(context)] : []), ...(missing.some((one) => one.kind === 'connection string') ? [setConnectionString(context)] : []));
}
function has(settings, wanted) {
    return settings.some((one) => one.kind === wanted.kind && one.name === wanted.name);
}
function namesStageServer(context, ours, theirs) {
    const { production, stage } = context;
    const site = siteName(stage.site);
    const wrong = theirs.filter((one) => one.names === 'production' || one.names === 'both');
    if (wrong.length > 0) {
        return (0,verdict/* fail */.fJ)('stage-site-differs', `${site} names production's SQL server ${production.server.name} in ${wrong.map(told).join(', ')}: V2 would work on V1's data`, `Let them name ${stage.server.fullyQualifiedDomainName} instead; connection strings are set by:`, setConnectionString(context));
    }
    if (theirs.some((one) => one.names === 'stage'))
        return (0,verdict/* pass */.IX)(`${site} names ${stage.server.name}`);
    const seen = ours.filter((one) => one.names === 'production');
    const hidden = theirs.some((one) => one.isReference);
    if (seen.length === 0 || hidden) {
        return (0,verdict/* notKnowable */.ZM)(`no setting of ${site} shows which SQL server it uses (a reference, or outside App Service)`);
    }
    return (0,verdict/* fail */.fJ)('stage-site-differs', `no setting of ${site} names ${stage.server.name}; production names its server in ${seen.map(told).join(', ')}`, `Let the stage web app name ${stage.server.fullyQualifiedDomainName}; connection strings are set by:`, setConnectionString(context));
}
/** `az webapp config …` of one of the two web apps. */
function configure(context, role, subcommand, options = []) {
    const { resourceGroup, site, deploymentSlot } = context[role].site;
    const slot = deploymentSlot === null ? [] : ['--slot', deploymentSlot];
    const where = ['-g', resourceGroup, '-n', site, ...slot];
    return (0,command_line/* command */.G5)('az', 'webapp', 'config', ...subcommand, ...where, ...options);
}
function setConnectionString(context) {
    const options = ['-t', 'SQLAzure', '--settings', 'NAME=VALUE'];
    return configure(context, 'stage', ['connection-string', 'set'], options);
}
function setAppSetting(context) {
    return configure(context, 'stage', ['appsettings', 'set'], ['--settings', 'NAME=VALUE']);
}

;// CONCATENATED MODULE: ./lib/guards/stage-version.js



/**
 * Told, not judged: V2 on a database that is not upgraded yet may well be unhealthy, may read its version from that
 * database, and may be deployed as late as while it is seeded. But a V2 that nobody has deployed is otherwise only found
 * when users can no longer write.
 */
const stageVersion = {
    id: 'stage-version',
    title: 'The stage site answers as V2',
    phases: ['upgrade'],
    check: async (context, observed) => {
        const site = observed.sites.stage;
        const name = siteName(context.stage.site);
        if (!site)
            return (0,verdict/* pass */.IX)(`the stage web app ${name} does not exist`);
        const { status, version, evidence } = await askHealth(context, site.defaultHostName);
        const { expectedVersion, expectedStatus } = context.config.health;
        const told = `stage: ${evidence}`;
        // Users have been moved: the stage slot is V1's.
        if (observed.state === 'switched' || status === null || version === expectedVersion)
            return (0,verdict/* pass */.IX)(told);
        if (version === null && !expectedStatus.includes(status))
            return (0,verdict/* pass */.IX)(told);
        return notV2(context, told, version);
    },
};
function notV2({ config, stage }, told, version) {
    const { expectedVersion } = config.health;
    const name = siteName(stage.site);
    const what = version === null
        ? 'it answers and tells no version where health.version-from looks'
        : `health.expected-version is ${expectedVersion}`;
    return (0,verdict/* notKnowable */.ZM)(`${told}; ${what}. The switch waits until ${name} answers ${expectedVersion}, while users cannot write`, `Deploy V2 to ${name} before phase upgrade, or correct health.expected-version (${expectedVersion}) or health.version-from. If V2 takes its version from the database, that is as it should be before the script.`);
}

;// CONCATENATED MODULE: ./lib/guards/standby-pool.js



/** The geo-secondary of a pooled stage database needs a pool as well: by itself it would be of another size. */
const standbyPool = {
    id: 'standby-pool',
    title: "The stage's geo-secondary goes where its size is that of the stage database",
    phases: ['prepare'],
    check: async (context) => {
        const { config } = context.stage;
        const standby = (0,regions/* standbyOf */.Lu)(context, 'stage').config;
        if (config.elasticPool === null)
            return (0,verdict/* pass */.IX)(`the databases on ${standby.sqlServer} get the size of their source`);
        if (standby.elasticPool !== null) {
            return (0,verdict/* pass */.IX)(`pools ${config.elasticPool} on ${config.sqlServer}, ${standby.elasticPool} on ${standby.sqlServer}`);
        }
        return (0,verdict/* fail */.fJ)('service-tier-mismatch', `slot ${config.name} has the pool ${config.elasticPool} on ${config.sqlServer}, and names none on ${standby.sqlServer}`, `Name a pool on ${standby.sqlServer} in slots.${config.name}.backup.sql-server.elastic-pool; this lists them:`, (0,command_line/* command */.G5)('az', 'sql', 'elastic-pool', 'list', '-g', standby.sqlResourceGroup, '-s', standby.sqlServer, '-o', 'table'));
    },
};

;// CONCATENATED MODULE: ./lib/guards/standby-protects.js





/**
 * The database that serves users has a caught-up geo-secondary at every moment. Before a switch that is the stage
 * database: it serves them from then on, and to stop for production's link would leave them with just that link. What
 * has not caught up is waited for by the switch itself.
 */
function standbyProtects(read) {
    return {
        id: 'standby-protects',
        title: 'The database that serves users has a caught-up geo-secondary in the backup region',
        phases: ['prepare', 'upgrade', 'switch'],
        check: async (context, observed, phase) => {
            const role = servingRole(phase);
            const backup = await read(context, observed);
            const theirs = backup.kind === 'answers' ? backup.observed.databases : [];
            return (0,verdict/* perDatabase */.jZ)(context, observed, (pair, seen) => {
                const side = seen[role];
                if (!side.info)
                    return (0,verdict/* notKnowable */.ZM)(`${pair.name} is not on ${pair[role].server}`);
                if (role === 'production' && linkFromStandby(context, side.links)) {
                    return (0,verdict/* notKnowable */.ZM)(`${pair.name} was failed over to its standby`);
                }
                const there = theirs.find(({ name }) => name === pair.name)?.[role];
                return (linkMissing(context, role, pair, seen.protection?.[role] ?? null) ??
                    notCaughtUp(pair, phase, lagging(context, role, seen.protection?.[role] ?? null)) ??
                    notCaughtUp(pair, phase, there ? standbyDiffers(context, role, there.links) : null) ??
                    (0,verdict/* pass */.IX)(`${pair.name}: ${arrow(context, role)} is CATCH_UP${there ? ' on both sides' : ''}`));
            });
        },
    };
}
function servingRole(phase) {
    return phase === 'switch' ? 'stage' : 'production';
}
function linkMissing(context, role, pair, link) {
    if (link)
        return null;
    const evidence = `${pair.name} on ${pair[role].server} has no geo-secondary on ${(0,regions/* standbyOf */.Lu)(context, role).server.name}`;
    if (role === 'stage') {
        return (0,verdict/* fail */.fJ)('standby-missing', `${evidence}: after the switch nothing would protect the users' data`, 'The upgrade goes back to V1. Run phase rollback with rollback.stage: remove, then prepare and upgrade again.');
    }
    return (0,verdict/* fail */.fJ)('standby-missing', evidence, 'Create it and wait until it has caught up; an application without a backup region is one of topology single-region:', createReplica(context, pair));
}
function createReplica(context, pair) {
    const from = pair.production;
    const to = (0,regions/* databaseOn */.zV)((0,regions/* standbyOf */.Lu)(context, 'production'), pair.name);
    const source = ['-g', from.resourceGroup, '-s', from.server, '-n', pair.name];
    const partner = ['--partner-resource-group', to.resourceGroup, '--partner-server', to.server];
    return (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'create', ...source, ...partner);
}
function lagging(context, role, link) {
    if (!link || link.state === 'CATCH_UP')
        return null;
    const percent = link.percentComplete === null ? '' : `, ${link.percentComplete} %`;
    return `${arrow(context, role)} is ${link.state}${percent}`;
}
function standbyDiffers(context, role, links) {
    const { server } = context[role];
    const own = links.find((link) => link.role !== 'Primary' && (0,production_slot/* sameName */.q)(link.partnerServer, server.name));
    if (own?.state === 'CATCH_UP')
        return null;
    const said = own ? `says ${own.state}` : 'knows of no such link';
    return `${arrow(context, role)}: ${(0,regions/* standbyOf */.Lu)(context, role).server.name} ${said}`;
}
function notCaughtUp(pair, phase, why) {
    if (why === null)
        return null;
    if (phase === 'switch')
        return (0,verdict/* notKnowable */.ZM)(`${pair.name}: ${why}; the switch waits for it, or goes back`);
    const { resourceGroup, server } = pair.production;
    return (0,verdict/* fail */.fJ)('standby-not-caught-up', `${pair.name}: ${why}`, 'Wait until both sides say CATCH_UP, then run again; a link that stays behind or suspended has to be removed and made anew:', (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'list-links', '-g', resourceGroup, '-s', server, '-n', pair.name));
}
function arrow(context, role) {
    return `${context[role].server.name} to ${(0,regions/* standbyOf */.Lu)(context, role).server.name}`;
}

;// CONCATENATED MODULE: ./lib/guards/time-left.js


/** For what comes before the freeze, and for the way back. Milliseconds. */
const MARGIN_MS = 5 * 60_000;
/** A job that is ended while production is read-only cannot give it back any more. */
const timeLeft = {
    id: 'time-left',
    title: 'Job and credentials last longer than the read-only window may',
    phases: ['upgrade'],
    check: async (context) => {
        const expires = await context.azure.credentialExpiresAt();
        return (0,verdict/* allOf */.bn)([jobTime(context), credentialTime(context, expires)]);
    },
};
function jobTime(context) {
    const { jobEndsAt } = context;
    if (jobEndsAt === null) {
        return (0,verdict/* notKnowable */.ZM)('when this job will be ended is not known (the token needs `actions: read` to ask)');
    }
    const left = jobEndsAt.getTime() - context.clock.now();
    if (left >= neededMs(context))
        return (0,verdict/* pass */.IX)(`the job has ${(0,humane/* formatDuration */.a3)(left)} left`);
    return (0,verdict/* fail */.fJ)('time-left-too-short', `the job is ended in ${(0,humane/* formatDuration */.a3)(left)}; max-read-only and the way back take up to ${(0,humane/* formatDuration */.a3)(neededMs(context))}`, `Raise timeout-minutes of the job (at least ${minutes(neededMs(context))} for this step), or lower max-read-only.`);
}
function credentialTime(context, expires) {
    if (expires === null)
        return (0,verdict/* pass */.IX)('tokens are minted afresh whenever one is needed');
    const left = expires.getTime() - context.clock.now();
    if (left >= neededMs(context))
        return (0,verdict/* pass */.IX)(`the credential lasts ${(0,humane/* formatDuration */.a3)(left)}`);
    return (0,verdict/* fail */.fJ)('time-left-too-short', `the credential lapses in ${(0,humane/* formatDuration */.a3)(left)} and cannot be renewed; up to ${(0,humane/* formatDuration */.a3)(neededMs(context))} are needed`, 'Let the action sign in by itself: inputs tenant-id and client-id, with `permissions: id-token: write`. With the Azure CLI: az login again right before this step.');
}
function neededMs(context) {
    return context.config.maxReadOnlyMs + MARGIN_MS;
}
function minutes(ms) {
    return Math.ceil(ms / 60_000);
}

;// CONCATENATED MODULE: ./lib/guards/two-regions.js




/**
 * The topology: both slots have their primary parts in one region and their standbys in one other, and users are in
 * the primary one. After a failover production is somewhere else than the configuration file has it.
 */
function twoRegions(read) {
    return {
        id: 'two-regions',
        title: 'Both slots have their parts in the same two regions',
        phases: ['prepare', 'upgrade'],
        check: async (context, observed) => {
            const failedOver = failedOverDatabases(context, observed) ?? failedOverEndpoint(context, observed);
            if (failedOver)
                return failedOver;
            const backup = await read(context, observed);
            return backup.kind === 'answers'
                ? checkRegions({ context, observed }, backup)
                : (0,verdict/* notKnowable */.ZM)('where the standbys are is not known: the backup region does not answer');
        },
    };
}
function checkRegions(primary, backup) {
    const [here, there] = [placesOf(primary, ''), placesOf(backup, 'backup.')];
    const home = primary.context.production.server.location;
    const away = backup.context.production.server.location;
    if (home === null || away === null)
        return (0,verdict/* notKnowable */.ZM)('which two regions they are is not known');
    return (oneRegionOnly(primary, backup) ??
        exchanged(here, there, home, away) ??
        elsewhere(primary.context, [...misplaced(here, home), ...misplaced(there, away)]) ??
        (0,verdict/* pass */.IX)(`${two_regions_told(here)} in ${home}; ${two_regions_told(there)} in ${away}`));
}
/** Servers always, web apps where they are there already. */
function placesOf({ context, observed }, prefix) {
    const roles = ['production', 'stage'];
    return roles.flatMap((role) => {
        const { config, server, site: ref } = context[role];
        const site = observed.sites[role];
        const key = `slots.${config.name}.${prefix}`;
        return [
            ...(server.location === null
                ? []
                : [
                    {
                        name: server.name,
                        part: 'sql-server',
                        role,
                        key: `${key}sql-server`,
                        location: server.location,
                    },
                ]),
            ...(site
                ? [
                    {
                        name: siteName(ref),
                        part: 'web-app',
                        role,
                        key: `${key}web-app`,
                        location: site.location,
                    },
                ]
                : []),
        ];
    });
}
function oneRegionOnly(primary, backup) {
    const [here, there] = [primary.context.production, backup.context.production];
    if (!sameRegion(here.server.location, there.server.location))
        return null;
    return (0,verdict/* fail */.fJ)('region-mismatch', `${here.server.name} and its standby ${there.server.name} are both in ${here.server.location}: a region that is lost takes both`, `Name a server of another region as slots.${here.config.name}.backup.sql-server, with a geo-secondary of production on it. Without a second region the topology is single-region.`);
}
/** Each of the two is where the other one should be: written into each other's place. */
function exchanged(here, there, home, away) {
    for (const one of misplaced(here, home)) {
        const other = misplaced(there, away).find((place) => place.role === one.role &&
            place.part === one.part &&
            sameRegion(one.location, away) &&
            sameRegion(place.location, home));
        if (!other)
            continue;
        return (0,verdict/* fail */.fJ)('region-mismatch', `regions are mixed up: ${one.name} (${one.key}) is in ${one.location}, ${other.name} (${other.key}) in ${other.location}`, `Exchange the two in the configuration file: ${one.key}: ${other.name}, ${other.key}: ${one.name}.`);
    }
    return null;
}
function misplaced(places, expected) {
    return places
        .filter((place) => !sameRegion(place.location, expected))
        .map((place) => ({ ...place, expected }));
}
function elsewhere(context, places) {
    if (places.length === 0)
        return null;
    const production = context.production.config.name;
    return (0,verdict/* fail */.fJ)('region-mismatch', `production (${production}) says which two regions they are, and ${places.map((place) => `${place.name} is in ${place.location}, not in ${place.expected}`).join('; ')}`, ...places.map(whatToName));
}
function whatToName({ part, key, expected }) {
    const region = regionName(expected);
    return part === 'web-app'
        ? `Name a web app of ${expected} as ${key}.`
        : `Name a server of ${expected} as ${key}; this creates one:\naz sql server create -g GROUP -n SERVER -l ${region} --enable-ad-only-auth --external-admin-principal-type Group --external-admin-name NAME --external-admin-sid OBJECT_ID`;
}
function two_regions_told(places) {
    return places.map((place) => place.name).join(', ');
}

;// CONCATENATED MODULE: ./lib/application/upgrade-work.js
/** Throws what `readScript` throws: 'script-invalid' with every problem of the script. */
async function upgradeWork(context, database) {
    const { upgrade } = context.config;
    const given = (upgrade.kind === 'command' ? upgrade.command : upgrade.scripts)[database];
    if (given === undefined)
        throw new RangeError(`the configuration says nothing about upgrading ${database}`);
    if (given.length === 0)
        return { kind: 'none' };
    if (upgrade.kind === 'command')
        return { kind: 'command', command: given };
    return { kind: 'script', script: await context.readScript(database) };
}
/** "script of 3 batches from 2 files", "command dotnet", "no script": for evidence. */
function describeWork(work) {
    switch (work.kind) {
        case 'script':
            return `script of ${counted(work.script.batches.length, 'batch', 'batches')} from ${counted(work.script.files.length, 'file', 'files')}`;
        case 'command':
            return `command ${programOf(work.command)}`;
        case 'none':
            return 'no script, it stays as it is';
    }
}
/** All databases together, without reading a file: "upgrade script", "command dotnet", "commands a and b". */
function describeUpgrade({ config: { upgrade } }) {
    if (upgrade.kind === 'scripts')
        return 'upgrade script';
    const given = Object.values(upgrade.command).filter((command) => command.length > 0);
    const programs = [...new Set(given.map(programOf))];
    return `command${programs.length > 1 ? 's' : ''} ${programs.join(' and ')}`.trim();
}
function counted(count, one, several) {
    return `${count} ${count === 1 ? one : several}`;
}
function programOf([program = '']) {
    return program;
}

;// CONCATENATED MODULE: ./lib/guards/upgrade-script.js



/** A script that cannot be read is told now, not while users are read-only. */
const upgradeScript = {
    id: 'upgrade-script',
    title: 'The upgrade script can be read, to its last batch',
    phases: ['prepare', 'upgrade'],
    check: async (context) => {
        return (0,verdict/* allOf */.bn)(await Promise.all(context.databases.map(({ name }) => read(name))));
        async function read(database) {
            try {
                const work = await upgradeWork(context, database);
                return (0,verdict/* pass */.IX)(`${database}: ${describeWork(work)}${known(work)}`);
            }
            catch (error) {
                if (!(error instanceof lib_reasons/* UpgradeError */.fy))
                    throw error;
                return (0,verdict/* fail */.fJ)(error.reason, error.message, ...error.advice);
            }
        }
    },
};
function known(work) {
    if (work.kind === 'script')
        return `, sha256 ${work.script.digest.slice(0, 12)}`;
    return work.kind === 'command' ? '; what it runs is not read beforehand' : '';
}

;// CONCATENATED MODULE: ./lib/guards/geo-redundant.js




























/** The guards of this configuration: how users are switched and when the stage's geo-secondary is made decide them. */
function geoRedundantGuards(config) {
    const read = backupRegionReader();
    const both = (guard) => inBothRegions(guard, read);
    const bySlotSwap = config.switchMethod === 'slot-swap';
    const chained = config.standbyMode === 'chained';
    return [
        upgradeScript,
        twoRegions(read),
        backupRegionAnswers(read),
        databaseNames,
        inBothRegions(azurePermissions, read, permissionsInBackupRegion),
        both(sqlServerReachable),
        inBothRegions(sqlPermissions, read, rightsInBackupRegion),
        both(stageLogins),
        both(stageFirewall),
        serviceTier,
        standbyPool,
        both(customerManagedKey),
        ledgerDigests,
        standbyProtects(read),
        geoReplicationLinks(read),
        chained ? chainingPossible : longerReadOnly,
        geoFailoverGroup(read),
        ...fenceGuards(config),
        ...(bySlotSwap
            ? [both(connectionStringTravels)]
            : [priorityRouting, both(sameRegionEndpoints), publicName]),
        both(stageSiteIdentical),
        productionHealthy,
        stageVersion,
        timeLeft,
    ];
}

// EXTERNAL MODULE: ./lib/engine/step.js
var step = __webpack_require__(26374);
;// CONCATENATED MODULE: ./lib/application/databases-now.js
// The databases as they are at this moment, asked as fast as possible: users wait.





/** As they say themselves, without their links. Of those that do not answer Resource Manager knows more; it is slower. Never throws. */
async function databasesNow(context) {
    try {
        return await Promise.all(context.databases.map((pair) => observeDatabase(context, pair, bySql)));
    }
    catch {
        return (await observeDatabasesThatAnswer(context)).databases;
    }
}
const bySql = (context, role, pair) => context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
    const looks = { access: ACCESS, journal: journalOf(context) };
    const { access, journal } = await lookAtAll(connection, looks);
    return { ref: pair[role], info: null, links: [], access: access.mode, why: '', journal };
});

;// CONCATENATED MODULE: ./lib/azure/tsql/run-lock.js
/** sp_getapplock: 0 granted, 1 granted after waiting; negative: timeout, cancelled, deadlock, bad call. */
async function acquireRunLock(connection, application, waitMs) {
    const rows = await connection.query(`DECLARE @code int;
     EXEC @code = sys.sp_getapplock @Resource = @resource, @LockMode = N'Exclusive', @LockOwner = N'Session',
       @LockTimeout = @wait, @DbPrincipal = N'public';
     SELECT @code AS code;`, { resource: resource(application), wait: waitMs }, waitMs + 30_000);
    return Number(rows.at(-1)?.code ?? -999) >= 0;
}
/** Whether this session still holds it: a reconnected session does not. */
async function holdsRunLock(connection, application) {
    const rows = await connection.query("SELECT APPLOCK_MODE(N'public', @resource, N'Session') AS mode;", {
        resource: resource(application),
    });
    return rows[0]?.mode === 'Exclusive';
}
/**
 * Who holds the lock now. Null where nobody does by now, and where that is not shown: it takes VIEW DATABASE STATE, on Basic, S0
 * and S1 and in elastic pools the right to see the server's state. Throws SqlError where SQL Server refuses the question.
 */
async function readLockHolder(connection, application) {
    const rows = await connection.query(`SELECT s.session_id AS session, s.program_name AS program, s.host_name AS host, s.login_time AS since
       FROM sys.dm_tran_locks AS l JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id
      WHERE l.resource_type = N'APPLICATION' AND l.resource_database_id = DB_ID() AND l.request_status = N'GRANT'
        AND l.request_mode = N'X' AND CHARINDEX(@shown, l.resource_description) > 0;`, { shown: `[${resource(application).slice(0, SHOWN_CHARACTERS)}]` });
    const [row, other] = rows;
    // The view cuts names off: of two applications that begin alike it cannot be told which one holds it.
    if (!row || other)
        return null;
    return {
        session: Number(row.session),
        run: /\bhttps:\S+/.exec(String(row.program))?.[0] ?? null,
        host: String(row.host ?? ''),
        since: row.since instanceof Date ? row.since : null,
    };
}
/** Of a lock's name in sys.dm_tran_locks (its documentation: "the first 32 characters"). */
const SHOWN_CHARACTERS = 32;
/** sp_getapplock takes up to 255 characters, compared case-sensitively. */
function resource(application) {
    return `rolling-upgrade:${application.toLowerCase()}`.slice(0, 255);
}

;// CONCATENATED MODULE: ./lib/application/run-lock.js
// Two runs never act on one application at once. The lock is a session lock in the first database; a
// session that was lost and opened again has to take it again before it writes: another run may have waited for it.







/** How long a dead session of our own may keep the lock before SQL Server notices. Milliseconds. */
const GHOST_SESSION_MS = 30_000;
const run_lock_PAUSE_MS = 500;
const books = new WeakMap();
function bookOf({ sessions }) {
    const book = books.get(sessions) ?? { unsent: new Map(), takings: new Map(), lookedAt: new Map() };
    books.set(sessions, book);
    return book;
}
/**
 * Makes sure that this run holds the lock of the slot's first database. Throws 'locked-by-another-run'. Taking
 * it twice is one round trip; every write to production asks first. Those who ask at one time share one question: for a
 * hundred databases it would be asked a hundred times on one connection, one after the other.
 *
 * @param waitMs how long it is waited for; nobody else gets at the database's connection meanwhile. A killed run's
 *   session that waits to freeze holds it for the grace, and then ends every other session, ours as well.
 */
async function ensureRunLock(context, role, waitMs = GHOST_SESSION_MS + context.config.freezeGraceSeconds * 1000) {
    const until = context.clock.now() + waitMs;
    for (;;) {
        const leftMs = Math.max(0, until - context.clock.now());
        try {
            return await takeRunLock(context, role, leftMs);
        }
        catch (error) {
            const cutOff = error instanceof errors/* SqlError */.L8 && error.kind === 'lost';
            if (!cutOff || leftMs === 0)
                throw error;
            context.log.warning(`The lock could not be asked for: ${error.message}; asking again`);
            await context.clock.sleep(run_lock_PAUSE_MS);
        }
    }
}
async function takeRunLock(context, role, waitMs) {
    const [database] = context.databases;
    if (!database)
        return 'held';
    const target = sqlTarget(context, role, database.name);
    const key = `${whereOf(target)} ${waitMs}`;
    const { unsent } = bookOf(context);
    const shared = unsent.get(key);
    if (shared)
        return shared;
    const { promise: answer, resolve } = Promise.withResolvers();
    unsent.set(key, answer);
    const onSend = () => {
        if (unsent.get(key) === answer)
            unsent.delete(key);
    };
    resolve(askForLock(context, role, target, waitMs, onSend).finally(onSend)); // it may end before its turn
    return answer;
}
/**
 * Looks before something is written, and makes sure that this run has had production's lock meanwhile: where it had to be taken anew
 * another run may have acted since, and it is looked again. Throws what `look` and `ensureRunLock` throw.
 * @param isToBeWritten whether what was seen leads to a write; where it does not, no lock is asked for
 */
async function seenUnderLock(context, look, isToBeWritten = () => true) {
    for (;;) {
        const takings = lockTakings(context);
        const isStillSo = () => isHeldSince(context, takings);
        const seen = await look();
        if (!isToBeWritten(seen) || (await isStillSo()))
            return { seen, isStillSo };
    }
}
/**
 * Makes sure that this run has production's lock, and says whether it has had it ever since it was taken that often: where it
 * has not, another run may have acted meanwhile. Throws what `ensureRunLock` throws.
 */
async function isHeldSince(context, takings) {
    await ensureRunLock(context, 'production');
    return lockTakings(context) === takings;
}
/** How often production's lock was taken by now: where that is another number than before, another run may have had it. */
function lockTakings(context) {
    return bookOf(context).takings.get(whereOf(productionLock(context))) ?? 0;
}
/** What this run goes by was seen when production's lock had been taken that often. */
function noteLookedAt(context, takings) {
    bookOf(context).lookedAt.set(whereOf(productionLock(context)), takings);
}
/** Whether production's lock has been held ever since what this run goes by was seen. */
function wasLookedAt(context) {
    return (bookOf(context).lookedAt.get(whereOf(productionLock(context))) ?? 0) === lockTakings(context);
}
/**
 * Asked in the turn of the connection that is about to open the database for writers, with nothing in between: throws where
 * production's lock was lost since what this run goes by was seen.
 */
async function assertStillLooked(context, pair, connection) {
    const { config, databases } = context;
    // The lock is on the first one's connection, whose turn this is then; one that was opened anew does not have it yet.
    const isItsOwn = pair.name === databases[0]?.name;
    const isHeld = isItsOwn
        ? await holdsRunLock(connection, config.application)
        : (await ensureRunLock(context, 'production')) === 'held';
    if (!isHeld || !wasLookedAt(context))
        throw new Error('the lock was lost just now');
}
const productionLock = (context) => sqlTarget(context, 'production', context.databases[0]?.name ?? '');
const whereOf = ({ host, database }) => `${host}/${database}`;
function noteTaken(context, target) {
    const { takings } = bookOf(context);
    takings.set(whereOf(target), (takings.get(whereOf(target)) ?? 0) + 1);
}
/** @param onSend called when its turn has come, before anything is asked. */
function askForLock(context, role, target, waitMs, onSend) {
    const { application } = context.config;
    const where = `${target.database} on ${context[role].server.name}`;
    const got = (how) => {
        noteTaken(context, target);
        return how;
    };
    const take = async (connection) => {
        onSend();
        if (await holdsRunLock(connection, application))
            return 'held';
        if (await acquireRunLock(connection, application, 0))
            return got('free');
        if (waitMs > 0) {
            const who = describeHolder(await holderOf(context, connection));
            context.log.line(`Another run holds the lock${who}; waiting up to ${Math.ceil(waitMs / 1000)} s`);
            if (await acquireRunLock(connection, application, waitMs))
                return got('waited-for');
        }
        throw lockedBy(context, where, await holderOf(context, connection));
    };
    // Another run is not waited for: it may move users, and this one goes by what it read before. Its own dead session is.
    const regain = async (connection) => {
        if (!(await acquireRunLock(connection, application, 0))) {
            const holder = await holderOf(context, connection);
            if (!isOwn(context, holder) || !(await acquireRunLock(connection, application, GHOST_SESSION_MS)))
                throw lockedBy(context, where, holder);
        }
        noteTaken(context, target);
        assertKnown(context.known, connection, await readJournal(context, connection));
    };
    return context.sessions.onTaking(target, take, regain);
}
function isOwn({ runUrl }, holder) {
    return holder.kind === 'session' && runUrl !== null && holder.session.run === runUrl;
}
/** Never throws: that there is another run is known, and this only says which. */
async function holderOf(context, connection) {
    try {
        const session = await readLockHolder(connection, context.config.application).catch(() => null);
        if (session)
            return { kind: 'session', session };
        const entry = await readJournal(context, connection);
        if (entry?.runUrl)
            return { kind: 'last-entry', runUrl: entry.runUrl, at: entry.at };
    }
    catch (error) {
        context.log.warning(`It cannot be read which run that is: ${(0,message_of/* messageOf */.b)(error)}`);
    }
    return { kind: 'not-known' };
}
function describeHolder(holder) {
    switch (holder.kind) {
        case 'session': {
            const { run, host, since, session } = holder.session;
            const from = since === null ? '' : `, connected since ${since.toISOString()}`;
            return ` (${run ?? 'a run outside GitHub'} on ${host}${from}, session ${session})`;
        }
        case 'last-entry':
            return ` (which run that is is not shown to this identity; the last one to write here was ${holder.runUrl}, at ${holder.at})`;
        case 'not-known':
            return '';
    }
}
function lockedBy({ config }, where, holder) {
    const end = holder.kind === 'session'
        ? [`Is that run dead for certain, and its lock still there? KILL ${holder.session.session};`]
        : [];
    return new lib_reasons/* UpgradeError */.fy('locked-by-another-run', `Another run is acting on "${config.application}" right now: it holds the lock in ${where}${describeHolder(holder)}`, { advice: ['Wait until that run has ended, look at its summary, then start this phase again.', ...end] });
}

;// CONCATENATED MODULE: ./lib/application/still-alone.js
// A run whose lock was another run's for a while (its machine stood still, its connection was cut) goes on only where nobody has
// acted meanwhile: it would freeze, or move users, by what it read before.







/**
 * The same by production alone, for whoever would wait for a script on the copy's connection: what is written there asks on that
 * connection itself (known-entries.ts).
 */
async function ensureProductionOurs(context, waitMs) {
    await ensureRunLock(context, 'production', waitMs);
    if (wasLookedAt(context))
        return;
    await forEachDatabase(context, (pair) => context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => assertKnown(context.known, connection, await readJournal(context, connection))));
}
/**
 * What production says now is what this run goes by: whoever is to give it back has no time for the copies. Never throws: of what does
 * not answer nothing is known, so that its own entry does not keep it closed.
 */
async function goByProduction(context) {
    const note = (pair) => context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => context.known.note(connection, await readJournal(context, connection)));
    await forEachDatabase(context, (pair) => note(pair).catch((error) => {
        context.known.forget(pair.production);
        context.log.warning(`${pair.name} cannot be read yet: ${(0,message_of/* messageOf */.b)(error)}`);
    }));
}
/** How often it is looked, where the lock is lost again meanwhile. */
const still_alone_ATTEMPTS = 4;
/**
 * Resolves with production's lock held, and the application as this run goes by. Asked before every write that goes forward; costs one
 * round trip as long as the lock was not lost. Throws what `ensureRunLock` throws, 'overtaken-by-another-run', and 'azure-error' where
 * it cannot be told.
 */
async function ensureStillAlone(context, waitMs) {
    for (let attempt = 1; attempt <= still_alone_ATTEMPTS; attempt++) {
        await ensureRunLock(context, 'production', waitMs);
        if (wasLookedAt(context))
            return;
        const takings = lockTakings(context);
        const why = whyNotAlone(context, bothSides(await databasesNow(context)));
        if (why)
            throw why;
        noteLookedAt(context, takings);
    }
    throw lostAgain(context, still_alone_ATTEMPTS);
}
/** The lock is had by nobody for long. */
function lostAgain({ config }, times) {
    return new lib_reasons/* UpgradeError */.fy('locked-by-another-run', `The lock of "${config.application}" was lost again each time that it was taken (${times} times)`);
}
/** A database that this run goes by, and that does not answer, may say by now that another run has acted. */
function whyNotAlone({ known }, sides) {
    const why = whyOvertaken(known, sides);
    if (why)
        return why;
    const silent = sides.find(({ ref, access }) => access === 'unreachable' && known.wasRead(ref));
    if (!silent)
        return null;
    const { ref } = silent;
    return new lib_reasons/* UpgradeError */.fy('azure-error', `This run had lost its lock for a while, and ${ref.database} on ${ref.server} does not answer (${silent.why}): it cannot be told whether another run has acted meanwhile`);
}

;// CONCATENATED MODULE: ./lib/steps/geo-link.js
// A geo-replication link from one server to another, for one database: what Resource Manager tells of it.




/** Asks Resource Manager alone: a database that is being seeded refuses every login. */
async function readGeoLink(context, geoLink, name) {
    const { sql } = context.azure;
    const [from, to] = [(0,regions/* databaseOn */.zV)(geoLink.from, name), (0,regions/* databaseOn */.zV)(geoLink.to, name)];
    const [source, copy] = await Promise.all([sql.getDatabase(from), sql.getDatabase(to)]);
    const link = source ? await linkOf(context, { from, to }) : null;
    return { name, from, to, source, copy, link };
}
/** The link between these two, whatever other links either has; null where there is none. */
async function linkOf({ azure }, { from, to }) {
    return linkToSecondary(await azure.sql.listLinks(from), to);
}
/**
 * A database of that name that is no copy of the other one is not deleted on a guess.
 * @param primary what it would have to be linked to, in words.
 */
function inTheWay({ name, to }, primary) {
    const { server, resourceGroup } = to;
    return (0,step/* blocked */.Z5)('database-in-the-way', `${name} exists on ${server} and is not linked to ${primary}: it may be what an earlier upgrade left, and it is not deleted on a guess`, 'If an earlier upgrade was rolled back: run phase rollback with rollback.stage: remove.', 'If an earlier upgrade was switched: run phase cleanup.', `If you know that nobody needs it: ${(0,command_line/* shell */.vf) `az sql db delete -g ${resourceGroup} -s ${server} -n ${name}`}`);
}

;// CONCATENATED MODULE: ./lib/steps/seeding.js
// How far the seeding of a geo-secondary is. 100 percent is not caught up; CATCH_UP is, and not before Resource
// Manager and both databases say so.





/** Of looks at it. A look costs Resource Manager a read or three, and takes about half a second. */
const SEEDING_PACE = { shortest: 500, longest: 15_000 };
/** Of one database of the application. Throws AzureError where Resource Manager does not tell. */
async function seeding_seedingOf(context, geoLink, name) {
    const { from, to } = geoLink;
    const { link } = await readGeoLink(context, geoLink, name);
    if (!link)
        return { kind: 'no-link', percent: null, evidence: `${name}: there is no link yet` };
    const percent = link.percentComplete;
    const waiting = (evidence) => ({ kind: 'seeding', percent, evidence });
    if (link.state !== 'CATCH_UP')
        return waiting(`${name}: ${link.state} ${percent ?? '?'} %`);
    const missing = await missingOnBothSides(context, geoLink, name);
    if (missing !== null)
        return waiting(`${name}: ${missing}`);
    const evidence = `${name}: CATCH_UP on both sides, ${from.server.name} and ${to.server.name}`;
    return { kind: 'caught-up', percent: 100, evidence };
}
/**
 * What the databases themselves say instead of CATCH_UP; null where both say that. The copy refuses logins until then; the
 * primary is asked as well: Resource Manager may be late.
 */
async function missingOnBothSides(context, { from, to }, name) {
    const told = await Promise.all([toldBy(context, to, from, name), toldBy(context, from, to, name)]);
    const [ofCopy, ofPrimary] = told;
    if (ofCopy !== 'CATCH_UP')
        return `${to.server.name} ${ofCopy}`;
    return ofPrimary === 'CATCH_UP' ? null : `${from.server.name} ${ofPrimary}`;
}
/** CATCH_UP, or what the database says instead. */
async function toldBy(context, side, partner, name) {
    const target = (0,regions/* targetOn */.$D)(side, name, purposeOf(context, side));
    try {
        const link = await context.sessions.on(target, async (connection) => linkTo(await readLinks(connection), partner.server.name));
        if (!link)
            return 'says no link';
        return link.state === 'CATCH_UP' ? link.state : `says ${link.state}`;
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return `does not answer yet (${error.message})`;
    }
}
/** The name its connection has in the server's list of sessions; that of the role, where it has one. */
function purposeOf({ production, stage }, { server }) {
    if ((0,production_slot/* sameName */.q)(server.name, production.server.name))
        return 'production';
    return (0,production_slot/* sameName */.q)(server.name, stage.server.name) ? 'stage' : 'standby';
}

// EXTERNAL MODULE: ./lib/engine/progress.js
var progress = __webpack_require__(23631);
;// CONCATENATED MODULE: ./lib/steps/seeding-progress.js

const LINE_EVERY_MS = 30_000;
/** Percent, rate and remaining time of a database's seeding, as lines of the step. */
function seedingProgress(context, database, run) {
    return (0,progress/* createProgress */.m)({
        clock: context.clock,
        log: run.progress,
        label: `Seeding ${database}`,
        minIntervalMs: LINE_EVERY_MS,
    });
}

;// CONCATENATED MODULE: ./lib/steps/server-now.js



/**
 * The deployment's server as Azure tells it at this moment, for what is written about it: a run may have begun without an
 * answer about it. Throws 'resource-not-found' and what the port throws.
 */
async function serverNow({ azure }, { config }, run) {
    const { sqlResourceGroup: resourceGroup, sqlServer: server } = config;
    const found = await orAbort(azure.sql.getServer({ resourceGroup, server }), run.signal);
    if (found)
        return found;
    throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The SQL server ${server} does not exist in ${resourceGroup}`, {
        advice: [whereServerIs(server, 'resource-group or sql-server of the slot').join('\n')],
    });
}

;// CONCATENATED MODULE: ./lib/steps/try-again.js


const try_again_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
/** Codes of what ends by itself, as the answer or as the end of an operation. Source: REST reference of databases and links. */
const PASSING = [
    'ConflictingSystemOperationInProgress',
    'GeoReplicationCannotBecomePrimaryDuringUndo',
    'ManagementServiceDatabaseBusy',
    'OperationCancelled',
    'OperationInterrupted',
    'OperationTimedOut',
    'UpdateSloInProgress',
];
/**
 * Tries it again where Azure is busy, fails or does not answer, or for what else is given. Throws the last error, any
 * other one at once.
 */
async function tryAgain(context, run, attempt, mayPass = passes) {
    let pause = FIRST_PAUSE_MS;
    for (let left = try_again_ATTEMPTS - 1;; left--) {
        try {
            return await attempt();
        }
        catch (error) {
            if (left === 0 || run.signal.aborted || !mayPass(error))
                throw error;
            run.progress(`${(0,message_of/* messageOf */.b)(error)}; looking, then trying again`);
            await context.clock.sleep(pause, run.signal);
            pause *= 2;
        }
    }
}
/** Whether Azure was busy, failed or did not answer: the same request may succeed in a moment. */
function passes(error) {
    if (!(error instanceof errors/* AzureError */.M6))
        return false;
    const { status, outcomeUnknown } = error;
    return outcomeUnknown || status === 429 || (status ?? 0) >= 500 || endsByItself(error);
}
function endsByItself({ code }) {
    return PASSING.includes(code ?? '');
}

;// CONCATENATED MODULE: ./lib/steps/create-geo-secondaries.js











/**
 * Creates those that are missing; the others are left as they are. Returns evidence. Throws AzureError, UpgradeError. A
 * run that is stopped does not wait for an answer: it may have users who cannot write.
 */
async function createGeoSecondaries(context, geoLink, run) {
    await ensureStillAlone(context);
    return forEachDatabase(context, async ({ name }) => tryAgain(context, run, async () => {
        const database = await orAbort(readGeoLink(context, geoLink, name), run.signal);
        if (database.link)
            return `${name}: there already`;
        if (!database.source)
            throw noSource(geoLink, name);
        return create(context, geoLink, database, database.source, run);
    }));
}
function noSource({ from }, name) {
    return new lib_reasons/* UpgradeError */.fy('resource-not-found', `The database ${name} does not exist on ${from.server.name}`);
}
async function create(context, geoLink, database, source, run) {
    const { to } = geoLink;
    const { elasticPool } = to.config;
    const server = await serverNow(context, to, run);
    try {
        await seededOr(context, geoLink, database, run, (signal) => context.azure.sql.createGeoSecondary({
            source,
            target: database.to,
            location: server.location,
            // A pool of that server, so it is beside the server's own id.
            elasticPoolId: elasticPool ? `${server.id}/elasticPools/${elasticPool}` : null,
            tags: creationTags(context),
        }, 
        // The operation says no more than "running" for hours; the link says how far it is.
        () => { }, signal));
    }
    catch (error) {
        // After an unknown outcome, or where somebody else was faster, the link itself tells whether there is one.
        if (!(error instanceof errors/* AzureError */.M6) || !(await linkOf(context, database)))
            throw error;
    }
    return `${database.name} created on ${database.to.server} (${source.sku?.name ?? 'same sku'})`;
}
/**
 * Until Azure says that the creation has ended, which it wants to be asked every 15 seconds at most, or until link and
 * database say so themselves.
 */
async function seededOr(context, geoLink, database, run, create) {
    const ended = new AbortController();
    const creation = orAbort(create(AbortSignal.any([run.signal, ended.signal])), run.signal);
    const seen = lookUntilSeeded(context, geoLink, database, run, ended.signal);
    try {
        await Promise.race([creation, seen]);
    }
    finally {
        ended.abort();
        creation.catch(() => { }); // no longer waited for
        await seen;
    }
}
/** Until it is, or the signal is aborted. Never throws: the creation goes on where the link cannot be read. */
async function lookUntilSeeded(context, geoLink, database, run, ended) {
    const { clock } = context;
    const startedAt = clock.now();
    const progress = seedingProgress(context, database.name, run);
    while (!ended.aborted) {
        try {
            await clock.sleep(pauseAfter(clock.now() - startedAt, SEEDING_PACE), ended);
            const link = await orAbort(linkOf(context, database), ended);
            progress.update(link?.percentComplete ?? null, link?.state ?? 'the link is not there yet');
            if (link?.state === 'CATCH_UP' && (await orAbort(isReady(context, geoLink, database), ended)))
                return;
        }
        catch {
            // Ended, or this look has failed; the next one may not.
        }
    }
}
/** Caught up on both sides, and the database is done with being made. */
async function isReady(context, geoLink, { name, to }) {
    const [missing, copy] = await Promise.all([
        missingOnBothSides(context, geoLink, name),
        context.azure.sql.getDatabase(to),
    ]);
    return missing === null && copy?.status === 'Online';
}

;// CONCATENATED MODULE: ./lib/application/removable-stage.js




/** Why the stage database has to stay; null where it may go. */
function whyStageKept(context, seen) {
    if (!seen.stage.info)
        return null;
    if (!createdByTool(context, seen.stage.info))
        return keep('this tool has not created it');
    const other = primaryOtherThanProduction(seen);
    if (other !== null)
        return keep(`${other} was failed over to, and may have served users`);
    return whyKept(context, seen);
}
/** Whose geo-secondary the stage database is, where that is not production: after a disaster V2's standby took over. */
function primaryOtherThanProduction({ production, stage }) {
    const isAbove = ({ role }) => role === 'Secondary' || role === 'NonReadableSecondary';
    const other = stage.links.find((link) => isAbove(link) && !(0,production_slot/* sameName */.q)(link.partnerServer, production.ref.server));
    return other?.partnerServer ?? null;
}
/**
 * Why the stage database's geo-secondary has to stay; null where it may go. It shares the fate of its primary: as long
 * as that is there and stays, so does this.
 * @param stage what was said of the stage database itself.
 */
function whyStandbyKept(context, seen, standby, stage) {
    if (!standby.info)
        return null;
    const { server } = standby.ref;
    if (seen.production.links.some((link) => (0,production_slot/* sameName */.q)(link.partnerServer, server)))
        return keep('it is linked to the database that serves users');
    if (stage)
        return stage;
    if (isGeoSecondaryOf(standby, seen.stage.ref.server) && seen.protection?.stage)
        return null;
    const [link] = standby.links;
    if (link)
        return keep(`it is linked to ${link.partnerServer}`);
    if (!createdByTool(context, standby.info))
        return keep('this tool has not created it');
    if (standby.access === 'unreachable')
        return keep(`it cannot be read (${standby.why})`);
    if (seen.stage.info && isSameEntry(seen.stage.journal, standby.journal))
        return null;
    return whyKept(context, inPlaceOfStage(seen, standby));
}
/** What it carries was written on the stage server, or came from production by way of it. */
function inPlaceOfStage(seen, standby) {
    return {
        ...seen,
        link: null,
        stage: { ...standby, ref: { ...standby.ref, server: seen.stage.ref.server } },
    };
}
/** As the secondary itself says; after a failover Azure goes on listing links that are not there any more. */
function isGeoSecondaryOf(secondary, primaryServer) {
    const linked = secondary.links.some((one) => one.role !== 'Primary' && (0,production_slot/* sameName */.q)(one.partnerServer, primaryServer));
    return linked && secondary.access !== 'read-write';
}
function whyKept(context, seen) {
    const { production, stage } = seen;
    if (production.access === 'absent' || production.access === 'unreachable')
        return keep('production cannot be read');
    if (seen.link && isGeoSecondaryOf(stage, production.ref.server))
        return null;
    const here = production.journal;
    const there = stage.journal;
    if (!here || !there || !(0,production_slot/* sameName */.q)(here.server, production.ref.server))
        return keep(NOT_PROVEN);
    // Whatever production says: its very entry came with its data. V1's original was written on V1's server.
    if (isCopyOf(production.ref.server, here, there))
        return null;
    if (here.status === 'switching' || MOVED_STATUSES.includes(here.status))
        return keep('production is V2, so it may be the V1 that users were on');
    const written = whatUsersMayHaveWritten(seen);
    if (written !== null)
        return keptUnlessConfirmed(context, written);
    return isMadeByThisUpgrade(seen) ? null : keep(NOT_PROVEN);
}
/** Why it stays until somebody says that it may go. */
function keptUnlessConfirmed(context, why) {
    return removable_stage_confirmed(context) ? null : { why, confirm: expected(context) };
}
const NOT_PROVEN = 'nothing proves that this upgrade made it';
const keep = (why) => ({ why, confirm: null });
/** The input that lets go what users may have written to V2, in cleanup's words. */
const expected = ({ stage }) => `remove ${stage.config.name}`;
function removable_stage_confirmed(context) {
    return context.confirm.trim().toLowerCase() === expected(context).toLowerCase();
}
/** What is only on the stage database, in words; null where the switch was never tried. */
function whatUsersMayHaveWritten({ production, stage }) {
    if (!stage.journal || stage.journal.upgradeId !== production.journal?.upgradeId)
        return null;
    const { status, server } = stage.journal;
    if (status === 'returning')
        return 'it holds what users wrote to V2 before they were taken back to V1';
    if (!(0,production_slot/* sameName */.q)(server, stage.ref.server))
        return null;
    if (MOVED_STATUSES.includes(status))
        return 'users were on it, and somebody has sent them back to V1';
    return status === 'switching' ? 'the switch to it was tried, so users may have written there' : null;
}
/** What is on the stage database from the script's begin until it was tried to send users there. */
const SCRIPTED = ['upgrading', 'scripted', 'upgraded'];
/** Not once the switch was tried: users may have written there. */
function isMadeByThisUpgrade({ production, stage }) {
    const here = production.journal;
    const there = stage.journal;
    if (!here || !there)
        return false;
    if (here.upgradeId !== there.upgradeId || !GOING_BACK.includes(here.status))
        return false;
    if (SCRIPTED.includes(there.status))
        return (0,production_slot/* sameName */.q)(there.server, stage.ref.server);
    return there.status === 'freezing' && (0,production_slot/* sameName */.q)(there.server, production.ref.server);
}
/** What production says while its upgrade is under way, and once it was given back. */
const GOING_BACK = ['freezing', 'unfrozen'];

;// CONCATENATED MODULE: ./lib/azure/tsql/write-activity.js

/** When users last wrote into this database. Needs VIEW DATABASE STATE. */
const WRITE_ACTIVITY = {
    select: `MAX(last_user_update) AS last_write, SYSUTCDATETIME() AS server_time
             FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID()`,
    read: ([row]) => ({
        lastWrite: row?.last_write instanceof Date ? row.last_write : null,
        now: row?.server_time instanceof Date ? row.server_time : new Date(Number.NaN),
    }),
};
function readWriteActivity(connection) {
    return lookAt(connection, WRITE_ACTIVITY);
}

;// CONCATENATED MODULE: ./lib/application/user-writes.js
// Whether users have written to a database that carries an entry of the upgrade. The entry travels with the data: of two
// databases that were one pair, and that somebody has cut apart after V2 served on one of them, both show the same.


/** Entries are written by a runner's clock, writes are told by the server's. */
const CLOCK_TOLERANCE_MS = 1_000;
/**
 * When users last wrote there after its entry, by the server's own clock; null where no such write is remembered (a
 * failover and a restart empty the view; what arrived by replication is not in it). Throws SqlError.
 *
 * @param context the view of the region that the database is in.
 */
async function writtenAfterEntry(context, role, pair, { journal }) {
    const { lastWrite, now } = await context.sessions.on(sqlTarget(context, role, pair.name), readWriteActivity);
    if (!lastWrite || !journal)
        return lastWrite;
    const agoMs = context.clock.now() - Date.parse(journal.at);
    return lastWrite.getTime() > now.getTime() - agoMs + CLOCK_TOLERANCE_MS ? lastWrite : null;
}

;// CONCATENATED MODULE: ./lib/steps/remove-until-gone.js
// Removing something of Azure SQL for good. Whatever a removal answered, what counts is whether the thing is still
// there: a killed run's removal may be under way, and an answer may have been lost.





const remove_until_gone_ATTEMPTS = 7;
const remove_until_gone_FIRST_PAUSE_MS = 1_000;
/** Deletes a database and reads back that it is gone; null where it has to be looked at again first. */
async function deleteDatabase(context, ref, run, stillSeen) {
    const { sql } = context.azure;
    const what = `${ref.database} on ${ref.server}`;
    const isGone = await removeUntilGone(context, run, stillSeen, {
        what,
        find: () => sql.getDatabase(ref),
        remove: (_found, beforeSending) => sql.deleteDatabase(ref, run.progress, beforeSending),
    });
    return isGone ? `${what} is deleted` : null;
}
/** Ends the geo-replication link between exactly these two, and reads back that the primary has it no more; null as above. */
async function endLink(context, primary, secondary, run, stillSeen) {
    const { sql } = context.azure;
    const what = `the link ${primary.server} → ${secondary.server} of ${primary.database}`;
    const isGone = await removeUntilGone(context, run, stillSeen, {
        what,
        find: async () => linkToSecondary(await sql.listLinks(primary), secondary),
        remove: ({ id }, beforeSending) => sql.removeLink(primary, id, beforeSending),
    });
    return isGone ? `${what} is removed` : null;
}
/** Deletes a failover group; its databases and their links stay. Null as above. */
async function deleteFailoverGroup(context, server, name, run, stillSeen) {
    const { sql } = context.azure;
    const what = `failover group ${name} on ${server.server}`;
    const isGone = await removeUntilGone(context, run, stillSeen, {
        what,
        find: async () => (await sql.listFailoverGroups(server)).find((group) => group.name === name) ?? null,
        remove: (_found, beforeSending) => sql.deleteFailoverGroup(server, name, run.progress, beforeSending),
    });
    return isGone ? `${what} is deleted` : null;
}
/** Whether it is gone; else nothing is removed any more. */
async function removeUntilGone(context, run, stillSeen, { what, find, remove }) {
    let pause = remove_until_gone_FIRST_PAUSE_MS;
    for (let attempt = 1;; attempt++) {
        const found = await find();
        if (found === null)
            return true;
        if (attempt > remove_until_gone_ATTEMPTS)
            throw new lib_reasons/* UpgradeError */.fy('azure-error', `${what}: removed, and still there`);
        if (attempt > 1) {
            await context.clock.sleep(pause, run.signal);
            pause *= 2;
        }
        // Another run may have put another one in its place, which users are on.
        let isStillSeen = true;
        const beforeSending = async () => {
            isStillSeen = await stillSeen();
            if (!isStillSeen)
                throw new Error(`${what} has to be looked at again`);
        };
        try {
            await remove(found, beforeSending);
        }
        catch (error) {
            if (!isStillSeen)
                return false;
            if (attempt === remove_until_gone_ATTEMPTS || !mayPass(error))
                throw error;
            run.progress(`${what}: its removal answered ${(0,message_of/* messageOf */.b)(error)}; reading back`);
        }
    }
}
/** Another operation on the same resource (409, and 404 from a removal under way), a busy or silent Azure. */
function mayPass(error) {
    return passes(error) || (error instanceof errors/* AzureError */.M6 && (error.status === 404 || error.status === 409));
}

;// CONCATENATED MODULE: ./lib/steps/remove-stage.js
// The compromised stage database is removed, where the configuration says so, its geo-secondary in the backup region
// first; by default both are kept for root cause analysis.









function removeStage(context) {
    const remove = context.config.rollback.stage === 'remove';
    const { stage } = context;
    const [databases, where] = stage.standby
        ? ['databases', `${stage.server.name} and its geo-secondary on ${stage.standby.server.name}`]
        : ['database', stage.server.name];
    const stays = stage.standby ? 'stay as they are' : 'stays as it is';
    return {
        order: 'tidy',
        what: remove
            ? `Remove the stage database on ${where}`
            : `Keep the stage database on ${where} for root cause analysis`,
        apply: async (run) => {
            if (!remove) {
                const evidence = [`rollback.stage is keep: the ${databases} on ${where} ${stays}`];
                return { kind: 'kept', evidence, unconfirmed: null };
            }
            return outcomeOf(context, (await forEachDatabase(context, (pair) => removePair(context, pair, run))).flat());
        },
    };
}
/** The geo-secondary, where there is one, then the stage database: what the first is linked to goes last. */
async function removePair(context, pair, run) {
    const look = () => lookAtPair(context, pair);
    const { seen: now, isStillSo } = await seenUnderLock(context, look, mayAnyGo);
    const { seen, stageKept, standby } = now;
    const { info } = seen.stage;
    const anew = () => removePair(context, pair, run);
    if (!standby) {
        const only = await removeOne(context, { ref: pair.stage, info, kept: stageKept, isStillSo }, run);
        return only ? [only] : anew();
    }
    const { ref } = standby.side;
    const linked = seen.protection?.stage ?? null;
    // Each of these takes a while, and another run may have acted where the lock was lost over it.
    if (linked && !standby.kept && !(await endLink(context, pair.stage, ref, run, isStillSo)))
        return anew();
    const first = await removeOne(context, { ref, info: standby.side.info, kept: standby.kept, isStillSo }, run);
    if (!first)
        return anew();
    // Deleting the primary of a link would leave its secondary to itself.
    const held = linked && standby.kept ? { ...standby.kept, why: `${where(ref)} is kept` } : null;
    const kept = stageKept ?? held ?? (info && (await whyStageKeptNow(context, pair)));
    const second = await removeOne(context, { ref: pair.stage, info, kept, isStillSo }, run);
    return second ? [first, second] : [first, ...(await anew())];
}
async function lookAtPair(context, pair) {
    const seen = await observeDatabase(context, pair);
    const side = await observeStandby(context, 'stage', pair.name);
    const stageKept = whyStageKept(context, seen) ??
        (seen.stage.info && (await whyFailedOverTo(context, pair))) ??
        (await whyStageWritten(context, pair, seen, side));
    if (!side)
        return { seen, stageKept, standby: null };
    const kept = whyStandbyKept(context, seen, side, stageKept) ?? (await whyStandbyWritten(context, pair, seen, side));
    return { seen, stageKept, standby: { side, kept } };
}
function mayAnyGo({ seen, stageKept, standby }) {
    const stageMayGo = seen.stage.info !== null && stageKept === null;
    if (stageMayGo || standby === null || standby.kept !== null)
        return stageMayGo;
    return standby.side.info !== null || Boolean(seen.protection?.stage);
}
/** Removing its geo-secondary has taken minutes. */
async function whyStageKeptNow(context, pair) {
    return ((await whyFailedOverTo(context, pair)) ?? whyStageKept(context, await observeDatabase(context, pair)));
}
/** Asked just before anything of it would be removed: somebody may have failed production over to it since it was looked at. */
async function whyFailedOverTo(context, pair) {
    const links = await context.azure.sql.listLinks(pair.stage);
    if (!linkToSecondary(links, pair.production))
        return null;
    return {
        why: `production was failed over to it: ${where(pair.production)} is its geo-secondary`,
        confirm: null,
    };
}
/**
 * Cut off from production and from its geo-secondary, it may have served users while it was a pair with one of them. In one region that
 * is one that carries production's own entry: on one that the script was begun on V2's own site may write, where nobody is yet.
 */
async function whyStageWritten(context, pair, { production, stage }, standby) {
    if (!stage.info || isGeoSecondaryOf(stage, production.ref.server))
        return null;
    if (standby ? isGeoSecondaryOf(standby, stage.ref.server) : !isSameEntry(production.journal, stage.journal))
        return null;
    // The script writes after that entry; users are not sent to what it has not finished.
    if (stage.journal?.status === 'upgrading')
        return null;
    return whyWritten(context, await writtenAfterEntry(context, 'stage', pair, stage));
}
/** The same of the geo-secondary: it took no write while it was one. */
async function whyStandbyWritten(context, pair, { stage }, standby) {
    if (!standby.info || standby.access === 'unreachable' || isGeoSecondaryOf(standby, stage.ref.server))
        return null;
    return whyWritten(context, await writtenAfterEntry((0,regions/* inBackupRegion */._W)(context), 'stage', pair, standby));
}
function whyWritten(context, at) {
    if (!at)
        return null;
    return keptUnlessConfirmed(context, `it was written at ${at.toISOString()}, after the upgrade's last entry, so users may have been there`);
}
/** Null where it has to be looked at again first. */
async function removeOne(context, { ref, info, kept, isStillSo }, run) {
    if (!info)
        return { kind: 'absent', where: where(ref) };
    if (kept)
        return { kind: 'kept', where: where(ref), kept };
    const deleted = await deleteDatabase(context, ref, run, isStillSo);
    return deleted === null ? null : { kind: 'removed', where: where(ref) };
}
const where = ({ server, database }) => `${database} on ${server}`;
function outcomeOf(context, removals) {
    const evidence = removals.map(evidenceOf);
    if (removals.some((one) => one.kind === 'removed'))
        return { kind: 'undone', evidence };
    const kept = removals.filter((one) => one.kind === 'kept');
    if (kept.length === 0)
        return { kind: 'nothing-to-undo', evidence };
    const [unconfirmed] = kept.filter((one) => one.kept.confirm !== null);
    return { kind: 'kept', evidence, unconfirmed: unconfirmed ? notConfirmed(context, unconfirmed) : null };
}
function evidenceOf(removal) {
    switch (removal.kind) {
        case 'absent':
            return `${removal.where} does not exist`;
        case 'removed':
            return `${removal.where} is removed`;
        case 'kept':
            return `${removal.where} is kept: ${removal.kept.why}${howToRemove(removal.kept)}`;
    }
}
const howToRemove = ({ confirm }) => confirm === null ? '' : `; to remove it run rollback with the input confirm: "${confirm}"`;
function notConfirmed({ confirm }, { where, kept }) {
    const found = confirm.trim() === '' ? '' : `: found "${confirm}"`;
    return new lib_reasons/* UpgradeError */.fy('confirmation-missing', `${where} is kept (${kept.why}), and its removal was not confirmed${found}`, {
        advice: [`If nobody needs what is in it, run rollback with the input confirm: "${kept.confirm ?? ''}"`],
    });
}

;// CONCATENATED MODULE: ./lib/steps/create-secondary.js
// The stage database: a geo-secondary of production on the stage slot's server, in the same region, under the same
// name. And, where there is a backup region, its own geo-secondary there: chained geo-replication.











function createSecondary(context) {
    const { production, stage } = context;
    const geoLink = (0,regions/* productionToStage */.Nh)(context);
    return {
        id: 'create-secondary',
        title: 'Create the stage database as a geo-secondary',
        article: null,
        phase: 'prepare',
        changes: `${namesOf(context)} is created on ${stage.server.name} as a secondary of ${production.server.name}; production stays fully writable`,
        pivot: false,
        assess: () => assessCopies(context, geoLink, 'production'),
        apply: (run) => createOfProduction(context, geoLink, run),
        undo: removeStage(context),
    };
}
/**
 * The stage database's geo-secondary in the backup region. Chained: only once the stage database has caught up. In mode
 * after-termination, for databases that Azure does not chain: once the link to production is cut.
 */
function createStandbySecondary(context) {
    const geoLink = (0,regions/* stageToStandby */.VA)(context);
    const { from, to } = geoLink;
    const chained = context.config.standbyMode === 'chained';
    const meanwhile = chained
        ? 'production and its own geo-secondary are not touched'
        : 'users stay read-only until it has caught up';
    return {
        id: 'create-standby-secondary',
        title: "Create the stage database's own geo-secondary in the backup region",
        article: null,
        phase: chained ? 'prepare' : 'upgrade',
        changes: `${namesOf(context)} is created on ${to.server.name} as a secondary of the stage database on ${from.server.name}; ${meanwhile}`,
        pivot: false,
        wayBack: `${context.config.rollback.stage === 'keep' ? 'kept' : 'removed'} with the stage database`,
        assess: (run) => orAbort(assessStandby(context, geoLink), run.signal),
        apply: (run) => createChained(context, geoLink, run),
        // The stage slot is removed in both regions at once, by what takes its primary database back.
        undo: null,
    };
}
async function assessStandby(context, geoLink) {
    const primary = `the stage database on ${geoLink.from.server.name}`;
    const copies = await assessCopies(context, geoLink, primary);
    return copies.kind === 'to-do' ? whetherItMayBegin(context, copies) : copies;
}
async function assessCopies(context, geoLink, primary) {
    const databases = await forEachDatabase(context, ({ name }) => readGeoLink(context, geoLink, name));
    const other = databases.find((one) => one.copy && !one.link);
    if (other)
        return inTheWay(other, primary);
    const missing = databases.filter((one) => !one.link).map((one) => one.name);
    return missing.length === 0
        ? (0,step/* done */.Vw)(`${namesOf(context)} on ${geoLink.to.server.name} is linked to ${primary}`)
        : (0,step/* toDo */.Xj)(`missing: ${missing.join(', ')}`);
}
/** A stage database that is still being seeded itself has nothing to pass on. */
async function whetherItMayBegin(context, toBeDone) {
    const link = (0,regions/* productionToStage */.Nh)(context);
    const chained = context.config.standbyMode === 'chained';
    const seen = await forEachDatabase(context, ({ name }) => chained ? whetherCaughtUp(context, link, name) : whetherCut(context, link, name));
    const waiting = seen.filter((evidence) => evidence !== null);
    return waiting.length === 0 ? toBeDone : (0,step/* later */.NU)(...waiting);
}
/** What is waited for; null where the stage database has caught up with production. */
async function whetherCaughtUp(context, link, name) {
    const { kind, evidence } = await seeding_seedingOf(context, link, name);
    return kind === 'caught-up' ? null : evidence;
}
/** What is waited for; null where the stage database is there and no copy of production any more. */
async function whetherCut(context, geoLink, name) {
    const { copy, link } = await readGeoLink(context, geoLink, name);
    return copy && !link ? null : `${name}: only once the link to production is cut`;
}
async function createOfProduction(context, geoLink, run) {
    try {
        return await createGeoSecondaries(context, geoLink, run);
    }
    catch (error) {
        const noRoom = error instanceof errors/* AzureError */.M6 && error.code === 'GeoReplicaLimitReached';
        throw noRoom ? limitReached(geoLink, error) : error;
    }
}
/** Four, and of a Hyperscale database one (documented in 2021; Azure may allow more by now). */
function limitReached({ from }, cause) {
    return new lib_reasons/* UpgradeError */.fy('geo-secondary-limit', `Azure allows the database on ${from.server.name} no further geo-secondary: ${cause.message}`, {
        cause,
        advice: [
            'Remove a geo-secondary that is not needed, then run prepare again. The one in the backup region has to stay: a Hyperscale database that may have no other cannot be upgraded beside it, in neither standby.mode.',
        ],
    });
}
async function createChained(context, geoLink, run) {
    try {
        return await createGeoSecondaries(context, geoLink, run);
    }
    catch (error) {
        throw isChainRefused(error) ? notChained(geoLink, error) : error;
    }
}
/** Azure's codes for databases it does not chain: a customer-managed key; ledger digests, switched on meanwhile. */
const CHAIN_REFUSED = ['SecurityAzureKeyVaultGeoChainError', 'UnableToCreateGeoChain'];
function isChainRefused(error) {
    return error instanceof errors/* AzureError */.M6 && CHAIN_REFUSED.includes(error.code ?? '');
}
function notChained({ from, to }, cause) {
    return new lib_reasons/* UpgradeError */.fy('chaining-not-possible', `Azure does not chain ${to.server.name} to ${from.server.name}: ${(0,message_of/* messageOf */.b)(cause)}`, {
        cause,
        advice: [
            "Set standby: {mode: after-termination} in the configuration: the stage slot's geo-secondary is then made once the link to production is cut, and users are read-only for its seeding too.",
            'Or remove what stands in the way (a customer-managed key, uploads of ledger digests) and run prepare again.',
        ],
    });
}
function namesOf(context) {
    return context.databases.map((pair) => pair.name).join(', ');
}

;// CONCATENATED MODULE: ./lib/steps/users-wait.js
/** How often a database is looked at while users can only read. */
const USERS_WAIT = { shortest: 25, longest: 250 };

;// CONCATENATED MODULE: ./lib/steps/drained-link.js
// Whether the secondary of a geo-replication link has everything that its primary has committed: asked of both ends.
// Used for the link that the upgrade cuts and for the one that protects the stage slot.








const notYet = (missing) => ({ kind: 'not-yet', missing });
/** What both ends of the link say. Throws SqlError where one of them does not answer. */
async function readEnds(context, link, name) {
    const [from, to] = await Promise.all([
        readEnd(context, link.from, 'primary', name, link.to),
        readEnd(context, link.to, 'secondary', name, link.from),
    ]);
    return { from, to };
}
function readEnd(context, at, role, name, partner) {
    return context.sessions.on((0,regions/* targetOn */.$D)(at, name, role), async (connection) => {
        const { links, journal } = await lookAtAll(connection, { links: LINKS, journal: journalOf(context) });
        return { link: linkAs(role, links, partner.server.name), journal };
    });
}
/** Whether the secondary shows all that the primary has committed, the primary's journal entry included. */
function compareEnds({ from, to }, ends) {
    const primary = ends.from.link;
    if (!primary)
        return notYet(`${from.server.name} is not the primary of a link to ${to.server.name}`);
    if (primary.state !== 'CATCH_UP')
        return notYet(`replication to ${to.server.name} is ${primary.state}`);
    if (primary.lagSeconds === null)
        return notYet(`replication lag is not known to ${from.server.name}`);
    if (primary.lagSeconds > 0)
        return notYet(`replication lag is ${primary.lagSeconds} s`);
    if (behind(primary, ends.to.link))
        return notYet(`${to.server.name} has not applied the last commit`);
    // The entry is the last thing that this tool has committed on the primary.
    const [here, there] = [ends.from.journal, ends.to.journal];
    if (!here || !hasArrived(here, there))
        return notYet(`${to.server.name} does not show the latest entry of the upgrade on ${from.server.name}`);
    const last = primary.lastCommit?.toISOString() ?? 'not told';
    return { kind: 'drained', evidence: `CATCH_UP, lag 0 s, last commit ${last} on both sides` };
}
function behind(primary, secondary) {
    if (!primary.lastCommit || !secondary?.lastCommit)
        return false;
    return secondary.lastCommit.getTime() < primary.lastCommit.getTime();
}
/** The entry that was written here has come there with the data. */
function hasArrived(here, there) {
    return there?.upgradeId === here.upgradeId && there.status === here.status && there.at === here.at;
}
/**
 * Waits `drain-timeout` at most until the link is drained, and has that confirmed by the documented proof. Returns the
 * evidence.
 */
async function waitUntilDrained(context, drain, run) {
    const startedAt = context.clock.now();
    const until = startedAt + context.config.drainTimeoutMs;
    let told = '';
    for (;;) {
        run.signal.throwIfAborted();
        const verdict = await lookAndConfirm(context, drain, run);
        if (verdict.kind === 'drained')
            return verdict.evidence;
        if (context.clock.now() > until)
            throw drain.failed(verdict.missing);
        if (verdict.missing !== told)
            run.progress(`${drain.name}: ${verdict.missing}`);
        told = verdict.missing;
        await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
    }
}
/** Where the connection is lost over the proof nothing is proven yet, and both ends are to be looked at again. */
async function lookAndConfirm(context, drain, run) {
    const verdict = await orAbort(drain.look(), run.signal);
    if (verdict.kind !== 'drained')
        return verdict;
    try {
        await confirmHardened(context, drain, run);
        return verdict;
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8 && error.kind === 'lost')
            return notYet(error.message);
        throw error;
    }
}
/**
 * The documented proof that every commit is hardened on the other side, asked when both sides look equal, so that
 * it answers at once. Whether it may run in a read-only database is not documented: where exactly that is refused, the
 * last commit has to be known to both sides and to be the same one. Any other error is no proof of anything.
 */
async function confirmHardened(context, drain, run) {
    const { link, name } = drain;
    try {
        const code = await context.sessions.on((0,regions/* targetOn */.$D)(link.from, name, 'primary'), (connection) => waitForCopySync(connection, link.to.server.name, context.config.drainTimeoutMs, run.signal));
        if (code === 0)
            return;
        throw drain.failed(`sp_wait_for_database_copy_sync answered ${code}`);
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8) || error.kind !== 'server')
            throw error;
        if (!isReadOnlyRefusal(error))
            throw drain.failed(`sp_wait_for_database_copy_sync failed: ${error.message}`, error);
        await confirmEqual(context, drain);
        run.progress(`${name}: sp_wait_for_database_copy_sync refused (${error.message}); both sides have the same last commit`);
    }
}
/** 3906: the database is read-only. Other statements word the same refusal in numbers of their own. */
function isReadOnlyRefusal(error) {
    return error.has(3906) || error.messages.some((message) => /read[- ]?only/i.test(message.text));
}
async function confirmEqual(context, drain) {
    const { link, name } = drain;
    const ends = await readEnds(context, link, name);
    const [here, there] = [ends.from.link?.lastCommit, ends.to.link?.lastCommit];
    if (here && there && here.getTime() === there.getTime())
        return;
    const told = (commit) => commit?.toISOString() ?? 'not told';
    throw drain.failed(`sp_wait_for_database_copy_sync cannot run here, and the last commit is ${told(here)} on ${link.from.server.name}, ${told(there)} on ${link.to.server.name}`);
}

;// CONCATENATED MODULE: ./lib/steps/freeze-key.js
/** What the window calls a frozen database: roles change within a run, servers do not. */
function freezeKey({ server, database }) {
    return `${server}/${database}`.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/steps/production-entry.js


/** The entry that production carries: while it is frozen, the one that was written just before. */
function productionEntry(context, pair) {
    return context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) => readJournal(context, connection));
}

;// CONCATENATED MODULE: ./lib/steps/still-closed.js
// Whether nobody can write into a database that was closed, asked again before something rests upon it.




/** Times of writes are told in steps of 3.33 ms. */
const CLOCK_STEP_MS = 10;
/**
 * Why it is not; null where nobody can. READ_ONLY says so by itself. Of a fenced database it is asked whether the fence is
 * whole, whether a transaction from before it goes on, and whether somebody whom it does not bind has written.
 *
 * @param access as it was just read on this connection.
 * @param closedAt from when on there can have been no write, by the server's clock; null where this run does not know.
 */
async function whyNotClosed(connection, { isReadOnly, isFenced }, closedAt) {
    if (isReadOnly)
        return null;
    if (!isFenced)
        return 'somebody set it read-write';
    // Without a moment only transactions count: a statement that is under way may be one that is being refused.
    const open = await whyNotWhole(connection, closedAt ?? new Date(0));
    if (open)
        return open;
    const { lastWrite } = await readWriteActivity(connection);
    if (!closedAt || !lastWrite || lastWrite.getTime() <= closedAt.getTime() + CLOCK_STEP_MS)
        return null;
    return `somebody whom the fence does not bind wrote at ${lastWrite.toISOString()}`;
}
/**
 * Why a database that reads as closed is to be closed again: a run that was killed had raised its fence and did not see the
 * last writer go. Null where it is settled.
 *
 * @param access as it was just read on this connection.
 */
async function whyNotSettled(connection, { isReadOnly, isFenced, at }) {
    return isReadOnly || !isFenced ? null : whyNotWhole(connection, at ?? new Date(0));
}
async function whyNotWhole(connection, since) {
    const { missing } = await readFence(connection);
    if (missing.length > 0)
        return `somebody changed the fence: ${missing.join('; ')}`;
    const holders = await readWriteHolders(connection, since);
    return holders.length > 0 ? `writes are held by ${holders.map(sessionWords).join('; ')}` : null;
}

;// CONCATENATED MODULE: ./lib/application/moving-users-commands.js



/** Exchanges what the site has in production with what its slot has: the same command takes it back. */
function swapSlots({ resourceGroup, site }, slot) {
    const which = ['-g', resourceGroup, '-n', site, '--slot', slot, '--target-slot', 'production'];
    return (0,command_line/* command */.G5)('az', 'webapp', 'deployment', 'slot', 'swap', ...which);
}
/** A sentence, with its commands in the lines after it: users go from the slot they are on to the other one, in every region. */
function sendToStage(context) {
    const { config, production, stage } = context;
    const [from, to] = [production.config.name, stage.config.name];
    if (config.switchMethod !== 'slot-swap')
        return [`Send users from ${from} to ${to} again:`, ...setEndpoints(context)].join('\n');
    const swap = (region) => swapSlots(region.production.site, config.deploymentSlot);
    if (!stage.standby)
        return `Send users from ${from} to ${to} again:\n${swap(context)}`;
    return [
        `Send users from ${from} to ${to} again, by a swap in each region whose site is connected to ${from}'s database, and in no other:`,
        swap(context),
        swap((0,regions/* inBackupRegion */._W)(context)),
    ].join('\n');
}
/** Those that users are sent to are there before the others go. */
function setEndpoints(context) {
    const set = (status, { config }) => [config.endpoint, ...(config.backup ? [config.backup.endpoint] : [])].map((endpoint) => updateEndpoint(context, endpoint, '--endpoint-status', status));
    return [...set('Enabled', context.stage), ...set('Disabled', context.production)];
}

;// CONCATENATED MODULE: ./lib/steps/still-primary.js
// A geo-secondary reads as read-only too: a database that was failed over while it was frozen looks frozen, and takes no
// statement that would give it back. Production is elsewhere by then.




/** Throws 'region-mismatch' where production's database says of its links that it is a geo-secondary. */
function assertStillPrimary(context, pair, links) {
    const elsewhere = whyNotPrimary(context, pair, links);
    if (elsewhere)
        throw elsewhere;
}
/** The same, told: null where it is no geo-secondary. */
function whyNotPrimary(context, pair, links) {
    const above = links.find((link) => link.role === 'secondary');
    if (!above)
        return null;
    if ((0,production_slot/* sameName */.q)(above.partnerServer, context.stage.server.name))
        return failedOverToStage(context, pair);
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `${pair.name} on ${context.production.server.name} was failed over: it is a geo-secondary of ${above.partnerServer} now, and that is production`, {
        advice: [
            `Run phase rollback: it looks where production is, and gives it back on ${above.partnerServer}.`,
        ],
    });
}
/** Users stay where they are and cannot write there, and the copy is no copy any more. Which of the two is right a person has to say. */
function failedOverToStage(context, { name, production }) {
    const stage = context.stage.server.name;
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `${name} on ${production.server} was failed over to the stage database: it is a geo-secondary of ${stage} now, and users of ${context.production.config.name} cannot write`, {
        advice: [
            `Make production's database the primary again, with what was written on ${stage} meanwhile:\n${setPrimary(production, 'planned')}`,
            `Or, where nobody has failed it over, and somebody has sent users to ${context.production.config.name} too early. ${sendToStage(context)}`,
            'Then run phase rollback: it gives production back where it is still read-only.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/drain.js
// Planned termination, first half: production is read-only, so no commit follows; wait until every one
// there is has been hardened on the stage database, and prove it on both sides. Azure's own DELETE of
// a link would not wait.














function drain(context) {
    return {
        id: 'drain',
        title: 'Drain: every committed transaction is on the stage database',
        article: null,
        phase: 'upgrade',
        changes: '',
        pivot: false,
        assess: async () => {
            const seen = await forEachDatabase(context, async (pair) => ({
                pair,
                link: await linkOrProof(context, pair),
            }));
            const unproven = seen.find(({ link }) => link === 'unproven');
            if (unproven) {
                const { reason, message, advice } = neverDrained(context, unproven.pair);
                return (0,step/* blocked */.Z5)(reason, message, ...advice);
            }
            if (seen.every(({ link }) => link === 'drained'))
                return (0,step/* done */.Vw)('drained before: the upgrade of the copy was begun since');
            return (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            const evidence = await forEachDatabase(context, (pair) => drainDatabase(context, pair, run));
            context.window.spend('planned termination');
            return evidence;
        },
        undo: null,
    };
}
/** The link from production to stage as production's own view has it; null where there is none. */
function productionLink(context, pair) {
    return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => linkTo(await readLinks(connection), context.stage.server.name));
}
/**
 * An absent link proves no drain: somebody may have removed it by force, and a run that was killed between drain and
 * termination leaves the same picture. What proves it is an entry that is written on the copy only after both.
 */
async function linkOrProof(context, pair) {
    if ((await productionLink(context, pair)) !== null)
        return 'linked';
    return (await isProvenDrained(context, pair)) ? 'drained' : 'unproven';
}
async function isProvenDrained(context, pair) {
    const production = await productionEntry(context, pair);
    const stage = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => readJournal(context, connection));
    return stage?.status !== 'freezing' && isOfFreeze(context.production.server.name, production, stage);
}
function neverDrained(context, pair) {
    const { production, stage } = context;
    return new lib_reasons/* UpgradeError */.fy('drain-failed', `${pair.name}: the link from ${production.server.name} to ${stage.server.name} is gone, and nothing proves that every transaction had arrived before it went`, { advice: ['Production has them all. Remove the stage database, then prepare and upgrade again.'] });
}
async function drainDatabase(context, pair, run) {
    if (!(await isLinkedAndFrozen(context, pair))) {
        if (await isProvenDrained(context, pair))
            return `${pair.name}: drained before`;
        throw neverDrained(context, pair);
    }
    const toStage = (0,regions/* productionToStage */.Nh)(context);
    const evidence = await waitUntilDrained(context, {
        link: toStage,
        name: pair.name,
        look: async () => compareEnds(toStage, await readEnds(context, toStage, pair.name)),
        failed: (missing, cause) => notDrained(context, pair, missing, cause),
    }, run);
    return `${pair.name}: ${evidence}`;
}
/** False where there is no link. Throws what assertFrozen throws where there is one; the links are read once for both. */
function isLinkedAndFrozen(context, pair) {
    return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS });
        if (linkTo(seen.links, context.stage.server.name) === null)
            return false;
        await assertFrozenPrimary(context, pair, connection, seen);
        return true;
    });
}
/** Nothing is drained from a database that still takes writes, nor from one that is production no longer. */
function assertFrozen(context, pair) {
    return context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => assertFrozenPrimary(context, pair, connection, await lookAtAll(connection, { access: ACCESS, links: LINKS })));
}
/**
 * The same by what was just read on this connection. Of a fenced database it is asked for more.
 */
async function assertFrozenPrimary(context, pair, connection, seen) {
    assertStillPrimary(context, pair, seen.links);
    const why = await whyNotClosed(connection, seen.access, context.window.confirmedAt(freezeKey(pair.production)));
    if (why === null)
        return;
    throw new lib_reasons/* UpgradeError */.fy('drain-failed', `${pair.name} on ${context.production.server.name} takes writes again although it was frozen: ${why}`, {
        advice: [
            'Find out who did it (sys.event_log, audit), make sure nobody does, and run the upgrade again.',
        ],
    });
}
function notDrained(context, pair, missing, cause) {
    return new lib_reasons/* UpgradeError */.fy('drain-failed', `${pair.name} was not drained: ${missing}`, {
        cause,
        advice: [
            `On ${context.production.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
            'A stage database of a smaller size throttles replication: give both the same service objective.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/application/write-again.js
// What this tool writes down is the same text each time, so a write whose answer was lost is written again. The lock may
// have gone with the connection: it is asked for first.




const write_again_ATTEMPTS = 4;
const write_again_FIRST_PAUSE_MS = 500;
/**
 * Does a write that may be done twice, again where the connection was lost, or for what else is given. Throws what the last try has thrown, and
 * what `ensureProductionOurs` throws.
 * @param locked whose lock stands for this write, beside production's
 */
async function writeAgain(context, locked, write, passes = isLost) {
    let pause = write_again_FIRST_PAUSE_MS;
    for (let attempt = 1;; attempt++) {
        try {
            return await write();
        }
        catch (error) {
            if (attempt === write_again_ATTEMPTS || !passes(error))
                throw error;
            const why = (0,message_of/* messageOf */.b)(error);
            context.log.warning(`${why}. Asking for the lock, then writing again`);
            await context.clock.sleep(pause);
            pause *= 2;
            if (locked === 'stage')
                await ensureRunLock(context, locked);
            await ensureProductionOurs(context);
        }
    }
}
function isLost(error) {
    return error instanceof errors/* SqlError */.L8 && error.kind === 'lost';
}

;// CONCATENATED MODULE: ./lib/steps/mark-stage.js







/** To V2. */
const SWITCH_MARKS = {
    before: 'switching',
    moved: 'moved',
    after: 'serving',
    version: 'V2',
    onlyToProtected: true,
};
/**
 * Back to V1: that its database was made writable says already that users may come. Somebody who asks for it may do so
 * because the backup region is lost.
 */
const RETURN_MARKS = {
    before: null,
    moved: 'returned',
    after: 'returned',
    version: 'V1',
    onlyToProtected: false,
};
/**
 * Says in every database that users were moved to that they were, for whoever comes after a run that does not see them arrive. Never
 * throws.
 * @param role of that slot: the stage slot in the run that moves them, production in every later one.
 */
async function recordMoved(context, { moved }, role = 'stage') {
    await forEachDatabase(context, (pair) => markDatabase(context, role, pair, moved).catch((error) => context.log.warning(`journal of ${pair.name} not written: ${(0,message_of/* messageOf */.b)(error)}`)));
}
/** Moves the stage database's journal entry on, keeping the upgrade it belongs to. */
async function markStage(context, pair, status) {
    await markDatabase(context, 'stage', pair, status);
}
/**
 * Moves a database's journal entry on, and returns what it said before; null where there was nothing to move.
 * 'switching' is written anew each time: its moment is that of the latest try.
 */
async function markDatabase(context, role, pair, status) {
    if (status === null)
        return null;
    let before = null;
    await writeAgain(context, role, () => context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
        const entry = await readJournal(context, connection);
        if (!entry)
            throw new lib_reasons/* UpgradeError */.fy('stage-compromised', `${pair.name} on ${context[role].server.name} carries no entry of an upgrade`);
        assertKnown(context.known, connection, entry);
        before ??= entry.status; // written again, it may say what was written first
        if (movesOn(entry.status, status))
            await writeJournal(context, role, connection, {
                ...entry,
                status,
                was: status === 'returned' ? entry.was : undefined,
            });
    }));
    return before;
}
/** What says more stays; nor does an upgrade that was not complete become one because somebody has moved users to it. */
function movesOn(from, to) {
    switch (to) {
        case 'switching':
            return !MOVED_STATUSES.includes(from);
        case 'moved':
            return from === 'upgraded' || from === 'switching';
        case 'returned':
            return from === 'giving-back';
        default:
            return from !== to;
    }
}

;// CONCATENATED MODULE: ./lib/steps/protection.js
// What protects a slot from a disaster: the links to its geo-secondary in the backup region.









/** How far the geo-secondary may be behind when users arrive. Seconds. */
const ACCEPTED_LAG_SECONDS = 5;
/** The links that stand before, during and after the cut; none in single-region. */
function protectionLinks(context) {
    if (!context.stage.standby)
        return [];
    const production = (0,regions/* productionToStandby */.iy)(context);
    return context.config.standbyMode === 'chained' ? [production, (0,regions/* stageToStandby */.VA)(context)] : [production];
}
/** "contoso-sql-1 → contoso-sql-dr". */
function linkName({ from, to }) {
    return `${from.server.name} → ${to.server.name}`;
}
/** The link as its primary sees it; null where there is none, or it runs the other way by now. Throws SqlError. */
function linkAtPrimary(context, { from, to }, name) {
    return context.sessions.on((0,regions/* targetOn */.$D)(from, name, 'primary'), async (connection) => linkAs('primary', await readLinks(connection), to.server.name));
}
/**
 * Both ends of a protecting link answer and are in CATCH_UP. Returns the evidence; throws 'standby-not-caught-up'.
 */
async function assertCaughtUp(context, link, name) {
    try {
        const { from, to } = await readEnds(context, link, name);
        const [here, there] = [from.link?.state ?? 'no primary', to.link?.state ?? 'no secondary'];
        if (here === 'CATCH_UP' && there === 'CATCH_UP')
            return `${linkName(link)} CATCH_UP`;
        throw protection_notCaughtUp(link, name, `${here} on ${link.from.server.name}, ${there} on ${link.to.server.name}`);
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        throw protection_notCaughtUp(link, name, error.message, error);
    }
}
function protection_notCaughtUp(link, name, seen, cause) {
    const { resourceGroup, sqlResourceGroup, sqlServer } = link.from.config;
    return new lib_reasons/* UpgradeError */.fy('standby-not-caught-up', `${name}: the geo-replication ${linkName(link)} has not caught up (${seen}), so a disaster during the upgrade would find this slot unprotected`, {
        cause,
        advice: [
            (0,command_line/* shell */.vf) `az sql db replica list-links -g ${sqlResourceGroup || resourceGroup} -s ${sqlServer} -n ${name}`,
            'Run the phase again once it says CATCH_UP.',
        ],
    });
}
/**
 * Law 10, just before users arrive: the stage database's geo-secondary has caught up. Waits `timeoutMs` at most, returns
 * the evidence, and throws 'standby-not-caught-up'.
 */
async function waitUntilProtected(context, pair, run, timeoutMs) {
    const link = (0,regions/* stageToStandby */.VA)(context);
    const startedAt = context.clock.now();
    const until = startedAt + timeoutMs;
    let told = '';
    for (;;) {
        run.signal.throwIfAborted();
        const seen = await orAbort(lookAtProtection(context, link, pair.name), run.signal);
        if (seen.kind === 'drained')
            return `${pair.name}: ${seen.evidence}`;
        if (context.clock.now() >= until)
            throw unprotected(context, link, pair.name, seen.missing);
        if (seen.missing !== told)
            run.progress(`${pair.name}: ${seen.missing}`);
        told = seen.missing;
        await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
    }
}
async function lookAtProtection(context, link, name) {
    try {
        const { from, to } = await readEnds(context, link, name);
        const { lagSeconds = null, state } = from.link ?? { state: 'no primary' };
        if (state !== 'CATCH_UP')
            return notYet(`${linkName(link)} is ${state} on ${link.from.server.name}`);
        if (to.link?.state !== 'CATCH_UP')
            return notYet(`${linkName(link)} is ${to.link?.state ?? 'no secondary'} on ${link.to.server.name}`);
        if (lagSeconds === null)
            return notYet(`the lag of ${linkName(link)} is not known`);
        if (lagSeconds > ACCEPTED_LAG_SECONDS)
            return notYet(`${linkName(link)} is ${lagSeconds} s behind`);
        return { kind: 'drained', evidence: `${linkName(link)} CATCH_UP, lag ${lagSeconds} s` };
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return notYet(`${linkName(link)} cannot be read: ${error.message}`);
    }
}
function unprotected(context, link, name, missing) {
    return new lib_reasons/* UpgradeError */.fy('standby-not-caught-up', `Users are not sent to ${context.stage.config.name}: its geo-secondary of ${name} has not caught up: ${missing}`, {
        advice: [
            `On ${link.from.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
            `Users stay on ${context.production.config.name} with its own geo-secondary.`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/drain-standby.js
// The script has run on the stage database; its geo-secondary in the backup region gets every change by itself. Wait
// until it has them all, prove it on both sides, and only then call the stage slot upgraded.












function drainStandby(context) {
    const server = (0,regions/* standbyOf */.Lu)(context, 'stage').server.name;
    return {
        id: 'drain-standby',
        title: `Drain: every change of the upgrade is on ${server} in the backup region`,
        article: null,
        phase: 'upgrade',
        changes: '',
        pivot: false,
        assess: async () => {
            const said = await forEachDatabase(context, (pair) => statusOfStage(context, pair));
            if (said.every((status) => status !== null && COMPLETE.includes(status)))
                return (0,step/* done */.Vw)(`${server} had every change when the stage slot was found upgraded`);
            const scripted = said.every((status) => status !== null && drain_standby_SCRIPTED.includes(status));
            return scripted ? (0,step/* toDo */.Xj)() : (0,step/* later */.NU)('the upgrade script has not run to its end yet');
        },
        apply: async (run) => {
            await ensureStillAlone(context);
            const evidence = await forEachDatabase(context, (pair) => drainToStandby(context, pair, run));
            await forEachDatabase(context, (pair) => markUpgraded(context, pair));
            context.window.spend('after the script');
            return evidence;
        },
        undo: null,
    };
}
const drain_standby_SCRIPTED = ['scripted', ...COMPLETE];
/** What the stage database says of this upgrade; null where it is not a copy of this freeze. */
async function statusOfStage(context, pair) {
    const production = await productionEntry(context, pair);
    const stage = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => readJournal(context, connection));
    return isOfFreeze(context.production.server.name, production, stage) ? (stage?.status ?? null) : null;
}
async function markUpgraded(context, pair) {
    const status = await statusOfStage(context, pair);
    if (status === 'scripted')
        await markDatabase(context, 'stage', pair, 'upgraded');
}
async function drainToStandby(context, pair, run) {
    const link = (0,regions/* stageToStandby */.VA)(context);
    const failed = (missing, cause) => drain_standby_notDrained(context, pair, missing, cause);
    const look = () => lookAtBoth(context, pair);
    try {
        const evidence = await waitUntilDrained(context, { link, name: pair.name, look, failed }, run);
        return `${pair.name} on ${link.to.server.name}: ${evidence}`;
    }
    catch (error) {
        run.signal.throwIfAborted();
        throw error instanceof errors/* SqlError */.L8 ? failed(error.message, error) : error;
    }
}
/** A backup region that does not answer is asked again until the time is up: a lost connection is no disaster. */
async function lookAtBoth(context, pair) {
    const link = (0,regions/* stageToStandby */.VA)(context);
    try {
        const ends = await readEnds(context, link, pair.name);
        const status = ends.from.journal?.status;
        if (!status || !drain_standby_SCRIPTED.includes(status))
            return notYet(`${link.from.server.name} does not say that the upgrade script has run`);
        return compareEnds(link, ends);
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return notYet(`${linkName(link)} cannot be read: ${error.message}`);
    }
}
function drain_standby_notDrained(context, pair, missing, cause) {
    const { stage, production } = context;
    const standby = (0,regions/* standbyOf */.Lu)(context, 'stage');
    return new lib_reasons/* UpgradeError */.fy('standby-not-caught-up', `${pair.name}: the backup region does not have the upgrade (${missing}). The stage slot ${stage.config.name} has no protection, and users are not sent to it`, {
        cause,
        advice: [
            `V1 is given back: users stay on ${production.config.name}. Phase status tells whether its own geo-secondary is there.`,
            `On ${stage.server.name}: SELECT * FROM sys.dm_geo_replication_link_status;`,
            `Look whether ${standby.server.name} in ${standby.server.location ?? 'its region'} answers; then remove the stage database, prepare and upgrade again.`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/failover-group.js
// Where production was in a failover group, the slot that users have been switched to gets one of its own, so that the
// next disaster is covered as well. Azure does not move a group to another server: it is a new one, under a name of
// its own, on the new pair.











/** @param role of the slot that users are on by then: the stage slot in the run that switches, production later. */
function carryFailoverGroup(context, role) {
    const { name: slot, failoverGroup: name } = context[role].config;
    const pair = `${context[role].server.name} and ${(0,regions/* standbyOf */.Lu)(context, role).server.name}`;
    return {
        id: 'failover-group',
        title: name ? `Failover group ${name} on ${pair}` : `No failover group for ${slot}`,
        article: null,
        phase: 'switch',
        changes: name ? `failover group ${name} is created on ${pair}, with all databases` : '',
        pivot: false,
        assess: async () => {
            if (name === null)
                return (0,step/* done */.Vw)('the configuration names none');
            return assessGroup(context, role, name).catch((error) => {
                if (!(error instanceof errors/* AzureError */.M6))
                    throw error;
                return (0,step/* toDo */.Xj)(`it cannot be read whether it is there: ${error.message}`); // applying it asks again
            });
        },
        apply: async (run) => (name === null ? [] : createGroup(context, role, name, run)),
        undo: null,
    };
}
async function assessGroup(context, role, name) {
    const groups = await context.azure.sql.listFailoverGroups(serverRef(context, role));
    const found = groups.find((group) => (0,production_slot/* sameName */.q)(group.name, name));
    if (!found)
        return (0,step/* toDo */.Xj)();
    const missing = missingFrom(context, role, found);
    if (missing === null)
        return (0,step/* done */.Vw)(`${name} covers ${context.config.databases.join(', ')}`);
    const { resourceGroup, server } = serverRef(context, role);
    return (0,step/* blocked */.Z5)('failover-group-member', `Failover group ${name} exists on ${server} and ${missing}: it does not protect what users are on`, `Look at it: ${(0,command_line/* shell */.vf) `az sql failover-group show -g ${resourceGroup} -s ${server} -n ${name}`}`, `Add what it lacks (az sql failover-group update --add-db …), or delete it and run phase switch again: it is created anew.`);
}
/** What keeps the group from covering the slot; null where it does. */
function missingFrom(context, role, group) {
    const standby = (0,regions/* standbyOf */.Lu)(context, role).config.sqlServer;
    if (group.role !== 'Primary')
        return `is ${group.role} there`;
    if (!group.partnerServers.some((partner) => (0,production_slot/* sameName */.q)(partner, standby)))
        return `has ${group.partnerServers.join(', ') || 'nobody'} as its partner, not ${standby}`;
    const covered = group.databaseIds.map((id) => id.slice(id.lastIndexOf('/') + 1));
    const lacking = context.config.databases.filter((name) => !covered.some((one) => (0,production_slot/* sameName */.q)(one, name)));
    return lacking.length === 0 ? null : `does not have ${lacking.join(', ')}`;
}
async function createGroup(context, role, name, run) {
    const standby = (0,regions/* standbyOf */.Lu)(context, role);
    try {
        const found = await assessGroup(context, role, name);
        if (found.kind === 'done')
            return found.evidence;
        await ensureRunLock(context, role);
        const { policy, source } = await policyToCarry(context, role);
        const databaseIds = await forEachDatabase(context, async (pair) => {
            const info = await context.azure.sql.getDatabase(pair[role]);
            if (!info)
                throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `${pair.name} is not on ${pair[role].server}`);
            return info.id;
        });
        const partner = await serverNow(context, standby, run);
        const creation = context.azure.sql.createFailoverGroup({
            name,
            server: serverRef(context, role),
            partnerServerId: partner.id,
            databaseIds,
            policy,
            tags: creationTags(context),
        }, run.progress);
        await orAbort(creation, run.signal);
        return [
            `${name}: ${context[role].server.name} → ${standby.server.name} with ${context.config.databases.join(', ')}, failover ${failover_group_told(policy)} (${source})`,
        ];
    }
    catch (error) {
        throw notCarried(context, role, name, error);
    }
}
/**
 * As the slot that users have left has it; once cleanup has deleted that group, as another group of the new pair has it.
 * By hand where there is neither, and that is told: nobody knows any more what V1's was.
 */
async function policyToCarry(context, role) {
    const other = role === 'stage' ? 'production' : 'stage';
    const model = (await groupOfPair(context, other)) ?? (await groupOfPair(context, role));
    if (model)
        return { policy: model.policy, source: `as ${model.name} has it` };
    const v1 = context[other].config.name;
    return {
        policy: { failover: 'Manual', graceMinutes: null },
        source: `${v1} has no group to take the policy from; where it was another one: az sql failover-group update --failover-policy`,
    };
}
/** The one that the configuration names before any other on the same two servers. */
async function groupOfPair(context, role) {
    const { failoverGroup } = context[role].config;
    const partner = (0,regions/* standbyOf */.Lu)(context, role).config.sqlServer;
    const groups = await context.azure.sql.listFailoverGroups(serverRef(context, role));
    const ofPair = groups.filter(({ partnerServers }) => partnerServers.some((one) => (0,production_slot/* sameName */.q)(one, partner)));
    const named = ofPair.find((group) => failoverGroup !== null && (0,production_slot/* sameName */.q)(group.name, failoverGroup));
    return named ?? ofPair[0] ?? null;
}
function failover_group_told({ failover, graceMinutes }) {
    return graceMinutes === null ? failover : `${failover} after ${graceMinutes} min`;
}
function serverRef(context, role) {
    const { sqlResourceGroup, sqlServer } = context[role].config;
    return { resourceGroup: sqlResourceGroup, server: sqlServer };
}
/** Users are where they belong: this is about the next disaster, and must not read as if the switch had failed. */
function notCarried(context, role, name, cause) {
    const { config, server } = context[role];
    const standby = (0,regions/* standbyOf */.Lu)(context, role).server.name;
    const why = (0,message_of/* messageOf */.b)(cause);
    const where = ['-g', config.sqlResourceGroup, '-s', server.name, '--partner-server', standby, '-n', name];
    const members = ['--add-db', ...context.config.databases];
    const create = (0,command_line/* command */.G5)('az', 'sql', 'failover-group', 'create', ...where, ...members);
    return new lib_reasons/* UpgradeError */.fy(cause instanceof lib_reasons/* UpgradeError */.fy ? cause.reason : 'azure-error', `Users are on V2 (${config.name}), the switch is done; only its failover group ${name} is missing: ${why}`, {
        cause,
        advice: [
            'Run phase switch again: it moves nobody, it creates the group.',
            `Until then ${standby} has every change and can take over by hand: az sql db replica set-primary`,
            `Or create it: ${create}`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/profile-refusals.js
// Profiles that prepare does not add anything to, each with the command that puts it right.


/** An endpoint of the stage slot that is online. */
function stageEnabled(context, endpoint) {
    return (0,step/* blocked */.Z5)('production-slot-unclear', `The stage endpoint ${endpoint.name} is enabled: users may be sent to a stage that is not upgraded`, updateEndpoint(context, endpoint, '--endpoint-status', 'Disabled'));
}
/**
 * Production's site in the backup region has no endpoint: users would not be sent there in a disaster. Adding it is an
 * online endpoint, and so the user's own decision.
 * @param site null where it does not exist.
 */
function standbyMissing(context, profile, { config }, site) {
    const { name, type } = config.endpoint;
    const priority = Math.max(0, ...profile.endpoints.map((endpoint) => endpoint.priority ?? 0)) + 1;
    const target = type === 'azure'
        ? ['--target-resource-id', site?.id ?? 'ID-OF-ITS-SITE']
        : [
            ...['--target', site?.defaultHostName ?? 'HOST-OF-ITS-SITE'],
            ...['--endpoint-location', site?.location ?? 'ITS-REGION'],
        ];
    const online = ['--priority', String(priority), '--endpoint-status', 'Enabled'];
    return (0,step/* blocked */.Z5)('standby-missing', `Profile ${profile.name} has no endpoint "${name}" for production's standby in the backup region: users would not be sent there if the primary region were lost`, createEndpoint(context, config.endpoint, ...target, ...online));
}

;// CONCATENATED MODULE: ./lib/steps/failover-profile.js
// The failover profile: Priority routing, production's endpoints as they are, the stage slot's offline.








/**
 * Adds the stage slot's endpoints, Disabled, behind all others, where they are missing; a profile that does not exist is
 * created with production's Enabled. Endpoints that are there are never changed.
 */
function failoverProfile(context) {
    const { production, stage } = context;
    const name = context.config.trafficManager?.profile ?? '';
    const added = failover_profile_namesOf(stage);
    return {
        id: 'failover-profile',
        title: `Failover profile: ${production.config.name} online, ${stage.config.name} offline`,
        article: null,
        phase: 'prepare',
        changes: `profile ${name} has ${stage.standby ? 'all four' : 'both'} endpoints, ${added} Disabled; users stay on ${production.config.name}`,
        pivot: false,
        wayBack: stage.standby ? 'the stage endpoints stay, disabled' : 'the stage endpoint stays, disabled',
        assess: () => assess(context, profileOf(context)),
        apply: async (run) => [
            await tryAgain(context, run, () => complete(context, profileOf(context)), failover_profile_mayPass),
        ],
        undo: null,
    };
}
/** Whatever a profile is busy with: each try looks first, and adds only what is missing. */
function failover_profile_mayPass(error) {
    return passes(error) || (error instanceof errors/* AzureError */.M6 && error.status === 409);
}
/** Its endpoint in the primary region comes first. */
function deploymentsOf(slot) {
    return slot.standby ? [slot, slot.standby] : [slot];
}
function failover_profile_namesOf(slot) {
    return deploymentsOf(slot)
        .map(({ config }) => config.endpoint.name)
        .join(' and ');
}
function profileOf({ config }) {
    if (config.trafficManager)
        return config.trafficManager;
    throw new lib_reasons/* UpgradeError */.fy('internal-error', 'no Traffic Manager profile is configured');
}
async function assess(context, ref) {
    const { production, stage } = context;
    const profile = await context.azure.trafficManager.getProfile(ref);
    if (!profile)
        return (0,step/* toDo */.Xj)(`profile ${ref.profile} does not exist`);
    if (!(0,production_slot/* findEndpoint */.vS)(profile, production.config)) {
        return (0,step/* blocked */.Z5)('production-slot-unclear', `Profile ${ref.profile} has no endpoint "${production.config.endpoint.name}" for the production slot`, `It has ${profile.endpoints.map(({ name }) => name).join(', ') || 'none'}. Correct slots.${production.config.name}.endpoint in the configuration; only where production really has none add it, enabled. The stage endpoint is added by prepare.`);
    }
    const standby = production.standby;
    if (standby && !(0,production_slot/* findEndpoint */.vS)(profile, standby.config)) {
        return standbyMissing(context, profile, standby, await context.azure.appService.getSite(standby.site));
    }
    const staged = deploymentsOf(stage).map(({ config }) => (0,production_slot/* findEndpoint */.vS)(profile, config));
    const enabled = staged.find((endpoint) => endpoint?.status === 'Enabled');
    if (enabled)
        return stageEnabled(context, enabled);
    const missing = missingOf(stage, profile).map(({ config }) => config.endpoint.name);
    if (missing.length > 0)
        return (0,step/* toDo */.Xj)(...missing.map((endpoint) => `endpoint ${endpoint} is missing`));
    return (0,step/* done */.Vw)(described(context, profile));
}
function missingOf(slot, profile) {
    return deploymentsOf(slot).filter(({ config }) => !(0,production_slot/* findEndpoint */.vS)(profile, config));
}
/** The application's endpoints alone: the profile may have others. */
function described({ production, stage }, profile) {
    return [...deploymentsOf(production), ...deploymentsOf(stage)]
        .map(({ config }) => (0,production_slot/* findEndpoint */.vS)(profile, config))
        .filter((endpoint) => endpoint !== null)
        .map(({ name, status, priority }) => `${name} ${status} ${priority ?? ''}`.trimEnd())
        .join(', ');
}
async function complete(context, ref) {
    const { production, stage } = context;
    await ensureStillAlone(context);
    const profile = await context.azure.trafficManager.getProfile(ref);
    const after = profile ? await addStage(context, ref, profile) : await failover_profile_create(context, ref);
    const staged = deploymentsOf(stage).map(({ config }) => (0,production_slot/* findEndpoint */.vS)(after, config));
    const offline = staged.every((endpoint) => endpoint?.status === 'Disabled');
    if (!offline || missingOf(production, after).length > 0) {
        throw new lib_reasons/* UpgradeError */.fy('profile-changed', `Profile ${ref.profile} does not have what was written`);
    }
    return `${ref.profile} (${after.fqdn}): ${described(context, after)}`;
}
/** One write each: they are offline, so nobody is sent anywhere between the two. */
async function addStage(context, ref, profile) {
    let after = profile;
    for (const deployment of missingOf(context.stage, profile)) {
        const highest = Math.max(0, ...after.endpoints.map((endpoint) => endpoint.priority ?? 0));
        const endpoint = await failover_profile_endpointOf(context, deployment, 'Disabled', highest + 1);
        after = await context.azure.trafficManager.addEndpoint(ref, endpoint);
    }
    return after;
}
async function failover_profile_create(context, ref) {
    const { trafficManager, health } = context.config;
    return context.azure.trafficManager.createProfile(ref, {
        relativeName: trafficManager?.dnsName ?? ref.profile,
        ttlSeconds: trafficManager?.ttlSeconds ?? 30,
        monitor: {
            protocol: health.protocol === 'https' ? 'HTTPS' : 'HTTP',
            port: health.protocol === 'https' ? 443 : 80,
            path: health.path,
        },
        endpoints: await allEndpoints(context),
        tags: creationTags(context),
    });
}
/** Production's first, its standby second and online as well: it stands by. */
function allEndpoints(context) {
    const online = deploymentsOf(context.production);
    return Promise.all([...online, ...deploymentsOf(context.stage)].map((deployment, index) => failover_profile_endpointOf(context, deployment, online.includes(deployment) ? 'Enabled' : 'Disabled', index + 1)));
}
async function failover_profile_endpointOf(context, deployment, status, priority) {
    const { endpoint } = deployment.config;
    const site = await context.azure.appService.getSite(deployment.site);
    if (!site)
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The site ${deployment.site.site} does not exist`);
    const azure = endpoint.type === 'azure';
    return {
        name: endpoint.name,
        type: endpoint.type,
        status,
        priority,
        target: azure ? null : site.defaultHostName,
        targetResourceId: azure ? site.id : null,
        location: azure ? null : site.location,
    };
}

;// CONCATENATED MODULE: ./lib/steps/late-freeze.js
// A freeze whose end nobody saw: the connection broke, or the run was killed, while ALTER DATABASE waited. SQL Server
// goes on with it, so production can become read-only long after it was read to be writable.





const POLL_MS = 500;
/** How long after its announcement a freeze may still take effect. Milliseconds. */
function freezeLastsMs(context) {
    return context.config.freezeGraceSeconds * 1000 + ALTER_TIMEOUT_MS;
}
/** Whether a freeze was announced on production and nothing says how it ended. */
function isAnnounced(context, journal) {
    if (!journal || !FREEZE_STATUSES.includes(journal.status))
        return false;
    return (0,production_slot/* sameName */.q)(journal.server, context.production.server.name);
}
/** When that was, by the clock of the run that announced it. Milliseconds since the epoch. */
function announcedAt(journal) {
    return Date.parse(journal.at);
}
/**
 * Waits until it is known what became of the freeze: until the database is read-only, until a freeze that was seen
 * running is gone, or until it can have been running no longer. A mode that is read before that is not believed.
 *
 * @param sentAt when it was announced or sent; milliseconds since the epoch. What has long passed is not waited for.
 * @returns the mode that it left. Throws where that cannot be told in time.
 */
async function settleFreeze(context, pair, sentAt, signal) {
    const until = sentAt + freezeLastsMs(context);
    let wasSeen = false;
    for (;;) {
        signal.throwIfAborted();
        const look = await late_freeze_lookAt(context, pair);
        if (look.kind === 'seen') {
            if (look.access.mode === 'read-only' || (wasSeen && !look.altering))
                return look.access;
            if (!look.altering && context.clock.now() >= until)
                return look.access;
            wasSeen ||= look.altering;
        }
        if (context.clock.now() >= until)
            throw notSettled(context, pair, look);
        await context.clock.sleep(POLL_MS, signal);
    }
}
async function late_freeze_lookAt(context, pair) {
    try {
        return await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
            // In this order: a freeze that is not seen any more has left the mode that is read afterwards.
            const altering = await seesAlterDatabase(connection);
            return { kind: 'seen', altering, access: await readAccess(connection) };
        });
    }
    catch (error) {
        if (!(error instanceof errors/* SqlError */.L8))
            throw error;
        return { kind: 'cut-off', cause: error };
    }
}
function notSettled(context, pair, look) {
    const where = `${pair.name} on ${context.production.server.name}`;
    if (look.kind === 'cut-off')
        return new Error(`${where} cannot be read`, { cause: look.cause });
    return new Error(`ALTER DATABASE is still running on ${where}; it may yet become read-only`);
}

;// CONCATENATED MODULE: ./lib/steps/untouched.js
// Whether anybody has written to production since it was frozen.










/**
 * Somebody may have unfrozen production, written, and frozen it again, here or on its geo-secondary between a failover and
 * the failback; the copy would not have it. Asked before anybody is sent to the copy. A failover empties the view of
 * writes; the last commit, which the links tell, stays with the data. Returns the evidence; throws 'drain-failed' where production takes writes, and
 * 'production-frozen-elsewhere' where it was written since the freeze.
 */
async function assertUntouched(context, pair) {
    const seen = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const now = await lookAtAll(connection, {
            access: ACCESS,
            links: LINKS,
            journal: journalOf(context),
            activity: WRITE_ACTIVITY,
        });
        await assertFrozenPrimary(context, pair, connection, now);
        // What a fence is asked for takes a while, and it does not bind everybody.
        return now.access.isReadOnly ? now : { ...now, activity: await readWriteActivity(connection) };
    });
    // A fenced database goes on committing what is SQL Server's own (statistics, Query Store); a READ_ONLY one does not.
    const commits = seen.access.isReadOnly ? seen.links.map((link) => link.lastCommit) : [];
    const late = lateWrite(context, pair.production, seen) ?? lateCommit(context, pair.production, seen, commits);
    if (late)
        throw written(context, pair, late);
    return `${pair.name} on ${context.production.server.name}: read-only, no write since the freeze`;
}
/** When users last wrote after the freeze of that database; null where no such write is remembered. */
function lateWrite(context, frozen, seen) {
    const ended = writesEnded(context, frozen, seen);
    const { lastWrite } = seen.activity;
    if (!ended || !lastWrite)
        return null;
    const toleranceMs = ended.isExact ? SAME_CLOCK_TOLERANCE_MS : untouched_CLOCK_TOLERANCE_MS;
    return lastWrite.getTime() > ended.at + toleranceMs ? lastWrite : null;
}
function lateCommit(context, frozen, seen, commits) {
    const ended = writesEnded(context, frozen, seen);
    return commits.find((at) => at && ended && at.getTime() > ended.at + untouched_CLOCK_TOLERANCE_MS) ?? null;
}
/** One clock, that is set right in small steps. */
const SAME_CLOCK_TOLERANCE_MS = 100;
/** Two clocks: a runner's and a server's, or after a failover two machines'. */
const untouched_CLOCK_TOLERANCE_MS = 1_000;
/**
 * From when on there can have been no write; null where nothing says. A run that was resumed knows only when the freeze
 * was announced: users could write until it took.
 */
function writesEnded(context, frozen, { activity, journal }) {
    const confirmed = context.window.confirmedAt(freezeKey(frozen));
    if (confirmed)
        return { at: confirmed.getTime(), isExact: true };
    if (!journal)
        return null;
    if (journal.serverAt)
        return { at: Date.parse(journal.serverAt) + freezeLastsMs(context), isExact: false };
    // An announcement of before bears a runner's time only; runners keep the same time, SQL Server may be off.
    const agoMs = context.clock.now() - announcedAt(journal);
    return { at: activity.now.getTime() - agoMs + freezeLastsMs(context), isExact: false };
}
function written(context, pair, at) {
    return new lib_reasons/* UpgradeError */.fy('production-frozen-elsewhere', `${pair.name} on ${context.production.server.name} was written at ${at.toISOString()}, after it was frozen: the stage copy does not have that write`, {
        advice: [
            'Production is given back with all its data. Find out who set it read-write, then upgrade again.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/left-behind.js
// Between the last look at V1's database and the moment at which DNS leads everybody to V2, somebody may have opened it, and users
// whose name still led there may have written. Nobody would look for those writes where nobody tells of them.












/** It takes writes, or has taken some. */
const TOUCHED = ['drain-failed', 'production-frozen-elsewhere'];
/**
 * Once users were moved. Throws 'production-frozen-elsewhere' where the database that they come from takes writes or was written
 * since its freeze; that it cannot be looked at is only told.
 * @param to where they are now: on the way back to V1 it is V2's database that they come from
 */
async function assertNothingLeftBehind(context, to) {
    const from = to === 'V2' ? 'V1' : 'V2';
    await forEachDatabase(context, async (pair) => {
        try {
            await assertUntouched(context, pair);
        }
        catch (error) {
            if (error instanceof lib_reasons/* UpgradeError */.fy && TOUCHED.includes(error.reason))
                throw leftBehind(context, { from, to }, pair, error);
            context.log.warning(`It could not be looked whether ${from}'s ${pair.name} was written during the switch: ${(0,message_of/* messageOf */.b)(error)}`);
        }
    });
}
/**
 * The same in a later run, in whose roles V1 is the stage slot: the run that switched may have been cut off, or have told it to
 * nobody. Null where V1 is gone, does not answer, or has all of its writes in V2. Throws SqlError.
 */
async function leftOnV1(context) {
    const found = await forEachDatabase(context, async (pair) => {
        return whatIsLeft(context, pair, await observeDatabase(context, pair));
    });
    return found.find((one) => one !== null) ?? null;
}
/** The same of one database, as it was just observed. */
async function whatIsLeft(context, pair, { production, stage }) {
    if (stage.access !== 'read-only' && stage.access !== 'read-write')
        return null;
    const closed = closedAt(stage.journal, production.journal);
    if (closed)
        context.window.confirm(freezeKey(pair.stage), closed);
    const seen = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => lookAtAll(connection, { access: ACCESS, journal: journalOf(context), activity: WRITE_ACTIVITY }));
    const late = lateWrite(context, pair.stage, seen);
    if (seen.access.mode === 'read-only' && !late)
        return null;
    const { resourceGroup, server, database } = pair.stage;
    const what = late ? `was written at ${late.toISOString()}, after it was frozen` : 'takes writes';
    return new lib_reasons/* UpgradeError */.fy('production-frozen-elsewhere', `V1's database ${database} on ${server} ${what}: what was written there since the freeze is not in V2`, {
        advice: [
            `${seen.access.mode === 'read-only' ? 'Keep' : 'Set'} it read-only, find what was written there since the freeze, and bring it into V2's database. Cleanup keeps it.`,
            `When nobody needs it any more: ${(0,command_line/* shell */.vf) `az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`}`,
        ],
    });
}
function leftBehind({ production, stage }, { from, to }, { name }, cause) {
    const where = `${name} on ${production.server.name}`;
    return new lib_reasons/* UpgradeError */.fy('production-frozen-elsewhere', `Users were moved to ${to} (${stage.config.name}), and ${from}'s database ${where} was opened for writers meanwhile: what was written there is not in ${to}. ${cause.message}`, {
        cause,
        advice: [
            `Set ${where} read-only, find what was written there since the freeze, and bring it into ${to}'s database.`,
            ...(to === 'V2'
                ? ['Then run phase switch: it looks whether V2 serves. Cleanup keeps that database.']
                : []),
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/not-proven.js



/**
 * Why a database stays. One that nothing proves to be V1's is left to a person; where a database with the proof does not
 * answer it may still be V1's, and nobody is told that it may go.
 * @param proof the databases that would say so.
 */
function notProven({ resourceGroup, server, database }, proof) {
    const silent = proof.find(({ access }) => access === 'unreachable');
    if (silent) {
        return new lib_reasons/* UpgradeError */.fy('azure-error', `${silent.ref.database} on ${silent.ref.server} could not be read, so it is not known whether ${database} on ${server} is V1's: ${silent.why}`, { advice: ['It was not deleted. Run phase cleanup again when it can be read.'] });
    }
    return new lib_reasons/* UpgradeError */.fy('database-in-the-way', `Nothing proves that ${database} on ${server} is the V1 of the upgrade that is in production`, {
        advice: [
            `If you know that nobody needs it: ${(0,command_line/* shell */.vf) `az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`}`,
        ],
    });
}
/** The same of a step that is only looked at. */
function blockedBy({ reason, message, advice }) {
    return (0,step/* blocked */.Z5)(reason, message, ...advice);
}

;// CONCATENATED MODULE: ./lib/steps/while-there.js
// A database that somebody deletes while its version is waited for: the version will never answer, and for every minute of waiting
// users can only read, or have no database at all, and nobody is told.



/** The wait is mostly over before the first look. Milliseconds. */
const EVERY_MS = 5_000;
/** Does the work, and aborts it with 'resource-not-found' as soon as Azure does not know one of the slot's databases any more. */
async function whileThere(context, role, run, work) {
    const gone = new AbortController();
    const over = new AbortController();
    const watching = watch(context, role, over.signal).catch((error) => gone.abort(error));
    try {
        return await work({ ...run, signal: AbortSignal.any([run.signal, gone.signal]) });
    }
    finally {
        over.abort();
        watching.catch(() => { }); // a look that is under way is not waited for
    }
}
async function watch(context, role, over) {
    for (;;) {
        await context.clock.sleep(EVERY_MS, over).catch(() => { });
        if (over.aborted)
            return;
        await forEachDatabase(context, (pair) => assertThere(context, role, pair[role]));
    }
}
async function assertThere(context, role, ref) {
    const info = await context.azure.sql.getDatabase(ref).catch((error) => {
        context.log.warning(`It could not be looked whether ${ref.database} is there: ${(0,message_of/* messageOf */.b)(error)}`);
        return 'not-known';
    });
    if (info !== null)
        return;
    throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The database of ${context[role].config.name} is not there any more: ${ref.database} on ${ref.server}. Somebody has deleted it`);
}

;// CONCATENATED MODULE: ./lib/steps/verify-public.js
// Success is what was verified: the expected version answers at the name that users open.








function verifyPublic(context, marks = SWITCH_MARKS) {
    const { expectedVersion } = context.config.health;
    return {
        id: 'verify-public',
        title: `Version ${expectedVersion} answers at the public name`,
        article: null,
        phase: 'switch',
        changes: '',
        pivot: false,
        waitsFor: `DNS and ${marks.version}`,
        assess: async () => (0,step/* toDo */.Xj)(),
        apply: async (run) => {
            const recorded = recordMoved(context, marks); // users can write by now, and wait for nothing
            const evidence = await waitForPublic(context, run, 'stage').finally(() => recorded);
            await assertNothingLeftBehind(context, marks.version);
            await forEachDatabase(context, (pair) => markStage(context, pair, marks.after));
            return evidence;
        },
        undo: null,
    };
}
/**
 * Resolves the public name and asks it, until the expected version has answered from the site of the slot that users
 * were moved to. Returns evidence; throws 'switch-failed', and 'resource-not-found' where its database is gone.
 * @param role of that slot: the stage slot in the run that switches, production in every later one.
 */
async function waitForPublic(context, run, role) {
    const { azure, config } = context;
    const [profile, site, ofUsers] = await Promise.all([
        config.trafficManager && azure.trafficManager.getProfile(config.trafficManager),
        azure.appService.getSite(context[role].site),
        azure.appService.getSite(context.production.site),
    ]);
    const name = verify_public_publicName(context, profile?.fqdn ?? ofUsers?.defaultHostName ?? null);
    if (!name)
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', 'There is no public name to ask');
    const ttlMs = (profile?.ttlSeconds ?? 0) * 1000;
    const { backup } = context[role].config;
    const hosts = {
        site: site?.defaultHostName ?? '',
        standby: (profile && backup && (0,production_slot/* findEndpoint */.vS)(profile, backup)?.target) ?? null,
    };
    const wait = await whileThere(context, role, run, (watched) => waitForHealth(context, name, watched, {
        timeoutMs: config.health.timeoutMs + ttlMs,
        through: (answer) => throughSite(context, answer, hosts),
        onFirst: () => context.window.close(),
    }));
    if (wait.kind !== 'healthy')
        throw notSeen(context, name, wait.evidence);
    return [wait.evidence, await behindTheName(context, name, role)];
}
/** The name users open: the configured one, the profile's own, or the site's. */
function verify_public_publicName(context, fallback) {
    return context.config.trafficManager?.publicName ?? fallback;
}
/**
 * An answer by way of the old endpoint proves nothing, whatever version it names. Nor does one of the backup region's
 * site: Traffic Manager has failed over, and there users can only read.
 */
function throughSite(context, { chain }, { site, standby }) {
    if (context.config.switchMethod === 'slot-swap')
        return null; // the site's address stays, its content moved
    if (chain.some((name) => (0,production_slot/* sameName */.q)(name, site)))
        return null;
    if (standby !== null && chain.some((name) => (0,production_slot/* sameName */.q)(name, standby)))
        return `the public name leads to ${standby} in the backup region: Traffic Manager finds ${site} not healthy`;
    return `the public name still leads to ${chain.at(-1) ?? 'nowhere'}`;
}
/** A version answers for its code only: where slots are swapped the same address may have either database behind it. */
async function behindTheName(context, name, role) {
    const { production, evidence } = await (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure);
    if ((0,production_slot/* sameName */.q)(production.name, context[role].config.name))
        return evidence;
    throw notSeen(context, name, evidence);
}
function notSeen(context, name, evidence) {
    return new lib_reasons/* UpgradeError */.fy('switch-failed', `Users were switched, but version ${context.config.health.expectedVersion} does not answer at ${name}: ${evidence}`, { advice: [`nslookup ${name}`, 'If DNS has not followed yet, run phase switch again: it only looks.'] });
}

;// CONCATENATED MODULE: ./lib/steps/finish-switch.js
// A switch whose run ended after users were moved and before V2 was seen to answer them. The roles are exchanged by
// then: production is V2. Nothing is moved any more, it is only looked, and recorded.













function finishSwitch(context) {
    const { expectedVersion } = context.config.health;
    return {
        id: 'finish-switch',
        title: `Version ${expectedVersion} answers at the public name, after a switch that was not seen to its end`,
        article: null,
        phase: 'switch',
        changes: '',
        pivot: false,
        assess: async () => {
            const entries = await forEachDatabase(context, (pair) => productionEntry(context, pair));
            if (!entries.every(isCompleteV2))
                return blockedBy(notComplete(context, entries));
            const serving = entries.every(({ status }) => status === 'serving');
            if (!serving)
                return (0,step/* toDo */.Xj)('V2 has not been seen to serve yet');
            const wrong = (await regionsApart(context)) ?? (await leftOnV1(context));
            return wrong ? blockedBy(wrong) : (0,step/* done */.Vw)('V2 has been seen to serve');
        },
        apply: async (run) => {
            await ensureRunLock(context, 'production');
            await recordMoved(context, SWITCH_MARKS, 'production');
            const evidence = await waitForPublic(context, run, 'production');
            await forEachDatabase(context, (pair) => markDatabase(context, 'production', pair, SWITCH_MARKS.after));
            const wrong = (await regionsApart(context)) ?? (await leftOnV1(context));
            if (wrong)
                throw wrong;
            return evidence;
        },
        undo: null,
    };
}
/** Users may have been moved by hand to what a script has left half-way: that it answers does not make it V2. */
function notComplete({ databases, production }, entries) {
    const index = entries.findIndex((entry) => !isCompleteV2(entry));
    const says = entries[index] ? `it says "${entries[index].status}"` : 'it carries no entry of one';
    return new lib_reasons/* UpgradeError */.fy('stage-not-upgraded', `${databases[index]?.name ?? ''} on ${production.server.name} serves users, and its upgrade was not completed: ${says}`, { advice: ['Run phase status: it says where users are. V1 is kept.'] });
}
/** Where slots are swapped, both regions have to have the same slot's sites in production; null where they do. */
async function regionsApart(context) {
    if (context.config.switchMethod !== 'slot-swap' || !context.production.standby)
        return null;
    const backup = (0,regions/* inBackupRegion */._W)(context);
    const there = await (0,production_slot/* readSlotRoles */.Kp)(backup.config, context.azure);
    const { name } = context.production.config;
    if ((0,production_slot/* sameName */.q)(there.production.name, name))
        return null;
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Users are on V2 (${name}), but in the backup region ${there.evidence}: after a disaster users would get V1`, {
        advice: [
            swapSlots(backup.production.site, context.config.deploymentSlot),
            'Then run phase switch again: it looks at both regions.',
        ],
    });
}

// EXTERNAL MODULE: ./lib/azure/tsql/transient-errors.js
var transient_errors = __webpack_require__(39972);
;// CONCATENATED MODULE: ./lib/steps/close-database.js
// Closing a database for writers, by whichever method the configuration has: READ_ONLY, or the fence of permissions.









/** Not allowed on a database that is mirrored or in an availability group. */
const REFUSED_BY_REPLICATION = 1468;
const close_database_POLL_MS = 250;
/** What rolling back the sessions that were ended may take beyond the grace. Milliseconds. */
const ROLLBACK_MS = 60_000;
/**
 * Sends what closes the database, once. Throws SqlError; 'fence-not-possible' and 'overtaken-by-another-run' where nothing was
 * changed.
 */
async function closeDatabase(context, target, signal) {
    const { freezeMethod } = context.config;
    if (freezeMethod === 'deny-writes')
        return fence(context, target, signal);
    try {
        await context.sessions.on(target, async (connection) => {
            await assertNobodyElse(context, connection);
            await setReadOnly(connection, context.config.freezeGraceSeconds, signal);
        });
    }
    catch (error) {
        const refused = error instanceof errors/* SqlError */.L8 && error.has(REFUSED_BY_REPLICATION);
        if (!refused || freezeMethod !== 'auto')
            throw error;
        context.log.line(`${error.message}; the writing permissions are denied instead (freeze.method: auto)`);
        await fence(context, target, signal);
    }
}
/** The session that is to close it may be a new one: the announcement was written on another. */
async function assertNobodyElse(context, connection) {
    assertKnown(context.known, connection, await readJournal(context, connection));
}
async function fence(context, target, signal) {
    await context.sessions.on(target, async (connection) => {
        if ((await readAccess(connection)).isFenced)
            return; // by a run that was killed then
        await assertNobodyElse(context, connection);
        const obstacles = await readFenceObstacles(connection);
        const sessions = obstacles.length > 0 ? [] : await readUnboundSessions(connection);
        const words = [...obstacles.map(fenceObstacleWords), ...sessions.map(sessionWords)];
        if (words.length > 0)
            throw close_database_notPossible(target, words.join('; '));
        try {
            await raiseFence(connection, signal);
        }
        catch (error) {
            if (!(error instanceof errors/* SqlError */.L8) || !error.has(FENCE_BINDS_CALLER))
                throw error;
            throw close_database_notPossible(target, 'the identity of this run comes through a group that it would bind', error);
        }
    });
}
function close_database_notPossible({ host, database }, why, cause) {
    return new lib_reasons/* UpgradeError */.fy('fence-not-possible', `Writing cannot be denied to everybody in ${database} on ${host.split('.')[0]}: ${why}`, {
        cause,
        advice: ['Take away what stands in the way (see the page of this reason), then run the phase again.'],
    });
}
/**
 * Waits until nobody can write into the closed database any more. READ_ONLY has seen to that itself. A fence lets
 * transactions that have written go on: they get the grace, then their sessions are ended. Throws UpgradeError
 * 'freeze-failed' where one holds on, or where the fence is not whole.
 */
async function settleWriters(context, target, signal) {
    const access = await context.sessions.on(target, readAccess);
    if (access.isReadOnly)
        return { at: access.at, evidence: 'READ_ONLY' };
    const ended = await endWriters(context, target, access.at ?? new Date(context.clock.now()), signal);
    return context.sessions.on(target, async (connection) => {
        const { members, missing } = await readFence(connection);
        const { at, isFenced } = await readAccess(connection);
        if (!isFenced || missing.length > 0)
            throw notWhole(target, missing);
        const sessions = ended === 0 ? '' : `; ${ended} that held writes after the grace ${ended === 1 ? 'was' : 'were'} ended`;
        return {
            at,
            evidence: `closed: writes are denied (role ${FENCE_ROLE}, ${members} principal${members === 1 ? '' : 's'}), no session holds any${sessions}`,
        };
    });
}
/** @returns how many sessions were ended. */
async function endWriters(context, target, since, signal) {
    const graceUntil = context.clock.now() + context.config.freezeGraceSeconds * 1000;
    const ended = new Set();
    for (;;) {
        signal.throwIfAborted();
        const holders = await context.sessions.on(target, (connection) => readWriteHolders(connection, since));
        if (holders.length === 0)
            return ended.size;
        const now = context.clock.now();
        if (now > graceUntil + ROLLBACK_MS) {
            throw new lib_reasons/* UpgradeError */.fy('freeze-failed', `Sessions go on holding writes in ${target.database} although they were ended: ${holders.map(sessionWords).join('; ')}`, { advice: ['A long transaction is being rolled back: run the upgrade again when that is over.'] });
        }
        if (now >= graceUntil) {
            for (const { id } of holders.filter((one) => !ended.has(one.id))) {
                await context.sessions.on(target, (connection) => endSession(connection, id));
                ended.add(id);
            }
        }
        await context.clock.sleep(close_database_POLL_MS, signal);
    }
}
function notWhole(target, missing) {
    return new lib_reasons/* UpgradeError */.fy('freeze-failed', `The fence of ${target.database} (role ${FENCE_ROLE}) is not whole: ${missing.join('; ') || 'it is gone'}`, {
        advice: ['Find out who changes roles and users of the database meanwhile, then run the upgrade again.'],
    });
}

;// CONCATENATED MODULE: ./lib/azure/tsql/other-sessions.js
// Who else is connected to a database.


/**
 * How many sessions but the caller's are in this database, idle ones included. 0 also where they cannot be seen: that needs
 * VIEW DATABASE STATE, and on Basic, S0, S1 and in elastic pools the administrator or ##MS_ServerStateReader##.
 */
async function countOtherSessions(connection) {
    try {
        const rows = await connection.query(`SELECT COUNT(*) AS others FROM sys.dm_exec_sessions AS s WHERE ${OF_PEOPLE} AND s.database_id = DB_ID();`);
        return Number(rows[0]?.others ?? 0);
    }
    catch (error) {
        if (error instanceof errors/* SqlError */.L8 && error.kind === 'server')
            return 0;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/steps/freeze-order.js
// Which databases are frozen first. READ_ONLY waits the grace (`freeze.grace`) for sessions that stay, idle ones of a pool
// as well, and is there at once where there are none. The read-only window lasts from the first database to the last one,
// so those with sessions go first, and the others when these are closed: the grace is not in the window then.


/**
 * The databases in the groups in which they are frozen, one after the other; all at once where that takes the same time.
 * A database whose sessions cannot be seen goes with those that have none.
 */
async function freezeOrder(context) {
    const { databases, config } = context;
    const hasGrace = config.freezeMethod !== 'deny-writes' && config.freezeGraceSeconds > 0;
    if (!hasGrace || databases.length === 1)
        return [databases];
    const counts = await forEachDatabase(context, (pair) => context.sessions.on(sqlTarget(context, 'production', pair.name), countOtherSessions));
    const withSessions = databases.filter((_pair, index) => counts[index] !== 0);
    const without = databases.filter((_pair, index) => counts[index] === 0);
    return [withSessions, without].filter((group) => group.length > 0);
}

;// CONCATENATED MODULE: ./lib/steps/freeze-words.js





/** For the plan, by the method of the configuration. */
function freezeChanges({ config: { freezeMethod, freezeGraceSeconds } }, what) {
    const readOnly = `${what} is set READ_ONLY, open transactions get ${freezeGraceSeconds} s`;
    const denied = `writing, and running procedures and functions, is denied to everybody but this tool in ${what} (a role of its own), sessions that hold writes get ${freezeGraceSeconds} s, reading goes on`;
    if (freezeMethod === 'auto')
        return `${readOnly}; where SQL Server refuses that (1468), ${denied}`;
    return freezeMethod === 'read-only' ? readOnly : denied;
}
/** Read-only, and not by this tool. */
function freeze_words_frozenElsewhere(context, pair, access) {
    return (0,step/* blocked */.Z5)('production-frozen-elsewhere', `${pair.name} on ${context.production.server.name} is read-only, but not by this tool`, 'Find out who set it read-only; this tool does not undo what it has not done.', access.isFenced
        ? LOWER_FENCE
        : `ALTER DATABASE ${quoteName(pair.name)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`);
}
/** It takes writes still. What is an UpgradeError already stays what it is. */
function freezeFailed(context, pair, cause) {
    const where = `${pair.name} on ${context.production.server.name}`;
    if (cause instanceof lib_reasons/* UpgradeError */.fy)
        return cause;
    if (cause instanceof errors/* SqlError */.L8 && cause.has(1468)) {
        return new lib_reasons/* UpgradeError */.fy('freeze-not-possible', `SQL Server does not let ${where} be set read-only while it is replicated`, {
            cause,
            advice: [
                'Set freeze.method: auto (or deny-writes) in the configuration file, and run the upgrade again: writing is then denied by permissions.',
            ],
        });
    }
    return new lib_reasons/* UpgradeError */.fy('freeze-failed', `${where} could not be set read-only; it is read-write`, {
        cause,
        advice: [
            'Look for long transactions (sys.dm_tran_active_transactions), or raise freeze.grace, and run again.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/application/sent-back.js
// Users were moved to V2, and somebody has sent them back to V1, which is still closed. What they wrote in between is in V2's
// database and nowhere else, so that V1 is opened only for a person who says that it may stay behind there.





/**
 * Whether users of V2 were sent back to a V1 that is closed, as far as these databases say. Of several, one that takes writes was
 * given back: that what was written to V2 may stay behind was said then.
 */
function wereSentBack(databases) {
    const had = databases.filter(hadUsers);
    return had.length > 0 && had.every(({ production }) => production.access !== 'read-write');
}
/** What is told of users who were sent back, or on the way back to V1 sent to V2 again; null where they were not. */
function toldOfSentBack(context, databases, cause = null) {
    if (wereSentBack(databases))
        return sentBack(context, cause);
    return databases.some(hadUsersAgain) ? sentToV2(context, cause) : null;
}
/** The same before production is opened; null also where somebody says that what they wrote may stay behind. */
function whyClosed(context, databases, cause = null) {
    if (mayLoseWrites(context, context.stage.config.name))
        return null;
    return toldOfSentBack(context, databases, cause);
}
/** The same where production is seen to be closed, for whoever only looks. */
function foundSentBack(context, databases) {
    const isClosed = databases.some(({ production }) => production.access === 'read-only');
    return isClosed ? toldOfSentBack(context, databases) : null;
}
/** The same, asked anew: a copy that was silent a moment ago may tell now, and where it is silent its geo-secondary. Never throws. */
async function lookWhyClosed(context, cause) {
    const { databases } = await observeDatabasesThatAnswer(context);
    const told = await Promise.all(databases.map(async (seen) => {
        if (!isSilent(seen.stage))
            return seen;
        const standby = await observeStandby(context, 'stage', seen.name).catch(() => null);
        const tells = standby !== null && standby.access !== 'unreachable';
        return tells ? inPlaceOfStage(seen, standby) : seen;
    }));
    const silent = told.filter(({ stage }) => isSilent(stage));
    return {
        closed: whyClosed(context, told, cause),
        notAsked: silent.length > 0 ? notAsked(context, silent) : null,
    };
}
function notAsked({ stage }, silent) {
    const names = silent.map(({ name }) => name).join(', ');
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `${names} on ${stage.server.name} did not answer, so that it could not tell whether users had been on ${stage.config.name} for a while; they were not there any more`, { advice: [`Look at what was written to it before it is removed: ${stage.server.name}.`] });
}
function sentBack(context, cause = null) {
    const { production, stage } = context;
    // A switch goes by the server that production was frozen on.
    const again = (0,regions/* isFailedOver */.GB)(context) ? 'send users to it again as they were sent back' : 'run switch';
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `Users were switched to ${stage.config.name}, and somebody has sent them back to ${production.config.name} since: what they wrote in between is in V2's database and nowhere else. No run opens production ${production.config.name} for writers over that`, {
        cause,
        advice: [
            `See who has changed it, and what was written to V2's database on ${stage.server.name} since the upgrade.`,
            `Then ${again} (users go to V2, with all they wrote), or run rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V1 back, and leaves that behind in V2's database).`,
        ],
    });
}
/** The same on the way back to V1, whose database takes writes by then. */
function sentToV2({ production, stage }, cause = null) {
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `Users were taken back to V1 (${stage.config.name}), and somebody has sent them to V2 (${production.config.name}) since: what they wrote in between is in V1's database and nowhere else. No run opens V2's database for writers over that`, {
        cause,
        advice: [
            `See who has changed it, and what was written to V1's database on ${stage.server.name} since.`,
            `Then send users to V1 again as they were sent to V2, or run rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V2 back, and leaves that behind in V1's database, which it closes).`,
        ],
    });
}
/** What says that the writes of that slot's users may be left behind. */
function confirmationFor(slot) {
    return `lose-writes ${slot}`;
}
/** Whether that was said. */
function mayLoseWrites({ confirm }, slot) {
    return confirm.trim().toLowerCase() === confirmationFor(slot).toLowerCase();
}

;// CONCATENATED MODULE: ./lib/application/pivot-on-record.js



/**
 * Asks production, and the stage database or, where that is silent, its geo-secondary (which may be behind). A
 * geo-secondary that is not there, or still being seeded, says 'not-tried': users are sent to none without. Never throws.
 */
async function pivotOnRecord(context) {
    const { databases } = await observeDatabasesThatAnswer(context);
    const said = await Promise.all(databases.map((seen) => onRecordOf(context, seen)));
    const telling = ['tried', 'not-known'];
    return telling.find((one) => said.includes(one)) ?? 'not-tried';
}
async function onRecordOf(context, { name, production, stage }) {
    const copy = isSilent(stage) ? await standbyOfStage(context, name) : stage;
    if (saysProduction(production) || (copy && saysStage(copy, context.stage.config.sqlServer)))
        return 'tried';
    return copy === null || isSilent(copy) || isSilent(production) ? 'not-known' : 'not-tried';
}
async function standbyOfStage(context, name) {
    return observeStandby(context, 'stage', name).catch(() => null);
}
const BEFORE_THE_PIVOT = [
    'freezing',
    'unfrozen',
    'upgrading',
    'scripted',
    'upgraded',
];
/** What was written on another server came with the data: it is of what production went through before. */
function saysStage({ journal }, stageServer) {
    if (journal === null || !(0,production_slot/* sameName */.q)(journal.server, stageServer))
        return false;
    return !BEFORE_THE_PIVOT.includes(journal.status);
}
/** Users come to it, or leave it, and were not seen to have arrived. */
const pivot_on_record_UNDER_WAY = ['switching', 'returning', 'giving-back'];
function saysProduction({ journal }) {
    return journal !== null && pivot_on_record_UNDER_WAY.includes(journal.status);
}

;// CONCATENATED MODULE: ./lib/application/pivot-never-sent.js
// After a disaster the site that says where users are may be lost with its region. With slot swaps the backup region
// still tells that no swap of users was sent.




/**
 * Whether users are on production for sure, although the primary region's site does not say so: production's database
 * was failed over, and the pivot was never sent. Two things have to say that, because neither is enough:
 *
 * - No database says more than `upgraded`. Where the stage database is lost its geo-secondary is asked; one that is not
 *   there was never sent users to. By itself this proves little: `switching` is written on the stage database right before
 *   the pivot, and may not have arrived in the backup region when the other one was lost.
 * - The backup region's site is still production's, and Azure swaps nothing there. It is swapped before the pivot is
 *   announced, and swapped back only once users were seen to stay where they were.
 *
 * Whatever cannot be read makes it false. Never throws.
 */
async function pivotNeverSent(context) {
    if (context.config.switchMethod !== 'slot-swap' || !(0,regions/* isFailedOver */.GB)(context))
        return false;
    try {
        return (await backupSiteIsProductions(context)) && (await pivotOnRecord(context)) === 'not-tried';
    }
    catch (error) {
        context.log.warning(`It cannot be read whether a swap was sent: ${(0,message_of/* messageOf */.b)(error)}`);
        return false;
    }
}
async function backupSiteIsProductions(context) {
    const { azure, config, production } = context;
    const { resourceGroup, site } = production.site;
    const slots = [null, config.deploymentSlot];
    const sites = await Promise.all(slots.map((deploymentSlot) => azure.appService.getSite({ resourceGroup, site, deploymentSlot })));
    if (sites.some((one) => one?.operationInProgress === true))
        return false;
    const there = await (0,production_slot/* readSlotRoles */.Kp)((0,regions/* inBackupRegion */._W)(context).config, azure);
    return (0,production_slot/* sameName */.q)(there.production.name, production.config.name);
}

;// CONCATENATED MODULE: ./lib/application/settle-pivot.js
// Where users are, once the write that moves them may have been sent. One look is not enough: a write whose answer
// was lost can still take effect, and then it would move users away from what V1 has written since.







/** How long it is asked before a person has to look. Milliseconds. */
const BUDGET_MS = 240_000;
const settle_pivot_PAUSE_MS = 1_000;
/** So long users have to be seen where they were, once the fence is up. Milliseconds. */
const QUIET_MS = 20_000;
/** The same where Azure refuses the fence: Resource Manager gives every request up after a minute. Milliseconds. */
const QUIET_WITHOUT_FENCE_MS = 90_000;
/** Retries included no write is under way so long after it was announced; swaps are asked for besides. Milliseconds. */
const LONG_AGO_MS = 15 * 60_000;
/**
 * Asked before production is given back: where users are, and whether they stay there. Where the databases say that
 * the pivot was tried, or cannot be read, it resolves only when that is settled; 'unknown' after some minutes. Never
 * throws. The caller holds the run's lock.
 */
async function settlePivot(context) {
    const write = await writeOnRecord(context);
    // The site that is looked at may be lost, and what it cannot say is known.
    if (write === 'unknown' && (await pivotNeverSent(context)))
        return 'production';
    return usersAfter(context, write);
}
/** What may take effect later than it is looked. */
const MAY_COME = ['unknown', 'answered', 'under-way'];
/** Asks until it is settled where users are, after a write of which this much is known. Never throws. */
async function usersAfter(context, write) {
    const until = context.clock.now() + BUDGET_MS;
    let quietUntil = null;
    let isSeen = write !== 'under-way';
    for (;;) {
        const users = await look(context);
        // Seen under way, it is seen to end as well.
        isSeen ||= users === 'under-way';
        if (users === 'stage')
            return users;
        if (users === 'unknown' && write === 'none')
            return 'production';
        if (users === 'production' && isSeen) {
            if (!MAY_COME.includes(write))
                return users;
            if (quietUntil !== null && context.clock.now() >= quietUntil)
                return users;
            // Written as it is seen, a profile that is not up to date would take users back.
            quietUntil ??= write === 'answered' ? context.clock.now() + QUIET_MS : await quietAfterFence(context);
        }
        else {
            quietUntil = null;
        }
        if (context.clock.now() >= until)
            return 'unknown';
        await context.clock.sleep(settle_pivot_PAUSE_MS);
    }
}
/** What the run throws that does not know where users are; it holds. */
function switchOutcomeUnknown(context, cause) {
    const { production, stage } = context;
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `It is not known whether users were switched to ${stage.config.name}: the switch was sent, and it cannot be told whether it will still take effect. Production ${production.config.name} is kept read-only, so that no write is lost`, {
        cause,
        advice: [
            'As soon as Azure answers again run phase status: it says where users are.',
            'Then run switch (it finishes), or rollback (it gives production back).',
        ],
    });
}
/** The same on the way back to V1. */
function returnOutcomeUnknown({ production, stage }, cause) {
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `It is not known whether users were taken back to V1 (${stage.config.name}). V2's database on ${production.server.name} is kept read-only, so that no write is lost`, {
        cause,
        advice: [
            'As soon as Azure answers again run phase status: it says where users are.',
            'If they are still on V2 run phase rollback: it gives V2 back to them, and freezes V1 again.',
        ],
    });
}
async function writeOnRecord(context) {
    const writes = await Promise.all(context.databases.map((pair) => writeOnRecordOf(context, pair)));
    return writes.includes('unknown') ? 'unknown' : 'over';
}
async function writeOnRecordOf(context, pair) {
    try {
        const seen = await observeDatabase(context, pair);
        if (!mayHaveMovedUsers(seen))
            return 'over';
        const { journal } = seen.stage;
        if (journal?.status !== 'switching')
            return 'unknown';
        return context.clock.now() - Date.parse(journal.at) > LONG_AGO_MS ? 'over' : 'unknown';
    }
    catch (error) {
        context.log.warning(`It cannot be read whether the switch of ${pair.name} was tried: ${(0,message_of/* messageOf */.b)(error)}`);
        return 'unknown';
    }
}
/** Where users are at this moment; 'under-way' while Azure swaps; 'unknown' where it cannot be read. */
async function look(context) {
    try {
        if (await swapUnderWay(context))
            return 'under-way';
        const { production } = await (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure);
        return (0,production_slot/* sameName */.q)(production.name, context.production.config.name) ? 'production' : 'stage';
    }
    catch (error) {
        context.log.warning(`It cannot be read where users are: ${(0,message_of/* messageOf */.b)(error)}`);
        return 'unknown';
    }
}
async function swapUnderWay({ config, azure, production }) {
    if (config.switchMethod !== 'slot-swap')
        return false;
    const { resourceGroup, site } = production.site;
    const slots = [null, config.deploymentSlot];
    const sites = await Promise.all(slots.map((deploymentSlot) => azure.appService.getSite({ resourceGroup, site, deploymentSlot })));
    return sites.some((one) => one?.operationInProgress === true);
}
/**
 * Makes sure that the write, if it comes still, comes before what is seen from now on, and says from when on that is
 * settled; null where it has to be tried again. A profile is written as it is: whatever was sent earlier is behind
 * that. A swap needs none: it is visible while it is under way.
 */
async function quietAfterFence({ config, azure, clock, log }) {
    const { trafficManager, switchMethod } = config;
    if (switchMethod === 'slot-swap' || !trafficManager)
        return clock.now() + QUIET_MS;
    try {
        await (await azure.trafficManager.openProfile(trafficManager)).write({});
        return clock.now() + QUIET_MS;
    }
    catch (error) {
        log.warning(`Profile ${trafficManager.profile} could not be written as it is: ${(0,message_of/* messageOf */.b)(error)}`);
        const refused = error instanceof errors/* AzureError */.M6 && !error.outcomeUnknown;
        return refused ? clock.now() + QUIET_WITHOUT_FENCE_MS : null;
    }
}

;// CONCATENATED MODULE: ./lib/application/moved-meanwhile.js
// Whether another run has moved users, or frozen production anew, while this one did not have the lock.







/**
 * Why production must not be opened, as things are by now; null where it may. Never throws; takes minutes where that cannot be
 * settled.
 * @param notKnown what is told where it cannot
 */
async function whyMovedMeanwhile(context, notKnown) {
    const databases = await databasesNow(context);
    const frozenAnew = whyOvertaken(context.known, databases.map(({ production }) => production).filter(isFrozen));
    if (frozenAnew)
        return frozenAnew;
    if (!databases.some(mayHaveMovedUsers))
        return null;
    const users = await settlePivot(context);
    if (users === 'stage')
        return moved(context);
    if (users === 'production')
        return (await lookWhyClosed(context, null)).closed;
    return databases.some(isReturning) ? returnOutcomeUnknown(context, null) : notKnown(null);
}
/** Whoever has frozen it gives it back. */
const isFrozen = ({ access, journal }) => access === 'read-only' && FREEZE_STATUSES.includes(journal?.status ?? 'unfrozen');
function moved({ production, stage }) {
    return new lib_reasons/* UpgradeError */.fy('point-of-no-return-passed', `Users are on ${stage.config.name} by now: they were moved while this run did not have the lock. ${production.config.name}'s database is not opened for writers any more`, { advice: ['Look at the other run of this application, and run phase status.'] });
}

;// CONCATENATED MODULE: ./lib/steps/unfreeze-command.js
// The way back for a person, where the tool does not open production itself.




/** The statement for a person, where the tool could not: it opens what `freeze.method` may have closed. */
function unfreezeCommand(context, database) {
    const { host } = sqlTarget(context, 'production', database);
    return (0,command_line/* sqlcmd */.F8)(host, database, openingStatement(context.config.freezeMethod, database));
}
function openingStatement(method, database) {
    const open = `ALTER DATABASE ${quoteName(database)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`;
    if (method === 'read-only')
        return open;
    // Either may have been meant when it was closed. A database that is writable refuses to be set so while it is replicated.
    return `IF DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' ${open} ${LOWER_FENCE}`;
}

;// CONCATENATED MODULE: ./lib/steps/outcome-unknown.js
// The way back stops where it cannot be told whether users were switched: what is said of that, and what a person can do.




/** Says that the switch was sent only where a database says so. Never throws. */
async function outcomeUnknown(context, cause) {
    if ((await pivotOnRecord(context)) === 'tried')
        return switchOutcomeUnknown(context, cause);
    const { production, stage } = context;
    return new lib_reasons/* UpgradeError */.fy('switch-outcome-unknown', `It is not known whether users were switched to ${stage.config.name}: what would tell does not answer (${stage.server.name} may say that a switch was sent). Production ${production.config.name} is left as it is, so that no write is lost`, {
        cause,
        advice: [
            'As soon as Azure answers again run phase status: it says where users are. Then run rollback.',
            [
                `If you know that nobody was switched (the activity log of ${whatIsSwitched(context)} has no such change since production was frozen), give it back by hand:`,
                ...context.databases.map(({ name }) => unfreezeCommand(context, name)),
            ].join('\n'),
        ],
    });
}
function whatIsSwitched({ config }) {
    const [first] = config.slots;
    return config.switchMethod === 'slot-swap' || !config.trafficManager
        ? `web app ${first.webApp}`
        : `profile ${config.trafficManager.profile}`;
}

;// CONCATENATED MODULE: ./lib/steps/opening-gate.js
// Nobody else moves users while a run has the lock. Where it was taken anew since the application was looked at, another run may have
// moved them in between, and it is asked before production is opened for writers.



/** For all databases of one way back: it is asked once for each time that the lock was taken. */
function openingGate(context) {
    let asked = null;
    let spentMs = 0;
    const ask = async () => {
        const startedAt = context.clock.now();
        const why = await whyMovedMeanwhile(context, (cause) => outcomeUnknown(context, cause));
        spentMs += context.clock.now() - startedAt;
        return why;
    };
    return {
        spentMs: () => spentMs,
        pass: async () => {
            for (;;) {
                await ensureRunLock(context, 'production');
                if (wasLookedAt(context))
                    return;
                const takings = lockTakings(context);
                if (asked?.takings !== takings)
                    asked = { takings, why: ask() };
                const why = await asked.why;
                if (why)
                    throw why;
                noteLookedAt(context, takings);
            }
        },
    };
}

;// CONCATENATED MODULE: ./lib/steps/unfreeze.js
// Production read-write again: the first thing that any rollback does, and the one that must work.















/** How long it is tried, again and again, before a person has to. Milliseconds. */
const unfreeze_BUDGET_MS = 180_000;
const unfreeze_FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
function unfreeze(context) {
    return {
        order: 'restore-service',
        what: 'Set production read-write',
        apply: async (run) => {
            context.window.spend('unfreeze');
            const gate = openingGate(context);
            const outcomes = await forEachDatabase(context, (pair) => unfreezeDatabase(context, gate, pair, run));
            context.window.close();
            return {
                kind: outcomes.includes('unfrozen') ? 'undone' : 'nothing-to-undo',
                evidence: writable(context),
            };
        },
    };
}
/** A sentence for each server: databases that were failed over one by one are on two. */
function writable({ databases }) {
    const servers = [...new Set(databases.map(({ production }) => production.server))];
    return servers.map((server) => {
        const there = databases.filter(({ production }) => production.server === server);
        return `${there.map(({ name }) => name).join(', ')} on ${server} is READ_WRITE, read back`;
    });
}
async function unfreezeDatabase(context, gate, pair, run) {
    const until = context.clock.now() + unfreeze_BUDGET_MS;
    let pause = unfreeze_FIRST_PAUSE_MS;
    for (;;) {
        try {
            return await tryOnce(context, gate, pair, run);
        }
        catch (error) {
            // Anything else may pass: a session of our own that SQL Server has not noticed to be gone holds the lock, and
            // Entra does not answer at times.
            const final = error instanceof lib_reasons/* UpgradeError */.fy && FINAL.includes(error.reason);
            if (final || context.clock.now() + pause > until + gate.spentMs() || run.signal.aborted)
                throw unfreezeFailed(context, pair, error);
            run.progress(`${pair.name} is not writable yet (${(0,message_of/* messageOf */.b)(error)}); trying again`);
            await context.clock.sleep(pause, run.signal);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        }
    }
}
async function tryOnce(context, gate, pair, run) {
    const target = sqlTarget(context, 'production', pair.name);
    const before = await context.sessions.on(target, async (connection) => {
        const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) });
        assertStillPrimary(context, pair, seen.links);
        return { mode: seen.access.mode, journal: seen.journal };
    });
    if ((await settledMode(context, pair, before, run)) === 'read-write') {
        if (isAnnounced(context, before.journal))
            await tell(context, pair, before.journal);
        return 'writable-already';
    }
    assertOurs(pair, before.journal);
    await gate.pass();
    await context.sessions.on(target, async (connection) => {
        await assertStillLooked(context, pair, connection);
        await setReadWrite(connection);
        if ((await readAccessMode(connection)) !== 'read-write')
            throw new Error('still closed for writers after it was opened');
    });
    await tell(context, pair, before.journal);
    return 'unfrozen';
}
/** Writable, and a freeze was announced whose end nobody saw: it may be under way. */
async function settledMode(context, pair, { mode, journal }, run) {
    if (mode === 'read-only' || !isAnnounced(context, journal))
        return mode;
    const sentAt = Math.min(announcedAt(journal), context.clock.now());
    if (context.clock.now() < sentAt + freezeLastsMs(context)) {
        run.progress(`${pair.name} is writable, but a freeze may be under way: waiting until it cannot be`);
    }
    return (await settleFreeze(context, pair, sentAt, run.signal)).mode;
}
/** Users can write; that the journal says so too is worth a try, not a failure. */
async function tell(context, pair, journal) {
    await context.sessions
        .on(sqlTarget(context, 'production', pair.name), async (connection) => {
        assertKnown(context.known, connection, await readJournal(context, connection)); // of a freeze that was announced since
        await recordWritable(context, connection, journal);
    })
        .catch((error) => context.log.warning(`journal not written: ${(0,message_of/* messageOf */.b)(error)}`));
}
/** A database that somebody else set read-only is left as it is. */
function assertOurs({ name, production }, journal) {
    if (journal && FREEZE_STATUSES.includes(journal.status))
        return;
    throw new lib_reasons/* UpgradeError */.fy('production-frozen-elsewhere', `${name} on ${production.server} is read-only, but not by this tool`, { advice: ['Find out who set it read-only; this tool does not undo what it has not done.'] });
}
function unfreezeFailed(context, pair, cause) {
    if (cause instanceof lib_reasons/* UpgradeError */.fy && KEPT_REASONS.includes(cause.reason))
        return cause;
    return new lib_reasons/* UpgradeError */.fy('unfreeze-failed', `${pair.name} on ${pair.production.server} could not be set read-write`, {
        cause,
        advice: [
            ...(cause instanceof lib_reasons/* UpgradeError */.fy ? cause.advice : []),
            // Another run may have had the lock by then, where this one could not ask for it any more.
            `Where users are on ${context.production.config.name} (phase status tells):\n${unfreezeCommand(context, pair.name)}`,
        ],
    });
}
/** Where users are on the other slot, or may be, or another run has frozen it: production is not opened, whatever is tried. */
const MOVED = [
    'point-of-no-return-passed',
    'switch-outcome-unknown',
    'overtaken-by-another-run',
];
/** Trying again changes nothing: somebody else froze it, or it is production no longer. */
const FINAL = ['production-frozen-elsewhere', 'region-mismatch', ...MOVED];
/** This database is not to be given back by hand: the command for it is not given away. */
const KEPT_REASONS = [...FINAL, 'locked-by-another-run'];

;// CONCATENATED MODULE: ./lib/steps/freeze.js
// Production read-only, so that nothing is written to V1's database that the copy would not have.





















/**
 * How long it is tried again where what stood in its way may pass, on top of what one statement may take, and the pauses
 * between: one that is never answered is given up later than it could end, for its attention is waited for too. Milliseconds.
 */
const TRIED_AGAIN_WITHIN_MS = 60_000;
const freeze_FIRST_PAUSE_MS = 1_000;
const freeze_LONGEST_PAUSE_MS = 10_000;
function freezeProduction(context) {
    const names = context.databases.map((pair) => pair.name).join(', ');
    const server = context.production.server.name;
    return {
        id: 'freeze',
        title: 'Set production read-only',
        article: null,
        phase: 'upgrade',
        changes: `users can only read: ${freezeChanges(context, `${names} on ${server}`)}`,
        pivot: false,
        assess: async () => {
            const assessments = await forEachDatabase(context, (pair) => freeze_assess(context, pair));
            const first = assessments.find((one) => one.kind === 'blocked') ?? assessments.find((one) => one.kind === 'to-do');
            return first ?? (0,step/* done */.Vw)(`${names} on ${server} is read-only already`);
        },
        apply: async (run) => {
            const upgradeId = await currentUpgradeId(context);
            const frozen = [];
            for (const databases of await freezeOrder(context)) {
                run.signal.throwIfAborted();
                frozen.push(...(await freezeTogether(context, databases, upgradeId, run.signal)));
            }
            context.window.spend('drain');
            return [...frozen, `upgrade ${upgradeId}`];
        },
        undo: unfreeze(context),
    };
}
async function freeze_assess(context, pair) {
    const { access, unsettled, journal, links } = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const seen = await lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) });
        return { ...seen, unsettled: await whyNotSettled(connection, seen.access) };
    });
    const link = linkTo(links, context.stage.server.name);
    const elsewhere = whyNotPrimary(context, pair, links);
    if (elsewhere)
        return (0,step/* blocked */.Z5)(elsewhere.reason, elsewhere.message, ...elsewhere.advice);
    if (access.mode === 'read-only') {
        if (journal?.status !== 'freezing')
            return freeze_words_frozenElsewhere(context, pair, access);
        context.window.open(Date.parse(journal.at));
        if (unsettled)
            return (0,step/* toDo */.Xj)(`${pair.name} is fenced, and ${unsettled}`);
        // Whoever wrote before this moment did so while the copy was linked, and the drain is yet to come.
        if (access.isFenced && link && access.at)
            context.window.confirm(freezeKey(pair.production), access.at);
        return (0,step/* done */.Vw)();
    }
    if (!link) {
        return (0,step/* blocked */.Z5)('stage-compromised', `${pair.name} on ${context.stage.server.name} is not linked to production any more, so it cannot be brought up to date`, 'Remove the stage database (phase rollback with rollback.stage: remove), then run prepare again.');
    }
    return (0,step/* toDo */.Xj)(`${pair.name} is read-write`);
}
/** Announced no sooner than they are frozen: a way back waits for what was announced. */
async function freezeTogether(context, databases, upgradeId, signal) {
    await ensureStillAlone(context);
    await forEachDatabase({ databases }, (pair) => writeAgain(context, 'production', () => announce(context, pair, upgradeId)));
    // A way back finds what is announced: from here on another run's answers all of them.
    await ensureStillAlone(context);
    return forEachDatabase({ databases }, (pair) => freeze(context, pair, signal));
}
/** A resumed upgrade keeps its id: the databases that were frozen already carry it. */
async function currentUpgradeId(context) {
    const entries = await forEachDatabase(context, (pair) => context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const { access, journal } = await lookAtAll(connection, {
            access: ACCESS,
            journal: journalOf(context),
        });
        return access.mode === 'read-only' ? journal : null;
    }));
    return entries.find((entry) => entry !== null)?.upgradeId ?? context.newUpgradeId;
}
/**
 * The intention is written before the freeze: a frozen database says who froze it, and so does its copy. Throws
 * 'region-mismatch' where the database was failed over: it is read-only because of its role then.
 */
async function announce(context, pair, upgradeId) {
    await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const { access, links, journal } = await lookAtAll(connection, {
            access: ACCESS,
            links: LINKS,
            journal: journalOf(context),
        });
        assertStillPrimary(context, pair, links);
        assertKnown(context.known, connection, journal);
        if (access.mode === 'read-only')
            return;
        const serverAt = access.at?.toISOString();
        await writeJournal(context, 'production', connection, { upgradeId, status: 'freezing', serverAt });
    });
}
/**
 * Sets one database read-only and returns the evidence. Whatever the statement answered, and also when it answered
 * nothing, the database is asked. It is tried again where that may help and it takes writes. Throws 'freeze-failed' and
 * 'freeze-not-possible' where it still does, and 'region-mismatch' where it was failed over meanwhile.
 */
async function freeze(context, pair, signal) {
    const target = sqlTarget(context, 'production', pair.name);
    const startedAt = context.clock.now();
    let pause = freeze_FIRST_PAUSE_MS;
    let sent = await sendFreeze(context, pair, signal);
    while (sent.access.mode === 'read-write') {
        const isLate = context.clock.now() + pause > startedAt + freezeLastsMs(context) + TRIED_AGAIN_WITHIN_MS;
        if (signal.aborted || isLate || !(0,transient_errors/* mayAlterLater */.kH)(sent.failure)) {
            await withdraw(context, pair);
            signal.throwIfAborted();
            throw freezeFailed(context, pair, sent.failure);
        }
        context.log.warning(`${pair.name} was not set read-only (${(0,message_of/* messageOf */.b)(sent.failure)}); again in ${pause} ms`);
        await context.clock.sleep(pause, signal).catch(() => { }); // asked to stop: withdrawn at the next turn
        pause = Math.min(pause * 2, freeze_LONGEST_PAUSE_MS);
        if (signal.aborted)
            continue;
        await announceAgain(context, pair);
        sent = await sendFreeze(context, pair, signal);
    }
    const { access, links } = sent;
    context.window.open(context.clock.now());
    assertStillPrimary(context, pair, links);
    const closed = access.isReadOnly
        ? { at: access.at, evidence: 'READ_ONLY' }
        : await settleWriters(context, target, signal);
    if (closed.at)
        context.window.confirm(freezeKey(pair.production), closed.at);
    const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
    return `${pair.name} on ${context.production.server.name} is ${closed.evidence}, read back after ${seconds} s`;
}
async function sendFreeze(context, pair, signal) {
    const sentAt = context.clock.now();
    let failure = null;
    try {
        await closeDatabase(context, sqlTarget(context, 'production', pair.name), signal);
    }
    catch (error) {
        // However the database is by then, it is so by the other run.
        if (isOvertaken(error))
            throw error;
        failure = error;
    }
    return { failure, ...(await freeze_outcomeOf(context, pair, failure, sentAt, signal)) };
}
/** How long a freeze may be under way is counted from its announcement. */
async function announceAgain(context, pair) {
    await ensureStillAlone(context);
    await writeAgain(context, 'production', () => context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const { access, journal } = await lookAtAll(connection, {
            access: ACCESS,
            journal: journalOf(context),
        });
        assertKnown(context.known, connection, journal);
        if (journal)
            await renewJournal(context, connection, { ...journal, serverAt: access.at?.toISOString() });
    }));
}
async function freeze_outcomeOf(context, pair, failure, sentAt, signal) {
    const look = () => context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) => lookAtAll(connection, { access: ACCESS, links: LINKS }));
    const isLost = failure instanceof errors/* SqlError */.L8 && failure.kind === 'lost';
    if (!isLost)
        return look();
    const seconds = freezeLastsMs(context) / 1000;
    context.log.warning(`${failure.message}. SQL Server may still carry it out: looking for up to ${seconds} s before it is believed that it did not`);
    const access = await settleFreeze(context, pair, sentAt, signal);
    return { ...(await look()), access };
}
/** The freeze is known to have come to nothing, and production says so: nobody has to wait for it any more. */
async function withdraw(context, pair) {
    try {
        await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
            const journal = await readJournal(context, connection);
            assertKnown(context.known, connection, journal);
            if (isAnnounced(context, journal))
                await recordWritable(context, connection, journal);
        });
    }
    catch (error) {
        context.log.warning(`${pair.name}: journal not written: ${(0,message_of/* messageOf */.b)(error)}`);
    }
}

;// CONCATENATED MODULE: ./lib/steps/read-ahead.js
/** A profile that was asked for longer ago is asked for anew: somebody may have changed it since. Milliseconds. */
const JUST_ASKED_MS = 500;
const nothingRead = () => ({ observed: null, standbyHost: null, profile: null });
/** Where V2's site in the backup region answers, where nothing moves that until the switch; else null. Throws AzureError. */
async function readStandbyHost(context) {
    if (!context.stage.standby || context.config.switchMethod === 'slot-swap')
        return null;
    const site = await context.azure.appService.getSite(context.stage.standby.site);
    return site?.defaultHostName ?? null;
}
/** Asks for the profile, where the switch will write one, and waits for nothing. */
function askForProfile({ config, azure, clock }, ahead) {
    if (config.switchMethod !== 'traffic-manager' || !config.trafficManager)
        return;
    const opening = azure.trafficManager.openProfile(config.trafficManager).catch(() => null);
    ahead.profile = { askedAt: clock.now(), opening };
}
/** The profile that was asked for just now, for one write; else it is read. Throws what openProfile throws. */
async function takeProfile({ azure, clock }, ahead, ref) {
    const { profile: asked } = ahead;
    ahead.profile = null;
    const isRecent = asked !== null && Math.abs(clock.now() - asked.askedAt) <= JUST_ASKED_MS;
    return (isRecent && (await asked.opening)) || azure.trafficManager.openProfile(ref);
}

;// CONCATENATED MODULE: ./lib/steps/make-ready.js
// Everything that can be done before the freeze is done before the freeze: connections opened, rights and
// links read, the script read and split. What fails here costs users nothing.











/** @param ahead is told what was seen, for the steps that come after the freeze. */
function makeReady(context, ahead = nothingRead()) {
    return {
        id: 'make-ready',
        title: 'Make ready: script read, connections open, copy caught up',
        article: null,
        phase: 'upgrade',
        changes: '',
        pivot: false,
        assess: async () => {
            const observed = await observe(context);
            const { state } = observed;
            ahead.observed = observed;
            return state === 'upgraded' ? (0,step/* done */.Vw)('the stage database is upgraded already') : (0,step/* toDo */.Xj)(`state: ${state}`);
        },
        apply: async () => {
            await ensureStillAlone(context); // once: all of them would ask on one connection, one after the other
            const perDatabase = await forEachDatabase(context, (pair) => makeDatabaseReady(context, pair));
            ahead.standbyHost = await readStandbyHost(context);
            return perDatabase.flat();
        },
        undo: null,
    };
}
async function makeDatabaseReady(context, pair) {
    const work = describeWork(await upgradeWork(context, pair.name));
    const link = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const rights = await readRights(connection);
        if (!rights.isOwner)
            throw make_ready_notOwner(context, pair, rights.user);
        return linkTo(await readLinks(connection), context.stage.server.name);
    });
    await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
        const rights = await readRights(connection);
        if (!rights.isOwner)
            throw make_ready_notOwner(context, pair, rights.user);
    });
    const replication = link
        ? `link ${link.state}, lag ${link.lagSeconds ?? 'not known'} s`
        : 'link already removed';
    const ready = `${pair.name}: ${work}; ${replication}; connected to both servers as db_owner`;
    return [ready, ...(await protectionReady(context, pair))];
}
/** Each slot that may have to serve has a geo-secondary that answers and has caught up; empty in single-region. */
async function protectionReady(context, { name }) {
    const links = protectionLinks(context);
    const caughtUp = await Promise.all(links.map((link) => assertCaughtUp(context, link, name)));
    return caughtUp.map((evidence) => `${name}: ${evidence}`);
}
function make_ready_notOwner(context, pair, user) {
    return new lib_reasons/* UpgradeError */.fy('sql-permission-missing', `${user} is not db_owner of ${pair.name}`, {
        advice: [
            `On ${context.production.server.name}, in ${pair.name}: ALTER ROLE db_owner ADD MEMBER ${quoteName(user)}; (it replicates to the copy)`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/make-stage-writable.js
// Stage read-write. Production stays frozen: the article's 2016 text says "primary" here, which would let
// V1's and V2's data diverge; the 2019 text says "secondary".












/** After the link is gone the role change may lag, and ALTER DATABASE then fails with 1468 for a while. */
const make_stage_writable_BUDGET_MS = 120_000;
const make_stage_writable_PAUSE_MS = 500;
function makeStageWritable(context) {
    const server = context.stage.server.name;
    return {
        id: 'stage-read-write',
        title: 'Set the stage database read-write',
        article: null,
        phase: 'upgrade',
        changes: `the copy on ${server} takes writes; production stays read-only`,
        pivot: false,
        wayBack: `the stage database is ${context.config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'}`,
        assess: async () => {
            const modes = await forEachDatabase(context, (pair) => stageMode(context, pair));
            if (modes.some((mode) => mode === 'linked'))
                return (0,step/* later */.NU)('the stage database is a geo-secondary still');
            if (modes.some((mode) => mode === 'not-a-copy')) {
                const { reason, message } = notACopy(context);
                return (0,step/* blocked */.Z5)(reason, message);
            }
            return modes.every((mode) => mode === 'read-write')
                ? (0,step/* done */.Vw)(`the copy on ${server} takes writes`)
                : (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            const evidence = await forEachDatabase(context, (pair) => makeWritable(context, pair, run));
            context.window.spend('upgrade script');
            return evidence;
        },
        undo: null,
    };
}
async function stageMode(context, pair) {
    const [production, { access, links, journal }] = await Promise.all([
        productionEntry(context, pair),
        context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => lookAtAll(connection, { access: ACCESS, links: LINKS, journal: journalOf(context) })),
    ]);
    if (links.some((link) => link.role === 'secondary'))
        return 'linked';
    return isCopy(context, production, journal) ? access.mode : 'not-a-copy';
}
/** V1's own database, left behind read-only by an earlier upgrade, is never made writable here. */
function isCopy(context, production, stage) {
    return isOfFreeze(context.production.server.name, production, stage);
}
async function makeWritable(context, pair, run) {
    const until = context.clock.now() + make_stage_writable_BUDGET_MS;
    const production = await productionEntry(context, pair);
    for (;;) {
        try {
            await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
                const { access, journal } = await lookAtAll(connection, {
                    access: ACCESS,
                    journal: journalOf(context),
                });
                assertKnown(context.known, connection, journal);
                if (!isCopy(context, production, journal))
                    throw notACopy(context);
                await setAndRead(connection, access);
            });
            return `${pair.name} on ${context.stage.server.name} is READ_WRITE, read back`;
        }
        catch (error) {
            run.signal.throwIfAborted();
            if (error instanceof lib_reasons/* UpgradeError */.fy)
                throw error;
            const transient = error instanceof errors/* SqlError */.L8;
            if (!transient || context.clock.now() + make_stage_writable_PAUSE_MS > until)
                throw notWritable(context, pair, error);
            run.progress(`${pair.name}: not writable yet (${(0,message_of/* messageOf */.b)(error)})`);
            await context.clock.sleep(make_stage_writable_PAUSE_MS, run.signal);
        }
    }
}
async function setAndRead(connection, before) {
    if (before.mode === 'read-write')
        return;
    await setReadWrite(connection, before);
    if ((await readAccessMode(connection)) !== 'read-write') {
        throw new errors/* SqlError */.L8('still closed for writers after it was opened', 'server', []);
    }
}
function notACopy(context) {
    return new lib_reasons/* UpgradeError */.fy('stage-compromised', `What is on ${context.stage.server.name} is not a copy of this freeze of production`);
}
function notWritable(context, pair, cause) {
    return new lib_reasons/* UpgradeError */.fy('stage-not-writable', `${pair.name} on ${context.stage.server.name} could not be set read-write after the link was removed`, { cause, advice: ['Production is given back. Remove the stage database and prepare anew.'] });
}

;// CONCATENATED MODULE: ./lib/application/retired-v1.js
// What proves that a database is V1 of the upgrade that is in production, so that cleanup may delete it.




/** V1 of the upgrade that is in production, closed, and V2 was seen to serve: not while the switch is only tried. */
function isProvenV1(seen) {
    const isClosed = seen.stage.access === 'read-only';
    return isRetiredV1(seen) && isClosed && seen.production.journal?.status === 'serving';
}
/**
 * Whether a database in the backup region is V1's geo-secondary, or was until its link was removed. Then it carries V1's
 * entry; where V1's own database is gone, the entry proves of it what it would prove of V1.
 */
function isProvenStandbyOfV1(seen, standby) {
    const { production, stage, protection } = seen;
    if (production.links.some((link) => (0,production_slot/* sameName */.q)(link.partnerServer, standby.ref.server)))
        return false;
    if (protection?.stage)
        return isProvenV1(seen) && isGeoSecondaryOf(standby, stage.ref.server);
    if (standby.links.length > 0 || !isProvenV1(inPlaceOfStage(seen, standby)))
        return false;
    return !stage.info || (isProvenV1(seen) && isCopyOf(stage.ref.server, stage.journal, standby.journal));
}

;// CONCATENATED MODULE: ./lib/steps/last-other-copy.js




/**
 * Why the database that serves users has no geo-secondary that has caught up; null where it has one, and in
 * single-region, where it needs none. Asked of its primary region alone, which knows what the other one acknowledges.
 */
async function whyUnprotected(context, { name, protection }) {
    if (!protection)
        return null;
    const link = (0,regions/* productionToStandby */.iy)(context);
    const managed = protection.production?.state ?? 'not there';
    if (managed !== 'CATCH_UP')
        return `${name}: ${linkName(link)} is ${managed}`;
    const told = (await linkAtPrimary(context, link, name))?.state ?? 'not there';
    return told === 'CATCH_UP'
        ? null
        : `${name}: ${linkName(link)} is ${told}, as ${link.from.server.name} says`;
}
/** Blocks where one of these databases of V1 is the last other copy; null where none is. */
async function lastOtherCopy(context, left) {
    for (const seen of left) {
        const why = await whyUnprotected(context, seen);
        if (why)
            return (0,step/* blocked */.Z5)('standby-not-caught-up', v1IsKept(why), ...ADVICE);
    }
    return null;
}
/** Asked once more just before something of V1 goes. Throws 'standby-not-caught-up'. */
async function assertProtected(context, seen) {
    const why = await whyUnprotected(context, seen);
    if (why)
        throw new lib_reasons/* UpgradeError */.fy('standby-not-caught-up', v1IsKept(why), { advice: ADVICE });
}
const v1IsKept = (why) => `V1 is kept: V2 has no geo-secondary that has caught up (${why}), so V1's databases are the last other copy`;
const ADVICE = ['Wait until V2 has its geo-secondary again (phase status tells), then run cleanup again.'];

;// CONCATENATED MODULE: ./lib/steps/remove-v1.js
// V1 is removed: the database that was production before the switch, and the site where the tool had created it. Never
// what users are on; the proof is the journal of both databases.










function removeV1Database(context) {
    const names = context.databases.map((pair) => pair.name).join(', ');
    const server = context.stage.server.name;
    return {
        id: 'remove-v1-database',
        title: `Remove V1's database on ${server}`,
        article: null,
        phase: 'cleanup',
        changes: `${names} on ${server} is deleted; after this there is no quick way to look at V1's data (Azure keeps its backups)`,
        pivot: false,
        assess: async () => {
            const databases = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
            const left = databases.filter((one) => one.stage.info);
            if (left.length === 0)
                return (0,step/* done */.Vw)(`${names} is not on ${server} any more`);
            const unproven = left.find((one) => !isProvenV1(one));
            if (unproven)
                return blockedBy(notProven(unproven.stage.ref, [unproven.stage]));
            return (await lastOtherCopy(context, left)) ?? (0,step/* toDo */.Xj)(`left: ${left.map((one) => one.name).join(', ')}`);
        },
        apply: (run) => forEachDatabase(context, (pair) => removeDatabase(context, pair, run)),
        undo: null,
    };
}
async function removeDatabase(context, pair, run) {
    const look = () => provenV1(context, pair);
    const { seen, isStillSo } = await seenUnderLock(context, look, ({ stage }) => stage.info !== null);
    if (!seen.stage.info)
        return `${pair.name} on ${pair.stage.server} is gone`;
    const deleted = await deleteDatabase(context, pair.stage, run, isStillSo);
    return deleted ?? removeDatabase(context, pair, run);
}
/** Throws where it is there and may not go. */
async function provenV1(context, pair) {
    const seen = await observeDatabase(context, pair);
    if (!seen.stage.info)
        return seen;
    if (!isProvenV1(seen))
        throw notProven(pair.stage, [seen.stage]);
    const left = await whatIsLeft(context, pair, seen);
    if (left)
        throw left;
    await assertProtected(context, seen);
    return seen;
}
function removeV1Site(context) {
    return removeSiteOfV1(context, context.stage, 'remove-v1-site', "V1's site");
}
/** The site that V1 has in one region, where this tool created it. */
function removeSiteOfV1(context, deployment, id, what) {
    const { site } = deployment.site;
    return {
        id,
        title: `Remove ${what} ${site}, where the tool created it`,
        article: null,
        phase: 'cleanup',
        changes: `${site} is deleted if this tool created it; a site of yours is kept for the next upgrade, its endpoint stays disabled`,
        pivot: false,
        assess: async () => {
            const existing = await context.azure.appService.getSite(deployment.site);
            if (!existing)
                return (0,step/* done */.Vw)(`${site} does not exist`);
            if (!createdByTool(context, existing))
                return (0,step/* done */.Vw)(`${site} is yours and is kept`);
            // The next upgrade's site, as long as nobody was moved away from the one that serves: there is no V1.
            return (await serves(context)) ? (0,step/* toDo */.Xj)(`${site} was created by this tool`) : (0,step/* done */.Vw)(noV1(context));
        },
        apply: async () => {
            const { seen, isStillSo } = await seenUnderLock(context, () => serves(context), Boolean);
            if (!seen)
                return [`${site} is kept: ${noV1(context)}`];
            await context.azure.appService.deleteSite(deployment.site, async () => {
                if (!(await isStillSo()) && !(await isLeftOfV1(context)))
                    throw new lib_reasons/* UpgradeError */.fy('overtaken-by-another-run', `${site} is kept: another run may have prepared it for the next upgrade meanwhile`);
            });
            return [`${site} is deleted, its plan is kept`];
        },
        undo: null,
    };
}
const noV1 = ({ production }) => `there is no V1: ${production.server.name} does not say that it is V2 and serves`;
async function serves(context) {
    return (await seenServing(context)) !== null;
}
/** The next upgrade, which another run may have prepared meanwhile, begins with a copy there, which is no V1. */
async function isLeftOfV1(context) {
    const seen = await seenServing(context);
    return seen?.every((one) => one.stage.info === null || isProvenV1(one)) ?? false;
}
/** Null where not every database of production says that it is V2 and serves. */
async function seenServing(context) {
    const seen = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
    return seen.every(({ production }) => production.journal?.status === 'serving') ? seen : null;
}

;// CONCATENATED MODULE: ./lib/steps/remove-v1-failover-group.js
// Azure does not end a geo-replication link as long as a failover group holds it, so V1's group goes before V1's link.
// Only one that holds nothing but this application's databases, on V1's own pair of servers.













function removeV1FailoverGroup(context) {
    const v1 = context.stage.server.name;
    const standby = (0,regions/* standbyOf */.Lu)(context, 'stage').server.name;
    return {
        id: 'remove-v1-failover-group',
        title: `Remove the failover group of V1's servers ${v1} and ${standby}`,
        article: null,
        phase: 'cleanup',
        changes: `the failover group between ${v1} and ${standby}, where there is one, is deleted with its listener names; databases and links stay`,
        pivot: false,
        assess: async () => {
            const groups = await groupsOfV1(context);
            if (groups.length === 0)
                return (0,step/* done */.Vw)(`no failover group holds V1's databases on ${v1}`);
            return (await remove_v1_failover_group_inTheWay(context, groups)) ?? (0,step/* toDo */.Xj)(`there: ${groups.map(({ name }) => name).join(', ')}`);
        },
        apply: (run) => removeGroups(context, run),
        undo: null,
    };
}
async function removeGroups(context, run) {
    const evidence = [];
    for (const group of await groupsOfV1(context)) {
        const { isStillSo } = await seenUnderLock(context, () => assertMayGo(context, group));
        const deleted = await deleteFailoverGroup(context, serverOfV1(context), group.name, run, isStillSo);
        if (deleted === null)
            return [...evidence, ...(await removeGroups(context, run))];
        evidence.push(deleted);
    }
    return evidence;
}
async function assertMayGo(context, group) {
    const stays = await remove_v1_failover_group_inTheWay(context, [group]);
    if (stays?.kind === 'blocked')
        throw new lib_reasons/* UpgradeError */.fy(stays.reason, stays.message, { advice: stays.advice });
    await forEachDatabase(context, async (pair) => assertProtected(context, await observeDatabase(context, pair)));
}
const serverOfV1 = ({ stage }) => ({
    resourceGroup: stage.config.sqlResourceGroup,
    server: stage.config.sqlServer,
});
/** Those that hold a database of this application, and the one of the configuration also where it is empty. */
async function groupsOfV1(context) {
    const groups = await context.azure.sql.listFailoverGroups(serverOfV1(context));
    const named = context.stage.config.failoverGroup ?? '';
    return groups.filter((group) => {
        if (group.databaseIds.some((id) => isOurs(context, id)))
            return true;
        return group.databaseIds.length === 0 && (0,production_slot/* sameName */.q)(group.name, named);
    });
}
function isOurs({ databases }, databaseId) {
    const name = databaseId.split('/').at(-1) ?? '';
    return databases.some((pair) => (0,production_slot/* sameName */.q)(pair.name, name));
}
/** Why one of these groups must not be deleted; null where all of them may. */
async function remove_v1_failover_group_inTheWay(context, groups) {
    for (const group of groups) {
        const why = strange(context, group);
        if (why)
            return why;
    }
    const databases = await forEachDatabase(context, (pair) => observeDatabase(context, pair));
    const unproven = databases.find((one) => one.stage.info && !isProvenV1(one));
    if (unproven)
        return blockedBy(notProven(unproven.stage.ref, [unproven.stage]));
    return lastOtherCopy(context, databases);
}
function strange(context, group) {
    const { resourceGroup, server } = serverOfV1(context);
    const standby = (0,regions/* standbyOf */.Lu)(context, 'stage').server.name;
    const others = group.databaseIds.filter((id) => !isOurs(context, id));
    const ours = context.databases.map((pair) => pair.name);
    const where = ['-g', resourceGroup, '-s', server, '-n', group.name, '--remove-db', ...ours];
    const takeOut = `Take this application's databases out of it: ${(0,command_line/* command */.G5)('az', 'sql', 'failover-group', 'update', ...where)}`;
    if (others.length > 0) {
        const names = others.map((id) => id.split('/').at(-1)).join(', ');
        return (0,step/* blocked */.Z5)('failover-group-member', `Failover group ${group.name} on ${server} also holds ${names}, which is not this application's: it is not deleted`, takeOut);
    }
    if (!group.partnerServers.every((partner) => (0,production_slot/* sameName */.q)(partner, standby))) {
        return (0,step/* blocked */.Z5)('failover-group-member', `Failover group ${group.name} on ${server} is shared with ${group.partnerServers.join(', ')}, not with ${standby}: it is not deleted`, takeOut);
    }
    if ((0,production_slot/* sameName */.q)(group.role, 'Primary'))
        return null;
    return (0,step/* blocked */.Z5)('region-mismatch', `Failover group ${group.name} has its primary on ${standby}, not on ${server}: V1 was failed over`, `Let it fail back: ${setGroupPrimary({ resourceGroup, server }, group.name, 'planned')}`);
}

;// CONCATENATED MODULE: ./lib/steps/remove-v1-standby.js
// What V1 has in the backup region is removed before V1 itself: its failover group, the geo-replication link, the
// database that the link kept up to date, and the site where the tool had created it. Never what protects V2.











function removeV1Standby(context) {
    const v1 = context.stage.server.name;
    const standby = (0,regions/* standbyOf */.Lu)(context, 'stage');
    const server = standby.server.name;
    const names = context.databases.map((pair) => pair.name).join(', ');
    return {
        id: 'remove-v1-standby',
        title: `Remove V1's geo-secondary on ${server}`,
        article: null,
        phase: 'cleanup',
        changes: `the geo-replication link ${v1} → ${server} is removed, then ${names} on ${server} is deleted; V1 has no disaster recovery any more, V2 has its own`,
        pivot: false,
        assess: async () => {
            const left = (await forEachDatabase(context, (pair) => remove_v1_standby_look(context, pair))).filter(isLeft);
            if (left.length === 0)
                return (0,step/* done */.Vw)(`${names} is not on ${server} any more`);
            const unproven = left.find((one) => !isProvenStandbyOfV1(one.seen, one.standby));
            if (unproven)
                return blockedBy(standbyNotProven(unproven));
            const seen = left.map((one) => one.seen);
            return (await lastOtherCopy(context, seen)) ?? (0,step/* toDo */.Xj)(`left: ${seen.map((one) => one.name).join(', ')}`);
        },
        apply: async (run) => (await forEachDatabase(context, (pair) => removeStandby(context, pair, run))).flat(),
        undo: null,
    };
}
async function remove_v1_standby_look(context, pair) {
    const [seen, standby] = await Promise.all([
        observeDatabase(context, pair),
        observeStandby(context, 'stage', pair.name),
    ]);
    if (!standby)
        throw new lib_reasons/* UpgradeError */.fy('internal-error', `${pair.name} has no backup region`);
    return { seen, standby };
}
const standbyNotProven = ({ seen, standby }) => notProven(standby.ref, [seen.stage, standby]);
const isLeft = ({ seen, standby }) => standby.info !== null || Boolean(seen.protection?.stage);
async function removeStandby(context, pair, run) {
    const { seen: now, isStillSo } = await seenUnderLock(context, () => proven(context, pair), isLeft);
    const { ref } = now.standby;
    if (!isLeft(now))
        return [`${ref.database} on ${ref.server} is gone`];
    const removals = [
        ...(now.seen.protection?.stage ? [() => endLink(context, pair.stage, ref, run, isStillSo)] : []),
        () => deleteDatabase(context, ref, run, isStillSo),
    ];
    const evidence = [];
    for (const remove of removals) {
        const removed = await remove();
        if (removed === null)
            return [...evidence, ...(await removeStandby(context, pair, run))];
        evidence.push(removed);
    }
    return evidence;
}
/** Throws where anything of it is there and may not go. */
async function proven(context, pair) {
    const now = await remove_v1_standby_look(context, pair);
    if (!isLeft(now))
        return now;
    if (!isProvenStandbyOfV1(now.seen, now.standby))
        throw standbyNotProven(now);
    await assertProtected(context, now.seen);
    return now;
}
function removeV1StandbySite(context) {
    const standby = (0,regions/* standbyOf */.Lu)(context, 'stage');
    return removeSiteOfV1(context, standby, 'remove-v1-standby-site', "V1's site in the backup region,");
}

;// CONCATENATED MODULE: ./lib/steps/return-to-v1.js
// Not in the article: users back on V1 after the switch. Whatever V2's users wrote stays behind in V2's database,
// which is why it takes an explicit input. In this run production is V2 and the stage slot is V1.



















/** V2's database read-only first, so that no more is written that will be left behind. */
function freezeV2(context) {
    const server = context.production.server.name;
    return {
        id: 'freeze-v2',
        title: `Set V2's database on ${server} read-only`,
        article: null,
        phase: 'rollback',
        changes: `users of V2 can only read; what they wrote stays on ${server}`,
        pivot: false,
        assess: async () => {
            const closed = await forEachDatabase(context, (pair) => context.sessions.on(sqlTarget(context, 'production', pair.name), isClosed));
            return closed.every((one) => one) ? (0,step/* done */.Vw)(`${server} is read-only`) : (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            await ensureStillAlone(context);
            await forEachDatabase(context, (pair) => writeAgain(context, 'production', () => announceReturn(context, pair)));
            return forEachDatabase(context, (pair) => freeze(context, pair, run.signal));
        },
        undo: { ...unfreeze(context), what: `Set V2's database on ${server} read-write` },
    };
}
async function isClosed(connection) {
    const access = await readAccess(connection);
    return access.mode === 'read-only' && (await whyNotSettled(connection, access)) === null;
}
/** In words of its own: V2, frozen, is never taken for a V1 that waits for its upgrade. */
async function announceReturn(context, pair) {
    await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
        const { access, links, journal } = await lookAtAll(connection, {
            access: ACCESS,
            links: LINKS,
            journal: journalOf(context),
        });
        assertStillPrimary(context, pair, links);
        if (access.mode === 'read-only')
            return;
        if (!journal)
            throw noEntry(pair, context.production.server.name);
        assertKnown(context.known, connection, journal);
        await replaceJournal(context, connection, journal, 'returning');
    });
}
/** V1's database takes writes again before users come back to it. */
function giveBackV1(context) {
    const server = context.stage.server.name;
    const opened = new Set();
    return {
        id: 'give-back-v1',
        title: `Set V1's database on ${server} read-write`,
        article: null,
        phase: 'rollback',
        changes: `V1's database on ${server} takes writes again, as it was when it was frozen`,
        pivot: false,
        assess: async () => (0,step/* toDo */.Xj)(),
        apply: async () => {
            await ensureRunLock(context, 'stage');
            await ensureStillAlone(context);
            context.window.spend('V1 read-write');
            return forEachDatabase(context, (pair) => {
                opened.add(pair.name);
                return writeAgain(context, 'stage', () => giveBack(context, pair), transient_errors/* mayAlterLater */.kH);
            });
        },
        undo: refreezeV1(context, opened),
    };
}
async function giveBack(context, pair) {
    const server = context.stage.server.name;
    return context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
        const { access, journal } = await lookAtAll(connection, { access: ACCESS, journal: journalOf(context) });
        if (!journal)
            throw noEntry(pair, server);
        assertKnown(context.known, connection, journal);
        if (access.mode === 'read-only')
            await setReadWrite(connection, access);
        if ((await readAccessMode(connection)) === 'read-only')
            throw new lib_reasons/* UpgradeError */.fy('unfreeze-failed', `${pair.name} on ${server} is still closed for writers`);
        await replaceJournal(context, connection, journal, 'giving-back');
        return `${pair.name} on ${server} is READ_WRITE, read back`;
    });
}
/**
 * Users stay on V2: V1's database is what it was, frozen by the upgrade that V2 came from.
 * @param opened those that this run has begun to make writable
 */
function refreezeV1(context, opened) {
    return {
        order: 'secure', // users' service is V2's database; nobody is on this one
        what: `Set V1's database on ${context.stage.server.name} read-only again`,
        apply: async (run) => {
            const outcomes = await forEachDatabase(context, (pair) => refreeze(context, pair, opened, run));
            return {
                kind: outcomes.some(({ kind }) => kind === 'undone') ? 'undone' : 'nothing-to-undo',
                evidence: outcomes.map(({ evidence }) => evidence),
            };
        },
    };
}
/** What V1's database says of a return that was begun. */
async function givenBack(context, pair) {
    const { production, stage } = await observeDatabase(context, pair);
    if (stage.access === 'unreachable')
        return { is: 'silent', why: stage.why };
    const { journal } = stage;
    return journal && wasGivenBack(production.journal, stage)
        ? { is: 'given-back', entry: journal }
        : { is: 'closed' };
}
async function refreeze(context, pair, opened, run) {
    const name = `V1's database ${pair.name} on ${context.stage.server.name}`;
    const silent = (why) => new lib_reasons/* UpgradeError */.fy('freeze-failed', `${name} may be writable, and cannot be closed: ${why}`);
    // V1 that is lost, and was never given back, holds nothing up.
    const before = await givenBack(context, pair);
    if (before.is === 'silent') {
        if (opened.has(pair.name))
            throw silent(before.why);
        const unknown = `it cannot be told whether ${name} was made writable: ${before.why}. Run rollback again when it answers`;
        context.log.warning(unknown);
        return { kind: 'nothing-to-undo', evidence: unknown };
    }
    if (before.is === 'closed')
        return { kind: 'nothing-to-undo', evidence: `${name} was not given back` };
    await ensureRunLock(context, 'stage');
    await ensureStillAlone(context); // another run may have taken users there meanwhile
    const now = await givenBack(context, pair);
    if (now.is === 'silent')
        throw silent(now.why);
    if (now.is === 'closed')
        return { kind: 'nothing-to-undo', evidence: `${name} is read-only again` };
    return { kind: 'undone', evidence: await closeAgain(context, pair, now.entry, run) };
}
async function closeAgain(context, pair, entry, run) {
    const where = `${pair.name} on ${context.stage.server.name}`;
    const target = sqlTarget(context, 'stage', pair.name);
    // Nothing was replaced where the return was cut off before it said so: what cannot be written then need not be.
    if (entry.was)
        await writeAgain(context, 'stage', () => context.sessions.on(target, async (connection) => {
            assertKnown(context.known, connection, await readJournal(context, connection));
            await restoreJournal(context, connection, entry);
        }));
    await closeDatabase(context, target, run.signal);
    if ((await context.sessions.on(target, readAccessMode)) !== 'read-only')
        throw new lib_reasons/* UpgradeError */.fy('freeze-failed', `${where} is still READ_WRITE`);
    const { evidence } = await settleWriters(context, target, run.signal);
    return `${where} is ${evidence}, read back`;
}
function noEntry(pair, server) {
    return new lib_reasons/* UpgradeError */.fy('stage-compromised', `${pair.name} on ${server} carries no entry of an upgrade`);
}

;// CONCATENATED MODULE: ./lib/azure/tsql/server-name.js
/** The short name of the logical server that answers, whatever address it was reached at. */
const SERVER_NAME = {
    select: 'CONVERT(nvarchar(128), @@SERVERNAME) AS server',
    read: ([row]) => String(row?.server ?? ''),
};

;// CONCATENATED MODULE: ./lib/sqlcmd/problems.js
// What is wrong with a script, where, and what to write instead. All problems are told at once, while
// production is still writable.

const SHOWN = 50;
/** `file:line:column: message`. */
function formatProblem(problem) {
    const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
    return `${place}: ${problem.message}`;
}
/** All problems as one error: the places in the message, each different advice once. */
function scriptInvalid(problems) {
    const lines = problems.slice(0, SHOWN).map(formatProblem);
    if (problems.length > SHOWN)
        lines.push(`… and ${problems.length - SHOWN} more`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    return new lib_reasons/* UpgradeError */.fy('script-invalid', `The upgrade script has ${count}:\n${lines.join('\n')}`, {
        advice: [...new Set(problems.map((problem) => problem.advice))],
    });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./lib/sqlcmd/batch.js
// A batch as it is sent, and how a line of it is found again in the files it came from.
/**
 * Where a line that SQL Server names (counted from 1 within the batch) stands. Holds for errors of the
 * batch itself: where the error's procedure is not empty, the line is one of that procedure.
 */
function locate(batch, batchLine) {
    const run = batch.lineMap.findLast((candidate) => candidate.batchLine <= batchLine) ?? batch.lineMap[0];
    if (run === undefined)
        return { file: batch.file, line: batch.line };
    return { file: run.file, line: run.line + Math.max(0, batchLine - run.batchLine) };
}
/** Collects the text of one batch after the other. */
class BatchBuilder {
    #parts = [];
    #runs = [];
    #line = 1;
    #atLineStart = true;
    /** Text as it stands in the file, from this line on. */
    append(text, file, line) {
        if (this.#atLineStart)
            this.#mark(this.#line, file, line);
        const breaks = countLineBreaks(text);
        if (breaks > 0)
            this.#mark(this.#line + 1, file, line + 1);
        this.#add(text, breaks);
    }
    /** A variable's value: all its lines belong to the line of the reference. */
    appendValue(text, file, line) {
        if (this.#atLineStart)
            this.#mark(this.#line, file, line);
        const breaks = countLineBreaks(text);
        for (let n = 1; n <= breaks; n++)
            this.#mark(this.#line + n, file, line);
        this.#add(text, breaks);
    }
    /** What comes next begins on a line of its own. */
    endLine() {
        if (!this.#atLineStart)
            this.#add('\n', 1);
    }
    /** Hands over what was collected and begins anew; null where it is blank. */
    take(repeat) {
        const whole = this.#parts.join('');
        const runs = this.#runs;
        this.#parts = [];
        this.#runs = [];
        this.#line = 1;
        this.#atLineStart = true;
        const blank = /^(?:[^\S\n]*\n)*/.exec(whole)?.[0] ?? '';
        const text = whole.slice(blank.length).trimEnd();
        if (text === '')
            return null;
        const lineMap = withoutLines(runs, countLineBreaks(blank));
        const { file = '', line = 1 } = lineMap[0] ?? {};
        return { file, line, text, repeat, lineMap };
    }
    #add(text, breaks) {
        if (text === '')
            return;
        this.#parts.push(text);
        this.#line += breaks;
        this.#atLineStart = text.endsWith('\n');
    }
    #mark(batchLine, file, line) {
        const last = this.#runs.at(-1);
        if (last?.batchLine === batchLine)
            this.#runs.pop();
        const before = this.#runs.at(-1);
        const implied = before?.file === file && before.line + batchLine - before.batchLine === line;
        if (!implied)
            this.#runs.push({ batchLine, file, line });
    }
}
function withoutLines(runs, dropped) {
    const first = runs.findLastIndex((run) => run.batchLine <= dropped + 1);
    return runs.slice(Math.max(0, first)).map((run) => {
        const skipped = Math.max(0, dropped + 1 - run.batchLine);
        return { ...run, batchLine: run.batchLine + skipped - dropped, line: run.line + skipped };
    });
}
function countLineBreaks(text) {
    let count = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
        count++;
    return count;
}

;// CONCATENATED MODULE: ./lib/sqlcmd/variables.js
// sqlcmd's scripting variables: `$(name)` is replaced by text, also within strings and identifiers, not
// within comments. Names are case-insensitive.
/** A reference's name between `$(` and `)`. */
const VARIABLE_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
/** sqlcmd's name for the database it is connected to; a script cannot change it. */
const DATABASE_VARIABLE = 'SQLCMDDBNAME';
class ScriptVariables {
    #values = new Map();
    constructor(values) {
        for (const [name, value] of Object.entries(values))
            this.set(name, value);
    }
    get(name) {
        return this.#values.get(name.toUpperCase());
    }
    set(name, value) {
        this.#values.set(name.toUpperCase(), value);
    }
    remove(name) {
        this.#values.delete(name.toUpperCase());
    }
}
const REFERENCE = /\$\((?:([\p{L}_][\p{L}\p{N}_-]*)\))?/gu;
/** All `$(…)` in the text, malformed ones too, with positions counted from `offset`. */
function references(text, offset = 0) {
    if (!text.includes('$('))
        return [];
    return Array.from(text.matchAll(REFERENCE), (match) => ({
        start: offset + match.index,
        end: offset + match.index + match[0].length,
        name: match[1] ?? null,
    }));
}
/** Replaces every reference; `unresolved` is called for those that have no value, which stay as they are. */
function substitute(text, variables, unresolved) {
    let result = '';
    let from = 0;
    for (const reference of references(text)) {
        const value = reference.name === null ? undefined : variables.get(reference.name);
        if (value === undefined)
            unresolved(reference);
        result += text.slice(from, reference.start) + (value ?? text.slice(reference.start, reference.end));
        from = reference.end;
    }
    return result + text.slice(from);
}

;// CONCATENATED MODULE: ./lib/sqlcmd/commands.js
// sqlcmd's commands: lines that begin with a colon (a few old ones need none). Three make sense in an
// upgrade that has to be repeatable and undoable; the others are refused by name, with the reason.

const REMOVE = 'Remove the line.';
const OUTPUT = { reason: 'output goes to the log of the job', advice: REMOVE };
const PROMPT = { reason: 'it is for a person at a prompt', advice: REMOVE };
const QUITS = {
    reason: 'what comes after it would be left out without an error',
    advice: 'Remove the line; to stop, raise an error (THROW). A column of that name goes into brackets.',
};
const REFUSED = {
    connect: {
        reason: 'the script runs on the stage database and nowhere else',
        advice: 'Remove the line; other servers belong into a workflow step of their own.',
    },
    '!!': {
        reason: 'commands of the operating system are not run from a script',
        advice: 'Use a workflow step, or `upgrade.command` in the config file.',
    },
    out: OUTPUT,
    error: OUTPUT,
    perftrace: OUTPUT,
    xml: OUTPUT,
    quit: QUITS,
    exit: QUITS,
    reset: {
        reason: 'it throws away what was read before it',
        advice: 'Remove the line and what it throws away.',
    },
    ed: PROMPT,
    help: PROMPT,
    list: PROMPT,
    listvar: PROMPT,
    serverlist: PROMPT,
};
const COMMAND = /^\s*:?(!!|on[ \t]+error\b|[a-z]+)(.*)$/is;
/** Reads one command line, whose `$(…)` are already replaced. */
function parseCommand(line) {
    const match = COMMAND.exec(line);
    const name = (match?.[1] ?? '').toLowerCase().replace(/\s+/, ' ');
    const rest = withoutComment(match?.[2] ?? '').trim();
    if (name === 'setvar')
        return setVariable(rest);
    if (name === 'r')
        return include(rest);
    if (name === 'on error')
        return onError(rest);
    const known = REFUSED[name];
    if (known !== undefined) {
        return refused(`sqlcmd's \`${name === '!!' ? name : `:${name}`}\` is refused: ${known.reason}`, known.advice);
    }
    return refused(`\`:${name}\` is no command of sqlcmd`, 'Correct the line, or remove it.');
}
function refused(message, advice) {
    return { kind: 'refused', message, advice };
}
function setVariable(rest) {
    const advice = 'Write `:setvar name value`, or `:setvar name "value with blanks, a "" for a quote"`.';
    const [, name = '', text = ''] = /^(\S*)(?:\s+(.*))?$/s.exec(rest) ?? [];
    if (!VARIABLE_NAME.test(name))
        return refused(`\`:setvar\` needs a variable's name, found "${name}"`, advice);
    if (name.toUpperCase() === DATABASE_VARIABLE) {
        return refused(`\`${DATABASE_VARIABLE}\` cannot be set: it is the database the script runs on`, REMOVE);
    }
    if (text === '')
        return { kind: 'remove-variable', name };
    const value = unquote(text);
    if (value === null)
        return refused(`\`:setvar ${name}\`: the value is not written as sqlcmd reads it`, advice);
    return { kind: 'set-variable', name, value };
}
function include(rest) {
    const target = rest.startsWith('"') ? unquote(rest) : rest;
    if (target !== null && target !== '')
        return { kind: 'include', target };
    return refused('`:r` needs the path of a file', 'Write `:r file.sql`, or `:r "a file.sql"`.');
}
function onError(rest) {
    if (/^exit$/i.test(rest))
        return { kind: 'nothing' };
    return refused(`\`:on error ${rest}\` is refused: a failing batch ends the upgrade`, 'Write `:on error exit`, or remove the line. A batch that may fail catches its error itself (TRY … CATCH).');
}
/** A value as it is written: bare without blanks, or quoted with `""` for a quote. Null where it is neither. */
function unquote(text) {
    if (!text.startsWith('"'))
        return /\s/.test(text) ? null : text;
    const inner = /^"((?:[^"]|"")*)"$/s.exec(text)?.[1];
    return inner?.replaceAll('""', '"') ?? null;
}
/** A comment on a command line begins with `--` after a blank, outside quotes. */
function withoutComment(rest) {
    const match = /^((?:"(?:[^"]|"")*"|(?!\s--)[^"])*)\s--/s.exec(rest);
    return match?.[1] ?? rest;
}

;// CONCATENATED MODULE: ./lib/sqlcmd/decode.js
// Bytes of a script file to text. SQL Server Management Studio saves UTF-16 or UTF-8 with a byte order
// mark, other editors UTF-8 without. Anything else is refused: a wrong guess would write wrong data.
/** Why a file's bytes are no text, and what to do about it. */
class UndecodableError extends Error {
    name = 'UndecodableError';
    /** Offset of the offending byte, from 0. */
    offset;
    advice;
    constructor(message, offset, advice) {
        super(message);
        this.offset = offset;
        this.advice = advice;
    }
}
const SAVE_AS = 'Save the file as UTF-8, or as UTF-16 with a byte order mark, and run again.';
/**
 * Decodes UTF-8 with or without byte order mark and UTF-16 (LE, BE) with one; the mark is not part of the text.
 * Throws UndecodableError for invalid sequences, for UTF-32 and for binary (a NUL character).
 */
function decode(bytes) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (startsWith(buffer, 0xff, 0xfe, 0, 0) || startsWith(buffer, 0, 0, 0xfe, 0xff)) {
        throw new UndecodableError('the file is UTF-32, which is not supported', 0, SAVE_AS);
    }
    if (startsWith(buffer, 0xff, 0xfe))
        return decodeUtf16(buffer.subarray(2), 'UTF-16LE');
    if (startsWith(buffer, 0xfe, 0xff))
        return decodeUtf16(buffer.subarray(2), 'UTF-16BE');
    if (startsWith(buffer, 0xef, 0xbb, 0xbf))
        return decodeUtf8(buffer.subarray(3), 3);
    return decodeUtf8(buffer, 0);
}
function startsWith(buffer, ...start) {
    return buffer.length >= start.length && start.every((byte, index) => buffer[index] === byte);
}
function decodeUtf8(buffer, skipped) {
    const nul = buffer.indexOf(0);
    if (nul !== -1)
        throw nulFound(buffer, nul + skipped);
    const text = buffer.toString('utf8');
    const invalid = firstInvalid(buffer, text);
    if (invalid === null)
        return text;
    const byte = (buffer[invalid] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    const line = buffer.subarray(0, invalid).filter((value) => value === 0x0a).length + 1;
    throw new UndecodableError(`invalid UTF-8: byte 0x${byte} at offset ${invalid + skipped}, line ${line} (a Windows code page?)`, invalid + skipped, SAVE_AS);
}
/** The decoder puts U+FFFD for what it cannot read; one that stands in the file itself is fine. */
function firstInvalid(buffer, text) {
    let offset = 0;
    let from = 0;
    for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', from)) {
        offset += Buffer.byteLength(text.slice(from, at));
        if (!startsWith(buffer.subarray(offset), 0xef, 0xbf, 0xbd))
            return offset;
        offset += 3;
        from = at + 1;
    }
    return null;
}
function decodeUtf16(buffer, encoding) {
    if (buffer.length % 2 !== 0) {
        throw new UndecodableError(`invalid ${encoding}: the file ends in half a character`, buffer.length + 1, SAVE_AS);
    }
    const text = (encoding === 'UTF-16LE' ? buffer : Buffer.from(buffer).swap16()).toString('utf16le');
    const nul = text.indexOf('\0');
    if (nul !== -1) {
        throw new UndecodableError(`a NUL character at offset ${2 + nul * 2}: a binary file?`, 2 + nul * 2, SAVE_AS);
    }
    const lone = text.search(/\p{Surrogate}/u);
    if (lone === -1)
        return text;
    const offset = 2 + lone * 2;
    throw new UndecodableError(`invalid ${encoding}: half a surrogate pair at offset ${offset}`, offset, SAVE_AS);
}
function nulFound(buffer, offset) {
    const everyOther = [0, 1].some((start) => buffer.length > 3 && buffer[start] === 0 && buffer[start + 2] === 0);
    const guess = everyOther ? 'UTF-16 without a byte order mark?' : 'a binary file?';
    return new UndecodableError(`a NUL character at offset ${offset}: ${guess}`, offset, SAVE_AS);
}

;// CONCATENATED MODULE: ./lib/sqlcmd/literals.js
// The stretches of T-SQL in which nothing is a keyword, a separator or a command: strings, quoted and
// bracketed identifiers, comments. Where they end is the same for the splitter and for the checks.
/** The literal that begins at `at`, or null where none does. Linear in the literal's length. */
function literalAt(text, at) {
    switch (text[at]) {
        case "'":
            return delimited(text, at, 'string', "'");
        case '"':
            return delimited(text, at, 'quoted', '"');
        case '[':
            return delimited(text, at, 'bracketed', ']');
        case '-':
            return text[at + 1] === '-' ? lineComment(text, at) : null;
        case '/':
            return text[at + 1] === '*' ? blockComment(text, at) : null;
        default:
            return null;
    }
}
/** Whether the text has anything besides blanks and comments, that is, anything to execute. */
function hasCode(text) {
    const blank = /\s*/y;
    let at = 0;
    for (;;) {
        blank.lastIndex = at;
        at += blank.exec(text)?.[0].length ?? 0;
        if (at === text.length)
            return false;
        const literal = literalAt(text, at);
        if (literal === null || !literal.kind.endsWith('comment'))
            return true;
        at = literal.end;
    }
}
/** A doubled closing delimiter stands for itself: 'it''s', [a]]b], "a""b". */
function delimited(text, at, kind, close) {
    let end = text.indexOf(close, at + 1);
    while (end !== -1 && text[end + 1] === close)
        end = text.indexOf(close, end + 2);
    return end === -1 ? { kind, end: text.length, closed: false } : { kind, end: end + 1, closed: true };
}
function lineComment(text, at) {
    const lineBreak = /[\r\n]/g;
    lineBreak.lastIndex = at;
    return { kind: 'line comment', end: lineBreak.exec(text)?.index ?? text.length, closed: true };
}
/** Block comments nest in T-SQL. */
function blockComment(text, at) {
    const delimiter = /\/\*|\*\//g;
    delimiter.lastIndex = at;
    let depth = 0;
    for (let match = delimiter.exec(text); match !== null; match = delimiter.exec(text)) {
        depth += match[0] === '/*' ? 1 : -1;
        if (depth === 0)
            return { kind: 'block comment', end: delimiter.lastIndex, closed: true };
    }
    return { kind: 'block comment', end: text.length, closed: false };
}

;// CONCATENATED MODULE: ./lib/sqlcmd/separator.js
// The line that ends a batch: GO, alone, perhaps with a count and a comment. What looks like it and is
// not would be sent to SQL Server, which reads it as an alias or a procedure's name; so it is told instead.
/** sqltoolsservice (SSMS) keeps the count in a 32-bit integer. */
const MOST_REPEATS = 2_147_483_647;
const ALONE = 'Write GO alone on its line, or `GO n` to run the batch n times. Where go is a name, write [go].';
/** Reads a line whose first word is GO; its `$(…)` are already replaced. */
function parseSeparator(line) {
    const rest = /^[ \t]*go(.*)$/is.exec(line)?.[1];
    if (rest === undefined || !/^(?:\s|$)/.test(rest) || /^[^\S \t\r]/.test(rest))
        return nearMiss(line);
    const match = /^(\d+)?[ \t]*(?:--.*)?$/s.exec(rest.trim());
    if (match === null)
        return nearMiss(line);
    const repeat = Number(match[1] ?? '1');
    if (repeat >= 1 && repeat <= MOST_REPEATS)
        return { kind: 'separator', repeat };
    const message = `\`${line.trim()}\`: the count is from 1 to ${MOST_REPEATS}`;
    return { kind: 'refused', message, advice: ALONE };
}
function nearMiss(line) {
    const visible = line.trimEnd().replace(/[^\S \t\r\n]/g, (blank) => `<U+${codePoint(blank)}>`);
    return { kind: 'refused', message: `\`${visible.trim()}\` does not end a batch in sqlcmd`, advice: ALONE };
}
function codePoint(character) {
    return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

;// CONCATENATED MODULE: ./lib/sqlcmd/scan.js
// Cuts one script file into what is sent, what is replaced and what is sqlcmd's own. Pure, and linear in
// the file's length: every character is looked at a bounded number of times.



/** A line that sqlcmd takes for itself. Blanks other than space and tab are let through to be told. */
const OWN_LINE = /(?:(go)(?=\s|;|--|\/\*|$)|:(?=[a-z!])|!!|(?:exit|quit|reset|ed)(?=[ \t]*(?:\r?\n|$|--))|exit(?=[ \t]*\())/iy;
const BLANKS = /[^\S\r\n]*/y;
const OF_INTEREST = /['"[\n\ufeff]|--|\/\*|\$\(|\r(?!\n)/g;
const GO_BEHIND = /[ \t]*go[ \t]*\d*[ \t]*(?:--[^\n]*)?(?=\r?\n|$)/iy;
const UNCLOSED = {
    string: "a string begins here and no ' ends it",
    quoted: 'a quoted name begins here and no " ends it',
    bracketed: 'a bracketed name begins here and no ] ends it',
    'line comment': '',
    'block comment': 'a comment begins here and no */ ends it (block comments nest)',
};
/** The pieces of a file, in order; text, references and own lines together cover it but for line breaks. */
function* scan(text) {
    let from = 0; // where text that is not handed on yet begins
    let at = 0; // always in plain code, never within a literal
    let carriageReturnTold = false;
    while (at < text.length) {
        const own = at === 0 || text[at - 1] === '\n' ? ownLineAt(text, at) : null;
        if (own !== null) {
            yield* textBetween(from, at);
            yield own;
            at = own.end + 1;
            from = at;
            continue;
        }
        OF_INTEREST.lastIndex = at;
        const found = OF_INTEREST.exec(text);
        if (found === null)
            break;
        const start = found.index;
        if (found[0] === '\n') {
            at = start + 1;
        }
        else if (found[0] === '\r' || found[0] === '\ufeff') {
            at = start + 1;
            if (found[0] === '\ufeff')
                yield strayMark(start);
            else if (!carriageReturnTold)
                yield loneCarriageReturn(start);
            carriageReturnTold ||= found[0] === '\r';
        }
        else if (found[0] === '$(') {
            const [reference] = references(text.slice(start, start + 1000), start);
            if (reference === undefined)
                break;
            yield* textBetween(from, start);
            yield { kind: 'reference', reference, within: null };
            at = reference.end;
            from = at;
        }
        else {
            const literal = literalAt(text, start);
            if (literal === null)
                break;
            at = literal.end;
            if (!literal.closed)
                yield problem(start, UNCLOSED[literal.kind], 'Close it.');
            if (literal.kind === 'block comment')
                yield* separatorBehind(text, at);
            if (literal.kind.endsWith('comment'))
                continue;
            for (const reference of references(text.slice(start, at), start)) {
                yield* textBetween(from, reference.start);
                yield { kind: 'reference', reference, within: literal.kind };
                from = reference.end;
            }
        }
    }
    yield* textBetween(from, text.length);
}
function* textBetween(start, end) {
    if (start < end)
        yield { kind: 'text', start, end };
}
function ownLineAt(text, start) {
    BLANKS.lastIndex = start;
    const first = start + (BLANKS.exec(text)?.[0].length ?? 0);
    OWN_LINE.lastIndex = first;
    const match = OWN_LINE.exec(text);
    if (match === null)
        return null;
    const lineBreak = text.indexOf('\n', first);
    const end = lineBreak === -1 ? text.length : lineBreak;
    return { kind: match[1] === undefined ? 'command' : 'separator', start, end };
}
function problem(start, message, advice) {
    return { kind: 'problem', start, message, advice };
}
function strayMark(start) {
    const message = 'a byte order mark (U+FEFF) in the middle of the file: files put together?';
    return problem(start, message, 'Remove the character; SQL Server does not take it for a blank.');
}
/** Tools disagree whether it ends a line, so whether what follows is comment or code. */
function loneCarriageReturn(start) {
    const message = 'a carriage return without line feed: tools disagree whether it ends the line';
    return problem(start, message, 'Convert the line ends of the file to LF or CRLF.');
}
function* separatorBehind(text, at) {
    GO_BEHIND.lastIndex = at;
    if (GO_BEHIND.test(text))
        yield problem(at, 'GO behind a comment does not end a batch in sqlcmd', ALONE);
}

;// CONCATENATED MODULE: ./lib/sqlcmd/source.js
// A text with its name, and where an offset in it stands.
/** Lines end in LF or CRLF. Line starts are found when first asked for. */
function sourceOf(file, text) {
    let starts = null;
    const indexOfLine = (offset) => {
        starts ??= lineStarts(text);
        let low = 0;
        let high = starts.length - 1;
        while (low < high) {
            const middle = Math.ceil((low + high) / 2);
            if ((starts[middle] ?? 0) <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    };
    return {
        file,
        text,
        lineAt: (offset) => indexOfLine(offset) + 1,
        positionAt: (offset) => {
            const index = indexOfLine(offset);
            return { line: index + 1, column: offset - (starts?.[index] ?? 0) + 1 };
        },
    };
}
function lineStarts(text) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
        starts.push(at + 1);
    return starts;
}

;// CONCATENATED MODULE: ./lib/sqlcmd/statements.js
// Statements that cannot be right in an upgrade script, found before the freeze. Lexical and conservative:
// only what is certain from the words alone; nothing within strings, comments, or bodies of modules.


const NAME = String.raw `(?:\[_*\]|"_*"|[\p{L}_@#$][\p{L}\p{N}_@#$]*)`;
const BEFORE = String.raw `(?<![\p{L}\p{N}_@#$.])`;
const AFTER = String.raw `(?![\p{L}\p{N}_@#$])`;
const MODULE = new RegExp(String.raw `^\s*(?:CREATE(?:\s+OR\s+ALTER)?|ALTER)\s+(?:PROC|PROCEDURE|FUNCTION|TRIGGER|VIEW)${AFTER}`, 'iu');
const statements_GO_BEHIND = /;[^\S\n]*(GO)[^\S\n]*(?=\n|$)/gi;
// USE is reserved, so a name after it makes the statement; but for the query hints USE HINT and USE PLAN.
const USE = new RegExp(String.raw `${BEFORE}USE${AFTER}\s*(?!(?:HINT|PLAN)${AFTER})(${NAME})`, 'dgiu');
const ALTER_DATABASE = new RegExp(String.raw `${BEFORE}ALTER\s+DATABASE\s+(?!SCOPED\s|AUDIT\s|ENCRYPTION\s)${NAME}\s+` +
    String.raw `(?:(?:(REMOVE|ADD)\s+SECONDARY|(FAILOVER|FORCE_FAILOVER_ALLOW_DATA_LOSS|MODIFY))${AFTER}|` +
    // Looked at, not consumed: statements need no semicolon between them.
    String.raw `SET\s(?=([^;]{0,2000})))`, 'giu');
const CREATE_OR_DROP = new RegExp(String.raw `(?<!(?:GRANT|DENY|REVOKE)\s+|,\s*)${BEFORE}(CREATE|DROP)\s+DATABASE\s+` +
    String.raw `(?!SCOPED\s|AUDIT\s|ENCRYPTION\s)(?:IF\s+EXISTS\s+)?${NAME}`, 'giu');
const SESSION_OPTION = new RegExp(String.raw `${BEFORE}SET\s+(?:\w+\s*,\s*)*(IMPLICIT_TRANSACTIONS|ANSI_DEFAULTS)\s*(?:,\s*\w+\s*)*\sON${AFTER}`, 'giu');
const ACCESS_OPTION = /(?:^|,)\s*(READ_ONLY|READ_WRITE|OFFLINE|ONLINE|EMERGENCY|SINGLE_USER|RESTRICTED_USER|MULTI_USER)(?!\w)/i;
const NEXT_STATEMENT = /(?<![\w@#$])(?:WITH|SELECT|INSERT|UPDATE|DELETE|ALTER|CREATE|EXEC|IF|DECLARE|PRINT|SET)(?!\w)/i;
/**
 * What cannot be right in the batch's text, variables replaced. `database` is the one the script runs on;
 * null where that is not known, which refuses every USE.
 */
function checkStatements(text, database) {
    const code = maskLiterals(text);
    const problems = separatorsBehindStatements(code);
    if (MODULE.test(code))
        return problems;
    return [
        ...problems,
        ...uses(text, code, database),
        ...alterDatabase(code),
        ...createOrDropDatabase(code),
        ...sessionOptions(code),
    ].sort((a, b) => a.offset - b.offset);
}
function separatorsBehindStatements(code) {
    return Array.from(code.matchAll(statements_GO_BEHIND), (match) => ({
        offset: match.index + match[0].toUpperCase().indexOf('GO'),
        message: 'GO behind a statement does not end a batch in sqlcmd',
        advice: ALONE,
    }));
}
function uses(text, code, database) {
    const problems = [];
    for (const match of code.matchAll(USE)) {
        const [start, end] = match.indices?.[1] ?? [0, 0];
        const name = unquoteName(text.slice(start, end));
        if (database !== null && name.toLowerCase() === database.toLowerCase())
            continue;
        problems.push({
            offset: match.index,
            message: `\`USE ${name}\`: Azure SQL Database cannot switch databases (error 40508)`,
            advice: `Remove the USE statement; the script runs on the stage database ${database ?? 'of each database listed'}.`,
        });
    }
    return problems;
}
function alterDatabase(code) {
    const problems = [];
    for (const match of code.matchAll(ALTER_DATABASE)) {
        const [, link, action, options] = match;
        const access = options === undefined ? undefined : accessOption(options);
        if (link !== undefined)
            problems.push(statements_refused(match.index, `${link.toUpperCase()} SECONDARY`));
        else if (action !== undefined)
            problems.push(statements_refused(match.index, action.toUpperCase()));
        else if (access !== undefined)
            problems.push(statements_refused(match.index, `SET ${access.toUpperCase()}`));
    }
    return problems;
}
function statements_refused(offset, what) {
    return {
        offset,
        message: `\`ALTER DATABASE … ${what}\`: access mode, links and the database itself are the upgrade's own business`,
        advice: 'Remove the statement; freeze, unfreeze and links are done by the action.',
    };
}
function accessOption(options) {
    const end = options.search(NEXT_STATEMENT);
    return ACCESS_OPTION.exec(end === -1 ? options : options.slice(0, end))?.[1];
}
function createOrDropDatabase(code) {
    return Array.from(code.matchAll(CREATE_OR_DROP), (match) => ({
        offset: match.index,
        message: `\`${match[1]?.toUpperCase()} DATABASE\` is not possible on the stage database`,
        advice: 'Remove the statement; databases are created and deleted outside the upgrade script.',
    }));
}
/** ANSI_DEFAULTS switches IMPLICIT_TRANSACTIONS on with it. */
function sessionOptions(code) {
    return Array.from(code.matchAll(SESSION_OPTION), (match) => ({
        offset: match.index,
        message: `\`SET ${match[1]?.toUpperCase()} ON\` leaves a transaction open that nobody commits`,
        advice: 'Remove the statement; use BEGIN TRANSACTION and COMMIT where batches belong together.',
    }));
}
function unquoteName(name) {
    if (name.startsWith('['))
        return name.slice(1, -1).replaceAll(']]', ']');
    if (name.startsWith('"'))
        return name.slice(1, -1).replaceAll('""', '"');
    return name;
}
/** The text with comments and strings blanked and names filled with `_`, every offset as it was. */
function maskLiterals(text) {
    const opening = /['"[]|--|\/\*/g;
    const parts = [];
    let at = 0;
    for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
        const literal = literalAt(text, match.index);
        if (literal === null)
            break;
        parts.push(text.slice(at, match.index), mask(text.slice(match.index, literal.end), literal.kind));
        at = literal.end;
        opening.lastIndex = at;
    }
    parts.push(text.slice(at));
    return parts.join('');
}
function mask(literal, kind) {
    if (kind.endsWith('comment'))
        return literal.replace(/[^\n]/g, ' ');
    const fill = '_'.repeat(Math.max(0, literal.length - 2));
    return (literal[0] ?? '') + fill + (literal.length > 1 ? literal.at(-1) : '');
}

;// CONCATENATED MODULE: ./lib/sqlcmd/reader.js
// Puts files, includes and variables together into batches, and notes everything that is wrong on the way.











const DEEPEST_INCLUDE = 16;
/** Files that include each other twice double with every level. */
const MOST_INCLUDES = 1000;
class ScriptReader {
    #input;
    #variables;
    #builder = new BatchBuilder();
    #batches = [];
    #problems = [];
    #files = new Set();
    #includes = 0;
    constructor(input) {
        this.#input = input;
        this.#variables = new ScriptVariables(input.variables);
        if (input.database !== undefined)
            this.#variables.set(DATABASE_VARIABLE, input.database);
    }
    result() {
        if (this.#batches.length === 0 && this.#problems.length === 0)
            this.#nothingToRun();
        const digest = digestOf(this.#batches);
        return { batches: this.#batches, digest, files: [...this.#files], problems: this.#problems };
    }
    async readTopLevel(file) {
        const text = await this.#load(file, { file, line: null, column: null });
        if (text !== null)
            await this.#read(sourceOf(file, text), [file]);
        this.#endBatch(1);
    }
    /** `chain`: this file last, before it those that include it. */
    async #read(source, chain) {
        for (const piece of scan(source.text)) {
            if (piece.kind === 'command')
                await this.#command(source, piece, chain);
            else
                this.#take(source, piece);
        }
        this.#builder.endLine();
    }
    #take(source, piece) {
        switch (piece.kind) {
            case 'text':
                this.#builder.append(source.text.slice(piece.start, piece.end), source.file, source.lineAt(piece.start));
                return;
            case 'reference':
                this.#reference(source, piece.reference, piece.within);
                return;
            case 'separator':
                this.#separator(source, piece.start, piece.end);
                return;
            case 'problem':
                this.#problem(source, piece.start, piece);
        }
    }
    #reference(source, reference, within) {
        const value = reference.name === null ? undefined : this.#variables.get(reference.name);
        if (value === undefined) {
            this.#unresolved(source, reference);
            return;
        }
        const quote = within === 'quoted' ? '"' : "'";
        if (within !== 'bracketed' && value.split(quote).length % 2 === 0) {
            this.#problem(source, reference.start, {
                message: `the value of $(${reference.name}) has a ${quote} without its pair, which leaves the literal open`,
                advice: `Double the ${quote} in the variable's value.`,
            });
        }
        this.#builder.appendValue(value, source.file, source.lineAt(reference.start));
    }
    #separator(source, start, end) {
        const line = this.#substituted(source, start, end);
        const separator = line === null ? null : parseSeparator(line);
        if (separator?.kind === 'refused')
            this.#problem(source, start, separator);
        // A near miss was meant to end the batch: going on so keeps the problems that follow true.
        this.#endBatch(separator?.kind === 'separator' ? separator.repeat : 1);
    }
    async #command(source, piece, chain) {
        const line = this.#substituted(source, piece.start, piece.end);
        if (line === null)
            return;
        const command = parseCommand(line);
        switch (command.kind) {
            case 'set-variable':
                this.#variables.set(command.name, command.value);
                return;
            case 'remove-variable':
                this.#variables.remove(command.name);
                return;
            case 'include':
                await this.#include(source, piece.start, command.target, chain);
                return;
            case 'refused':
                this.#problem(source, piece.start, command);
                return;
            case 'nothing':
        }
    }
    async #include(source, start, target, chain) {
        const advice = 'Correct the path; it is relative to the file that includes.';
        let file;
        try {
            file = this.#input.resolveInclude(source.file, target);
        }
        catch (error) {
            return this.#problem(source, start, { message: `\`:r ${target}\`: ${(0,message_of/* messageOf */.b)(error)}`, advice });
        }
        const refusal = this.#refuseInclude(file, chain);
        if (refusal !== null)
            return this.#problem(source, start, { message: refusal, advice: 'Remove the `:r`.' });
        this.#includes++;
        const text = await this.#load(file, { file: source.file, ...source.positionAt(start) });
        if (text !== null)
            await this.#read(sourceOf(file, text), [...chain, file]);
    }
    #refuseInclude(file, chain) {
        if (chain.includes(file))
            return `\`:r\` goes in a circle: ${[...chain, file].join(' → ')}`;
        if (chain.length > DEEPEST_INCLUDE)
            return `\`:r\` more than ${DEEPEST_INCLUDE} files deep`;
        if (this.#includes >= MOST_INCLUDES)
            return `\`:r\` for more than ${MOST_INCLUDES} files`;
        return null;
    }
    /** Null where the file cannot be read, which is told at `asked`. */
    async #load(file, asked) {
        try {
            const text = decode(await this.#input.readFile(file));
            this.#files.add(file);
            return text;
        }
        catch (error) {
            if (error instanceof UndecodableError) {
                this.#problems.push({ file, line: null, column: null, message: error.message, advice: error.advice });
                return null;
            }
            const message = `${file} cannot be read: ${(0,message_of/* messageOf */.b)(error)}`;
            this.#problems.push({
                ...asked,
                message,
                advice: 'Correct the path, or check the file out before this step.',
            });
            return null;
        }
    }
    #endBatch(repeat) {
        const batch = this.#builder.take(repeat);
        if (batch === null || !hasCode(batch.text))
            return;
        this.#batches.push(batch);
        for (const found of checkStatements(batch.text, this.#input.database ?? null)) {
            const { line, column } = sourceOf('', batch.text).positionAt(found.offset);
            this.#problems.push({
                ...locate(batch, line),
                column,
                message: found.message,
                advice: found.advice,
            });
        }
    }
    /** A line of sqlcmd's own, variables replaced; null where one has no value, which is told. */
    #substituted(source, start, end) {
        let complete = true;
        const line = substitute(source.text.slice(start, end), this.#variables, (reference) => {
            complete = false;
            this.#unresolved(source, {
                name: reference.name,
                start: start + reference.start,
                end: start + reference.end,
            });
        });
        return complete ? line : null;
    }
    #unresolved(source, reference) {
        if (reference.name === null) {
            this.#problem(source, reference.start, {
                message: '`$(` begins a variable, and no name and `)` follow',
                advice: "Write `$(name)`. For the characters themselves, divide the string: '$' + '('.",
            });
            return;
        }
        this.#problem(source, reference.start, {
            message: `$(${reference.name}) has no value`,
            advice: `Give ${reference.name} a value: under \`upgrade.variables\` in the config file, or by \`:setvar\` above.`,
        });
    }
    #problem(source, offset, what) {
        const { line, column } = source.positionAt(offset);
        this.#problems.push({ file: source.file, line, column, message: what.message, advice: what.advice });
    }
    #nothingToRun() {
        const file = this.#input.files.join(', ') || 'upgrade.scripts';
        const advice = 'Name the files with the statements of the upgrade.';
        this.#problems.push({ file, line: null, column: null, message: 'there is nothing to run', advice });
    }
}
function digestOf(batches) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    for (const { repeat, text } of batches)
        hash.update(`${repeat} ${Buffer.byteLength(text)}\n`).update(text);
    return hash.digest('hex');
}

;// CONCATENATED MODULE: ./lib/sqlcmd/script.js



/** Reads and checks the script. Throws UpgradeError 'script-invalid' with every problem's place. */
async function readUpgradeScript(input) {
    const { problems, ...script } = await parseUpgradeScript(input);
    if (problems.length > 0)
        throw scriptInvalid(problems);
    return script;
}
/** The same without throwing: what could be read, and every problem. */
async function parseUpgradeScript(input) {
    const reader = new ScriptReader(input);
    for (const file of input.files)
        await reader.readTopLevel(file);
    return reader.result();
}

;// CONCATENATED MODULE: ./lib/steps/several-at-once.js
/**
 * Begins them in the order of the configuration. The first failure stops the others and lets none begin; nothing is under way any more when
 * it is thrown.
 */
async function severalAtOnce({ databases, config }, run, act) {
    const failed = new AbortController();
    const failures = [];
    const signal = AbortSignal.any([run.signal, failed.signal]);
    const left = [...databases.entries()];
    const results = [];
    const work = async () => {
        for (let next = left.shift(); next && failures.length === 0; next = left.shift()) {
            const [index, pair] = next;
            try {
                results[index] = await act(pair, { ...run, signal });
            }
            catch (error) {
                failures.push(error);
                failed.abort(error);
            }
        }
    };
    await Promise.all(Array.from({ length: config.upgrade.databasesAtOnce }, work));
    if (failures.length > 0)
        throw failures[0];
    return results;
}
/** What one database's script or command says: a group that can be folded, or lines with its name where others speak too. */
function speakingFor({ log, config }, { name }) {
    if (config.upgrade.databasesAtOnce === 1)
        return log;
    return {
        line: (text) => log.line(text.startsWith(name) ? text : `${name}: ${text}`),
        warning: (text) => log.warning(text),
        group: (title) => log.line(title),
        endGroup: () => { },
    };
}

;// CONCATENATED MODULE: ./lib/steps/run-batches.js





/** Returns what was run, for the evidence. Throws 'script-failed' with file, line and SQL Server's own words. */
async function runBatches(context, pair, connection, script, run) {
    const { upgrade } = context.config;
    const log = speakingFor(context, pair);
    const until = context.clock.now() + upgrade.timeoutMs;
    for (const [index, batch] of script.batches.entries()) {
        const title = `${pair.name}: batch ${index + 1} of ${script.batches.length}, ${batch.file}:${batch.line}`;
        const startedAt = context.clock.now();
        log.group(title);
        try {
            for (let round = 0; round < batch.repeat; round++) {
                run.signal.throwIfAborted();
                const sent = connection.batch(batch.text, {
                    timeoutMs: Math.max(1, until - context.clock.now()),
                    onMessage: (message) => log.line(message.text),
                    signal: run.signal,
                });
                // Not until SQL Server has confirmed the attention: users wait to write, and nobody wants this batch any more.
                await orAbort(sent, run.signal);
            }
        }
        catch (error) {
            run.signal.throwIfAborted();
            throw scriptFailed(context, pair, batch, error);
        }
        finally {
            log.endGroup();
            log.line(`${title}: ${((context.clock.now() - startedAt) / 1000).toFixed(2)} s`);
        }
    }
    await assertFinished(context, pair, connection);
    return `${script.batches.length} batches, sha256 ${script.digest.slice(0, 12)}`;
}
/**
 * A script can end without an error and yet not have run: generated ones switch to SET NOEXEC ON after a failure,
 * which skips the rest in silence; others leave a transaction open, which the end of the session rolls back.
 */
async function assertFinished(context, pair, connection) {
    const where = `the stage database ${pair.name} (${context.stage.server.name})`;
    const asked = connection.query('SELECT @@TRANCOUNT AS open_transactions;');
    // Only this session knows, and an open transaction is rolled back with it.
    const [row] = await asked.catch((error) => {
        throw notFinished(`it could not be asked whether it left a transaction open on ${where}`, error);
    });
    if (!row)
        throw notFinished(`it left SET NOEXEC ON behind on ${where}: what followed was skipped`);
    if (Number(row.open_transactions) > 0) {
        throw notFinished(`it left ${String(row.open_transactions)} transaction(s) open on ${where}: they would be rolled back`);
    }
}
function notFinished(why, cause = null) {
    return new lib_reasons/* UpgradeError */.fy('script-failed', `The upgrade script reported no error, but ${why}`, {
        cause,
        advice: [
            'Let the script fail loudly (THROW) and commit what it begins; remove the stage database, prepare and upgrade again.',
        ],
    });
}
function scriptFailed(context, pair, batch, cause) {
    const messages = cause instanceof errors/* SqlError */.L8 ? cause.messages : [];
    const first = messages[0];
    // Within a procedure the server counts the procedure's own lines.
    const at = first && first.procedure === '' ? locate(batch, first.line) : { file: batch.file, line: batch.line };
    const said = first ? sqlServerSaid(first) : String(cause);
    return new lib_reasons/* UpgradeError */.fy('script-failed', `The upgrade script failed at ${at.file}:${at.line} on the stage database ${pair.name} (${context.stage.server.name}): ${said}`, {
        cause,
        advice: [
            `Mend the script at ${at.file}:${at.line}, remove the stage database, prepare and upgrade again.`,
        ],
    });
}
/** As sqlcmd prints it: number, level, state, and the text. */
function sqlServerSaid(message) {
    const procedure = message.procedure ? `, procedure ${message.procedure}` : '';
    return `Msg ${message.number}, Level ${message.severity}, State ${message.state}${procedure}: ${message.text}`;
}

;// CONCATENATED MODULE: ./lib/steps/run-upgrade-command.js
// The upgrade by a command of the user's (sqlpackage, dotnet ef, Flyway), with the stage connection in its
// environment. Nothing of production is in there.



/** Runs the command of one database. Returns what was run, for the evidence. Throws 'script-failed'. */
async function runUpgradeCommand(context, pair, command, run) {
    const environment = await context.azure.tsql.commandEnvironment(sqlTarget(context, 'stage', pair.name));
    const [program = ''] = command;
    const log = speakingFor(context, pair);
    log.group(`${pair.name}: ${program}`);
    try {
        const ended = await context.runCommand({
            command,
            environment,
            timeoutMs: context.config.upgrade.timeoutMs,
            signal: run.signal,
            onLine: (line) => log.line(line),
        });
        run.signal.throwIfAborted();
        if (ended.timedOut)
            throw commandFailed(program, pair, 'did not end in time and was ended');
        if (ended.exitCode !== 0)
            throw commandFailed(program, pair, `ended with exit code ${ended.exitCode}`);
    }
    finally {
        log.endGroup();
    }
    return `${program} ended with exit code 0`;
}
function commandFailed(program, pair, how) {
    return new lib_reasons/* UpgradeError */.fy('script-failed', `The upgrade command ${program} ${how} (database ${pair.name})`, {
        advice: [
            'Its output is in the log of this step. Mend it, remove the stage database, prepare and upgrade again.',
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/while-frozen.js
// While the script runs, production is looked at: that it is still frozen, and that our session there (which holds
// the lock, and is the one that unfreezes) is alive. Gateways cut connections that are silent for half an hour.





const while_frozen_EVERY_MS = 20_000;
/** How long a look that is under way may keep production's connection from whoever unfreezes. Milliseconds. */
const LAST_LOOK_MS = 1_000;
/** Does the work; aborts it as soon as production takes writes again or was failed over, which somebody else has done. */
async function whileFrozen(context, run, work) {
    const broken = new AbortController();
    const over = new AbortController();
    const watching = while_frozen_watch(context, over.signal).catch((error) => broken.abort(error));
    try {
        return await work({ ...run, signal: AbortSignal.any([run.signal, broken.signal]) });
    }
    finally {
        over.abort();
        await endOf(context, watching);
    }
}
async function while_frozen_watch(context, over) {
    for (;;) {
        await context.clock.sleep(while_frozen_EVERY_MS, over).catch(() => { });
        if (over.aborted)
            return;
        // Each by itself: one that does not answer must not hide that another one is writable.
        const pass = passUnlessThawed(context);
        await forEachDatabase(context, (pair) => assertFrozen(context, pair).catch(pass));
        if (over.aborted)
            return; // the connection belongs to whoever comes next
        // A session that was lost and opened again has lost it; the dead one may keep it for a while.
        await ensureProductionOurs(context, 0).catch(pass);
    }
}
/** It takes writes again, is another server, or was another run's meanwhile: what the script works on is not what users go on from. */
const THAWED = ['drain-failed', 'region-mismatch', 'overtaken-by-another-run'];
/**
 * Production that cannot be looked at for a moment (a lost session, a token that is not to be had) is not thawed by
 * that; the switch asks again before it moves anybody.
 */
function passUnlessThawed(context) {
    return (error) => {
        if (error instanceof lib_reasons/* UpgradeError */.fy && THAWED.includes(error.reason))
            throw error;
        const why = (0,message_of/* messageOf */.b)(error);
        context.log.warning(`Production could not be looked at while the script runs: ${why}`);
    };
}
/** Production's connection is ready for the next one, who may have to unfreeze: where it hangs it is given up. */
async function endOf(context, watching) {
    const ended = new AbortController();
    const patience = context.clock.sleep(LAST_LOOK_MS, ended.signal).then(() => 'hangs', () => 'ended');
    const outcome = await Promise.race([watching, patience]);
    ended.abort();
    if (outcome !== 'hangs')
        return;
    await forEachDatabase(context, (pair) => context.sessions.drop(sqlTarget(context, 'production', pair.name)));
}

;// CONCATENATED MODULE: ./lib/steps/run-upgrade-script.js
// The upgrade script, on the stage database and nowhere else. Database names are equal on both sides, so the
// connection that runs it is asked who it is: server, no link, and the entry of this very freeze.

















function runUpgradeScript(context) {
    const server = context.stage.server.name;
    const what = describeUpgrade(context);
    return {
        id: 'upgrade-script',
        title: 'Run the upgrade script on the stage database',
        article: null,
        phase: 'upgrade',
        changes: `the ${what} upgrades the copy on ${server}; this is what the read-only window lasts for`,
        pivot: false,
        wayBack: `the stage database is ${context.config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'}`,
        assess: async () => {
            const assessments = await forEachDatabase(context, (pair) => run_upgrade_script_assess(context, pair));
            return (assessments.find((one) => one.kind === 'blocked') ??
                assessments.find((one) => one.kind !== 'done') ??
                (0,step/* done */.Vw)(`the ${what} has run on ${server}`));
        },
        apply: async (run) => {
            const evidence = await whileFrozen(context, run, (guarded) => severalAtOnce(context, guarded, (pair, each) => upgradeDatabase(context, pair, each)));
            context.window.spend(context.stage.standby ? 'backup region' : 'after the script');
            return evidence;
        },
        undo: null,
    };
}
async function run_upgrade_script_assess(context, pair) {
    const [production, stage] = await Promise.all([
        productionEntry(context, pair),
        context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => lookAtAll(connection, { links: LINKS, journal: journalOf(context) })),
    ]);
    if (run_upgrade_script_isSecondary(stage.links) || !production)
        return (0,step/* later */.NU)('the stage database is not independent yet');
    return assessEntry(context, pair, production, stage.journal);
}
function assessEntry(context, pair, production, stage) {
    const where = `${pair.name} on ${context.stage.server.name}`;
    if (!stage || !isOfFreeze(context.production.server.name, production, stage)) {
        return (0,step/* blocked */.Z5)('stage-compromised', `${where} is not a copy of this freeze (${production.upgradeId})`);
    }
    if (stage.status === 'scripted' || COMPLETE.includes(stage.status))
        return (0,step/* done */.Vw)(`${where}: digest ${stage.scriptDigest ?? 'none'}`);
    if (stage.status === 'freezing')
        return (0,step/* toDo */.Xj)();
    const { reason, message, advice } = run_upgrade_script_outcomeUnknown(context, pair);
    return (0,step/* blocked */.Z5)(reason, message, ...advice);
}
function run_upgrade_script_outcomeUnknown(context, pair) {
    const where = `${pair.name} on ${context.stage.server.name}`;
    return new lib_reasons/* UpgradeError */.fy('script-outcome-unknown', `The upgrade script was begun on ${where} and its end was not seen; it is not run twice`, {
        advice: [
            'Let the rollback give production back, remove the stage database, then prepare and upgrade again.',
        ],
    });
}
function notAnnounced(context, pair, status) {
    const where = `${pair.name} on ${context.stage.server.name}`;
    return new lib_reasons/* UpgradeError */.fy('stage-compromised', `${where} says "${status}" although the upgrade script was announced there: somebody else writes to it`);
}
async function upgradeDatabase(context, pair, run) {
    const production = await productionEntry(context, pair);
    const target = sqlTarget(context, 'stage', pair.name);
    const startedAt = context.clock.now();
    const since = {
        frozenAt: context.window.report()?.from ?? null,
        closedAt: context.window.confirmedAt(freezeKey(pair.production))?.toISOString(),
    };
    const work = await upgradeWork(context, pair.name);
    const upgradeId = await announceScript(context, pair, production, since);
    if (upgradeId === null)
        return `${pair.name}: run before`;
    const ran = await doWork(context, pair, work, production, run);
    await writeAgain(context, 'production', () => context.sessions.on(target, async (connection) => {
        await assertStageUnchanged(context, pair, connection);
        await writeJournal(context, 'stage', connection, {
            upgradeId,
            // Where there is a backup region the stage slot counts as upgraded once that has it all too (drain-standby.ts).
            status: context.stage.standby ? 'scripted' : 'upgraded',
            ...since,
            scriptDigest: work.kind === 'script' ? work.script.digest : null,
        });
    }));
    const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(1);
    if (ran === null)
        return `${pair.name}: ${describeWork(work)}`;
    return `${pair.name}: ${ran} in ${seconds} s on ${context.stage.server.name}`;
}
/** Null where there was nothing to be done. */
async function doWork(context, pair, work, production, run) {
    if (work.kind === 'none')
        return null;
    if (work.kind === 'command')
        return runUpgradeCommand(context, pair, work.command, run);
    return onItsOwn(context, pair, work.script, async (connection) => {
        // It is asked who it is on the connection that runs the script.
        const { status } = await assertStageConnection(context, pair, connection, production);
        if (status !== 'upgrading')
            throw notAnnounced(context, pair, status);
        return runBatches(context, pair, connection, work.script, run);
    });
}
/**
 * What a script has set on its connection (IMPLICIT_TRANSACTIONS, ROWCOUNT) must not go for what this tool writes too, and what an
 * abandoned batch is doing there is of no more interest. The next connection is opened meanwhile, unless the script
 * may have to be alone in the database: ALTER DATABASE SET READ_COMMITTED_SNAPSHOT waits until it is.
 */
async function onItsOwn(context, pair, { batches }, use) {
    const { sessions } = context;
    const target = sqlTarget(context, 'stage', pair.name);
    if (!batches.some(({ text }) => /\bALTER\s+DATABASE\b/i.test(text)))
        return sessions.lastOn(target, use);
    try {
        return await sessions.on(target, use);
    }
    finally {
        await sessions.drop(target);
    }
}
/**
 * Says on the stage database that the script has begun, before anything of it is sent. Returns the upgrade's id; null where
 * it has been run.
 */
async function announceScript(context, pair, production, since) {
    let isAnnounced = false;
    return writeAgain(context, 'production', () => context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
        const { upgradeId, status, runUrl } = await assertStageConnection(context, pair, connection, production);
        // Seen after an answer was lost, it is what this run has written; the lock may have been another run's meanwhile.
        if (status === 'upgrading' && isAnnounced && runUrl === context.runUrl)
            return upgradeId;
        if (status === 'upgrading')
            throw run_upgrade_script_outcomeUnknown(context, pair);
        if (status !== 'freezing')
            return null;
        isAnnounced = true;
        await writeJournal(context, 'stage', connection, { upgradeId, status: 'upgrading', ...since });
        return upgradeId;
    }));
}
/** Throws unless this connection is to the stage copy of this freeze. The last gate before the script. */
async function assertStageConnection(context, pair, connection, production) {
    const entry = await assertStageUnchanged(context, pair, connection);
    if (!entry || !isOfFreeze(context.production.server.name, production, entry)) {
        const where = `${pair.name} on ${context.stage.server.name}`;
        throw new lib_reasons/* UpgradeError */.fy('stage-compromised', `${where} is not a copy of this freeze`);
    }
    return entry;
}
/** The entry of the stage database, which no other run has written since this one looked. */
async function assertStageUnchanged(context, pair, connection) {
    const looks = { server: SERVER_NAME, links: LINKS, journal: journalOf(context) };
    const { journal, ...seen } = await lookAtAll(connection, looks);
    assertStageServer(context, pair, seen);
    assertKnown(context.known, connection, journal);
    return journal;
}
function assertStageServer(context, pair, { server, links }) {
    const expected = context.stage.server.name;
    if (server.toLowerCase() !== expected.toLowerCase()) {
        throw new lib_reasons/* UpgradeError */.fy('internal-error', `The script's connection is to ${server}, not to the stage server ${expected}`);
    }
    if (run_upgrade_script_isSecondary(links)) {
        throw new lib_reasons/* UpgradeError */.fy('link-termination-failed', `${pair.name} on ${expected} is still a geo-secondary`);
    }
}
function run_upgrade_script_isSecondary(links) {
    return links.some(({ role }) => role === 'secondary');
}

;// CONCATENATED MODULE: ./lib/steps/stage-site.js
// The web site in the stage slot, and in its backup region: verified where the user's workflow deploys it, created by
// parts where the configuration says so.





/** The site of the stage slot, like production's. */
function stageSite(context) {
    return siteStep(context, context, {
        id: 'stage-site',
        called: 'stage site',
        setting: 'web-app.mode',
    });
}
/** The site of the stage slot in the backup region, like production's standby site there. */
function standbySite(context) {
    return siteStep(context, (0,regions/* inBackupRegion */._W)(context), {
        id: 'standby-site',
        called: 'standby site',
        setting: 'backup.web-app.mode',
    });
}
/** @param sides production's site, which is the template, and the stage slot's in the same region. */
function siteStep(context, sides, { id, called, setting }) {
    const { site, resourceGroup } = sides.stage.site;
    const create = sides.stage.config.webAppMode === 'create';
    return {
        id,
        title: create ? `Create the ${called} ${site} like production's` : `The ${called} ${site} exists`,
        article: null,
        phase: 'prepare',
        changes: create
            ? `${site} is created on a plan like production's, with the same package and settings and the stage database in its connection strings`
            : '',
        pivot: false,
        wayBack: `${site} stays for the next upgrade`,
        assess: async () => {
            const existing = await context.azure.appService.getSite(sides.stage.site);
            if (existing)
                return (0,step/* done */.Vw)(`${existing.name} exists at ${existing.defaultHostName}`);
            if (create)
                return (0,step/* toDo */.Xj)(`${site} does not exist`);
            return (0,step/* blocked */.Z5)('resource-not-found', `The ${called} ${site} does not exist in ${resourceGroup}`, `Deploy it with your own workflow, or set ${setting}: create for this slot.`);
        },
        apply: async (run) => {
            await ensureStillAlone(context);
            const created = await createLikeProduction(context, sides, run);
            return [`${created.name} created at ${created.defaultHostName}`];
        },
        undo: null,
    };
}
async function createLikeProduction(context, { production, stage }, run) {
    const { appService } = context.azure;
    const template = production.site;
    const source = await appService.getSite(template);
    if (!source)
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The production site ${template.site} does not exist`);
    const [settings, strings] = await Promise.all([
        appService.listAppSettings(template),
        appService.listConnectionStrings(template),
    ]);
    return appService.createSite({
        ref: stage.site,
        template,
        planName: stage.config.appServicePlan ?? `${stage.site.site}-plan`,
        appSettings: mapValues(settings, (value) => toStageServers(context, value)),
        connectionStrings: mapValues(strings, (string) => ({
            ...string,
            value: toStageServers(context, string.value),
        })),
        tags: creationTags(context),
    }, run.progress);
}
/** In both regions: a site may name its region's server, and the other region's to fall back on. */
function toStageServers({ production, stage }, text) {
    const own = toStageServer({ production, stage }, text);
    if (!production.standby || !stage.standby)
        return own;
    return toStageServer({ production: production.standby, stage: stage.standby }, own);
}
/**
 * The same text with production's SQL server replaced by the stage slot's, as host and in `User ID=name@server`
 * (with another server there the login is refused, error 40532); other text is left alone.
 */
function toStageServer(sides, text) {
    const from = sides.production.server;
    const to = sides.stage.server;
    // A host name that only begins or ends like it is another host.
    const host = new RegExp(`(?<![a-z0-9.-])${escaped(from.fullyQualifiedDomainName)}(?!\\.?[a-z0-9-])`, 'gi');
    if (!host.test(text))
        return text;
    const user = new RegExp(`(\\b(?:user id|uid|user)\\s*=[^;@]*@)${escaped(from.name)}(?![a-z0-9.-])`, 'gi');
    return text
        .replaceAll(host, () => to.fullyQualifiedDomainName)
        .replaceAll(user, (_, before) => before + to.name);
}
function escaped(name) {
    return name.replaceAll('.', '\\.');
}
function mapValues(record, map) {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

// EXTERNAL MODULE: ./lib/application/missing-right.js
var missing_right = __webpack_require__(16097);
;// CONCATENATED MODULE: ./lib/steps/asked-first.js
function askedFirst(ask) {
    let refusal = null;
    return {
        beforeSending: () => ask().catch((error) => {
            refusal = error;
            throw error;
        }),
        refusal: () => refusal,
    };
}

;// CONCATENATED MODULE: ./lib/steps/swap-standby.js
// Where slots are swapped, both regions are swapped, as one: the backup region first. Its database is a geo-secondary,
// so nobody can write to V2 there; the pivot follows, and where that fails this region is swapped back.


















function swapStandby(context) {
    const backup = (0,regions/* inBackupRegion */._W)(context);
    const { site } = backup.production.site;
    const slot = context.config.deploymentSlot;
    const connected = `${site} is connected to ${backup.stage.server.name}`;
    return {
        id: 'swap-standby',
        title: `Swap slot ${slot} of ${site} in the backup region with production`,
        article: null,
        phase: 'switch',
        changes: `site ${site} in the backup region: slot ${slot} and production are swapped; each keeps its database`,
        pivot: false,
        assess: async () => {
            const { production } = await (0,production_slot/* readSlotRoles */.Kp)(backup.config, context.azure);
            return (0,production_slot/* sameName */.q)(production.name, context.stage.config.name) ? (0,step/* done */.Vw)(connected) : (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            await ensureRunLock(context, 'stage');
            context.window.spend('swap in the backup region');
            const takings = lockTakings(context);
            const asking = async () => {
                await ensureStillAlone(context);
                // Users wait: it is looked once more only where another run may have swapped, and died before it said so.
                if (lockTakings(context) !== takings)
                    await assertNotSwapped(backup, backup.production.config.name);
            };
            // Users are read-only meanwhile: a lost swap that may come late is settled by the undo, once they can write.
            const swapped = await swap(backup, run, 'over', asking);
            if (swapped.is !== 'stage')
                throw notSwapped(context, swapped);
            return [connected];
        },
        undo: swapBack(context),
    };
}
/** How often a swap is sent that Azure has refused for now. */
const swap_standby_ATTEMPTS = 2;
const swap_standby_PAUSE_MS = 2_000;
/** Somebody has swapped since it was looked: one more would take that back. */
class SwappedMeanwhile extends Error {
}
/** Throws SwappedMeanwhile where the region has another slot's site in production than that. */
async function assertNotSwapped({ config, azure }, seen) {
    const { production, evidence } = await (0,production_slot/* readSlotRoles */.Kp)(config, azure);
    if (!(0,production_slot/* sameName */.q)(production.name, seen))
        throw new SwappedMeanwhile(evidence);
}
/**
 * Brings the view's stage site into production, unless it is there. A swap that Azure is at is waited for.
 * @param doubtful what a swap counts as that was neither carried out nor refused for sure.
 * @param beforeSending throws where another run has acted meanwhile; after SwappedMeanwhile it is looked again.
 */
async function swap(view, run, doubtful, beforeSending) {
    for (let attempt = 1;; attempt++) {
        const before = await orAbort(usersAfter(view, 'over'), run.signal);
        if (before !== 'production')
            return { is: before, failure: null };
        const swapped = await sendSwap(view, run, doubtful, beforeSending);
        if (attempt === swap_standby_ATTEMPTS || !mayBeSentAgain(swapped))
            return swapped;
        run.progress(`the swap was not sent, or not carried out (${(0,message_of/* messageOf */.b)(swapped.failure)}); once more`);
        await view.clock.sleep(swap_standby_PAUSE_MS, run.signal);
    }
}
async function sendSwap(view, run, doubtful, beforeSending) {
    const { appService } = view.azure;
    const ref = { ...view.production.site, deploymentSlot: null };
    const { deploymentSlot } = view.config;
    const asked = askedFirst(async () => {
        run.signal.throwIfAborted(); // Azure may have made it wait
        await beforeSending();
    });
    const sent = appService.swapWithProduction(ref, deploymentSlot, run.progress, run.signal, asked.beforeSending);
    const failure = await sent.then(() => null, (error) => error);
    const refusal = asked.refusal();
    if (refusal instanceof SwappedMeanwhile)
        return { is: 'production', failure: refusal };
    if (refusal !== null)
        throw refusal;
    run.signal.throwIfAborted(); // whoever undoes it looks what became of it
    return { is: await orAbort(usersAfter(view, writeOf(failure, doubtful)), run.signal), failure };
}
/** Azure has refused it for now, or it is there. One that may come late and another one would be none. */
function mayBeSentAgain({ is, failure }) {
    if (failure instanceof SwappedMeanwhile)
        return true;
    const isRefused = failure instanceof errors/* AzureError */.M6 && !failure.outcomeUnknown;
    return is === 'production' && isRefused && mayPass(failure);
}
/** Refused also where another swap is under way, which is waited for; whatever else was said, it is looked. */
function writeOf(failure, doubtful) {
    return failure instanceof errors/* AzureError */.M6 && !failure.outcomeUnknown ? 'refused' : doubtful;
}
function notSwapped(context, { is, failure }) {
    const { site } = (0,regions/* inBackupRegion */._W)(context).production.site;
    const what = is === 'unknown'
        ? `It is not known whether the slots of ${site} in the backup region were swapped`
        : `The slots of ${site} in the backup region were not swapped`;
    const where = `${what}; users were not switched to ${context.stage.config.name}, they are still on ${context.production.config.name}`;
    if ((0,missing_right/* isRightMissing */.p)(failure))
        return (0,missing_right/* rightMissing */.I)(failure, `${where}. `);
    // Users have not been moved for sure: not 'switch-outcome-unknown', which would keep production read-only.
    return new lib_reasons/* UpgradeError */.fy('switch-failed', where, { cause: failure });
}
/** Where users are where they were, the backup region's site has to be that slot's as well. */
function swapBack(context) {
    const backup = (0,regions/* inBackupRegion */._W)(context);
    const { site } = backup.production.site;
    const { name } = context.production.config;
    return {
        order: 'tidy', // users are not on that site
        what: `Swap the slots of ${site} in the backup region back`,
        apply: async (run) => {
            const here = await (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure);
            if (!(0,production_slot/* sameName */.q)(here.production.name, name))
                return { kind: 'nothing-to-undo', evidence: [`${here.evidence}: users have been switched`] };
            const there = await usersAfter(backup, await swapOnRecord(context));
            if (there === 'production')
                return {
                    kind: 'nothing-to-undo',
                    evidence: [`${site} is connected to ${backup.production.server.name}`],
                };
            if (there === 'unknown')
                throw notSwappedBack(context, null);
            // What is in production there now goes back to where it came from.
            const back = { ...backup, production: backup.stage, stage: backup.production };
            const left = new UsersHaveLeft();
            const asking = async () => {
                await ensureRunLock(context, 'production');
                const now = await (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure);
                if (!(0,production_slot/* sameName */.q)(now.production.name, name))
                    throw left;
                await assertNotSwapped(back, back.production.config.name);
            };
            const swapped = await swap(back, run, 'unknown', asking).catch((error) => {
                if (error === left)
                    return left;
                throw error;
            });
            if (swapped instanceof UsersHaveLeft)
                return {
                    kind: 'nothing-to-undo',
                    evidence: [`users have been switched to ${context.stage.config.name} meanwhile`],
                };
            if (swapped.is !== 'stage')
                throw notSwappedBack(context, swapped.failure);
            return { kind: 'undone', evidence: [`${site} is connected to ${backup.production.server.name} again`] };
        },
    };
}
/** Another run has moved them since it was looked: V2's site is to be in production in both regions. */
class UsersHaveLeft extends Error {
}
/** What the databases say from the moment at which a swap may have been sent: on the way to V2, and back to V1. */
const MAY_BE_SWAPPING = [...COMPLETE, 'giving-back'];
/** A swap whose answer was lost may begin late; where none can have been sent, one look is enough. */
async function swapOnRecord(context) {
    try {
        const said = await forEachDatabase(context, (pair) => context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => readJournal(context, connection)));
        const maySwap = said.some((entry) => entry !== null && MAY_BE_SWAPPING.includes(entry.status));
        return maySwap ? 'unknown' : 'over';
    }
    catch {
        return 'unknown'; // the stage slot is gone or does not answer: it may have said anything
    }
}
function notSwappedBack(context, cause) {
    const { production, stage } = (0,regions/* inBackupRegion */._W)(context);
    const { resourceGroup, site } = production.site;
    return new lib_reasons/* UpgradeError */.fy('switch-failed', `The slots of ${site} in the backup region could not be swapped back: users are on ${context.production.config.name}, and after a disaster they would get the site of ${stage.server.name}`, {
        cause,
        advice: [
            `See what ${site} is connected to: ${(0,command_line/* shell */.vf) `az webapp config connection-string list -g ${resourceGroup} -n ${site}`}`,
            `Where that is ${stage.server.name}: ${swapSlots(production.site, context.config.deploymentSlot)}`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/pivot.js
// The one write that moves users, by whichever method: what is made sure before it is sent, and how it is found
// out what became of it, whatever it answered.
















/** It was seen before; this is for a lag that is not known for a moment. Milliseconds. */
const PROTECTED_WITHIN_MS = 10_000;
/** How often the write is sent, where it is settled each time that it has moved nobody and what stood in its way may pass. */
const pivot_ATTEMPTS = 2;
const pivot_PAUSE_MS = 2_000;
/**
 * A run that stands still between its announcement and the write, and loses its lock there, must not send it: whoever has the lock then
 * looks for 20 s where users are before production is opened (settle-pivot.ts). Milliseconds.
 */
const ANNOUNCED_FOR_MS = 5_000;
/** How often it is announced anew before the write is given up. */
const ROUNDS = 4;
/**
 * Sends the write, once more where that is safe and may help, and resolves when users are on the stage slot. Throws before it is sent what the lock, the looks
 * at production and at the stage slot's protection, and the preparation throw; afterwards the refusal or 'switch-failed' where users have certainly not been moved, and
 * 'switch-outcome-unknown' where that could not be settled.
 */
async function moveUsers(context, marks, run, prepare) {
    context.window.spend('switch');
    const ready = await readyToMove(context, marks, run, prepare);
    let { send } = ready;
    if (ready.hasWaited && (await areSwapped(context, marks, null)))
        return;
    let announced = announcedFrom(context, marks);
    const before = await pivot_announce(context, marks);
    context.window.disarm();
    for (let attempt = 1;; attempt++) {
        const failure = await send(announced.beforeSending).then(() => null, (error) => error);
        // By itself: nothing was sent. After an answer that tells nothing (503) that answer is the failure, and it is settled.
        if (failure !== null && failure === announced.refusal()) {
            if (!isOvertaken(failure))
                await takeBack(context, before);
            throw failure;
        }
        if (failure === null || failure instanceof errors/* WrittenError */.uv)
            return arrived(context, marks, failure);
        if (await areMoved(context, marks, pivot_writeOf(context, before, failure), failure))
            return;
        try {
            if (attempt === pivot_ATTEMPTS || !pivot_mayBeSentAgain(context, failure, run))
                throw notSwitched(context, failure);
            run.progress(`the switch was not carried out (${(0,message_of/* messageOf */.b)(failure)}); once more`);
            await context.clock.sleep(pivot_PAUSE_MS, run.signal);
            ({ send } = await readyToMove(context, marks, run, prepare));
            announced = announcedFrom(context, marks);
            await pivot_announce(context, marks);
        }
        catch (error) {
            await takeBack(context, before);
            throw error;
        }
        // What Azure refused this one for may have been another swap, which has come meanwhile.
        if (await areSwapped(context, marks, failure))
            return;
    }
}
/**
 * From this moment on nobody else opens production for a while; later than that it is asked whether another run has. The lock is asked
 * for each time: the clock of a machine that stands still may stand still with it, and goes on where it stopped.
 */
function announcedFrom(context, marks) {
    const { clock } = context;
    let from = clock.now();
    return askedFirst(async () => {
        const heldSince = async (takings) => {
            await ensureStillAlone(context);
            return lockTakings(context) === takings;
        };
        const isHeld = await heldSince(lockTakings(context));
        const now = clock.now();
        if (isHeld && now >= from && now - from <= ANNOUNCED_FOR_MS)
            return; // a clock may be set back
        for (let round = 1; round <= ROUNDS; round++) {
            const takings = lockTakings(context);
            // Whoever comes next goes by the moment of the announcement: how long this write may come yet.
            await pivot_announce(context, marks);
            from = clock.now();
            // Another run that was killed, or a person, may have opened it and said so nowhere.
            await forEachDatabase(context, (pair) => assertUntouched(context, pair));
            if (await heldSince(takings))
                return;
        }
        throw lostAgain(context, ROUNDS);
    });
}
/** A profile is written only where it is as it was read; a swap is carried out whatever was, and one too many takes users back. */
async function areSwapped(context, marks, cause) {
    return context.config.switchMethod === 'slot-swap' && areMoved(context, marks, 'over', cause);
}
/**
 * Azure has carried the write out, so that users were moved. Where they are not seen there somebody has sent them back: throws
 * 'switch-outcome-unknown', and later runs read it in the journal, before anything else can end this one.
 */
async function arrived(context, marks, cause) {
    if ((await usersAfter(context, 'none')) === 'stage')
        return;
    await recordMoved(context, marks);
    if (await areMoved(context, marks, 'answered', cause))
        return;
    throw marks.version === 'V2' ? sentBack(context) : sentToV2(context);
}
/** Whether users are on the stage slot. Throws 'switch-outcome-unknown'. */
async function areMoved(context, marks, write, cause) {
    const users = await usersAfter(context, write);
    if (users === 'unknown')
        throw marks.version === 'V2'
            ? switchOutcomeUnknown(context, cause)
            : returnOutcomeUnknown(context, cause);
    return users === 'stage';
}
/**
 * Everything that has to hold at the moment at which the write is sent, and the write. What is written is read while what allows
 * it is looked at last, and again where another run may have written meanwhile. Where any of it fails, nothing was tried.
 */
async function readyToMove(context, marks, run, prepare) {
    await pivot_assertProtected(context, marks, run);
    const [hasWaited, send] = await Promise.all([assertMayMove(context), prepare()]);
    run.signal.throwIfAborted();
    if (!hasWaited)
        return { hasWaited, send };
    await pivot_assertProtected(context, marks, run);
    return { hasWaited, send: await prepare() };
}
async function pivot_assertProtected(context, marks, run) {
    if (!marks.onlyToProtected || !context.stage.standby)
        return;
    await forEachDatabase(context, (pair) => waitUntilProtected(context, pair, run, PROTECTED_WITHIN_MS));
}
/** Returns whether a lock was not had at once. */
async function assertMayMove(context) {
    const ofStage = await ensureRunLock(context, 'stage');
    const takings = lockTakings(context);
    await ensureStillAlone(context);
    await forEachDatabase(context, (pair) => assertUntouched(context, pair));
    return lockTakings(context) !== takings || ofStage === 'waited-for';
}
/**
 * Says on every stage database that the write is tried, and when; returns what they said before. It is the last look at them, also
 * where there is nothing to be said: users are not moved to a database that was deleted while the locks were asked for.
 */
function pivot_announce(context, marks) {
    return forEachDatabase(context, async (pair) => {
        if (marks.before === null)
            await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => readJournal(context, connection));
        return [pair, await markDatabase(context, 'stage', pair, marks.before)];
    });
}
/**
 * Only once it is settled that users have not been moved. A profile is written as a whole, so that a second write does
 * what the first would have done. A swap that comes late and one more would be none: it is sent again only where Azure
 * has refused it.
 */
function pivot_mayBeSentAgain({ config, window }, failure, run) {
    if (!(failure instanceof errors/* AzureError */.M6) || run.signal.aborted)
        return false;
    const readOnlyMs = (window.report()?.seconds ?? 0) * 1000;
    if (readOnlyMs >= config.maxReadOnlyMs)
        return false;
    return mayPass(failure) && !(failure.outcomeUnknown && config.switchMethod === 'slot-swap');
}
/** Of one that failed: only Azure's refusal, or ours to send it, says that nothing is under way. */
function pivot_writeOf({ config }, before, failure) {
    // Found changed before it was sent, or sent once more: by whom and to what has to be looked at.
    if (failure instanceof lib_reasons/* UpgradeError */.fy && failure.reason === 'profile-changed')
        return 'refused';
    if (failure instanceof errors/* UnendedError */.Mh)
        return 'under-way';
    // Credentials may fail while a swap goes on.
    if (!(failure instanceof errors/* AzureError */.M6) || failure.outcomeUnknown)
        return 'unknown';
    // A swap is refused also because another one is under way, and an earlier run's write may come yet.
    const firstTry = before.every(([, status]) => status === 'upgraded');
    return firstTry && config.switchMethod === 'traffic-manager' ? 'none' : 'refused';
}
/** It is settled that users were not moved: no later run has to find that out again. */
async function takeBack(context, before) {
    await Promise.all(before.map(([pair, status]) => markDatabase(context, 'stage', pair, status).catch((error) => context.log.warning(`journal of ${pair.name} not written: ${(0,message_of/* messageOf */.b)(error)}`))));
}
function notSwitched(context, cause) {
    if (cause instanceof lib_reasons/* UpgradeError */.fy)
        return cause;
    const { production, stage } = context;
    const where = `Users were not switched to ${stage.config.name}; they are still on ${production.config.name}`;
    if ((0,missing_right/* isRightMissing */.p)(cause))
        return (0,missing_right/* rightMissing */.I)(cause, `${where}. `);
    return new lib_reasons/* UpgradeError */.fy('switch-failed', where, { cause });
}

;// CONCATENATED MODULE: ./lib/steps/switch-slots.js
// The article's 2019 form: the App Service slots are swapped and Traffic Manager is left alone. The
// connection string travels with the site, so V2 keeps its database.






/** A swap warms every instance up before it exchanges them. One that has taken so long is looked for where it shows. Milliseconds. */
const SWAPPED_WITHIN_MS = 15 * 60_000;
function switchSlots(context, marks = SWITCH_MARKS) {
    const { site } = context.production.site;
    const slot = context.config.deploymentSlot;
    const connected = `${site} is connected to ${context.stage.server.name}`;
    return {
        id: 'switch',
        title: `Switch users to ${context.stage.config.name}: swap slot ${slot} of ${site} with production`,
        article: null,
        phase: 'switch',
        changes: `site ${site}: slot ${slot} and production are swapped; each keeps its database`,
        pivot: true,
        assess: async () => {
            const { production } = await (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure);
            return (0,production_slot/* sameName */.q)(production.name, context.stage.config.name) ? (0,step/* done */.Vw)(connected) : (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            await moveUsers(context, marks, run, async () => (beforeSending) => swapInTime(context, run, beforeSending));
            context.window.spend(`${marks.version} at the public name`);
            return [connected];
        },
        undo: null,
    };
}
/**
 * Not given the run's signal: a swap that was begun goes on in Azure whoever stops listening. Rejects with an unknown outcome where
 * Azure does not end it: users can only read, and nothing else would end the wait.
 */
async function swapInTime({ azure, clock, config, production }, run, beforeSending) {
    const [late, ended] = [new AbortController(), new AbortController()];
    clock.sleep(SWAPPED_WITHIN_MS, ended.signal).then(() => late.abort(notEnded(production.site)), () => { });
    try {
        await orAbort(azure.appService.swapWithProduction(production.site, config.deploymentSlot, run.progress, late.signal, beforeSending), late.signal);
    }
    finally {
        ended.abort();
    }
}
function notEnded({ site }) {
    const within = `${SWAPPED_WITHIN_MS / 60_000} min`;
    return new errors/* UnendedError */.Mh(`Azure has not ended the swap of ${site}'s slots within ${within}`, {
        status: null,
        code: null,
        correlationId: null,
        outcomeUnknown: true,
    });
}

;// CONCATENATED MODULE: ./lib/steps/switch-traffic-manager.js
// The pivot: the stage slot's endpoints take over production's status and priorities, and production's go offline with
// the higher numbers, in one write of the whole profile, so that at no moment both slots or none are online.






function switchTrafficManager(context, marks = SWITCH_MARKS, ahead = nothingRead()) {
    const { production, stage, config } = context;
    const becomes = outcome(context);
    return {
        id: 'switch',
        title: `Switch users to ${stage.config.name}: its endpoint online, ${production.config.name}'s offline`,
        article: null,
        phase: 'switch',
        changes: `one write of the profile ${config.trafficManager?.profile ?? ''}: ${becomes}`,
        pivot: true,
        assess: async () => {
            const { trafficManager } = config;
            // What is written is made of the profile as it is then, not of this one.
            const profile = ahead.observed?.profile ??
                (trafficManager && (await context.azure.trafficManager.getProfile(trafficManager)));
            const slots = profile ? endpointsOf(context, profile) : null;
            if (!profile || !slots)
                return (0,step/* blocked */.Z5)('resource-not-found', incomplete(context), 'Run phase prepare.');
            if (profile.status === 'Disabled')
                return (0,step/* blocked */.Z5)('switch-failed', disabled(profile));
            const served = (0,production_slot/* servedSlot */.YB)(config, profile);
            if (served && !served.standby && (0,production_slot/* sameName */.q)(served.slot.name, stage.config.name))
                return (0,step/* done */.Vw)('the stage endpoint is online');
            return (0,step/* toDo */.Xj)([...switch_traffic_manager_all(slots.stage), ...switch_traffic_manager_all(slots.production)].map(switch_traffic_manager_describe).join('; '));
        },
        apply: async (run) => {
            await moveUsers(context, marks, run, () => profileWrite(context, ahead));
            context.window.spend(`DNS and ${marks.version} at the public name`);
            return [`profile ${config.trafficManager?.profile ?? ''}: ${becomes}, read back`];
        },
        undo: null,
    };
}
function outcome({ production, stage }) {
    const [here, there] = [production.config, stage.config];
    const standby = here.backup && there.backup ? { from: here.backup.endpoint.name, to: there.backup.endpoint.name } : null;
    return [
        `${there.endpoint.name} Enabled`,
        ...(standby ? [`${standby.to} takes over from ${standby.from}`] : []),
        `${here.endpoint.name} Disabled`,
        ...(standby ? [`${standby.from} Disabled`] : []),
    ].join(', ');
}
function incomplete({ stage }) {
    return `The profile does not have ${stage.config.backup ? 'all four' : 'both'} endpoints`;
}
const switch_traffic_manager_all = ({ primary, standby }) => (standby ? [primary, standby] : [primary]);
/** Null where one of them is missing. */
function endpointsOf(context, profile) {
    const production = slotEndpoints(profile, context.production);
    const stage = slotEndpoints(profile, context.stage);
    return production && stage ? { production, stage } : null;
}
function slotEndpoints(profile, { config }) {
    const primary = (0,production_slot/* findEndpoint */.vS)(profile, config);
    const standby = config.backup && (0,production_slot/* findEndpoint */.vS)(profile, config.backup);
    if (!primary || (config.backup && !standby))
        return null;
    return { primary, standby };
}
/** The write, made of the profile as it is now. Throws where nobody could be moved by it; nothing is sent before it is called. */
async function profileWrite(context, ahead) {
    const { trafficManager } = context.config;
    if (!trafficManager)
        throw new lib_reasons/* UpgradeError */.fy('internal-error', 'the configuration names no profile');
    const { profile, write } = await takeProfile(context, ahead, trafficManager);
    const slots = endpointsOf(context, profile);
    if (!slots)
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', incomplete(context));
    if (profile.status === 'Disabled')
        throw new lib_reasons/* UpgradeError */.fy('switch-failed', disabled(profile));
    return async (beforeSending) => {
        await write(afterSwitch(slots, profile), beforeSending);
    };
}
function disabled({ name }) {
    return `Profile ${name} is disabled: nobody could be switched anywhere`;
}
/**
 * Whatever the endpoints were: V2's is online and comes first, its standby stands by as V1's did, and V1's are offline
 * and come after them. The slots' own priorities are dealt out anew, so that nobody else's is touched or taken.
 */
function afterSwitch({ production, stage }, profile) {
    const inOrder = [
        { endpoint: stage.primary, status: 'Enabled' },
        ...(stage.standby ? [{ endpoint: stage.standby, status: production.standby?.status ?? 'Enabled' }] : []),
        { endpoint: production.primary, status: 'Disabled' },
        ...(production.standby ? [{ endpoint: production.standby, status: 'Disabled' }] : []),
    ];
    const priorities = prioritiesFor(inOrder.map(({ endpoint }) => endpoint), profile);
    return Object.fromEntries(inOrder.map(({ endpoint, status }, place) => [
        endpoint.name,
        { status, priority: priorities[place] ?? place + 1 },
    ]));
}
/** As many different numbers as there are endpoints, in ascending order: their own, and free ones where some have none. */
function prioritiesFor(endpoints, profile) {
    const own = new Set(endpoints.map(({ priority }) => priority).filter((priority) => priority !== null));
    const names = new Set(endpoints.map(({ name }) => name));
    const taken = new Set(profile.endpoints.filter(({ name }) => !names.has(name)).map(({ priority }) => priority));
    for (let free = Math.max(0, ...own) + 1; own.size < endpoints.length; free++)
        if (!taken.has(free))
            own.add(free);
    return [...own].sort((a, b) => a - b);
}
function switch_traffic_manager_describe({ name, status, priority }) {
    return `${name} ${status}, priority ${priority ?? '-'}`;
}

;// CONCATENATED MODULE: ./lib/steps/terminate-link.js
// Planned termination, second half: the drained link is removed, that one only, and its absence is proven on
// both sides. Azure's answer alone is no proof: where the partner cannot be reached the removal "succeeds but
// the secondary doesn't become read-write until after connectivity is restored".

















const terminate_link_ATTEMPTS = 4;
const terminate_link_FIRST_PAUSE_MS = 1_000;
/** A link that is still seen so long after its removal may be another one. Milliseconds. */
const SEEN_GONE_WITHIN_MS = 5_000;
function terminateLink(context, ahead = nothingRead()) {
    const { production, stage } = context;
    return {
        id: 'terminate-link',
        title: 'Planned termination: the stage database becomes independent',
        article: null,
        phase: 'upgrade',
        changes: `the geo-replication link ${production.server.name} → ${stage.server.name} is removed; it cannot be restored, a new upgrade copies anew`,
        pivot: false,
        assess: async () => {
            const links = await forEachDatabase(context, (pair) => productionLink(context, pair));
            return links.some((link) => link !== null) ? (0,step/* toDo */.Xj)() : (0,step/* done */.Vw)('no link between production and stage');
        },
        apply: async (run) => {
            await ensureStillAlone(context); // once: all of them would ask on one connection, one after the other
            const evidence = await forEachDatabase(context, (pair) => terminate(context, ahead, pair, run));
            context.window.spend('stage read-write');
            return evidence;
        },
        undo: null,
    };
}
async function terminate(context, ahead, pair, run) {
    await assertFrozen(context, pair);
    const known = readAheadLink(ahead, pair);
    await removeLink(context, known, pair, run);
    await waitUntilAbsent(context, known, pair, run);
    const gone = `${pair.name}: neither ${context.production.server.name} nor ${context.stage.server.name} has the link any more`;
    return [gone, ...(await linksThatStay(context, pair))].join('; ');
}
/** That no other link was cut. One that is missing is told: the way on is shorter than the way to a new one. */
async function linksThatStay(context, pair) {
    const told = await Promise.all(protectionLinks(context).map((link) => linkThatStays(context, link, pair)));
    return told.filter((one) => one !== null);
}
async function linkThatStays(context, link, { name }) {
    const seen = await linkAtPrimary(context, link, name).catch((error) => new Error(`cannot be read: ${(0,message_of/* messageOf */.b)(error)}`));
    if (seen !== null && !(seen instanceof Error))
        return `${linkName(link)} is still there (${seen.state})`;
    const what = seen === null ? 'is missing' : seen.message;
    context.log.warning(`${name}: ${linkName(link)}, which protects from a disaster, ${what}`);
    return null;
}
/** An id names one link and no other: where that is gone none is removed. */
function readAheadLink({ observed }, pair) {
    return observed?.databases.find(({ name }) => name === pair.name)?.link?.id ?? null;
}
async function removeLink(context, known, pair, run) {
    let pause = terminate_link_FIRST_PAUSE_MS;
    let sent = 0;
    // Just asked when it is sent for the first time; a link that is read anew may be another run's copy.
    const asked = askedFirst(async () => {
        run.signal.throwIfAborted(); // production may have been given back by then
        if (sent++ > 0)
            await ensureStillAlone(context);
    });
    for (let attempt = 1;; attempt++) {
        // Read anew at each further attempt: the link may be gone, and then there is nothing to repeat.
        const id = (attempt === 1 && known) || (await linkId(context, pair, run));
        if (!id)
            return;
        try {
            await orAbort(context.azure.sql.removeLink(pair.production, id, asked.beforeSending), run.signal);
            return;
        }
        catch (error) {
            run.signal.throwIfAborted();
            if (asked.refusal() !== null)
                throw asked.refusal();
            if ((0,missing_right/* isRightMissing */.p)(error))
                throw (0,missing_right/* rightMissing */.I)(error, `The link of ${pair.name} was not removed. `);
            if (attempt === terminate_link_ATTEMPTS || !mayPass(error))
                throw notTerminated(context, pair, error);
            run.progress(`${pair.name}: removing the link answered ${(0,message_of/* messageOf */.b)(error)}; reading back`);
            await context.clock.sleep(pause, run.signal);
            pause *= 2;
        }
    }
}
async function linkId(context, pair, run) {
    const links = await orAbort(context.azure.sql.listLinks(pair.production), run.signal);
    return linkToSecondary(links, pair.stage)?.id ?? null;
}
/** @param known the id that was removed without being looked up; null where it was. */
async function waitUntilAbsent(context, known, pair, run) {
    let toCheck = known;
    const startedAt = context.clock.now();
    const until = startedAt + context.config.drainTimeoutMs;
    for (;;) {
        run.signal.throwIfAborted();
        const linked = await Promise.all([productionLink(context, pair), stageStillLinked(context, pair)]);
        const seen = [context.production, context.stage]
            .filter((_slot, end) => linked[end])
            .map(({ server }) => server.name);
        if (seen.length === 0)
            return;
        if (context.clock.now() > until)
            throw notTerminated(context, pair, null, `${seen.join(' and ')} still has it`);
        if (toCheck !== null && context.clock.now() - startedAt > SEEN_GONE_WITHIN_MS) {
            await removeOther(context, toCheck, pair, run);
            toCheck = null;
        }
        await context.clock.sleep(pauseAfter(context.clock.now() - startedAt, USERS_WAIT), run.signal);
    }
}
/** Azure may answer the removal of a link that is not there with 204: it was made anew meanwhile, under an id of its own. */
async function removeOther(context, removed, pair, run) {
    const id = await linkId(context, pair, run);
    if (id === null || id === removed)
        return;
    await ensureStillAlone(context);
    await removeLink(context, id, pair, run);
}
async function stageStillLinked(context, pair) {
    return context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
        return linkTo(await readLinks(connection), context.production.server.name) !== null;
    });
}
function notTerminated(context, pair, cause, why = '') {
    const { server, database, resourceGroup } = pair.production;
    return new lib_reasons/* UpgradeError */.fy('link-termination-failed', `The link of ${database} from ${server} to ${context.stage.server.name} could not be removed${why ? `: ${why}` : ''}`, { cause, advice: [(0,command_line/* shell */.vf) `az sql db replica list-links -g ${resourceGroup} -s ${server} -n ${database}`] });
}

;// CONCATENATED MODULE: ./lib/steps/verify-serving.js
// Before V1 goes for good: V2 has been seen to serve, and it does so now, at the name that users open.







function verifyServing(context) {
    const { expectedVersion } = context.config.health;
    return {
        id: 'verify-serving',
        title: `Version ${expectedVersion} still answers at the public name`,
        article: null,
        phase: 'cleanup',
        changes: '',
        pivot: false,
        assess: async () => {
            const { databases } = await observe(context);
            const unseen = databases.find(({ production }) => production.journal?.status !== 'serving');
            if (unseen) {
                return (0,step/* blocked */.Z5)('phase-not-applicable', `${unseen.name} on ${context.production.server.name} says that users were switched to it, not that V2 was seen to answer them (${unseen.production.journal?.status ?? 'no entry'})`, 'Run phase switch: it asks V2 at the public name, and records that it serves. Then run cleanup.');
            }
            const left = await leftOnV1(context);
            return left ? blockedBy(left) : (0,step/* toDo */.Xj)();
        },
        apply: async (run) => {
            const { profile, sites } = await observe(context);
            const name = verify_public_publicName(context, profile?.fqdn ?? sites.production?.defaultHostName ?? null);
            if (!name)
                throw new lib_reasons/* UpgradeError */.fy('resource-not-found', 'There is no public name to ask');
            const wait = await waitForHealth(context, name, run, { timeoutMs: context.config.health.timeoutMs });
            if (wait.kind === 'healthy')
                return [wait.evidence];
            throw new lib_reasons/* UpgradeError */.fy('production-unhealthy', `V1 is kept: version ${expectedVersion} does not answer at ${name} now: ${wait.evidence}`, {
                advice: [
                    'Mend V2 first, or go back to V1 (phase rollback); then run cleanup again.',
                    'Where health.expected-version names a later version already, run cleanup with the one that serves.',
                ],
            });
        },
        undo: null,
    };
}

;// CONCATENATED MODULE: ./lib/steps/verify-stage.js
// Before anybody is sent there: the upgrade is complete, and V2 answers at its own address. Whether anything was written to
// production since the freeze is asked at the pivot.











function verifyStage(context, ahead = nothingRead()) {
    const { expectedVersion } = context.config.health;
    return {
        id: 'verify-stage',
        title: `Version ${expectedVersion} answers at the stage site's own address`,
        article: null,
        phase: 'switch',
        changes: '',
        pivot: false,
        waitsFor: 'V2 to answer',
        assess: async () => {
            const missing = (await forEachDatabase(context, (pair) => whyNotUpgraded(context, pair))).find(Boolean);
            if (!missing)
                return (0,step/* toDo */.Xj)();
            return (0,step/* blocked */.Z5)('stage-not-upgraded', `The stage database is not upgraded: ${missing}`, 'Run phase upgrade first.');
        },
        apply: async (run) => {
            context.window.spend('verify V2');
            askForProfile(context, ahead);
            return [await waitForStage(context, ahead, run)];
        },
        undo: null,
    };
}
/** By what the databases say themselves: users wait, and Resource Manager is slower to ask. */
async function whyNotUpgraded(context, pair) {
    const { production, stage } = context;
    const where = `${pair.name} on ${stage.server.name}`;
    const [frozen, entry] = await Promise.all([
        context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) => lookAtAll(connection, { links: LINKS, journal: journalOf(context) })),
        context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) => readJournal(context, connection)),
    ]);
    if (linkTo(frozen.links, stage.server.name))
        return `${where} is still linked to ${production.server.name}`;
    if (isUpgradedCopy(production.server.name, frozen.journal, entry))
        return null;
    return `${where} says "${entry?.status ?? 'nothing'}"`;
}
async function hostOfStage(context, { observed }) {
    const { site } = context.stage;
    const known = observed?.sites.stage ?? (await context.azure.appService.getSite(site));
    if (known?.defaultHostName)
        return known.defaultHostName;
    throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The stage site ${site.site} does not exist`);
}
async function waitForStage(context, ahead, run) {
    const { site, resourceGroup } = context.stage.site;
    const host = await hostOfStage(context, ahead);
    const { timeoutMs } = context.config.health;
    const wait = await whileThere(context, 'stage', run, (watched) => waitForHealth(context, host, watched, { timeoutMs, usersWait: true }));
    if (wait.kind === 'healthy')
        return wait.evidence;
    throw new lib_reasons/* UpgradeError */.fy('stage-unhealthy', `Version ${context.config.health.expectedVersion} does not answer at the stage site: ${wait.evidence}`, {
        advice: [
            `Deploy V2 to ${site} and look at its log: ${(0,command_line/* shell */.vf) `az webapp log tail -g ${resourceGroup} -n ${site}`}`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/verify-standby.js
// Before anybody is sent to the stage slot: it could take over a disaster. V2 answers in the backup region as well (it
// reads: its database is a readable geo-secondary), and that database has caught up.









/** @param ahead tells where V2's site there answers, if that was read before the freeze. */
function verifyStandby(context, ahead = nothingRead()) {
    const { health, drainTimeoutMs } = context.config;
    return {
        id: 'verify-standby',
        title: `Version ${health.expectedVersion} answers in the backup region, and its database has caught up`,
        article: null,
        phase: 'switch',
        changes: '',
        pivot: false,
        waitsFor: 'V2 to answer, and replication to the backup region',
        assess: async () => (0,step/* toDo */.Xj)(),
        apply: async (run) => {
            const answered = await waitForStandby(context, ahead, run);
            const caughtUp = await forEachDatabase(context, (pair) => waitUntilProtected(context, pair, run, drainTimeoutMs));
            return [answered, ...caughtUp];
        },
        undo: null,
    };
}
/**
 * Where slots are swapped the backup region comes first: a switch that goes on, after its pivot was held, finds V2 in
 * production there. Throws 'production-slot-unclear'.
 */
async function siteOfV2(context) {
    const backup = (0,regions/* inBackupRegion */._W)(context);
    if (context.config.switchMethod !== 'slot-swap')
        return backup.stage.site;
    const { production } = await (0,production_slot/* readSlotRoles */.Kp)(backup.config, context.azure);
    const isSwapped = (0,production_slot/* sameName */.q)(production.name, context.stage.config.name);
    return { ...backup.stage.site, deploymentSlot: isSwapped ? null : context.config.deploymentSlot };
}
async function waitForStandby(context, ahead, run) {
    const { health } = context.config;
    const ref = await siteOfV2(context);
    const host = ahead.standbyHost ?? (await context.azure.appService.getSite(ref))?.defaultHostName;
    if (!host) {
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The stage slot's site in the backup region, ${ref.site}, does not exist`);
    }
    const wait = await waitForHealth(context, host, run, { timeoutMs: health.timeoutMs, usersWait: true });
    if (wait.kind === 'healthy')
        return wait.evidence;
    const slot = ref.deploymentSlot === null ? [] : ['--slot', ref.deploymentSlot];
    const tail = (0,command_line/* command */.G5)('az', 'webapp', 'log', 'tail', '-g', ref.resourceGroup, '-n', ref.site, ...slot);
    throw new lib_reasons/* UpgradeError */.fy('standby-unhealthy', `Version ${health.expectedVersion} does not answer at the stage slot's site in the backup region: ${wait.evidence}`, {
        advice: [
            `Deploy V2 to it and look at its log: ${tail}`,
            `Its database is a geo-secondary, which only reads: ${health.path} must answer one of health.expected-status without writing.`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/steps/verify-v1-standby.js
// V1's part in the backup region, before users go back to V1: its geo-secondary and its site are there until cleanup.
// Users are not sent to less protection than they have; where V2 has none either, as when the backup region is lost,
// going back is not refused for it.








/**
 * Returns what V1 has there; nothing in single-region. Throws 'standby-missing', 'standby-not-caught-up' and
 * 'standby-unhealthy'.
 * @param context one that expects V1's version.
 */
async function verifyV1Standby(context, run) {
    if (!context.stage.standby)
        return [];
    const seen = await forEachDatabase(context, (pair) => verify_v1_standby_lookAt(context, pair));
    const evidence = seen.map((one) => one.evidence);
    const [v2] = seen.flatMap((one) => (one.v2Unprotected === null ? [] : [one.v2Unprotected]));
    if (v2 !== undefined) {
        context.log.warning(`V2 has no geo-secondary that has caught up (${v2}); it is not asked of V1 either`);
        return evidence;
    }
    const unprotected = seen.find((one) => one.state !== 'CATCH_UP');
    if (unprotected)
        throw v1Unprotected(context, unprotected);
    return [...evidence, await waitForSite(context, run)];
}
async function verify_v1_standby_lookAt(context, pair) {
    const link = (0,regions/* stageToStandby */.VA)(context);
    const [v1, v2Unprotected] = await Promise.all([
        linkAtPrimary(context, link, pair.name),
        observeDatabase(context, pair).then((seen) => whyUnprotected(context, seen)),
    ]);
    const state = v1?.state ?? null;
    const evidence = `${pair.name}: V1's disaster recovery ${linkName(link)} is ${state ?? 'not there any more'}`;
    return { name: pair.name, state, evidence, v2Unprotected };
}
function v1Unprotected(context, { name, state, evidence }) {
    const { from, to } = (0,regions/* stageToStandby */.VA)(context);
    const v1 = ['-g', from.config.sqlResourceGroup, '-s', from.config.sqlServer, '-n', name];
    const message = `Users are not sent back to V1, which would leave them without a geo-secondary: ${evidence}`;
    if (state === null) {
        const partner = [
            '--partner-server',
            to.config.sqlServer,
            '--partner-resource-group',
            to.config.sqlResourceGroup,
        ];
        const create = (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'create', ...v1, ...partner);
        const advice = [create, 'Run rollback again once it has caught up.'];
        return new lib_reasons/* UpgradeError */.fy('standby-missing', message, { advice });
    }
    const list = (0,command_line/* command */.G5)('az', 'sql', 'db', 'replica', 'list-links', ...v1);
    const advice = [list, 'Run rollback again once it says CATCH_UP.'];
    return new lib_reasons/* UpgradeError */.fy('standby-not-caught-up', message, { advice });
}
async function waitForSite(context, run) {
    const ref = (0,regions/* standbyOf */.Lu)(context, 'stage').site;
    const host = (await context.azure.appService.getSite(ref))?.defaultHostName;
    const wait = host
        ? await waitForHealth(context, host, run, { timeoutMs: context.config.health.timeoutMs })
        : { kind: 'not-healthy', evidence: `${ref.site} does not exist` };
    if (wait.kind === 'healthy')
        return wait.evidence;
    const slot = ref.deploymentSlot === null ? [] : ['--slot', ref.deploymentSlot];
    const start = (0,command_line/* command */.G5)('az', 'webapp', 'start', '-g', ref.resourceGroup, '-n', ref.site, ...slot);
    throw new lib_reasons/* UpgradeError */.fy('standby-unhealthy', `V1's site in the backup region is not healthy, and users are not sent back to V1: ${wait.evidence}`, { advice: [start, 'Run rollback again.'] });
}

;// CONCATENATED MODULE: ./lib/steps/verify-v1.js
// Before users are sent back to V1: its site is asked at its own address, and what it has in the backup region. Nobody
// has looked at it since the switch.





/** @param v1Version what V1's site answered just now; null where it answered no version. */
function verifyV1(context, v1Version) {
    const { site } = context.stage.site;
    return {
        id: 'verify-v1',
        title: context.stage.standby
            ? `V1 answers at the address of ${site}, and has its standby`
            : `V1 answers at the address of ${site}`,
        article: null,
        phase: 'rollback',
        changes: '',
        pivot: false,
        assess: async () => {
            if (v1Version !== null)
                return (0,step/* toDo */.Xj)(`version ${v1Version}`);
            return (0,step/* blocked */.Z5)('stage-unhealthy', `V1's site ${site} does not answer with a version: users are not sent there`, ...advice(context));
        },
        apply: async (run) => {
            const v1 = withVersion(context, v1Version);
            const host = (await context.azure.appService.getSite(context.stage.site))?.defaultHostName;
            if (!host)
                throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `V1's site ${site} does not exist any more`);
            const wait = await waitForHealth(v1, host, run, { timeoutMs: context.config.health.timeoutMs });
            if (wait.kind === 'healthy')
                return [wait.evidence, ...(await verifyV1Standby(v1, run))];
            throw new lib_reasons/* UpgradeError */.fy('stage-unhealthy', `V1's site is not healthy, and users are not sent there: ${wait.evidence}`, { advice: advice(context) });
        },
        undo: null,
    };
}
function advice({ stage, config }) {
    const { site, resourceGroup } = stage.site;
    return [
        `Start V1's site and look at its log: ${(0,command_line/* shell */.vf) `az webapp start -g ${resourceGroup} -n ${site}`}; ${(0,command_line/* shell */.vf) `az webapp log tail -g ${resourceGroup} -n ${site}`}`,
        `Its database is read-only until users come back: what ${config.health.path} answers then must be among health.expected-status.`,
    ];
}
/** The same context expecting another version to answer: V1's, which the configuration does not name any more. */
function withVersion(context, version) {
    if (!version)
        return context;
    const health = { ...context.config.health, expectedVersion: version };
    return { ...context, config: { ...context.config, health } };
}

;// CONCATENATED MODULE: ./lib/steps/wait-for-dns.js
// Before V1 is touched: resolvers that still hold the old answer have to let it go. Users who come by them are on
// V1's site until then, and reading it.



/** On top of the time to live: clocks that differ, and resolvers that round up. */
const wait_for_dns_MARGIN_MS = 2_000;
function waitForDns(context) {
    return {
        id: 'wait-for-dns',
        title: "Wait until no resolver holds V1's address any more",
        article: null,
        phase: 'cleanup',
        changes: '',
        waitsFor: 'the time to live of old DNS answers',
        pivot: false,
        assess: async () => {
            const { left, ttlMs } = await wait_for_dns_timeLeft(context);
            const rule = `time to live ${(0,humane/* formatDuration */.a3)(ttlMs)}`;
            return left <= 0
                ? (0,step/* done */.Vw)(`longer ago than the ${rule}`)
                : (0,step/* toDo */.Xj)(`${(0,humane/* formatDuration */.a3)(left)} left of the ${rule}`);
        },
        apply: async (run) => {
            const { left, ttlMs } = await wait_for_dns_timeLeft(context);
            run.progress(`waiting ${(0,humane/* formatDuration */.a3)(left)}: users may still come to V1 by an old DNS answer`);
            await context.clock.sleep(Math.max(0, left), run.signal);
            return [`the switch was longer ago than the time to live of ${(0,humane/* formatDuration */.a3)(ttlMs)}`];
        },
        undo: null,
    };
}
/** Milliseconds that are left since users were seen on V2; none where the switch was not by DNS. */
async function wait_for_dns_timeLeft(context) {
    const { profile, databases } = await observe(context);
    const ttlMs = (profile?.ttlSeconds ?? 0) * 1000;
    if (context.config.switchMethod === 'slot-swap')
        return { left: 0, ttlMs };
    const since = databases[0]?.production.journal?.at;
    if (!since)
        return { left: 0, ttlMs };
    return { left: Date.parse(since) + ttlMs + wait_for_dns_MARGIN_MS - context.clock.now(), ttlMs };
}

;// CONCATENATED MODULE: ./lib/steps/wait-for-seeding.js
// "Monitor the secondary to see if the seeding process is completed": the stage database, and where there is a backup
// region the stage database's own geo-secondary.








/** Until the stage database has caught up with production. */
function waitForSeeding(context) {
    return {
        ...waitFor(context, (0,regions/* productionToStage */.Nh)(context), 'prepare'),
        id: 'wait-for-seeding',
        title: 'Wait until the stage database has caught up',
        waitsFor: 'seeding of the stage database',
    };
}
/** Until the stage database's geo-secondary in the backup region has caught up with it. */
function waitForStandbySeeding(context) {
    return {
        ...waitFor(context, (0,regions/* stageToStandby */.VA)(context), context.config.standbyMode === 'chained' ? 'prepare' : 'upgrade'),
        id: 'wait-for-standby-seeding',
        title: 'Wait until the backup region has caught up with the stage database',
        waitsFor: 'seeding in the backup region',
    };
}
function waitFor(context, geoLink, phase) {
    return {
        article: null,
        phase,
        changes: '',
        pivot: false,
        assess: (run) => orAbort(wait_for_seeding_assess(context, geoLink), run.signal),
        apply: (run) => forEachDatabase(context, ({ name }) => waitForDatabase(context, { geoLink, phase, name }, run)),
        undo: null,
    };
}
async function wait_for_seeding_assess(context, geoLink) {
    const seen = await forEachDatabase(context, ({ name }) => seeding_seedingOf(context, geoLink, name));
    if (seen.some((one) => one.kind === 'no-link'))
        return (0,step/* later */.NU)('there is no link yet');
    const waiting = seen.filter((one) => one.kind === 'seeding');
    return waiting.length === 0
        ? (0,step/* done */.Vw)(...seen.map((one) => one.evidence))
        : (0,step/* toDo */.Xj)(...waiting.map((one) => one.evidence));
}
async function waitForDatabase(context, waiting, run) {
    const { geoLink, phase, name } = waiting;
    const { clock } = context;
    const startedAt = clock.now();
    const until = startedAt + context.config.seedingTimeoutMs;
    const progress = seedingProgress(context, name, run);
    try {
        for (;;) {
            const seen = await orAbort(seeding_seedingOf(context, geoLink, name), run.signal);
            const { kind, percent, evidence } = seen;
            if (kind === 'caught-up') {
                progress.finish(evidence);
                return evidence;
            }
            progress.update(percent, evidence);
            if (clock.now() > until)
                throw notSeeded(context, phase, evidence);
            await clock.sleep(pauseAfter(clock.now() - startedAt, SEEDING_PACE), run.signal);
        }
    }
    catch (error) {
        progress.stop('it goes on in Azure');
        throw error;
    }
}
/** What a person can do about it, by the phase that waited. */
const wait_for_seeding_ADVICE = {
    prepare: 'Run prepare again: it goes on waiting where this run stopped. Production is not affected.',
    upgrade: 'Users were read-only for this seeding. Give it more time (seeding.timeout, max-read-only) before the next upgrade.',
};
function notSeeded(context, phase, evidence) {
    return new lib_reasons/* UpgradeError */.fy('seeding-not-complete', `Seeding is not complete after ${Math.round(context.config.seedingTimeoutMs / 60_000)} minutes (${evidence}); it goes on in Azure`, { advice: [wait_for_seeding_ADVICE[phase]] });
}

;// CONCATENATED MODULE: ./lib/topologies/article.js
/**
 * The step under the article's number, e.g. "(3)".
 * @param back the number of what takes it back, or of what becomes of it on the way back.
 */
function numbered(article, step, back) {
    if (back === undefined)
        return { ...step, article };
    if (step.undo)
        return { ...step, article, undo: { ...step.undo, what: `${back} ${step.undo.what}` } };
    return step.wayBack === undefined
        ? { ...step, article }
        : { ...step, article, wayBack: `${back} ${step.wayBack}` };
}

;// CONCATENATED MODULE: ./lib/topologies/geo-redundant.js






























function geoRedundant(context, v1Version) {
    const { config } = context;
    const bySlotSwap = config.switchMethod === 'slot-swap';
    const pivot = bySlotSwap ? switchSlots : switchTrafficManager;
    const ahead = nothingRead();
    const chained = config.standbyMode === 'chained';
    const inGroups = config.slots.some((slot) => slot.failoverGroup !== null);
    const standbyDatabase = [
        numbered('(3)', createStandbySecondary(context)),
        numbered('(3)', waitForStandbySeeding(context)),
    ];
    const script = numbered('(8)', runUpgradeScript(context), '(13)');
    return {
        guards: geoRedundantGuards(config),
        prepare: [
            {
                sideBySide: [
                    [
                        numbered('(1)', createSecondary(context), '(13)'),
                        numbered('(1)', waitForSeeding(context)),
                        ...(chained ? standbyDatabase : []),
                    ],
                    [numbered('(1)', stageSite(context))],
                    [numbered('(4)', standbySite(context))],
                ],
            },
            ...(bySlotSwap ? [] : [numbered('(5)', failoverProfile(context))]),
        ],
        upgrade: [
            makeReady(context, ahead),
            numbered('(6)', freezeProduction(context), '(12)'),
            numbered('(7)', drain(context)),
            numbered('(7)', terminateLink(context, ahead)),
            numbered('(8)', makeStageWritable(context), '(13)'),
            ...(chained ? [script] : [{ sideBySide: [[script], standbyDatabase] }]),
            numbered('(8)', drainStandby(context)),
        ],
        switch: [
            { sideBySide: [[verifyStage(context, ahead)], [verifyStandby(context, ahead)]] },
            ...(bySlotSwap ? [swapStandby(context)] : []),
            numbered('(9)', pivot(context, SWITCH_MARKS, ahead)),
            verifyPublic(context),
            ...(inGroups ? [carryFailoverGroup(context, 'stage')] : []),
        ],
        finishSwitch: [finishSwitch(context), ...(inGroups ? [carryFailoverGroup(context, 'production')] : [])],
        cleanup: [
            waitForDns(context),
            verifyServing(context),
            removeV1FailoverGroup(context),
            numbered('(10)', removeV1Standby(context)),
            numbered('(10)', removeV1StandbySite(context)),
            numbered('(11)', removeV1Database(context)),
            numbered('(11)', removeV1Site(context)),
        ],
        returnToV1: [
            verifyV1(context, v1Version),
            freezeV2(context),
            numbered('(12)', giveBackV1(context)),
            ...(bySlotSwap ? [swapStandby(context)] : []),
            pivot(context, RETURN_MARKS),
            verifyPublic(withVersion(context, v1Version), RETURN_MARKS),
        ],
    };
}

;// CONCATENATED MODULE: ./lib/guards/one-region.js



/** The topology: a copy in another region would put V2's site far from its users or from its data. */
const oneRegion = {
    id: 'one-region',
    title: 'Both SQL servers are in one region',
    phases: ['prepare', 'upgrade'],
    check: async ({ production, stage }) => {
        const [here, there] = [production.server, stage.server];
        if (here.location === null || there.location === null)
            return (0,verdict/* notKnowable */.ZM)(`where ${here.name} and ${there.name} are is not known`);
        if (sameRegion(here.location, there.location)) {
            return (0,verdict/* pass */.IX)(`${here.name} and ${there.name} are in ${here.location}`);
        }
        return (0,verdict/* fail */.fJ)('region-mismatch', `${here.name} is in ${here.location}, ${there.name} in ${there.location}`, `Name a server of ${here.location} for slot ${stage.config.name}; this creates one:`, (0,command_line/* shell */.vf) `az sql server create -g ${stage.config.sqlResourceGroup} -n SERVER -l ${regionName(here.location)} --enable-ad-only-auth --external-admin-principal-type Group --external-admin-name NAME --external-admin-sid OBJECT_ID`);
    },
};

;// CONCATENATED MODULE: ./lib/guards/single-region.js






















/** The guards of this configuration: how users are switched decides which of them have a meaning. */
function singleRegionGuards(config) {
    const bySlotSwap = config.switchMethod === 'slot-swap';
    return [
        upgradeScript,
        oneRegion,
        databaseNames,
        azurePermissions,
        sqlServerReachable,
        sqlPermissions,
        stageLogins,
        stageFirewall,
        serviceTier,
        customerManagedKey,
        ledgerDigests,
        replicationLinks,
        failoverGroup,
        ...fenceGuards(config),
        ...(bySlotSwap ? [connectionStringTravels] : [priorityRouting, sameRegionEndpoints, publicName]),
        stageSiteIdentical,
        productionHealthy,
        stageVersion,
        timeLeft,
    ];
}

;// CONCATENATED MODULE: ./lib/topologies/single-region.js
























function singleRegion(context, v1Version) {
    const bySlotSwap = context.config.switchMethod === 'slot-swap';
    const pivot = bySlotSwap ? switchSlots : switchTrafficManager;
    const ahead = nothingRead();
    return {
        guards: singleRegionGuards(context.config),
        prepare: [
            numbered('(1)', createSecondary(context), '(9)'),
            numbered('(1)', waitForSeeding(context)),
            numbered('(1)', stageSite(context)),
            ...(bySlotSwap ? [] : [numbered('(2)', failoverProfile(context))]),
        ],
        upgrade: [
            makeReady(context, ahead),
            numbered('(3)', freezeProduction(context), '(8)'),
            numbered('(4)', drain(context)),
            numbered('(4)', terminateLink(context, ahead)),
            numbered('(5)', makeStageWritable(context), '(9)'),
            numbered('(5)', runUpgradeScript(context), '(9)'),
        ],
        switch: [
            verifyStage(context, ahead),
            numbered('(6)', pivot(context, SWITCH_MARKS, ahead)),
            verifyPublic(context),
        ],
        finishSwitch: [finishSwitch(context)],
        cleanup: [
            waitForDns(context),
            verifyServing(context),
            numbered('(7)', removeV1Database(context)),
            numbered('(7)', removeV1Site(context)),
        ],
        returnToV1: [
            verifyV1(context, v1Version),
            freezeV2(context),
            numbered('(8)', giveBackV1(context)),
            pivot(context, RETURN_MARKS),
            verifyPublic(withVersion(context, v1Version), RETURN_MARKS),
        ],
    };
}

;// CONCATENATED MODULE: ./lib/topologies/topologies.js


/** @param v1Version what V1's site answers, for the return to V1 alone; null where that is not what is done. */
function topologyPlan(context, v1Version) {
    switch (context.config.topology) {
        case 'single-region':
            return singleRegion(context, v1Version);
        case 'geo-redundant':
            return geoRedundant(context, v1Version);
    }
}

// EXTERNAL MODULE: ./lib/engine/plan.js
var plan = __webpack_require__(98479);
// EXTERNAL MODULE: ./lib/engine/run.js
var engine_run = __webpack_require__(61079);
// EXTERNAL MODULE: ./lib/guards/guard.js
var guard = __webpack_require__(6507);
;// CONCATENATED MODULE: ./lib/phases/applicability.js
const run = { kind: 'run' };
const applicability_look = { kind: 'look' };
const nothing = (why) => ({ kind: 'nothing-to-do', why });
const refuse = (reason, why, advice) => ({
    kind: 'refuse',
    reason,
    why,
    advice,
});
const mend = {
    kind: 'mend',
    why: 'an earlier run left production read-only with the upgrade not complete',
};
const notReadable = refuse('resource-not-found', 'production cannot be read, so it is not known where the upgrade stands', 'Make the production database reachable, then run again.');
const NO_V1 = 'There is no V1 to remove. To give the prepared upgrade up run rollback with rollback.stage: remove in the configuration.';
const TABLE = {
    prepare: {
        'not-prepared': run,
        seeding: run,
        prepared: run,
        compromised: run, // its first step says what is in the way
        frozen: mend,
        upgraded: refuse('phase-not-applicable', 'an upgrade waits for its switch', 'Run switch, or rollback.'),
        switched: refuse('phase-not-applicable', 'the last upgrade still has its V1', 'Run cleanup first.'),
        unknown: notReadable,
    },
    upgrade: {
        'not-prepared': refuse('phase-not-applicable', 'there is no stage database', 'Run prepare first.'),
        seeding: refuse('seeding-not-complete', 'the stage database is still being copied', 'Run prepare: it waits.'),
        prepared: run,
        frozen: run, // goes on where it stopped, or goes back
        upgraded: nothing('the stage database is upgraded already'),
        switched: nothing('users are on the upgraded slot already'),
        compromised: refuse('stage-compromised', 'the stage database was cut off by an earlier upgrade that went back', 'Run rollback with rollback.stage: remove in the configuration, then prepare.'),
        unknown: notReadable,
    },
    switch: {
        'not-prepared': refuse('stage-not-upgraded', 'there is no stage database', 'Run prepare and upgrade first.'),
        seeding: refuse('stage-not-upgraded', 'the stage database is being copied', 'Run prepare and upgrade first.'),
        prepared: refuse('stage-not-upgraded', 'the stage database is not upgraded', 'Run upgrade first.'),
        frozen: mend,
        upgraded: run,
        switched: applicability_look, // a killed switch may not have seen V2 serve
        compromised: refuse('stage-compromised', 'the stage database is not usable', 'Run rollback with rollback.stage: remove in the configuration, then prepare and upgrade again.'),
        unknown: notReadable,
    },
    cleanup: {
        'not-prepared': applicability_look, // a killed cleanup may have left the site
        seeding: refuse('phase-not-applicable', 'the next upgrade is being prepared', NO_V1),
        prepared: refuse('phase-not-applicable', 'the next upgrade is prepared', NO_V1),
        frozen: mend,
        upgraded: refuse('phase-not-applicable', 'users are still on V1', 'Run switch first.'),
        switched: run,
        compromised: refuse('phase-not-applicable', 'the stage database is not the V1 that production was upgraded from, or it was made writable since', 'To remove it run rollback with rollback.stage: remove in the configuration.'),
        unknown: notReadable,
    },
    rollback: {
        'not-prepared': nothing('no upgrade is in progress'),
        seeding: run,
        prepared: run,
        frozen: run,
        upgraded: run,
        switched: run, // only with the confirmation
        compromised: run,
        unknown: run, // giving production back needs no more than production
    },
};
/** Whether a phase may begin in a state. */
function applicability(phase, state) {
    return TABLE[phase][state];
}

// EXTERNAL MODULE: ./lib/phases/as-upgrade-error.js + 1 modules
var as_upgrade_error = __webpack_require__(38887);
;// CONCATENATED MODULE: ./lib/application/roles-from-freeze.js





/**
 * The slot whose database is read-only by its own entry `freezing`, where the other slot's database says that no
 * switch was tried, or is gone for good. Where both are silent the backup region is asked. Null where nothing tells.
 */
async function readRolesFromFreeze(parts) {
    const [one, two] = parts.config.slots;
    const [first, second] = [await roles_from_freeze_look(parts, one), await roles_from_freeze_look(parts, two)];
    if (frozenByUs(first, one) && neverSwitched(second))
        return roles(one, two);
    if (frozenByUs(second, two) && neverSwitched(first))
        return roles(two, one);
    return first === 'silent' && second === 'silent' ? rolesInBackupRegion(parts) : null;
}
/**
 * With slot swaps the site that says who is production is lost with its region; the one in the backup region says what
 * users find there. Null where it does not answer either.
 */
async function rolesInBackupRegion({ config, azure }) {
    const [one, two] = config.slots;
    if (config.switchMethod !== 'slot-swap' || !one.backup || !two.backup)
        return null;
    const there = (slot, backup) => ({ ...slot, ...backup, backup: null });
    try {
        const slots = [there(one, one.backup), there(two, two.backup)];
        const { production, evidence } = await (0,production_slot/* readSlotRoles */.Kp)({ ...config, slots }, azure);
        const [first, second] = (0,production_slot/* sameName */.q)(production.name, one.name) ? [one, two] : [two, one];
        return { production: first, stage: second, evidence: `in the backup region ${evidence}` };
    }
    catch {
        return null;
    }
}
function frozenByUs(seen, slot) {
    if (typeof seen === 'string' || !seen.readOnly || !seen.journal)
        return false;
    return seen.journal.status === 'freezing' && (0,production_slot/* sameName */.q)(seen.journal.server, slot.sqlServer);
}
/** A stage database that is only silent may have been switched to: then nothing is known. */
function neverSwitched(seen) {
    if (seen === 'gone')
        return true;
    if (seen === 'silent')
        return false;
    return !seen.journal || !V2_STATUSES.includes(seen.journal.status);
}
async function roles_from_freeze_look({ config, azure, sessions }, slot) {
    const ref = { resourceGroup: slot.sqlResourceGroup, server: slot.sqlServer };
    const database = config.databases[0] ?? '';
    try {
        const server = await azure.sql.getServer(ref);
        if (!server || !(await azure.sql.getDatabase({ ...ref, database })))
            return 'gone';
        const target = { host: server.fullyQualifiedDomainName, database, purpose: `${slot.name} ${database}` };
        return await sessions.on(target, async (connection) => {
            const text = await readJournalProperty(connection);
            return {
                readOnly: (await readAccessMode(connection)) === 'read-only',
                journal: text === null ? null : decodeJournal(text),
            };
        });
    }
    catch {
        return 'silent';
    }
}
function roles(production, stage) {
    return {
        production,
        stage,
        evidence: `the database on ${production.sqlServer} was frozen by this tool and no switch was tried, so users are on ${production.name}`,
    };
}

;// CONCATENATED MODULE: ./lib/phases/failed-over.js
// After a disaster a person lets production's geo-secondaries take over, all or one by one. From then on such a database,
// in the backup region, is production's.


/**
 * The application with production's databases where they are now: its two regions exchanged where all of them were failed
 * over, single databases on the standby's server where only those were; else as it is. Never throws: where nobody tells
 * of a database, it is not taken for failed over.
 */
async function failedOver(context) {
    const { production, databases } = context;
    const { standby } = production;
    if (!standby)
        return context;
    const moved = await Promise.all(databases.map(({ name }) => standbyIsPrimary(context, name)));
    const on = moved.every(Boolean) ? exchangeRegions(production) : production;
    const found = databases.map((pair, index) => ({
        ...pair,
        production: (0,regions/* databaseOn */.zV)(moved[index] ? standby : production, pair.name),
    }));
    if (isAsBefore(found, databases))
        return context;
    context.log.warning(`The database was failed over: ${failed_over_told({ databases: found })}`);
    return { ...context, production: on, databases: found };
}
/** "contoso is on contoso-sql-dr, billing is on contoso-sql-1". */
function failed_over_told({ databases }) {
    return databases.map(({ name, production }) => `${name} is on ${production.server}`).join(', ');
}
function isAsBefore(found, before) {
    return found.every(({ production }, index) => (0,production_slot/* sameName */.q)(production.server, before[index]?.production.server ?? ''));
}
function exchangeRegions(slot) {
    if (!slot.standby || !slot.config.backup)
        return slot;
    const { name, failoverGroup } = slot.config;
    const config = { ...slot.config.backup, name, failoverGroup, backup: slot.config };
    return { ...slot.standby, config, standby: { config: slot.config, server: slot.server, site: slot.site } };
}
/** Asked of the backup region, which knows it also while the primary region is silent. */
async function standbyIsPrimary({ azure, production }, name) {
    if (!production.standby)
        return false;
    const standby = (0,regions/* databaseOn */.zV)(production.standby, name);
    try {
        const [info, links] = await Promise.all([azure.sql.getDatabase(standby), azure.sql.listLinks(standby)]);
        if (!info)
            return false;
        const secondary = links.some((link) => link.role === 'Secondary' || link.role === 'NonReadableSecondary');
        if (secondary)
            return false;
        return links.some((link) => link.role === 'Primary' && (0,production_slot/* sameName */.q)(link.partnerServer, production.config.sqlServer));
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/phases/connect-application.js
// From configuration to the application as it stands: who is production, who is stage, which servers and sites, in
// one region or in two.








/**
 * Reads the roles and the servers. Throws 'production-slot-unclear', 'resource-not-found' and what the ports throw; a
 * backup region that does not answer is left to the guards. After a switch it is called again: the roles have changed.
 * Where production's database was failed over to its standby, that one is production (and guards refuse an upgrade).
 */
async function connectApplication(parts) {
    const roles = await (0,production_slot/* readSlotRoles */.Kp)(parts.config, parts.azure);
    const read = { production: existing, stage: existing, backup: answering };
    return failedOver(await connectSlots(parts, roles, read));
}
/** How long production waits for what is said of another server. Milliseconds. */
const PATIENCE_MS = 10_000;
/**
 * The application for giving production back, which needs production alone, and for telling how things stand after a
 * disaster. Where Traffic Manager or the stage slot do not answer, production is the slot whose database this tool has
 * frozen; where that does not tell either, throws what stood in the way.
 */
async function connectWhatAnswers(parts) {
    const roles = await (0,production_slot/* readSlotRoles */.Kp)(parts.config, parts.azure).catch(async (error) => {
        const frozen = await readRolesFromFreeze(parts);
        if (!frozen)
            throw error;
        parts.log.warning(`Not everything answers (${(0,message_of/* messageOf */.b)(error)}): ${frozen.evidence}`);
        return frozen;
    });
    const read = { production: existingOrSilent, stage: soonAnswering, backup: soonAnswering };
    const context = await connectSlots(parts, roles, read);
    return within(parts.clock, failedOver(context), context);
}
/** The same application with the roles exchanged: how it will be after the switch. */
function connect_application_afterSwitch(context) {
    const { config, production, stage } = context;
    return withRoles(context, inRole(config, stage, 'production'), inRole(config, production, 'stage'));
}
function inRole(config, slot, role) {
    const at = (one) => ({ ...one, site: connect_application_siteOf(config, one.config, role) });
    return { ...at(slot), standby: slot.standby && at(slot.standby) };
}
function withRoles(parts, production, stage) {
    const databases = parts.config.databases.map((name) => ({
        name,
        production: (0,regions/* databaseOn */.zV)(production, name),
        stage: (0,regions/* databaseOn */.zV)(stage, name),
    }));
    return { ...parts, production, stage, databases };
}
async function existing({ azure }, deployment, where) {
    const { sqlServer: server, sqlResourceGroup: resourceGroup } = deployment;
    const info = await azure.sql.getServer({ resourceGroup, server });
    if (info)
        return info;
    throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `The SQL server ${server} of ${where} does not exist in ${resourceGroup}`, { advice: [whereServerIs(server, 'resource-group or sql-server of the slot').join('\n')] });
}
async function answering({ azure, log }, deployment, where) {
    const { sqlServer: server, sqlResourceGroup: resourceGroup } = deployment;
    try {
        return await azure.sql.getServer({ resourceGroup, server });
    }
    catch (error) {
        log.warning(`Resource Manager does not tell about ${server} of ${where}: ${(0,message_of/* messageOf */.b)(error)}`);
        return null;
    }
}
/** Silence may be a disaster; that there is no such server is a mistake in the file, or somebody has deleted it. */
const existingOrSilent = async (parts, deployment, where) => {
    try {
        return await existing(parts, deployment, where);
    }
    catch (error) {
        if (error instanceof lib_reasons/* UpgradeError */.fy)
            throw error;
        parts.log.warning(`Resource Manager does not tell about ${deployment.sqlServer} of ${where}: ${(0,message_of/* messageOf */.b)(error)}`);
        return null;
    }
};
/** One that is silent for long is taken for one that does not answer. */
const soonAnswering = (parts, deployment, where) => within(parts.clock, answering(parts, deployment, where), null);
/** What the work comes to; `otherwise` where that takes too long. The work itself goes on. */
async function within(clock, work, otherwise) {
    const ended = new AbortController();
    const patience = clock.sleep(PATIENCE_MS, ended.signal).then(() => otherwise, () => otherwise);
    try {
        return await Promise.race([work, patience]);
    }
    finally {
        ended.abort();
    }
}
async function connectSlots(parts, roles, read) {
    const connect = async (role) => {
        const slot = roles[role];
        const [server, backup] = await Promise.all([
            read[role](parts, slot, `slot ${slot.name}`),
            slot.backup ? read.backup(parts, slot.backup, `slot ${slot.name}, backup region`) : null,
        ]);
        return { slot, server, backup };
    };
    const [production, stage] = await Promise.all([connect('production'), connect('stage')]);
    const like = [production, stage]
        .flatMap((one) => [one.server, one.backup])
        .find((server) => server !== null);
    if (!like) {
        const { sqlServer } = roles.production;
        throw new lib_reasons/* UpgradeError */.fy('resource-not-found', `Neither ${sqlServer} nor any other server of the application answers`);
    }
    const slotOf = (role, { slot, server, backup }) => ({
        ...deploymentOf(parts.config, slot, server, like, role),
        config: slot,
        standby: slot.backup && deploymentOf(parts.config, slot.backup, backup, like, role),
    });
    return withRoles(parts, slotOf('production', production), slotOf('stage', stage));
}
function deploymentOf(config, deployment, server, like, role) {
    return {
        config: deployment,
        server: server ?? silentServer(deployment, like),
        site: connect_application_siteOf(config, deployment, role),
    };
}
/** A server that is gone or does not answer: it only has a name, and an address that follows from it. */
function silentServer({ sqlServer: name, sqlResourceGroup }, like) {
    const host = like.fullyQualifiedDomainName;
    const group = (0,resource_id/* resourceGroupPath */.d)((0,resource_id/* partOf */.B)(like.id, 'subscriptions') ?? '', sqlResourceGroup);
    return {
        ...like,
        id: `${group}/providers/Microsoft.Sql/servers/${name}`,
        name,
        location: null,
        fullyQualifiedDomainName: `${name}${host.slice(host.indexOf('.'))}`,
        keyId: null,
    };
}
/** With slot swaps both slots are one site in each region: its production slot, and the deployment slot beside it. */
function connect_application_siteOf(config, deployment, role) {
    const staged = config.switchMethod === 'slot-swap' && role === 'stage';
    return {
        resourceGroup: deployment.webAppResourceGroup,
        site: deployment.webApp,
        deploymentSlot: staged ? config.deploymentSlot : null,
    };
}

;// CONCATENATED MODULE: ./lib/phases/begin-alone.js
// The lock of the run, before a phase does anything. Whoever waits for it waits for another run to end: by then the state may
// be another one, and users may be on the other slot.





/** Another run has moved users since this one read who is production: everything has to be read again. */
class RolesExchanged extends Error {
    constructor(now) {
        super(`Another run has moved users to ${now} meanwhile`);
    }
}
/** Takes the lock. Throws 'locked-by-another-run', and RolesExchanged. Where it was not `held` the state has to be read again. */
async function beginAlone(context) {
    const taken = await ensureRunLock(context, 'production');
    if (taken !== 'held')
        await assertSameRoles(context, (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure));
    return taken;
}
/**
 * The same for giving production back, which needs production alone and may be what does not answer: unfreezing tries again and
 * again, and takes the lock itself. Nor does it wait long for Azure to tell the roles, nor ask where nobody was at work.
 */
async function beginGivingBack(context) {
    try {
        const taken = await ensureRunLock(context, 'production');
        if (taken === 'waited-for')
            await assertNotMoved(context);
        return taken;
    }
    catch (error) {
        const isSure = error instanceof lib_reasons/* UpgradeError */.fy && error.reason === 'locked-by-another-run';
        if (isSure || error instanceof RolesExchanged)
            throw error;
        context.log.warning(`The lock could not be taken yet: ${(0,message_of/* messageOf */.b)(error)}`);
        return 'not-taken';
    }
}
/** Throws RolesExchanged where users are on the other slot by now. That Azure does not tell it holds nothing up for long. */
async function assertNotMoved(context) {
    const roles = (0,production_slot/* readSlotRoles */.Kp)(context.config, context.azure).catch(() => null);
    await assertSameRoles(context, within(context.clock, roles, null));
}
async function assertSameRoles({ production }, reading) {
    const now = (await reading)?.production.name ?? production.config.name;
    if (!(0,production_slot/* sameName */.q)(now, production.config.name))
        throw new RolesExchanged(now);
}

;// CONCATENATED MODULE: ./lib/phases/databases-apart.js
// Databases of one application that were failed over one by one, some of them: no upgrade is begun, or gone on with, before
// they are together again.




/** 'region-mismatch' where production's databases are in two regions: which is where, and how each gets to the others. */
function databasesApart(context) {
    const { standby } = context.production;
    const moved = (0,regions/* failedOverAlone */.f5)(context);
    if (!standby || moved.length === 0)
        return null;
    const others = context.databases.filter((pair) => !moved.includes(pair));
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Production's databases were failed over one by one and are in two regions: ${failed_over_told(context)}`, {
        advice: [
            [
                `Bring them together (planned: nothing is lost; both regions have to answer). On ${context.production.server.name}:`,
                ...moved.map(({ name }) => setPrimary((0,regions/* databaseOn */.zV)(context.production, name), 'planned')),
            ].join('\n'),
            [
                `Or, all of them on ${standby.server.name}:`,
                ...others.map(({ name }) => setPrimary((0,regions/* databaseOn */.zV)(standby, name), 'planned')),
            ].join('\n'),
        ],
    });
}

// EXTERNAL MODULE: ./lib/phases/phase-outcome.js
var phase_outcome = __webpack_require__(39042);
// EXTERNAL MODULE: ./lib/engine/rollback.js
var rollback = __webpack_require__(48448);
;// CONCATENATED MODULE: ./lib/phases/roll-back-where-it-is.js





/**
 * Undoes steps. Where that fails on the server that production was on, production is looked for anew, and given back once
 * more where it is now. Never throws.
 */
async function rollBackWhereItIs({ context, topology, recorder }, stepsOf) {
    // Not stopped by a cancelled job.
    const { signal } = new AbortController();
    const back = await (0,rollback/* rollBack */.F)(stepsOf(topology), recorder, signal);
    if (back.kind !== 'failed' || !back.errors.some(mayBeElsewhere))
        return { back, failover: [] };
    const there = await within(context.clock, failedOver(context), context);
    if (there === context)
        return { back, failover: [] };
    const again = await (0,rollback/* rollBack */.F)(stepsOf(topologyPlan(there, null)), recorder, signal);
    return { back: again, failover: [foundElsewhere(there, again)] };
}
/** The server says so itself, or it does not answer any more. */
function mayBeElsewhere(error) {
    return error instanceof lib_reasons/* UpgradeError */.fy && ELSEWHERE.includes(error.reason);
}
const ELSEWHERE = ['region-mismatch', 'unfreeze-failed'];
function foundElsewhere(context, { kind }) {
    const given = kind === 'failed' ? 'it could not be given back there' : 'it was given back there';
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Production was failed over while this run was at work: ${failed_over_told(context)} now, and ${given}`);
}

;// CONCATENATED MODULE: ./lib/phases/settle-users.js
// Asked before production is opened for writers, where users may have been moved: where they are, whether that stays so, and
// whether opening it would leave behind what they have written elsewhere.




/** Nobody can have been moved: nothing is asked before production is given back. */
const NOT_TRIED = { kind: 'on-production', notAsked: [] };
/** @param marks of the write that may have moved them. Never throws; takes minutes where that cannot be settled. */
async function settleUsers(context, marks, cause) {
    const users = await settlePivot(context);
    if (users === 'stage') {
        await recordMoved(context, marks);
        return { kind: 'on-stage' };
    }
    if (users === 'unknown') {
        const error = marks.version === 'V2' ? await outcomeUnknown(context, cause) : returnOutcomeUnknown(context, cause);
        return { kind: 'closed', error };
    }
    const { closed, notAsked } = await lookWhyClosed(context, cause);
    if (closed)
        return { kind: 'closed', error: closed };
    return { kind: 'on-production', notAsked: notAsked ? [notAsked] : [] };
}

;// CONCATENATED MODULE: ./lib/phases/go-back.js
// The way back, for whoever finds that production has to be given back: a failed step, a refusal between two
// phases, a later run, the post step.











/** Whether an earlier run, killed in the middle, may have moved users: it says so before it tries. */
function triedBefore({ databases }) {
    return databases.some(mayHaveMovedUsers) ? 'tried' : 'not-tried';
}
/**
 * The rollback path of `upgrade` and `switch`. Where the pivot was tried it is asked first where users are, and
 * nothing is given back once they are, or may be, on the stage slot; where it was not, nothing comes before
 * giving production back.
 */
async function goBack(acting, error, pivot, guards, observed) {
    // The pivot has asked for minutes already; asking again would only lengthen the window.
    if (error.reason === 'switch-outcome-unknown')
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    const marks = observed?.databases.some(isReturning) ? RETURN_MARKS : SWITCH_MARKS;
    const takings = lockTakings(acting.context);
    const settled = pivot === 'tried' ? await settleUsers(acting.context, marks, error) : NOT_TRIED;
    // Settled with the lock held, it need not be settled again before production is opened.
    if (pivot === 'tried')
        noteLookedAt(acting.context, takings);
    if (settled.kind === 'on-stage')
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    if (settled.kind === 'closed')
        return (0,phase_outcome/* stopped */.c)('held', settled.error, { guards });
    if (acting.onFailure === 'hold')
        return (0,phase_outcome/* stopped */.c)('held', error, { guards });
    const { back, failover } = await rollBackUpgrade(acting, observed);
    if (back.kind === 'failed')
        return notGivenBack(error, back.errors, [...settled.notAsked, ...failover], guards);
    return (0,phase_outcome/* stopped */.c)('rolled-back', error, {
        guards,
        also: [...settled.notAsked, ...failover, ...back.tidyErrors.map(as_upgrade_error/* asUpgradeError */.$)],
    });
}
/** What production is by now is the other run's, and nothing of it is this one's to give back. */
function leftToTheOther({ window }, error, told = {}) {
    window.close();
    return (0,phase_outcome/* stopped */.c)('held', error, told);
}
/**
 * The outcome where production could not be given back.
 * @param cause why it was to be given back; null where somebody has asked for it
 * @param also what else is told
 */
function notGivenBack(cause, errors, also, guards = []) {
    const result = resultOf(errors);
    const told = errors.map(as_upgrade_error/* asUpgradeError */.$);
    // Where users have left it is told first: production is not to be given back by hand either.
    const inOrder = cause === null ? told : result === 'held' ? [...told, cause] : [cause, ...told];
    const [error = (0,as_upgrade_error/* asUpgradeError */.$)(new Error('rollback failed')), ...others] = inOrder;
    return (0,phase_outcome/* stopped */.c)(result, error, { guards, also: [...also, ...others] });
}
/** What somebody else froze is not ours to give back, nor is what users have left. */
function resultOf(errors) {
    const areAll = (reasons) => errors.every((error) => error instanceof lib_reasons/* UpgradeError */.fy && reasons.includes(error.reason));
    if (errors.length === 0)
        return 'rollback-failed';
    if (areAll(['production-frozen-elsewhere']))
        return 'refused';
    return areAll(MOVED) ? 'held' : 'rollback-failed';
}
/**
 * Undoes the steps from prepare to the switch, or those of a return to V1 that was left half-way: service first. Not stopped
 * by a cancelled job: it is what has to be done.
 */
function rollBackUpgrade(acting, observed) {
    const returning = observed?.databases.some(isReturning) ?? false;
    return rollBackWhereItIs(acting, (topology) => returning ? topology.returnToV1 : [...topology.prepare, ...topology.upgrade, ...topology.switch]);
}
/** A window that an earlier run opened goes on counting, and what that run saw closed was closed then. */
function resumeWindow(context, observed) {
    const since = frozenSince(observed);
    if (since)
        context.window.open(Date.parse(since));
    for (const { production, stage } of observed.databases) {
        const closed = closedAt(production.journal, stage.journal);
        if (closed)
            context.window.confirm(freezeKey(production.ref), closed);
    }
}
/** Since when this tool has held production read-only, by the journal; null where it does not. */
function frozenSince({ state, databases }) {
    if (state !== 'frozen' && state !== 'upgraded')
        return null;
    const ours = databases.find(({ production }) => production.journal?.status === 'freezing');
    return ours?.stage.journal?.frozenAt ?? ours?.production.journal?.at ?? null;
}

;// CONCATENATED MODULE: ./lib/phases/keep-alone.js
// The lock while a seeding of hours is waited for. It is held by a connection, and Azure's gateway ends one on which nobody has
// spoken for half an hour: another run would get it without anybody's knowing.



const keep_alone_EVERY_MS = 5 * 60_000;
/** Does the work, and aborts it with 'locked-by-another-run' or 'overtaken-by-another-run' where the lock was lost to another run. */
async function keepAlone(context, signal, work) {
    const lost = new AbortController();
    const over = new AbortController();
    const keeping = keep_alone_keep(context, over.signal).catch((error) => lost.abort(error));
    try {
        return await work(AbortSignal.any([signal, lost.signal]));
    }
    finally {
        over.abort();
        await keeping;
    }
}
async function keep_alone_keep(context, over) {
    for (;;) {
        await context.clock.sleep(keep_alone_EVERY_MS, over).catch(() => { });
        if (over.aborted)
            return;
        try {
            // Waited for as always: a session that was lost may keep this run's own lock for a while.
            await ensureStillAlone(context);
        }
        catch (error) {
            if (error instanceof lib_reasons/* UpgradeError */.fy && lib_reasons/* OF_ANOTHER_RUN */.cu.includes(error.reason))
                throw error;
            context.log.warning(`The lock could not be asked for: ${(0,message_of/* messageOf */.b)(error)}; it is asked for before the next write`);
        }
    }
}

// EXTERNAL MODULE: ./lib/phases/refusals.js
var refusals = __webpack_require__(7159);
// EXTERNAL MODULE: ./lib/phases/tell-guards.js
var tell_guards = __webpack_require__(41768);
;// CONCATENATED MODULE: ./lib/phases/act.js
// One phase that changes things: may it begin, do the guards let it, run its steps; and when it fails, the way
// back before anything else.




















/** Runs one of the phases that go forward. Throws RolesExchanged where another run has moved users meanwhile. */
async function actForward(acting, phase) {
    const takings = lockTakings(acting.context);
    const observed = await observeSettled(acting);
    const apart = databasesApart(acting.context);
    if (apart)
        return refuseApart(acting, phase, observed, apart);
    const allowed = applicability(phase, observed.state);
    switch (allowed.kind) {
        case 'nothing-to-do':
            return (0,phase_outcome/* completed */.s)(false, allowed.why);
        case 'refuse': {
            const cause = guardsKnowWhy(observed);
            const guards = cause ? await (0,guard/* runGuards */.o)(acting.topology.guards, acting.context, observed, phase) : [];
            return refuseOrGoBack(acting, phase, observed, (0,refusals/* guardRefusal */.sA)(guards) ?? (0,refusals/* refused */.J5)(allowed), guards);
        }
        case 'mend':
            return act_mend(acting, phase, observed, (0,refusals/* interrupted */.VM)(acting.context, phase, allowed.why));
        case 'look':
            if (phase === 'cleanup' && (await nothingLeft(acting)))
                return (0,phase_outcome/* completed */.s)(false, 'there is no V1 left');
            if (!(await isAlone(acting, takings)))
                return actForward(acting, phase);
            if (phase === 'switch')
                return act_finishSwitch(acting);
            return runGuarded(acting, phase, observed);
        case 'run':
            // Who has just got the lock looks again: what was seen before is from the time of whoever had it.
            if (!(await isAlone(acting, takings)))
                return actForward(acting, phase);
            resumeWindow(acting.context, observed);
            return runGuarded(acting, phase, observed);
    }
}
/** Takes the lock, and says whether this run has had it since before the application was looked at. */
async function isAlone({ context }, takings) {
    if ((await beginAlone(context)) !== 'held' || lockTakings(context) !== takings)
        return false;
    noteLookedAt(context, takings);
    return true;
}
/**
 * Production that does not answer (firewall, login, rights), or a stage database whose geo-secondary in the backup region
 * is cut off: the guards say what it is and what to do about it.
 */
function guardsKnowWhy({ state, databases }) {
    return state === 'unknown' || databases.some(({ protection }) => protection?.stage?.state === 'SUSPENDED');
}
/** Users are on V2 already; it is only looked whether it was seen to serve them. */
async function act_finishSwitch({ topology, recorder, signal }) {
    const outcome = await (0,engine_run/* runSteps */.r)(topology.finishSwitch, recorder, signal);
    if (outcome.kind === 'failed')
        return (0,phase_outcome/* stopped */.c)('held', (0,as_upgrade_error/* asUpgradeError */.$)(outcome.error));
    return (0,phase_outcome/* completed */.s)(outcome.changed, 'users are on the upgraded slot already');
}
async function nothingLeft({ topology, signal }) {
    const removing = (0,step/* stepsOf */.B_)(topology.cleanup).filter((step) => step.changes !== '');
    const planned = await (0,plan/* planSteps */.D)(removing, signal);
    return planned.every((step) => step.state === 'done');
}
/** Where production could not be read it is asked again: one lost query must not decide anything. */
async function observeSettled({ context }) {
    for (let attempt = 1;; attempt++) {
        const observed = await observe(context);
        goBy(context.known, observed.databases);
        if (observed.state !== 'unknown' || attempt === OBSERVE_ATTEMPTS)
            return observed;
        await context.clock.sleep(attempt * 1000);
    }
}
const OBSERVE_ATTEMPTS = 3;
/** An earlier run left production frozen half-way. What somebody else froze is not ours to give back. */
async function act_mend(acting, phase, observed, error) {
    const frozen = observed.databases.filter(({ production }) => production.access === 'read-only');
    const ours = frozen.filter(({ production }) => FREEZE_STATUSES.includes(production.journal?.status ?? 'unfrozen'));
    const [first] = frozen;
    if (first && ours.length === 0)
        return (0,phase_outcome/* stopped */.c)('refused', (0,refusals/* frozenElsewhere */.zN)(acting.context, first.name));
    const lock = await beginGivingBack(acting.context);
    if (lock === 'waited-for')
        return actForward(acting, phase);
    if (lock === 'free' && (await hasGoneOn(acting)))
        return actForward(acting, phase);
    resumeWindow(acting.context, observed);
    return goBack(acting, error, triedBefore(observed), [], observed);
}
/**
 * Who had the lock until then, and is gone, may have gone on since this run has looked: to freeze more, or to the end of the upgrade. A
 * copy that does not answer is not waited for long, since users wait: then it goes by what production says. Throws RolesExchanged where
 * users were moved.
 */
async function hasGoneOn({ context }) {
    const sides = await within(context.clock, databasesNow(context).then(bothSides), null);
    if (sides && whyOvertaken(context.known, sides)) {
        await assertNotMoved(context);
        return true;
    }
    if (sides?.every(({ access }) => access !== 'unreachable'))
        return false;
    await goByProduction(context);
    return false;
}
/** Nothing goes forward with a part of the databases; what is frozen is given back, each database where it is. */
async function refuseApart(acting, phase, observed, error) {
    if (observed.state === 'frozen')
        return act_mend(acting, phase, observed, error);
    return refuseOrGoBack(acting, phase, observed, error, []);
}
/**
 * A refusal while this upgrade holds production read-only is a failure of the upgrade: users get their writable
 * V1 back. A phase that has nothing to do with it (prepare, cleanup) is only refused.
 */
async function refuseOrGoBack(acting, phase, observed, error, guards) {
    const upgrading = phase === 'upgrade' || phase === 'switch';
    if (!upgrading || !act_isFrozen(acting.context, observed))
        return (0,phase_outcome/* stopped */.c)('refused', error, { guards });
    return goBack(acting, error, triedBefore(observed), guards, observed);
}
function act_isFrozen(context, observed) {
    const window = context.window.report();
    if (window !== null && window.to === null)
        return true;
    return observed?.state === 'frozen' || observed?.state === 'upgraded';
}
/**
 * The switch right after the upgrade of the same run. What stands before a switch was looked at before the freeze, and this run
 * has had the lock ever since; users wait, so nothing is looked at again but what the steps themselves assert.
 * 'lock-lost': another run may have acted meanwhile, and everything has to be read again.
 */
async function switchAtOnce(acting) {
    if ((await beginAlone(acting.context)) !== 'held' || !wasLookedAt(acting.context))
        return 'lock-lost';
    return runForward(acting, 'switch', null, []);
}
async function runGuarded(acting, phase, observed) {
    const unconfirmed = phase === 'cleanup' ? (0,refusals/* cleanupUnconfirmed */.zD)(acting.context) : null;
    if (unconfirmed)
        return (0,phase_outcome/* stopped */.c)('refused', unconfirmed);
    const guards = await askGuards(acting, phase, observed);
    const refusal = (0,refusals/* guardRefusal */.sA)(guards);
    if (refusal)
        return refuseOrGoBack(acting, phase, observed, refusal, guards);
    return runForward(acting, phase, observed, guards);
}
/** Where the switch follows by itself, what would refuse it refuses before anything is frozen. */
async function askGuards({ context, topology, next }, phase, observed) {
    const ofSwitch = topology.guards.filter(({ eachPhase }) => eachPhase);
    const [own, ahead] = await Promise.all([
        (0,guard/* runGuards */.o)(topology.guards, context, observed, phase),
        phase === 'upgrade' && next === 'switch' ? (0,guard/* runGuards */.o)(ofSwitch, context, observed, next) : [],
    ]);
    (0,tell_guards/* tellGuards */.e)(context.log, phase, own);
    if (ahead.length > 0)
        (0,tell_guards/* tellGuards */.e)(context.log, 'switch', ahead);
    return [...own, ...ahead];
}
/** @param observed what the phase began with; null where nothing was looked at. */
async function runForward(acting, phase, observed, guards) {
    const { context, topology } = acting;
    const run = (signal) => (0,engine_run/* runSteps */.r)(topology[phase], acting.recorder, signal);
    const signal = signalFor(acting, phase);
    // While production is frozen the script's own watch does that (while-frozen.ts).
    const outcome = await (phase === 'prepare' ? keepAlone(context, signal, run) : run(signal));
    if (outcome.kind === 'completed')
        return (0,phase_outcome/* completed */.s)(outcome.changed);
    return afterFailure(acting, phase, observed, outcome, guards);
}
async function afterFailure(acting, phase, observed, outcome, guards) {
    const error = (0,as_upgrade_error/* asUpgradeError */.$)(outcome.error);
    if (isOvertaken(error))
        return leftToTheOther(acting.context, error, { guards });
    // Preparing and cleaning up never touch what users are on: there is nothing to give back.
    if (phase === 'prepare' || phase === 'cleanup') {
        const changed = acting.recorder.steps.some((step) => step.phase === phase && step.state === 'done');
        return (0,phase_outcome/* stopped */.c)(changed ? 'held' : 'refused', error, { guards });
    }
    const frozen = act_isFrozen(acting.context, observed) || touchedProduction(acting, phase, outcome.step);
    if (!frozen)
        return (0,phase_outcome/* stopped */.c)('refused', error, { guards });
    const after = phase === 'switch' && afterPivot(acting, outcome.step);
    // A pivot that failed has settled itself where users are; what comes after it has not.
    const tried = after ? 'tried' : observed ? triedBefore(observed) : 'not-tried';
    return goBack(acting, error, tried, guards, observed ?? undefined);
}
function afterPivot({ topology }, failed) {
    const steps = (0,step/* stepsOf */.B_)(topology.switch);
    return steps.indexOf(failed) > steps.findIndex((step) => step.pivot);
}
/** Whether any step up to the failed one has something to give back. */
function touchedProduction(acting, phase, failed) {
    if (phase === 'switch')
        return true;
    const steps = (0,step/* stepsOf */.B_)(acting.topology[phase]);
    return steps.slice(0, steps.indexOf(failed) + 1).some((step) => step.undo?.order === 'restore-service');
}
/**
 * The read-only limit aborts an upgrade. A switch that begins after the limit (somebody approved late) is not
 * aborted by it: it is the fastest way to end the window.
 */
function signalFor(acting, phase) {
    const { limit } = acting.context.window;
    const limited = phase === 'upgrade' || (phase === 'switch' && !limit.aborted);
    return limited ? AbortSignal.any([acting.signal, limit]) : acting.signal;
}

;// CONCATENATED MODULE: ./lib/phases/database-gone.js


/** The application without the databases that production does not have any more; itself where it has them all. */
function withoutGone(context, observed) {
    const gone = namesOfGone(observed);
    if (gone.length === 0)
        return context;
    return { ...context, databases: context.databases.filter(({ name }) => !gone.includes(name)) };
}
/** 'resource-not-found' where Azure does not know a database of production: which, and how a deleted one is restored. */
function databasesGone(context, observed) {
    const gone = namesOfGone(observed);
    if (gone.length === 0)
        return null;
    const { config } = context.production;
    const pairs = context.databases.filter(({ name }) => gone.includes(name));
    const where = pairs.map(({ name, production }) => `${name} on ${production.server}`).join(', ');
    return new lib_reasons/* UpgradeError */.fy('resource-not-found', `Users are on ${config.name}, and its database is not there: ${where}`, { advice: [restore(pairs), ...geoSecondary(context), ...before(context)] });
}
function namesOfGone({ databases }) {
    return databases.filter(({ production }) => production.access === 'absent').map(({ name }) => name);
}
/** https://learn.microsoft.com/azure/azure-sql/database/recovery-using-backups#deleted-database-restore */
function restore(pairs) {
    return [
        'If its name is misspelt correct databases in the configuration. If it was deleted users do without it, and Azure restores it as it was then; the first command tells when that was:',
        ...pairs.flatMap(({ production: { resourceGroup, server, database } }) => [
            (0,command_line/* shell */.vf) `az sql db list-deleted -g ${resourceGroup} -s ${server}`,
            (0,command_line/* shell */.vf) `az sql db restore -g ${resourceGroup} -s ${server} -n ${database} --dest-name ${database} --deleted-time TIME`,
        ]),
    ].join('\n');
}
function geoSecondary({ production: { standby } }) {
    if (!standby)
        return [];
    return [
        `A geo-secondary outlives its primary: what is on ${standby.server.name} has all that had arrived there. Remove nothing before users can write again.`,
    ];
}
function before({ stage }) {
    return [`Then run phase status. Until then leave the databases of ${stage.config.name} as they are.`];
}

;// CONCATENATED MODULE: ./lib/phases/nothing-to-roll-back.js




/**
 * Green, as nothing is in progress; but whoever gives up V2's writes to get V1 back, which is no more, is refused.
 * @param why of the table of phases and states, where no upgrade came to its end.
 */
function nothingToRollBack(context, { databases }, why) {
    if (!databases.some(({ production }) => isCompleteV2(production.journal)))
        return (0,phase_outcome/* completed */.s)(false, why);
    const slot = context.production.config.name;
    const finished = `the upgrade is finished, V2 (${slot}) serves users and its V1 was removed`;
    const instead = 'Deploy a corrected version forward, or restore a backup of the database';
    if (!mayLoseWrites(context, slot))
        return (0,phase_outcome/* completed */.s)(false, `${why}: ${finished}. There is nothing to go back to. ${instead}`);
    return (0,phase_outcome/* stopped */.c)('refused', new lib_reasons/* UpgradeError */.fy('point-of-no-return-passed', `There is no V1 to go back to: ${finished}`, {
        advice: [`${instead}.`],
    }));
}

;// CONCATENATED MODULE: ./lib/phases/act-rollback.js
// Phase rollback, on request. Before the switch it gives production back and tidies. After it, going back means
// leaving behind what V2's users wrote: refused unless the input accepts exactly that.
























/**
 * @param afterSwitch what is done where users are on V2 already: a person who asks for it gets an answer
 *   about the loss; the post step, which only mends, leaves V2 alone.
 */
async function actRollback(acting, afterSwitch) {
    const { context } = acting;
    // The lock first: a dead run's freeze may still be on its way, and it holds the lock until it is there.
    const lock = await beginGivingBack(context);
    const takings = lockTakings(context);
    // Giving production back needs no more than production: whatever else does not answer is told as such.
    const observed = await observeDatabasesThatAnswer(context);
    noteLookedAt(context, takings);
    goBy(context.known, observed.databases);
    const gone = databasesGone(context, observed);
    const closed = whyClosed(context, observed.databases, gone);
    if (closed) {
        // Nobody has sent them back where another run has moved them since this one read where they are.
        if (lock === 'free')
            await assertNotMoved(context);
        return (0,phase_outcome/* stopped */.c)('held', closed);
    }
    if (observed.databases.some(isBackOnV1))
        await recordMoved(context, RETURN_MARKS, 'production');
    if (gone)
        return giveBackOthers(acting, observed, gone);
    const allowed = applicability('rollback', observed.state);
    if (allowed.kind === 'nothing-to-do')
        return nothingToRollBack(context, observed, allowed.why);
    const returning = observed.databases.some(isReturning);
    if (observed.state === 'switched' && !returning) {
        await recordMoved(context, SWITCH_MARKS, 'production');
        if (afterSwitch === 'leave')
            return (0,phase_outcome/* completed */.s)(false, ON_V2);
    }
    if (observed.state === 'switched' && afterSwitch === 'return-to-v1') {
        const apart = databasesApart(context);
        return apart ? (0,phase_outcome/* stopped */.c)('refused', apart) : returnToV1(acting, observed);
    }
    // What could not be read may have been switched to.
    const marks = returning ? RETURN_MARKS : SWITCH_MARKS;
    const settled = triedBefore(observed) === 'tried' ? await settleUsers(context, marks, null) : NOT_TRIED;
    if (settled.kind === 'closed')
        return (0,phase_outcome/* stopped */.c)('held', settled.error);
    if (settled.kind === 'on-stage' && returning)
        return (0,phase_outcome/* stopped */.c)('held', backOnV1(context));
    if (settled.kind === 'on-stage')
        return afterSwitch === 'leave' ? (0,phase_outcome/* completed */.s)(false, ON_V2) : (0,phase_outcome/* stopped */.c)('refused', movedMeanwhile(context));
    return act_rollback_giveBack(acting, observed, afterSwitch, settled.notAsked);
}
const ON_V2 = 'users are on V2 already';
/** @param notAsked what is told where a database could not say whether users were on it. */
async function act_rollback_giveBack(acting, observed, afterSwitch, notAsked) {
    const { context } = acting;
    resumeWindow(context, observed);
    const { back, failover } = await rollBackUpgrade(acting, observed);
    if (back.kind === 'failed')
        return notGivenBack(null, back.errors, [...notAsked, ...failover]);
    const [tidy] = back.tidyErrors.map(as_upgrade_error/* asUpgradeError */.$);
    if (tidy)
        return (0,phase_outcome/* stopped */.c)('held', tidy, { also: notAsked });
    const [unconfirmed] = back.unconfirmed;
    if (unconfirmed && !back.changed && afterSwitch === 'return-to-v1')
        return (0,phase_outcome/* stopped */.c)('refused', unconfirmed);
    // Where nothing was done, the last step's evidence says why: kept on purpose, or not proven to be removable.
    const kept = acting.recorder.rollback.at(-1)?.evidence[0] ?? null;
    const done = observed.databases.some(isReturning) ? returnUndone(context) : null;
    const told = [...failover, ...notAsked].map(({ message }) => message).join('. ');
    return (0,phase_outcome/* completed */.s)(back.changed, told || (back.changed ? done : kept));
}
/** What is left of the other databases may be needed yet. */
function keepingCopies(context) {
    return {
        ...context,
        config: { ...context.config, rollback: { ...context.config.rollback, stage: 'keep' } },
    };
}
/** Of several databases one may be gone: users get those back that are there. */
async function giveBackOthers(acting, observed, gone) {
    const context = keepingCopies(withoutGone(acting.context, observed));
    if (context.databases.length === 0)
        return (0,phase_outcome/* stopped */.c)('refused', gone);
    const { databases } = observed;
    const left = databases.filter(({ name }) => context.databases.some((pair) => pair.name === name));
    const marks = left.some(isReturning) ? RETURN_MARKS : SWITCH_MARKS;
    const settled = triedBefore({ databases: left }) === 'tried' ? await settleUsers(context, marks, gone) : NOT_TRIED;
    if (settled.kind === 'on-stage')
        return (0,phase_outcome/* stopped */.c)('refused', gone);
    if (settled.kind === 'closed')
        return (0,phase_outcome/* stopped */.c)('held', settled.error);
    const topology = topologyPlan(context, null);
    const { back, failover } = await rollBackUpgrade({ ...acting, context, topology }, { databases: left });
    const also = [...settled.notAsked, ...failover];
    if (back.kind === 'failed')
        return notGivenBack(gone, back.errors, also);
    return (0,phase_outcome/* stopped */.c)(back.changed ? 'held' : 'refused', gone, { also });
}
/** Whoever asked for V1, and is on V2 in a green job, reads why. */
function returnUndone({ production, stage }) {
    return `a return to V1 (${stage.config.name}) that was cut off is undone, V2 (${production.config.name}) is given back to its users; to return to V1 run rollback again`;
}
/** A return to V1 whose write was lost has taken effect. */
function backOnV1({ production, stage }) {
    return new lib_reasons/* UpgradeError */.fy('point-of-no-return-passed', `Users are back on V1 (${stage.config.name}): a return whose answer was lost has taken effect. V2's database on ${production.server.name} is kept read-only`, { advice: ['Run phase status: it tells where everything stands.'] });
}
/** A switch whose answer was lost has taken effect; the roles of this run are no longer those of the world. */
function movedMeanwhile({ stage }) {
    return new lib_reasons/* UpgradeError */.fy('point-of-no-return-passed', `Users are on V2 (${stage.config.name}): a switch whose answer was lost has taken effect`, {
        advice: [
            'Run phase switch: it looks whether V2 serves users. Or run rollback again: it tells what going back costs.',
        ],
    });
}
async function returnToV1(acting, observed) {
    const { context } = acting;
    const loss = await lossInNumbers(context, observed);
    const refusal = lossNotAccepted(context, loss);
    if (refusal)
        return (0,phase_outcome/* stopped */.c)('refused', refusal);
    const topology = topologyPlan(context, await v1Version(context));
    const steps = (0,step/* stepsOf */.B_)(topology.returnToV1);
    const outcome = await (0,engine_run/* runSteps */.r)(topology.returnToV1, acting.recorder, acting.signal);
    if (outcome.kind === 'completed')
        return (0,phase_outcome/* completed */.s)(true, act_rollback_leftBehind(context, loss));
    const error = (0,as_upgrade_error/* asUpgradeError */.$)(outcome.error);
    if (!touchedV2(steps, outcome.step))
        return (0,phase_outcome/* stopped */.c)('refused', error);
    if (error.reason === 'switch-outcome-unknown')
        return (0,phase_outcome/* stopped */.c)('held', error);
    if (isOvertaken(error))
        return leftToTheOther(context, error);
    const notAsked = [];
    if (act_rollback_afterPivot(steps, outcome.step)) {
        // Only users who are on V2 for sure get V2 back; a pivot that failed has settled that itself.
        const settled = await settleUsers(context, RETURN_MARKS, error);
        if (settled.kind === 'on-stage')
            return (0,phase_outcome/* stopped */.c)('held', error);
        if (settled.kind === 'closed')
            return (0,phase_outcome/* stopped */.c)('held', settled.error);
        notAsked.push(...settled.notAsked);
    }
    const { back, failover } = await rollBackWhereItIs({ ...acting, topology }, (one) => one.returnToV1);
    const told = [...notAsked, ...failover];
    if (back.kind === 'failed')
        return notGivenBack(error, back.errors, told);
    const untidy = back.tidyErrors.map(as_upgrade_error/* asUpgradeError */.$);
    const overtaken = untidy.find(isOvertaken);
    if (!overtaken)
        return (0,phase_outcome/* stopped */.c)('rolled-back', error, { also: [...told, ...untidy] });
    const others = untidy.filter((one) => one !== overtaken);
    return leftToTheOther(context, overtaken, { also: [error, ...told, ...others] });
}
/** What V1's site answers: no configuration names V1's version any more. Null where it answers none. */
async function v1Version(context) {
    const site = await context.azure.appService.getSite(context.stage.site).catch(() => null);
    return site ? (await askHealth(context, site.defaultHostName)).version : null;
}
function touchedV2(steps, failed) {
    return steps.slice(0, steps.indexOf(failed) + 1).some((step) => step.undo !== null);
}
function act_rollback_afterPivot(steps, failed) {
    return steps.indexOf(failed) > steps.findIndex((step) => step.pivot);
}
function act_rollback_leftBehind({ production, stage }, loss) {
    return `users are back on V1 (${stage.config.name}); V2's database on ${production.server.name} holds what its users wrote (${loss}): salvage that before it is removed`;
}
function lossNotAccepted(context, loss) {
    const v2 = context.production.config.name;
    if (mayLoseWrites(context, v2))
        return null;
    return new lib_reasons/* UpgradeError */.fy('point-of-no-return-passed', `Users are on V2 (${v2}): ${loss}. Going back would leave behind everything written since the switch${act_rollback_notConfirmed(context)}`, {
        advice: [
            'Repairing forward keeps every write: deploy a corrected V2.',
            `To go back to V1 and leave those writes behind in V2's database: run rollback with the input confirm: "${confirmationFor(v2)}"`,
        ],
    });
}
function act_rollback_notConfirmed({ confirm }) {
    return confirm.trim() === '' ? '' : `, and that was not confirmed: found "${confirm}"`;
}
/** How long V2 has been live, and whether it has written. */
async function lossInNumbers(context, observed) {
    const [first] = observed.databases;
    const since = first?.production.journal?.at ?? null;
    const live = since
        ? `V2 has been live for ${(0,humane/* formatDuration */.a3)(context.clock.now() - Date.parse(since))}`
        : 'since when is not known';
    const writes = await Promise.all(context.databases.map(async (pair) => {
        const { lastWrite } = await context.sessions.on(sqlTarget(context, 'production', pair.name), readWriteActivity);
        return writtenSince(context, pair.name, lastWrite, since);
    }));
    return `${live}; ${writes.join('; ')}`;
}
function writtenSince(context, name, lastWrite, since) {
    if (!lastWrite)
        return `${name}: no write is recorded`;
    if (since && lastWrite.getTime() < Date.parse(since))
        return `${name}: not written since, as far as SQL Server remembers`;
    return `${name} was last written ${(0,humane/* formatDuration */.a3)(context.clock.now() - lastWrite.getTime())} ago (${lastWrite.toISOString()})`;
}

;// CONCATENATED MODULE: ./lib/phases/endpoint-views.js



/**
 * Both slots in the configuration's order, each followed by its standby; asks each site for its version.
 * @param backup what the backup region shows; null in a topology that has none.
 */
async function endpointViews(context, observed, backup) {
    const roles = context.config.slots[0].name === context.production.config.name
        ? ['production', 'stage']
        : ['stage', 'production'];
    const [primary, standbys] = await Promise.all([
        Promise.all(roles.map((role) => endpointView(context, observed, role, false))),
        backup ? standbyViews((0,regions/* inBackupRegion */._W)(context), backup, roles) : [],
    ]);
    return primary.flatMap((view, index) => [view, ...standbys.slice(index, index + 1)]);
}
function standbyViews(context, observed, roles) {
    return Promise.all(roles.map((role) => endpointView(context, observed, role, true)));
}
async function endpointView(context, observed, role, standby) {
    const slot = context[role];
    const site = observed.sites[role];
    const endpoint = observed.profile ? (0,production_slot/* findEndpoint */.vS)(observed.profile, slot.config) : null;
    const version = site ? (await askHealth(context, site.defaultHostName)).version : null;
    return {
        endpoint: endpoint?.name ?? slot.config.endpoint.name,
        slot: slot.config.name,
        role,
        standby,
        // What is lost does not tell where it was; the profile does.
        region: site?.location ?? endpoint?.location ?? slot.server.location,
        site: slot.site.deploymentSlot ? `${slot.site.site}/${slot.site.deploymentSlot}` : slot.site.site,
        status: endpoint?.status ?? (observed.profileUnread ? 'unknown' : 'absent'),
        monitorStatus: endpoint?.monitorStatus ?? null,
        priority: endpoint?.priority ?? null,
        databases: observed.databases.map((database) => databaseView(database.name, database[role])),
        version,
    };
}
function databaseView(name, side) {
    return { name, server: side.ref.server, access: side.access, replication: replicationOf(side) };
}
function replicationOf(side) {
    if (side.access === 'unreachable' && side.links.length === 0)
        return side.why;
    if (side.links.length === 0)
        return null;
    return side.links
        .map((link) => `${link.role === 'Primary' ? 'primary' : 'secondary'} of ${link.partnerServer}, ${link.state}`)
        .join('; ');
}

;// CONCATENATED MODULE: ./lib/phases/look-around.js
// What is known about the application at one moment, for the report.





/** How long a rollback looks around before it gives production back. Milliseconds. */
const BRIEFLY_MS = 5_000;
/** A look takes two or three seconds where everything answers. Milliseconds. */
const ONE_MOMENT_MS = 5_000;
/**
 * Reads everything.
 * @param partial whether what does not answer is only told as such; else throws what the ports throw.
 */
async function look_around_look(context, partial) {
    const observed = await (partial ? observeWhatAnswers : observe)(context);
    const { production, stage } = context;
    const backup = production.standby && stage.standby ? await observeWhatAnswers((0,regions/* inBackupRegion */._W)(context)) : null;
    // A site is beside its own server, also where single databases were failed over.
    const isApart = (0,regions/* failedOverAlone */.f5)(context).length > 0;
    const beside = isApart ? await observeWhatAnswers((0,regions/* besideItsSite */.GI)(context)) : observed;
    return { context, observed, backup, endpoints: await endpointViews(context, beside, backup) };
}
/**
 * The world as far as it can be read; null where it cannot. A machine that stood still while it looked has seen one half before and the
 * other half after whatever another run has done meanwhile: it looks once more, but for a cancelled job, which has no time.
 */
async function lookAgain(parts, signal) {
    const startedAt = parts.clock.now();
    const seen = await tryToLook(parts);
    const isOfOneMoment = parts.clock.now() - startedAt <= ONE_MOMENT_MS;
    if (seen === null || isOfOneMoment || signal.aborted)
        return seen;
    return (await within(parts.clock, tryToLook(parts), null)) ?? seen;
}
async function tryToLook(parts) {
    try {
        return await look_around_look(await connectWhatAnswers(parts), true);
    }
    catch (error) {
        parts.log.warning(`Not everything could be read: ${(0,message_of/* messageOf */.b)(error)}`);
        return null;
    }
}
/** Giving production back does not wait for what does not answer. */
function lookBriefly(parts) {
    const patience = parts.clock.sleep(BRIEFLY_MS).then(() => null);
    return Promise.race([tryToLook(parts), patience]);
}

;// CONCATENATED MODULE: ./lib/phases/factors.js




/**
 * Impact on availability, ability to roll back, vulnerability to a catastrophe, total cost.
 * @param resources what exists twice.
 */
async function fourFactors(context, observed, resources) {
    const { standby } = context.production;
    return [
        await availability(context, observed),
        factors_rollback(context),
        standby ? catastropheWithStandby(context, standby, observed) : catastrophe(context),
        cost(context, resources),
    ];
}
async function availability(context, observed) {
    const { config } = context;
    const ttl = observed.profile?.ttlSeconds ?? config.trafficManager?.ttlSeconds ?? 0;
    const checks = (config.health.consecutive - 1) * config.health.intervalMs;
    const script = await scriptSize(context);
    return {
        factor: 'availability',
        answer: `Users can read at every moment. They cannot write while the ${script} runs, plus seconds; after ${(0,humane/* formatDuration */.a3)(config.maxReadOnlyMs)} the tool goes back by itself.`,
        details: [
            ...freezePrice(config),
            `Verification of V2 at its own address: ${config.health.consecutive} answers, ${(0,humane/* formatDuration */.a3)(checks)} at least`,
            config.switchMethod === 'traffic-manager'
                ? `Switch: one write, then the DNS time to live of ${ttl} s until new lookups lead to V2; open connections, and clients that keep an address longer, stay on V1 and can only read`
                : 'Switch: the time App Service takes to warm up and swap the slots, typically a minute',
            ...standbyWaits(context),
            'Preparing, seeding and cleaning up do not affect users',
        ],
    };
}
function freezePrice({ freezeMethod, freezeGraceSeconds }) {
    const readOnly = `Freeze: open transactions get ${freezeGraceSeconds} s, then they are rolled back and connections are cut once`;
    const denied = `Freeze by denied permissions: procedures and functions do not run until the switch, those that only read neither; sessions that hold writes get ${freezeGraceSeconds} s, then they are ended; reading goes on uninterrupted`;
    if (freezeMethod === 'auto')
        return [readOnly, `Where SQL Server refuses that (1468): ${denied}`];
    return [freezeMethod === 'read-only' ? readOnly : denied];
}
/** What two regions add to the window. */
function standbyWaits({ config, stage }) {
    if (!stage.standby)
        return [];
    const { name, location } = stage.standby.server;
    const seeding = `Users are read-only also while ${name} in ${location ?? 'the backup region'} is seeded: the databases cannot be chained, so its copy is made within the window (up to 500 GB an hour)`;
    return [
        ...(config.standbyMode === 'after-termination' ? [seeding] : []),
        `After the script the drain to ${name}: until the backup region has every change too, typically seconds`,
    ];
}
async function scriptSize(context) {
    const { upgrade } = context.config;
    if (upgrade.kind === 'command')
        return describeUpgrade(context);
    try {
        const works = await Promise.all(context.databases.map((pair) => upgradeWork(context, pair.name)));
        const batches = works.reduce((sum, work) => sum + (work.kind === 'script' ? work.script.batches.length : 0), 0);
        return `upgrade script of ${batches} batch${batches === 1 ? '' : 'es'}`;
    }
    catch {
        return 'upgrade script (which cannot be read: see the guards)';
    }
}
function factors_rollback({ config, production, databases }) {
    const pivot = production.standby ? '(9)' : '(6)';
    return {
        factor: 'rollback',
        answer: `Before the switch: always, by itself, one statement on ${databases.length === 1 ? 'the database' : `each of ${databases.length} databases`}. After the switch: not without losing what V2's users wrote.`,
        details: [
            `Users stay on ${production.config.name} until the switch, so going back needs no change of DNS`,
            `The point of no return is step ${pivot}; before it users can always be given V1 back. The link that is cut is not restored: the next try copies anew`,
            `The stage database is ${config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'} after a rollback`,
            'V1 and its data stay, read-only, until cleanup',
        ],
    };
}
function catastrophe({ production }) {
    return {
        factor: 'catastrophe',
        answer: `If ${production.server.location ?? "production's region"} fails during the upgrade, the application is down until it is deployed elsewhere and its database is geo-restored.`,
        details: [
            'Geo-restore: up to 1 hour of writes lost, up to 12 hours until it is back (Microsoft, 2021)',
            'It is the same before and after the upgrade: this topology has no standby. geo-redundant has one at every moment',
            'Right after the link is cut the stage database has no point-in-time backups of its own yet',
        ],
    };
}
function catastropheWithStandby({ production }, standby, { databases: seen }) {
    const { name, location } = standby.server;
    const links = seen.map((one) => one.protection?.production?.state ?? 'no link');
    return {
        factor: 'catastrophe',
        answer: `If ${production.server.location ?? "production's region"} fails at any moment of the upgrade, ${location ?? 'the backup region'} has a copy that has caught up: V1's on ${name} until the switch, V2's from the switch on.`,
        details: [
            `A person decides to fail over; the summary of any later run says to what, and gives the command. Microsoft names 30 s until a forced failover serves and up to 5 s of writes lost (2021)`,
            `Only the link from production to the stage slot is cut; ${name} stays the geo-secondary of ${production.server.name} until cleanup (it is ${links.join(', ')} now)`,
            'Users are not switched before the stage slot has a caught-up geo-secondary of its own',
            'Right after the link is cut the stage database has no point-in-time backups of its own yet',
        ],
    };
}
function cost(context, resources) {
    const databases = context.databases.length;
    return {
        factor: 'cost',
        answer: context.stage.standby
            ? `From prepare to cleanup ${databases === 1 ? 'the database and its geo-secondary' : `${databases} databases and their geo-secondaries`} and both stage sites' plans are paid twice.`
            : `From prepare to cleanup ${databases} ${databases === 1 ? 'database' : 'databases'} and the stage site's plan are paid twice.`,
        details: resources.map((one) => `${one.resource}: ${one.sku}, since ${one.since}`),
    };
}
/**
 * What exists twice while the upgrade lasts.
 * @param backup what the backup region shows; null in a topology that has none.
 */
function twice(context, observed, backup) {
    const here = twiceInRegion(context, observed);
    return backup ? [...here, ...twiceInRegion((0,regions/* inBackupRegion */._W)(context), backup)] : here;
}
function twiceInRegion(context, observed) {
    const databases = observed.databases.map((database) => ({
        resource: `database ${database.name} on ${context.stage.server.name}`,
        sku: database.stage.info?.sku?.name ?? database.production.info?.sku?.name ?? 'as production',
        since: database.stage.info?.createdAt?.toISOString() ?? 'prepare',
    }));
    const { production, stage } = observed.sites;
    const samePlan = production?.planId && stage?.planId && (0,production_slot/* sameName */.q)(production.planId, stage.planId);
    const site = {
        resource: `site ${context.stage.site.site}`,
        sku: samePlan
            ? 'on the same plan as production: no extra cost'
            : (stage?.planId?.split('/').at(-1) ?? 'as production'),
        since: stage ? 'before this run' : 'prepare',
    };
    return [...databases, site];
}

;// CONCATENATED MODULE: ./lib/phases/plan-upgrade.js





const PLANNED = ['prepare', 'upgrade', 'switch', 'cleanup'];
/**
 * @param backup what the backup region shows; null in a topology that has none.
 * @param topology of the application as it is.
 * @param afterwards of the application with its roles exchanged, as cleanup will find it.
 */
async function planUpgrade(context, observed, backup, topology, afterwards, signal) {
    // Once users have been switched, what is done was done from the slot that is now the stage.
    const switched = observed.state === 'switched';
    const lists = switched
        ? { ...afterwards, cleanup: topology.cleanup }
        : { ...topology, cleanup: afterwards.cleanup };
    const steps = [];
    for (const phase of PLANNED)
        steps.push(...(await planPhase(lists[phase], phase, observed, signal)));
    const resources = twice(context, observed, backup);
    return {
        steps,
        // Time left is of the job that runs a phase; the plan's own job says nothing about that one.
        guards: await (0,guard/* runGuardsAhead */.H)(topology.guards.filter((guard) => guard !== timeLeft), context, observed, PLANNED),
        factors: await fourFactors(context, observed, resources),
        twice: resources,
    };
}
/** The phases that lie behind in a state. */
const PAST = {
    frozen: ['prepare'],
    upgraded: ['prepare', 'upgrade'],
    switched: ['prepare', 'upgrade', 'switch'],
};
/** Steps are looked at where their phase could begin now; otherwise the world they judge is not there yet. */
async function planPhase(steps, phase, observed, signal) {
    const allowed = applicability(phase, observed.state);
    if (allowed.kind === 'run')
        return (0,plan/* planSteps */.D)(steps, signal);
    const over = PAST[observed.state]?.includes(phase) ?? false;
    return (0,plan/* stepsNotLookedAt */.O)(steps, over ? 'done' : 'later');
}

// EXTERNAL MODULE: ./lib/phases/report-parts.js
var report_parts = __webpack_require__(92091);
;// CONCATENATED MODULE: ./lib/phases/state-found.js

/** Whether a run that has ended with a complete upgrade finds it as it has left it, as far as it answers. */
function isLeftUpgraded({ databases }) {
    return databases.every((one) => state_found_isSilent(one) || databaseState(one) === 'upgraded');
}
/** Where the application stands by a run's last look: 'unknown' where production does not answer, whatever it was a moment ago. */
function stateFound(phases, outcome, observed) {
    const last = outcome.kind === 'completed' ? phases.at(-1) : null;
    if (last === 'upgrade' && observed.state === 'frozen' && isLeftUpgraded(observed))
        return 'upgraded';
    if (last === 'cleanup' && observed.state === 'switched' && isLeftWithoutV1(observed))
        return 'not-prepared';
    return observed.state;
}
/** Whether V1's databases, which were seen gone, are gone as far as Resource Manager tells. */
function isLeftWithoutV1({ databases }) {
    return databases.every(({ stage }) => stage.access === 'absent' || (stage.access === 'unreachable' && stage.info === null));
}
function state_found_isSilent({ production, stage, link }) {
    if (production.access === 'unreachable')
        return true;
    return production.access === 'read-only' && link === null && stage.access === 'unreachable';
}

// EXTERNAL MODULE: ./lib/phases/verdict-facts.js
var verdict_facts = __webpack_require__(26883);
;// CONCATENATED MODULE: ./lib/phases/as-found.js
// A run that has done all it was asked to, and finds the application in need of a person when it looks once more: that is no
// green end. What somebody does to production meanwhile is often seen by nobody else.













/** The outcome; stopped where it was completed, and users need a person who does something. */
function asFound(outcome, { phases, changed, before, after }) {
    if (outcome.kind === 'stopped' || (0,report_parts/* onlyLooks */.V8)(phases) || after === null)
        return outcome;
    const error = databasesGone(after.context, after.observed) ??
        foundSentBack(after.context, after.observed.databases) ??
        // A way back follows a failover, and tells it.
        (phases.includes('rollback') ? null : as_found_movedMeanwhile(before, after)) ??
        readOnly(phases, before, after) ??
        besideReader(after) ??
        as_found_unprotected(before, after) ??
        // A site that could not serve while it could not write is asked by Traffic Manager again in a moment; after a failover it is not.
        (phases.includes('rollback') && !(0,regions/* isFailedOver */.GB)(after.context) ? null : passedOver(after.endpoints));
    return error === null ? outcome : (0,phase_outcome/* stopped */.c)(changed ? 'held' : 'refused', error);
}
function as_found_movedMeanwhile(before, { context }) {
    if (before && isElsewhere(before.context))
        return null; // it was so, and the run was let go on all the same
    const apart = databasesApart(context);
    if (apart)
        return apart;
    if (!(0,regions/* isFailedOver */.GB)(context))
        return null;
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Production was failed over while this run was at work: ${failed_over_told(context)} now`, { advice: as_found_takeBack(context) });
}
/**
 * The site of the other region that users go on opening after production was failed over; null where there is none. Where slots
 * are swapped no profile tells where they are: they open the name of the primary region's site, as long as that answers.
 */
function siteLeftBehind({ context, endpoints }) {
    const { config, production } = context;
    if (config.switchMethod !== 'slot-swap' || !(0,regions/* isFailedOver */.GB)(context))
        return null;
    if (production.config.failoverGroup !== null)
        return null; // its listener leads to the database that takes writes
    const left = endpoints.find(({ role, standby, version, databases }) => {
        return role === 'production' && standby && version !== null && (0,verdict_facts/* tellingAccess */.Gu)(databases) === 'read-only';
    });
    return left ?? null;
}
function besideReader(after) {
    const site = siteLeftBehind(after);
    if (site === null)
        return null;
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Production was failed over: ${failed_over_told(after.context)} now, and users who open ${site.site} in ${site.region ?? 'the other region'} can only read`, { advice: as_found_takeBack(after.context) });
}
function isElsewhere(context) {
    return (0,regions/* isFailedOver */.GB)(context) || (0,regions/* failedOverAlone */.f5)(context).length > 0;
}
function as_found_takeBack({ production, databases }) {
    const { standby } = production;
    if (!standby)
        return [];
    const { failoverGroup } = production.config;
    const { sqlResourceGroup: resourceGroup, sqlServer: server } = standby.config;
    const commands = failoverGroup === null
        ? databases.map(({ name }) => setPrimary((0,regions/* databaseOn */.zV)(standby, name), 'planned'))
        : [setGroupPrimary({ resourceGroup, server }, failoverGroup, 'planned')];
    return [
        [
            `An upgrade begins with production on ${server}. To take it back there (planned: nothing is lost; both regions have to answer):`,
            ...commands,
        ].join('\n'),
    ];
}
/** Only an upgrade that is complete leaves production so, for the switch. */
function readOnly(phases, before, after) {
    const production = (0,verdict_facts/* serving */.fO)(after.endpoints);
    if (!production || (0,verdict_facts/* tellingAccess */.Gu)(production.databases) !== 'read-only')
        return null;
    const isUpgrade = phases.at(-1) === 'upgrade';
    if (isUpgrade && isLeftUpgraded(after.observed))
        return null;
    const below = belowStage(after);
    if (below.length > 0)
        return isMoved(before, after) ? movedToCopy(after, below) : as_found_failedOverToStage(below);
    if (isUpgrade)
        return notAsLeft(after.context, after.observed.state);
    if (isFrozenByTool(after))
        return null; // another run's, that is at work
    const names = production.databases
        .filter(({ access }) => access === 'read-only')
        .map(({ name, server }) => `${name} on ${server}`)
        .join(', ');
    return new lib_reasons/* UpgradeError */.fy('production-frozen-elsewhere', `Production is read-only (${names}), and this run has not left it so`, { advice: ['Find out who set it read-only: this tool does not undo what it has not done.'] });
}
function isFrozenByTool({ observed }) {
    return observed.databases
        .filter(({ production }) => production.access === 'read-only')
        .every(({ production }) => production.journal?.status === 'freezing');
}
/** Databases of production that are geo-secondaries of the stage database now. */
function belowStage({ context, observed }) {
    return context.databases.filter(({ name, stage }) => {
        const links = observed.databases.find((one) => one.name === name)?.production.links ?? [];
        return links.some(({ role, partnerServer }) => role !== 'Primary' && (0,production_slot/* sameName */.q)(partnerServer, stage.server));
    });
}
/** Somebody has sent users to the other slot. */
function isMoved(before, { context }) {
    return before !== null && !(0,production_slot/* sameName */.q)(before.context.production.config.name, context.production.config.name);
}
function movedToCopy({ context }, below) {
    const { production, stage } = context;
    const where = below.map(({ name }) => name).join(', ');
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Somebody has sent users to ${production.config.name} while this run was at work, and ${where} on ${production.server.name} is a geo-secondary of ${stage.server.name}: users can read, not write`, { advice: [sendToStage(context)] });
}
function as_found_failedOverToStage(below) {
    const where = below.map(({ name, stage }) => `${name} to ${stage.server}`).join(', ');
    return new lib_reasons/* UpgradeError */.fy('region-mismatch', `Production was failed over to the stage database while this run was at work (${where}): users can read, not write`, {
        advice: [
            [
                'Make production the primary again (planned: nothing is lost):',
                ...below.map(({ production }) => setPrimary(production, 'planned')),
            ].join('\n'),
        ],
    });
}
function notAsLeft({ stage }, state) {
    return new lib_reasons/* UpgradeError */.fy('stage-compromised', `The upgrade was complete, and the databases of ${stage.config.name} are not as it has left them any more: the application is ${state}`, {
        advice: [
            `Find out who has changed ${stage.server.name}. Then run phase rollback: it gives production back.`,
        ],
    });
}
/** The slot that users are on had a geo-secondary of its database when the run began, and has none now. */
function as_found_unprotected(before, { context, observed, backup }) {
    const { config, standby } = context.production;
    if (before === null || standby === null || isElsewhere(context))
        return null;
    const role = (0,production_slot/* sameName */.q)(before.context.production.config.name, config.name) ? 'production' : 'stage';
    const was = before.observed.databases
        .filter(({ protection }) => protection?.[role])
        .map(({ name }) => name);
    const lost = observed.databases.filter(({ name, production, protection }) => was.includes(name) &&
        isRead(production) &&
        protection !== null &&
        (protection.production === null || isOnItsOwn(backup, name)));
    if (lost.length === 0)
        return null;
    const where = lost.map(({ name, production }) => `${name} on ${production.ref.server}`).join(', ');
    return new lib_reasons/* UpgradeError */.fy('standby-missing', `Production has lost its geo-secondary on ${standby.server.name} while this run was at work: ${where}`, {
        advice: [
            `A disaster would take the data with it. What is on ${standby.server.name} is a database of its own now, and may have been written: look at it, then replicate production there again.`,
        ],
    });
}
/** What takes writes in the backup region is no geo-secondary, whatever link its primary still lists. */
function isOnItsOwn(backup, name) {
    return backup?.databases.find((one) => one.name === name)?.production.access === 'read-write';
}
/** Resource Manager has told its links. */
function isRead({ info, access }) {
    return info !== null && (access === 'read-write' || access === 'read-only');
}
/** Traffic Manager finds production's site not healthy, and users can only read where they are sent. */
function passedOver(after) {
    const production = (0,verdict_facts/* serving */.fO)(after);
    if (!production || (0,verdict_facts/* tellingAccess */.Gu)(production.databases) !== 'read-write')
        return null;
    const first = (0,verdict_facts/* sentFirst */.rG)(after, production);
    if (!first)
        return null;
    return new lib_reasons/* UpgradeError */.fy('production-unhealthy', `Traffic Manager sends users to ${first.site} before ${production.site}, which takes their writes`, {
        advice: [
            `Look why ${production.site} is ${production.monitorStatus ?? 'not healthy'} to Traffic Manager.`,
        ],
    });
}

;// CONCATENATED MODULE: ./lib/phases/users-elsewhere.js


/**
 * A sentence with its commands; none where users are sent to the site beside the database that takes writes.
 * @param backup what production's other region shows.
 */
function usersElsewhere(context, { profile, databases }, backup) {
    const { production, config } = context;
    if (!profile || !backup || !production.standby)
        return [];
    const served = (0,production_slot/* servedSlot */.YB)(config, profile);
    const other = (0,production_slot/* findEndpoint */.vS)(profile, production.standby.config);
    if (!served || served.endpoint !== other || other.monitorStatus !== 'Online')
        return [];
    const elsewhere = databases.some((one) => is(one, 'production', 'read-write'));
    const onlyRead = backup.databases.some((one) => is(one, 'production', 'read-only'));
    if (!elsewhere || !onlyRead)
        return [];
    const here = (0,production_slot/* findEndpoint */.vS)(profile, production.config);
    return [
        [
            `Traffic Manager sends users to ${other.name} first, and ${production.standby.server.name} beside it can only be read: ${production.server.name} takes writes. Where that site is connected by its server's name (not by the listener of a failover group) users cannot write until they are sent to ${production.config.endpoint.name}:`,
            ...(here && here.status !== 'Enabled'
                ? [updateEndpoint(context, here, '--endpoint-status', 'Enabled')]
                : []),
            updateEndpoint(context, other, '--endpoint-status', 'Disabled'),
        ].join('\n'),
    ];
}
function is(database, role, access) {
    return database[role].access === access;
}

// EXTERNAL MODULE: ./lib/phases/verdict.js + 1 modules
var phases_verdict = __webpack_require__(29629);
;// CONCATENATED MODULE: ./lib/phases/failover-commands.js
// The commands with which a person lets a slot's standby take over, whatever had not arrived there being lost.



/** A database in a failover group is failed over with its group only; one that is in none, by itself. Never throws. */
async function failoverCommands(context, role) {
    const standby = (0,regions/* standbyOf */.Lu)(context, role);
    const { sqlResourceGroup: resourceGroup, sqlServer: server } = standby.config;
    const grouped = await groupsOf(context, role);
    // What was failed over already is the primary there.
    const left = context.databases.filter((pair) => !(0,production_slot/* sameName */.q)(pair[role].server, server));
    const groups = new Set(left.flatMap(({ name }) => grouped.get(name) ?? []));
    const single = left.map(({ name }) => name).filter((name) => !grouped.has(name));
    return [
        ...[...groups].map((name) => setGroupPrimary({ resourceGroup, server }, name, 'forced')),
        ...single.map((name) => setPrimary((0,regions/* databaseOn */.zV)(standby, name), 'forced')),
    ];
}
/**
 * The group of each database that is in one, as the standby's server tells: the one that the configuration names is made
 * after the switch only. Where that server does not tell, production is taken to be in its slot's.
 */
async function groupsOf({ azure, config, ...roles }, role) {
    const { sqlResourceGroup: resourceGroup, sqlServer: server } = (0,regions/* standbyOf */.Lu)(roles, role).config;
    try {
        const groups = await azure.sql.listFailoverGroups({ resourceGroup, server });
        return new Map(groups.flatMap(({ name, databaseIds }) => config.databases
            .filter((database) => hasMember(databaseIds, database))
            .map((one) => [one, name])));
    }
    catch {
        const { failoverGroup } = roles[role].config;
        const named = role === 'production' ? failoverGroup : null;
        return new Map(named === null ? [] : config.databases.map((database) => [database, named]));
    }
}
function hasMember(databaseIds, database) {
    return databaseIds.some((id) => (0,production_slot/* sameName */.q)(id.split('/').at(-1) ?? '', database));
}

;// CONCATENATED MODULE: ./lib/phases/what-can-serve.js
// After a disaster: what is left, and what a person can let it do. The tool decides no failover by itself, because
// whatever had not arrived in the backup region is lost by it.






/**
 * Sentences, each with its commands in the lines after it; none where production answers, and none in a topology
 * without a backup region.
 * Never throws.
 * @param backup what the backup region shows.
 */
async function whatCanServe(context, observed, backup) {
    if (!backup || !what_can_serve_isLost(observed))
        return [];
    const production = await takeOver(context, observed, backup, 'production');
    const stage = isComplete(context, backup) ? await takeOver(context, observed, backup, 'stage') : [];
    const both = backup.databases.every((one) => isReadable(one.production)) && stage.length > 0;
    return [
        ...(both
            ? [
                'Decide first: EITHER V1 OR V2 serves, as told below, never both: nothing would bring their writes together again.',
            ]
            : []),
        ...production,
        ...stage,
    ];
}
/** Whether the database that serves users gives no answer. */
function what_can_serve_isLost({ databases }) {
    return databases.some(({ production }) => production.access === 'unreachable');
}
/** Whether the stage's copy in the backup region has the whole upgrade, and all that users have written. */
function isComplete(context, { databases }) {
    return databases.every(({ production, stage }) => isReadable(stage) &&
        COMPLETE.includes(stage.journal?.status ?? 'unfrozen') &&
        what_can_serve_isOwn(context, stage) &&
        (!isReadable(production) || isFrozenBy(production, stage)));
}
/** Of the next upgrade's copy the entry came with V2's data, and its script has not run. */
function what_can_serve_isOwn({ production }, { journal }) {
    const ofV1 = [production.config.sqlServer, production.standby?.config.sqlServer ?? ''];
    return !ofV1.some((server) => (0,production_slot/* sameName */.q)(server, journal?.server ?? ''));
}
/** Once V1 was given back its users have written what V2's copy will never get. */
function isFrozenBy(production, stage) {
    const { status, upgradeId } = production.journal ?? {};
    return status === 'freezing' && upgradeId === stage.journal?.upgradeId;
}
function isReadable({ access }) {
    return access === 'read-only' || access === 'read-write';
}
async function takeOver(context, observed, backup, role) {
    const standby = (0,regions/* standbyOf */.Lu)(context, role);
    const where = `${standby.server.name} (slot ${context[role].config.name}, ${standby.server.location ?? 'its region'})`;
    const unreadable = backup.databases.filter((database) => !isReadable(database[role]));
    if (unreadable.length > 0) {
        if (role === 'stage')
            return [];
        return [
            `${where} cannot be read either: ${unreadable.map((one) => `${one.name} is ${one[role].access}`).join(', ')}.`,
        ];
    }
    const which = role === 'production' ? 'the data of production' : 'the upgraded data (V2)';
    const frozen = backup.databases.some((one) => one[role].journal?.status === 'freezing');
    return [
        [
            `${where} has ${which}, except what had not arrived there. To let it serve, losing that:`,
            ...(await failoverCommands(context, role)),
            ...(await swapCommands(context, role)),
            ...endpointCommands(context, observed, role),
        ].join('\n'),
        ...(frozen
            ? [
                `Then run phase rollback: it makes ${standby.server.name} writable where the freeze had arrived there.`,
            ]
            : []),
    ];
}
/** With slot swaps users get the site that the backup region's web app has in production; a swap brings the other. */
async function swapCommands(context, role) {
    const { config, azure } = context;
    if (config.switchMethod !== 'slot-swap')
        return [];
    try {
        const there = await (0,production_slot/* readSlotRoles */.Kp)((0,regions/* inBackupRegion */._W)(context).config, azure);
        if ((0,production_slot/* sameName */.q)(there.production.name, context[role].config.name))
            return [];
    }
    catch {
        // As it is without a swap that was left half-way: production's site is there.
        if (role === 'production')
            return [];
    }
    return [swapSlots((0,regions/* standbyOf */.Lu)(context, role).site, config.deploymentSlot)];
}
/**
 * Users are sent there, and stay there: when the lost region comes back, its database can only be read, and Traffic
 * Manager would send them back to it.
 */
function endpointCommands(context, { profile }, role) {
    if (!profile)
        return [];
    const standby = (0,production_slot/* findEndpoint */.vS)(profile, (0,regions/* standbyOf */.Lu)(context, role).config);
    // The other slot's standby too: both answer, and only one of them is to serve.
    const other = (0,regions/* standbyOf */.Lu)(context, role === 'production' ? 'stage' : 'production');
    const others = [context.production.config, context.stage.config, other.config]
        .map((config) => (0,production_slot/* findEndpoint */.vS)(profile, config))
        // With slot swaps both slots are one site, and one endpoint.
        .filter((endpoint) => endpoint?.status === 'Enabled' && endpoint.name !== standby?.name);
    const changes = [
        ...(standby?.status === 'Disabled' ? [{ endpoint: standby, status: 'Enabled' }] : []),
        ...others.flatMap((endpoint) => (endpoint ? [{ endpoint, status: 'Disabled' }] : [])),
    ];
    return changes.map(({ endpoint, status }) => updateEndpoint(context, endpoint, '--endpoint-status', status));
}

;// CONCATENATED MODULE: ./lib/phases/window-of-run.js

/** @param observed how the application is found; null where it could not be looked. Null where production was never seen frozen. */
function windowOf(parts, observed) {
    const own = parts.window.report();
    // What this run has closed another one may have opened anew.
    return own?.to === null ? own : (stillReadOnly(parts, observed) ?? own);
}
/** A window that this run only saw. */
function stillReadOnly({ clock }, observed) {
    const from = observed && frozenSince(observed);
    if (!from)
        return null;
    const seconds = (clock.now() - Date.parse(from)) / 1000;
    return { from, to: null, seconds, spentOn: [{ what: 'between runs', seconds }] };
}

;// CONCATENATED MODULE: ./lib/phases/report-of-run.js
// The report of a run: composed from how it ended, what its steps recorded, and how the application is found afterwards.














/** Looks at the application once more and composes the report. Never throws. */
async function reportOfRun(run, ended) {
    const { request, parts, recorder, before } = run;
    // A run that only looks has just looked.
    const after = ((0,report_parts/* onlyLooks */.V8)(request.phases) && before) || (await lookAgain(parts, run.signal));
    const known = after ?? before;
    const outcome = asFound(ended, { phases: request.phases, changed: run.changed, before, after });
    const result = (0,report_parts/* resultOf */.Bg)(request.phases, run.changed, outcome);
    const state = after ? stateFound(request.phases, outcome, after.observed) : 'unknown';
    const readOnly = windowOf(parts, after?.observed ?? null);
    return {
        schemaVersion: 1,
        product: request.product,
        application: parts.config.application,
        topology: request.topology,
        phases: request.phases,
        upgradeId: known?.observed.databases[0]?.production.journal?.upgradeId ?? null,
        runUrl: parts.runUrl,
        startedAt: new Date(run.startedAt).toISOString(),
        endedAt: new Date(parts.clock.now()).toISOString(),
        result,
        reasonCode: outcome.kind === 'stopped' ? outcome.error.reason : null,
        verdict: await report_of_run_verdict(run, outcome, after, { state, readOnly }),
        state,
        productionSlot: known?.context.production.config.name ?? null,
        publicName: report_of_run_publicName(parts, known),
        before: before?.endpoints ?? [],
        after: after?.endpoints ?? [],
        steps: [...recorder.steps, ...(0,report_parts/* stepsNotReached */.Lj)(request.phases, recorder, run.topology, outcome)],
        rollback: recorder.rollback,
        readOnly,
        service: null,
        plan: (0,report_parts/* planWith */.ap)(run.plan, outcome.kind === 'stopped' ? outcome.guards : []),
        error: (0,report_parts/* errorOf */.Mz)(outcome),
    };
}
async function report_of_run_verdict(run, outcome, after, { state, readOnly }) {
    const { request, recorder, notes } = run;
    return (0,phases_verdict/* verdictOf */.Vj)({
        result: (0,report_parts/* resultOf */.Bg)(request.phases, run.changed, outcome),
        phases: request.phases,
        state,
        productionSlot: after?.context.production.config.name ?? null,
        after: after?.endpoints ?? [],
        error: outcome.kind === 'stopped' ? outcome.error : null,
        also: outcome.kind === 'stopped' ? outcome.also : [],
        changed: recorder.steps.some((step) => step.state === 'done'),
        notes,
        readOnlySeconds: readOnly?.seconds ?? null,
        unfreezeCommands: unfreezeCommands(after ?? run.before),
        canServe: after ? await whatUsersNeed(after) : [],
        leftBehind: after && siteLeftBehind(after),
        sentBack: after && foundSentBack(after.context, after.observed.databases),
        apart: (after && databasesApart(after.context)?.message) ?? null,
        failing: (run.plan?.guards ?? []).filter((guard) => guard.verdict === 'fail'),
        toLookAt: (run.plan?.guards ?? []).filter((guard) => guard.verdict === 'not-knowable'),
    });
}
async function whatUsersNeed({ context, observed, backup }) {
    const canServe = await whatCanServe(context, observed, backup);
    const apart = databasesApart(context);
    const gone = databasesGone(context, observed)?.advice ?? [];
    return [...gone, ...canServe, ...(apart ? apart.advice : usersElsewhere(context, observed, backup))];
}
/** A geo-secondary of the stage database takes no statement: it has to be made the primary again. */
function unfreezeCommands(seen) {
    if (!seen)
        return [];
    const { observed } = seen;
    const context = withoutGone(seen.context, observed);
    return context.databases.map((pair) => {
        const links = observed.databases.find(({ name }) => name === pair.name)?.production.links ?? [];
        const isBelowStage = links.some(({ role, partnerServer }) => role !== 'Primary' && (0,production_slot/* sameName */.q)(partnerServer, pair.stage.server));
        return isBelowStage ? setPrimary(pair.production, 'planned') : unfreezeCommand(context, pair.name);
    });
}
function report_of_run_publicName({ config }, seen) {
    return (config.trafficManager?.publicName ??
        seen?.observed.profile?.fqdn ??
        seen?.observed.sites.production?.defaultHostName ??
        null);
}

;// CONCATENATED MODULE: ./lib/phases/slots-procedure.js












/** @param parts their sessions and their window end with the procedure. */
function slotsProcedure(parts) {
    return new SlotsProcedure(parts);
}
class SlotsProcedure {
    clock;
    #parts;
    #before = null;
    #acting = null;
    /** The upgrade that this run has just completed, with production frozen for it; null once anything else was done. */
    #upgraded = null;
    #plan = null;
    constructor(parts) {
        this.clock = parts.clock;
        this.#parts = parts;
    }
    async cancelledBetween({ signal }) {
        if (!this.#acting || !this.#frozenByThisRun())
            return null;
        return goBack(this.#acting, (0,as_upgrade_error/* asUpgradeError */.$)(signal.reason), 'not-tried', []);
    }
    #frozenByThisRun() {
        const window = this.#parts.window.report();
        return window !== null && window.to === null;
    }
    async act(phase, run) {
        const { request } = run;
        const earlier = this.#acting;
        const upgraded = this.#upgraded;
        this.#upgraded = null;
        try {
            const atOnce = phase === 'switch' && upgraded ? await switchAtOnce(upgraded) : 'lock-lost';
            if (atOnce !== 'lock-lost')
                return atOnce;
            this.#acting = await this.#connect(phase, run);
            return await this.#phase(phase, this.#acting, request);
        }
        catch (error) {
            if (error instanceof RolesExchanged) {
                this.#parts.log.warning(`${error.message}: looking again`);
                this.#acting = null; // by its roles V1 would be given back, and users are on V2
                return this.act(phase, run);
            }
            // Between two phases of a run production is frozen, and a failure there is a failure of the upgrade.
            if (earlier && this.#frozenByThisRun())
                return goBack(earlier, (0,as_upgrade_error/* asUpgradeError */.$)(error), 'not-tried', []);
            return (0,phase_outcome/* stopped */.c)('refused', (0,as_upgrade_error/* asUpgradeError */.$)(error));
        }
    }
    /** Read anew for every phase: a switch exchanges the roles. */
    async #connect(phase, { request, recorder, signal }) {
        const partial = phase === 'rollback' || phase === 'status';
        const context = await (partial ? connectWhatAnswers : connectApplication)(this.#parts);
        this.#before ??= phase === 'rollback' ? await lookBriefly(this.#parts) : await look_around_look(context, partial);
        const topology = topologyPlan(context, null);
        const next = request.phases[request.phases.indexOf(phase) + 1] ?? null;
        return { context, topology, recorder, signal, onFailure: request.onFailure, next };
    }
    async #phase(phase, acting, request) {
        const { context, topology, signal } = acting;
        switch (phase) {
            case 'status':
                return (0,phase_outcome/* completed */.s)(false);
            case 'plan': {
                const afterwards = topologyPlan(connect_application_afterSwitch(context), null);
                const { observed, backup } = await look_around_look(context, false);
                this.#plan = await planUpgrade(context, observed, backup, topology, afterwards, signal);
                return (0,phase_outcome/* completed */.s)(false);
            }
            case 'rollback':
                return recovered(request, await actRollback(acting, request.afterSwitch));
            default: {
                const outcome = await actForward(acting, phase);
                const isUpgraded = phase === 'upgrade' && outcome.kind === 'completed' && outcome.changed;
                if (isUpgraded && this.#frozenByThisRun())
                    this.#upgraded = acting;
                return outcome;
            }
        }
    }
    report(run, outcome) {
        const seen = { before: this.#before, topology: this.#acting?.topology ?? null, plan: this.#plan };
        return reportOfRun({ ...run, ...seen, parts: this.#parts }, outcome);
    }
    async close() {
        this.#parts.window.disarm();
        await this.#parts.sessions.closeAll();
    }
}
/** Post: that it went well does not make the run that was killed a success. */
function recovered({ afterSwitch }, outcome) {
    if (afterSwitch !== 'leave' || outcome.kind === 'stopped' || !outcome.changed)
        return outcome;
    const killed = 'The main step was killed in the middle, and production was given back afterwards';
    return (0,phase_outcome/* stopped */.c)('rolled-back', new lib_reasons/* UpgradeError */.fy('interrupted', killed));
}

// EXTERNAL MODULE: ./lib/action/ingredients.js + 42 modules
var ingredients = __webpack_require__(23672);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
;// CONCATENATED MODULE: ./lib/sqlcmd/files.js
// Script files on disk; they and their includes are kept within the workspace, whatever symbolic links say.


/** How readUpgradeScript reaches files below `root`; names are relative to it, with `/`. */
function scriptFiles(root) {
    return {
        readFile: async (file) => {
            const path = await (0,promises_.realpath)((0,external_node_path_.resolve)(root, file));
            const way = (0,external_node_path_.relative)(await (0,promises_.realpath)(root), path);
            if (way === '..' || way.startsWith(`..${external_node_path_.sep}`) || (0,external_node_path_.isAbsolute)(way))
                throw new Error('it leads out of the workspace');
            return (0,promises_.readFile)(path);
        },
        resolveInclude: (from, target) => {
            const path = target.replaceAll('\\', '/'); // scripts written on Windows
            if ((0,external_node_path_.isAbsolute)(path) || /^[a-z]:/i.test(path))
                throw new Error('an absolute path; includes lie in the workspace');
            const file = external_node_path_.posix.normalize(external_node_path_.posix.join(external_node_path_.posix.dirname(from), path));
            if (file === '..' || file.startsWith('../'))
                throw new Error('it leads out of the workspace');
            return file;
        },
    };
}

;// CONCATENATED MODULE: ./lib/action/script-reader.js




function scriptReader(config, workspace) {
    const read = new Map();
    return (database) => {
        const known = read.get(database) ?? readScript(config, workspace, database);
        read.set(database, known);
        return known;
    };
}
async function readScript(config, workspace, database) {
    const { upgrade } = config;
    if (upgrade.kind !== 'scripts')
        throw new lib_reasons/* UpgradeError */.fy('internal-error', 'the upgrade is a command, not a script');
    const { files } = resolveScripts(upgrade.scripts[database] ?? [], workspace);
    return readUpgradeScript({ files, variables: upgrade.variables, database, ...scriptFiles(workspace) });
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(80481);
// EXTERNAL MODULE: ./lib/config/job-variables.js
var job_variables = __webpack_require__(68733);
;// CONCATENATED MODULE: ./lib/action/spawn-command.js
// Runs the user's upgrade command: an argument list, no shell, its output line by line.




/** Between asking a command to end and ending it. Milliseconds; a cancelled job has ten seconds in all. */
const GRACE_MS = 2_000;
/** The command gets the job's environment without what speaks for the job, and the stage connection on top. */
function commandRunner(workspace, environment) {
    const inherited = Object.fromEntries(Object.entries(environment).filter(([name]) => !(0,job_variables/* speaksForJob */.A)(name)));
    return (run) => runCommand(run, workspace, inherited);
}
function runCommand(run, cwd, inherited) {
    const [program = '', ...args] = run.command;
    return new Promise((resolve, reject) => {
        run.signal.throwIfAborted();
        const child = (0,external_node_child_process_.spawn)(program, args, {
            cwd,
            env: { ...inherited, ...run.environment },
            stdio: ['ignore', 'pipe', 'pipe'],
            // A group of its own, because what writes is often a child of what was started: flyway is a script around java.
            detached: process.platform !== 'win32',
        });
        let timedOut = false;
        const end = () => endGroup(child);
        const timer = setTimeout(() => {
            timedOut = true;
            end();
        }, run.timeoutMs);
        run.signal.addEventListener('abort', end, { once: true });
        onLines(child.stdout, run.onLine);
        onLines(child.stderr, run.onLine);
        const settle = () => {
            clearTimeout(timer);
            run.signal.removeEventListener('abort', end);
        };
        child.once('error', (cause) => {
            settle();
            reject(new lib_reasons/* UpgradeError */.fy('script-failed', `The upgrade command ${program} could not be started: ${cause.message}`, { cause }));
        });
        child.once('close', (exitCode) => {
            settle();
            resolve({ exitCode, timedOut });
        });
    });
}
/** Asks the command and all it has started to end, then ends them. */
function endGroup(child) {
    kill(child, 'SIGTERM');
    setTimeout(() => {
        kill(child, 'SIGKILL');
        // Whoever still holds the pipes is not waited for.
        child.stdout.destroy();
        child.stderr.destroy();
    }, GRACE_MS).unref();
}
function kill(child, signal) {
    if (child.pid === undefined)
        return;
    if (process.platform === 'win32') {
        child.kill(signal);
        return;
    }
    try {
        process.kill(-child.pid, signal);
    }
    catch {
        // Nobody of the group is left.
    }
}
function onLines(stream, onLine) {
    (0,external_node_readline_.createInterface)({ input: stream }).on('line', onLine);
}

;// CONCATENATED MODULE: ./lib/action/slots-run.js
// From the inputs to the procedure of an application in two slots.








/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
async function ofSlots(from, topology) {
    const { environment, clock, inputs } = from;
    const file = (0,ingredients/* fileOptions */.N9)(from);
    const config = loadConfig({ ...file, topology });
    const azure = await (0,ingredients/* azureOf */.fD)(from, config.sqlLogin);
    return slotsProcedure({
        ...(await (0,ingredients/* runOf */.ng)(from)),
        config,
        azure,
        sessions: createSessions(azure.tsql, clock),
        window: createReadOnlyWindow(clock, config.maxReadOnlyMs),
        newUpgradeId: (0,ingredients/* newId */.Si)(clock),
        known: createKnownEntries(),
        confirm: inputs.confirm ?? '',
        readScript: scriptReader(config, file.workspace),
        runCommand: commandRunner(file.workspace, environment),
    });
}


/***/ }),

/***/ 39972:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   kH: () => (/* binding */ mayAlterLater),
/* harmony export */   vs: () => (/* binding */ wasRefusedForNow),
/* harmony export */   vt: () => (/* binding */ TRANSIENT)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94004);
// Errors of SQL Server that pass by themselves, and what of them may be asked again.
// Sources: "Troubleshoot transient connection errors", errors-events reference.

/** At login and in a request: a reconfiguration, or a server or its governor that is busy. Nothing was done. */
const TRANSIENT = [40197, 40501, 40613, 49918, 49919, 49920, 4221, 10928, 10929];
/** The victim of a deadlock has been rolled back. */
const DEADLOCK = 1205;
/** Of ALTER DATABASE: somebody else holds the database, for now. 5069 is what follows any of them. */
const DATABASE_IN_USE = [5006, 5030, 5059, 5061, 5070, 1222];
const ALTER_FAILED = 5069;
/** Whether SQL Server has refused a request as a whole, and the same one may be taken in a moment. */
function wasRefusedForNow(error) {
    return error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .SqlError */ .L8 && error.kind === 'server' && error.has(...TRANSIENT, DEADLOCK);
}
/** Whether an ALTER DATABASE that has done nothing may do it in a moment. A lost answer tells nothing of it. */
function mayAlterLater(error) {
    if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .SqlError */ .L8) || error.kind === 'cancelled')
        return false;
    if (error.kind === 'lost' || error.has(...TRANSIENT, DEADLOCK, ...DATABASE_IN_USE))
        return true;
    return error.messages.length > 0 && error.messages.every(({ number }) => number === ALTER_FAILED);
}


/***/ })

};
