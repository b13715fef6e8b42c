// The input `phase`: one phase or several, in an order that makes sense in one run.
import { didYouMean } from '../config/near-miss.ts';
import { PHASES, type Phase } from '../engine/report.ts';

/** The phases of an upgrade, each of which continues where the one before ends. */
const UPGRADE_ORDER: readonly Phase[] = ['prepare', 'upgrade', 'switch', 'cleanup'];
/** Phases that only look. They may come first, so that the log of a run begins with them. */
const LOOKING: readonly Phase[] = ['status', 'plan'];

export type ParsedPhases =
  | { readonly kind: 'phases'; readonly phases: readonly Phase[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** @param text phases separated by commas, blanks or line ends. */
export function parsePhases(text: string): ParsedPhases {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return { kind: 'problems', problems: [`give one of ${PHASES.join(', ')}`] };
  const phases = words.filter((word): word is Phase => PHASES.some((phase) => phase === word));
  const problems = [
    ...words.filter((word) => !PHASES.some((phase) => phase === word)).map(unknownPhase),
    ...[...new Set(phases.filter((phase, index) => phases.indexOf(phase) !== index))].map(
      (phase) => `"${phase}" is given twice`,
    ),
  ];
  if (problems.length === 0) problems.push(...orderProblems(phases));
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'phases', phases };
}

function unknownPhase(word: string): string {
  return `"${word}" is not a phase; they are ${PHASES.join(', ')}.${didYouMean(word, PHASES)}`;
}

function orderProblems(phases: readonly Phase[]): string[] {
  const doing = phases.filter((phase) => !LOOKING.includes(phase));
  if (doing.includes('rollback') && doing.length > 1) {
    const others = doing.filter((phase) => phase !== 'rollback').join(' and ');
    return [`"rollback" goes back, so it cannot share a run with ${others}`];
  }
  const ordered = PHASES.filter((phase) => phases.includes(phase));
  if (ordered.some((phase, index) => phases[index] !== phase)) {
    return [`the order is "${ordered.join(', ')}", not "${phases.join(', ')}"`];
  }
  const first = UPGRADE_ORDER.findIndex((phase) => doing.includes(phase));
  const last = UPGRADE_ORDER.findLastIndex((phase) => doing.includes(phase));
  const skipped = UPGRADE_ORDER.slice(first, last + 1).filter((phase) => !doing.includes(phase));
  if (first < 0 || skipped.length === 0) return [];
  return [
    `"${skipped.join(', ')}" is missing in "${phases.join(', ')}": give it too, or use a run for each part`,
  ];
}
