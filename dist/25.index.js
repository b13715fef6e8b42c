export const id = 25;
export const ids = [25];
export const modules = {

/***/ 71025:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createSqlConnector: () => (/* binding */ createSqlConnector)
});

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(77030);
// EXTERNAL MODULE: ./node_modules/tedious/lib/tedious.js
var tedious = __webpack_require__(86768);
// EXTERNAL MODULE: ./lib/azure/environment.js
var azure_environment = __webpack_require__(21314);
// EXTERNAL MODULE: ./lib/azure/errors.js
var azure_errors = __webpack_require__(94004);
;// CONCATENATED MODULE: ./lib/azure/sql-command-environment.js
// How a command of the user's (sqlpackage, dotnet ef, Flyway) reaches the database: by variables of its environment,
// never by its arguments, which every process of the machine can read.

/**
 * SQL_SERVER (host name), SQL_DATABASE, SQL_CONNECTION_STRING (ADO.NET), and SQL_ACCESS_TOKEN, or SQL_USER and
 * SQL_PASSWORD. ADO.NET takes a token beside the string, not in it.
 */
function commandVariables({ host, database, purpose }, proof, environment) {
    const reached = (0,azure_environment/* reachedAt */.i2)(environment, host, azure_environment/* SQL_PORT */.nM);
    const common = [
        ['Server', `tcp:${reached.replace(/:(\d+)$/, ',$1')}`],
        ['Database', database],
        ['Encrypt', 'True'],
        ['TrustServerCertificate', 'False'],
        // The certificate has the server's name, wherever the way to it begins.
        ...(reached === `${host}:${azure_environment/* SQL_PORT */.nM}` ? [] : [['HostNameInCertificate', host]]),
        ['Application Name', `rolling-upgrade ${purpose}`],
    ];
    const base = { SQL_SERVER: host, SQL_DATABASE: database };
    if (proof.kind === 'token') {
        return {
            environment: { ...base, SQL_CONNECTION_STRING: adoNet(common), SQL_ACCESS_TOKEN: proof.token },
            secrets: [proof.token],
        };
    }
    const { user, password } = proof.login;
    const connectionString = adoNet([...common, ['User ID', user], ['Password', password]]);
    return {
        environment: {
            ...base,
            SQL_CONNECTION_STRING: connectionString,
            SQL_USER: user,
            SQL_PASSWORD: password,
        },
        secrets: [password, connectionString],
    };
}
/** Values with separators or quotes in them are quoted, quotes doubled, as ADO.NET reads them. */
function adoNet(pairs) {
    return pairs.map(([key, value]) => `${key}=${quoted(value)}`).join(';');
}
function quoted(value) {
    return /[;='"\s]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

// EXTERNAL MODULE: ./lib/message-of.js
var message_of = __webpack_require__(88236);
;// CONCATENATED MODULE: ./lib/azure/sql-errors.js
// What the TDS driver reports, as SqlError. The driver throws an AggregateError with an empty message for several
// errors of one batch, so messages are collected as they arrive and the driver's error only says what happened.


/** From this severity on SQL Server ends the connection. */
const FATAL_SEVERITY = 20;
/** The driver's codes for "SQL Server answered with errors". */
const ANSWERED = new Set(['EREQUEST', 'UNKNOWN']);
function sqlMessage(token) {
    return {
        number: token.number,
        severity: token.class,
        state: token.state,
        line: token.lineNumber,
        procedure: token.procName,
        text: token.message,
    };
}
/** `stopped`: why we sent an attention, where we did. */
function errorOfRequest(error, messages, where, stopped) {
    const kind = kindOf(error, messages, stopped);
    return new azure_errors/* SqlError */.L8(`${where}: ${textOf(kind, error, messages, stopped)}`, kind, messages, error);
}
function errorOfConnect(error, messages, where) {
    const text = messages.length > 0 ? linesOf(messages) : describe(error);
    return new azure_errors/* SqlError */.L8(`Could not connect to ${where}: ${text}`, 'login', messages, error);
}
/** Every error code in a chain of causes, Node's and OpenSSL's included. */
function codesOf(error) {
    if (!(error instanceof Error))
        return [];
    const { code } = error;
    const inner = error instanceof AggregateError ? error.errors : [error.cause];
    return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap(codesOf)];
}
function kindOf(error, messages, stopped) {
    if (codesOf(error).includes('ECANCEL'))
        return stopped === 'timed-out' ? 'lost' : 'cancelled';
    if (messages.some(({ severity }) => severity >= FATAL_SEVERITY))
        return 'lost';
    return codesOf(error).some((code) => ANSWERED.has(code)) ? 'server' : 'lost';
}
function textOf(kind, error, messages, stopped) {
    if (stopped === 'timed-out')
        return 'no end within the time limit; whether it was carried out is not known';
    if (kind === 'cancelled')
        return 'cancelled, and SQL Server confirmed it';
    if (kind === 'server')
        return linesOf(messages) || describe(error);
    const said = messages.length > 0 ? ` SQL Server said: ${linesOf(messages)}` : '';
    return `the connection was lost; whether it was carried out is not known (${describe(error)}).${said}`;
}
function linesOf(messages) {
    return messages.map(({ number, text }) => `${number}: ${text}`).join(' ');
}
function describe(error) {
    if (error instanceof AggregateError && error.message === '')
        return error.errors.map(describe).join('; ');
    return (0,message_of/* messageOf */.b)(error);
}

;// CONCATENATED MODULE: ./lib/azure/sql-values.js
// Between JavaScript's values and SQL Server's types, as far as this product's own statements need them.

/** The parameter's type. Text is nvarchar, whole numbers int or bigint, others float. */
function parameterType(value) {
    if (typeof value === 'boolean')
        return tedious/* TYPES */.QE.Bit;
    if (typeof value === 'bigint')
        return tedious/* TYPES */.QE.BigInt;
    if (typeof value === 'number')
        return numberType(value);
    if (value instanceof Date)
        return tedious/* TYPES */.QE.DateTime2;
    if (Buffer.isBuffer(value))
        return tedious/* TYPES */.QE.VarBinary;
    return tedious/* TYPES */.QE.NVarChar;
}
/** A row by column name; of columns with the same name the last one stays. */
function rowOf(columns) {
    return Object.fromEntries(columns.map((column) => [column.metadata.colName, fromDriver(column)]));
}
function numberType(value) {
    if (!Number.isInteger(value))
        return tedious/* TYPES */.QE.Float;
    return Math.abs(value) < 2 ** 31 ? tedious/* TYPES */.QE.Int : tedious/* TYPES */.QE.BigInt;
}
function fromDriver({ metadata, value }) {
    if (value === null || value === undefined)
        return null;
    // The driver gives bigint as text, so as not to lose digits. Text of an integer type is nothing else.
    if (typeof value === 'string' && /^(BigInt|IntN)$/.test(metadata.type.name))
        return BigInt(value);
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value))
        return value;
    if (value instanceof Date || Buffer.isBuffer(value))
        return value;
    return String(value);
}

