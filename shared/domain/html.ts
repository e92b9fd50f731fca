/** Markup that is safe to put into a page as it is. Only {@link html} makes it. */
export interface Html {
  readonly markup: string;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as markup. Names of assets come from people and may be hostile: besides the characters that mean something in HTML,
 * what is invisible or turns the direction of writing around is shown as its code point.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (found) => entities[found] ?? '')
    .replace(/[\p{Cc}\p{Cs}\u2028-\u202E\u2066-\u2069\uFEFF]/gu, (found) => {
      const code = found.codePointAt(0) ?? 0;
      return `\\u${code.toString(16).padStart(4, '0')}`;
    });
}

type Part = string | number | Html | readonly Html[] | undefined;

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(markupOf).join('');
  return escapeHtml(String(part));
}

/** A template whose values are escaped, unless they are markup made by this function; `undefined` leaves nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((page, text, at) => page + markupOf(parts[at - 1]) + text) };
}
