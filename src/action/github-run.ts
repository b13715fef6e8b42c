// What the runner's environment tells about this run.
import type { Environment } from './input-reader.ts';

/** A job on a GitHub-hosted runner is ended after six hours (documentation: usage limits). */
const HOSTED_LIMIT_MS = 6 * 60 * 60 * 1000;

/** How long GitHub may take to tell: what it is asked for is good to know, not needed. */
const ANSWER_LIMIT_MS = 20_000;

/** Link to the run; null outside GitHub. */
export function runUrl(environment: Environment): string | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return null;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/**
 * When the runner will end this job, as far as GitHub tells: six hours after it started, on a hosted runner. The
 * job's own timeout-minutes is not to be had from the API. Null where it is not knowable; never throws.
 */
export async function jobEndsAt(environment: Environment, token: string | null): Promise<Date | null> {
  const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  const runId = Number(environment.GITHUB_RUN_ID);
  if (!token || !owner || !repo || !runId || environment.RUNNER_ENVIRONMENT !== 'github-hosted') return null;
  try {
    // Loaded by who asks: a run that GitHub gave no token has no use for it.
    const { getOctokit } = await import('@actions/github');
    const { data } = await getOctokit(token).rest.actions.listJobsForWorkflowRun({
      owner,
      repo,
      run_id: runId,
      per_page: 100,
      request: { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) },
    });
    const job = data.jobs.find(
      (one) => one.status === 'in_progress' && one.runner_name === environment.RUNNER_NAME,
    );
    return job?.started_at ? new Date(Date.parse(job.started_at) + HOSTED_LIMIT_MS) : null;
  } catch {
    return null; // without `actions: read` it is not known, and the guard says so
  }
}
