import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from '../../shared/adapters/adapter';
import { kindTable } from '../../shared/adapters/kind-table';
import { adapterOf, adapters, laterKinds } from '../../shared/adapters/registry';
import { faultsOf } from '../../shared/adapters/registry-check';
import { user } from '../../shared/adapters/user';
import { steps } from '../../shared/domain/asset';
import { parsePath } from '../../shared/domain/body-path';

const folder = join(__dirname, '../../shared/adapters');

describe('the registry', () => {
  it('has every file that is an adapter, under the name of its kind', () => {
    const files = readdirSync(folder).filter((file) =>
      /^export const \w+: Adapter<\w+> = \{$/m.test(source(file)),
    );

    expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(
      adapters.map(({ kind }) => kind).sort(),
    );
  });

  it('gives the adapter of a kind, and refuses an unknown one by name', () => {
    expect(adapterOf('user')).toBe(user);
    expect(() => adapterOf('unicorn')).toThrow('no adapter for the kind unicorn');
  });

  it('finds kinds that are there twice', () => {
    expect(faultsOf([user, user], new Set())).toEqual(['the kind user is there twice']);
  });

  it('finds references to kinds that nobody knows', () => {
    const stray: Adapter = {
      ...adapterOf('user'),
      kind: 'stray',
      references: [{ at: 'a.b', to: 'unicorn' }],
      of: ['pegasus'],
    };

    expect(faultsOf([stray], laterKinds)).toEqual([
      'stray: a.b points at the unknown kind unicorn',
      'stray is derived from the unknown kind pegasus',
    ]);
  });

  it('finds a kind that is still declared as not built', () => {
    expect(faultsOf([user], new Set(['user']))).toEqual([
      'the kind user is carried: it is no later kind any more',
    ]);
  });
});

describe.each(adapters.map((adapter) => ({ kind: adapter.kind, adapter })))(
  'the adapter of $kind',
  ({ adapter }) => {
    it('belongs to a step and says in one line what it carries', () => {
      expect(steps).toContain(adapter.step);
      expect(adapter.carries).toMatch(/^[^\n|]{10,110}$/);
    });

    it('has reference paths that lead somewhere', () => {
      for (const { at } of adapter.references) expect(parsePath(at).length).toBeGreaterThan(0);
    });

    it('does not wait, log, retry or read the clock', () => {
      expect(source(`${adapter.kind}.ts`)).not.toMatch(
        /console\.|setTimeout|Date\.now|new Date\(\)|Math\.random/,
      );
    });
  },
);

describe('kindTable', () => {
  it('has one row a kind and names what is not carried yet', () => {
    const table = kindTable();

    for (const { kind, carries } of adapters) {
      expect(table).toContain(`| \`${kind}\``);
      expect(table).toContain(carries);
    }
    for (const kind of laterKinds) expect(table).toContain(`\`${kind}\``);
  });
});

function source(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}
