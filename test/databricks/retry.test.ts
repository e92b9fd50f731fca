import type { Fault } from '../../shared/databricks/answer';
import { decide, defaultRetry, type Progress, readRetryAfter } from '../../shared/databricks/retry';

const nowMs = Date.UTC(2026, 10, 2, 12);
const begun: Progress = { repeatable: true, failures: 1, throttles: 0, tokenRenewed: false, elapsedMs: 0 };
const once: Progress = { ...begun, repeatable: false };

function fault(code: Fault['code'], more: Partial<Fault> = {}): Fault {
  return { code, message: '', ...more };
}
function verdict(one: Fault, progress: Partial<Progress> = {}, random = 0.5) {
  return decide(one, { ...begun, ...progress }, defaultRetry, nowMs, random);
}

describe('the decision about a failed call', () => {
  it.each([
    ['429', fault('DR_API_THROTTLED', { status: 429 })],
    ['500', fault('DR_API_SERVER_ERROR', { status: 500 })],
    ['503', fault('DR_API_SERVER_ERROR', { status: 503 })],
    ['a time-out', fault('DR_API_TIMEOUT')],
    ['a reset', fault('DR_API_UNREACHABLE', { errorCode: 'ECONNRESET' })],
    ['half an answer', fault('DR_API_INVALID_ANSWER', { status: 200 })],
  ])('repeats what may be repeated after %s', (_name, one) => {
    expect(verdict(one)).toMatchObject({ verb: 'repeat' });
  });

  it.each([
    fault('DR_API_FORBIDDEN', { status: 403 }),
    fault('DR_API_NOT_FOUND', { status: 404 }),
    fault('DR_API_BAD_REQUEST', { status: 400 }),
    fault('DR_API_REDIRECTED', { status: 303 }),
    fault('DR_API_TOO_LARGE', { status: 400 }),
  ])('gives up at once on $code', (one) => {
    expect(verdict(one)).toEqual({ verb: 'giveUp', code: one.code });
  });

  it.each([
    fault('DR_API_SERVER_ERROR', { status: 500 }),
    fault('DR_API_SERVER_ERROR', { status: 503 }),
    fault('DR_API_TIMEOUT'),
    fault('DR_API_UNREACHABLE', { errorCode: 'ECONNRESET' }),
    fault('DR_API_INVALID_ANSWER', { status: 200 }),
  ])('calls $code of a create ambiguous', (one) => {
    expect(decide(one, once, defaultRetry, nowMs, 0)).toEqual({ verb: 'giveUp', code: 'DR_API_AMBIGUOUS' });
  });

  it('repeats a create that was refused or never sent', () => {
    const throttled = fault('DR_API_THROTTLED', { status: 429 });
    const unsent = fault('DR_API_UNREACHABLE', { errorCode: 'ECONNREFUSED', unsent: true });

    expect(decide(throttled, { ...once, throttles: 1 }, defaultRetry, nowMs, 0)).toMatchObject({
      verb: 'repeat',
    });
    expect(decide(unsent, once, defaultRetry, nowMs, 0)).toMatchObject({ verb: 'repeat' });
  });

  it.each([
    ['500', fault('DR_API_SERVER_ERROR', { status: 500 }), 5],
    ['503', fault('DR_API_SERVER_ERROR', { status: 503 }), 8],
    ['an unknown host', fault('DR_API_UNREACHABLE', { errorCode: 'ENOTFOUND' }), 3],
  ])('tries a bounded number of times: %s', (_name, one, tries) => {
    expect(verdict(one, { failures: tries - 1 })).toMatchObject({ verb: 'repeat' });
    expect(verdict(one, { failures: tries })).toEqual({ verb: 'giveUp', code: one.code });
  });

  it('does not count 429 as a failure, but stays within the budget', () => {
    const one = fault('DR_API_THROTTLED', { status: 429 });

    expect(verdict(one, { throttles: 50, elapsedMs: 200_000 })).toMatchObject({ verb: 'repeat' });
    expect(verdict(one, { throttles: 1, elapsedMs: 299_500 })).toEqual({
      verb: 'giveUp',
      code: 'DR_API_THROTTLED',
    });
  });

  it('renews the token once', () => {
    const one = fault('DR_API_UNAUTHORIZED', { status: 401 });

    expect(decide(one, once, defaultRetry, nowMs, 0)).toEqual({ verb: 'renewToken' });
    expect(verdict(one, { tokenRenewed: true })).toEqual({ verb: 'giveUp', code: 'DR_API_UNAUTHORIZED' });
  });

  it('backs off exponentially, spread by chance, to at most half a minute', () => {
    const one = fault('DR_API_UNREACHABLE');
    const waits = [1, 2, 3, 7].map((failures) => verdict(one, { failures }));

    expect(waits).toEqual([1_000, 2_000, 4_000, 30_000].map((waitMs) => ({ verb: 'repeat', waitMs })));
    expect(verdict(one, {}, 0)).toMatchObject({ waitMs: 750 });
    expect(verdict(one, {}, 1)).toMatchObject({ waitMs: 1_250 });
  });

  it.each([
    ['longer than ours', '17', 17_000],
    ['shorter than ours', '0', 1_000],
    ['absurd', '86400', 120_000],
    ['absent', undefined, 1_000],
  ])('waits the longer of back-off and Retry-After, capped: %s', (_name, retryAfter, waitMs) => {
    const one = fault('DR_API_THROTTLED', { status: 429, ...(retryAfter && { retryAfter }) });

    expect(verdict(one, { throttles: 1 })).toEqual({ verb: 'repeat', waitMs });
  });
});

describe('Retry-After', () => {
  it.each([
    ['seconds', '12', 12_000],
    ['a date', 'Mon, 02 Nov 2026 12:00:30 GMT', 30_000],
    ['a date that is past', 'Mon, 02 Nov 2026 11:00:00 GMT', 0],
    ['an impossible date', 'Mon, 99 Nov 2026 12:00:30 GMT', 0],
    ['a negative number', '-5', 0],
    ['garbage', 'soon', 0],
    ['garbage that Date would read', 'May 1', 0],
    ['nothing', undefined, 0],
  ])('is read from %s', (_name, header, expected) => {
    expect(readRetryAfter(header, nowMs)).toBe(expected);
  });
});
