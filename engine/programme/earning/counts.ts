// Names of counters of a member. Owns: what each begins with. Never touches: what is counted.

/** What counters are of: how often a rule has paid, how much; of a task how much is done, whether it was rewarded; of a campaign. */
export const COUNTS = {
  times: 't.',
  points: 'p.',
  done: 'n.',
  rewarded: 'd.',
  taken: 'c.',
} as const;
