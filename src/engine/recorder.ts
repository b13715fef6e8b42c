// Keeps what happened to each step, for the report, and tells whoever listens (the log, the demo).
import type { Clock } from '../clock.ts';
import type { StepRecord, StepState } from './report.ts';
import type { Step } from './step.ts';

export interface StepListener {
  started(step: Step, doing: 'apply' | 'undo'): void;
  progress(step: Step, line: string): void;
  ended(step: Step, record: StepRecord): void;
}

export interface Recorder {
  /** Begins a step and returns how to end it. */
  begin(step: Step, doing: 'apply' | 'undo'): RecordedStep;
  readonly steps: readonly StepRecord[];
  readonly rollback: readonly StepRecord[];
}

export interface RecordedStep {
  progress(line: string): void;
  end(state: StepState, evidence: readonly string[]): void;
}

/** A recorder that also tells `listener`. */
export function createRecorder(clock: Clock, listener: StepListener): Recorder {
  const steps: StepRecord[] = [];
  const rollback: StepRecord[] = [];
  return {
    steps,
    rollback,
    begin: (step, doing) => {
      const startedAt = clock.now();
      listener.started(step, doing);
      return {
        progress: (line) => listener.progress(step, line),
        end: (state, evidence) => {
          const record: StepRecord = {
            id: step.id,
            ...named(step, doing),
            phase: step.phase,
            state,
            startedAt: new Date(startedAt).toISOString(),
            seconds: (clock.now() - startedAt) / 1000,
            evidence,
            ...(doing === 'apply' && step.waitsFor !== undefined && { waitsFor: step.waitsFor }),
          };
          (doing === 'apply' ? steps : rollback).push(record);
          listener.ended(step, record);
        },
      };
    },
  };
}

/** An undo is named by what it does; the article's number may stand in front of it: "(8) Set ... read-write". */
function named(step: Step, doing: 'apply' | 'undo'): Pick<StepRecord, 'title' | 'article'> {
  if (doing === 'apply') return { title: step.title, article: step.article };
  const what = step.undo?.what ?? step.title;
  const [, article = null, title = what] = /^(\(\d+\)) +(.+)$/.exec(what) ?? [];
  return { title, article };
}

/** A step of the phase that was never begun. */
export function notReached(step: Step): StepRecord {
  return {
    id: step.id,
    title: step.title,
    article: step.article,
    phase: step.phase,
    state: 'not-reached',
    startedAt: null,
    seconds: null,
    evidence: [],
  };
}
