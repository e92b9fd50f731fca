import { failover } from './failover';
import { incident } from './incident';
import { lane } from './lane';
import { refresh } from './refresh';
import { retention, retentionLane } from './retention';
import { sync } from './sync';
import { exportPartition, unitLane } from './units';
import { waking } from './waking';

/** Every orchestrator, under the name by which runs in flight know it. */
export const orchestrators = {
  sync,
  refresh,
  failover,
  incident,
  lane,
  waking,
  unitLane,
  exportPartition,
  retention,
  retentionLane,
};
