// Memory of the pages: a few large buffers in which every page has one frame, so that a look-up touches its data and no
// objects around them, and the collector has nothing to do with accounts.
// Owns: where frames lie. Never touches: what is in them (but moves them).
//   ledger.M1. A frame stays where it is until its page resizes it or tidy() moves it: views and places are not kept beyond that.
//   ledger.M2. Frames are written one after the other. What was freed is won back by moving what is left of the slab with the
//       most of it, a portion at a time.
// Frame: i32 bytes, i32 bucket | f64 next due | the page's own.

/** Bytes of a frame before the page's own. */
export const FRAME_HEAD = 16;

/** The first slab, each one after it twice as large, and the largest: a small ledger stays small. */
const SLAB_FIRST_BYTES = 64 * 1024;
const SLAB_BYTES = 8 * 1024 * 1024;
/** What may be freed and not yet won back, as a share of all slabs, before tidy() begins. */
export const WASTE_SHARE = 0.2;
/** What one tidy() goes through at most, about. */
const TIDY_BYTES = 64 * 1024;

/** Views of one large buffer. */
export class Slab {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  readonly view: DataView;
  /** Frames are written up to here. */
  end = 0;
  /** Bytes of it in use. */
  live = 0;

  constructor(bytes: number) {
    const buffer = new ArrayBuffer(bytes);
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.view = new DataView(buffer);
  }

  get bytes(): number {
    return this.u8.length;
  }
}

/** Whoever has a frame. */
export interface Tenant {
  readonly slab: Slab;
  /** Where its frame is in the slab. */
  readonly frame: number;
  /** The frame has been copied to there. */
  moveTo(slab: Slab, frame: number): void;
}

export class Slabs {
  /** Bytes of everything that pages keep in memory, beyond frames too. */
  bytes = 0;
  /** Is there something for tidy() to do? */
  isWasteful = false;
  #slabs: Slab[] = [];
  #current = new Slab(SLAB_FIRST_BYTES);
  #total = SLAB_FIRST_BYTES;
  #live = 0;
  #spare: Slab | null = null;
  /** The slab that is being emptied, and how far. */
  #emptying: Slab | null = null;
  #cursor = 0;
  /** Where the frame that allocate() made is. */
  slab: Slab = this.#current;
  frame = 0;

  /** Bytes freed and not won back yet. */
  get waste(): number {
    return this.#total - (this.#current.bytes - this.#current.end) - this.#live;
  }

  /** Makes a frame of so many bytes (a multiple of 8): its place is in `slab` and `frame`. */
  allocate(bytes: number, bucket: number): void {
    if (this.#current.end + bytes > this.#current.bytes) this.#next(bytes);
    const slab = this.#current;
    const frame = slab.end;
    slab.end = frame + bytes;
    slab.live += bytes;
    this.#live += bytes;
    slab.i32[frame >> 2] = bytes;
    slab.i32[(frame >> 2) + 1] = bucket;
    this.slab = slab;
    this.frame = frame;
  }

  /** The frame is no longer needed. */
  free(slab: Slab, frame: number): void {
    const bytes = slab.i32[frame >> 2] as number;
    slab.live -= bytes;
    this.#live -= bytes;
    if (slab.live === 0 && slab !== this.#current) this.#drop(slab);
    this.#judge();
  }

  /** The slab that is being filled cannot be emptied: it counts when it is full. */
  #judge(): void {
    const bytes = this.#total - this.#current.bytes;
    const live = this.#live - this.#current.live;
    this.isWasteful = this.#emptying !== null || bytes - live > bytes * WASTE_SHARE;
  }

  #next(bytes: number): void {
    const full = this.#current;
    const size = Math.max(bytes, Math.min(SLAB_BYTES, full.bytes * 2));
    this.#slabs.push(full);
    if (this.#spare !== null && bytes <= this.#spare.bytes) {
      this.#current = this.#spare;
      this.#spare = null;
    } else this.#current = new Slab(size);
    this.#total += this.#current.bytes;
    if (full.live === 0) this.#drop(full);
    this.#judge();
  }

  #drop(slab: Slab): void {
    this.#slabs = this.#slabs.filter((other) => other !== slab);
    this.#total -= slab.bytes;
    if (slab === this.#emptying) this.#emptying = null;
    if (slab.bytes !== SLAB_BYTES) return;
    slab.end = 0;
    this.#spare = slab;
  }

  /** Wins back a portion of what was freed, where that is much. `tenantOf`: who has the frame of a bucket, if anybody. */
  tidy(tenantOf: (bucket: number) => Tenant | null): void {
    if (!this.isWasteful) return;
    const slab = this.#emptying ?? this.#choose();
    const until = this.#cursor + TIDY_BYTES;
    while (this.#cursor < until && this.#emptying === slab) {
      const from = this.#cursor;
      if (from >= slab.end) throw new Error('a frame has no page');
      const bytes = slab.i32[from >> 2] as number;
      this.#cursor = from + bytes;
      const tenant = tenantOf(slab.i32[(from >> 2) + 1] as number);
      if (tenant === null || tenant.slab !== slab || tenant.frame !== from) continue;
      this.allocate(bytes, slab.i32[(from >> 2) + 1] as number);
      this.slab.u8.set(slab.u8.subarray(from, from + bytes), this.frame);
      tenant.moveTo(this.slab, this.frame);
      this.free(slab, from);
    }
  }

  /** Chooses the slab to empty: the one with the least in it. */
  #choose(): Slab {
    let chosen = this.#slabs[0] as Slab;
    for (const slab of this.#slabs)
      if (slab.live * chosen.bytes < chosen.live * slab.bytes) chosen = slab;
    this.#emptying = chosen;
    this.#cursor = 0;
    return chosen;
  }
}
