// The application that users open. An honest one: a write is acknowledged once it is committed, reads go on
// while the database is read-only, and an outcome it does not know it calls unknown.
import type { IncomingMessage } from 'node:http';
import { createOrders, isReadOnly, type NewOrder, type Orders } from './orders.ts';
import type { Release } from './packages.ts';
import { DatabaseError } from './sql-connection.ts';
import type { SqlPool } from './sql-pool.ts';

export interface WebResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface App {
  readonly version: string;
  respond(request: IncomingMessage): Promise<WebResponse>;
  /** Stops after the requests under way. */
  close(): void;
}

export function createOrdersApp(release: Release, pool: SqlPool): App {
  const orders = createOrders(pool, release);
  return {
    version: release.version,
    respond: async (request) => {
      try {
        return await route(request, orders, release);
      } catch (error) {
        return explain(error, request.method === 'POST');
      }
    },
    close: () => pool.close(),
  };
}

async function route(request: IncomingMessage, orders: Orders, release: Release): Promise<WebResponse> {
  const path = new URL(request.url ?? '/', 'https://site').pathname;
  const id = path.match(/^\/orders\/([0-9a-f-]{36})$/i)?.[1];
  const call = `${request.method} ${id ? '/orders/:id' : path}`;
  switch (call) {
    case 'GET /':
      return { status: 200, body: { application: 'contoso orders', version: release.version } };
    case 'GET /health':
      return health(orders, release);
    case 'GET /orders':
      return { status: 200, body: await orders.latest() };
    case 'GET /orders/:id':
      return one(orders, id ?? '');
    case 'POST /orders':
      return add(orders, await readOrder(request));
    default:
      return { status: 404, body: { error: 'not-found' } };
  }
}

/** 200 while the database can be read; `writable` says whether it is frozen. */
async function health(orders: Orders, { version, columns }: Release): Promise<WebResponse> {
  try {
    const { schema, writable } = await orders.health();
    if (schema <= columns.length) return { status: 503, body: { version, database: `schema ${schema}` } };
    return { status: 200, body: { version, database: 'ok', writable } };
  } catch (error) {
    if (error instanceof DatabaseError) return { status: 503, body: { version, database: 'unavailable' } };
    throw error;
  }
}

async function one(orders: Orders, id: string): Promise<WebResponse> {
  const order = await orders.find(id);
  return order ? { status: 200, body: order } : { status: 404, body: { error: 'not-found' } };
}

async function add(orders: Orders, order: NewOrder | null): Promise<WebResponse> {
  if (!order) return { status: 400, body: { error: 'bad-order' } };
  const outcome = await orders.add(order);
  return { status: outcome === 'created' ? 201 : 200, body: { id: order.id } };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LARGEST_BODY = 10_000;

async function readOrder(request: IncomingMessage): Promise<NewOrder | null> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return null;
  }
  const { id, customer, amount } = parse(text);
  if (typeof id !== 'string' || !UUID.test(id)) return null;
  if (typeof customer !== 'string' || customer.length === 0 || customer.length > 100) return null;
  if (typeof amount !== 'number' || !(Math.abs(amount) < 1e10)) return null;
  return { id, customer, amount };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function explain(error: unknown, isWrite: boolean): WebResponse {
  if (isReadOnly(error)) return { status: 503, body: { error: 'read-only' } };
  if (!(error instanceof DatabaseError)) return { status: 500, body: { error: 'application-error' } };
  if (error.kind === 'unavailable') return { status: 503, body: { error: 'database-unavailable' } };
  if (error.kind === 'server') return { status: 500, body: { error: `sql-${error.number}` } };
  return { status: 500, body: { error: isWrite ? 'outcome-unknown' : 'database-lost' } };
}
