// @@functions.
import type { TypedValue } from '../compile/scope.ts';
import { PRODUCT_VERSION } from '../functions/metadata-functions.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import type { Stored } from '../t-sql/conversion.ts';
import { BIGINT, type DataType, INT, nvarchar, SYSNAME } from '../t-sql/data-types.ts';

type Reader = readonly [DataType, (session: EngineSession) => Stored];

const READERS: Readonly<Record<string, Reader>> = {
  '@@ROWCOUNT': [INT, (session) => BigInt(session.rowCount)],
  '@@ERROR': [INT, (session) => BigInt(session.lastError)],
  '@@TRANCOUNT': [INT, (session) => BigInt(session.transaction.count)],
  '@@IDENTITY': [BIGINT, (session) => session.lastIdentity],
  '@@SERVERNAME': [SYSNAME, (session) => session.server.name],
  '@@SERVICENAME': [SYSNAME, () => 'MSSQLSERVER'],
  '@@SPID': [INT, (session) => BigInt(session.spid)],
  '@@VERSION': [
    nvarchar(300),
    () => `Microsoft SQL Azure (RTM) - ${PRODUCT_VERSION} \n\tEmbedded Azure (rolling-upgrade)\n`,
  ],
  '@@LANGUAGE': [SYSNAME, () => 'us_english'],
  '@@LANGID': [INT, () => 0n],
  '@@DATEFIRST': [INT, () => 7n],
  '@@MAX_PRECISION': [INT, () => 38n],
  '@@LOCK_TIMEOUT': [INT, (session) => BigInt(session.settings.lockTimeoutMs ?? -1)],
  '@@TEXTSIZE': [INT, () => 2_147_483_647n],
  '@@NESTLEVEL': [INT, (session) => BigInt(session.nesting)],
  '@@OPTIONS': [
    INT,
    (session) =>
      BigInt(5496 | (session.settings.noCount ? 512 : 0) | (session.settings.abortOnError ? 16_384 : 0)),
  ],
};

export function globalVariable(session: EngineSession, name: string): TypedValue | null {
  const reader = READERS[name.toUpperCase()];
  return reader ? { type: reader[0], value: reader[1](session) } : null;
}
