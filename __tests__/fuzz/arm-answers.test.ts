// An answer of Resource Manager from which something is missing, or that holds null, or something new: the client says so
// clearly, or tells what is still true. Never something else, and never a TypeError.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAppService } from '../../src/azure/app-service.ts';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { createTrafficManager } from '../../src/azure/traffic-manager.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { type EmbeddedArm, startEmbeddedArm } from '../azure/embedded-arm.ts';
import { type ChangeKind, changed, NEW, pathsOf, record, replay } from './recorded-answers.ts';

const never = new AbortController().signal;
const blue = { resourceGroup: 'contoso-blue', server: 'contoso-sql-blue' };
const production = { ...blue, database: 'contoso' };
const site = { resourceGroup: 'contoso-blue', site: 'contoso-blue', deploymentSlot: null };

const READERS: Readonly<Record<string, (context: ArmContext) => Promise<unknown>>> = {
  server: (context) => createSqlManagement(context).getServer(blue),
  database: (context) => createSqlManagement(context).getDatabase(production),
  links: (context) => createSqlManagement(context).listLinks(production),
  firewall: (context) => createSqlManagement(context).listFirewallRules(blue),
  groups: (context) => createSqlManagement(context).listFailoverGroups(blue),
  ledger: (context) => createSqlManagement(context).hasLedgerDigestUploads(production),
  profile: (context) =>
    createTrafficManager(context).getProfile({ resourceGroup: 'contoso-traffic', profile: 'contoso' }),
  site: (context) => createAppService(context, () => {}).getSite(site),
  configuration: (context) => createAppService(context, () => {}).getConfiguration(site),
  strings: (context) => createAppService(context, () => {}).listConnectionStrings(site),
  plan: async (context) => {
    const apps = createAppService(context, () => {});
    const found = await apps.getSite(site);
    return found?.planId ? apps.getPlan(found.planId) : null;
  },
  settings: (context) => createAppService(context, () => {}).listAppSettings(site),
};

let azure: EmbeddedArm;
beforeAll(async () => {
  azure = await startEmbeddedArm();
  const sql = createSqlManagement(azure.context);
  const source = await sql.getDatabase(production);
  if (source === null) throw new Error('production is not there');
  const target = { resourceGroup: 'contoso-green', server: 'contoso-sql-green', database: 'contoso' };
  const secondary = { source, target, location: 'northeurope', elasticPoolId: null, tags: {} };
  await sql.createGeoSecondary(secondary, () => {}, never);
});
afterAll(() => azure.close());

/** Every leaf by its path. Null, undefined and an empty text are "not told". */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined || value === '') return new Map();
  if (typeof value !== 'object' || value instanceof Date) return new Map([[path, String(value)]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...leaves(inner, `${path}.${name}`)]));
}

/** What is wrong with how the reader takes a changed answer; null where it is right. */
async function mistake(
  read: () => Promise<unknown>,
  expected: unknown,
  kind: ChangeKind,
): Promise<string | null> {
  let value: unknown;
  try {
    value = await read();
  } catch (error) {
    const isClear = error instanceof AzureError || error instanceof UpgradeError;
    return isClear && kind !== 'add' ? null : String(error);
  }
  const [told, before] = [leaves(value), leaves(expected)];
  const otherwise = [...told].find(([leaf, text]) => before.get(leaf) !== text && !leaf.includes(NEW));
  if (otherwise) return `${otherwise[0]} is ${otherwise[1]}, was ${before.get(otherwise[0])}`;
  return kind === 'add' && [...before.keys()].some((leaf) => !told.has(leaf))
    ? 'something is told no more'
    : null;
}

describe.each(Object.keys(READERS))('%s', (name) => {
  test.each<ChangeKind>(['drop', 'null', 'add'])('with one field changed: %s', async (kind) => {
    const read = READERS[name];
    if (!read) throw new Error(name);
    const recording = record(azure.context);
    const expected = await read(recording.context);
    expect(await read(replay(recording, null).context)).toEqual(expected);
    const mistakes: string[] = [];
    let tried = 0;
    for (const [request, answer] of recording.answers)
      for (const path of pathsOf(answer)) {
        const replayed = replay(recording, { request, answer: changed(answer, path, kind) });
        const found = await mistake(() => read(replayed.context), expected, kind);
        if (found !== null) mistakes.push(`${kind} ${path.join('.')} of ${request}: ${found}`);
        if (replayed.answered()) tried++;
      }
    expect(tried).toBeGreaterThan(0);
    expect(mistakes).toEqual([]);
  });
});