// EXTERNAL MODULE: ./lib/azure/tsql/transient-errors.js
var transient_errors = __webpack_require__(39972);
;// CONCATENATED MODULE: ./lib/azure/sql-session.js
// One TDS connection as the product uses it. A batch is sent once and never again by itself; whoever sent it reads back
// what became of it. A statement of the tool's own is sent again where SQL Server says that it did nothing, for now.





const QUERY_TIMEOUT_MS = 30_000;
/** Pauses before a refused statement is sent again. Users may be waiting to write. Milliseconds. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000];
/** Wraps a connection that has logged in. */
function openSession(connection, target, clock) {
    const server = target.host.split('.')[0] ?? target.host;
    const where = `${server}/${target.database}`;
    let isOpen = true;
    let exchange = null;
    connection.on('errorMessage', (token) => exchange?.errors.push(sqlMessage(token)));
    connection.on('infoMessage', (token) => exchange?.onMessage?.(sqlMessage(token)));
    connection.on('end', () => {
        isOpen = false;
    });
    // A broken connection is told by the request that was under way, or by isOpen; unheard it would end the process.
    connection.on('error', () => {
        isOpen = false;
    });
    async function run(text, send, { timeoutMs, signal, onMessage }) {
        if (signal?.aborted)
            throw new azure_errors/* SqlError */.L8(`${where}: cancelled before it was sent`, 'cancelled', []);
        if (!isOpen)
            throw new azure_errors/* SqlError */.L8(`${where}: the connection is closed; nothing was sent`, 'lost', []);
        const errors = [];
        exchange = { errors, onMessage };
        const attention = stopper(connection, clock, timeoutMs, signal);
        try {
            await new Promise((resolve, reject) => {
                const request = new tedious/* Request */.Kd(text, (error) => {
                    if (error)
                        reject(error);
                    else
                        resolve();
                });
                // The driver's own timer stops at the first packet of the answer; ours holds to the end.
                request.setTimeout(0);
                send(request);
            });
        }
        catch (error) {
            throw errorOfRequest(error, errors, where, attention.stopped());
        }
        finally {
            attention.dispose();
            exchange = null;
        }
    }
    return {
        server: target.host,
        database: target.database,
        get isOpen() {
            return isOpen;
        },
        query: async (text, parameters = {}, timeoutMs = QUERY_TIMEOUT_MS, signal) => {
            const ask = async () => {
                const rows = [];
                const send = (request) => {
                    for (const [name, value] of Object.entries(parameters)) {
                        request.addParameter(name, parameterType(value), value);
                    }
                    request.on('row', (columns) => rows.push(rowOf(columns)));
                    connection.execSql(request);
                };
                await run(text, send, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
                return rows;
            };
            for (const pause of PAUSES_MS) {
                try {
                    return await ask();
                }
                catch (error) {
                    if (!(0,transient_errors/* wasRefusedForNow */.vs)(error) || !isOpen || signal?.aborted)
                        throw error;
                    await clock.sleep(pause, signal).catch(() => { }); // asked to stop: the statement says so
                }
            }
            return ask();
        },
        batch: (text, options) => run(text, (request) => connection.execSqlBatch(request), options),
        close: () => new Promise((resolve) => {
            if (!isOpen) {
                resolve();
                return;
            }
            connection.once('end', resolve);
            connection.close();
        }),
    };
}
/** Without a reason of its own every request would end with an exception made for nobody, stack trace and all. */
const IN_TIME = 'the request ended first';
/** Sends the attention, at the time limit or when asked to; the driver then waits for SQL Server to confirm it. */
function stopper(connection, clock, timeoutMs, signal) {
    let stopped = null;
    const timer = new AbortController();
    const stop = (why) => {
        if (connection.cancel())
            stopped = why;
    };
    const onAbort = () => stop('cancelled');
    signal?.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs > 0) {
        clock.sleep(timeoutMs, timer.signal).then(() => stop('timed-out'), () => { });
    }
    return {
        stopped: () => stopped,
        dispose: () => {
            timer.abort(IN_TIME);
            signal?.removeEventListener('abort', onAbort);
        },
    };
}

