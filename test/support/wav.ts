import { open } from 'node:fs/promises';

/** The format: 16-bit stereo at 44.1 kHz. */
export const BYTES_PER_SECOND = 4 * 44_100;
export const WAV_HEADER_SIZE = 44;

/** Writes a silent sound file, which takes no space on disk. */
export async function writeSilence(path: string, seconds: number): Promise<void> {
  const size = seconds * BYTES_PER_SECOND;
  const header = Buffer.alloc(WAV_HEADER_SIZE);
  header.write('RIFF', 0);
  header.writeUInt32LE(size + WAV_HEADER_SIZE - 8, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  // PCM, in two channels.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(44_100, 24);
  header.writeUInt32LE(BYTES_PER_SECOND, 28);
  // The bytes per sample of both channels, and the bits per channel.
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(size, 40);
  const file = await open(path, 'w');
  await file.write(header);
  await file.truncate(WAV_HEADER_SIZE + size);
  await file.close();
}
