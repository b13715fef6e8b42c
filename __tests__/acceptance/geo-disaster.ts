// A region disappears in the middle of an upgrade, and users write again in the other one.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { systemClock } from '../../local-azure/clock.ts';
import { createRandom } from '../../local-azure/random.ts';
import type { LocalAzure } from '../../local-azure/start.ts';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { startUsers, type Users } from '../../local-azure/users/users.ts';
import { type GeoScenario, lost, type Moment, startGeo } from './geo-scenario.ts';
import { carryOut, commandsIn } from './person.ts';
import type { Acted, SqlServer } from './scenario.ts';

export const NORTH = 'northeurope';
export const WEST = 'westeurope';

export interface Disaster {
  /** Phases that have succeeded before; none where absent. */
  readonly first?: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Calls; the region goes when the last of them arrives, before it is carried out. Null: before the run begins. */
  readonly at: Moment | null;
  readonly options?: Partial<LocalAzureOptions>;
  /** Primary region where absent. */
  readonly region?: typeof NORTH | typeof WEST;
  /** What becomes of the run: it goes on to its end, or its machine goes with the region. */
  readonly run?: 'ends' | 'is lost';
  /** Begun with the disaster. */
  readonly meanwhile?: (azure: LocalAzure) => Promise<void>;
}

export interface Struck {
  readonly scenario: GeoScenario;
  readonly users: Users;
  /** The run that was struck. */
  readonly acted: Acted;
  /** Acknowledged before, and arrived on these servers by the moment of the disaster. */
  readonly arrived: Readonly<Record<string, readonly string[]>>;
}

/** Runs up to the disaster and to the end of the run that it strikes, and then what is given; closes everything. */
export async function strike(disaster: Disaster, then: (struck: Struck) => Promise<void>): Promise<void> {
  const scenario = await startGeo(disaster.options);
  const users = fewUsers(scenario.azure);
  try {
    while (users.acknowledged().length < 5) await sleep(50);
    if (disaster.first) {
      const { report } = await scenario.act({ phase: disaster.first });
      expect(report.result).toBe('succeeded');
    }
    await then({ scenario, users, ...(await struckRun(scenario, users, disaster)) });
  } finally {
    await users.stop();
    await scenario.close();
  }
}

async function struckRun(
  scenario: GeoScenario,
  users: Users,
  { inputs, at, region = NORTH, run = 'ends', meanwhile = async () => {} }: Disaster,
): Promise<Pick<Struck, 'acted' | 'arrived'>> {
  const arrived: Record<string, readonly string[]> = {};
  let main: ChildProcess | null = null;
  let going: Promise<void> | null = null;
  const lose = () => {
    for (const server of ['contoso-sql-dr', 'contoso-sql-3'] as const)
      arrived[server] = acknowledgedIn(scenario, server, users);
    scenario.azure.setRegionDown(region, true);
    if (run === 'is lost') main?.kill('SIGKILL');
    going = meanwhile(scenario.azure);
  };
  if (at === null) lose();
  else whenCalled(scenario.azure, at, lose);
  // Post would only try once more what main has tried for minutes.
  const acted = await scenario.act(inputs, {
    runnerLost: true,
    onMain: (child) => {
      main = child;
    },
  });
  await going;
  if (Object.keys(arrived).length === 0) throw new Error(`that call never came\n${acted.calls.join('\n')}`);
  return { acted, arrived };
}

/** Does something in the moment in which the last of these calls arrives, before it is carried out. */
export function whenCalled(azure: LocalAzure, moment: Moment, act: () => void): void {
  const left = [...moment];
  azure.faults.onCall((call) => {
    if (!left[0]?.test(call)) return;
    left.shift();
    if (left.length === 0) act();
  });
}

