import { parseKey } from './asset';
import type { MissingThing, ReportInput } from './report-input';
import { redact } from './redact';
import { scopeWords } from './scope';
import { outcomes } from './run';
import { count, kindWords, list, number } from './report-words';
import { titlesOf, type Titles } from './report-verdict';

/** Sentences of one sort that are written out; more of them are counted. */
const maxSentences = 50;

/** Reasons for skipping that are told; more of them are counted. */
const maxReasons = 5;

/** What a person still has to do, as sentences that can be followed one by one. Empty for runs that touch no target. */
export function manualSteps(input: ReportInput): readonly string[] {
  if (input.request.kind === 'sync' || input.request.kind === 'retention') return [];
  const titles = titlesOf(input);
  return [
    ...fenceByHand(input, titles),
    ...wakeByHand(input, titles),
    ...missingThings(input.missing, titles),
    ...notBuilt(input, titles),
    ...mountsByHand(input, titles),
    ...metastoresByHand(input, titles),
    ...doneByHand(input, titles),
    ...uncommittedEdits(input, titles),
    ...skippedThings(input, titles),
    ...retired(input, titles),
  ];
}

function fenceByHand({ cutover }: ReportInput, { source }: Titles): readonly string[] {
  const awake = cutover?.fence.triggersStillAwake.length ?? 0;
  if (!cutover?.switched || awake === 0) return [];
  const what = `${count(awake, 'schedule')} there may still start work`;
  return [
    `Watch ${source}: ${what} as soon as it is back. The app stills them when it answers; pause them by hand where you can reach them sooner.`,
  ];
}

function wakeByHand({ cutover, scope }: ReportInput, { source, target }: Titles): readonly string[] {
  const left = cutover?.asleep.filter(({ expected }) => expected === 'scope').length ?? 0;
  if (!cutover?.switched || left === 0) return [];
  const what = `${count(left, 'schedule')} of ${source} outside of the scope (${scopeWords(scope?.asked ?? {})})`;
  return [`Wake ${what} in ${target} where they are wanted: this run left them asleep on both sides.`];
}

function missingThings(missing: readonly MissingThing[], titles: Titles): readonly string[] {
  const told = missing.slice(0, maxSentences).map((thing) => missingThing(thing, titles));
  const rest = missing.length - told.length;
  return rest > 0
    ? [...told, `Provide ${count(rest, 'more thing')} that assets need: their reasons name them.`]
    : told;
}

function missingThing({ key, neededBy }: MissingThing, titles: Titles): string {
  const { kind, id } = parseKey(key);
  const needers = neededBy.slice(0, 3).join(', ');
  const more = neededBy.length > 3 ? ` and ${number(neededBy.length - 3)} more` : '';
  const because =
    neededBy.length > 0 ? `: ${needers}${more} ${neededBy.length === 1 ? 'needs' : 'need'} it` : '';
  return `${provide(kind, id, titles)}${because}.`;
}

function provide(kind: string, id: string, { source, target }: Titles): string {
  switch (kind) {
    case 'dbfs-file':
      return `Copy ${id} to ${target}`;
    case 'mount':
      return `Mount ${id} in ${target}`;
    case 'secret':
      return `Set the value of the secret ${id} in ${target}`;
    case 'secret-scope':
      return `Create the secret scope ${id} in ${target} and set its values`;
    default:
      return `Create the ${kindWords(kind, 1)} ${id} in ${target} as it is in ${source}`;
  }
}

/** What no API gives, or this version does not carry, as long as no adapter of that kind took part. */
function notBuilt(input: ReportInput, { source, target }: Titles): readonly string[] {
  const carried = new Set(input.kinds.filter(({ notAsked }) => !notAsked).map(({ kind }) => kind));
  const rows: readonly (readonly [string, string])[] = [
    [
      'mount',
      `Mount storage in ${target}: run there what mounts it in ${source}. Mounts have no API; dbutils.fs.mounts() lists them, without their credentials, and so does the app where \`mounts.discover\` asks for it.`,
    ],
    ['secret', `Set the values of secrets in ${target}: the platform does not give them out.`],
    ['global-init-script', `Create the global init scripts of ${source} in ${target}, in the same order.`],
    [
      'dbfs-file',
      `Copy dbfs:/databricks/init and other files in DBFS that clusters start with from ${source} to ${target}: legacy init scripts are not carried.`,
    ],
  ];
  return rows.filter(([kind]) => !carried.has(kind)).map(([, sentence]) => sentence);
}

