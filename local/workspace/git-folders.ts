import { ApiError, type Answer, type Area, type Call, type Caller, type Core } from './area';
import { hashOf, invalid, isJson, requiredText, textIn } from './fields';
import { pageOf } from './page';
import { alreadyExists, checkedPath, type TreeNode, type TreeStore } from './tree-store';
import { type TreeArea } from './workspace-tree';

interface GitFolder {
  readonly url: string;
  readonly provider: string;
  /** Absent: a tag or a commit is checked out (detached head). */
  branch?: string;
  head: string;
  sparse?: { readonly patterns: readonly string[] };
  /** Worked on with Git commands: the list leaves it out. */
  gitCli?: boolean;
}

/** A repository at its provider, as far as it matters here. What is not described is public and has every branch and tag. */
interface Remote {
  readonly isPrivate?: boolean;
  readonly branches?: readonly string[];
}

interface Credential {
  readonly credential_id: number;
  readonly git_provider: string;
  readonly git_username: string;
}

interface GitSection {
  readonly folders: Record<string, GitFolder>;
  readonly remotes: Record<string, Remote>;
  /** By the name of who added them. The token is not kept: nobody can read it again. */
  readonly credentials: Record<string, Credential[]>;
}

const defaultBranch = 'main';
const providers: readonly string[] = [
  'awsCodeCommit',
  'azureDevOpsServices',
  'bitbucketCloud',
  'bitbucketServer',
  'gitHub',
  'gitHubEnterprise',
  'gitLab',
  'gitLabEnterpriseEdition',
];

/** Git folders and git credentials: https://docs.databricks.com/api/azure/workspace/repos */
export class GitFoldersArea implements Area {
  readonly name = 'git-folders';
  readonly routes: Area['routes'];
  private readonly section: GitSection;

  constructor(private readonly core: Core) {
    this.section = core.section<GitSection>('git-folders', () => ({
      folders: {},
      remotes: {},
      credentials: {},
    }));
    const one = '/api/2.0/repos/{id}';
    this.routes = {
      'GET /api/2.0/repos': (call) => this.list(call),
      'POST /api/2.0/repos': (call) => this.create(call),
      [`GET ${one}`]: (call) => ({ json: this.show(...this.find(call)) }),
      [`PATCH ${one}`]: (call) => this.update(call),
      [`DELETE ${one}`]: (call) => this.remove(call),
      'GET /api/2.0/git-credentials': ({ caller }) => ({ json: { credentials: this.credentialsOf(caller) } }),
      'POST /api/2.0/git-credentials': (call) => this.addCredential(call),
    };
  }

  /** Says what there is at a git provider. */
  describeRemote(url: string, remote: Remote): void {
    this.section.remotes[url] = remote;
  }

  /** From now on the list leaves it out, as the platform does with what is worked on with Git commands. */
  useGitCommands(path: string): void {
    const folder = this.section.folders[this.tree().get(path).id];
    if (folder) folder.gitCli = true;
  }

  private tree(): TreeStore {
    return this.core.area<TreeArea>('workspace-tree').tree;
  }

  /** Deprecated: twenty at a time, without those with Git commands, and without a prefix only what lies in /Repos. */
  private list({ query }: Call): Answer {
    const prefix = checkedPath(query.get('path_prefix') ?? '/Repos');
    const shown = Object.entries(this.section.folders).flatMap(([id, folder]) => {
      const node = this.tree().byId(id);
      const isShown = node && folder.gitCli !== true && this.tree().pathOf(node).startsWith(prefix);
      return isShown ? [this.show(node, folder)] : [];
    });
    const { rows, next } = pageOf(shown, 20, query.get('next_page_token'));
    return { json: { ...(rows.length > 0 && { repos: rows }), ...(next && { next_page_token: next }) } };
  }

