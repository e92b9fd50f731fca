const patterns: readonly RegExp[] = [
  /\b(?:dapi|dkea|dose)[0-9a-f]{16,}(?:-\d)?/gi,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\b(sig|code|AccountKey|SharedAccessKey|client_secret|password)=[^&\s"';]+/gi,
];

/** The text with everything that looks like a credential replaced by `[redacted]`. */
export function redact(text: string): string {
  return patterns.reduce(
    (rest, pattern) =>
      rest.replace(pattern, (_found, name: unknown) =>
        typeof name === 'string' ? `${name}=[redacted]` : '[redacted]',
      ),
    text,
  );
}
