// Moments of an upgrade in two regions at which production is read-only.
import type { Disaster } from './geo-disaster.ts';

export const CUT = /^arm DELETE .*\/replicationLinks\//;
/** An entry in the stage database's journal is being written. */
export const ENTRY = /^sql batch contoso-sql-2\/contoso IF EXISTS/;
export const DRAIN = /sp_wait_for_database_copy_sync/;
export const SCRIPT = /^sql batch contoso-sql-2\/contoso .*ALTER TABLE/;
const UPGRADE = { first: 'prepare', inputs: { phase: 'upgrade, switch' } };

export const FROZEN: [string, Disaster][] = [
  ['in the drain', { ...UPGRADE, at: [DRAIN] }],
  ['the link has just been cut', { ...UPGRADE, at: [CUT, ENTRY] }],
  ['in the script', { ...UPGRADE, at: [SCRIPT] }],
  ['in the drain to the backup region', { ...UPGRADE, at: [CUT, ENTRY, ENTRY, DRAIN] }],
  ['between upgrade and switch', { first: 'prepare, upgrade', inputs: { phase: 'switch' }, at: null }],
];
