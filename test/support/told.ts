import { type Stage } from '../../bench/stage';
import { type Text } from './leaks';

/** From now on every answer of the app is kept; what the world says of itself has to name its tokens. Returns the function that ends it. */
export function keepAnswers(answers: Text[]): () => void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(response.url);
    if (pathname.startsWith('/api/')) {
      const text = `${JSON.stringify([...response.headers])} ${await response.clone().text()}`;
      answers.push({ place: `${init?.method ?? 'GET'} ${pathname}: ${response.status}`, text });
    }
    return response;
  };
  return () => {
    globalThis.fetch = fetch;
  };
}

const refused = [400, 404, 409, 413, 422, 501];

/** Asks everything that can be asked of the app, and things that it has to refuse. */
export async function askEverything({ app }: Stage, runIds: readonly string[]): Promise<void> {
  const pair = '/api/pairs/analytics';
  const runs = runIds.map((id) => `/api/runs/${id}`);
  const ofPair = ['/api/pairs', pair, `${pair}/map?kind=job`, `${pair}/map?kind=user`, '/api/pairs/none'];
  const ofRuns = runs.flatMap((run) => [run, `${run}/plan`, `${run}/report`, `${run}/evidence`]);
  const others = ['/api/runs', '/api/runs/none', '/api/config', '/api/config/schema', '/api/health'];
  for (const path of [...ofPair, ...ofRuns, ...others]) await app.send('GET', path, { also: refused });
  const accept = 'text/html';
  for (const run of runs) await app.send('GET', `${run}/report`, { headers: { accept } });
  for (const run of runs) await app.send('POST', `${run}/approve`, { body: { why: 'late' }, also: refused });
  await app.send('POST', `${pair}/failover`, { body: { confirm: 'no' }, also: refused });
  await app.send('PUT', '/api/config', { body: { pairs: [{ name: 'half' }] }, also: refused });
  await app.send('POST', '/api/alerts', { body: { schemaId: 'none' }, also: refused });
}
