// A version of a cloud service: its package and its configuration. Azure never shows the package, and neither may be
// stored (the address is signed, settings are secret), so versions are told apart by digests.
import { createHash } from 'node:crypto';
import { compareTexts } from '../role-instance.ts';
import { type RoleConfiguration, readServiceConfiguration } from '../service-configuration.ts';

export interface CloudVersion {
  readonly packageUrl: string;
  /** Text of the .cscfg; null where nobody shows it. */
  readonly configuration: string | null;
}

const LENGTH = 16;
const NOT_SHOWN = '-';

/** "PACKAGE.CONTENT.COUNTS": the last two are of the configuration, without and with nothing but its instance counts. */
export function digestOf({ packageUrl, configuration }: CloudVersion): string {
  return [packageDigest(packageUrl), ...configurationDigests(configuration)].join('.');
}

/** The package of one version with the configuration of another. */
export function withPackageOf(digest: string, configured: string): string {
  return [partsOf(digest).package, ...configured.split('.').slice(1)].join('.');
}

export function hasPackage(digest: string, packageUrl: string): boolean {
  return partsOf(digest).package === packageDigest(packageUrl);
}

export function samePackage(one: string, other: string): boolean {
  return partsOf(one).package === partsOf(other).package;
}

/** Both parts, but for instance counts. */
export function sameVersion(one: string, other: string): boolean {
  const [first, second] = [partsOf(one), partsOf(other)];
  return first.package === second.package && first.content === second.content;
}

/**
 * Whether a configuration says what the version's does, but for instance counts, which autoscale changes too. True where
 * one of the two is not known: that is no evidence of a change.
 */
export function hasContent(digest: string, configuration: string | null): boolean {
  const [wanted, found] = [partsOf(digest).content, configurationDigests(configuration)[0]];
  return wanted === found || wanted === NOT_SHOWN || found === NOT_SHOWN;
}

function partsOf(digest: string) {
  const [name = '', content = NOT_SHOWN] = digest.split('.');
  return { package: name, content };
}

/** The signature of an address is another one each time. */
function packageDigest(url: string): string {
  return sha256(url.split('?')[0] ?? url);
}

/** By what it says, not by its white space: Azure may write it in another way than it was sent. */
function configurationDigests(text: string | null): [string, string] {
  if (text === null) return [NOT_SHOWN, NOT_SHOWN];
  const read = readServiceConfiguration(text);
  if (read === null) return [sha256(text.replace(/\s+/g, ' ').trim()), NOT_SHOWN];
  const roles = read.roles.toSorted((one, other) => compareTexts(nameOf(one), nameOf(other)));
  const content = [read.osFamily, read.osVersion, read.network, roles.map(contentOf)];
  const counts = roles.map((role) => [nameOf(role), role.instances]);
  return [sha256(JSON.stringify(content)), sha256(JSON.stringify(counts))];
}

const nameOf = ({ name }: RoleConfiguration): string => name.toLowerCase();

function contentOf(role: RoleConfiguration) {
  const sorted = (map: ReadonlyMap<string, string>) =>
    [...map].toSorted(([one], [other]) => compareTexts(one, other));
  return [nameOf(role), sorted(role.settings), sorted(role.certificates)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}
