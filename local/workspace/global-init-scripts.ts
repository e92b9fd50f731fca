import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { hashOf, invalid, type Json, numberIn, requiredText, textIn } from './fields';

interface ScriptRecord {
  readonly id: string;
  name: string;
  /** Base64, as it was sent. */
  script: string;
  enabled: boolean;
  readonly createdBy: string;
  readonly createdMs: number;
  updatedBy: string;
  updatedMs: number;
}

interface ScriptSection {
  /** In the order in which they run: the position of each is its place. */
  readonly scripts: ScriptRecord[];
}

const maxScriptBytes = 64 * 1024;
const item = '/api/2.0/global-init-scripts/{id}';

/**
 * Scripts that run on every cluster, in order: https://docs.databricks.com/api/azure/workspace/globalinitscripts
 * Whoever takes a position that is taken moves that script and all later ones by one; a position beyond the last is the last.
 */
export class GlobalInitScripts implements Area {
  readonly name = 'global-init-scripts';
  readonly routes = {
    'GET /api/2.0/global-init-scripts': ({ caller }: Call) => {
      requireAdmin(caller.admin);
      return { json: { scripts: this.scripts.map((_, at) => this.show(at)) } };
    },
    'POST /api/2.0/global-init-scripts': (call: Call) => this.create(call),
    [`GET ${item}`]: ({ params, caller }: Call) => {
      requireAdmin(caller.admin);
      const at = this.placeOf(params['id']);
      return { json: { ...this.show(at), script: this.scripts[at]?.script } };
    },
    [`PATCH ${item}`]: (call: Call) => this.change(call),
    [`DELETE ${item}`]: (call: Call) => this.remove(call),
  };
  private readonly scripts: ScriptRecord[];

  constructor(private readonly core: Core) {
    this.scripts = core.section<ScriptSection>('global-init-scripts', () => ({ scripts: [] })).scripts;
  }

  private placeOf(id: string | undefined): number {
    const at = this.scripts.findIndex((script) => script.id === id);
    if (at >= 0) return at;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `The global init script ${id} does not exist.`);
  }

  private show(at: number): Json {
    const script = this.scripts[at];
    return {
      script_id: script?.id,
      name: script?.name,
      position: at,
      enabled: script?.enabled,
      created_by: script?.createdBy,
      created_at: script?.createdMs,
      updated_by: script?.updatedBy,
      updated_at: script?.updatedMs,
    };
  }

  private create({ body, caller }: Call): Answer {
    requireAdmin(caller.admin);
    const nowMs = this.core.nowMs();
    const made: ScriptRecord = {
      id: idOf(this.core.nextNumber()),
      name: requiredText(body, 'name'),
      script: checkedScript(requiredText(body, 'script')),
      enabled: body['enabled'] === true,
      createdBy: caller.name,
      createdMs: nowMs,
      updatedBy: caller.name,
      updatedMs: nowMs,
    };
    this.insert(made, numberIn(body, 'position'));
    return { json: { script_id: made.id } };
  }

  private insert(script: ScriptRecord, position = this.scripts.length): void {
    if (position < 0) throw invalid('position must not be negative');
    this.scripts.splice(Math.min(position, this.scripts.length), 0, script);
  }

  /** "Specifying only the fields to change. All fields are optional. Unspecified fields retain their current value." */
  private change({ params, body, caller }: Call): Answer {
    requireAdmin(caller.admin);
    const at = this.placeOf(params['id']);
    const position = numberIn(body, 'position');
    const text = textIn(body, 'script');
    if (text !== undefined) checkedScript(text);
    const [script] = this.scripts.splice(at, 1);
    if (script === undefined) return {};
    script.name = textIn(body, 'name') ?? script.name;
    script.script = text ?? script.script;
    if (typeof body['enabled'] === 'boolean') script.enabled = body['enabled'];
    script.updatedBy = caller.name;
    script.updatedMs = Math.max(this.core.nowMs(), script.updatedMs + 1);
    this.insert(script, position ?? at);
    return {};
  }

  private remove({ params, caller }: Call): Answer {
    requireAdmin(caller.admin);
    this.scripts.splice(this.placeOf(params['id']), 1);
    return {};
  }
}

function checkedScript(script: string): string {
  if (Buffer.byteLength(script, 'base64') > maxScriptBytes)
    throw invalid('The global init script is larger than 64 KB.');
  return script;
}

function idOf(number: number): string {
  return hashOf(`script ${number}`).toString(16).padStart(8, '0') + number.toString(16).padStart(8, '0');
}

function requireAdmin(isAdmin: boolean): void {
  if (!isAdmin) throw new ApiError(403, 'PERMISSION_DENIED', 'Only workspace administrators can do this.');
}
