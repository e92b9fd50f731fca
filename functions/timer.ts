import { probePairs } from './timers/probe-pairs';
import { dryRunPairs, refreshPairs, retainPairs } from './timers/start-by-clock';
import { registerTimer } from './timers/timer';

registerTimer('refresh', refreshPairs);
registerTimer('dryRun', dryRunPairs);
registerTimer('probe', probePairs);
registerTimer('retention', retainPairs);
