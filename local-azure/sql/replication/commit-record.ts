// What a committed transaction is to a replica.
import type { LoggedWrite } from '../storage/store.ts';

export interface CommitRecord {
  /** Rises by one with every commit of its database. */
  readonly lsn: number;
  readonly at: Date;
  readonly change:
    | { readonly kind: 'writes'; readonly writes: readonly LoggedWrite[]; readonly schemaChanged: boolean }
    /** ALTER DATABASE … SET READ_ONLY | READ_WRITE on the primary. */
    | { readonly kind: 'access-mode'; readonly readOnly: boolean };
}
