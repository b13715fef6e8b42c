// Bodies of PUT requests against the ARM template schemas, at the very versions that the SDKs send.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type { default as AjvDraft04 } from 'ajv-draft-04';
import type { JsonObject } from '../../../../local-azure/arm/core/json.ts';
import { asObject } from '../../../../local-azure/arm/core/json.ts';
import { startTestArm } from '../support/test-arm.ts';
import { upgradeExchanges } from './exchanges.ts';
import { describeWithShared, sharedPath, withoutNulls } from './shared.ts';

// A CommonJS package whose types describe it as a module.
const { default: Ajv }: { default: typeof AjvDraft04.default } = createRequire(import.meta.url)(
  'ajv-draft-04',
);

/** Version of the schema, its file, and the resource definition for a request's path. */
const SCHEMAS: readonly (readonly [path: RegExp, version: string, file: string, definition: string])[] = [
  [/\/servers\/[^/]+\/databases\/[^/]+\?/, '2022-08-01-preview', 'Microsoft.Sql', 'servers_databases'],
  [
    /\/trafficManagerProfiles\/[^/]+\?/i,
    '2022-04-01',
    'Microsoft.Network.TrafficManager',
    'trafficmanagerprofiles',
  ],
  [/\/sites\/[^/]+\/slots\/[^/]+\?/, '2024-11-01', 'Microsoft.Web', 'sites_slots'],
];

describeWithShared('held against the ARM template schemas', 'specs', () => {
  test.each(
    SCHEMAS.map(([path, version, file, definition]) => ({ path, version, file, definition })),
  )('PUT bodies of $definition at $version', async ({ path, version, file, definition }) => {
    const azure = await startTestArm();
    const exchanges = await upgradeExchanges(azure);
    await azure.close();
    const puts = exchanges.filter((each) => each.method === 'PUT' && path.test(each.url));
    expect(puts.length).toBeGreaterThan(0);
    const validate = compile(version, file, definition);
    for (const { url, requestBody } of puts) {
      const name = new URL(url).pathname.split('/').at(-1) ?? '';
      const { type, resource } = resourceOf(definition, asObject(withoutNulls(requestBody)), name, version);
      expect({ type, errors: validate(resource) }).toEqual({ type, errors: [] });
    }
  });
});

function compile(version: string, file: string, definition: string): (value: JsonObject) => string[] {
  const read = (...parts: string[]): JsonObject =>
    JSON.parse(readFileSync(sharedPath('specs', 'arm-schemas', 'schemas', ...parts), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(
    read('common', 'definitions.json'),
    'https://schema.management.azure.com/schemas/common/definitions.json',
  );
  ajv.addSchema(read(version, `${file}.json`), 'provider');
  const validate = ajv.compile({ $ref: `provider#/resourceDefinitions/${definition}` });
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** A template's resource has name, type and apiVersion; a request has them in its URL. */
function resourceOf(definition: string, body: JsonObject, name: string, apiVersion: string) {
  const types: Readonly<Record<string, string>> = {
    servers_databases: 'Microsoft.Sql/servers/databases',
    trafficmanagerprofiles: 'Microsoft.Network/trafficmanagerprofiles',
    sites_slots: 'Microsoft.Web/sites/slots',
  };
  const type = types[definition] ?? '';
  const { id: _, ...members } = body;
  return { type, resource: { ...members, name, type, apiVersion } };
}
