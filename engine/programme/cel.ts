// Conditions in CEL. Owns: which part of the language rules may use, and that what was accepted when it was defined can be evaluated. The one file
// that knows the library. Never touches: state, clock.
//   cel.E1. What is evaluated was compiled and type-checked before: a name that is not declared, or another type than a truth value, is refused.
//   cel.E2. The same expression and figures give the same result everywhere: no regular expressions, no doubles, no times of zones.
//   cel.E3. What one evaluation may cost is bounded: nodes, depth, items of a list; no macro within a macro.

import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { EXPRESSION_LENGTH_MAX } from '../limits.js';

/** What a condition may ask of a member: minor units of the asset that the rule is about. */
export interface MemberFigures {
  readonly available: number;
  /** All that was ever earned. */
  readonly earned: number;
  readonly held: number;
}

/** A condition that can be evaluated. */
export interface Condition {
  /** Does it hold? null: it has no value for these figures (an overflow, a division by zero). */
  holds(member: MemberFigures): boolean | null;
}

const environment = new Environment({
  limits: {
    maxAstNodes: 256,
    maxDepth: 24,
    maxListElements: 64,
    maxMapEntries: 0,
    maxCallArguments: 4,
  },
}).registerVariable({
  name: 'member',
  schema: { available: 'int', earned: 'int', held: 'int' },
});

const OPERATORS: ReadonlySet<string> = new Set(
  '== != < <= > >= in + - * / % && || ?: !_ -_ list'.split(' '),
);
/** Methods of texts. */
const METHODS: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains']);
const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one']);

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** Why this node, or one within it, is not accepted. */
function nodeProblem(node: ASTNode, isInMacro: boolean): string | undefined {
  const args: unknown = node.args;
  switch (node.op as string) {
    case 'value':
      if (typeof args === 'bigint' && BigInt.asIntN(64, args) !== args)
        return `${args} has more than 64 bits`;
      return ['bigint', 'string', 'boolean'].includes(typeof args)
        ? undefined
        : 'only whole numbers, texts and truth values can be written down';
    case 'id':
      return undefined;
    case '.':
      return nodeProblem((args as [ASTNode, string])[0], isInMacro);
    case 'call':
      return `there is no function ${(args as [string])[0]}`;
    case 'rcall': {
      const [name, receiver, given] = args as [string, ASTNode, ASTNode[]];
      const isMacro = MACROS.has(name);
      if (!isMacro && !METHODS.has(name)) return `there is no method ${name}`;
      if (isMacro && isInMacro) return `${name} stands within another macro`;
      return allProblem([receiver, ...given], isInMacro || isMacro);
    }
    default:
      return OPERATORS.has(node.op)
        ? allProblem(Array.isArray(args) ? args : [args], isInMacro)
        : `${node.op} is not part of what rules may use`;
  }
}

function allProblem(nodes: readonly unknown[], isInMacro: boolean): string | undefined {
  for (const node of nodes) {
    const found = isNode(node) ? nodeProblem(node, isInMacro) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

class Compiled implements Condition {
  readonly #run: (context: object) => unknown;

  constructor(run: (context: object) => unknown) {
    this.#run = run;
  }

  holds({ available, earned, held }: MemberFigures): boolean | null {
    const member = { available: BigInt(available), earned: BigInt(earned), held: BigInt(held) };
    try {
      return this.#run({ member }) === true;
    } catch {
      return null;
    }
  }
}

/** Compiles a condition; a text says why it is not accepted. */
export function compile(expression: string): Condition | string {
  if (expression.length > EXPRESSION_LENGTH_MAX)
    return `an expression has at most ${EXPRESSION_LENGTH_MAX} characters`;
  try {
    const parsed = environment.parse(expression);
    const strange = nodeProblem(parsed.ast, false);
    if (strange !== undefined) return strange;
    const { valid, type, error } = parsed.check();
    if (!valid) return summaryOf(error);
    return type === 'bool' ? new Compiled(parsed) : `its value is ${type}, and must be bool`;
  } catch (error) {
    return summaryOf(error);
  }
}

const compiled = new Map<string, Condition>();
/** Conditions that are kept compiled. */
const COMPILED_MAX = 1_024;

/** A condition that was accepted when it was defined; kept compiled. Throws on any other. */
export function conditionOf(expression: string): Condition {
  let found = compiled.get(expression);
  if (found === undefined) {
    const made = compile(expression);
    if (typeof made === 'string') throw new Error(`a condition was accepted that is none: ${made}`);
    found = made;
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    compiled.set(expression, found);
  }
  return found;
}

/** What is wrong, without the place in the expression that the library draws. */
function summaryOf(error: unknown): string {
  const { summary, message = '' } = (error ?? {}) as { summary?: string; message?: string };
  return summary ?? message.split('\n', 1)[0] ?? '';
}
