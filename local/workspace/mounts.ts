import { type Area, type Core } from './area';
import { PythonError } from './python-syntax';

export interface Mount {
  readonly mountPoint: string;
  readonly source: string;
  readonly encryptionType: string;
  /** What reading it takes. Nobody gets to see it again. */
  readonly configs: Readonly<Record<string, unknown>>;
}

/** What every workspace has mounted. */
const builtIn: readonly Mount[] = [
  ['/databricks-datasets', 'databricks-datasets'],
  ['/Volumes', 'UnityCatalogVolumes'],
  ['/databricks/mlflow-tracking', 'databricks/mlflow-tracking'],
  ['/databricks-results', 'databricks-results'],
  ['/', 'DatabricksRoot'],
].map(([mountPoint = '', source = '']) => ({ mountPoint, source, encryptionType: '', configs: {} }));

/** Storage that is mounted in DBFS. No API tells or changes it: only code that runs on a cluster does. */
export class MountsArea implements Area {
  readonly name = 'mounts';
  readonly routes = {};
  private readonly section: { readonly mounts: Mount[] };

  constructor(core: Core) {
    this.section = core.section('mounts', () => ({ mounts: [] as Mount[] }));
  }

  all(): readonly Mount[] {
    return [...this.section.mounts, ...builtIn];
  }

  add(mount: Mount): void {
    if (!mount.mountPoint.startsWith('/')) throw failed(`Invalid mount point: ${mount.mountPoint}`);
    if (this.find(mount.mountPoint)) throw failed(`Directory already mounted: ${mount.mountPoint}`);
    this.section.mounts.push(mount);
  }

  update(mount: Mount): void {
    const { mounts } = this.section;
    const at = mounts.findIndex(({ mountPoint }) => mountPoint === mount.mountPoint);
    if (at < 0) throw failed(`Directory not mounted: ${mount.mountPoint}`);
    mounts[at] = mount;
  }

  remove(mountPoint: string): void {
    const at = this.section.mounts.findIndex((mount) => mount.mountPoint === mountPoint);
    if (at < 0) throw failed(`Directory not mounted: ${mountPoint}`);
    this.section.mounts.splice(at, 1);
  }

  find(mountPoint: string): Mount | undefined {
    return this.all().find((mount) => mount.mountPoint === mountPoint);
  }
}

function failed(message: string): PythonError {
  return new PythonError('java.rmi.RemoteException', message);
}
