// What the main process asks of a worker, and what it answers. Cases cannot be sent: a worker enumerates them again.
import type { CaseOutcome, Kind } from './case.ts';
import type { Route } from './enumerate.ts';
import type { Point } from './recording.ts';

export type Job =
  | { readonly kind: 'record'; readonly route: Route; readonly seed: number }
  | { readonly kind: 'case'; readonly planned: Planned; readonly seed: number };

/** A case by its names. */
export interface Planned {
  readonly id: string;
  readonly kind: Kind;
  readonly group: string;
  readonly route: Route;
}

export type Request =
  | { readonly number: number; readonly job: Job }
  /** Before the first case of that journey. */
  | { readonly learn: Route; readonly recording: readonly Point[] };

export interface Answer {
  readonly number: number;
  readonly result: JobResult;
}

export type JobResult =
  | { readonly kind: 'recorded'; readonly recording: readonly Point[] }
  | { readonly kind: 'tried'; readonly outcome: CaseOutcome; readonly seconds: number }
  | { readonly kind: 'broken'; readonly why: string };
