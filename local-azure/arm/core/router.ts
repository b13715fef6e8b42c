// Finds the route of a path. Azure compares paths and names without case.
import type { Route } from './call.ts';

export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export interface Router {
  /** The route for method and path; 'method' where only other methods are known; null where nothing fits. */
  find(method: string, path: string): Match | 'method' | null;
}

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, ...compile(route.template) }));
  return {
    find: (method, path) => {
      let otherMethod = false;
      for (const { route, pattern, names } of compiled) {
        const found = pattern.exec(path);
        if (found === null) continue;
        if (route.method === method)
          return { route, params: new Map(names.map((name, at) => [name, found[at + 1] ?? ''])) };
        otherMethod = true;
      }
      return otherMethod ? 'method' : null;
    },
  };
}

function compile(template: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = template.replace(
    /\{(\*?)(\w+)\}|[.()]/g,
    (part, rest: string | undefined, name?: string) => {
      if (name === undefined) return `\\${part}`;
      names.push(name);
      return rest === '*' ? '(.*?)' : '([^/]+)';
    },
  );
  return { pattern: new RegExp(`^${source}/?$`, 'i'), names };
}
