// Between two domains a look that Azure does not answer for a moment is no reason to take an update back.
import { AzureError } from '../../azure/errors.ts';
import type { StepRun } from '../../engine/step.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';

/**
 * A look; again, where Azure could not be read, for as long as a domain's health may take. Throws what it said last, and
 * at once what waiting does not mend.
 */
export async function lookPatiently(
  context: ServiceContext,
  { signal }: Pick<StepRun, 'signal'>,
): Promise<ServiceObservation> {
  const { clock, config, log } = context;
  const until = clock.now() + config.health.timeoutMs;
  for (;;) {
    try {
      return await observeService(context);
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error) || clock.now() >= until) throw error;
      log.warning(`The service could not be looked at: ${error.message}`);
    }
    await clock.sleep(config.health.intervalMs, signal);
  }
}

/** No answer, too many requests, or a failure of Azure's own. */
function mayPass(error: unknown): error is AzureError {
  if (!(error instanceof AzureError)) return false;
  return error.status === null || error.status === 429 || error.status >= 500;
}
