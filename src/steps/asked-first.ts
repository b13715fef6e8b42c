// What has to hold just before a request is sent. Whatever a client makes of it, that it did not hold is remembered: the request was
// not sent then, or not once more.
import type { BeforeSending } from '../azure/ports.ts';

export interface AskedFirst {
  readonly beforeSending: BeforeSending;
  /** What it has thrown; null where it held each time. */
  refusal(): unknown;
}

export function askedFirst(ask: BeforeSending): AskedFirst {
  let refusal: unknown = null;
  return {
    beforeSending: () =>
      ask().catch((error: unknown) => {
        refusal = error;
        throw error;
      }),
    refusal: () => refusal,
  };
}
