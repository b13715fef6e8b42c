// Requests and answers against the published descriptions (OpenAPI). The exact api-versions of the SDKs are not
// published there, so the nearest one stands in.
import { expect, test } from '@jest/globals';
import { startTestArm } from '../support/test-arm.ts';
import { complaintsAbout, loadDescriptions } from './descriptions.ts';
import { upgradeExchanges } from './exchanges.ts';
import { describeWithShared } from './shared.ts';

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
    const validator = await loadDescriptions(
      STANDS_IN.flatMap(([, , files]) => (files === '' ? [] : [files])),
    );
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
