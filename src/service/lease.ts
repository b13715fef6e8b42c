// Who has the service for a run, and until when: long enough for one domain, and renewed after each.
import type { ServiceContext } from './service-context.ts';
import type { Lease } from './update-record.ts';

/** For the calls of the platform that frame a walk: its own word that it is done, and the next look. */
const SLACK_MS = 5 * 60_000;

/** Of this run, from now on. A holder that died blocks nobody for longer than one domain may take. */
export function leaseOf({ config, clock, runId, runUrl }: ServiceContext): Lease {
  const longest = config.walk.startTimeoutMs + config.health.timeoutMs + SLACK_MS;
  return {
    holder: runUrl ?? runId,
    run: runId,
    application: config.application,
    until: new Date(clock.now() + longest).toISOString(),
  };
}
