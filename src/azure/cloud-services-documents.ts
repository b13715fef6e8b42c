// Cloud services (extended support) as Azure sends them. What is not needed may be missing, or new, or odd.
import { z } from 'zod';
import { AzureError } from './errors.ts';
import type { CloudService, CloudServiceChange, ComputeRef } from './ports/compute.ts';

const text = z.string().nullable().catch(null);
const id = z.object({ id: text }).nullable().catch(null);

/** Without names and numbers a walk would pass by instances, so a role that lacks them is an error. */
const role = z.object({
  name: z.string(),
  sku: z.object({ name: text, capacity: z.number() }),
});

const serviceDocument = z.object({
  id: text,
  location: z.string(),
  tags: z.record(z.string(), z.string()).catch({}),
  properties: z.object({
    upgradeMode: z.enum(['Auto', 'Manual', 'Simultaneous']).catch('Auto'), // Azure's own default
    provisioningState: z.string().catch('Unknown'),
    configuration: text,
    roleProfile: z.object({ roles: z.array(role) }),
    networkProfile: z
      .object({
        slotType: z.enum(['Production', 'Staging']).nullable().catch(null),
        swappableCloudService: id,
      })
      .catch({ slotType: null, swappableCloudService: null }),
  }),
});

/** @param path of the service, for messages. Throws AzureError where Azure sends something else. */
export function cloudServiceOf(document: unknown, ref: ComputeRef, path: string): CloudService {
  const { location, tags, properties, ...found } = parse(serviceDocument, document, path);
  const { networkProfile, roleProfile, ...rest } = properties;
  return {
    id: found.id ?? path,
    ref,
    location,
    ...rest,
    roles: roleProfile.roles.map(({ name, sku }) => ({
      name,
      skuName: sku.name ?? '',
      capacity: sku.capacity,
    })),
    slotType: networkProfile.slotType,
    swappableWith: networkProfile.swappableCloudService?.id ?? null,
    tags,
  };
}

/** What a PUT says again, unread. */
const writableDocument = z.looseObject({
  properties: z.looseObject({
    roleProfile: z.looseObject({
      roles: z.array(z.looseObject({ name: z.string(), sku: z.looseObject({}).optional() })),
    }),
  }),
});

/** Azure's own members, and what would say again where the configuration before came from. */
const READ_ONLY = new Set(['id', 'name', 'type', 'systemData', 'etag']);
const READ_ONLY_PROPERTIES = new Set(['provisioningState', 'uniqueId', 'packageUrl', 'configurationUrl']);

/**
 * Body of the PUT that updates a service. A PUT is the whole service: an address, a partner or an extension that it
 * does not name is refused, or gone. Extensions' protected settings are never returned, so they cannot be said again;
 * Microsoft's own samples write the service back without them as well (sample-update-cloud-service.md).
 */
export function updatedDocument(document: unknown, change: CloudServiceChange, path: string): unknown {
  const { properties, ...resource } = parse(writableDocument, document, path);
  const before = properties.roleProfile.roles;
  return {
    ...without(resource, READ_ONLY),
    tags: change.tags,
    properties: {
      ...without(properties, READ_ONLY_PROPERTIES),
      packageUrl: change.packageUrl,
      configuration: change.configuration,
      upgradeMode: 'Manual',
      roleProfile: {
        ...properties.roleProfile,
        roles: change.roles.map(({ name, skuName, capacity }) => {
          const old = before.find((each) => sameName(each.name, name));
          // Of a role that is new nobody has told the size: the package has it.
          const size = skuName === '' ? {} : { name: skuName };
          return { ...old, name, sku: { ...(old?.sku ?? NEW_SKU), ...size, capacity } };
        }),
      },
    },
  };
}

/** The only tier there is for cloud services. */
const NEW_SKU = { tier: 'Standard' };

/** The answer in the shape that is needed. Throws AzureError. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  path: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AzureError(`GET ${path}: Azure's answer cannot be read. ${z.prettifyError(parsed.error)}`, {
    status: null,
    code: null,
    correlationId: null,
    outcomeUnknown: false,
    cause: parsed.error,
  });
}

/** Resource Manager's names have no case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function without(object: Readonly<Record<string, unknown>>, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}
