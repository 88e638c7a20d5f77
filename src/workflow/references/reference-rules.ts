import { CaptError } from '../../api/errors/capt-error.ts';
import { patternMatches } from '../patterns/match-pattern.ts';
import { parsePattern } from '../patterns/parse-pattern.ts';
import { names, type Pattern } from '../patterns/pattern.ts';
import { LimitError } from '../template/value/error.ts';
import type { Reference } from './reference.ts';
import { allowFlag, denyFlag } from './rule-flags.ts';

/** What may be read through references: nothing but what an `allow` rule matches and no `deny` rule does. */
export interface ReferenceRules {
  readonly allow: readonly Pattern[];
  readonly deny: readonly Pattern[];
}

/** What rules see of a reference. */
export interface ReferenceEvent {
  /** The Hardware. */
  readonly source: { readonly namespace: string; readonly name: string };
  readonly reference: Reference;
}

/**
 * The rules from their texts.
 * @throws CaptError REFERENCE_RULE_INVALID for the first rule that cannot be used, with all that is wrong with it
 */
export function referenceRules(texts: { allow?: readonly string[]; deny?: readonly string[] }): ReferenceRules {
  const read = (flag: string, rules: readonly string[] = []) =>
    rules.map((text, index) => {
      const parsed = parsePattern(text);
      if ('pattern' in parsed) return parsed.pattern;
      throw new CaptError('REFERENCE_RULE_INVALID', { rule: index + 1, flag, cause: parsed.problems.join('; ') });
    });
  const deny = read(denyFlag, texts.deny);
  return { allow: read(allowFlag, texts.allow), deny: deny.filter((pattern) => !deniesAll(pattern)) };
}

/**
 * Why the object may not be read, `undefined` when it may.
 *
 * The controller reads with its own rights, on behalf of whoever may write Hardware. So a rule that does not speak of
 * namespaces opens that of the Hardware only, and one that does not speak of resources opens no Secrets.
 */
export function refusalOf({ allow, deny }: ReferenceRules, event: ReferenceEvent): string | undefined {
  const denied = deny.findIndex((pattern) => matches(pattern, event, true));
  if (denied >= 0) return `rule ${denied + 1} of ${denyFlag} forbids it`;
  const allowed = allow.filter((pattern) => matches(pattern, event, false));
  if (allowed.length === 0) return `no rule of ${allowFlag} allows it`;
  const { source, reference } = event;
  const foreign = reference.namespace !== source.namespace;
  const secret = reference.group === '' && reference.resource === 'secrets';
  if (allowed.some((pattern) => speaksOf(pattern, foreign, secret))) return undefined;
  const needed = [...(foreign ? ['reference.namespace'] : []), ...(secret ? ['reference.resource'] : [])].join(' and ');
  return `the rules of ${allowFlag} that allow it say nothing of ${needed}`;
}

function speaksOf(pattern: Pattern, foreign: boolean, secret: boolean): boolean {
  return (!foreign || names(pattern, 'reference', 'namespace')) && (!secret || names(pattern, 'reference', 'resource'));
}

/** What cannot be decided in time counts against the reader. */
function matches(pattern: Pattern, event: ReferenceEvent, ifUndecided: boolean): boolean {
  try {
    return patternMatches(pattern, event);
  } catch (error) {
    if (error instanceof LimitError) return ifUndecided;
    throw error;
  }
}

/** The original's default, which people write beside their `allow` rules; here it is how things are anyway. */
function deniesAll({ root, absent }: Pattern): boolean {
  const reference = root.get('reference');
  if (absent.length > 0 || root.size !== 1 || reference?.kind !== 'fields') return false;
  return [...reference.fields.values()].every(
    (node) =>
      node.kind === 'leaf' &&
      node.alternatives.some(
        (alternative) =>
          alternative.kind === 'exists' ||
          (alternative.kind === 'prefix' && alternative.prefix === '') ||
          (alternative.kind === 'glob' && alternative.glob.parts.join('*') === '*'),
      ),
  );
}
