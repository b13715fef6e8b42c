// What the demo does, as data: a list of acts, by topology.
import type { TopologyName } from '../local-azure/topologies/contoso.ts';
import type { Result } from '../src/engine/report.ts';
import { GEO_REDUNDANT } from './stories/geo-redundant.ts';
import { SINGLE_REGION } from './stories/single-region.ts';

export interface Story {
  /** What the embedded Azure consists of, for the first line. */
  readonly sites: string;
  readonly acts: readonly Act[];
  /** Where it ends: the site that answers, its version, its database's server. */
  readonly end: { readonly answeredBy: string; readonly sqlServer: string; readonly inWords: string };
}

export type Act = RunAct | DisasterAct | FailoverAct;

/** The action is run once. */
export interface RunAct {
  readonly kind: 'run';
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: Expected;
  /** Packages that the user's own workflow would deploy before this act. */
  readonly deploy: readonly { readonly site: string; readonly version: string }[];
}

export interface Expected {
  readonly result: Result;
  readonly productionSlot: string;
  /** The server on which production's database can be written; null: none. */
  readonly writableOn: string | null;
  /** Geo-replication afterwards, `from → to`. */
  readonly links: readonly string[];
}

/** Everything in a region is lost at once; users are sent to the other one. */
export interface DisasterAct {
  readonly kind: 'disaster';
  readonly title: string;
  readonly region: { readonly name: string; readonly displayName: string };
  /** Server of the database that served users, and of the geo-secondary that protected it. */
  readonly served: string;
  readonly protectedBy: string;
  /** Who answers reads then. */
  readonly answeredBy: string;
}

/** A person does what the last summary said. */
export interface FailoverAct {
  readonly kind: 'failover';
  readonly title: string;
  readonly sqlServer: string;
}

export const STORIES: Readonly<Record<TopologyName, Story>> = {
  'single-region': SINGLE_REGION,
  'geo-redundant': GEO_REDUNDANT,
};
