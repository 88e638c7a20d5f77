import type { Problem } from '../../../api/validation/problem.ts';
import { bytesOf, bytesOfBuffer, textOf } from '../value/bytes.ts';
import { GoError } from '../value/error.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { ActionDefinition, TaskDefinition, WorkflowDefinition } from './definition.ts';
import { imageProblem } from './image-reference.ts';
import { entryPlace, keyPlace, type Place, Problems, top } from './problems.ts';
import { nameOf, Reader } from './reader.ts';

const longestName = 199;

/** Reads a rendered template: the workflow it describes, or everything that is wrong with it. */
export function readDefinition(rendered: Uint8Array): WorkflowDefinition | { readonly problems: readonly Problem[] } {
  const problems = new Problems();
  const definition = new DefinitionReader(problems).read(bytesOfBuffer(rendered));
  return definition === undefined || problems.all.length > 0 ? { problems: problems.all } : definition;
}

class DefinitionReader {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  read(yaml: string): WorkflowDefinition | undefined {
    const root = this.#parse(yaml);
    if (root === undefined) return undefined;
    const reader = new Reader(root, top, this.#problems);
    const nodes = reader.nodes('tasks');
    if (nodes.length === 0) {
      this.#problems.add(
        keyPlace(top, 'tasks'),
        undefined,
        'must have at least one task',
        'add a task with its actions',
      );
    }
    const names = new Set<string>();
    return {
      version: reader.text('version'),
      name: this.#name(reader, root, undefined),
      id: reader.text('id'),
      globalTimeoutSeconds: reader.integer('global_timeout'),
      tasks: nodes.map((node, i) =>
        this.#task(reader, node, entryPlace(keyPlace(top, 'tasks'), i, 'task', nameOf(node)), names),
      ),
    };
  }

  #parse(yaml: string): YamlNode | undefined {
    try {
      const root = parseYaml(yaml);
      if (root !== undefined) return root;
      this.#problems.add(
        top,
        undefined,
        'is empty after rendering',
        'write a workflow with name, global_timeout and tasks',
      );
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      const [, line, what = ''] = /^yaml: (?:line (\d+): )?(.*)$/s.exec(textOf(error.message)) ?? [];
      const rule = `is no YAML after rendering: ${what}`;
      this.#problems.add(
        top,
        line === undefined ? undefined : Number(line),
        rule,
        'look at the rendered text with: capt template render',
      );
    }
    return undefined;
  }

  #name(reader: Reader, node: YamlNode, taken: Set<string> | undefined): string {
    const name = reader.text('name');
    const place = keyPlace(reader.place, 'name');
    const length = bytesOf(name).length;
    if (length === 0) this.#problems.add(place, node.line, 'must not be empty', 'give it a name');
    else if (length > longestName) {
      this.#problems.add(place, node.line, `has ${length} bytes, but may have ${longestName}`, 'choose a shorter name');
    } else if (taken?.has(name))
      this.#problems.add(place, node.line, 'is taken by one before it', 'choose another name');
    taken?.add(name);
    return name;
  }

  #task(parent: Reader, node: YamlNode, place: Place, taken: Set<string>): TaskDefinition {
    const reader = parent.entry(node, place);
    const name = this.#name(reader, node, taken);
    const agentID = reader.text('worker');
    if (agentID === '') {
      const fix = 'write the id of an agent, or a variable that the Workflow gives (hardwareMap)';
      this.#problems.add(keyPlace(place, 'worker'), node.line, 'must not be empty', fix);
    }
    const actions = new Set<string>();
    const list = keyPlace(place, 'actions');
    return {
      name,
      agentID,
      ...filled('volumes', reader.texts('volumes')),
      ...filled('environment', reader.textMap('environment')),
      actions: reader
        .nodes('actions')
        .map((action, i) => this.#action(reader, action, entryPlace(list, i, 'action', nameOf(action)), actions)),
    };
  }

  #action(parent: Reader, node: YamlNode, place: Place, taken: Set<string>): ActionDefinition {
    const reader = parent.entry(node, place);
    const name = this.#name(reader, node, taken);
    const image = reader.text('image');
    const problem = image === '' ? 'must not be empty' : imageProblem(image);
    if (problem !== undefined) {
      this.#problems.add(
        keyPlace(place, 'image'),
        node.line,
        problem,
        'write an image like quay.io/tinkerbell/actions/image2disk:latest',
      );
    }
    const namespaces = reader.map('namespaces');
    return {
      name,
      image,
      timeout: reader.integer('timeout'),
      ...filled('command', reader.texts('command')),
      ...filled('volumes', reader.texts('volumes')),
      ...filled('environment', reader.textMap('environment')),
      ...filled('pid', reader.text('pid')),
      ...filled('namespaces', {
        ...filled('network', namespaces.text('network')),
        ...filled('pid', namespaces.text('pid')),
      }),
    };
  }
}

/** A property, unless there is nothing in it. */
function filled<K extends string, V extends object | string>(key: K, value: V): { [P in K]?: V } {
  const isEmpty = typeof value === 'string' ? value === '' : Object.keys(value).length === 0;
  return isEmpty ? {} : ({ [key]: value } as { [P in K]?: V });
}
