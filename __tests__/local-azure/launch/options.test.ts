import { describe, expect, test } from '@jest/globals';
import {
  DEFAULTS,
  parseCommandLine,
  UPGRADE_DOMAINS_DEFAULTS,
} from '../../../local-azure/topologies/options.ts';

describe('command line', () => {
  test('without flags: the defaults', () => {
    expect(parseCommandLine([])).toEqual(DEFAULTS);
  });

  test('every flag', () => {
    const flags =
      '--topology geo-redundant --latency typical --scale 0.05 --seed 7 --job-subject repo:a/b:ref:x --switch-method slot-swap --sql-auth login ' +
      '--web-app create --failover-group --standby after-termination --profile absent --orders 10 --databases 12 --ttl 3 --workspace here';
    expect(parseCommandLine(flags.split(' '))).toEqual({
      topology: 'geo-redundant',
      latency: 'typical',
      scale: 0.05,
      seed: 7,
      jobSubject: 'repo:a/b:ref:x',
      switchMethod: 'slot-swap',
      sqlLogins: true,
      createWebApp: true,
      failoverGroup: true,
      standby: 'after-termination',
      profile: 'absent',
      orders: 10,
      databases: 12,
      ttlSeconds: 3,
      workspace: 'here',
    });
  });

  test('a service in update domains takes the flags that say how it runs', () => {
    const flags = '--topology upgrade-domains --latency typical --scale 0.05 --seed 7 --workspace here';
    expect(parseCommandLine(flags.split(' '))).toEqual({
      ...UPGRADE_DOMAINS_DEFAULTS,
      latency: 'typical',
      scale: 0.05,
      seed: 7,
      workspace: 'here',
    });
  });

  test.each([
    ['--latncy off', '--latncy'],
    ['--latency slow', '--latency is off or typical, not "slow".'],
    ['--scale 0', '--scale is a number above 0, not "0".'],
    ['--databases 0', '--databases is a whole number from 1, not "0".'],
    ['--seed 1.5', '--seed is a whole number from 0, not "1.5".'],
    ['--topology twin', '--topology is single-region or geo-redundant or upgrade-domains, not "twin".'],
    ['--topology upgrade-domains --orders 5', '--orders is not for --topology upgrade-domains.'],
    [
      '--failover-group --topology upgrade-domains',
      '--failover-group is not for --topology upgrade-domains.',
    ],
    ['--failover-group', '--failover-group is for --topology geo-redundant only.'],
    ['--standby after-termination', '--standby is for --topology geo-redundant only.'],
    ['--topology geo-redundant --standby never', '--standby is chained or after-termination, not "never".'],
    ['stray', 'stray'],
  ])('%s is refused by name', (flags, message) => {
    expect(() => parseCommandLine(flags.split(' '))).toThrow(message);
  });
});
