import type { HttpResponseInit } from '@azure/functions';
import type { Fault } from '../../shared/config/faults';
import { DrError } from '../../shared/domain/errors';
import { readClaim } from '../../shared/storage/claims';
import { readDamage } from '../../shared/storage/damage';
import { readSuspect } from '../../shared/storage/suspects';
import type { Runtime } from '../../shared/runtime';
import { toolVersion } from '../../shared/version';
import { json, type Call } from './route';

/** Liveness, what is wrong with settings and configuration, and whether a deployment would interrupt a run. */
export async function getHealth(call: Call): Promise<HttpResponseInit> {
  const head = { version: toolVersion };
  try {
    const { runtime } = call.services;
    const faults = [...(await configFaults(runtime)), ...(await storedFaults(runtime))];
    const deployable = await isDeployable(runtime);
    const status = faults.length === 0 ? 'ok' : 'degraded';
    return json(200, { status, ...head, deployable, faults, hub: runtime.settings.hub });
  } catch (error) {
    const faults = error instanceof DrError ? (error.details.errors ?? [faultOf(error)]) : [];
    return json(503, { status: 'unavailable', ...head, deployable: false, faults, hub: null });
  }
}

function faultOf({ code, message }: DrError): Fault {
  return { path: code, message };
}

async function configFaults(runtime: Runtime): Promise<Fault[]> {
  const { refused, errors } = await runtime.config();
  return [...errors, ...refused.flatMap((pair) => pair.errors)];
}

/** Snapshots that were not applied, and stored blobs that are damaged. */
async function storedFaults(runtime: Runtime): Promise<Fault[]> {
  const { config } = await runtime.config();
  const faults: Fault[] = [];
  for (const { name } of config.pairs) {
    const path = `pairs.${name}.snapshots`;
    const suspect = await readSuspect(runtime, name);
    if (suspect !== undefined)
      faults.push({ path, message: `${suspect.id} is suspect: ${suspect.reasons.join('; ')}` });
    const { length } = await readDamage(runtime.state, name);
    if (length > 0) faults.push({ path, message: `${length} stored blobs are damaged or missing` });
  }
  return faults;
}

/** A run that is open would go on with other code than it began with. */
async function isDeployable(runtime: Runtime): Promise<boolean> {
  const { config } = await runtime.config();
  for (const { name } of config.pairs) {
    const claim = await readClaim(runtime.state, name);
    if (claim !== undefined && !claim.released) return false;
  }
  return true;
}
