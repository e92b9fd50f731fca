import type { AccountPrincipal, PermissionAssignments } from '../../local/workspace/account';
import { appAddress, type IpAccessLists } from '../../local/workspace/ip-access-lists';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const scim = '/api/2.0/preview/scim/v2';
const lists = '/api/2.0/ip-access-lists';
const ana: AccountPrincipal = { type: 'Users', id: '901', name: 'ana@example.com' };
const ben: AccountPrincipal = { type: 'Users', id: '902', name: 'ben@example.com' };
const corp: AccountPrincipal = {
  type: 'Groups',
  id: '903',
  name: 'corp',
  attributes: { members: [{ value: '901' }] },
};
let rig: Rig;

beforeEach(async () => {
  rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
});
afterEach(() => rig.close());

type Side = 'primary' | 'secondary';

function call(side: Side, method: string, path: string, body?: object): Record<string, unknown> {
  return (rig[side].call(method, path, body).json ?? {}) as Record<string, unknown>;
}

function federate(side: Side, ...principals: readonly AccountPrincipal[]): void {
  rig[side].core.area<PermissionAssignments>('permission-assignments').federate(principals);
}

function assign(side: Side, ...principals: readonly AccountPrincipal[]): void {
  for (const { id } of principals)
    call(side, 'PUT', `/api/2.0/preview/permissionassignments/principals/${id}`, { permissions: ['USER'] });
}

function disable(side: Side, id: string): void {
  const Operations = [{ op: 'replace', path: 'active', value: false }];
  call(side, 'PATCH', `${scim}/Users/${id}`, { Operations });
}

async function refresh(policy: 'skip' | 'overwrite' = 'skip') {
  const seq = rig.secondary.requests.lastSeq();
  const { runId, status } = await rig.run('refresh', { pair: { conflict: policy } });
  const writes = rig.secondary.requests.mutatingSince(seq).map(({ method, path }) => `${method} ${path}`);
  const report = (await readReport(rig.runtime.state, runId)) as Report;
  const troubles = report.outcomes.filter(({ outcome }) => outcome !== 'restored' && outcome !== 'unchanged');
  return { status, writes, report, troubles: troubles.map(({ name, outcome }) => `${name}: ${outcome}`) };
}

describe('workspaces of one account', () => {
  it('have the same identities after a refresh: assigned, not created, and the next one has nothing to do', async () => {
    federate('primary', ana, ben, corp);
    assign('primary', ana, ben, corp);
    disable('primary', ben.id);
    federate('secondary', ana, ben, corp);

    const first = await refresh();
    const second = await refresh();

    expect(first).toMatchObject({ status: 'succeeded', troubles: [] });
    expect(call('secondary', 'GET', `${scim}/Users/${ben.id}`)).toMatchObject({ active: false });
    expect(call('secondary', 'GET', `${scim}/Groups/${corp.id}`)).toMatchObject({
      members: [{ value: ana.id }],
    });
    expect(second.writes).toEqual([]);
  });

  it('leave what the account does not have to a person, who is told', async () => {
    federate('primary', ana, ben);
    assign('primary', ana, ben);
    federate('secondary', ana);

    const { status, troubles, report } = await refresh();

    expect(status).toBe('partiallyFailed');
    expect(troubles).toContain('ben@example.com: blocked');
    expect(report.manualSteps.join('\n')).toMatch(/In Central US.*ben@example\.com: assign in account/);
  });
});

describe('an identity that is disabled in the target', () => {
  it('is not enabled by the first refresh or any other, and its groups have it all the same', async () => {
    const { id } = call('primary', 'POST', `${scim}/Users`, { userName: ben.name });
    call('primary', 'POST', `${scim}/Groups`, { displayName: 'team', members: [{ value: id }] });
    const there = String(
      call('secondary', 'POST', `${scim}/Users`, { userName: ben.name, active: false })['id'],
    );

    const first = await refresh('overwrite');
    const second = await refresh('overwrite');

    expect(first.troubles).toEqual([`${ben.name}: conflict`]);
    expect(second).toMatchObject({ writes: [], troubles: [`${ben.name}: conflict`] });
    expect(call('secondary', 'GET', `${scim}/Users/${there}`)).toMatchObject({
      active: false,
      groups: [{ display: 'team' }],
    });
  });

  it('is not enabled when the source changes something else, and is left alone once both agree', async () => {
    const id = String(call('primary', 'POST', `${scim}/Users`, { userName: ben.name })['id']);
    await refresh();
    const filter = encodeURIComponent(`userName eq "${ben.name}"`);
    const { Resources } = call('secondary', 'GET', `${scim}/Users?filter=${filter}`);
    disable('secondary', (Resources as { id: string }[])[0]!.id);
    const Operations = [{ op: 'replace', path: 'entitlements', value: [{ value: 'workspace-access' }] }];
    call('primary', 'PATCH', `${scim}/Users/${id}`, { Operations });

    const contested = await refresh('overwrite');
    disable('primary', id);
    await refresh('overwrite');
    const settled = await refresh('overwrite');

    expect(contested).toMatchObject({ writes: [], troubles: [`${ben.name}: conflict`] });
    expect(settled).toMatchObject({ writes: [], troubles: [] });
  });
});

describe('IP access lists of the source', () => {
  function enforce(...addresses: readonly string[]): void {
    call('primary', 'POST', lists, { label: 'allowed', list_type: 'ALLOW', ip_addresses: addresses });
    call('primary', 'PATCH', '/api/2.0/workspace-conf', { enableIpAccessLists: 'true' });
  }

  it('are enforced in the target by the first refresh, and the next one has nothing to do', async () => {
    enforce('203.0.113.0/24', appAddress);

    const first = await refresh();
    const second = await refresh();

    expect(first).toMatchObject({ status: 'succeeded', troubles: [] });
    expect(call('secondary', 'GET', lists)).toMatchObject({ ip_access_lists: [{ enabled: true }] });
    expect(second.writes).toEqual([]);
  });

  it('may come in any order: one that has to wait for the one with the address of the app is there after the next refresh', async () => {
    call('primary', 'POST', lists, {
      label: 'offices',
      list_type: 'ALLOW',
      ip_addresses: ['203.0.113.0/24'],
    });
    enforce(appAddress);

    await refresh();
    const second = await refresh();
    const third = await refresh();

    expect(second).toMatchObject({ status: 'succeeded', troubles: [] });
    expect(call('secondary', 'GET', lists)).toMatchObject({
      ip_access_lists: [{ enabled: true }, { enabled: true }],
    });
    expect(third.writes).toEqual([]);
  });

  it('that would lock out the app wait for a person, and the app still gets in', async () => {
    enforce('203.0.113.0/24');
    rig.primary.core.area<IpAccessLists>('ip-access-lists').callFrom('203.0.113.9');

    const { report, troubles } = await refresh();
    const again = await refresh();

    expect(troubles).toEqual(['allowed: blocked']);
    expect(report.manualSteps.join('\n')).toContain('add the address of the app');
    expect(again.troubles).toEqual(['allowed: blocked']);
  });
});
