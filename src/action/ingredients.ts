// What a run is given whatever it upgrades: inputs, files, credentials, Azure, the log.
import { randomBytes } from 'node:crypto';
import { connectToAzure } from '../azure/azure.ts';
import { parseAzureEnvironment } from '../azure/environment.ts';
import type { Azure } from '../azure/ports.ts';
import type { SqlLogin } from '../azure/sql-connection.ts';
import type { Clock } from '../clock.ts';
import type { FileOptions } from '../config/checked-file.ts';
import type { TimedPart } from '../engine/timeline.ts';
import { jobEndsAt, runUrl } from './github-run.ts';
import { idTokenMint } from './id-token.ts';
import type { Environment } from './input-reader.ts';
import type { Inputs } from './inputs.ts';
import type { RunLog } from './log.ts';
import type { Masking } from './masking.ts';
import { upgradeLog } from './phase-log.ts';
import { PRODUCT } from './product.ts';
import type { RunStateWriter } from './run-state.ts';

export interface Ingredients {
  readonly inputs: Inputs;
  readonly environment: Environment;
  readonly masking: Masking;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly state: RunStateWriter;
  /** For the timeline: what is done within steps is added here. */
  readonly parts: TimedPart[];
}

export function fileOptions({ inputs, environment, masking }: Ingredients): FileOptions {
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  return { path: inputs.config, workspace, environment, mask: masking.mask };
}

export function azureOf(from: Ingredients, sqlLogin: SqlLogin | null): Promise<Azure> {
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

/** What procedures of every topology get. */
export async function runOf({ environment, inputs, log, clock, parts }: Ingredients) {
  return {
    clock,
    log: upgradeLog(log, clock, parts),
    runUrl: runUrl(environment),
    jobEndsAt: await jobEndsAt(environment, inputs.githubToken),
  };
}

export function newId(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 16)}-${randomBytes(3).toString('hex')}`;
}
