import { z } from 'zod';
import { sides } from '../domain/asset';
import { DrError } from '../domain/errors';
import { patternFault, patternSyntax } from '../domain/pattern';
import { faultsOf } from './faults';

const text = z.string().trim().min(1, 'must not be empty').max(1_000, 'must have at most 1000 characters');

const patterns = z
  .array(z.string().regex(patternSyntax, patternFault))
  .max(1_000, 'are more than 1000 patterns');

const scope = z.strictObject({
  tiers: z.array(z.int().min(0, 'is no tier: 0 to 99').max(99, 'is no tier: 0 to 99')).optional(),
  jobs: z
    .array(z.union([text, z.int().min(0).transform(String)]))
    .max(10_000)
    .optional(),
  include: patterns.optional(),
  exclude: patterns.optional(),
});

const start = z.strictObject({
  mode: z.enum(['planned', 'unplanned']).default('unplanned'),
  dryRun: z.boolean().default(false),
  snapshot: text.optional(),
  scope: scope.optional(),
  reason: text.optional(),
  fence: z.enum(['require', 'attempt', 'skip']).optional(),
  expectActive: z.enum(sides).optional(),
  confirm: z.string().optional(),
  force: z.boolean().default(false),
});

const decision = z.strictObject({ who: text.optional(), why: text.default('no reason was given') });

/** What may be said when a run is asked for. */
export type StartBody = z.output<typeof start>;
/** What may be said with a decision. `who` is a name that nobody has checked. */
export type DecisionBody = z.output<typeof decision>;

/** The body of a request that starts a run. Throws DR_REQUEST_INVALID that lists every fault with its path. */
export function parseStartBody(document: unknown): StartBody {
  return parse(start, document);
}

/** The body of a decision. Throws DR_REQUEST_INVALID that lists every fault with its path. */
export function parseDecisionBody(document: unknown): DecisionBody {
  return parse(decision, document);
}

function parse<Schema extends z.ZodObject>(schema: Schema, document: unknown): z.output<Schema> {
  const parsed = schema.safeParse(document, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalidRequest(faultsOf(parsed.error, new Set(Object.keys(schema.shape))));
}

/** A request with these faults. */
export function invalidRequest(errors: readonly { path: string; message: string }[]): DrError {
  const list = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new DrError('DR_REQUEST_INVALID', `cannot do what is asked: ${list}`, { errors });
}
