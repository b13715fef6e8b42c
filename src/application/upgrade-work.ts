// What is done to a database between freeze and switch: the configuration gives each one its own scripts or command.
import type { UpgradeScript } from '../sqlcmd/script.ts';
import type { UpgradeContext } from './upgrade-context.ts';

export type UpgradeWork =
  | { readonly kind: 'script'; readonly script: UpgradeScript }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** Frozen, drained and switched with the others, and left as it is. */
  | { readonly kind: 'none' };

/** Throws what `readScript` throws: 'script-invalid' with every problem of the script. */
export async function upgradeWork(context: UpgradeContext, database: string): Promise<UpgradeWork> {
  const { upgrade } = context.config;
  const given = (upgrade.kind === 'command' ? upgrade.command : upgrade.scripts)[database];
  if (given === undefined) throw new RangeError(`the configuration says nothing about upgrading ${database}`);
  if (given.length === 0) return { kind: 'none' };
  if (upgrade.kind === 'command') return { kind: 'command', command: given };
  return { kind: 'script', script: await context.readScript(database) };
}

/** "script of 3 batches from 2 files", "command dotnet", "no script": for evidence. */
export function describeWork(work: UpgradeWork): string {
  switch (work.kind) {
    case 'script':
      return `script of ${counted(work.script.batches.length, 'batch', 'batches')} from ${counted(work.script.files.length, 'file', 'files')}`;
    case 'command':
      return `command ${programOf(work.command)}`;
    case 'none':
      return 'no script, it stays as it is';
  }
}

/** All databases together, without reading a file: "upgrade script", "command dotnet", "commands a and b". */
export function describeUpgrade({ config: { upgrade } }: UpgradeContext): string {
  if (upgrade.kind === 'scripts') return 'upgrade script';
  const given = Object.values(upgrade.command).filter((command) => command.length > 0);
  const programs = [...new Set(given.map(programOf))];
  return `command${programs.length > 1 ? 's' : ''} ${programs.join(' and ')}`.trim();
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function programOf([program = '']: readonly string[]): string {
  return program;
}
