// The job's log: one group a step, said in the words of design and documents, and one error annotation at most. Steps
// that go on side by side have no groups, which would interleave: each line says which step it is of.
import type { Phase, ReportedError, StepRecord, StepState, Verdict } from '../engine/report.ts';
import { createOpenSteps } from './open-steps.ts';
import type * as runner from './runner-commands.ts';
import { withoutSecrets } from './secret-shapes.ts';
import { withoutCommands } from './workflow-commands.ts';

/** What the log needs of a runner. */
export type LogSink = Pick<typeof runner, 'info' | 'debug' | 'warning' | 'error' | 'startGroup' | 'endGroup'>;

export type StepHeading = Pick<StepRecord, 'id' | 'title' | 'article'>;

export interface RunLog {
  phaseStarted(phase: Phase): void;
  /** Opens the step's group, where it is the only one that is open. */
  stepStarted(step: StepHeading): void;
  /** A line of a step: progress of a wait. */
  stepLine(step: Pick<StepHeading, 'id'>, text: string): void;
  /** A line of the run: a message of SQL Server. */
  line(text: string): void;
  /** A group within the step (a line, where several are open), for what a person may want to fold away: the messages of one batch. */
  section(title: string): void;
  sectionEnded(): void;
  /** Closes the step's group and says in one line how it ended. */
  stepEnded(record: StepRecord): void;
  rollbackStarted(why: string): void;
  /** For a guard that could not answer, or something to look at; a warning annotation. */
  warning(text: string): void;
  /** Shown where the job runs with debug logging. */
  debug(text: string): void;
  /** The last lines: what happened, what to do. With an error, the run's one error annotation. */
  runEnded(verdict: Verdict, error: ReportedError | null): void;
}

/** The runner cuts annotations at 4096 characters. */
const LONGEST_ANNOTATION = 4000;

const MARKS: Readonly<Record<StepState, string>> = {
  done: '✓',
  'already-done': '=',
  failed: '✗',
  refused: '-',
  skipped: '=',
  kept: '-',
  undone: '↶',
  'undo-failed': '✗',
  'not-reached': '·',
};

const ENDINGS: Readonly<Record<StepState, string>> = {
  done: 'done',
  'already-done': 'nothing to do',
  failed: 'FAILED',
  refused: 'refused, nothing was touched',
  skipped: 'nothing to undo',
  kept: 'kept',
  undone: 'done',
  'undo-failed': 'FAILED',
  'not-reached': 'not reached',
};

export function createRunLog(sink: LogSink): RunLog {
  const plain = (text: string) => withoutCommands(withoutSecrets(text));
  const say = (text: string) => sink.info(plain(text));
  const steps = createOpenSteps();
  // The runner's groups do not nest: an open one is closed before another begins.
  let groupIsOpen = false;
  const closeGroup = () => {
    if (groupIsOpen) sink.endGroup();
    groupIsOpen = false;
  };
  const openGroup = (title: string) => {
    closeGroup();
    sink.startGroup(plain(title));
    groupIsOpen = true;
  };
  const outside = (text: string) => {
    closeGroup();
    say(text);
  };
  // Steps that are done side by side begin in one go; only after that is it known whether one is alone.
  const tellBegun = () => {
    for (const begun of steps.untold()) {
      if (steps.areSeveral) outside(`${begun}: begun`);
      else openGroup(begun);
    }
  };
  const afterSteps = () => {
    tellBegun();
    steps.forget();
    closeGroup();
  };
  return {
    phaseStarted: (phase) => {
      afterSteps();
      say(`Phase ${phase}`);
    },
    stepStarted: (step) => {
      steps.begin(step.id, heading(step));
      queueMicrotask(tellBegun);
    },
    stepLine: ({ id }, text) => {
      tellBegun();
      say(steps.attributed(id, text));
    },
    line: (text) => {
      tellBegun();
      say(text);
    },
    section: (title) => {
      tellBegun();
      if (steps.areSeveral) say(title);
      else openGroup(title);
    },
    sectionEnded: () => closeGroup(),
    stepEnded: (record) => {
      tellBegun();
      for (const evidence of record.evidence) say(steps.attributed(record.id, evidence));
      steps.end(record.id);
      outside(ending(record));
    },
    rollbackStarted: (why) => {
      afterSteps();
      say(`Rollback, because ${why}`);
    },
    warning: (text) => {
      tellBegun();
      sink.warning(plain(text));
    },
    debug: (text) => sink.debug(plain(text)),
    runEnded: (verdict, error) => {
      afterSteps();
      if (error !== null)
        sink.error(plain(annotation(error)), { title: plain(`${verdict.headline} (${error.reason})`) });
      else say(verdict.headline);
      // What the annotation says is said.
      const untold = verdict.next.filter((next) => !error?.advice.includes(next));
      for (const next of [...untold, ...(verdict.remarks ?? [])]) say(`  ${next}`);
    },
  };
}

function heading({ title, article }: Omit<StepHeading, 'id'>): string {
  return article === null ? title : `${article} ${title}`;
}

function ending(record: StepRecord): string {
  const took = record.seconds === null ? '' : ` in ${record.seconds.toFixed(1)} s`;
  return `${MARKS[record.state]} ${heading(record)}: ${ENDINGS[record.state]}${took}`;
}

function annotation(error: ReportedError): string {
  const text = [error.message, ...error.advice.map((advice) => `→ ${advice}`), ...error.causes].join('\n');
  return text.length <= LONGEST_ANNOTATION ? text : `${text.slice(0, LONGEST_ANNOTATION)} …`;
}
