import { openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

const groups = '/api/2.0/preview/scim/v2/Groups';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

async function create(displayName: string, ...members: string[]): Promise<string> {
  const body = { displayName, members: members.map((value) => ({ value })) };
  return String((await region.send('POST', groups, body)).json['id']);
}

function add(group: string, member: string): Promise<{ status: number }> {
  const Operations = [{ op: 'add', path: 'members', value: [{ value: member }] }];
  return region.send('PATCH', `${groups}/${group}`, { Operations });
}

test('a group can be in a group in a group, and not in itself', async () => {
  const inner = await create('inner');
  const middle = await create('middle', inner);
  const outer = await create('outer', middle);

  expect((await add(outer, inner)).status).toBe(200);
  expect((await add(inner, outer)).status).toBe(400);
  expect((await add(inner, inner)).status).toBe(400);
});