/** Several applications are lost at once in these tests, on one machine. */
function fewUsers({ description, ca }: LocalAzure): Users {
  return startUsers({
    publicName: 'www.contoso.example',
    dnsServer: description.dns,
    connectTo: JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}').connectTo,
    ca,
    clock: systemClock(),
    random: createRandom(3),
    readsPerSecond: 1,
    writesPerSecond: 2,
  });
}

function acknowledgedIn(scenario: GeoScenario, server: SqlServer, users: Users): string[] {
  if (!scenario.azure.fabric.hasDatabase(server, 'contoso')) return [];
  const missing = new Set(lost(scenario, server, users));
  return users.acknowledged().filter((id) => !missing.has(id));
}

export type Standby = 'contoso-sql-dr' | 'contoso-sql-3';

const RESOURCE_GROUPS = { 'contoso-sql-dr': 'contoso-blue-dr', 'contoso-sql-3': 'contoso-green-dr' } as const;

export function failoverTo(server: Standby): string {
  return `az sql db replica set-primary -g ${RESOURCE_GROUPS[server]} -s ${server} -n contoso --allow-data-loss`;
}

export function groupFailoverTo(server: Standby, name: string): string {
  return `az sql failover-group set-primary -g ${RESOURCE_GROUPS[server]} -s ${server} -n ${name} --allow-data-loss`;
}

/** The run failed, says so, does not say that users can write, and gives the command that lets them. */
export function expectTruth({ run, report }: Acted, command: string): void {
  expect(run.main.exitCode).toBe(1);
  expect(['refused', 'held', 'rollback-failed', 'rolled-back']).toContain(report.result);
  expect(run.main.summary.split('\n')[0]).toContain('PRODUCTION DOES NOT ANSWER');
  expect(report.verdict.headline).not.toMatch(/can read and write/);
  expect(report.verdict.next.join('\n')).toContain(command);
}

/** Changes nothing, and says what can serve. */
export async function expectStatus({ scenario }: Struck, command: string): Promise<string[][]> {
  const status = await scenario.act({ phase: 'status' });
  expect([status.run.main.exitCode, status.report.result]).toEqual([0, 'succeeded']);
  expect(status.report.verdict.headline).not.toMatch(/can read and write/);
  expect(status.report.verdict.next.join('\n')).toContain(command);
  return commandsIn(status);
}

/** A person does what the summary says: users write there, and find what had arrived. */
export async function failOver(
  struck: Struck,
  server: Standby,
  commands: readonly (readonly string[])[],
): Promise<void> {
  const { scenario, users, arrived } = struck;
  const chosen = commands.find((list) => list.some((command) => command.includes(`-s ${server} `))) ?? [];
  await carryOut(scenario.azure, chosen);
  const { report } = await scenario.act({ phase: 'rollback' });
  expect(report.verdict.headline).toContain('can read and write');
  await usersWriteAt(users, server === 'contoso-sql-dr' ? 'contoso-dr' : 'contoso-3');
  const missing = new Set(lost(scenario, server, users));
  expect(arrived[server]?.filter((id) => missing.has(id))).toEqual([]);
  expect(scenario.readOnly(server)).toBe(false);
}

/** The run ends and says what is lost and what can serve; then a person does that. */
export async function survives(
  disaster: Disaster,
  server: Standby,
  command = failoverTo(server),
): Promise<void> {
  await strike(disaster, async (struck) => {
    expectTruth(struck.acted, command);
    await failOver(struck, server, await expectStatus(struck, command));
  });
}

/** Waits until users' writes are acknowledged at that site, through the public name. */
export async function usersWriteAt(users: Users, site: string): Promise<void> {
  const patience = AbortSignal.timeout(60_000);
  const before = users.acknowledged().length;
  const there = () => users.report().lastAnsweredBy?.startsWith(`${site} `) ?? false;
  while (users.acknowledged().length < before + 5 || !there()) {
    if (patience.aborted) throw new Error(`no user can write at ${site}: ${JSON.stringify(users.report())}`);
    await sleep(50);
  }
}
