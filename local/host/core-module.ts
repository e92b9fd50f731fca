/** Stands for `@azure/functions-core` where `require` cannot be patched (jest maps the name to this file). */
import { makeCore } from './core-api';

export = makeCore();
