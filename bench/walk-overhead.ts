// How much of the time that a walk takes is not the platform's own work. The committed bundle walks 14 instances over 5
// domains on the embedded Azure, at a fraction of Azure's own pace; the looks at health go at the same pace.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBundle } from '../demo/acts/bundle.ts';
import { startLocalAzure } from '../local-azure/start.ts';
import { scaleSetId, VERSIONS } from '../local-azure/topologies/contoso-service.ts';
import { UPGRADE_DOMAINS_DEFAULTS } from '../local-azure/topologies/options.ts';
import { renderServiceConfig, serviceConfigPath } from '../local-azure/topologies/service-config-file.ts';
import { textTable } from '../src/action/summary/text-table.ts';
import { type Change, overheadOf, sharesOf, type WalkShares } from './walk-shares.ts';

const USAGE = `Usage: npm run bench [-- --scale NUMBER]
  --scale NUMBER   pace, 1 is Azure's own (default 0.1: a minute takes six seconds)
  --help           this text

ROLLING_UPGRADE_BUNDLE in the environment: another bundle than dist/index.js.`;

/** Of the configuration that is walked with, the action's defaults, at Azure's own pace. */
const LOOKS = { consecutive: 3, intervalMs: 10_000 };
const TARGET_PERCENT = 2;
const SERVICE = 'contoso-web';

process.exitCode = await main();
if (process.connected) process.disconnect();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { scale: { type: 'string', default: '0.1' }, help: { type: 'boolean', default: false } },
  });
  const scale = Number(values.scale);
  if (values.help || !(scale >= 0.1)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  console.log(
    `14 instances over 5 domains, at ${scale} of Azure's own pace; ${LOOKS.consecutive} looks in a row.`,
  );
  const shares = await measure(scale);
  for (const line of tableOf(shares, scale)) console.log(line);
  const percent = percentOf(overheadOf(shares), shares);
  console.log(
    `\nNeither the platform's work nor looks that were asked for: ${percent.toFixed(1)} % (target: under ${TARGET_PERCENT} %).`,
  );
  return percent < TARGET_PERCENT ? 0 : 1;
}

async function measure(scale: number): Promise<WalkShares> {
  const directory = await mkdtemp(join(tmpdir(), 'rolling-upgrade-bench-'));
  const azure = await startLocalAzure({ ...UPGRADE_DOMAINS_DEFAULTS, latency: 'typical', scale });
  try {
    const looks = { ...LOOKS, intervalMs: LOOKS.intervalMs * scale };
    const config = serviceConfigPath('web', VERSIONS.good);
    const workspace = azure.description.environment.GITHUB_WORKSPACE ?? '';
    await writeFile(join(workspace, config), configOf(looks));
    const changes: Change[] = [];
    azure.compute.onChange((instance) => {
      if (instance.role === scaleSetId(SERVICE)) changes.push(instance);
    });
    const { report } = await runBundle(
      { azure, directory, say: console.log },
      { phase: 'prepare, upgrade', config },
    );
    if (report.result !== 'succeeded' || report.service === null) throw new Error(report.verdict.headline);
    return sharesOf(report.service.walk, changes, looks);
  } finally {
    await azure.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function configOf({ consecutive, intervalMs }: typeof LOOKS): string {
  const yaml = renderServiceConfig('web', VERSIONS.good);
  return yaml
    .replace(/consecutive: \d+/, `consecutive: ${consecutive}`)
    .replace(/interval: \d+s/, `interval: ${Math.round(intervalMs / 1000)}s`);
}

function tableOf(shares: WalkShares, scale: number): string[] {
  const row = (what: string, ms: number) => [
    what,
    (ms / 1000).toFixed(2).padStart(8),
    (ms / scale / 1000).toFixed(0).padStart(8),
    percentOf(ms, shares).toFixed(1).padStart(6),
  ];
  return textTable([
    ['OF THE WALK', 'SECONDS', "AT AZURE'S PACE", 'PERCENT'],
    row('platform: instances stopped, updated, started', shares.operations),
    row('platform: until health is told to be good', shares.health),
    row('the looks in a row that are configured', shares.looksInARow),
    row('until the first instance of a domain goes down', shares.beginning),
    row('good health that is seen late', shares.seenLate),
    row('between two domains', shares.between),
    row('the whole walk', shares.whole),
  ]);
}

function percentOf(ms: number, { whole }: WalkShares): number {
  return (100 * ms) / whole;
}
