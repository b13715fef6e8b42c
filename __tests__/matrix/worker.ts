// A process that tries cases for main.ts, several at a time: most of a case is waiting.
import { casesOf, found, type Route } from './enumerate.ts';
import type { Answer, Job, JobResult, Request } from './jobs.ts';
import { type Point, record } from './recording.ts';

const recordings = new Map<string, readonly Point[]>();
const nameOf = ({ world, journey }: Route) => `${world}|${journey}`;

process.on('message', (request: Request) => {
  if ('learn' in request) {
    recordings.set(nameOf(request.learn), request.recording);
    return;
  }
  void carryOut(request.job).then((result) => {
    process.send?.({ number: request.number, result } satisfies Answer);
  });
});
// Whoever asked is gone, killed maybe: nobody hears of a case under way, whose servers, users and children would keep this
// process alive for minutes.
process.on('disconnect', () => process.exit(0));

async function carryOut(job: Job): Promise<JobResult> {
  try {
    return job.kind === 'record' ? await recorded(job) : await tried(job);
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function recorded({ route, seed }: Extract<Job, { kind: 'record' }>): Promise<JobResult> {
  const { kind, journey } = found(route);
  return { kind: 'recorded', recording: await record(kind, journey, seed) };
}

async function tried({ planned, seed }: Extract<Job, { kind: 'case' }>): Promise<JobResult> {
  const cases = casesOf(planned.route, recordings.get(nameOf(planned.route)) ?? [], [planned.kind]);
  const one = cases.find(({ id }) => id === planned.id);
  if (!one) throw new Error(`There is no case ${planned.id}.`);
  const begun = performance.now();
  const outcome = await one.run(seed);
  return { kind: 'tried', outcome, seconds: Math.round((performance.now() - begun) / 100) / 10 };
}
