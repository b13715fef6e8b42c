// What `az tag list` and `az tag update` ask for, at the scope of a scale set.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asObject, type JsonObject } from '../../../../local-azure/arm/core/json.ts';
import { OBJECT_ID } from '../support/test-arm.ts';
import { COMPUTE, type ComputeArm, setPath, startComputeArm, V, WEB } from './support/compute-arm.ts';

const PLACE = 'providers/Microsoft.Resources/tags/default?api-version=2021-04-01';

describe('tags at the scope of a resource', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
  });
  afterEach(() => azure.close());

  const change = (operation: string, tags: JsonObject) =>
    azure.call('PATCH', `${setPath(WEB)}/${PLACE}`, { body: { operation, properties: { tags } } });
  const tagsNow = async () => (await azure.call('GET', `${setPath(WEB)}?${V}`)).body.tags;

  test('are those of the resource, whose etag they change', async () => {
    const etag = async () => (await azure.call('GET', `${setPath(WEB)}?${V}`)).headers.etag;
    const before = await etag();
    const { status, body } = await change('Merge', { one: '1', two: '2' });
    expect(status).toBe(200);
    expect(asObject(body.properties).tags).toEqual({ one: '1', two: '2' });
    expect(await tagsNow()).toEqual({ one: '1', two: '2' });
    expect(await etag()).not.toBe(before);
    await change('Replace', { three: '3' });
    const read = await azure.call('GET', `${setPath(WEB)}/${PLACE}`);
    expect(read.body).toMatchObject({ name: 'default', properties: { tags: { three: '3' } } });
  });

  test('are deleted where name and value are theirs', async () => {
    await change('Merge', { lease: 'run=1', keep: 'me' });
    await change('Delete', { lease: 'run=2' });
    expect(await tagsNow()).toEqual({ lease: 'run=1', keep: 'me' });
    await change('Delete', { Lease: 'run=1' });
    expect(await tagsNow()).toEqual({ keep: 'me' });
  });

  test('are not changed to what is no operation, nor of what is not there', async () => {
    expect((await change('Remove', { keep: 'me' })).status).toBe(400);
    const gone = await azure.call('GET', `${setPath('nobody')}/${PLACE}`);
    expect([gone.status, gone.code]).toEqual([404, 'ResourceNotFound']);
  });

  test('need a right of their own: to manage machines is not enough', async () => {
    azure.arm.setGrants(OBJECT_ID, [
      { scope: COMPUTE.split('/providers')[0] ?? '', actions: ['Microsoft.Compute/*'], notActions: [] },
    ]);
    const refused = await change('Merge', { one: '1' });
    expect([refused.status, refused.code]).toEqual([403, 'AuthorizationFailed']);
    expect(refused.message).toContain("'Microsoft.Resources/tags/write'");
  });
});
