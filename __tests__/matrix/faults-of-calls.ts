// What can go wrong with a call, by the kind of the call. Data: codes and texts as Azure documents or has answered them.
import type { Fault } from '../../local-azure/faults.ts';
import type { ReasonCode } from '../../src/reasons.ts';
import type { CallKind } from './call-kinds.ts';

/**
 * What the fault says, and so what may become of the run. `passes`: Azure says that nothing was done and that it passes, or it
 * is only slow. `unknown`: whether it was done is not told. `refused`: it was not done and trying again alone mends nothing.
 */
export type Nature = 'passes' | 'unknown' | 'refused';

export interface CallFault {
  /** As in ids of cases. */
  readonly name: string;
  readonly nature: Nature;
  readonly fault: Fault;
  readonly on: readonly CallKind[];
  /** What a run that stops for it names as its reason; whatever names what was being done where absent. */
  readonly reasons?: readonly ReasonCode[];
  /** Whether it is also tried from that call on for the rest of the run. */
  readonly lasts: boolean;
}

const ARM_WRITES = ['arm-write', 'arm-operation', 'arm-swap'] as const;
const ARM = ['arm-read', ...ARM_WRITES] as const;
const SQL = ['sql-read', 'sql-write', 'sql-alter', 'sql-script', 'sql-script-end'] as const;
const SQL_WRITES = ['sql-write', 'sql-alter', 'sql-script'] as const;
const EVERY = [...ARM, 'entra', 'entra-discovery', 'oidc', 'sql-login', ...SQL] as const;

