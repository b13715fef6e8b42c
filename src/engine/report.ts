// What a run leaves behind: one document from which the summary, the outputs, the log's last lines and
// the demo are drawn. Published as JSON (output `report`), so a change of shape is a new schema version.
import type { ReasonCode } from '../reasons.ts';
import type { ServiceReport } from './service-report.ts';

export const PHASES = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup', 'rollback'] as const;
export type Phase = (typeof PHASES)[number];

export const RESULTS = [
  'succeeded',
  'nothing-to-do',
  'rolled-back',
  'rollback-failed',
  'held',
  'refused',
] as const;
export type Result = (typeof RESULTS)[number];

/** Where the upgrade of an application in two slots stands, as read from Azure. */
export const SLOT_STATES = [
  'not-prepared', // no stage database
  'seeding', // the stage database is being copied
  'prepared', // linked and caught up; production writable
  'frozen', // production read-only, the upgrade not complete
  'upgraded', // production read-only, stage upgraded, users still on production
  'switched', // users on the stage slot; V1 still there
  'compromised', // stage cut off and not usable; production writable
  'unknown',
] as const;
export type SlotState = (typeof SLOT_STATES)[number];

/** Where the update of a service with update domains stands. */
export const SERVICE_STATES = [
  'not-prepared', // no update is written down
  'prepared', // one is, and no instance has it
  'in-progress', // at least one instance is updated, and at least one is not
  'going-back', // the way back was begun and has not come to its end, whatever the instances run by now
  'updated', // every instance runs the new version
  'upgraded', // with a swap: the other service runs the new version, users are not on it yet
  'switched', // with a swap: users are on it
  'unknown',
] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

export const UPGRADE_STATES = [...new Set([...SLOT_STATES, ...SERVICE_STATES])];
export type UpgradeState = SlotState | ServiceState;

export interface DatabaseView {
  readonly name: string;
  readonly server: string;
  readonly access: 'read-write' | 'read-only' | 'absent' | 'unreachable';
  /** Geo-replication, e.g. "secondary of contoso-sql-blue, CATCH_UP"; null where there is no link. */
  readonly replication: string | null;
}

export interface EndpointView {
  readonly endpoint: string;
  readonly slot: string;
  readonly role: 'production' | 'stage';
  /** Whether this is the slot's part in the backup region. */
  readonly standby: boolean;
  readonly region: string | null;
  readonly site: string;
  /** `absent`: it is not in the profile. `unknown`: Traffic Manager did not answer. */
  readonly status: 'Enabled' | 'Disabled' | 'absent' | 'unknown';
  readonly monitorStatus: string | null;
  readonly priority: number | null;
  readonly databases: readonly DatabaseView[];
  /** The version that answered at the site's own address; null where nobody answered. */
  readonly version: string | null;
}

export type StepState =
  | 'done'
  | 'already-done'
  | 'failed'
  /** Asked for wrongly: it was not begun. */
  | 'refused'
  /** Of an undo: nothing was there to be undone. */
  | 'skipped'
  /** Of an undo: what it would remove was there, and stays. */
  | 'kept'
  | 'undone'
  | 'undo-failed'
  | 'not-reached';

export interface StepRecord {
  readonly id: string;
  readonly title: string;
  /** The article's number, e.g. "(3)"; null for the product's own steps. */
  readonly article: string | null;
  readonly phase: Phase;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly seconds: number | null;
  /** What was seen that proves the state, in a sentence or two. */
  readonly evidence: readonly string[];
  /** Of a step that does nothing but wait: for what. */
  readonly waitsFor?: string;
}

/** Something that took its time in a run. Times are ISO 8601. */
export interface TimelineSpan {
  /** "Freeze production", "contoso: batch 2 of 3, upgrade.sql:14". */
  readonly what: string;
  /**
   * A step; one that only waits; one that takes a step back; a part of the step before it, e.g. a batch of the script;
   * or what lies between steps: looks at Azure, guards.
   */
  readonly kind: 'step' | 'wait' | 'undo' | 'part' | 'between';
  /** Null for what comes after the last phase. */
  readonly phase: Phase | null;
  readonly from: string;
  readonly to: string;
  /** How much of it users could only read. */
  readonly readOnlySeconds: number;
  /** What had to end, or to happen, for it to begin or to end: the span before it, or something in Azure. */
  readonly waitedFor: string | null;
}

export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  readonly article: string | null;
  readonly phase: Phase;
  readonly state: 'done' | 'to-do' | 'blocked' | 'later';
  readonly changes: string;
  /** How it is taken back; null where it cannot be. */
  readonly undo: string | null;
  readonly pointOfNoReturn: boolean;
  readonly evidence: readonly string[];
}

export interface GuardRecord {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'pass' | 'fail' | 'not-knowable';
  readonly reason: ReasonCode | null;
  readonly evidence: string;
  /** What can be done about it; empty where it passed, and mostly where it is not knowable. */
  readonly advice: string;
}

/** One of the article's four factors, answered with numbers. */
export interface Factor {
  readonly factor: 'availability' | 'rollback' | 'catastrophe' | 'cost';
  readonly answer: string;
  readonly details: readonly string[];
}

export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly guards: readonly GuardRecord[];
  readonly factors: readonly Factor[];
  /** What exists twice while the upgrade lasts: resource, SKU, since when. */
  readonly twice: readonly { readonly resource: string; readonly sku: string; readonly since: string }[];
}

export interface ReadOnlyWindow {
  readonly from: string;
  /** Null while users still cannot write. */
  readonly to: string | null;
  readonly seconds: number;
  /** Where the time went, in order; adds up to `seconds`, an entry "between runs" included. */
  readonly spentOn: readonly { readonly what: string; readonly seconds: number }[];
}

export interface ReportedError {
  readonly reason: ReasonCode;
  /** What failed. */
  readonly message: string;
  readonly advice: readonly string[];
  /** Everything Azure or SQL Server said, outermost first. */
  readonly causes: readonly string[];
}

/** The first thing a person reads. */
export interface Verdict {
  /** What happened and what it means for users right now, in one line. */
  readonly headline: string;
  /** What to do next, each with its command where there is one. */
  readonly next: readonly string[];
  /** What else is to be known, with nothing to be done about it; absent where there is nothing. */
  readonly remarks?: readonly string[];
}

export interface RunReport {
  readonly schemaVersion: 1;
  readonly product: { readonly name: string; readonly version: string };
  readonly application: string | null;
  readonly topology: string;
  readonly phases: readonly Phase[];
  readonly upgradeId: string | null;
  readonly runUrl: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly result: Result;
  readonly reasonCode: ReasonCode | null;
  readonly verdict: Verdict;
  readonly state: UpgradeState;
  readonly productionSlot: string | null;
  /** The name users open. */
  readonly publicName: string | null;
  readonly before: readonly EndpointView[];
  readonly after: readonly EndpointView[];
  readonly steps: readonly StepRecord[];
  readonly rollback: readonly StepRecord[];
  readonly readOnly: ReadOnlyWindow | null;
  /** What ran when, in the order of beginnings; absent where no step was begun. */
  readonly timeline?: readonly TimelineSpan[];
  readonly plan: Plan | null;
  /** Of topology upgrade-domains; null in the others. */
  readonly service: ServiceReport | null;
  readonly error: ReportedError | null;
}
