import { type Builder } from '../builder';
import { type TrickyPart } from './part';

const maxBytes = 64 * 1024;
const twin = '  proxy #1 / "é" 🚀\t';

/** In an order that matters, with one that is disabled between others, and one name twice. */
export const initScripts: TrickyPart = {
  fill({ primary, secondary }) {
    add(primary, 'last', 'echo last', true);
    add(primary, twin, "echo 'é' \\\r\nexit 0\r\n", true, 0);
    add(primary, '100%2F', 'x'.repeat(maxBytes), false, 1);
    add(primary, 'empty but for a line', '\n', true, 2);
    add(primary, twin, 'echo the second of its name', false);
    // They stay, behind ours.
    add(secondary, 'of that region', 'echo theirs', false);
  },
};

function add(builder: Builder, name: string, text: string, enabled: boolean, position?: number): void {
  const script = Buffer.from(text).toString('base64');
  const place = position === undefined ? {} : { position };
  builder.post('/2.0/global-init-scripts', { name, script, enabled, ...place });
}
