// Conditions in CEL. Owns: which part of the language rules may use, and that what was accepted when it was defined can be evaluated. The one file
// that knows the library. Never touches: state, clock.
//   cel.E1. What is evaluated was compiled and type-checked before: a name that is not declared, or another type than a truth value, is refused.
//   cel.E2. The same expression and figures give the same result everywhere: no regular expressions, no doubles, no times of zones.
//   cel.E3. What one evaluation may cost is bounded: nodes, depth, items of a list; no macro within a macro.

import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { EXPRESSION_LENGTH_MAX } from '../limits.js';

/** Of which type a name is in an expression. */
export type Type = 'integer' | 'text' | 'boolean' | 'list';
/** What an expression may ask: by variable, the names in it and their types. */
export type Scope = Readonly<Record<string, Readonly<Record<string, Type>>>>;
/** What it is told: whole numbers are safe integers. */
export type Figures = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a condition may ask of a member: minor units of the asset that the rule is about. */
export interface MemberFigures {
  readonly available: number;
  /** All that was ever earned. */
  readonly earned: number;
  readonly held: number;
}

const MEMBER: Scope = { member: { available: 'integer', earned: 'integer', held: 'integer' } };

/** An expression that can be evaluated. */
export interface Expression {
  /** Its value; null: it has none for these figures (an overflow, a division by zero, a name that is left out). */
  of(figures: Figures): boolean | number | null;
}

/** A condition about a member that can be evaluated. */
export interface Condition {
  /** Does it hold? null: it has no value for these figures. */
  holds(member: MemberFigures): boolean | null;
}

const CEL_TYPES: Readonly<Record<Type, string>> = {
  integer: 'int',
  text: 'string',
  boolean: 'bool',
  list: 'list<string>',
};

function environmentOf(scope: Scope): Environment {
  const environment = new Environment({
    limits: {
      maxAstNodes: 256,
      maxDepth: 24,
      maxListElements: 64,
      maxMapEntries: 0,
      maxCallArguments: 4,
    },
  });
  for (const [name, names] of Object.entries(scope)) {
    const typed = Object.entries(names).map(([one, type]) => [one, CEL_TYPES[type]]);
    environment.registerVariable({ name, schema: Object.fromEntries(typed) });
  }
  return environment;
}

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

/** Whole numbers as the library has them. */
const inCel = (value: unknown): unknown => (typeof value === 'number' ? BigInt(value) : value);

class Compiled implements Expression {
  readonly #run: (context: object) => unknown;

  constructor(run: (context: object) => unknown) {
    this.#run = run;
  }

  of(figures: Figures): boolean | number | null {
    const context: Record<string, Record<string, unknown>> = {};
    for (const name in figures) {
      const names: Record<string, unknown> = {};
      for (const one in figures[name]) names[one] = inCel(figures[name][one]);
      context[name] = names;
    }
    try {
      const value = this.#run(context);
      if (typeof value === 'boolean') return value;
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : null;
    } catch {
      return null;
    }
  }
}

/** Compiles an expression whose value is of this type; a text says why it is not accepted. */
export function compileIn(
  scope: Scope,
  expression: string,
  wanted: 'bool' | 'int',
): Expression | string {
  if (expression.length > EXPRESSION_LENGTH_MAX)
    return `an expression has at most ${EXPRESSION_LENGTH_MAX} characters`;
  try {
    const parsed = environmentOf(scope).parse(expression);
    const strange = nodeProblem(parsed.ast, false);
    if (strange !== undefined) return strange;
    const { valid, type, error } = parsed.check();
    if (!valid) return summaryOf(error);
    return type === wanted ? new Compiled(parsed) : `its value is ${type}, and must be ${wanted}`;
  } catch (error) {
    return summaryOf(error);
  }
}

/** Compiles a condition about a member; a text says why it is not accepted. */
export const compile = (expression: string): Expression | string =>
  compileIn(MEMBER, expression, 'bool');

/** What is kept compiled, by scope and then by the wanted type and the expression. */
const compiled = new WeakMap<Scope, Map<string, Expression | null>>();
/** Expressions of one scope that are kept compiled. */
const COMPILED_MAX = 1_024;

/** An expression, kept compiled as long as its scope is; null: it is none in this scope. */
export function expressionIn(
  scope: Scope,
  expression: string,
  wanted: 'bool' | 'int',
): Expression | null {
  let known = compiled.get(scope);
  if (known === undefined) compiled.set(scope, (known = new Map()));
  const key = `${wanted} ${expression}`;
  let found = known.get(key);
  if (found === undefined) {
    const made = compileIn(scope, expression, wanted);
    found = typeof made === 'string' ? null : made;
    if (known.size >= COMPILED_MAX) known.clear();
    known.set(key, found);
  }
  return found;
}

/** A condition about a member that was accepted when it was defined. Throws on any other. */
export function conditionOf(expression: string): Condition {
  const found = expressionIn(MEMBER, expression, 'bool');
  if (found === null) throw new Error(`a condition was accepted that is none: ${expression}`);
  return { holds: (member) => found.of({ member: { ...member } }) as boolean | null };
}

/** What is wrong, without the place in the expression that the library draws. */
function summaryOf(error: unknown): string {
  const { summary, message = '' } = (error ?? {}) as { summary?: string; message?: string };
  return summary ?? message.split('\n', 1)[0] ?? '';
}
