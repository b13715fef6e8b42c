// Role assignments: who may do what, where. Enforced on every call, so that a missing permission shows as Azure
// shows it; a principal that was granted nothing may do nothing.
import type { ArmCall, Caller, Route } from './call.ts';
import { ok } from './call.ts';
import { refusedByGateway } from './errors.ts';

export interface Grant {
  /** Resource id of a subscription, a resource group or a resource; it holds for everything below. */
  readonly scope: string;
  /** With * for any part, e.g. Microsoft.Sql/servers/databases/*. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export interface Authorization {
  /** Replaces what a principal was granted. */
  setGrants(objectId: string, grants: readonly Grant[]): void;
  isAllowed(caller: Caller, action: string, scope: string): boolean;
  /** Throws 403 AuthorizationFailed. */
  require(caller: Caller, action: string, scope: string): void;
  readonly routes: readonly Route[];
  state(): Record<string, readonly Grant[]>;
}

export function createAuthorization(): Authorization {
  const granted = new Map<string, readonly Grant[]>();
  const at = (caller: Caller, scope: string) =>
    (granted.get(caller.objectId.toLowerCase()) ?? []).filter((grant) => covers(grant.scope, scope));
  const isAllowed = (caller: Caller, action: string, scope: string) =>
    at(caller, scope).some((grant) => allows(grant, action));
  return {
    setGrants: (objectId, grants) => granted.set(objectId.toLowerCase(), grants),
    isAllowed,
    require: (caller, action, scope) => {
      if (!isAllowed(caller, action, scope)) throw denied(caller, action, scope);
    },
    routes: [
      {
        method: 'GET',
        template: '{*scope}/providers/Microsoft.Authorization/permissions',
        action: null,
        handle: (call: ArmCall) =>
          ok({
            value: at(call.caller, call.param('scope')).map(({ actions, notActions }) => ({
              actions,
              notActions,
              dataActions: [],
              notDataActions: [],
            })),
          }),
      },
    ],
    state: () => Object.fromEntries(granted),
  };
}

function denied(caller: Caller, action: string, scope: string) {
  return refusedByGateway(
    403,
    'AuthorizationFailed',
    `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function covers(grantScope: string, scope: string): boolean {
  const above = grantScope.toLowerCase().replace(/\/$/, '');
  const below = scope.toLowerCase();
  return below === above || below.startsWith(`${above}/`);
}

function allows(grant: Grant, action: string): boolean {
  return (
    grant.actions.some((each) => fits(each, action)) && !grant.notActions.some((each) => fits(each, action))
  );
}

function fits(pattern: string, action: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}
