import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { copyOf, invalid, type Json, jsonIn, requiredText, textIn } from './fields';
import { makeUuid } from './ids';
import { limitIn, pageOf } from './page';

interface DestinationRecord {
  readonly id: string;
  name: string;
  type: string;
  /** As GET shows it: of what is secret only that it is set. */
  config: Json;
}

interface DestinationType {
  readonly type: string;
  /** Input only. */
  readonly secrets: readonly string[];
  readonly required: string;
}

const types: Readonly<Record<string, DestinationType>> = {
  email: { type: 'EMAIL', secrets: [], required: 'addresses' },
  slack: { type: 'SLACK', secrets: ['url', 'oauth_token', 'channel_id'], required: 'url' },
  microsoft_teams: {
    type: 'MICROSOFT_TEAMS',
    secrets: ['url', 'app_id', 'auth_secret', 'channel_url', 'tenant_id'],
    required: 'url',
  },
  pagerduty: { type: 'PAGERDUTY', secrets: ['integration_key'], required: 'integration_key' },
  generic_webhook: { type: 'WEBHOOK', secrets: ['url', 'username', 'password'], required: 'url' },
};
const item = '/api/2.0/notification-destinations/{id}';

/** https://docs.databricks.com/api/azure/workspace/notificationdestinations: only administrators write here, and secrets never come back. */
export class NotificationDestinations implements Area {
  readonly name = 'notification-destinations';
  readonly routes = {
    'GET /api/2.0/notification-destinations': (call: Call) => this.list(call),
    'POST /api/2.0/notification-destinations': (call: Call) => this.create(call),
    [`GET ${item}`]: ({ params }: Call) => ({ json: show(this.known(params['id'])) }),
    [`PATCH ${item}`]: (call: Call) => this.change(call),
    [`DELETE ${item}`]: (call: Call) => this.remove(call),
  };
  private readonly destinations: Record<string, DestinationRecord>;

  constructor(private readonly core: Core) {
    this.destinations = core.section('notification-destinations', () => ({}));
  }

  /** What refers to a destination that is not there is refused. */
  check(id: string | undefined): void {
    if (id !== undefined && !this.destinations[id])
      throw invalid(`Notification destination ${id} does not exist.`);
  }

  private known(id = ''): DestinationRecord {
    const destination = this.destinations[id];
    if (!destination)
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Notification destination ${id} does not exist.`);
    return destination;
  }

  private list({ query }: Call): Answer {
    const all = Object.values(this.destinations);
    const page = pageOf(all, limitIn(query, 'page_size', 20, 100), query.get('page_token'));
    const results = page.rows.map(({ id, name, type }) => ({
      id,
      display_name: name,
      destination_type: type,
    }));
    return { json: { results, ...(page.next === undefined ? {} : { next_page_token: page.next }) } };
  }

  private create({ body, caller }: Call): Answer {
    requireAdmin(caller.admin);
    const made = { id: makeUuid(this.core), name: requiredText(body, 'display_name'), ...typed(body) };
    this.destinations[made.id] = made;
    return { json: show(made) };
  }

  private change({ params, body, caller }: Call): Answer {
    requireAdmin(caller.admin);
    const destination = this.known(params['id']);
    destination.name = textIn(body, 'display_name') ?? destination.name;
    if (body['config'] !== undefined) Object.assign(destination, typed(body));
    return { json: show(destination) };
  }

  private remove({ params, caller }: Call): Answer {
    requireAdmin(caller.admin);
    Reflect.deleteProperty(this.destinations, this.known(params['id']).id);
    return {};
  }
}

function requireAdmin(isAdmin: boolean): void {
  if (!isAdmin) throw new ApiError(403, 'PERMISSION_DENIED', 'Only workspace administrators can do this.');
}

function typed(body: Readonly<Json>): Pick<DestinationRecord, 'type' | 'config'> {
  const [[name, sent] = ['', undefined], ...more] = Object.entries(jsonIn(body, 'config'));
  const known = types[name];
  if (!known || more.length > 0)
    throw invalid(`config must have exactly one of ${Object.keys(types).join()}`);
  const settings = jsonIn({ sent }, 'sent');
  if (settings[known.required] === undefined) throw invalid(`config.${name}.${known.required} is missing`);
  const shown = Object.entries(settings).map(([field, value]) =>
    known.secrets.includes(field) ? [`${field}_set`, true] : [field, copyOf(value)],
  );
  return { type: known.type, config: { [name]: Object.fromEntries(shown) as Json } };
}

function show({ id, name, type, config }: DestinationRecord): Json {
  return { id, display_name: name, destination_type: type, config };
}
