import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  INPUTS,
  type InputSpecification,
  OUTPUTS,
  type OutputSpecification,
} from '../../src/action/action-io.ts';
import { inputVariable } from '../../src/action/input-reader.ts';
import { PHASES, RESULTS, UPGRADE_STATES } from '../../src/engine/report.ts';

interface ActionYml {
  name: string;
  description: string;
  author: string;
  branding: { icon: string; color: string };
  inputs: Record<string, { description: string; required: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: Record<string, string>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as ActionYml;
const inputs: Record<string, InputSpecification> = INPUTS;
const outputs: Record<string, OutputSpecification> = OUTPUTS;

describe('action.yml', () => {
  test('has the inputs and outputs of the code, and no others, in the same order', () => {
    expect(Object.keys(action.inputs)).toEqual(Object.keys(inputs));
    expect(Object.keys(action.outputs)).toEqual(Object.keys(outputs));
  });

  test.each(Object.keys(inputs))('input %s: required, default and literals are those of the code', (name) => {
    const {
      required,
      default: value,
      description,
    } = action.inputs[name] ?? { required: null, description: '' };
    expect({ required, default: value ?? null }).toEqual({
      required: inputs[name]?.required,
      default: inputs[name]?.default,
    });
    for (const literal of inputs[name]?.literals ?? []) expect(description).toContain(`\`${literal}\``);
    const standIn = inputs[name]?.environment;
    if (standIn !== null && standIn !== undefined) expect(description).toContain(standIn);
  });

  test.each(Object.keys(outputs))('output %s: literals are those of the code', (name) => {
    const description = action.outputs[name]?.description ?? '';
    for (const literal of outputs[name]?.literals ?? []) expect(description).toContain(`\`${literal}\``);
  });

  test('describes everything in sentences', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/^[`A-Z][\s\S]{20,}[.]$/);
    }
  });

  test('mentions no value in backquotes that the code does not know', () => {
    const known: Record<string, readonly string[]> = {
      phase: PHASES,
      result: RESULTS,
      state: UPGRADE_STATES,
    };
    for (const [name, literals] of Object.entries(known)) {
      const { description } = action.inputs[name] ?? action.outputs[name] ?? { description: '' };
      const mentioned = [...description.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word);
      expect(mentioned.filter((word) => !literals.includes(word ?? ''))).toEqual([]);
    }
  });

  test('runs the one bundle on node24, before and after', () => {
    expect(action.runs).toEqual({
      using: 'node24',
      main: 'dist/index.js',
      post: 'dist/index.js',
      'post-if': 'always()',
    });
  });

  test('has what the Marketplace asks for', () => {
    // Feather 4.28 icons that GitHub leaves out.
    const omitted = /^(?:coffee|columns|divide.*|frown|hexagon|key|meh|mouse-pointer|smile|tool|x-octagon)$/;
    expect(action.branding.icon).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(action.branding.icon).not.toMatch(omitted);
    expect(['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']).toContain(
      action.branding.color,
    );
    expect(action.description.length).toBeLessThan(125);
    expect(action.author).toBeTruthy();
    expect(existsSync('LICENSE')).toBe(true);
  });

  test('no input is read past the registry, and only src/action knows the toolkit', () => {
    for (const file of globSync('src/**/*.ts')) {
      const source = readFileSync(file, 'utf8');
      expect(source).not.toMatch(/getInput\(/);
      if (file.startsWith('src/action') || file === 'src/main.ts') continue;
      expect(source.includes('@actions/') ? file : '').toBe('');
      expect(/['"`]INPUT_/.test(source) ? file : '').toBe('');
    }
  });

  test('names inputs as the runner does', () => {
    expect(Object.keys(INPUTS).map(inputVariable)).toContain('INPUT_AZURE-ENVIRONMENT');
  });
});
