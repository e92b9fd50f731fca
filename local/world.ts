import { rmSync } from 'node:fs';
import { fillEstate } from './estate/estate';
import { fillTrickyEstate } from './estate/tricky/tricky-estate';
import { codeOf, LocalError } from './local-error';
import { type Options } from './options';
import { type StateFolder } from './state-folder';
import { type EmulatedWorkspace, startWorkspace } from './workspace/workspace';
import { findRecord, makeRecord, type SideName, sides, type WorldRecord, writeRecord } from './world-record';

/** Two emulated workspaces in two regions; the primary is full of life, the secondary empty at first, unless the estate is tricky. */
export interface World {
  readonly record: WorldRecord;
  /** It goes on from a state folder. */
  readonly isContinued: boolean;
  readonly workspaces: Readonly<Record<SideName, EmulatedWorkspace>>;
  setDark(side: SideName, on: boolean): void;
  /** Fills the primary, unless it is full already; a tricky estate has something in the secondary too. */
  fill(): void;
  close(): Promise<void>;
}

export const regions: Readonly<Record<SideName, string>> = { primary: 'eastus2', secondary: 'centralus' };

/** Starts both workspaces where the state folder left them, or new ones. */
export async function startWorld(options: Options, folder: StateFolder): Promise<World> {
  const kept = findRecord(folder, options);
  const fresh = kept ?? makeRecord(options);
  if (kept === undefined) for (const side of sides) rmSync(stateFile(folder, side), { force: true });
  const primary = await open('primary', fresh, options, folder);
  const secondary = await open('secondary', fresh, options, folder);
  const workspaces = { primary, secondary };
  const ports = { primary: portOf(primary), secondary: portOf(secondary) };
  const record = { ...fresh, ports };
  let isFull = kept !== undefined;

  function save(): void {
    if (!folder.isKept || !isFull) return;
    for (const side of sides) workspaces[side].save();
    writeRecord(folder, record);
  }
  return {
    record,
    isContinued: kept !== undefined,
    workspaces,
    setDark(side, on) {
      workspaces[side].setDark(on);
    },
    fill() {
      if (isFull) return;
      const { size, seed } = record;
      if (size === 'tricky') fillTrickyEstate(primary, secondary);
      else fillEstate(primary, { size, seed });
      isFull = true;
      save();
    },
    async close() {
      save();
      await Promise.all(sides.map((side) => workspaces[side].close()));
    },
  };
}

async function open(
  side: SideName,
  record: WorldRecord,
  { latencyMs, limits = false }: Options,
  folder: StateFolder,
): Promise<EmulatedWorkspace> {
  const port = record.ports[side];
  try {
    return await startWorkspace({
      name: side,
      region: regions[side],
      port,
      token: record.tokens[side],
      seed: record.seed,
      ...{ latencyMs, limits },
      stateFile: stateFile(folder, side),
    });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new LocalError(
      `port ${port}, where the ${side} workspace was before, is in use by another process`,
    );
  }
}

function stateFile(folder: StateFolder, side: SideName): string {
  return folder.file(`${side}.ndjson`);
}

function portOf({ url }: EmulatedWorkspace): number {
  return Number(new URL(url).port);
}
