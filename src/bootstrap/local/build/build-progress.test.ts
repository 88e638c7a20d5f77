import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BuildProgress } from './build-progress.ts';

describe('the progress of a build', () => {
  it('goes from looking over downloading and compiling to linking', () => {
    const progress = new BuildProgress();
    assert.equal(progress.describe(1.4), 'looking at what there is to build, 1 s');
    progress.add('go: downloading k8s.io/api v0.36.3');
    progress.add('go: downloading k8s.io/apiserver v0.36.3');
    assert.equal(progress.describe(9), 'downloading Go modules: 2 so far, 9 s');
    progress.setTotal(3);
    assert.equal(progress.describe(10), 'compiling 0/3 packages, 10 s');
    progress.add('k8s.io/api/core/v1');
    assert.equal(progress.describe(63), 'compiling 1/3 packages, 63 s');
    progress.add('os');
    assert.equal(progress.describe(64), 'linking, 64 s');
  });

  it('counts nothing but packages', () => {
    const progress = new BuildProgress();
    progress.setTotal(10);
    for (const line of ['# k8s.io/api', 'x.go:1:2: undefined: y', '', 'go: warning: something']) progress.add(line);
    assert.equal(progress.describe(0), 'compiling 0/10 packages, 0 s');
  });
});
