import { parseArgs } from 'node:util';
import { type ExtraRoutes } from './host/dispatch';
import { messageOf } from './host/host-error';
import { type LocalHost, startHost } from './host/host';

/** The app host as a child of the world: `node app-host.js --app DIR --port N --db FILE --world URL`. */
async function main(): Promise<void> {
  const { app = '.', db = ':memory:', port = '0', world = '' } = optionsOf(process.argv.slice(2));
  const host: LocalHost = await startHost({
    appDir: app,
    db,
    port: Number(port),
    extraRoutes: (request, url, body) => localRoutes(() => host, world)(request, url, body),
  });
  endWith(host);
  process.send?.({ event: 'ready', url: host.baseUrl });
}

function optionsOf(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({ args, options: { app: text, db: text, port: text, world: text } }).values;
}

/** `POST /local/timers/{name}` is done here; the world answers all else of `/local/`. */
function localRoutes(host: () => LocalHost, world: string): ExtraRoutes {
  return async ({ method }, { pathname }, body) => {
    if (!pathname.startsWith('/local/')) return undefined;
    const timer = /^\/local\/timers\/([^/]+)$/.exec(pathname)?.[1];
    if (timer !== undefined && method === 'POST') return fire(host(), timer);
    const answer = await fetch(world + pathname, { method, ...(method === 'POST' && { body }) });
    return { status: answer.status, json: await answer.json() };
  };
}

/** Timers that this version of the app may not have yet. */
const laterTimers = ['drill'];

/** The app registers the timer `refresh` as the function `refreshTimer`: orchestrations have the bare names. */
async function fire(host: LocalHost, timer: string): Promise<{ status: number; json: unknown }> {
  const timers = host.functions.filter((one) => one.triggerType === 'timertrigger');
  const names = timers.map(({ name }) => name.replace(/Timer$/, ''));
  if (!names.includes(timer)) {
    const status = laterTimers.includes(timer) ? 501 : 404;
    return { status, json: { message: `no timer ${timer}: there are ${names.join(', ')}` } };
  }
  await host.fireTimer(`${timer}Timer`);
  return { status: 200, json: { fired: timer } };
}

/** The world decides when this ends: by message, or by being gone. A Ctrl-C reaches this process too and is left to the world. */
function endWith(host: LocalHost): void {
  let isStopping = false;
  function stop(drainMs?: number): void {
    if (isStopping) return;
    isStopping = true;
    host.stop(drainMs).then(() => process.exit(0), fail);
  }
  process.on('message', () => {
    stop();
  });
  process.on('SIGTERM', () => {
    stop();
  });
  // What runs cannot end well without the world, and nothing is lost by dropping it.
  process.on('disconnect', () => {
    stop(0);
  });
}

function fail(error: unknown): void {
  console.error(error);
  const exit = (): void => process.exit(1);
  if (process.send === undefined || !process.connected) exit();
  else process.send({ event: 'failed', message: messageOf(error) }, exit);
}

process.on('SIGINT', () => undefined);
process.on('uncaughtException', fail);
main().catch(fail);
