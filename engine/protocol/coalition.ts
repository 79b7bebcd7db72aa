// Rates of exchange, as they are told. Owns: these shapes. Never touches: what rates come to.

/** A rate of exchange, or what points of a coalition are worth, has changed, or waits for a second person: in the feed of the first shard alone. */
export interface RateNotice {
  readonly type: 'exchange_rate.updated' | 'exchange_rate.proposed';
  /** The kind and key of the definition: `exchange-rate`, `coalition` or `exchanging`. */
  readonly kind: string;
  readonly key: string;
  readonly version: number;
  /** What it says; null: it ends. Of a rate, `rate` is the decimal. */
  readonly document: Readonly<Record<string, unknown>> | null;
  /** From when on it decides, milliseconds since 1970; null: it is proposed. */
  readonly activeFrom: number | null;
  /** Who has said it; null: an embedding program. */
  readonly by: string | null;
}
