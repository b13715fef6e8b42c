// Looks at one database. Users wait while it is asked what the laws want to be asked, and a round trip takes longer than
// what SQL Server does in it: what is asked at one moment is asked in one.
import type { SqlConnection, SqlRow, SqlValue } from '../ports.ts';

/** A question that changes nothing. */
export interface Look<T> {
  /** One statement, without its first word. */
  readonly select: string;
  /** Their names differ from those of every other look. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  /** What the rows say. Throws where they make no sense. */
  read(rows: readonly SqlRow[], connection: SqlConnection): T;
}

type Looks = Readonly<Record<string, Look<unknown>>>;
type Seen<Asked extends Looks> = {
  readonly [Name in keyof Asked]: Asked[Name] extends Look<infer T> ? T : never;
};

/** Throws SqlError. */
export async function lookAt<T>(connection: SqlConnection, look: Look<T>): Promise<T> {
  return look.read(await connection.query(`SELECT ${look.select};`, look.parameters), connection);
}

/** Several looks in one round trip, one after the other in the order given. Throws SqlError where one of them is refused. */
export async function lookAtAll<Asked extends Looks>(
  connection: SqlConnection,
  looks: Asked,
): Promise<Seen<Asked>> {
  const all = Object.entries(looks);
  const text = all.map(([, { select }], index) => `SELECT ${index} AS look, ${select};`).join('\n');
  const parameters = Object.assign({}, ...all.map(([, look]) => look.parameters));
  const rows = await connection.query(text, parameters);
  const rowsOf = (index: number) => rows.filter((row) => row.look === index);
  return Object.fromEntries(
    all.map(([name, look], index) => [name, look.read(rowsOf(index), connection)]),
  ) as Seen<Asked>;
}
