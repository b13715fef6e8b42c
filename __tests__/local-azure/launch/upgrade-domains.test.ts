// Topology upgrade-domains as a whole: what resource manager does to instances shows to those who use the service.
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asList, asObject, type JsonObject, type JsonValue } from '../../../local-azure/arm/core/json.ts';
import { type LocalAzure, startLocalAzure } from '../../../local-azure/start.ts';
import {
  CLOUD_SERVICES,
  cloudServiceId,
  imageId,
  SERVICE_GROUP,
  scaleSetId,
  serviceHost,
} from '../../../local-azure/topologies/contoso-service.ts';
import { UPGRADE_DOMAINS_DEFAULTS } from '../../../local-azure/topologies/options.ts';
import { leadsTo, until } from './whole-azure.ts';

const WEB = 'contoso-web';
const [CLOUD, STAGE] = CLOUD_SERVICES;

describe('topology upgrade-domains', () => {
  let azure: LocalAzure;
  beforeEach(async () => {
    azure = await startLocalAzure(UPGRADE_DOMAINS_DEFAULTS);
  });
  afterEach(() => azure.close());

  /** As a user: one request to a service's public name. */
  const ask = (service: string, port = 443) => {
    const host = serviceHost(service);
    const cloud = JSON.parse(azure.description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}');
    const [address, real] = String(cloud.connectTo[`${host}:${port}`]).split(':');
    const how = { host: address, port: real, headers: { host }, agent: false };
    return answerOf(
      port === 443 ? requestSecure({ ...how, servername: host, ca: azure.ca }) : requestPlain(how),
    );
  };

  const versionsAnswered = async (service: string, requests: number) => {
    const counts: Record<string, number> = {};
    for (let at = 0; at < requests; at++) {
      const { status, body } = await ask(service, 80);
      const key = status === 200 ? String(body.version) : String(status);
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  };

  /** As the action: with the token of its principal. */
  const manage = async (method: string, path: string, version: string, body?: JsonValue) => {
    const { environment, arm } = azure.description;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: environment.AZURE_CLIENT_ID ?? '',
      client_secret: environment.AZURE_CLIENT_SECRET ?? '',
      scope: 'https://management.core.windows.net//.default',
    });
    const token = await send(
      'POST',
      `${arm}/${environment.AZURE_TENANT_ID}/oauth2/v2.0/token`,
      form.toString(),
      {
        'content-type': 'application/x-www-form-urlencoded',
      },
    );
    return send(
      method,
      `${arm}${path}?api-version=${version}`,
      body === undefined ? '' : JSON.stringify(body),
      {
        authorization: `Bearer ${token.body.access_token}`,
        'content-type': 'application/json',
      },
    );
  };
  const send = (method: string, url: string, text: string, headers: Record<string, string>) => {
    const sent = requestSecure(url, { method, headers, ca: azure.ca, agent: false });
    return answerOf(sent, text);
  };

  const domainsOf = (state: JsonValue, list: string, name: string) => {
    const found = asList(asObject(state)[list])
      .map(asObject)
      .find((each) => each.name === name);
    const domains = asList(found?.instances).map((each) => asObject(each).updateDomain);
    return [...new Set(domains)].map((domain) => domains.filter((each) => each === domain).length);
  };

  test('is what the article has: 14 instances over 5 domains, 8 and 9 over 2; and a set without domains', () => {
    const state = azure.arm.state();
    expect(domainsOf(state, 'scaleSets', WEB)).toEqual([3, 3, 3, 3, 2]);
    expect(domainsOf(state, 'scaleSets', 'contoso-front')).toEqual([4, 4]);
    expect(domainsOf(state, 'scaleSets', 'contoso-worker')).toEqual([5, 4]);
    expect(domainsOf(state, 'scaleSets', 'contoso-flex')).toEqual([10]);
    expect(domainsOf(state, 'cloudServices', CLOUD)).toEqual([9, 8]);
    expect(azure.description.environment.INPUT_TOPOLOGY).toBe('upgrade-domains');
  });

  test('every service answers at its public name, over both schemes, and every instance takes its turn', async () => {
    for (const service of [WEB, 'contoso-front', 'contoso-worker', 'contoso-flex', CLOUD, STAGE]) {
      expect(await ask(service)).toMatchObject({ status: 200, body: { version: '1.0.0' } });
      expect(await leadsTo(azure, serviceHost(service))).toBe(serviceHost(service));
    }
    expect(await leadsTo(azure, serviceHost('contoso-none'))).toBe('no-such-name');
    const names = new Set<unknown>();
    for (let at = 0; at < 14; at++) names.add((await ask(WEB, 80)).body.instance);
    expect(names.size).toBe(14);
    expect((await ask(CLOUD, 8080)).body.instance).toMatch(/^WorkerRole_IN_/);
  });

  test('a domain that is updated answers as its version, and one that does not start is out of service', async () => {
    const model = (version: string) => ({
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: imageId(version) } } } },
    });
    const set = scaleSetId(WEB);
    const upgrade = (instanceIds: string[]) =>
      manage('POST', `${set}/manualupgrade`, '2026-04-01', { instanceIds });
    expect((await manage('PATCH', set, '2026-04-01', model('2.0.0'))).status).toBe(200);
    expect((await upgrade(['0', '5', '10'])).status).toBe(202);
    await until(
      () => azure.compute.instances(set).filter((each) => each.model.version === '2.0.0').length === 3,
    );
    await until(() => azure.compute.instances(set).every((each) => each.inService));
    expect(await versionsAnswered(WEB, 28)).toEqual({ '1.0.0': 22, '2.0.0': 6 });
    expect((await manage('PATCH', set, '2026-04-01', model('4.0.0'))).status).toBe(200);
    await upgrade(['*']);
    await until(() => azure.compute.instances(set).every((each) => each.state === 'starting'));
    expect(await versionsAnswered(WEB, 3)).toEqual({ '503': 3 });
    expect(azure.compute.counts(set)).toEqual({ answered: 28, refused: 3 });
  });

  test('a VIP swap brings users to the other cloud service under the same name', async () => {
    for (const role of ['WebRole', 'WorkerRole']) {
      const name = `${cloudServiceId(STAGE)}/roles/${role}`;
      for (const { id, model } of azure.compute.instances(name))
        await azure.compute.update(name, id, { ...model, version: '2.0.0' });
    }
    expect(await versionsAnswered(CLOUD, 3)).toEqual({ '1.0.0': 3 });
    const slot = `${cloudServiceId(STAGE)}/providers/Microsoft.Network/cloudServiceSlots/swap`;
    const swap = await manage('PUT', slot, '2026-01-01', { properties: { slotType: 'Production' } });
    expect(swap.status).toBe(202);
    await until(async () => (await ask(CLOUD, 80)).body.version === '2.0.0');
    expect(await versionsAnswered(STAGE, 3)).toEqual({ '1.0.0': 3 });
  });

  test('the principal may walk, hold autoscale and look; it may not delete', async () => {
    const group = `/subscriptions/${azure.description.subscription}/resourceGroups/${SERVICE_GROUP}`;
    const reads = [
      [`${cloudServiceId(CLOUD)}/roleInstances`, '2024-11-04'],
      [`${scaleSetId(WEB)}/virtualMachines`, '2026-04-01'],
      [`${group}/providers/Microsoft.Insights/autoscaleSettings`, '2022-10-01'],
      [
        `/subscriptions/${azure.description.subscription}/providers/Microsoft.Compute/locations/northeurope/usages`,
        '2026-04-01',
      ],
    ] as const;
    for (const [path, version] of reads)
      expect([path, (await manage('GET', path, version)).status]).toEqual([path, 200]);
    expect((await manage('DELETE', cloudServiceId(CLOUD), '2024-11-04')).status).toBe(403);
  });

  test('a fault hits the users of one service', async () => {
    azure.faults.add({
      at: '^service contoso-web GET /$',
      fault: { kind: 'error', status: 500, code: 'E', message: 'no' },
    });
    expect((await ask('contoso-front')).status).toBe(200);
    expect((await ask(WEB)).status).toBe(500);
    expect((await ask(WEB)).status).toBe(200);
  });

  test('the control page makes instances break and autoscale scale, and says what is wrong with a request', async () => {
    const tell = async (path: string, body: unknown) => {
      const answer = await fetch(`${azure.description.control}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.text()] as const;
    };
    const role = scaleSetId(WEB);
    expect((await tell('/instance-health', { role, instance: '3', working: false }))[0]).toBe(200);
    expect(azure.compute.instance(role, '3')?.inService).toBe(false);
    expect((await tell('/autoscale', { target: role, capacity: 16 }))[1]).toContain('"capacity": 16');
    expect(azure.compute.instances(role)).toHaveLength(16);
    await tell('/version-behaviour', { version: '1.0.0', behaviour: { neverStarts: true } });
    await expect(azure.compute.restart(role, '0')).rejects.toThrow('did not finish');
    expect(await tell('/instance-health', { role, instance: '99', working: true })).toEqual([
      400,
      expect.stringContaining('no instance 99'),
    ]);
    expect((await tell('/version-behaviour', { version: '1.0.0', behaviour: { slow: 1 } }))[0]).toBe(400);
  });

  test('there is nothing to deploy a site to', async () => {
    await expect(azure.deploy('contoso-blue', null, '1.0.0')).rejects.toThrow('topology upgrade-domains');
    expect(azure.state()).toMatchObject({ databases: [], profiles: [], publicName: { exists: true } });
  });
});

interface Answered {
  readonly status: number;
  readonly body: JsonObject;
}

function answerOf(sent: ReturnType<typeof requestPlain>, text = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    sent.on('response', (response) => {
      let received = '';
      response.on('data', (chunk) => {
        received += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: received === '' ? {} : JSON.parse(received) }),
      );
    });
    sent.on('error', reject).end(text);
  });
}
