import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from '@jest/globals';
import { errorOfResponse, readErrorBody, toAzureError } from '../../src/azure/arm-errors.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { UpgradeError } from '../../src/reasons.ts';

const RECORDED = fileURLToPath(new URL('../../../shared/recordings/real-errors.json', import.meta.url));

interface Recorded {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  readonly uri: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function errorOf({ method, uri, status, headers, body }: Recorded): AzureError {
  const request = createPipelineRequest({ url: new URL(uri, 'https://management.azure.com').href, method });
  return errorOfResponse(request, {
    request,
    status,
    headers: createHttpHeaders(headers),
    bodyAsText: body,
  });
}

const put = (status: number, body = '') =>
  errorOf({ method: 'PUT', uri: '/subscriptions/s/resourceGroups/g/x', status, headers: {}, body });

describe('error envelopes', () => {
  test.each([
    ['ARM', '{"error":{"code":"A","message":"text"}}'],
    ['SQL 2014-04-01', '{"code":"A","message":"text","target":null,"details":[]}'],
    ['Web', '{"Code":"A","Message":"text","Target":null,"Details":[{"Message":"text"},{"Code":"A"}]}'],
    ['resource group deletion', '{"Error":{"Code":"A","Message":"text"}}'],
    ['OData', '{"odata.error":{"code":"A","message":{"lang":"en","value":"text"}}}'],
    ['byte order mark and line breaks', '{\r\n  "error": {\r\n "code": "A", "message": "text" }\r\n}'],
  ])('%s', (_, body) => {
    expect(readErrorBody(body)).toEqual({ code: 'A', message: 'text' });
  });

  test('what is in the details is told as well', () => {
    const body =
      '{"error":{"code":"X","message":"group failed","details":[{"code":"40688","message":"already in a relation."}]}}';
    expect(readErrorBody(body).message).toBe('group failed already in a relation.');
  });

  test('a gateway that answers in HTML is quoted', () => {
    expect(put(502, '<html>Bad Gateway</html>').message).toContain('<html>Bad Gateway</html>');
  });

  test('an answer without a body still says what was refused', () => {
    const error = put(409);
    expect(error).toMatchObject({ status: 409, code: null, outcomeUnknown: false });
    expect(error.message).toBe('PUT /resourceGroups/g/x: HTTP 409');
  });

  const recorded = existsSync(RECORDED) ? (JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded[]) : [];
  const whereRecordingsAre = recorded.length > 0 ? test : test.skip;
  whereRecordingsAre('every error recorded from Azure keeps its code, text and correlation id', () => {
    expect(recorded.length).toBeGreaterThan(50);
    for (const answer of recorded) {
      const error = errorOf(answer);
      expect(error.status).toBe(answer.status);
      expect(error.correlationId).toBe(
        answer.headers['x-ms-correlation-request-id'] ?? answer.headers['x-ms-request-id'] ?? null,
      );
      if (answer.body === '') continue;
      expect(error.code).toMatch(/^\w+$/);
      expect(answer.body).toContain(error.code);
      expect(error.message.length).toBeGreaterThan(answer.method.length + 20);
    }
  });
});

describe('whether a write may have been carried out', () => {
  test.each([
    [500, true],
    [503, true],
    [504, true],
    [408, true],
    [400, false],
    [409, false],
    [429, false],
  ])('HTTP %i: %s', (status, outcomeUnknown) => {
    expect(put(status).outcomeUnknown).toBe(outcomeUnknown);
  });

  test.each([
    ['ECONNRESET', true],
    ['ETIMEDOUT', true],
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
  ])('%s: %s', (code, outcomeUnknown) => {
    const request = createPipelineRequest({ url: 'https://management.azure.com/x', method: 'DELETE' });
    const error = toAzureError(new RestError('broken', { code, request }));
    expect(error).toMatchObject({ code, status: null, outcomeUnknown });
  });

  test('a read changes nothing, however it ends', () => {
    const request = createPipelineRequest({ url: 'https://management.azure.com/x', method: 'GET' });
    expect(toAzureError(new RestError('broken', { code: 'ECONNRESET', request }))).toMatchObject({
      outcomeUnknown: false,
    });
  });
});

describe('long-running operations', () => {
  const accepted = { what: 'The swap', correlationId: 'c-1' };

  test('one that failed keeps code and text, which are only in a message', () => {
    const failed = new Error(
      'The long-running operation has failed. InvalidOperation. The database is in use. Wait a minute.',
    );
    expect(toAzureError(failed, accepted)).toMatchObject({
      code: 'InvalidOperation',
      correlationId: 'c-1',
      outcomeUnknown: false,
      message: 'The swap failed: InvalidOperation: The database is in use. Wait a minute.',
    });
  });

  test('one whose end was not seen is unknown', () => {
    const abort = new DOMException('aborted', 'AbortError');
    expect(toAzureError(abort, accepted)).toMatchObject({ outcomeUnknown: true, correlationId: 'c-1' });
  });

  test('what the credentials said passes unchanged', () => {
    const refused = new UpgradeError('credentials-refused', 'no');
    expect(toAzureError(refused)).toBe(refused);
    expect(
      toAzureError(
        new AzureError('x', { status: 1, code: null, correlationId: null, outcomeUnknown: false }),
      ),
    ).toBeInstanceOf(AzureError);
  });
});
