import type { IndexLine } from '../domain/snapshot';
import { parseKey, type Side } from '../domain/asset';
import type { Link } from '../domain/link';
import { isoNow, type RunContext } from './run-context';

/** Stands for the map hash of what was restored with gaps (a principal that is missing there): it is looked at again at every plan. */
export const degraded = 'degraded';

/** What is known when both sides of an asset agree. */
export interface Agreement {
  readonly line: IndexLine;
  readonly targetId: string;
  readonly base: string;
  readonly mapSha: string;
  readonly targetSha?: string;
  readonly targetVersion?: string;
  readonly ours: boolean;
  /** The side on which we created it. */
  readonly madeAt?: Side;
  /** Read back and found equal now. */
  readonly verified: boolean;
}

/** The link that records an agreement, whichever side was the source. */
export function makeLink(context: RunContext, agreement: Agreement): Link {
  const { line, targetId, targetVersion } = agreement;
  const own = { id: parseKey(line.key).id, version: line.version };
  const other = { id: targetId, version: targetVersion };
  const [primary, secondary] = context.source === 'primary' ? [own, other] : [other, own];
  return {
    primary: primary.id,
    secondary: secondary.id,
    bodySha: line.bodySha ?? '',
    base: agreement.base,
    mapSha: agreement.mapSha,
    ours: agreement.ours,
    ...(agreement.madeAt === undefined ? {} : { madeAt: agreement.madeAt }),
    ...(agreement.targetSha === undefined ? {} : { targetSha: agreement.targetSha }),
    ...(primary.version === undefined ? {} : { primaryVersion: primary.version }),
    ...(secondary.version === undefined ? {} : { secondaryVersion: secondary.version }),
    ...(agreement.verified ? { verifiedAt: isoNow(context) } : {}),
  };
}
