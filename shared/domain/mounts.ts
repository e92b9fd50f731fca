import { defaultDbfs, type DbfsOptions } from './dbfs';
import { literal } from './pattern';

/** How storage is mounted, without any credential: a secret scope of the workspace holds it. */
export interface MountRule {
  /** A mount point; `*` stands for any characters. The first rule that matches counts. */
  readonly match: string;
  readonly kind: 'servicePrincipal' | 'accountKey' | 'sas';
  /** Where the credential lies: the client secret, the account key, or the token. */
  readonly scope: string;
  readonly key: string;
  /** Of the service principal. */
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** What the configuration says about mounts. */
export interface MountOptions {
  /** Mounts are listed by a notebook that runs on a cluster: it costs money, so it has to be asked for. */
  readonly discover: boolean;
  /** What was listed counts for so long. */
  readonly everyHours: number;
  readonly sparkVersion: string;
  readonly nodeType: string;
  readonly how: readonly MountRule[];
}

/** What the configuration says about single kinds, for their adapters. */
export interface KindOptions {
  readonly mounts: MountOptions;
  readonly dbfs: DbfsOptions;
}

export const noKindOptions: KindOptions = {
  mounts: { discover: false, everyHours: 0, sparkVersion: '', nodeType: '', how: [] },
  dbfs: defaultDbfs,
};

/** A mount as `dbutils.fs.mounts()` tells it: without its credentials. */
export interface MountBody {
  readonly mount_point: string;
  readonly source: string;
  readonly encryption_type?: string;
}

/** The rule for a mount point; undefined when nobody said how to mount it. */
export function ruleFor(mountPoint: string, { how }: MountOptions): MountRule | undefined {
  return how.find(({ match }) => {
    const parts = match.split('*').map(literal);
    return new RegExp(`^${parts.join('.*')}$`).test(mountPoint);
  });
}

const head = `# Databricks notebook source
# Databricks Regional Failover put this here, and takes it away again.
import json
`;

/** A notebook that tells what is mounted. */
export const discoveryNotebook = `${head}dbutils.notebook.exit(json.dumps([[m.mountPoint, m.source, m.encryptionType] for m in dbutils.fs.mounts()]))
`;

/**
 * A notebook that mounts storage, and exits with `"same"` where it was mounted already, with `"other"` where the mount point is
 * taken by something else. `isOurs`: what is there was mounted by an earlier run, and is changed.
 */
export function mountNotebook(body: MountBody, rule: MountRule, isOurs: boolean): string {
  const source = quote(body.source);
  const point = quote(body.mount_point);
  const lines = [
    `configs = ${configsOf(body, rule)}`,
    `there = [m.source for m in dbutils.fs.mounts() if m.mountPoint == ${point}]`,
    ...(isOurs
      ? [
          `done = ${call('dbutils.fs.updateMount', body, 'configs')} if there else ${call('dbutils.fs.mount', body, 'configs')}`,
        ]
      : [
          `done = "same" if there == [${source}] else "other" if there else ${call('dbutils.fs.mount', body, 'configs')}`,
        ]),
    'dbutils.notebook.exit(json.dumps(done))',
  ];
  return `${head}${lines.join('\n')}\n`;
}

/** The statement that a person runs where no rule says how to mount: only the names in angle brackets are missing. */
export function mountByHand(body: MountBody): string {
  const kind = /^wasbs?:/.test(body.source) ? 'accountKey' : 'servicePrincipal';
  const rule = {
    match: '',
    kind,
    scope: '<scope>',
    key: '<key>',
    clientId: '<client id>',
    tenantId: '<tenant id>',
  };
  return call('dbutils.fs.mount', body, configsOf(body, rule as MountRule));
}

function call(name: string, { source, mount_point, encryption_type }: MountBody, configs: string): string {
  const encryption = encryption_type === undefined ? '' : `encryption_type = ${quote(encryption_type)}, `;
  return `${name}(source = ${quote(source)}, mount_point = ${quote(mount_point)}, ${encryption}extra_configs = ${configs})`;
}

/** https://learn.microsoft.com/azure/databricks/dbfs/mounts */
function configsOf(
  { source }: MountBody,
  { kind, scope, key, clientId = '', tenantId = '' }: MountRule,
): string {
  const credential = `dbutils.secrets.get(scope = ${quote(scope)}, key = ${quote(key)})`;
  const [, container = '', host = ''] = /^\w+:\/\/(?:([^@/]+)@)?([^/]+)/.exec(source) ?? [];
  if (kind === 'accountKey') return `{${quote(`fs.azure.account.key.${host}`)}: ${credential}}`;
  if (kind === 'sas') return `{${quote(`fs.azure.sas.${container}.${host}`)}: ${credential}}`;
  const oauth = 'fs.azure.account.oauth2.client';
  const provider = 'org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider';
  const endpoint = `https://login.microsoftonline.com/${tenantId}/oauth2/token`;
  return `{${[
    `"fs.azure.account.auth.type": "OAuth"`,
    `"fs.azure.account.oauth.provider.type": ${quote(provider)}`,
    `${quote(`${oauth}.id`)}: ${quote(clientId)}`,
    `${quote(`${oauth}.secret`)}: ${credential}`,
    `${quote(`${oauth}.endpoint`)}: ${quote(endpoint)}`,
  ].join(', ')}}`;
}

/** A text as Python writes it; JSON does it the same way. */
function quote(text: string): string {
  return JSON.stringify(text);
}
