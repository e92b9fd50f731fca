import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { type Builder } from './builder';
import { type Compute } from './compute';
import { planTrigger } from './job-triggers';
import { makeWork } from './job-work';
import { type People, type Team } from './people';
import { type Random } from './random';
import { type Tree } from './tree';
import { actions, subjects } from './vocabulary';

export interface EstateJob {
  readonly id: number;
  readonly team: Team;
}

/** More tasks than one page of `jobs/get` shows. */
const manyTasks = 120;
const bigJobAt = 17;
/** Jobs that others run; they run none themselves, so that no chain is long. */
const innerUntil = 0.4;

export function fillJobs(builder: Builder, people: People, tree: Tree, compute: Compute): EstateJob[] {
  const random = builder.random('jobs');
  const jobs: EstateJob[] = [];
  const inner: number[] = [];
  for (let at = 0; at < builder.counts.jobs; at++) {
    const team = random.pick(people.teams);
    const owner = at % 6 === 2 ? team.robot : random.pick(team.members);
    const plan = planTrigger(random, at);
    const isInner = at < builder.counts.jobs * innerUntil;
    const earlierJobs = isInner ? inner.slice(0, Math.floor(inner.length / 2)) : inner;
    const context = { random, team, owner, tree, compute, earlierJobs, isFrequent: plan.isFrequent };
    const taskCount = at === bigJobAt ? manyTasks : random.between(1, 6);
    const work = makeWork({ ...context, isFrequent: plan.isFrequent || at === bigJobAt }, taskCount, at);
    const settings = { ...around(random, at, team, owner), ...plan.settings, ...work };
    const { creator, runAs } = pickRunAs(at, team, owner);
    const id = Number(builder.post('/2.2/jobs/create', { ...settings, ...runAs }, creator)['job_id']);
    if (isInner && !plan.isFrequent) inner.push(id);
    jobs.push({ id, team });
  }
  return jobs;
}

/** Administrators let jobs run as others; everybody may let them run as a service principal. */
function pickRunAs(at: number, team: Team, owner: Caller): { creator?: Caller; runAs?: Json } {
  if (at % 10 === 7 && !owner.servicePrincipal) return { runAs: { run_as: { user_name: owner.name } } };
  if (at % 10 === 4)
    return { creator: owner, runAs: { run_as: { service_principal_name: team.robot.name } } };
  return { creator: owner };
}

function around(random: Random, at: number, team: Team, owner: Caller): Json {
  const mail = owner.servicePrincipal ? `${team.name}@contoso.com` : owner.name;
  return {
    // Names are not unique, here as on the platform.
    name: `${team.name}: ${random.pick(actions)} ${random.pick(subjects)}`,
    tags: { team: team.name, ...(at % 4 === 3 ? {} : { 'dr-tier': String(at % 3) }) },
    ...(at % 2 === 0 ? { email_notifications: { on_failure: [mail], no_alert_for_skipped_runs: true } } : {}),
    ...(at % 5 === 1 ? { timeout_seconds: 3_600, description: `Made for ${team.name}` } : {}),
    ...(at % 7 === 2 ? { max_concurrent_runs: 3, queue: { enabled: true } } : {}),
    parameters: [
      { name: 'mode', default: 'full' },
      { name: 'source', default: '/Volumes/main/landing/in' },
    ],
    ...(at % 8 === 5
      ? { health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 3_600 }] } }
      : {}),
  };
}
