// The inputs of a run, checked: every mistake at once, before anything is asked of Azure.
import { TOPOLOGIES, type Topology } from '../config/config.ts';
import { didYouMean } from '../config/near-miss.ts';
import type { Phase } from '../engine/report.ts';
import { UpgradeError } from '../reasons.ts';
import { INPUTS, type InputName, ON_FAILURE } from './action-io.ts';
import { type Environment, misspeltInput, readInput } from './input-reader.ts';
import { parsePhases } from './phases.ts';

export interface Inputs {
  /** At least one, in order. */
  readonly phases: readonly Phase[];
  readonly topology: Topology;
  /** Path of the configuration file, relative to the workspace. */
  readonly config: string;
  /** A cloud's name or a JSON object, for parseAzureEnvironment. */
  readonly azureEnvironment: string;
  readonly tenantId: string | null;
  readonly clientId: string | null;
  readonly subscriptionId: string;
  /** Of topology upgrade-domains: the one domain that `upgrade` walks; null: as the configuration says. */
  readonly domain: 'next' | number | null;
  readonly onFailure: (typeof ON_FAILURE)[number];
  /** What a dangerous phase needs; the phases know what. */
  readonly confirm: string | null;
  readonly githubToken: string | null;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{3,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const GUID_EXAMPLE = '01234567-89ab-cdef-0123-456789abcdef';

/** Reads and checks all inputs. Throws one UpgradeError 'input-invalid' that names every mistake. */
export function readInputs(environment: Environment): Inputs {
  const problems: string[] = [];
  const complain = (name: InputName, what: string) => problems.push(`${name}: ${what}`);
  const read = (name: InputName) => readInput(name, environment);

  const inputs: Inputs = {
    phases: readPhases(environment, complain),
    topology: oneOf('topology', TOPOLOGIES, read, complain),
    config: read('config') ?? INPUTS.config.default,
    azureEnvironment: read('azure-environment') ?? INPUTS['azure-environment'].default,
    tenantId: matching(
      'tenant-id',
      [GUID, DOMAIN],
      `a GUID or a domain name, e.g. ${GUID_EXAMPLE}`,
      read,
      complain,
    ),
    clientId: matching('client-id', [GUID], `a GUID, e.g. ${GUID_EXAMPLE}`, read, complain),
    subscriptionId: readSubscription(read, complain),
    domain: readDomain(read, complain),
    onFailure: oneOf('on-failure', ON_FAILURE, read, complain),
    confirm: read('confirm'),
    githubToken: read('github-token'),
  };
  if (problems.length === 0) return inputs;
  throw new UpgradeError('input-invalid', message(problems), {
    advice: ['Correct the inputs of the step; nothing was touched in Azure.'],
  });
}

type Read = (name: InputName) => string | null;
type Complain = (name: InputName, what: string) => void;

function readPhases(environment: Environment, complain: Complain): readonly Phase[] {
  const text = readInput('phase', environment);
  if (text === null) {
    const misspelt = misspeltInput('phase', environment);
    const hint = misspelt === null ? '' : `; there is an input "${misspelt}", which does not exist`;
    complain('phase', `is required, one or several of ${INPUTS.phase.literals.join(', ')}${hint}`);
    return [];
  }
  const parsed = parsePhases(text);
  if (parsed.kind === 'phases') return parsed.phases;
  for (const problem of parsed.problems) complain('phase', problem);
  return [];
}

function readSubscription(read: Read, complain: Complain): string {
  const value = matching('subscription-id', [GUID], `a GUID, e.g. ${GUID_EXAMPLE}`, read, complain);
  if (read('subscription-id') === null) {
    complain('subscription-id', 'is required, as input or as AZURE_SUBSCRIPTION_ID in the environment');
  }
  return value ?? '';
}

function readDomain(read: Read, complain: Complain): Inputs['domain'] {
  const value = read('domain');
  if (value === null) return null;
  if (read('topology') !== 'upgrade-domains')
    complain('domain', 'is for topology upgrade-domains, and for no other');
  if (value === 'next') return value;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  complain('domain', `found "${value}"; allowed: next, or the number of a domain, counted from 0`);
  return null;
}

function oneOf<Literal extends string>(
  name: InputName,
  literals: readonly [Literal, ...Literal[]],
  read: Read,
  complain: Complain,
): Literal {
  const value = read(name) ?? literals[0];
  const literal = literals.find((candidate) => candidate === value);
  if (literal === undefined) {
    complain(name, `found "${value}"; allowed: ${literals.join(', ')}.${didYouMean(value, literals)}`);
  }
  return literal ?? literals[0];
}

function matching(
  name: InputName,
  patterns: readonly RegExp[],
  allowed: string,
  read: Read,
  complain: Complain,
): string | null {
  const value = read(name);
  if (value === null || patterns.some((pattern) => pattern.test(value))) return value;
  // Not quoted: what was put into the wrong input may be a secret.
  complain(name, `found ${value.length} characters that are not ${allowed}`);
  return null;
}

function message(problems: readonly string[]): string {
  if (problems.length === 1) return `Wrong input ${problems[0]}`;
  return [`${problems.length} inputs are wrong:`, ...problems.map((problem) => `  ${problem}`)].join('\n');
}
