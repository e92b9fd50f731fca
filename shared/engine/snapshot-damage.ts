import { DrError, hasCode } from '../domain/errors';
import type { IndexLine } from '../domain/snapshot';
import { streamIndex } from '../storage/snapshots';
import type { RunContext } from './run-context';

/**
 * The lines of an index. A blob of it that is damaged or gone is told to `onLost`, and the others are still good:
 * what can be restored is restored.
 */
export async function* readableLines(
  context: Pick<RunContext, 'pair' | 'snapshots' | 'log'>,
  shas: readonly string[],
  onLost: (sha: string, error: DrError) => void,
): AsyncGenerator<IndexLine> {
  for (const sha of shas) {
    try {
      yield* streamIndex(context.snapshots, context.pair.name, [sha]);
    } catch (error) {
      if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_BLOB_MISSING')) throw error;
      context.log.error('a part of a snapshot is damaged', { index: sha, code: error.code });
      onLost(sha, error);
    }
  }
}

/** Why an asset has failed whose body, or whose place, cannot be read. */
export function lostReason({ code, message }: DrError): string {
  return `${code}: ${message}; an older snapshot may have it`;
}

/** The body, or why there is none. Throws what may heal. */
export function bodyOrLost(body: object | undefined): { readonly body: object } | { readonly lost: string } {
  if (body === undefined) return { lost: 'the snapshot has no body of it' };
  if (!(body instanceof DrError)) return { body };
  if (body.retryable) throw body;
  return { lost: lostReason(body) };
}
