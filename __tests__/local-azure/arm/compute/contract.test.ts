// Scale sets against the published description of Microsoft.Compute, and against what the real one answered in
// recordings of azure-cli's own test suite.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../local-azure/arm/core/json.ts';
import { asNumber, asObject, asText } from '../../../../local-azure/arm/core/json.ts';
import { complaintsAbout, loadDescriptions } from '../contract/descriptions.ts';
import { type Exchange, listen } from '../contract/exchanges.ts';
import { type Recorded, readRecording, replay } from '../contract/replay.ts';
import { describeWithShared } from '../contract/shared.ts';
import type { ComputeArm } from './support/compute-arm.ts';
import { GROUP, image, startComputeArm, WEB } from './support/compute-arm.ts';

/** What the service says and its description does not; but for the first, all in the recordings below. */
const UNDESCRIBED: readonly RegExp[] = [
  /\betag\b/, // described later
  /not allowed: (allowExtensionOperations|requireGuestProvisionSignal) /,
  /instanceView .*not allowed: (computerName|osName|osVersion|hyperVGeneration) /,
  /not allowed: (computerName|osName|osVersion|hyperVGeneration) .*instanceView/,
  /rollingUpgrades\/latest answer: MISSING_RESOURCE_ID/,
];

describeWithShared('scale sets held against the published description', 'specs', () => {
  test('requests and answers of a walk', async () => {
    const azure = await startComputeArm();
    const exchanges = await walkExchanges(azure);
    await azure.close();
    const validator = await loadDescriptions(['**/Microsoft.Compute/**/2021-03-01/compute.json']);
    const complaints: string[] = [];
    for (const exchange of exchanges.filter(({ url }) => !/\/operations\//.test(url)))
      complaints.push(...(await complaintsAbout(validator, exchange, '2021-03-01')));
    expect(complaints.filter((each) => !UNDESCRIBED.some((known) => known.test(each)))).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(15);
  });
});

async function walkExchanges(azure: ComputeArm): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const { client } = azure;
  const sets = client.virtualMachineScaleSets;
  listen(client as never, exchanges);
  const policy = { enabled: true, gracePeriod: 'PT10M' };
  await sets.update(GROUP, WEB, { automaticRepairsPolicy: policy });
  await sets.setOrchestrationServiceState(GROUP, WEB, { serviceName: 'AutomaticRepairs', action: 'Suspend' });
  await sets.createOrUpdate(GROUP, WEB, await sets.get(GROUP, WEB));
  await azure.setImage('3.0.0');
  await azure.upgrade(['0']);
  await azure.instances();
  await sets.getInstanceView(GROUP, WEB);
  await client.virtualMachineScaleSetVMs.getInstanceView(GROUP, WEB, '1');
  await client.virtualMachineScaleSetVMs.get(GROUP, WEB, '0', { expand: 'instanceView' });
  await sets.restart(GROUP, WEB, { vmInstanceIDs: { instanceIds: ['0'] } });
  await sets.deleteInstances(GROUP, WEB, { instanceIds: ['13'] });
  await sets.update(GROUP, WEB, { ...image('2.0.0'), upgradePolicy: { mode: 'Rolling' } });
  await client.virtualMachineScaleSetRollingUpgrades.getLatest(GROUP, WEB);
  for await (const usage of client.usage.list('northeurope')) expect(usage.unit).toBe('Count');
  return exchanges;
}

const RECORDINGS = 'vm/tests/latest/recordings';
const KNOWN_DEVIATIONS: readonly RegExp[] = [
  /etag/, // later than the recordings
  /instanceView\.statuses\[\]\.time is not recorded/, // the recorded one was not ready yet
];

describeWithShared('the answers of the recordings', 'recordings', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
    azure.arm.compute.addPlatformImage({
      publisher: 'Canonical',
      offer: 'UbuntuServer',
      sku: '18.04-LTS',
      version: '18.04.202012111',
    });
  });
  afterEach(() => azure.close());

  /** A deployment made the set; what follows of it is replayed. */
  const differences = async (file: string) => {
    const recording = readRecording(`${RECORDINGS}/${file}`);
    const isAbout = ({ path }: Recorded) =>
      /\/providers\/Microsoft\.Compute\/(virtualMachineScaleSets|locations)\//i.test(path);
    const end = recording.findIndex(({ path }) => /deallocate/.test(path));
    // Polls by the other of an operation's two addresses; instances that the recording had spare.
    const isLeftOut = ({ path }: Recorded) => /monitor=true|virtualmachines\/2/i.test(path);
    const about = recording
      .slice(0, end < 0 ? undefined : end)
      .filter((each) => isAbout(each) && !isLeftOut(each));
    const first = about.find(({ method, path }) => method === 'GET' && /\/vmss1\?/.test(path));
    seed(first?.path ?? '', asObject(first?.answer));
    return (await replay(azure, about)).filter((each) => !KNOWN_DEVIATIONS.some((known) => known.test(each)));
  };
  const seed = (path: string, set: JsonObject) => {
    const group = /\/resourceGroups\/([^/]+)/i.exec(path)?.[1] ?? '';
    const sku = asObject(set.sku);
    azure.arm.createGroup({ name: group, location: 'westus', tags: {} });
    azure.arm.compute.createScaleSet({
      name: 'vmss1',
      group,
      location: 'westus',
      sku: { name: asText(sku.name) ?? '', capacity: asNumber(sku.capacity) ?? 0 },
      properties: asObject(set.properties),
    });
  };

  test.each(['test_vmss_rolling_upgrade.yaml', 'test_vmss_vms.yaml'])('%s', async (file) => {
    expect(await differences(file)).toEqual([]);
  });
});
