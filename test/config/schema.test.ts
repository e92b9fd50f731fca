import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { jsonSchema } from '../../shared/config/schema';

test('the schema file is the one that the code gives (UPDATE=1 writes it)', async () => {
  const file = join(__dirname, '..', '..', 'dr.config.schema.json');
  const text = await format(JSON.stringify(jsonSchema(), null, 2), { parser: 'json', printWidth: 110 });
  if (process.env['UPDATE'] === '1') writeFileSync(file, text);

  expect(readFileSync(file, 'utf8')).toBe(text);
});
