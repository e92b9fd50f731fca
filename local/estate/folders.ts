import { type Caller } from '../workspace/area';
import { type Builder } from './builder';
import { type People, type Team } from './people';
import { type Random } from './random';
import { projects } from './vocabulary';

export interface Folder {
  readonly path: string;
  readonly owner: Caller;
  readonly depth: number;
}

const maxDepth = 6;

export const scriptFolder = '/Shared/init scripts';
export const libraryFolder = '/Shared/libraries';

/** The home of a team. */
export function teamFolder(team: Team): string {
  return `/Shared/${team.name}`;
}

/** Homes, the homes of teams, and what people made in them. */
export function fillFolders(builder: Builder, people: People): Folder[] {
  const random = builder.random('folders');
  const folders: Folder[] = people.users.map((owner) => ({ path: `/Users/${owner.name}`, owner, depth: 2 }));
  const keeper = people.users[0] ?? people.robots[0];
  const taken = new Set(folders.map((folder) => folder.path));
  const make = (path: string, owner: Caller, depth: number): void => {
    builder.post('/2.0/workspace/mkdirs', { path }, owner);
    taken.add(path);
    folders.push({ path, owner, depth });
  };
  if (keeper) for (const path of [scriptFolder, libraryFolder]) make(path, keeper, 2);
  for (const team of people.teams) make(teamFolder(team), team.members[0] ?? team.robot, 2);
  while (folders.length < builder.counts.directories) {
    const parent = pickParent(random, folders);
    const name: string = random.pick(projects);
    const path = `${parent.path}/${taken.has(`${parent.path}/${name}`) ? `${name} ${folders.length}` : name}`;
    make(path, parent.owner, parent.depth + 1);
  }
  return folders;
}

function pickParent(random: Random, folders: readonly Folder[]): Folder {
  for (;;) {
    const parent = random.pick(folders);
    const isSpecial = parent.path === scriptFolder || parent.path === libraryFolder;
    if (parent.depth < maxDepth && !isSpecial) return parent;
  }
}
