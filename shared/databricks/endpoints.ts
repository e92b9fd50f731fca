/** Parts of the API that the platform limits together. */
export type EndpointClass = keyof typeof documentedLimits;

export interface Limit {
  readonly perSecond: number;
  /** Calls under way at the same time, when the class needs less than the workspace allows. */
  readonly maxInFlight?: number;
}

/**
 * What one workspace takes, per second. "documented" = the page "Resource limits" of the Azure Databricks documentation
 * (learn.microsoft.com/azure/databricks/resources/limits); the others are assumptions, corrected at run time by 429 answers.
 */
export const documentedLimits = {
  export: { perSecond: 60 }, // documented
  import: { perSecond: 30 }, // documented
  list: { perSecond: 50 }, // documented
  tree: { perSecond: 30 }, // mkdirs, get-status: assumed
  treeDelete: { perSecond: 2 }, // documented
  jobs: { perSecond: 20 }, // documented: create, get, list, reset, run-now
  jobChanges: { perSecond: 10 }, // documented: update, delete
  runs: { perSecond: 20 }, // runs/list, cancel: assumed like jobs
  runsGet: { perSecond: 100 }, // documented
  runsSubmit: { perSecond: 35 }, // documented
  // github.com/databrickslabs/ucx issue 401: 20 permission calls at a time are refused
  permissionsRead: { perSecond: 100, maxInFlight: 14 }, // documented
  permissionsWrite: { perSecond: 30, maxInFlight: 14 }, // documented
  secrets: { perSecond: 1100 / 60 }, // documented
  dbfs: { perSecond: 30 }, // documented
  scimRead: { perSecond: 255 / 60 }, // documented
  scimWrite: { perSecond: 2 }, // assumed
  tokens: { perSecond: 40 }, // documented: token management
  clusters: { perSecond: 10 }, // assumed
  // The SDK's reference warns of a temporary ban when queries are listed 10 or more times at once; each of them is read one by one.
  queries: { perSecond: 30, maxInFlight: 8 },
  other: { perSecond: 30 }, // assumed
} as const satisfies Record<string, Limit>;

const rules: readonly (readonly [RegExp, EndpointClass])[] = [
  [/^GET \/workspace\/export$/, 'export'],
  [/^POST \/(?:workspace\/import$|workspace-files\/import-file\/)/, 'import'],
  [/^GET \/workspace\/list$/, 'list'],
  [/^POST \/workspace\/delete$/, 'treeDelete'],
  [/^\w+ \/workspace\//, 'tree'],
  [/^GET \/jobs\/runs\/get(?:-output)?$/, 'runsGet'],
  [/^POST \/jobs\/runs\/submit$/, 'runsSubmit'],
  [/^\w+ \/jobs\/runs\//, 'runs'],
  [/^POST \/jobs\/(?:update|delete)$/, 'jobChanges'],
  [/^\w+ \/jobs\//, 'jobs'],
  [/^GET \/permissions\//, 'permissionsRead'],
  [/^\w+ \/permissions\//, 'permissionsWrite'],
  [/^\w+ \/secrets\//, 'secrets'],
  [/^\w+ \/dbfs\//, 'dbfs'],
  [/^GET \/(?:preview\/)?scim\//, 'scimRead'],
  [/^\w+ \/(?:preview\/)?scim\//, 'scimWrite'],
  [/^\w+ \/token-management\//, 'tokens'],
  [/^\w+ \/clusters\//, 'clusters'],
  [/^\w+ \/sql\/queries/, 'queries'],
];

/** The class of a call, whatever the version in its path. */
export function endpointClass(method: string, path: string): EndpointClass {
  const call = `${method} ${path.replace(/^\/api\/\d+\.\d+/, '')}`;
  return rules.find(([pattern]) => pattern.test(call))?.[1] ?? 'other';
}
