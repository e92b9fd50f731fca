import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What `npm start` shows: text for people, or events for programs. */
export interface Screen {
  /** A terminal that can be drawn on. */
  readonly isLive: boolean;
  /** A line as it is. */
  line(text?: string): void;
  /** A heading, with an empty line before it. */
  heading(text: string): void;
  /** One thing that was done, when, and what came out. */
  step(name: string, text: string): void;
  /** A step that a person must see: with `--json` it goes to stderr. */
  notice(name: string, text: string): void;
  /** One JSON object, only with `--json`. */
  event(event: { readonly event: string } & Readonly<Record<string, unknown>>): void;
  /** Lines that a person must see, as `notice`. */
  alarm(text: string): void;
  style(style: Style, text: string): string;
}

const nameWidth = 14;

/** Seconds since the process began, right-aligned: `  3.2 s`. */
export function elapsed(): string {
  return `${process.uptime().toFixed(1).padStart(6)} s`;
}

export function makeScreen(isJson: boolean): Screen {
  // A reader that went away (`| head`) is no reason to end badly.
  process.stdout.on('error', () => undefined);
  const isLive = process.stdout.isTTY && !isJson;
  function line(text = ''): void {
    if (!isJson) process.stdout.write(`${text}\n`);
  }
  function style(how: Style, text: string): string {
    return styleText(how, text, { stream: process.stdout });
  }
  function alarm(text: string): void {
    if (isJson) process.stderr.write(`${text}\n`);
    // A progress bar may stand on the line.
    else line(isLive ? `\r\x1b[K${text}` : text);
  }
  function stepLine(name: string, text: string): string {
    return `${style('dim', elapsed())}  ${name.padEnd(nameWidth)}  ${text}`;
  }
  return {
    ...{ isLive, line, alarm, style },
    heading(text) {
      line();
      line(style('bold', text));
    },
    step(name, text) {
      line(stepLine(name, text));
    },
    notice(name, text) {
      alarm(stepLine(name, text));
    },
    event(event) {
      if (isJson) process.stdout.write(`${JSON.stringify(event)}\n`);
    },
  };
}
