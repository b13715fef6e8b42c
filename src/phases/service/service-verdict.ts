// The first line of the summary of a service: what happened, and which version serves users now. Then what to do, with
// the inputs to give.
import type { GuardRecord, Phase, Result, ServiceState, Verdict } from '../../engine/report.ts';
import type { ServiceReport } from '../../engine/service-report.ts';
import type { UpgradeError } from '../../reasons.ts';
import type { Lease } from '../../service/update-record.ts';
import { goOnOrBack } from '../../steps/domains/both-versions.ts';
import { onlyLooks } from '../report-parts.ts';
import { firstSentence, lookedWords, stopped } from '../verdict.ts';
import { type AbsentInstance, absentWords } from './not-in-service.ts';
import {
  areBothThere,
  domainNumbers,
  extentWords,
  isNamed,
  lowestWords,
  newVersionOf,
  standingWords,
  versionToGoBackTo,
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
  /** As the configuration has it. */
  readonly mode: 'automatic' | 'manual';
  /** Whether one domain is walked a run: by that mode, or because this run was asked for one. */
  readonly isOneDomainARun: boolean;
  /** Whether a record of the update is there. */
  readonly isWrittenDown: boolean;
  /** Of the two services of a swap, the one that users are on; null in place, and where Azure does not tell. */
  readonly usersOn: string | null;
  /** Instances that users have nothing of now. */
  readonly absent: readonly AbsentInstance[];
  /** Commands that look at them. */
  readonly lookAt: readonly string[];
  /** The lease of another run, while it binds. */
  readonly otherRun: Lease | null;
  /** Guards of the plan that was asked for which do not pass. */
  readonly failing: readonly GuardRecord[];
}

/** Composes headline and next steps from what is known at the end of a run. */
export function serviceVerdict(facts: ServiceVerdictFacts): Verdict {
  const remarks = remarksOn(facts);
  return { headline: headline(facts), next: whatNext(facts), ...(remarks.length > 0 ? { remarks } : {}) };
}

