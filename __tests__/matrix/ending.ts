// How a job ended: by itself with a report, by itself without one, or cut off.
import type { RunReport } from '../../src/engine/report.ts';
import type { Acted } from '../acceptance/scenario.ts';

export interface Ending {
  /** Null where nobody wrote one: killed, or a post step that found nothing to do after a killed main. */
  readonly report: RunReport | null;
  /** Whether the last process of the job ended by itself: what it left is what it meant to leave. */
  readonly byItself: boolean;
  /** In a word: "rolled-back", "killed". */
  readonly word: string;
}

export function ending({ run, report }: Acted): Ending {
  const told = (run.post?.outputs.report ?? run.main.outputs.report) !== undefined;
  const last = run.post ?? run.main;
  const byItself = last.signal === null;
  // A post step that was killed after main had told how it ended: what main said may not be so any more.
  const isCurrent = told && byItself;
  const word = isCurrent ? report.result : byItself ? 'nothing said' : 'killed';
  return { report: isCurrent ? report : null, byItself, word };
}
