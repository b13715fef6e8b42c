// Secrets of a run: masked in the log by the runner, and kept out of every file that is written.

export interface Masking {
  /** Makes the runner mask a secret in the log from now on. Empty text is ignored. */
  mask(secret: string): void;
  /** The text without any secret masked so far, also where it stands within JSON. */
  redact(text: string): string;
}

/** Shorter ones are masked in the log, but replacing them in a document would shred it. */
const SHORTEST_TO_REDACT = 6;

/** @param setSecret the runner's `add-mask`, runner-commands.ts; does nothing outside a runner. */
export function createMasking(setSecret: (secret: string) => void): Masking {
  const secrets = new Set<string>();
  return {
    mask: (secret) => {
      if (secret.trim() === '' || secrets.has(secret)) return;
      secrets.add(secret);
      setSecret(secret);
    },
    redact: (text) =>
      // Longest first: a secret may contain another one.
      [...secrets]
        .filter((secret) => secret.length >= SHORTEST_TO_REDACT)
        .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
        .sort((a, b) => b.length - a.length)
        .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text),
  };
}
