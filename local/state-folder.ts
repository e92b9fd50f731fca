import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf, LocalError, usageError } from './local-error';

/** Where one local world keeps its files; only one process at a time. */
export interface StateFolder {
  readonly path: string;
  /** Somebody asked for it to be there afterwards. */
  readonly isKept: boolean;
  file(name: string): string;
  /** There is something to look at in it: it is not removed. */
  keep(): void;
  /** Gives it free. A folder that nobody asked for is removed. */
  release(): void;
}

const lockName = 'world.pid';

/** Opens `dir`, or a new temporary folder. Throws LocalError when another process that is alive uses it. */
export function openStateFolder(dir: string | undefined): StateFolder {
  const path =
    dir === undefined ? mkdtempSync(join(tmpdir(), 'regional-failover-')) : makeFolder(resolve(dir));
  const lock = join(path, lockName);
  takeLock(lock, path);
  let isKept = dir !== undefined;
  return {
    path,
    isKept: dir !== undefined,
    file: (name) => join(path, name),
    keep() {
      isKept = true;
    },
    release() {
      rmSync(isKept ? lock : path, { recursive: true, force: true });
    },
  };
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw usageError(`--state ${path} cannot be used as a folder: ${codeOf(error)}`);
  }
  return path;
}

/** The file holds the id of the process. One whose process is gone was left behind by a crash. */
function takeLock(lock: string, path: string): void {
  if (tryLock(lock)) return;
  const holder = readHolder(lock);
  if (isAlive(holder))
    throw new LocalError(
      `${path} is in use by process ${holder}: end that one, or give another --state folder`,
    );
  rmSync(lock, { force: true });
  if (!tryLock(lock)) throw new LocalError(`${path} was taken by another process at this moment: try again`);
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new LocalError(`cannot write ${lock}: ${codeOf(error)}`);
  }
}

function readHolder(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
