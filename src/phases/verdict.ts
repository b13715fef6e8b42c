// The first line of the summary: what happened, and what it means for users right now.
import { formatDuration } from '../engine/humane.ts';
import type { EndpointView, GuardRecord, Verdict } from '../engine/report.ts';
import type { UpgradeError } from '../reasons.ts';
import { isLost, sentFirst, serving, tellingAccess, type VerdictFacts } from './verdict-facts.ts';
import { whatNext } from './verdict-next.ts';

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
export function usersNow(facts: VerdictFacts): string {
  const { after, productionSlot, readOnlySeconds, apart, leftBehind } = facts;
  const production = serving(after);
  if (!production || !productionSlot) return `What users can do now could not be read: ${NOT_KNOWN}.`;
  const version = production.version ? ` (version ${production.version})` : '';
  const where = `Users are on ${productionSlot}${version}`;
  const access = tellingAccess(production.databases);
  if (apart && access.startsWith('read')) return `${where}. NO SITE IS BESIDE ALL DATABASES: ${apart}.`;
  const first = leftBehind ?? sentFirst(after, production);
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
    ? `${where}. ${whatIsGone(production)} is not on ${servers}.`
    : `${where}. The production database could not be read: ${NOT_KNOWN}.`;
}

function whatIsGone({ databases }: EndpointView): string {
  const gone = databases.filter(({ access }) => access === 'absent');
  if (gone.length === databases.length) return 'THEY HAVE NO DATABASE: it';
  return `A DATABASE OF THEIRS IS GONE: ${gone.map(({ name }) => name).join(', ')}`;
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
