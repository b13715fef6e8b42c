// The command line of the demo.
import { parseArgs } from 'node:util';
import type { TopologyName } from '../local-azure/topologies/contoso.ts';

export type ShownTopology = TopologyName | 'upgrade-domains';

export type Command = { readonly kind: 'help' } | { readonly kind: 'show'; readonly topology: ShownTopology };

export const USAGE = `Usage: npm run demo [-- --topology single-region|geo-redundant|upgrade-domains]
  --topology single-region    one region: an upgrade that succeeds, then one that fails and goes back (default)
  --topology geo-redundant    two regions: the same, then the primary region is lost
  --topology upgrade-domains  services of many instances, walked domain by domain: one goes back by itself, one waits for people
  --help                      this text

ROLLING_UPGRADE_BUNDLE in the environment: another bundle than dist/index.js.`;

const TOPOLOGIES: readonly ShownTopology[] = ['single-region', 'geo-redundant', 'upgrade-domains'];

/** Throws an Error that says in one sentence what is wrong. */
export function parseCommandLine(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      topology: { type: 'string', default: 'single-region' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { kind: 'help' };
  const topology = TOPOLOGIES.find((name) => name === values.topology);
  if (!topology) throw new Error(`--topology is ${TOPOLOGIES.join(' or ')}, not "${values.topology}".`);
  return { kind: 'show', topology };
}
