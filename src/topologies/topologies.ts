// Which procedure an application is upgraded by.
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { geoRedundant } from './geo-redundant.ts';
import { singleRegion } from './single-region.ts';
import type { TopologyPlan } from './topology.ts';

/** @param v1Version what V1's site answers, for the return to V1 alone; null where that is not what is done. */
export function topologyPlan(context: UpgradeContext, v1Version: string | null): TopologyPlan {
  switch (context.config.topology) {
    case 'single-region':
      return singleRegion(context, v1Version);
    case 'geo-redundant':
      return geoRedundant(context, v1Version);
  }
}
