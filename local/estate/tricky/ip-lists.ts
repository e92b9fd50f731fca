import { appAddress } from '../../workspace/ip-access-lists';
import { type TrickyPart } from './part';

const lockOut = 'blocks the app too';

/** Without effect at the source: there lists may say what would lock out the app. */
export const ipLists: TrickyPart = {
  fill({ primary }) {
    const add = (label: string, list_type: string, ip_addresses: readonly string[]): string => {
      const made = primary.post('/2.0/ip-access-lists', { label, list_type, ip_addresses });
      return (made['ip_access_list'] as { list_id: string }).list_id;
    };
    add('  🚀 "offices" 100%2F', 'ALLOW', [appAddress, '203.0.113.0/24']);
    const off = add('of last year', 'BLOCK', ['198.51.100.1']);
    primary.workspace.call('PATCH', `/api/2.0/ip-access-lists/${off}`, { enabled: false });
    add(lockOut, 'BLOCK', [`${appAddress.split('.').slice(0, 3).join('.')}.0/24`]);
  },
  gaps: [{ kind: 'ip-access-list', name: lockOut, reason: 'of last year; the network team takes it away' }],
};
