import { readAnswer } from '../../shared/databricks/answer';
import type { ApiCall, Reply } from '../../shared/databricks/request';

const get: ApiCall = { method: 'GET', path: '/api/2.0/workspace/list', expects: 'json' };

function reply(status: number, body: unknown, more: Partial<Reply> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, contentType: 'application/json', body: Buffer.from(text), ...more };
}
function call(method: ApiCall['method'], path: string): ApiCall {
  return { method, path, expects: 'json' };
}
function api(code: string | number, more: object = {}) {
  return { error_code: code, message: 'it said so', ...more };
}

describe('reading a refusal', () => {
  it.each([
    ['JSON', 400, api('INVALID_STATE'), 'DR_API_BAD_REQUEST', '400 INVALID_STATE: it said so'],
    ['JSON without a message', 400, { error_code: 'X' }, 'DR_API_BAD_REQUEST', '400 X: no message'],
    ['API 1.2', 400, { error: 'no context' }, 'DR_API_BAD_REQUEST', '400: no context'],
    ['a plain line', 404, 'NOT_FOUND: gone', 'DR_API_NOT_FOUND', '404 NOT_FOUND: gone'],
    ['other text', 502, 'upstream', 'DR_API_SERVER_ERROR', '502: upstream'],
    ['no body', 503, '', 'DR_API_SERVER_ERROR', '503: no body'],
    ['a page', 502, '<html><title>Bad gateway</title>', 'DR_API_SERVER_ERROR', '502: a page: Bad gateway'],
    ['a page with <pre>', 500, '<p><pre>boom</pre>', 'DR_API_SERVER_ERROR', '500: a page: boom'],
    ['a page of nothing', 504, '<html>', 'DR_API_SERVER_ERROR', '504: a page: without a title'],
    [
      'SCIM uniqueness',
      409,
      { schemas: ['urn:error'], detail: 'exists', status: '409', scimType: 'uniqueness' },
      'DR_API_CONFLICT',
      '409 SCIM_409: uniqueness: exists',
    ],
    [
      'SCIM internal error',
      500,
      { schemas: ['urn:error'], detail: 'null', status: '500' },
      'DR_API_SERVER_ERROR',
      '500 SCIM_500: internal error',
    ],
    ['a missing permission', 403, api('PERMISSION_DENIED'), 'DR_API_FORBIDDEN', /^403 PERMISSION_DENIED/],
    ['SCIM without permission', 403, { schemas: [], status: 403 }, 'DR_API_FORBIDDEN', /^403 SCIM_403/],
    ['a numeric 403', 403, api(403), 'DR_API_UNAUTHORIZED', '403 403: it said so'],
    ['a numeric 403 as text', 403, api('403'), 'DR_API_UNAUTHORIZED', /^403/],
    ['a plain 403', 403, 'Invalid access token.', 'DR_API_UNAUTHORIZED', /^403: Invalid/],
    ['401', 401, api('PERMISSION_DENIED'), 'DR_API_UNAUTHORIZED', /^401/],
    ['429', 429, api('TEMPORARILY_UNAVAILABLE'), 'DR_API_THROTTLED', /^429/],
    ['503 with the code of 429', 503, api('RESOURCE_EXHAUSTED'), 'DR_API_SERVER_ERROR', /^503/],
    ['a missing asset', 404, api('RESOURCE_DOES_NOT_EXIST'), 'DR_API_NOT_FOUND', /^404/],
    ['a missing asset as 400', 400, api('RESOURCE_DOES_NOT_EXIST'), 'DR_API_NOT_FOUND', /^400/],
    ['a missing API', 404, api('ENDPOINT_NOT_FOUND'), 'DR_API_FEATURE_DISABLED', /^404/],
    ['a feature that is off', 403, api('FEATURE_DISABLED'), 'DR_API_FEATURE_DISABLED', /^403/],
    ['what exists', 400, api('RESOURCE_ALREADY_EXISTS'), 'DR_API_CONFLICT', /^400/],
    ['too much to read', 400, api('MAX_READ_SIZE_EXCEEDED'), 'DR_API_TOO_LARGE', /^400/],
    [
      'a size told by the ErrorInfo',
      400,
      api('BAD_REQUEST', { details: [{}, { reason: 'MAX_NOTEBOOK_SIZE_EXCEEDED' }] }),
      'DR_API_TOO_LARGE',
      /^400 BAD_REQUEST/,
    ],
    ['the name of an inherited property', 400, api('constructor'), 'DR_API_BAD_REQUEST', '400: it said so'],
    ['a redirect', 303, '', 'DR_API_REDIRECTED', '303: no body'],
    ['200 with an error', 200, api('TEMPORARILY_UNAVAILABLE'), 'DR_API_SERVER_ERROR', /^200 TEMPORARILY/],
    ['200 with an unknown error', 200, api('ODD'), 'DR_API_BAD_REQUEST', /^200 ODD/],
  ])('understands %s', (_name, status, body, code, message) => {
    const said = typeof message === 'string' ? message : expect.stringMatching(message);

    expect(readAnswer(get, reply(status, body), 'token')).toMatchObject({ code, message: said, status });
  });

  it.each([
    [call('GET', '/api/2.1/clusters/get'), 'DR_API_NOT_FOUND'],
    [call('GET', '/api/2.2/jobs/get'), 'DR_API_NOT_FOUND'],
    [call('GET', '/api/2.2/jobs/runs/get'), 'DR_API_NOT_FOUND'],
    [call('POST', '/api/2.1/clusters/edit'), 'DR_API_BAD_REQUEST'],
    [call('GET', '/api/2.2/jobs/list'), 'DR_API_BAD_REQUEST'],
  ])(
    'takes INVALID_PARAMETER_VALUE for "not found" only where one thing is asked for: $path',
    (one, code) => {
      expect(readAnswer(one, reply(400, api('INVALID_PARAMETER_VALUE')), 'token')).toMatchObject({ code });
    },
  );

  it('takes a nameless 400 of import-file for a conflict', () => {
    const one = call('POST', '/api/2.0/workspace-files/import-file/Users%2Fa.txt');

    expect(readAnswer(one, reply(400, { error_code: '', message: 'x' }), 'token')).toMatchObject({
      code: 'DR_API_CONFLICT',
    });
  });

  it('says it in one short line without secrets', () => {
    const long = `\n<b> ${'x'.repeat(490)} the-token dapi0123456789abcdef0123456789abcdef ${'y'.repeat(9_000)}`;
    const fault = readAnswer(get, reply(400, { error_code: 'X', message: long }), 'the-token');

    expect(fault).toMatchObject({ message: expect.not.stringMatching(/\n|the-t|dapi/) });
    expect(fault).toMatchObject({ message: expect.stringMatching(/^.{500}…$/) });
  });
});

