import { getConfig, getConfigSchema, putConfig } from './http/configuration';
import { getHealth } from './http/health';
import { getMap, getPair, getPairs } from './http/pairs';
import { registerRoutes, rolesFor, unbuilt } from './http/route';
import { getPlan, getReport, getRun, getRuns } from './http/runs';

const { reading, operating } = rolesFor;

/** HTTP: how things stand, and the configuration. */
registerRoutes([
  { name: 'getPairs', method: 'GET', path: 'pairs', roles: reading, answer: getPairs },
  { name: 'getPair', method: 'GET', path: 'pairs/{pair}', roles: reading, answer: getPair },
  { name: 'getMap', method: 'GET', path: 'pairs/{pair}/map', roles: reading, answer: getMap },
  { name: 'getRuns', method: 'GET', path: 'runs', roles: reading, answer: getRuns },
  { name: 'getRun', method: 'GET', path: 'runs/{run}', roles: reading, answer: getRun },
  { name: 'getPlan', method: 'GET', path: 'runs/{run}/plan', roles: reading, answer: getPlan },
  { name: 'getReport', method: 'GET', path: 'runs/{run}/report', roles: reading, answer: getReport },
  { name: 'getConfig', method: 'GET', path: 'config', roles: reading, answer: getConfig },
  { name: 'putConfig', method: 'PUT', path: 'config', roles: operating, answer: putConfig },
  { name: 'getConfigSchema', method: 'GET', path: 'config/schema', roles: reading, answer: getConfigSchema },
  { name: 'getHealth', method: 'GET', path: 'health', answer: getHealth },
  unbuilt('getEvidence', 'GET', 'runs/{run}/evidence'),
  unbuilt('getOpenApi', 'GET', 'openapi.json'),
]);
