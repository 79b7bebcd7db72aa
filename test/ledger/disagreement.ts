// Thrown where what is tested is not what it should be; anything else thrown is a defect of its own.

export class Disagreement extends Error {}
