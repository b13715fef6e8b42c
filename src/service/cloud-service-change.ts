// The difference between two versions of a cloud service. Azure never shows a package, so what its service definition
// changes (sizes, local storage, endpoints, domains) cannot be read: that is said, not left out.
import { changeOf, type ServiceChange, type WayBack } from './change.ts';
import {
  type RoleConfiguration,
  readServiceConfiguration,
  type ServiceConfiguration,
} from './service-configuration.ts';

export interface CloudServiceVersion {
  readonly packageUrl: string;
  /** Text of the .cscfg; null where Azure does not show it. */
  readonly configuration: string | null;
}

export interface CloudServiceChanges {
  readonly changes: readonly ServiceChange[];
  /** What cannot be known from outside, each with what it would mean. */
  readonly notKnowable: readonly string[];
}

/** The article's drives of a role: C, D and E (%RoleRoot%). */
const IN_PLACE_DATA = 'drives C and D are kept; the role’s root drive (%RoleRoot%) is destroyed';

const IN_PACKAGE = [
  'Whether the package changes the size of a role: its instances lose their local data, and the size before may not be available any more.',
  'Whether the package makes local storage larger: then the platform does not allow a rollback. Smaller is refused in place, and needs a swap.',
  'Whether the package changes the number or type of endpoints: possible in place, not by a swap.',
  'Whether the package changes the number of upgrade domains: refused in place, and needs a swap.',
];

export function changesOfCloudService(
  before: CloudServiceVersion,
  after: CloudServiceVersion,
): CloudServiceChanges {
  const hasNewPackage = withoutQuery(before.packageUrl) !== withoutQuery(after.packageUrl);
  const code = hasNewPackage ? [changeOf(null, 'code', 'package', { data: IN_PLACE_DATA })] : [];
  const inPackage = hasNewPackage ? IN_PACKAGE : [];
  const [old, wanted] = [before, after].map(({ configuration }) =>
    configuration === null ? null : readServiceConfiguration(configuration),
  );
  if (!old || !wanted) {
    const unread = 'What the configuration changes: one of the two .cscfg is not there, or cannot be read.';
    return { changes: code, notKnowable: [...inPackage, unread] };
  }
  return {
    changes: [...code, ...osChange(old, wanted), ...roleChanges(old, wanted)],
    notKnowable: [
      ...inPackage,
      ...(old.network === wanted.network
        ? []
        : [
            'Whether Azure makes the change of the network configuration in place: the article does not say.',
          ]),
    ],
  };
}

/** The signature of an address is another one each time. */
const withoutQuery = (url: string): string => url.split('?')[0] ?? url;

function osChange(old: ServiceConfiguration, wanted: ServiceConfiguration): ServiceChange[] {
  const words = ({ osFamily, osVersion }: ServiceConfiguration) =>
    `family ${osFamily ?? 'chosen by Azure'}, version ${osVersion ?? '*'}`;
  if (words(old) === words(wanted)) return [];
  const isPinned = old.osVersion !== null && old.osVersion !== '*';
  const wayBack: WayBack = isPinned
    ? { kind: 'doubtful', words: 'Azure retires guest OS versions: the one before has to be there still' }
    : {
        kind: 'doubtful',
        words: 'the version before was Azure’s choice: what it chooses then may be another',
      };
  const what = `guest OS ${words(old)} → ${words(wanted)}`;
  return [changeOf(null, 'operating-system', what, { data: IN_PLACE_DATA, wayBack })];
}

function roleChanges(old: ServiceConfiguration, wanted: ServiceConfiguration): ServiceChange[] {
  const named = (roles: readonly RoleConfiguration[], { name }: RoleConfiguration) =>
    roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
  const added = wanted.roles.filter((role) => named(old.roles, role) === undefined);
  const removed = old.roles.filter((role) => named(wanted.roles, role) === undefined);
  return [
    ...added.map(({ name }) => changeOf(name, 'roles', 'role added')),
    ...removed.map(({ name }) =>
      changeOf(name, 'roles', 'role removed', {
        data: 'everything on its instances is lost',
        wayBack: scaledDown('its instances are made anew, empty'),
      }),
    ),
    ...wanted.roles.flatMap((role) => {
      const before = named(old.roles, role);
      return before === undefined ? [] : changesOfRole(before, role);
    }),
  ];
}

/** The article: after a scale-down others may have taken the cores that the way back needs. */
function scaledDown(words: string): WayBack {
  return { kind: 'doubtful', words: `${words}; the cores for it have to be within the quota then` };
}

function changesOfRole(old: RoleConfiguration, wanted: RoleConfiguration): ServiceChange[] {
  const settings = differences(old.settings, wanted.settings);
  const certificates = differences(old.certificates, wanted.certificates);
  const names = [
    ...settings.added.map((name) => `${name} added`),
    ...settings.removed.map((name) => `${name} removed`),
  ];
  const line = (
    kind: 'setting-names' | 'setting-values' | 'certificate-added' | 'certificate-changed',
    what: string,
  ) => changeOf(wanted.name, kind, what);
  return [
    ...countChange(old, wanted),
    ...(names.length > 0 ? [line('setting-names', `settings ${names.join(', ')}`)] : []),
    ...(settings.changed.length > 0
      ? [line('setting-values', `values of settings ${settings.changed.join(', ')}`)]
      : []),
    ...certificates.added.map((name) => line('certificate-added', `certificate ${name} added`)),
    ...[...certificates.changed, ...certificates.removed].map((name) =>
      line('certificate-changed', `certificate ${name}`),
    ),
  ];
}

function countChange(old: RoleConfiguration, wanted: RoleConfiguration): ServiceChange[] {
  if (old.instances === wanted.instances) return [];
  const words = `instances ${old.instances ?? 'unknown'} → ${wanted.instances ?? 'unknown'}`;
  const isDown = (wanted.instances ?? 0) < (old.instances ?? 0);
  // The article: from one instance to several, Azure brings the service down while it updates it.
  const what = old.instances === 1 ? `${words}; the service is down while that is done` : words;
  return [
    changeOf(wanted.name, 'instance-count', what, {
      ...(isDown
        ? { data: 'lost on the instances that go', wayBack: scaledDown('as many instances are made anew') }
        : {}),
    }),
  ];
}

function differences(old: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>) {
  const shared = [...wanted.keys()].filter((name) => old.has(name));
  return {
    added: [...wanted.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !wanted.has(name)),
    changed: shared.filter((name) => old.get(name) !== wanted.get(name)),
  };
}
