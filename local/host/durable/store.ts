import { type SQLInputValue } from 'node:sqlite';
import { Database } from './database';
import { endedStatuses } from './protocol';
import {
  type InstanceRow,
  type MessageRow,
  type WorkRow,
  type TimerRow,
  type TimerStatusRow,
  type InstanceFilter,
} from './rows';

/** Reads and writes the tables of the task hub. */
export class Store {
  private readonly db: Database;

  constructor(file: string) {
    this.db = new Database(file);
  }

  close(): void {
    this.db.close();
  }

  transaction<R>(work: () => R): R {
    return this.db.transaction(work);
  }

  findInstance(id: string): InstanceRow | undefined {
    return this.db.rows<InstanceRow>('SELECT * FROM instances WHERE instanceId=?', id)[0];
  }

  /** Replaces everything that is known of an earlier instance with the same id. */
  insertInstance(row: InstanceRow): void {
    this.deleteInstance(row.instanceId);
    const { instanceId, executionId, name, version, input, output, customStatus, status } = row;
    this.db.run(
      'INSERT INTO instances VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)',
      ...[instanceId, executionId, name, version, input, output, customStatus, status],
      ...[row.createdTime, row.lastUpdatedTime, row.parentId, row.parentExecutionId, row.parentTaskId],
    );
  }

  updateInstance(
    row: Omit<
      InstanceRow,
      'name' | 'version' | 'createdTime' | 'parentId' | 'parentExecutionId' | 'parentTaskId'
    >,
  ): void {
    this.db.run(
      'UPDATE instances SET executionId=?, input=?, output=?, customStatus=?, status=?, lastUpdatedTime=? WHERE instanceId=?',
      ...[
        row.executionId,
        row.input,
        row.output,
        row.customStatus,
        row.status,
        row.lastUpdatedTime,
        row.instanceId,
      ],
    );
  }

  deleteInstance(id: string): void {
    this.db.run('DELETE FROM instances WHERE instanceId=?', id);
    this.deleteMessages(id);
    this.deleteGeneration(id);
  }

  /** History, queued activities and timers, not the messages: those may be for the next generation. */
  deleteGeneration(id: string): void {
    this.db.run('DELETE FROM history WHERE instanceId=?', id);
    this.deleteOutstanding(id);
  }

  deleteOutstanding(id: string): void {
    this.db.run('DELETE FROM work WHERE instanceId=?', id);
    this.db.run('DELETE FROM timers WHERE instanceId=?', id);
  }

  listInstances(filter: InstanceFilter, limit: number, offset: number): InstanceRow[] {
    const conditions: [string, SQLInputValue[]][] = [];
    const { statuses, createdFromMs, createdToMs, prefix } = filter;
    if (statuses?.length)
      conditions.push([`status IN (${statuses.map(() => '?').join(',')})`, [...statuses]]);
    if (createdFromMs !== undefined) conditions.push(['createdTime>=?', [createdFromMs]]);
    if (createdToMs !== undefined) conditions.push(['createdTime<=?', [createdToMs]]);
    if (prefix !== undefined) conditions.push(['substr(instanceId,1,?)=?', [prefix.length, prefix]]);
    const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')}` : '';
    const sql = `SELECT * FROM instances ${where} ORDER BY createdTime, instanceId LIMIT ? OFFSET ?`;
    return this.db.rows<InstanceRow>(sql, ...conditions.flatMap(([, values]) => values), limit, offset);
  }

  /** The turns of an instance, each a comma-separated list of JSON objects. */
  history(id: string): string[] {
    const rows = this.db.rows<{ events: string }>(
      'SELECT events FROM history WHERE instanceId=? ORDER BY turn',
      id,
    );
    return rows.map((row) => row.events);
  }

  appendHistory(id: string, turn: number, events: string): void {
    this.db.run('INSERT INTO history VALUES(?,?,?)', id, turn, events);
  }

  /** Returns the id of the message. */
  insertMessage(instanceId: string, executionId: string | null, event: string): number {
    const sql = 'INSERT INTO inbox(instanceId, executionId, event) VALUES(?,?,?)';
    return this.db.run(sql, instanceId, executionId, event);
  }

  messages(instanceId: string): MessageRow[] {
    return this.db.rows<MessageRow>('SELECT * FROM inbox WHERE instanceId=? ORDER BY id', instanceId);
  }

  deleteMessage(id: number): void {
    this.db.run('DELETE FROM inbox WHERE id=?', id);
  }

  deleteMessages(instanceId: string): void {
    this.db.run('DELETE FROM inbox WHERE instanceId=?', instanceId);
  }

  insertWork(row: WorkRow): void {
    this.db.run(
      'INSERT INTO work VALUES(?,?,?,?,?)',
      row.instanceId,
      row.executionId,
      row.taskId,
      row.name,
      row.input,
    );
  }

  deleteWork(row: WorkRow): void {
    this.db.run(
      'DELETE FROM work WHERE instanceId=? AND executionId=? AND taskId=?',
      row.instanceId,
      row.executionId,
      row.taskId,
    );
  }

  insertTimer(row: TimerRow): void {
    this.db.run(
      'INSERT INTO timers VALUES(?,?,?,?)',
      row.instanceId,
      row.executionId,
      row.timerId,
      row.fireAtMs,
    );
  }

  deleteTimer(row: TimerRow): void {
    this.db.run(
      'DELETE FROM timers WHERE instanceId=? AND executionId=? AND timerId=?',
      row.instanceId,
      row.executionId,
      row.timerId,
    );
  }

  /** What was under way when the last host ended. */
  outstanding(): { instances: string[]; work: WorkRow[]; timers: TimerRow[] } {
    const ended = endedStatuses.map((status) => `'${status}'`).join(',');
    const sql = `SELECT DISTINCT inbox.instanceId FROM inbox JOIN instances USING(instanceId) WHERE status NOT IN (${ended})`;
    return {
      instances: this.db.rows<{ instanceId: string }>(sql).map((row) => row.instanceId),
      work: this.db.rows<WorkRow>('SELECT * FROM work'),
      timers: this.db.rows<TimerRow>('SELECT * FROM timers'),
    };
  }

  findTimerStatus(name: string): TimerStatusRow | undefined {
    return this.db.rows<TimerStatusRow>('SELECT * FROM timerStatus WHERE name=?', name)[0];
  }

  writeTimerStatus(row: TimerStatusRow): void {
    this.db.run('INSERT OR REPLACE INTO timerStatus VALUES(?,?,?)', row.name, row.lastMs, row.nextMs);
  }
}
