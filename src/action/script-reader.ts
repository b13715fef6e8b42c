// The upgrade script of a database, read once a run: what was checked before the freeze is what runs.
import type { Config } from '../config/config.ts';
import { resolveScripts } from '../config/script-files.ts';
import { UpgradeError } from '../reasons.ts';
import { scriptFiles } from '../sqlcmd/files.ts';
import { readUpgradeScript, type UpgradeScript } from '../sqlcmd/script.ts';

export function scriptReader(
  config: Config,
  workspace: string,
): (database: string) => Promise<UpgradeScript> {
  const read = new Map<string, Promise<UpgradeScript>>();
  return (database) => {
    const known = read.get(database) ?? readScript(config, workspace, database);
    read.set(database, known);
    return known;
  };
}

async function readScript(config: Config, workspace: string, database: string): Promise<UpgradeScript> {
  const { upgrade } = config;
  if (upgrade.kind !== 'scripts')
    throw new UpgradeError('internal-error', 'the upgrade is a command, not a script');
  const { files } = resolveScripts(upgrade.scripts[database] ?? [], workspace);
  return readUpgradeScript({ files, variables: upgrade.variables, database, ...scriptFiles(workspace) });
}
