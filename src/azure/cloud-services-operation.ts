// Long-running writes that no SDK has a method for any more.
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { type ArmContext, armSender, armUrl, longRunning } from './arm-client.ts';

export interface LongWrite {
  readonly method: 'PUT' | 'PATCH';
  /** For messages: "The update of cloud service contoso-cloud". */
  readonly what: string;
  /** Begins at /subscriptions. */
  readonly path: string;
  readonly apiVersion: string;
  readonly body: unknown;
  /** Aborting it stops the waiting, not the operation. */
  readonly signal: AbortSignal;
}

/** Sends a write and follows its operation, whichever way Azure tells of it. Throws as `longRunning` does. */
export function longWrites(context: ArmContext): (write: LongWrite) => Promise<void> {
  const send = armSender(context);
  return async ({ method, what, path, apiVersion, body, signal }) => {
    const url = armUrl(context, path, apiVersion);
    await longRunning({
      what,
      signal,
      begin: async ({ updateIntervalInMs, onResponse }) => {
        const { createHttpPoller } = await import('@azure/core-lro');
        const poller = createHttpPoller(
          {
            sendInitialRequest: async () => {
              const response = await send(method, url, { body });
              onResponse(response);
              return operationResponse(method, url, response);
            },
            sendPollRequest: async (pollUrl, options) => {
              const response = await send('GET', pollUrl, { signal: options?.abortSignal });
              return operationResponse('GET', pollUrl, response);
            },
          },
          { intervalInMs: updateIntervalInMs, skipFinalGet: true },
        );
        await poller.submitted();
        return { poller };
      },
    });
  };
}

function operationResponse(method: string, url: string, { status, headers, bodyAsText }: PipelineResponse) {
  const body: unknown = bodyAsText ? JSON.parse(bodyAsText) : undefined;
  const request = { method, url };
  return {
    flatResponse: body,
    rawResponse: { statusCode: status, headers: headers.toJSON(), body, request },
  };
}
