// "All instances of each role that is being upgraded and belong to the domain are stopped, upgraded, and brought back
// online", and their health says when the next domain may follow.
import { type Assessment, blocked, done, later, type Step, type StepRun, toDo } from '../../engine/step.ts';
import { UpgradeError } from '../../reasons.ts';
import { requiredOf } from '../../service/health-evaluation.ts';
import { instanceState } from '../../service/instance-state.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count, formatList } from '../../service/words.ts';
import { waitForEarlierWalk, waitForOthers } from './domain-gate.ts';
import { allDomains } from './domain-order.ts';
import { lookPatiently } from './patient-look.ts';
import { takeDomainBack } from './take-domain-back.ts';
import { walkInstances } from './walk-instances.ts';
import { type WalkMemory, walkedInstances } from './walk-track.ts';

/** @param expected how many instances it has, for the plan */
export function walkDomain(
  context: ServiceContext,
  memory: WalkMemory,
  number: number,
  expected: number,
): Step {
  let seen: ServiceObservation | null = null;
  return {
    id: `walk-domain-${number}`,
    title: `Update domain ${number}, and wait for its health`,
    article: null,
    phase: 'upgrade',
    changes: `${count(expected, 'instance')} of domain ${number}: stopped, updated, started`,
    pivot: false,
    assess: async (run) => {
      seen = await lookPatiently(context, run);
      return assess(seen, memory, number);
    },
    apply: (run) => walk(context, memory, number, run, ofThisMoment(context, seen)),
    undo: takeDomainBack(context, memory, number),
  };
}

/** A run applies what it has just assessed, and need not look once more. Milliseconds. */
const THIS_MOMENT_MS = 5_000;

function ofThisMoment({ clock }: ServiceContext, seen: ServiceObservation | null): ServiceObservation | null {
  return seen !== null && clock.now() - seen.look.at <= THIS_MOMENT_MS ? seen : null;
}

function assess(observed: ServiceObservation, memory: WalkMemory, number: number): Assessment {
  const { look, spread, standing, progress } = observed;
  if (look.record === null) {
    return progress.kind === 'done' ? done(progress.words) : later('no update is written down yet');
  }
  const domain = spread.domains.find((one) => one.number === number);
  if (domain === undefined) return done(`domain ${number} has no instance any more`);
  const state = progress.domains.find((one) => one.domain === number);
  const words = `${state?.updated ?? 0} of ${count(domain.instances.length, 'instance')} run the new version`;
  if ([...standing.values()].some((of) => of !== 'target'))
    return later(`the model is not the new one yet; ${words}`);
  if (state?.state !== 'updated') return toDo(words);
  const bad = belowMinimum(observed, memory, number);
  return bad.length === 0
    ? done(`${words}, healthy`)
    : toDo(`${words}; not in a good state: ${formatList(bad)}`);
}

/** Of the domain, where its instances alone would not do. */
function belowMinimum(observed: ServiceObservation, memory: WalkMemory, number: number): string[] {
  const domain = observed.spread.domains.find((one) => one.number === number);
  const keys = new Set(domain?.instances.map(keyOf));
  const walked = walkedInstances(observed, memory.forward).filter(({ instance }) =>
    keys.has(keyOf(instance)),
  );
  return [...Map.groupBy(walked, ({ instance }) => instance.role)].flatMap(([role, own]) => {
    const minimum = observed.look.roles.find((one) => one.role === role)?.minimum;
    const bad = own.filter((one) => instanceState(one).kind !== 'good');
    return own.length - bad.length >= requiredOf(minimum, own.length)
      ? []
      : bad.map(({ instance }) => keyOf(instance));
  });
}

async function walk(
  context: ServiceContext,
  memory: WalkMemory,
  number: number,
  run: StepRun,
  just: ServiceObservation | null,
): Promise<readonly string[]> {
  const first = just ?? (await lookPatiently(context, run));
  const settled = await waitForEarlierWalk(context, number, first, run);
  // Last: nothing may have gone down meanwhile.
  const observed = await waitForOthers(context, number, memory.forward, run, settled);
  const domain = observed.spread.domains.find((one) => one.number === number);
  const { record } = observed.look;
  if (record === null || domain === undefined) {
    throw new UpgradeError('phase-not-applicable', `Domain ${number} is not there to be updated any more`);
  }
  const toUpdate = domain.instances.filter(
    (instance) => observed.versions.get(keyOf(instance))?.version !== 'target',
  );
  return walkInstances(context, { track: memory.forward, domain, toUpdate, observed, record }, run);
}

/** A domain that was asked for and that the service does not have. Nothing is touched. */
export function noSuchDomain(asked: number, observed: ServiceObservation): Step {
  const there = formatList(allDomains(observed).map(String));
  return {
    id: 'walk-domain',
    title: `Update domain ${asked}`,
    article: null,
    phase: 'upgrade',
    changes: '',
    pivot: false,
    assess: async () =>
      blocked(
        'input-invalid',
        `domain: ${asked} is none of this service's update domains, which are ${there || 'none'}`,
        'Give one of these, or "next" for the first that is not updated yet.',
      ),
    apply: async () => [],
    undo: null,
  };
}
