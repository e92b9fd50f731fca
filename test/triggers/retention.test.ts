import { pairOf, startProduct, type HostedProduct } from '../support/hosted-app';

let app: HostedProduct;

beforeAll(async () => {
  app = await startProduct();
  await app.send('PUT', 'config', { body: { pairs: [pairOf(app)] } });
}, 60_000);

afterAll(() => app.close());

async function newestRun(): Promise<string> {
  const { json } = await app.send('GET', 'runs?limit=1');
  return (json.runs[0] as { id: string }).id;
}

describe('the app in its host', () => {
  test('starts a retention run by the clock, and shows it like any other', async () => {
    const sync = await app.send('POST', 'pairs/analytics/sync', { body: { reason: 'a test' } });
    await app.ended(sync.json.id as string);

    await app.host.fireTimer('retentionTimer');

    const id = await newestRun();
    await app.ended(id);
    const report = await app.send('GET', `runs/${id}/report`);
    const page = await app.send('GET', `runs/${id}/report`, { headers: { accept: 'text/html' } });
    expect((await app.send('GET', `runs/${id}`)).json).toMatchObject({
      kind: 'retention',
      status: 'succeeded',
    });
    expect(report.json.retention).toMatchObject({
      kept: { latest: 1 },
      removed: { snapshots: 0 },
      damaged: [],
    });
    expect(page.text).toContain('Snapshots kept');
    expect((await app.send('GET', 'health')).json.status).toBe('ok');
  });

  test('accepts a snapshot by a refresh only when it was not applied yet', async () => {
    const pair = await app.send('GET', 'pairs/analytics');
    const { snapshot, suspect, damaged } = pair.json as {
      snapshot: { id: string };
      suspect: null;
      damaged: [];
    };
    expect([suspect, damaged]).toEqual([null, []]);

    const again = await app.send('POST', 'pairs/analytics/refresh', { body: { snapshot: snapshot.id } });
    const unknown = await app.send('POST', 'pairs/analytics/refresh', { body: { snapshot: 'nobody' } });

    expect(again.json).toMatchObject({ status: 422, errors: [{ path: 'snapshot' }] });
    expect(unknown.json).toMatchObject({
      errors: [{ path: 'snapshot', message: 'is no snapshot of analytics' }],
    });
  });
});
