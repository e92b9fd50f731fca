import { crc32 } from 'node:zlib';
import { ApiError } from './area';

/** A name that ends in a slash is a folder. */
export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

const localMagic = 0x04034b50;
const centralMagic = 0x02014b50;
const endMagic = 0x06054b50;
const utf8Names = 0x0800;

/** A plain zip without compression (PKWARE APPNOTE 4.3): what stands in for a DBC archive. */
export function packArchive(entries: readonly ArchiveEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const encoded = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(localMagic, 0);
    writeCommon(local, 4, encoded, bytes);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(centralMagic, 0);
    writeCommon(central, 6, encoded, bytes);
    central.writeUInt32LE(offset, 42);
    parts.push(local, encoded, bytes);
    directory.push(central, encoded);
    offset += local.length + encoded.length + bytes.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endMagic, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}

/** Reads what {@link packArchive} wrote. */
export function unpackArchive(archive: Buffer): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  let at = 0;
  while (at + 30 <= archive.length && archive.readUInt32LE(at) === localMagic) {
    const bytesAt = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    const end = bytesAt + archive.readUInt32LE(at + 18);
    const name = archive.toString('utf8', at + 30, at + 30 + archive.readUInt16LE(at + 26));
    if (archive.readUInt16LE(at + 8) !== 0) throw unreadable();
    entries.push({ name, bytes: Buffer.from(archive.subarray(bytesAt, end)) });
    at = end;
  }
  if (entries.length === 0 && !isArchive(archive)) throw unreadable();
  return entries;
}

export function isArchive(content: Buffer): boolean {
  return content.length >= 22 && [localMagic, endMagic].includes(content.readUInt32LE(0));
}

/** From `version needed` to the lengths: the same order in both headers. */
function writeCommon(header: Buffer, at: number, name: Buffer, bytes: Buffer): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(utf8Names, at + 2);
  header.writeUInt32LE(crc32(bytes), at + 10);
  header.writeUInt32LE(bytes.length, at + 14);
  header.writeUInt32LE(bytes.length, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function unreadable(): ApiError {
  return new ApiError(
    400,
    'INVALID_PARAMETER_VALUE',
    'The content is not an archive that was exported here.',
  );
}
