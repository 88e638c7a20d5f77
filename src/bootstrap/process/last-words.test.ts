import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastWords, tellsOfFullDisk } from './last-words.ts';

const trace = ['goroutine 1 [running]:', 'main.main()', '\t/x/main.go:1 +0x1', 'more', 'and more'];

describe('the last words of a process', () => {
  for (const verdict of [
    'panic: assertion failed',
    'fatal error: out of memory',
    '{"level":"fatal","msg":"discovery failed"}',
    'F1121 04:22:12.721674    4370 main.go:72] lost',
    'E1121 04:22:12.721674    4370 run.go:72] "command failed" err="unknown flag"',
  ]) {
    it(`are its verdict: ${verdict.slice(0, 24)}…`, () => {
      assert.deepEqual(lastWords(['before', verdict, ...trace], 8), [verdict, ...trace.slice(0, 2)]);
    });
  }

  it('are just the last lines when there is none', () => {
    assert.deepEqual(lastWords(['a', 'b', 'c'], 2), ['b', 'c']);
    assert.deepEqual(lastWords([], 2), []);
  });

  it('may tell of a full disk', () => {
    assert.ok(tellsOfFullDisk(['x', 'write /d/wal: no space left on device', 'panic: y']));
    assert.ok(!tellsOfFullDisk(['x']));
  });
});
