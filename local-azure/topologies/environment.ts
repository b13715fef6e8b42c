// How a job reaches this Azure: the variables and inputs a runner would give the action, and what a person is
// told when it is ready.
import { IDS, PRINCIPAL } from './contoso.ts';
import type { AnyOptions } from './options.ts';

export interface Places {
  /** The action's input. */
  readonly topology: AnyOptions['topology'];
  /** https://localhost:port */
  readonly resourceManager: string;
  readonly authority: string;
  /** `address:port` */
  readonly dns: string;
  readonly control: string;
  /** By server name: `address:port`. */
  readonly sql: Readonly<Record<string, string>>;
  readonly connectTo: Readonly<Record<string, string>>;
  readonly caFile: string;
  readonly workspace: string;
  readonly temporary: string;
  /** Relative to the workspace. */
  readonly config: string;
  readonly github: { readonly requestUrl: string; readonly requestToken: string };
}

export interface Secrets {
  readonly clientSecret: string;
  readonly sqlAdministrator: { readonly user: string; readonly password: string };
  /** Whether the action's configuration logs in with it. */
  readonly sqlLogins: boolean;
}

/** Where everything is, and the environment of a job. */
export interface Description {
  readonly environment: Readonly<Record<string, string>>;
  readonly arm: string;
  readonly authority: string;
  readonly ca: string;
  readonly dns: string;
  readonly sql: Readonly<Record<string, string>>;
  readonly subscription: string;
  readonly config: string;
  readonly control: string;
  readonly sqlLogin: { readonly user: string; readonly password: string };
}

/** The line that `npm run local-azure` prints. */
export interface ReadyLine extends Description {
  readonly ready: true;
  /** Of the process to stop. */
  readonly pid: number;
  /** Path of a Node of the version the action runs on. */
  readonly node: string;
}

export const AUDIENCES = {
  resourceManager: 'https://management.core.windows.net/',
  sql: 'https://database.windows.net/',
  tokenExchange: 'api://AzureADTokenExchange',
} as const;

export function describeLocalAzure(places: Places, secrets: Secrets): Description {
  return {
    environment: variables(places, secrets),
    arm: places.resourceManager,
    authority: places.authority,
    ca: places.caFile,
    dns: places.dns,
    sql: places.sql,
    subscription: IDS.subscription,
    config: places.config,
    control: places.control,
    sqlLogin: secrets.sqlAdministrator,
  };
}

function variables(places: Places, secrets: Secrets): Record<string, string> {
  return {
    // Underscores: not every shell can set a variable with a hyphen.
    INPUT_TOPOLOGY: places.topology,
    INPUT_CONFIG: places.config,
    INPUT_AZURE_ENVIRONMENT: JSON.stringify({
      name: 'LocalAzure',
      resourceManager: places.resourceManager,
      resourceManagerAudience: AUDIENCES.resourceManager,
      authority: places.authority,
      sqlAudience: AUDIENCES.sql,
      dnsServers: [places.dns],
      connectTo: places.connectTo,
    }),
    INPUT_TENANT_ID: IDS.tenant,
    INPUT_CLIENT_ID: PRINCIPAL.appId,
    INPUT_SUBSCRIPTION_ID: IDS.subscription,
    AZURE_TENANT_ID: IDS.tenant,
    AZURE_CLIENT_ID: PRINCIPAL.appId,
    AZURE_CLIENT_SECRET: secrets.clientSecret,
    AZURE_SUBSCRIPTION_ID: IDS.subscription,
    ...(secrets.sqlLogins ? { SQL_PASSWORD: secrets.sqlAdministrator.password } : {}),
    NODE_EXTRA_CA_CERTS: places.caFile,
    ACTIONS_ID_TOKEN_REQUEST_URL: places.github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: places.github.requestToken,
    GITHUB_WORKSPACE: places.workspace,
    RUNNER_TEMP: places.temporary,
  };
}
