// Names of objects as functions and procedures take them: as text.
import type { ObjectName } from '../t-sql/ast.ts';

/** `dbo.Orders`, `[dbo].[Orders]`, `Orders`, `contoso..Orders` as OBJECT_ID takes them. */
export function parseObjectName(text: string): ObjectName {
  const parts = [...text.matchAll(/\[((?:[^\]]|\]\])*)\]|"([^"]*)"|([^.]+)|(?<=^|\.)(?=\.|$)/g)].map(
    (match) => (match[1]?.replaceAll(']]', ']') ?? match[2] ?? match[3] ?? '').trim(),
  );
  const [name = '', schema] = [...parts].reverse();
  return { schema: schema || null, name, text, line: 0 };
}
