import { describe, expect, test } from '@jest/globals';
import { parseAzureEnvironment, reachedAt, scopeOf } from '../../src/azure/environment.ts';
import { UpgradeError } from '../../src/reasons.ts';

const LOCAL = {
  name: 'LocalAzure',
  resourceManager: 'https://localhost:8443/',
  authority: 'https://localhost:8444',
  dnsServers: ['127.0.0.1:5353'],
  connectTo: { 'Contoso-SQL-blue.database.windows.net:1433': '127.0.0.1:5001' },
};

function refusal(text: string): UpgradeError {
  try {
    parseAzureEnvironment(text);
  } catch (error) {
    if (error instanceof UpgradeError) return error;
  }
  throw new Error('was not refused');
}

describe('azure-environment', () => {
  test('a cloud by name has its own Entra, Resource Manager and SQL audience', () => {
    const government = parseAzureEnvironment('AzureUSGovernment');
    expect(government.authority).toBe('https://login.microsoftonline.us');
    expect(government.resourceManager).toBe('https://management.usgovcloudapi.net');
    expect(scopeOf(government.sqlAudience)).toBe('https://database.usgovcloudapi.net/.default');
    expect(government.isCustom).toBe(false);
  });

  test('nothing given is the public cloud', () => {
    expect(parseAzureEnvironment(' ').name).toBe('AzureCloud');
  });

  test('JSON describes a cloud of its own, with ways to its hosts', () => {
    const local = parseAzureEnvironment(JSON.stringify(LOCAL));
    expect(local).toMatchObject({
      name: 'LocalAzure',
      resourceManager: 'https://localhost:8443',
      isCustom: true,
    });
    expect(reachedAt(local, 'contoso-sql-BLUE.database.windows.net', 1433)).toBe('127.0.0.1:5001');
    expect(reachedAt(local, 'contoso-sql-green.database.windows.net', 1433)).toBe(
      'contoso-sql-green.database.windows.net:1433',
    );
  });

  test('a named cloud can be reached through a tunnel', () => {
    const tunnelled = parseAzureEnvironment(
      JSON.stringify({ name: 'AzureCloud', connectTo: { 'a.database.windows.net:1433': 'localhost:1433' } }),
    );
    expect(tunnelled.resourceManager).toBe('https://management.azure.com');
    expect(tunnelled.isCustom).toBe(false);
  });

  test('every problem is told at once, each with its place', () => {
    const { reason, message } = refusal(
      JSON.stringify({
        ...LOCAL,
        authority: 'http://localhost',
        dnsServers: ['not an address'],
        colour: 'red',
      }),
    );
    expect(reason).toBe('input-invalid');
    expect(message).toContain('authority: must be an https URL');
    expect(message).toContain('dnsServers.0');
    expect(message).toContain('colour');
  });

  test.each(['AzureCloudd', '{"name":', '{}', '{"name":"X"}'])('refuses %s', (text) => {
    expect(refusal(text).reason).toBe('input-invalid');
  });
});
