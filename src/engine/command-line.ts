// Commands for a person to copy. Names in Azure may hold blanks and brackets, so words are quoted for a shell.

/** The words as one command of a POSIX shell. */
export function command(...words: string[]): string {
  return words.map(quoted).join(' ');
}

/** A command with values in it, each quoted as one word: shell`az webapp start -g ${group} -n ${site}`. */
export function shell(text: TemplateStringsArray, ...values: readonly string[]): string {
  return text
    .map((part, index) => (index === 0 ? part : `${quoted(values[index - 1] ?? '')}${part}`))
    .join('');
}

/** A statement run by sqlcmd with an Entra login (`-G`), in which `$(…)` of a name is no scripting variable (`-x`). */
export function sqlcmd(host: string, database: string, statement: string): string {
  const plain = statement.includes('$(') ? ['-x'] : [];
  return command('sqlcmd', '-S', host, '-d', database, '-G', ...plain, '-Q', statement);
}

function quoted(word: string): string {
  // A terminal obeys it whatever quotes are around it, and sqlcmd a line of its own: a command that fails is better.
  if (CONTROL.test(word)) return "'?'";
  // Not at the beginning of a word: zsh takes =name for the path of a program.
  return /^(?!=)[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Control characters, the other ends of lines, and what turns the direction of text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
