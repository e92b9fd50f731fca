import { proveKills } from '../../bench/kill-proof';

/** About as many requests as this failover makes in each phase: where the kills are aimed. */
const profile = { restoring: 250, verifying: 150, cuttingOver: 25 };

it('ends a failover as if nothing had happened when the app host is killed in it again and again', async () => {
  const options = { kind: 'failover', size: 'tiny', seed: 1, kills: 3, profile } as const;

  const { killed, faults } = await proveKills({ ...options, tell: () => undefined });

  expect(faults).toEqual([]);
  expect(killed.run).toMatchObject({ status: 'succeeded', counts: { failed: 0, blocked: 0, conflict: 0 } });
  expect(new Set(killed.kills.map(({ phase }) => phase)).size).toBeGreaterThan(1);
}, 120_000);
