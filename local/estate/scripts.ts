import { type Builder } from './builder';
import { type People } from './people';

/** Larger than what the API takes at a time. */
const bigJarBytes = 900_000;

/** Jars and wheels of the teams on DBFS, scripts that clusters start with, and one that nothing runs any more. */
export function fillScripts(builder: Builder, { teams }: People): void {
  const random = builder.random('scripts');
  for (const team of teams) {
    const version = `${random.between(1, 4)}.${random.between(0, 9)}`;
    put(builder, `/FileStore/jars/${team.name}-udf-${version}.jar`, `classes of ${team.name}`);
    put(builder, `/databricks/scripts/${team.name}/setup.sh`, `#!/bin/bash\necho "${team.name}"\n`);
  }
  putInBlocks(builder, '/FileStore/jars/spark-geo-assembly-2.1.jar', Buffer.alloc(bigJarBytes, 'geo'));
  put(builder, '/databricks/init/shared-etl/metrics.sh', '#!/bin/bash\n/opt/metrics/start\n');
  const scripts = [
    { name: 'corporate proxy', enabled: true },
    { name: 'monitoring agent', enabled: true },
    { name: 'debug logging', enabled: false },
  ];
  for (const { name, enabled } of scripts) {
    const script = Buffer.from(`#!/bin/bash\n# ${name}\n`).toString('base64');
    builder.post('/2.0/global-init-scripts', { name, script, enabled });
  }
}

function put(builder: Builder, path: string, text: string): void {
  builder.post('/2.0/dbfs/put', { path, contents: Buffer.from(text).toString('base64') });
}

function putInBlocks(builder: Builder, path: string, bytes: Buffer): void {
  const { handle } = builder.post('/2.0/dbfs/create', { path });
  for (let at = 0; at < bytes.length; at += 500_000) {
    const data = bytes.subarray(at, at + 500_000).toString('base64');
    builder.post('/2.0/dbfs/add-block', { handle, data });
  }
  builder.post('/2.0/dbfs/close', { handle });
}
