// System procedures: which there are. Each lives with what it is about.
import type { SessionEvent } from '../session.ts';
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
