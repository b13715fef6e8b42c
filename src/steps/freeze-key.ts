import type { DatabaseRef } from '../azure/ports.ts';

/** What the window calls a frozen database: roles change within a run, servers do not. */
export function freezeKey({ server, database }: DatabaseRef): string {
  return `${server}/${database}`.toLowerCase();
}
