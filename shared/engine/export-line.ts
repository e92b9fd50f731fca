import { adapterOf } from '../adapters/registry';
import type { Stub } from '../domain/asset';
import { excludedReason, type excluder } from '../domain/scope';
import type { IndexLine } from '../domain/snapshot';
import { lineOf, type Todo } from './exporter';

/** What decides whether the body of an asset is looked at. */
export interface Sorting {
  readonly excludedBy: ReturnType<typeof excluder>;
  readonly lostPacks: ReadonlySet<string>;
  /** What bodies are looked through for. */
  readonly scanId: string;
}

/** What a listed asset comes to: a line that needs no body, or a body to be fetched or to be looked through again. */
export function sortOut(
  kind: string,
  stub: Stub,
  line: IndexLine | undefined,
  { excludedBy, lostPacks, scanId }: Sorting,
): { readonly line: IndexLine } | { readonly todo: Todo } {
  // Pieces of a large file are packs too.
  const anew = [line?.pack ?? '', ...(line?.pieces ?? [])].some((sha) => lostPacks.has(sha));
  const done =
    outOfScopeLine(kind, stub, line, excludedBy) ?? lineWithoutFetching(kind, stub, anew ? undefined : line);
  const kept = done?.bodySha !== undefined && done.scanned !== scanId;
  if (done !== undefined && !kept) return { line: done };
  const previous = line?.bodySha === undefined ? {} : { previous: line };
  return { todo: { kind, stub, ...previous, ...(anew && { anew }), ...(kept && { kept }) } };
}

/** The line of what the pair's scope excludes, itself or with the object that it is a part of: no body of it is kept. */
function outOfScopeLine(
  kind: string,
  stub: Stub,
  before: IndexLine | undefined,
  excludedBy: ReturnType<typeof excluder>,
): IndexLine | undefined {
  const line = lineOf(kind, stub);
  const tags = isSameVersion(kind, stub, before) ? before.tags : undefined;
  const pattern = excludedBy(line.key, tags) ?? (stub.owner && excludedBy(stub.owner));
  return pattern === undefined ? undefined : excludedLine({ ...line, ...(tags && { tags }) }, pattern);
}

/** The line of an asset whose body is not kept because a pattern of the pair excludes it. */
export function excludedLine(head: IndexLine, pattern: string): IndexLine {
  return { ...head, skip: excludedReason(pattern), harmless: true };
}

/** The body that the line has is still the body; an earlier version of the app may have kept less about it. */
function isSameVersion(kind: string, stub: Stub, before: IndexLine | undefined): before is IndexLine {
  if (stub.version === undefined || before?.version !== stub.version) return false;
  return before.bodySha !== undefined && (before.tags !== undefined || adapterOf(kind).tags === undefined);
}

/** The line of an asset that is not carried, or whose version says that the body we have is still the body. */
function lineWithoutFetching(kind: string, stub: Stub, before: IndexLine | undefined): IndexLine | undefined {
  const line = lineOf(kind, stub);
  if (stub.skip !== undefined) {
    const awake = stub.body === undefined ? [] : (adapterOf(kind).triggers?.awake(stub.body) ?? []);
    return {
      ...line,
      skip: stub.skip,
      ...(stub.harmless && { harmless: stub.harmless }),
      ...(awake.length > 0 && { awake }),
    };
  }
  return isSameVersion(kind, stub, before) ? { ...before, ...line } : undefined;
}
