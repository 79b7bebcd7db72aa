// A web server that answers a constant, made of the same library as the gateway: what of a request's time is not jifen's.
// Owns: its socket. Reads each body to its end and answers as many bytes as a transfer's answer has.

import uws from 'uWebSockets.js';

const answer = JSON.stringify({
  id: 'T1000000',
  shard: 0,
  seq: 100_000,
  time: 1_800_000_000_000,
  replayed: false,
  entries: ['@issue', 'u100000'].map((owner) => ({
    owner,
    asset: 'points',
    version: 1000,
    type: 'earn',
    delta: -4,
    heldDelta: 0,
    earned: 0,
    spent: 4000,
    expired: 0,
    available: 1_000_000,
    held: 0,
    slices: [],
  })),
});

const app = uws.App();
app.post('/*', (res) => {
  res.onAborted(() => {});
  res.onData((_chunk, isLast) => {
    if (!isLast) return;
    res.writeStatus('201 Created');
    res.writeHeader('Content-Type', 'application/json');
    res.end(answer);
  });
});
app.listen('127.0.0.1', 0, (socket) => {
  if (socket === false) throw new Error('cannot listen on 127.0.0.1');
  process.stdout.write(`Listening on http://127.0.0.1:${uws.us_socket_local_port(socket)}\n`);
});
