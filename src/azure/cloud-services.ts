// Cloud services (extended support): REST 2024-11-04 as it is, since the SDKs dropped it (arm-compute 24). Microsoft
// retires them on 2027-03-31.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type ArmContext, rawArm } from './arm-client.ts';
import { cloudServiceOf, parse, updatedDocument } from './cloud-services-documents.ts';
import { namedViewsOf, serviceInstance, viewOf } from './cloud-services-instances.ts';
import { longWrites } from './cloud-services-operation.ts';
import { AzureError } from './errors.ts';
import type { CloudService, CloudServices, ComputeRef } from './ports/compute.ts';
import { resourceGroupPath } from './resource-id.ts';

const COMPUTE = '2024-11-04';
const NETWORK = '2026-01-01';
const SLOT = 'providers/Microsoft.Network/cloudServiceSlots/swap';
const IN_TRANSITION = ['Creating', 'Updating', 'Deleting'];

const slotDocument = z.object({
  properties: z.object({ slotType: z.enum(['Production', 'Staging']).nullable().catch(null) }),
});

/** The port CloudServices. Every method throws AzureError. */
export function createCloudServices(context: ArmContext): CloudServices {
  const arm = rawArm(context);
  const write = longWrites(context);
  const pathOf = ({ resourceGroup, name }: ComputeRef) =>
    `${resourceGroupPath(context.subscriptionId, resourceGroup)}/providers/Microsoft.Compute/cloudServices/${encodeURIComponent(name)}`;

  const get = async (ref: ComputeRef): Promise<CloudService | null> => {
    const document = await arm.get(pathOf(ref), COMPUTE);
    if (document === null) return null;
    const service = cloudServiceOf(document, ref, pathOf(ref));
    if (service.slotType !== null || service.swappableWith === null) return service;
    return { ...service, slotType: await slotOf(ref) };
  };

  /** Microsoft.Compute does not always tell it (its published examples do not). */
  const slotOf = async (ref: ComputeRef): Promise<CloudService['slotType']> => {
    const path = `${pathOf(ref)}/${SLOT}`;
    const document = await arm.get(path, NETWORK);
    return document === null ? null : parse(slotDocument, document, path).properties.slotType;
  };

  /** As it is on the wire now. Throws where one of the members is not what the caller read: there are no ETags here. */
  const unchanged = async (
    service: CloudService,
    members: readonly ('configuration' | 'roles' | 'tags')[],
  ): Promise<unknown> => {
    const path = pathOf(service.ref);
    const document = await arm.get(path, COMPUTE);
    if (document === null) throw changed(service, 'it is gone');
    const now = cloudServiceOf(document, service.ref, path);
    const different = members.filter((member) => !isDeepStrictEqual(now[member], service[member]));
    if (different.length > 0) throw changed(service, `its ${different.join(' and ')} changed`);
    return document;
  };

  const requireAtRest = async (service: CloudService): Promise<void> => {
    const partner = service.swappableWith;
    const paths = [pathOf(service.ref), ...(partner === null ? [] : [partner])];
    await Promise.all(
      paths.map(async (path) => {
        const document = await arm.get(path, COMPUTE);
        if (document === null) return; // Azure's own refusal says it better
        const { provisioningState } = cloudServiceOf(document, service.ref, path);
        if (!IN_TRANSITION.includes(provisioningState)) return;
        throw notSent(`The VIP swap of ${service.ref.name} was not begun: ${path} is ${provisioningState}.`);
      }),
    );
  };

  return {
    get,

    listInstances: async ({ ref, roles }) => {
      const path = `${pathOf(ref)}/roleInstances`;
      const listed = namedViewsOf(await arm.list(`${path}?$expand=instanceView`, COMPUTE), path);
      const found = await Promise.all(
        listed.map(async (instance) => {
          if (instance.view !== null) return instance;
          const own = await arm.get(`${path}/${encodeURIComponent(instance.name)}/instanceView`, COMPUTE);
          return own === null ? null : { ...instance, view: viewOf(own) };
        }),
      );
      return found.filter((each) => each !== null).map((each) => serviceInstance(each, roles));
    },

    /**
     * Tags are written as `change` has them, all of them. Throws an AzureError with status 412, before anything is
     * written, where configuration, roles or tags are not what `service` says.
     */
    update: async (service, change, signal) => {
      const path = pathOf(service.ref);
      const read = await unchanged(service, ['configuration', 'roles', 'tags']);
      const body = updatedDocument(read, change, path);
      const what = `The update of cloud service ${service.ref.name}`;
      await write({ method: 'PUT', what, path, apiVersion: COMPUTE, body, signal });
    },

    /**
     * The whole set is sent: by the description a PATCH has tags as texts and nothing else, so that one is removed by
     * leaving it out (`CloudServiceUpdate` in 2021-03-01). Where Azure should merge instead, the tag stays, which whoever
     * reads it back sees.
     */
    writeTags: async (service, changes) => {
      await unchanged(service, ['tags']);
      const tags = Object.fromEntries(
        Object.entries({ ...service.tags, ...changes }).filter(([, value]) => value !== null),
      );
      await write({
        method: 'PATCH',
        what: `The change of the tags of cloud service ${service.ref.name}`,
        path: pathOf(service.ref),
        apiVersion: COMPUTE,
        body: { tags },
        signal: new AbortController().signal, // a few seconds, and half a write helps nobody
      });
    },

    walk: (ref, domain, signal) =>
      write({
        method: 'PUT',
        what: `The walk of update domain ${domain} of cloud service ${ref.name}`,
        path: `${pathOf(ref)}/updateDomains/${domain}`,
        apiVersion: COMPUTE,
        body: {},
        signal,
      }),

    /**
     * Into the slot that the service was not in when it was read: the same again, after an answer that was lost, does
     * nothing. Not sent while one of the two is seen to be in transition.
     */
    swapAddresses: async (service, signal) => {
      if (service.slotType === null)
        throw notSent(`Cloud service ${service.ref.name} is in no slot: it has nothing to swap with.`);
      await requireAtRest(service);
      const slotType = service.slotType === 'Production' ? 'Staging' : 'Production';
      await write({
        method: 'PUT',
        what: `The VIP swap of cloud service ${service.ref.name}`,
        path: `${pathOf(service.ref)}/${SLOT}`,
        apiVersion: NETWORK,
        body: { properties: { slotType } },
        signal,
      });
    },
  };
}

/** With the status that Azure has for the same thing where a resource has ETags. */
function changed({ ref }: CloudService, how: string): AzureError {
  return notSent(`Cloud service ${ref.name} is not as it was read: ${how}.`, 412);
}

function notSent(message: string, status: number | null = null): AzureError {
  return new AzureError(message, { status, code: null, correlationId: null, outcomeUnknown: false });
}
