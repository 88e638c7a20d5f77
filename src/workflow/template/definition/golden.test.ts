import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { readWorkflows, workflowsFile } from '../../../../test/golden/cases.ts';
import type { WorkflowDefinition } from './definition.ts';
import { readDefinition } from './read-definition.ts';

/** What Go's structs look like in the answers. */
interface GoAction {
  Name: string;
  Image: string;
  Timeout: number;
  Command: string[] | null;
  Volumes: string[] | null;
  Environment: Record<string, string> | null;
  Pid: string;
  Namespaces: { Network: string; PID: string };
}

interface GoWorkflow {
  Version: string;
  Name: string;
  ID: string;
  GlobalTimeout: number;
  Tasks: {
    Name: string;
    Worker: string;
    Actions: GoAction[] | null;
    Volumes: string[] | null;
    Environment: Record<string, string> | null;
  }[];
}

function some<T extends object>(key: string, value: T | null): object {
  return value === null || Object.keys(value).length === 0 ? {} : { [key]: value };
}

function definitionOf({ Version, Name, ID, GlobalTimeout, Tasks }: GoWorkflow): WorkflowDefinition {
  return {
    version: Version,
    name: Name,
    id: ID,
    globalTimeoutSeconds: GlobalTimeout,
    tasks: Tasks.map((task) => ({
      name: task.Name,
      agentID: task.Worker,
      ...some('volumes', task.Volumes),
      ...some('environment', task.Environment),
      actions: (task.Actions ?? []).map(({ Name: name, Image: image, Timeout: timeout, ...action }) => ({
        name,
        image,
        timeout,
        ...some('command', action.Command),
        ...some('volumes', action.Volumes),
        ...some('environment', action.Environment),
        ...(action.Pid === '' ? {} : { pid: action.Pid }),
        ...some('namespaces', {
          ...(action.Namespaces.Network === '' ? {} : { network: action.Namespaces.Network }),
          ...(action.Namespaces.PID === '' ? {} : { pid: action.Namespaces.PID }),
        }),
      })),
    })),
  };
}

describe('a rendered template, compared with real Go', () => {
  const answers = JSON.parse(readFileSync(workflowsFile, 'utf8')) as {
    yaml: string;
    error?: string;
    workflow?: GoWorkflow;
  }[];

  it('is read to the same workflow, or refused where Go refuses it', () => {
    const texts = readWorkflows();
    assert.deepEqual(
      answers.map(({ yaml }) => yaml),
      texts,
      'cases have changed: run npm run golden',
    );
    for (const { yaml, error, workflow } of answers) {
      const read = readDefinition(Buffer.from(yaml));
      if (workflow === undefined) assert.ok('problems' in read, `Go says ${error} to: ${yaml}`);
      else assert.deepEqual(read, definitionOf(workflow), yaml);
    }
  });
});
