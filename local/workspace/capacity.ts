import { type TerminationReason } from './cluster-record';
import { type Json, textIn } from './fields';

/** What a start runs into when the region is out of machines: the cluster is there, and ends TERMINATED with this. */
export type CapacityFault = 'AZURE_QUOTA_EXCEEDED_EXCEPTION' | 'CLOUD_PROVIDER_LAUNCH_FAILURE';

export interface CapacityState {
  failuresLeft: number;
  nextFault: CapacityFault;
  byNodeType: Record<string, CapacityFault>;
}

export function makeCapacityState(): CapacityState {
  return { failuresLeft: 0, nextFault: 'AZURE_QUOTA_EXCEEDED_EXCEPTION', byNodeType: {} };
}

/** A switch for tests and stories: which starts of clusters fail. */
export class Capacity {
  constructor(private readonly state: CapacityState) {}

  failNext(count: number, fault: CapacityFault = 'AZURE_QUOTA_EXCEEDED_EXCEPTION'): void {
    this.state.failuresLeft = count;
    this.state.nextFault = fault;
  }

  failNodeType(nodeType: string, fault: CapacityFault = 'CLOUD_PROVIDER_LAUNCH_FAILURE'): void {
    this.state.byNodeType[nodeType] = fault;
  }

  restore(): void {
    this.state.failuresLeft = 0;
    this.state.byNodeType = {};
  }

  /** What a start with these settings fails with, if it does; uses up one failure. */
  take(settings: Json): TerminationReason | undefined {
    const byType = this.state.byNodeType[textIn(settings, 'node_type_id') ?? ''];
    if (byType) return reasonOf(byType);
    if (this.state.failuresLeft === 0) return undefined;
    this.state.failuresLeft -= 1;
    return reasonOf(this.state.nextFault);
  }
}

function reasonOf(code: CapacityFault): TerminationReason {
  const isQuota = code === 'AZURE_QUOTA_EXCEEDED_EXCEPTION';
  return {
    code,
    type: isQuota ? 'CLIENT_ERROR' : 'CLOUD_FAILURE',
    parameters: {
      azure_error_code: isQuota ? 'QuotaExceeded' : 'SkuNotAvailable',
      azure_error_message: isQuota
        ? 'Operation could not be completed as it results in exceeding approved standardFamily Cores quota.'
        : 'The requested size for resource is currently not available in the location.',
    },
  };
}
