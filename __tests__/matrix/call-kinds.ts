// Calls of the product told apart by what can go wrong with them.
import type { Point } from './recording.ts';

export const CALL_KINDS = [
  'arm-read',
  'arm-write',
  'arm-operation',
  'arm-swap',
  'entra',
  'entra-discovery',
  'oidc',
  'sql-login',
  'sql-read',
  'sql-write',
  'sql-alter',
  'sql-script',
  'sql-script-end',
] as const;
/**
 * `arm-operation`: a write that Azure answers with 202 and goes on with. `arm-swap`: the one that undoes itself when it is
 * sent twice. `sql-write`: a statement of the tool's own that
 * writes something down, or a fence of permissions. `sql-alter`: ALTER DATABASE. `sql-script`: a batch of the upgrade script. `sql-script-end`: whether it
 * left a transaction open, which only its own session can say: it is asked again there, and is gone with it.
 */
export type CallKind = (typeof CALL_KINDS)[number];

/** What a call is, by its name. Calls of users and of what they look at are none of these: null. */
export function kindOfCall({ call, isWrite }: Pick<Point, 'call' | 'isWrite'>): CallKind | null {
  if (/^arm POST \S*\/slotsswap$/i.test(call)) return 'arm-swap';
  if (/^arm /.test(call))
    return !isWrite ? 'arm-read' : OPERATIONS.test(call) ? 'arm-operation' : 'arm-write';
  if (/^entra discovery/.test(call)) return 'entra-discovery';
  if (/^entra /.test(call)) return 'entra';
  if (/^github /.test(call)) return 'oidc';
  if (/^sql login /.test(call)) return 'sql-login';
  if (!/^sql batch /.test(call) || OF_SITES.test(call)) return null;
  if (/\bALTER DATABASE\b/.test(call)) return 'sql-alter';
  if (OWN_WRITES.test(call)) return 'sql-write';
  if (/^sql batch \S+ SELECT @@TRANCOUNT\b/.test(call)) return 'sql-script-end';
  return isWrite || OF_SCRIPT.test(call) ? 'sql-script' : 'sql-read';
}

/** The script's first batch only sets options; it begins as none of the tool's own statements does, with a comment. */
const OF_SCRIPT = /^sql batch \S+ --/;

/** The journal, and what raises and lowers the fence of permissions (whose beginning is all that a call's name has of it). */
const OWN_WRITES =
  /\bIF EXISTS \(SELECT 1 FROM sys\.extended_properties\b|\b(DENY|KILL)\b|\b(CREATE|DROP|ALTER) ROLE\b|^sql batch \S+ SET XACT_ABORT ON; SET NOCOUNT ON; DECLARE @statements\b/;

/** Azure answers these with 202, or with an operation behind a 200. */
const OPERATIONS =
  /^arm (PUT|DELETE) \S*\/(databases\/[^/]+|failoverGroups\/[^/]+|sites\/[^/]+)$|^arm POST \S*\/failover$/i;
/** What the application's own sites send to their database, and what a driver sends first on every connection. */
const OF_SITES = /^sql batch \S+ (INSERT INTO |set ansi_nulls )|^sql batch \S+ SELECT (TOP|COUNT|\[?Id)\b/;
