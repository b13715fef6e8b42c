// Worlds of topology upgrade-domains. An instance is down for about a quarter of a second, so that what goes on when main
// is gone goes on for a while.
import { SERVICE_GROUP, SERVICE_REGION } from '../../../local-azure/topologies/contoso-service.ts';
import { renderServiceConfig } from '../../../local-azure/topologies/service-config-file.ts';
import type { Visitors } from '../../../local-azure/users/visitors.ts';
import { leaseOfTags, type Tags, tagOfLease } from '../../../src/service/record-tags.ts';
import { type ServiceScenario, startServices, visit } from '../../acceptance/ud-scenario.ts';
import { ending } from '../ending.ts';
import { secretsIn } from '../law-12.ts';
import { alwaysHold, type ServiceNow, toldTruth } from '../laws-services.ts';
import type { World, WorldKind } from '../world.ts';
import { type InstanceLog, keepInstanceLog } from './instance-log.ts';
import { BEFORE, CLOUD_SERVICE, type Company, DEFAULT_FILE, SCALE_SETS } from './service-companies.ts';
import { BY_SWAP, IN_PLACE } from './services-journeys.ts';

/** A fraction of Azure's own times; automatic repairs come after two seconds and a half. */
const PACE = { latency: 'typical', scale: 0.004 } as const;
/** What instances go through is noted anyway, whole; users are there to see that they are told the same. */
const VISITS_PER_SECOND = 10;

export const SERVICE_WORLDS: readonly WorldKind[] = [
  { name: 'scale-sets', journeys: IN_PLACE, start: (seed) => startWorld(SCALE_SETS, seed) },
  {
    name: 'cloud-service',
    journeys: [...IN_PLACE, ...BY_SWAP],
    start: (seed) => startWorld(CLOUD_SERVICE, seed),
  },
];

async function startWorld(company: Company, seed: number): Promise<World> {
  const scenario = await startServices({ ...PACE, seed });
  const { azure } = scenario;
  writeFiles(scenario, company);
  setAutoscale(scenario, company);
  const automation = () => scenario.automation().filter((one) => isOf(company, one));
  const atFirst = automation();
  const logs = company.services.map((service) => keepInstanceLog(azure.compute, service));
  const visitors = visit(azure, company.publicNames, VISITS_PER_SECOND);
  const broken = newOnesOf(() => logs.flatMap((log) => log.broken()));
  let [config, running] = [DEFAULT_FILE, 0];
  const act: World['act'] = async (inputs, watch, changes) => {
    // Whoever comes after a run that was lost comes when its lease has lapsed. Two at once are another matter.
    if (running === 0) letLeasesLapse(scenario, company);
    // A person who looks on looks with the file that the update is of.
    config = inputs.config ?? config;
    running++;
    try {
      return await scenario.act({ config, ...inputs }, watch, changes);
    } finally {
      running--;
    }
  };
  return {
    azure,
    act,
    violations: async (acted) => {
      const now = lookAt(scenario, company, logs, config, { on: automation(), atFirst });
      return [
        ...alwaysHold(now),
        ...(ending(acted).report === null ? [] : toldTruth(now, acted)),
        ...secretsIn(azure, acted),
        ...broken(),
      ];
    },
    state: async () => (await act({ phase: 'status' })).report.state,
    finish: async () => {
      await visitors.stop();
      return [...broken(), ...refusals(visitors)];
    },
    close: async () => {
      await visitors.stop();
      await scenario.close();
    },
  };
}

/** Quick ones: one look is enough to call a domain good, and what is stuck is called so after three seconds. */
function writeFiles({ write }: ServiceScenario, { files }: Company): void {
  for (const [path, { service, version }] of Object.entries(files)) {
    const text = renderServiceConfig(service, version, BEFORE);
    write(
      path,
      text.replace('stuck-after: 15s', 'stuck-after: 3s').replace('consecutive: 2', 'consecutive: 1'),
    );
  }
}

function setAutoscale({ azure }: ServiceScenario, { scaled }: Company): void {
  azure.arm.insights.createSetting({
    name: scaled.name,
    group: SERVICE_GROUP,
    location: SERVICE_REGION.name,
    enabled: true,
    targetResourceId: scaled.target,
    minimum: 4,
    maximum: 20,
  });
}

function isOf({ scaled, resources }: Company, automation: string): boolean {
  return automation === scaled.name || resources.some((name) => automation === `repairs of ${name}`);
}

function lookAt(
  scenario: ServiceScenario,
  company: Company,
  logs: readonly InstanceLog[],
  config: string,
  automation: ServiceNow['automation'],
): ServiceNow {
  const file = company.files[config];
  if (file === undefined) throw new Error(`there is no configuration ${config}`);
  const usersOn = file.service === 'swap' ? company.usersOn(scenario) : null;
  const logOf = (role: string) => {
    const log = logs.find((_, at) => company.services[at]?.roles.includes(role));
    if (log === undefined) throw new Error(`no log of ${role}`);
    return log;
  };
  return {
    at: Date.now(),
    versions: { before: BEFORE, target: file.version },
    tags: tagsOf(scenario, company),
    instances: (resource, role) => scenario.azure.compute.instances(company.roleId(resource, role)),
    all: logs.flatMap((log) => log.instances()),
    updated: (file.service === 'swap' ? logs : logs.slice(0, 1)).flatMap((log) => log.instances()),
    usersOn,
    beside: usersOn === null ? null : (company.resources.find((name) => name !== usersOn) ?? null),
    automation,
    ranSince: (since, { role, id }) => logOf(role).ranSince(since, role, id),
    atRestSince: (since, { role, id }) => logOf(role).atRestSince(since, role, id),
  };
}

interface Tagged {
  readonly name: string;
  readonly tags: Tags;
}

function tagsOf({ azure }: ServiceScenario, { resources }: Company): Map<string, Tags> {
  const { scaleSets, cloudServices } = azure.arm.state() as unknown as Record<string, readonly Tagged[]>;
  const all = [...(scaleSets ?? []), ...(cloudServices ?? [])];
  return new Map(all.filter(({ name }) => resources.includes(name)).map(({ name, tags }) => [name, tags]));
}

/** Its time is over: as if so long had passed. */
function letLeasesLapse(scenario: ServiceScenario, company: Company): void {
  const { compute, cloudServices } = scenario.azure.arm;
  for (const [name, tags] of tagsOf(scenario, company)) {
    const lease = leaseOfTags(tags);
    if (lease === null) continue;
    const lapsed = tagOfLease({ ...lease, until: new Date(Date.now() - 1).toISOString() });
    const provider = company === CLOUD_SERVICE ? cloudServices : compute;
    provider.setTags(name, { ...tags, ...(lapsed as Tags) });
  }
}

/** What was told before is not told again. */
function newOnesOf(all: () => readonly string[]): () => string[] {
  const told = new Set<string>();
  return () => {
    const fresh = all().filter((one) => !told.has(one));
    for (const one of fresh) told.add(one);
    return fresh;
  };
}

/**
 * What users were answered with in place of a page. A load balancer here answers always, "no instance is in service" too:
 * a request that got no answer was lost to a busy machine, whose users wait no longer than five seconds.
 */
function refusals(visitors: Visitors): string[] {
  return Object.entries(visitors.report()).flatMap(([host, { answered, refused }]) => [
    ...(answered === 0 ? [`law 5: nobody who asked ${host} was answered`] : []),
    ...Object.entries(refused)
      .filter(([why]) => /^\d{3}\b/.test(why))
      .map(([why, times]) => `law 5: ${times} users of ${host} were refused: ${why}`),
  ]);
}
