// From the inputs to the procedure of a service with update domains.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadServiceConfig } from '../config/service-load.ts';
import type { Procedure } from '../phases/procedure.ts';
import { serviceProcedure } from '../phases/service/service-procedure.ts';
import { createServiceHistory } from '../service/history.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { serviceTarget } from '../service/targets.ts';
import { azureOf, fileOptions, type Ingredients, newId, runOf } from './ingredients.ts';

/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
export async function ofService(from: Ingredients): Promise<Procedure> {
  const { environment, clock, inputs, state } = from;
  const file = fileOptions(from);
  const config = loadServiceConfig(file);
  const azure = await azureOf(from, null);
  const newUpdateId = newId(clock);
  const context: ServiceContext = {
    ...(await runOf(from)),
    config,
    azure,
    target: serviceTarget({
      config,
      compute: azure.compute,
      subscriptionId: inputs.subscriptionId,
      clock,
      readFile: fileReader(file.workspace),
    }),
    confirm: inputs.confirm ?? '',
    newUpdateId,
    // Attempts of one run, and its post step, are the same holder of the lease.
    runId: environment.GITHUB_RUN_ID ? `run ${environment.GITHUB_RUN_ID}` : newUpdateId,
    domain: inputs.domain,
    history: createServiceHistory(),
  };
  return serviceProcedure(context, {
    taking: () => state.window('open'),
    given: () => state.window('closed'),
  });
}

/** Files that the configuration names, relative to the workspace. */
function fileReader(workspace: string): (path: string) => Promise<string> {
  return (path) => readFile(join(workspace, path), 'utf8');
}
