// What the names in paths stand for, by what is there to be asked for. Owns: these names. Never touches: values.

/** What is done with a dispute in which state. */
export const CHANGES_OF_DISPUTES = ['answer', 'settle', 'reject', 'reopen'];

/** What the name in a path stands for, by what is there. */
export function kindOf(path: string, name: string): string {
  if (name === 'id' && path.endsWith('/confirm')) return 'pendingId';
  if (name === 'letter' && path.startsWith('/v1/channels/')) return 'letter of a channel';
  if (path.startsWith('/v1/reports/')) return name === 'name' ? 'report' : `${name} of a report`;
  if (path.startsWith('/v1/checkpoints/')) return `${name} of a checkpoint`;
  if (path.startsWith('/v1/receipts/') && name === 'from') return 'from of a receipt';
  if (path.startsWith('/v1/exchange-rates/')) return `${name} of a rate`;
  if (name === 'address') return 'address of a chain';
  if (path.includes('/risks/')) return `${name} of a risk`;
  if (path.startsWith('/v1/partner-exchanges/')) {
    const verb = ['cancel', 'approve'].find((one) => path.endsWith(`/${one}`));
    return `${name} of a partner${verb === undefined ? '' : ` to ${verb}`}`;
  }
  if (path.startsWith('/api/internal/')) return `${name} of a partner`;
  if (name === 'id') return path.includes('/holds/') ? 'holdId' : 'transferId';
  const verbs = [
    'close',
    'reopen',
    'extend-lots',
    'codes',
    'withdraw',
    'resolve',
    'merge',
    'unmerge',
    'erasure',
    'agree',
    'run',
    ...CHANGES_OF_DISPUTES,
  ];
  const verb = verbs.find((one) => path.endsWith(`/${one}`));
  return verb === undefined ? name : `${name} to ${verb}`;
}
