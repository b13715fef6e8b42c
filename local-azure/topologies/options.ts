// What an embedded Azure can be started with, and the command line that says so.
import { parseArgs } from 'node:util';
import type { Durations } from '../latency.ts';
import type { ConfigVariant } from './config-file.ts';
import { GITHUB } from './contoso.ts';

export interface TopologyOptions extends ConfigVariant {
  /** Whether the Traffic Manager profile is there at the start, or `prepare` creates it. */
  readonly profile: 'present' | 'absent';
  /** Orders in the first database at the start: what the upgrade script has to work on. The others have a few. */
  readonly orders: number;
}

/** How an embedded Azure runs, whatever is set up in it. */
export interface RunOptions {
  readonly latency: 'off' | 'typical';
  /** Pace of `typical`: 1 is Azure's own, 0.05 makes a minute three seconds. */
  readonly scale: number;
  /** Of single operations, in milliseconds; not on the command line. */
  readonly durations?: Durations;
  /**
   * How many times faster than Azure's the limits of resource manager's requests refill, or off; not on the command
   * line. Default: as much faster as everything else is.
   */
  readonly requestLimits?: { readonly pace: number } | 'off';
  readonly seed: number;
  /** What GitHub's token says the job is; Entra trusts the one that is the default, and no other. */
  readonly jobSubject: string;
  /** Directory for the example company's repository; null makes a temporary one, removed at the end. */
  readonly workspace: string | null;
}

/** An application with its databases, in one region or two. */
export interface LocalAzureOptions extends TopologyOptions, RunOptions {}

/** A service of instances in update domains: no database, no site, no Traffic Manager. */
export interface UpgradeDomainsOptions extends RunOptions {
  readonly topology: 'upgrade-domains';
}

export type AnyOptions = LocalAzureOptions | UpgradeDomainsOptions;

export function isApplication(options: AnyOptions): options is LocalAzureOptions {
  return options.topology !== 'upgrade-domains';
}

/** Where nothing takes time, seconds hold what takes Azure minutes. */
const PACE_WITHOUT_LATENCY = 20;

/** Null: without limits. */
export function requestPace({ requestLimits, latency, scale }: RunOptions): number | null {
  if (requestLimits === 'off') return null;
  return requestLimits?.pace ?? (latency === 'off' ? PACE_WITHOUT_LATENCY : 1 / scale);
}

const RUN_DEFAULTS: RunOptions = {
  latency: 'off',
  scale: 1,
  seed: 1,
  jobSubject: GITHUB.subject,
  workspace: null,
};

export const DEFAULTS: LocalAzureOptions = {
  ...RUN_DEFAULTS,
  topology: 'single-region',
  switchMethod: 'traffic-manager',
  sqlLogins: false,
  createWebApp: false,
  failoverGroup: false,
  standby: 'chained',
  profile: 'present',
  orders: 400,
  databases: 1,
  ttlSeconds: 10,
};

export const UPGRADE_DOMAINS_DEFAULTS: UpgradeDomainsOptions = {
  ...RUN_DEFAULTS,
  topology: 'upgrade-domains',
};

export const USAGE = `Usage: npm run local-azure -- [flags]
  --topology single-region|geo-redundant|upgrade-domains   what is set up (default single-region)
  --latency off|typical                         how long operations take (default off)
  --scale NUMBER                                pace of "typical", 1 is Azure's own (default 1)
  --seed NUMBER                                 ids and passwords follow from it (default 1)
  --job-subject SUBJECT                         what GitHub's token says the job is (default one that Entra trusts)
  --workspace DIRECTORY                         where configuration and scripts go (default: a temporary one)
  --help                                        this text
Not for --topology upgrade-domains, which has neither databases nor sites:
  --switch-method traffic-manager|slot-swap     (default traffic-manager)
  --sql-auth entra|login                        how the action logs in to SQL (default entra)
  --web-app existing|create                     whether the stage sites are there (default existing)
  --failover-group                              geo-redundant: production's servers are in one (default: in none)
  --standby chained|after-termination           geo-redundant: when stage gets its geo-secondary (default chained)
  --profile present|absent                      whether the Traffic Manager profile is there (default present)
  --ttl SECONDS                                 how long DNS answers may be kept (default 10)
  --orders NUMBER                               rows in the database (default 400)
  --databases NUMBER                            of the application; the sites use the first (default 1)`;

