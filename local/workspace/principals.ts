import { type Core } from './area';
import { type ScimArea } from './scim';

/** True for the userName of a user and for the application id of a service principal. */
export function isPrincipal(core: Core, name: string): boolean {
  const scim = core.area<ScimArea>('scim');
  return (
    scim.findPrincipal('user_name', name) !== undefined ||
    scim.findPrincipal('service_principal_name', name) !== undefined
  );
}
