import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

const hazards = [
  { name: 'a retry inside Task.all beside a failure', orchestrator: 'retryInsideAll', code: 'sequence' },
  { name: 'a running task in a second composite', orchestrator: 'runningTaskTwice', code: 'sequence' },
  { name: 'a retry that runs out of time', orchestrator: 'retryTimeout', code: 'deadlock' },
  { name: 'an unknown activity', orchestrator: 'unknownActivity', code: 'unknown-function' },
  { name: 'an unknown sub-orchestration', orchestrator: 'unknownChild', code: 'unknown-function' },
  { name: 'an unknown orchestrator', orchestrator: 'nobody', code: 'unknown-function' },
  { name: 'a thrown text', orchestrator: 'throwsText', code: 'empty-error' },
  { name: 'an error without a message', orchestrator: 'throwsEmptyError', code: 'empty-error' },
  {
    name: 'an input that changes from replay to replay',
    orchestrator: 'randomInput',
    code: 'unstable-actions',
  },
  { name: 'calls that change from replay to replay', orchestrator: 'changesOrder', code: 'non-determinism' },
  { name: 'callHttp', orchestrator: 'callsHttp', code: 'unsupported' },
  { name: 'callEntity', orchestrator: 'callsEntity', code: 'unsupported' },
  { name: 'signalEntity', orchestrator: 'signalsEntity', code: 'unsupported' },
  { name: 'a child under its own id', orchestrator: 'ownIdAsChild', code: 'duplicate-child' },
  {
    name: 'a payload over 45 KB',
    orchestrator: 'largePayload',
    input: { bytes: 50_000 },
    code: 'payload-large',
  },
  {
    name: 'a payload over 1 MB',
    orchestrator: 'largePayload',
    input: { bytes: 1_100_000 },
    code: 'payload-size',
  },
  { name: 'a status over 16 KB', orchestrator: 'largeStatus', input: { length: 8_704 }, code: 'status-size' },
  { name: 'a history over 2,000 events', orchestrator: 'longHistory', code: 'history-large' },
];

describe('in strict mode', () => {
  let host: LocalHost;

  beforeAll(async () => {
    ({ host } = await startApp('hazards'));
  });

  afterAll(() => host.stop());

  test.each(hazards)('fails an instance with $name', async ({ orchestrator, input = {}, code }) => {
    const id = host.operations.start(orchestrator, JSON.stringify(input));
    const row = await host.engine.whenEnded(id);
    const found = host.diagnostics.filter((each) => each.instanceId === id);

    expect(found.map((each) => each.code)).toContain(code);
    expect(row.status).toBe('Failed');
    expect(row.output).toBe(`Orchestrator function '${orchestrator}' failed: ${found[0]!.message}`);
  });

  test('allows a status of just 16 KB', async () => {
    const ended = await host.runOrchestration('largeStatus', { length: 8_703 });

    expect(ended).toEqual({ status: 'Completed', output: 'done' });
  });
});

describe('otherwise', () => {
  let host: LocalHost;
  let warnings: () => string[];

  beforeAll(async () => {
    const started = await startApp('hazards', { strict: false });
    host = started.host;
    warnings = () => started.records.filter((each) => each.level === 'warning').map((each) => each.message);
  });

  afterAll(() => host.stop());

  test('only warns of a large payload', async () => {
    const ended = await host.runOrchestration('largePayload', { bytes: 50_000 });

    expect(ended).toEqual({ status: 'Completed', output: 50_000 });
    expect(warnings().at(-1)).toContain('payload-large');
  });

  test('lets the wrong value happen that Azure would give', async () => {
    const ended = await host.runOrchestration('retryInsideAll', {});

    expect(ended).toEqual({ status: 'Completed', output: 'wrong value' });
    expect(warnings().some((line) => line.includes('sequence'))).toBe(true);
  });

  test('still fails what would hang for ever', async () => {
    const ended = await host.runOrchestration('unknownActivity', {});

    expect(ended.status).toBe('Failed');
  });
});
