import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeProblem } from '../../../api/validation/problem.ts';
import { readDefinition } from './read-definition.ts';

function problemsOf(yaml: string): string[] {
  const read = readDefinition(Buffer.from(yaml));
  return 'problems' in read ? read.problems.map(describeProblem) : [];
}

describe('what is wrong with a rendered template', () => {
  it('is said all at once, with task, action and key', () => {
    const problems = problemsOf(
      [
        'name: ""',
        'global_timeout: soon',
        'tasks:',
        '- name: os',
        '  worker: ""',
        '  volumes: /dev:/dev',
        '  actions:',
        '  - {name: stream, image: UPPER, timeout: "5", environment: {A: 1, A: 2, B: {c: d}}}',
        '  - {name: stream, image: alpine}',
        '- name: os',
        '  worker: w',
      ].join('\n'),
    );
    assert.deepEqual(problems, [
      'name: must not be empty (line 1): give it a name',
      'global_timeout: must be a whole number (line 2): write digits without quotes',
      'tasks[0].worker: must not be empty (task "os", line 4): write the id of an agent, or a variable that the Workflow gives (hardwareMap)',
      'tasks[0].volumes: must be a list (task "os", line 6): write its entries below it, each with a dash',
      'tasks[0].actions[0].image: has capitals in the name of the repository (task "os", action "stream", line 8): write an image like quay.io/tinkerbell/actions/image2disk:latest',
      'tasks[0].actions[0].timeout: must be a whole number (task "os", action "stream", line 8): write digits without quotes',
      'tasks[0].actions[0].environment.A: is there twice, first on line 8 (task "os", action "stream", line 8): keep one of them',
      'tasks[0].actions[0].environment.B: must be a text, but is a map (task "os", action "stream", line 8): write it on one line, in quotes if it has special characters',
      'tasks[0].actions[1].name: is taken by one before it (task "os", action "stream", line 9): choose another name',
      'tasks[1].name: is taken by one before it (task "os", line 10): choose another name',
    ]);
  });

  it('§9.4 L template_validator.go:21: never shows what is in it', () => {
    const secret = 'hunter2';
    const texts = [
      `name: x\ntasks:\n- name: a\n  worker: w\n  environment: {P: [${secret}]}\n  actions: [{name: b, image: "${secret}!", command: {x: ${secret}}, timeout: ${secret}}]`,
      `name: x\ntasks: [{a: ${secret}\n`,
      `name: x\ntasks: "${secret}"`,
      `name: x\n  ${secret}: [`,
      `name: x\ntasks: *${secret}`,
    ];
    for (const text of texts) {
      const problems = problemsOf(text);
      assert.notDeepEqual(problems, []);
      if (!text.includes('*')) assert.ok(!problems.join('\n').includes(secret), problems.join('\n'));
    }
  });

  it('includes aliases that make too much of a small text', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} {${Array.from({ length: 9 }, (_, k) => `k${k}: *l${i}`)}}`,
    );
    const merges = Array.from({ length: 200 }, (_, i) => `m${i + 1}: &m${i + 1} {<<: *m${i}}`);
    const bomb = ['l0: &l0 x', ...levels, 'name: x', 'tasks: [{name: a, worker: w, environment: *l12}]'].join('\n');
    const deep = ['m0: &m0 {a: b}', ...merges, 'name: x', 'tasks: [{name: a, worker: w, environment: *m200}]'].join(
      '\n',
    );
    const wide = `a: &a [${'x, '.repeat(20_000)}]\nname: x\ntasks: [${Array.from({ length: 50 }, (_, i) => `{name: t${i}, worker: w, volumes: *a}`)}]`;
    for (const text of [bomb, deep, wide]) assert.notDeepEqual(problemsOf(text), []);
    assert.match(problemsOf(wide).join('\n'), /too many aliases/);
    assert.match(problemsOf(deep).join('\n'), /too deeply/);
  });
});
