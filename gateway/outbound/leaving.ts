// What of an event may leave the ledger. Owns: which of its parts platforms have said. Never touches: consents, who is told.
//   outbound.Z1. What a platform has said of a device, a place or contacts leaves with the member's consent alone, as it is when the event is sent; where
//       that cannot be known it stays. An event without such fields is as it was.

import { hasPersonal } from '../../engine/index.js';
import { type Agreed, NOTHING, shared } from '../privacy/sharing.js';
import type { OutboundEvent } from './event.js';
import type { AskDesk } from './notices/shapes.js';

/** The event without what may not leave. */
export async function leaving(event: OutboundEvent, desk: AskDesk): Promise<OutboundEvent> {
  const { owner, data } = event;
  const { metadata } = data;
  if (!hasPersonal(metadata)) return event;
  const agreed = owner === undefined ? undefined : await desk<Agreed>({ type: 'sharing', owner });
  return { ...event, data: { ...data, metadata: shared(metadata, agreed ?? NOTHING) } };
}
