// The pivot of a staged update: the two services exchange their addresses, and users are on the other one at once.
import { AzureError } from '../../azure/errors.ts';
import { type Assessment, blocked, done, later, type Step, type StepRun, toDo } from '../../engine/step.ts';
import { messageOf } from '../../message-of.ts';
import { UpgradeError } from '../../reasons.ts';
import { observeService } from '../../service/observe-service.ts';
import { isBusy } from '../../service/persist.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/** Users on the service that was updated. */
export function swapAddresses(context: ServiceContext): Step {
  return {
    ...swap(context, 'this'),
    id: 'swap-addresses',
    title: 'Swap the addresses: users to the new version',
    phase: 'switch',
    assess: async () => {
      const { look, progress } = await observeService(context);
      if (look.usersOn === 'this') return done('users are on the service that was updated');
      if (look.record === null || progress.kind !== 'done') return later(progress.words);
      return assessUsers(look.usersOn);
    },
  };
}

/** Users on the service that was not touched. */
export function swapBack(context: ServiceContext): Step {
  return {
    ...swap(context, 'other'),
    id: 'swap-back',
    title: 'Swap the addresses back: users to the version before',
    phase: 'rollback',
    assess: async () => {
      const { look } = await observeService(context);
      if (look.usersOn === 'other') return done('users are on the service with the version before');
      return assessUsers(look.usersOn);
    },
  };
}

function assessUsers(usersOn: 'this' | 'other' | null): Assessment {
  if (usersOn !== null) return toDo();
  return blocked(
    'swap-failed',
    'Azure does not tell which of the two services users are on, so nothing is swapped',
    'Look at the slot of both: properties.networkProfile.slotType has to be Production for one and Staging for the other.',
  );
}

function swap(
  context: ServiceContext,
  to: 'this' | 'other',
): Pick<Step, 'article' | 'changes' | 'pivot' | 'apply' | 'undo'> {
  return {
    article: null,
    changes: 'The public addresses of the two services are exchanged',
    pivot: true,
    apply: (run) => exchange(context, to, run),
    undo: null,
  };
}

/** How often the swap is sent that Azure has refused for now. */
const ATTEMPTS = 2;
const PAUSE_MS = 2_000;

async function exchange(context: ServiceContext, to: 'this' | 'other', run: StepRun): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const { usersOn, failure } = await sendAndLook(context, to, run);
    if (usersOn === to) break;
    if (attempt === ATTEMPTS || usersOn === null || !isBusy(failure)) throw notSwapped(to, usersOn, failure);
    run.progress(`the addresses were not swapped (${messageOf(failure)}); once more`);
    await context.clock.sleep(PAUSE_MS, run.signal);
    // What Azure was busy with may have been a swap, which has come meanwhile: one more would take users back.
    if ((await observeService(context)).look.usersOn === to) break;
  }
  return [`users are on ${WORDS[to]}, read back`];
}

interface Swapped {
  readonly usersOn: 'this' | 'other' | null;
  readonly failure: unknown;
}

/** Whatever it answered: what counts is where users are, looked at until they are there where Azure has not refused it. */
async function sendAndLook(context: ServiceContext, to: 'this' | 'other', run: StepRun): Promise<Swapped> {
  const { target, clock, config } = context;
  if (target.swap === null)
    throw new UpgradeError('phase-not-applicable', `${target.what}: nothing to swap with`);
  const failure = await target.swap(run.signal).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof UpgradeError) throw failure;
  const until = clock.now() + config.health.timeoutMs;
  for (;;) {
    const { usersOn } = (await observeService(context)).look;
    if (usersOn === to || isRefusal(failure) || clock.now() >= until) return { usersOn, failure };
    await clock.sleep(config.health.intervalMs, run.signal);
  }
}

const WORDS = { this: 'the service that was updated', other: 'the service with the version before' } as const;

function isRefusal(failure: unknown): boolean {
  return failure instanceof AzureError && !failure.outcomeUnknown;
}

function notSwapped(to: 'this' | 'other', usersOn: 'this' | 'other' | null, cause: unknown): UpgradeError {
  const where =
    usersOn === null ? 'Azure does not tell which service users are on' : `users are on ${WORDS[usersOn]}`;
  return new UpgradeError('swap-failed', `The addresses were not swapped: ${where}, not on ${WORDS[to]}`, {
    cause,
    advice: [
      'Run phase status: it tells which service users are on.',
      'Swap only while no other operation is under way on either service: Azure calls the result of two at once unrecoverable.',
    ],
  });
}
