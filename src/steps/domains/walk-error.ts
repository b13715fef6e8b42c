// The walk of a domain that did not end well, for the person at two in the morning.

import { isRightMissing, rightMissing } from '../../application/missing-right.ts';
import { AzureError } from '../../azure/errors.ts';
import { formatDuration } from '../../engine/humane.ts';
import { messageOf } from '../../message-of.ts';
import { OF_ANOTHER_RUN, UpgradeError } from '../../reasons.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { bothVersions, goOnOrBack, instances } from './both-versions.ts';
import { lookAtThem } from './instance-commands.ts';
import type { EndedWalk, WalkOutcome } from './walk-outcome.ts';
import type { Direction } from './walk-track.ts';

type Ended = EndedWalk & { readonly outcome: Exclude<WalkOutcome, { kind: 'good' }> };

const LOOK = 'Look at these instances before they are changed again:';

/** Of a walk that the platform has not carried out, whatever the new version is like. It holds after a way back, too. */
export const AZURE_SAYS_WHY =
  'Azure says why. Mend what it names (capacity, quota, a policy or a lock, an operation of somebody else) before it is tried again.';

/**
 * 'instance-start-timeout', 'update-stuck' or 'update-failed'; 'azure-permission-missing' where that is why; of a walk
 * that was cut off what has cut it off, and of one that is another run's by now that.
 */
export function walkError(
  context: ServiceContext,
  domain: number,
  direction: Direction,
  ended: Ended,
): unknown {
  const { outcome, seen } = ended;
  const { config } = context;
  const doing = DOING[direction];
  const error = (
    reason: 'instance-start-timeout' | 'update-stuck' | 'update-failed',
    what: string,
    keys: readonly string[],
    cause: unknown,
  ) => {
    const part = `Not all of domain ${domain} was ${doing}`;
    if (isRightMissing(cause)) return notCarriedOut(`${part}. `, cause, ended);
    const isWhole = cause === undefined || isUnknown(cause);
    const begin = isWhole
      ? `Domain ${domain} was ${doing}, and`
      : `${part}: Azure ${didWith(cause)} it: ${saidBy(cause)}; and`;
    return new UpgradeError(reason, `${begin} ${what}. ${bothVersions(seen)}`, {
      cause,
      advice: [...lookAtThem(LOOK, config, seen.look, keys), ...goOnOrBack()],
    });
  };
  switch (outcome.kind) {
    case 'start-timeout': {
      const limit = formatDuration(config.walk.startTimeoutMs);
      const what = `${instances(outcome.instances)} had not started after ${limit} (walk.start-timeout)`;
      return error('instance-start-timeout', what, outcome.instances, outcome.cause);
    }
    case 'stuck': {
      const { why, stuck, cause } = outcome;
      return error('update-stuck', `it is stuck: ${why}; ${stuck.words}`, stuck.instances, cause);
    }
    case 'bad': {
      const keys = outcome.instances.map(({ key }) => key);
      return error('update-failed', `it did not become healthy: ${outcome.why}`, keys, outcome.cause);
    }
    case 'refused':
      return refused(domain, doing, outcome, ended);
    case 'cut-off':
      return outcome.error;
  }
}

const DOING: Readonly<Record<Direction, string>> = {
  forward: 'updated',
  back: 'taken back to the version before',
};

function refused(
  domain: number,
  doing: string,
  { cause, instances: keys, isPart }: Extract<WalkOutcome, { kind: 'refused' }>,
  ended: Ended,
): UpgradeError {
  // As it is: a walk that failed is taken back, and this service is another run's.
  if (cause instanceof UpgradeError && OF_ANOTHER_RUN.includes(cause.reason)) return cause;
  const notDone = isPart ? `Not all of domain ${domain} was ${doing}` : `Domain ${domain} was not ${doing}`;
  if (isRightMissing(cause)) return notCarriedOut(`${notDone}. `, cause, ended);
  const what = isUnknown(cause)
    ? `It is not known whether domain ${domain} was ${doing}: Azure has not said so of ${instances(keys)}`
    : `${notDone}: Azure ${didWith(cause)} it for ${instances(keys)}`;
  return new UpgradeError('update-failed', `${what}: ${saidBy(cause)}. ${bothVersions(ended.seen)}`, {
    cause,
    advice: [...(cause instanceof UpgradeError ? cause.advice : []), AZURE_SAYS_WHY, ...goOnOrBack()],
  });
}

/** @param what ends with a blank */
function notCarriedOut(what: string, cause: AzureError, { seen }: Ended): UpgradeError {
  const { reason, message, advice } = rightMissing(cause, what, goOnOrBack());
  return new UpgradeError(reason, `${withoutStop(message)}. ${bothVersions(seen)}`, { advice, cause });
}

/** An operation that was accepted and then failed has no status. */
function didWith(cause: unknown): 'refused' | 'failed' {
  const isAnswer = cause instanceof AzureError && cause.status !== null && cause.status < 500;
  return isAnswer ? 'refused' : 'failed';
}

function saidBy(cause: unknown): string {
  return withoutStop(messageOf(cause));
}

function isUnknown(cause: unknown): boolean {
  return cause instanceof AzureError && cause.outcomeUnknown;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
