import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  buildKey,
  type GoModule,
  goArchitecture,
  linkerFlags,
  moduleDirectory,
  parseGoMod,
  readGoModule,
} from './go-module.ts';

const module: GoModule = {
  directory: '/m',
  kubernetesVersion: 'v1.36.3',
  minimumGo: '1.26',
  sources: new Map([
    ['go.mod', 'module m'],
    ['main.go', 'package main'],
  ]),
};

describe('the Go module', () => {
  it('says which Kubernetes it links and which Go it needs', async () => {
    const real = await readGoModule(moduleDirectory);
    assert.match(real.kubernetesVersion, /^v1\.\d+\.\d+$/);
    assert.match(real.minimumGo, /^1\.\d+$/);
    assert.ok(real.sources.has('go.sum'));
    assert.ok(real.sources.has('control-plane/main.go'));
  });

  it('reads both versions from go.mod, in a block or on one line', () => {
    const expected = { kubernetesVersion: 'v1.36.3', minimumGo: '1.26' };
    assert.deepEqual(parseGoMod('module x\ngo 1.26.0\nrequire (\n\tk8s.io/kubernetes v1.36.3\n)\n'), expected);
    assert.deepEqual(parseGoMod('module x\ngo 1.26\nrequire k8s.io/kubernetes v1.36.3\n'), expected);
    assert.throws(() => parseGoMod('module x\n'), /go\.mod needs/);
  });

  it('tells the linker the version in every package that reports it', () => {
    const flags = linkerFlags('v1.36.3');
    for (const name of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
      assert.ok(flags.includes(`-X ${name}.gitVersion=v1.36.3`), flags);
      assert.ok(flags.includes(`-X ${name}.gitMajor=1`), flags);
      assert.ok(flags.includes(`-X ${name}.gitMinor=36`), flags);
    }
  });

  it('has another key when a source, its name, the version or the architecture changes', () => {
    const changed = (change: Partial<GoModule>) => buildKey({ ...module, ...change }, 'amd64');
    const keys = [
      buildKey(module, 'amd64'),
      buildKey(module, 'arm64'),
      changed({ kubernetesVersion: 'v1.36.4' }),
      changed({ sources: new Map([['go.mod', 'module m']]) }),
      changed({ sources: new Map([...module.sources, ['main.go', 'package  main']]) }),
      changed({
        sources: new Map([
          ['go.mo', 'dmodule m'],
          ['main.go', 'package main'],
        ]),
      }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(buildKey({ ...module, directory: '/elsewhere' }, 'amd64'), keys[0]);
  });

  it('calls architectures as Go does', () => {
    assert.deepEqual(['x64', 'arm64', 'riscv64'].map(goArchitecture), ['amd64', 'arm64', 'riscv64']);
  });
});
