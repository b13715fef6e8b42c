import type { DatabasePair } from '../application/upgrade-context.ts';

/** What the window calls a frozen database: roles change within a run, servers do not. */
export function freezeKey({ production }: DatabasePair): string {
  return `${production.server}/${production.database}`.toLowerCase();
}
