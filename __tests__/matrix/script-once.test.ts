// A batch of the script that is sent twice: to the same copy it must not be, to a new one it must.
import { expect, test } from '@jest/globals';
import { watchScript } from './script-once.ts';

const BATCH =
  "sql batch green/contoso PRINT 'x';\nCREATE INDEX [IX_Orders_Customer] ON [dbo].[Orders] ([Customer]);";
const DATABASE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/green/databases/contoso';
const HEALTH = "sql batch green/contoso SELECT OBJECT_ID(N'dbo.SchemaVersion') AS [ledger]";

test.each([
  ['twice', [BATCH, HEALTH, BATCH], 1],
  ['once, and users look', [HEALTH, BATCH, HEALTH, HEALTH], 0],
  ['twice, the copy made anew between', [BATCH, `arm DELETE ${DATABASE}`, `arm PUT ${DATABASE}`, BATCH], 0],
  ['twice, only the link removed between', [BATCH, `arm DELETE ${DATABASE}/replicationLinks/x`, BATCH], 1],
  ['to two servers', [BATCH, BATCH.replace('green', 'blue')], 0],
])('%s', (_what, calls, violations) => {
  const watch = watchScript();
  for (const call of calls) watch.see(call);
  expect(watch.violations()).toHaveLength(violations);
});
