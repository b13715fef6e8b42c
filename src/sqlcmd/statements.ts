// Statements that cannot be right in an upgrade script, found before the freeze. Lexical and conservative:
// only what is certain from the words alone; nothing within strings, comments, or bodies of modules.
import { literalAt } from './literals.ts';
import { ALONE } from './separator.ts';

export interface StatementProblem {
  /** In the batch's text. */
  readonly offset: number;
  readonly message: string;
  readonly advice: string;
}

const NAME = String.raw`(?:\[_*\]|"_*"|[\p{L}_@#$][\p{L}\p{N}_@#$]*)`;
const BEFORE = String.raw`(?<![\p{L}\p{N}_@#$.])`;
const AFTER = String.raw`(?![\p{L}\p{N}_@#$])`;

const MODULE = new RegExp(
  String.raw`^\s*(?:CREATE(?:\s+OR\s+ALTER)?|ALTER)\s+(?:PROC|PROCEDURE|FUNCTION|TRIGGER|VIEW)${AFTER}`,
  'iu',
);
const GO_BEHIND = /;[^\S\n]*(GO)[^\S\n]*(?=\n|$)/gi;
// USE is reserved, so a name after it makes the statement; but for the query hints USE HINT and USE PLAN.
const USE = new RegExp(String.raw`${BEFORE}USE${AFTER}\s*(?!(?:HINT|PLAN)${AFTER})(${NAME})`, 'dgiu');
const ALTER_DATABASE = new RegExp(
  String.raw`${BEFORE}ALTER\s+DATABASE\s+(?!SCOPED\s|AUDIT\s|ENCRYPTION\s)${NAME}\s+` +
    String.raw`(?:(?:(REMOVE|ADD)\s+SECONDARY|(FAILOVER|FORCE_FAILOVER_ALLOW_DATA_LOSS|MODIFY))${AFTER}|` +
    // Looked at, not consumed: statements need no semicolon between them.
    String.raw`SET\s(?=([^;]{0,2000})))`,
  'giu',
);
const CREATE_OR_DROP = new RegExp(
  String.raw`(?<!(?:GRANT|DENY|REVOKE)\s+|,\s*)${BEFORE}(CREATE|DROP)\s+DATABASE\s+` +
    String.raw`(?!SCOPED\s|AUDIT\s|ENCRYPTION\s)(?:IF\s+EXISTS\s+)?${NAME}`,
  'giu',
);
const SESSION_OPTION = new RegExp(
  String.raw`${BEFORE}SET\s+(?:\w+\s*,\s*)*(IMPLICIT_TRANSACTIONS|ANSI_DEFAULTS)\s*(?:,\s*\w+\s*)*\sON${AFTER}`,
  'giu',
);
const ACCESS_OPTION =
  /(?:^|,)\s*(READ_ONLY|READ_WRITE|OFFLINE|ONLINE|EMERGENCY|SINGLE_USER|RESTRICTED_USER|MULTI_USER)(?!\w)/i;
const NEXT_STATEMENT =
  /(?<![\w@#$])(?:WITH|SELECT|INSERT|UPDATE|DELETE|ALTER|CREATE|EXEC|IF|DECLARE|PRINT|SET)(?!\w)/i;

/**
 * What cannot be right in the batch's text, variables replaced. `database` is the one the script runs on;
 * null where that is not known, which refuses every USE.
 */
export function checkStatements(text: string, database: string | null): StatementProblem[] {
  const code = maskLiterals(text);
  const problems = separatorsBehindStatements(code);
  if (MODULE.test(code)) return problems;
  return [
    ...problems,
    ...uses(text, code, database),
    ...alterDatabase(code),
    ...createOrDropDatabase(code),
    ...sessionOptions(code),
  ].sort((a, b) => a.offset - b.offset);
}

function separatorsBehindStatements(code: string): StatementProblem[] {
  return Array.from(code.matchAll(GO_BEHIND), (match) => ({
    offset: match.index + match[0].toUpperCase().indexOf('GO'),
    message: 'GO behind a statement does not end a batch in sqlcmd',
    advice: ALONE,
  }));
}

function uses(text: string, code: string, database: string | null): StatementProblem[] {
  const problems: StatementProblem[] = [];
  for (const match of code.matchAll(USE)) {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    const name = unquoteName(text.slice(start, end));
    if (database !== null && name.toLowerCase() === database.toLowerCase()) continue;
    problems.push({
      offset: match.index,
      message: `\`USE ${name}\`: Azure SQL Database cannot switch databases (error 40508)`,
      advice: `Remove the USE statement; the script runs on the stage database ${database ?? 'of each database listed'}.`,
    });
  }
  return problems;
}

function alterDatabase(code: string): StatementProblem[] {
  const problems: StatementProblem[] = [];
  for (const match of code.matchAll(ALTER_DATABASE)) {
    const [, link, action, options] = match;
    const access = options === undefined ? undefined : accessOption(options);
    if (link !== undefined) problems.push(refused(match.index, `${link.toUpperCase()} SECONDARY`));
    else if (action !== undefined) problems.push(refused(match.index, action.toUpperCase()));
    else if (access !== undefined) problems.push(refused(match.index, `SET ${access.toUpperCase()}`));
  }
  return problems;
}

function refused(offset: number, what: string): StatementProblem {
  return {
    offset,
    message: `\`ALTER DATABASE … ${what}\`: access mode, links and the database itself are the upgrade's own business`,
    advice: 'Remove the statement; freeze, unfreeze and links are done by the action.',
  };
}

function accessOption(options: string): string | undefined {
  const end = options.search(NEXT_STATEMENT);
  return ACCESS_OPTION.exec(end === -1 ? options : options.slice(0, end))?.[1];
}

function createOrDropDatabase(code: string): StatementProblem[] {
  return Array.from(code.matchAll(CREATE_OR_DROP), (match) => ({
    offset: match.index,
    message: `\`${match[1]?.toUpperCase()} DATABASE\` is not possible on the stage database`,
    advice: 'Remove the statement; databases are created and deleted outside the upgrade script.',
  }));
}

/** ANSI_DEFAULTS switches IMPLICIT_TRANSACTIONS on with it. */
function sessionOptions(code: string): StatementProblem[] {
  return Array.from(code.matchAll(SESSION_OPTION), (match) => ({
    offset: match.index,
    message: `\`SET ${match[1]?.toUpperCase()} ON\` leaves a transaction open that nobody commits`,
    advice: 'Remove the statement; use BEGIN TRANSACTION and COMMIT where batches belong together.',
  }));
}

function unquoteName(name: string): string {
  if (name.startsWith('[')) return name.slice(1, -1).replaceAll(']]', ']');
  if (name.startsWith('"')) return name.slice(1, -1).replaceAll('""', '"');
  return name;
}

/** The text with comments and strings blanked and names filled with `_`, every offset as it was. */
export function maskLiterals(text: string): string {
  const opening = /['"[]|--|\/\*/g;
  const parts: string[] = [];
  let at = 0;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const literal = literalAt(text, match.index);
    if (literal === null) break;
    parts.push(text.slice(at, match.index), mask(text.slice(match.index, literal.end), literal.kind));
    at = literal.end;
    opening.lastIndex = at;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

function mask(literal: string, kind: string): string {
  if (kind.endsWith('comment')) return literal.replace(/[^\n]/g, ' ');
  const fill = '_'.repeat(Math.max(0, literal.length - 2));
  return (literal[0] ?? '') + fill + (literal.length > 1 ? literal.at(-1) : '');
}
