import { documentedLimits, endpointClass } from '../../shared/databricks/endpoints';

describe('endpoint classes', () => {
  it.each([
    ['GET', '/api/2.0/workspace/export', 'export'],
    ['POST', '/api/2.0/workspace/import', 'import'],
    ['POST', '/api/2.0/workspace-files/import-file/Users%2Fa.txt', 'import'],
    ['GET', '/api/2.0/workspace/list', 'list'],
    ['GET', '/api/2.0/workspace/get-status', 'tree'],
    ['POST', '/api/2.0/workspace/mkdirs', 'tree'],
    ['POST', '/api/2.0/workspace/delete', 'treeDelete'],
    ['GET', '/api/2.2/jobs/list', 'jobs'],
    ['POST', '/api/2.1/jobs/reset', 'jobs'],
    ['POST', '/api/2.2/jobs/update', 'jobChanges'],
    ['GET', '/api/2.2/jobs/runs/list', 'runs'],
    ['GET', '/api/2.2/jobs/runs/get', 'runsGet'],
    ['POST', '/api/2.2/jobs/runs/submit', 'runsSubmit'],
    ['GET', '/api/2.0/permissions/jobs/1', 'permissionsRead'],
    ['PUT', '/api/2.0/permissions/jobs/1', 'permissionsWrite'],
    ['POST', '/api/2.0/secrets/put', 'secrets'],
    ['POST', '/api/2.0/dbfs/add-block', 'dbfs'],
    ['GET', '/api/2.0/preview/scim/v2/Users', 'scimRead'],
    ['PATCH', '/api/2.0/preview/scim/v2/Users/1', 'scimWrite'],
    ['GET', '/api/2.0/token-management/tokens', 'tokens'],
    ['POST', '/api/2.1/clusters/edit', 'clusters'],
    ['GET', '/api/2.0/sql/queries', 'queries'],
    ['GET', '/api/2.0/policies/clusters/list', 'other'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(endpointClass(method, path)).toBe(expected);
  });

  it('keeps permission calls below the 15 at a time and queries below the 10 that are refused', () => {
    expect(documentedLimits.permissionsRead.maxInFlight).toBeLessThan(15);
    expect(documentedLimits.permissionsWrite.maxInFlight).toBeLessThan(15);
    expect(documentedLimits.queries.maxInFlight).toBeLessThan(10);
  });
});
