// Settings and connection strings of production, for the stage site: production's SQL server, and nothing else, is
// replaced.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Slot } from '../../src/application/upgrade-context.ts';
import { toStageServer } from '../../src/steps/stage-site.ts';
import { server, slot } from '../guards/parts.ts';

function slotOn(name: string): Slot {
  const site = { resourceGroup: 'g', site: 'a', deploymentSlot: null };
  return { config: slot(name), server: server(name), site, standby: null };
}
const between = (from: string, to: string) => ({ production: slotOn(from), stage: slotOn(to) });
const context = between('contoso-sql-blue', 'contoso-sql-green');
const BLUE = 'contoso-sql-blue.database.windows.net';
const GREEN = 'contoso-sql-green.database.windows.net';

describe('a text of production for the stage site', () => {
  test.each([
    ['an ADO.NET string', `Server=tcp:${BLUE},1433;Database=contoso;User ID=app;Password=p@ss`],
    ['a JDBC URL', `jdbc:sqlserver://${BLUE}:1433;database=contoso;trustServerCertificate=false`],
    ['a bare host name', BLUE],
    ['a host name with its final dot', `${BLUE}.`],
    ['two servers in one text', `${BLUE};Failover Partner=${BLUE}`],
    ['a user at the full name', `Server=${BLUE};User ID=app@${BLUE}`],
  ])('%s', (_, text) => {
    expect(toStageServer(context, text)).toBe(text.replaceAll(BLUE, GREEN));
  });

  test('in other letters', () => {
    expect(toStageServer(context, `Server=${BLUE.toUpperCase()};`)).toBe(`Server=${GREEN};`);
  });

  test.each(['User ID', 'UID', 'user'])('a login %s=name@server', (key) => {
    const text = `Server=${BLUE};${key} = app@contoso-sql-blue;Password=x@contoso-sql-blue`;
    expect(toStageServer(context, text)).toBe(
      `Server=${GREEN};${key} = app@contoso-sql-green;Password=x@contoso-sql-blue`,
    );
  });

  test.each([
    ['a server whose name ends like it', `Server=my-${BLUE}`],
    ['a server whose name begins like it', 'Server=contoso-sql-blue-2.database.windows.net'],
    ['a host below it', `https://logs.${BLUE}/`],
    ['a host that it is only the beginning of', `https://${BLUE}.example/`],
    ['a site of the same name', 'https://contoso-sql-blue.azurewebsites.net/'],
    ['the name alone', 'SERVER_NAME contoso-sql-blue'],
    ['another character where the dot is', 'contoso-sql-blueXdatabase.windows.net'],
    ['nothing', ''],
  ])('%s is left alone', (_, text) => expect(toStageServer(context, text)).toBe(text));

  test('a server beside one that looks like it is replaced, the other is not', () => {
    const text = `Server=my-${BLUE};Failover Partner=${BLUE}`;
    expect(toStageServer(context, text)).toBe(`Server=my-${BLUE};Failover Partner=${GREEN}`);
  });

  test('whatever stands around it stays, and every one of it goes', () => {
    const around = fc.string().map((text) => text.replaceAll(/[a-z0-9.@-]/gi, '_'));
    const piece = fc
      .tuple(around, fc.constantFrom(' ', ';', '=', ',', ':', '"'))
      .map((pair) => pair.join(''));
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const text = pieces.join(BLUE);
        expect(toStageServer(context, text)).toBe(pieces.join(GREEN));
      }),
    );
  });

  test('and the way back gives the same text again', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
    fc.assert(
      fc.property(name, name, fc.string(), (from, to, rest) => {
        fc.pre(from !== to && !rest.toLowerCase().includes(`${to}.`) && !rest.includes('@'));
        const text = `Server=tcp:${from}.database.windows.net,1433;User ID=app@${from};${rest}`;
        const there = toStageServer(between(from, to), text);
        expect(there).toContain(`Server=tcp:${to}.database.windows.net,1433;User ID=app@${to};`);
        expect(toStageServer(between(to, from), there)).toBe(text);
      }),
    );
  });
});
