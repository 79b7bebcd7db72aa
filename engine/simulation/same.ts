// Whether two values of acts say the same. Owns: that comparison. Never touches: what they mean.

/** Of what can be written as JSON; a field that is undefined is none. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (one === null || other === null) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++)
      if (one[i] !== other[i] && !isSame(one[i], other[i])) return false;
    return true;
  }
  if (Array.isArray(other)) return false;
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  let left = 0;
  for (const name in a) {
    const value = a[name];
    if (value === undefined) continue;
    left++;
    const of = b[name];
    if (value !== of && !isSame(value, of)) return false;
  }
  // All that the one says, the other says, too; does it say more?
  for (const name in b) if (b[name] !== undefined) left--;
  return left === 0;
}
