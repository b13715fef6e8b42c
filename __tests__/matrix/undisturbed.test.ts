// A run that nobody disturbs and that writes or deletes more than it should.
import { expect, test } from '@jest/globals';
import { disturbedNobody } from './undisturbed.ts';

const SWITCH = { phase: 'upgrade, switch' };
const PROFILE =
  'arm PUT /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/trafficManagerProfiles/contoso';
const DATABASE =
  'arm DELETE /subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/blue/databases/contoso';

test.each([
  ['one write of the profile, and the link', [PROFILE, `${DATABASE}/replicationLinks/x`], []],
  ['two writes of the profile', [PROFILE, PROFILE], [/^law 5: the profile was written 2 times/]],
  ['an endpoint by itself', [`${PROFILE}/externalEndpoints/green`], [/^law 5: an endpoint/]],
  ['a database deleted', [PROFILE, DATABASE], [/^law 7: deleted in "upgrade, switch"/]],
])('%s', (_what, calls, sentences) => {
  expect(disturbedNobody(SWITCH, calls)).toEqual(sentences.map((one) => expect.stringMatching(one)));
});

test('phases that delete may', () => {
  expect(disturbedNobody({ phase: 'cleanup', confirm: 'remove blue' }, [DATABASE])).toEqual([]);
});

test('prepare adds endpoints that are offline one by one', () => {
  const endpoint = `${PROFILE}/externalEndpoints/green`;
  expect(disturbedNobody({ phase: 'prepare' }, [endpoint])).toEqual([]);
});
