// The example company in two regions: what its four databases, links and endpoints are, and its users.
import type { ChildProcess } from 'node:child_process';
import { expect } from '@jest/globals';
import { systemClock } from '../../local-azure/clock.ts';
import { createRandom } from '../../local-azure/random.ts';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { startUsers, type Users } from '../../local-azure/users/users.ts';
import { type Sampler, type ServerOfSite, sampleLaw10 } from './law-10.ts';
import { type Acted, type Scenario, type SqlServer, startScenario, writes } from './scenario.ts';

export const SERVERS = ['contoso-sql-1', 'contoso-sql-dr', 'contoso-sql-2', 'contoso-sql-3'] as const;

/** Production's disaster recovery; the link that the upgrade cuts; the chained link. */
export const DR = 'contoso-sql-1 > contoso-sql-dr CATCH_UP';
export const TO_STAGE = 'contoso-sql-1 > contoso-sql-2 CATCH_UP';
export const CHAINED = 'contoso-sql-2 > contoso-sql-3 CATCH_UP';

/** Users are on V1: its two endpoints are online, the stage slot's are not. */
export const ON_V1 = [
  'contoso-1 Enabled 1',
  'contoso-dr Enabled 2',
  'contoso-2 Disabled 3',
  'contoso-3 Disabled 4',
];
/** The stage slot's endpoints have taken over statuses and priorities. */
export const ON_V2 = [
  'contoso-2 Enabled 1',
  'contoso-3 Enabled 2',
  'contoso-1 Disabled 3',
  'contoso-dr Disabled 4',
];

export interface GeoScenario extends Scenario {
  /** Every geo-replication link there is, "primary > secondary STATE", sorted. */
  links(): string[];
  /** Endpoints of the profile by priority, "name status priority". */
  endpoints(): string[];
  /** Which servers have the database, and how: "contoso-sql-1 read-write". */
  databases(): string[];
  /** Sets the lag of the links between two servers; null: nothing is shipped. */
  lag(primary: SqlServer, secondary: SqlServer, ms: number | null): void;
  sampleLaw10(onServed?: Parameters<typeof sampleLaw10>[2]): Sampler;
}

export async function startGeo(options: Partial<LocalAzureOptions> = {}): Promise<GeoScenario> {
  const scenario = await startScenario({ topology: 'geo-redundant', ...options });
  const { azure } = scenario;
  const every = () => [
    ...new Map(
      SERVERS.filter((server) => azure.fabric.hasDatabase(server, 'contoso'))
        .flatMap((server) => azure.fabric.links(server, 'contoso'))
        .map((link) => [link.id, link] as const),
    ).values(),
  ];
  const samplers: Sampler[] = [];
  const serverOf: ServerOfSite = options.switchMethod === 'slot-swap' ? serverOfVersion : serverOfName;
  return {
    ...scenario,
    links: () =>
      every()
        .map(({ primary, secondary, state }) => `${primary.server} > ${secondary.server} ${state}`)
        .sort(),
    endpoints: () => endpointsOf(scenario),
    databases: () =>
      SERVERS.filter((server) => azure.fabric.hasDatabase(server, 'contoso')).map(
        (server) => `${server} ${scenario.readOnly(server) ? 'read-only' : 'read-write'}`,
      ),
    lag: (primary, secondary, ms) => {
      const link = every().find(
        (one) => one.primary.server === primary && one.secondary.server === secondary,
      );
      if (!link) throw new Error(`no link from ${primary} to ${secondary}`);
      azure.fabric.setReplicationLag(link.id, ms);
    },
    sampleLaw10: (onServed) => {
      const sampler = sampleLaw10(azure, serverOf, onServed);
      samplers.push(sampler);
      return sampler;
    },
    close: async () => {
      for (const sampler of samplers) sampler.stop();
      await scenario.close();
    },
  };
}

/** With Traffic Manager every site keeps its database. */
const serverOfName: ServerOfSite = ({ name }) => name.replace('contoso-', 'contoso-sql-');

