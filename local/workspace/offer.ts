import { type Core } from './area';
import { invalid } from './fields';
import { findNodeType, type NodeSize } from './node-types';

interface OfferSection {
  nodeTypes: string[];
  runtimes: string[];
  cores: Record<string, number>;
}

/** What this region does not have: a switch for tests. Everything is offered and nothing is counted until something is said. */
export class Offer {
  private readonly gone: OfferSection;

  constructor(core: Core) {
    this.gone = core.section('offer', () => ({ nodeTypes: [], runtimes: [], cores: {} }));
  }

  withdrawNodeType(id: string): void {
    this.gone.nodeTypes.push(id);
  }

  withdrawRuntime(key: string): void {
    this.gone.runtimes.push(key);
  }

  /** Cores of a node type that the subscription may still use. */
  setQuota(nodeType: string, cores: number): void {
    this.gone.cores[nodeType] = cores;
  }

  hasNodeType(id: string): boolean {
    return !this.gone.nodeTypes.includes(id);
  }

  hasRuntime(key: string): boolean {
    return !this.gone.runtimes.includes(key);
  }

  /** Throws what the API answers for a node type that the region does not have. */
  nodeType(id: string): NodeSize {
    const size = this.hasNodeType(id) ? findNodeType(id) : undefined;
    if (size === undefined) throw invalid(`Node type ${id} is not supported.`);
    return size;
  }

  quota(nodeType: string): number | undefined {
    return this.gone.cores[nodeType];
  }
}
