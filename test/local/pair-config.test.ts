import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRealWorkspaces, readSecrets } from '../../local/pair-config';

const here = { url: 'http://127.0.0.1:4001' };
const real = { url: 'https://adb-1111111111111111.1.azuredatabricks.net' };

describe('a configuration that was given', () => {
  it.each([
    {
      name: 'both sides on this machine',
      config: { pairs: [{ primary: here, secondary: here }] },
      is: false,
    },
    { name: 'one real side', config: { pairs: [{ primary: here, secondary: real }] }, is: true },
    { name: 'one real pair', config: { pairs: [{ primary: here }, { primary: real }] }, is: true },
    { name: 'nothing that makes sense', config: { pairs: [null, 1, { primary: null }] }, is: false },
    { name: 'no pairs', config: {}, is: false },
  ])('with $name', ({ config, is }) => {
    expect(hasRealWorkspaces(config)).toBe(is);
  });
});

describe('the file with secrets', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('gives names and values', () => {
    const file = join(dir, 'secrets.json');
    writeFileSync(file, '{ "primary-token": "dapi1" }');

    expect(readSecrets(file)).toEqual({ 'primary-token': 'dapi1' });
  });

  it.each([
    { name: 'broken JSON', text: '{ "primary-token": dapi2secret }' },
    { name: 'a value that is no text', text: '{ "primary-token": ["dapi2secret"] }' },
    { name: 'no object', text: '"dapi2secret"' },
  ])('is refused without a word of it: $name', ({ text }) => {
    const file = join(dir, 'secrets.json');
    writeFileSync(file, text);

    expect(() => readSecrets(file)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
    expect(() => readSecrets(file)).not.toThrow(/dapi2/);
  });
});
