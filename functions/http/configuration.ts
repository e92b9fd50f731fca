import type { HttpResponseInit } from '@azure/functions';
import { checkConfig } from '../../shared/config/check-config';
import { jsonSchema } from '../../shared/config/schema';
import { DrError } from '../../shared/domain/errors';
import { readConfig, writeConfig } from '../../shared/storage/config';
import { readBody } from './body';
import { json, type Call } from './route';
import { deadPatterns } from './scope-faults';

/** Takes a configuration over, whole, or not at all. */
export async function putConfig({ request, caller, services: { runtime } }: Call): Promise<HttpResponseInit> {
  const document = await readBody(request);
  const { homeRegion, local } = runtime.settings;
  const { config, errors, warnings } = checkConfig(document, {
    homeRegion,
    allowLoopback: local !== undefined,
  });
  if (config === undefined) {
    const faults = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
    throw new DrError('DR_CONFIG_INVALID', `cannot take the configuration: it has ${faults}`, { errors });
  }
  const version = await writeConfig(runtime.state, document as object);
  runtime.forgetConfig();
  runtime.log.info('the configuration was replaced', { version, by: caller.who });
  const told = [...warnings, ...config.pairs.flatMap(deadPatterns)];
  return json(200, { version, pairs: config.pairs.map(({ name }) => name), warnings: told });
}

/** The configuration as it was uploaded. */
export async function getConfig({ services: { runtime } }: Call): Promise<HttpResponseInit> {
  const document = await readConfig(runtime.state);
  if (document === undefined)
    throw new DrError('DR_CONFIG_MISSING', 'cannot show the configuration: none was uploaded yet');
  return json(200, document);
}

export function getConfigSchema(): Promise<HttpResponseInit> {
  return Promise.resolve(json(200, jsonSchema(), { 'content-type': 'application/schema+json' }));
}
