// Ways in which a correct history is made wrong, each in one place.
import { isAcknowledged, type ReadEvent, type Row } from './events.ts';
import { BLUE, contentOf, type Judged, read, rowOf, withEvents, withRows, write } from './sample.ts';

/** Every history that is wrong in one place and in this way; none where there is no such place in it. */
export type Mutation = (right: Judged) => readonly Judged[];

const acknowledgedBy = ({ history }: Judged, version: number) =>
  history.events.filter(isAcknowledged).filter(({ servedBy }) => servedBy?.version === version);
const servingName = ({ end }: Judged) => end.serving?.database ?? '';
/** Writes that nothing excuses the loss of: by V1 where V2 was left. */
const certain = (right: Judged) =>
  right.history.events
    .filter(isAcknowledged)
    .filter(({ servedBy }) => right.history.confirmed.length === 0 || servedBy?.version === 0);
const rowsOf = ({ end }: Judged, name: string): readonly Row[] =>
  end.databases.find(({ database }) => database === name)?.rows ?? [];
const later = ({ history }: Judged) => 1 + Math.max(0, ...history.events.map(({ ended }) => ended));

const lose: Mutation = (right) => {
  const serving = servingName(right);
  const acknowledged = certain(right).map(({ key }) => key);
  const all = [...acknowledged, ...right.history.before.map(({ key }) => key)];
  return rowsOf(right, serving)
    .filter(({ key }) => all.includes(key))
    .map((lost) => withRows(right, serving, (rows) => rows.filter((row) => row !== lost)));
};

const repeatRow: Mutation = (right) =>
  right.end.databases.flatMap(({ database, rows }) =>
    rows.map((row) => withRows(right, database, (all) => [...all, row])),
  );

const repeatOrder: Mutation = (right) =>
  right.end.databases.flatMap(({ database, rows }) =>
    rows.map((row) => withRows(right, database, (all) => [...all, { ...row, key: `${row.key}-again` }])),
  );

const alter: Mutation = (right) =>
  right.end.databases.flatMap(({ database, rows }) =>
    rows.map((altered) =>
      withRows(right, database, (all) =>
        all.map((row) => (row === altered ? { ...row, content: 'client 9, order 9: other' } : row)),
      ),
    ),
  );

/** What V1 acknowledged lies in V2's database as V2's own; where V2 was left, its users may have sent it there first. */
const takeInTwice: Mutation = (right) =>
  acknowledgedBy(right, 0)
    .filter(() => right.history.confirmed.length === 0)
    .filter(({ key }) => rowsOf(right, 'sql-blue').some((row) => row.key === key))
    .filter(({ key }) => rowsOf(right, 'sql-green').some((row) => row.key === key))
    .map(({ key }) =>
      withRows(right, 'sql-green', (all) =>
        all.map((row) => (row.key === key ? { ...row, createdAt: 'by V2' } : row)),
      ),
    );

const strand: Mutation = (right) =>
  right.end.databases
    .filter(({ database }) => database !== servingName(right))
    .map(({ database }) => withRows(right, database, (all) => [...all, rowOf('stray')]));

const takeInRefused: Mutation = (right) => {
  const writes = right.history.events.filter((event) => event.kind === 'write');
  const refused = [...Map.groupBy(writes, ({ key }) => key)].filter(([, attempts]) =>
    attempts.every(({ outcome }) => outcome === 'refused'),
  );
  return refused.map(([key]) => withRows(right, servingName(right), (all) => [...all, rowOf(key)]));
};

const acknowledgeTwice: Mutation = (right) =>
  right.history.events
    .filter((event) => event.kind === 'write' && event.outcome === 'created')
    .map(({ key, servedBy }) =>
      withEvents(right, (all) => [...all, write(key, later(right), { outcome: 'created', servedBy })]),
    );

/** V1 goes on once V2 has begun; a confirmed return would be right. */
const takeOverAgain: Mutation = (right) => {
  if (right.history.confirmed.length > 0 || acknowledgedBy(right, 1).length === 0) return [];
  const order = write('late', later(right), { outcome: 'created', servedBy: BLUE });
  const everywhere = right.end.databases.reduce(
    (judged, { database }) => withRows(judged, database, (all) => [...all, rowOf('late')]),
    right,
  );
  return [withEvents(everywhere, (all) => [...all, order])];
};

/** One that saw an order saw none, although V1's users had been told of it. */
const readNothing: Mutation = (right) =>
  right.history.events
    .filter((event): event is ReadEvent => event.kind === 'read' && event.seen !== null)
    .filter(({ servedBy }) => servedBy?.isReplica === false)
    .filter(({ servedBy }) => right.history.confirmed.length === 0 || servedBy?.version === 0)
    .filter(({ key, begun }) => isToldBefore(right, key, begun))
    .map((blind) =>
      withEvents(right, (all) => all.map((event) => (event === blind ? { ...blind, seen: null } : event))),
    );

function isToldBefore(right: Judged, key: string, begun: number): boolean {
  if (right.history.before.some((row) => row.key === key)) return true;
  return acknowledgedBy(right, 0).some((write) => write.key === key && write.ended < begun);
}

const readOther: Mutation = (right) => [
  withEvents(right, (all) => [...all, { ...read('k0', later(right), BLUE), seen: contentOf('other') }]),
];

const serveNobody: Mutation = (right) => [{ ...right, end: { ...right.end, serving: null } }];

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a row is lost': lose,
  'a row is there twice': repeatRow,
  'an order is there under two keys': repeatOrder,
  'a row says something else': alter,
  'two databases took in one order': takeInTwice,
  'an order is where nobody is served': strand,
  'a refused order is there': takeInRefused,
  'an order is taken in as new twice': acknowledgeTwice,
  'V1 goes on once V2 has begun': takeOverAgain,
  'a read sees nothing': readNothing,
  'a read sees something else': readOther,
  'nobody serves': serveNobody,
};
