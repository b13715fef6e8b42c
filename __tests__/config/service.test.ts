// The file of topology upgrade-domains: what it becomes, and what of single values is refused.
import { describe, expect, test } from '@jest/globals';
import { variable } from '../../src/config/variables.ts';
import { changed, type Data, load, problemsOf, sample } from './sample.ts';
import {
  CSCFG,
  cloudService,
  GALLERY,
  loadService,
  PACKAGE,
  scaleSets,
  swappedService,
} from './service-sample.ts';

const FRONT = 'service.scale-sets.front';
const CLOUD = 'service.cloud-service';
const all = { kind: 'percent', percent: 100 };

describe('a right file', () => {
  test('of scale sets gets every default', () => {
    const { config, error } = loadService(scaleSets());
    expect(error).toBeNull();
    const change = { image: `${GALLERY}/versions/2.0.0`, size: null, extensions: {} };
    const set = { resourceGroup: 'contoso', minimumHealthy: all, change };
    expect(config).toEqual({
      topology: 'upgrade-domains',
      application: 'contoso',
      service: {
        kind: 'scale-sets',
        roles: [
          { name: 'front', scaleSet: 'contoso-front', ...set },
          { name: 'worker', scaleSet: 'contoso-worker', ...set },
        ],
        virtualDomains: 5,
      },
      switchMethod: 'in-place',
      walk: {
        roles: [],
        mode: 'automatic',
        startTimeoutMs: 1_800_000,
        onStartTimeout: 'rollback',
        stuckAfterMs: 600_000,
        onStuck: 'rollback',
        acceptDowntime: false,
      },
      health: { consecutive: 3, intervalMs: 10_000, timeoutMs: 900_000 },
    });
  });

  test('of scale sets may say everything in full', () => {
    const { config, error } = loadService({
      ...scaleSets(),
      service: {
        'scale-sets': {
          front: {
            name: 'contoso-front',
            'resource-group': 'contoso',
            'minimum-healthy': '75%',
            image: 'Canonical:ubuntu-24_04-lts:server:24.04.202611100',
            extensions: {
              app: { version: '2.1', settings: { port: 80, paths: ['/a'] } },
              agent: { version: '1.10' },
            },
          },
          worker: { name: 'contoso-worker', 'resource-group': 'back', 'minimum-healthy': 3 },
        },
        'virtual-domains': 20,
      },
      update: { image: `${GALLERY}/versions/2.0.0`, size: 'Standard_D2s_v5' },
      walk: {
        roles: ['worker'],
        mode: 'manual',
        'start-timeout': '1h',
        'on-start-timeout': 'continue',
        'stuck-after': '5m',
        'on-stuck': 'hold',
        'accept-downtime': true,
      },
      health: { consecutive: 5, interval: '1s', timeout: '90s' },
      switch: { method: 'in-place' },
    });
    expect(error).toBeNull();
    expect(config?.service).toEqual({
      kind: 'scale-sets',
      roles: [
        {
          name: 'front',
          scaleSet: 'contoso-front',
          resourceGroup: 'contoso',
          minimumHealthy: { kind: 'percent', percent: 75 },
          change: {
            image: 'Canonical:ubuntu-24_04-lts:server:24.04.202611100',
            size: 'Standard_D2s_v5',
            extensions: {
              app: { version: '2.1', settings: { port: 80, paths: ['/a'] } },
              agent: { version: '1.10', settings: null },
            },
          },
        },
        {
          name: 'worker',
          scaleSet: 'contoso-worker',
          resourceGroup: 'back',
          minimumHealthy: { kind: 'count', count: 3 },
          change: { image: `${GALLERY}/versions/2.0.0`, size: 'Standard_D2s_v5', extensions: {} },
        },
      ],
      virtualDomains: 20,
    });
    expect(config?.walk).toEqual({
      roles: ['worker'],
      mode: 'manual',
      startTimeoutMs: 3_600_000,
      onStartTimeout: 'continue',
      stuckAfterMs: 300_000,
      onStuck: 'hold',
      acceptDowntime: true,
    });
    expect(config?.health).toEqual({ consecutive: 5, intervalMs: 1_000, timeoutMs: 90_000 });
  });

  test('of a cloud service', () => {
    const { config, error } = loadService(cloudService());
    expect(error).toBeNull();
    expect(config?.switchMethod).toBe('in-place');
    expect(config?.service).toEqual({
      kind: 'cloud-service',
      resourceGroup: 'contoso',
      service: 'contoso-cloud',
      roles: [
        { name: 'WebRole', minimumHealthy: { kind: 'count', count: 3 } },
        { name: 'WorkerRole', minimumHealthy: all },
      ],
      packageUrl: 'https://contoso.blob.core.windows.net/service/contoso-2.0.0.cspkg',
      configurationFile: CSCFG,
      previousPackageUrl: 'https://contoso.blob.core.windows.net/service/contoso-1.0.0.cspkg',
      previousConfigurationFile: null,
      stagingService: null,
    });
  });

  test('of a cloud service may name the configuration that runs now', () => {
    const file = changed(cloudService(), `${CLOUD}.previous-configuration`, CSCFG);
    expect(loadService(file).config?.service).toMatchObject({ previousConfigurationFile: CSCFG });
  });

  test('may change the configuration alone: the package is the same, what it is configured by is not', () => {
    const before = 'service/Before.cscfg';
    const same = changed(cloudService(), `${CLOUD}.previous-package`, PACKAGE);
    const { config, error } = loadService(changed(same, `${CLOUD}.previous-configuration`, before), {}, [
      before,
    ]);
    expect(error).toBeNull();
    expect(config?.service).toMatchObject({ previousPackageUrl: PACKAGE, packageUrl: PACKAGE });
  });

  test('of a cloud service to swap names the other one', () => {
    const { config, error } = loadService(swappedService());
    expect(error).toBeNull();
    expect(config).toMatchObject({
      switchMethod: 'swap',
      service: { stagingService: 'contoso-cloud-stage' },
    });
  });

  test('may take numbers, shares and answers from the environment', () => {
    let file = changed(scaleSets(), `${FRONT}.minimum-healthy`, variable('SHARE'));
    file = changed(file, 'service.scale-sets.worker.minimum-healthy', variable('COUNT'));
    file = changed(file, 'walk.accept-downtime', variable('ACCEPT'));
    file = changed(file, 'service.virtual-domains', variable('DOMAINS'));
    const { config } = loadService(file, { SHARE: '50%', COUNT: '2', ACCEPT: 'true', DOMAINS: '4' });
    expect(config).toMatchObject({
      walk: { acceptDowntime: true },
      service: {
        virtualDomains: 4,
        roles: [{ minimumHealthy: { percent: 50 } }, { minimumHealthy: { count: 2 } }],
      },
    });
    const refusing = changed(scaleSets(), 'walk.accept-downtime', variable('ACCEPT'));
    expect(loadService(refusing, { ACCEPT: 'false' }).config?.walk.acceptDowntime).toBe(false);
  });

  test.each([
    ['a gallery version', `${GALLERY}/versions/2.0.0`],
    ['a version of a shared gallery', '/SharedGalleries/contoso-1234/Images/service/Versions/2.0.0'],
    ['a version of a community gallery', '/CommunityGalleries/contoso-1234/Images/service/Versions/2.0.0'],
    ['a platform image', 'MicrosoftWindowsServer:WindowsServer:2025-datacenter:26100.7171.251107'],
  ])('may name %s', (_, image) => {
    expect(loadService(changed(scaleSets(), 'update.image', image)).config?.service).toMatchObject({
      roles: [{ change: { image } }, {}],
    });
  });
});

