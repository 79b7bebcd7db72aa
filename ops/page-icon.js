// The icon of the member's page as PNG, drawn point by point: a coin on a square. Owns: its shape; page/public/icons/icon.svg is
// the same in vectors. Never touches: files.

import * as zlib from 'node:zlib';

const { crc32, deflateSync } = zlib;

const GROUND = [11, 110, 79];
const COIN = [255, 209, 102];
const MARK = [11, 110, 79];
/** Points are looked at this often each way, so that edges are smooth. */
const SAMPLES = 4;

/** Is it within a rounded square of this half width around the middle? */
const inSquare = (x, y, half, radius) => {
  const dx = Math.max(Math.abs(x) - (half - radius), 0);
  const dy = Math.max(Math.abs(y) - (half - radius), 0);
  return Math.abs(x) <= half && Math.abs(y) <= half && Math.hypot(dx, dy) <= radius;
};

/** What is at a place between -1 and 1; undefined: nothing. */
function colourAt(x, y, isWhole) {
  if (!isWhole && !inSquare(x, y, 1, 0.44)) return undefined;
  const far = Math.hypot(x, y);
  if (far > 0.62) return GROUND;
  if (far > 0.5 && far < 0.55) return MARK;
  // A plus: points are gained.
  const isMark =
    far < 0.4 &&
    (Math.abs(x) < 0.08 || Math.abs(y) < 0.08) &&
    Math.max(Math.abs(x), Math.abs(y)) < 0.3;
  return isMark ? MARK : COIN;
}

function chunk(type, bytes) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), bytes]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(bytes.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc(body), body.length + 4);
  return whole;
}

// Node.js before 22.2 has no crc32 of its own.
function crc(bytes) {
  if (crc32 !== undefined) return crc32(bytes);
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** `isWhole`: to the edges, for systems that cut a shape of their own out of it. */
export function iconPng(size, isWhole) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  const place = (n, sample) => (2 * (n + (sample + 0.5) / SAMPLES)) / size - 1;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const sum = [0, 0, 0];
      let seen = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const x = place(column, sample % SAMPLES);
        const y = place(row, Math.floor(sample / SAMPLES));
        const colour = colourAt(x, y, isWhole);
        if (colour === undefined) continue;
        seen++;
        for (let i = 0; i < 3; i++) sum[i] += colour[i];
      }
      const at = row * (size * 4 + 1) + 1 + column * 4;
      for (let i = 0; i < 3; i++) rows[at + i] = seen === 0 ? 0 : Math.round(sum[i] / seen);
      rows[at + 3] = Math.round((255 * seen) / (SAMPLES * SAMPLES));
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
