// What may last while an upgrade runs, and what has to become of it. Data, and how each is brought about.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../local-azure/faults.ts';
import type { LocalAzure } from '../../local-azure/start.ts';
import type { Result } from '../../src/engine/report.ts';
import type { ReasonCode } from '../../src/reasons.ts';
import type { WorldName } from './world.ts';

export interface Condition {
  /** As in ids of cases. */
  readonly name: string;
  /** The call with which it begins; null: it is there before the run. */
  readonly from: RegExp | null;
  /** What is so before the run already, and makes the condition felt. */
  readonly given?: (azure: LocalAzure) => void;
  begin(azure: LocalAzure): void;
  /** Over after so long; null: when the run has ended. Milliseconds. */
  readonly lastsMs: number | null;
  end(azure: LocalAzure): void;
  /** Changes of the configuration file, so that nobody waits for minutes. */
  readonly edit?: (config: string) => string;
  readonly in?: (world: WorldName) => boolean;
  readonly result: Result;
  readonly reasons: readonly ReasonCode[];
}

const DATABASE = 'contoso';
/** Of the stage slot, of its standby, and of production, in one region and in two. */
const STAGE = /^contoso-sql-(green|2)$/;
const STAGE_STANDBY = /^contoso-sql-3$/;
const PRODUCTION = /^contoso-sql-(blue|1)$/;

const FREEZE = /^sql batch contoso-sql-(blue|1)\/contoso .*\b(SET READ_ONLY|CREATE ROLE)\b/;
const SCRIPT_BEGINS = /^sql batch contoso-sql-(green|2)\/contoso .*\bCREATE TABLE\b/;
const PIVOT = /^arm (PUT \S*\/trafficManagerProfiles\/[^/]+|POST \S*\/sites\/contoso\/slotsswap)$/i;

const byTrafficManager = (world: WorldName) => !world.endsWith('slot-swap');
const inTwoRegions = (world: WorldName) => world.startsWith('geo-redundant');

const drainWithin = (time: string) => (config: string) => `${config}drain: { timeout: ${time} }\n`;
const healthWithin = (time: string) => (config: string) => config.replace('timeout: 2m', `timeout: ${time}`);
const readOnlyWithin = (time: string) => (config: string) => `${config}max-read-only: ${time}\n`;

const suspended = (azure: LocalAzure, is: boolean) =>
  azure.fabric.setLinkState(link(azure, STAGE), is ? 'SUSPENDED' : 'CATCH_UP');

