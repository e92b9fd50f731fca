import { type Area, type Core } from './area';
import { permissionsArea } from './permissions';
import { scimArea } from './scim';
import { treeArea } from './workspace-tree';

/** Everything that the workspace can do: one line an area. */
export function makeAreas(core: Core): Area[] {
  return [
    treeArea(core), //
    permissionsArea(core),
    scimArea(core),
  ];
}
