import type { UpgradeContext } from '../application/upgrade-context.ts';
import { formatDuration } from '../engine/humane.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/** For what comes before the freeze, and for the way back. Milliseconds. */
const MARGIN_MS = 5 * 60_000;

/** A job that is ended while production is read-only cannot give it back any more. */
export const timeLeft: Guard = {
  id: 'time-left',
  title: 'Job and credentials last longer than the read-only window may',
  phases: ['upgrade'],
  check: async (context) => {
    const expires = await context.azure.credentialExpiresAt();
    return allOf([jobTime(context), credentialTime(context, expires)]);
  },
};

function jobTime(context: UpgradeContext): Verdict {
  const { jobEndsAt } = context;
  if (jobEndsAt === null) {
    return notKnowable('when this job will be ended is not known (the token needs `actions: read` to ask)');
  }
  const left = jobEndsAt.getTime() - context.clock.now();
  if (left >= neededMs(context)) return pass(`the job has ${formatDuration(left)} left`);
  return fail(
    'time-left-too-short',
    `the job is ended in ${formatDuration(left)}; max-read-only and the way back take up to ${formatDuration(neededMs(context))}`,
    `Raise timeout-minutes of the job (at least ${minutes(neededMs(context))} for this step), or lower max-read-only.`,
  );
}

function credentialTime(context: UpgradeContext, expires: Date | null): Verdict {
  if (expires === null) return pass('tokens are minted afresh whenever one is needed');
  const left = expires.getTime() - context.clock.now();
  if (left >= neededMs(context)) return pass(`the credential lasts ${formatDuration(left)}`);
  return fail(
    'time-left-too-short',
    `the credential lapses in ${formatDuration(left)} and cannot be renewed; up to ${formatDuration(neededMs(context))} are needed`,
    'Let the action sign in by itself: inputs tenant-id and client-id, with `permissions: id-token: write`. With the Azure CLI: az login again right before this step.',
  );
}

function neededMs(context: UpgradeContext): number {
  return context.config.maxReadOnlyMs + MARGIN_MS;
}

function minutes(ms: number): number {
  return Math.ceil(ms / 60_000);
}
