import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindTable } from '../../shared/adapters/kind-table';
import { notCarried } from '../../shared/domain/not-carried';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** The words of a Markdown table, whatever its padding. */
function wordsOf(markdown: string): string[] {
  return markdown
    .split('\n')
    .map((line) => line.replace(/\s*\|\s*/g, '|').replace(/-{3,}/g, '---'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

describe('the README', () => {
  it('prints the table of the registry', () => {
    const between = /<!-- kinds: begin[^>]*-->([\s\S]*?)<!-- kinds: end -->/.exec(readme)?.[1] ?? '';

    expect(wordsOf(between)).toEqual(wordsOf(kindTable()));
  });

  it.each(notCarried.map((name) => ({ name })))('says that it does not carry: $name', ({ name }) => {
    expect(readme).toContain(name);
  });
});
