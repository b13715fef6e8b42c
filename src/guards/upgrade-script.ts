import { UpgradeError } from '../reasons.ts';
import type { Guard } from './guard.ts';
import { allOf, fail, pass } from './verdict.ts';

/** A script that cannot be read is told now, not while users are read-only. */
export const upgradeScript: Guard = {
  id: 'upgrade-script',
  title: 'The upgrade script can be read, to its last batch',
  phases: ['prepare', 'upgrade'],
  check: async (context) => {
    const { upgrade } = context.config;
    if (upgrade.kind === 'command') {
      return pass(`command ${upgrade.command[0] ?? ''}; what it runs is not read beforehand`);
    }
    return allOf(await Promise.all(context.databases.map(({ name }) => read(name))));

    async function read(database: string) {
      try {
        const { batches, files, digest } = await context.readScript(database);
        return pass(
          `${database}: ${batches.length} batches from ${files.length} files, sha256 ${digest.slice(0, 12)}`,
        );
      } catch (error) {
        if (!(error instanceof UpgradeError)) throw error;
        return fail(error.reason, error.message, ...error.advice);
      }
    }
  },
};
