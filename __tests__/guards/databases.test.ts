import { describe } from '@jest/globals';
import { customerManagedKey } from '../../src/guards/customer-managed-key.ts';
import { databaseNames } from '../../src/guards/database-names.ts';
import { ledgerDigests } from '../../src/guards/ledger-digests.ts';
import { oneRegion } from '../../src/guards/one-region.ts';
import { serviceTier } from '../../src/guards/service-tier.ts';
import { absent, config, databaseInfo, databases, link, server, slot } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';

const s3 = { name: 'Standard', tier: 'Standard', family: null, capacity: 100 };
const generalPurpose = { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 4 };
const hyperscale = { name: 'HS_Gen5', tier: 'Hyperscale', family: 'Gen5', capacity: 2 };
const pooled = (pool: string) =>
  databaseInfo({
    sku: { name: 'ElasticPool', tier: 'Standard', family: null, capacity: 0 },
    elasticPoolId: `/subscriptions/sub/elasticPools/${pool}`,
  });
const greenPool = config({
  slots: [slot('blue', { elasticPool: 'p1' }), slot('green', { elasticPool: 'p2' })],
});

describe('service-tier', () => {
  tableOf(serviceTier, [
    { when: 'the same on both sides', says: 'pass', telling: ['contoso: Standard, 20 DTU on both sides'] },
    { when: 'no stage database yet', world: { databases: databases({ links: [] }, absent) }, says: 'pass' },
    {
      when: 'a smaller copy',
      world: { databases: databases({ info: databaseInfo({ sku: s3 }) }) },
      says: 'service-tier-mismatch',
      telling: ['Standard, 100 DTU on contoso-sql-blue', 'Standard, 20 DTU on contoso-sql-green'],
      advising: [
        'az sql db update -g contoso-green -s contoso-sql-green -n contoso --edition Standard --capacity 100',
      ],
    },
    {
      when: 'fewer cores in the copy',
      world: {
        databases: databases(
          { info: databaseInfo({ sku: generalPurpose }) },
          { info: databaseInfo({ sku: { ...generalPurpose, capacity: 2 } }) },
        ),
      },
      says: 'service-tier-mismatch',
      advising: ['--edition GeneralPurpose --family Gen5 --compute-model Provisioned --capacity 4'],
    },
    {
      when: 'one DTU size under two names',
      world: {
        databases: databases({}, { info: databaseInfo({ sku: { ...s3, name: 'S1', capacity: 20 } }) }),
      },
      says: 'pass',
    },
    {
      when: 'a provisioned copy of a serverless database',
      world: {
        databases: databases(
          { info: databaseInfo({ sku: { ...generalPurpose, name: 'GP_S_Gen5' } }) },
          { info: databaseInfo({ sku: generalPurpose }) },
        ),
      },
      says: 'service-tier-mismatch',
      telling: ['GeneralPurpose GP_S_Gen5, 4 vCores'],
      advising: ['--compute-model Serverless'],
    },
    {
      when: 'another size, of which Azure tells only the name',
      world: {
        databases: databases({
          info: databaseInfo({ sku: { name: 'S2', tier: 'Standard', family: null, capacity: null } }),
        }),
      },
      says: 'service-tier-mismatch',
      advising: ['--service-objective S2'],
    },
    {
      when: 'production pauses by itself',
      world: { databases: databases({ info: databaseInfo({ autoPauseDelay: 60 }), links: [] }, absent) },
      says: 'service-tier-mismatch',
      telling: ['60 minutes'],
      advising: ['--auto-pause-delay -1'],
    },
    {
      when: 'production never pauses',
      world: { databases: databases({ info: databaseInfo({ autoPauseDelay: -1 }) }) },
      says: 'pass',
    },
    {
      when: 'production is in a pool and the stage slot names none',
      world: { databases: databases({ info: pooled('p1'), links: [] }, absent) },
      says: 'service-tier-mismatch',
      advising: [
        'slots.green.sql-server.elastic-pool',
        'az sql elastic-pool list -g contoso-green -s contoso-sql-green',
      ],
    },
    {
      when: 'both are in pools',
      world: { config: greenPool, databases: databases({ info: pooled('p1') }, { info: pooled('p2') }) },
      says: 'pass',
    },
    {
      when: 'a pool of another tier',
      world: {
        config: greenPool,
        databases: databases(
          { info: pooled('p1') },
          {
            info: databaseInfo({
              sku: { name: 'ElasticPool', tier: 'Basic', family: null, capacity: 0 },
              elasticPoolId: '/p2',
            }),
          },
        ),
      },
      says: 'service-tier-mismatch',
      telling: ['Basic in pool p2'],
      advising: [/^Put both databases into pools/],
    },
    {
      when: 'Hyperscale that has a geo-replica elsewhere',
      world: {
        databases: databases(
          { info: databaseInfo({ sku: hyperscale }), links: [link({ partnerServer: 'contoso-dr' })] },
          absent,
        ),
      },
      says: 'not-knowable',
      telling: ['contoso-dr'],
    },
    {
      when: 'Hyperscale with the stage link only',
      world: {
        databases: databases(
          { info: databaseInfo({ sku: hyperscale }) },
          { info: databaseInfo({ sku: hyperscale }) },
        ),
      },
      says: 'pass',
    },
    {
      when: 'another tier that has a geo-replica elsewhere',
      world: { databases: databases({ links: [link({ partnerServer: 'contoso-dr' })] }, absent) },
      says: 'pass',
    },
    {
      when: 'pools of one tier and of two sizes',
      world: {
        config: greenPool,
        databases: databases(
          { info: pooled('p1') },
          { info: databaseInfo({ sku: { ...s3, name: 'StandardPool' }, elasticPoolId: '/p2' }) },
        ),
      },
      says: 'pass',
    },
    {
      when: 'a database alone and one in a pool, of one tier',
      world: { config: greenPool, databases: databases({}, { info: pooled('p2') }) },
      says: 'pass',
    },
    {
      when: 'production is not there',
      world: { databases: databases(absent, absent) },
      says: 'not-knowable',
    },
    {
      when: 'Azure does not tell the size',
      world: { databases: databases({ info: databaseInfo({ sku: null }) }) },
      says: 'pass',
      telling: ['unknown size'],
    },
  ]);
});

