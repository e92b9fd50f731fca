import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type EstateSize } from './estate/sizes';
import { LocalError, usageError } from './local-error';
import { type Options } from './options';
import { type StateFolder } from './state-folder';

export const sides = ['primary', 'secondary'] as const;
export type SideName = (typeof sides)[number];

/** What must be the same again when a world goes on: a run in flight knows its workspaces by their addresses. */
export interface WorldRecord {
  readonly formatVersion: 1;
  readonly size: EstateSize;
  readonly seed: number;
  readonly tokens: Readonly<Record<SideName, string>>;
  readonly ports: Readonly<Record<SideName, number>>;
}

const fileName = 'world.json';

/** The record of a world that is to go on; undefined for a new one. Refuses another estate than the one that is there. */
export function findRecord(folder: StateFolder, { size, seed, config }: Options): WorldRecord | undefined {
  const file = folder.file(fileName);
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as WorldRecord;
  if ((record.formatVersion as number) !== 1)
    throw new LocalError(`${file} was written by another version: use another --state folder`);
  if (config !== undefined)
    throw usageError(`--state ${folder.path} holds an emulated world: it does not go with --config`);
  if (size !== undefined && size !== record.size)
    throw usageError(`--state ${folder.path} holds the size ${record.size}, not ${size}`);
  if (seed !== undefined && seed !== record.seed)
    throw usageError(`--state ${folder.path} holds the seed ${record.seed}, not ${seed}`);
  return record;
}

/** What a new world is made of; ports are any free ones. */
export function makeRecord({ size = 'small', seed = 1 }: Options): WorldRecord {
  const tokens = { primary: makeToken(), secondary: makeToken() };
  return { formatVersion: 1, size, seed, tokens, ports: { primary: 0, secondary: 0 } };
}

/** Written last: from now on the world goes on at the next start. */
export function writeRecord(folder: StateFolder, record: WorldRecord): void {
  const file = folder.file(fileName);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function makeToken(): string {
  return `dapi${randomBytes(16).toString('hex')}`;
}
