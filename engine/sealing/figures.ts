// What the sealing is told, and tells. Owns: the shapes. Never touches: anything else.

/** When a segment ends, and what is in none. */
export interface SealingSettings {
  /** It has about so many bytes of blocks, */
  readonly bytes: number;
  /** or blocks of so many milliseconds. */
  readonly ms: number;
  /** So many bytes of the newest blocks are in no segment because of their number. */
  readonly hotBytes: number;
  /** Bytes of the disk that must be free beside it. */
  readonly freeBytesMin: number;
}

/** The segments of a shard here. */
export interface ShardSegments {
  readonly shard: number;
  readonly segments: number;
  /** Of their files, and of the blocks in them. */
  readonly bytes: number;
  readonly rawBytes: number;
  /** The last block in one; 0: there is none. */
  readonly last: number;
  /** Why the last attempt failed. */
  readonly problem?: string | undefined;
}
