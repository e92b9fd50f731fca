import { type Clusters } from '../workspace/clusters';
import { type EmulatedWorkspace } from '../workspace/workspace';
import { Builder } from './builder';
import { fillCompute } from './compute';
import { fillGitFolders } from './git-folders';
import { fillGrants } from './grants';
import { fillJobs } from './jobs';
import { fillMounts } from './mounts';
import { fillPeople } from './people';
import { fillPipelines } from './pipelines';
import { fillScripts } from './scripts';
import { fillSecrets } from './secrets';
import { fillSettings } from './settings';
import { type LifelikeSize, estateSizes } from './sizes';
import { fillSql } from './sql';
import { estateSummary, type EstateSummary } from './summary';
import { fillTree } from './tree';

export interface EstateOptions {
  readonly size: LifelikeSize;
  /** The same seed gives the same estate. */
  readonly seed: number;
}

/** Fills an empty workspace with a lifelike estate, in process; every cluster is terminated at the end. */
export function fillEstate(workspace: EmulatedWorkspace, { size, seed }: EstateOptions): EstateSummary {
  const builder = new Builder(workspace, estateSizes[size], seed);
  const people = fillPeople(builder);
  const tree = fillTree(builder, people);
  const compute = fillCompute(builder, people);
  const jobs = fillJobs(builder, people, tree, compute);
  fillGrants(builder, people, { tree, compute, jobs });
  fillGitFolders(builder, people);
  fillSettings(builder);
  fillPipelines(builder, people, tree, compute);
  fillSecrets(builder, people);
  fillMounts(builder, people);
  fillSql(builder, people);
  fillScripts(builder, people);
  workspace.core.area<Clusters>('clusters').stopAll();
  return estateSummary(workspace);
}
