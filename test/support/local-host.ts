import { join } from 'node:path';
import { SkippingClock } from '../../local/host/clock';
import { eventTypes } from '../../local/host/durable/protocol';
import { type HostOptions, type LocalHost, startHost } from '../../local/host/host';
import { type LogRecord } from '../../local/host/host-log';

export interface HostedApp {
  readonly host: LocalHost;
  readonly records: LogRecord[];
}

export function appDir(name: string): string {
  return join(__dirname, '../fixtures/apps', name);
}

/** A host on one of the fixture apps: strict, in memory, and waits cost no time. */
export async function startApp(name: string, options: Partial<HostOptions> = {}): Promise<HostedApp> {
  const records: LogRecord[] = [];
  const host = await startHost({
    appDir: appDir(name),
    db: ':memory:',
    port: 0,
    strict: true,
    clock: new SkippingClock(),
    log: (record) => records.push(record),
    ...options,
  });
  return { host, records };
}

const names = new Map<number, string>(Object.entries(eventTypes).map(([name, number]) => [number, name]));
const frame = ['orchestratorStarted', 'orchestratorCompleted'];

/** The history without its frame, a line a turn: `taskScheduled#0 timerCreated#1`. */
export function outline(host: LocalHost, id: string): string[] {
  const turns: string[][] = [];
  for (const event of host.operations.history(id)) {
    const name = names.get(event.EventType) ?? '?';
    if (name === 'orchestratorStarted') turns.push([]);
    const task = event.EventId >= 0 ? event.EventId : (event.TaskScheduledId ?? event.TimerId);
    if (!frame.includes(name)) turns.at(-1)?.push(task === undefined ? name : `${name}#${task}`);
  }
  return turns.map((turn) => turn.join(' '));
}
