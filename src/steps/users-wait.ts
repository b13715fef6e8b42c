import type { PaceLimits } from '../engine/pace.ts';

/** How often a database is looked at while users can only read. */
export const USERS_WAIT: PaceLimits = { shortest: 25, longest: 250 };
