// What the demo does, as data: an upgrade to version 2 that succeeds, then one to version 3, back the other
// way, whose script fails.
import type { Result } from '../src/engine/report.ts';

export interface Act {
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: { readonly result: Result; readonly productionSlot: string; readonly writable: boolean };
  /** A package that the user's own workflow would deploy before this act. */
  readonly deploy: { readonly site: string; readonly version: string } | null;
}

const V2 = '.github/rolling-upgrade.yml';
const V3 = '.github/rolling-upgrade-v3.yml';

export const STORY: readonly Act[] = [
  {
    title: 'What would happen',
    inputs: { phase: 'plan', config: V2 },
    expected: { result: 'succeeded', productionSlot: 'blue', writable: true },
    deploy: null,
  },
  {
    title: 'The stage slot is made',
    inputs: { phase: 'prepare', config: V2 },
    expected: { result: 'succeeded', productionSlot: 'blue', writable: true },
    deploy: null,
  },
  {
    title: 'Version 2: upgrade and switch, in one run',
    inputs: { phase: 'upgrade, switch', config: V2 },
    expected: { result: 'succeeded', productionSlot: 'green', writable: true },
    deploy: null,
  },
  {
    title: 'Version 1 is removed',
    inputs: { phase: 'cleanup', config: V2, confirm: 'remove blue' },
    expected: { result: 'succeeded', productionSlot: 'green', writable: true },
    deploy: null,
  },
  {
    title: 'The next upgrade, back the other way: prepare',
    inputs: { phase: 'prepare', config: V3 },
    expected: { result: 'succeeded', productionSlot: 'green', writable: true },
    deploy: { site: 'contoso-blue', version: '3.0.0' },
  },
  {
    title: 'Version 3: its script fails, and the action goes back by itself',
    inputs: { phase: 'upgrade, switch', config: V3 },
    expected: { result: 'rolled-back', productionSlot: 'green', writable: true },
    deploy: null,
  },
];
