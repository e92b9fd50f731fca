import { BlockList, isIP } from 'node:net';
import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { requireAdmin } from './auth';
import { invalid, textIn, type Json } from './fields';
import { type WorkspaceConfArea } from './workspace-conf';

interface IpList {
  readonly list_id: string;
  label: string;
  list_type: 'ALLOW' | 'BLOCK';
  ip_addresses: string[];
  enabled: boolean;
  readonly created_at: number;
  readonly created_by: string;
  updated_at: number;
  updated_by: string;
}

interface IpSection {
  readonly lists: Record<string, IpList>;
  /** From where the workspace sees its callers come. */
  callerAddress: string;
  /** The pricing tier does not have the feature. */
  isMissing?: boolean;
}

/** From where the app calls, as the workspace sees it: here every caller is on this machine. */
export const appAddress = '20.50.60.70';
const maxAddresses = 1000;

/** https://docs.databricks.com/api/azure/workspace/ipaccesslists */
export class IpAccessLists implements Area {
  readonly name = 'ip-access-lists';
  readonly routes: Area['routes'];
  private readonly section: IpSection;

  constructor(private readonly core: Core) {
    this.section = core.section<IpSection>('ip-access-lists', () => ({
      lists: {},
      callerAddress: appAddress,
    }));
    const all = '/api/2.0/ip-access-lists';
    const one = `${all}/{id}`;
    const guarded = (handler: (call: Call) => Answer) => (call: Call) => {
      this.checkTier();
      requireAdmin(call.caller);
      return handler(call);
    };
    this.routes = {
      [`GET ${all}`]: guarded(() => this.list()),
      [`POST ${all}`]: guarded((call) => this.create(call)),
      [`GET ${one}`]: guarded((call) => show(this.find(call))),
      [`PUT ${one}`]: guarded((call) => this.replace(call)),
      [`PATCH ${one}`]: guarded((call) => this.update(call)),
      [`DELETE ${one}`]: guarded((call) => this.remove(call)),
    };
  }

  /** Throws what a caller is told whom the lists keep out. They have an effect only once the feature is switched on. */
  checkCaller(): void {
    const { callerAddress: address, lists } = this.section;
    const isOn = this.core.area<WorkspaceConfArea>('workspace-conf').isOn('enableIpAccessLists');
    if (isOn && isBlocked(address, Object.values(lists)))
      throw new ApiError(
        403,
        'PERMISSION_DENIED',
        `Source IP address: ${address} is blocked by Databricks IP ACL`,
      );
  }

  callFrom(address: string): void {
    this.section.callerAddress = address;
  }

  /** As in a workspace of a tier without the feature. */
  takeAway(): void {
    this.section.isMissing = true;
  }

  private checkTier(): void {
    if (this.section.isMissing !== true) return;
    const message = 'IP access list is not available in the pricing tier of this workspace';
    throw new ApiError(404, 'FEATURE_DISABLED', message);
  }

  private list(): Answer {
    const lists = Object.values(this.section.lists).map(shown);
    return { json: lists.length > 0 ? { ip_access_lists: lists } : {} };
  }

  /** It is enabled from the start: there is no field to say otherwise. */
  private create({ body, caller, inProcess }: Call): Answer {
    const nowMs = this.core.nowMs();
    const made: IpList = {
      list_id: uuidOf(this.core.nextNumber()),
      ...settingsOf({ ...body, enabled: true }),
      created_at: nowMs,
      created_by: caller.name,
      updated_at: nowMs,
      updated_by: caller.name,
    };
    this.keep(made, inProcess);
    return show(made);
  }

  private replace(call: Call): Answer {
    if (typeof call.body['enabled'] !== 'boolean') throw invalid('Missing required field: enabled');
    return this.save(call, settingsOf(call.body));
  }

  private update(call: Call): Answer {
    return this.save(call, settingsOf({ ...this.find(call), ...call.body }));
  }

  private save(call: Call, settings: ReturnType<typeof settingsOf>): Answer {
    const before = this.find(call);
    const after = { ...before, ...settings, updated_at: this.core.nowMs(), updated_by: call.caller.name };
    this.keep(after, call.inProcess);
    return show(after);
  }

  private remove(call: Call): Answer {
    Reflect.deleteProperty(this.section.lists, this.find(call).list_id);
    return {};
  }

  /** The people of an estate call from their offices: only who calls over the network may lock itself out. */
  private keep(list: IpList, inProcess = false): void {
    const lists = { ...this.section.lists, [list.list_id]: list };
    const count = Object.values(lists).reduce((sum, { ip_addresses }) => sum + ip_addresses.length, 0);
    if (count > maxAddresses)
      throw new ApiError(400, 'QUOTA_EXCEEDED', `More than ${maxAddresses} IP addresses and ranges.`);
    const { callerAddress: address } = this.section;
    if (!inProcess && isBlocked(address, Object.values(lists))) {
      const message = `Your current IP ${address} will not be allowed to access the workspace under current configuration`;
      throw new ApiError(400, 'INVALID_STATE', message);
    }
    this.section.lists[list.list_id] = list;
  }

  private find({ params }: Call): IpList {
    const { id = '' } = params;
    const found = this.section.lists[id];
    if (found) return found;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `IP access list with ID '${id}' does not exist.`);
  }
}

/** Who is on a block list is kept out; where there are allow lists, so is who is on none of them. */
function isBlocked(address: string, lists: readonly IpList[]): boolean {
  const has = (type: string): boolean =>
    lists.some((list) => list.enabled && list.list_type === type && rangesOf(list).check(address));
  const allows = lists.some((list) => list.enabled && list.list_type === 'ALLOW');
  return has('BLOCK') || (allows && !has('ALLOW'));
}

/** Every request is checked: ranges are made once. A list that changes has another array. */
const made = new WeakMap<readonly string[], BlockList>();

function rangesOf({ ip_addresses }: Pick<IpList, 'ip_addresses'>): BlockList {
  const known = made.get(ip_addresses);
  if (known !== undefined) return known;
  const ranges = new BlockList();
  for (const text of ip_addresses) {
    const [address = '', bits] = text.split('/');
    if (bits === undefined) ranges.addAddress(address);
    else ranges.addSubnet(address, Number(bits));
  }
  made.set(ip_addresses, ranges);
  return ranges;
}

function settingsOf(body: Readonly<Json>): Pick<IpList, 'label' | 'list_type' | 'ip_addresses' | 'enabled'> {
  const label = textIn(body, 'label');
  const { list_type, ip_addresses, enabled } = body;
  if (label === undefined) throw invalid('Missing required field: label');
  if (list_type !== 'ALLOW' && list_type !== 'BLOCK')
    throw invalid(`Invalid list_type: ${String(list_type)}`);
  if (!Array.isArray(ip_addresses)) throw invalid('Missing required field: ip_addresses');
  const addresses = ip_addresses.map(String);
  for (const text of addresses) {
    const [address = '', bits = '32'] = text.split('/');
    if (isIP(address) !== 4 || !(Number(bits) <= 32)) throw invalid(`Invalid IP address or range: ${text}`);
  }
  return { label, list_type, ip_addresses: addresses, enabled: enabled === true };
}

function shown(list: IpList): object {
  return { ...list, address_count: list.ip_addresses.length };
}

function show(list: IpList): Answer {
  return { json: { ip_access_list: shown(list) } };
}

function uuidOf(number: number): string {
  const digits = number.toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
