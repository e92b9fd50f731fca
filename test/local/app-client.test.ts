import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AppClient } from '../../local/app-client';

describe('the client of the app', () => {
  let server: Server;
  let client: AppClient;
  /** One for each request, the last one for all that follow. */
  let answers: ((response: ServerResponse) => void)[];

  beforeEach(async () => {
    server = createServer((_request, response) => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new AppClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => server.close());

  it('waits for an app that is started again', async () => {
    answers = [
      (response) => response.destroy(),
      (response) => response.writeHead(503).end(),
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"runs":[]}'),
    ];

    expect(await client.get('/api/runs')).toEqual({ runs: [] });
  });

  it('tells at once what keeps an app from working that is there', async () => {
    const problem = { code: 'DR_SETTING_INVALID', detail: 'DR_PROBE_SCHEDULE is no schedule' };
    answers = [
      (response) =>
        response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)),
    ];

    await expect(client.get('/api/pairs')).rejects.toThrow(
      'GET /api/pairs was answered 503 DR_SETTING_INVALID DR_PROBE_SCHEDULE is no schedule',
    );
  });
});
