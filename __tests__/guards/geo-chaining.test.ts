import { describe } from '@jest/globals';
import { SqlError } from '../../src/azure/errors.ts';
import { backupPart, geo, geoConfig, geoGuard, geoSlot, sides, unchained } from './geo-world.ts';
import { databaseInfo, server } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { sqlAnswers } from './world.ts';

const hyperscale = databaseInfo({
  sku: { name: 'HS_Gen5', tier: 'Hyperscale', family: 'Gen5', capacity: 2 },
});

describe('chaining-possible', () => {
  tableOf(geoGuard('chaining-possible'), [
    { when: 'nothing stands in the way', world: geo({ databases: unchained() }), says: 'pass' },
    {
      when: 'Hyperscale',
      world: geo({ databases: unchained({ info: hyperscale }) }),
      says: 'chaining-not-possible',
      telling: ['Hyperscale'],
      advising: ['standby.mode: after-termination', 'confirm: "longer-read-only green"'],
    },
    {
      when: 'a customer-managed key',
      world: geo({
        databases: unchained(),
        servers: {
          production: server('contoso-sql-blue', { keyId: 'https://vault/key' }),
          stage: server('contoso-sql-green', { keyId: 'https://vault/key' }),
        },
      }),
      says: 'chaining-not-possible',
      telling: ['contoso-sql-blue, contoso-sql-green with a customer-managed key'],
      advising: ['az sql server tde-key set -g contoso-green -s contoso-sql-green -t ServiceManaged'],
    },
    {
      when: 'Azure has done it',
      world: geo(),
      says: 'pass',
      telling: ['chained it already'],
    },
  ]);
});

const later = geoConfig({ standbyMode: 'after-termination' });
const longer = geoGuard('longer-read-only', { standbyMode: 'after-termination' });
const ofSize = (bytes: number) => sqlAnswers({ database_files: () => [{ bytes }] });
const untold = sqlAnswers({
  database_files: () =>
    new SqlError('Invalid object name', 'server', [
      { number: 208, severity: 16, state: 1, line: 1, procedure: '', text: 'Invalid object name' },
    ]),
});

describe('longer-read-only', () => {
  tableOf(longer, [
    {
      when: 'confirmed, and short enough',
      world: geo({ config: later, confirm: ' Longer-Read-Only GREEN ', sql: ofSize(50e9) }),
      says: 'pass',
      telling: ['about 6 min', 'max-read-only is 30 min'],
    },
    {
      when: 'not confirmed',
      world: geo({ config: later, sql: ofSize(50e9) }),
      says: 'confirmation-missing',
      telling: ['read-only', 'about 6 min', '500 GB an hour'],
      advising: ['confirm: "longer-read-only green"'],
    },
    {
      when: "another slot's confirmation",
      world: geo({ config: later, confirm: 'longer-read-only blue', sql: ofSize(50e9) }),
      says: 'confirmation-missing',
      telling: ['found "longer-read-only blue"'],
    },
    {
      when: 'longer than users may be read-only',
      world: geo({ config: later, confirm: 'longer-read-only green', sql: ofSize(251e9) }),
      says: 'chaining-not-possible',
      telling: ['about 30 min', 'max-read-only'],
      advising: ['max-read-only'],
    },
    {
      when: 'only the limit of its size is known, and that would be too long',
      world: geo({
        config: later,
        confirm: 'longer-read-only green',
        sql: untold,
        databases: sides({ info: databaseInfo({ maxSizeBytes: 300e9 }) }),
      }),
      says: 'not-knowable',
      telling: ['at most about 36 min'],
    },
    {
      when: 'nothing tells its size',
      world: geo({ config: later, confirm: 'longer-read-only green', sql: untold }),
      says: 'not-knowable',
    },
  ]);
});

describe('standby-pool', () => {
  const pooled = (backupPool: string | null) =>
    geo({
      config: geoConfig({
        slots: [
          geoSlot('blue'),
          geoSlot('green', { elasticPool: 'pool', backup: backupPart('green', { elasticPool: backupPool }) }),
        ],
      }),
    });
  tableOf(geoGuard('standby-pool'), [
    { when: 'no pools', world: geo(), says: 'pass' },
    { when: 'a pool in each region', world: pooled('pool-dr'), says: 'pass' },
    {
      when: 'a pool in the primary region only',
      world: pooled(null),
      says: 'service-tier-mismatch',
      advising: ['slots.green.backup.sql-server.elastic-pool', '-s contoso-sql-green-dr'],
    },
  ]);
});
