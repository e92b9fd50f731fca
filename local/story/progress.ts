import { SingleBar } from 'cli-progress';
import { elapsed, type Screen } from '../screen';

/** What is going on right now: one line that is drawn over and over on a terminal, and nothing anywhere else. */
export interface Progress {
  /** Without a total there is no bar. */
  show(name: string, text: string, done?: number, total?: number): void;
  clear(): void;
}

const barSize = 28;
const nameWidth = 14;

export const noProgress: Progress = { show: () => undefined, clear: () => undefined };

export function makeProgress(screen: Screen): Progress {
  if (!screen.isLive) return noProgress;
  let bar: SingleBar | undefined;
  function open(): SingleBar {
    const made = new SingleBar({
      format: (_options, { value, total }, payload) => draw(screen, value, total, payload as Drawn),
      clearOnComplete: true,
      hideCursor: true,
      // Its own way of ending does not know that the story goes on for a moment.
      gracefulExit: false,
      stream: process.stdout,
    });
    made.start(1, 0, { name: '', text: '' });
    return made;
  }
  function clear(): void {
    bar?.stop();
    bar = undefined;
  }
  // However it ends, the cursor comes back.
  process.once('exit', clear);
  return {
    clear,
    show(name, text, done = 0, total = 0) {
      bar ??= open();
      bar.setTotal(total);
      bar.update(done, { name, text });
    },
  };
}

interface Drawn {
  readonly name: string;
  readonly text: string;
}

function draw(screen: Screen, value: number, total: number, { name, text }: Drawn): string {
  const head = `${screen.style('dim', elapsed())}  ${name.padEnd(nameWidth)}  `;
  if (total === 0) return head + screen.style('dim', text);
  const full = Math.min(barSize, Math.floor((value / total) * barSize));
  const bar = screen.style('cyan', '█'.repeat(full)) + screen.style('dim', '░'.repeat(barSize - full));
  return `${head}${bar}  ${value} of ${total}  ${screen.style('dim', text)}`;
}
