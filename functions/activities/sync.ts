import { exportListing, listUnits } from '../../shared/engine/exporter';
import { exportPack } from '../../shared/engine/pack-writer';
import { isoNow } from '../../shared/engine/run-context';
import { sealSnapshotOf, sealUnit } from '../../shared/engine/snapshot-sealer';
import { readState } from '../../shared/storage/pair-state';
import { acceptSnapshot } from '../../shared/storage/suspects';
import type { RunContexts } from '../../shared/run-contexts';
import { activity, fannedOut } from './activity';

interface UnitRef {
  readonly runId: string;
  readonly unit: number;
}

/** The activities that copy the source into a snapshot. */
export function makeSyncActivities(contexts: RunContexts) {
  return {
    listUnits: activity(async ({ runId }: { readonly runId: string }) => ({
      units: await listUnits(await contexts.open(runId)),
    })),
    exportListing: activity(async ({ runId, unit }: UnitRef) => ({
      packs: await exportListing(await contexts.open(runId), unit),
    })),
    exportPack: fannedOut(async ({ runId, unit, pack }: UnitRef & { readonly pack: number }) => ({
      left: await exportPack(await contexts.open(runId), unit, pack),
    })),
    sealUnit: activity(async ({ runId, unit, final }: UnitRef & { readonly final: boolean }) => ({
      again: await sealUnit(await contexts.open(runId), unit, final),
    })),
    sealSnapshot: activity(async ({ runId }: { readonly runId: string }) => {
      const context = await contexts.open(runId);
      const { tenure } = await readState(context.state, context.pair.name, isoNow(context));
      const { id, count, suspect } = await sealSnapshotOf(context, tenure);
      return { snapshot: id, count, suspect };
    }),
    acceptSnapshot: activity(
      async ({ runId, snapshot }: { readonly runId: string; readonly snapshot: string }) => {
        const context = await contexts.open(runId);
        await context.holdsClaim();
        await acceptSnapshot(context, context.pair.name, snapshot);
        context.log.warn('a snapshot was accepted', { snapshot, by: context.request.startedBy });
        return {};
      },
    ),
  };
}
