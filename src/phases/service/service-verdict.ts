// The first line of the summary of a service: what happened, and which version serves users now. Then what to do, with
// the inputs to give.
import type { Phase, Result, ServiceState, Verdict } from '../../engine/report.ts';
import type { ServiceReport } from '../../engine/service-report.ts';
import type { UpgradeError } from '../../reasons.ts';
import { goOnOrBack } from '../../steps/domains/both-versions.ts';
import { onlyLooks } from '../report-parts.ts';
import { firstLine } from '../verdict.ts';
import {
  areBothThere,
  extentWords,
  isNamed,
  lowestWords,
  newVersionOf,
  standingWords,
} from './standing-words.ts';

export interface ServiceVerdictFacts {
  readonly result: Result;
  readonly phases: readonly Phase[];
  readonly state: ServiceState;
  /** As it was found afterwards; null where it could not be read. */
  readonly service: ServiceReport | null;
  readonly error: UpgradeError | null;
  readonly also: readonly UpgradeError[];
  /** Whether any step of this run changed something. */
  readonly changed: boolean;
  /** The last phase that did; where none did, the last one. */
  readonly lastPhase: Phase;
  readonly notes: readonly string[];
  /** Whether one domain is walked a run. */
  readonly isManual: boolean;
  /** Whether a record of the update is there. */
  readonly isWrittenDown: boolean;
  /** Of the two services of a swap, the one that users are on; null in place, and where Azure does not tell. */
  readonly usersOn: string | null;
}

/** Composes headline and next steps from what is known at the end of a run. */
export function serviceVerdict(facts: ServiceVerdictFacts): Verdict {
  return { headline: headline(facts), next: whatNext(facts) };
}

function headline(facts: ServiceVerdictFacts): string {
  const { result, phases, error, changed } = facts;
  const what = phases.join(', ');
  const why = firstSentence(error);
  const now = sentence(nowWords(facts));
  switch (result) {
    case 'succeeded':
      return onlyLooks(phases) ? `Looked, changed nothing. ${now}` : succeeded(facts);
    case 'nothing-to-do':
      return `Nothing to do for ${what}${facts.notes[0] ? `: ${facts.notes[0]}` : ''}. ${now}`;
    case 'rolled-back':
      return `Rolled back: ${why}; ${againWords(facts)}${lowestOf(facts)}.`;
    case 'rollback-failed':
      return phases.includes('rollback')
        ? `THE ROLLBACK FAILED: ${why}. ${now}`
        : `${sentence(what).slice(0, -1)} failed AND THE ROLLBACK FAILED: ${why}. ${now}`;
    case 'held':
      return `Held: ${why}; ${nowWords(facts)}.`;
    case 'refused':
      if (error?.reason === 'cancelled' && !changed) return `Cancelled before anything was changed. ${now}`;
      return `${sentence(what).slice(0, -1)} was refused, ${changed ? 'after what is told below was done' : 'nothing was changed'}: ${why}. ${now}`;
  }
}

function succeeded(facts: ServiceVerdictFacts): string {
  const { lastPhase, state, service, usersOn } = facts;
  const now = nowWords(facts);
  switch (lastPhase) {
    case 'prepare':
      return `Prepared: no instance was touched; ${now}.`;
    case 'rollback':
      return usersOn === null ? `Rolled back: ${againWords(facts)}${lowestOf(facts)}.` : `Went back: ${now}.`;
    case 'switch':
      return `Switched: ${now}.`;
    case 'cleanup':
      return `Cleaned up, the way back is gone: ${now}.`;
    default:
      if (state === 'updated' && service) {
        return `Updated: ${extentWords(service)} run ${newVersionOf(service)}${lowestOf(facts)}.`;
      }
      return `${walkedWords(service)}: ${now}${lowestOf(facts)}.`;
  }
}

/** What follows it in the message was so at the moment of the failure, and may not be so any more. */
function firstSentence(error: UpgradeError | null): string {
  const line = firstLine(error);
  return /^(.+?)\.+\s+(?=[A-Z])/.exec(line)?.[1] ?? line;
}