const APPLICATION_FLAGS: readonly string[] = [
  'switch-method',
  'sql-auth',
  'failover-group',
  'standby',
  'web-app',
  'profile',
  'orders',
  'databases',
  'ttl',
];

/** Reads the command line. Throws an Error that says in one sentence what is wrong. */
export function parseCommandLine(args: readonly string[]): AnyOptions {
  const { values, tokens } = parseArgs({
    args: [...args],
    tokens: true,
    options: {
      topology: { type: 'string', default: DEFAULTS.topology },
      latency: { type: 'string', default: DEFAULTS.latency },
      scale: { type: 'string', default: String(DEFAULTS.scale) },
      seed: { type: 'string', default: String(DEFAULTS.seed) },
      'job-subject': { type: 'string', default: DEFAULTS.jobSubject },
      'switch-method': { type: 'string', default: DEFAULTS.switchMethod },
      'sql-auth': { type: 'string', default: 'entra' },
      'failover-group': { type: 'boolean', default: DEFAULTS.failoverGroup },
      standby: { type: 'string', default: DEFAULTS.standby },
      'web-app': { type: 'string', default: 'existing' },
      profile: { type: 'string', default: DEFAULTS.profile },
      orders: { type: 'string', default: String(DEFAULTS.orders) },
      databases: { type: 'string', default: String(DEFAULTS.databases) },
      ttl: { type: 'string', default: String(DEFAULTS.ttlSeconds) },
      workspace: { type: 'string' },
    },
  });
  const run: RunOptions = {
    latency: oneOf('latency', values.latency, ['off', 'typical']),
    scale: number('scale', values.scale, { above: 0 }),
    seed: number('seed', values.seed, { whole: true }),
    jobSubject: values['job-subject'],
    workspace: values.workspace ?? null,
  };
  const topology = oneOf('topology', values.topology, ['single-region', 'geo-redundant', 'upgrade-domains']);
  if (topology === 'upgrade-domains') {
    const stray = tokens.find((token) => token.kind === 'option' && APPLICATION_FLAGS.includes(token.name));
    if (stray?.kind === 'option') throw new Error(`--${stray.name} is not for --topology ${topology}.`);
    return { ...run, topology };
  }
  return checked({
    ...run,
    topology,
    switchMethod: oneOf('switch-method', values['switch-method'], ['traffic-manager', 'slot-swap']),
    sqlLogins: oneOf('sql-auth', values['sql-auth'], ['entra', 'login']) === 'login',
    createWebApp: oneOf('web-app', values['web-app'], ['existing', 'create']) === 'create',
    failoverGroup: values['failover-group'],
    standby: oneOf('standby', values.standby, ['chained', 'after-termination']),
    profile: oneOf('profile', values.profile, ['present', 'absent']),
    orders: number('orders', values.orders, { whole: true }),
    databases: number('databases', values.databases, { whole: true, from: 1 }),
    ttlSeconds: number('ttl', values.ttl, { whole: true }),
  });
}

/** Refuses what a single region has nothing to do with, rather than leave it out in silence. */
function checked(options: LocalAzureOptions): LocalAzureOptions {
  if (options.topology === 'geo-redundant') return options;
  const flag = options.failoverGroup ? 'failover-group' : options.standby !== 'chained' ? 'standby' : null;
  if (flag !== null) throw new Error(`--${flag} is for --topology geo-redundant only.`);
  return options;
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`--${flag} is ${allowed.join(' or ')}, not "${value}".`);
  return found;
}

interface NumberRule {
  readonly above?: number;
  /** Default 0. */
  readonly from?: number;
  readonly whole?: boolean;
}

function number(flag: string, text: string, rule: NumberRule): number {
  const { from = 0 } = rule;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const low = rule.above === undefined ? value >= from : value > rule.above;
  if (!Number.isFinite(value) || !low || (rule.whole && !Number.isInteger(value))) {
    const kind = rule.whole ? `a whole number from ${from}` : `a number above ${rule.above ?? 0}`;
    throw new Error(`--${flag} is ${kind}, not "${text}".`);
  }
  return value;
}
