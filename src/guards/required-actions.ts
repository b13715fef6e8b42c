// Azure RBAC actions the product needs, phase by phase: the permission guard asks for them, docs/permissions.md
// lists them, docs/custom-role.json holds them. One list, so that the three cannot differ.
import type { Phase } from '../engine/report.ts';

/**
 * What the action is needed on. Both slots need the same, because their roles swap at every switch, and so do their
 * parts in the backup region.
 */
export type Scope =
  | 'subscription'
  | 'sql-server'
  | 'web-app'
  | 'app-service-plan'
  | 'traffic-manager'
  | 'scale-set'
  | 'gallery'
  | 'cloud-service'
  | 'service-group';

/** When it is needed: always, or only with this choice in the configuration file. */
export type Condition =
  | 'always'
  | 'traffic-manager'
  | 'slot-swap'
  | 'web-app-create'
  | 'elastic-pool'
  | 'rollback-remove'
  | 'geo-redundant'
  | 'after-termination'
  | 'failover-group'
  | 'several-databases'
  | 'scale-sets'
  | 'flexible'
  | 'cloud-service'
  | 'service-swap';

export interface RequiredAction {
  readonly action: string;
  readonly scope: Scope;
  readonly phases: readonly Phase[];
  readonly when: Condition;
  readonly why: string;
}

