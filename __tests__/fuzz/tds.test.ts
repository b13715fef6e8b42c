// Whatever a client says to a logical server, it is answered or its connection ends, and the others are served on.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TYPES } from 'tedious';
import { createCertificates } from '../../local-azure/certificates.ts';
import { systemClock } from '../../local-azure/clock.ts';
import { createFaults } from '../../local-azure/faults.ts';
import { createLatency } from '../../local-azure/latency.ts';
import { createRandom } from '../../local-azure/random.ts';
import { createSqlFabric } from '../../local-azure/sql/create-fabric.ts';
import type { SqlFabric } from '../../local-azure/sql/fabric.ts';
import { type Message, PACKET_TYPE } from '../../local-azure/sql/tds/packet.ts';
import { startTdsServer, type TdsServer } from '../../local-azure/sql/tds/server.ts';
import { byPassword, close, configuration, open, query } from '../local-azure/tds/client.ts';
import { mutation } from './mutations.ts';
import { bytesOf, say, tap } from './tds-tap.ts';

const ADMIN = { login: 'contoso-admin', password: 'Aa1-secret-secret' };
const SERVER = 'contoso-sql-blue';

let fabric: SqlFabric;
let server: TdsServer;
let ca: string;
let said: Message[];

beforeAll(async () => {
  const certificate = await createCertificates();
  const [clock, faults, latency] = [systemClock(), createFaults(), createLatency('off', 1)];
  fabric = createSqlFabric({ clock, latency, random: createRandom(1) });
  const host = fabric.addServer(SERVER, ADMIN);
  fabric.setFirewall(SERVER, [{ name: 'all', start: '0.0.0.0', end: '255.255.255.255' }]);
  fabric.createDatabase(SERVER, 'contoso');
  const verifySqlToken = () => ({ kind: 'token', objectId: 'o', appId: 'a', audience: 'sql' }) as const;
  const fedAuth = { stsUrl: 'https://localhost/t', servicePrincipalName: 'https://database.windows.net/' };
  server = await startTdsServer({ host, certificate, verifySqlToken, fedAuth, faults, latency, clock });
  ca = certificate.ca;
  said = await conversation(certificate);
});

afterAll(async () => {
  await server.close();
  await fabric.close();
});

/** A client that does a bit of everything. */
async function conversation(certificate: Awaited<ReturnType<typeof createCertificates>>): Promise<Message[]> {
  const line = await tap(server.port, certificate);
  const login = byPassword(ADMIN.login, ADMIN.password);
  const connection = await open(configuration({ port: line.port, ca }, login, { encrypt: 'strict' }));
  await query(
    connection,
    'CREATE TABLE dbo.T (Id int NOT NULL PRIMARY KEY, Name nvarchar(20), At datetime2)',
    [],
    'batch',
  );
  await query(connection, 'INSERT dbo.T VALUES (@id, @name, @at); SELECT * FROM dbo.T', [
    { name: 'id', type: TYPES.Int, value: 1 },
    { name: 'name', type: TYPES.NVarChar, value: 'Müller 日本' },
    { name: 'at', type: TYPES.DateTime2, value: new Date(0) },
  ]);
  await new Promise<void>((resolve, reject) => {
    connection.beginTransaction((error) => (error ? reject(error) : resolve()));
  });
  await new Promise<void>((resolve, reject) => {
    connection.rollbackTransaction((error) => (error ? reject(error) : resolve()));
  });
  await close(connection);
  await line.close();
  return line.messages;
}

async function expectServed(): Promise<void> {
  const connection = await open(
    configuration({ port: server.port, ca }, byPassword(ADMIN.login, ADMIN.password)),
  );
  await expect(query(connection, 'SELECT 1 AS one')).resolves.toEqual([[1]]);
  await close(connection);
}

/** Those before the n-th of this kind, and it. */
function upTo(isMeant: (message: Message) => boolean, which: number): { before: Buffer[]; meant: Message } {
  const places = said.flatMap((message, at) => (isMeant(message) ? [at] : []));
  const place = places[which % places.length];
  const meant = place === undefined ? undefined : said[place];
  if (place === undefined || !meant) throw new Error('the client has not said that');
  return { before: said.slice(0, place).map(bytesOf), meant };
}

const KINDS: Readonly<Record<string, (message: Message) => boolean>> = {
  'a prelogin': ({ type }) => type === PACKET_TYPE.prelogin,
  'a login': ({ type }) => type === PACKET_TYPE.login7,
  'a batch': ({ type }) => type === PACKET_TYPE.batch,
  'a remote procedure call': ({ type }) => type === PACKET_TYPE.rpc,
  'a transaction request': ({ type }) => type === PACKET_TYPE.transactionManager,
};

describe.each(Object.keys(KINDS))('%s', (kind) => {
  const isMeant = KINDS[kind] ?? (() => false);

  test('with a payload that is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, fc.nat({ max: 5 }), async (mutate, which) => {
        const { before, meant } = upTo(isMeant, which);
        const changed = bytesOf({ ...meant, payload: mutate(meant.payload) });
        expect(await say(server.port, [...before, changed])).toBe('closed');
      }),
      { numRuns: 25 },
    );
    await expectServed();
  });

  test('in packets that are wrong', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, fc.nat({ max: 5 }), async (mutate, which) => {
        const { before, meant } = upTo(isMeant, which);
        expect(await say(server.port, [...before, mutate(bytesOf(meant))])).toBe('closed');
      }),
      { numRuns: 15 },
    );
    await expectServed();
  });
});

test('many of them at once are in nobody’s way', async () => {
  const good = await open(configuration({ port: server.port, ca }, byPassword(ADMIN.login, ADMIN.password)));
  const bad = fc.sample(fc.tuple(mutation, fc.nat({ max: said.length - 1 })), 30).map(([mutate, at]) => {
    const before = said.slice(0, at).map(bytesOf);
    const meant = said[at];
    return say(server.port, [...before, ...(meant ? [mutate(bytesOf(meant))] : [])]);
  });
  for (let n = 0; n < 20; n++) await expect(query(good, `SELECT ${n} AS n`)).resolves.toEqual([[n]]);
  expect(new Set(await Promise.all(bad))).toEqual(new Set(['closed']));
  await close(good);
});
