// Every input and output of the action, once. action.yml is held against this by a test, both ways; the
// README's tables come from action.yml.
import { TOPOLOGIES } from '../config/config.ts';
import { PHASES, RESULTS, UPGRADE_STATES } from '../engine/report.ts';

export interface InputSpecification {
  readonly required: boolean;
  /** As in action.yml; null where it has none. */
  readonly default: string | null;
  /** The closed list of values, each mentioned in the description; null where the value is free. */
  readonly literals: readonly string[] | null;
  /** Environment variables that stand in where the input is empty, as the Azure SDKs name them. */
  readonly environment: string | null;
}

export interface OutputSpecification {
  readonly literals: readonly string[] | null;
}

export const ON_FAILURE = ['rollback', 'hold'] as const;

export const INPUTS = {
  phase: { required: true, default: null, literals: PHASES, environment: null },
  topology: { required: false, default: 'single-region', literals: TOPOLOGIES, environment: null },
  config: { required: false, default: '.github/rolling-upgrade.yml', literals: null, environment: null },
  'azure-environment': { required: false, default: 'AzureCloud', literals: null, environment: null },
  'tenant-id': { required: false, default: null, literals: null, environment: 'AZURE_TENANT_ID' },
  'client-id': { required: false, default: null, literals: null, environment: 'AZURE_CLIENT_ID' },
  'subscription-id': { required: false, default: null, literals: null, environment: 'AZURE_SUBSCRIPTION_ID' },
  domain: { required: false, default: null, literals: null, environment: null },
  'on-failure': { required: false, default: 'rollback', literals: ON_FAILURE, environment: null },
  confirm: { required: false, default: null, literals: null, environment: null },
  'github-token': { required: false, default: '${' + '{ github.token }}', literals: null, environment: null },
} as const satisfies Record<string, InputSpecification>;

export const OUTPUTS = {
  result: { literals: RESULTS },
  'reason-code': { literals: null },
  state: { literals: UPGRADE_STATES },
  'production-slot': { literals: null },
  endpoints: { literals: null },
  'read-only-seconds': { literals: null },
  domains: { literals: null },
  locked: { literals: ['true', 'false'] },
  'rollback-allowed': { literals: ['true', 'false'] },
  report: { literals: null },
} as const satisfies Record<string, OutputSpecification>;

/** What the post step is told, through GITHUB_STATE. */
export const STATES = ['main', 'window', 'report'] as const;

export type InputName = keyof typeof INPUTS;
export type OutputName = keyof typeof OUTPUTS;
export type StateName = (typeof STATES)[number];
