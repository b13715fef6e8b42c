import { whereServerIs } from '../application/missing-server.ts';
import { AzureError } from '../azure/errors.ts';
import { type BackupRegion, type ReadBackupRegion, whySilent } from './backup-region.ts';
import type { Guard, Verdict } from './guard.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/** An upgrade that is begun without the backup region ends on a slot that nothing protects. */
export function backupRegionAnswers(read: ReadBackupRegion): Guard {
  return {
    id: 'backup-region-answers',
    title: 'The backup region answers',
    phases: ['prepare', 'upgrade', 'switch'],
    check: async (context, observed) => judge(await read(context, observed)),
  };
}

function judge(backup: BackupRegion): Verdict {
  switch (backup.kind) {
    case 'answers': {
      const { production, stage } = backup.context;
      return pass(`${production.server.name} and ${stage.server.name} were found`);
    }
    case 'servers-missing':
      return allOf(backup.slots.map(({ config }) => missing(config)));
    case 'silent':
      return isNoAnswer(backup.error) ? unreachable(whySilent(backup)) : notKnowable(whySilent(backup));
  }
}

function missing({
  name,
  sqlServer,
  sqlResourceGroup,
}: {
  readonly name: string;
  readonly sqlServer: string;
  readonly sqlResourceGroup: string;
}): Verdict {
  return fail(
    'resource-not-found',
    `the SQL server ${sqlServer}, slot ${name}'s in the backup region, is not in ${sqlResourceGroup}`,
    'Create the server in the backup region if there is none yet.',
    ...whereServerIs(sqlServer, `slots.${name}.backup.resource-group or slots.${name}.backup.sql-server`),
  );
}

function unreachable(why: string): Verdict {
  return fail(
    'region-unreachable',
    `the backup region does not answer (${why}): the upgrade would end on a slot without protection`,
    'Wait until the region is back (https://azure.status.microsoft) and run again; nothing has to be undone for it. An upgrade that cannot wait is one of topology single-region, without any protection while it goes on.',
  );
}

/** No answer, or that of a gateway with nothing behind it; a refusal (403) is an answer. */
function isNoAnswer(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false;
  return error.status === null || error.status === 408 || error.status >= 500;
}