function headline(facts: ServiceVerdictFacts): string {
  const { result, phases, error, changed } = facts;
  const what = phases.join(', ');
  const why = firstSentence(error);
  const now = sentence(nowWords(facts));
  switch (result) {
    case 'succeeded':
      return onlyLooks(phases) ? `${lookedWords(facts.failing)} ${now}` : succeeded(facts);
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
      if (onlyLooks(phases) && facts.failing.length > 0) return `${lookedWords(facts.failing)} ${now}`;
      if (error?.reason === 'cancelled' && !changed) return `Cancelled before anything was changed. ${now}`;
      return `${sentence(what).slice(0, -1)} was refused, ${changed ? 'after what is told below was done' : 'nothing was changed'}: ${stopped(why)} ${now}`;
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

/** What a run of a walk that is not at its end has done. */
function walkedWords(service: ServiceReport | null): string {
  const walked = service?.walk.filter(({ outcome }) => outcome === 'good') ?? [];
  return walked.length === 0 ? 'Updated' : `Updated ${domainNumbers(walked)}`;
}

/** Without capital and full stop. */
function nowWords(facts: ServiceVerdictFacts): string {
  return [versionsNow(facts), ...absentNow(facts), ...otherRunNow(facts)].join('; ');
}

/** What the error says it does not say again. */
function absentNow({ absent, error }: ServiceVerdictFacts): string[] {
  const message = error?.message ?? '';
  const untold = absent.filter(({ key }) => !message.includes(key));
  return untold.length === 0 ? [] : [absentWords(untold)];
}

function otherRunNow({ otherRun, error }: ServiceVerdictFacts): string[] {
  if (otherRun === null || error?.message.includes(otherRun.holder)) return [];
  return [`another run has the service: ${otherRun.holder}, until ${otherRun.until}`];
}

function versionsNow({ state, service, usersOn, lastPhase }: ServiceVerdictFacts): string {
  if (service === null) return 'what the instances run now could not be read';
  const stands = standingWords(service);
  if (usersOn !== null) {
    const updated = service.roles[0]?.resource ?? 'the service that is updated';
    return usersOn === updated
      ? `users are on ${usersOn}, where ${stands}`
      : `users are on ${usersOn}; on ${updated} ${stands}`;
  }
  if (areBothThere(service)) return `${stands}; users are served by both versions`;
  return state === 'prepared' && lastPhase !== 'prepare' ? `${stands}; ${service.progress}` : stands;
}

function againWords(facts: ServiceVerdictFacts): string {
  const isBack = facts.state === 'not-prepared' && facts.service !== null && isNamed(facts.service);
  const versions = `${versionsNow(facts)}${isBack ? ' again' : ''}`;
  return [versions, ...absentNow(facts), ...otherRunNow(facts)].join('; ');
}

/** Of the service that users are on: one that they are not on may be down as it likes. */
function lowestOf({ service, usersOn }: ServiceVerdictFacts): string {
  return usersOn === null && service !== null ? lowestWords(service) : '';
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function whatNext(facts: ServiceVerdictFacts): string[] {
  const { error, also, result, failing } = facts;
  const guards = failing.map(({ advice }) => advice).filter((advice) => advice !== '');
  const all = [...(error?.advice ?? guards), ...also.flatMap((one) => [one.message, ...one.advice])];
  // Said below with the inputs to give, and only where the update is still in progress.
  const told = all.filter((line) => !goOnOrBack().includes(line));
  // What a refusal advises comes instead of what is usual, and not before it.
  const usual = result === 'refused' && told.length > 0 ? [] : usualNext(facts);
  return [...new Set([...told, ...lookAtAbsent(facts, told), ...usual])];
}

/** The commands, where the error does not have them already. */
function lookAtAbsent({ absent, lookAt, result }: ServiceVerdictFacts, told: readonly string[]): string[] {
  const untold = lookAt.filter((line) => !told.join('\n').includes(line));
  if (untold.length === 0 || result === 'refused') return [];
  const more = absent.length > lookAt.length ? `, the first ${lookAt.length} of ${absent.length}` : '';
  return [[`Look at what is not in service${more}:`, ...untold].join('\n')];
}

function usualNext(facts: ServiceVerdictFacts): string[] {
  const { state, isOneDomainARun, isWrittenDown, service, lastPhase, result, otherRun } = facts;
  if (otherRun !== null) {
    return [
      `Wait until the other run, ${otherRun.holder}, has ended, and look at its summary; then phase: status. It has the service until ${otherRun.until}, unless it renews that.`,
    ];
  }
  if (result === 'rollback-failed') return ['To try the way back again: phase: rollback.'];
  const goOn = isOneDomainARun ? 'phase: upgrade, domain: next' : 'phase: upgrade';
  switch (state) {
    case 'not-prepared':
      return lastPhase === 'cleanup'
        ? []
        : ['For an update run phase: prepare, upgrade. Or first phase: plan, which says what it would do.'];
    case 'prepared':
      return [`To begin: ${goOn}.`, 'To give it up, with no instance touched: phase: rollback.'];
    case 'in-progress':
      return [goOnWords(facts), 'To go back, domain by domain in reverse order: phase: rollback.'];
    case 'going-back':
      return ['To finish the way back: phase: rollback.'];
    case 'updated':
      return isWrittenDown
        ? [`To finish: ${goOn}. It verifies every instance, and takes the update off the record.`]
        : [`To go back from here: ${anewWords(service)}, and run phase: prepare, upgrade.`];
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

/** A run that only looks does not know whether the one before was asked for one domain. */
function goOnWords({ mode, result, isOneDomainARun, phases }: ServiceVerdictFacts): string {
  if (mode === 'manual') {
    return 'To go on: phase: upgrade, domain: next. Without domain too it is the next one only (walk: {mode: manual}).';
  }
  const every = 'every domain that is left, one after the other';
  return result === 'held' && !isOneDomainARun && !onlyLooks(phases)
    ? `To go on: phase: upgrade, which walks ${every}. For the next one only: phase: upgrade, domain: next.`
    : `To go on: phase: upgrade, domain: next. Without domain: ${every}.`;
}

function anewWords(service: ServiceReport | null): string {
  const name = service && versionToGoBackTo(service);
  const which = name ? `${name}, the version before,` : 'the version before';
  return `configure ${which} as the new one`;
}

/** What is to be known, and nothing to be done. */
function remarksOn({ result, lastPhase, service }: ServiceVerdictFacts): string[] {
  const finished = result === 'succeeded' && lastPhase === 'cleanup' ? ['The update is finished.'] : [];
  return [...finished, ...whatIsHeld(service)];
}

function whatIsHeld(service: ServiceReport | null): string[] {
  if (!service || service.held.length === 0) return [];
  return [`Until the update has come to its end these are switched off: ${service.held.join('; ')}.`];
}
