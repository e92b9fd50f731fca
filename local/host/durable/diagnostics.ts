import { type HostLog } from '../host-log';

export const problemCodes = [
  'unknown-function',
  'unsupported',
  'non-determinism',
  'deadlock',
  'empty-error',
  'invocation-failed',
  'status-size',
  'action-count',
  'duplicate-child',
  'sequence',
  'unstable-actions',
  'payload-size',
  'payload-large',
  'history-large',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Something wrong with an orchestration; a fatal one fails the instance, the others do so in strict mode only. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly fatal: boolean;
}

export interface Diagnostic extends Problem {
  readonly instanceId: string;
  readonly orchestrator: string;
}

const maxKept = 1_000;

/** Reports what would hang, diverge or be slow in Azure. */
export class Diagnostics {
  readonly records: Diagnostic[] = [];

  constructor(
    private readonly strict: boolean,
    private readonly log: HostLog,
  ) {}

  /** Returns the problem that fails the instance, if there is one. */
  report(instanceId: string, orchestrator: string, problems: readonly Problem[]): Problem | undefined {
    for (const problem of problems) {
      if (this.records.length < maxKept) this.records.push({ ...problem, instanceId, orchestrator });
      const level = problem.fatal || this.strict ? 'error' : 'warning';
      const message = `${orchestrator} ${instanceId}: ${problem.code}: ${problem.message}`;
      this.log({ level, category: 'Host.Durable', message });
    }
    return problems.find((problem) => problem.fatal || this.strict);
  }
}
