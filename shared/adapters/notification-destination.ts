import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import { omit, type Row } from './fields';
import { readEach } from './sql-object';
import { orVanished } from './vanished';

/** Of what is secret (URLs, keys, passwords) the config only says that it is set. */
export interface NotificationDestinationBody {
  readonly display_name: string;
  readonly config?: Row;
}

interface DestinationRow extends Row {
  readonly id: string;
  readonly display_name?: string;
}

const path = '/api/2.0/notification-destinations';

export const notificationDestination: Adapter<NotificationDestinationBody> = {
  kind: 'notification-destination',
  step: 'ecosystem',
  carries: 'mail destinations; others are linked once somebody has made them: their URLs and keys are secret',
  references: [],
  ignore: [],
  handmade: ({ config = {}, display_name }) =>
    'email' in config
      ? undefined
      : `make the ${Object.keys(config).join()} destination "${display_name}" there with its URL or key, which no API gives out`,

  async *list(from) {
    const rows = await Array.fromAsync(from.pages<DestinationRow>(path, 'results', { page_size: 100 }));
    for (const row of await readEach(from, rows, ({ id }) => readDestination(from, id))) {
      const body = bodyOf(row);
      yield { id: row.id, name: body.display_name, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    return bodyOf(await orVanished(`notification-destination/${stub.id}`, readDestination(from, stub.id)));
  },
  find: (index, { body }) => index.byName(body.display_name)?.id,
  async create(target, body) {
    const { id } = await target.post<DestinationRow>(path, body);
    return id;
  },
  async update(target, id, body) {
    await target.patch(`${path}/${id}`, body);
  },
};

function readDestination(from: Workspace, id: string): Promise<DestinationRow> {
  return from.get<DestinationRow>(`${path}/${id}`);
}

function bodyOf(row: DestinationRow): NotificationDestinationBody {
  return { ...omit(row, ['id', 'destination_type']), display_name: row.display_name ?? row.id };
}
