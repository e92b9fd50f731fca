import { type GitFoldersArea } from '../../workspace/git-folders';
import { keeper, makeFolder, type TrickyPart } from './part';

const root = '/Shared/odd git';
const isPrivate = 'https://github.com/contoso/private.git';

/** At a tag, on an odd branch, of a repository that asks for credentials, and unlike its name. */
export const gitFolders: TrickyPart = {
  fill({ primary, secondary }) {
    makeFolder(primary, root);
    const clone = (name: string, url: string, checkOut: object): void => {
      const { id } = primary.post('/2.0/repos', { url, provider: 'gitHub', path: `${root}/${name}` }, keeper);
      primary.workspace.call('PATCH', `/api/2.0/repos/${String(id)}`, checkOut, keeper);
    };
    const open = 'https://github.com/contoso/open.git';
    clone('at a tag', open, { tag: 'v1.0 🚀' });
    clone('on a branch', open, { branch: 'feature/#42 100%2F?' });
    clone('🚀 100%2F #?', open, { branch: 'main' });
    clone('private', isPrivate, { branch: 'main' });
    for (const { workspace } of [primary, secondary])
      workspace.core.area<GitFoldersArea>('git-folders').describeRemote(isPrivate, { isPrivate: true });
  },
  gaps: [
    { kind: 'git-folder', name: `${root}/private`, reason: 'the app gets credentials for Git in the autumn' },
  ],
};
