// Not in the article: users back on V1 after the switch. Whatever V2's users wrote stays behind in V2's database,
// which is why it takes an explicit input. In this run production is V2 and the stage slot is V1.
import { journalOf, readJournal, replaceJournal, restoreJournal } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import { observeDatabase } from '../application/observe.ts';
import { ensureRunLock } from '../application/run-lock.ts';
import { ensureStillAlone } from '../application/still-alone.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { wasGivenBack } from '../application/way-back.ts';
import { writeAgain } from '../application/write-again.ts';
import type { SqlConnection } from '../azure/ports.ts';
import { ACCESS, readAccess, readAccessMode, setReadWrite } from '../azure/tsql/access-mode.ts';
import { LINKS } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { mayAlterLater } from '../azure/tsql/transient-errors.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { done, type Step, type StepRun, toDo, type Undo } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { closeDatabase, settleWriters } from './close-database.ts';
import { freeze } from './freeze.ts';
import { whyNotSettled } from './still-closed.ts';
import { assertStillPrimary } from './still-primary.ts';
import { unfreeze } from './unfreeze.ts';

/** V2's database read-only first, so that no more is written that will be left behind. */
export function freezeV2(context: UpgradeContext): Step {
  const server = context.production.server.name;
  return {
    id: 'freeze-v2',
    title: `Set V2's database on ${server} read-only`,
    article: null,
    phase: 'rollback',
    changes: `users of V2 can only read; what they wrote stays on ${server}`,
    pivot: false,
    assess: async () => {
      const closed = await forEachDatabase(context, (pair) =>
        context.sessions.on(sqlTarget(context, 'production', pair.name), isClosed),
      );
      return closed.every((one) => one) ? done(`${server} is read-only`) : toDo();
    },
    apply: async (run) => {
      await ensureStillAlone(context);
      await forEachDatabase(context, (pair) =>
        writeAgain(context, 'production', () => announceReturn(context, pair)),
      );
      return forEachDatabase(context, (pair) => freeze(context, pair, run.signal));
    },
    undo: { ...unfreeze(context), what: `Set V2's database on ${server} read-write` },
  };
}

async function isClosed(connection: SqlConnection): Promise<boolean> {
  const access = await readAccess(connection);
  return access.mode === 'read-only' && (await whyNotSettled(connection, access)) === null;
}

/** In words of its own: V2, frozen, is never taken for a V1 that waits for its upgrade. */
async function announceReturn(context: UpgradeContext, pair: DatabasePair): Promise<void> {
  await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    const { access, links, journal } = await lookAtAll(connection, {
      access: ACCESS,
      links: LINKS,
      journal: journalOf(context),
    });
    assertStillPrimary(context, pair, links);
    if (access.mode === 'read-only') return;
    if (!journal) throw noEntry(pair, context.production.server.name);
    assertKnown(context.known, connection, journal);
    await replaceJournal(context, connection, journal, 'returning');
  });
}

/** V1's database takes writes again before users come back to it. */
export function giveBackV1(context: UpgradeContext): Step {
  const server = context.stage.server.name;
  const opened = new Set<string>();
  return {
    id: 'give-back-v1',
    title: `Set V1's database on ${server} read-write`,
    article: null,
    phase: 'rollback',
    changes: `V1's database on ${server} takes writes again, as it was when it was frozen`,
    pivot: false,
    assess: async () => toDo(),
    apply: async () => {
      await ensureRunLock(context, 'stage');
      await ensureStillAlone(context);
      context.window.spend('V1 read-write');
      return forEachDatabase(context, (pair) => {
        opened.add(pair.name);
        return writeAgain(context, 'stage', () => giveBack(context, pair), mayAlterLater);
      });
    },
    undo: refreezeV1(context, opened),
  };
}

async function giveBack(context: UpgradeContext, pair: DatabasePair): Promise<string> {
  const server = context.stage.server.name;
  return context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    const { access, journal } = await lookAtAll(connection, { access: ACCESS, journal: journalOf(context) });
    if (!journal) throw noEntry(pair, server);
    assertKnown(context.known, connection, journal);
    if (access.mode === 'read-only') await setReadWrite(connection, access);
    if ((await readAccessMode(connection)) === 'read-only')
      throw new UpgradeError('unfreeze-failed', `${pair.name} on ${server} is still closed for writers`);
    await replaceJournal(context, connection, journal, 'giving-back');
    return `${pair.name} on ${server} is READ_WRITE, read back`;
  });
}

