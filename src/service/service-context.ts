// What every step and guard of topology upgrade-domains gets: the service, its configuration, and what this run is.
import type { Azure } from '../azure/ports.ts';
import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import type { ServiceHistory } from './history.ts';
import type { ServiceTarget } from './target.ts';

/** Which domains a run walks: all that are left (null), the next one, or this one. */
export type DomainChoice = null | 'next' | number;

export interface ServiceLog {
  line(text: string): void;
  warning(text: string): void;
  group(title: string): void;
  endGroup(): void;
}

export interface ServiceContext {
  readonly config: ServiceConfig;
  readonly azure: Azure;
  readonly target: ServiceTarget;
  readonly clock: Clock;
  readonly log: ServiceLog;
  /** For a new update; one that goes on keeps the id of its record. */
  readonly newUpdateId: string;
  readonly runUrl: string | null;
  /** The same for every attempt of this run, and its post step. */
  readonly runId: string;
  /** Text of the `confirm` input. */
  readonly confirm: string;
  readonly domain: DomainChoice;
  /** When the runner will end this job, where that is known. */
  readonly jobEndsAt: Date | null;
  /** What this run has seen and walked, for the report. */
  readonly history: ServiceHistory;
}
