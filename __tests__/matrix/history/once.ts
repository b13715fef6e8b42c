// Nothing happens twice, or other than it was said: an order is one row that says what the user sent.
import type { DatabaseContents, Row } from './events.ts';
import { type Evidence, type Rule, rowsByKey } from './rule.ts';

export const nothingTwice: Rule = (evidence) => [
  ...evidence.end.databases.flatMap(twiceIn),
  ...[...evidence.orders.values()]
    .filter(({ acknowledged }) => acknowledged.filter(({ outcome }) => outcome === 'created').length > 1)
    .map(({ key }) => `law 1: order ${key} was taken in as new more than once`),
];

function twiceIn({ database, rows }: DatabaseContents): string[] {
  return [
    ...repeated(rows.map(({ key }) => key)).map((key) => `law 8: order ${key} is twice in ${database}`),
    ...repeated(contentsOfClients(rows)).map((said) => `law 8: "${said}" is in ${database} under two keys`),
  ];
}

/** Orders that were there before may say the same by chance. */
const OF_CLIENT = /^client \d+, order \d+:/;
const contentsOfClients = (rows: readonly Row[]) =>
  [...rowsByKey(rows).values()].map(({ content }) => content).filter((content) => OF_CLIENT.test(content));

function repeated(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(texts.filter((text) => seen.size === seen.add(text).size))];
}

/** Rows and answers say what was sent, and nothing is there that users were told is not. */
export const nothingElse: Rule = (evidence) => [
  ...evidence.end.databases.flatMap(({ database, rows }) =>
    rows.flatMap((row) => otherThanSaid(evidence, row.key, row.content, `in ${database}`)),
  ),
  ...evidence.history.events.flatMap((event) =>
    event.kind === 'read' && event.seen !== null
      ? otherThanSaid(evidence, event.key, event.seen, `read from ${event.servedBy?.site}`)
      : [],
  ),
];

function otherThanSaid({ orders, history }: Evidence, key: string, found: string, where: string): string[] {
  const writes = orders.get(key)?.writes ?? [];
  const said = writes[0]?.content ?? history.before.find((row) => row.key === key)?.content ?? found;
  if (said !== found) return [`law 1: order ${key} is "${found}" ${where}, and was "${said}"`];
  const refused =
    writes.length > 0 && writes.every(({ outcome }) => outcome === 'refused' || outcome === 'failed');
  return refused ? [`law 1: order ${key}, which was refused, is ${where} all the same`] : [];
}
