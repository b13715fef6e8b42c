// One GET of JSON through the pipeline that the SDKs use: proxies of the environment, and a busy server asked again.
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';

export interface JsonAnswer {
  readonly status: number;
  /** Null where it holds no JSON. */
  readonly body: unknown;
}

/** Throws RestError where nobody answers. */
export async function getJson(url: URL, bearer: string): Promise<JsonAnswer> {
  const request = createPipelineRequest({
    url: url.href,
    headers: createHttpHeaders({ accept: 'application/json', authorization: `Bearer ${bearer}` }),
    allowInsecureConnection: url.protocol === 'http:',
  });
  const pipeline = createPipelineFromOptions({});
  // It is no form, and the question loads all of Node's fetch.
  pipeline.removePolicy({ name: 'formDataPolicy' });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  return { status, body: parsed(bodyAsText ?? '') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
