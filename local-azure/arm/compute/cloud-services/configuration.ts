// Service configurations (.cscfg), read as far as they matter to instances: their number, their settings, their OS.
import { ArmError } from '../../core/errors.ts';

export interface RoleConfiguration {
  readonly name: string;
  readonly instances: number;
  readonly settings: Readonly<Record<string, string>>;
}

export interface ServiceConfiguration {
  /** e.g. 7 */
  readonly osFamily: string;
  /** * where Azure keeps it up to date. */
  readonly osVersion: string;
  readonly roles: readonly RoleConfiguration[];
}

/** Throws 400 for XML that is no service configuration. */
export function parseConfiguration(xml: string): ServiceConfiguration {
  const root = /<ServiceConfiguration\b([^>]*)>([\s\S]*)<\/ServiceConfiguration>/.exec(xml);
  if (root === null) throw invalid('The service configuration is not well-formed.');
  const [, attributes = '', inside = ''] = root;
  const roles = [...inside.matchAll(/<Role\b([^>]*)>([\s\S]*?)<\/Role>/g)].map(([, head = '', body = '']) => {
    const name = attribute(head, 'name') ?? '';
    const count = Number.parseInt(attribute(/<Instances\b([^>]*)>/.exec(body)?.[1] ?? '', 'count') ?? '', 10);
    if (name === '' || !(count >= 0))
      throw invalid('A role of the service configuration has no instance count.');
    const settings = [...body.matchAll(/<Setting\b([^>]*)>/g)].map(([, setting = '']) => [
      attribute(setting, 'name') ?? '',
      attribute(setting, 'value') ?? '',
    ]);
    return { name, instances: count, settings: Object.fromEntries(settings) };
  });
  if (roles.length === 0) throw invalid('The service configuration names no role.');
  return {
    osFamily: attribute(attributes, 'osFamily') ?? '7',
    osVersion: attribute(attributes, 'osVersion') ?? '*',
    roles,
  };
}

/** As Azure does where the model overrides the configuration. */
export function withInstanceCount(xml: string, role: string, count: number): string {
  const escaped = role.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(
    `(<Role\\b[^>]*\\bname="${escaped}"[^>]*>[\\s\\S]*?<Instances\\b[^>]*\\bcount=")\\d+`,
    'i',
  );
  return xml.replace(pattern, `$1${count}`);
}

function attribute(text: string, name: string): string | null {
  return new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(text)?.[1] ?? null;
}

function invalid(message: string): ArmError {
  return new ArmError(400, 'InvalidServiceConfiguration', message);
}
