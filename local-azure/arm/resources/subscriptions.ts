// Tenants, subscriptions and the provider list: what clients ask before they ask for anything.

import { NAMESPACES } from '../core/api-versions.ts';
import type { Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { refusedByGateway } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';

const RESOURCE_TYPES: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Sql': ['servers', 'servers/databases', 'servers/firewallRules', 'servers/failoverGroups'],
  'Microsoft.Network': ['trafficManagerProfiles'],
  'Microsoft.Web': ['sites', 'sites/slots', 'serverFarms'],
};

export function subscriptionRoutes(context: ArmContext): readonly Route[] {
  const subscription: JsonObject = {
    id: `/subscriptions/${context.subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: context.subscriptionId,
    tenantId: context.tenantId,
    displayName: 'Contoso',
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Internal_2014-09-01',
      quotaId: 'Internal_2014-09-01',
      spendingLimit: 'Off',
    },
  };
  const tenant = { id: `/tenants/${context.tenantId}`, tenantId: context.tenantId, tenantCategory: 'Home' };
  const provider = (namespace: string): JsonObject => ({
    id: `/subscriptions/${context.subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: 'Registered',
    resourceTypes: (RESOURCE_TYPES[namespace] ?? []).map((resourceType) => ({
      resourceType,
      locations: [],
      apiVersions: [],
    })),
  });
  const root = '/subscriptions/{subscription}';
  return [
    { method: 'GET', template: '/tenants', action: null, handle: () => ok({ value: [tenant] }) },
    { method: 'GET', template: '/subscriptions', action: null, handle: () => ok({ value: [subscription] }) },
    {
      method: 'GET',
      template: root,
      action: 'Microsoft.Resources/subscriptions/read',
      handle: () => ok(subscription),
    },
    {
      method: 'GET',
      template: `${root}/providers`,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: () => ok({ value: NAMESPACES.map(provider) }),
    },
    {
      method: 'GET',
      template: `${root}/providers/{namespace}`,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: (call) => {
        const namespace = NAMESPACES.find((each) => sameName(each, call.param('namespace')));
        if (namespace === undefined)
          throw refusedByGateway(
            404,
            'InvalidResourceNamespace',
            `The resource namespace '${call.param('namespace')}' is invalid.`,
          );
        return ok(provider(namespace));
      },
    },
  ];
}
