// Law 3 and 8: what of the upgrade script was sent to a copy is never sent to that copy again, whatever became of it. The
// company's script can be run twice, so that the data alone would not tell.

/** Batches of V2's script, by what only they do. */
const SCRIPT =
  /^sql batch (?<server>[^/\s]+)\/\S+ [\s\S]*(ADD \[Currency\]|CREATE TABLE \[dbo\]\.\[SchemaVersion\]|CREATE INDEX \[IX_Orders_Customer\]|CREATE OR ALTER VIEW|sold to Litware)/;
const MAKES_OR_REMOVES = /^arm (PUT|DELETE) .*\/servers\/(?<server>[^/]+)\/databases\/[^/]+$/i;

export interface ScriptWatch {
  /** Told of every call, in their order. */
  see(call: string): void;
  violations(): readonly string[];
}

export function watchScript(): ScriptWatch {
  const sent = new Map<string, Set<string>>();
  const seen = new Set<string>();
  return {
    see: (call) => {
      const made = MAKES_OR_REMOVES.exec(call)?.groups?.server;
      if (made !== undefined) sent.delete(made);
      const server = SCRIPT.exec(call)?.groups?.server;
      if (server === undefined) return;
      const before = sent.get(server) ?? new Set();
      if (before.has(call)) seen.add(`law 3: sent again to the same copy: ${call.slice(0, 120)}`);
      sent.set(server, before.add(call));
    },
    violations: () => [...seen],
  };
}