/** What a run of a walk that is not at its end has done. */
function walkedWords(service: ServiceReport | null): string {
  const walked = service?.walk.filter(({ outcome }) => outcome === 'good').map(({ domain }) => domain) ?? [];
  if (walked.length === 0) return 'Updated';
  return `Updated domain${walked.length > 1 ? 's' : ''} ${walked.join(', ')}`;
}

/** Without capital and full stop. */
function nowWords({ state, service, usersOn }: ServiceVerdictFacts): string {
  if (service === null) return 'what the instances run now could not be read';
  const stands = standingWords(service);
  if (usersOn !== null) {
    const updated = service.roles[0]?.resource ?? 'the service that is updated';
    return usersOn === updated
      ? `users are on ${usersOn}, where ${stands}`
      : `users are on ${usersOn}; on ${updated} ${stands}`;
  }
  if (areBothThere(service)) return `${stands}; users are served by both versions`;
  if (state === 'not-prepared' && !isNamed(service)) return 'no update is in progress';
  return stands;
}

function againWords(facts: ServiceVerdictFacts): string {
  const isBack = facts.state === 'not-prepared' && facts.service !== null && isNamed(facts.service);
  return `${nowWords(facts)}${isBack ? ' again' : ''}`;
}

/** Of the service that users are on: one that they are not on may be down as it likes. */
function lowestOf({ service, usersOn }: ServiceVerdictFacts): string {
  return usersOn === null ? lowestWords(service?.capacity ?? null) : '';
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function whatNext(facts: ServiceVerdictFacts): string[] {
  const { error, also, result, lastPhase } = facts;
  const all = [...(error?.advice ?? []), ...also.flatMap((one) => [one.message, ...one.advice])];
  // Said below with the inputs to give, and only where the update is still in progress.
  const told = all.filter((line) => !goOnOrBack().includes(line));
  // What a refusal advises comes instead of what is usual, and not before it.
  const usual = result === 'refused' && told.length > 0 ? [] : usualNext(facts);
  const finished = result === 'succeeded' && lastPhase === 'cleanup' ? ['The update is finished.'] : [];
  return [...new Set([...told, ...finished, ...usual])];
}

function usualNext({
  state,
  isManual,
  isWrittenDown,
  service,
  lastPhase,
  result,
}: ServiceVerdictFacts): string[] {
  if (result === 'rollback-failed')
    return ['To try the way back again: phase: rollback.', ...whatIsHeld(service)];
  const goOn = isManual ? 'phase: upgrade, domain: next' : 'phase: upgrade';
  switch (state) {
    case 'not-prepared':
      return lastPhase === 'cleanup'
        ? []
        : ['For an update run phase: prepare, upgrade. Or first phase: plan, which says what it would do.'];
    case 'prepared':
      return [`To begin: ${goOn}.`, 'To give it up, with no instance touched: phase: rollback.'];
    case 'in-progress':
      return [
        `To go on: ${goOn}.${isManual ? ' Without domain: every domain that is left, one after the other.' : ''}`,
        'To go back, domain by domain in reverse order: phase: rollback.',
        ...whatIsHeld(service),
      ];
    case 'going-back':
      return ['To finish the way back: phase: rollback.', ...whatIsHeld(service)];
    case 'updated':
      return isWrittenDown
        ? [
            `To finish: ${goOn}. It verifies every instance, and takes the update off the record.`,
            ...whatIsHeld(service),
          ]
        : [
            'To go back from here: configure the version before as the new one, and run phase: prepare, upgrade.',
          ];
    case 'upgraded':
      return [
        'To move users to the new version: phase: switch.',
        'To give it up: phase: rollback; users stay where they are.',
      ];
    case 'switched':
      return [
        'When the new version has proven itself: phase: cleanup; after it there is no way back by a swap.',
        'To move users back: phase: rollback.',
      ];
    case 'unknown':
      return service === null
        ? ['When Azure answers again: phase: status.']
        : ['Which instances differ, and how to bring them to one version: phase: plan.'];
  }
}

function whatIsHeld(service: ServiceReport | null): string[] {
  if (!service || service.held.length === 0) return [];
  return [`Until the update has come to its end these are switched off: ${service.held.join('; ')}.`];
}
