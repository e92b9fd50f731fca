import { trickyExceptions } from '../../local/estate/tricky/exceptions';
import type { TreeNode } from '../../local/workspace/tree-store';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { TreeArea } from '../../local/workspace/workspace-tree';
import type { Report } from '../../shared/domain/report';
import type { RunKind, RunSummary } from '../../shared/domain/run';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from './memory-blobs';
import { makeRig, type Rig, type RigOptions } from './rig';

export interface Told {
  readonly summary: RunSummary;
  readonly report: Report;
  /** `blocked: needs …` by key, of what did not arrive. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Paths of what was written to the secondary. */
  readonly written: readonly string[];
  /** Paths of what the secondary was asked to write, and refused. */
  readonly refused: readonly string[];
}

/** Who left is replaced by somebody who is there. */
export function openRig(options: Pick<RigOptions, 'around' | 'pair'> = {}): Promise<Rig> {
  const rewrite = {
    owners: { fallback: 'admin@example.com' },
    storageHosts: { lakeeastus2: 'lakecentralus' },
  };
  const pair = { rewrite, ...options.pair };
  return makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, ...options, pair });
}

/** Runs it, with the exceptions that the owner of the estate has written down. */
export async function tell(rig: Rig, kind: RunKind): Promise<Told> {
  const seq = rig.secondary.requests.lastSeq();
  const exceptions = trickyExceptions(rig.primary, '2099-01-01');
  const summary = await rig.run(kind, { pair: { exceptions } });
  const report = (await readReport(rig.runtime.state, summary.runId)) as Report;
  const bad = report.outcomes.filter(({ outcome }) => outcome !== 'restored' && outcome !== 'unchanged');
  const reasons = new Map(bad.map(({ key, outcome, reason }) => [key as string, `${outcome}: ${reason}`]));
  const writes = rig.secondary.requests.mutatingSince(seq);
  const paths = (of: typeof writes): string[] => of.map(({ path }) => path);
  const written = paths(writes.filter(({ status }) => status < 400));
  const refused = paths(writes.filter(({ status }) => status >= 400));
  return { summary, report, reasons, written, refused };
}

/** What lies in the tree of a workspace: type and content by path. */
export function contentOf({ core }: EmulatedWorkspace): Map<string, string> {
  const { tree } = core.area<TreeArea>('workspace-tree');
  const found = new Map<string, string>();
  const visit = (node: TreeNode): void => {
    const { type, language = '' } = node;
    found.set(tree.pathOf(node), `${type} ${language} ${tree.bodyOf(node).toString('base64')}`);
    tree.childrenOf(node).forEach(visit);
  };
  visit(tree.root);
  return found;
}
