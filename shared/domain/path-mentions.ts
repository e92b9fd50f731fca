import { keyOf, type AssetKey } from './asset';
import { parsePath, visitPath } from './body-path';

/** Where texts of a body may hold paths that are no references: parameters, settings of Spark. */
export interface PathPlace {
  readonly at: string;
  /** Paths of the workspace and of DBFS in it are references already: only the others are looked for. */
  readonly others?: true;
}

/** A path in a text of a body, as it stands there, up to what may be a credential behind `?`. */
export interface PathMention {
  readonly at: string;
  readonly path: string;
  /** Assets one of which is, or contains, what it names; empty where no snapshot could tell: storage, volumes, mounts. */
  readonly candidates: readonly AssetKey[];
}

const mention =
  /(?:^|[\s"'=,;([])((?:dbfs:\/|\/dbfs\/|\/Workspace\/|\/Volumes\/|\/Users\/|\/Shared\/|\/Repos\/|\/mnt\/|abfss?:\/\/|wasbs?:\/\/)[^\s"',;)\]?]*)/g;
const notebookExtension = /\.(?:py|sql|scala|r|ipynb)$/i;
/** What only a run could fill in, and patterns. */
const isOpen = /[*{}$]/;

/** Every path that the texts at these places mention. `dbfsRoots` are the folders of DBFS that a snapshot has. */
export function pathsIn(
  body: object,
  places: readonly PathPlace[],
  dbfsRoots: readonly string[],
): PathMention[] {
  const found: PathMention[] = [];
  for (const { at: place, others } of places)
    visitPath(body, parsePath(place), (value, at) => {
      for (const [, path = ''] of typeof value === 'string' ? value.matchAll(mention) : []) {
        const candidates = candidatesOf(path.replace(/(?!^)\/+$/, ''), dbfsRoots);
        if (others !== true || candidates.length === 0) found.push({ at, path, candidates });
      }
      return value;
    });
  return found;
}

function candidatesOf(path: string, dbfsRoots: readonly string[]): AssetKey[] {
  if (isOpen.test(path)) return [];
  const [, onDbfs] = /^(?:dbfs:|\/dbfs)(\/.*)$/.exec(path) ?? [];
  if (onDbfs !== undefined) {
    const isCarried = dbfsRoots.some((root) => onDbfs === root || onDbfs.startsWith(`${root}/`));
    return isCarried ? [keyOf('dbfs-file', `dbfs:${onDbfs}`)] : [];
  }
  if (!/^\/(?:Workspace|Users|Shared|Repos)\//.test(path)) return [];
  const inTree = path.replace(/^\/Workspace(?=\/)/, '');
  const asNotebook = notebookExtension.test(inTree) ? [inTree.replace(notebookExtension, '')] : [];
  return [
    ...['notebook', 'workspace-file', 'directory', 'git-folder'].map((kind) => keyOf(kind, inTree)),
    ...asNotebook.map((notebook) => keyOf('notebook', notebook)),
  ];
}
