// What a PUT or PATCH of a failover group asks for, and what Azure refuses of it.
import type { ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { locationName, parseId, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asNumber, asObject, asText, asTexts } from '../core/json.ts';
import type { FailoverGroup, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';

/** Codes of the service's own description, with its words. */
const TEXTS = {
  FailoverGroupCreateOrUpdateRequestInvalid:
    'The create or update failover group request body is empty or invalid.',
  FailoverGroupCreateOrUpdateRequestInvalidPartner:
    'The given partners field in create or update failover group request body is empty or invalid. Please provide a valid value of this field.',
  FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount:
    'Only one partner server for Failover Group is supported. Please modify your request accordingly.',
  FailoverGroupCreateOrUpdateRequestDuplicatePartner:
    'One or more of the provided partner servers are already part of the failover group. Please make sure the primary server and all of the given partner servers are unique.',
  FailoverGroupCreateOrUpdateRequestReadOnlyPropertyModified:
    "The create or update failover group request body should not modify the read-only property 'partnerServers'.",
  FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpoint:
    'The readWriteEndpoint field is required for create or update requests.',
  FailoverGroupCreateOrUpdateRequestInvalidReadWriteFailoverPolicy:
    'The failoverPolicy field for the read-write endpoint is required for create or update requests.',
  FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFields:
    'The property failoverWithDataLossGracePeriodMinutes must be provided when failover policy Automatic is selected for the read-write endpoint.',
  FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFieldsForManualPolicy:
    'Grace period value should not be provided when failover policy Manual is selected for the read-write endpoint. Please remove it from request.',
  FailoverGroupCreateOrUpdateRequestNegativeGracePeriodValues:
    'Grace period value for the read-write endpoint must be non-negative.',
  FailoverGroupCreateOrUpdateRequestInvalidDatabases:
    'The provided databases IDs are not properly constructed database resource IDs.',
  FailoverGroupCreateOrUpdateRequestInvalidDatabaseServer:
    'One or more of the provided databases do not exist on the primary server of the failover group. Please make sure that all the databases exist on the primary server.',
  InvalidFailoverGroupRegion:
    'Servers specified in a Failover Group need to reside in different regions to provide isolation.',
  ServerNotFound: 'The requested server was not found.',
} as const;

const refused = (code: keyof typeof TEXTS): ArmError => new ArmError(400, code, TEXTS[code]);

/** Lower case, because it becomes a DNS name. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The group as a PUT on its primary server wants it. Throws 400 and 409 as Azure does. */
export function requestedGroup(
  registry: SqlRegistry,
  call: ArmCall,
  server: Server,
  existing: FailoverGroup | null,
): FailoverGroup {
  const properties = asObject(call.body.properties);
  if (Object.keys(properties).length === 0) throw refused('FailoverGroupCreateOrUpdateRequestInvalid');
  const name = existing?.name ?? freeName(registry, call.param('failoverGroup'));
  const partner = requestedPartner(registry, server, properties);
  if (existing !== null && !sameName(existing.partner, partner.name))
    throw refused('FailoverGroupCreateOrUpdateRequestReadOnlyPropertyModified');
  if (properties.readWriteEndpoint === undefined)
    throw refused('FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpoint');
  return {
    name,
    primary: server.name,
    partner: partner.name,
    databases: requestedDatabases(registry, name, server, properties),
    ...requestedReadWritePolicy(properties.readWriteEndpoint),
    readOnlyPolicy: readOnlyPolicy(properties),
    ...(call.body.tags === undefined ? {} : { tags: asTexts(call.body.tags) }),
  };
}

/** The group as a PATCH leaves it: what is not named stays. */
export function patchedGroup(
  registry: SqlRegistry,
  call: ArmCall,
  server: Server,
  existing: FailoverGroup,
): FailoverGroup {
  const properties = asObject(call.body.properties);
  const { readWriteEndpoint, readOnlyEndpoint, databases } = properties;
  return {
    ...existing,
    ...(readWriteEndpoint === undefined ? {} : requestedReadWritePolicy(readWriteEndpoint)),
    ...(readOnlyEndpoint === undefined ? {} : { readOnlyPolicy: readOnlyPolicy(properties) }),
    ...(databases === undefined
      ? {}
      : { databases: requestedDatabases(registry, existing.name, server, properties) }),
    ...(call.body.tags === undefined ? {} : { tags: asTexts(call.body.tags) }),
  };
}

/** Names are global: a group's listener has the same DNS name as a server would. */
function freeName({ failoverGroups, servers }: SqlRegistry, name: string): string {
  if (!NAME.test(name))
    throw new ArmError(409, 'InvalidFailoverGroupName', 'Invalid Failover Group name was supplied.');
  if (!servers.has(name) && !failoverGroups.some((group) => sameName(group.name, name))) return name;
  throw new ArmError(
    409,
    'FailoverGroupDnsRecordInUse',
    'A duplicate DNS record exists for the requested endpoint.',
  );
}

function requestedPartner(registry: SqlRegistry, server: Server, properties: JsonObject): Server {
  const partners = asList(properties.partnerServers).map((each) => asText(asObject(each).id) ?? '');
  if (partners.length !== 1) throw refused('FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount');
  const id = parseId(partners[0] ?? '');
  if (id === null) throw refused('FailoverGroupCreateOrUpdateRequestInvalidPartner');
  const partner = registry.servers.get(id.names[0] ?? '');
  if (partner === undefined || !sameName(partner.group, id.group)) throw refused('ServerNotFound');
  if (partner === server) throw refused('FailoverGroupCreateOrUpdateRequestDuplicatePartner');
  if (locationName(partner.location) === locationName(server.location))
    throw refused('InvalidFailoverGroupRegion');
  return partner;
}

function requestedReadWritePolicy(
  endpoint: JsonValue,
): Pick<FailoverGroup, 'readWritePolicy' | 'gracePeriodMinutes'> {
  const { failoverPolicy, failoverWithDataLossGracePeriodMinutes } = asObject(endpoint);
  const grace = asNumber(failoverWithDataLossGracePeriodMinutes);
  if (grace !== null && grace < 0)
    throw refused('FailoverGroupCreateOrUpdateRequestNegativeGracePeriodValues');
  switch (asText(failoverPolicy)) {
    case 'Automatic':
      if (grace === null) throw refused('FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFields');
      return { readWritePolicy: 'Automatic', gracePeriodMinutes: grace };
    case 'Manual':
      if (grace !== null)
        throw refused('FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFieldsForManualPolicy');
      return { readWritePolicy: 'Manual', gracePeriodMinutes: null };
    default:
      throw refused('FailoverGroupCreateOrUpdateRequestInvalidReadWriteFailoverPolicy');
  }
}

function readOnlyPolicy(properties: JsonObject): 'Enabled' | 'Disabled' {
  return asText(asObject(properties.readOnlyEndpoint).failoverPolicy) === 'Enabled' ? 'Enabled' : 'Disabled';
}

/** Ids come back from Azure's own answers in other casing. */
function requestedDatabases(
  registry: SqlRegistry,
  group: string,
  server: Server,
  properties: JsonObject,
): string[] {
  return asList(properties.databases).map((value) => {
    const id = parseId(asText(value) ?? '');
    if (id === null || id.names.length !== 2)
      throw refused('FailoverGroupCreateOrUpdateRequestInvalidDatabases');
    const [on = '', name = ''] = id.names;
    const database = sameName(on, server.name) ? registry.database(server, name) : null;
    if (database === null) throw refused('FailoverGroupCreateOrUpdateRequestInvalidDatabaseServer');
    const other = registry.groupOf(server.name, name);
    if (other !== null && !sameName(other.name, group))
      throw new ArmError(
        409,
        'DatabaseBelongsToOtherFailoverGroup',
        'Database belongs to other Failover Group and cannot be consider a part of this one.',
      );
    return database.name;
  });
}
