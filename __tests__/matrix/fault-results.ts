// What may become of a run in which a call went wrong: a table, and the rule that reads it.
import type { Result, RunReport } from '../../src/engine/report.ts';
import type { ReasonCode } from '../../src/reasons.ts';
import type { CallKind } from './call-kinds.ts';
import type { CallFault, Nature } from './faults-of-calls.ts';

export interface Disturbed {
  readonly call: CallKind;
  readonly fault: CallFault;
  readonly lasting: boolean;
}

const DONE: readonly Result[] = ['succeeded', 'nothing-to-do'];
/** Told, with users able to write, or read-only in so many words. */
const STOPPED: readonly Result[] = ['refused', 'rolled-back', 'held'];

type Once = Readonly<Record<Nature, readonly Result[]>>;

const RIDDEN_OUT: Once = { passes: DONE, unknown: DONE, refused: [...DONE, ...STOPPED] };

/** Of a fault that comes once. What is ridden out ends as if nothing had been. */
const ONCE: Readonly<Record<CallKind, Once>> = {
  'arm-read': RIDDEN_OUT,
  'arm-write': RIDDEN_OUT,
  'arm-operation': RIDDEN_OUT,
  // Not sent again unless Azure has refused it: one that comes late, and one more, would leave users where they were.
  'arm-swap': { ...RIDDEN_OUT, unknown: [...DONE, 'rolled-back'] },
  entra: RIDDEN_OUT,
  'entra-discovery': RIDDEN_OUT,
  oidc: RIDDEN_OUT,
  'sql-login': RIDDEN_OUT,
  'sql-read': RIDDEN_OUT,
  'sql-write': RIDDEN_OUT,
  'sql-alter': RIDDEN_OUT,
  // A batch is never sent again, whatever it answered: only its author knows what of it has taken effect.
  'sql-script': { passes: ['rolled-back'], unknown: ['rolled-back'], refused: ['rolled-back'] },
  // Where its session has gone with the answer nobody can say it any more.
  'sql-script-end': { ...RIDDEN_OUT, unknown: [...DONE, 'rolled-back'] },
};

/** Of one that lasts until the run has ended; what cannot be given back may then be told as that. */
const LASTING: readonly Result[] = [...DONE, ...STOPPED, 'rollback-failed'];

/** A run that stops for a fault says whose it was. */
const REASONS: Readonly<Partial<Record<CallKind, Readonly<Partial<Record<Nature, readonly ReasonCode[]>>>>>> =
  {
    'arm-swap': { unknown: ['switch-failed'] },
    entra: { passes: ['azure-error'], refused: ['credentials-refused'] },
    // It judges nobody: whatever it answers, Entra could not be asked.
    'entra-discovery': {
      passes: ['azure-error'],
      unknown: ['azure-error'],
      refused: ['azure-error', 'credentials-refused'],
    },
    oidc: { refused: ['credentials-refused', 'credentials-missing', 'azure-error'] },
    'sql-script': {
      passes: ['script-failed'],
      unknown: ['script-failed', 'script-outcome-unknown'],
      refused: ['script-failed'],
    },
    'sql-script-end': { passes: ['script-failed'], unknown: ['script-failed'], refused: ['script-failed'] },
  };

export function isDone({ result }: RunReport): boolean {
  return DONE.includes(result);
}

/** Sentences on what is not as the table says. */
export function wrongWithResult({ call, fault, lasting }: Disturbed, report: RunReport): string[] {
  const isSlowOnly = fault.fault.kind === 'delay';
  const allowed = isSlowOnly ? DONE : lasting ? LASTING : ONCE[call][fault.nature];
  const told = `${report.result} (${report.reasonCode ?? 'no reason'}): ${report.verdict.headline}`;
  const wrong = allowed.includes(report.result)
    ? []
    : [`result: ${allowed.join(' or ')} expected, was ${told}`];
  if (isDone(report)) return wrong;
  const reasons = fault.reasons ?? REASONS[call]?.[fault.nature];
  if (
    report.reasonCode === 'internal-error' ||
    (reasons && !reasons.some((one) => one === report.reasonCode))
  )
    wrong.push(`reason: ${reasons?.join(' or ') ?? 'one that says what it was'} expected, was ${told}`);
  return wrong;
}
