import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildKey, type GoModule, goArchitecture, linkerFlags, parseGoMod, readGoModule } from './go-module.ts';
import {
  clusterApi,
  containerd,
  type GoProduct,
  kubernetes,
  nodePrograms,
  productFlags,
  recipeOf,
} from './go-product.ts';

const module: GoModule = {
  directory: '/m',
  version: 'v1.36.3',
  minimumGo: '1.26',
  sources: new Map([
    ['go.mod', 'module m'],
    ['main.go', 'package main'],
  ]),
};

describe('the Go module', () => {
  it('says which Kubernetes it links and which Go it needs', async () => {
    const real = await readGoModule(kubernetes.moduleDirectory, kubernetes.versionedBy);
    assert.match(real.version, /^v1\.\d+\.\d+$/);
    assert.match(real.minimumGo, /^1\.\d+$/);
    assert.ok(real.sources.has('go.sum'));
    assert.ok(real.sources.has('control-plane/main.go'));
  });

  it('reads both versions from go.mod, in a block or on one line', () => {
    const expected = { version: 'v1.36.3', minimumGo: '1.26' };
    assert.deepEqual(
      parseGoMod('module x\ngo 1.26.0\nrequire (\n\tk8s.io/kubernetes v1.36.3\n)\n', 'k8s.io/kubernetes'),
      expected,
    );
    assert.deepEqual(
      parseGoMod('module x\ngo 1.26\nrequire k8s.io/kubernetes v1.36.3\n', 'k8s.io/kubernetes'),
      expected,
    );
    assert.equal(parseGoMod('go 1.26.6\nrequire k8s.io/kubernetes v1.36.3\n', 'k8s.io/kubernetes').minimumGo, '1.26.6');
    assert.throws(() => parseGoMod('module x\n', 'k8s.io/kubernetes'), /go\.mod needs/);
  });

  it('leaves out sources of other binaries, so that a change of theirs builds nothing anew', async () => {
    const read = async (product: GoProduct) =>
      (await readGoModule(product.moduleDirectory, product.versionedBy, product.folders)).sources;
    const [controlPlane, node] = [await read(kubernetes), await read(nodePrograms)];
    assert.deepEqual(
      ['go.sum', 'control-plane/main.go', 'node/main.go'].map((name) => controlPlane.has(name)),
      [true, true, false],
    );
    assert.deepEqual(
      ['go.sum', 'control-plane/main.go', 'node/main.go'].map((name) => node.has(name)),
      [true, false, true],
    );
  });

  it('tells containerd its version', async () => {
    const { version } = await readGoModule(containerd.moduleDirectory, containerd.versionedBy);
    assert.match(
      productFlags(containerd, version),
      /-X github\.com\/containerd\/containerd\/v2\/version\.Version=v2\.\d+\.\d+$/,
    );
  });

  it('says which Cluster API is built', async () => {
    const real = await readGoModule(clusterApi.moduleDirectory, clusterApi.versionedBy);
    assert.match(real.version, /^v1\.\d+\.\d+$/);
  });

  it('takes no module for another whose name it starts with', () => {
    const text =
      'module x\ngo 1.26\nrequire (\n\tk8s.io/kubernetes/extra v9.9.9\n\tk8s.io/kubernetes v1.36.3 // indirect\n)\n';
    assert.equal(parseGoMod(text, 'k8s.io/kubernetes').version, 'v1.36.3');
  });

  it('tells the linker the version in every package that reports it', () => {
    const flags = linkerFlags('v1.36.3', kubernetes.versionPackages);
    for (const name of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
      assert.ok(flags.includes(`-X ${name}.gitVersion=v1.36.3`), flags);
      assert.ok(flags.includes(`-X ${name}.gitMajor=1`), flags);
      assert.ok(flags.includes(`-X ${name}.gitMinor=36`), flags);
    }
  });

  it('has another key when a source, its name, the version or the architecture changes', () => {
    const recipe = (version = module.version) => recipeOf(kubernetes, version);
    const changed = (change: Partial<GoModule>) => buildKey({ ...module, ...change }, 'amd64', recipe(change.version));
    const keys = [
      buildKey(module, 'amd64', recipe()),
      buildKey(module, 'arm64', recipe()),
      changed({ version: 'v1.36.4' }),
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
    assert.equal(buildKey({ ...module, directory: '/elsewhere' }, 'amd64', recipe()), keys[0]);
  });

  it('calls architectures as Go does', () => {
    assert.deepEqual(['x64', 'arm64', 'riscv64'].map(goArchitecture), ['amd64', 'arm64', 'riscv64']);
  });
});
