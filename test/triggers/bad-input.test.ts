import { pairOf, startProduct, type HostedProduct } from '../support/hosted-app';
import { refusedRequests } from '../support/refused-requests';

let app: HostedProduct;
let run: string;

beforeAll(async () => {
  app = await startProduct();
  const url = 'https://adb-1111111111111111.1.azuredatabricks.net';
  const other = 'https://adb-2222222222222222.2.azuredatabricks.net';
  const sides = { primary: { region: 'westus', url }, secondary: { region: 'centralus', url: other } };
  const watched = { name: 'watched', mode: 'observe', ...sides };
  await app.send('PUT', 'config', { body: { pairs: [pairOf(app), watched] } });
  const started = await app.send('POST', 'pairs/analytics/sync', { body: { reason: 'to have a run' } });
  run = started.json.id as string;
  await app.ended(run);
}, 60_000);

afterAll(() => app.close());

test.each(refusedRequests)(
  'refuses $name with $status and changes nothing',
  async ({ ask, request, status, code, paths }) => {
    const [method = '', path = ''] = ask.replace('{run}', run).split(' ');
    const before = await app.blobs();

    const answer = await app.send(method, path, request?.(app));

    expect(answer.json).toMatchObject({ type: 'about:blank', status, code });
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
      status,
      type: 'application/problem+json',
    });
    expect((answer.json.errors as { path: string }[] | undefined)?.map((error) => error.path).sort()).toEqual(
      paths,
    );
    expect(await app.blobs()).toEqual(before);
  },
);
