// What the tool records about an upgrade, in the databases themselves: the entry travels with the data, so
// a copy tells which freeze it is a copy of, and no run has to remember anything.
import { z } from 'zod';

/**
 * `freezing`: written on production just before it is set read-only; what a frozen database and a fresh copy say.
 * `unfrozen`: production was given back. `scripted`: on the stage copy of geo-redundant, the script has run and the backup
 * region does not have all of it for sure yet. `upgrading` / `upgraded`: on the stage copy, around the script.
 * `switching`: on the stage copy just before the pivot. `moved`: once users were moved to it. `serving`: once V2 was seen to
 * answer them there.
 *
 * The return to V1 has words of its own, so that V2, frozen, is never taken for a V1 that waits for its upgrade:
 * `returning`: on V2's database just before it is set read-only, and for good once users have left it.
 * `giving-back`: on V1's database, writable again before users come. `returned`: users are back on it.
 */
export const JOURNAL_STATUSES = [
  'freezing',
  'unfrozen',
  'upgrading',
  'scripted',
  'upgraded',
  'switching',
  'moved',
  'serving',
  'returning',
  'giving-back',
  'returned',
] as const;
export type JournalStatus = (typeof JOURNAL_STATUSES)[number];

/** What a database says that this tool has set, or is about to set, read-only. */
export const FREEZE_STATUSES: readonly JournalStatus[] = ['freezing', 'returning'];
/** What V2's database says from the moment at which users were on it, for as long as nobody has asked to leave it. */
export const MOVED_STATUSES: readonly JournalStatus[] = ['moved', 'serving'];

const entrySchema = z.object({
  version: z.literal(1),
  application: z.string(),
  upgradeId: z.string(),
  /** The logical server it was written on: tells an original from a copy. */
  server: z.string(),
  status: z.enum(JOURNAL_STATUSES),
  at: z.iso.datetime(),
  frozenAt: z.iso.datetime().nullable(),
  /** With `freezing`: the same moment by the server's own clock, or one shortly before it. */
  serverAt: z.iso.datetime().optional(),
  /** On the stage copy, from the script on: when production had been closed, by its own server's clock. */
  closedAt: z.iso.datetime().optional(),
  /** With `returning`, `giving-back` and `returned`: what the entry said before, and says again if users stay on V2. */
  was: z.object({ status: z.enum(JOURNAL_STATUSES), at: z.iso.datetime() }).optional(),
  /** sha256 of the script, once it has run. */
  scriptDigest: z.string().nullable(),
  runUrl: z.string().nullable(),
  /** The process that wrote it: attempts and jobs of one run have the same address, and outside GitHub there is none. */
  writer: z.string().optional(),
});

export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;

/** The text to store: JSON, well under the 7,500 bytes of an extended property. */
export function encodeJournal(entry: JournalEntry): string {
  return JSON.stringify(entry);
}

/** Null where the text is not an entry of this product: somebody else's property is left alone. */
export function decodeJournal(text: string): JournalEntry | null {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