/**
 * Users stay on V2: V1's database is what it was, frozen by the upgrade that V2 came from.
 * @param opened those that this run has begun to make writable
 */
function refreezeV1(context: UpgradeContext, opened: ReadonlySet<string>): Undo {
  return {
    order: 'secure', // users' service is V2's database; nobody is on this one
    what: `Set V1's database on ${context.stage.server.name} read-only again`,
    apply: async (run) => {
      const outcomes = await forEachDatabase(context, (pair) => refreeze(context, pair, opened, run));
      return {
        kind: outcomes.some(({ kind }) => kind === 'undone') ? 'undone' : 'nothing-to-undo',
        evidence: outcomes.map(({ evidence }) => evidence),
      };
    },
  };
}

interface Refrozen {
  readonly kind: 'undone' | 'nothing-to-undo';
  readonly evidence: string;
}

type GivenBack =
  | { readonly is: 'given-back'; readonly entry: JournalEntry }
  | { readonly is: 'closed' }
  | { readonly is: 'silent'; readonly why: string };

/** What V1's database says of a return that was begun. */
async function givenBack(context: UpgradeContext, pair: DatabasePair): Promise<GivenBack> {
  const { production, stage } = await observeDatabase(context, pair);
  if (stage.access === 'unreachable') return { is: 'silent', why: stage.why };
  const { journal } = stage;
  return journal && wasGivenBack(production.journal, stage)
    ? { is: 'given-back', entry: journal }
    : { is: 'closed' };
}

async function refreeze(
  context: UpgradeContext,
  pair: DatabasePair,
  opened: ReadonlySet<string>,
  run: StepRun,
): Promise<Refrozen> {
  const name = `V1's database ${pair.name} on ${context.stage.server.name}`;
  const silent = (why: string) =>
    new UpgradeError('freeze-failed', `${name} may be writable, and cannot be closed: ${why}`);
  // V1 that is lost, and was never given back, holds nothing up.
  const before = await givenBack(context, pair);
  if (before.is === 'silent') {
    if (opened.has(pair.name)) throw silent(before.why);
    const unknown = `it cannot be told whether ${name} was made writable: ${before.why}. Run rollback again when it answers`;
    context.log.warning(unknown);
    return { kind: 'nothing-to-undo', evidence: unknown };
  }
  if (before.is === 'closed') return { kind: 'nothing-to-undo', evidence: `${name} was not given back` };
  await ensureRunLock(context, 'stage');
  await ensureStillAlone(context); // another run may have taken users there meanwhile
  const now = await givenBack(context, pair);
  if (now.is === 'silent') throw silent(now.why);
  if (now.is === 'closed') return { kind: 'nothing-to-undo', evidence: `${name} is read-only again` };
  return { kind: 'undone', evidence: await closeAgain(context, pair, now.entry, run) };
}

async function closeAgain(
  context: UpgradeContext,
  pair: DatabasePair,
  entry: JournalEntry,
  run: StepRun,
): Promise<string> {
  const where = `${pair.name} on ${context.stage.server.name}`;
  const target = sqlTarget(context, 'stage', pair.name);
  // Nothing was replaced where the return was cut off before it said so: what cannot be written then need not be.
  if (entry.was)
    await writeAgain(context, 'stage', () =>
      context.sessions.on(target, async (connection) => {
        assertKnown(context.known, connection, await readJournal(context, connection));
        await restoreJournal(context, connection, entry);
      }),
    );
  await closeDatabase(context, target, run.signal);
  if ((await context.sessions.on(target, readAccessMode)) !== 'read-only')
    throw new UpgradeError('freeze-failed', `${where} is still READ_WRITE`);
  const { evidence } = await settleWriters(context, target, run.signal);
  return `${where} is ${evidence}, read back`;
}

function noEntry(pair: DatabasePair, server: string): UpgradeError {
  return new UpgradeError('stage-compromised', `${pair.name} on ${server} carries no entry of an upgrade`);
}
