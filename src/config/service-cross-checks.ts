// Rules between the keys of a service's file, and between the file and the workspace. As cross-checks.ts is for slots.
import { checksFitIntoTimeout, eachOnce } from './cross-check-common.ts';
import { type Check, type FileFacts, gatherFileFacts, keysAt, repetitions } from './cross-facts.ts';
import { didYouMean } from './near-miss.ts';
import type { Path, Problem } from './problems.ts';
import { describe, valueAt } from './shape.ts';
import { isFileOf } from './workspace-files.ts';
import type { YamlSource } from './yaml-source.ts';

const SCALE_SETS = ['service', 'scale-sets'];
const CLOUD_SERVICE = ['service', 'cloud-service'];
const WALKED_ROLES = ['walk', 'roles'];
const METHOD = ['switch', 'method'];

interface ServiceFacts extends FileFacts {
  readonly workspace: string;
  /** Null where the file has none of the two, or both. */
  readonly kind: 'scale-sets' | 'cloud-service' | null;
  readonly swaps: boolean;
  readonly roles: readonly RoleFacts[];
}

interface RoleFacts {
  readonly name: string;
  readonly path: Path;
}

type ServiceCheck = Check<ServiceFacts>;

/** Every broken rule, also in a file that breaks the schema: a file gets all its errors at once. */
export function crossCheckService(source: YamlSource, workspace: string): Problem[] {
  const facts = gatherServiceFacts(source, workspace);
  return CHECKS.flatMap((check) => check(facts));
}

function gatherServiceFacts(source: YamlSource, workspace: string): ServiceFacts {
  const file = gatherFileFacts(source);
  const [scaleSets, cloudService] = [file.has(SCALE_SETS), file.has(CLOUD_SERVICE)];
  const kind = scaleSets === cloudService ? null : scaleSets ? 'scale-sets' : 'cloud-service';
  const roles = [SCALE_SETS, [...CLOUD_SERVICE, 'roles']].flatMap((path) =>
    keysAt(file, path).map((name) => ({ name, path: [...path, name] })),
  );
  return { ...file, workspace, kind, swaps: file.text(METHOD) === 'swap', roles };
}

const oneKindOfService: ServiceCheck = ({ has, kind }) => {
  if (kind !== null || !has(['service'])) return [];
  return [
    {
      path: ['service'],
      found: has(SCALE_SETS) ? 'scale-sets and cloud-service' : 'neither scale-sets nor cloud-service',
      allowed: 'one of the two, e.g. scale-sets: {front: {name: contoso-front, resource-group: contoso}}',
    },
  ];
};

/** Refused rather than passed over: whoever wrote it believes that it has an effect. */
const onlyOfScaleSets: ServiceCheck = ({ has, kind }) => {
  if (kind !== 'cloud-service') return [];
  const keys: readonly (readonly [Path, string])[] = [
    [['service', 'virtual-domains'], 'virtual domains'],
    [['update'], 'a change of scale sets'],
  ];
  return keys
    .filter(([path]) => has(path))
    .map(([path, found]) => ({
      path,
      found,
      allowed:
        'only together with "scale-sets"; a cloud service has domains of its own, and changes by its package and configuration',
      atKey: true,
    }));
};

const scaleSetsOnce: ServiceCheck = ({ kind, roles, text }) => {
  if (kind !== 'scale-sets') return [];
  const setOf = ({ path }: RoleFacts) => {
    const [group, name] = [text([...path, 'resource-group']), text([...path, 'name'])];
    return group === null || name === null ? null : `${group}/${name}`.toLowerCase();
  };
  return repetitions(roles, setOf).map(({ part, first }) => ({
    path: [...part.path, 'name'],
    found: `the scale set of role "${first.name}"`,
    allowed: 'another scale set: each is one role',
  }));
};

const scaleSetsChange: ServiceCheck = ({ kind, roles, source, has }) => {
  if (kind !== 'scale-sets' || has(['update', 'image']) || has(['update', 'size'])) return [];
  const walked = valueAt(source.data, WALKED_ROLES);
  return roles
    .filter(({ name }) => !Array.isArray(walked) || walked.includes(name))
    .filter(({ path }) => !['image', 'size', 'extensions'].some((key) => has([...path, key])))
    .map(({ path }) => ({
      path,
      found: 'nothing that is to change',
      allowed:
        'image, size or extensions of what is to run after the update, here or in "update"; or "walk: {roles: […]}" without this role',
    }));
};

