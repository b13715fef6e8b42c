// Cancellation: the runner sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that. What
// has to be done first (unfreeze) is one statement on an open connection and fits into that.
import { UpgradeError } from '../reasons.ts';

/** As much of `process` as is needed. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface Cancellation {
  /** Aborted at the first signal, with an UpgradeError 'cancelled' as its reason. */
  readonly signal: AbortSignal;
  /** Gives signals their usual effect back. */
  dispose(): void;
}

/** SIGBREAK is what Windows runners send as the second signal. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/** Turns the first signal into an abort. Later ones are ignored: the way back is under way and must not be cut off. */
export function onCancellation(source: SignalSource): Cancellation {
  const controller = new AbortController();
  const cancel = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) return;
    controller.abort(
      new UpgradeError('cancelled', `The run was cancelled (${signal}).`, {
        advice: ['Run "status" to see where the upgrade stands.'],
      }),
    );
  };
  for (const signal of SIGNALS) source.on(signal, cancel);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of SIGNALS) source.off(signal, cancel);
    },
  };
}
