/**
 * A row that says where a body points at another kind.
 * `at` is a path into the body: `a.b`, `a[].b` (every element), `a.*` (every member), and `a{}` = the JSON document inside the string `a`.
 */
export interface Reference {
  readonly at: string;
  readonly to: string;
  /**
   * How the value names the other asset. `id`: rewritten through the links, and what it names must be there.
   * `path` and `name`: kept as they are; what is missing degrades, it does not block. @default 'id'
   */
  readonly by?: 'id' | 'path' | 'name';
}
