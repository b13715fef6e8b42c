// The example company's application of two regions on an embedded Azure in this process, as a run of the product sees
// it: its own clients on real sockets. A test looks at Azure itself, and at what was asked of it.

import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { connectToAzure } from '../../src/azure/azure.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { connectApplication, type RunParts } from '../../src/phases/connect-application.ts';
import { ALL_KNOWN } from './all-known.ts';

export interface EmbeddedApplication {
  readonly local: LocalAzure;
  readonly context: UpgradeContext;
  /** Calls that change something, in order, without their query: "PUT …/servers/contoso-sql-2/databases/contoso". */
  readonly writes: readonly string[];
  close(): Promise<void>;
}

/** @param changes of the configuration file's content. */
export async function startEmbedded(
  options: Partial<LocalAzureOptions> = {},
  changes: Partial<Config> = {},
): Promise<EmbeddedApplication> {
  const local = await startLocalAzure({ ...DEFAULTS, topology: 'geo-redundant', orders: 20, ...options });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), local.ca]);
  const writes: string[] = [];
  local.faults.onCall((call) => {
    const [, write] = /^arm ((?:PUT|PATCH|DELETE|POST) [^?]*)/.exec(call) ?? [];
    if (write) writes.push(write);
  });
  const parts = await partsOf(local, changes);
  return {
    local,
    context: await connectApplication(parts),
    writes,
    close: async () => {
      await parts.sessions.closeAll();
      await local.close();
    },
  };
}

async function partsOf(local: LocalAzure, changes: Partial<Config>): Promise<RunParts> {
  const variables = local.description.environment;
  const config = loadConfig({
    path: variables.INPUT_CONFIG ?? '',
    topology: 'geo-redundant',
    workspace: variables.GITHUB_WORKSPACE ?? '',
    environment: { VERSION: '2.0.0', ...variables },
    mask: () => {},
  });
  const azure = await connectToAzure({
    environment: parseAzureEnvironment(variables.INPUT_AZURE_ENVIRONMENT ?? ''),
    subscriptionId: local.description.subscription,
    tenantId: variables.INPUT_TENANT_ID ?? null,
    clientId: variables.INPUT_CLIENT_ID ?? null,
    mintIdToken: null,
    mask: () => {},
    clock: systemClock,
    userAgent: 'rolling-upgrade/test',
    sqlLogin: null,
    variables,
  });
  const unused = () => Promise.reject(new Error('no step of prepare asks for this'));
  return {
    config: { ...config, ...changes },
    azure,
    clock: systemClock,
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    sessions: createSessions(azure.tsql),
    window: createReadOnlyWindow(systemClock, config.maxReadOnlyMs),
    newUpgradeId: randomUUID(),
    known: ALL_KNOWN,
    runUrl: null,
    confirm: '',
    jobEndsAt: null,
    readScript: unused,
    runCommand: unused,
  };
}
