// The example company's services with update domains: jobs on them, what their instances run and went through, users.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local-azure/clock.ts';
import type { Instance } from '../../local-azure/compute/fabric.ts';
import { createRandom } from '../../local-azure/random.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { cloudServiceId, scaleSetId, serviceHost } from '../../local-azure/topologies/contoso-service.ts';
import {
  UPGRADE_DOMAINS_DEFAULTS,
  type UpgradeDomainsOptions,
} from '../../local-azure/topologies/options.ts';
import {
  type ConfiguredService,
  renderServiceConfig,
} from '../../local-azure/topologies/service-config-file.ts';
import { startVisitors, type Visitors } from '../../local-azure/users/visitors.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import { type Acted, type Jobs, jobsOn, writes } from './scenario.ts';

/** A domain is down for about half a second: users notice. */
export const BRISK = { latency: 'typical', scale: 0.01 } as const;
/** Azure's own work takes no time; looks at health keep theirs. */
export const AT_ONCE = { latency: 'off' } as const;

export type { Acted } from './scenario.ts';

export interface Configured {
  readonly version?: string;
  /** What runs now, of a cloud service. */
  readonly previous?: string;
  /** Changes the text that the example company wrote. */
  readonly edit?: (text: string) => string;
}

export interface ServiceScenario extends Jobs {
  readonly azure: LocalAzure;
  /** Writes a configuration of one of the company's services, for the jobs that come: the default file. */
  configure(service: ConfiguredService, configured?: Configured): void;
  /** By version: how many instances run it, by what they really run. */
  running(role: string): Record<string, number>;
  /** Ids of the instances that run a version, sorted. */
  idsOn(role: string, version: string): string[];
  /** What the resources of a service have in tags of this product. */
  tags(): string[];
  /** What may change services by itself, and is on. */
  automation(): string[];
  /** Begins to note what instances go through. */
  history(...roles: readonly string[]): InstanceHistory;
  visitors(...names: readonly string[]): Visitors;
  close(): Promise<void>;
}

export interface InstanceHistory {
  /** Ids in the order in which they went down, "role/id" where there are several roles. */
  readonly wentDown: readonly string[];
  /** Update domains in the order in which instances of them went down, each named once in a row. */
  readonly domains: readonly number[];
  /** The most update domains that had an instance down at one time. */
  readonly mostDomainsDown: number;
  /** The fewest instances that took requests at one time. */
  readonly fewestInService: number;
}

export const setRole = scaleSetId;
export const cloudRole = (service: string, role: string): string =>
  `${cloudServiceId(service)}/roles/${role}`;

