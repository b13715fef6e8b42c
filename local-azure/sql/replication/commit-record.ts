// What a committed transaction is to a replica.
import type { SecurityChange } from '../catalog/security.ts';
import type { LoggedWrite } from '../storage/store.ts';

export interface CommittedWrites {
  readonly kind: 'writes';
  readonly writes: readonly LoggedWrite[];
  readonly schemaChanged: boolean;
  /** Of principals and permissions. */
  readonly security: readonly SecurityChange[];
}

export interface CommitRecord {
  /** Rises by one with every commit of its database. */
  readonly lsn: number;
  readonly at: Date;
  readonly change:
    | CommittedWrites
    /** ALTER DATABASE … SET READ_ONLY | READ_WRITE on the primary. */
    | { readonly kind: 'access-mode'; readonly readOnly: boolean };
}
