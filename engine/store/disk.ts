// The disk under a folder. Owns: how much of it is free. Never touches: files.

import { statfs, statfsSync } from 'node:fs';

/** Free for this process: what is reserved for root is not. */
interface Space {
  readonly bavail: number;
  readonly bsize: number;
}

const bytesOf = ({ bavail, bsize }: Space): number => bavail * bsize;

/** Bytes that are free under a folder. Throws where the file system does not say. */
export const freeBytes = (folder: string): number => bytesOf(statfsSync(folder));

/** The same, told later; undefined: the file system does not say. */
export function freeBytesLater(folder: string, tell: (bytes: number | undefined) => void): void {
  statfs(folder, (error, space) => tell(error === null ? bytesOf(space) : undefined));
}
