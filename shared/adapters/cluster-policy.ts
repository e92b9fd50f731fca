import { canonicalJson, hashBody } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Reference } from '../domain/references';
import type { Adapter } from './adapter';
import { libraryReferences, secretReferences } from './compute-references';
import { omit } from './fields';
import { matches } from './reference-values';
import { refuseIfClusterUses } from './removal';
import { orVanished } from './vanished';

export interface ClusterPolicyBody {
  readonly name: string;
  /** JSON in a string, as the API has it; absent for a policy of a family. */
  readonly definition?: string;
  readonly policy_family_id?: string;
  readonly policy_family_definition_overrides?: string;
  /** The platform's own: every workspace has one of this name. Nothing else is known of it, for nothing else can be set. */
  readonly is_default?: true;
}

interface PolicyRow extends Omit<ClusterPolicyBody, 'is_default'> {
  readonly policy_id: string;
  readonly is_default?: boolean;
}

const platformOwned = [
  'policy_id',
  'is_default',
  'created_at_timestamp',
  'creator_user_name',
  'background_enforcement',
];
const documents = ['definition', 'policy_family_definition_overrides'] as const;

export const clusterPolicy: Adapter<ClusterPolicyBody> = {
  kind: 'cluster-policy',
  step: 'clusters',
  carries: 'definition or family with overrides, libraries; the built-in ones are matched by name',
  references: [...documents.flatMap(definitionReferences), ...libraryReferences('libraries[]')],
  ignore: [],

  async *list(from) {
    const answer = await from.get<{ policies?: PolicyRow[] }>('/api/2.0/policies/clusters/list');
    for (const row of answer.policies ?? []) {
      const body = bodyOf(row);
      yield { id: row.policy_id, name: row.name, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    const read = from.get<PolicyRow & object>('/api/2.0/policies/clusters/get', { policy_id: stub.id });
    return bodyOf(await orVanished(`cluster-policy/${stub.id}`, read));
  },
  find: (index, asset) => index.byName(asset.body.name)?.id,
  async create(target, body) {
    if (body.is_default === true) throw notCreatable(body.name);
    const { policy_id } = await target.post<PolicyRow & object>('/api/2.0/policies/clusters/create', body);
    return policy_id;
  },
  async update(target, id, body) {
    if (body.is_default === true) throw notCreatable(body.name);
    await target.post('/api/2.0/policies/clusters/edit', { ...body, policy_id: id }, { repeatable: true });
  },
  async remove(target, id) {
    await refuseIfClusterUses(target, `cluster-policy/${id}`, id);
    await target.post('/api/2.0/policies/clusters/delete', { policy_id: id }, { repeatable: true });
  },
};

/** A definition is an object of rules, one a field: `{ "instance_pool_id": { "type": "fixed", "value": "…" } }`. */
function definitionReferences(document: string): Reference[] {
  const pools = ['instance_pool_id', 'driver_instance_pool_id'].flatMap((field) =>
    ['value', 'defaultValue', 'values[]'].map((value) => `${document}{}.${field}.${value}`),
  );
  // Init scripts are under keys such as `init_scripts.0.workspace.destination`.
  const any = ['value', 'defaultValue', 'values[]'].map((value) => `${document}{}.*.${value}`);
  return [
    ...pools.map((at): Reference => ({ at, to: 'instance-pool' })),
    ...any.flatMap((at) => [...scriptReferences(at), ...secretReferences(at)]),
  ];
}

function scriptReferences(at: string): Reference[] {
  return [
    { at, to: 'workspace-file', by: 'path', match: matches.workspaceScript },
    { at, to: 'dbfs-file', by: 'path', match: matches.dbfsScript },
    { at, to: 'volume-file', by: 'path', match: matches.volumeScript },
    { at, to: 'storage-file', by: 'path', match: matches.storageScript },
  ];
}

function bodyOf(row: PolicyRow): ClusterPolicyBody {
  if (row.is_default === true) return { name: row.name, is_default: true };
  // The answer has the family's definition too; sending both is refused.
  const derived = row.policy_family_id === undefined ? [] : ['definition'];
  const body = omit(row, [...platformOwned, ...derived]);
  for (const name of documents) {
    const text = body[name];
    if (typeof text === 'string') body[name] = normalized(text);
  }
  return body as unknown as ClusterPolicyBody;
}

/** One spelling of equal documents: rewriting ids inside them must not look like a difference. */
function normalized(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}

function notCreatable(name: string): DrError {
  const message = `cannot create cluster-policy/${name}: it is built in, and this workspace has none of this name`;
  return new DrError('DR_ASSET_BUILT_IN', message);
}
