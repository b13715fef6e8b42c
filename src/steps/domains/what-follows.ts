// What a failure of an update leads to, as far as the configuration has a say in it.
import type { ServiceConfig } from '../../config/service-config.ts';
import { OF_ANOTHER_RUN, type ReasonCode, type UpgradeError } from '../../reasons.ts';

/**
 * `rollback`: back to the version before, by the run itself. `hold`: the run ends with the update as it stands, both
 * versions serving, and a person or the next run decides.
 */
export function followsFrom({ walk }: ServiceConfig, { reason }: UpgradeError): 'rollback' | 'hold' {
  switch (reason) {
    case 'update-stuck':
      return walk.onStuck === 'rollback' ? 'rollback' : 'hold';
    case 'instance-start-timeout':
      return walk.onStartTimeout === 'rollback' ? 'rollback' : 'hold';
    default:
      return HELD.includes(reason) ? 'hold' : 'rollback';
  }
}

/** A way back would take longer than there is time, would act against somebody else, or could not be written down. */
const HELD: readonly ReasonCode[] = [
  'cancelled',
  'interrupted',
  ...OF_ANOTHER_RUN,
  'record-not-kept',
  'service-busy',
  'instances-differ',
  'update-in-progress',
  'phase-not-applicable',
  'input-invalid',
  'swap-failed',
];
