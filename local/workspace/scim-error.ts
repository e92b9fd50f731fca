import { ApiError } from './area';

/** SCIM has an error body of its own. */
class ScimError extends ApiError {
  constructor(
    status: number,
    detail: string,
    private readonly scimType?: string,
  ) {
    super(status, `SCIM_${status}`, detail);
  }

  override body(): object {
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: this.message,
      status: String(this.status),
      ...(this.scimType !== undefined && { scimType: this.scimType }),
    };
  }
}

export const scimErrors = {
  notFound: (type: string, id: string) => new ScimError(404, `${type} with id ${id} not found.`),
  taken: (type: string, name: string) =>
    new ScimError(409, `${type} with name ${name} already exists.`, 'uniqueness'),
  invalid: (detail: string) => new ScimError(400, detail, 'invalidValue'),
  invalidPath: (path: string) => new ScimError(400, `Unsupported path ${path}.`, 'invalidPath'),
  invalidFilter: (filter: string) => new ScimError(400, `Unsupported filter ${filter}.`, 'invalidFilter'),
  immutable: (attribute: string) => new ScimError(400, `${attribute} cannot be changed.`, 'mutability'),
  federated: (type: string) =>
    new ScimError(403, `Identity federation is enabled: create ${type} in the account and assign them here.`),
  forbidden: (detail: string) => new ScimError(403, detail),
};
