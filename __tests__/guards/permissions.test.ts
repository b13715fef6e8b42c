import { describe } from '@jest/globals';
import { CREATED_BY_TAG } from '../../src/application/upgrade-context.ts';
import { azurePermissions } from '../../src/guards/azure-permissions.ts';
import { config, site, slot } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import type { World } from './world.ts';

const lacking = (...lacked: string[]): Pick<World, 'missingActions'> => ({
  missingActions: (_, actions) => actions.filter((action) => lacked.includes(action)),
});

const DELETE = 'Microsoft.Sql/servers/databases/delete';
const DELETE_SITE = 'Microsoft.Web/sites/delete';
const byTool = { tags: { [CREATED_BY_TAG]: 'contoso' } };
const created = config({ slots: [slot('blue'), slot('green', { webAppMode: 'create' })] });
/** Everything on resources, nothing on resource groups. */
const onGroups: Pick<World, 'missingActions'> = {
  missingActions: (id, actions) => (id.includes('/providers/') ? [] : [...actions]),
};

describe('azure-permissions', () => {
  tableOf(azurePermissions, [
    {
      when: 'everything is granted',
      says: 'pass',
      telling: ['contoso-sql-blue', 'Traffic Manager profile contoso'],
    },
    {
      when: 'the link may not be removed, before upgrade',
      world: lacking('Microsoft.Sql/servers/databases/replicationLinks/delete'),
      phase: 'upgrade',
      says: 'azure-permission-missing',
      telling: ['contoso-sql-blue: Microsoft.Sql/servers/databases/replicationLinks/delete'],
      advising: [
        'docs/permissions.md',
        /az role assignment create .* --scope \/subscriptions\/.*contoso-sql-blue/,
      ],
    },
    {
      when: 'the link may not be removed, before prepare',
      world: lacking('Microsoft.Sql/servers/databases/replicationLinks/delete'),
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'the profile may not be written, before switch',
      world: lacking('Microsoft.Network/trafficManagerProfiles/write'),
      phase: 'switch',
      says: 'azure-permission-missing',
      telling: [/^missing on Traffic Manager profile contoso: /],
    },
    {
      when: 'endpoints of a type that is not used may not be written',
      world: lacking('Microsoft.Network/trafficManagerProfiles/azureEndpoints/write'),
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'the stage database may not be deleted, and a rollback would',
      world: {
        ...lacking('Microsoft.Sql/servers/databases/delete'),
        config: config({ rollback: { stage: 'remove' } }),
      },
      phase: 'upgrade',
      says: 'azure-permission-missing',
    },
    {
      when: 'the stage database may not be deleted, and a rollback would keep it',
      world: lacking('Microsoft.Sql/servers/databases/delete'),
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'the web app that prepare creates may not be created',
      world: {
        ...lacking('Microsoft.Web/sites/write', 'Microsoft.Web/serverfarms/write'),
        config: config({ slots: [slot('blue'), slot('green', { webAppMode: 'create' })] }),
        sites: { production: site('blue'), stage: null },
      },
      phase: 'prepare',
      says: 'azure-permission-missing',
      telling: ['resource group contoso-green: Microsoft.Web/sites/write, Microsoft.Web/serverfarms/write'],
      advising: ['--scope /subscriptions/sub/resourceGroups/contoso-green'],
    },
    {
      when: 'the stage database may not be deleted, and a rollback of the switch would',
      world: { ...lacking(DELETE), config: config({ rollback: { stage: 'remove' } }) },
      phase: 'switch',
      says: 'azure-permission-missing',
    },
    {
      when: 'the stage database may not be deleted, and prepare does not go back',
      world: { ...lacking(DELETE), config: config({ rollback: { stage: 'remove' } }) },
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'the web app that the action created may not be deleted, before cleanup',
      world: { ...lacking(DELETE_SITE), sites: { production: site('blue'), stage: site('green', byTool) } },
      phase: 'cleanup',
      says: 'azure-permission-missing',
      telling: [`missing on web app contoso-green: ${DELETE_SITE}`],
    },
    {
      when: 'web apps may not be deleted, and the one to leave is of the user',
      world: lacking(DELETE_SITE),
      phase: 'cleanup',
      says: 'pass',
    },
    {
      when: 'web apps may not be deleted, and the one that users are on was created by the action',
      world: { ...lacking(DELETE_SITE), sites: { production: site('blue', byTool), stage: site('green') } },
      phase: 'cleanup',
      says: 'pass',
    },
    {
      when: 'web apps may not be deleted, and the one to leave was created for another application',
      world: {
        ...lacking(DELETE_SITE),
        sites: { production: site('blue'), stage: site('green', { tags: { [CREATED_BY_TAG]: 'other' } }) },
      },
      phase: 'cleanup',
      says: 'pass',
    },
    {
      when: 'web apps may not be deleted, before a phase that deletes none',
      world: { ...lacking(DELETE_SITE), sites: { production: site('blue'), stage: site('green', byTool) } },
      phase: 'switch',
      says: 'pass',
    },
    {
      when: 'settings of the web apps may not be read',
      world: lacking('Microsoft.Web/sites/config/list/action'),
      phase: 'prepare',
      says: 'azure-permission-missing',
      telling: ['web app contoso-blue: ', 'web app contoso-green: '],
    },
    {
      when: 'nothing is granted where a web app of the user is not there yet',
      world: { sites: { production: site('blue'), stage: null }, ...onGroups },
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'nothing is granted where a web app was to be created, after prepare',
      world: { sites: { production: site('blue'), stage: null }, config: created, ...onGroups },
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'the profile that prepare creates may not be created',
      world: { profile: null, ...onGroups },
      phase: 'prepare',
      says: 'azure-permission-missing',
      telling: ['resource group contoso-traffic: '],
    },
    {
      when: 'slots may not be swapped, and are to be',
      world: {
        ...lacking('Microsoft.Web/sites/slotsswap/action'),
        config: config({ switchMethod: 'slot-swap', trafficManager: null }),
      },
      phase: 'switch',
      says: 'azure-permission-missing',
    },
    {
      when: 'slots may not be swapped, and are not to be',
      world: lacking('Microsoft.Web/sites/slotsswap/action'),
      phase: 'switch',
      says: 'pass',
    },
    {
      when: 'the pool of one slot may not be read',
      world: {
        ...lacking('Microsoft.Sql/servers/elasticPools/read'),
        config: config({ slots: [slot('blue'), slot('green', { elasticPool: 'pool' })] }),
      },
      phase: 'prepare',
      says: 'azure-permission-missing',
    },
    {
      when: 'pools may not be read, and there are none',
      world: lacking('Microsoft.Sql/servers/elasticPools/read'),
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'one endpoint is of type azure and may not be written',
      world: {
        ...lacking('Microsoft.Network/trafficManagerProfiles/azureEndpoints/write'),
        config: config({
          slots: [slot('blue', { endpoint: { name: 'blue', type: 'azure' } }), slot('green')],
        }),
      },
      phase: 'prepare',
      says: 'azure-permission-missing',
    },
    {
      when: 'Azure does not say about one server',
      world: { missingActions: (id) => (id.includes('contoso-sql-green') ? null : []) },
      says: 'not-knowable',
      telling: ['contoso-sql-green'],
    },
  ]);
});
