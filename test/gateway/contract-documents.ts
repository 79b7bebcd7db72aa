// Documents that can be said, for drawn calls. Owns: these documents. Never touches: calls.

/** A channel that can be said. */
export const CHANNEL = {
  ...{ type: 'webhook', url: 'http://127.0.0.1:9/' },
  secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
};

/** A partner that can be said. */
export const PARTNER = { url: 'http://127.0.0.1:9/', assets: ['gold'], token: 'shown' };

/** An offer that can be said. */
export const SPRING = { points: 1, asset: 'gold', budget: '#budget:spring' };