;// CONCATENATED MODULE: ./lib/azure/sql-connection.js
// Connections to the logical servers: always encrypted, the server's certificate always checked, with a token that
// is good for a while yet.








/** A token is shown by every connection until it ends within this: each asking costs GitHub and Entra a request. */
const TOKEN_LEFT_MS = 5 * 60_000;
/** Microsoft advises 30 s at least. */
const CONNECT_TIMEOUT_MS = 30_000;
/** How long SQL Server gets to confirm an attention; it rolls the statement back first. */
const ATTENTION_TIMEOUT_MS = 30_000;
/**
 * How long a connection is tried again, in milliseconds, by why it failed. Numbers: "Troubleshoot transient
 * connection errors"; reconfigurations are mostly over within 60 s.
 */
const PATIENCE = {
    transient: { numbers: transient_errors/* TRANSIENT */.vt, ms: 60_000 },
    // Also what "no such user in this database" looks like, where waiting only hides the cause.
    databaseNotThere: { numbers: [4060], ms: 10_000 },
    network: {
        codes: ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ETIMEOUT', 'EAI_AGAIN'],
        ms: 20_000,
    },
};
/** Microsoft advises 5 s for the first; that is for fleets, and here users may be waiting to write. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10_000;
/** The port SqlConnector. `connect` throws SqlError of kind 'login', or 'cancelled' where the signal was aborted. */
function createSqlConnector(context) {
    const tokens = keptTokens(context);
    async function proof() {
        if (context.sqlLogin !== null) {
            context.mask(context.sqlLogin.password);
            return { kind: 'login', login: context.sqlLogin };
        }
        const token = await tokens();
        if (token !== null)
            return { kind: 'token', token: token.token };
        throw new azure_errors/* AzureError */.M6(`No token for ${context.environment.sqlAudience}`, {
            status: null,
            code: null,
            correlationId: null,
            outcomeUnknown: false,
        });
    }
    return {
        connect: async (target, signal) => {
            const started = context.clock.now();
            for (let delay = FIRST_DELAY_MS;; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
                try {
                    return await connectOnce(context, target, await proof(), signal);
                }
                catch (error) {
                    if (!(error instanceof azure_errors/* SqlError */.L8))
                        throw error;
                    if (context.clock.now() - started + delay > patienceWith(error))
                        throw error;
                    context.log(`${error.message}; again in ${delay} ms`);
                    await pause(context.clock, delay, signal, target);
                }
            }
        },
        commandEnvironment: async (target) => {
            const variables = commandVariables(target, await proof(), context.environment);
            for (const secret of variables.secrets)
                context.mask(secret);
            return variables.environment;
        },
    };
}
/** Those who ask while one is on its way share it; a failure is not kept. */
function keptTokens({ credential, environment, clock }) {
    let kept = null;
    return () => {
        if (kept !== null && clock.now() < kept.endsAt - TOKEN_LEFT_MS)
            return kept.token;
        const token = credential.getToken((0,azure_environment/* scopeOf */.Od)(environment.sqlAudience));
        const own = { token, endsAt: Number.POSITIVE_INFINITY };
        kept = own;
        token.then((answer) => {
            own.endsAt = answer?.expiresOnTimestamp ?? 0;
        }, () => {
            own.endsAt = 0;
        });
        return token;
    };
}
async function connectOnce({ environment, clock, runUrl = null }, target, proof, signal) {
    if (signal?.aborted)
        throw cancelled(target);
    const connection = new tedious/* Connection */.Ng(configuration(target, proof, environment, runUrl));
    const messages = [];
    const collect = (token) => messages.push(sqlMessage(token));
    connection.on('errorMessage', collect);
    const onAbort = () => connection.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
        await new Promise((resolve, reject) => {
            connection.connect((error) => (error ? reject(error) : resolve()));
        });
    }
    catch (error) {
        if (signal?.aborted)
            throw cancelled(target);
        throw errorOfConnect(error, messages, `${target.host}/${target.database}`);
    }
    finally {
        signal?.removeEventListener('abort', onAbort);
        connection.off('errorMessage', collect);
    }
    return openSession(connection, target, clock);
}
function configuration({ host, database, purpose }, proof, environment, runUrl) {
    const direct = `${host}:${azure_environment/* SQL_PORT */.nM}`;
    const isDirect = (0,azure_environment/* reachedAt */.i2)(environment, host, azure_environment/* SQL_PORT */.nM) === direct;
    return {
        server: host,
        authentication: proof.kind === 'token'
            ? { type: 'azure-active-directory-access-token', options: { token: proof.token } }
            : { type: 'default', options: { userName: proof.login.user, password: proof.login.password } },
        options: {
            port: azure_environment/* SQL_PORT */.nM,
            database,
            appName: programName(purpose, runUrl),
            encrypt: true,
            trustServerCertificate: false,
            connectTimeout: CONNECT_TIMEOUT_MS,
            requestTimeout: 0,
            cancelTimeout: ATTENTION_TIMEOUT_MS,
            // Connecting is repeated here, with more numbers and with the reasons kept.
            maxRetriesOnTransientErrors: 0,
            // A server may redirect to another host of Azure's, whose certificate has its own name: hence no serverName.
            ...(isDirect ? {} : { connector: connectorTo(environment, host) }),
        },
    };
}
/** LOGIN7 takes 128 characters; a run that is cut off could not be opened. */
function programName(purpose, runUrl) {
    const named = `rolling-upgrade ${runUrl ?? ''}`.trimEnd();
    return `${named.length <= 128 ? named : 'rolling-upgrade'} ${purpose}`.slice(0, 128);
}
/** The driver hands over where it wants to go, also after a redirect, although its types do not say so. */
function connectorTo(environment, host) {
    return (wanted = { host, port: azure_environment/* SQL_PORT */.nM }) => {
        const { hostname, port } = new URL(`tcp://${(0,azure_environment/* reachedAt */.i2)(environment, wanted.host, wanted.port)}`);
        const socket = (0,external_node_net_.connect)({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
        return new Promise((resolve, reject) => {
            socket.once('error', reject);
            socket.once('connect', () => {
                socket.off('error', reject);
                resolve(socket);
            });
        });
    };
}
function patienceWith(error) {
    if (error.kind !== 'login')
        return 0;
    if (error.has(...PATIENCE.transient.numbers))
        return PATIENCE.transient.ms;
    if (error.has(...PATIENCE.databaseNotThere.numbers))
        return PATIENCE.databaseNotThere.ms;
    const network = PATIENCE.network.codes;
    const isNetwork = error.messages.length === 0 && codesOf(error.cause).some((code) => network.includes(code));
    return isNetwork ? PATIENCE.network.ms : 0;
}
async function pause(clock, ms, signal, target) {
    try {
        await clock.sleep(ms, signal);
    }
    catch {
        throw cancelled(target);
    }
}
function cancelled({ host, database }) {
    return new azure_errors/* SqlError */.L8(`Connecting to ${host}/${database} was cancelled`, 'cancelled', []);
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
