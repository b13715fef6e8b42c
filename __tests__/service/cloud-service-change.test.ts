// What a cloud service's update changes, as far as two service configurations tell.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesOfCloudService } from '../../src/service/cloud-service-change.ts';
import { readServiceConfiguration } from '../../src/service/service-configuration.ts';

const PACKAGE = 'https://contoso.blob.core.windows.net/packages/1.cspkg?sig=one';

const cscfg = (roles: string, head = 'osFamily="7" osVersion="*"') =>
  `<?xml version="1.0"?>\n<ServiceConfiguration serviceName="contoso" ${head}>${roles}</ServiceConfiguration>`;
const role = (name: string, count: number | string, inside = '') =>
  `<Role name="${name}"><Instances count="${count}" />${inside}</Role>`;
const settings = (values: Readonly<Record<string, string>>) =>
  `<ConfigurationSettings>${Object.entries(values)
    .map(([name, value]) => `<Setting name="${name}" value="${value}" />`)
    .join('')}</ConfigurationSettings>`;

const changes = (before: string, after: string, packageUrl = PACKAGE) =>
  changesOfCloudService({ packageUrl: PACKAGE, configuration: before }, { packageUrl, configuration: after });
const lines = (before: string, after: string) =>
  changes(before, after).changes.map(({ role, kind, what }) => [role, kind, what]);

describe('a service configuration', () => {
  test('is read with its entities, quotes, comments and prefixes', () => {
    const text = cscfg(`
      <!-- <Role name="Old"><Instances count="1"/></Role> -->
      <Role name='WebRole'>
        <Instances count="8"></Instances>
        <ConfigurationSettings>
          <Setting value="a &amp; b &#62; &lt;c/&gt;" name="Text"/>
          <Setting name="Arrow" value="x > y" />
        </ConfigurationSettings>
        <Certificates><Certificate name="tls" thumbprint="AB" thumbprintAlgorithm="sha1" /></Certificates>
      </Role>
      <p:Role name="Worker"><p:Instances count="many"/></p:Role>`);
    const read = readServiceConfiguration(text);
    expect(read?.roles.map(({ name, instances }) => [name, instances])).toEqual([
      ['WebRole', 8],
      ['Worker', null],
    ]);
    expect([...(read?.roles[0]?.settings ?? [])]).toEqual([
      ['Text', 'a & b > <c/>'],
      ['Arrow', 'x > y'],
    ]);
    expect([...(read?.roles[0]?.certificates ?? [])]).toEqual([['tls', 'AB']]);
  });

  test('is not any text, and no text is an error', () => {
    for (const text of ['', '<ServiceDefinition/>', cscfg('<Role><Instances count="1"/></Role>')]) {
      expect(readServiceConfiguration(text)).toBeNull();
    }
    const piece = fc.constantFrom(
      '<Role name="a">',
      '</Role>',
      '<Setting',
      ' name="',
      '"',
      '/>',
      '&#x110000;',
      '<!--',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        readServiceConfiguration(cscfg(pieces.join('')));
      }),
    );
  });
});

describe('a cloud service’s change', () => {
  test('of nothing has no lines, whatever the signature of the package’s address', () => {
    const text = cscfg(role('WebRole', 8));
    expect(changes(text, `${text}\n`, PACKAGE.replace('one', 'two'))).toEqual({
      changes: [],
      notKnowable: [],
    });
  });

  test('is told role by role', () => {
    const before = cscfg(role('WebRole', 8, settings({ A: '1', B: '2' })) + role('Old', 2));
    const after = cscfg(
      role('WebRole', 6, settings({ A: '9', C: '3' })) + role('New', 2),
      'osFamily="7" osVersion="WA-1"',
    );
    expect(lines(before, after)).toEqual([
      [null, 'operating-system', 'guest OS family 7, version * → family 7, version WA-1'],
      ['New', 'roles', 'role added'],
      ['Old', 'roles', 'role removed'],
      ['WebRole', 'instance-count', 'instances 8 → 6'],
      ['WebRole', 'setting-names', 'settings C added, B removed'],
      ['WebRole', 'setting-values', 'values of settings A'],
    ]);
  });

  test('to fewer instances may find no quota on the way back; to more does', () => {
    const [few, many] = [cscfg(role('WebRole', 2)), cscfg(role('WebRole', 8))];
    expect(changes(many, few).changes[0]?.wayBack).toMatchObject({
      kind: 'doubtful',
      words: expect.stringContaining('quota'),
    });
    expect(changes(few, many).changes[0]?.wayBack.kind).toBe('possible');
  });

  test('from one instance to several takes the service down', () => {
    const [change] = changes(cscfg(role('WebRole', 1)), cscfg(role('WebRole', 2))).changes;
    expect(change?.what).toContain('the service is down');
  });

  test('never shows the value of a setting', () => {
    const [before, after] = ['pa$$word', 'n3w'].map((value) => cscfg(role('W', 2, settings({ Key: value }))));
    expect(JSON.stringify(changes(before ?? '', after ?? ''))).not.toMatch(/pa\$\$word|n3w/);
  });

  test('of the package says what cannot be known of it', () => {
    const text = cscfg(role('WebRole', 8));
    const { changes: found, notKnowable } = changes(text, text, PACKAGE.replace('1.cspkg', '2.cspkg'));
    expect(found.map(({ kind }) => kind)).toEqual(['code']);
    for (const word of ['size', 'local storage', 'endpoints', 'domains']) {
      expect(notKnowable.join('\n')).toContain(word);
    }
  });

  test('of configurations that cannot be read, or of the network, is said not to be known', () => {
    const text = cscfg(role('WebRole', 8));
    expect(changes('', text).notKnowable).toHaveLength(1);
    const network = (name: string) =>
      cscfg(`${role('W', 2)}<NetworkConfiguration><V name="${name}"/></NetworkConfiguration>`);
    expect(changes(network('a'), network('a')).notKnowable).toEqual([]);
    expect(changes(network('a'), network('b')).notKnowable.join()).toContain('network');
  });
});
