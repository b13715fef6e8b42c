// Transactions that a driver opens and ends by messages of their own instead of by T-SQL.
import type { SqlSession } from '../session.ts';
import type { Answer } from './answer.ts';
import type { TransactionRequest } from './requests.ts';

/** @param saved Names of the savepoints of the open transaction; kept up to date here. */
export async function runTransactionRequest(
  request: TransactionRequest,
  session: SqlSession,
  saved: Set<string>,
  answer: Answer,
  signal: AbortSignal,
): Promise<void> {
  switch (request.kind) {
    case 'begin':
      return answer.run(session.transaction('begin'));
    case 'save':
      saved.add(request.name);
      return answer.run(session.execute(`SAVE TRANSACTION ${quoted(request.name)}`, [], signal));
    case 'commit':
      await answer.run(session.transaction('commit'));
      break;
    case 'rollback':
      if (saved.has(request.name)) {
        return answer.run(session.execute(`ROLLBACK TRANSACTION ${quoted(request.name)}`, [], signal));
      }
      await answer.run(session.transaction('rollback'));
      break;
  }
  saved.clear();
  if (request.thenBegin) await answer.run(session.transaction('begin'));
}

function quoted(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}
