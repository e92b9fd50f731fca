import { ApiError } from './area';
import { type Language } from './tree-store';

interface Syntax {
  readonly extension: string;
  readonly comment: string;
}

const syntaxes: Readonly<Record<Language, Syntax>> = {
  PYTHON: { extension: 'py', comment: '#' },
  SQL: { extension: 'sql', comment: '--' },
  SCALA: { extension: 'scala', comment: '//' },
  R: { extension: 'r', comment: '#' },
};

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

interface Jupyter {
  readonly cells: readonly Cell[];
  readonly metadata?: { readonly language_info?: { readonly name?: string } };
}

export function extensionOf(language: Language): string {
  return syntaxes[language].extension;
}

export function languageOfExtension(extension: string): Language | undefined {
  const found = Object.entries(syntaxes).find(([, syntax]) => syntax.extension === extension.toLowerCase());
  return found?.[0] as Language | undefined;
}

/** A source file is a notebook when its first line says so. */
export function detectNotebook(extension: string, body: Buffer): Language | undefined {
  const language = languageOfExtension(extension);
  return language && body.toString('utf8', 0, 64).startsWith(headerOf(language)) ? language : undefined;
}

/** The cells of a source notebook; its outputs are not emulated. */
export function toJupyter(source: Buffer, language: Language): Buffer {
  const magic = `${syntaxes[language].comment} MAGIC `;
  const text = source.toString().replace(`${headerOf(language)}\n`, '');
  const cells = text.split(separatorOf(language)).map((cell) => {
    const lines = cell.split('\n').map((line) => (line.startsWith(magic) ? line.slice(magic.length) : line));
    const isText = lines[0] === '%md';
    const body = splitLines((isText ? lines.slice(1) : lines).join('\n'));
    return isText
      ? { cell_type: 'markdown', metadata: {}, source: body }
      : { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: body };
  });
  const metadata = { language_info: { name: language.toLowerCase() } };
  return Buffer.from(JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 0 }));
}

export function fromJupyter(ipynb: Buffer): { language: Language; body: Buffer } {
  const notebook = parseJupyter(ipynb);
  const name = notebook.metadata?.language_info?.name ?? 'python';
  const language = Object.keys(syntaxes).find((known) => known === name.toUpperCase()) as
    Language | undefined;
  const chosen = language ?? 'PYTHON';
  const cells = notebook.cells.map((cell) => cellSource(cell, chosen));
  return { language: chosen, body: Buffer.from(`${headerOf(chosen)}\n${cells.join(separatorOf(chosen))}`) };
}

export function toHtml(source: Buffer, title: string): Buffer {
  const text = source.toString().replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Buffer.from(
    `<!DOCTYPE html><html><head><title>${title}</title></head><body><pre>${text}</pre></body></html>`,
  );
}

function parseJupyter(ipynb: Buffer): Jupyter {
  try {
    const notebook = JSON.parse(ipynb.toString()) as Partial<Jupyter>;
    if (Array.isArray(notebook.cells)) return notebook as Jupyter;
  } catch {
    // Told below.
  }
  throw new ApiError(400, 'INVALID_PARAMETER_VALUE', 'The content is not a Jupyter notebook.');
}

function cellSource(cell: Cell, language: Language): string {
  const text = [cell.source].flat().join('');
  if (cell.cell_type !== 'markdown') return text;
  const magic = `${syntaxes[language].comment} MAGIC `;
  return ['%md', ...text.split('\n')].map((line) => `${magic}${line}`).join('\n');
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function headerOf(language: Language): string {
  return `${syntaxes[language].comment} Databricks notebook source`;
}

function separatorOf(language: Language): string {
  return `\n\n${syntaxes[language].comment} COMMAND ----------\n\n`;
}