export async function startServices(
  options: Partial<UpgradeDomainsOptions> = AT_ONCE,
): Promise<ServiceScenario> {
  const directory = mkdtempSync(join(tmpdir(), 'acceptance-'));
  const azure = await startLocalAzure({ ...UPGRADE_DOMAINS_DEFAULTS, ...options });
  const jobs = jobsOn(azure, directory);
  let runs = 0;
  const visiting: Visitors[] = [];
  const instances = (role: string) => azure.compute.instances(role);
  const configure: ServiceScenario['configure'] = (service, configured = {}) => {
    const { version = '2.0.0', previous = '1.0.0', edit = (text: string) => text } = configured;
    const text = edit(renderServiceConfig(service, version, previous));
    jobs.write('.github/rolling-upgrade.yml', text.replace('stuck-after: 15s', 'stuck-after: 3s'));
  };
  configure('web');
  return {
    ...jobs,
    // Every job is a run of its own, as on GitHub: the lease is told apart by it.
    act: (inputs, watch, changes) => jobs.act(inputs, watch, { GITHUB_RUN_ID: String(++runs), ...changes }),
    azure,
    configure,
    running: (role) => countedBy(instances(role), ({ model }) => model.version),
    idsOn: (role, version) =>
      instances(role)
        .filter(({ model }) => model.version === version)
        .map(({ id }) => id)
        .sort(byNumber),
    tags: () => tagsIn(azure.arm.state()),
    automation: () => automationIn(azure.arm.state()),
    history: (...roles) => noteHistory(azure, roles),
    visitors: (...names) => {
      const visitors = visit(azure, names);
      visiting.push(visitors);
      return visitors;
    },
    close: async () => {
      for (const visitors of visiting) await visitors.stop();
      await azure.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function countedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Record<string, number> {
  const groups = Map.groupBy(items, keyOf);
  return Object.fromEntries([...groups].map(([key, group]) => [key, group.length]));
}

const byNumber = (one: string, other: string) => Number(one) - Number(other) || (one < other ? -1 : 1);

interface Tagged {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface ResourcesState {
  readonly scaleSets: readonly (Tagged & { readonly repairs: string | null })[];
  readonly cloudServices: readonly Tagged[];
  readonly autoscaleSettings: readonly { readonly name: string; readonly enabled: boolean }[];
}

function tagsIn(state: unknown): string[] {
  const { scaleSets, cloudServices } = state as ResourcesState;
  return [...scaleSets, ...cloudServices].flatMap(({ name, tags }) =>
    Object.keys(tags).map((tag) => `${name} ${tag}`),
  );
}

function automationIn(state: unknown): string[] {
  const { scaleSets, autoscaleSettings } = state as ResourcesState;
  return [
    ...autoscaleSettings.filter(({ enabled }) => enabled).map(({ name }) => name),
    ...scaleSets.filter(({ repairs }) => repairs === 'Running').map(({ name }) => `repairs of ${name}`),
  ];
}

function noteHistory({ compute }: LocalAzure, roles: readonly string[]): InstanceHistory {
  const wentDown: string[] = [];
  const domains: number[] = [];
  let [mostDomainsDown, fewestInService] = [0, Number.POSITIVE_INFINITY];
  const look = () => {
    const all = roles.flatMap((role) => compute.instances(role));
    const down = all.filter(({ state }) => state !== 'running');
    mostDomainsDown = Math.max(mostDomainsDown, new Set(down.map(({ updateDomain }) => updateDomain)).size);
    fewestInService = Math.min(fewestInService, all.filter(({ inService }) => inService).length);
  };
  look();
  compute.onChange((instance) => {
    if (!roles.includes(instance.role)) return;
    if (instance.state === 'stopping') {
      wentDown.push(nameOf(instance, roles));
      const domain = instance.updateDomain ?? -1;
      if (domains.at(-1) !== domain) domains.push(domain);
    }
    look();
  });
  return {
    wentDown,
    domains,
    get mostDomainsDown() {
      return mostDomainsDown;
    },
    get fewestInService() {
      return fewestInService;
    },
  };
}

function nameOf({ role, id }: Instance, roles: readonly string[]): string {
  return roles.length === 1 ? id : `${role.split('/').at(-1)}/${id}`;
}

/** Users who open these names; whoever lets them in sends them home. */
export function visit(
  { description, ca }: Pick<LocalAzure, 'description' | 'ca'>,
  names: readonly string[],
  requestsPerSecond = 40,
): Visitors {
  return startVisitors({
    hosts: names.map(serviceHost),
    dnsServer: description.dns,
    connectTo: JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}').connectTo,
    ca,
    clock: systemClock(),
    random: createRandom(3),
    requestsPerSecond,
  });
}

/** The service's part of a report; a run that has none says what its log said. */
export function serviceOf({ report, run }: Acted): ServiceReport {
  if (report.service === null) throw new Error(`the report tells nothing of the service\n${run.main.log}`);
  return report.service;
}

/** Sizes of the domains, in their order. */
export function sizes(acted: Acted): number[] {
  return serviceOf(acted).domains.map(({ instances }) => instances.length);
}

/** "0 forward good", in the order in which this run walked them. */
export function walked(acted: Acted): string[] {
  return serviceOf(acted).walk.map(({ domain, direction, outcome }) => `${domain} ${direction} ${outcome}`);
}

/** Domain by domain what it is: "updated", "in-flight", "untouched". */
export function states(acted: Acted): string[] {
  return serviceOf(acted).domains.map(({ state }) => state);
}

export function outputsOf({ run }: Acted): Readonly<Record<string, string>> {
  return run.main.outputs;
}

/** What the action changed in Azure. */
export const changesOf = ({ calls }: Acted): string[] => writes(calls);

/** Runs these phases and kills main at the nth call of that name, before it is answered. The post step runs. */
export async function killAt(
  { azure, act }: Pick<ServiceScenario, 'azure' | 'act'>,
  inputs: Readonly<Record<string, string>>,
  moment: { test(call: string): boolean },
  nth = 1,
): Promise<Acted> {
  let main: ChildProcess | null = null;
  let left = nth;
  azure.faults.onCall((call) => {
    if (main !== null && moment.test(call) && --left === 0) main.kill('SIGKILL');
  });
  const acted = await act(inputs, {
    onMain: (child) => {
      main = child;
    },
  });
  if (acted.run.main.signal === 'SIGKILL') return acted;
  throw new Error(`main ended before that call\n${acted.run.main.log}`);
}
