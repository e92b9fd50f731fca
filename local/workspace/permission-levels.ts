/** What the permissions API knows about one type of object. */
export interface SecurableType {
  /** `object_type` in answers: the path's word in the singular. */
  readonly objectType: string;
  /** Levels, weakest first. */
  readonly levels: readonly string[];
  /** What `admins` have on every object of the type, inherited from its root. */
  readonly adminLevel: string;
  /** What who creates one gets. */
  readonly creatorLevel?: string;
  /** Exactly one owner, who is not a group. */
  readonly owned?: boolean;
}

const treeLevels = ['CAN_READ', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE'];

/** https://docs.databricks.com/api/azure/workspace/permissions */
const types: Readonly<Record<string, SecurableType>> = {
  clusters: managed('cluster', ['CAN_ATTACH_TO', 'CAN_RESTART', 'CAN_MANAGE']),
  'cluster-policies': { objectType: 'cluster-policy', levels: ['CAN_USE'], adminLevel: 'CAN_USE' },
  'instance-pools': managed('instance-pool', ['CAN_ATTACH_TO', 'CAN_MANAGE']),
  jobs: owned('job', ['CAN_VIEW', 'CAN_MANAGE_RUN', 'IS_OWNER', 'CAN_MANAGE']),
  pipelines: owned('pipelines', ['CAN_VIEW', 'CAN_RUN', 'IS_OWNER', 'CAN_MANAGE']),
  warehouses: owned('warehouses', ['CAN_VIEW', 'CAN_MONITOR', 'CAN_USE', 'IS_OWNER', 'CAN_MANAGE']),
  notebooks: managed('notebook', treeLevels),
  directories: managed('directory', treeLevels),
  files: managed('file', treeLevels),
  repos: managed('repo', treeLevels),
  dashboards: managed('dashboard', treeLevels),
  authorization: { objectType: 'tokens', levels: ['CAN_USE'], adminLevel: 'CAN_MANAGE' },
  alertsv2: managed('alertv2', treeLevels),
};

const treeTypes: ReadonlySet<string> = new Set([
  ...['notebooks', 'directories', 'files', 'repos'],
  ...['dashboards', 'queries', 'alerts', 'alertsv2'],
]);

export function securableType(type: string): SecurableType {
  return types[type] ?? managed(type.replace(/s$/, ''), ['CAN_VIEW', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE']);
}

/** Tree objects inherit along their directories; everything else from the root of its type. */
export function isTreeType(type: string): boolean {
  return treeTypes.has(type);
}

function managed(objectType: string, levels: readonly string[]): SecurableType {
  return { objectType, levels, adminLevel: 'CAN_MANAGE', creatorLevel: 'CAN_MANAGE' };
}

function owned(objectType: string, levels: readonly string[]): SecurableType {
  return { objectType, levels, adminLevel: 'CAN_MANAGE', creatorLevel: 'IS_OWNER', owned: true };
}

const descriptions: Readonly<Record<string, string>> = {
  CAN_ATTACH_TO: 'Can attach to',
  CAN_EDIT: 'Can edit',
  CAN_MANAGE: 'Can manage',
  CAN_MANAGE_RUN: 'Can manage runs of',
  CAN_MONITOR: 'Can monitor',
  CAN_READ: 'Can read',
  CAN_RESTART: 'Can restart',
  CAN_RUN: 'Can run',
  CAN_USE: 'Can use',
  CAN_VIEW: 'Can view',
  IS_OWNER: 'Is owner of',
};

export function describeLevel(level: string, objectType: string): string {
  return `${descriptions[level] ?? level} the ${objectType}`;
}
