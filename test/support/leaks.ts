import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { type WorldFacts } from '../../local/control';
import { makeLog } from '../../shared/log';
import { openBlobStores } from '../../shared/storage/blob-store';

/** Something that a secret may have been written into. */
export interface Text {
  readonly place: string;
  readonly text: string;
}

/** Where which of the secrets was found: `place: its first letters`. */
export function findLeaks(texts: readonly Text[], secrets: readonly string[]): string[] {
  return texts.flatMap(({ place, text }) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret.slice(0, 4)}…`),
  );
}

/** Every blob of both containers, unpacked, with its metadata. */
export async function blobTexts({ storage }: WorldFacts): Promise<Text[]> {
  const texts: Text[] = [];
  const stores = openBlobStores({
    url: storage.url,
    credential: new StorageSharedKeyCredential(storage.account, storage.key),
    now: Date.now,
    log: makeLog(() => undefined),
  });
  for (const store of [stores.state, stores.snapshots]) {
    for await (const { path, metadata } of store.list('', { metadata: true })) {
      const { bytes } = (await store.read(path))!;
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
      texts.push({ place: path, text: `${path} ${JSON.stringify(metadata)}` });
      texts.push({ place: path, text: (isPacked ? gunzipSync(bytes) : bytes).toString('latin1') });
    }
  }
  return texts;
}

/** Every row of every table; nobody may have the file open. */
export function databaseTexts(file: string): Text[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type='table'").all() as { name: string }[];
  const texts = tables.flatMap(({ name }) =>
    db
      .prepare(`SELECT * FROM "${name}"`)
      .all()
      .map((row) => ({ place: `table ${name}`, text: JSON.stringify(row) })),
  );
  db.close();
  return texts;
}

export function fileText(file: string): Text {
  return { place: file, text: readFileSync(file, 'utf8') };
}
