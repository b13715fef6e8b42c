// CREATE TABLE and ALTER TABLE: columns and constraints.
import { sqlError } from '../errors.ts';
import type {
  ColumnDefinition,
  ConstraintDefinition,
  ReferentialAction,
  Statement,
  TableChange,
} from './ast.ts';
import {
  accept,
  acceptOne,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  integerLiteral,
  isSymbol,
  isWord,
  next,
  objectName,
  parenthesized,
  peek,
  textSince,
  typeName,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parsePredicate } from './parse-predicate.ts';

export interface TableBody {
  readonly columns: ColumnDefinition[];
  readonly constraints: ConstraintDefinition[];
}

/** After CREATE TABLE. */
export function parseCreateTable(cursor: Cursor, line: number): Statement {
  const name = objectName(cursor);
  const body = parseTableBody(cursor);
  if (accept(cursor, 'ON')) identifierOrPrimary(cursor);
  if (isWord(cursor, 'WITH')) throw Object.assign(sqlError(40517, 'WITH'), { line: peek(cursor).line });
  return { kind: 'create-table', line, name, ...body };
}

/** Filegroups mean nothing in Azure SQL, but [PRIMARY] is let pass, as there. */
function identifierOrPrimary(cursor: Cursor): void {
  if (!accept(cursor, 'PRIMARY')) identifier(cursor);
}

export function parseTableBody(cursor: Cursor): TableBody {
  const body: TableBody = { columns: [], constraints: [] };
  expectSymbol(cursor, '(');
  do {
    if (isSymbol(cursor, ')')) break;
    parseElement(cursor, body);
  } while (acceptSymbol(cursor, ','));
  expectSymbol(cursor, ')');
  return body;
}

function parseElement(cursor: Cursor, body: TableBody): void {
  if (startsTableConstraint(cursor)) body.constraints.push(parseTableConstraint(cursor));
  else body.columns.push(parseColumn(cursor));
}

function startsTableConstraint(cursor: Cursor): boolean {
  const token = peek(cursor);
  return (
    token.kind === 'word' &&
    ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'DEFAULT'].includes(token.value)
  );
}

function parseColumn(cursor: Cursor): ColumnDefinition {
  const { line } = peek(cursor);
  const name = identifier(cursor);
  if (accept(cursor, 'AS')) throw Object.assign(sqlError(40517, 'computed column'), { line });
  const type = typeName(cursor);
  let nullable: boolean | null = null;
  let identity: ColumnDefinition['identity'] = null;
  let byDefault: ColumnDefinition['default'] = null;
  let withValues = false;
  const constraints: ConstraintDefinition[] = [];
  for (;;) {
    if (accept(cursor, 'NOT', 'NULL')) nullable = false;
    else if (accept(cursor, 'NULL')) nullable = true;
    else if (accept(cursor, 'COLLATE')) identifier(cursor);
    else if (accept(cursor, 'IDENTITY')) identity = parseIdentity(cursor);
    else if (accept(cursor, 'WITH', 'VALUES')) withValues = true;
    else if (accept(cursor, 'ROWGUIDCOL') || accept(cursor, 'SPARSE')) continue;
    else if (startsColumnConstraint(cursor)) {
      const constraint = parseColumnConstraint(cursor, name);
      if (constraint.kind === 'default') byDefault = constraint;
      else constraints.push(constraint);
    } else {
      return { name, type, nullable, identity, default: byDefault, withValues, constraints };
    }
  }
}

function parseIdentity(cursor: Cursor): { seed: bigint; increment: bigint } {
  if (!acceptSymbol(cursor, '(')) return { seed: 1n, increment: 1n };
  const seed = integerLiteral(cursor);
  expectSymbol(cursor, ',');
  const increment = integerLiteral(cursor);
  expectSymbol(cursor, ')');
  return { seed, increment };
}

function startsColumnConstraint(cursor: Cursor): boolean {
  const token = peek(cursor);
  return (
    token.kind === 'word' &&
    ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'REFERENCES', 'CHECK', 'DEFAULT'].includes(token.value)
  );
}

function parseColumnConstraint(cursor: Cursor, column: string): ConstraintDefinition {
  const name = accept(cursor, 'CONSTRAINT') ? identifier(cursor) : null;
  if (accept(cursor, 'DEFAULT')) return { kind: 'default', name, text: parseDefaultText(cursor), column };
  if (accept(cursor, 'CHECK')) return { kind: 'check', name, text: parseCheckText(cursor), column };
  if (isWord(cursor, 'FOREIGN') || isWord(cursor, 'REFERENCES')) {
    accept(cursor, 'FOREIGN', 'KEY');
    return parseReferences(cursor, name, [column]);
  }
  const key = parseKeyWords(cursor);
  return { kind: 'key', name, primary: key === 'primary', columns: [column] };
}

