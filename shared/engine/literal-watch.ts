import { literalScanner, type LiteralScanner } from '../domain/literals';
import { rulesOf } from './id-map';
import type { RunContext } from './run-context';

/** What finds names of the run's source region in bodies. */
export function scannerOf(context: RunContext): LiteralScanner {
  const { region, url } = context.pair[context.source];
  return literalScanner({ rules: rulesOf(context), region, url });
}