export const CONDITIONS: readonly Condition[] = [
  {
    name: 'the link goes SUSPENDED',
    from: FREEZE,
    begin: (azure) => suspended(azure, true),
    lastsMs: null,
    end: (azure) => suspended(azure, false),
    edit: drainWithin('6s'),
    result: 'rolled-back',
    reasons: ['drain-failed'],
  },
  {
    name: 'the link is SUSPENDED for 4 s',
    from: FREEZE,
    begin: (azure) => suspended(azure, true),
    lastsMs: 4_000,
    end: (azure) => suspended(azure, false),
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'the lag never falls',
    from: FREEZE,
    begin: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE), null),
    lastsMs: null,
    end: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE), 0),
    edit: drainWithin('6s'),
    result: 'rolled-back',
    reasons: ['drain-failed'],
  },
  {
    name: 'the lag falls after 4 s',
    from: FREEZE,
    begin: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE), null),
    lastsMs: 4_000,
    end: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE), 0),
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'the stage server is cut off',
    from: FREEZE,
    begin: (azure) => cutOff(azure, STAGE),
    lastsMs: null,
    end: (azure) => azure.faults.clear(),
    edit: drainWithin('6s'),
    result: 'rolled-back',
    reasons: ['drain-failed', 'azure-error'],
  },
  {
    name: 'the stage server is cut off for 4 s',
    from: FREEZE,
    begin: (azure) => cutOff(azure, STAGE),
    lastsMs: 4_000,
    end: (azure) => azure.faults.clear(),
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'production is cut off for 4 s while the script runs',
    from: SCRIPT_BEGINS,
    begin: (azure) => cutOff(azure, PRODUCTION),
    lastsMs: 4_000,
    end: (azure) => azure.faults.clear(),
    result: 'succeeded',
    reasons: [],
  },
  {
    name: "the lag of the stage's own secondary never falls",
    from: SCRIPT_BEGINS,
    begin: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE_STANDBY), null),
    lastsMs: null,
    end: (azure) => azure.fabric.setReplicationLag(link(azure, STAGE_STANDBY), 0),
    edit: drainWithin('6s'),
    in: inTwoRegions,
    result: 'rolled-back',
    reasons: ['standby-not-caught-up'],
  },
  {
    name: 'a batch of the script does not come back',
    from: null,
    begin: ({ faults }) => faults.add({ at: source(SCRIPT_BEGINS), fault: { kind: 'hang' } }),
    lastsMs: null,
    end: (azure) => azure.faults.clear(),
    edit: readOnlyWithin('15s'),
    result: 'rolled-back',
    reasons: ['read-only-limit-exceeded', 'script-failed'],
  },
  {
    name: 'DNS answers stay old',
    from: PIVOT,
    begin: (azure) => azure.holdDnsAnswers(true),
    lastsMs: null,
    end: (azure) => azure.holdDnsAnswers(false),
    edit: healthWithin('8s'),
    in: byTrafficManager,
    result: 'held',
    reasons: ['switch-failed'],
  },
  {
    name: 'DNS answers stay old for 6 s',
    from: PIVOT,
    begin: (azure) => azure.holdDnsAnswers(true),
    lastsMs: 6_000,
    end: (azure) => azure.holdDnsAnswers(false),
    in: byTrafficManager,
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'tokens live for 2 s',
    from: null,
    begin: (azure) => azure.entra.setTokenLifetime(2),
    lastsMs: null,
    end: (azure) => azure.entra.setTokenLifetime(3_599),
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'tokens expire in the window, and new ones come after 5 s',
    from: FREEZE,
    given: (azure) => azure.entra.setTokenLifetime(2),
    begin: (azure) => silent(azure, '^entra token'),
    lastsMs: 5_000,
    end: (azure) => {
      azure.faults.clear();
      azure.entra.setTokenLifetime(3_599);
    },
    result: 'succeeded',
    reasons: [],
  },
  {
    name: 'tokens expire in the window, and there are no new ones',
    from: FREEZE,
    given: (azure) => azure.entra.setTokenLifetime(2),
    begin: (azure) => silent(azure, '^(entra token|github oidc)'),
    lastsMs: null,
    end: (azure) => {
      azure.faults.clear();
      azure.entra.setTokenLifetime(3_599);
    },
    // The session that unfreezes was opened before: it needs no new token.
    result: 'rolled-back',
    reasons: ['azure-error', 'credentials-refused', 'link-termination-failed'],
  },
];

/** The server's sessions end, and nobody gets in. */
function cutOff({ faults, fabric }: LocalAzure, servers: RegExp): void {
  for (const { serverName } of fabric.hosts().filter((host) => servers.test(host.serverName))) {
    faults.add({ at: `^sql (login|batch) ${serverName}/`, fault: { kind: 'drop' }, times: null });
    if (fabric.hasDatabase(serverName, DATABASE)) fabric.killSessions(serverName, DATABASE);
  }
}

function silent({ faults }: LocalAzure, at: string): void {
  const fault: Fault = {
    kind: 'error',
    status: 503,
    code: 'temporarily_unavailable',
    message: 'AADSTS90033',
  };
  faults.add({ at, fault, times: null });
}

/** Of the link to the secondary on such a server. */
function link({ fabric }: LocalAzure, secondary: RegExp): string {
  const servers = fabric.hosts().map(({ serverName }) => serverName);
  const links = servers
    .filter((server) => fabric.hasDatabase(server, DATABASE))
    .flatMap((server) => fabric.links(server, DATABASE));
  const found = links.find((one) => secondary.test(one.secondary.server));
  if (!found) throw new Error(`no link to ${secondary.source}`);
  return found.id;
}

/** Once, when the call comes. */
export function from({ faults }: LocalAzure, call: RegExp, begin: () => void): void {
  let hasBegun = false;
  faults.onCall((each) => {
    if (hasBegun || !call.test(each)) return;
    hasBegun = true;
    begin();
  });
}

/** Every configuration file of the company's repository. */
export function editConfigurations({ description }: LocalAzure, edit: (text: string) => string): void {
  const folder = join(description.environment.GITHUB_WORKSPACE ?? '', '.github');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yml'))) {
    const file = join(folder, name);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
}

const source = ({ source: text }: RegExp) => text;
