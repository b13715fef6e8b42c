// One GET of JSON through the pipeline that the SDKs use, which asks a busy server again.
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type ProxySettings,
} from '@azure/core-rest-pipeline';

export interface JsonAnswer {
  readonly status: number;
  /** Null where it holds no JSON. */
  readonly body: unknown;
}

/**
 * Throws RestError where nobody answers.
 * @param proxy that it goes through; null: directly, whatever the environment says
 */
export async function getJson(url: URL, bearer: string, proxy: URL | null): Promise<JsonAnswer> {
  const request = createPipelineRequest({
    url: url.href,
    headers: createHttpHeaders({ accept: 'application/json', authorization: `Bearer ${bearer}` }),
    allowInsecureConnection: url.protocol === 'http:',
  });
  const pipeline = createPipelineFromOptions(proxy === null ? {} : { proxyOptions: settingsOf(proxy) });
  if (proxy === null) pipeline.removePolicy({ name: 'proxyPolicy' });
  // It is no form, and the question loads all of Node's fetch.
  pipeline.removePolicy({ name: 'formDataPolicy' });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  return { status, body: parsed(bodyAsText ?? '') };
}

function settingsOf({ protocol, hostname, port, username, password }: URL): ProxySettings {
  const usual = protocol === 'https:' ? 443 : 80;
  return { host: `${protocol}//${hostname}`, port: port === '' ? usual : Number(port), username, password };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