export const CALL_FAULTS: readonly CallFault[] = [
  arm('429 with Retry-After', 'passes', 429, 'TooManyRequests', 'The request is being throttled.', {
    on: ARM,
    headers: { 'Retry-After': '1' },
    lasts: true,
  }),
  arm('500', 'unknown', 500, 'InternalServerError', 'Encountered internal server error.', {
    on: ARM,
    lasts: true,
  }),
  arm('503', 'unknown', 503, 'ServerTimeout', 'The request timed out.', { on: ARM, lasts: false }),
  arm('503 with Retry-After', 'passes', 503, 'TooManyRequests', 'Too many requests. Retry later.', {
    on: ['arm-read', 'arm-write', 'arm-operation'],
    headers: { 'Retry-After': '1' },
    lasts: false,
  }),
  arm('504', 'unknown', 504, 'GatewayTimeout', 'The gateway did not receive a response in time.', {
    on: ARM,
    lasts: false,
  }),
  arm('403', 'refused', 403, 'AuthorizationFailed', authorizationFailed(), {
    on: ARM,
    lasts: true,
    reasons: ['azure-permission-missing'],
  }),
  // Of REST "Replication Links - Delete" and "Databases - Create Or Update"; each names something that ends by itself.
  ...[
    ['ConflictingSystemOperationInProgress', 'A system maintenance operation is in progress. Please wait.'],
    ['ManagementServiceDatabaseBusy', 'The operation could not be completed because a service is busy.'],
    [
      'OperationInterrupted',
      'The operation on the resource could not be completed because it was interrupted.',
    ],
    ['OperationCancelled', 'The operation has been cancelled by user.'],
    ['UpdateSloInProgress', 'A service objective update of the database is in progress.'],
    ['GeoReplicationCannotBecomePrimaryDuringUndo', 'The database cannot become a primary during undo.'],
  ].map(([code = '', message = '']) =>
    arm(`409 ${code}`, 'passes', 409, code, message, { on: ARM_WRITES, lasts: false }),
  ),
  // Somebody has to act: the database is in a group.
  arm(
    '409 FailoverGroupAlreadySetup',
    'refused',
    409,
    'FailoverGroupAlreadySetup',
    'The database is in a failover group; remove it from the group first.',
    { on: ['arm-operation'], lasts: true },
  ),
  {
    name: 'operation that ends as Failed',
    nature: 'passes',
    fault: {
      kind: 'operation-fails',
      code: 'OperationTimedOut',
      message: 'The operation timed out and automatically rolled back. Please retry the operation.',
    },
    on: ['arm-operation'],
    lasts: false,
  },
  {
    name: 'operation that ends as Failed',
    nature: 'unknown',
    fault: {
      kind: 'operation-fails',
      code: 'OperationTimedOut',
      message: 'The operation timed out and automatically rolled back. Please retry the operation.',
    },
    on: ['arm-swap'],
    lasts: false,
  },

  entra(
    '500',
    'passes',
    500,
    'server_error',
    'AADSTS90033: A transient error has occurred. Please try again.',
  ),
  entra('429', 'passes', 429, 'temporarily_unavailable', 'AADSTS90055: Too many requests.', {
    'Retry-After': '1',
  }),
  entra(
    '401',
    'refused',
    401,
    'invalid_client',
    'AADSTS700024: Client assertion is not within its valid time range.',
  ),
  entra(
    '400',
    'refused',
    400,
    'invalid_request',
    'AADSTS70021: No matching federated identity record found.',
  ),

  // Transient by "Troubleshoot transient connection errors".
  sql(40613, 'passes', "Database 'contoso' is not currently available. Please retry the connection later.", {
    on: ['sql-login', ...SQL],
    lasts: true,
  }),
  sql(40501, 'passes', 'The service is currently busy. Retry the request after 10 seconds.', {
    on: ['sql-login', ...SQL],
    lasts: false,
  }),
  sql(40197, 'unknown', 'The service has encountered an error processing your request. Please try again.', {
    on: ['sql-login', ...SQL],
    lasts: false,
  }),
  sql(
    1205,
    'passes',
    'Transaction was deadlocked on lock resources and has been chosen as the deadlock victim.',
    {
      on: SQL,
      lasts: false,
    },
  ),
  sql(
    1468,
    'refused',
    'The operation cannot be performed on database "contoso" because it is involved in a database mirroring session or an availability group.',
    {
      on: ['sql-alter'],
      lasts: true,
    },
  ),
  sql(
    5061,
    'passes',
    "ALTER DATABASE failed because a lock could not be placed on database 'contoso'. Try again later.",
    {
      on: ['sql-alter'],
      lasts: true,
    },
  ),
  sql(5069, 'passes', 'ALTER DATABASE statement failed.', { on: ['sql-alter'], lasts: false }),
  sql(3906, 'refused', 'Failed to update database "contoso" because the database is read-only.', {
    on: SQL_WRITES,
    lasts: true,
  }),
  sql(18456, 'refused', "Login failed for user '<token-identified principal>'.", {
    on: ['sql-login'],
    lasts: true,
  }),
  sql(40532, 'refused', 'Cannot open server "contoso" requested by the login. The login failed.', {
    on: ['sql-login'],
    lasts: true,
  }),
  sql(4060, 'passes', 'Cannot open database "contoso" requested by the login. The login failed.', {
    on: ['sql-login'],
    lasts: false,
  }),

  { name: 'cut, not done', nature: 'unknown', fault: { kind: 'drop' }, on: EVERY, lasts: true },
  {
    name: 'cut, done',
    nature: 'unknown',
    fault: { kind: 'drop-after' },
    on: [...ARM_WRITES, ...SQL_WRITES],
    lasts: false,
  },
  {
    name: 'cut midway',
    nature: 'unknown',
    fault: { kind: 'drop-midway' },
    on: SQL_WRITES,
    lasts: false,
  },
  { name: 'no answer, not done', nature: 'unknown', fault: { kind: 'hang' }, on: EVERY, lasts: false },
  {
    name: 'no answer, done',
    nature: 'unknown',
    fault: { kind: 'late-success' },
    on: [...ARM_WRITES, ...SQL_WRITES],
    lasts: false,
  },
  { name: 'slow by 3 s', nature: 'passes', fault: { kind: 'delay', ms: 3_000 }, on: EVERY, lasts: false },
];

/** These are waited for as long as the product's own time limits say; there are fewer of them. */
export function isSilence({ fault }: CallFault): boolean {
  return fault.kind === 'hang' || fault.kind === 'late-success';
}

function arm(
  name: string,
  nature: Nature,
  status: number,
  code: string,
  message: string,
  rest: {
    readonly on: readonly CallKind[];
    readonly lasts: boolean;
    readonly headers?: Readonly<Record<string, string>>;
    readonly reasons?: readonly ReasonCode[];
  },
): CallFault {
  const { headers = {}, ...others } = rest;
  return { name, nature, fault: { kind: 'error', status, code, message, headers }, ...others };
}

function entra(
  name: string,
  nature: Nature,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): CallFault {
  const fault = { kind: 'error', status, code, message, headers } as const;
  return { name, nature, fault, on: ['entra', 'entra-discovery', 'oidc'], lasts: true };
}

/** `status` is of no meaning over TDS. */
function sql(
  number: number,
  nature: Nature,
  message: string,
  rest: { readonly on: readonly CallKind[]; readonly lasts: boolean },
): CallFault {
  const fault = { kind: 'error', status: 16, code: String(number), message } as const;
  return { name: String(number), nature, fault, ...rest };
}

function authorizationFailed(): string {
  return "The client 'rolling-upgrade' does not have authorization to perform action 'Microsoft.Resources/any/action' over scope '/subscriptions/any' or the scope is invalid. If access was recently granted, please refresh your credentials.";
}