  private create({ body, caller, inProcess }: Call): Answer {
    const url = requiredText(body, 'url');
    const given = requiredText(body, 'provider');
    const provider = providers.find((known) => known.toLowerCase() === given.toLowerCase());
    if (provider === undefined) throw invalid(`The Git provider ${given} is not supported.`);
    const name =
      url
        .replace(/\.git$/, '')
        .split('/')
        .at(-1) ?? '';
    const path = checkedPath(textIn(body, 'path') ?? `/Repos/${caller.name}/${name}`);
    if (path.startsWith('/Repos') && path.split('/').length !== 4)
      throw invalid(`A path in /Repos has the form /Repos/{folder}/{repo-name}: ${path}`);
    const sparse = sparseOf(body['sparse_checkout']);
    const tree = this.tree();
    tree.parentOf(path);
    if (tree.find(path)) throw alreadyExists(path);
    if (!inProcess) this.fetch(url, provider, caller);
    const node = tree.add(path, { type: 'REPO' }, caller);
    const folder = { url, provider, branch: defaultBranch, head: commitOf(url, defaultBranch) };
    this.section.folders[node.id] = { ...folder, ...(sparse && { sparse }) };
    // What git brings.
    tree.add(`${path}/README.md`, { type: 'FILE', body: Buffer.from(`# ${name}\n`) }, caller);
    const source = Buffer.from('# Databricks notebook source\nprint("main")\n');
    tree.add(`${path}/main`, { type: 'NOTEBOOK', language: 'PYTHON', body: source }, caller);
    return { json: this.show(...this.find({ params: { id: node.id } })) };
  }

  private update(call: Call): Answer {
    const [, folder] = this.find(call);
    const { body, caller, inProcess } = call;
    const branch = textIn(body, 'branch');
    const tag = textIn(body, 'tag');
    if (branch !== undefined && tag !== undefined) throw invalid('Only one of branch and tag can be given.');
    const sparse = sparseOf(body['sparse_checkout']);
    if (sparse && !folder.sparse) throw invalid('Sparse checkout is not enabled for this repo.');
    if (!inProcess) this.fetch(folder.url, folder.provider, caller);
    const known = this.section.remotes[folder.url]?.branches;
    const wanted = branch ?? tag ?? folder.branch;
    if (branch !== undefined && known && !known.includes(branch))
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Branch ${branch} does not exist in the remote.`);
    if (sparse) folder.sparse = sparse;
    if (wanted === undefined) return {};
    folder.head = commitOf(folder.url, wanted);
    if (tag !== undefined) delete folder.branch;
    else folder.branch = wanted;
    return {};
  }

  private remove(call: Call): Answer {
    const [node] = this.find(call);
    this.tree().remove(node);
    Reflect.deleteProperty(this.section.folders, node.id);
    return {};
  }

  /** By the object id of the tree; what was deleted there is gone here too. */
  private find({ params }: Pick<Call, 'params'>): [TreeNode, GitFolder] {
    const { id = '' } = params;
    const node = this.tree().byId(id);
    const folder = this.section.folders[id];
    if (node && folder) return [node, folder];
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Repo with id ${id} does not exist.`);
  }

  /** Which tag is checked out is not told: only the commit. */
  private show(node: TreeNode, { url, provider, branch, head, sparse }: GitFolder): object {
    return {
      id: Number(node.id),
      path: this.tree().pathOf(node),
      url,
      provider,
      ...(branch !== undefined && { branch }),
      head_commit_id: head,
      ...(sparse && { sparse_checkout: sparse }),
    };
  }

  private fetch(url: string, provider: string, caller: Caller): void {
    if (this.section.remotes[url]?.isPrivate !== true) return;
    if (this.credentialsOf(caller).some(({ git_provider }) => git_provider === provider)) return;
    throw new ApiError(
      403,
      'PERMISSION_DENIED',
      'Missing Git provider credentials. Go to User Settings > Git Integration to add your personal access token.',
    );
  }

  private credentialsOf({ name }: Caller): Credential[] {
    return this.section.credentials[name] ?? [];
  }

  private addCredential({ body, caller }: Call): Answer {
    const credential = {
      credential_id: this.core.nextNumber(),
      git_provider: requiredText(body, 'git_provider'),
      git_username: textIn(body, 'git_username') ?? '',
    };
    const before = this.credentialsOf(caller);
    if (before.some(({ git_provider }) => git_provider === credential.git_provider))
      throw invalid(`A Git credential already exists for provider ${credential.git_provider}.`);
    this.section.credentials[caller.name] = [...before, credential];
    return { json: credential };
  }
}

function sparseOf(value: unknown): GitFolder['sparse'] {
  if (value === undefined || value === null) return undefined;
  const patterns = isJson(value) ? value['patterns'] : undefined;
  if (!Array.isArray(patterns)) throw invalid('sparse_checkout needs patterns.');
  return { patterns: patterns.map(String) };
}

/** The same commit in every workspace: they fetch from one provider. */
function commitOf(url: string, name: string): string {
  return Array.from({ length: 5 }, (_, part) =>
    hashOf(`${url} ${name} ${part}`).toString(16).padStart(8, '0'),
  ).join('');
}
