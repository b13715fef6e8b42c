import { describe } from '@jest/globals';
import { connectionStringTravels } from '../../src/guards/connection-string-travels.ts';
import { productionHealthy } from '../../src/guards/production-healthy.ts';
import { stageSiteIdentical } from '../../src/guards/stage-site-identical.ts';
import { stageVersion } from '../../src/guards/stage-version.ts';
import { answered, config, databases, freezing, site, slot } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import type { World } from './world.ts';

const names = (server: string) => `Server=tcp:${server}.database.windows.net,1433;Password=hidden`;
const linux = { linuxFxVersion: 'NODE|24-lts', healthCheckPath: '/health' };
const bySwap = config({
  switchMethod: 'slot-swap',
  trafficManager: null,
  slots: [slot('blue'), slot('green', { webApp: 'contoso-blue', webAppResourceGroup: 'contoso-blue' })],
});

describe('stage-site-identical', () => {
  tableOf(stageSiteIdentical, [
    { when: 'twins', says: 'pass', telling: ['same configuration', 'names contoso-sql-green'] },
    {
      when: 'another runtime and health path',
      world: {
        configuration: {
          production: linux,
          stage: { linuxFxVersion: 'NODE|22-lts', healthCheckPath: '/hidden' },
        },
      },
      says: 'stage-site-differs',
      telling: ['contoso-green differs from contoso-blue in healthCheckPath, linuxFxVersion'],
      advising: [
        'az webapp config show -g contoso-blue -n contoso-blue',
        'az webapp config show -g contoso-green -n contoso-green',
      ],
    },
    {
      when: 'a key that is not set is no difference from one that is null',
      world: { configuration: { production: { ...linux, phpVersion: null }, stage: linux } },
      says: 'pass',
    },
    {
      when: 'settings that V2 lacks',
      world: {
        appSettings: { production: { MODE: 'hidden', PAYMENT_URL: 'hidden' }, stage: { MODE: 'hidden2' } },
        connectionStrings: {
          production: { Orders: names('contoso-sql-blue'), Cache: 'hidden' },
          stage: { Orders: names('contoso-sql-green') },
        },
      },
      says: 'stage-site-differs',
      telling: ['contoso-green lacks app setting PAYMENT_URL, connection string Cache'],
      advising: [
        'az webapp config appsettings set -g contoso-green',
        'az webapp config connection-string set -g contoso-green',
      ],
    },
    {
      when: 'an app setting that V2 lacks',
      world: { appSettings: { production: { MODE: 'hidden' }, stage: {} } },
      says: 'stage-site-differs',
      advising: [/^(?!.*connection-string)/s],
    },
    {
      when: 'settings that only V2 has',
      world: { appSettings: { production: {}, stage: { NEW_FEATURE: 'hidden' } } },
      says: 'pass',
      telling: ['in addition: app setting NEW_FEATURE'],
    },
    {
      when: "V2 names production's server",
      world: {
        connectionStrings: {
          production: { Orders: names('contoso-sql-blue') },
          stage: { Orders: names('contoso-sql-green') },
        },
        appSettings: { production: { REPORTS: 'hidden' }, stage: { REPORTS: names('contoso-sql-blue') } },
      },
      says: 'stage-site-differs',
      telling: ["production's SQL server contoso-sql-blue in app setting REPORTS", /^(?!.*Orders)/],
      advising: ['contoso-sql-green.database.windows.net'],
    },
    {
      when: 'V2 names no server where V1 does',
      world: {
        connectionStrings: {
          production: { Orders: names('contoso-sql-blue') },
          stage: { Orders: names('elsewhere') },
        },
      },
      says: 'stage-site-differs',
      telling: ['no setting of contoso-green names contoso-sql-green', 'connection string Orders'],
    },
    {
      when: "V2's connection string is in a key vault",
      world: {
        connectionStrings: {
          production: { Orders: names('contoso-sql-blue') },
          stage: { Orders: '@Microsoft.KeyVault(SecretUri=https://vault/hidden)' },
        },
      },
      says: 'not-knowable',
    },
    {
      when: 'neither names a server',
      world: { connectionStrings: { production: {}, stage: {} } },
      says: 'not-knowable',
    },
    {
      when: 'the stage web app is not there yet',
      world: { sites: { production: site('blue'), stage: null } },
      phase: 'prepare',
      says: 'not-knowable',
      telling: ['contoso-green'],
    },
    {
      when: 'the production web app is not there',
      world: { sites: { production: null, stage: site('green') } },
      says: 'resource-not-found',
      advising: ['az webapp list -g contoso-blue'],
    },
    {
      when: 'a sticky setting is on one deployment slot only',
      world: {
        config: bySwap,
        appSettings: { production: { SLOT_ONLY: 'hidden' }, stage: {} },
        sticky: { appSettings: ['SLOT_ONLY'], connectionStrings: [] },
      },
      says: 'pass',
    },
    {
      when: 'swapped already, by a switch that goes on',
      world: {
        config: bySwap,
        connectionStrings: {
          production: { Orders: names('contoso-sql-green') },
          stage: { Orders: names('contoso-sql-blue') },
        },
        appSettings: { production: { NEW_IN_V2: 'hidden' }, stage: {} },
      },
      phase: 'switch',
      says: 'pass',
      telling: ['has V2 already'],
    },
    {
      when: 'swapped, where nothing was to be yet',
      world: {
        config: bySwap,
        connectionStrings: {
          production: { Orders: names('contoso-sql-green') },
          stage: { Orders: names('contoso-sql-blue') },
        },
        appSettings: { production: { NEW_IN_V2: 'hidden' }, stage: {} },
      },
      phase: 'upgrade',
      says: 'stage-site-differs',
    },
    {
      when: 'a setting that travels is on one deployment slot only',
      world: { config: bySwap, appSettings: { production: { MODE: 'hidden' }, stage: {} } },
      says: 'stage-site-differs',
      telling: ['contoso-blue/staging lacks app setting MODE'],
      advising: ['-n contoso-blue --slot staging'],
    },
  ]);
});

