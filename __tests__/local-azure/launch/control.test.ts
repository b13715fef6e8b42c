import { afterEach, describe, expect, test } from '@jest/globals';
import { type ControlServer, startControl } from '../../../local-azure/control/control.ts';
import { createFaults } from '../../../local-azure/faults.ts';

let server: ControlServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start() {
  const faults = createFaults();
  const done: unknown[] = [];
  server = await startControl({
    faults,
    state: () => ({ servers: ['<contoso>'] }),
    deploy: (site, slot, version) => {
      if (site === 'nowhere') return Promise.reject(new Error('There is no site nowhere.'));
      done.push([site, slot, version]);
      return Promise.resolve();
    },
    setReplicationLag: (ms) => {
      done.push(ms);
    },
    setRegionDown: (region, down) => {
      done.push([region, down]);
    },
  });
  const { url } = server;
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  return { faults, done, send };
}

describe('control page', () => {
  test('shows the state as JSON and as a page that cannot be broken by it', async () => {
    const { send } = await start();
    expect(JSON.parse((await send('GET', '/state')).text)).toEqual({ servers: ['<contoso>'] });
    const page = await send('GET', '/');
    expect(page.text).toContain('&#60;contoso&#62;');
    expect(page.text).not.toContain('<contoso>');
  });

  test('queues a fault and clears all', async () => {
    const { send, faults } = await start();
    await send('POST', '/faults', { at: 'arm PUT .*profiles', fault: { kind: 'hang' }, times: 2, after: 1 });
    const call = 'arm PUT /subscriptions/x/profiles/contoso';
    expect(faults.take(call)).toBeNull();
    expect(faults.take(call)).toEqual({ kind: 'hang' });
    expect((await send('DELETE', '/faults')).status).toBe(200);
    expect(faults.take(call)).toBeNull();
  });

  test('deploys and sets the replication lag', async () => {
    const { send, done } = await start();
    await send('POST', '/deploy', { site: 'contoso-green', version: '2.0.0' });
    await send('POST', '/replication-lag', { ms: null });
    expect(done).toEqual([['contoso-green', null, '2.0.0'], null]);
  });

  test('takes a region down and brings it back', async () => {
    const { send, done } = await start();
    await send('POST', '/region-outage', { region: 'northeurope', down: true });
    await send('POST', '/region-outage', { region: 'northeurope', down: false });
    expect(done).toEqual([
      ['northeurope', true],
      ['northeurope', false],
    ]);
  });

  test.each([
    ['POST', '/faults', { at: 'x', fault: { kind: 'explode' } }, 400, 'kind'],
    ['POST', '/replication-lag', { ms: -1 }, 400, 'ms'],
    ['POST', '/region-outage', { region: 'northeurope' }, 400, 'down'],
    ['POST', '/deploy', { site: 'nowhere', version: '2.0.0' }, 400, 'There is no site nowhere.'],
    ['GET', '/elsewhere', undefined, 404, 'GET /state'],
  ])('%s %s with a wrong body is refused with the reason', async (method, path, body, status, reason) => {
    const { send, done } = await start();
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(reason);
    expect(done).toEqual([]);
  });

  test('refuses pages of other origins', async () => {
    const { send, done } = await start();
    const body = { site: 'contoso-green', version: '2.0.0' };
    expect((await send('POST', '/deploy', body, { origin: 'https://evil.example' })).status).toBe(403);
    expect(done).toEqual([]);
  });
});
