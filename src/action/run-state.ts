// What `main` leaves for `post`, through GITHUB_STATE. The runner keeps it even where main was killed; still
// it only says how far main came. How things stand is read from Azure.
import { existsSync } from 'node:fs';
import { RESULTS, type Result } from '../engine/report.ts';
import type { StateName } from './action-io.ts';
import type { Environment } from './input-reader.ts';
import { appendValue, getState } from './runner-commands.ts';

/**
 * `open`: a freeze was about to be sent and no unfreeze or switch is known to have followed; of a service: it was about
 * to be taken for this run, and is not known to have been given back.
 */
export type Window = 'open' | 'closed';

export type RunState =
  /** This process is `main`: nothing was left by an earlier one. */
  { readonly kind: 'main' } | PostState;

export interface PostState {
  readonly kind: 'post';
  /** How main ended; null where it was killed. */
  readonly result: Result | null;
  readonly window: Window;
  /** Path of main's report; null where it wrote none. */
  readonly report: string | null;
}

const STARTED = 'started';

export interface RunStateWriter {
  /** First thing of main: from here on another process with this state is post. */
  mainStarted(): void;
  /** Before the freeze is sent or the service taken, and after the window is known to be closed. */
  window(window: Window): void;
  mainEnded(result: Result, reportPath: string): void;
}

/** Which of the action's two processes this is, and what the first one left. */
export function readRunState(stateOf: (name: string) => string = getState): RunState {
  const read = (name: StateName) => stateOf(name);
  const main = read('main');
  if (main === '') return { kind: 'main' };
  return {
    kind: 'post',
    result: RESULTS.find((result) => result === main) ?? null,
    window: read('window') === 'open' ? 'open' : 'closed',
    report: read('report') || null,
  };
}

/** Without a runner (GITHUB_STATE absent or not a file) nothing is kept: there will be no post step either. */
export function createRunStateWriter(environment: Environment): RunStateWriter {
  const file = environment.GITHUB_STATE;
  const kept = file !== undefined && existsSync(file) ? file : null;
  const save = (name: StateName, value: string) => {
    if (kept !== null) appendValue(kept, name, value);
  };
  return {
    mainStarted: () => save('main', STARTED),
    window: (window) => save('window', window),
    mainEnded: (result, reportPath) => {
      save('report', reportPath);
      save('main', result);
    },
  };
}

/** Whether main left something that post has to see to. */
export function hasLeftWork({ result, window }: PostState, ofService: boolean): boolean {
  if (window === 'closed') return false;
  // Whatever became of the update, a service that main has taken it gives free: where that is not known, it may not be.
  if (ofService) return true;
  // Main told how it ended: it did its own rollback, and there is nothing to mend.
  return result === null || result === 'rollback-failed';
}
