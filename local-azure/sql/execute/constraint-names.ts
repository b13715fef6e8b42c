// Names SQL Server makes up for constraints that were given none: DF__Orders__Currency__3B75D760.

export function definedName(
  prefix: 'PK' | 'UQ' | 'DF' | 'CK' | 'FK',
  table: string,
  column: string,
  id: number,
): string {
  const suffix = (Math.imul(id, 0x9e3779b1) >>> 0).toString(16).toUpperCase().padStart(8, '0');
  const parts = [
    prefix,
    '',
    table.slice(0, 9),
    '',
    ...(column === '' ? [] : [column.slice(0, 9), '']),
    suffix,
  ];
  return parts.join('_');
}
