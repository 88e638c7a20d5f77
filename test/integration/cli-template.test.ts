import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { captFile } from '../support/local-cli.ts';

interface Result {
  readonly exitCode: number | string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs `capt template render …` and keeps every byte it writes. */
function render(args: readonly string[], cwd: string): Promise<Result> {
  return new Promise((resolve) => {
    execFile(captFile, ['template', 'render', ...args], { cwd, encoding: 'buffer' }, (error, stdout, stderr) => {
      resolve({ exitCode: error?.code ?? 0, stdout, stderr: stderr.toString() });
    });
  });
}

describe('capt template render', () => {
  let folder: string;
  const files: Record<string, string | Buffer> = {
    'plain.yaml': '\ufeffworker: {{ .device_1 }} ü\r\n\n{{- "\\xff" }}',
    'hardware.yaml': '{{ index .Hardware.Disks 0 }} {{ .hardware.metadata.name }} {{ .references.vg.spec.big }}',
    'variables.json': '{"device_1": "02:00:00:00:00:01"}',
    'hardware.json': JSON.stringify({
      hardware: { metadata: { name: 'machine-1' }, spec: { disks: [{ device: '/dev/sda' }] } },
      references: { vg: { spec: { big: 'BIG' } } },
    }).replace('"BIG"', '9007199254740993'),
    'constant.yaml': 'name: {{ "x" | upper }}\n',
    'unclosed.yaml': 'name: x\ntasks:\n  - {{ if .a }}\n',
    'unknown.yaml': 'name: x\n  - {{ nosuch 1 }}\n',
    'failing.yaml': 'name: x\n  - {{ fail "not today" }}\n',
    'bad.json': '{"device_1": \n oops}',
    'list.json': '[1]',
    'empty.json': '{}',
    'latin1.yaml': Buffer.from([0x61, 0xe4]),
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-template-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  });
  after(() => rmSync(folder, { recursive: true }));

  const outputs: [string, readonly string[], Buffer][] = [
    [
      'writes exactly the rendered bytes, be they UTF-8 or not',
      ['plain.yaml', '--data', 'variables.json'],
      Buffer.concat([Buffer.from('\ufeffworker: 02:00:00:00:00:01 ü'), Buffer.from([0xff])]),
    ],
    ['renders without variables', ['constant.yaml'], Buffer.from('name: X\n')],
    [
      'knows hardware and references as a workflow does',
      ['hardware.yaml', '--data', 'hardware.json'],
      Buffer.from('/dev/sda machine-1 9007199254740993'),
    ],
  ];
  for (const [title, args, expected] of outputs) {
    it(title, async () => {
      assert.deepEqual(await render(args, folder), { exitCode: 0, stdout: expected, stderr: '' });
    });
  }

  const failures: [string, readonly string[], string, RegExp][] = [
    [
      'says where a key is missing',
      ['plain.yaml', '--data', 'empty.json'],
      'TEMPLATE_FAILED',
      /^capt: template: plain\.yaml:1:\d+: executing "plain\.yaml" at <\.device_1>: map has no entry for key "device_1"\n/,
    ],
    [
      'says where a template is not closed',
      ['unclosed.yaml'],
      'TEMPLATE_FAILED',
      /^capt: template: unclosed\.yaml:4:0: unexpected EOF\n/,
    ],
    [
      'says where an unknown function is called',
      ['unknown.yaml'],
      'TEMPLATE_FAILED',
      /^capt: template: unknown\.yaml:2:7: function "nosuch" not defined\n/,
    ],
    [
      'says where a function fails',
      ['failing.yaml'],
      'TEMPLATE_FAILED',
      /^capt: template: failing\.yaml:2:7: executing "failing\.yaml" at <fail "not today">: error calling fail: not today\n/,
    ],
    [
      'says where JSON is wrong',
      ['plain.yaml', '--data', 'bad.json'],
      'TEMPLATE_DATA_INVALID',
      /^capt: cannot take the variables from bad\.json: .*line 2, column 2: invalid character 'o' looking for beginning of value\n/,
    ],
    [
      'wants an object',
      ['plain.yaml', '--data', 'list.json'],
      'TEMPLATE_DATA_INVALID',
      /^capt: cannot take the variables from list\.json: it is no object\n/,
    ],
    [
      'names a template that is not there',
      ['missing.yaml'],
      'TEMPLATE_UNREADABLE',
      /^capt: cannot read missing\.yaml: ENOENT.*\n/,
    ],
    [
      'names variables that are not there',
      ['plain.yaml', '--data', 'missing.json'],
      'TEMPLATE_UNREADABLE',
      /^capt: cannot read missing\.json: ENOENT.*\n/,
    ],
    ['takes no other encoding', ['latin1.yaml'], 'TEMPLATE_UNREADABLE', /^capt: cannot read latin1\.yaml: .*utf-8.*\n/],
  ];
  for (const [title, args, code, message] of failures) {
    it(`${title}, in one message, and exits with 1`, async () => {
      writeFileSync(join(folder, 'empty.json'), '{}');
      const { exitCode, stdout, stderr } = await render(args, folder);
      assert.match(stderr, message);
      assert.deepEqual(
        stderr
          .split('\n')
          .slice(1)
          .map((line) => line.replace(/^ {6}.* /, '')),
        [`[${code}]`, ''],
      );
      assert.deepEqual({ exitCode, stdout: stdout.toString() }, { exitCode: 1, stdout: '' });
    });
  }

  it('exits with 2 when it is called wrongly', async () => {
    assert.equal((await render([], folder)).exitCode, 2);
  });
});
