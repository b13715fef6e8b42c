// How guards answer, and how the answers for several databases or resources become one.
import type { Observation } from '../application/observe.ts';
import type { DatabasePair, UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Verdict } from './guard.ts';

type Failure = Extract<Verdict, { kind: 'fail' }>;
type Open = Extract<Verdict, { kind: 'not-knowable' }>;

export const pass = (evidence: string): Verdict => ({ kind: 'pass', evidence });

/** `advice`: only where somebody should look before the phase is begun. */
export const notKnowable = (evidence: string, advice?: string): Verdict => ({
  kind: 'not-knowable',
  evidence,
  ...(advice ? { advice } : {}),
});

/** `advice`: a sentence, then the commands that do it, each a line of its own. */
export const fail = (reason: ReasonCode, evidence: string, ...advice: string[]): Verdict => ({
  kind: 'fail',
  reason,
  evidence,
  advice: advice.join('\n'),
});

/** Fails where one fails, telling all that do; knows nothing where one is not knowable; passes where all pass. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  const failures = verdicts.filter((verdict): verdict is Failure => verdict.kind === 'fail');
  const [first] = failures;
  if (first) {
    const advice = unique(failures.flatMap((failure) => failure.advice.split('\n')));
    return fail(first.reason, evidenceOf(failures), ...advice);
  }
  const open = verdicts.filter((verdict): verdict is Open => verdict.kind === 'not-knowable');
  if (open.length === 0) return pass(evidenceOf(verdicts));
  return notKnowable(evidenceOf(open), unique(open.map(({ advice }) => advice ?? '')).join('\n'));
}

/** Asks for every database by itself, so that one that cannot be asked does not hide another one's failure. */
export async function perDatabase(
  context: UpgradeContext,
  observed: Observation,
  check: (pair: DatabasePair, seen: Observation['databases'][number]) => Promise<Verdict> | Verdict,
): Promise<Verdict> {
  const verdicts = await Promise.all(
    observed.databases.map(async (seen) => {
      const pair = context.databases.find((one) => one.name === seen.name);
      if (!pair) return notKnowable(`${seen.name} is not a database of this application`);
      try {
        return await check(pair, seen);
      } catch (error) {
        return notKnowable(`${seen.name}: ${messageOf(error)}`);
      }
    }),
  );
  return allOf(verdicts);
}

function evidenceOf(verdicts: readonly Verdict[]): string {
  return unique(verdicts.map((verdict) => verdict.evidence)).join('; ');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
