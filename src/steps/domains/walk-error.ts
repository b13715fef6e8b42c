// The walk of a domain that did not end well, for the person at two in the morning.

import { formatDuration } from '../../engine/humane.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { bothVersions, goOnOrBack, instances } from './both-versions.ts';
import { lookAtInstances } from './instance-commands.ts';
import type { EndedWalk, WalkOutcome } from './walk-outcome.ts';
import type { Direction } from './walk-track.ts';

/** 'instance-start-timeout', 'update-stuck' or 'update-failed'; of a walk that was cut off what has cut it off. */
export function walkError(
  context: ServiceContext,
  domain: number,
  direction: Direction,
  { outcome, seen }: EndedWalk & { readonly outcome: Exclude<WalkOutcome, { kind: 'good' }> },
): unknown {
  const { config } = context;
  const doing = direction === 'forward' ? 'updated' : 'taken back to the version before';
  const error = (
    reason: 'instance-start-timeout' | 'update-stuck' | 'update-failed',
    what: string,
    keys: readonly string[],
    cause?: unknown,
  ) =>
    new UpgradeError(reason, `Domain ${domain} was ${doing}, and ${what}. ${bothVersions(seen)}`, {
      cause,
      advice: [...lookAtInstances(config, seen.look, keys), ...goOnOrBack()],
    });
  switch (outcome.kind) {
    case 'start-timeout': {
      const limit = formatDuration(config.walk.startTimeoutMs);
      const what = `${instances(outcome.instances)} had not started after ${limit} (walk.start-timeout)`;
      return error('instance-start-timeout', what, outcome.instances);
    }
    case 'stuck':
      return error(
        'update-stuck',
        `is stuck: ${outcome.why}; ${outcome.stuck.words}`,
        outcome.stuck.instances,
      );
    case 'bad': {
      const keys = outcome.instances.map(({ key }) => key);
      return error('update-failed', `did not become healthy: ${outcome.why}`, keys, outcome.cause);
    }
    case 'cut-off':
      return outcome.error;
  }
}
