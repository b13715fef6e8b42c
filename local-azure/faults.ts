// Faults, settable at any call. Every front (ARM, Entra, TDS, DNS, sites) asks here before it answers, with a
// name for the call; tests and the control page queue what shall go wrong.

export type Fault =
  /** Answers with this error instead, without doing the work. For TDS `code` is the error number. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Does the work, then never answers. `done` is told when the work is done. */
  | { readonly kind: 'late-success'; readonly done?: () => void }
  /** Neither does the work nor answers. */
  | { readonly kind: 'hang' }
  /** Closes the connection without doing the work. */
  | { readonly kind: 'drop' }
  /** Closes the connection after doing the work. */
  | { readonly kind: 'drop-after' }
  /** Over TDS: closes the connection before the work has ended, which goes on where it outlives its client. Elsewhere as drop-after. */
  | { readonly kind: 'drop-midway' }
  /** Waits, then goes on as if nothing were. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A long-running operation that is accepted and then ends as Failed. */
  | { readonly kind: 'operation-fails'; readonly code: string; readonly message: string };

export interface FaultRule {
  /**
   * Matched against the call's name with a case-insensitive regular expression. Names:
   * "arm PUT /subscriptions/…/profiles/x", "entra token", "sql login contoso-sql-blue/contoso",
   * "sql batch contoso-sql-blue/contoso ALTER DATABASE …", "dns www.contoso.example", "site contoso-blue GET /health",
   * "service contoso-web GET /".
   */
  readonly at: string;
  readonly fault: Fault;
  /** How many matching calls it hits; null: all. Default 1. */
  readonly times?: number | null;
  /** How many matching calls pass first. Default 0. */
  readonly after?: number;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault for this call, if any; counts the rule down. Every call of every front comes by here. */
  take(call: string): Fault | null;
  /** Told of every call, before it is answered. */
  onCall(listener: (call: string) => void): void;
  /** Says that a call of resource manager or SQL was answered, by the name that `take` was given. */
  answered(call: string): void;
  /** Told of each of those, when its answer is on the wire: what is not answered is not told. */
  onAnswered(listener: (call: string) => void): void;
}

/** A queue of fault rules, first match wins. */
export function createFaults(): Faults {
  let rules: { at: RegExp; fault: Fault; left: number; after: number }[] = [];
  const listeners: ((call: string) => void)[] = [];
  const whenAnswered: ((call: string) => void)[] = [];
  return {
    add: (rule) => {
      rules.push({
        at: new RegExp(rule.at, 'i'),
        fault: rule.fault,
        left: rule.times === null ? Number.POSITIVE_INFINITY : (rule.times ?? 1),
        after: rule.after ?? 0,
      });
    },
    clear: () => {
      rules = [];
    },
    onCall: (listener) => {
      listeners.push(listener);
    },
    answered: (call) => {
      for (const listener of whenAnswered) listener(call);
    },
    onAnswered: (listener) => {
      whenAnswered.push(listener);
    },
    take: (call) => {
      for (const listener of listeners) listener(call);
      for (const rule of rules) {
        if (rule.left <= 0 || !rule.at.test(call)) continue;
        if (rule.after > 0) {
          rule.after--;
          continue;
        }
        rule.left--;
        return rule.fault;
      }
      return null;
    },
  };
}
