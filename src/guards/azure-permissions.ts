import type { Observation } from '../application/observe.ts';
import {
  createdByTool,
  type Deployment,
  type Role,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { partOf, resourceGroupPath } from '../azure/resource-id.ts';
import type { Config, SlotConfig } from '../config/config.ts';
import { command } from '../engine/command-line.ts';
import type { CheckInBackupRegion } from './backup-region.ts';
import type { Guard, GuardedPhase, Verdict } from './guard.ts';
import { type Condition, requiredActions, type Scope } from './required-actions.ts';
import { allOf, fail, notKnowable, pass } from './verdict.ts';

/** The RBAC actions of the phase, asked of Azure on every resource that it touches. */
export const azurePermissions: Guard = {
  id: 'azure-permissions',
  title: 'The identity may do in Azure what this phase does',
  phases: ['prepare', 'upgrade', 'switch', 'cleanup'],
  eachPhase: true,
  check: (context, observed, phase) =>
    checkNeeds(context, needsOf(context, observed, phase, conditionsOf(context.config))),
};

/** The same of the resources in the backup region; the profile is asked about once. */
export const permissionsInBackupRegion: CheckInBackupRegion = ({ context, observed }, phase, primary) =>
  checkNeeds(context, regionalNeeds(context, observed, phase, conditionsOf(primary.config)));

async function checkNeeds(context: UpgradeContext, needs: readonly Need[]): Promise<Verdict> {
  const asked = needs.filter((need) => need.actions.length > 0);
  return allOf(await Promise.all(asked.map((need) => checkNeed(context, need))));
}

interface Need {
  readonly name: string;
  /** Resource, or the resource group where the resource is not there yet. */
  readonly id: string;
  readonly actions: readonly string[];
}

async function checkNeed(context: UpgradeContext, need: Need): Promise<Verdict> {
  const missing = await context.azure.authorization.missingActions(need.id, need.actions);
  if (missing === null) return notKnowable(`Azure does not tell what may be done on ${need.name}`);
  const { length } = need.actions;
  if (missing.length === 0) return pass(`${length} ${length === 1 ? 'action' : 'actions'} on ${need.name}`);
  return fail(
    'azure-permission-missing',
    `missing on ${need.name}: ${missing.join(', ')}`,
    'Assign the role of docs/custom-role.json (see docs/permissions.md), wait a few minutes until Azure knows it, and run again:',
    command(
      'az',
      'role',
      'assignment',
      'create',
      '--role',
      'Rolling Upgrade',
      '--assignee',
      'APP_ID',
      '--scope',
      need.id,
    ),
  );
}

function needsOf(
  context: UpgradeContext,
  observed: Observation,
  phase: GuardedPhase,
  conditions: readonly Condition[],
): Need[] {
  return [
    ...regionalNeeds(context, observed, phase, conditions),
    ...profileNeed(context, observed, phase, conditions),
  ];
}

function regionalNeeds(
  context: UpgradeContext,
  observed: Observation,
  phase: GuardedPhase,
  conditions: readonly Condition[],
): Need[] {
  const roles: readonly Role[] = ['production', 'stage'];
  return [
    ...roles.map((role) => serverNeed(context[role], phase, conditions)),
    ...roles.flatMap((role) => siteNeeds(context, observed, role, phase, conditions)),
  ];
}

function serverNeed({ server }: Deployment, phase: GuardedPhase, conditions: readonly Condition[]): Need {
  const own = requiredActions(phase, 'sql-server', conditions);
  // A failed upgrade or switch goes back by itself, and what that takes has to be there beforehand.
  const goesBack = phase === 'upgrade' || phase === 'switch';
  const back = goesBack ? requiredActions('rollback', 'sql-server', conditions) : [];
  return { name: `SQL server ${server.name}`, id: server.id, actions: [...new Set([...own, ...back])] };
}

function siteNeeds(
  context: UpgradeContext,
  observed: Observation,
  role: Role,
  phase: GuardedPhase,
  conditions: readonly Condition[],
): Need[] {
  const { config, site: ref } = context[role];
  const site = observed.sites[role];
  if (site) {
    const removed = phase === 'cleanup' && role === 'stage' && createdByTool(context, site);
    const actions = actionsOn('web-app', removed ? [...conditions, 'web-app-create'] : conditions);
    return [{ name: `web app ${site.name}`, id: site.id, actions }];
  }
  if (role === 'production' || config.webAppMode !== 'create' || phase !== 'prepare') return [];
  const creating: Condition[] = [...conditions, 'web-app-create'];
  const actions = [...actionsOn('web-app', creating), ...actionsOn('app-service-plan', creating)];
  return [{ name: `resource group ${ref.resourceGroup}`, id: groupId(context, ref.resourceGroup), actions }];

  function actionsOn(scope: Scope, under: readonly Condition[]): string[] {
    return requiredActions(phase, scope, under);
  }
}

function profileNeed(
  context: UpgradeContext,
  observed: Observation,
  phase: GuardedPhase,
  conditions: readonly Condition[],
): Need[] {
  const { config } = context;
  if (!config.trafficManager) return [];
  const actions = requiredActions(phase, 'traffic-manager', conditions).filter((action) =>
    isOfConfiguredType(config, action),
  );
  const { profile } = observed;
  if (profile) return [{ name: `Traffic Manager profile ${profile.name}`, id: profile.id, actions }];
  const { resourceGroup } = config.trafficManager;
  return [{ name: `resource group ${resourceGroup}`, id: groupId(context, resourceGroup), actions }];
}

/** Rights on endpoints of a type that the configuration does not have are not needed. */
function isOfConfiguredType(config: Config, action: string): boolean {
  const types = ['azure', 'external'] as const;
  const type = types.find((one) => action.includes(`/${one}Endpoints/`));
  const deployments = config.slots.flatMap((slot) => (slot.backup ? [slot, slot.backup] : [slot]));
  return !type || deployments.some(({ endpoint }) => endpoint.type === type);
}

/** 'web-app-create' is not here: it holds for a web app that this phase creates, or removes because it was created. */
function conditionsOf(config: Config): Condition[] {
  const held: readonly (readonly [Condition, boolean])[] = [
    ['traffic-manager', config.switchMethod === 'traffic-manager'],
    ['slot-swap', config.switchMethod === 'slot-swap'],
    ['several-databases', config.databases.length > 1],
    ['elastic-pool', config.slots.some(hasPool)],
    ['rollback-remove', config.rollback.stage === 'remove'],
    ['geo-redundant', config.topology === 'geo-redundant'],
    ['after-termination', config.topology === 'geo-redundant' && config.standbyMode === 'after-termination'],
    ['failover-group', config.slots.some((slot) => slot.failoverGroup !== null)],
  ];
  return held.filter(([, holds]) => holds).map(([condition]) => condition);
}

function hasPool({ elasticPool, backup }: SlotConfig): boolean {
  return elasticPool !== null || (backup?.elasticPool ?? null) !== null;
}

function groupId(context: UpgradeContext, resourceGroup: string): string {
  return resourceGroupPath(partOf(context.production.server.id, 'subscriptions') ?? '', resourceGroup);
}