/** Slots that are swapped take their connection strings along: V1 is connected to blue's databases, V2 to green's. */
const serverOfVersion: ServerOfSite = ({ name, version }) => {
  const backup = name === 'contoso-dr';
  if (version === '1.0.0') return backup ? 'contoso-sql-dr' : 'contoso-sql-1';
  return backup ? 'contoso-sql-3' : 'contoso-sql-2';
};

interface ProfileState {
  readonly trafficManagerProfiles: readonly {
    readonly endpoints: readonly {
      readonly name: string;
      readonly status: string;
      readonly priority: number;
    }[];
  }[];
}

function endpointsOf({ azure }: Scenario): string[] {
  const { trafficManagerProfiles } = azure.arm.state() as unknown as ProfileState;
  const endpoints = trafficManagerProfiles.flatMap((profile) => profile.endpoints);
  return [...endpoints]
    .sort((a, b) => a.priority - b.priority)
    .map(({ name, status, priority }) => `${name} ${status} ${priority}`);
}

/** Prepared, and chained. */
export async function prepared(options: Partial<LocalAzureOptions> = {}): Promise<GeoScenario> {
  const scenario = await startGeo(options);
  const { run, report } = await scenario.act({ phase: 'prepare' });
  if (report.state !== 'prepared') {
    await scenario.close();
    throw new Error(`not prepared: ${report.verdict.headline}\n${run.main.log}`);
  }
  return scenario;
}

/** Users who read and write all the while. */
export function usersOf({ azure }: Scenario): Users {
  const { description, ca } = azure;
  return startUsers({
    publicName: 'www.contoso.example',
    dnsServer: description.dns,
    connectTo: JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}').connectTo,
    ca,
    clock: systemClock(),
    random: createRandom(3),
    readsPerSecond: 3,
    writesPerSecond: 8,
  });
}

/** Writes that users were told are done, and that are not in the database of that server. */
export function lost(scenario: Scenario, server: SqlServer, users: Users): string[] {
  const there = new Set(
    scenario.rows(server, 'SELECT Id FROM dbo.Orders').map(({ Id }) => String(Id).toLowerCase()),
  );
  return users.acknowledged().filter((id) => !there.has(id.toLowerCase()));
}

/** What the action changed; users' own orders are not its doing. */
export function writesOf({ calls }: Acted): string[] {
  return writes(calls).filter((call) => !/INSERT INTO \[dbo\]\.\[Orders\]/i.test(call));
}

/** Writes of the profile. */
export function profileWrites({ calls }: Acted): string[] {
  return calls.filter((call) => /^arm (PUT|PATCH|DELETE) .*trafficManagerProfiles/i.test(call));
}

/** Names of calls in the order in which they come; main is killed when the last one arrives, before its answer. */
export type Moment = readonly RegExp[];

/** Runs these phases until that moment. The post step is run as after every job. */
export async function killAt(
  scenario: Scenario,
  inputs: Readonly<Record<string, string>>,
  moment: Moment,
): Promise<Acted> {
  let main: ChildProcess | null = null;
  const left = [...moment];
  scenario.azure.faults.onCall((call) => {
    if (main === null || !left[0]?.test(call)) return;
    left.shift();
    if (left.length === 0) main.kill('SIGKILL');
  });
  const acted = await scenario.act(inputs, {
    onMain: (child) => {
      main = child;
    },
  });
  expect(acted.run.main.signal).toBe('SIGKILL');
  return acted;
}

/** Before the switch every failure ends so: users on V1, writable, with its disaster recovery. */
export function expectV1Back(scenario: GeoScenario, { report }: Acted): void {
  expect(report.productionSlot).toBe('blue');
  expect(report.verdict.headline).toContain('can read and write');
  expect(scenario.databases()).toContain('contoso-sql-1 read-write');
  expect(scenario.links()).toContain(DR);
}

/** Law 10, by what was sampled until now. */
export function expectProtected(sampler: Sampler, ...served: readonly SqlServer[]): void {
  const sampled = sampler.stop();
  expect(sampled.samples).toBeGreaterThan(0);
  expect(sampled.violations).toEqual([]);
  expect(sampled.served).toEqual(served);
}
