import { redact } from './domain/redact';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Fields of a log line: ids and counts, never bodies, never secrets. */
export type Fields = Readonly<Record<string, unknown>>;

/** Structured logging: a static message, everything that varies in fields. One JSON object a line. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log with these fields on every line. */
  with(fields: Fields): Log;
}

/** A log that hands each line, redacted and with control characters escaped by JSON, to `write`. */
export function makeLog(write: (level: Level, line: string) => void, base: Fields = {}): Log {
  function line(level: Level) {
    return (message: string, fields: Fields = {}): void => {
      write(level, redact(JSON.stringify({ level, message, ...base, ...fields })));
    };
  }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => makeLog(write, { ...base, ...fields }),
  };
}
