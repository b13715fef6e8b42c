// System procedures: which there are. Each lives with what it is about.
import { sqlError } from '../errors.ts';
import { isDbo, isDeniedOnDatabase } from '../principals.ts';
import type { SessionEvent } from '../session.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { getAppLock, releaseAppLock } from './app-lock-procedures.ts';
import type { CallArgument } from './calls.ts';
import { executeSql } from './execute-sql.ts';
import { addExtendedProperty, dropExtendedProperty, updateExtendedProperty } from './extended-properties.ts';
import { deleteFirewallRule, setFirewallRule } from './firewall-procedures.ts';
import type { Frame } from './frame.ts';
import { waitForCopySync } from './geo-secondary.ts';
import { rename } from './rename.ts';

/** Answers its return status. */
export type SystemProcedure = (
  frame: Frame,
  args: readonly CallArgument[],
) => AsyncGenerator<SessionEvent, number>;

const PROCEDURES: Readonly<Record<string, SystemProcedure>> = {
  sp_executesql: executeSql,
  sp_getapplock: getAppLock,
  sp_releaseapplock: releaseAppLock,
  sp_addextendedproperty: addExtendedProperty,
  sp_updateextendedproperty: updateExtendedProperty,
  sp_dropextendedproperty: dropExtendedProperty,
  sp_wait_for_database_copy_sync: waitForCopySync,
  sp_rename: rename,
  sp_set_firewall_rule: setFirewallRule,
  sp_delete_firewall_rule: deleteFirewallRule,
};

export function systemProcedure(name: string): SystemProcedure | null {
  const lower = name.toLowerCase();
  return Object.hasOwn(PROCEDURES, lower) ? (PROCEDURES[lower] ?? null) : null;
}

/**
 * Everybody may call them, unless EXECUTE is denied on the whole database: a DENY there covers the sys schema as well
 * (SELECT is known to, by 229 on what is in mssqlsystemresource). Throws 229.
 */
export function requireSystemProcedure({ catalog, principal }: EngineSession, name: string): void {
  const isDenied = !isDbo(principal) && isDeniedOnDatabase(catalog, principal, 'EXECUTE');
  if (isDenied) throw sqlError(229, 'EXECUTE', name, 'mssqlsystemresource', 'sys');
}
