// How an action speaks to its runner: lines of commands on standard output, and files (documentation: "Workflow commands
// for GitHub Actions"). @actions/core does the same and brings an HTTP client of a megabyte with it, which every start
// of the action would have to read.
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { EOL } from 'node:os';

/** A line of the log. */
export function info(text: string): void {
  process.stdout.write(`${text}${EOL}`);
}

export function debug(text: string): void {
  command('debug', text);
}

/** An annotation. */
export function warning(text: string): void {
  command('warning', text);
}

/** An annotation. */
export function error(text: string, { title = '' }: { readonly title?: string } = {}): void {
  command('error', text, title === '' ? '' : ` title=${inProperty(title)}`);
}

export function startGroup(title: string): void {
  command('group', title);
}

export function endGroup(): void {
  command('endgroup', '');
}

/** From here on the runner masks it in the log. */
export function setSecret(secret: string): void {
  command('add-mask', secret);
}

/** What `main` has kept under this name; empty where it has not. */
export function getState(name: string): string {
  return process.env[`STATE_${name}`] ?? '';
}

/**
 * Adds a value to the file of GITHUB_OUTPUT or GITHUB_STATE; a later one of the same name replaces it. Throws where the
 * file cannot be written.
 */
export function appendValue(path: string, name: string, value: string): void {
  // Nobody who has a say in the value can know the delimiter, and thus end it early.
  const delimiter = `ghadelimiter_${randomUUID()}`;
  appendFileSync(path, `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`);
}

function command(name: string, text: string, properties = ''): void {
  info(`::${name}${properties}::${inMessage(text)}`);
}

function inMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
