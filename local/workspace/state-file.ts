import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';

export interface WorkspaceState {
  counter: number;
  readonly sections: Record<string, object>;
}

/** One line: where it belongs (`[section, property, entry]`) and what stands there. */
type Line = [at: (string | number)[], value: unknown];

const flushBytes = 1_048_576;
const formatVersion = 1;

/**
 * Writes the state, one JSON value a line, because 100,000 notebooks do not fit into one string.
 * Synchronous on purpose: no request can change the state half way.
 */
export function saveState(file: string, state: WorkspaceState): void {
  const fresh = `${file}.new`;
  const handle = openSync(fresh, 'w');
  let pending: string[] = [];
  let pendingBytes = 0;
  const flush = (): void => {
    writeSync(handle, pending.join(''));
    pending = [];
    pendingBytes = 0;
  };
  for (const line of linesOf(state)) {
    const text = `${JSON.stringify(line)}\n`;
    pending.push(text);
    pendingBytes += text.length;
    if (pendingBytes > flushBytes) flush();
  }
  flush();
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
}

function* linesOf(state: WorkspaceState): Generator<Line> {
  yield [[], { formatVersion, counter: state.counter }];
  for (const [section, properties] of Object.entries(state.sections)) {
    yield [[section], {}];
    for (const [property, value] of Object.entries(properties) as [string, unknown][]) {
      if (Array.isArray(value)) {
        yield [[section, property], []];
        for (const [at, entry] of value.entries()) yield [[section, property, at], entry];
      } else if (typeof value === 'object' && value !== null) {
        yield [[section, property], {}];
        for (const [key, entry] of Object.entries(value) as [string, unknown][])
          yield [[section, property, key], pack(entry)];
      } else yield [[section, property], value];
    }
  }
}

export function loadState(file: string): WorkspaceState {
  const state: WorkspaceState = { counter: 0, sections: {} };
  for (const text of readLines(file)) {
    const [at, value] = JSON.parse(text) as Line;
    const key = at.at(-1);
    if (key === undefined) readHeader(state, value as { formatVersion: number; counter: number });
    else place(state.sections, at, unpack(value));
  }
  return state;
}

function readHeader(state: WorkspaceState, header: { formatVersion: number; counter: number }): void {
  if (header.formatVersion !== formatVersion)
    throw new Error(`unknown format version ${header.formatVersion} of a saved workspace`);
  state.counter = header.counter;
}

function place(sections: Record<string, object>, at: readonly (string | number)[], value: unknown): void {
  let holder = sections as Record<string | number, unknown>;
  for (const key of at.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[at.at(-1) ?? ''] = value;
}

function* readLines(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(flushBytes);
  let parts: Buffer[] = [];
  for (let count = readSync(handle, chunk); count > 0; count = readSync(handle, chunk)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < count; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString();
      parts = [];
      start = end + 1;
    }
    parts.push(Buffer.from(chunk.subarray(start, count)));
  }
  closeSync(handle);
}

function pack(entry: unknown): unknown {
  return Buffer.isBuffer(entry) ? { $base64: entry.toString('base64') } : entry;
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$base64' in value)) return value;
  return Buffer.from(value.$base64 as string, 'base64');
}
