import { type TypedData } from '../core-types';
import { messageOf } from '../host-error';
import { type EventFields } from './protocol';

/** How the extension hands the JSON text of an input to an activity; a boolean becomes the text `True` or `False`. */
export function activityInput(text: string | null): TypedData | undefined {
  if (text === null) return undefined;
  const value: unknown = JSON.parse(text);
  if (value === null) return undefined;
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' };
  return { string: text };
}

/** How the extension stores what an activity returned; NaN becomes a text, bytes become base64. */
export function activityResult(value: TypedData | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (value.json !== undefined) return value.json;
  if (value.string !== undefined) return JSON.stringify(value.string);
  if (value.int !== undefined) return String(value.int);
  if (value.double !== undefined) {
    return Number.isFinite(value.double) ? String(value.double) : JSON.stringify(String(value.double));
  }
  return value.bytes === undefined ? null : JSON.stringify(Buffer.from(value.bytes).toString('base64'));
}

/** A failed activity, as the extension records it: both texts are needed, or the SDK refuses the event. */
export function activityFailure(name: string, error: unknown): EventFields {
  const message = messageOf(error);
  const exception = {
    $type: 'System.Exception, System.Private.CoreLib',
    ClassName: 'System.Exception',
    Message: message,
    StackTraceString: error instanceof Error ? (error.stack ?? null) : null,
  };
  return {
    Reason: `Activity function '${name}' failed: ${message}`,
    Details: JSON.stringify(exception),
    FailureDetails: null,
  };
}
