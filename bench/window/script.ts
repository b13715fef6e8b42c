// The upgrade script that all run: version 2's columns, and time that passes as a migration's does.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In every batch, near its beginning: the embedded Azure names a batch by its first characters. */
export const SCRIPT_MARK = 'upgrade to version 2';

const FOLDER = join('db', 'v2');

/** Takes about `seconds`, a whole number below 60. */
export function upgradeScript(seconds: number): string {
  const batches = [
    "ALTER TABLE [dbo].[Orders] ADD [Currency] char(3) NOT NULL CONSTRAINT [DF_Orders_Currency] DEFAULT ('EUR');",
    'CREATE TABLE [dbo].[SchemaVersion] ([Version] int NOT NULL CONSTRAINT [PK_SchemaVersion] PRIMARY KEY);',
    `WAITFOR DELAY '00:00:${String(seconds).padStart(2, '0')}';`,
  ];
  return batches.map((batch) => `/* ${SCRIPT_MARK} */ ${batch}\nGO\n`).join('');
}

/** Puts it in the place of the example company's. Returns its path. */
export async function writeScript(workspace: string, seconds: number): Promise<string> {
  await rm(join(workspace, FOLDER), { recursive: true });
  await mkdir(join(workspace, FOLDER));
  const path = join(workspace, FOLDER, '001-version-2.sql');
  await writeFile(path, upgradeScript(seconds));
  return path;
}
