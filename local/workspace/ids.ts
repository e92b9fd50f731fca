import { type Core } from './area';
import { hashOf } from './fields';

const letters = 36n ** 8n;

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

/** The number as eight letters and digits; different numbers give different ones. */
function scramble(core: Core, number: number): string {
  const spread = (BigInt(number) * 7_919_000_003n + BigInt(hashOf(core.name))) % letters;
  return spread.toString(36).padStart(8, '0');
}

function stamp(core: Core): string {
  const now = new Date(core.nowMs());
  const day = `${pad(now.getUTCMonth() + 1)}${pad(now.getUTCDate())}`;
  return `${day}-${pad(now.getUTCHours())}${pad(now.getUTCMinutes())}${pad(now.getUTCSeconds())}`;
}

/** As `1017-093042-4k2jx0aa`. */
export function makeClusterId(core: Core): string {
  return `${stamp(core)}-${scramble(core, core.nextNumber())}`;
}

/** As `1017-093042-pool-4k2jx0aa`. */
export function makePoolId(core: Core): string {
  return `${stamp(core)}-pool-${scramble(core, core.nextNumber())}`;
}

/** Sixteen hexadecimal digits, as `000A1B2C3D4E5F60`. */
export function makePolicyId(core: Core): string {
  const spread = (BigInt(core.nextNumber()) * 7_919_000_003n + BigInt(hashOf(core.name))) % 2n ** 60n;
  return spread.toString(16).toUpperCase().padStart(16, '0');
}

/** As `4f8a0c3e-0000-4000-8000-5b2c1d0e9f7a`. */
export function makeUuid(core: Core): string {
  const hex = makePolicyId(core).toLowerCase();
  return `${hex.slice(8)}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-8000-${hex.slice(7, 8)}${hex.slice(0, 11)}`;
}
