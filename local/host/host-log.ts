export const logLevels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogRecord {
  readonly level: LogLevel;
  /** As in Azure: `Function.<name>`, `Function.<name>.User`, `Host.<area>`. */
  readonly category: string;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type HostLog = (record: LogRecord) => void;

/** Passes on what `logging.logLevel` of host.json lets through: the longest prefix of the category decides. */
export function filterLog(levels: Readonly<Record<string, string>>, write: HostLog): HostLog {
  const rules = Object.entries(levels)
    .filter(([prefix]) => prefix !== 'default')
    .sort(([a], [b]) => b.length - a.length);
  function threshold(category: string): number {
    const rule = rules.find(([prefix]) => category === prefix || category.startsWith(`${prefix}.`));
    const name = rule?.[1] ?? levels['default'] ?? 'information';
    return logLevels.findIndex((level) => level === name.toLowerCase());
  }
  return (record) => {
    if (logLevels.indexOf(record.level) >= threshold(record.category)) write(record);
  };
}

/** One line a record; errors and warnings to stderr. */
export function writeToConsole(record: LogRecord): void {
  const line = `${new Date().toISOString()} ${record.level} ${record.category}: ${record.message}`;
  if (['warning', 'error', 'critical'].includes(record.level)) console.error(line);
  else console.log(line);
}
