// What the caller may do, asked of Azure itself, so that a missing right is told before anything is changed.
import { type ArmContext, rawArm } from './arm-client.ts';
import { AzureError } from './errors.ts';
import type { Authorization } from './ports.ts';

const API_VERSION = '2022-04-01';

interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** The port Authorization over GET …/providers/Microsoft.Authorization/permissions. Throws AzureError. */
export function createAuthorization(context: ArmContext): Authorization {
  const arm = rawArm(context);

  async function permissionsOn(resourceId: string): Promise<Permission[] | null> {
    try {
      const path = `${resourceId}/providers/Microsoft.Authorization/permissions`;
      return (await arm.list(path, API_VERSION)).map(permission);
    } catch (error) {
      // 403: the caller may not ask; 404: nothing there to ask about. Neither says that a right is missing.
      if (error instanceof AzureError && (error.status === 403 || error.status === 404)) return null;
      throw error;
    }
  }

  return {
    missingActions: async (resourceId, actions) => {
      const permissions = await permissionsOn(resourceId);
      if (permissions === null) return null;
      return actions.filter((action) => !permissions.some((granted) => allows(granted, action)));
    },
  };
}

/** Each role assignment is a permission of its own: its notActions take away from its own actions only. */
export function allows({ actions, notActions }: Permission, action: string): boolean {
  return (
    actions.some((pattern) => matches(pattern, action)) &&
    !notActions.some((pattern) => matches(pattern, action))
  );
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

function permission(item: unknown): Permission {
  const { actions, notActions } = (item ?? {}) as Partial<Permission>;
  return { actions: actions ?? [], notActions: notActions ?? [] };
}
