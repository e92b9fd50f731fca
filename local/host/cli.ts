import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HostError, messageOf } from './host-error';
import { readLocalSettings } from './host-settings';
import { type LocalHost, startHost } from './host';

/** The local host as a process: `node cli.js --app DIR --port N --db FILE [--turn single] [--strict]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: '.' },
      port: { type: 'string', default: '7071' },
      db: { type: 'string', default: ':memory:' },
      turn: { type: 'string', default: 'batch' },
      strict: { type: 'boolean', default: false },
    },
  });
  const appDir = resolve(values.app);
  for (const [name, value] of Object.entries(readLocalSettings(appDir))) process.env[name] ??= value;
  const { turn } = values;
  if (turn !== 'single' && turn !== 'batch') throw new HostError(`--turn is single or batch, not ${turn}`);
  const host = await startHost({
    appDir,
    db: values.db,
    port: Number(values.port),
    turn,
    strict: values.strict,
  });
  endWith(host);
  process.send?.({ event: 'ready', url: host.baseUrl, port: host.port });
  console.log(`the local host serves ${appDir} on ${host.baseUrl}`);
}

/** A signal, or the end of the parent process, stops the host; a second one does not hurry it. */
function endWith(host: LocalHost): void {
  let stopping = false;
  function stop(): void {
    if (stopping) return;
    stopping = true;
    host.stop().then(() => process.exit(0), fail);
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

function fail(error: unknown): void {
  // A stack tells nothing of a refusal.
  const text = error instanceof Error && !(error instanceof HostError) ? error.stack : messageOf(error);
  console.error(`the local host ends: ${text ?? ''}`);
  process.exit(1);
}

process.on('uncaughtException', fail);
main().catch(fail);
