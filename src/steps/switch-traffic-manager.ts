// The pivot: the stage slot's endpoints take over production's status and priorities, and production's go offline with
// the higher numbers, in one write of the whole profile, so that at no moment both slots or none are online.
import { findEndpoint, sameName, servedSlot } from '../application/production-slot.ts';
import type { Slot, UpgradeContext } from '../application/upgrade-context.ts';
import type { Endpoint, EndpointChange, Profile } from '../azure/ports.ts';
import { blocked, done, type Step, toDo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { SWITCH_MARKS } from './mark-stage.ts';
import { moveUsers, type Write } from './pivot.ts';
import { nothingRead, type ReadAhead, takeProfile } from './read-ahead.ts';

export function switchTrafficManager(
  context: UpgradeContext,
  marks = SWITCH_MARKS,
  ahead = nothingRead(),
): Step {
  const { production, stage, config } = context;
  const becomes = outcome(context);
  return {
    id: 'switch',
    title: `Switch users to ${stage.config.name}: its endpoint online, ${production.config.name}'s offline`,
    article: null,
    phase: 'switch',
    changes: `one write of the profile ${config.trafficManager?.profile ?? ''}: ${becomes}`,
    pivot: true,
    assess: async () => {
      const { trafficManager } = config;
      // What is written is made of the profile as it is then, not of this one.
      const profile =
        ahead.observed?.profile ??
        (trafficManager && (await context.azure.trafficManager.getProfile(trafficManager)));
      const slots = profile ? endpointsOf(context, profile) : null;
      if (!profile || !slots) return blocked('resource-not-found', incomplete(context), 'Run phase prepare.');
      if (profile.status === 'Disabled') return blocked('switch-failed', disabled(profile));
      const served = servedSlot(config, profile);
      if (served && !served.standby && sameName(served.slot.name, stage.config.name))
        return done('the stage endpoint is online');
      return toDo([...all(slots.stage), ...all(slots.production)].map(describe).join('; '));
    },
    apply: async (run) => {
      await moveUsers(context, marks, run, () => profileWrite(context, ahead));
      context.window.spend(`DNS and ${marks.version} at the public name`);
      return [`profile ${config.trafficManager?.profile ?? ''}: ${becomes}, read back`];
    },
    undo: null,
  };
}

function outcome({ production, stage }: UpgradeContext): string {
  const [here, there] = [production.config, stage.config];
  const standby =
    here.backup && there.backup ? { from: here.backup.endpoint.name, to: there.backup.endpoint.name } : null;
  return [
    `${there.endpoint.name} Enabled`,
    ...(standby ? [`${standby.to} takes over from ${standby.from}`] : []),
    `${here.endpoint.name} Disabled`,
    ...(standby ? [`${standby.from} Disabled`] : []),
  ].join(', ');
}

function incomplete({ stage }: UpgradeContext): string {
  return `The profile does not have ${stage.config.backup ? 'all four' : 'both'} endpoints`;
}

/** A slot's endpoints in the profile. */
interface SlotEndpoints {
  readonly primary: Endpoint;
  /** In the backup region; null in single-region. */
  readonly standby: Endpoint | null;
}

interface Endpoints {
  readonly production: SlotEndpoints;
  readonly stage: SlotEndpoints;
}

const all = ({ primary, standby }: SlotEndpoints) => (standby ? [primary, standby] : [primary]);

/** Null where one of them is missing. */
function endpointsOf(context: UpgradeContext, profile: Profile): Endpoints | null {
  const production = slotEndpoints(profile, context.production);
  const stage = slotEndpoints(profile, context.stage);
  return production && stage ? { production, stage } : null;
}

function slotEndpoints(profile: Profile, { config }: Slot): SlotEndpoints | null {
  const primary = findEndpoint(profile, config);
  const standby = config.backup && findEndpoint(profile, config.backup);
  if (!primary || (config.backup && !standby)) return null;
  return { primary, standby };
}

/** The write, made of the profile as it is now. Throws where nobody could be moved by it; nothing is sent before it is called. */
async function profileWrite(context: UpgradeContext, ahead: ReadAhead): Promise<Write> {
  const { trafficManager } = context.config;
  if (!trafficManager) throw new UpgradeError('internal-error', 'the configuration names no profile');
  const { profile, write } = await takeProfile(context, ahead, trafficManager);
  const slots = endpointsOf(context, profile);
  if (!slots) throw new UpgradeError('resource-not-found', incomplete(context));
  if (profile.status === 'Disabled') throw new UpgradeError('switch-failed', disabled(profile));
  return async (beforeSending) => {
    await write(afterSwitch(slots, profile), beforeSending);
  };
}

function disabled({ name }: Profile): string {
  return `Profile ${name} is disabled: nobody could be switched anywhere`;
}

/**
 * Whatever the endpoints were: V2's is online and comes first, its standby stands by as V1's did, and V1's are offline
 * and come after them. The slots' own priorities are dealt out anew, so that nobody else's is touched or taken.
 */
function afterSwitch(
  { production, stage }: Endpoints,
  profile: Profile,
): Readonly<Record<string, EndpointChange>> {
  const inOrder = [
    { endpoint: stage.primary, status: 'Enabled' as const },
    ...(stage.standby ? [{ endpoint: stage.standby, status: production.standby?.status ?? 'Enabled' }] : []),
    { endpoint: production.primary, status: 'Disabled' as const },
    ...(production.standby ? [{ endpoint: production.standby, status: 'Disabled' as const }] : []),
  ];
  const priorities = prioritiesFor(
    inOrder.map(({ endpoint }) => endpoint),
    profile,
  );
  return Object.fromEntries(
    inOrder.map(({ endpoint, status }, place) => [
      endpoint.name,
      { status, priority: priorities[place] ?? place + 1 },
    ]),
  );
}

/** As many different numbers as there are endpoints, in ascending order: their own, and free ones where some have none. */
function prioritiesFor(endpoints: readonly Endpoint[], profile: Profile): number[] {
  const own = new Set(endpoints.map(({ priority }) => priority).filter((priority) => priority !== null));
  const names = new Set(endpoints.map(({ name }) => name));
  const taken = new Set(
    profile.endpoints.filter(({ name }) => !names.has(name)).map(({ priority }) => priority),
  );
  for (let free = Math.max(0, ...own) + 1; own.size < endpoints.length; free++)
    if (!taken.has(free)) own.add(free);
  return [...own].sort((a, b) => a - b);
}

function describe({ name, status, priority }: Endpoint): string {
  return `${name} ${status}, priority ${priority ?? '-'}`;
}
