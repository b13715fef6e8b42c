// The way back of one domain: instances that run the new version, or may, get the version before; untouched ones are
// left alone, and so are those that somebody else has changed.
import type { StepRun, Undo, UndoOutcome } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { isBeingChanged } from '../../service/progress.ts';
import { keyOf, type RoleInstance } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count } from '../../service/words.ts';
import { waitForOthers } from './domain-gate.ts';
import { lookPatiently } from './patient-look.ts';
import { walkInstances } from './walk-instances.ts';
import type { WalkMemory } from './walk-track.ts';

export function takeDomainBack(context: ServiceContext, memory: WalkMemory, number: number): Undo {
  return {
    order: 'restore-service',
    what: `Take domain ${number} back to the version before`,
    apply: async (run): Promise<UndoOutcome> => {
      const nothing = nothingToTakeBack(await lookPatiently(context, run), number);
      if (nothing !== null) return { kind: 'nothing-to-undo', evidence: [nothing] };
      return { kind: 'undone', evidence: await takeBack(context, memory, number, run) };
    },
  };
}

function nothingToTakeBack(observed: ServiceObservation, number: number): string | null {
  if (observed.look.record === null) return 'no update is written down';
  const domain = observed.spread.domains.find((one) => one.number === number);
  if (domain === undefined) return `domain ${number} has no instance any more`;
  if (domain.instances.some((instance) => mayBeNew(observed, instance))) return null;
  return `${count(domain.instances.length, 'instance')} of domain ${number} never left the version before`;
}

function mayBeNew({ versions }: ServiceObservation, instance: RoleInstance): boolean {
  const version = versions.get(keyOf(instance))?.version ?? 'unknown';
  // One that is being changed may have been told to take the new version a moment ago.
  return (
    version === 'target' || version === 'unknown' || (version === 'previous' && isBeingChanged(instance))
  );
}

async function takeBack(
  context: ServiceContext,
  memory: WalkMemory,
  number: number,
  run: StepRun,
): Promise<readonly string[]> {
  const observed = await waitForOthers(context, number, memory.back, run);
  const { record } = observed.look;
  const domain = observed.spread.domains.find((one) => one.number === number);
  if (record === null || domain === undefined) return [`domain ${number} has no instance any more`];
  const forward = [...observed.standing].filter(([, of]) => of !== 'previous').map(([role]) => role);
  if (forward.length > 0) {
    throw new UpgradeError(
      'instances-differ',
      `Domain ${number} was not taken back: the model of ${forward.join(', ')} is not the version before, and instances would get the new one again`,
    );
  }
  const toUpdate = domain.instances.filter((instance) => mayBeNew(observed, instance));
  return walkInstances(context, { track: memory.back, domain, toUpdate, observed, record }, run);
}
