import { canonicalJson, sha256 } from '../domain/asset';
import type { RunKind } from '../domain/run';
import type { BlobStore } from './blob-store';
import { updateDocument } from './documents';
import { paths } from './layout';

interface Reservation {
  readonly formatVersion: 1;
  readonly bodySha: string;
  readonly runId: string;
}

/** A request that must have its effect once, however often it is sent. */
export interface IdempotentRequest {
  readonly pair: string;
  readonly kind: RunKind;
  /** What the caller calls it: the header `Idempotency-Key`. */
  readonly key: string;
  readonly body: object;
}

/**
 * The run id that belongs to a request: `fresh`, or the one that it got when it first came. Undefined when the key was used with
 * another body.
 */
export async function reserveRunId(
  state: BlobStore,
  { pair, kind, key, body }: IdempotentRequest,
  fresh: string,
): Promise<string | undefined> {
  const bodySha = sha256(canonicalJson(body));
  const path = paths.idempotency(sha256(canonicalJson([pair, kind, key])));
  const stored = await updateDocument<Reservation>(state, path, (current) =>
    current === undefined ? { formatVersion: 1, bodySha, runId: fresh } : undefined,
  );
  return stored?.bodySha === bodySha ? stored.runId : undefined;
}
