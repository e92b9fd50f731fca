import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type WorldFacts } from '../../local/control';

const main = join(__dirname, '../../dist/local/main.js');

interface WorldEvent {
  readonly event: string;
  readonly url?: string;
}

/** `npm start` as a process; needs the build. */
export class WorldProcess {
  readonly child: ChildProcess;
  readonly events: WorldEvent[] = [];
  stderr = '';
  private readonly ended: Promise<unknown>;

  constructor(...args: string[]) {
    const flags = ['--disable-warning=ExperimentalWarning', main, '--json', ...args];
    this.child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line) as WorldEvent);
      this.child.emit('event');
    });
    this.child.stderr!.on('data', (chunk) => (this.stderr += String(chunk)));
    this.child.stderr!.on('data', () => this.child.emit('event'));
    this.ended = once(this.child, 'close');
  }

  /** The app's address, once it serves. */
  async ready(): Promise<string> {
    await this.until(() => this.events.length > 0);
    return this.events[0]?.url ?? '';
  }

  async facts(): Promise<WorldFacts> {
    return (await (await fetch(`${await this.ready()}/local/world`)).json()) as WorldFacts;
  }

  /** Waits for more to be said until it is what is wanted. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      const more = await Promise.race([once(this.child, 'event'), this.ended.then(() => undefined)]);
      if (more === undefined) throw new Error(`the process ended: ${this.stderr}`);
    }
  }

  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal !== undefined) this.child.kill(signal);
    await this.ended;
    return this.child.exitCode;
  }
}
