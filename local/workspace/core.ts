import { createHash } from 'node:crypto';
import { type Area, type Core, type SecurableCreated } from './area';
import { GrantStore } from './grant-store';
import { type WorkspaceState } from './state-file';

/** What the areas share: sections of one state, one counter, one clock, the securables. */
export class WorkspaceCore implements Core {
  private readonly areas = new Map<string, Area>();
  private readonly grants: GrantStore;

  constructor(
    readonly name: string,
    readonly state: WorkspaceState,
    readonly nowMs: () => number,
  ) {
    this.grants = new GrantStore(this);
  }

  addArea(area: Area): void {
    this.areas.set(area.name, area);
  }

  allAreas(): Area[] {
    return [...this.areas.values()];
  }

  hasArea(name: string): boolean {
    return this.areas.has(name);
  }

  section<T extends object>(name: string, initial: () => T): T {
    const section = (this.state.sections[name] ??= initial());
    return section as T;
  }

  nextNumber(): number {
    return (this.state.counter += 1);
  }

  area<A extends Area>(name: string): A {
    const area = this.areas.get(name);
    if (!area) throw new Error(`the workspace ${this.name} has no area ${name}`);
    return area as A;
  }

  securableCreated(created: SecurableCreated): void {
    this.grants.created(created);
  }

  securableRemoved(type: string, id: string): void {
    this.grants.removed(type, id);
  }
}

/** Two workspaces never count in the same range, so that an id of one side never works on the other by luck. */
export function makeState(name: string, seed: number): WorkspaceState {
  const hash = createHash('sha256').update(`${name}/${seed}`).digest();
  return { counter: 1e14 + hash.readUIntBE(0, 4) * 1e5, sections: {} };
}
