import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const sampleEveryMs = 1_000;
const kibPerMib = 1_024;

/** Watches how much memory a process has, once a second. */
export class MemoryWatch {
  private maxMib = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: () => number) {
    this.timer = setInterval(() => {
      this.sample();
    }, sampleEveryMs);
  }

  /** The most that was seen since the last call (MiB). */
  take(): number {
    this.sample();
    const taken = this.maxMib;
    this.maxMib = 0;
    return taken;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    this.maxMib = Math.max(this.maxMib, residentMib(this.pid()));
  }
}

/** Resident memory of a process (MiB); 0 when it is gone. */
function residentMib(pid: number): number {
  try {
    if (process.platform !== 'linux')
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / kibPerMib;
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) / kibPerMib;
  } catch {
    return 0;
  }
}
