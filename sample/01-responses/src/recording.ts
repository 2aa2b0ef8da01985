import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECONDS = 300;
const SAMPLES_PER_SECOND = 16_000;
/** A scale with one note per second, so that you can hear the position of the player. */
const NOTES = [262, 294, 330, 349, 392, 440, 494, 523];

/** A sound file of five minutes. Created when the application starts and removed when it stops. */
@Injectable()
export class Recording implements OnModuleInit, OnApplicationShutdown {
  #folder = '';

  get path(): string {
    return join(this.#folder, 'scale.wav');
  }

  async onModuleInit(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'sample-'));
    await writeFile(this.path, scale());
  }

  async onApplicationShutdown(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Source: RIFF WAVE, PCM with one channel of 16 bits. */
function scale(): Buffer {
  const size = 2 * SECONDS * SAMPLES_PER_SECOND;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  file.writeUInt32LE(2 * SAMPLES_PER_SECOND, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(size, 40);
  for (let i = 0; i < size / 2; i++) {
    const seconds = i / SAMPLES_PER_SECOND;
    const note = NOTES[Math.floor(seconds) % NOTES.length] ?? 0;
    // Each note fades, like a struck string.
    const volume = 8000 * (1 - (seconds % 1));
    file.writeInt16LE(Math.round(volume * Math.sin(2 * Math.PI * note * seconds)), 44 + 2 * i);
  }
  return file;
}
