import { receiveAlert } from './http/alert';
import { registerRoutes } from './http/route';

/** HTTP: the webhook of Azure Monitor. */
registerRoutes([
  {
    name: 'receiveAlert',
    method: 'POST',
    path: 'alerts',
    roles: ['DR.Alert', 'ActionGroupsSecureWebhook'],
    answer: receiveAlert,
  },
]);
