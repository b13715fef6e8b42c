// The cloud this run works in: one of Azure's own, or the endpoints of another (a sovereign cloud, a private
// link, a loopback). Everything the clients beside this file know about "where" comes from here.
import { z } from 'zod';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';

export interface AzureEnvironment {
  readonly name: string;
  /** Azure Resource Manager, without a slash at its end. */
  readonly resourceManager: string;
  readonly resourceManagerAudience: string;
  /** Microsoft Entra, without tenant and without a slash at its end. */
  readonly authority: string;
  readonly sqlAudience: string;
  /** What GitHub is asked to put into the OIDC token's `aud`. */
  readonly tokenExchangeAudience: string;
  /** `address:port` of the resolvers for public names; empty: the system's. */
  readonly dnsServers: readonly string[];
  /** `host:port` to the `host:port` where it is really reached; keys in lower case. */
  readonly connectTo: Readonly<Record<string, string>>;
  /** Entra's instance discovery knows Azure's own clouds only. */
  readonly isCustom: boolean;
}

type Endpoints = Pick<
  AzureEnvironment,
  'resourceManager' | 'resourceManagerAudience' | 'authority' | 'sqlAudience' | 'tokenExchangeAudience'
>;

const PUBLIC_CLOUD: Endpoints = {
  resourceManager: 'https://management.azure.com',
  resourceManagerAudience: 'https://management.core.windows.net/',
  authority: 'https://login.microsoftonline.com',
  sqlAudience: 'https://database.windows.net/',
  tokenExchangeAudience: 'api://AzureADTokenExchange',
};

/** Names and endpoints as `az cloud list` gives them. */
const CLOUDS: ReadonlyMap<string, Endpoints> = new Map([
  ['AzureCloud', PUBLIC_CLOUD],
  [
    'AzureUSGovernment',
    {
      resourceManager: 'https://management.usgovcloudapi.net',
      resourceManagerAudience: 'https://management.core.usgovcloudapi.net/',
      authority: 'https://login.microsoftonline.us',
      sqlAudience: 'https://database.usgovcloudapi.net/',
      tokenExchangeAudience: 'api://AzureADTokenExchangeUSGov',
    },
  ],
  [
    'AzureChinaCloud',
    {
      resourceManager: 'https://management.chinacloudapi.cn',
      resourceManagerAudience: 'https://management.core.chinacloudapi.cn/',
      authority: 'https://login.chinacloudapi.cn',
      sqlAudience: 'https://database.chinacloudapi.cn/',
      tokenExchangeAudience: 'api://AzureADTokenExchangeChina',
    },
  ],
]);

const httpsUrl = z
  .string()
  .refine(isHttpsUrl, 'must be an https URL')
  .transform((url) => url.replace(/\/+$/, ''));
const audience = z.string().refine((text) => URL.canParse(text), 'must be a URI');
const hostAndPort = z.string().regex(/^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i, 'must be "host:port"');
const resolver = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?|[0-9a-f:]+:[0-9a-f:]*)$/i,
    'must be an IP address, with ":port" where it is not 53',
  );

const overrides = {
  tokenExchangeAudience: z.string().optional(),
  dnsServers: z.array(resolver).default([]),
  connectTo: z.record(hostAndPort, hostAndPort).default({}),
};
const ownCloud = z.strictObject({
  name: z.string().min(1),
  resourceManager: httpsUrl,
  resourceManagerAudience: audience.default('https://management.core.windows.net/'),
  authority: httpsUrl,
  sqlAudience: audience.default('https://database.windows.net/'),
  ...overrides,
});
/** One of Azure's clouds, of which only the way there differs. */
const namedCloud = z.strictObject({ name: z.string(), ...overrides });

/**
 * Reads the input `azure-environment`: a cloud's name, or a JSON object with endpoints (of a cloud of its own, or
 * a named cloud with `dnsServers` and `connectTo` added).
 * Throws UpgradeError 'input-invalid' that lists every problem.
 */
export function parseAzureEnvironment(text: string): AzureEnvironment {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return namedEnvironment(trimmed === '' ? 'AzureCloud' : trimmed);
  const value = parseJson(trimmed);
  const base = knownCloud(value);
  return base === null ? ownEnvironment(value) : adjustedEnvironment(base, value);
}

/** Of every logical SQL server, in every cloud. */
export const SQL_PORT = 1433;

/** The OAuth scope of an audience. One slash between the two, as Azure's v2 endpoint reads it. */
export function scopeOf(tokenAudience: string): string {
  return `${tokenAudience.replace(/\/$/, '')}/.default`;
}

/** Where `host:port` is really reached; itself where nothing says otherwise. */
export function reachedAt(environment: AzureEnvironment, host: string, port: number): string {
  return environment.connectTo[`${host.toLowerCase()}:${port}`] ?? `${host}:${port}`;
}

function namedEnvironment(name: string): AzureEnvironment {
  const cloud = CLOUDS.get(name);
  if (cloud === undefined) {
    throw invalid([
      `"${name}" is not a cloud's name (${[...CLOUDS.keys()].join(', ')}) and not a JSON object`,
    ]);
  }
  return { name, ...cloud, dnsServers: [], connectTo: {}, isCustom: false };
}

function adjustedEnvironment(cloud: Endpoints, value: unknown): AzureEnvironment {
  const read = check(namedCloud, value);
  return {
    ...cloud,
    name: read.name,
    tokenExchangeAudience: read.tokenExchangeAudience ?? cloud.tokenExchangeAudience,
    dnsServers: read.dnsServers,
    connectTo: lowerCaseKeys(read.connectTo),
    isCustom: false,
  };
}

function ownEnvironment(value: unknown): AzureEnvironment {
  const read = check(ownCloud, value);
  return {
    ...read,
    tokenExchangeAudience: read.tokenExchangeAudience ?? PUBLIC_CLOUD.tokenExchangeAudience,
    connectTo: lowerCaseKeys(read.connectTo),
    isCustom: true,
  };
}

function knownCloud(value: unknown): Endpoints | null {
  const named = z.object({ name: z.string() }).safeParse(value);
  return named.success ? (CLOUDS.get(named.data.name) ?? null) : null;
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalid(read.error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid([`not JSON: ${messageOf(error)}`]);
  }
}

function invalid(problems: readonly string[]): UpgradeError {
  return new UpgradeError('input-invalid', `Input "azure-environment" is not right. ${problems.join('; ')}`, {
    advice: [
      `Give a cloud's name (${[...CLOUDS.keys()].join(', ')}) or a JSON object with "name", "resourceManager" and "authority".`,
    ],
  });
}

function lowerCaseKeys(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
