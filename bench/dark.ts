import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { emulatedConfig, uploadConfig } from '../local/pair-config';
import { changePairs, openStage, type Stage } from './stage';

/**
 * How much longer a failover from the last snapshot takes when the lost region hangs, compared with one that refuses every connection
 * at once; deadlines as in production. `npm run bench:dark -- [--size tiny|small|medium]`; exit code 1 when it is more than 30 s.
 */

const maxAddedSeconds = 30;
const unattended = { approval: { required: false } };

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { size: { type: 'string', default: 'small' } } });
  const refusing = await failOver(values.size, refuse);
  console.log(`the primary refuses connections: ${refusing.toFixed(1)} s`);
  const hanging = await failOver(values.size, hang);
  console.log(`the primary hangs:               ${hanging.toFixed(1)} s`);
  const added = hanging - refusing;
  const holds = added <= maxAddedSeconds;
  console.log(`${holds ? 'holds' : 'BROKEN'}: ${added.toFixed(1)} s longer (limit ${maxAddedSeconds} s)`);
  return holds;
}

/** The seconds that a warm failover takes after the primary was lost. */
async function failOver(size: string, lose: (stage: Stage) => Promise<void>): Promise<number> {
  const stage = await openStage(['--size', size], unattended);
  try {
    await waitAsInProduction(stage);
    await stage.ended(await stage.start('refresh'));
    await lose(stage);
    const startedMs = Date.now();
    const { status, reason } = await stage.ended(await stage.start('failover'));
    if (status !== 'succeeded') throw new Error(`the failover ended ${status}: ${reason ?? ''}`);
    return (Date.now() - startedMs) / 1_000;
  } finally {
    await stage.close();
  }
}

/** The local world shortens how long a probe waits; the next app host reads that anew. */
async function waitAsInProduction({ app, folder, host }: Stage): Promise<void> {
  const file = folder.file('endpoints.json');
  const { probeMs: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(rest));
  process.kill(host.pid(), 'SIGKILL');
  await app.get('/api/health');
}

function hang({ world }: Stage): Promise<void> {
  world.workspaces.primary.setDark(true);
  return Promise.resolve();
}

async function refuse({ app, world }: Stage): Promise<void> {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const primary = { ...(emulatedConfig(world) as { pairs: { primary: object }[] }).pairs[0]?.primary, url };
  await uploadConfig(app, changePairs(emulatedConfig(world), { ...unattended, primary }));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

main().then(
  (holds) => process.exit(holds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
