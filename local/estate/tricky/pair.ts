import { lakeMounts } from '../mounts';
import { maxFileMb } from './dbfs-files';

/** What the configuration of the tricky pair says beside that of any pair. */
export const trickyPair = {
  mounts: { discover: true, how: [lakeMounts] },
  dbfs: { maxFileMb },
};
