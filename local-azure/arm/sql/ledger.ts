// Microsoft.Sql/servers/databases/ledgerDigestUploads: there is always one, "current", enabled or not.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { requireDatabase } from './databases.ts';
import { DATABASE } from './model.ts';
import type { SqlRegistry } from './registry.ts';

const ACTION = 'Microsoft.Sql/servers/databases/ledgerDigestUploads/read';

export function ledgerRoutes(registry: SqlRegistry): Route[] {
  const body = (call: ArmCall): JsonObject => {
    const { server, database } = requireDatabase(registry, call);
    const endpoint = database.ledgerDigestEndpoint;
    return {
      id: `${registry.databaseId(server, database.name)}/ledgerDigestUploads/current`,
      name: 'current',
      type: 'Microsoft.Sql/servers/databases/ledgerDigestUploads',
      properties: {
        ...(endpoint === null ? {} : { digestStorageEndpoint: endpoint }),
        state: endpoint === null ? 'Disabled' : 'Enabled',
      },
    };
  };
  const get = (call: ArmCall) => {
    if (sameName(call.param('uploads'), 'current')) return ok(body(call));
    throw new ArmError(
      400,
      'InvalidLedgerDigestUploadsName',
      'The ledger digest upload name is not supported. Please use the key name “current”.',
    );
  };
  const template = `${DATABASE}/ledgerDigestUploads`;
  return [
    { method: 'GET', template, action: ACTION, handle: (call) => ok({ value: [body(call)] }) },
    { method: 'GET', template: `${template}/{uploads}`, action: ACTION, handle: get },
  ];
}
