import { type ScimStore } from './scim-store';

/** Every workspace has them. */
export function addBuiltInGroups(store: ScimStore): void {
  if (store.findByName('Groups', 'admins')) return;
  const meta = { resourceType: 'WorkspaceGroup' };
  const entitlements = ['workspace-access', 'databricks-sql-access'].map((value) => ({ value }));
  store.add('Groups', {
    displayName: 'admins',
    entitlements: [{ value: 'allow-cluster-create' }],
    members: [],
    meta,
  });
  store.add('Groups', { displayName: 'users', entitlements, members: [], meta });
}
