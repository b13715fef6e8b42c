// A walk that Azure refuses or fails, and a domain that another one holds up: what the person at two in the morning reads.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../src/azure/errors.ts';
import { UpgradeError } from '../../../src/reasons.ts';
import { UPDATE_MS } from './fake-machine.ts';
import { errorOf, goOn, MINUTE, prepare, role, type Scene, scene, upgrade } from './rolling.ts';

const SET =
  '/subscriptions/s/resourceGroups/contoso/providers/Microsoft.Compute/virtualMachineScaleSets/contoso-web';
const ACTION = 'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action';

type Said = Partial<ConstructorParameters<typeof AzureError>[1]>;

const azureSays = (message: string, said: Said) =>
  new AzureError(message, { status: 403, code: null, correlationId: '3c1e', outcomeUnknown: false, ...said });

const forbidden = azureSays(
  `POST ${SET}/manualupgrade: HTTP 403 AuthorizationFailed: The client 'a' with object id 'b' does not have authorization to perform action '${ACTION}' over scope '${SET}' or the scope is invalid.`,
  { code: 'AuthorizationFailed' },
);

/** What the walk of domain 1 answers. */
async function refusedWith(error: unknown, at: Scene = scene()) {
  at.service.onCall = (call) => {
    if (call === 'walk' && at.service.walks.length === 1) throw error;
  };
  return errorOf(await upgrade(at));
}

test.each([
  'locked-by-another-run',
  'overtaken-by-another-run',
] as const)('a domain that is not this run’s to update any more is told as that: %s', async (reason) => {
  const message = 'run 7 has scale set contoso-web';
  expect(await refusedWith(new UpgradeError(reason, message))).toMatchObject({ reason, message });
});

describe('a right that is missing while a domain is updated', () => {
  test('is told as that: which action, on what, and how it is given', async () => {
    const error = await refusedWith(forbidden);
    expect(error.reason).toBe('azure-permission-missing');
    expect(error.message).toContain(
      `Domain 1 was not updated. A right is missing in Azure: ${ACTION} on ${SET}. At that moment`,
    );
    const advice = error.advice.join('\n');
    expect(advice).toContain('docs/custom-role.json');
    expect(advice).toContain('docs/permissions.md');
    expect(advice).toContain(`--scope ${SET}`);
    expect(error.cause).toBe(forbidden);
  });

  test('does not send anybody to look at instances or logs', async () => {
    const { message, advice } = await refusedWith(forbidden);
    expect(message).not.toMatch(/healthy|the platform/);
    expect(advice.join('\n')).not.toMatch(/get-instance-view|logged/);
  });

  test('is told too where a part of the domain was updated before', async () => {
    const at = scene();
    at.service.onCall = (call) => {
      if (call !== 'walk' || at.service.walks.length !== 1) return;
      const [web] = at.service.roles;
      for (const one of web?.machines ?? []) if (one.id === '1') one.version = '2.0.0';
      throw forbidden;
    };
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('azure-permission-missing');
    expect(error.message).toMatch(/^Not all of domain 1 was updated\. A right is missing/);
  });

  test('is told as soon as the other roles are at rest: what was refused is not waited for', async () => {
    const at = scene({ roles: [role('web', 5, 5), role('worker', 5, 5)] });
    let [refusedAt, workersDoneAt] = [0, 0];
    at.service.onCall = (call) => {
      if (call !== 'walk' || at.service.walks.length !== 1) return;
      const worker = at.service.roles[1]?.machines.find(({ domain }) => domain === 1);
      if (worker) worker.update = { at: at.clock.now(), to: '2.0.0', behaviour: 'good' };
      refusedAt = at.clock.now();
      workersDoneAt = refusedAt + UPDATE_MS;
      throw forbidden;
    };
    const ended = await upgrade(at);
    const error = errorOf(ended);
    expect(error.message).toMatch(/^Not all of domain 1 was updated\. A right is missing/);
    expect(at.clock.now()).toBeGreaterThanOrEqual(workersDoneAt);
    expect(at.clock.now() - workersDoneAt).toBeLessThan(MINUTE);
  });
});

describe('a walk that Azure does not carry out', () => {
  test.each([
    ['a refusal', 'refused', { status: 409, code: 'QuotaExceeded' }],
    ['a policy, which no role mends', 'refused', { code: 'RequestDisallowedByPolicy' }],
    ['an operation that failed', 'failed', { status: null, code: 'AllocationFailed' }],
  ] as const)('%s: not updated, and not "updated, and not healthy"', async (_, did, said) => {
    const error = await refusedWith(azureSays('No room in the region.', said));
    expect(error.reason).toBe('update-failed');
    expect(error.message).toMatch(
      new RegExp(
        `^Domain 1 was not updated: Azure ${did} it for 3 instances .*: No room in the region\\. At`,
      ),
    );
    expect(error.message).not.toContain('healthy');
    expect(error.advice.join('\n')).toContain('Azure says why');
    expect(error.advice.join('\n')).not.toContain('get-instance-view');
  });

  test('and does not say so, of instances that do not tell: it is not known', async () => {
    const lost = azureSays('the connection broke', { status: null, outcomeUnknown: true });
    const error = await refusedWith(lost, scene({ tells: false }));
    expect(error.message).toMatch(/^It is not known whether domain 1 was updated: /);
  });
});

describe('a domain that is not touched because another one is down', () => {
  async function heldUp(down: readonly string[]) {
    const at = scene({ roles: [role('web', 14, 5)] });
    await prepare(at);
    for (const one of at.service.machines) if (down.includes(one.key)) one.isStopped = true;
    const error = errorOf(await goOn(at, 0));
    return { at, error };
  }

  test('advises to look at what is down, with the commands, and the way out', async () => {
    const { error } = await heldUp(['web/4', 'web/9']);
    const [first = '', ...others] = error.advice;
    expect(first.split('\n')).toEqual([
      expect.stringMatching(/^Look at the instances that are down/),
      expect.stringContaining('--name contoso-web --instance-id 4 --subscription s'),
      expect.stringContaining('--name contoso-web --instance-id 9 --subscription s'),
    ]);
    expect(others).toEqual([
      expect.stringContaining('run phase upgrade with domain: 4'),
      expect.stringContaining('run phase rollback'),
    ]);
  });

  test('does not name a domain to go on with where two are down: each would hold up the other', async () => {
    const { error } = await heldUp(['web/3', 'web/8', 'web/13', 'web/4', 'web/9']);
    expect(error.message).toMatch(/domain 3 is down.*domain 4 is down/);
    expect(error.advice.join('\n')).not.toMatch(/with domain: \d/);
  });

  test('tells every minute that it waits, and for what', async () => {
    const { at } = await heldUp(['web/4', 'web/9']);
    const lines = at.lines.filter((line) => /^domain 0: waiting, domain 4 is down/.test(line));
    expect(lines).toHaveLength((15 * MINUTE) / MINUTE + 1);
  });
});
