import { type Caller } from '../workspace/area';
import { type Builder } from './builder';
import { type Random } from './random';
import { libraryFolder, scriptFolder, type Folder } from './folders';
import { actions, subjects } from './vocabulary';

const filesPerFolder = 0.4;

export const initScripts = ['install odbc.sh', 'certificates.sh', 'proxy.sh'].map(
  (name) => `${scriptFolder}/${name}`,
);
export const jars = ['reader-1.4.jar', 'udfs-2.0.jar'].map((name) => `${libraryFolder}/${name}`);
export const wheel = `${libraryFolder}/contoso_common-3.1-py3-none-any.whl`;

const contents: readonly ((random: Random) => [string, string])[] = [
  (random) => [
    `${random.pick(actions)}_${random.pick(subjects)}.py`,
    `def run(spark):\n    return spark.table("silver.${random.pick(subjects)}").limit(${random.between(1, 500)})\n`,
  ],
  (random) => [`${random.pick(subjects)}.csv`, csv(random)],
  (random) => [
    `${random.pick(subjects)}.yml`,
    `table: ${random.pick(subjects)}\nlimit: ${random.between(1, 99)}\n`,
  ],
  (random) => [
    `notes ${random.pick(subjects)}.md`,
    `# ${random.pick(subjects)}\n\nAsk ${random.pick(actions)}.\n`,
  ],
];

function csv(random: Random): string {
  const rows = Array.from({ length: random.between(5, 60) }, (_, at) => `${at},${random.pick(subjects)}`);
  return `id,name\n${rows.join('\n')}\n`;
}

/** Workspace files: scripts and libraries that clusters use, and what people keep beside their notebooks. */
export function fillFiles(builder: Builder, folders: readonly Folder[]): string[] {
  const random = builder.random('files');
  const files: string[] = [];
  const put = (path: string, body: Buffer, owner: Caller): void => {
    const encoded = path.slice(1).split('/').map(encodeURIComponent).join('/');
    builder.post(`/2.0/workspace-files/import-file/${encoded}?overwrite=true`, body, owner);
    files.push(path);
  };
  const keeper = folders.find((folder) => folder.path === scriptFolder)?.owner;
  if (keeper) {
    for (const path of initScripts) put(path, Buffer.from(`#!/bin/bash\nset -e\necho '${path}'\n`), keeper);
    for (const path of [...jars, wheel]) put(path, binary(random), keeper);
  }
  const count = Math.floor(folders.length * filesPerFolder);
  const taken = new Set<string>();
  while (taken.size < count) {
    const folder = random.pick(folders);
    const [name, text] = random.pick(contents)(random);
    const path = `${folder.path}/${taken.has(`${folder.path}/${name}`) ? `${taken.size} ` : ''}${name}`;
    taken.add(path);
    put(path, Buffer.from(text), folder.owner);
  }
  return files;
}

/** Looks like an archive and is not text. */
function binary(random: Random): Buffer {
  const bytes = Array.from({ length: 2_048 }, () => random.between(0, 255));
  return Buffer.from([0x50, 0x4b, 0x03, 0x04, ...bytes]);
}
