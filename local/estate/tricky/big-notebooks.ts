import { keeper, makeFolder, type TrickyPart } from './part';

/** What the platform imports and exports at most: https://learn.microsoft.com/azure/databricks/notebooks/notebook-limitations */
export const maxBytes = 10_485_760;

const root = '/Shared/big';
const line = 'x'.repeat(99);

/** Just as big as can be carried, a byte more, and one that only fits in another format. */
export const bigNotebooks: TrickyPart = {
  fill({ primary }) {
    makeFolder(primary, root);
    const put = (name: string, source: string): void => {
      const content = Buffer.from(source).toString('base64');
      const body = { path: `${root}/${name}`, format: 'SOURCE', language: 'PYTHON', content };
      primary.post('/2.0/workspace/import', body, keeper);
    };
    put('just fits', code(maxBytes));
    put('a byte too much', code(maxBytes + 1));
    put('fits as Jupyter', markdown(maxBytes + 1));
    makeFile(maxBytes + 1);

    function makeFile(bytes: number): void {
      const content = Buffer.alloc(bytes, 7).toString('base64');
      primary.post(
        '/2.0/workspace/import',
        { path: `${root}/a byte too much.bin`, format: 'RAW', content },
        keeper,
      );
    }
  },
};

/** As Jupyter it is bigger: each line has its quotes there. */
function code(bytes: number): string {
  return `# Databricks notebook source\n${`${line}\n`.repeat(bytes / 100)}`
    .slice(0, bytes - 1)
    .padEnd(bytes, 'y');
}

/** As Jupyter it is smaller: there the lines go without `# MAGIC `. */
function markdown(bytes: number): string {
  const magic = `\n# MAGIC ${line}`;
  return `# Databricks notebook source\n# MAGIC %md${magic.repeat(Math.ceil(bytes / magic.length))}`;
}
