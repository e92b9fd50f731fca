import { type Builder } from '../builder';
import { oddNames } from './names';
import { type TrickyPart } from './part';

/** What the API reads at a time. */
const blockBytes = 1024 ** 2;
/** As base64 it is a block; from here on a file is kept in pieces. */
const pieceBytes = 768 * 1024;
const packBytes = 8 * 1024 ** 2;
/** What the tricky pair carries at most: small, so that a larger file is still quick to make. */
export const maxFileMb = 9;

const root = '/FileStore/jars/odd';

const sizes: Readonly<Record<string, number>> = {
  'empty.jar': 0,
  'a byte less than a piece.jar': pieceBytes - 1,
  'a piece.jar': pieceBytes,
  'a block.jar': blockBytes,
  'a block and a byte.jar': blockBytes + 1,
  'more than a pack.jar': packBytes + 1,
  'too large.jar': maxFileMb * blockBytes + 1,
};

/** Odd names, and sizes around every limit on the way. */
export const dbfsFiles: TrickyPart = {
  fill({ primary }) {
    for (const name of oddNames) put(primary, `${root}/${name}/${name}`, Buffer.from(`${name}\r\n\0`));
    for (const [name, bytes] of Object.entries(sizes))
      put(primary, `${root}/sizes/${name}`, Buffer.alloc(bytes, name));
    put(primary, '/databricks/init/odd cluster/legacy.sh', Buffer.from('#!/bin/bash\n'));
  },
};

function put(builder: Builder, path: string, content: Buffer): void {
  const { handle } = builder.post('/2.0/dbfs/create', { path });
  for (let at = 0; at < content.length; at += pieceBytes) {
    const data = content.subarray(at, at + pieceBytes).toString('base64');
    builder.post('/2.0/dbfs/add-block', { handle, data });
  }
  builder.post('/2.0/dbfs/close', { handle });
}
