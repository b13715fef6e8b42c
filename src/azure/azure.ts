// Azure, as the rest of the product gets it: all ports of one environment, one identity, one subscription.
import type { Clock } from '../clock.ts';
import { createAppService } from './app-service.ts';
import type { ArmContext } from './arm-client.ts';
import { createPacing } from './arm-pacing.ts';
import type { Log } from './arm-retry.ts';
import { createSqlManagement } from './arm-sql.ts';
import { createAuthorization } from './authorization.ts';
import { createAutoscale } from './autoscale.ts';
import { createCloudServices } from './cloud-services.ts';
import { createCredential } from './credentials.ts';
import type { AzureEnvironment } from './environment.ts';
import { lazy } from './lazy.ts';
import { hasManagedIdentity } from './managed-identity.ts';
import type { Azure } from './ports.ts';
import { createPublicWeb } from './public-web.ts';
import { createScaleSets } from './scale-sets.ts';
import type { SqlLogin } from './sql-connection.ts';
import { createTrafficManager } from './traffic-manager.ts';

export interface AzureSettings {
  readonly environment: AzureEnvironment;
  readonly subscriptionId: string;
  readonly tenantId: string | null;
  readonly clientId: string | null;
  /** Mints a GitHub OIDC token for `environment.tokenExchangeAudience`; null where the job may not. */
  readonly mintIdToken: (() => Promise<string>) | null;
  /** Called with every secret before it is used for the first time. */
  readonly mask: (secret: string) => void;
  readonly clock: Clock;
  /** "rolling-upgrade/1.2.3 (run 42)". */
  readonly userAgent: string;
  /** Link to this run, for whoever looks at who is connected; null outside GitHub. */
  readonly runUrl?: string | null;
  /** SQL login instead of Entra tokens. */
  readonly sqlLogin: SqlLogin | null;
  /** Told of every retry. */
  readonly log?: Log;
  /** Of the process, where absent. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** Makes the clients. Nothing is asked of Azure, and no SDK is loaded, before it is needed. */
export async function connectToAzure(settings: AzureSettings): Promise<Azure> {
  const { environment, clock, mask, log = () => {}, variables = process.env } = settings;
  const credential = createCredential({
    ...settings,
    variables,
    hasManagedIdentity: () => hasManagedIdentity(variables),
  });
  const arm: ArmContext = { ...settings, credential, log, pacing: createPacing(clock) };
  const sql = lazy(async () => {
    const { createSqlConnector } = await import('./sql-connection.ts');
    const { sqlLogin, runUrl = null } = settings;
    return createSqlConnector({ credential, environment, sqlLogin, runUrl, mask, clock, log });
  });
  return {
    sql: createSqlManagement(arm),
    tsql: {
      connect: async (target, signal) => (await sql()).connect(target, signal),
      commandEnvironment: async (target) => (await sql()).commandEnvironment(target),
    },
    trafficManager: createTrafficManager(arm),
    appService: createAppService(arm, mask),
    compute: {
      scaleSets: createScaleSets(arm, mask),
      cloudServices: createCloudServices(arm),
      autoscale: createAutoscale(arm),
    },
    authorization: createAuthorization(arm),
    web: createPublicWeb(environment, clock),
    credentialExpiresAt: () => credential.expiresAt(),
  };
}
