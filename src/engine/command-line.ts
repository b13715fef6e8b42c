// Commands for a person to copy. Names in Azure may hold blanks and brackets, so words are quoted for a shell.

/** The words as one command of a POSIX shell. */
export function command(...words: string[]): string {
  return words.map(quoted).join(' ');
}

/** A statement run by sqlcmd with an Entra login (`-G`). */
export function sqlcmd(host: string, database: string, statement: string): string {
  return command('sqlcmd', '-S', host, '-d', database, '-G', '-Q', statement);
}

function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
