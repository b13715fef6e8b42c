// The README's tables of inputs and outputs, from action.yml.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { cell, table } from './markdown.ts';

const described = z.object({ description: z.string().trim().min(1, 'has no description') });
const action = z.object({
  inputs: z.record(z.string(), described.extend({ required: z.boolean(), default: z.string().optional() })),
  outputs: z.record(z.string(), described),
});

/** Throws where an input or output has no description. */
export function actionTables(actionYml: string): { inputs: string; outputs: string } {
  const { inputs, outputs } = action.parse(parse(readFileSync(actionYml, 'utf8')));
  return {
    inputs: table(
      ['Input', 'Default', 'What it is'],
      Object.entries(inputs).map(([name, input]) => [
        `\`${name}\``,
        input.default === undefined ? (input.required ? '**required**' : '') : `\`${input.default}\``,
        cell(input.description),
      ]),
    ),
    outputs: table(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([name, output]) => [`\`${name}\``, cell(output.description)]),
    ),
  };
}
