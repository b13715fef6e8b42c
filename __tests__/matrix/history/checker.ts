// Judges a history: pure, so that it can be tried on histories that are wrong on purpose.
import type { End, History } from './events.ts';
import { nothingIsLost } from './kept.ts';
import { nothingElse, nothingTwice } from './once.ts';
import { noVersionTakesOverAgain, oneDatabaseTakesItIn } from './one-version.ts';
import { noReadGoesBack } from './reads.ts';
import { evidenceOf, type Rule } from './rule.ts';

const RULES: readonly Rule[] = [
  nothingIsLost,
  nothingTwice,
  nothingElse,
  oneDatabaseTakesItIn,
  noVersionTakesOverAgain,
  noReadGoesBack,
];

/** What is wrong, a sentence each with the law's number first; empty where all holds. */
export function violationsOf(history: History, end: End): string[] {
  const evidence = evidenceOf(history, end);
  return RULES.flatMap((rule) => rule(evidence));
}
