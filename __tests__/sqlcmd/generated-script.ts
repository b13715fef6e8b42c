// Scripts put together from tokens of which it is known what they are, so that the answer is known too.
import fc from 'fast-check';

export interface GeneratedScript {
  readonly script: string;
  /** What each batch must be, blanks around it removed. */
  readonly batches: readonly string[];
}

/** Text in which a careless reader would see separators, commands, and other literals' delimiters. */
const inside = fc
  .array(
    fc.constantFrom(
      '\nGO\n',
      '\r\nGO\r\n',
      '\n:quit\n',
      '\nGO;\n',
      '--',
      '/',
      '*',
      '$',
      ' ',
      'a',
      '\n',
      '(',
      ';',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const quoted = (open: string, close: string, others: string) =>
  fc
    .array(fc.oneof(inside, fc.constant(close + close), fc.constantFrom(...others)), { maxLength: 4 })
    .map((parts) => open + parts.join('').replaceAll('$(', '$ (') + close);

const comment: fc.Memo<string> = fc.memo((depth) => {
  const flat = inside.map((text) =>
    text.replaceAll('/*', '/ *').replaceAll('*/', '* /').replaceAll('**', '* '),
  );
  const body = depth > 1 ? fc.tuple(flat, comment(depth - 1), flat).map((parts) => parts.join(' ')) : flat;
  return body.map((text) => `/* ${text} */`);
});

const token = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'SELECT',
      '1',
      ',',
      ';',
      'x.go',
      '=',
      '(',
      ')',
      'goes',
      '@go',
      '5 - 3',
      '7 / 2',
    ),
  },
  { weight: 2, arbitrary: quoted("'", "'", '"[]') },
  quoted('"', '"', "'[]"),
  quoted('[', ']', `'"[`),
  comment(3),
  fc.constantFrom('-- GO\n', '-- it\'s /* "[\n', '--\r\n'),
);

// Every token is followed by a blank and a word, so that neither a stray GO nor an empty batch arises by chance.
const code = fc
  .array(fc.tuple(token, fc.constantFrom(' + ', '\n+ ', '\r\n\t+ ')), { minLength: 1, maxLength: 8 })
  .map((parts) => `SELECT ${parts.map(([text, gap]) => text + gap).join('')}0`);

const separator = fc.constantFrom('\nGO\n', '\ngo\r\n', '\r\n\tGO  \n', '\nGO 1 -- again\n', '\n\nGo\n\n');

/** Scripts of up to six batches, the last one with or without separator. */
export const generatedScript: fc.Arbitrary<GeneratedScript> = fc
  .tuple(
    fc.array(fc.tuple(code, separator), { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '\n', 'cut'),
  )
  .map(([parts, ending]) => {
    const last = parts.at(-1)?.[0] ?? '';
    const whole = parts.map(([text, end]) => text + end).join('');
    const script =
      ending === 'cut'
        ? parts
            .slice(0, -1)
            .map(([text, end]) => text + end)
            .join('') + last
        : whole + ending;
    return { script, batches: parts.map(([text]) => text.trim()) };
  });