/** Each with the statement to run: nobody but a person knows the credentials. */
function mountsByHand({ outcomes: all }: ReportInput, { target }: Titles): readonly string[] {
  const skipped = all.filter(({ key, outcome }) => outcome === 'skipped' && parseKey(key).kind === 'mount');
  const told = skipped
    .slice(0, maxSentences)
    .map(({ name, reason }) => `Mount ${name} in ${target}: ${redact(reason)}`);
  const rest = skipped.length - told.length;
  return rest > 0
    ? [...told, `Mount ${count(rest, 'more mount point')} in ${target}: their reasons say how.`]
    : told;
}

/** What waits for a person, each with what to do about it. */
function doneByHand({ outcomes: all }: ReportInput, { target }: Titles): readonly string[] {
  const waiting = all.filter(({ byHand }) => byHand);
  const told = waiting
    .slice(0, maxSentences)
    .map(
      ({ key, name, reason }) =>
        `In ${target}, ${kindWords(parseKey(key).kind, 1)} ${name}: ${redact(reason)}.`,
    );
  const rest = waiting.length - told.length;
  return rest > 0 ? [...told, `Do the same for ${count(rest, 'more asset')} that wait for a person.`] : told;
}

/** Tables would be looked up in the region that may be gone. */
function metastoresByHand({ metastores = [] }: ReportInput, { target }: Titles): readonly string[] {
  const stale = metastores.filter(({ left }) => left.length > 0);
  const [first] = stale;
  if (first === undefined) return [];
  const more = stale.length > 1 ? ` and ${count(stale.length - 1, 'more setting')}` : '';
  return [
    `Point the external Hive metastore at the one that ${target} uses: ${first.setting} of ${first.name}${more} still ${stale.length > 1 ? 'name' : 'names'} ${list([...new Set(stale.flatMap(({ left }) => left))])}.`,
  ];
}

/** The platform does not tell whether there are any. */
function uncommittedEdits({ kinds }: ReportInput, { source, target }: Titles): readonly string[] {
  const folders = kinds.find(({ kind }) => kind === 'git-folder');
  if (folders === undefined || outcomes.every((verb) => folders.counts[verb] === 0)) return [];
  return [
    `Commit and push what is not committed in the git folders of ${source}, as far as it can be reached: ${target} has what lies in Git.`,
  ];
}

function skippedThings(input: ReportInput, { target }: Titles): readonly string[] {
  const groups = new Map<string, { kind: string; reason: string; value: number }>();
  for (const { key, outcome, reason, harmless } of input.outcomes) {
    const { kind } = parseKey(key);
    if (outcome !== 'skipped' || harmless || kind === 'mount') continue;
    const value = groups.get(`${kind} ${reason}`)?.value ?? 0;
    groups.set(`${kind} ${reason}`, { kind, reason, value: value + 1 });
  }
  if (groups.size === 0) return [];
  const ordered = [...groups.values()].sort((a, b) => b.value - a.value);
  const told = ordered
    .slice(0, maxReasons)
    .map(({ kind, reason, value }) => `${number(value)} ${kindWords(kind, value)} (${redact(reason)})`);
  const rest = ordered.length - told.length;
  const what = list(rest > 0 ? [...told, `others for ${count(rest, 'more reason')}`] : told);
  return [`Look through what was skipped, and bring to ${target} by hand what is wanted there: ${what}.`];
}

function retired({ retire }: ReportInput, { source, target }: Titles): readonly string[] {
  const stays = retire.filter(({ fate }) => fate === 'stays' || fate === 'failed');
  if (stays.length === 0) return [];
  return [`Remove ${count(stays.length, 'asset')} from ${target} if nobody wants them: gone in ${source}.`];
}
