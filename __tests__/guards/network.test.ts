import { describe } from '@jest/globals';
import { sqlServerReachable } from '../../src/guards/sql-server-reachable.ts';
import { stageFirewall } from '../../src/guards/stage-firewall.ts';
import { absent, config, databases, server } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';

const rule = (name: string, startIpAddress: string, endIpAddress = startIpAddress) => ({
  name,
  startIpAddress,
  endIpAddress,
});
const azureServices = rule('AllowAllWindowsAzureIps', '0.0.0.0');
const privately = (name: string) => server(name, { publicNetworkAccess: 'Disabled' });

describe('stage-firewall', () => {
  tableOf(stageFirewall, [
    { when: 'no rules', says: 'pass' },
    {
      when: 'the same ranges under other names',
      world: {
        firewall: { production: [rule('a', '1.2.3.4', '1.2.3.9')], stage: [rule('b', '1.2.3.4', '1.2.3.9')] },
      },
      says: 'pass',
    },
    {
      when: 'a wider range',
      world: { firewall: { production: [rule('a', '9.0.0.2')], stage: [rule('b', '9.0.0.0', '10.0.0.0')] } },
      says: 'pass',
    },
    {
      when: 'a narrower range',
      world: {
        firewall: {
          production: [rule("head office's", '1.2.3.4', '1.2.3.9')],
          stage: [rule('b', '1.2.3.4', '1.2.3.8')],
        },
      },
      says: 'sql-firewall',
      telling: ["head office's (1.2.3.4 to 1.2.3.9)"],
      advising: [
        /firewall-rule create -g contoso-green -s contoso-sql-green -n 'head office'\\''s' --start-ip-address 1\.2\.3\.4 --end-ip-address 1\.2\.3\.9$/,
      ],
    },
    {
      when: 'services within Azure are let in on one side only',
      world: { firewall: { production: [azureServices], stage: [rule('b', '0.0.0.0', '0.0.0.9')] } },
      says: 'sql-firewall',
      telling: ['AllowAllWindowsAzureIps'],
    },
    {
      when: 'services within Azure are let in on both sides',
      world: { firewall: { production: [azureServices], stage: [azureServices] } },
      says: 'pass',
    },
    {
      when: 'a range among others',
      world: {
        firewall: { production: [rule('a', '1.2.3.4')], stage: [rule('x', '9.9.9.9'), rule('y', '1.2.3.4')] },
      },
      says: 'pass',
    },
    {
      when: 'everybody is let in on the stage side',
      world: {
        firewall: { production: [azureServices], stage: [rule('all', '0.0.0.0', '255.255.255.255')] },
      },
      says: 'pass',
    },
    {
      when: 'only one server is private',
      world: {
        servers: { production: server('contoso-sql-blue'), stage: privately('contoso-sql-green') },
        firewall: { production: [rule('a', '1.2.3.4')], stage: [] },
      },
      says: 'sql-firewall',
    },
    {
      when: 'both servers are private',
      world: {
        servers: { production: privately('contoso-sql-blue'), stage: privately('contoso-sql-green') },
        firewall: { production: [rule('a', '1.2.3.4')], stage: [] },
      },
      says: 'pass',
      telling: ['do not apply'],
    },
  ]);
});

describe('sql-server-reachable', () => {
  tableOf(sqlServerReachable, [
    { when: 'both databases were read', says: 'pass' },
    {
      when: 'a private stage server has no database yet',
      world: {
        databases: databases({ links: [] }, absent),
        servers: { production: server('contoso-sql-blue'), stage: privately('contoso-sql-green') },
      },
      says: 'not-knowable',
      telling: ['contoso-sql-green', 'private endpoint'],
    },
    {
      when: 'a private server was reached',
      world: {
        servers: { production: privately('contoso-sql-blue'), stage: privately('contoso-sql-green') },
      },
      says: 'pass',
    },
    {
      when: 'a public stage server has no database yet',
      world: { databases: databases({ links: [] }, absent) },
      says: 'pass',
      telling: ['contoso-sql-green has public network access'],
    },
    {
      when: 'one of two databases was reached',
      world: {
        config: config({ databases: ['contoso', 'billing'] }),
        databases: [...databases({}, absent), ...databases()],
      },
      says: 'pass',
      telling: ['contoso-sql-green was reached'],
    },
    {
      when: 'production was not reached',
      world: { databases: databases({ access: 'unreachable', why: 'getaddrinfo ENOTFOUND' }) },
      says: 'not-knowable',
      telling: ['contoso-sql-blue', 'ENOTFOUND'],
    },
  ]);
});
