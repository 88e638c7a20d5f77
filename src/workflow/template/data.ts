import { hardwareView } from './hardware/view.ts';
import { parseJson } from './json/parse.ts';
import { parseWholeNumbers } from './json/whole-numbers.ts';
import { bytesOf } from './value/bytes.ts';
import { fromJson } from './value/from-json.ts';
import { type Any, GoMap } from './value/value.ts';

/** What a workflow template is rendered with. Everything is as it comes from JSON. */
export interface WorkflowVariables {
  /** The `hardwareMap` of the Workflow: variables of their own. Names that are taken below have no effect. */
  readonly hardwareMap?: Readonly<Record<string, string>>;
  /** The Hardware object; an empty one when the Workflow names none. */
  readonly hardware: object;
  /** Objects that the Hardware refers to, by the name of the reference; whole numbers as `bigint`. */
  readonly references?: Readonly<Record<string, unknown>>;
}

/** The data of a workflow template: `.hardware`, `.Hardware`, `.references` and the keys of the hardware map. Throws `LimitError`. */
export function workflowData({ hardwareMap = {}, hardware, references = {} }: WorkflowVariables): GoMap {
  const data = new GoMap();
  for (const [key, value] of Object.entries(hardwareMap)) data.entries.set(bytesOf(key), bytesOf(value));
  data.entries.set('hardware', fromJson(hardware));
  data.entries.set('Hardware', hardwareView(hardware));
  data.entries.set('references', fromJson(references));
  return data;
}

/** JSON text of variables, for rendering by hand: `hardware` and `references` mean what they mean in a workflow. Throws `SyntaxError`, or `LimitError`. */
export function dataOfJson(text: string): Any {
  const json = parseJson(text);
  const data = fromJson(json);
  if (!(data instanceof GoMap) || typeof json !== 'object' || json === null) return data;
  const variables = json as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(variables, 'references')) {
    const whole = parseWholeNumbers(text) as Readonly<Record<string, unknown>>;
    data.entries.set('references', fromJson(whole['references']));
  }
  if (Object.hasOwn(variables, 'hardware')) data.entries.set('Hardware', hardwareView(variables['hardware']));
  return data;
}
