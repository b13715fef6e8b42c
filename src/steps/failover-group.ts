// Where production was in a failover group, the slot that users have been switched to gets one of its own, so that the
// next disaster is covered as well. Azure does not move a group to another server: it is a new one, under a name of
// its own, on the new pair.
import { sameName } from '../application/production-slot.ts';
import { standbyOf } from '../application/regions.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import {
  creationTags,
  forEachDatabase,
  type Role,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { FailoverGroup, FailoverPolicy, ServerRef } from '../azure/ports.ts';
import { command, shell } from '../engine/command-line.ts';
import { orAbort } from '../engine/or-abort.ts';
import { type Assessment, blocked, done, type Step, type StepRun, toDo } from '../engine/step.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { serverNow } from './server-now.ts';

/** @param role of the slot that users are on by then: the stage slot in the run that switches, production later. */
export function carryFailoverGroup(context: UpgradeContext, role: Role): Step {
  const { name: slot, failoverGroup: name } = context[role].config;
  const pair = `${context[role].server.name} and ${standbyOf(context, role).server.name}`;
  return {
    id: 'failover-group',
    title: name ? `Failover group ${name} on ${pair}` : `No failover group for ${slot}`,
    article: null,
    phase: 'switch',
    changes: name ? `failover group ${name} is created on ${pair}, with all databases` : '',
    pivot: false,
    assess: async () => {
      if (name === null) return done('the configuration names none');
      return assessGroup(context, role, name).catch((error: unknown) => {
        if (!(error instanceof AzureError)) throw error;
        return toDo(`it cannot be read whether it is there: ${error.message}`); // applying it asks again
      });
    },
    apply: async (run) => (name === null ? [] : createGroup(context, role, name, run)),
    undo: null,
  };
}

async function assessGroup(context: UpgradeContext, role: Role, name: string): Promise<Assessment> {
  const groups = await context.azure.sql.listFailoverGroups(serverRef(context, role));
  const found = groups.find((group) => sameName(group.name, name));
  if (!found) return toDo();
  const missing = missingFrom(context, role, found);
  if (missing === null) return done(`${name} covers ${context.config.databases.join(', ')}`);
  const { resourceGroup, server } = serverRef(context, role);
  return blocked(
    'failover-group-member',
    `Failover group ${name} exists on ${server} and ${missing}: it does not protect what users are on`,
    `Look at it: ${shell`az sql failover-group show -g ${resourceGroup} -s ${server} -n ${name}`}`,
    `Add what it lacks (az sql failover-group update --add-db …), or delete it and run phase switch again: it is created anew.`,
  );
}

/** What keeps the group from covering the slot; null where it does. */
function missingFrom(context: UpgradeContext, role: Role, group: FailoverGroup): string | null {
  const standby = standbyOf(context, role).config.sqlServer;
  if (group.role !== 'Primary') return `is ${group.role} there`;
  if (!group.partnerServers.some((partner) => sameName(partner, standby)))
    return `has ${group.partnerServers.join(', ') || 'nobody'} as its partner, not ${standby}`;
  const covered = group.databaseIds.map((id) => id.slice(id.lastIndexOf('/') + 1));
  const lacking = context.config.databases.filter((name) => !covered.some((one) => sameName(one, name)));
  return lacking.length === 0 ? null : `does not have ${lacking.join(', ')}`;
}

async function createGroup(
  context: UpgradeContext,
  role: Role,
  name: string,
  run: StepRun,
): Promise<readonly string[]> {
  const standby = standbyOf(context, role);
  try {
    const found = await assessGroup(context, role, name);
    if (found.kind === 'done') return found.evidence;
    await ensureRunLock(context, role);
    const { policy, source } = await policyToCarry(context, role);
    const databaseIds = await forEachDatabase(context, async (pair) => {
      const info = await context.azure.sql.getDatabase(pair[role]);
      if (!info) throw new UpgradeError('resource-not-found', `${pair.name} is not on ${pair[role].server}`);
      return info.id;
    });
    const partner = await serverNow(context, standby, run);
    const creation = context.azure.sql.createFailoverGroup(
      {
        name,
        server: serverRef(context, role),
        partnerServerId: partner.id,
        databaseIds,
        policy,
        tags: creationTags(context),
      },
      run.progress,
    );
    await orAbort(creation, run.signal);
    return [
      `${name}: ${context[role].server.name} → ${standby.server.name} with ${context.config.databases.join(', ')}, failover ${told(policy)} (${source})`,
    ];
  } catch (error) {
    throw notCarried(context, role, name, error);
  }
}

interface CarriedPolicy {
  readonly policy: FailoverPolicy;
  /** Where it is from, in words. */
  readonly source: string;
}

/**
 * As the slot that users have left has it; once cleanup has deleted that group, as another group of the new pair has it.
 * By hand where there is neither, and that is told: nobody knows any more what V1's was.
 */
async function policyToCarry(context: UpgradeContext, role: Role): Promise<CarriedPolicy> {
  const other: Role = role === 'stage' ? 'production' : 'stage';
  const model = (await groupOfPair(context, other)) ?? (await groupOfPair(context, role));
  if (model) return { policy: model.policy, source: `as ${model.name} has it` };
  const v1 = context[other].config.name;
  return {
    policy: { failover: 'Manual', graceMinutes: null },
    source: `${v1} has no group to take the policy from; where it was another one: az sql failover-group update --failover-policy`,
  };
}

/** The one that the configuration names before any other on the same two servers. */
async function groupOfPair(context: UpgradeContext, role: Role): Promise<FailoverGroup | null> {
  const { failoverGroup } = context[role].config;
  const partner = standbyOf(context, role).config.sqlServer;
  const groups = await context.azure.sql.listFailoverGroups(serverRef(context, role));
  const ofPair = groups.filter(({ partnerServers }) => partnerServers.some((one) => sameName(one, partner)));
  const named = ofPair.find((group) => failoverGroup !== null && sameName(group.name, failoverGroup));
  return named ?? ofPair[0] ?? null;
}

function told({ failover, graceMinutes }: FailoverPolicy): string {
  return graceMinutes === null ? failover : `${failover} after ${graceMinutes} min`;
}

function serverRef(context: UpgradeContext, role: Role): ServerRef {
  const { sqlResourceGroup, sqlServer } = context[role].config;
  return { resourceGroup: sqlResourceGroup, server: sqlServer };
}

/** Users are where they belong: this is about the next disaster, and must not read as if the switch had failed. */
function notCarried(context: UpgradeContext, role: Role, name: string, cause: unknown): UpgradeError {
  const { config, server } = context[role];
  const standby = standbyOf(context, role).server.name;
  const why = messageOf(cause);
  const where = ['-g', config.sqlResourceGroup, '-s', server.name, '--partner-server', standby, '-n', name];
  const members = ['--add-db', ...context.config.databases];
  const create = command('az', 'sql', 'failover-group', 'create', ...where, ...members);
  return new UpgradeError(
    cause instanceof UpgradeError ? cause.reason : 'azure-error',
    `Users are on V2 (${config.name}), the switch is done; only its failover group ${name} is missing: ${why}`,
    {
      cause,
      advice: [
        'Run phase switch again: it moves nobody, it creates the group.',
        `Until then ${standby} has every change and can take over by hand: az sql db replica set-primary`,
        `Or create it: ${create}`,
      ],
    },
  );
}
