// An upgrade to version 2 that succeeds, then one to version 3, back the other way, whose script fails.
import type { Story } from '../story.ts';
import { V2, V3 } from './configs.ts';

const [BLUE, GREEN] = ['contoso-sql-blue', 'contoso-sql-green'];

export const SINGLE_REGION: Story = {
  sites: 'two web apps',
  acts: [
    {
      kind: 'run',
      title: 'What would happen',
      inputs: { phase: 'plan', config: V2 },
      expected: { result: 'succeeded', productionSlot: 'blue', writableOn: BLUE, links: [] },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'The stage slot is made',
      inputs: { phase: 'prepare', config: V2 },
      expected: {
        result: 'succeeded',
        productionSlot: 'blue',
        writableOn: BLUE,
        links: [`${BLUE} → ${GREEN}`],
      },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'Version 2: upgrade and switch, in one run',
      inputs: { phase: 'upgrade, switch', config: V2 },
      expected: { result: 'succeeded', productionSlot: 'green', writableOn: GREEN, links: [] },
      deploy: [],
    },
    {
      kind: 'run',
      title: 'Version 1 is removed',
      inputs: { phase: 'cleanup', config: V2, confirm: 'remove blue' },
      expected: { result: 'succeeded', productionSlot: 'green', writableOn: GREEN, links: [] },
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
        links: [`${GREEN} → ${BLUE}`],
      },
      deploy: [{ site: 'contoso-blue', version: '3.0.0' }],
    },
    {
      kind: 'run',
      title: 'Version 3: its script fails, and the action goes back by itself',
      inputs: { phase: 'upgrade, switch', config: V3 },
      expected: { result: 'rolled-back', productionSlot: 'green', writableOn: GREEN, links: [] },
      deploy: [],
    },
  ],
  end: {
    answeredBy: 'contoso-green 2.0.0',
    sqlServer: GREEN,
    inWords: 'users are on version 2.0.0 and can write',
  },
};
