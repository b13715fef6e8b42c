import { whereServerIs } from '../application/missing-server.ts';
import type { Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import type { SqlServerInfo } from '../azure/ports.ts';
import { orAbort } from '../engine/or-abort.ts';
import type { StepRun } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';

/**
 * The deployment's server as Azure tells it at this moment, for what is written about it: a run may have begun without an
 * answer about it. Throws 'resource-not-found' and what the port throws.
 */
export async function serverNow(
  { azure }: UpgradeContext,
  { config }: Deployment,
  run: StepRun,
): Promise<SqlServerInfo> {
  const { sqlResourceGroup: resourceGroup, sqlServer: server } = config;
  const found = await orAbort(azure.sql.getServer({ resourceGroup, server }), run.signal);
  if (found) return found;
  throw new UpgradeError(
    'resource-not-found',
    `The SQL server ${server} does not exist in ${resourceGroup}`,
    {
      advice: [whereServerIs(server, 'resource-group or sql-server of the slot').join('\n')],
    },
  );
}
