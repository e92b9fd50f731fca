import { invalid, type Json } from './fields';

export const maxCustomTags = 45;

export function checkTags(tags: Json): void {
  if (Object.keys(tags).length > maxCustomTags)
    throw invalid(`The number of custom tags exceeds the limit of ${maxCustomTags}`);
  for (const [key, value] of Object.entries(tags))
    if (typeof value !== 'string') throw invalid(`The value of the custom tag '${key}' must be a string`);
}
