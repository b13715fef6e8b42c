// System views: which there are, and who may look.
import type { RowSet } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import { mayOnDatabase } from '../principals.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import type { ObjectName } from '../t-sql/ast.ts';
import { sameName } from './catalog.ts';
import { CONSTRAINT_VIEWS } from './constraint-views.ts';
import { INFORMATION_SCHEMA_VIEWS } from './information-schema.ts';
import { MANAGEMENT_VIEWS } from './management-views.ts';
import { MASTER_VIEWS } from './master-views.ts';
import { OBJECT_VIEWS } from './object-views.ts';
import { PRINCIPAL_VIEWS } from './principal-views.ts';
import { SESSION_VIEWS, TABLE_FUNCTIONS } from './session-views.ts';

export interface SystemView {
  /** What must be granted on the database; nothing where null. */
  readonly permission: 'VIEW DATABASE STATE' | null;
  /** Only master has it: elsewhere it is no object at all. */
  readonly masterOnly?: true;
  readonly read: (session: EngineSession) => RowSet;
}

const VIEWS: Readonly<Record<string, SystemView>> = {
  ...OBJECT_VIEWS,
  ...CONSTRAINT_VIEWS,
  ...PRINCIPAL_VIEWS,
  ...MANAGEMENT_VIEWS,
  ...SESSION_VIEWS,
  ...MASTER_VIEWS,
  ...INFORMATION_SCHEMA_VIEWS,
};

/** Null where there is no such view. Throws 262 where it may not be seen. */
export function systemView(name: ObjectName, session: EngineSession): RowSet | null {
  return find(VIEWS, name, session);
}

/** The same of a function in FROM; its rows' first column is the argument they are for. */
export function tableFunction(name: ObjectName, session: EngineSession): RowSet | null {
  return find(TABLE_FUNCTIONS, name, session);
}

function find(
  views: Readonly<Record<string, SystemView>>,
  name: ObjectName,
  session: EngineSession,
): RowSet | null {
  if (name.schema === null) return null;
  const key = `${name.schema}.${name.name}`.toLowerCase();
  const view = Object.hasOwn(views, key) ? views[key] : undefined;
  if (!view || (view.masterOnly && !sameName(session.database.name, 'master'))) return null;
  if (view.permission && !mayOnDatabase(session.catalog, session.principal, view.permission)) {
    throw sqlError(262, view.permission, session.database.name);
  }
  return view.read(session);
}
