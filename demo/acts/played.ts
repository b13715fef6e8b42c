import type { RunReport } from '../../src/engine/report.ts';
import type { Act } from '../story.ts';

/** What became of an act. */
export interface Played {
  readonly act: Act;
  /** Null where the action was not run. */
  readonly report: RunReport | null;
  /** Markdown: the job summary, or what else is to be told. */
  readonly summary: string;
  /** How it differs from the story; empty where it is as expected. */
  readonly problems: readonly string[];
}
