// How much of the time that a walk takes is not the platform's own work. The committed bundle walks 14 instances over 5
// domains on the embedded Azure, at a fraction of Azure's own pace; the looks at health go at the same pace.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBundle } from '../../demo/acts/bundle.ts';
import { startLocalAzure } from '../../local-azure/start.ts';
import { scaleSetId, VERSIONS } from '../../local-azure/topologies/contoso-service.ts';
import { UPGRADE_DOMAINS_DEFAULTS } from '../../local-azure/topologies/options.ts';
import { renderServiceConfig, serviceConfigPath } from '../../local-azure/topologies/service-config-file.ts';
import type { Benchmark, Setting, Table } from '../benchmark.ts';
import { sampleOf, spread } from '../statistics.ts';
import { type Change, overheadOf, sharesOf, type WalkShares } from './walk-shares.ts';

/** Of the configuration that is walked with, the action's defaults, at Azure's own pace. */
const LOOKS = { consecutive: 3, intervalMs: 10_000 };
const TARGET_PERCENT = 2;
const SERVICE = 'contoso-web';
/** A minute takes six seconds. */
const SCALE = 0.1;
/** A walk takes half a minute, and its shares hardly differ. */
const MOST_ROUNDS = 3;

export const walkOverhead: Benchmark = {
  id: 'walk',
  title: 'A walk over update domains',
  about: [
    `How much of the time that a walk takes is neither the platform's own work nor looks that the configuration asks for. 14 instances over 5 domains, ${LOOKS.consecutive} good looks in a row, at ${SCALE} of Azure's own pace.`,
  ],
  measure: async (setting) => {
    const walks: WalkShares[] = [];
    for (let round = 1; round <= Math.min(setting.rounds, MOST_ROUNDS); round++) {
      walks.push(await walk(setting));
      setting.say(`walk ${round}: ${percentOf(overheadOf, walks.slice(-1))} %`);
    }
    const overhead = sampleOf(walks.map((one) => (100 * overheadOf(one)) / one.whole));
    return {
      tables: [tableOf(walks)],
      targets: [
        {
          what: 'Of a walk neither the platform nor the configuration',
          wanted: `under ${TARGET_PERCENT} %`,
          found: `${spread(overhead, 1)} %`,
          met: overhead.median < TARGET_PERCENT,
        },
      ],
      notes: [],
    };
  },
};

async function walk({ directory }: Setting): Promise<WalkShares> {
  const azure = await startLocalAzure({ ...UPGRADE_DOMAINS_DEFAULTS, latency: 'typical', scale: SCALE });
  try {
    const looks = { ...LOOKS, intervalMs: LOOKS.intervalMs * SCALE };
    const config = serviceConfigPath('web', VERSIONS.good);
    const workspace = azure.description.environment.GITHUB_WORKSPACE ?? '';
    await writeFile(join(workspace, config), configOf(looks));
    const changes: Change[] = [];
    azure.compute.onChange((instance) => {
      if (instance.role === scaleSetId(SERVICE)) changes.push(instance);
    });
    const { report } = await runBundle(
      { azure, directory, say: () => {} },
      { phase: 'prepare, upgrade', config },
    );
    if (report.result !== 'succeeded' || report.service === null) throw new Error(report.verdict.headline);
    return sharesOf(report.service.walk, changes, looks);
  } finally {
    await azure.close();
  }
}

function configOf({ consecutive, intervalMs }: typeof LOOKS): string {
  const yaml = renderServiceConfig('web', VERSIONS.good);
  return yaml
    .replace(/consecutive: \d+/, `consecutive: ${consecutive}`)
    .replace(/interval: \d+s/, `interval: ${Math.round(intervalMs / 1000)}s`);
}

function tableOf(walks: readonly WalkShares[]): Table {
  const row = (what: string, part: (walk: WalkShares) => number) => {
    const seconds = sampleOf(walks.map((one) => part(one) / 1000));
    return [what, spread(seconds), (seconds.median / SCALE).toFixed(0), percentOf(part, walks)];
  };
  return {
    title: 'Where the time of a walk goes',
    columns: [
      { title: 'Of the walk' },
      { title: 'Seconds', align: 'right' },
      { title: "At Azure's pace", align: 'right' },
      { title: 'Percent', align: 'right' },
    ],
    rows: [
      row('platform: instances stopped, updated, started', ({ operations }) => operations),
      row('platform: until health is told to be good', ({ health }) => health),
      row('the looks in a row that are configured', ({ looksInARow }) => looksInARow),
      row('until the first instance of a domain goes down', ({ beginning }) => beginning),
      row('good health that is seen late', ({ seenLate }) => seenLate),
      row('between two domains', ({ between }) => between),
      row('the whole walk', ({ whole }) => whole),
    ],
  };
}

function percentOf(part: (walk: WalkShares) => number, walks: readonly WalkShares[]): string {
  return sampleOf(walks.map((one) => (100 * part(one)) / one.whole)).median.toFixed(1);
}