const EVERY: readonly Phase[] = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
/** The phases that compare both slots before they change something, and the one that tells of it. */
const COMPARING: readonly Phase[] = ['plan', 'prepare', 'upgrade', 'switch'];
/** The phases that change something on a service with update domains; a look is in each of them. */
const UPDATING: readonly Phase[] = ['prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
const WALKING: readonly Phase[] = ['upgrade', 'rollback'];
const LONG_RUNNING: readonly Phase[] = ['prepare', 'upgrade', 'cleanup', 'rollback'];

type Row = readonly [action: string, phases: readonly Phase[], why: string];

const AUTOSCALE: readonly Row[] = [
  ['autoscaleSettings/read', EVERY, 'find the autoscale settings of the service'],
  ['autoscaleSettings/write', WALKING, 'hold them, and give them back'],
];

export const REQUIRED_ACTIONS: readonly RequiredAction[] = [
  ...on('subscription', 'always', 'Microsoft', [
    ['Authorization/permissions/read', EVERY, 'ask which of these actions are missing'],
    ['Resources/subscriptions/resourceGroups/read', EVERY, 'find the resource groups'],
    ['Sql/locations/*/read', LONG_RUNNING, 'follow long-running operations'],
  ]),
  ...on('subscription', 'failover-group', 'Microsoft', [
    ['Sql/locations/*/read', ['switch'], 'follow long-running operations'],
  ]),

  ...on('sql-server', 'always', 'Microsoft.Sql/servers', [
    ['read', EVERY, 'read the servers'],
    ['databases/read', EVERY, 'read the databases'],
    ['databases/replicationLinks/read', EVERY, 'read the links on both sides'],
    ['firewallRules/read', COMPARING, 'compare the firewalls'],
    ['failoverGroups/read', COMPARING, 'see which databases are in a failover group'],
    ['administrators/read', EVERY, 'read the Entra administrator together with the server'],
    ['encryptionProtector/read', EVERY, 'find customer-managed keys'],
    [
      'databases/ledgerDigestUploads/read',
      ['plan', 'prepare', 'upgrade'],
      'see whether links can be removed',
    ],
    ['databases/write', ['prepare'], 'create the stage databases as geo-secondaries'],
    ['databases/replicationLinks/delete', ['upgrade'], 'remove the link after the drain'],
    ['databases/delete', ['cleanup'], "delete the old slot's databases"],
  ]),
  ...on('sql-server', 'several-databases', 'Microsoft.Sql/servers', [
    ['replicationLinks/read', EVERY, 'read the links of all databases of a server at once'],
  ]),
  ...on('sql-server', 'elastic-pool', 'Microsoft.Sql/servers', [
    ['elasticPools/read', COMPARING, 'read the pool'],
  ]),
  ...on('sql-server', 'rollback-remove', 'Microsoft.Sql/servers', [
    ['databases/delete', ['rollback'], 'delete the stage databases'],
  ]),
  ...on('sql-server', 'geo-redundant', 'Microsoft.Sql/servers', [
    [
      'databases/replicationLinks/delete',
      ['cleanup', 'rollback'],
      'remove the link to the backup region first',
    ],
  ]),
  ...on('sql-server', 'after-termination', 'Microsoft.Sql/servers', [
    ['databases/write', ['upgrade'], "create the stage's geo-secondaries once the link is cut"],
  ]),
  ...on('sql-server', 'failover-group', 'Microsoft.Sql/servers', [
    ['failoverGroups/read', ['switch', 'cleanup', 'rollback'], 'see which failover groups there are'],
    ['failoverGroups/write', ['switch'], 'make the failover group of the new pair'],
    ['failoverGroups/delete', ['cleanup'], 'delete the failover group of the old pair'],
  ]),

  ...on('traffic-manager', 'traffic-manager', 'Microsoft.Network/trafficManagerProfiles', [
    ['read', EVERY, 'read the profile'],
    ['write', ['prepare', 'switch', 'rollback'], 'create the profile; move users by one write of it'],
    ['externalEndpoints/write', ['prepare'], "add the stage slot's endpoint"],
    ['azureEndpoints/write', ['prepare'], "add the stage slot's endpoint"],
  ]),

  ...on('web-app', 'always', 'Microsoft.Web/sites', [
    ['read', EVERY, 'read the web apps'],
    ['config/read', COMPARING, 'compare the configurations'],
    ['config/list/action', COMPARING, 'compare settings and connection strings'],
  ]),
  ...on('web-app', 'web-app-create', 'Microsoft.Web/sites', [
    ['write', ['prepare'], 'create the stage web app'],
    ['config/write', ['prepare'], 'give it configuration and settings'],
    ['delete', ['cleanup'], 'delete the old web app, where the action created it'],
  ]),
  ...on('web-app', 'slot-swap', 'Microsoft.Web/sites', [
    ['slots/read', EVERY, 'read the deployment slot'],
    ['slots/config/read', COMPARING, 'compare the configurations'],
    ['slots/config/list/action', COMPARING, 'compare settings and connection strings'],
    ['slotsswap/action', ['switch', 'rollback'], 'swap the deployment slots'],
    ['slots/slotsswap/action', ['switch', 'rollback'], 'swap the deployment slots'],
    ['operationresults/read', ['switch', 'rollback'], 'follow the swap'],
    ['slots/operationresults/read', ['switch', 'rollback'], 'follow the swap'],
  ]),

  ...on('app-service-plan', 'always', 'Microsoft.Web/serverfarms', [
    ['read', COMPARING, 'compare the App Service plans'],
  ]),
  ...on('app-service-plan', 'web-app-create', 'Microsoft.Web/serverfarms', [
    ['write', ['prepare'], 'create a plan like that of production'],
    ['join/action', ['prepare'], 'put the web app on the plan'],
  ]),

  ...on('subscription', 'scale-sets', 'Microsoft.Compute', [
    ['locations/*/read', EVERY, 'read the quota of cores, platform images, and long-running operations'],
  ]),
  ...on('scale-set', 'scale-sets', 'Microsoft.Compute/virtualMachineScaleSets', [
    ['read', EVERY, 'read the model, and the update that is written down on it'],
    ['instanceView/read', EVERY, 'see whether automatic repairs are suspended'],
    ['virtualMachines/read', EVERY, 'read the instances: domain, version, health'],
    ['rollingUpgrades/read', EVERY, 'see whether Azure itself upgrades it'],
    ['write', UPDATING, 'write the model, and the update down on it (tags)'],
    ['manualupgrade/action', WALKING, 'bring the model to the instances of a domain'],
    ['setOrchestrationServiceState/action', WALKING, 'hold automatic repairs, and give them back'],
  ]),
  ...on('service-group', 'flexible', 'Microsoft.Compute', [
    ['virtualMachines/read', EVERY, 'read the machines of the set: health, version'],
  ]),
  ...on('gallery', 'scale-sets', 'Microsoft.Compute/galleries', [
    ['images/versions/read', EVERY, 'see that both versions of the image are there, with their replicas'],
  ]),
  ...on('cloud-service', 'cloud-service', 'Microsoft.Compute/cloudServices', [
    ['read', EVERY, 'read the service, and the update that is written down on it'],
    ['roleInstances/read', EVERY, 'read the role instances'],
    ['roleInstances/instanceView/read', EVERY, 'read their domains and states'],
    ['write', UPDATING, 'write package and configuration, and the update down on it (tags)'],
    ['updateDomains/write', WALKING, 'walk a domain'],
  ]),
  ...on('cloud-service', 'cloud-service', 'Microsoft.Network', [
    ['cloudServiceSlots/read', EVERY, 'see which of two services users are on'],
  ]),
  ...on('cloud-service', 'service-swap', 'Microsoft.Network', [
    ['cloudServiceSlots/write', ['switch', 'rollback'], 'swap the addresses of the two services'],
  ]),
  ...on('subscription', 'cloud-service', 'Microsoft', [
    ['Compute/locations/*/read', EVERY, 'read the quota of cores, and long-running operations'],
    ['Network/locations/*/read', ['switch', 'rollback'], 'follow the swap'],
  ]),
  ...on('service-group', 'scale-sets', 'Microsoft.Insights', AUTOSCALE),
  ...on('service-group', 'cloud-service', 'Microsoft.Insights', AUTOSCALE),
];

/** The actions on one kind of resource that a phase needs under these conditions; 'always' is implied. */
export function requiredActions(phase: Phase, scope: Scope, conditions: readonly Condition[]): string[] {
  const actions = REQUIRED_ACTIONS.filter(
    (required) =>
      required.scope === scope &&
      required.phases.includes(phase) &&
      (required.when === 'always' || conditions.includes(required.when)),
  ).map((required) => required.action);
  return [...new Set(actions)];
}

/** Every action of every phase, sorted: what the custom role holds. */
export function allRequiredActions(): string[] {
  return [...new Set(REQUIRED_ACTIONS.map((required) => required.action))].sort();
}

function on(scope: Scope, when: Condition, prefix: string, rows: readonly Row[]): RequiredAction[] {
  const separator = prefix === 'Microsoft' ? '.' : '/';
  return rows.map(([action, phases, why]) => ({
    action: `${prefix}${separator}${action}`,
    scope,
    phases,
    when,
    why,
  }));
}
