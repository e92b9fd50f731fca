import type { Adapter } from './adapter';

/** The faults of a set of adapters: kinds that are there twice, and kinds that are pointed at and known to nobody. */
export function faultsOf(adapters: readonly Adapter[], laterKinds: ReadonlySet<string>): string[] {
  const kinds = new Set<string>();
  const faults: string[] = [];
  for (const { kind } of adapters) {
    if (kinds.has(kind)) faults.push(`the kind ${kind} is there twice`);
    if (laterKinds.has(kind)) faults.push(`the kind ${kind} is carried: it is no later kind any more`);
    kinds.add(kind);
  }
  for (const { kind, references, of = [] } of adapters) {
    const unknown = references.filter(({ to }) => !kinds.has(to) && !laterKinds.has(to));
    faults.push(...unknown.map(({ at, to }) => `${kind}: ${at} points at the unknown kind ${to}`));
    faults.push(
      ...of.filter((one) => !kinds.has(one)).map((one) => `${kind} is derived from the unknown kind ${one}`),
    );
  }
  return faults;
}
