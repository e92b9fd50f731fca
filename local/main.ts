import { type Closers } from './closers';
import { LocalError } from './local-error';
import { helpText, type Options, parseOptions } from './options';
import { makeScreen, type Screen } from './screen';

/** How a run of `npm start` went so far. */
interface Progress {
  /** Undefined until the story is over. */
  storyHolds?: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === 'help') {
    process.stdout.write(`${helpText}\n`);
    return 0;
  }
  const screen = makeScreen(options.json);
  const progress: Progress = {};
  const signalled = untilSignal();
  screen.line(screen.style('bold', 'Databricks Regional Failover: a world on this machine'));
  // Loaded now, so that the line above is there at once.
  const { Closers } = await import('./closers.js');
  const closers = new Closers();
  try {
    await Promise.race([signalled, serve(options, screen, closers, progress)]);
  } finally {
    await closers.close();
  }
  const isWanting = options.exit && progress.storyHolds !== true;
  return isWanting || progress.storyHolds === false ? 1 : 0;
}

/** Starts everything, tells the story, then serves; with `--exit` it returns after the story. */
async function serve(options: Options, screen: Screen, closers: Closers, progress: Progress): Promise<void> {
  const { startSession } = await import('./session.js');
  const session = await startSession(options, screen, closers);
  screen.event({ event: 'ready', url: session.app.url });
  if (options.story) {
    const { tellStory } = await import('./story.js');
    const holds = await Promise.race([session.process.lost, tellStory(session, options, screen)]);
    if (holds !== undefined) progress.storyHolds = holds;
    if (holds === false) session.folder.keep();
  }
  if (options.exit) return;
  const { showRoutes } = await import('./session-lines.js');
  showRoutes(screen, session);
  await session.process.lost;
}

/** npm passes on a Ctrl-C that the terminal sends as well: both are one. */
const sameSignalMs = 1_000;

/** Resolves at the first Ctrl-C; a later one does not wait for a clean end. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs = 0;
    function onSignal(): void {
      if (firstMs > 0 && Date.now() - firstMs > sameSignalMs) process.exit(1);
      firstMs ||= Date.now();
      resolve();
    }
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (!(error instanceof LocalError)) console.error(error);
    else process.stderr.write(`npm start: ${error.message}\n`);
    process.exit(error instanceof LocalError ? error.exitCode : 1);
  },
);
