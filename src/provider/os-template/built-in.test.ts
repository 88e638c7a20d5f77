import assert from 'node:assert/strict';
import * as yaml from 'js-yaml';
import { describe, it } from 'mocha';
import type { TinkerbellMachineSpec } from '../../api/infrastructure/v1beta1/tinkerbell-machine-spec.ts';
import { FakeFacts } from '../machine/fake-facts.ts';
import { builtInTemplates } from './built-in.ts';
import type { RenderText } from './image.ts';

/** As much of Go's templates as image formats use. */
const renderText: RenderText = (text, data) =>
  text.includes('{{ broken')
    ? { error: 'line 1: unexpected "broken"' }
    : { text: text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => data[name] ?? '') };

const source = builtInTemplates({ renderText, metadataUrls: ['http://192.0.2.1:7080', 'http://192.0.2.2:7172'] });

interface Definition {
  tasks: { worker: string; actions: { name: string; image: string; environment?: Record<string, string> }[] }[];
}

function make(spec: TinkerbellMachineSpec, version = 'v1.30.1') {
  const world = new FakeFacts();
  const { machine, owner, infrastructure } = { ...world.facts, machine: { ...world.machine, spec } };
  if (owner?.spec && version !== '') owner.spec.version = version;
  return source({ machine, owner, infrastructure, hardware: world.addHardware('h'), template: () => undefined });
}

function actions(spec: TinkerbellMachineSpec) {
  const made = make(spec);
  assert.ok('data' in made, JSON.stringify(made));
  return (yaml.load(made.data) as Definition).tasks[0]?.actions ?? [];
}

describe('the built-in OS templates', () => {
  it('install Ubuntu as the original does: stream, cloud-init, data source, kexec', () => {
    const [stream, config, identify, boot] = actions({});
    assert.equal(stream?.image, 'quay.io/tinkerbell/actions/oci2disk:latest');
    assert.deepEqual(stream?.environment, {
      DEST_DISK: '{{ index .Hardware.Disks 0 }}',
      IMG_URL: 'ghcr.io/tinkerbell/cluster-api-provider-tinkerbell/ubuntu-2004:v1.30.1.gz',
      COMPRESSED: 'true',
    });
    assert.equal(config?.environment?.['DEST_DISK'], '{{ formatPartition (index .Hardware.Disks 0) 1 }}');
    assert.deepEqual(yaml.load(config?.environment?.['CONTENTS'] ?? ''), {
      datasource: { Ec2: { metadata_urls: ['http://192.0.2.1:7080', 'http://192.0.2.2:7172'], strict_id: false } },
      manage_etc_hosts: 'localhost',
      warnings: { dsid_missing_source: 'off' },
    });
    assert.equal(identify?.environment?.['CONTENTS'], 'datasource: Ec2\n');
    assert.deepEqual(
      [boot?.image, boot?.environment?.['IMAGE']],
      ['waitdaemon', 'kexec'].map((name) => `quay.io/tinkerbell/actions/${name}:latest`),
    );
  });

  it('stream an image from a URL, with its digest when there is one', () => {
    const digest = 'AB'.repeat(32);
    const [stream] = actions({
      imageLookupFormat: `https://images.example.org/{{ .OSDistro }}-{{.KubernetesVersion}}.raw.zst#sha256=${digest}`,
      imageLookupOSDistro: 'Debian',
    });
    assert.equal(stream?.image, 'quay.io/tinkerbell/actions/image2disk:latest');
    assert.deepEqual(stream?.environment, {
      DEST_DISK: '{{ index .Hardware.Disks 0 }}',
      IMG_URL: 'https://images.example.org/debian-v1.30.1.raw.zst',
      COMPRESSED: 'true',
      IMG_SHA256: digest.toLowerCase(),
    });
  });

  it('point Flatcar to its Ignition configuration and reboot', () => {
    const list = actions({
      imageLookupOSDistro: 'flatcar',
      imageLookupFormat: 'https://images.example.org/flatcar.bin.bz2',
    });
    assert.deepEqual(
      list.map(({ image }) => image.replace(/.*\//, '')),
      ['image2disk:latest', 'writefile:latest', 'reboot:latest'],
    );
    assert.match(
      list[1]?.environment?.['CONTENTS'] ?? '',
      /ignition\.config\.url=http:\/\/192\.0\.2\.1:7080\/2009-04-04\/user-data/,
    );
  });

  for (const [what, spec, version, problem] of [
    [
      'an unknown distribution',
      { imageLookupOSDistro: 'plan9' },
      'v1',
      /no OS template for imageLookupOSDistro "plan9"; there are debian, flatcar, ubuntu/,
    ],
    ['no Kubernetes version', {}, '', /Machine spec\.version is missing/],
    ['a format that is wrong', { imageLookupFormat: '{{ broken' }, 'v1', /cannot be rendered: line 1/],
    ['a digest that is none', { imageLookupFormat: 'https://x.example/y#sha256=12' }, 'v1', /no digest/],
    ['a format that gives nothing', { imageLookupFormat: '{{.Nothing}}' }, 'v1', /renders to nothing/],
  ] as const) {
    it(`say what is wrong with ${what}`, () => {
      const made = make(spec, version);
      assert.match('problem' in made ? made.problem : '(none)', problem);
    });
  }
});