function parseTableConstraint(cursor: Cursor): ConstraintDefinition {
  const name = accept(cursor, 'CONSTRAINT') ? identifier(cursor) : null;
  if (accept(cursor, 'CHECK')) return { kind: 'check', name, text: parseCheckText(cursor), column: null };
  if (accept(cursor, 'FOREIGN', 'KEY')) {
    return parseReferences(cursor, name, parenthesized(cursor, identifier));
  }
  if (accept(cursor, 'DEFAULT')) {
    const text = parseDefaultText(cursor);
    expect(cursor, 'FOR');
    return { kind: 'default', name, text, column: identifier(cursor) };
  }
  const key = parseKeyWords(cursor);
  const columns = parenthesized(cursor, indexColumn).map((column) => column.name);
  if (accept(cursor, 'ON')) identifierOrPrimary(cursor);
  return { kind: 'key', name, primary: key === 'primary', columns };
}

function parseKeyWords(cursor: Cursor): 'primary' | 'unique' {
  const primary = accept(cursor, 'PRIMARY', 'KEY');
  if (!primary) expect(cursor, 'UNIQUE');
  acceptOne(cursor, ['CLUSTERED', 'NONCLUSTERED']);
  return primary ? 'primary' : 'unique';
}

export function indexColumn(cursor: Cursor): { name: string; descending: boolean } {
  const name = identifier(cursor);
  const descending = accept(cursor, 'DESC');
  if (!descending) accept(cursor, 'ASC');
  return { name, descending };
}

/** The text of a default, without the parentheses around it. */
function parseDefaultText(cursor: Cursor): string {
  const start = peek(cursor);
  parseExpression(cursor);
  return textSince(cursor, start);
}

function parseCheckText(cursor: Cursor): string {
  expectSymbol(cursor, '(');
  const start = peek(cursor);
  parsePredicate(cursor);
  const text = textSince(cursor, start);
  expectSymbol(cursor, ')');
  return text;
}

function parseReferences(
  cursor: Cursor,
  name: string | null,
  columns: readonly string[],
): ConstraintDefinition {
  expect(cursor, 'REFERENCES');
  const table = objectName(cursor);
  const referenced = isSymbol(cursor, '(') ? parenthesized(cursor, identifier) : [];
  let onDelete: ReferentialAction = 'NO ACTION';
  let onUpdate: ReferentialAction = 'NO ACTION';
  for (;;) {
    if (accept(cursor, 'ON', 'DELETE')) onDelete = parseAction(cursor);
    else if (accept(cursor, 'ON', 'UPDATE')) onUpdate = parseAction(cursor);
    else return { kind: 'foreign-key', name, columns, table, referenced, onDelete, onUpdate };
  }
}

function parseAction(cursor: Cursor): ReferentialAction {
  if (accept(cursor, 'NO', 'ACTION')) return 'NO ACTION';
  if (accept(cursor, 'CASCADE')) return 'CASCADE';
  if (accept(cursor, 'SET', 'NULL')) return 'SET NULL';
  if (accept(cursor, 'SET', 'DEFAULT')) return 'SET DEFAULT';
  throw unexpected(peek(cursor));
}

/** After ALTER TABLE. */
export function parseAlterTable(cursor: Cursor, line: number): Statement {
  const name = objectName(cursor);
  const withCheck = accept(cursor, 'WITH', 'CHECK') || !accept(cursor, 'WITH', 'NOCHECK');
  return { kind: 'alter-table', line, name, change: parseChange(cursor, withCheck) };
}

function parseChange(cursor: Cursor, check: boolean): TableChange {
  if (accept(cursor, 'ADD')) {
    const body: TableBody = { columns: [], constraints: [] };
    commaSeparated(cursor, (inner) => parseElement(inner, body));
    return { kind: 'add', check, ...body };
  }
  if (accept(cursor, 'DROP')) return { kind: 'drop', items: parseDropItems(cursor) };
  if (accept(cursor, 'ALTER', 'COLUMN')) {
    const column = identifier(cursor);
    const type = typeName(cursor);
    if (accept(cursor, 'COLLATE')) identifier(cursor);
    const nullable = accept(cursor, 'NOT', 'NULL') ? false : accept(cursor, 'NULL') ? true : null;
    return { kind: 'alter-column', column, type, nullable };
  }
  const token = next(cursor);
  if (
    token.kind === 'word' &&
    ['CHECK', 'NOCHECK', 'SET', 'SWITCH', 'REBUILD', 'ENABLE', 'DISABLE'].includes(token.value)
  ) {
    throw Object.assign(sqlError(40517, `ALTER TABLE … ${token.text}`), { line: token.line });
  }
  throw unexpected(token);
}

function parseDropItems(cursor: Cursor): Extract<TableChange, { kind: 'drop' }>['items'] {
  let kind: 'column' | 'constraint' = 'constraint';
  return commaSeparated(cursor, (inner) => {
    if (accept(inner, 'COLUMN')) kind = 'column';
    else if (accept(inner, 'CONSTRAINT')) kind = 'constraint';
    const ifExists = accept(inner, 'IF', 'EXISTS');
    return { kind, name: identifier(inner), ifExists };
  });
}
