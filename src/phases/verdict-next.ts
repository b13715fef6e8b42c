// What to do next, the most urgent first: what serves users, then what keeps them from writing, then what went wrong.
import type { EndpointView, UpgradeState } from '../engine/report.ts';
import { isLost, isUnread, serving, tellingAccess, type VerdictFacts } from './verdict-facts.ts';

/** Sentences, some with commands in the lines after them. */
export function whatNext(facts: VerdictFacts): string[] {
  const next = [
    ...(facts.error?.advice ?? []),
    ...facts.also.flatMap((error) => [error.message, ...error.advice]),
    ...[...facts.failing, ...facts.toLookAt].map(({ advice }) => advice).filter((advice) => advice !== ''),
  ];
  const now = isUnread(facts) ? [urgent(facts), facts.canServe] : [facts.canServe, urgent(facts)];
  return [...new Set([...now.flat(), ...next, ...(toldOfSentBack(facts) ?? usual(facts))])];
}

/** In place of what is usual in that state: a rollback by itself would leave behind what users wrote to V2. */
function toldOfSentBack({ error, sentBack }: VerdictFacts): readonly string[] | null {
  if (!sentBack) return null;
  return error?.message === sentBack.message ? sentBack.advice : [sentBack.message, ...sentBack.advice];
}

/** A failed way back, or a run that left production frozen: the command first. */
function urgent(facts: VerdictFacts): string[] {
  const frozen = isFrozen(facts);
  // The server that would be asked does not answer: first it is decided what serves.
  if (isLost(facts)) return ['When the lost region answers again: run phase rollback.'];
  if (facts.result === 'rollback-failed') {
    return [...byHand('Give production back now, by hand:', facts), 'Or run phase rollback: it tries again.'];
  }
  if (facts.result === 'held' && frozen && facts.state !== 'switched') {
    // Whoever has frozen it gives it back; and who has failed it over has not done so on this tool's purpose.
    if (facts.error?.reason === 'production-frozen-elsewhere') return [];
    // Its own advice tells what a rollback costs, and when; or that another run is to be looked at first.
    if (facts.error?.reason === 'switch-outcome-unknown') return [];
    if (facts.error?.reason === 'overtaken-by-another-run') return [];
    if (facts.error?.reason === 'region-mismatch')
      return [
        ...byHand('Production is read-only. Give it back by hand:', facts),
        'Phase rollback gives back what this tool has frozen.',
      ];
    return [
      'Production is read-only on purpose. Run phase rollback to give it back.',
      ...byHand('Or give it back by hand:', facts),
    ];
  }
  return [];
}

/** Known to be read-only; or this run saw it so, and now it does not answer. A region that is lost says neither, nor what is gone. */
function isFrozen({ after, readOnlySeconds }: VerdictFacts): boolean {
  const production = serving(after);
  if (!production) return false;
  const access = tellingAccess(production.databases);
  return access === 'read-only' || (access === 'unreachable' && readOnlySeconds !== null);
}

/** A sentence with the commands in the lines after it, which the summary shows ready to be copied. */
function byHand(sentence: string, { unfreezeCommands, error }: VerdictFacts): string[] {
  // By hand it would be given back to users who may be moved away yet, or taken from whoever froze it.
  const forbidden =
    error?.reason === 'switch-outcome-unknown' || error?.reason === 'production-frozen-elsewhere';
  return forbidden || unfreezeCommands.length === 0 ? [] : [[sentence, ...unfreezeCommands].join('\n')];
}

/** SLOT: the stage slot's name. */
const USUAL: Readonly<Partial<Record<UpgradeState, string>>> = {
  'not-prepared':
    'For the next upgrade: deploy it to the stage slot, then run phase prepare; users are not affected.',
  seeding: 'Run phase prepare again: it waits until the stage database has caught up.',
  prepared:
    'Run phase upgrade, or upgrade and switch in one run so that nobody has to approve while users cannot write.',
  frozen: 'If no run is at work on it: run phase rollback, production was left read-only.',
  upgraded:
    'If no run is at work on it: run phase switch to move users to V2, or rollback to give V1 back. Users cannot write until then, and max-read-only does not count between runs.',
  switched:
    'When V2 has proven itself, run phase cleanup with the input confirm: "remove SLOT"; V1 and its data are paid for until then.',
  unknown: 'Not everything could be read: as soon as Azure answers again run phase status.',
  compromised:
    'Look into the stage database; then remove it before the next prepare: rollback with rollback.stage: remove in the configuration (and confirm: "remove SLOT" where it holds what users wrote).',
};

function usual(facts: VerdictFacts): string[] {
  if (facts.result === 'refused' || facts.result === 'rollback-failed') return [];
  // V1 has what V2 has not: nobody is sent to cleanup.
  if (facts.state === 'switched' && facts.error?.reason === 'production-frozen-elsewhere') return [];
  if (facts.failing.length > 0) return []; // of a plan: what it looked at would be refused
  if (facts.result === 'succeeded' && facts.phases.at(-1) === 'cleanup') return ['The upgrade is finished.'];
  const text = prepareAgain(facts) ?? USUAL[facts.state];
  return text ? [text.replaceAll('SLOT', () => stageSlot(facts.after))] : [];
}

/** Which slot would be removed, for the word that stands for it. */
function stageSlot(after: readonly EndpointView[]): string {
  return after.find(({ role }) => role === 'stage')?.slot ?? 'SLOT';
}

/** Where the databases are prepared and something else is not: phase upgrade would be refused. */
function prepareAgain({ result, phases, state, after }: VerdictFacts): string | null {
  const isAhead = state === 'prepared' || state === 'not-prepared';
  if (isAhead && result === 'held' && phases.includes('prepare'))
    return 'Mend that, then run phase prepare again: what is done is not done twice.';
  if (state === 'prepared' && lacksStageEndpoint(after))
    return 'Run phase prepare again: the profile has no stage endpoint.';
  return null;
}

/** Where slots are swapped there is no profile, and production has no endpoint either. */
function lacksStageEndpoint(after: readonly EndpointView[]): boolean {
  const isThere = after.filter(({ status }) => status === 'Enabled' || status === 'Disabled');
  return after.some(
    ({ role, standby, status }) =>
      role === 'stage' &&
      status === 'absent' &&
      isThere.some((other) => other.role === 'production' && other.standby === standby),
  );
}
