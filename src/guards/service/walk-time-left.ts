import { formatDuration } from '../../engine/humane.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { count } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { allOf, fail, notKnowable, pass } from '../verdict.ts';
import type { ServiceGuard } from './service-guard.ts';
import { type WalkEstimate, walkEstimate } from './walk-estimate.ts';

/** For what comes before and after the walk, and for domains that are slower than others. Milliseconds. */
const MARGIN_MS = 5 * 60_000;

/** A walk that is cut off leaves both versions serving until somebody runs the next phase. */
export const walkTimeLeft: ServiceGuard = {
  id: 'time-left',
  title: 'Job and credentials last longer than the walk typically takes',
  phases: ['upgrade'],
  check: async (context, observed) => {
    const estimate = walkEstimate(context, observed);
    const expires = await context.azure.credentialExpiresAt();
    return allOf([jobTime(context, estimate), credentialTime(context, estimate, expires)]);
  },
};

function jobTime({ jobEndsAt, clock }: ServiceContext, estimate: WalkEstimate): Verdict {
  if (jobEndsAt === null)
    return notKnowable('when this job will be ended is not known (the token needs `actions: read` to ask)');
  const left = jobEndsAt.getTime() - clock.now();
  const needed = neededMs(estimate);
  if (left >= needed) return pass(`the job has ${formatDuration(left)} left; ${inWords(estimate)}`);
  return fail(
    'time-left-too-short',
    `the job is ended in ${formatDuration(left)}; ${inWords(estimate)}`,
    `Raise timeout-minutes of the job (at least ${Math.ceil(needed / 60_000)} for this step), or walk one domain a run: \`domain: next\`.`,
  );
}

function credentialTime({ clock }: ServiceContext, estimate: WalkEstimate, expires: Date | null): Verdict {
  if (expires === null) return pass('tokens are minted afresh whenever one is needed');
  const left = expires.getTime() - clock.now();
  if (left >= neededMs(estimate)) return pass(`the credential lasts ${formatDuration(left)}`);
  return fail(
    'time-left-too-short',
    `the credential lapses in ${formatDuration(left)} and cannot be renewed; ${inWords(estimate)}`,
    'Let the action sign in by itself: inputs tenant-id and client-id, with `permissions: id-token: write`. With the Azure CLI: az login again right before this step.',
  );
}

function neededMs({ typicalMs }: WalkEstimate): number {
  return typicalMs + MARGIN_MS;
}

/** "5 domains take about 12 min 30 s, and 3 h 45 min at most". */
function inWords({ domains, typicalMs, longestMs }: WalkEstimate): string {
  const verb = domains === 1 ? 'takes' : 'take';
  return `${count(domains, 'domain')} ${verb} about ${formatDuration(typicalMs)}, and ${formatDuration(longestMs)} at most`;
}
