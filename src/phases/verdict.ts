// The first line of the summary: what happened, and what it means for users right now. Then what to do.

import { formatDuration } from '../engine/humane.ts';
import type {
  DatabaseView,
  EndpointView,
  GuardRecord,
  Phase,
  Result,
  UpgradeState,
  Verdict,
} from '../engine/report.ts';
import type { UpgradeError } from '../reasons.ts';

export interface VerdictFacts {
  readonly result: Result;
  readonly phases: readonly Phase[];
  readonly state: UpgradeState;
  readonly productionSlot: string | null;
  readonly after: readonly EndpointView[];
  readonly error: UpgradeError | null;
  readonly also: readonly UpgradeError[];
  /** Whether any step of this run changed something. */
  readonly changed: boolean;
  readonly notes: readonly string[];
  readonly readOnlySeconds: number | null;
  /** One command for each database, which gives it back. */
  readonly unfreezeCommands: readonly string[];
  /** Where production is lost: what is left, and how it can be made to serve. */
  readonly canServe: readonly string[];
  /** Where production's databases are in two regions: which is where, in a sentence without its full stop. */
  readonly apart: string | null;
  /** Guards of the plan that was asked for which do not pass. */
  readonly failing: readonly GuardRecord[];
}

/** Composes headline and next steps from what is known at the end of a run. */
export function verdictOf(facts: VerdictFacts): Verdict {
  const parts = [whatHappened(facts), usersNow(facts)];
  // What was tried is of no interest to whoever has just lost a region.
  if (isLost(facts)) parts.reverse();
  return { headline: parts.join(' '), next: whatNext(facts) };
}

function whatHappened({ result, phases, error, notes, changed, failing }: VerdictFacts): string {
  const what = phases.join(', ');
  const why = firstLine(error);
  switch (result) {
    case 'succeeded':
      return phases.every((phase) => phase === 'status' || phase === 'plan')
        ? lookedWords(failing)
        : `${capital(what)} succeeded${notes[0] ? `: ${notes[0]}` : ''}.`;
    case 'nothing-to-do':
      return `Nothing to do for ${what}${notes[0] ? `: ${notes[0]}` : ''}.`;
    case 'rolled-back':
      if (phases.includes('rollback') && error?.reason === 'interrupted') return `${why}.`;
      return `${capital(what)} failed and was rolled back: ${why}.`;
    case 'rollback-failed':
      if (phases.includes('rollback')) return `THE ROLLBACK FAILED: ${why}.`;
      return `${capital(what)} failed AND THE ROLLBACK FAILED: ${why}.`;
    case 'held':
      return `${capital(what)} stopped and was left as it is: ${why}.`;
    case 'refused':
      return stopped(
        `${capital(what)} was refused, ${changed ? 'after what is told below was done' : 'nothing was changed'}: ${why}`,
      );
  }
}

/** What a run says that was only asked to look, with the guards that would let nobody begin. */
export function lookedWords(failing: readonly GuardRecord[]): string {
  const [first] = failing;
  if (first === undefined) return 'Looked, changed nothing.';
  const many = failing.length === 1 ? '1 guard fails' : `${failing.length} guards fail, the first because`;
  const onlyRights = failing.every(({ reason }) => reason === 'azure-permission-missing');
  const then = onlyRights ? 'with the rights of this identity the upgrade' : 'the upgrade';
  return `Looked, changed nothing. ${many}: ${firstSentenceOf(first.evidence)}; ${then} would be refused.`;
}

/** What failed, in one line without its full stop. */
export function firstLine(error: UpgradeError | null): string {
  return firstLineOf(error?.message ?? 'no reason is known');
}

function firstLineOf(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replace(/[.:]$/, '');
}

/** Of what failed: what follows it in the message is told below. */
export function firstSentence(error: UpgradeError | null): string {
  return firstSentenceOf(error?.message ?? 'no reason is known');
}

function firstSentenceOf(message: string): string {
  const line = firstLineOf(message);
  return /^(.+?)\.+\s+(?=[A-Z])/.exec(line)?.[1] ?? line;
}

/** With a full stop, where it does not end with a mark of its own. */
export function stopped(words: string): string {
  return /[.?!]$/.test(words) ? words : `${words}.`;
}

/** Never silent about it: an earlier run may have frozen production, and this one could not look. */
const NOT_KNOWN = 'production may be read-only';

/** What users can do at this moment, read from Azure after everything. */
export function usersNow({ after, productionSlot, readOnlySeconds, apart }: VerdictFacts): string {
  const production = serving(after);
  if (!production || !productionSlot) return `What users can do now could not be read: ${NOT_KNOWN}.`;
  const version = production.version ? ` (version ${production.version})` : '';
  const where = `Users are on ${productionSlot}${version}`;
  const access = tellingAccess(production.databases);
  if (apart && access.startsWith('read')) return `${where}. NO SITE IS BESIDE ALL DATABASES: ${apart}.`;
  const first = sentFirst(after, production);
  if (access === 'read-write' && first) return `${where}. ${onlyRead(first)}`;
  if (access === 'read-write') return `${where} and can read and write.`;
  if (access === 'read-only') {
    const since = readOnlySeconds === null ? '' : ` for ${formatDuration(readOnlySeconds * 1000)}`;
    return `${where}. PRODUCTION IS READ-ONLY${since}: users can read, not write.`;
  }
  const standby = after.find((endpoint) => endpoint.role === 'production' && endpoint.standby);
  // A site that answers is no lost region, whatever keeps this run from reading its database.
  if (standby && access === 'unreachable' && production.version === null)
    return lostRegion(production, standby);
  const servers = [...new Set(production.databases.map((database) => database.server))].join(', ');
  return access === 'absent'
    ? `${where}. The production database is not on ${servers}.`
    : `${where}. The production database could not be read: ${NOT_KNOWN}.`;
}

