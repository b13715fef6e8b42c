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
            title: doing === 'undo' && step.undo ? step.undo.what : step.title,
            article: doing === 'undo' ? null : step.article,
            phase: step.phase,
            state,
            startedAt: new Date(startedAt).toISOString(),
            seconds: (clock.now() - startedAt) / 1000,
            evidence,
          };
          (doing === 'apply' ? steps : rollback).push(record);
          listener.ended(step, record);
        },
      };
    },
  };
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
