import { type Json } from './fields';

export interface Published {
  readonly embed: boolean;
  readonly warehouse?: string;
  readonly name: string;
  readonly atMs: number;
}

export interface ScheduleRecord {
  readonly id: string;
  settings: Json;
  etag: number;
  readonly subscriptions: Record<string, Json>;
}

export interface DashboardRecord {
  readonly id: string;
  readonly nodeId: string;
  name: string;
  warehouse?: string;
  serialized: string;
  etag: number;
  readonly createdMs: number;
  updatedMs: number;
  published?: Published;
  readonly schedules: Record<string, ScheduleRecord>;
}
