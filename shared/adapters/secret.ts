import { keyOf, type Stub } from '../domain/asset';
import type { Workspace } from '../databricks/workspace';
import { DrError } from '../domain/errors';
import type { Adapter } from './adapter';
import { listedBody, orVanished } from './vanished';

/** A secret without its value, which no body ever has. */
export interface SecretBody {
  readonly scope: string;
  readonly key: string;
  readonly last_updated_timestamp?: number;
  /** Of its scope. */
  readonly backend_type?: string;
}

const api = '/api/2.0/secrets';

export const secret: Adapter<SecretBody> = {
  kind: 'secret',
  step: 'accessControl',
  carries: 'present, missing or stale; its value where `copySecretValues` is on, in memory only',
  references: [{ at: 'scope', to: 'secret-scope' }],
  ignore: ['last_updated_timestamp'],
  of: ['secret-scope'],
  partitions: () => Promise.resolve(['secret-scope']),
  // After a crash it is put again, and known for ours: nothing on a secret says who set it.
  repeatable: true,
  unstaged: {
    todo: (body) =>
      isInVault(body) ? 'value must be set in the key vault of its scope' : 'value must be set',
    canCopy: (body) => !isInVault(body),
    isFresh: (source, target) => setAt(target) === 0 || setAt(target) >= setAt(source),
  },

  async *list(from, _partition, siblings) {
    const scopes = (siblings.get('secret-scope') ?? []).filter(({ skip }) => skip === undefined);
    yield* (await from.each(scopes, (scope) => stubsOf(from, scope))).flat();
  },
  export: (_from, stub) => listedBody('secret', stub),
  find: (index, { body }) => index.byId(idOf(body))?.id,
  async create(target, body, _index, source) {
    await copyValue(target, body, source);
    return idOf(body);
  },
  update: (target, _id, body, _index, source) => copyValue(target, body, source),
  async remove(target, _id, { scope, key }) {
    await target.post(`${api}/delete`, { scope, key }, { repeatable: true });
  },
};

/** `scope/key`, as in `{{secrets/scope/key}}`. */
function idOf({ scope, key }: SecretBody): string {
  return `${scope}/${key}`;
}

async function stubsOf(from: Workspace, { id: scope, body: scopeBody }: Stub): Promise<Stub[]> {
  const read = from.get<{ secrets?: { key: string; last_updated_timestamp?: number }[] }>(`${api}/list`, {
    scope,
  });
  const { secrets = [] } = await orVanished(`secret-scope/${scope}`, read);
  const backend = scopeBody as Pick<SecretBody, 'backend_type'> | undefined;
  return secrets.map(({ key, last_updated_timestamp }) => {
    const body: SecretBody = {
      scope,
      key,
      ...(last_updated_timestamp !== undefined && { last_updated_timestamp }),
      ...(backend?.backend_type !== undefined && { backend_type: backend.backend_type }),
    };
    const id = idOf(body);
    return { id, name: id, owner: keyOf('secret-scope', scope), version: String(setAt(body)), body };
  });
}

/** The value is in this function and nowhere else: not in a body, a blob, a log line or an error. */
async function copyValue(target: Workspace, body: SecretBody, source: Workspace | undefined): Promise<void> {
  const { scope, key } = body;
  if (source === undefined)
    throw new DrError('DR_ASSET_NO_VALUE', `cannot set secret/${idOf(body)}: its value is not known here`);
  const read = source.get<{ value: string }>(`${api}/get`, { scope, key });
  const { value } = await orVanished(`secret/${idOf(body)}`, read);
  await target.post(
    `${api}/put`,
    { scope, key, bytes_value: value },
    { repeatable: true, confidential: true },
  );
}

function isInVault({ backend_type }: SecretBody): boolean {
  return backend_type === 'AZURE_KEYVAULT';
}

/** 0 where the platform does not say. */
function setAt({ last_updated_timestamp = 0 }: SecretBody): number {
  return last_updated_timestamp;
}
