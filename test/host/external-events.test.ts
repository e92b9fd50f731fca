import { SkippingClock } from '../../local/host/clock';
import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

describe('external events', () => {
  const waiting = new SkippingClock(1_000);
  let host: LocalHost;

  beforeAll(async () => {
    ({ host } = await startApp('patterns', { clock: waiting }));
  });

  afterAll(() => host.stop());

  test('cancel the timer that loses', async () => {
    const id = host.operations.start('eventOrTimer', '{}');
    host.raiseEvent(id, 'go', { ok: true });
    const row = await host.engine.whenEnded(id);

    expect(row.output).toBe('{"ok":true}');
  });

  test('wait when they come before the wait', async () => {
    const id = host.operations.start('eventAfterWork', '{}');
    host.raiseEvent(id, 'go', 'early');

    expect((await host.engine.whenEnded(id)).output).toBe('"early"');
  });

  test('are taken in the order of the waits, by name', async () => {
    const id = host.operations.start('events', JSON.stringify({ names: ['b', 'a', 'b'] }));
    host.raiseEvent(id, 'a', 1);
    host.raiseEvent(id, 'b', 2);
    host.raiseEvent(id, 'b', 3);

    expect((await host.engine.whenEnded(id)).output).toBe('[2,1,3]');
  });

  test('that come after continueAsNew belong to the next generation', async () => {
    const id = host.operations.start('carryOver', '{}');
    host.raiseEvent(id, 'early', 1);
    host.raiseEvent(id, 'late', 2);
    const ended = host.engine.whenEnded(id);
    await settled(host, id, 'Running');
    waiting.advance(60_000);

    expect((await ended).output).toBe('2');
  });

  test('are held back while an instance is suspended', async () => {
    const id = host.operations.start('events', JSON.stringify({ names: ['a'] }));
    host.operations.suspend(id, 'pause');
    host.raiseEvent(id, 'a', 1);
    await settled(host, id, 'Suspended');
    const whileSuspended = host.status(id)?.status;
    host.operations.resume(id, 'go on');

    expect(whileSuspended).toBe('Suspended');
    expect((await host.engine.whenEnded(id)).output).toBe('[1]');
  });

  test('do nothing to an instance that is terminated', async () => {
    const id = host.operations.start('events', JSON.stringify({ names: ['a'] }));
    host.operations.terminate(id, 'enough');
    const row = await host.engine.whenEnded(id);

    expect(row).toMatchObject({ status: 'Terminated', output: 'enough' });
    expect(() => {
      host.raiseEvent(id, 'a', 1);
    }).toThrow('has ended');
  });
});

/** Looks once a turn of the event loop: the hub works in this process. */
async function settled(host: LocalHost, id: string, status: string): Promise<void> {
  while (host.status(id)?.status !== status) await new Promise(setImmediate);
}
