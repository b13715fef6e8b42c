// Azure's own rules for names ("Naming rules and restrictions for Azure resources", learn.microsoft.com),
// so that a mistyped name is told before Azure is asked, in words instead of as ResourceNotFound.

export interface NameRule {
  readonly pattern: RegExp;
  /** What may be written, in words that fit after "allowed:". */
  readonly allowed: string;
  readonly example: string;
}

export const RESOURCE_GROUP: NameRule = {
  pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
  allowed: 'a resource group: 1-90 letters, digits, "_", "-", "." or brackets, not ending with "."',
  example: 'contoso-blue',
};

export const SQL_SERVER: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  allowed:
    'a logical SQL server by its short name (without ".database.windows.net"): 1-63 lower-case letters, digits or hyphens',
  example: 'contoso-sql-blue',
};

export const FAILOVER_GROUP: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  allowed:
    'a failover group by its short name (without ".database.windows.net"): 1-63 lower-case letters, digits or hyphens, not beginning or ending with a hyphen',
  example: 'contoso-fog-blue',
};

export const DATABASE: NameRule = {
  pattern: /^(?!(?:master|model|msdb|tempdb)$)[^<>*%&:\\/?\p{Cc}]{0,127}[^<>*%&:\\/?\p{Cc}. ]$/iu,
  allowed:
    'a database: 1-128 characters without < > * % & : \\ / ?, not ending with "." or a blank, not a system database',
  example: 'contoso',
};

export const ELASTIC_POOL: NameRule = {
  pattern: /^[^<>*%&:\\/?\p{Cc}]{0,127}[^<>*%&:\\/?\p{Cc}. ]$/u,
  allowed: 'an elastic pool: 1-128 characters without < > * % & : \\ / ?, not ending with "." or a blank',
  example: 'contoso-pool',
};

export const WEB_APP: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/i,
  allowed: 'a web app by its resource name (no host name): 2-60 letters, digits or hyphens',
  example: 'contoso-blue',
};

export const APP_SERVICE_PLAN: NameRule = {
  pattern: /^[\p{L}\p{N}_-]{1,60}$/u,
  allowed: 'an App Service plan: 1-60 letters, digits, "_" or "-"',
  example: 'contoso-green-plan',
};

export const DEPLOYMENT_SLOT: NameRule = {
  pattern: /^(?!production$)[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])$/i,
  allowed: 'a deployment slot of the web app: 2-59 letters, digits or hyphens, not "production"',
  example: 'staging',
};

export const PROFILE: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i,
  allowed: 'a Traffic Manager profile: 1-63 letters, digits, "-" or "."',
  example: 'contoso',
};

export const DNS_LABEL: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i,
  allowed: 'one DNS label (the part before ".trafficmanager.net"): 1-63 letters, digits or hyphens',
  example: 'contoso',
};

export const HOST_NAME: NameRule = {
  pattern: /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i,
  allowed: 'a host name, without "https://" and without a path',
  example: 'www.contoso.com',
};

export const ENDPOINT: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9_.-]{0,258}[a-z0-9_])?$/i,
  allowed: 'an endpoint of the profile: 1-260 letters, digits, "-", "_" or "."',
  example: 'blue',
};

export const SCALE_SET: NameRule = {
  pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,62}[\p{L}\p{N}_])?$/u,
  allowed:
    'a scale set by its resource name: 1-64 letters, digits, "_", "-" or ".", not ending with "." or "-"',
  example: 'contoso-front',
};

export const VM_SIZE: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{1,63}$/,
  allowed: 'a size of virtual machines as Azure names it',
  example: 'Standard_D2s_v5',
};

export const EXTENSION: NameRule = {
  pattern: /^[^<>*%&:?#\\/\p{Cc}]{0,79}[^<>*%&:?#\\/\p{Cc}. ]$/u,
  allowed:
    'an extension by its name in the scale set\'s model: 1-80 characters without < > * % & : ? # \\ /, not ending with "." or a blank',
  example: 'app',
};

export const HANDLER_VERSION: NameRule = {
  pattern: /^\d{1,9}(?:\.\d{1,9}){1,3}$/,
  allowed: 'a version of the extension handler, in quotes ("2.1", for 2.1 is a number to YAML)',
  example: '2.1',
};

export const CLOUD_SERVICE: NameRule = {
  pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,78}[\p{L}\p{N}_])?$/u,
  allowed:
    'a cloud service (extended support) by its resource name: 1-80 letters, digits, "_", "-" or ".", not ending with "." or "-"',
  example: 'contoso-cloud',
};

/** Names of the service definition (.csdef): XML attributes that become names of instances (WebRole_IN_0). */
export const CLOUD_ROLE: NameRule = {
  pattern: /^[\p{L}_][\p{L}\p{N}_.-]{0,79}$/u,
  allowed: 'a role as the service definition names it: 1-80 letters, digits, "_", "-" or "."',
  example: 'WebRole',
};

export const PACKAGE_URL: NameRule = {
  pattern: /^https:\/\/[^\s/?#@]+\/[^\s#]+$/,
  allowed: 'the https address of a service package in Azure Storage, with a signature where it needs one',
  example: 'https://contoso.blob.core.windows.net/service/contoso-2.0.0.cspkg',
};

/** Ours, not Azure's: names of roles appear in log lines, tables and pictures. */
export const ROLE: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/i,
  allowed: 'a role name of your choice: 1-40 letters, digits or hyphens',
  example: 'front',
};

/** Ours, not Azure's: slot names appear in log lines, diagrams and in the input `confirm`. */
export const SLOT: NameRule = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/i,
  allowed: 'a slot name of your choice: 1-40 letters, digits or hyphens',
  example: 'blue',
};

export const APPLICATION: NameRule = {
  pattern: /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?$/u,
  allowed: 'a name of your choice: 1-60 letters, digits, blanks, ".", "_" or "-"',
  example: 'contoso',
};

/** sqlcmd's scripting variables: no blanks or quotes (sqlcmd documentation, "Variable names"). */
export const SCRIPT_VARIABLE: NameRule = {
  pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/,
  allowed: 'a scripting variable: letters, digits, "_" or "-", not beginning with a digit',
  example: 'Release',
};

/** A field name of HTTP (RFC 9110, "token"). */
export const HEADER: NameRule = {
  pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
  allowed: 'the name of an HTTP header',
  example: 'X-Version',
};

export const URL_PATH: NameRule = {
  pattern: /^\/[^\s#]*$/,
  allowed: 'a path that begins with "/", without blanks',
  example: '/health',
};
