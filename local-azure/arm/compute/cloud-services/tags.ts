// Tags of a cloud service as they are written. The limits hold for every resource; their codes are assumed.
import { ArmError } from '../../core/errors.ts';
import { asObject, type JsonObject } from '../../core/json.ts';

const MOST_TAGS = 50;
const LONGEST_VALUE = 256;

/** Throws 400 for what is no text, for too many, and for one that is too long. */
export function tagsOf(body: JsonObject): Record<string, string> {
  const tags = Object.entries(asObject(body.tags)).map(([name, value]) => {
    if (typeof value !== 'string')
      throw new ArmError(400, 'InvalidRequestContent', `The value of tag '${name}' is not a text.`);
    if (value.length > LONGEST_VALUE)
      throw new ArmError(
        400,
        'InvalidTagValue',
        `The value of tag '${name}' is longer than ${LONGEST_VALUE}.`,
      );
    return [name, value] as const;
  });
  if (tags.length > MOST_TAGS)
    throw new ArmError(400, 'InvalidTagCount', `A resource can have ${MOST_TAGS} tags at most.`);
  return Object.fromEntries(tags);
}

/** Of a PATCH: all the tags that there are to be, and nothing else of the service (CloudServiceUpdate). Throws 400. */
export function patchedTags(body: JsonObject): Record<string, string> {
  if (Object.keys(body).every((name) => name === 'tags')) return tagsOf(body);
  throw new ArmError(400, 'BadRequest', 'Only the tags of a cloud service can be patched.');
}