describe('connection-string-travels', () => {
  tableOf(connectionStringTravels, [
    {
      when: 'not sticky',
      world: { config: bySwap },
      says: 'pass',
      telling: ['connection string Orders travels'],
    },
    {
      when: 'sticky',
      world: { config: bySwap, sticky: { appSettings: [], connectionStrings: ['Orders'] } },
      says: 'connection-string-sticky',
      telling: ['connection string Orders'],
      advising: [
        'Deployment slot setting',
        'az webapp config connection-string list -g contoso-blue -n contoso-blue',
      ],
    },
    {
      when: 'something else is sticky',
      world: { config: bySwap, sticky: { appSettings: ['Orders', 'MODE'], connectionStrings: [] } },
      says: 'pass',
    },
    {
      when: 'a sticky app setting names a server on the deployment slot only',
      world: {
        config: bySwap,
        appSettings: { production: {}, stage: { DB: names('contoso-sql-green') } },
        sticky: { appSettings: ['DB'], connectionStrings: [] },
      },
      says: 'connection-string-sticky',
      telling: ['app setting DB'],
    },
    {
      when: 'no server is named anywhere',
      world: { config: bySwap, connectionStrings: { production: {}, stage: {} } },
      says: 'not-knowable',
    },
    {
      when: 'no deployment slot yet',
      world: { config: bySwap, sites: { production: site('blue'), stage: null } },
      says: 'not-knowable',
      telling: ['staging'],
    },
  ]);
});

const failed = { kind: 'failed' as const, why: 'connect ECONNREFUSED', chain: [] };

