// The article's four things to weigh, with this application's numbers.
import type { Observation } from '../application/observe.ts';
import { sameName } from '../application/production-slot.ts';
import { inBackupRegion } from '../application/regions.ts';
import type { Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import { describeUpgrade, upgradeWork } from '../application/upgrade-work.ts';
import { formatDuration } from '../engine/humane.ts';
import type { Factor, Plan } from '../engine/report.ts';

/**
 * Impact on availability, ability to roll back, vulnerability to a catastrophe, total cost.
 * @param resources what exists twice.
 */
export async function fourFactors(
  context: UpgradeContext,
  observed: Observation,
  resources: Plan['twice'],
): Promise<Factor[]> {
  const { standby } = context.production;
  return [
    await availability(context, observed),
    rollback(context),
    standby ? catastropheWithStandby(context, standby, observed) : catastrophe(context),
    cost(context, resources),
  ];
}

async function availability(context: UpgradeContext, observed: Observation): Promise<Factor> {
  const { config } = context;
  const ttl = observed.profile?.ttlSeconds ?? config.trafficManager?.ttlSeconds ?? 0;
  const checks = (config.health.consecutive - 1) * config.health.intervalMs;
  const script = await scriptSize(context);
  return {
    factor: 'availability',
    answer: `Users can read at every moment. They cannot write while the ${script} runs, plus seconds; after ${formatDuration(config.maxReadOnlyMs)} the tool goes back by itself.`,
    details: [
      ...freezePrice(config),
      `Verification of V2 at its own address: ${config.health.consecutive} answers, ${formatDuration(checks)} at least`,
      config.switchMethod === 'traffic-manager'
        ? `Switch: one write, then the DNS time to live of ${ttl} s until new lookups lead to V2; open connections, and clients that keep an address longer, stay on V1 and can only read`
        : 'Switch: the time App Service takes to warm up and swap the slots, typically a minute',
      ...standbyWaits(context),
      'Preparing, seeding and cleaning up do not affect users',
    ],
  };
}

function freezePrice({ freezeMethod, freezeGraceSeconds }: UpgradeContext['config']): string[] {
  const readOnly = `Freeze: open transactions get ${freezeGraceSeconds} s, then they are rolled back and connections are cut once`;
  const denied = `Freeze by denied permissions: procedures and functions do not run until the switch, those that only read neither; sessions that hold writes get ${freezeGraceSeconds} s, then they are ended; reading goes on uninterrupted`;
  if (freezeMethod === 'auto') return [readOnly, `Where SQL Server refuses that (1468): ${denied}`];
  return [freezeMethod === 'read-only' ? readOnly : denied];
}

/** What two regions add to the window. */
function standbyWaits({ config, stage }: UpgradeContext): string[] {
  if (!stage.standby) return [];
  const { name, location } = stage.standby.server;
  const seeding = `Users are read-only also while ${name} in ${location ?? 'the backup region'} is seeded: the databases cannot be chained, so its copy is made within the window (up to 500 GB an hour)`;
  return [
    ...(config.standbyMode === 'after-termination' ? [seeding] : []),
    `After the script the drain to ${name}: until the backup region has every change too, typically seconds`,
  ];
}

async function scriptSize(context: UpgradeContext): Promise<string> {
  const { upgrade } = context.config;
  if (upgrade.kind === 'command') return describeUpgrade(context);
  try {
    const works = await Promise.all(context.databases.map((pair) => upgradeWork(context, pair.name)));
    const batches = works.reduce(
      (sum, work) => sum + (work.kind === 'script' ? work.script.batches.length : 0),
      0,
    );
    return `upgrade script of ${batches} batch${batches === 1 ? '' : 'es'}`;
  } catch {
    return 'upgrade script (which cannot be read: see the guards)';
  }
}

function rollback({ config, production, databases }: UpgradeContext): Factor {
  const pivot = production.standby ? '(9)' : '(6)';
  return {
    factor: 'rollback',
    answer: `Before the switch: always, by itself, one statement on ${databases.length === 1 ? 'the database' : `each of ${databases.length} databases`}. After the switch: not without losing what V2's users wrote.`,
    details: [
      `Users stay on ${production.config.name} until the switch, so going back needs no change of DNS`,
      `The point of no return is step ${pivot}; before it users can always be given V1 back. The link that is cut is not restored: the next try copies anew`,
      `The stage database is ${config.rollback.stage === 'keep' ? 'kept for root cause analysis' : 'removed'} after a rollback`,
      'V1 and its data stay, read-only, until cleanup',
    ],
  };
}

function catastrophe({ production }: UpgradeContext): Factor {
  return {
    factor: 'catastrophe',
    answer: `If ${production.server.location ?? "production's region"} fails during the upgrade, the application is down until it is deployed elsewhere and its database is geo-restored.`,
    details: [
      'Geo-restore: up to 1 hour of writes lost, up to 12 hours until it is back (Microsoft, 2021)',
      'It is the same before and after the upgrade: this topology has no standby. geo-redundant has one at every moment',
      'Right after the link is cut the stage database has no point-in-time backups of its own yet',
    ],
  };
}

function catastropheWithStandby(
  { production }: UpgradeContext,
  standby: Deployment,
  { databases: seen }: Observation,
): Factor {
  const { name, location } = standby.server;
  const links = seen.map((one) => one.protection?.production?.state ?? 'no link');
  return {
    factor: 'catastrophe',
    answer: `If ${production.server.location ?? "production's region"} fails at any moment of the upgrade, ${location ?? 'the backup region'} has a copy that has caught up: V1's on ${name} until the switch, V2's from the switch on.`,
    details: [
      `A person decides to fail over; the summary of any later run says to what, and gives the command. Microsoft names 30 s until a forced failover serves and up to 5 s of writes lost (2021)`,
      `Only the link from production to the stage slot is cut; ${name} stays the geo-secondary of ${production.server.name} until cleanup (it is ${links.join(', ')} now)`,
      'Users are not switched before the stage slot has a caught-up geo-secondary of its own',
      'Right after the link is cut the stage database has no point-in-time backups of its own yet',
    ],
  };
}

function cost(context: UpgradeContext, resources: Plan['twice']): Factor {
  const databases = context.databases.length;
  return {
    factor: 'cost',
    answer: context.stage.standby
      ? `From prepare to cleanup ${databases === 1 ? 'the database and its geo-secondary' : `${databases} databases and their geo-secondaries`} and both stage sites' plans are paid twice.`
      : `From prepare to cleanup ${databases} ${databases === 1 ? 'database' : 'databases'} and the stage site's plan are paid twice.`,
    details: resources.map((one) => `${one.resource}: ${one.sku}, since ${one.since}`),
  };
}

/**
 * What exists twice while the upgrade lasts.
 * @param backup what the backup region shows; null in a topology that has none.
 */
export function twice(
  context: UpgradeContext,
  observed: Observation,
  backup: Observation | null,
): Plan['twice'] {
  const here = twiceInRegion(context, observed);
  return backup ? [...here, ...twiceInRegion(inBackupRegion(context), backup)] : here;
}

function twiceInRegion(context: UpgradeContext, observed: Observation): Plan['twice'] {
  const databases = observed.databases.map((database) => ({
    resource: `database ${database.name} on ${context.stage.server.name}`,
    sku: database.stage.info?.sku?.name ?? database.production.info?.sku?.name ?? 'as production',
    since: database.stage.info?.createdAt?.toISOString() ?? 'prepare',
  }));
  const { production, stage } = observed.sites;
  const samePlan = production?.planId && stage?.planId && sameName(production.planId, stage.planId);
  const site = {
    resource: `site ${context.stage.site.site}`,
    sku: samePlan
      ? 'on the same plan as production: no extra cost'
      : (stage?.planId?.split('/').at(-1) ?? 'as production'),
    since: stage ? 'before this run' : 'prepare',
  };
  return [...databases, site];
}
