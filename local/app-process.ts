import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from './local-error';

export interface AppProcessOptions {
  readonly appDir: string;
  /** The task hub. */
  readonly db: string;
  /** 0 = any. */
  readonly port: number;
  /** Where the world answers for `/local/…`. */
  readonly world: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** The process was gone and is started again. */
  readonly onRestart: (why: string, pid: number) => void;
}

/** The app in its host, a process of its own that is started again whenever it dies. */
export interface AppProcess {
  readonly url: string;
  pid(): number;
  /** Rejects when it cannot be kept running; never resolves. */
  readonly lost: Promise<never>;
  stop(): Promise<void>;
}

type ChildMessage =
  { readonly event: 'ready'; readonly url: string } | { readonly event: 'failed'; readonly message: string };

/** A process that served once and then fails so often in a row will not serve the next time either. */
const maxFailures = 3;
const stopWithinMs = 10_000;
/**
 * What is alive is about 100 MB even with 100,000 notebooks. Left alone, V8 lets garbage grow to many times that before it looks
 * for it; told how much it may have, it looks earlier.
 */
const memoryOptions = ['--max-semi-space-size=16', '--max-old-space-size=256'];

/** Starts the app; resolves when it serves. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const keeper = new Keeper(options);
  const url = await keeper.ready;
  return { url, pid: () => keeper.pid(), lost: keeper.lost, stop: () => keeper.stop() };
}

class Keeper {
  readonly ready: Promise<string>;
  readonly lost: Promise<never>;
  private child: ChildProcess;
  private port: number;
  private failures = 0;
  private hasServed = false;
  private message = '';
  private isStopping = false;
  private onReady: (url: string) => void = () => undefined;
  private onLost: (error: Error) => void = () => undefined;

  constructor(private readonly options: AppProcessOptions) {
    this.port = options.port;
    this.lost = new Promise<never>((_, reject) => (this.onLost = reject));
    const served = new Promise<string>((resolve) => (this.onReady = resolve));
    this.ready = Promise.race([served, this.lost]);
    // Whoever waits for it sees it; nobody waiting is no fault of its own.
    this.lost.catch(() => undefined);
    this.child = this.start();
  }

  pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const limit = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    if (child.connected) child.send({ event: 'stop' });
    else child.kill();
    await ended;
    clearTimeout(limit);
  }

  private start(): ChildProcess {
    const { appDir, db, world, env, logFile } = this.options;
    const log = openSync(logFile, 'a', 0o600);
    const args = ['--app', appDir, '--db', db, '--port', String(this.port), '--world', world];
    const child = fork(join(appDir, 'dist', 'local', 'app-host.js'), args, {
      env: { ...process.env, ...env },
      execArgv: [...process.execArgv, ...memoryOptions],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    child.on('message', (message) => {
      this.onMessage(message as ChildMessage);
    });
    child.on('exit', (code, signal) => {
      this.onExit(signal ?? `exit code ${code ?? 0}`, signal !== null);
    });
    return child;
  }

  private onMessage(message: ChildMessage): void {
    if (message.event === 'failed') {
      this.message = message.message;
      return;
    }
    this.failures = 0;
    this.hasServed = true;
    this.port = Number(new URL(message.url).port);
    this.onReady(message.url);
  }

  private onExit(how: string, wasKilled: boolean): void {
    if (this.isStopping) return;
    if (!wasKilled) this.failures += 1;
    if (this.failures >= (this.hasServed ? maxFailures : 1)) {
      const why = this.message === '' ? how : this.message;
      this.onLost(new LocalError(`the app does not run: ${why} (its log: ${this.options.logFile})`));
      return;
    }
    this.child = this.start();
    this.options.onRestart(how, this.pid());
  }
}
