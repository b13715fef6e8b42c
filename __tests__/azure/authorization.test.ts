import { describe, expect, test } from '@jest/globals';
import { allows, createAuthorization } from '../../src/azure/authorization.ts';
import { stubArm } from './stub-arm.ts';

const permission = (actions: string[], notActions: string[] = []) => ({ actions, notActions });
const SCOPE = '/subscriptions/sub-1/resourceGroups/g';

test.each([
  [['*'], [], 'Microsoft.Sql/servers/databases/write', true],
  [['*/read'], [], 'Microsoft.Sql/servers/databases/write', false],
  [
    ['Microsoft.Sql/servers/databases/*'],
    [],
    'microsoft.sql/servers/databases/replicationLinks/delete',
    true,
  ],
  [['Microsoft.Sql/servers/read'], [], 'Microsoft.Sql/servers/readX', false],
  [['*'], ['Microsoft.Authorization/*/Write'], 'Microsoft.Authorization/roleAssignments/write', false],
  [['Microsoft.Web/sites/*/list/action'], [], 'Microsoft.Web/sites/config/list/action', true],
])('%j without %j: %s is %s', (actions, notActions, action, expected) => {
  expect(allows(permission(actions, notActions), action)).toBe(expected);
});

describe('missing actions', () => {
  test('what one role takes away another may give', async () => {
    const stub = stubArm(() => ({
      status: 200,
      body: {
        value: [
          permission(['*'], ['Microsoft.Sql/servers/delete']),
          permission(['Microsoft.Sql/servers/delete']),
        ],
      },
    }));
    await expect(
      createAuthorization(stub.context).missingActions(SCOPE, ['Microsoft.Sql/servers/delete']),
    ).resolves.toEqual([]);
    expect(stub.requests[0]?.path).toBe(`${SCOPE}/providers/Microsoft.Authorization/permissions`);
  });

  test('are named', async () => {
    const stub = stubArm(() => ({ status: 200, body: { value: [permission(['*/read'])] } }));
    await expect(
      createAuthorization(stub.context).missingActions(SCOPE, [
        'Microsoft.Sql/servers/read',
        'Microsoft.Web/sites/write',
      ]),
    ).resolves.toEqual(['Microsoft.Web/sites/write']);
  });

  test.each([403, 404])('are not knowable where Azure answers %i', async (status) => {
    const stub = stubArm(() => ({ status }));
    await expect(createAuthorization(stub.context).missingActions(SCOPE, ['a/b'])).resolves.toBeNull();
  });
});
