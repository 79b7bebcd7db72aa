// What a record says of an asset. Owns: its number, what of it may not change. Never touches: how extras are read.

import { assetOfExtra } from '../protocol/outcomes.js';
import type { Books } from './books.js';
import { broken } from './broken.js';
import type { ExtraParts } from './extra-parts.js';

/** An asset is defined, or defined anew. */
export function assetDefined(books: Books, extra: Pick<ExtraParts, 'numbers' | 'texts'>): void {
  const { assets, lessened } = books;
  const [number, asset] = assetOfExtra(extra);
  const { asset: code, scale, lotTracked, version, expiryNoticeDays = 0 } = asset;
  const known = assets[number];
  if (known === undefined ? number !== assets.length : known.asset !== code)
    broken(`asset ${code} with number ${number}`);
  if (
    known !== undefined &&
    (known.scale !== scale || known.lotTracked !== lotTracked || known.version > version)
  ) {
    broken(`asset ${code} is defined otherwise`);
  }
  if ((known?.expiryNoticeDays ?? 0) > expiryNoticeDays) lessened.add(number);
  assets[number] = asset;
}