describe('database-names', () => {
  tableOf(databaseNames, [
    { when: 'there, and linked under its name', says: 'pass' },
    {
      when: 'there, the stage database not yet',
      world: { databases: databases({ links: [] }, absent) },
      says: 'pass',
    },
    {
      when: 'not on the production server',
      world: { databases: databases(absent, absent) },
      says: 'resource-not-found',
      telling: ['contoso is not on the production server contoso-sql-blue'],
      advising: ['az sql db list -g contoso-blue -s contoso-sql-blue'],
    },
    {
      when: 'replicated to the stage server under another name',
      world: { databases: databases({ links: [link({ partnerDatabase: 'contoso-reports' })] }) },
      says: 'database-name-mismatch',
      telling: ['contoso-reports'],
    },
  ]);
});

describe('one-region', () => {
  tableOf(oneRegion, [
    {
      when: 'one region, written in two ways',
      world: {
        servers: {
          production: server('contoso-sql-blue', { location: 'North Europe' }),
          stage: server('contoso-sql-green'),
        },
      },
      says: 'pass',
    },
    {
      when: 'two regions',
      world: {
        servers: {
          production: server('contoso-sql-blue'),
          stage: server('contoso-sql-green', { location: 'westeurope' }),
        },
      },
      says: 'region-mismatch',
      telling: ['northeurope', 'westeurope'],
      advising: [/az sql server create -g contoso-green .* -l northeurope/],
    },
  ]);
});

describe('customer-managed-key', () => {
  const servers = (production: string | null, stage: string | null) => ({
    servers: {
      production: server('contoso-sql-blue', { keyId: production }),
      stage: server('contoso-sql-green', { keyId: stage }),
    },
  });
  tableOf(customerManagedKey, [
    { when: 'keys of the service', says: 'pass' },
    { when: 'a key on stage only', world: servers(null, 'https://vault/keys/k/1'), says: 'pass' },
    {
      when: 'one key on both servers',
      world: servers('https://vault/keys/k/1', 'https://vault/keys/k/1'),
      says: 'pass',
    },
    {
      when: 'a key on production only',
      world: servers('https://vault/keys/k/1', null),
      says: 'not-knowable',
    },
  ]);
});

describe('ledger-digests', () => {
  tableOf(ledgerDigests, [
    { when: 'none are uploaded', says: 'pass' },
    {
      when: 'they are uploaded, before the link is made',
      world: { ledgerDigests: true, databases: databases({ links: [] }, absent) },
      says: 'ledger-digest-uploads',
      telling: ['contoso on contoso-sql-blue uploads ledger digests'],
      advising: ['az sql db ledger-digest-uploads disable -g contoso-blue -s contoso-sql-blue -n contoso'],
    },
    {
      when: 'they are uploaded, and the link is to be removed',
      phase: 'upgrade',
      world: { ledgerDigests: true },
      says: 'ledger-digest-uploads',
    },
    {
      when: 'an upgrade is gone on with whose link is removed',
      phase: 'upgrade',
      world: { ledgerDigests: true, databases: databases({ links: [] }) },
      says: 'pass',
    },
    {
      when: 'production is not there',
      world: { databases: databases({ info: null }) },
      says: 'not-knowable',
    },
  ]);
});
