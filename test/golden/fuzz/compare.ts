import { dataOfJson } from '../../../src/workflow/template/data.ts';
import { workflowLibrary } from '../../../src/workflow/template/library.ts';
import { TemplateError } from '../../../src/workflow/template/run/template-error.ts';
import { Template } from '../../../src/workflow/template/template.ts';
import type { Answer } from '../oracle.ts';

/** What our engine makes of a template, in the form in which Go answers. */
export function renderOurs(template: string, data: unknown): Answer {
  try {
    const bytes = Template.parse('t', template, workflowLibrary).render(dataOfJson(JSON.stringify(data)));
    const output = bytes.toString('utf8');
    return Buffer.from(output, 'utf8').equals(bytes) ? { output } : { bytes: bytes.toString('base64') };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message };
    throw error;
  }
}

/** Known differences (see exceptions.ts) that random templates run into, and limits that only we have. */
const known = [
  /fromYaml: error converting YAML to JSON/,
  /rendering takes more than/,
  /nested (?:more than|too deeply)/,
  /golden: (?:timeout|crash)/,
  /exceeded maximum template depth/,
  /reflect\.Value\.Slice: slice index out of bounds/,
  /unable to parse IP|invalid host: ParseAddr/,
];

/** True when two answers are the same, or differ where they may. */
export function agrees(template: string, ours: Answer, theirs: Answer): boolean {
  if (ours.output === theirs.output && ours.bytes === theirs.bytes && ours.error === theirs.error) return true;
  if (/printf.*[dD]ate|[dD]ate.*printf/s.test(template) && ours.output?.includes('{}')) return true;
  if (/[dD]eepCopy/.test(template) && template.includes('semver')) return true;
  return known.some((pattern) => pattern.test(ours.error ?? '') || pattern.test(theirs.error ?? ''));
}
