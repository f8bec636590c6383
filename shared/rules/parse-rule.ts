import * as z from 'zod/mini';
import {
  type CompiledRule,
  type Condition,
  confidences,
  leafCondition,
  maxConditions,
  maxDepth,
} from './compiled-rule.ts';

// Built when first asked for: a device reads rules only where there is no network.
const group = z.lazy(() =>
  z.object({
    kind: z.enum(['all', 'any']),
    conditions: z.array(z.unknown()).check(z.minLength(1), z.maxLength(maxConditions)),
  }),
);
const negation = z.lazy(() => z.object({ kind: z.literal('not'), condition: z.unknown() }));
const rule = z.lazy(() =>
  z.object({
    id: z.string().check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), z.maxLength(100)),
    title: z.string().check(z.maxLength(200)),
    priority: z.int().check(z.nonnegative(), z.maximum(1000)),
    confidence: z.enum(confidences),
    when: z.unknown(),
  }),
);

/** Reads a compiled rule that came from outside; undefined when it cannot be read, and then it matches nothing. */
export function parseRule(input: unknown): CompiledRule | undefined {
  const parsed = rule.safeParse(input);
  if (!parsed.success) return undefined;
  const when = parseCondition(parsed.data.when, maxDepth, { left: maxConditions });
  return when && { ...parsed.data, when };
}

function parseCondition(input: unknown, depth: number, budget: { left: number }): Condition | undefined {
  if (depth === 0 || budget.left-- === 0) return undefined;
  const many = group.safeParse(input);
  if (many.success) {
    const conditions: Condition[] = [];
    for (const one of many.data.conditions) {
      const condition = parseCondition(one, depth - 1, budget);
      if (!condition) return undefined;
      conditions.push(condition);
    }
    return { kind: many.data.kind, conditions };
  }
  const negated = negation.safeParse(input);
  if (negated.success) {
    const condition = parseCondition(negated.data.condition, depth - 1, budget);
    return condition && { kind: 'not', condition };
  }
  const leaf = leafCondition.safeParse(input);
  return leaf.success ? leaf.data : undefined;
}
