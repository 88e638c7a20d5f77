import { describeProblem } from '../../api/validation/problem.ts';
import { dataOfJson, type WorkflowVariables, workflowData } from './data.ts';
import type { WorkflowDefinition } from './definition/definition.ts';
import { readDefinition } from './definition/read-definition.ts';
import { bootOptionData } from './hardware/spec.ts';
import { workflowLibrary } from './library.ts';
import { TemplateError } from './run/template-error.ts';
import { type RenderOptions, Template } from './template.ts';
import { LimitError } from './value/error.ts';
import type { GoMap, GoStruct } from './value/value.ts';
import { withholdCause, withholdNames } from './withhold.ts';

/** What became of a template. The error names the place and never has the rendered text in it, which may hold secrets. */
export type WorkflowRendering = { readonly rendered: WorkflowDefinition } | { readonly error: string };

/** The name under which the original's errors speak of the template. */
const workflowTemplate = 'workflow-template';

/**
 * Renders the text of a Template object for a Workflow, and reads and checks what comes out: all faults at once. With
 * references the error has no value in it, for they may be secret.
 */
export function renderWorkflow(text: string, variables: WorkflowVariables, options?: RenderOptions): WorkflowRendering {
  const hasSecrets = Object.keys(variables.references ?? {}).length > 0;
  const output = render(workflowTemplate, text, () => workflowData(variables), options);
  if ('error' in output) return hasSecrets ? { error: withholdCause(output.error) } : output;
  const definition = readDefinition(output.bytes);
  if (!('problems' in definition)) return { rendered: definition };
  const problems = hasSecrets ? definition.problems.map(withholdNames) : definition.problems;
  return { error: problems.map(describeProblem).join('\n') };
}

/** Renders a text in a boot option, where `.Hardware` is the spec of the Hardware object. */
export function renderBootOption(
  text: string,
  hardwareSpec: unknown,
): { readonly text: string } | { readonly error: string } {
  const output = render('action', text, () => bootOptionData(hardwareSpec));
  return 'error' in output ? output : { text: output.bytes.toString('utf8') };
}

/** Renders any text with texts as its data, `.Name` for each. */
export function renderText(
  text: string,
  data: Readonly<Record<string, string>>,
): { readonly text: string } | { readonly error: string } {
  const output = render('text', text, () => dataOfJson(JSON.stringify(data)) as GoMap);
  return 'error' in output ? output : { text: output.bytes.toString('utf8') };
}

function render(
  name: string,
  text: string,
  data: () => GoMap | GoStruct,
  options?: RenderOptions,
): { readonly bytes: Buffer } | { readonly error: string } {
  try {
    return { bytes: Template.parse(name, text, workflowLibrary).render(data(), options) };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof LimitError) return { error: error.message };
    throw error;
  }
}
