// The listeners of failover groups are names like any other to those who connect: they lead to whichever server is
// the group's primary, or secondary, at the moment.
import type { SqlFabric } from '../sql/fabric.ts';
import type { Routes } from '../web/routes.ts';
import { sqlHost } from './contoso.ts';

type Listeners = Pick<SqlFabric, 'listenerTarget'>;

/** Host name of the server behind a listener; null for any other name. */
export function listenerAlias(fabric: Listeners, name: string): string | null {
  const server = fabric.listenerTarget(name);
  return server === null ? null : sqlHost(server);
}

/** Routes that find listeners too. What is set goes to the routes they are made of. */
export function withListeners(routes: Routes, fabric: Listeners): Routes {
  return { ...routes, find: (name, port) => routes.find(listenerAlias(fabric, name) ?? name, port) };
}
