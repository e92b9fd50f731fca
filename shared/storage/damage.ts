import type { Damage } from '../domain/retention';
import type { BlobStore } from './blob-store';
import { readDocument, updateDocument, writeDocument } from './documents';
import { paths } from './layout';

interface StoredDamage {
  readonly formatVersion: 1;
  readonly damaged: readonly Damage[];
}

/** The stored blobs of a pair that are known not to be what they should be. */
export async function readDamage(state: BlobStore, pair: string): Promise<readonly Damage[]> {
  return (await readDocument<StoredDamage>(state, paths.damage(pair)))?.value.damaged ?? [];
}

export async function writeDamage(state: BlobStore, pair: string, damaged: readonly Damage[]): Promise<void> {
  await writeDocument<StoredDamage>(state, paths.damage(pair), { formatVersion: 1, damaged });
}

/** Packs were written anew: they are good again. */
export async function forgetDamage(state: BlobStore, pair: string, packs: readonly string[]): Promise<void> {
  await updateDocument<StoredDamage>(state, paths.damage(pair), (current) => {
    const rest = current?.damaged.filter(({ what, name }) => what !== 'pack' || !packs.includes(name));
    if (current === undefined || rest === undefined || rest.length === current.damaged.length)
      return undefined;
    return { ...current, damaged: rest };
  });
}