interface Case {
  readonly what: string;
  readonly file: Data;
  /** The only problem. */
  readonly problem: RegExp;
}

const REFUSED: readonly Case[] = [
  {
    what: 'the newest version of a platform image',
    file: changed(scaleSets(), `${FRONT}.image`, 'Canonical:ubuntu-24_04-lts:server:latest'),
    problem:
      /^\d+:\d+ service\.scale-sets\.front\.image: found ".*:latest"; allowed: an image with its version.*no way back/,
  },
  {
    what: 'a platform image without a version',
    file: changed(scaleSets(), 'update.image', 'Canonical:ubuntu-24_04-lts:server'),
    problem: /update\.image: .*no way back/,
  },
  {
    what: 'a gallery image without a version',
    file: changed(scaleSets(), 'update.image', GALLERY),
    problem: /update\.image: .*no way back/,
  },
  {
    what: 'the newest version of a gallery image, in whatever case',
    file: changed(scaleSets(), 'update.image', `${GALLERY.toUpperCase()}/versions/Latest`),
    problem: /update\.image: .*no way back/,
  },
  {
    what: 'the word latest alone',
    file: changed(scaleSets(), 'update.image', 'latest'),
    problem: /update\.image: found "latest"; .*no way back/,
  },
  {
    what: 'a managed image',
    file: changed(
      scaleSets(),
      'update.image',
      '/subscriptions/1/resourceGroups/contoso/providers/Microsoft.Compute/images/service-2.0.0',
    ),
    problem: /update\.image: .*allowed: an image version in a gallery: .*nothing could be verified/,
  },
  {
    what: 'what is no image',
    file: changed(scaleSets(), 'update.image', '2.0.0'),
    problem: /update\.image: found "2\.0\.0"; allowed: the resource id of an image version/,
  },
  ...[0, -1, 2.5, 1001, '0', '0%', '101%', '7.5%', 'all'].map((minimum) => ({
    what: `a minimum of ${minimum}`,
    file: changed(scaleSets(), `${FRONT}.minimum-healthy`, minimum),
    problem:
      /^\d+:\d+ service\.scale-sets\.front\.minimum-healthy: .*a number of instances from 1 .*"1%" to "100%"/,
  })),
  ...[0, 21].map((domains) => ({
    what: `${domains} virtual domains`,
    file: changed(scaleSets(), 'service.virtual-domains', domains),
    problem: /service\.virtual-domains: .*a whole number from 1 to 20/,
  })),
  {
    what: 'a maybe for downtime',
    file: changed(scaleSets(), 'walk.accept-downtime', 'perhaps'),
    problem: /walk\.accept-downtime: found "perhaps"; allowed: true or false/,
  },
  {
    what: 'a number that JSON cannot carry to Azure',
    file: changed(scaleSets(), `${FRONT}.extensions`, { app: { settings: { port: [Number.NaN] } } }),
    problem: /front\.extensions\.app\.settings: .*without \.inf and \.nan/,
  },
  {
    what: 'a service without roles',
    file: changed(scaleSets(), 'service.scale-sets', {}),
    problem: /service\.scale-sets: .*at least one role/,
  },
  {
    what: 'a cloud service without roles',
    file: changed(cloudService(), `${CLOUD}.roles`, {}),
    problem: /service\.cloud-service\.roles: .*at least one role/,
  },
  {
    what: 'a cloud service without a way back',
    file: changed(cloudService(), `${CLOUD}.previous-package`, undefined),
    problem: /service\.cloud-service\.previous-package: found nothing; allowed: the https address/,
  },
  {
    what: 'a package that is not fetched over https',
    file: changed(cloudService(), `${CLOUD}.package`, 'http://contoso/contoso.cspkg'),
    problem: /service\.cloud-service\.package: found "http:.*; allowed: the https address/,
  },
  {
    what: 'a mistyped key, with the one that was meant',
    file: changed(scaleSets(), 'walk.on-start-time-out', 'fail'),
    problem: /walk\.on-start-time-out: .*Did you mean "on-start-timeout"\?/,
  },
  {
    what: 'a mistyped key of a role',
    file: changed(scaleSets(), `${FRONT}.min-healthy`, 3),
    problem: /front\.min-healthy: found the unknown key.* minimum-healthy, /,
  },
  {
    what: 'a key of the other topologies',
    file: { ...scaleSets(), databases: ['contoso'] },
    problem: /databases: found the unknown key "databases"; allowed: version, application, service/,
  },
];

