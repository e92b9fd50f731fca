/**
 * The part of a value that names an asset, for references by path and name. A value that does not match names nothing:
 * most of these fields may just as well hold a package name, a path in a git repository or one in cloud storage.
 */
export const matches = {
  /** `/Users/a@b.c/x`, and the same with `/Workspace` before it. */
  workspacePath: /^(?:\/Workspace)?(\/(?!Workspace\/|Volumes\/|dbfs\/).+)$/s,
  /** The folder of a pattern such as `/Users/a@b.c/etl/**`. */
  globFolder: /^(?:\/Workspace)?(\/(?!Workspace\/|Volumes\/|dbfs\/)[^*?[{]+)\/(?=[^/]*[*?[{])/,
  /** The same, for fields of any meaning: only what is a script. */
  workspaceScript: /^(?:\/Workspace)?(\/(?!Workspace\/|Volumes\/|dbfs\/).+\.sh)$/,
  /** Files on DBFS itself: what lies on a mount or a volume is data. */
  dbfsPath: /^(dbfs:\/(?!mnt\/|Volumes\/).+)$/,
  dbfsScript: /^(dbfs:\/(?!mnt\/|Volumes\/).+\.sh)$/,
  /** A file in a volume. */
  volumePath: /^(?:dbfs:)?(\/Volumes\/.+)$/,
  volumeScript: /^(?:dbfs:)?(\/Volumes\/.+\.sh)$/,
  /** A file in a storage account. */
  storagePath: /^(abfss?:\/\/.+)$/,
  storageScript: /^(abfss?:\/\/.+\.sh)$/,
  /** The scope of `{{secrets/scope/key}}`, wherever it is in the text. */
  secretScope: /\{\{secrets\/([^/}]+)\//,
  /** The scope and the key of `{{secrets/scope/key}}`. */
  secret: /\{\{secrets\/([^/}]+\/[^/}]+)\}\}/,
  userName: /^(.+@.+)$/,
  applicationId: /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
  groupName: /^(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)([^@]+)$/i,
} as const;
