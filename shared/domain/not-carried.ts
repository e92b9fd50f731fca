/** What the app does not carry: said in the README and in every report. */
export const notCarried: readonly string[] = [
  'Unity Catalog data and metadata (use managed disaster recovery or deep clone)',
  'MLflow runs and models',
  'serving endpoints',
  'values of personal access tokens',
  'git credentials and uncommitted edits in git folders',
  'revision history and comments of notebooks',
  'delta shares',
];
