import type { Workspace } from '../databricks/workspace';
import { hashBody, type Stub } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { omit } from './fields';
import { orVanished } from './vanished';

/** One list; or, with the id `enforcement`, that lists have an effect at all. */
export interface IpAccessListBody {
  readonly label?: string;
  readonly list_type?: string;
  readonly ip_addresses?: readonly string[];
  readonly enabled: boolean;
  /** Where lists have an effect they come after that was switched on: the platform then checks each of them. */
  readonly enforcement?: string;
}

interface ListRow extends IpAccessListBody {
  readonly list_id: string;
  readonly label: string;
  readonly list_type: string;
  readonly ip_addresses?: readonly string[];
}

const path = '/api/2.0/ip-access-lists';
const enforcement = 'enforcement';
const switchKey = 'enableIpAccessLists';
const platformOwned = ['list_id', 'address_count', 'created_at', 'created_by', 'updated_at', 'updated_by'];

/**
 * Who may call from where. A list that would lock out the app must never come into effect: the platform refuses (400 INVALID_STATE) to
 * create, change or enable a list that would block who sends it. So lists are the probe of each other: enforcement is switched on before
 * there are any of ours, or once one that is enabled was sent again without being refused.
 * https://docs.databricks.com/api/azure/workspace/ipaccesslists
 */
export const ipAccessList: Adapter<IpAccessListBody> = {
  kind: 'ip-access-list',
  step: 'ecosystem',
  carries:
    'lists, and whether they have an effect; never one that would lock the app out, never switched off',
  references: [{ at: 'enforcement', to: 'ip-access-list' }],
  ignore: ['enforcement'],
  selfOrdered: true,
  unlinked: 'link',

  async *list(from) {
    const rows = await readLists(from);
    const isOn = await isEnforced(from);
    if (isOn) yield stubOf(enforcement, 'enforcement of IP access lists', { enabled: true });
    for (const row of rows) yield stubOf(row.list_id, row.label, bodyOf(row, isOn));
  },
  async export(from, stub) {
    const isOn = await isEnforced(from);
    if (stub.id === enforcement) return { enabled: isOn };
    const read = from.get<{ ip_access_list: ListRow }>(`${path}/${stub.id}`);
    return bodyOf((await orVanished(`ip-access-list/${stub.id}`, read)).ip_access_list, isOn);
  },
  // Labels are not unique; who was listed first is found.
  find: (index, { name, body }) =>
    (body.label === undefined ? index.byId(enforcement) : index.byName(name))?.id,
  contested: (desired, actual) =>
    hashBody(addressesOf(desired)) === hashBody(addressesOf(actual))
      ? undefined
      : { reason: `the list ${desired.label ?? ''} there has other addresses, and is not ours` },

  async create(target, body) {
    if (body.label === undefined) {
      await enforce(target);
      return enforcement;
    }
    // It is created enabled: the API has no other way. What was disabled is disabled when it is settled.
    const request = omit(body, ['enabled', 'enforcement']);
    const made = await probed(target.post<{ ip_access_list: ListRow }>(path, request), body);
    return made.ip_access_list.list_id;
  },
  async update(target, id, body) {
    if (id === enforcement) await enforce(target);
    else await probed(target.put(`${path}/${id}`, omit(body, ['enforcement'])), body);
  },
  async settle(target, id, body) {
    if (id === enforcement) return [];
    const { ip_access_list } = await target.get<{ ip_access_list: ListRow }>(`${path}/${id}`);
    if (ip_access_list.enabled === body.enabled) return [];
    await probed(target.patch(`${path}/${id}`, { enabled: body.enabled }), body);
    return [];
  },
};

function stubOf(id: string, name: string, body: IpAccessListBody): Stub {
  return { id, name, version: hashBody(body), body };
}

/** Addresses are a set: in one order. */
function bodyOf(row: ListRow, isOn: boolean): IpAccessListBody {
  const body = omit(row, platformOwned) as unknown as IpAccessListBody;
  return { ...body, ip_addresses: [...(row.ip_addresses ?? [])].sort(), ...(isOn && { enforcement }) };
}

/** What makes a list another one, should it have the same label. */
function addressesOf({
  enabled: _enabled,
  enforcement: _enforcement,
  ...addresses
}: IpAccessListBody): object {
  return addresses;
}

async function readLists(from: Workspace): Promise<readonly ListRow[]> {
  return (await from.get<{ ip_access_lists?: ListRow[] }>(path)).ip_access_lists ?? [];
}

/** A workspace that does not know the key cannot enforce anything. */
async function isEnforced(from: Workspace): Promise<boolean> {
  try {
    const answer = await from.get('/api/2.0/workspace-conf', { keys: switchKey });
    return String(answer[switchKey]) === 'true';
  } catch (error) {
    if (!hasCode(error, 'DR_API_BAD_REQUEST')) throw error;
    return false;
  }
}

/** Switching on cannot be refused by the platform, so a list that is enabled already is sent again first, as it is. */
async function enforce(target: Workspace): Promise<void> {
  const there = (await readLists(target)).find(({ enabled }) => enabled);
  if (there !== undefined) await probed(target.patch(`${path}/${there.list_id}`, { enabled: true }), there);
  await target.patch('/api/2.0/workspace-conf', { [switchKey]: 'true' });
}

/** Says what the platform means when it refuses to lock out who calls. */
async function probed<T>(call: Promise<T>, { label = '', list_type }: IpAccessListBody): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof DrError) || error.details.errorCode !== 'INVALID_STATE') throw error;
    const todo =
      list_type === 'BLOCK'
        ? 'take the address of the app off it at the source, or disable it there'
        : 'add the address of the app to a list of the source';
    const message = `the list ${label} would lock out the app: ${error.message}; ${todo}: what is refused now is tried again by every refresh`;
    throw new DrError('DR_ASSET_BLOCKED', message, error.details, { cause: error });
  }
}
