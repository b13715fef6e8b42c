// Worker processes, each with several jobs at a time. One that dies takes its jobs with it, and is replaced; those that had
// nothing to do with it are begun anew.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Route } from './enumerate.ts';
import type { Answer, Job, JobResult, Request } from './jobs.ts';
import type { Point } from './recording.ts';

export interface Pool {
  /** Waits for a place, and for the job. Never rejects: what breaks is told as broken. */
  run(job: Job): Promise<JobResult>;
  /** Tells every worker, those to come as well. */
  learn(route: Route, recording: readonly Point[]): void;
  close(): void;
}

export interface PoolOptions {
  readonly workers: number;
  /** Jobs at a time in each. */
  readonly atOnce: number;
  /** A job that takes longer is broken, and its worker is ended. */
  readonly longestMs: number;
  /** What a worker runs; worker.ts where absent. */
  readonly program?: string;
}

/** What became of one try: `bystander`: its worker was ended for another job's sake. */
type Try = JobResult | { readonly kind: 'bystander' };

interface Worker {
  readonly process: ChildProcess;
  readonly jobs: Map<number, (result: Try) => void>;
  /** The job that took too long. */
  stuck: number | null;
}

const PROGRAM = fileURLToPath(new URL('worker.ts', import.meta.url));

export function openPool({ workers: count, atOnce, longestMs, program = PROGRAM }: PoolOptions): Pool {
  const lessons: Request[] = [];
  const waiting: (() => void)[] = [];
  let workers: Worker[] = [];
  let number = 0;
  let closed = false;

  const start = () => {
    const process = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    const worker: Worker = { process, jobs: new Map(), stuck: null };
    for (const lesson of lessons) process.send(lesson);
    process.on('message', ({ number, result }: Answer) => end(worker, number, result));
    process.once('exit', (code, signal) => {
      workers = workers.filter((other) => other !== worker);
      for (const job of [...worker.jobs.keys()]) {
        const isBystander = worker.stuck !== null && worker.stuck !== job;
        const why = worker.stuck === job ? 'it took too long' : `its process ended (${signal ?? code})`;
        end(worker, job, isBystander ? { kind: 'bystander' } : { kind: 'broken', why });
      }
      if (!closed) start();
    });
    workers.push(worker);
    for (let place = 0; place < atOnce; place++) waiting.shift()?.();
  };
  const end = (worker: Worker, number: number, result: Try) => {
    worker.jobs.get(number)?.(result);
    worker.jobs.delete(number);
    waiting.shift()?.();
  };
  const freeWorker = () =>
    workers.filter(({ jobs }) => jobs.size < atOnce).sort((a, b) => a.jobs.size - b.jobs.size)[0];
  for (let index = 0; index < count; index++) start();

  const tryOnce = async (job: Job): Promise<Try> => {
    let worker = freeWorker();
    while (!worker) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      worker = freeWorker();
    }
    const own = ++number;
    const busy = worker;
    return new Promise<Try>((resolve) => {
      const timer = setTimeout(() => {
        busy.stuck ??= own;
        busy.process.kill('SIGKILL');
      }, longestMs);
      busy.jobs.set(own, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      busy.process.send({ number: own, job } satisfies Request);
    });
  };

  return {
    run: async (job) => {
      for (;;) {
        const result = await tryOnce(job);
        if (result.kind !== 'bystander') return result;
      }
    },
    learn: (route, recording) => {
      const lesson: Request = { learn: route, recording };
      lessons.push(lesson);
      for (const { process } of workers) process.send(lesson);
    },
    close: () => {
      closed = true;
      for (const { process } of workers) process.disconnect();
    },
  };
}
