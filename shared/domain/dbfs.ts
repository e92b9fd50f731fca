import type { Step } from './asset';

/** What the configuration says about files on DBFS. */
export interface DbfsOptions {
  /** The folders that are carried, with everything below: absolute, without `dbfs:`. */
  readonly roots: readonly string[];
  /** A larger file is skipped. */
  readonly maxFileMb: number;
}

export const defaultDbfs: DbfsOptions = {
  roots: ['/FileStore/jars', '/databricks/init', '/databricks/scripts'],
  maxFileMb: 512,
};

/** Syntax of a root: a folder of the root storage itself. What lies on a mount or a volume is data, and has its own replication. */
export const dbfsRootSyntax = /^(?!\/(?:mnt|Volumes)(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/;

/** Scripts of clusters by their names, and of all clusters: they run on no runtime of today. */
const legacyInitScripts = 'dbfs:/databricks/init/';

export function isLegacyInitScript(path: string): boolean {
  return path.startsWith(legacyInitScripts);
}

/** The step of the ten that a file belongs to: scripts are init scripts, all else is there to be installed. */
export function stepOfDbfsFile(path: string): Step {
  return isLegacyInitScript(path) || path.endsWith('.sh') ? 'initScripts' : 'libraries';
}
