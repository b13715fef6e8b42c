// sqlcmd's commands: lines that begin with a colon (a few old ones need none). Three make sense in an
// upgrade that has to be repeatable and undoable; the others are refused by name, with the reason.
import { DATABASE_VARIABLE, VARIABLE_NAME } from './variables.ts';

export type Command =
  | { readonly kind: 'set-variable'; readonly name: string; readonly value: string }
  | { readonly kind: 'remove-variable'; readonly name: string }
  | { readonly kind: 'include'; readonly target: string }
  /** `:on error exit`: what the product does anyway. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

const REMOVE = 'Remove the line.';
const OUTPUT = { reason: 'output goes to the log of the job', advice: REMOVE };
const PROMPT = { reason: 'it is for a person at a prompt', advice: REMOVE };
const QUITS = {
  reason: 'what comes after it would be left out without an error',
  advice: 'Remove the line; to stop, raise an error (THROW). A column of that name goes into brackets.',
};
const REFUSED: Readonly<Record<string, { readonly reason: string; readonly advice: string }>> = {
  connect: {
    reason: 'the script runs on the stage database and nowhere else',
    advice: 'Remove the line; other servers belong into a workflow step of their own.',
  },
  '!!': {
    reason: 'commands of the operating system are not run from a script',
    advice: 'Use a workflow step, or `upgrade.command` in the config file.',
  },
  out: OUTPUT,
  error: OUTPUT,
  perftrace: OUTPUT,
  xml: OUTPUT,
  quit: QUITS,
  exit: QUITS,
  reset: {
    reason: 'it throws away what was read before it',
    advice: 'Remove the line and what it throws away.',
  },
  ed: PROMPT,
  help: PROMPT,
  list: PROMPT,
  listvar: PROMPT,
  serverlist: PROMPT,
};

const COMMAND = /^\s*:?(!!|on[ \t]+error\b|[a-z]+)(.*)$/is;

/** Reads one command line, whose `$(…)` are already replaced. */
export function parseCommand(line: string): Command {
  const match = COMMAND.exec(line);
  const name = (match?.[1] ?? '').toLowerCase().replace(/\s+/, ' ');
  const rest = withoutComment(match?.[2] ?? '').trim();
  if (name === 'setvar') return setVariable(rest);
  if (name === 'r') return include(rest);
  if (name === 'on error') return onError(rest);
  const known = REFUSED[name];
  if (known !== undefined) {
    return refused(
      `sqlcmd's \`${name === '!!' ? name : `:${name}`}\` is refused: ${known.reason}`,
      known.advice,
    );
  }
  return refused(`\`:${name}\` is no command of sqlcmd`, 'Correct the line, or remove it.');
}

function refused(message: string, advice: string): Command {
  return { kind: 'refused', message, advice };
}

function setVariable(rest: string): Command {
  const advice = 'Write `:setvar name value`, or `:setvar name "value with blanks, a "" for a quote"`.';
  const [, name = '', text = ''] = /^(\S*)(?:\s+(.*))?$/s.exec(rest) ?? [];
  if (!VARIABLE_NAME.test(name))
    return refused(`\`:setvar\` needs a variable's name, found "${name}"`, advice);
  if (name.toUpperCase() === DATABASE_VARIABLE) {
    return refused(`\`${DATABASE_VARIABLE}\` cannot be set: it is the database the script runs on`, REMOVE);
  }
  if (text === '') return { kind: 'remove-variable', name };
  const value = unquote(text);
  if (value === null)
    return refused(`\`:setvar ${name}\`: the value is not written as sqlcmd reads it`, advice);
  return { kind: 'set-variable', name, value };
}

function include(rest: string): Command {
  const target = rest.startsWith('"') ? unquote(rest) : rest;
  if (target !== null && target !== '') return { kind: 'include', target };
  return refused('`:r` needs the path of a file', 'Write `:r file.sql`, or `:r "a file.sql"`.');
}

function onError(rest: string): Command {
  if (/^exit$/i.test(rest)) return { kind: 'nothing' };
  return refused(
    `\`:on error ${rest}\` is refused: a failing batch ends the upgrade`,
    'Write `:on error exit`, or remove the line. A batch that may fail catches its error itself (TRY … CATCH).',
  );
}

/** A value as it is written: bare without blanks, or quoted with `""` for a quote. Null where it is neither. */
function unquote(text: string): string | null {
  if (!text.startsWith('"')) return /\s/.test(text) ? null : text;
  const inner = /^"((?:[^"]|"")*)"$/s.exec(text)?.[1];
  return inner?.replaceAll('""', '"') ?? null;
}

/** A comment on a command line begins with `--` after a blank, outside quotes. */
function withoutComment(rest: string): string {
  const match = /^((?:"(?:[^"]|"")*"|(?!\s--)[^"])*)\s--/s.exec(rest);
  return match?.[1] ?? rest;
}
