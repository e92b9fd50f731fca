import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder } from '../../local/state-folder';

describe('the state folder', () => {
  let parent: string;
  let dir: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'state-folder-'));
    dir = join(parent, 'world');
  });
  afterEach(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('is made, and belongs to one process at a time', () => {
    const folder = openStateFolder(dir);

    expect(() => openStateFolder(dir)).toThrow(`${dir} is in use by process ${process.pid}`);
    folder.release();
    expect(openStateFolder(dir).file('hub.db')).toBe(join(dir, 'hub.db'));
  });

  it.each([
    { name: 'a process that is gone', pid: () => spawnSync(process.execPath, ['-e', '']).pid },
    { name: 'a crash before the id was written', pid: () => '' },
    { name: 'something else', pid: () => 'nonsense' },
  ])('is taken over from $name', ({ pid }) => {
    openStateFolder(dir).release();
    writeFileSync(join(dir, 'world.pid'), String(pid()));

    const folder = openStateFolder(dir);

    expect(() => openStateFolder(dir)).toThrow(`in use by process ${process.pid}`);
    folder.release();
  });

  it('keeps what was put there, unless nobody asked for the folder', () => {
    const [kept, temporary] = [openStateFolder(dir), openStateFolder(undefined)];
    for (const folder of [kept, temporary]) writeFileSync(folder.file('a'), '');

    kept.release();
    temporary.release();

    expect(existsSync(kept.file('a'))).toBe(true);
    expect(existsSync(temporary.path)).toBe(false);
  });

  it('stays when there is something to look at', () => {
    const folder = openStateFolder(undefined);

    folder.keep();
    folder.release();

    expect(existsSync(folder.path)).toBe(true);
    expect(existsSync(folder.file('world.pid'))).toBe(false);
    rmSync(folder.path, { recursive: true });
  });

  it('is refused as an option when it cannot be a folder', () => {
    writeFileSync(dir, '');

    expect(() => openStateFolder(dir)).toThrow(`--state ${dir} cannot be used as a folder: EEXIST`);
  });
});
