// sp_getapplock, sp_releaseapplock: they answer by return status, they raise almost nothing.
import type { LockMode, LockOwner } from '../app-locks.ts';
import { sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import { INT } from '../t-sql/data-types.ts';
import { namedArguments } from './arguments.ts';
import type { CallArgument } from './calls.ts';
import type { Frame } from './frame.ts';

const MODES: readonly LockMode[] = ['Shared', 'Update', 'IntentShared', 'IntentExclusive', 'Exclusive'];
const OWNERS: readonly LockOwner[] = ['Transaction', 'Session'];
const BAD_CALL = -999;

export async function* getAppLock(
  { session, signal }: Frame,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const given = namedArguments(
    'sp_getapplock',
    ['@resource', '@lockmode', '@lockowner', '@locktimeout', '@dbprincipal'],
    args,
  );
  const resource = given.text('@resource');
  const mode = MODES.find((each) => sameName(each, given.text('@lockmode') ?? ''));
  const owner = OWNERS.find((each) => sameName(each, given.text('@lockowner') ?? 'Transaction'));
  if (resource === null || !mode || !owner) {
    yield { kind: 'message', message: sqlError(15600, 'sys.sp_getapplock').toMessage() };
    return BAD_CALL;
  }
  if (owner === 'Transaction' && session.transaction.count === 0) {
    yield { kind: 'message', message: sqlError(1223, resource).toMessage() };
    return BAD_CALL;
  }
  const timeout = given.value('@locktimeout', INT);
  const timeoutMs =
    timeout === null ? session.settings.lockTimeoutMs : Number(timeout) < 0 ? null : Number(timeout);
  return session.database.locks.acquire(
    resource.slice(0, 255),
    { holder: session, owner, mode },
    timeoutMs,
    signal,
  );
}

export async function* releaseAppLock(
  { session }: Frame,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const given = namedArguments('sp_releaseapplock', ['@resource', '@lockowner', '@dbprincipal'], args);
  const resource = given.text('@resource') ?? '';
  const owner = OWNERS.find((each) => sameName(each, given.text('@lockowner') ?? 'Transaction'));
  if (owner && session.database.locks.release(resource.slice(0, 255), session, owner)) return 0;
  yield { kind: 'message', message: sqlError(1223, resource).toMessage() };
  return BAD_CALL;
}
