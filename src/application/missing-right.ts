// A right that the identity does not have, in Azure's own words: which action, on which scope.

import { AzureError } from '../azure/errors.ts';
import { command } from '../engine/command-line.ts';
import { UpgradeError } from '../reasons.ts';

/**
 * AuthorizationFailed and its kin, also as the end of an operation, which has no status of its own. A policy or a lock of
 * the organisation answers 403 too: no role mends that.
 */
export function isRightMissing(error: unknown): error is AzureError {
  if (!(error instanceof AzureError)) return false;
  if (error.code === null) return error.status === 403;
  return /(^|Linked|LinkedAccess)AuthorizationFailed$|^Forbidden$/i.test(error.code);
}

/**
 * As 'azure-permission-missing'. Its cause is what Azure said.
 * @param context what was not done for it, as the beginning of the message
 * @param advice what can be done besides
 */
export function rightMissing(error: AzureError, context = '', advice: readonly string[] = []): UpgradeError {
  const named = actionAndScope(error.message);
  const what = named === null ? error.message : `${named.action} on ${named.scope}`;
  return new UpgradeError('azure-permission-missing', `${context}A right is missing in Azure: ${what}`, {
    advice: [adviceFor(named?.scope ?? 'SCOPE'), ...advice],
    cause: error,
  });
}

/** The last that is named: of a linked scope Azure first tells what the identity may do. */
function actionAndScope(message: string): { readonly action: string; readonly scope: string } | null {
  const [, action, scope] = [...message.matchAll(ACTION_ON_SCOPE)].at(-1) ?? [];
  return action === undefined || scope === undefined ? null : { action, scope };
}

const ACTION_ON_SCOPE =
  /perform action(?:\(s\))? '([^']+)' (?:over|on)(?: the)?(?: linked)? scope(?:\(s\))? '([^']+)'/g;

function adviceFor(scope: string): string {
  const assign = command(
    ...['az', 'role', 'assignment', 'create', '--role', 'Rolling Upgrade'],
    ...['--assignee', 'APP_ID', '--scope', scope],
  );
  return `Assign the role of docs/custom-role.json, or bring its definition up to date (see docs/permissions.md), and wait a few minutes until Azure knows it:\n${assign}`;
}
