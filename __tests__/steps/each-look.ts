// A connection of a test answers one look at a time; what the product asks in one round trip (azure/tsql/looks.ts) is told apart here.
import type { SqlRow } from '../../src/azure/ports.ts';

/** The rows of every statement of the text, each with the number of its look. A text of one statement is given as it is. */
export async function eachLook(
  text: string,
  answer: (statement: string) => readonly SqlRow[] | Promise<readonly SqlRow[]>,
): Promise<SqlRow[]> {
  if (!/^SELECT \d+ AS look,/.test(text)) return [...(await answer(text))];
  const rows: SqlRow[] = [];
  for (const statement of text.split(/(?<=;)\n/)) {
    const [, look = ''] = /^SELECT (\d+) AS look,/.exec(statement) ?? [];
    rows.push(...(await answer(statement)).map((row) => ({ ...row, look: Number(look) })));
  }
  return rows;
}
