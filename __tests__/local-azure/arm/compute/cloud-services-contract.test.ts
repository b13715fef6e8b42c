// Cloud services against the published description. The newest one that is published as OpenAPI is of 2021: slots and
// the override of the model came later.
import { expect, test } from '@jest/globals';
import { LiveValidator } from 'oav/dist/lib/liveValidation/liveValidator.js';
import type { JsonObject } from '../../../../local-azure/arm/core/json.ts';
import { describeWithShared, sharedPath } from '../contract/shared.ts';
import type { RawAnswer } from '../support/raw-client.ts';
import { CLOUD, properties, servicePath, startCloudArm } from './support/cloud-arm.ts';

/** Where a newer version, or what was recorded of Azure, says what the description does not. */
const KNOWN_DEVIATIONS: readonly RegExp[] = [
  /Additional properties not allowed: slotType$/, // since 2022-09-04
  /^DELETE .* answer: INVALID_CONTENT_TYPE/, // no body, no content type
];

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly answer: RawAnswer;
}

describeWithShared('held against the published description', 'specs', () => {
  test('requests and answers of a walk', async () => {
    const exchanges = await walk();
    const validator = new LiveValidator(
      {
        directory: sharedPath('specs', 'specification'),
        swaggerPathsPattern: ['**/Microsoft.Compute/**/2021-03-01/cloudService.json'],
        git: { shouldClone: false },
        loadValidatorInInitialize: true,
        isPathCaseSensitive: false,
        isArmCall: true,
      },
      () => {},
    );
    await validator.initialize();
    const complaints: string[] = [];
    for (const exchange of exchanges) complaints.push(...(await complaintsAbout(validator, exchange)));
    expect(complaints.filter((each) => !KNOWN_DEVIATIONS.some((known) => known.test(each)))).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(14);
  });
});

async function walk(): Promise<Exchange[]> {
  const azure = await startCloudArm();
  const exchanges: Exchange[] = [];
  const make = async (method: string, below: string, body: JsonObject = {}) => {
    const path = `${servicePath(CLOUD)}${below}`;
    const answer = await azure.call(method, path, method === 'GET' ? undefined : body);
    exchanges.push({ method, path, body, answer });
    if (answer.headers['azure-asyncoperation'] !== undefined) await azure.settled(answer);
  };
  try {
    await make('GET', '');
    await make('PUT', '', { location: 'northeurope', properties: properties('2.0.0') });
    await make('PUT', '/updateDomains/0');
    const reads = [
      '/instanceView',
      '/roles',
      '/roles/WebRole',
      '/roleInstances',
      '/roleInstances/WebRole_IN_0',
    ];
    const views = ['/roleInstances/WebRole_IN_0/instanceView', '/updateDomains', '/updateDomains/1'];
    for (const read of [...reads, ...views]) await make('GET', read);
    await make('POST', '/restart', { roleInstances: ['WebRole_IN_0'] });
    await make('PATCH', '', { tags: { lease: 'run-1' } });
    await make('DELETE', '');
    await make('DELETE', '');
  } finally {
    await azure.close();
  }
  return exchanges;
}

async function complaintsAbout(
  validator: LiveValidator,
  { method, path, body, answer }: Exchange,
): Promise<string[]> {
  const url = `https://management.azure.com${path}?api-version=2021-03-01`;
  const { requestValidationResult, responseValidationResult } = await validator.validateLiveRequestResponse({
    liveRequest: {
      url,
      method,
      headers: { 'content-type': 'application/json' },
      query: { 'api-version': '2021-03-01' },
      body: { ...body },
    },
    liveResponse: { statusCode: String(answer.status), headers: texts(answer), body: { ...answer.body } },
  });
  return Object.entries({ request: requestValidationResult, answer: responseValidationResult }).flatMap(
    ([side, { errors, runtimeException }]) =>
      [...errors, ...(runtimeException === undefined ? [] : [runtimeException])].map(
        ({ code, message }) => `${method} ${path} ${side}: ${code} ${message}`,
      ),
  );
}

function texts({ headers }: RawAnswer): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