const extensionsChange: ServiceCheck = (facts) =>
  facts.roles
    .map(({ path }) => [...path, 'extensions'])
    .flatMap((path) => {
      const names = keysAt(facts, path);
      if (names.length === 0 && facts.has(path)) return [path];
      return names
        .map((name) => [...path, name])
        .filter((extension) => !['version', 'settings'].some((key) => facts.has([...extension, key])));
    })
    .map((path) => ({
      path,
      found: 'nothing that is to change',
      allowed: 'extensions with their version or settings, e.g. {app: {version: "2.1"}}',
    }));

const walkedRolesExist: ServiceCheck = ({ source, roles }) => {
  const walked = valueAt(source.data, WALKED_ROLES);
  if (!Array.isArray(walked) || roles.length === 0) return [];
  const names = roles.map(({ name }) => name);
  return walked.flatMap((name: unknown, index) => {
    if (typeof name !== 'string' || names.includes(name)) return [];
    const path = [...WALKED_ROLES, index];
    const shown = source.variablesAt(path).length > 0 ? '' : didYouMean(name, names);
    return [
      {
        path,
        found: `${describe(path, source)}, which is no role of the service`,
        allowed: `${names.join(', ')}.${shown}`,
      },
    ];
  });
};

const walkedRolesOnce: ServiceCheck = (facts) => eachOnce(facts, WALKED_ROLES, 'each role once');

const swapsCloudServices: ServiceCheck = ({ kind, swaps, has }) => {
  if (!swaps || kind === null) return [];
  const needsCloudService: Problem = {
    path: METHOD,
    found: '"swap"',
    allowed: 'in-place: scale sets have no second deployment to swap with; cloud services have',
  };
  if (kind === 'scale-sets') return [needsCloudService];
  const staging: Problem = {
    path: [...CLOUD_SERVICE, 'staging'],
    found: 'nothing',
    allowed: 'the cloud service that the new version is deployed to, or "switch: {method: in-place}"',
  };
  const roles: Problem = {
    path: WALKED_ROLES,
    found: 'roles',
    allowed: 'only together with "method: in-place"; a swap moves the whole service',
    atKey: true,
  };
  return [...(has(staging.path) ? [] : [staging]), ...(has(roles.path) ? [roles] : [])];
};

const stagingOnlyToSwap: ServiceCheck = ({ swaps, has }) => {
  const path = [...CLOUD_SERVICE, 'staging'];
  if (swaps || !has(path)) return [];
  const allowed = 'only together with "switch: {method: swap}"';
  return [{ path, found: 'a service to swap with', allowed, atKey: true }];
};

const stagingIsAnother: ServiceCheck = ({ text }) => {
  const path = [...CLOUD_SERVICE, 'staging'];
  const [staging, production] = [text(path), text([...CLOUD_SERVICE, 'name'])];
  if (staging === null || staging.toLowerCase() !== production?.toLowerCase()) return [];
  return [{ path, found: 'the service that users are on', allowed: 'another cloud service' }];
};

const configurationsAreThere: ServiceCheck = ({ workspace, source, text }) =>
  ['configuration', 'previous-configuration'].flatMap((key) => {
    const path = [...CLOUD_SERVICE, key];
    const file = text(path);
    if (file === null || isFileOf(workspace, file)) return [];
    return [
      {
        path,
        found: `${describe(path, source)}, which is no file of the workspace`,
        allowed: 'a file relative to the workspace, e.g. service/ServiceConfiguration.Cloud.cscfg',
      },
    ];
  });

/** A way back to what is to come is none. An address that differs in its signature only is the same. */
const previousIsAnother: ServiceCheck = ({ text }) => {
  const at = (key: string) => text([...CLOUD_SERVICE, key]);
  const bare = (key: string) => at(key)?.split('?')[0] ?? null;
  const [configuration, before] = [at('configuration'), at('previous-configuration')];
  const hasNewConfiguration = before !== null && before !== configuration;
  if (bare('package') === null || bare('package') !== bare('previous-package') || hasNewConfiguration)
    return [];
  return [
    {
      path: [...CLOUD_SERVICE, 'previous-package'],
      found: 'the package to update to, with the same configuration',
      allowed:
        'the package that runs now; where only the configuration changes, "previous-configuration" with the .cscfg that runs now',
    },
  ];
};

const CHECKS: readonly ServiceCheck[] = [
  oneKindOfService,
  onlyOfScaleSets,
  scaleSetsOnce,
  scaleSetsChange,
  extensionsChange,
  walkedRolesExist,
  walkedRolesOnce,
  swapsCloudServices,
  stagingOnlyToSwap,
  stagingIsAnother,
  configurationsAreThere,
  previousIsAnother,
  checksFitIntoTimeout({ timeout: '15m', interval: '10s' }),
];
