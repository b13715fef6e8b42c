// Regions of this Azure, and which of them a disaster has taken. Every front asks here: SQL servers and sites by
// where they stand, resource manager by the location of the resource a request is about.
import { isRegion, locationName } from './arm/core/ids.ts';

export interface Regions {
  /** @param location `northeurope` or `North Europe`. */
  isDown(location: string): boolean;
  /** As in `northeurope`. */
  lost(): readonly string[];
  /**
   * In force when it returns: whatever has not been committed or answered yet will not be. Throws an Error for a
   * region that Azure does not have.
   */
  setDown(location: string, down: boolean): void;
  /** Told of every change, in the order of the listeners; `location` as in `northeurope`. */
  onChange(listener: (location: string, down: boolean) => void): void;
}

/** All regions stand at first. */
export function createRegions(): Regions {
  const lost = new Set<string>();
  const listeners: ((location: string, down: boolean) => void)[] = [];
  return {
    isDown: (location) => lost.has(locationName(location)),
    lost: () => [...lost],
    setDown: (location, down) => {
      if (!isRegion(location)) throw new Error(`There is no region ${location}.`);
      const name = locationName(location);
      if (lost.has(name) === down) return;
      if (down) lost.add(name);
      else lost.delete(name);
      for (const listener of listeners) listener(name, down);
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
