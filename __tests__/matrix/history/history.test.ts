// The history check at work on the embedded Azure: it sees a loss that really happened.
import { afterEach, expect, test } from '@jest/globals';
import { carryOut } from '../../acceptance/person.ts';
import { startWatched, until, V1, V2, type Watched } from './history-fixture.ts';

const ENDPOINT =
  'az network traffic-manager endpoint update -g contoso-traffic --profile-name contoso --type externalEndpoints';

let watched: Watched;
afterEach(() => watched?.close());

test('a link that somebody cut while it lagged, and users sent to what was cut off', async () => {
  watched = await startWatched();
  const { scenario, history, acknowledged } = watched;
  const { azure } = scenario;
  await scenario.act({ phase: 'prepare' });
  azure.setReplicationLag(null);
  const before = acknowledged(V1);
  await until(() => acknowledged(V1) > before + 1);
  // As whoever follows the article without a drain.
  const [link] = azure.fabric.links(V1, 'contoso');
  azure.fabric.removeLink(link?.id ?? '');
  await carryOut(azure, [`${ENDPOINT} -n green --endpoint-status Enabled`]);
  await carryOut(azure, [`${ENDPOINT} -n blue --endpoint-status Disabled`]);
  await until(() => history.events().some(({ servedBy }) => servedBy?.database === V2));
  const violations = await history.check();
  for (const sentence of [
    /^law 4: order .*acknowledged by contoso-blue, is not where users are/,
    /^law 4: order .* is in contoso-sql-blue and not in contoso-sql-green/,
  ])
    expect(violations).toContainEqual(expect.stringMatching(sentence));
});
