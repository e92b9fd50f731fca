import { createServer } from 'node:net';
import { codeOf, LocalError } from './local-error';

/** A port that is taken is found now, before a minute of work. */
export async function checkPort(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const why =
      codeOf(error) === 'EADDRINUSE' ? 'is in use by another process' : `cannot be used: ${codeOf(error)}`;
    throw new LocalError(`port ${port} ${why}: give another one with --port (0 = any)`);
  }
  await new Promise((resolve) => probe.close(resolve));
}
