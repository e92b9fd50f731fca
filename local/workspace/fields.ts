import { ApiError } from './area';

export type Json = Record<string, unknown>;

export function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALID_PARAMETER_VALUE', message);
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function copyOf<T>(value: T): T {
  return structuredClone(value);
}

/** A nested message; `{}` when absent. */
export function jsonIn(body: Readonly<Json>, field: string): Json {
  const value = body[field];
  if (value === undefined || value === null) return {};
  if (!isJson(value)) throw invalid(`Field '${field}' must be an object`);
  return value;
}

/** A repeated message; empty when absent. */
export function rowsIn(body: Readonly<Json>, field: string): Json[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isJson))
    throw invalid(`Field '${field}' must be a list of objects`);
  return value;
}

/** A string that may be absent; '' counts as absent, as in a protocol buffer. */
export function textIn(body: Readonly<Json>, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(`Field '${field}' must be a string`);
  return value;
}

export function requiredText(body: Readonly<Json>, field: string): string {
  const value = textIn(body, field);
  if (value === undefined) throw invalid(`Missing required field: ${field}`);
  return value;
}

/** A whole number that may be absent; the API takes int64 fields as strings too. */
export function numberIn(body: Readonly<Json>, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw invalid(`Field '${field}' must be a whole number`);
  return number;
}

export function requiredNumber(body: Readonly<Json>, field: string): number {
  const value = numberIn(body, field);
  if (value === undefined) throw invalid(`Missing required field: ${field}`);
  return value;
}

/** The body without some fields and without nulls, as it is kept. */
export function without(body: Readonly<Json>, ...fields: readonly string[]): Json {
  const kept = Object.entries(body).filter(([field, value]) => !fields.includes(field) && value !== null);
  return copyOf(Object.fromEntries(kept));
}

/** Equal bodies give equal text, whatever the order of their fields. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJson(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(',')}}`;
}

/** FNV-1a of a text: where the emulator needs something arbitrary that is the same each time. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
