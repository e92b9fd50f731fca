import { tokenPermission } from '../../shared/adapters/token-permission';
import { openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

describe('who may use tokens', () => {
  let pair: AdapterPair;
  beforeAll(async () => {
    pair = await openAdapterPair();
  });
  afterAll(() => pair.close());

  const listed = () => Array.fromAsync(tokenPermission.list(pair.primary.open(), '', new Map()));

  it('is no asset where nobody has set it, and a workspace without passwords is a whole one', async () => {
    expect(await listed()).toEqual([]);
  });

  it('is not half a listing when the answer is refused', async () => {
    const { faults } = pair.primary.emulated;
    faults.add({ path: /authorization/, kind: 'status', status: 403, errorCode: 'PERMISSION_DENIED' });

    await expect(listed()).rejects.toThrow(expect.objectContaining({ code: 'DR_API_FORBIDDEN' }) as Error);
    faults.clear();
  });
});
