// A world: an application in the embedded Azure with users at work, and what the laws say of it.
import type { LocalAzure } from '../../local-azure/start.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { Acted, Jobs } from '../acceptance/scenario.ts';

export const WORLDS = [
  'single-region',
  'single-region deny-writes',
  'single-region slot-swap',
  'geo-redundant',
  'geo-redundant deny-writes',
  'geo-redundant slot-swap',
  'scale-sets',
  'cloud-service',
] as const;
export type WorldName = (typeof WORLDS)[number];

export type Inputs = Readonly<Record<string, string>>;

/** A phase that is tried, and how a world comes to where it may begin. */
export interface Journey {
  /** As in ids of cases: "upgrade, switch". */
  readonly name: string;
  /** Runs that lead there, one after another. */
  readonly before: readonly Inputs[];
  readonly inputs: Inputs;
  /** What a person would run to go back from anywhere in it. */
  readonly rollback: Inputs;
  /** What a person would run next to come to its end; null where it is there. Absent: nothing is run next. */
  readonly next?: (at: Standing) => Inputs | null;
  /** Its version breaks: undisturbed, its run goes back by itself and is red. */
  readonly endsRed?: true;
}

/** Where an application stands, as a run told it. */
export type Standing = Pick<RunReport, 'state' | 'productionSlot' | 'service'>;

export interface WorldKind {
  readonly name: WorldName;
  readonly journeys: readonly Journey[];
  /** Started, with users at work; nothing prepared. */
  start(seed: number): Promise<World>;
}

export interface World {
  readonly azure: LocalAzure;
  readonly act: Jobs['act'];
  /**
   * What is wrong now, by the laws of design.md, once the run that is given has ended: who serves, whether users can write,
   * whether what the run said is true. A sentence each, the law's number first.
   */
  violations(last: Acted): Promise<string[]>;
  /** A word for where it stands, one of the named states: "switched". Looks with phase `status`. */
  state(): Promise<string>;
  /** Sends users home and reads all that was noted meanwhile (history, samples): what was wrong at any time. */
  finish(): Promise<string[]>;
  close(): Promise<void>;
}
