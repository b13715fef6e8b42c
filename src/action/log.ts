// The job's log: one group a step, said in the words of design and documents, and one error annotation at most.
import type * as core from '@actions/core';
import type { Phase, ReportedError, StepRecord, StepState, Verdict } from '../engine/report.ts';
import { withoutCommands } from './workflow-commands.ts';

/** As much of @actions/core as the log needs. */
export type LogSink = Pick<typeof core, 'info' | 'debug' | 'warning' | 'error' | 'startGroup' | 'endGroup'>;

export type StepHeading = Pick<StepRecord, 'title' | 'article'>;

export interface RunLog {
  phaseStarted(phase: Phase): void;
  /** Opens the step's group. */
  stepStarted(step: StepHeading): void;
  /** A line within the step: progress of a wait, a message of SQL Server. */
  line(text: string): void;
  /** A group within the step, for what a person may want to fold away: the messages of one batch. */
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
  skipped: '-',
  undone: '↶',
  'undo-failed': '✗',
  'not-reached': '·',
};

const ENDINGS: Readonly<Record<StepState, string>> = {
  done: 'done',
  'already-done': 'nothing to do',
  failed: 'FAILED',
  skipped: 'kept',
  undone: 'done',
  'undo-failed': 'FAILED',
  'not-reached': 'not reached',
};

export function createRunLog(sink: LogSink): RunLog {
  const say = (text: string) => sink.info(withoutCommands(text));
  // The runner's groups do not nest: an open one is closed before another begins.
  let groupIsOpen = false;
  const closeGroup = () => {
    if (groupIsOpen) sink.endGroup();
    groupIsOpen = false;
  };
  const openGroup = (title: string) => {
    closeGroup();
    sink.startGroup(title);
    groupIsOpen = true;
  };
  const outside = (text: string) => {
    closeGroup();
    say(text);
  };
  return {
    phaseStarted: (phase) => outside(`Phase ${phase}`),
    stepStarted: (step) => openGroup(heading(step)),
    line: (text) => say(text),
    section: (title) => openGroup(title),
    sectionEnded: () => closeGroup(),
    stepEnded: (record) => {
      for (const evidence of record.evidence) say(evidence);
      outside(ending(record));
    },
    rollbackStarted: (why) => outside(`Rollback, because ${why}`),
    warning: (text) => sink.warning(text),
    debug: (text) => sink.debug(text),
    runEnded: (verdict, error) => {
      closeGroup();
      if (error !== null) sink.error(annotation(error), { title: `${verdict.headline} (${error.reason})` });
      else say(verdict.headline);
      for (const next of verdict.next) say(`  ${next}`);
    },
  };
}

function heading({ title, article }: StepHeading): string {
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
