import { type MountsArea } from '../../workspace/mounts';
import { keeper, type TrickyPart } from './part';
import { mountSecret } from '../mounts';

const mountPoints = ['/mnt/lake', '/mnt/odd ü #? 100%2F', "/mnt/it's/deep", '/without a rule'];

/** One that no rule of the pair says how to mount, and names that break whoever writes code of them. */
export const mounts: TrickyPart = {
  fill({ primary }) {
    const { scope, key } = mountSecret;
    primary.post('/2.0/secrets/scopes/create', { scope }, keeper);
    primary.post('/2.0/secrets/put', { scope, key, string_value: 'made up for the lake' }, keeper);
    const area = primary.workspace.core.area<MountsArea>('mounts');
    for (const [at, mountPoint] of mountPoints.entries()) {
      const source = `abfss://raw@lakeeastus2.dfs.core.windows.net/${at}`;
      area.add({ mountPoint, source, encryptionType: '', configs: {} });
    }
  },
};
