import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import { createOrAssign } from './assignment';
import { omit } from './fields';
import {
  disabledThere,
  disabling,
  entitlementsOf,
  listScim,
  replaceAttributes,
  type ScimRow,
  type ScimValue,
} from './scim';

export interface UserRow extends ScimRow {
  readonly userName: string;
}

export interface UserBody {
  readonly userName: string;
  readonly displayName?: string;
  readonly active: boolean;
  readonly entitlements: readonly ScimValue[];
}

export const user: Adapter<UserBody> = {
  kind: 'user',
  everywhere: true,
  step: 'principals',
  carries:
    'user name, display name, entitlements, disabled or not; not: personal access tokens, git credentials',
  references: [],
  ignore: [],
  batchSize: 10,
  unlinked: 'link',

  async *list(from) {
    for (const row of await listScim<UserRow>(from, 'Users')) {
      const body = bodyOf(row);
      yield { id: row.id, name: row.userName, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    return bodyOf(await from.get<UserRow>(`/api/2.0/preview/scim/v2/Users/${stub.id}`));
  },
  find: (index, asset) => index.byName(asset.body.userName)?.id,
  contested: disabledThere,
  create: (target, body) => createOrAssign(target, 'Users', body, { user_name: body.userName }),
  // userName cannot be changed: it is what the user is found by.
  update: (target, id, body) => replaceAttributes(target, 'Users', id, omit(body, ['userName'])),
  retirement: disabling('Users'),
};

function bodyOf(row: UserRow): UserBody {
  return {
    userName: row.userName,
    ...(row.displayName === undefined ? {} : { displayName: row.displayName }),
    active: row.active ?? true,
    entitlements: entitlementsOf(row),
  };
}
