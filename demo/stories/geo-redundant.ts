// The same upgrades in two regions, never without protection; then the primary region is lost, and what protected
// the users takes over.
import { NORTH_EUROPE } from '../../local-azure/topologies/contoso.ts';
import type { Story } from '../story.ts';
import { V2, V3 } from './configs.ts';

const [BLUE, BLUE_STANDBY] = ['contoso-sql-1', 'contoso-sql-dr'];
const [GREEN, GREEN_STANDBY] = ['contoso-sql-2', 'contoso-sql-3'];
const [OF_BLUE, OF_GREEN] = [`${BLUE} → ${BLUE_STANDBY}`, `${GREEN} → ${GREEN_STANDBY}`];

export const GEO_REDUNDANT: Story = {
  sites: 'four web apps in two regions',
  acts: [
    {
      kind: 'run',
      title: 'What would happen',
      inputs: { phase: 'plan', config: V2 },
      expected: { result: 'succeeded', productionSlot: 'blue', writableOn: BLUE, links: [OF_BLUE] },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'The stage slot is made in both regions, its copies chained',
      inputs: { phase: 'prepare', config: V2 },
      expected: {
        result: 'succeeded',
        productionSlot: 'blue',
        writableOn: BLUE,
        links: [OF_BLUE, `${BLUE} → ${GREEN}`, OF_GREEN],
      },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'Version 2: upgrade and switch, in one run',
      inputs: { phase: 'upgrade, switch', config: V2 },
      expected: {
        result: 'succeeded',
        productionSlot: 'green',
        writableOn: GREEN,
        links: [OF_BLUE, OF_GREEN],
      },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'Version 1 is removed in both regions',
      inputs: { phase: 'cleanup', config: V2, confirm: 'remove blue' },
      expected: { result: 'succeeded', productionSlot: 'green', writableOn: GREEN, links: [OF_GREEN] },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'The next upgrade, back the other way: prepare',
      inputs: { phase: 'prepare', config: V3 },
      expected: {
        result: 'succeeded',
        productionSlot: 'green',
        writableOn: GREEN,
        links: [OF_GREEN, `${GREEN} → ${BLUE}`, OF_BLUE],
      },
      deploy: [
        { site: 'contoso-1', version: '3.0.0' },
        { site: 'contoso-dr', version: '3.0.0' },
      ],
    },
    {
      kind: 'run',
      title: 'Version 3: its script fails, and the action goes back by itself',
      inputs: { phase: 'upgrade, switch', config: V3 },
      expected: {
        result: 'rolled-back',
        productionSlot: 'green',
        writableOn: GREEN,
        links: [OF_GREEN, OF_BLUE],
      },
      deploy: [],
    },
    {
      kind: 'disaster',
      title: 'A disaster: North Europe is lost',
      region: NORTH_EUROPE,
      served: GREEN,
      protectedBy: GREEN_STANDBY,
      answeredBy: 'contoso-3 2.0.0',
    },
    {
      kind: 'run',
      title: 'What can serve now?',
      inputs: { phase: 'status', config: V2 },
      expected: {
        result: 'succeeded',
        productionSlot: 'green',
        writableOn: null,
        links: [OF_GREEN, OF_BLUE],
      },
      deploy: [],
    },
    {
      kind: 'failover',
      title: 'A person decides: the database fails over, by the command of that summary',
      sqlServer: GREEN_STANDBY,
    },
  ],
  end: {
    answeredBy: 'contoso-3 2.0.0',
    sqlServer: GREEN_STANDBY,
    inWords: 'users are on version 2.0.0 in West Europe and can write',
  },
};
