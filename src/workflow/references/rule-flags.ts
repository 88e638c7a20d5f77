/** Flags of the rules, with the names that the original has. */
export const allowFlag = '--tink-controller-reference-allow-list-rules';
export const denyFlag = '--tink-controller-reference-deny-list-rules';

/** Texts of rules that stand in one, with `|` in between; a `|` inside a JSON string belongs to it. Empty ones are left out. */
export function splitRules(text: string): string[] {
  const rules: string[] = [''];
  let quoted = false;
  let escaped = false;
  for (const character of text) {
    if (character === '|' && !quoted) {
      rules.push('');
      continue;
    }
    rules[rules.length - 1] += character;
    if (character === '"' && !escaped) quoted = !quoted;
    escaped = character === '\\' && quoted && !escaped;
  }
  return rules.map((rule) => rule.trim()).filter((rule) => rule !== '');
}
