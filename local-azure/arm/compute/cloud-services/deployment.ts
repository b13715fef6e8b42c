// From the body of a PUT to what is to run: package, configuration and role profile held against each other, and
// against what may not change in place.
import type { InstanceModel } from '../../../compute/fabric.ts';
import { ArmError } from '../../core/errors.ts';
import { sameName } from '../../core/ids.ts';
import { asBoolean, asList, asNumber, asObject, asText, isObject, type JsonObject } from '../../core/json.ts';
import { parseConfiguration, type ServiceConfiguration, withInstanceCount } from './configuration.ts';
import { type CloudService, type Deployment, type RoleTarget, UPGRADE_MODES } from './model.ts';
import {
  findConfiguration,
  findServicePackage,
  type RoleDefinition,
  type ServicePackage,
} from './packages.ts';

/** Throws 400 for what Azure cannot deploy. */
export function readDeployment(properties: JsonObject): Deployment {
  const found = findServicePackage(asText(properties.packageUrl) ?? '');
  if (found === null)
    throw invalid('packageUrl', 'The service package could not be downloaded from the given URL.');
  const written =
    asText(properties.configuration) ?? findConfiguration(asText(properties.configurationUrl) ?? '');
  if (written === null) throw invalid('configuration', 'The service configuration is missing.');
  const upgradeMode = UPGRADE_MODES.find((mode) => mode === (properties.upgradeMode ?? 'Auto'));
  if (upgradeMode === undefined) throw invalid('upgradeMode', `It is one of ${UPGRADE_MODES.join(', ')}.`);
  const allowModelOverride = asBoolean(properties.allowModelOverride) ?? false;
  const profile = readRoleProfile(properties);
  const configuration = parseConfiguration(written);
  const extensions = readExtensions(properties);
  const roles = profile.map((role): RoleTarget => {
    const { definition, configured } = definitionOf(role.name, found, configuration);
    const sku = {
      ...role,
      name: role.sku || definition.vmSize,
      capacity: role.capacity ?? configured.instances,
    };
    if (!allowModelOverride && (sku.name !== definition.vmSize || sku.capacity !== configured.instances)) {
      throw invalid(
        'roleProfile',
        `Size and instance count of role '${role.name}' do not match the service definition and configuration, and allowModelOverride is not set.`,
      );
    }
    const settings = { ...configured.settings, ...systemSettings(configuration, definition) };
    const model: InstanceModel = {
      version: found.version,
      sku: sku.name,
      extensions: extensionsOf(extensions, role.name),
      settings,
      healthMonitored: true,
    };
    return { name: definition.name, sku: { name: sku.name, tier: role.tier, capacity: sku.capacity }, model };
  });
  return {
    package: found,
    configuration: roles.reduce((xml, { name, sku }) => withInstanceCount(xml, name, sku.capacity), written),
    upgradeMode,
    allowModelOverride,
    roles,
    osProfile: { secrets: asList(asObject(properties.osProfile).secrets) },
    extensionProfile: extensions.length === 0 ? undefined : { extensions: extensions.map(withoutSecrets) },
  };
}

/** Throws 400 where only a new service, or the other one of a pair, can have what is asked for. */
export function requireInPlace({ deployment: before }: CloudService, after: Deployment): void {
  if (after.package.updateDomainCount !== before.package.updateDomainCount)
    throw invalid('packageUrl', 'The upgrade domain count of a deployed cloud service cannot be changed.');
  for (const { name, localStorageMb } of after.package.roles) {
    const old = before.package.roles.find((role) => sameName(role.name, name));
    if (old !== undefined && localStorageMb < old.localStorageMb)
      throw invalid('packageUrl', `The size of the local resources of role '${name}' cannot be decreased.`);
  }
}

function readRoleProfile(properties: JsonObject) {
  const roles = asList(asObject(properties.roleProfile).roles).filter(isObject);
  if (roles.length === 0) throw invalid('roleProfile', 'It names no role.');
  return roles.map((role) => {
    const sku = asObject(role.sku);
    return {
      name: asText(role.name) ?? '',
      sku: asText(sku.name) ?? '',
      tier: asText(sku.tier) ?? 'Standard',
      capacity: asNumber(sku.capacity),
    };
  });
}

function definitionOf(name: string, { roles }: ServicePackage, configuration: ServiceConfiguration) {
  const definition = roles.find((role) => sameName(role.name, name));
  const configured = configuration.roles.find((role) => sameName(role.name, name));
  if (definition !== undefined && configured !== undefined) return { definition, configured };
  const where = definition === undefined ? 'definition' : 'configuration';
  throw invalid('roleProfile', `Role '${name}' is not in the service ${where}.`);
}

/** An update of the guest OS is one of the instances like any other. */
function systemSettings({ osFamily, osVersion }: ServiceConfiguration, { localStorageMb }: RoleDefinition) {
  return { osFamily, osVersion, localStorageMb: String(localStorageMb) };
}

function readExtensions(properties: JsonObject): JsonObject[] {
  return asList(asObject(properties.extensionProfile).extensions).filter(isObject);
}

function extensionsOf(extensions: readonly JsonObject[], role: string): Record<string, string> {
  const here = extensions.filter((extension) => {
    const roles = asList(asObject(extension.properties).rolesAppliedTo).map(asText);
    return roles.length === 0 || roles.some((each) => each === '*' || sameName(each ?? '', role));
  });
  const entries = here.map((each) => [
    asText(each.name),
    asText(asObject(each.properties).typeHandlerVersion),
  ]);
  return Object.fromEntries(entries);
}

function withoutSecrets(extension: JsonObject): JsonObject {
  const { protectedSettings: _secret, ...properties } = asObject(extension.properties);
  return { ...extension, properties: { ...properties, provisioningState: 'Succeeded' } };
}

function invalid(parameter: string, why: string): ArmError {
  return new ArmError(400, 'InvalidParameter', `The value of parameter ${parameter} is invalid. ${why}`);
}
