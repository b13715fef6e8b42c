// The published descriptions (OpenAPI), and what they say against an exchange.
import { LiveValidator } from 'oav/dist/lib/liveValidation/liveValidator.js';
import { asObject } from '../../../../local-azure/arm/core/json.ts';
import type { Exchange } from './exchanges.ts';
import { sharedPath, withoutNulls } from './shared.ts';

/** @param files patterns below the folder of descriptions */
export async function loadDescriptions(files: readonly string[]): Promise<LiveValidator> {
  const validator = new LiveValidator(
    {
      directory: sharedPath('specs', 'specification'),
      swaggerPathsPattern: [...files],
      git: { shouldClone: false },
      loadValidatorInInitialize: true,
      isPathCaseSensitive: false,
      isArmCall: true,
    },
    () => {},
  );
  await validator.initialize();
  return validator;
}

/** @param version of the description that stands in for the one that was sent */
export async function complaintsAbout(
  validator: LiveValidator,
  exchange: Exchange,
  version: string,
): Promise<string[]> {
  const url = exchange.url.replace(/api-version=[^&]+/, `api-version=${version}`);
  const { requestValidationResult, responseValidationResult } = await validator.validateLiveRequestResponse({
    liveRequest: {
      url,
      method: exchange.method,
      headers: { 'content-type': 'application/json' },
      query: Object.fromEntries(new URL(url).searchParams),
      body: { ...asObject(exchange.requestBody) },
    },
    liveResponse: {
      statusCode: String(exchange.status),
      headers: exchange.responseHeaders,
      body: { ...asObject(withoutNulls(exchange.responseBody)) },
    },
  });
  const results = { request: requestValidationResult, answer: responseValidationResult };
  return Object.entries(results).flatMap(([side, result]) => {
    const failure = result.runtimeException === undefined ? [] : [result.runtimeException.message];
    const errors = result.errors.map(
      (error) => `${error.code} ${error.message} ${error.pathsInPayload.join(' ')}`,
    );
    return [...failure, ...errors].map(
      (text) => `${exchange.method} ${new URL(url).pathname} ${side}: ${text}`,
    );
  });
}