/** Production's endpoint in the region that users are in. */
function serving(after: readonly EndpointView[]): EndpointView | undefined {
  return after.find((endpoint) => endpoint.role === 'production' && !endpoint.standby);
}

/** Where Traffic Manager sees an endpoint so, users are sent to the next one. */
const PASSED_OVER: readonly string[] = ['Degraded', 'Stopped', 'Inactive'];

/** Production's endpoint in the other region, where users are sent there first and its database can only be read. */
function sentFirst(after: readonly EndpointView[], production: EndpointView): EndpointView | undefined {
  const rank = ({ status, monitorStatus, priority }: EndpointView) =>
    status === 'Enabled' && !PASSED_OVER.includes(monitorStatus ?? '')
      ? (priority ?? Number.MAX_SAFE_INTEGER)
      : Number.POSITIVE_INFINITY;
  return after.find(
    (endpoint) =>
      endpoint.role === 'production' &&
      endpoint.standby &&
      endpoint.monitorStatus === 'Online' &&
      rank(endpoint) < rank(production) &&
      tellingAccess(endpoint.databases) === 'read-only',
  );
}

function onlyRead({ site, region, databases }: EndpointView): string {
  const servers = [...new Set(databases.map((database) => database.server))].join(', ');
  return `THEY ARE SENT TO ${site} in ${region ?? 'the other region'}, and ${servers} there can only be read: users can read, not write.`;
}

/** What the backup region does for users by itself, before anybody has decided anything. */
function lostRegion(production: EndpointView, standby: EndpointView): string {
  const servers = [...new Set(production.databases.map((database) => database.server))].join(', ');
  const lost = `PRODUCTION DOES NOT ANSWER (slot ${production.slot}, ${servers}, ${production.region ?? 'its region'})`;
  const where = `${standby.site} in ${standby.region ?? 'the backup region'}`;
  if (standby.version === null) return `${lost}, and neither does ${where}.`;
  const sent = standby.status === 'Disabled' ? 'could be sent' : 'are sent';
  const can = tellingAccess(standby.databases) === 'read-write' ? 'read and write' : 'read, not write';
  return `${lost}. Users ${sent} to ${where} (version ${standby.version}) and can ${can} there.`;
}

/** Of several databases the access that users notice: one that is known to be read-only is never kept quiet. */
function tellingAccess(databases: readonly DatabaseView[]): DatabaseView['access'] {
  const order: DatabaseView['access'][] = ['read-only', 'unreachable', 'absent', 'read-write'];
  return order.find((access) => databases.some((database) => database.access === access)) ?? 'unreachable';
}

function whatNext(facts: VerdictFacts): string[] {
  const next = [
    ...(facts.error?.advice ?? []),
    ...facts.also.flatMap((error) => [error.message, ...error.advice]),
    ...facts.failing.map(({ advice }) => advice).filter((advice) => advice !== ''),
  ];
  return [...new Set([...facts.canServe, ...urgent(facts), ...next, ...usual(facts)])];
}

/** Production does not answer, and something else could serve. */
function isLost({ after, canServe }: VerdictFacts): boolean {
  const production = serving(after);
  return (
    canServe.length > 0 && production !== undefined && tellingAccess(production.databases) === 'unreachable'
  );
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
    return [
      'Production is read-only on purpose. Run phase rollback to give it back.',
      ...byHand('Or give it back by hand:', facts),
    ];
  }
  return [];
}

/** Known to be read-only; or this run saw it so, and now it does not answer. A region that is lost says neither. */
function isFrozen({ after, readOnlySeconds }: VerdictFacts): boolean {
  const production = serving(after);
  if (!production) return false;
  const access = tellingAccess(production.databases);
  return access === 'read-only' || (access !== 'read-write' && readOnlySeconds !== null);
}

/** A sentence with the commands in the lines after it, which the summary shows ready to be copied. */
function byHand(sentence: string, { unfreezeCommands, error }: VerdictFacts): string[] {
  // By hand it would be given back to users who may be moved away yet, or taken from whoever froze it.
  const forbidden =
    error?.reason === 'switch-outcome-unknown' || error?.reason === 'production-frozen-elsewhere';
  return forbidden || unfreezeCommands.length === 0 ? [] : [[sentence, ...unfreezeCommands].join('\n')];
}

const USUAL: Readonly<Partial<Record<UpgradeState, string>>> = {
  'not-prepared':
    'For the next upgrade: deploy it to the stage slot, then run phase prepare; users are not affected.',
  seeding: 'Run phase prepare again: it waits until the stage database has caught up.',
  prepared:
    'Run phase upgrade, or upgrade and switch in one run so that nobody has to approve while users cannot write.',
  frozen: 'If no run is at work on it: run phase rollback, production was left read-only.',
  upgraded:
    'If no run is at work on it: run phase switch to move users to V2, or rollback to give V1 back. Users cannot write until then.',
  switched: 'When V2 has proven itself, run phase cleanup; V1 and its data are paid for until then.',
  compromised:
    'Look into the stage database; then remove it before the next prepare: rollback with rollback.stage: remove (and confirm: remove SLOT where it holds what users wrote).',
};

function usual(facts: VerdictFacts): string[] {
  if (facts.result === 'refused' || facts.result === 'rollback-failed') return [];
  if (facts.result === 'succeeded' && facts.phases.at(-1) === 'cleanup') return ['The upgrade is finished.'];
  const text = USUAL[facts.state];
  return text ? [text] : [];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
