// The record of an update is written together with the lease of whoever acts on it.
import { leaseOf } from '../../service/lease.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { UpdateRecord } from '../../service/update-record.ts';
import type { RecordedWalk } from '../../service/walk-record.ts';

/** Writes the record and renews the lease. Throws 'locked-by-another-run' and 'record-not-kept'. */
export async function keepRecord(context: ServiceContext, record: UpdateRecord | null): Promise<void> {
  await context.target.keep(leaseOf(context), record);
}

/** The last walk of a domain is the one that counts: the others of it are left out. */
export function withWalk(record: UpdateRecord, walked: RecordedWalk): UpdateRecord {
  return { ...record, walk: [...record.walk.filter(({ domain }) => domain !== walked.domain), walked] };
}
