// Is there room on the disk for what is to be written? Owns: looking at it. Never touches: files, commands.
//   shard.D1. A command pays one look at a field; the file system is asked every DISK_LOOK_MS, and not waited for.
//   shard.D2. Where the file system does not say, there is room: a write that fails says what is wrong.

import { DISK_LOOK_MS } from '../limits.js';
import { freeBytes, freeBytesLater } from '../store/disk.js';

/** What is kept free, and where. */
export interface DiskRoomSettings {
  readonly folder: string;
  /** Bytes that must be free; 0 or undefined: nobody looks. */
  readonly diskFreeBytesMin?: number | undefined;
  /** For tests: Float64Array over it, element 0 is added to the bytes that are free. */
  readonly diskOffset?: SharedArrayBuffer | undefined;
}

export class DiskRoom {
  /** Less is free than must be. */
  isShort = false;
  readonly #settings: DiskRoomSettings;
  readonly #timer: NodeJS.Timeout | undefined;
  #isAsked = false;

  /** Looks at once: a shard that is opened on a full disk takes nothing. */
  constructor(settings: DiskRoomSettings) {
    this.#settings = settings;
    const { folder, diskFreeBytesMin = 0 } = settings;
    if (diskFreeBytesMin === 0) return;
    try {
      this.#judge(freeBytes(folder));
    } catch {
      // shard.D2
    }
    this.#timer = setInterval(() => this.#look(), DISK_LOOK_MS);
    this.#timer.unref();
  }

  /** A disk that hangs is asked once. */
  #look(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    freeBytesLater(this.#settings.folder, (bytes) => {
      this.#isAsked = false;
      this.#judge(bytes);
    });
  }

  #judge(bytes: number | undefined): void {
    const { diskFreeBytesMin = 0, diskOffset } = this.#settings;
    const offset = diskOffset === undefined ? 0 : (new Float64Array(diskOffset)[0] ?? 0);
    this.isShort = bytes !== undefined && bytes + offset < diskFreeBytesMin;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
