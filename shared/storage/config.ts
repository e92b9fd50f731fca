import { canonicalJson, sha256 } from '../domain/asset';
import type { BlobStore } from './blob-store';
import { readDocument, withoutVersion, writeDocument, writeOnce } from './documents';
import { paths } from './layout';

interface StoredConfig {
  readonly formatVersion: 1;
}

/** The configuration document as it was uploaded; undefined when there is none yet. */
export async function readConfig(state: BlobStore): Promise<object | undefined> {
  const stored = await readDocument<StoredConfig>(state, paths.config());
  return stored === undefined ? undefined : withoutVersion(stored.value);
}

/** Stores a configuration that was checked: a version under its hash, then the present one. Returns the hash. */
export async function writeConfig(state: BlobStore, document: object): Promise<string> {
  const versioned = { ...document, formatVersion: 1 as const };
  const sha = sha256(canonicalJson(versioned));
  await writeOnce(state, paths.configVersion(sha), JSON.stringify(versioned), {
    contentType: 'application/json',
  });
  await writeDocument(state, paths.config(), versioned);
  return sha;
}
