import { appAddress } from '../workspace/ip-access-lists';
import { type Builder } from './builder';

const usersPerOffice = 100;

/** Settings of the workspace, and from where people may call: the offices, and the app. */
export function fillSettings(builder: Builder): void {
  const { workspace, counts } = builder;
  const set = (values: object): void => {
    workspace.call('PATCH', '/api/2.0/workspace-conf', values);
  };
  set({ enableResultsDownloading: 'false', enableVerboseAuditLogs: 'true', enforceUserIsolation: 'true' });
  const list = (label: string, list_type: string, ip_addresses: readonly string[]): string => {
    const made = builder.post('/2.0/ip-access-lists', { label, list_type, ip_addresses });
    return (made['ip_access_list'] as { list_id: string }).list_id;
  };
  const offices = Math.max(2, Math.ceil(counts.users / usersPerOffice));
  const ranges = Array.from({ length: offices }, (_, at) => `203.0.113.${at * 4}/30`);
  // One list: of several, one without the address of the app may come before the one that has it, and wait for the next refresh.
  list('offices and disaster recovery', 'ALLOW', [appAddress, ...ranges]);
  const blocked = list('incident of last year', 'BLOCK', ['198.51.100.23', '198.51.100.64/26']);
  workspace.call('PATCH', `/api/2.0/ip-access-lists/${blocked}`, { enabled: false });
  set({ enableIpAccessLists: 'true' });
}
