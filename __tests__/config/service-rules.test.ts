// Rules between the keys of the file of topology upgrade-domains, each told at its place with what is allowed.
import { describe, expect, test } from '@jest/globals';
import { variable } from '../../src/config/variables.ts';
import { changed, type Data, problemsOf } from './sample.ts';
import { CSCFG, cloudService, loadService, PACKAGE, scaleSets, swappedService } from './service-sample.ts';

const FRONT = 'service.scale-sets.front';
const CLOUD = 'service.cloud-service';

const without = (file: Data, path: string) => changed(file, path, undefined);
const withUpdate = (file: Data, path: string, value: unknown) =>
  changed(without(file, 'update'), path, value);

interface Case {
  readonly what: string;
  readonly file: Data;
  readonly problems: readonly RegExp[];
}

const REFUSED: readonly Case[] = [
  {
    what: 'a service of both kinds',
    file: changed(scaleSets(), CLOUD, (cloudService().service as Data)['cloud-service']),
    problems: [/ service: found scale-sets and cloud-service; allowed: one of the two/],
  },
  {
    what: 'a service of neither kind',
    file: changed(without(scaleSets(), 'update'), 'service', {}),
    problems: [/ service: found neither scale-sets nor cloud-service/],
  },
  {
    what: 'what only scale sets have',
    file: changed(changed(cloudService(), 'service.virtual-domains', 5), 'update', {
      size: 'Standard_D2_v2',
    }),
    problems: [
      / service\.virtual-domains: found virtual domains; allowed: only together with "scale-sets"/,
      / update: found a change of scale sets; allowed: only together with "scale-sets"/,
    ],
  },
  {
    what: 'one scale set as two roles, in whatever case',
    file: changed(changed(scaleSets(), 'service.scale-sets.worker.name', 'Contoso-Front'), FRONT, {
      name: 'contoso-front',
      'resource-group': 'CONTOSO',
    }),
    problems: [/ service\.scale-sets\.worker\.name: found the scale set of role "front"/],
  },
  {
    what: 'scale sets of which nothing is to change',
    file: withUpdate(scaleSets(), `${FRONT}.size`, 'Standard_D2s_v5'),
    problems: [/ service\.scale-sets\.worker: found nothing that is to change; allowed: image, size or ext/],
  },
  {
    what: 'extensions of which nothing is to change',
    file: changed(
      changed(scaleSets(), `${FRONT}.extensions`, { app: {}, agent: { version: '1.1' } }),
      'service.scale-sets.worker.extensions',
      {},
    ),
    problems: [
      / service\.scale-sets\.front\.extensions\.app: found nothing that is to change/,
      / service\.scale-sets\.worker\.extensions: found nothing that is to change/,
    ],
  },
  {
    what: 'roles to walk that there are not',
    file: changed(scaleSets(), 'walk', { roles: ['front', 'workers', 'nonsense'] }),
    problems: [
      / walk\.roles\[1\]: found "workers", which is no role .*allowed: front, worker\. Did you mean "worker"\?/,
      / walk\.roles\[2\]: found "nonsense", which is no role .*allowed: front, worker\.$/,
    ],
  },
  {
    what: 'roles of a cloud service that there are not',
    file: changed(cloudService(), 'walk', { roles: ['webrole'] }),
    problems: [/ walk\.roles\[0\]: .*allowed: WebRole, WorkerRole\. Did you mean "WebRole"\?/],
  },
  {
    what: 'a role to walk twice',
    file: changed(scaleSets(), 'walk', { roles: ['front', 'front'] }),
    problems: [/ walk\.roles\[1\]: found "front"; allowed: each role once/],
  },
  {
    what: 'no role to walk',
    file: changed(scaleSets(), 'walk', { roles: [] }),
    problems: [/ walk\.roles: .*at least one role/],
  },
  {
    what: 'scale sets to swap',
    file: changed(scaleSets(), 'switch', { method: 'swap' }),
    problems: [/ switch\.method: found "swap"; allowed: in-place: scale sets have no second deployment/],
  },
  {
    what: 'a swap with nothing',
    file: without(swappedService(), `${CLOUD}.staging`),
    problems: [/ service\.cloud-service\.staging: found nothing; allowed: the cloud service that .*in-place/],
  },
  {
    what: 'a swap with itself',
    file: changed(swappedService(), `${CLOUD}.staging`, 'Contoso-Cloud'),
    problems: [/ service\.cloud-service\.staging: found the service that users are on/],
  },
  {
    what: 'a swap of some roles',
    file: changed(swappedService(), 'walk', { roles: ['WebRole'] }),
    problems: [/ walk\.roles: found roles; allowed: only together with "method: in-place"/],
  },
  {
    what: 'a service to swap with, in place',
    file: without(swappedService(), 'switch'),
    problems: [/ service\.cloud-service\.staging: .*only together with "switch: \{method: swap\}"/],
  },
  {
    what: 'a service configuration that is not there',
    file: changed(cloudService(), `${CLOUD}.configuration`, 'service/Local.cscfg'),
    problems: [/ service\.cloud-service\.configuration: found "service\/Local\.cscfg", which is no file/],
  },
  {
    what: 'a configuration before that is not there',
    file: changed(cloudService(), `${CLOUD}.previous-configuration`, 'service/Old.cscfg'),
    problems: [
      / service\.cloud-service\.previous-configuration: found "service\/Old\.cscfg", which is no file/,
    ],
  },
  {
    what: 'a version before that is the new one, whatever its signature',
    file: changed(cloudService(), `${CLOUD}.previous-package`, `${PACKAGE}?sv=2025&sig=abc`),
    problems: [
      / service\.cloud-service\.previous-package: found the package to update to, .*"previous-configuration"/,
    ],
  },
  {
    what: 'a version before that has the same configuration by name',
    file: changed(
      changed(cloudService(), `${CLOUD}.previous-package`, PACKAGE),
      `${CLOUD}.previous-configuration`,
      CSCFG,
    ),
    problems: [/ service\.cloud-service\.previous-package: found the package to update to/],
  },
  {
    what: 'more looks at the health than there is time for',
    file: changed(scaleSets(), 'health', { consecutive: 100 }),
    problems: [/ health\.timeout: found 15m for 100 checks, one every 10s; allowed: more than the 990 s/],
  },
];

