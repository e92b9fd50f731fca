import { type Builder } from '../builder';
import { makeCluster, type TrickyPart } from './part';

/** As many as a workspace may have. */
const maxPinned = 100;
const foreign = 3;

/** The primary has all the pins that there are, and in the secondary others have some of them already. */
export const pins: TrickyPart = {
  fill({ primary, secondary }) {
    for (let at = 1; at <= maxPinned; at++) pin(primary, makeCluster(primary, `pinned ${at}`));
    for (let at = 1; at <= foreign; at++)
      pin(secondary, makeCluster(secondary, `theirs ${at}`, {}, { ...admin }));
  },
};

const admin = { name: 'admin@example.com', servicePrincipal: false, admin: true };

function pin(builder: Builder, cluster_id: string): void {
  builder.post('/2.1/clusters/pin', { cluster_id });
}
