import { DrError } from '../../shared/domain/errors';
import { scheduleOf } from '../../shared/config/settings';
import { callerOf, requireRole } from '../../functions/http/identity';
import { problemOf } from '../../functions/http/problem';
import { prefersHtml } from '../../functions/http/query';

function header(claims: readonly object[], more: object = {}): string {
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims, ...more })).toString('base64');
}

const forbidden = expect.objectContaining({ code: 'DR_REQUEST_FORBIDDEN' }) as Error;

describe('the caller', () => {
  const ana = { typ: 'preferred_username', val: 'ana@contoso.com' };

  test.each<[string, string | null, boolean, object]>([
    ['by key', null, true, { who: 'function key' }],
    [
      'by token',
      header([ana, { typ: 'roles', val: 'DR.Reader' }]),
      true,
      { who: 'ana@contoso.com', roles: ['DR.Reader'] },
    ],
    [
      'by the claim types that the header names',
      header(
        [
          { typ: 'n', val: 'Ana' },
          { typ: 'r', val: 'DR.Alert' },
        ],
        { name_typ: 'n', role_typ: 'r' },
      ),
      true,
      { who: 'Ana', roles: ['DR.Alert'] },
    ],
    [
      'by a header that nobody checked',
      header([ana]),
      false,
      { who: 'ana@contoso.com (not verified)', roles: [] },
    ],
  ])('is known %s', (_name, text, checked, caller) => {
    expect(callerOf(text, checked)).toEqual(caller);
  });

  test.each([
    ['no JSON', 'x'],
    ['no claims', header([]).slice(0, 4)],
    ['nobody', header([{ typ: 'roles', val: 'DR.Operator' }])],
    ['claims that are none', Buffer.from('{"claims":{}}').toString('base64')],
  ])('is refused when the header has %s', (_name, text) => {
    expect(() => callerOf(text, true)).toThrow(forbidden);
  });

  test('needs one of the roles, unless a key let it in', () => {
    const reader = { who: 'Ana', roles: ['DR.Reader'] };

    expect(() => {
      requireRole(reader, ['DR.Operator', 'DR.Reader']);
      requireRole({ who: 'function key' }, ['DR.Operator']);
    }).not.toThrow();
    expect(() => {
      requireRole(reader, ['DR.Operator']);
    }).toThrow(forbidden);
  });
});

describe('a problem', () => {
  test('tells nothing of an error that is ours but where to look', () => {
    const secret = new Error('cannot read https://internal.example/?sig=abc');

    const { status, body } = problemOf(secret, 'c0ffee');

    expect(status).toBe(500);
    expect(JSON.parse(body as string)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'DR_INTERNAL',
      detail: 'the app could not do this; its log has more under c0ffee',
    });
  });

  test('keeps credentials out of what it tells', () => {
    const error = new DrError('DR_PAIR_UNKNOWN', 'cannot find pair dapi0123456789abcdef0123456789abcdef');

    expect(problemOf(error, '').body).not.toContain('dapi0123456789abcdef');
  });

  test('names the run that has the pair', () => {
    const error = new DrError('DR_CLAIM_BUSY', 'busy', { runId: 'r-1' });

    expect(problemOf(error, '')).toMatchObject({ status: 409, headers: { location: '/api/runs/r-1' } });
  });
});

test.each([
  [null, false],
  ['*/*', false],
  ['application/json', false],
  ['text/html,application/xhtml+xml,*/*;q=0.8', true],
  ['application/json, text/html;q=0.5', false],
  ['text/html;q=0', false],
])('an Accept header of %s asks for a page: %s', (accept, html) => {
  expect(prefersHtml(accept)).toBe(html);
});

test.each<[string, Record<string, string>, string]>([
  ['the setting', { DR_PROBE_SCHEDULE: '*/30 * * * * *' }, '*/30 * * * * *'],
  ['the default without one', {}, '0 * * * * *'],
  ['the default when it is none', { DR_PROBE_SCHEDULE: 'often' }, '0 * * * * *'],
  ['the default when it is empty', { DR_PROBE_SCHEDULE: '' }, '0 * * * * *'],
  ['nothing under the local host when it is empty', { DR_PROBE_SCHEDULE: '', DR_HOST: 'local' }, ''],
])('the schedule of a timer is %s', (_name, env, schedule) => {
  expect(scheduleOf('probe', env)).toBe(schedule);
});
