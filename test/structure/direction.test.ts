import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sourceFiles } from './source-files.ts';

const services = ['provider', 'workflow', 'bmc', 'netboot', 'metadata', 'inventory'];

/** Which top-level folders of `src` each may import (besides itself); DESIGN: cli → services → kube → api. */
const allowed: Record<string, readonly string[]> = {
  api: [],
  kube: ['api'],
  ...Object.fromEntries(services.map((service) => [service, ['kube', 'api']])),
  agent: ['api'],
  bootstrap: ['kube', 'api', ...services],
  // Emulated machines are processes, told apart and ended as those of the control plane are.
  rack: ['kube', 'api', 'agent', 'bootstrap', ...services],
  cli: ['api', 'kube', 'agent', 'bootstrap', 'rack', ...services],
};

describe('the structure of src', () => {
  const files = sourceFiles('src');

  it('imports only in the direction cli → services → kube → api', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = folderOf(file.path);
      assert.ok(
        from in allowed,
        `${file.path}: folder src/${from} is not in the design; add it to this test and say why`,
      );
      for (const target of file.imports) {
        const to = target.startsWith('src/') ? folderOf(target) : target;
        const testOnly = file.path.endsWith('.test.ts') && target.startsWith('test/');
        if (to !== from && !testOnly && !allowed[from]?.includes(to)) wrong.push(`${file.path} → ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('has no import circle between files', () => {
    const graph = new Map(files.map((file) => [file.path, file.imports]));
    assert.deepEqual(firstCircle(graph), []);
  });

  it('keeps every file at 450 lines or less', () => {
    const long = files.filter((file) => file.lines > 450 && !file.path.endsWith('.generated.ts'));
    assert.deepEqual(
      long.map((file) => `${file.path}: ${file.lines} lines`),
      [],
    );
  });
});

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function firstCircle(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    done.add(path);
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
