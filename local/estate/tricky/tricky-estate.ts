import { type Clusters } from '../../workspace/clusters';
import { type EmulatedWorkspace } from '../../workspace/workspace';
import { Builder } from '../builder';
import { bigNotebooks } from './big-notebooks';
import { chains } from './chains';
import { dbfsFiles } from './dbfs-files';
import { foreign } from './foreign';
import { gitFolders } from './git-folders';
import { initScripts } from './init-scripts';
import { ipLists } from './ip-lists';
import { jobShapes } from './job-shapes';
import { libraries } from './libraries';
import { madeClusters } from './made-clusters';
import { mounts } from './mounts';
import { names } from './names';
import { anyNotebook, makeFolder, makeNotebook, type TrickyPart } from './part';
import { people } from './people';
import { pins } from './pins';
import { pipelines } from './pipelines';
import { secrets } from './secrets';
import { sql } from './sql';
import { treeShapes } from './tree-shapes';
import { triggers } from './triggers';
import { twins } from './twins';

/** People first: they own the rest. */
export const trickyParts = {
  people,
  names,
  treeShapes,
  bigNotebooks,
  pins,
  twins,
  madeClusters,
  jobShapes,
  chains,
  triggers,
  foreign,
  gitFolders,
  secrets,
  dbfsFiles,
  initScripts,
  pipelines,
  sql,
  mounts,
  ipLists,
} as const satisfies Readonly<Record<string, TrickyPart>>;

/** After a quiet night something still runs. */
const running = { libraries } as const satisfies Readonly<Record<string, TrickyPart>>;

export type TrickyName = keyof typeof trickyParts | keyof typeof running;

/** Fills both workspaces with what is odd, all of it or some parts; `people` are always there. */
export function fillTrickyEstate(
  primary: EmulatedWorkspace,
  secondary: EmulatedWorkspace,
  wanted?: readonly TrickyName[],
): void {
  const none = { users: 0, directories: 0, notebooks: 0, clusters: 0, jobs: 0 };
  const world = { primary: new Builder(primary, none, 1), secondary: new Builder(secondary, none, 1) };
  const fill = (parts: Readonly<Record<string, TrickyPart>>): void => {
    for (const [name, part] of Object.entries(parts))
      if (wanted?.includes(name as TrickyName) !== false || part === people) part.fill(world);
  };
  makeFolder(world.primary, anyNotebook.slice(0, anyNotebook.lastIndexOf('/')));
  makeNotebook(world.primary, anyNotebook);
  fill(trickyParts);
  for (const { core } of [primary, secondary]) core.area<Clusters>('clusters').stopAll();
  fill(running);
}
