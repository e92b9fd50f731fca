import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64, openWorkspace } from '../support/emulated-workspace';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a saved workspace', () => {
  it('goes on where it was: people, tree, bodies, grants, numbers', async () => {
    const stateFile = join(folder, 'primary.json');
    const path = '/Users/ann@example.com/böse „Zeichen“';
    const first = await openWorkspace({ stateFile });
    await first.send('POST', '/api/2.0/preview/scim/v2/Users', { userName: 'ann@example.com' });
    const content = base64('-- Databricks notebook source\r\nselect 1\n');
    await first.send('POST', '/api/2.0/workspace/import', { path, language: 'SQL', content });
    const status = await first.send('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`);
    const grants = await first.send('GET', `/api/2.0/permissions/notebooks/${status.json.object_id}`);
    first.workspace.save();
    await first.workspace.close();

    const second = await openWorkspace({ stateFile });
    const query = `path=${encodeURIComponent(path)}`;
    const again = await second.send('GET', `/api/2.0/workspace/get-status?${query}`);
    const body = await second.send('GET', `/api/2.0/workspace/export?${query}`);
    const grantsAgain = await second.send('GET', `/api/2.0/permissions/notebooks/${status.json.object_id}`);
    const user = await second.send(
      'GET',
      '/api/2.0/preview/scim/v2/Users?filter=userName eq "ann@example.com"',
    );
    const fresh = second.workspace.core.nextNumber();
    await second.workspace.close();

    expect(again.json).toEqual(status.json);
    expect(body.json.content).toBe(content);
    expect(grantsAgain.json).toEqual(grants.json);
    expect(user.json.totalResults).toBe(1);
    expect(fresh).toBeGreaterThan(Number(status.json.object_id));
  });

  it('keeps what was never saved to itself', async () => {
    const stateFile = join(folder, 'primary.json');
    const first = await openWorkspace({ stateFile });
    first.workspace.save();
    await first.send('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/late' });
    await first.workspace.close();

    const second = await openWorkspace({ stateFile });
    const late = await second.send('GET', '/api/2.0/workspace/get-status?path=/Shared/late');
    await second.workspace.close();

    expect(late.status).toBe(404);
  });

  it('gives two workspaces different numbers, and one the same again', async () => {
    const numbers: number[] = [];
    for (const name of ['primary', 'secondary', 'primary']) {
      const { workspace } = await openWorkspace({ name });
      numbers.push(workspace.core.nextNumber());
      await workspace.close();
    }

    expect(numbers[0]).toBe(numbers[2]);
    expect(numbers[0]).not.toBe(numbers[1]);
  });
});
