import { LocalError } from '../../local/local-error';
import { parseOptions } from '../../local/options';

const defaults = {
  story: true,
  exit: false,
  ask: false,
  json: false,
  latencyMs: 0,
  port: 7071,
};

function faultOf(line: string): LocalError {
  try {
    parseOptions(line.split(' '));
  } catch (error) {
    if (error instanceof LocalError) return error;
    throw error;
  }
  throw new Error(`${line} was accepted`);
}

describe('the options of npm start', () => {
  it.each([
    { name: 'nothing is the story of the small estate', line: '', options: {} },
    { name: 'a run for a gate', line: '--exit --json', options: { exit: true, json: true } },
    { name: 'only serving', line: '--no-story', options: { story: false } },
    { name: 'another estate', line: '--size medium --seed 7', options: { size: 'medium', seed: 7 } },
    {
      name: 'a slow and strict API',
      line: '--latency-ms 50 --limits on',
      options: { latencyMs: 50, limits: true },
    },
    {
      name: 'any port and a folder',
      line: '--port 0 --state here --ask',
      options: { port: 0, state: 'here', ask: true },
    },
    {
      name: 'workspaces of a file',
      line: '--config dr.json --secrets tokens.json',
      options: { story: false, config: 'dr.json', secrets: 'tokens.json' },
    },
    {
      name: 'real workspaces without pacing',
      line: '--config dr.json --limits off',
      options: { story: false, config: 'dr.json', limits: false },
    },
  ])('take $name', ({ line, options }) => {
    expect(parseOptions(line.split(' ').filter(Boolean))).toEqual({ ...defaults, ...options });
  });

  it('give help before they find fault', () => {
    expect(parseOptions(['--help', '--exit', '--no-story'])).toBe('help');
  });

  it.each([
    ['--size huge', '--size must be tiny, small, medium, large or tricky, not "huge"'],
    ['--failover analytics', '--failover is not built yet: it comes with a later version'],
    ['--package', '--package is not built yet: it comes with a later version'],
    ['--port 65536', '--port must be a whole number from 0 to 65535, not "65536"'],
    ['--port 80.5', '--port must be a whole number from 0 to 65535, not "80.5"'],
    ['--latency-ms=-1', '--latency-ms must be a whole number from 0 to 60000, not "-1"'],
    ['--seed one', '--seed must be a whole number from 0 to 9007199254740991, not "one"'],
    ['--limits maybe', '--limits must be on or off, not "maybe"'],
    ['--state=', '--state needs a path'],
    ['--exit --no-story', '--exit belongs to the story: it does not go with --no-story or --config'],
    ['--ask --config dr.json', '--ask belongs to the story: it does not go with --no-story or --config'],
    ['--secrets s.json', '--secrets goes with --config: the emulated workspaces bring their own'],
    ['--config dr.json --seed 2', '--seed is for the emulated workspaces: it does not go with --config'],
  ])('refuse %s', (line, message) => {
    const fault = faultOf(line);

    expect(fault.message).toBe(message);
    expect(fault.exitCode).toBe(2);
  });

  it.each(['--sise small', 'small', '--port', '--json=yes', '--latency-ms -1'])(
    'refuse %s in one line',
    (line) => {
      const fault = faultOf(line);

      expect(fault.message).toMatch(/^[^\n]{10,120}$/);
      expect(fault.exitCode).toBe(2);
    },
  );
});
