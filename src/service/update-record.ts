// What an update of a service has written down in Azure, so that a run that was killed, or the next one in manual mode,
// goes on or back: the model before, what is to be, and what cannot be read from the instances themselves.
import type { ScaleSetExtension } from '../azure/ports/compute.ts';
import type { WalkRecord } from './walk-record.ts';

/** The members of a scale set's model that an update changes, as they are to be written; others are not named. */
export interface ModelPatch {
  readonly image?: string;
  readonly skuName?: string;
  /** Whole: publisher, type, version and public settings. */
  readonly extensions?: Readonly<Record<string, ScaleSetExtension>>;
}

/** Of one role: what its model said before, and what it is to say. */
export interface RoleModels {
  readonly previous: ModelPatch;
  readonly target: ModelPatch;
  /** Targets of updates that this one was written over: instances may run them still. */
  readonly superseded?: readonly ModelPatch[];
}

/** What is switched off while the update lasts, and is given back after it. */
export interface HeldAutomation {
  /** Resource ids of autoscale settings that were enabled. */
  readonly autoscale: readonly string[];
  /** Roles whose automatic repairs were running. */
  readonly repairs: readonly string[];
  /** Roles whose set was not in mode Manual, and the mode it gets back. */
  readonly modes: Readonly<Record<string, 'Automatic' | 'Rolling'>>;
}

export const NOTHING_HELD: HeldAutomation = { autoscale: [], repairs: [], modes: {} };

export interface UpdateRecord {
  readonly format: 1;
  readonly application: string;
  readonly updateId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly runUrl: string | null;
  /** Roles that are updated. */
  readonly roles: readonly string[];
  /** By role, of scale sets; empty of a cloud service. */
  readonly models: Readonly<Record<string, RoleModels>>;
  /** Of a cloud service: digests by which two versions are told apart, since Azure shows no package; null of scale sets. */
  readonly cloud: {
    readonly previous: string;
    readonly target: string;
    /** Which of them was written to the service last. */
    readonly standing: 'previous' | 'target';
  } | null;
  /** As writeDomainMap has it, of roles with virtual domains only; null where there are none. */
  readonly map: string | null;
  /** Domains that were walked: what instances run where they do not tell it themselves. */
  readonly walk: WalkRecord;
  readonly held: HeldAutomation;
  /** Whether the way back was begun: it is gone to its end before anything else, whatever the instances run by then. */
  readonly turnedBack: boolean;
}

/** Who has the service for a run. */
export interface Lease {
  /** For people: the address of the run, or its id. */
  readonly holder: string;
  /** The same for every attempt and for the post step of one run: they may take it over from each other. */
  readonly run: string;
  readonly application: string;
  /** ISO 8601. From then on it binds nobody. */
  readonly until: string;
}
