// Where the log goes. A runner reads commands (`::add-mask::`, `::error::`) and keeps what they say to itself; a
// terminal would show them, live secrets included, so a person gets plain text, and secrets replaced in it.
import type { Environment } from './input-reader.ts';
import type { LogSink } from './log.ts';
import { createMasking, type Masking } from './masking.ts';
import * as runner from './runner-commands.ts';

export interface Output {
  readonly sink: LogSink;
  readonly masking: Masking;
}

/** Whether something reads what this process prints as a runner does, and acts on it. */
export function isInRunner(environment: Environment): boolean {
  return environment.GITHUB_ACTIONS === 'true';
}

/** @param print writes one line, or several, to a person outside a runner. */
export function outputFor(environment: Environment, print: (text: string) => void = runner.info): Output {
  if (isInRunner(environment)) return { sink: runner, masking: createMasking(runner.setSecret) };
  // Nobody else masks here: `redact` does it, in every line.
  const masking = createMasking(() => undefined);
  return { sink: terminalSink((text) => print(masking.redact(text))), masking };
}

function terminalSink(print: (text: string) => void): LogSink {
  return {
    info: print,
    debug: () => undefined,
    warning: (message) => print(`Warning: ${message}`),
    error: (message, properties) =>
      print(`Error: ${properties?.title ? `${properties.title}\n` : ''}${message}`),
    startGroup: print,
    endGroup: () => undefined,
  };
}
