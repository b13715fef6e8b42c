// The configuration files of the services in update domains are ones that the action takes, and name what is there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLOUD_ROLES, CLOUD_SERVICES, SCALE_SETS } from '../../../local-azure/topologies/contoso-service.ts';
import {
  CONFIGURED_SERVICES,
  CONFIGURED_VERSIONS,
  type ConfiguredService,
  type ConfiguredVersion,
  serviceConfigPath,
} from '../../../local-azure/topologies/service-config-file.ts';
import { writeServiceWorkspace } from '../../../local-azure/topologies/workspace.ts';
import { loadServiceConfig } from '../../../src/config/service-load.ts';

const workspace = mkdtempSync(join(tmpdir(), 'service-workspace-'));
beforeAll(() => writeServiceWorkspace(workspace));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function load(service: ConfiguredService, version: ConfiguredVersion) {
  const path = serviceConfigPath(service, version);
  return loadServiceConfig({ path, workspace, environment: {}, mask: () => undefined });
}

describe.each(CONFIGURED_VERSIONS)('the update to %s', (version) => {
  test.each(CONFIGURED_SERVICES)('of %s is of services that there are', (name) => {
    const { service, switchMethod } = load(name, version);
    expect(switchMethod).toBe(name === 'swap' ? 'swap' : 'in-place');
    if (service.kind === 'scale-sets') {
      const known = SCALE_SETS.map((set) => set.name);
      for (const role of service.roles) {
        expect(known).toContain(role.scaleSet);
        expect(role.change.image).toMatch(new RegExp(`/versions/${version}$`));
      }
      return;
    }
    expect([service.service, service.stagingService]).toEqual([
      CLOUD_SERVICES[0],
      name === 'swap' ? CLOUD_SERVICES[1] : null,
    ]);
    expect(service.roles.map((role) => role.name)).toEqual(CLOUD_ROLES.map((role) => role.name));
    expect(service.packageUrl).toContain(version);
  });
});

test('the file that the action reads where none is named is the first', async () => {
  expect(await writeServiceWorkspace(workspace)).toBe('.github/rolling-upgrade.yml');
});
