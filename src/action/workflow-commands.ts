// The runner obeys what a step prints: a line that begins with "::" and any "##[" is a command to it. Text from
// elsewhere (SQL Server's messages, a command's output, names) must not be able to give one.

/** The same text to a reader, and no command to the runner. */
export function withoutCommands(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^(\s*)::/, '$1: :').replaceAll('##[', '## ['))
    .join('\n');
}
