// The Azure rights in docs/permissions.md and the custom role, from the list that the permission guard asks for.
import { PHASES } from '../../src/engine/report.ts';
import {
  allRequiredActions,
  type Condition,
  REQUIRED_ACTIONS,
  type RequiredAction,
  type Scope,
} from '../../src/guards/required-actions.ts';
import { table } from './markdown.ts';

const CONDITIONS: Readonly<Record<Condition, string>> = {
  always: '',
  'traffic-manager': '`switch.method: traffic-manager`',
  'slot-swap': '`switch.method: slot-swap`',
  'web-app-create': '`web-app.mode: create`',
  'elastic-pool': '`sql-server.elastic-pool`',
  'rollback-remove': '`rollback.stage: remove`',
  'geo-redundant': '`topology: geo-redundant`',
  'after-termination': '`standby.mode: after-termination`',
  'failover-group': '`failover-group`',
  'several-databases': 'more than one of `databases`',
  'scale-sets': '`service.scale-sets`',
  flexible: '`service.scale-sets`, of orchestration mode Flexible',
  'cloud-service': '`service.cloud-service`',
  'service-swap': '`switch.method: swap`',
};

const SCOPES: Readonly<Record<Scope, string>> = {
  subscription: 'subscription',
  'sql-server': 'every SQL server',
  'web-app': 'every web app',
  'app-service-plan': 'every App Service plan',
  'traffic-manager': 'Traffic Manager profile',
  'scale-set': 'every scale set',
  gallery: 'gallery of the images',
  'cloud-service': 'every cloud service',
  'service-group': 'resource group of the service',
};

export function permissionsTable(): string {
  return table(
    ['Action', 'On', 'Phases', 'To', 'Only with'],
    REQUIRED_ACTIONS.map((required) => [
      `\`${required.action}\``,
      SCOPES[required.scope],
      phasesOf(required),
      required.why,
      CONDITIONS[required.when],
    ]),
  );
}

function phasesOf({ phases }: RequiredAction): string {
  return phases.length === PHASES.length ? 'all' : phases.map((phase) => `\`${phase}\``).join(', ');
}

/** In the form that `az role definition create --role-definition` takes. */
export function customRole(): object {
  return {
    Name: 'Rolling Upgrade',
    IsCustom: true,
    Description: 'What the rolling-upgrade action needs in Azure Resource Manager, for all its phases.',
    Actions: allRequiredActions(),
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: ['/subscriptions/SUBSCRIPTION_ID'],
  };
}
