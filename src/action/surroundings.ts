// What a run is started in. Where that takes away what the run's safety stands on, nothing is begun.
import { UpgradeError } from '../reasons.ts';
import type { Environment } from './input-reader.ts';

/** With "0" Node takes any certificate. It is read at every connection. */
const UNCHECKED = 'NODE_TLS_REJECT_UNAUTHORIZED';

/**
 * Throws 'unsafe-environment' where certificates would not be checked, so that a token or a password could be given to
 * anybody, and where the workflow runs for a pull request with the rights of the repository that it is for.
 */
export function refuseUnsafe(environment: Environment): void {
  if (environment[UNCHECKED] === '0') throw uncheckedCertificates();
  if (environment.GITHUB_EVENT_NAME === 'pull_request_target') throw pullRequestTarget();
}

/** From here on every certificate is checked: production is given back also where somebody has switched that off since. */
export function insistOnCertificates(environment: Record<string, string | undefined>): void {
  delete environment[UNCHECKED];
}

function uncheckedCertificates(): UpgradeError {
  return new UpgradeError(
    'unsafe-environment',
    `${UNCHECKED}=0 in the environment switches off the checking of certificates: tokens and passwords could go to anybody who answers.`,
    {
      advice: [
        `Take ${UNCHECKED} out of the environment of the job and of the runner.`,
        'Behind a proxy that has certificates of its own, name its authority: NODE_EXTRA_CA_CERTS with the path of a PEM file.',
      ],
    },
  );
}

function pullRequestTarget(): UpgradeError {
  return new UpgradeError(
    'unsafe-environment',
    'The workflow was started by pull_request_target: it has the rights of this repository, for what somebody from anywhere proposes.',
    {
      advice: [
        'Start upgrades by workflow_dispatch, by a push to a protected branch or by a release, in a job with an environment.',
        'To look at a proposal use the event pull_request: a fork gets neither secrets nor an identity there.',
      ],
    },
  );
}
