import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrError, errorCodes, type ErrorCode } from '../../shared/domain/errors';

interface Row {
  readonly code: string;
  readonly again: string;
  readonly cause: string;
  readonly remedy: string;
}

/** The rows of the page's tables that document a code. */
function rowsOf(markdown: string): readonly Row[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [code = '', again = '', cause = '', remedy = ''] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      return { code: code.replace(/`/g, ''), again, cause, remedy };
    });
}

const rows = rowsOf(readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8'));
const codes = Object.keys(errorCodes) as ErrorCode[];

test('documents every code of the app', () => {
  const documented = rows.map(({ code }) => code);

  expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
});

test('documents no code that the app does not have, and none twice', () => {
  const documented = rows.map(({ code }) => code);

  expect(documented.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  expect(documented.filter((code, at) => documented.indexOf(code) !== at)).toEqual([]);
});

test('says the same about trying again as the code does', () => {
  const wrong = rows.filter(({ code, again }) => {
    const error = new DrError(code as ErrorCode, 'tried');
    return again !== (error.retryable ? 'yes' : 'no');
  });

  expect(wrong).toEqual([]);
});

test('gives each code a cause and a remedy as sentences', () => {
  const sentence = /^[`A-Z*].{3,}[.]$/;

  expect(rows.filter(({ cause, remedy }) => !sentence.test(cause) || !sentence.test(remedy))).toEqual([]);
});

test('names every code after its area and fact', () => {
  expect(codes.filter((code) => !/^DR_[A-Z]+(_[A-Z]+)+$/.test(code) && code !== 'DR_INTERNAL')).toEqual([]);
});
