// Who is production when Azure does not say: the databases themselves. Used for giving production back, and for telling
// how things stand after a disaster. Where there is a backup region the primary one decides, as long as it answers: a geo-secondary is always read-only, and says what its primary said a while
// ago.
import type { Azure } from '../azure/ports.ts';
import { readAccessMode } from '../azure/tsql/access-mode.ts';
import { readJournalProperty } from '../azure/tsql/journal-property.ts';
import type { Sessions } from '../azure/tsql/sessions.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../config/config.ts';
import { decodeJournal, type JournalEntry } from '../engine/journal.ts';
import { readSlotRoles, type SlotRoles, sameName } from './production-slot.ts';
import { V2_STATUSES } from './way-back.ts';

interface Parts {
  readonly config: Config;
  readonly azure: Azure;
  readonly sessions: Sessions;
}

type Seen = { readonly readOnly: boolean; readonly journal: JournalEntry | null } | 'gone' | 'silent';

/**
 * The slot whose database is read-only by its own entry `freezing`, where the other slot's database says that no
 * switch was tried, or is gone for good. Where both are silent the backup region is asked. Null where nothing tells.
 */
export async function readRolesFromFreeze(parts: Parts): Promise<SlotRoles | null> {
  const [one, two] = parts.config.slots;
  const [first, second] = [await look(parts, one), await look(parts, two)];
  if (frozenByUs(first, one) && neverSwitched(second)) return roles(one, two);
  if (frozenByUs(second, two) && neverSwitched(first)) return roles(two, one);
  return first === 'silent' && second === 'silent' ? rolesInBackupRegion(parts) : null;
}

/**
 * With slot swaps the site that says who is production is lost with its region; the one in the backup region says what
 * users find there. Null where it does not answer either.
 */
async function rolesInBackupRegion({ config, azure }: Parts): Promise<SlotRoles | null> {
  const [one, two] = config.slots;
  if (config.switchMethod !== 'slot-swap' || !one.backup || !two.backup) return null;
  const there = (slot: SlotConfig, backup: DeploymentConfig) => ({ ...slot, ...backup, backup: null });
  try {
    const slots = [there(one, one.backup), there(two, two.backup)] as const;
    const { production, evidence } = await readSlotRoles({ ...config, slots }, azure);
    const [first, second] = sameName(production.name, one.name) ? [one, two] : [two, one];
    return { production: first, stage: second, evidence: `in the backup region ${evidence}` };
  } catch {
    return null;
  }
}

function frozenByUs(seen: Seen, slot: SlotConfig): boolean {
  if (typeof seen === 'string' || !seen.readOnly || !seen.journal) return false;
  return seen.journal.status === 'freezing' && sameName(seen.journal.server, slot.sqlServer);
}

/** A stage database that is only silent may have been switched to: then nothing is known. */
function neverSwitched(seen: Seen): boolean {
  if (seen === 'gone') return true;
  if (seen === 'silent') return false;
  return !seen.journal || !V2_STATUSES.includes(seen.journal.status);
}

async function look({ config, azure, sessions }: Parts, slot: SlotConfig): Promise<Seen> {
  const ref = { resourceGroup: slot.sqlResourceGroup, server: slot.sqlServer };
  const database = config.databases[0] ?? '';
  try {
    const server = await azure.sql.getServer(ref);
    if (!server || !(await azure.sql.getDatabase({ ...ref, database }))) return 'gone';
    const target = { host: server.fullyQualifiedDomainName, database, purpose: `${slot.name} ${database}` };
    return await sessions.on(target, async (connection) => {
      const text = await readJournalProperty(connection);
      return {
        readOnly: (await readAccessMode(connection)) === 'read-only',
        journal: text === null ? null : decodeJournal(text),
      };
    });
  } catch {
    return 'silent';
  }
}

function roles(production: SlotConfig, stage: SlotConfig): SlotRoles {
  return {
    production,
    stage,
    evidence: `the database on ${production.sqlServer} was frozen by this tool and no switch was tried, so users are on ${production.name}`,
  };
}
