import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Connection, TYPES } from 'tedious';
import type { EngineValue, SqlTypeName } from '../../../local-azure/sql/session.ts';
import { close, configuration, open, query, type Value } from './client.ts';
import { done, rows, type ScriptedServer, startScriptedServer } from './scripted-host.ts';

let server: ScriptedServer;
let connection: Connection;
let columnType: SqlTypeName = 'int';

beforeAll(async () => {
  // Answers with the parameter it was given, in a column of the type under test.
  server = await startScriptedServer({
    script: (_text, [parameter]) => [
      { kind: 'columns', columns: [{ name: 'value', type: columnType, scale: 2 }] },
      { kind: 'row', values: [parameter?.value ?? null] },
      done(1),
    ],
  });
  connection = await open(configuration(server));
});

afterAll(async () => {
  await close(connection);
  await server.close();
});

async function echo(type: Value['type'], value: unknown, column: SqlTypeName, options?: Value['options']) {
  columnType = column;
  const [row] = await query(connection, 'SELECT @value', [
    { name: 'value', type, value, ...(options ? { options } : {}) },
  ]);
  return row?.[0];
}

const instant = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

interface RoundTrip {
  readonly name: string;
  readonly type: Value['type'];
  readonly column: SqlTypeName;
  readonly values: fc.Arbitrary<unknown>;
  readonly shown?: (value: never) => unknown;
  readonly options?: Value['options'];
}

const ROUND_TRIPS: readonly RoundTrip[] = [
  { name: 'int', type: TYPES.Int, column: 'int', values: int32 },
  { name: 'tinyint', type: TYPES.TinyInt, column: 'int', values: fc.integer({ min: 0, max: 255 }) },
  { name: 'smallint', type: TYPES.SmallInt, column: 'int', values: fc.integer({ min: -32768, max: 32767 }) },
  {
    name: 'bigint',
    type: TYPES.BigInt,
    column: 'bigint',
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    shown: (value: bigint) => String(value),
  },
  { name: 'bit', type: TYPES.Bit, column: 'bit', values: fc.boolean() },
  { name: 'nvarchar', type: TYPES.NVarChar, column: 'nvarchar', values: text },
  {
    name: 'nvarchar(max)',
    type: TYPES.NVarChar,
    column: 'nvarchar',
    values: fc
      .tuple(text, fc.integer({ min: 4001, max: 30_000 }))
      .map(([unit, length]) => `${unit}x`.padEnd(length, 'ß')),
  },
  { name: 'varchar', type: TYPES.VarChar, column: 'nvarchar', values: fc.string({ maxLength: 100 }) },
  {
    name: 'float',
    type: TYPES.Float,
    column: 'float',
    values: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  {
    name: 'decimal',
    type: TYPES.Decimal,
    column: 'decimal',
    values: fc.integer({ min: -(10 ** 11), max: 10 ** 11 }).map((cents) => cents / 100),
    options: { precision: 16, scale: 2 },
  },
  { name: 'datetime2', type: TYPES.DateTime2, column: 'datetime2', values: instant, options: { scale: 3 } },
  {
    name: 'datetimeoffset',
    type: TYPES.DateTimeOffset,
    column: 'datetimeoffset',
    values: instant,
    options: { scale: 7 },
  },
  {
    name: 'uniqueidentifier',
    type: TYPES.UniqueIdentifier,
    column: 'uniqueidentifier',
    values: fc.uuid(),
    shown: (value: string) => value.toUpperCase(),
  },
  {
    name: 'varbinary',
    type: TYPES.VarBinary,
    column: 'varbinary',
    values: fc.uint8Array({ maxLength: 9000 }).map((bytes) => Buffer.from(bytes)),
  },
];

describe('values cross the wire and come back the same', () => {
  test.each(ROUND_TRIPS)('$name', async ({ type, column, values, shown, options }) => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const back = await echo(type, value, column, options);
        const expected = shown ? shown(value as never) : value;
        expect(Object.is(expected, -0) ? back === 0 : back).toEqual(
          Object.is(expected, -0) ? true : expected,
        );
      }),
      { numRuns: 30 },
    );
  });

  test.each(ROUND_TRIPS)('NULL as $name', async ({ type, column, options }) => {
    await expect(echo(type, null, column, options)).resolves.toBeNull();
  });

  test.each([
    ['datetime', TYPES.DateTime, new Date('2026-11-21T14:43:24.997Z'), new Date('2026-11-21T14:43:24.997Z')],
    ['date', TYPES.Date, new Date('2024-02-29T00:00:00Z'), new Date('2024-02-29T00:00:00Z')],
    [
      'smalldatetime',
      TYPES.SmallDateTime,
      new Date('2026-11-21T14:43:00Z'),
      new Date('2026-11-21T14:43:00Z'),
    ],
  ] as const)('%s arrives as an instant', async (_name, type, value, expected) => {
    await expect(echo(type, value, 'datetime2')).resolves.toEqual(expected);
  });

  test.each([
    ['time', TYPES.Time, new Date('1970-01-01T12:34:56.789Z'), 'nvarchar', '12:34:56.789'],
    ['money', TYPES.Money, -12.5, 'decimal', -12.5],
    ['real', TYPES.Real, 0.5, 'float', 0.5],
    ['char', TYPES.Char, 'abc', 'nvarchar', 'abc'],
    ['ntext', TYPES.NText, 'äöü', 'nvarchar', 'äöü'],
  ] as const)('%s is understood', async (_name, type, value, column, expected) => {
    await expect(echo(type, value, column)).resolves.toEqual(expected);
  });

  test.each<[SqlTypeName, EngineValue, unknown]>([
    ['decimal', '12345678.12', 12345678.12],
    ['decimal', '-0.0000000001', -1e-10],
    ['datetime2', '2026-11-21 14:43:24.123', new Date('2026-11-21T14:43:24.123Z')],
    ['bit', 1, true],
    ['bigint', 5, '5'],
    ['nvarchar', 5, '5'],
  ])('a column of type %s takes what the engine holds it as (%s)', async (type, value, expected) => {
    const other = await startScriptedServer({ script: () => rows([['value', type]], [[value]]) });
    const reader = await open(configuration(other));
    await expect(query(reader, 'SELECT')).resolves.toEqual([[expected]]);
    await close(reader);
    await other.close();
  });
});
