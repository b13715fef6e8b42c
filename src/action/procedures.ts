// From the inputs to the procedure of their topology: configuration, credentials, and everything else that a run is given.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectToAzure } from '../azure/azure.ts';
import { parseAzureEnvironment } from '../azure/environment.ts';
import type { Azure } from '../azure/ports.ts';
import type { SqlLogin } from '../azure/sql-connection.ts';
import { createSessions } from '../azure/tsql/sessions.ts';
import type { Clock } from '../clock.ts';
import type { FileOptions } from '../config/checked-file.ts';
import type { SlotTopology } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { loadServiceConfig } from '../config/service-load.ts';
import { createReadOnlyWindow } from '../engine/read-only-window.ts';
import type { Procedure } from '../phases/procedure.ts';
import { serviceProcedure } from '../phases/service/service-procedure.ts';
import { slotsProcedure } from '../phases/slots-procedure.ts';
import { createServiceHistory } from '../service/history.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { serviceTarget } from '../service/targets.ts';
import { jobEndsAt, runUrl } from './github-run.ts';
import { idTokenMint } from './id-token.ts';
import type { Environment } from './input-reader.ts';
import type { Inputs } from './inputs.ts';
import type { RunLog } from './log.ts';
import type { Masking } from './masking.ts';
import { upgradeLog } from './phase-log.ts';
import { PRODUCT } from './product.ts';
import type { RunStateWriter } from './run-state.ts';
import { scriptReader } from './script-reader.ts';
import { commandRunner } from './spawn-command.ts';

export interface Ingredients {
  readonly inputs: Inputs;
  readonly environment: Environment;
  readonly masking: Masking;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly state: RunStateWriter;
}

/** Throws UpgradeError about the configuration and the environment; nothing is asked of Azure yet. */
export function procedureOf(from: Ingredients): Promise<Procedure> {
  const { topology } = from.inputs;
  return topology === 'upgrade-domains' ? ofService(from) : ofSlots(from, topology);
}

async function ofSlots(from: Ingredients, topology: SlotTopology): Promise<Procedure> {
  const { environment, clock, inputs } = from;
  const file = fileOptions(from);
  const config = loadConfig({ ...file, topology });
  const azure = await azureOf(from, config.sqlLogin);
  return slotsProcedure({
    ...(await runOf(from)),
    config,
    azure,
    sessions: createSessions(azure.tsql, clock),
    window: createReadOnlyWindow(clock, config.maxReadOnlyMs),
    newUpgradeId: newId(clock),
    confirm: inputs.confirm ?? '',
    readScript: scriptReader(config, file.workspace),
    runCommand: commandRunner(file.workspace, environment),
  });
}

async function ofService(from: Ingredients): Promise<Procedure> {
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

function fileOptions({ inputs, environment, masking }: Ingredients): FileOptions {
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  return { path: inputs.config, workspace, environment, mask: masking.mask };
}

function azureOf(from: Ingredients, sqlLogin: SqlLogin | null): Promise<Azure> {
  const { inputs, environment, masking, log, clock } = from;
  const cloud = parseAzureEnvironment(inputs.azureEnvironment);
  return connectToAzure({
    environment: cloud,
    subscriptionId: inputs.subscriptionId,
    tenantId: inputs.tenantId,
    clientId: inputs.clientId,
    mintIdToken: idTokenMint(environment, cloud.tokenExchangeAudience),
    mask: masking.mask,
    clock,
    userAgent: `${PRODUCT.name}/${PRODUCT.version} (run ${environment.GITHUB_RUN_ID ?? 'local'})`,
    runUrl: runUrl(environment),
    sqlLogin,
    log: (line) => log.debug(line),
  });
}

/** Files that the configuration names, relative to the workspace. */
function fileReader(workspace: string): (path: string) => Promise<string> {
  return (path) => readFile(join(workspace, path), 'utf8');
}

/** What procedures of every topology get. */
async function runOf({ environment, inputs, log, clock }: Ingredients) {
  return {
    clock,
    log: upgradeLog(log),
    runUrl: runUrl(environment),
    jobEndsAt: await jobEndsAt(environment, inputs.githubToken),
  };
}

function newId(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 16)}-${randomBytes(3).toString('hex')}`;
}
