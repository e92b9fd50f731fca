import { type Clusters } from '../../workspace/clusters';
import { type Libraries } from '../../workspace/libraries';
import { makeCluster, type TrickyPart } from './part';

const good = [{ pypi: { package: 'openpyxl==3.1.5' } }, { maven: { coordinates: 'org.x:y_2.12:1.0' } }];
/** Eggs end with runtime 14. */
const bad = { egg: 'dbfs:/FileStore/jars/old-0.1-py2.7.egg' };
const leaving = { cran: { package: 'forecast' } };

/** On a cluster that runs: one library that failed, one that is to go, and two that are well. */
export const libraries: TrickyPart = {
  fill({ primary }) {
    const { core } = primary.workspace;
    const cluster_id = makeCluster(primary, 'with libraries', { autotermination_minutes: 0 });
    core.area<Clusters>('clusters').startNow(cluster_id);
    primary.post('/2.0/libraries/install', { cluster_id, libraries: [...good, bad, leaving] });
    core.area<Libraries>('libraries').installNow(cluster_id);
    primary.post('/2.0/libraries/uninstall', { cluster_id, libraries: [leaving] });
  },
};
