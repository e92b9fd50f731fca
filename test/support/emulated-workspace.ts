import {
  startWorkspace,
  type EmulatedWorkspace,
  type WorkspaceOptions,
} from '../../local/workspace/workspace';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  readonly json: any;
}

export type Send = (
  method: string,
  path: string,
  body?: object | Buffer,
  token?: string,
) => Promise<HttpAnswer>;

export interface TestWorkspace {
  readonly workspace: EmulatedWorkspace;
  readonly send: Send;
  readonly clock: { nowMs: number };
}

export const adminToken = 'dapi-admin';
export const analyst = { name: 'analyst@example.com', servicePrincipal: false, admin: false };
export const analystToken = 'dapi-analyst';

/** A workspace on a virtual clock, and plain HTTP to it. */
export async function openWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<TestWorkspace> {
  const clock = { nowMs: Date.UTC(2026, 0, 5) };
  const workspace = await startWorkspace({
    name: 'primary',
    region: 'eastus2',
    token: adminToken,
    tokens: { [analystToken]: analyst },
    now: () => clock.nowMs,
    ...options,
  });
  const send: Send = async (method, path, body, token = adminToken) => {
    const response = await fetch(workspace.url + path, {
      method,
      headers: token ? { authorization: `Bearer ${token}` } : {},
      ...(body && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  return { workspace, send, clock };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** One field of every entry of a list. */
export function valuesOf(list: unknown, field: string): unknown[] {
  return (list as readonly Readonly<Record<string, unknown>>[]).map((entry) => entry[field]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
