import { parseArgs } from 'node:util';
import { type EstateSize } from './estate/sizes';
import { usageError } from './local-error';

/** What `npm start` was asked for. */
export interface Options {
  /** Tell the story of an outage; otherwise only serve. */
  readonly story: boolean;
  /** End after the story. */
  readonly exit: boolean;
  /** The approval is asked for on the terminal instead of being given by the story. */
  readonly ask: boolean;
  readonly json: boolean;
  /** Absent: as kept in the state folder, else `small`. */
  readonly size?: EstateSize;
  readonly seed?: number;
  readonly latencyMs: number;
  /** The documented rate limits, on both sides of the wire. Absent: only with real workspaces. */
  readonly limits?: boolean;
  readonly state?: string;
  /** 0 = any. */
  readonly port: number;
  readonly config?: string;
  readonly secrets?: string;
}

export const helpText = `npm start -- [options]      Databricks Regional Failover on a laptop: no Azure, no Databricks, no account

  --exit            end after the story; exit code 0 only if all went well
  --ask             ask on this terminal for the approval of the cutover
  --no-story        only start the world and serve
  --size SIZE       the estate: tiny, small (default), medium, large, or tricky: all that is odd
  --seed N          another estate of the same size (default 1)
  --latency-ms N    added to each request of the emulated workspaces (default 0)
  --limits on|off   the documented rate limits (default off; with real workspaces on)
  --state DIR       keep everything there, and go on from there next time
  --port N          the app's port (default 7071; 0 = any)
  --config FILE     protect the workspaces of that dr.config.json instead of emulated ones (no story)
  --secrets FILE    with --config: JSON of secret names and values, in place of a key vault
  --json            one JSON object a line on stdout instead of text
  --help            this page

Exit codes: 0 all went well, 1 something did not, 2 the options are wrong.`;

/** Options of later versions: said so instead of being unknown. */
const later = ['failover', 'package'];
const sizes = ['tiny', 'small', 'medium', 'large', 'tricky'] as const satisfies readonly EstateSize[];
const maxPort = 65_535;
const maxLatencyMs = 60_000;
const defaultPort = 7071;

/** Reads the command line. Throws LocalError with exit code 2 at the first fault. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const values = parseValues(args);
  if (values.help === true) return 'help';
  for (const name of later)
    if (name in values) throw usageError(`--${name} is not built yet: it comes with a later version`);
  const { config, secrets, state } = values;
  const story = values['no-story'] !== true && config === undefined;
  for (const name of ['exit', 'ask'] as const)
    if (!story && values[name] === true)
      throw usageError(`--${name} belongs to the story: it does not go with --no-story or --config`);
  if (secrets !== undefined && config === undefined)
    throw usageError('--secrets goes with --config: the emulated workspaces bring their own');
  for (const name of ['size', 'seed', 'latency-ms'] as const)
    if (config !== undefined && values[name] !== undefined)
      throw usageError(`--${name} is for the emulated workspaces: it does not go with --config`);
  return {
    story,
    exit: values.exit === true,
    ask: values.ask === true,
    json: values.json === true,
    ...(values.size !== undefined && { size: sizeOf(values.size) }),
    ...(values.seed !== undefined && { seed: integerOf('seed', values.seed, Number.MAX_SAFE_INTEGER) }),
    latencyMs: integerOf('latency-ms', values['latency-ms'] ?? '0', maxLatencyMs),
    ...(values.limits !== undefined && { limits: limitsOf(values.limits) }),
    port: integerOf('port', values.port ?? String(defaultPort), maxPort),
    ...(state !== undefined && { state: pathOf('state', state) }),
    ...(config !== undefined && { config: pathOf('config', config) }),
    ...(secrets !== undefined && { secrets: pathOf('secrets', secrets) }),
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ exit: { type: 'boolean' }, ask: { type: 'boolean' }, json: { type: 'boolean' } },
        ...{ 'no-story': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
        ...{ size: { type: 'string' }, seed: { type: 'string' }, 'latency-ms': { type: 'string' } },
        ...{ limits: { type: 'string' }, state: { type: 'string' }, port: { type: 'string' } },
        ...{ config: { type: 'string' }, secrets: { type: 'string' } },
        ...{ failover: { type: 'string' }, package: { type: 'boolean' } },
      },
    }).values;
  } catch (error) {
    // The first sentence says what is wrong; the rest is advice for programmers.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\n|[.](?: |$)/);
    throw usageError(sentence);
  }
}

function sizeOf(text: string): EstateSize {
  const size = sizes.find((known) => known === text);
  if (size === undefined) throw usageError(`--size must be ${list(sizes)}, not "${text}"`);
  return size;
}

function limitsOf(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw usageError(`--limits must be on or off, not "${text}"`);
  return text === 'on';
}

function integerOf(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw usageError(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
  return value;
}

function pathOf(name: string, text: string): string {
  if (text === '') throw usageError(`--${name} needs a path`);
  return text;
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
