// Roles of a cloud service, their instances, and the update domains these are in.
import type { Instance } from '../../../compute/fabric.ts';
import type { ArmCall, Route } from '../../core/call.ts';
import { ok } from '../../core/call.ts';
import { ArmError, resourceNotFound } from '../../core/errors.ts';
import { sameName } from '../../core/ids.ts';
import { asList, asText } from '../../core/json.ts';
import type { Operation } from '../../core/operations.ts';
import { accepted } from '../operation-answers.ts';
import { CLOUD_SERVICES, type CloudService } from './model.ts';
import type { CloudServiceRegistry } from './registry.ts';
import { walkDomain } from './update.ts';
import { instanceBody, instanceView, roleBody } from './views.ts';

const SERVICE = `${CLOUD_SERVICES}/{service}`;
const ACTION = 'Microsoft.Compute/cloudServices';

/** What may be asked of instances, one of them or several. */
const VERBS = ['start', 'poweroff', 'restart', 'reimage', 'rebuild'] as const;
type Verb = (typeof VERBS)[number];

export function instanceRoutes(registry: CloudServiceRegistry): Route[] {
  const { compute } = registry.context;
  const answer = (call: ArmCall, operation: Operation, { location }: CloudService) =>
    accepted(registry.context, { call, operation, location, family: 'CsOperations' });
  const notFound = (service: CloudService, type: string, name: string) =>
    resourceNotFound(`Microsoft.Compute/cloudServices/${service.name}/${type}/${name}`, service.group);

  const findInstance = (service: CloudService, name: string): Instance => {
    const instance = registry.instances(service).find((each) => sameName(each.name, name));
    if (instance === undefined) throw notFound(service, 'roleInstances', name);
    return instance;
  };
  const findDomain = (call: ArmCall, service: CloudService): number => {
    const domain = Number(call.param('domain'));
    if (Number.isInteger(domain) && domain >= 0 && domain < service.deployment.package.updateDomainCount)
      return domain;
    throw notFound(service, 'updateDomains', call.param('domain'));
  };
  const domainBody = (service: CloudService, domain: number) => ({
    name: String(domain),
    id: `${registry.id(service)}/updateDomains/${domain}`,
  });

  const walk = (call: ArmCall) => {
    const service = registry.find(call);
    const domain = findDomain(call, service);
    const operation = registry.begin(call, service, 'WalkUpdateDomain', 'Updating', (signal) =>
      walkDomain(registry, service, domain, signal),
    );
    return answer(call, operation, service);
  };

  const change = (call: ArmCall, verb: Verb, names: readonly string[] | null) => {
    const service = registry.find(call);
    const instances =
      names === null ? registry.instances(service) : names.map((name) => findInstance(service, name));
    const operation = registry.begin(call, service, verb, 'Updating', async (signal) => {
      await Promise.all(instances.map((instance) => doTo(instance, verb, signal)));
    });
    return answer(call, operation, service);
  };
  /** A reimage or a rebuild brings back what the instance runs already: an update is the walk's. */
  const doTo = ({ role, id, model }: Instance, verb: Verb, signal: AbortSignal): Promise<void> => {
    switch (verb) {
      case 'start':
        return compute.start(role, id, signal);
      case 'poweroff':
        return compute.stop(role, id, signal);
      case 'restart':
        return compute.restart(role, id, signal);
      case 'reimage':
      case 'rebuild':
        return compute.update(role, id, model, signal);
    }
  };

  const read = (template: string, action: string, handle: Route['handle']): Route => ({
    method: 'GET',
    template: `${SERVICE}/${template}`,
    action: `${ACTION}/${action}`,
    handle,
  });
  return [
    read('roles', 'roles/read', (call) => {
      const service = registry.find(call);
      return ok({ value: service.deployment.roles.map((role) => roleBody(registry, service, role)) });
    }),
    read('roles/{role}', 'roles/read', (call) => {
      const service = registry.find(call);
      const role = service.deployment.roles.find(({ name }) => sameName(name, call.param('role')));
      if (role === undefined) throw notFound(service, 'roles', call.param('role'));
      return ok(roleBody(registry, service, role));
    }),
    read('roleInstances', 'roleInstances/read', (call) => {
      const service = registry.find(call);
      const value = registry
        .instances(service)
        .map((instance) => instanceBody(registry, service, instance, isExpanded(call)));
      return ok({ value });
    }),
    read('roleInstances/{instance}', 'roleInstances/read', (call) => {
      const service = registry.find(call);
      const instance = findInstance(service, call.param('instance'));
      return ok(instanceBody(registry, service, instance, isExpanded(call)));
    }),
    read('roleInstances/{instance}/instanceView', 'roleInstances/instanceView/read', (call) => {
      const service = registry.find(call);
      return ok(instanceView(service, findInstance(service, call.param('instance'))));
    }),
    read('updateDomains', 'updateDomains/read', (call) => {
      const service = registry.find(call);
      const count = service.deployment.package.updateDomainCount;
      return ok({ value: Array.from({ length: count }, (_, domain) => domainBody(service, domain)) });
    }),
    read('updateDomains/{domain}', 'updateDomains/read', (call) => {
      const service = registry.find(call);
      return ok(domainBody(service, findDomain(call, service)));
    }),
    {
      method: 'PUT',
      template: `${SERVICE}/updateDomains/{domain}`,
      action: `${ACTION}/updateDomains/write`,
      handle: walk,
    },
    ...VERBS.map(
      (verb): Route => ({
        method: 'POST',
        template: `${SERVICE}/${verb}`,
        action: `${ACTION}/${verb}/action`,
        handle: (call) => change(call, verb, isWhole(verb) ? null : instancesNamed(call)),
      }),
    ),
    ...VERBS.filter((verb) => !isWhole(verb)).map(
      (verb): Route => ({
        method: 'POST',
        template: `${SERVICE}/roleInstances/{instance}/${verb}`,
        action: `${ACTION}/roleInstances/${verb}/action`,
        handle: (call) => change(call, verb, [call.param('instance')]),
      }),
    ),
  ];
}

/** Starting and powering off are of the service as a whole only. */
const isWhole = (verb: Verb) => verb === 'start' || verb === 'poweroff';

/** Null: all of them. Throws 400. */
function instancesNamed({ body }: ArmCall): string[] | null {
  const names = asList(body.roleInstances).map(asText);
  const texts = names.filter((name) => name !== null);
  if (texts.length === 0 || texts.length < names.length)
    throw new ArmError(400, 'InvalidParameter', 'Required parameter roleInstances is missing.');
  return texts.includes('*') ? null : texts;
}

function isExpanded({ query }: ArmCall): boolean {
  return query.get('$expand')?.toLowerCase() === 'instanceview';
}
