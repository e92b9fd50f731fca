/** A region or service name as it is compared: `East US 2` and `eastus2` are the same, `East US 2 EUAP` is another. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
