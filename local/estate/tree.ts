import { type Caller } from '../workspace/area';
import { type Builder } from './builder';
import { fillFiles } from './files';
import { fillFolders, type Folder, libraryFolder } from './folders';
import { makeSource, pickLanguage, pickSize } from './notebook-text';
import { type People } from './people';
import { actions, oddNames, subjects } from './vocabulary';

export interface Tree {
  readonly folders: readonly Folder[];
  /** Paths of what is there, and who made it. */
  readonly notebooks: readonly { readonly path: string; readonly owner: Caller }[];
  readonly files: readonly string[];
}

const bigBytes = 200_000;
const bigNotebooks = 4;
/** One folder in so many stays empty. */
const emptyEvery = 11;

export function fillTree(builder: Builder, people: People): Tree {
  const folders = fillFolders(builder, people);
  const notebooks = fillNotebooks(builder, folders);
  return { folders, notebooks, files: fillFiles(builder, folders) };
}

function fillNotebooks(builder: Builder, folders: readonly Folder[]): Tree['notebooks'] {
  const random = builder.random('notebooks');
  const homes = folders.filter((folder, at) => at % emptyEvery !== 5 && folder.path !== libraryFolder);
  const taken = new Set<string>();
  return Array.from({ length: builder.counts.notebooks }, (_, at) => {
    // The first folders get one each, so that nobody is left without.
    const folder = homes[at] ?? random.pick(homes);
    const plain = oddNames[at] ?? `${random.pick(actions)}_${random.pick(subjects)}`;
    const name = taken.has(`${folder.path}/${plain}`) ? `${plain}_${at}` : plain;
    const path = `${folder.path}/${name}`;
    taken.add(path);
    const language = pickLanguage(random);
    const isBig = at % Math.ceil(builder.counts.notebooks / bigNotebooks) === 7;
    const source = makeSource(random, language, isBig ? bigBytes : pickSize(random));
    const content = Buffer.from(source).toString('base64');
    builder.post('/2.0/workspace/import', { path, format: 'SOURCE', language, content }, folder.owner);
    return { path, owner: folder.owner };
  });
}