describe('is refused:', () => {
  test.each(REFUSED)('$what', ({ file, problems }) => {
    const told = problemsOf(loadService(file));
    expect(told).toEqual(problems.map((problem) => expect.stringMatching(problem)));
    for (const line of told) expect(line).toMatch(/^\d+:\d+ /);
  });

  test('everything at once, in the order of the file', () => {
    const text = `version: 2
application: contoso
service:
  scale-sets:
    front: {name: contoso-front, resource-group: contoso, image: "a:b:c:latest", minimum-healthy: 0}
    back: {name: contoso-front, resource-group: contoso, size: Standard_D2s_v5}
  virtual-domains: 21
walk:
  roles: [frnt]
  stuck-after: soon
switch: {method: swap}
`;
    expect(problemsOf(loadService(text)).map((line) => line.split(': ')[0])).toEqual([
      '1:10 version',
      '5:66 service.scale-sets.front.image',
      '5:99 service.scale-sets.front.minimum-healthy',
      '6:18 service.scale-sets.back.name',
      '7:20 service.virtual-domains',
      '9:11 walk.roles[0]',
      '10:16 walk.stuck-after',
      '11:18 switch.method',
    ]);
  });
});

describe('what is not updated', () => {
  test('needs no change', () => {
    const file = changed(withUpdate(scaleSets(), `${FRONT}.size`, 'Standard_D2s_v5'), 'walk', {
      roles: ['front'],
    });
    const { config, error } = loadService(file);
    expect(error).toBeNull();
    expect(config?.service).toMatchObject({
      roles: [
        { change: { size: 'Standard_D2s_v5' } },
        { change: { image: null, size: null, extensions: {} } },
      ],
    });
  });
});

describe('a role from the environment', () => {
  test('is not shown where there is none of its name', () => {
    const file = changed(scaleSets(), 'walk', { roles: [variable('ROLE')] });
    const loaded = loadService(file, { ROLE: 'xyzzy' });
    expect(problemsOf(loaded)).toEqual([
      expect.stringMatching(/ walk\.roles\[0\]: found the value of ROLE \(not shown\), which is no role/),
    ]);
    expect(loaded.error?.message).not.toContain('xyzzy');
  });
});
