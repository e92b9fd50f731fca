import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { appDir } from './local-host';

const cli = join(__dirname, '../../dist/local/host/cli.js');

/** The local host as a process of its own; needs the build. */
export class HostProcess {
  readonly child: ChildProcess;
  readonly messages: { event: string; url?: string; message?: Record<string, unknown> }[] = [];
  output = '';
  private readonly ended: Promise<unknown>;

  constructor(app: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    this.child = fork(cli, ['--app', appDir(app), '--port', '0', ...args], {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      silent: true,
    });
    this.child.on('message', (message) => this.messages.push(message as (typeof this.messages)[number]));
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
    // 'close' does not come after a disconnect.
    const streams = [this.child.stdout!, this.child.stderr!].map((stream) => once(stream, 'end'));
    this.ended = Promise.all([once(this.child, 'exit'), ...streams]);
  }

  /** Resolves with the first message that fits, or with undefined when the process ends before. */
  async message(event: string, key?: string): Promise<(typeof this.messages)[number] | undefined> {
    for (;;) {
      const found = this.messages.find(
        (each) => each.event === event && (key === undefined || each.message?.[key]),
      );
      if (found !== undefined) return found;
      const more = await Promise.race([once(this.child, 'message'), this.ended.then(() => undefined)]);
      if (more === undefined) return undefined;
    }
  }

  async end(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    await this.ended;
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }
}