describe('reading a good answer', () => {
  it('gives the document', () => {
    expect(readAnswer(get, reply(200, { objects: [] }), 'token')).toEqual({ value: { objects: [] } });
  });

  it('gives the bytes, whatever they look like', () => {
    const file = reply(200, api('NOT_AN_ERROR'), { contentType: 'application/octet-stream' });

    expect(readAnswer({ ...get, expects: 'bytes' }, file, 'token')).toEqual({ value: file.body });
  });

  it('finds the error in a 200 that should have been a file', () => {
    const one = readAnswer({ ...get, expects: 'bytes' }, reply(200, api('INTERNAL_ERROR')), 'token');

    expect(one).toMatchObject({ code: 'DR_API_SERVER_ERROR' });
  });

  it.each([
    ['half a document', '{"objects": ['],
    ['a page', '<html>log in</html>'],
    ['nothing', ''],
    ['a bare value', 'null'],
  ])('never takes %s for an empty listing', (_name, body) => {
    expect(readAnswer(get, reply(200, body), 'token')).toMatchObject({ code: 'DR_API_INVALID_ANSWER' });
  });

  it('accepts that a write answers nothing', () => {
    expect(readAnswer(call('DELETE', '/api/2.0/x'), reply(204, ''), 'token')).toEqual({ value: {} });
  });
});
