import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { RefusalError } from '../../domain/refusal.ts';

const CHUNK_BYTES = 256 * 1024;
/** A file without a line end for this long is no line-based data. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const NEWLINE = 10;

/**
 * The file's bytes in pieces that hold whole lines only (the last one may lack its line end). Gzip is recognised by its
 * magic bytes, whatever the name. Throws RefusalError DATA_FILE_UNREADABLE or DATA_FILE_DAMAGED.
 */
export async function* lineChunks(path: string): AsyncGenerator<Buffer> {
  const zipped = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const stream = zipped ? createGunzip({ chunkSize: CHUNK_BYTES }) : file;
  // A read error has to end the consumer's wait on the unzipped side, too.
  if (stream !== file)
    file.on('error', (error) => stream.destroy(error)).pipe(stream as ReturnType<typeof createGunzip>);
  let carry: Buffer[] = [];
  let carried = 0;
  let first = true;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      const bytes = first ? withoutByteOrderMark(piece) : piece;
      first = false;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) {
        carry.push(bytes.subarray(0, end));
        const whole = carry.length === 1 ? carry[0] : Buffer.concat(carry);
        carry = [];
        carried = 0;
        if (whole !== undefined) yield whole;
      }
      if (end < bytes.length) {
        carry.push(bytes.subarray(end));
        carried += bytes.length - end;
        if (carried > MAX_LINE_BYTES) throw unreadable(path, 'it has no line ends');
      }
    }
    if (carried > 0) yield Buffer.concat(carry);
  } catch (error) {
    throw error instanceof RefusalError ? error : damaged(path, error);
  } finally {
    file.destroy();
    stream.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const magic = Buffer.alloc(2);
      await handle.read(magic, 0, 2, 0);
      return magic[0] === 0x1f && magic[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw damaged(path, error);
  }
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
};

function damaged(path: string, error: unknown): RefusalError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = SYSTEM_REASONS[code];
  if (reason !== undefined) return unreadable(path, reason);
  if (code.startsWith('Z_')) {
    const sentence = `${path}: the gzip data is damaged or cut short; download the file again.`;
    return new RefusalError({ code: 'DATA_FILE_DAMAGED', sentence, value: path });
  }
  return unreadable(path, code === '' ? 'reading failed' : `reading failed (${code})`);
}

function unreadable(path: string, reason: string): RefusalError {
  const sentence = `${path}: cannot be read, ${reason}; check the path.`;
  return new RefusalError({ code: 'DATA_FILE_UNREADABLE', sentence, value: path });
}
