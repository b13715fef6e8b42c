// A correct application, as small as can be: what its users see is a history that the checker must never accuse.
import type { ConfirmedLoss, Event, Place, Row, WriteEvent } from './events.ts';
import { BLUE, contentOf, GREEN, type Judged, REPLICA, rowOf } from './sample.ts';

const BEFORE = ['k0', 'k00'].map((key) => rowOf(key));
const CLIENTS = 3;
const PHASES = ['open', 'frozen', 'cut', 'switched', 'confirmed', 'back', 'ended'] as const;
type Phase = (typeof PHASES)[number];

type Answer = Pick<WriteEvent, 'outcome' | 'servedBy'> & { readonly seen: string | null };

interface Pending {
  readonly kind: 'read' | 'write';
  readonly key: string;
  readonly begun: number;
  readonly attempt: number;
  /** Null until the application has worked on it. */
  readonly answer: Answer | null;
}

interface Model {
  readonly v1: Map<string, Row>;
  readonly v2: Map<string, Row>;
  readonly replica: Map<string, Row>;
  phase: Phase;
  readonly events: Event[];
  readonly clients: (Pending | null)[];
  /** Orders under which the connection was lost: they may be taken in yet. */
  readonly late: { readonly key: string; readonly place: Place }[];
  readonly keys: string[];
  confirmed: ConfirmedLoss[];
  now: number;
}

/**
 * Plays the choices: who does what next, and how far the upgrade is. The same choices give the same history.
 * @param last how far the upgrade goes.
 */
export function play(choices: readonly number[], last: Phase): Judged {
  const rows = new Map(BEFORE.map((row) => [row.key, row]));
  const model: Model = {
    v1: rows,
    v2: new Map(),
    replica: new Map(),
    phase: 'open',
    events: [],
    clients: Array<Pending | null>(CLIENTS).fill(null),
    late: [],
    keys: [...rows.keys()],
    confirmed: [],
    now: 0,
  };
  for (const choice of choices) act(model, choice % 16, Math.floor(choice / 16), last);
  for (const [client, pending] of model.clients.entries())
    if (pending?.answer) end(model, client, pending, pending.answer);
  return judged(model);
}

function act(model: Model, what: number, luck: number, last: Phase): void {
  if (what === 0 && model.phase !== last) advance(model);
  else if (what === 1) replicate(model, luck);
  else if (what === 2) takeInLate(model);
  else go(model, what % CLIENTS, luck);
}

/** One step of a client: sends something, is worked on, is answered. */
function go(model: Model, client: number, luck: number): void {
  const pending = model.clients[client];
  if (!pending) model.clients[client] = begin(model, client, luck);
  else if (pending.answer === null)
    model.clients[client] = { ...pending, answer: work(model, pending, luck) };
  else end(model, client, pending, pending.answer);
}

function advance(model: Model): void {
  model.phase = PHASES[PHASES.indexOf(model.phase) + 1] ?? model.phase;
  if (model.phase === 'cut') for (const [key, row] of model.v1) model.v2.set(key, row);
  if (model.phase === 'confirmed')
    model.confirmed = [{ version: 1, from: ++model.now, until: Number.POSITIVE_INFINITY }];
  if (model.phase === 'ended')
    model.confirmed = model.confirmed.map((loss) => ({ ...loss, until: ++model.now }));
}

function replicate({ v2, replica }: Model, luck: number): void {
  for (const row of [...v2.values()].slice(0, replica.size + (luck % 3))) replica.set(row.key, row);
}

function takeInLate(model: Model): void {
  const late = model.late.shift();
  if (late && isWritable(model, late.place)) insert(model, late.key, late.place);
}

/** An order whose outcome is unknown is sent again. */
function begin(model: Model, client: number, luck: number): Pending {
  const mine = model.events.findLast((event) => event.client === client && event.kind === 'write');
  const begun = ++model.now;
  if (mine?.kind === 'write' && mine.outcome === 'unknown' && luck % 4 !== 0)
    return { kind: 'write', key: mine.key, begun, attempt: mine.attempt + 1, answer: null };
  if (luck % 2 === 0) {
    const key = `k${model.keys.length}`;
    model.keys.push(key);
    return { kind: 'write', key, begun, attempt: 1, answer: null };
  }
  const key = model.keys[luck % model.keys.length] ?? 'k0';
  return { kind: 'read', key, begun, attempt: 1, answer: null };
}

function work(model: Model, { kind, key }: Pending, luck: number): Answer {
  const place = addressed(model, luck);
  const nobody: Answer = { outcome: 'unknown', servedBy: null, seen: null };
  if (luck % 5 === 0) {
    if (kind === 'write') model.late.push({ key, place });
    return nobody;
  }
  const answer = kind === 'write' ? accept(model, key, place) : look(model, key, place, luck);
  return luck % 5 === 1 ? nobody : answer;
}

/** Where a client's resolver sends it: now and then to where users were before. */
function addressed({ phase }: Model, luck: number): Place {
  const isOld = luck % 7 === 0;
  switch (phase) {
    case 'open':
    case 'frozen':
    case 'cut':
      return BLUE;
    case 'switched':
    case 'confirmed':
      return isOld ? BLUE : GREEN;
    case 'back':
    case 'ended':
      return isOld ? GREEN : BLUE;
  }
}

function isWritable({ phase }: Model, place: Place): boolean {
  if (place.database === GREEN.database) return phase === 'switched' || phase === 'confirmed';
  return phase === 'open' || phase === 'back' || phase === 'ended';
}

function accept(model: Model, key: string, place: Place): Answer {
  if (!isWritable(model, place)) return { outcome: 'refused', servedBy: place, seen: null };
  return { outcome: insert(model, key, place), servedBy: place, seen: null };
}

function insert(model: Model, key: string, place: Place): 'created' | 'existed' {
  const rows = place.database === GREEN.database ? model.v2 : model.v1;
  if (rows.has(key)) return 'existed';
  rows.set(key, rowOf(key, `at ${++model.now}`));
  return 'created';
}

function look(model: Model, key: string, place: Place, luck: number): Answer {
  const fromReplica = place === GREEN && luck % 3 === 0;
  const rows = fromReplica ? model.replica : place === GREEN ? model.v2 : model.v1;
  return {
    outcome: 'existed',
    servedBy: fromReplica ? REPLICA : place,
    seen: rows.get(key)?.content ?? null,
  };
}

function end(model: Model, client: number, { kind, key, begun, attempt }: Pending, answer: Answer): void {
  const { outcome, servedBy, seen } = answer;
  const request = { client, key, begun, ended: ++model.now, servedBy };
  model.clients[client] = null;
  if (kind === 'write') model.events.push({ ...request, kind, outcome, attempt, content: contentOf(key) });
  else model.events.push({ ...request, kind, outcome: servedBy === null ? 'failed' : 'ok', seen });
}

function judged({ events, confirmed, phase, v1, v2, replica }: Model): Judged {
  const onV2 = phase === 'switched' || phase === 'confirmed';
  return {
    history: { events, confirmed, before: BEFORE },
    end: {
      serving: onV2 ? GREEN : BLUE,
      databases: [
        { database: 'sql-blue', version: 0, rows: [...v1.values()] },
        { database: 'sql-green', version: 1, rows: [...v2.values()] },
        { database: 'sql-3', version: 1, rows: [...replica.values()] },
      ],
    },
  };
}
