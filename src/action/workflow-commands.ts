// What stands in the log is obeyed by who reads it: a runner takes a line that begins with "::" and any "##[" for a
// command to it, a terminal takes escape sequences. Text from elsewhere (SQL Server's messages, a command's output, what
// a site answers, names) must not be able to give one.

/**
 * Before it looks for "::" the runner trims what .NET calls white space, which is more than what JavaScript calls so
 * (U+0085), and it compares by culture, which passes over characters without a shape (actions/runner, ActionCommand.cs).
 */
const COMMAND = /^([^\p{L}\p{N}\p{P}\p{S}]*)::/u;
const ESCAPE = '\u001b';
/** What follows ESC in a colour or a movement of the cursor (ECMA-48, control sequences). */
const CONTROL_SEQUENCE = /^\[[0-?]*[ -/]*[@-~]/;
/** They turn the direction of text, so that it reads otherwise than it is. */
const BIDIRECTIONAL = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROL_PICTURES = 0x2400;

/** The same text to a reader, and no command to a runner nor to a terminal. Control characters are shown as pictures. */
export function withoutCommands(text: string): string {
  return withoutColours(text)
    .replace(BIDIRECTIONAL, '')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) =>
      line
        .replace(/\p{Cc}/gu, picture)
        .replace(COMMAND, '$1: :')
        .replaceAll('##[', '## ['),
    )
    .join('\n');
}

function withoutColours(text: string): string {
  const [first = '', ...rest] = text.split(ESCAPE);
  const parts = rest.map((part) => {
    const plain = part.replace(CONTROL_SEQUENCE, '');
    return plain === part ? `${ESCAPE}${part}` : plain;
  });
  return [first, ...parts].join('');
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (control === '\t') return control;
  return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '\ufffd';
}
