// Literals, and the type each of them has.
import type { Expression } from './ast.ts';
import { BIGINT, type DataType, decimal, FLOAT, INT, nvarchar, VARBINARY_MAX } from './data-types.ts';
import type { Token } from './lexer.ts';

/** A literal token as expression. Integers beyond bigint are decimals, as SQL Server reads them. */
export function literal(token: Token): Expression {
  if (token.kind === 'string') {
    const type: DataType = {
      ...nvarchar(token.value.length),
      name: /^n/i.test(token.text) ? 'nvarchar' : 'varchar',
    };
    return { kind: 'literal', value: token.value, type };
  }
  if (token.kind === 'binary') {
    const hex = token.text.slice(2);
    return {
      kind: 'literal',
      value: Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'),
      type: VARBINARY_MAX,
    };
  }
  if (/e/i.test(token.text)) return { kind: 'literal', value: Number(token.text), type: FLOAT };
  const [whole = '', fraction] = token.text.split('.');
  if (fraction === undefined) {
    const value = BigInt(whole);
    if (value <= 2_147_483_647n) return { kind: 'literal', value, type: INT };
    if (value < 2n ** 63n) return { kind: 'literal', value, type: BIGINT };
  }
  const scale = fraction?.length ?? 0;
  return {
    kind: 'literal',
    value: Number(token.text),
    type: decimal(Math.max(whole.replace(/^0+/, '').length + scale, 1), scale),
  };
}
