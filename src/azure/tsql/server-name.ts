import type { Look } from './looks.ts';

/** The short name of the logical server that answers, whatever address it was reached at. */
export const SERVER_NAME: Look<string> = {
  select: 'CONVERT(nvarchar(128), @@SERVERNAME) AS server',
  read: ([row]) => String(row?.server ?? ''),
};
