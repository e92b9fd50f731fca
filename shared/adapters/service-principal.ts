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

export interface ServicePrincipalRow extends ScimRow {
  readonly applicationId: string;
}

export interface ServicePrincipalBody {
  readonly applicationId: string;
  readonly displayName?: string;
  readonly active: boolean;
  readonly entitlements: readonly ScimValue[];
}

export const servicePrincipal: Adapter<ServicePrincipalBody> = {
  kind: 'service-principal',
  everywhere: true,
  step: 'principals',
  carries: 'application id, display name, entitlements, disabled or not; not: secrets and tokens',
  references: [],
  ignore: [],
  batchSize: 10,
  unlinked: 'link',

  // The name is the application id: access lists and run-as settings name it so, and display names are not unique.
  async *list(from) {
    for (const row of await listScim<ServicePrincipalRow>(from, 'ServicePrincipals')) {
      const body = bodyOf(row);
      yield { id: row.id, name: row.applicationId, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    return bodyOf(
      await from.get<ServicePrincipalRow>(`/api/2.0/preview/scim/v2/ServicePrincipals/${stub.id}`),
    );
  },
  find: (index, asset) => index.byName(asset.body.applicationId)?.id,
  contested: disabledThere,
  create: (target, body) =>
    createOrAssign(target, 'ServicePrincipals', body, { service_principal_name: body.applicationId }),
  update: (target, id, body) =>
    replaceAttributes(target, 'ServicePrincipals', id, omit(body, ['applicationId'])),
  retirement: disabling('ServicePrincipals'),
};

function bodyOf(row: ServicePrincipalRow): ServicePrincipalBody {
  return {
    applicationId: row.applicationId,
    ...(row.displayName === undefined ? {} : { displayName: row.displayName }),
    active: row.active ?? true,
    entitlements: entitlementsOf(row),
  };
}