describe('is refused in one sentence:', () => {
  test.each(REFUSED)('$what', ({ file, problem }) => {
    const loaded = loadService(file);
    expect(loaded.error?.reason).toBe('config-invalid');
    expect(problemsOf(loaded)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a signature of a package', () => {
  const secret = 'a1b2/c3d4+e5f6==';
  const signed = `https://blobs.contoso.net/v2.cspkg?sv=2025&sig=${encodeURIComponent(secret)}`;

  test('is masked as it is written and as it is meant, and stays in the address', () => {
    const { config, masked } = loadService(changed(cloudService(), `${CLOUD}.package`, signed));
    expect(masked).toEqual(expect.arrayContaining([secret, encodeURIComponent(secret)]));
    expect(config?.service).toMatchObject({ packageUrl: signed });
  });

  test('is masked where the address comes from the environment', () => {
    const file = changed(cloudService(), `${CLOUD}.previous-package`, variable('V1'));
    const { config, masked } = loadService(file, { V1: signed });
    expect(masked).toContain(secret);
    expect(config?.service).toMatchObject({ previousPackageUrl: signed });
  });

  test.each([
    ['at a wrong address', `${CLOUD}.package`, signed.replace('https', 'http')],
    ['under another key', `${CLOUD}.configuration`, signed],
    ['under no key', `${CLOUD}.packge`, signed],
    ['in a list', 'walk', { roles: [signed] }],
  ])('is neither shown nor left unmasked %s', (_, path, value) => {
    const { error, masked } = loadService(changed(cloudService(), path, value));
    expect(error?.reason).toBe('config-invalid');
    expect(error?.message).not.toContain(encodeURIComponent(secret));
    expect(error?.message).not.toContain(secret);
    expect(masked).toContain(secret);
  });
});

describe('a file of another topology', () => {
  test('is told in one sentence, with the input to set, and not key by key', () => {
    const { error } = loadService(sample());
    expect(error?.reason).toBe('config-invalid');
    expect(error?.message).toMatch(
      /is for another topology \(it has slots, .*set the input topology to "single-region"/,
    );
    expect(error?.message).not.toContain('\n');
    expect(error?.advice.join(' ')).toContain('input config');
  });

  test('of a service is told in one sentence too', () => {
    const { error } = load(scaleSets());
    expect(error?.reason).toBe('config-invalid');
    expect(error?.message).toMatch(
      /it has service, update\): set the input topology to "upgrade-domains"\.$/,
    );
  });

  test('is not what a file with keys of both is: those are told one by one', () => {
    expect(problemsOf(loadService({ ...scaleSets(), databases: ['contoso'] })).join('\n')).toContain(
      'the unknown key "databases"',
    );
  });
});
