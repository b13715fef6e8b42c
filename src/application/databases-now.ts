// The databases as they are at this moment, asked as fast as possible: users wait.
import { ACCESS } from '../azure/tsql/access-mode.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { journalOf } from './journal.ts';
import {
  type DatabaseObservation,
  observeDatabase,
  observeDatabasesThatAnswer,
  type ReadSide,
} from './observe.ts';
import { sqlTarget, type UpgradeContext } from './upgrade-context.ts';

/** As they say themselves, without their links. Of those that do not answer Resource Manager knows more; it is slower. Never throws. */
export async function databasesNow(context: UpgradeContext): Promise<readonly DatabaseObservation[]> {
  try {
    return await Promise.all(context.databases.map((pair) => observeDatabase(context, pair, bySql)));
  } catch {
    return (await observeDatabasesThatAnswer(context)).databases;
  }
}

const bySql: ReadSide = (context, role, pair) =>
  context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
    const looks = { access: ACCESS, journal: journalOf(context) };
    const { access, journal } = await lookAtAll(connection, looks);
    return { ref: pair[role], info: null, links: [], access: access.mode, why: '', journal };
  });
