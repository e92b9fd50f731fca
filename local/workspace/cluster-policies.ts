import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { requireAdmin } from './auth';
import { invalid, isJson, type Json, numberIn, requiredText, rowsIn, textIn, without } from './fields';
import { makePolicyId } from './ids';
import { limitIn, pageOf } from './page';
import { findPolicyFamily, policyFamilies, type PolicyFamily } from './policy-families';

interface PolicyRecord {
  readonly id: string;
  settings: Json;
  readonly creator: string;
  readonly createdMs: number;
  readonly isDefault: boolean;
}

const maxLibraries = 500;
const platform = { name: 'System-User', servicePrincipal: false, admin: true };

export class ClusterPolicies implements Area {
  readonly name = 'cluster-policies';
  readonly routes = {
    'GET /api/2.0/policies/clusters/list': (call: Call) => this.list(call),
    'GET /api/2.0/policies/clusters/get': (call: Call) => this.get(call),
    'POST /api/2.0/policies/clusters/create': (call: Call) => this.create(call),
    'POST /api/2.0/policies/clusters/edit': (call: Call) => this.edit(call),
    'POST /api/2.0/policies/clusters/delete': (call: Call) => this.remove(call),
    'GET /api/2.0/policy-families': (call: Call) => listFamilies(call),
    'GET /api/2.0/policy-families/{id}': (call: Call) => getFamily(call),
  };
  private readonly policies: Record<string, PolicyRecord>;

  constructor(private readonly core: Core) {
    this.policies = core.section('cluster-policies', () => this.builtIn());
  }

  /** The rules of a policy; of a family's policy with its overrides. */
  definitionFor(id: string): Json {
    const policy = this.policies[id];
    if (!policy) throw invalid(`Can't find a cluster policy with id: ${id}.`);
    return definitionOf(policy.settings);
  }

  /** The platform's own: every workspace has them, under ids of its own. */
  private builtIn(): Record<string, PolicyRecord> {
    const records = policyFamilies.map((family) => {
      const settings = { name: family.name, policy_family_id: family.id, description: family.description };
      return this.record(settings, platform.name, true);
    });
    for (const { id } of records)
      this.core.securableCreated({ type: 'cluster-policies', id, creator: platform });
    return Object.fromEntries(records.map((record) => [record.id, record]));
  }

  private record(settings: Json, creator: string, isDefault: boolean): PolicyRecord {
    const id = makePolicyId(this.core);
    return { id, settings, creator, createdMs: this.core.nowMs(), isDefault };
  }

  private known(id: string): PolicyRecord {
    const policy = this.policies[id];
    if (!policy)
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Can't find a cluster policy with id: ${id}.`);
    return policy;
  }

  private list(call: Call): Answer {
    const rows = Object.values(this.policies).map(details);
    const column = call.query.get('sort_column') === 'POLICY_NAME' ? 'name' : 'created_at_timestamp';
    rows.sort((one, other) => (String(one[column]) < String(other[column]) ? -1 : 1));
    if (call.query.get('sort_order') === 'DESC') rows.reverse();
    return { json: { policies: rows, total_count: rows.length } };
  }

  private get(call: Call): Answer {
    return { json: details(this.known(call.query.get('policy_id') ?? '')) };
  }

  private create(call: Call): Answer {
    requireAdmin(call.caller);
    const settings = without(call.body);
    this.check(settings);
    const record = this.record(settings, call.caller.name, false);
    this.policies[record.id] = record;
    this.core.securableCreated({ type: 'cluster-policies', id: record.id, creator: call.caller });
    return { json: { policy_id: record.id } };
  }

  private edit(call: Call): Answer {
    requireAdmin(call.caller);
    const policy = this.known(requiredText(call.body, 'policy_id'));
    const settings = without(call.body, 'policy_id');
    if (policy.isDefault && settings['policy_family_id'] !== policy.settings['policy_family_id'])
      throw invalid('The policy family of a default policy cannot be changed.');
    this.check(settings, policy.id);
    policy.settings = settings;
    return {};
  }

  private remove(call: Call): Answer {
    requireAdmin(call.caller);
    const policy = this.known(requiredText(call.body, 'policy_id'));
    if (policy.isDefault) throw invalid('Default policies cannot be deleted.');
    Reflect.deleteProperty(this.policies, policy.id);
    this.core.securableRemoved('cluster-policies', policy.id);
    return {};
  }

  private check(settings: Json, ownId?: string): void {
    const name = requiredText(settings, 'name');
    if (name.length > 100) throw invalid('The policy name must have at most 100 characters');
    const twin = Object.values(this.policies).find((policy) => policy.settings['name'] === name);
    if (twin && twin.id !== ownId) throw invalid(`Cluster Policy with name \`${name}\` already exists`);
    checkDefinition(settings);
    if (rowsIn(settings, 'libraries').length > maxLibraries)
      throw invalid(`A policy can have at most ${maxLibraries} libraries`);
    numberIn(settings, 'max_clusters_per_user');
  }
}

function checkDefinition(settings: Json): void {
  const familyId = textIn(settings, 'policy_family_id');
  const definition = textIn(settings, 'definition');
  const overrides = textIn(settings, 'policy_family_definition_overrides');
  if (familyId !== undefined && definition !== undefined)
    throw invalid('definition cannot be used with policy_family_id; use policy_family_definition_overrides');
  if (familyId === undefined && definition === undefined)
    throw invalid('Either definition or policy_family_id must be given.');
  if (familyId === undefined && overrides !== undefined)
    throw invalid('policy_family_definition_overrides needs policy_family_id');
  if (familyId !== undefined && !findPolicyFamily(familyId))
    throw invalid(`Can't find policy family with id: ${familyId}`);
  parse(definition ?? overrides ?? '{}');
}

function parse(text: string): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid('The policy definition is not valid JSON.');
  }
  if (!isJson(parsed)) throw invalid('The policy definition must be a JSON object.');
  return parsed;
}

function definitionOf(settings: Json): Json {
  const family = findPolicyFamily(textIn(settings, 'policy_family_id') ?? '');
  if (!family) return parse(textIn(settings, 'definition') ?? '{}');
  return { ...family.definition, ...parse(textIn(settings, 'policy_family_definition_overrides') ?? '{}') };
}

function details(policy: PolicyRecord): Json {
  return {
    policy_id: policy.id,
    creator_user_name: policy.creator,
    created_at_timestamp: policy.createdMs,
    is_default: policy.isDefault,
    ...policy.settings,
    definition: JSON.stringify(definitionOf(policy.settings)),
  };
}

function familyRow(family: PolicyFamily): Json {
  const { id, name, description, definition } = family;
  return { policy_family_id: id, name, description, definition: JSON.stringify(definition) };
}

function listFamilies(call: Call): Answer {
  const size = limitIn(call.query, 'max_results', 20, 100);
  const page = pageOf(policyFamilies, size, call.query.get('page_token'));
  return { json: { policy_families: page.rows.map(familyRow), next_page_token: page.next ?? '' } };
}

function getFamily(call: Call): Answer {
  const id = call.params['id'] ?? '';
  const family = findPolicyFamily(id);
  if (!family) throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Can't find policy family with id: ${id}`);
  return { json: familyRow(family) };
}
