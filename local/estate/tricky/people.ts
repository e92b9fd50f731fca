import { type Caller } from '../../workspace/area';
import { type Json } from '../../workspace/fields';
import { type Builder } from '../builder';
import { keeper, makeCluster, makeJob, refused, type TrickyPart } from './part';

const scim = '/2.0/preview/scim/v2';
const gone: Caller = { name: 'left@contoso.com', servicePrincipal: false, admin: false };
const namelessId = '0f5e7a10-0000-4c2b-9d3e-00000000f5e7';

/** Disabled ones, nameless ones, odd names, groups in groups in groups, and owners who left. */
export const people: TrickyPart = {
  fill({ primary }) {
    const member = addUser(primary, keeper.name);
    addUser(primary, 'disabled@contoso.com', { active: false });
    addUser(primary, "Miles.O'Brien+test@contoso.com", { displayName: '  "Miles" \\ 🖖 ' });
    const nameless = addPrincipal(primary, namelessId, '');
    // Display names of service principals are not unique.
    for (const at of [1, 2])
      addPrincipal(primary, `0f5e7a10-000${at}-4c2b-9d3e-00000000f5e7`, 'the same name');
    nestGroups(primary, member, nameless);
    leave(primary);
  },
};

function nestGroups(builder: Builder, member: string, nameless: string): void {
  const inner = addGroup(builder, 'data "eng" / 🚀', [member, nameless]);
  const middle = addGroup(builder, 'middle, of groups only', [inner]);
  const outer = addGroup(builder, 'outer', [middle, member]);
  addGroup(builder, 'of nobody', []);
  const Operations = [{ op: 'add', path: 'members', value: [{ value: outer }] }];
  refused('a group inside itself', () =>
    builder.workspace.call('PATCH', `/api${scim}/Groups/${inner}`, { Operations }),
  );
}

/** What somebody owned who is no user any more: a home, a cluster, a job that runs as him. */
function leave(builder: Builder): void {
  const id = addUser(builder, gone.name);
  makeCluster(builder, 'of one who left', {}, gone);
  makeJob(builder, 'of one who left', {}, gone);
  builder.workspace.call('DELETE', `/api${scim}/Users/${id}`);
}

function addUser(builder: Builder, userName: string, more: Json = {}): string {
  return String(builder.post(`${scim}/Users`, { userName, ...more })['id']);
}

function addPrincipal(builder: Builder, applicationId: string, displayName: string): string {
  return String(builder.post(`${scim}/ServicePrincipals`, { applicationId, displayName })['id']);
}

function addGroup(builder: Builder, displayName: string, members: readonly string[]): string {
  const body = { displayName, members: members.map((value) => ({ value })) };
  return String(builder.post(`${scim}/Groups`, body)['id']);
}
