import { z } from 'zod';
import { dbfsRootSyntax, defaultDbfs } from '../domain/dbfs';
import { patternFault, patternSyntax } from '../domain/pattern';
import { mounts } from './mounts-schema';

/** Syntax of a pair's name: it goes into blob paths, run ids and URLs. */
export const pairNameSyntax = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/;
const secretNameSyntax = /^[0-9a-zA-Z-]{1,127}$/;
const accountSyntax = /^[a-z0-9]{3,24}$/;

const secretName = z
  .string()
  .regex(secretNameSyntax, 'is no name of a Key Vault secret: use letters, digits and hyphens, at most 127');
const assetPattern = z.string().regex(patternSyntax, patternFault);
const text = z.string().min(1, 'must not be empty');
const account = z
  .string()
  .regex(accountSyntax, 'is no storage account: give the bare name, 3 to 24 lower-case letters and digits');

const auth = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('managedIdentity') }),
    z.strictObject({ kind: z.literal('keyVault'), secret: secretName }),
  ])
  .default({ kind: 'managedIdentity' })
  .describe("How the app signs in: its managed identity (recommended), or a token in the app's key vault.");

const workspace = z.strictObject({
  region: text.describe('Azure region, e.g. eastus2.'),
  url: text.describe('https://adb-<workspace id>.<n>.azuredatabricks.net'),
  auth,
});

const scope = z
  .strictObject({
    include: z
      .array(assetPattern)
      .optional()
      .describe('Only what matches, and everything that it needs. Absent: everything.'),
    exclude: z
      .array(assetPattern)
      .default([])
      .describe('Never carried, not even into snapshots, with its permissions: job/123, job:tag:dr=off.'),
  })
  .prefault({})
  .describe('What of the workspace is protected.');

const rewrite = z
  .strictObject({
    storageHosts: z.record(account, account).default({}),
    keyVaults: z.record(text, text).default({}),
    nodeTypes: z.record(text, text).default({}),
    urls: z.record(text, text).default({}),
    owners: z
      .strictObject({
        map: z.record(text, text).optional().describe('Owners and run-as identities, by name.'),
        fallback: text.optional().describe('Who owns what an absent principal owned.'),
      })
      .prefault({}),
  })
  .prefault({})
  .describe("What is called otherwise in the other region, from the primary's name to the secondary's.");

const dbfs = z
  .strictObject({
    roots: z
      .array(z.string().regex(dbfsRootSyntax, 'is no folder of DBFS itself: write it as /FileStore/jars'))
      .default([...defaultDbfs.roots])
      .describe('Folders that are carried with everything below them. Never mounts, never volumes.'),
    maxFileMb: z
      .int()
      .min(1)
      .max(4_096)
      .default(defaultDbfs.maxFileMb)
      .describe('Larger files are skipped, and reported.'),
  })
  .prefault({})
  .describe('Files in the root storage of the workspace: libraries and init scripts.');

const confirm = z
  .strictObject({
    failures: z.int().min(1).max(60).default(5),
    of: z.int().min(1).max(60).default(6),
    everySeconds: z.int().min(1).max(600).default(30),
  })
  .prefault({})
  .describe('An outage is confirmed when `failures` of the last `of` probes failed.');

const alert = z
  .strictObject({
    mode: z
      .enum(['off', 'notify', 'approve', 'auto'])
      .default('approve')
      .describe(
        'off: alerts are recorded only. notify: someone is told. approve: the failover is prepared and asks, also where approval.required is false. auto: it cuts over unasked when an alert and our probes agree and the snapshot is fresh, else it asks.',
      ),
    services: z.array(text).default(['Azure Databricks']),
    confirm,
  })
  .prefault({});

const approval = z
  .strictObject({
    required: z.boolean().default(true),
    approvers: z.int().min(1).max(5).default(1),
    timeoutMinutes: z.int().min(1).max(10_080).default(60),
    onTimeout: z.enum(['hold', 'cancel']).default('hold'),
  })
  .prefault({});

const cutover = z
  .strictObject({
    fence: z
      .enum(['require', 'attempt', 'skip'])
      .default('attempt')
      .describe(
        'Quieting the old side before the new one wakes. require: it must be complete. attempt: as far as it answers. skip: not then. What is left is quieted as soon as that side answers.',
      ),
    tierTag: text.default('dr-tier').describe('The job tag that holds the tier: 0 wakes first.'),
    requireRunnable: z
      .array(z.int().min(0).max(99))
      .default([])
      .describe('Tiers whose jobs must all be runnable before the cutover goes on unasked.'),
    gates: z.array(z.looseObject({})).default([]),
    drainMinutes: z.int().min(0).max(1_440).default(10),
    wakePerMinute: z.int().min(1).max(100_000).default(1_800),
  })
  .prefault({});

const exception = z.strictObject({
  match: assetPattern,
  reason: text,
  owner: text,
  expires: z.iso
    .date('is no day: write it as 2027-01-01')
    .describe('The first day (UTC) on which it counts no longer.'),
});

const retention = z
  .strictObject({
    allDays: z.int().min(1).max(3_650).default(14),
    dailyDays: z.int().min(1).max(3_650).default(35),
    monthlyMonths: z.int().min(0).max(240).default(12),
    runDays: z.int().min(7).max(3_650).default(35),
  })
  .prefault({})
  .describe(
    'How long snapshots are kept: all of them, the last of each day, the last of each month; and what runs worked with. What a failover did is kept for good.',
  );

/** One pair, as `dr.config.json` has it. */
export const pairSchema = z.strictObject({
  name: z
    .string()
    .regex(pairNameSyntax, 'is no pair name: use lower-case letters, digits and hyphens inside, at most 24'),
  mode: z.enum(['protect', 'observe']).default('protect').describe('observe: sync, plan and preflight only.'),
  primary: workspace,
  secondary: workspace,
  scope,
  rewrite,
  mounts,
  dbfs,
  conflict: z
    .enum(['skip', 'overwrite'])
    .default('skip')
    .describe(
      'What becomes of assets that were changed on both sides: left alone and reported, or overwritten.',
    ),
  alert,
  approval,
  cutover,
  copySecretValues: z
    .boolean()
    .default(false)
    .describe(
      'Each refresh copies the values of secrets that are missing or older in the other workspace, in memory. false: they are reported, and set by hand.',
    ),
  exceptions: z.array(exception).default([]),
  retireDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(30)
    .describe('Days after which a copy that we made is removed when its source is gone.'),
  maxChange: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe(
      'A snapshot in which a larger part of a kind is gone or changed is not applied: 1 applies all.',
    ),
  retention,
  notify: z.array(z.strictObject({ kind: z.literal('webhook'), secret: secretName })).default([]),
});

const group = z.strictObject({ name: text, waves: z.array(z.array(text).min(1)).min(1) });

/** The whole of `dr.config.json`. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  pairs: z.array(pairSchema).min(1, 'must name at least one pair'),
  groups: z.array(group).default([]),
});

/** One pair, complete with defaults. */
export type PairConfig = z.output<typeof pairSchema>;
export type Config = z.output<typeof configSchema>;
/** How the app signs in to one workspace. */
export type AuthConfig = PairConfig['primary']['auth'];

/** The JSON Schema of `dr.config.json`, for editors. */
export function jsonSchema(): object {
  return {
    ...z.toJSONSchema(configSchema, { io: 'input', reused: 'inline' }),
    title: 'Databricks Regional Failover: dr.config.json',
  };
}
