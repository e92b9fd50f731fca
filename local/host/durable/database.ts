import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { HostError } from '../host-error';

const schema = `
CREATE TABLE IF NOT EXISTS instances(instanceId TEXT PRIMARY KEY, executionId TEXT, name TEXT, version TEXT, input TEXT, output TEXT,
  customStatus TEXT, status TEXT, createdTime INTEGER, lastUpdatedTime INTEGER, parentId TEXT, parentExecutionId TEXT, parentTaskId INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS instancesByTime ON instances(createdTime, instanceId);
CREATE TABLE IF NOT EXISTS history(instanceId TEXT, turn INTEGER, events TEXT, PRIMARY KEY(instanceId, turn)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox(id INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT, executionId TEXT, event TEXT) STRICT;
CREATE INDEX IF NOT EXISTS inboxByInstance ON inbox(instanceId);
CREATE TABLE IF NOT EXISTS work(instanceId TEXT, executionId TEXT, taskId INTEGER, name TEXT, input TEXT,
  PRIMARY KEY(instanceId, executionId, taskId)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timers(instanceId TEXT, executionId TEXT, timerId INTEGER, fireAtMs INTEGER,
  PRIMARY KEY(instanceId, executionId, timerId)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timerStatus(name TEXT PRIMARY KEY, lastMs INTEGER, nextMs INTEGER) STRICT, WITHOUT ROWID;
`;

/** A host that is just ending may still hold the lock. */
const lockWaitMs = 500;

/** The task hub on disk. One process owns the file; what it has committed survives a kill at any moment. */
export class Database {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  constructor(file: string) {
    this.db = new DatabaseSync(file);
    try {
      this.db.exec(
        `PRAGMA busy_timeout=${lockWaitMs}; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;`,
      );
      this.db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    } catch (error) {
      this.db.close();
      throw new HostError(
        `cannot open the task hub ${file}: another host is using it, or it is no database`,
        500,
        { cause: error },
      );
    }
  }

  close(): void {
    this.statements.clear();
    this.db.close();
  }

  transaction<R>(work: () => R): R {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  rows<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.statement(sql).all(...values) as T[];
  }

  /** Returns the id of an inserted row. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).lastInsertRowid);
  }

  private statement(sql: string): StatementSync {
    const kept = this.statements.get(sql);
    if (kept !== undefined) return kept;
    const made = this.db.prepare(sql);
    this.statements.set(sql, made);
    return made;
  }
}
