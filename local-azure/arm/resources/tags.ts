// Microsoft.Resources/tags at the scope of a resource: what `az tag list` and `az tag update` speak. Resource manager has
// no tags of its own: it reads them from the resource, and has the resource's provider write them.
// https://learn.microsoft.com/rest/api/resources/tags/update-at-scope
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError, refusedByGateway } from '../core/errors.ts';
import { asObject, asText, asTexts, type JsonObject } from '../core/json.ts';
import { createRouter } from '../core/router.ts';

type Tags = Readonly<Record<string, string>>;
type Method = 'GET' | 'PATCH';

const TEMPLATE = '{*scope}/providers/Microsoft.Resources/tags/default';

/** @param resources routes of the resources that have tags, and whose PATCH replaces them. */
export function tagRoutes(resources: readonly Route[]): Route[] {
  const router = createRouter(resources);
  const passOn = (method: Method, call: ArmCall, body: JsonObject): ArmAnswer | Promise<ArmAnswer> => {
    const path = call.param('scope');
    const match = router.find(method, path);
    if (match === null || match === 'method') throw noTags(path);
    const param = (name: string) => match.params.get(name) ?? '';
    return match.route.handle({ ...call, method, path, body, header: () => null, param });
  };
  const read = async (call: ArmCall): Promise<Tags> => {
    const { body } = await passOn('GET', call, {});
    return asTexts(asObject(body).tags);
  };
  const update = async (call: ArmCall): Promise<ArmAnswer> => {
    const tags = updated(await read(call), call.body);
    await passOn('PATCH', call, { tags });
    return answer(call, tags);
  };
  return [
    {
      method: 'GET',
      template: TEMPLATE,
      action: 'Microsoft.Resources/tags/read',
      handle: async (call) => answer(call, await read(call)),
    },
    { method: 'PATCH', template: TEMPLATE, action: 'Microsoft.Resources/tags/write', handle: update },
  ];
}

/** Names are compared without case. To delete, the value has to be the one that stands there. */
function updated(before: Tags, body: JsonObject): Tags {
  const given = asTexts(asObject(body.properties).tags);
  const operation = asText(body.operation);
  const named = (name: string) =>
    Object.keys(given).find((each) => each.toLowerCase() === name.toLowerCase());
  const kept = (keeps: (name: string, value: string) => boolean) =>
    Object.fromEntries(Object.entries(before).filter(([name, value]) => keeps(name, value)));
  switch (operation?.toLowerCase()) {
    case 'replace':
      return given;
    case 'merge':
      return { ...kept((name) => named(name) === undefined), ...given };
    case 'delete':
      return kept((name, value) => given[named(name) ?? ''] !== value);
    default:
      throw new ArmError(400, 'InvalidTagOperation', `The tags operation '${operation}' is not valid.`);
  }
}

function answer({ param }: ArmCall, tags: Tags): ArmAnswer {
  const id = `${param('scope')}/providers/Microsoft.Resources/tags/default`;
  return ok({ id, name: 'default', type: 'Microsoft.Resources/tags', properties: { tags } });
}

/** Of this Azure: others are not asked for by anything that is run on it. */
function noTags(path: string): ArmError {
  return refusedByGateway(
    404,
    'ResourceNotFound',
    `The Resource '${path}' was not found, or its tags are not served.`,
  );
}
