import { keeper, makeFolder, makeJob, makeNotebook, type TrickyPart } from './part';

/** Each is a folder, a notebook and a file. A name may be anything without a slash, up to 255 bytes. */
export const oddNames = [
  // The same word to a reader: composed, and decomposed.
  'caf\u00e9',
  'cafe\u0301',
  'Case',
  'case',
  '🚀 👩‍👩‍👧',
  'تقرير شهري',
  '\u202eright to left',
  ' before',
  'after ',
  '  ',
  `it's "quoted" \`so\``,
  '100%2F',
  '100%',
  'C#',
  'why?',
  'back\\slash',
  'two\nlines',
  'tab\there',
  'a:b;c&d=e,f+g',
  '*',
  '${x} {{x}} <b>',
  '...',
  '名'.repeat(85),
  'x'.repeat(255),
] as const;

const root = '/Shared/odd names';
/** A root of its own is a part of the tree that is listed on its own. */
const oddRoot = '/odd #1 100%2F?';

/** Names that break whoever builds an address, a file or a pattern of them. */
export const names: TrickyPart = {
  fill({ primary }) {
    for (const name of oddNames) {
      makeFolder(primary, `${root}/${name}`);
      makeNotebook(primary, `${root}/${name}/${name}`);
      const content = Buffer.from(`${name}\r\n\0`).toString('base64');
      const path = `${oddRoot}/${name}`;
      makeFolder(primary, oddRoot);
      primary.post('/2.0/workspace/import', { path, format: 'RAW', content }, keeper);
    }
    const tasks = oddNames.map((name, at) => ({
      task_key: `odd_${at}`,
      notebook_task: { notebook_path: `${root}/${name}/${name}` },
    }));
    makeJob(primary, '  🚀 "runs" what is\nnamed oddly  ', { tasks, tags: { 'odd tag: #?': '%2F' } });
  },
};
