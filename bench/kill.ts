import { parseArgs } from 'node:util';
import { type Kill } from './killer';
import { type KillOptions, proveKills } from './kill-proof';

/**
 * The app host is killed (-9) at moments by chance of a cold failover and of a cold refresh, and started again each time on the same
 * task hub, while the world runs on: the run must end as if nothing had happened.
 * `npm run bench:kill -- [--size tiny|small] [--seed N] [--kills N] [--kind failover|refresh]`; exit code 1 when it does not.
 */

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: 'small' },
      seed: { type: 'string', default: '1' },
      kills: { type: 'string', default: '20' },
      kind: { type: 'string' },
    },
  });
  const kinds = (['failover', 'refresh'] as const).filter((kind) => (values.kind ?? kind) === kind);
  const shared = { size: values.size, seed: Number(values.seed), kills: Number(values.kills) };
  let holds = kinds.length > 0;
  for (const kind of kinds) holds = (await prove({ ...shared, kind, tell })) && holds;
  console.log(holds ? '\nkills make no difference' : '\nBROKEN: kills make a difference');
  return holds;
}

function tell({ phase, wave, waves, requests, backAfterMs }: Kill): void {
  const where = `${phase}, wave ${wave} of ${waves}`.padEnd(28);
  console.log(`  killed in ${where} after ${requests} requests; served again after ${backAfterMs} ms`);
}

async function prove(options: KillOptions): Promise<boolean> {
  const { kind, size, seed, kills } = options;
  console.log(`\ncold ${kind} of a ${size} estate, seed ${seed}, ${kills} kills`);
  const { calm, killed, faults } = await proveKills(options);
  const { status, counts } = killed.run;
  const { total, ...parts } = counts;
  console.log(`  ended ${status}: ${total} assets, ${JSON.stringify(parts)}
  writes ${killed.writes}, undisturbed ${calm.writes}; in the next run ${killed.writesAgain}`);
  for (const fault of faults) console.log(`  BROKEN: ${fault}`);
  return faults.length === 0;
}

main().then(
  (holds) => process.exit(holds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
