// Requests and answers against the published descriptions (OpenAPI). The exact api-versions of the SDKs are not
// published there, so the nearest one stands in.
import { expect, test } from '@jest/globals';
import { LiveValidator } from 'oav/dist/lib/liveValidation/liveValidator.js';
import { asObject } from '../../../../local-azure/arm/core/json.ts';
import { startTestArm } from '../support/test-arm.ts';
import type { Exchange } from './exchanges.ts';
import { upgradeExchanges } from './exchanges.ts';
import { describeWithShared, sharedPath, withoutNulls } from './shared.ts';

const STANDS_IN: readonly (readonly [path: RegExp, version: string, files: string])[] = [
  [/\/providers\/Microsoft\.Sql\/.*(AzureAsyncOperation|OperationResults)\//i, '', ''],
  // removal and failover of a link were described anew only later
  [
    /^(DELETE|POST) .*\/replicationLinks\//i,
    '2014-04-01',
    '**/Microsoft.Sql/**/2014-04-01/replicationLinks.json',
  ],
  [/\/providers\/Microsoft\.Sql\//i, '2021-02-01-preview', '**/Microsoft.Sql/**/2021-02-01-preview/*.json'],
  [/\/providers\/Microsoft\.Network\//i, '2018-08-01', '**/Microsoft.Network/**/2018-08-01/*.json'],
  [/operationresults\//i, '', ''],
  [/\/providers\/Microsoft\.Web\//i, '2021-01-15', '**/Microsoft.Web/**/2021-01-15/*.json'],
];

/** Where the service itself, or a newer version, says what the description does not. */
const KNOWN_DEVIATIONS: readonly RegExp[] = [
  /NestedProfile/, // Traffic Manager's answers carry it in every recording
  /alwaysServe/, // since 2022-04-01
  /DELETE .*trafficManagerProfiles.* answer: INVALID_CONTENT_TYPE/i, // no body, no content type, in every recording
  // Undocumented members of Microsoft.Web's answers; recordings.test.ts holds each of them against a recording.
  /Microsoft\.Web\/.* answer: OBJECT_ADDITIONAL_PROPERTIES/,
  /slotConfigNames answer: MISSING_RESOURCE_ID/, // "id": null, in every recording
];

describeWithShared('held against the published descriptions', 'specs', () => {
  test('requests and answers of an upgrade', async () => {
    const azure = await startTestArm();
    const exchanges = await upgradeExchanges(azure);
    await azure.close();
    const validator = new LiveValidator(
      {
        directory: sharedPath('specs', 'specification'),
        swaggerPathsPattern: STANDS_IN.flatMap(([, , files]) => (files === '' ? [] : [files])),
        git: { shouldClone: false },
        loadValidatorInInitialize: true,
        isPathCaseSensitive: false,
        isArmCall: true,
      },
      () => {},
    );
    await validator.initialize();
    const complaints: string[] = [];
    let checked = 0;
    for (const exchange of exchanges) {
      const version = STANDS_IN.find(([path]) => path.test(`${exchange.method} ${exchange.url}`))?.[1] ?? '';
      if (version === '') continue;
      complaints.push(...(await complaintsAbout(validator, exchange, version)));
      checked++;
    }
    expect(complaints.filter((each) => !KNOWN_DEVIATIONS.some((known) => known.test(each)))).toEqual([]);
    expect(checked).toBeGreaterThan(30);
  });
});

async function complaintsAbout(
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
