import { z } from 'zod';

const text = z.string().min(1, 'must not be empty');
const credential = { match: text, scope: text, key: text };
/** How storage that is mounted in DBFS is found, and mounted again. */
export const mounts = z
  .strictObject({
    discover: z
      .boolean()
      .default(false)
      .describe(
        'Lists mounts by a notebook that runs on a small cluster at the source: minutes of compute. Off: mounts are left to a person.',
      ),
    everyHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('They are listed anew by the first refresh after this time; 0: by every one.'),
    sparkVersion: text.default('15.4.x-scala2.12').describe('Of the small cluster.'),
    nodeType: text.default('Standard_DS3_v2').describe('Of the small cluster, in both regions.'),
    how: z
      .array(
        z.discriminatedUnion('kind', [
          z.strictObject({
            kind: z.literal('servicePrincipal'),
            clientId: text,
            tenantId: text,
            ...credential,
          }),
          z.strictObject({ kind: z.literal('accountKey'), ...credential }),
          z.strictObject({ kind: z.literal('sas'), ...credential }),
        ]),
      )
      .default([])
      .describe(
        'How mount points are mounted: `match` is one of them, with * for any characters; the first rule counts. The credential lies in a secret scope of the workspace, never here.',
      ),
  })
  .prefault({})
  .describe('Storage that is mounted in DBFS.');