describe('production-healthy', () => {
  tableOf(productionHealthy, [
    {
      when: 'it answers and takes writes',
      says: 'pass',
      telling: ['https://contoso-blue.azurewebsites.net/health answered 200'],
    },
    {
      when: 'it answers 500',
      world: { answers: { production: answered(500), stage: answered(200) } },
      says: 'production-unhealthy',
      telling: ['answered 500'],
      advising: ['az webapp log tail -g contoso-blue -n contoso-blue'],
    },
    {
      when: 'it does not answer',
      world: { answers: { production: failed, stage: answered(200) } },
      says: 'production-unhealthy',
      telling: ['ECONNREFUSED'],
    },
    {
      when: 'it is not where it is asked',
      world: { answers: { production: answered(404), stage: answered(404) } },
      says: 'production-unhealthy',
      advising: ['correct health.path'],
    },
    {
      when: 'V1 answers as V2 should',
      world: { answers: { production: answered(200, '2.0.0'), stage: answered(200, '2.0.0') } },
      says: 'pass',
      telling: ['production answers health.expected-version (2.0.0) before the upgrade'],
    },
    {
      when: 'V2 serves users',
      world: { state: 'switched', answers: { production: answered(200, '2.0.0'), stage: answered(503) } },
      says: 'pass',
      telling: [/answered 200, version 2\.0\.0$/],
    },
    {
      when: 'a frozen upgrade is gone on with, and V1 minds',
      world: {
        state: 'frozen',
        databases: databases({ access: 'read-only', journal: freezing() }),
        answers: { production: answered(503), stage: answered(503) },
      },
      says: 'pass',
      telling: ['is frozen by this tool'],
    },
    {
      when: 'a return to V1 that was left half-way has frozen it',
      world: {
        state: 'frozen',
        databases: databases({ access: 'read-only', journal: { ...freezing(), status: 'returning' } }),
      },
      says: 'pass',
      telling: ['is frozen by this tool'],
    },
    {
      when: 'somebody else made it read-only after it was given back',
      world: {
        state: 'frozen',
        databases: databases({ access: 'read-only', journal: { ...freezing(), status: 'unfrozen' } }),
      },
      says: 'production-frozen-elsewhere',
    },
    {
      when: 'somebody else made it read-only',
      world: { state: 'frozen', databases: databases({ access: 'read-only' }) },
      says: 'production-frozen-elsewhere',
    },
    {
      when: 'the database cannot be reached',
      world: { databases: databases({ access: 'unreachable', why: 'Login failed' }) },
      says: 'production-unhealthy',
      telling: ['Login failed'],
    },
    {
      when: 'the production web app is not there',
      world: { sites: { production: null, stage: site('green') } },
      says: 'resource-not-found',
    },
  ]);
});

describe('stage-version', () => {
  const stage = (answer: ReturnType<typeof answered> | typeof failed): Partial<World> => ({
    answers: { production: answered(200, '1.0.0'), stage: answer },
  });
  const mend = ['Deploy V2 to contoso-green before phase upgrade', 'health.expected-version (2.0.0)'];

  tableOf(stageVersion, [
    {
      when: 'V2 is there',
      says: 'pass',
      telling: ['https://contoso-green.azurewebsites.net/health answered 200, version 2.0.0'],
    },
    {
      when: 'V2 on the old schema is unhealthy',
      world: stage(answered(503, '2.0.0')),
      says: 'pass',
      telling: ['https://contoso-green.azurewebsites.net/health answered 503, version 2.0.0'],
    },
    { when: 'V2 on the old schema cannot tell what it is', world: stage(answered(503)), says: 'pass' },
    { when: 'nothing answers', world: stage(failed), says: 'pass', telling: ['ECONNREFUSED'] },
    {
      when: 'V2 is not deployed',
      world: stage(answered(200, '1.0.0')),
      says: 'not-knowable',
      telling: ['answered 200, version 1.0.0', 'while users cannot write'],
      advising: mend,
    },
    {
      when: 'what is there tells its version elsewhere',
      world: stage(answered(200)),
      says: 'not-knowable',
      telling: ['tells no version where health.version-from looks'],
      advising: [...mend, 'health.version-from'],
    },
    {
      when: 'users have left V1',
      world: { ...stage(answered(200, '1.0.0')), state: 'switched' },
      says: 'pass',
    },
    {
      when: 'there is no stage site',
      world: { sites: { production: site('blue'), stage: null } },
      says: 'pass',
      telling: ['contoso-green does not exist'],
    },
  ]);
});
