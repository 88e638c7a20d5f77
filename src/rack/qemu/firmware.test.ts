import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { uefiFirmware } from './firmware.ts';

describe('UEFI firmware', () => {
  let directory: string;
  let folder: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'capt-uefi-'));
    folder = join(directory, 'OVMF');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const put = (name: string) => writeFileSync(join(folder, name), name);

  it('is code with the variables that belong to it, which are the machine’s own and stay', async () => {
    for (const name of ['OVMF_CODE.fd', 'OVMF_VARS.fd', 'OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd']) put(name);
    const variables = join(directory, 'uefi-variables.fd');
    const expected = { kind: 'uefi', code: join(folder, 'OVMF_CODE_4M.fd'), variables };
    assert.deepEqual(await uefiFirmware('node-1', directory, ['/none', folder]), expected);
    assert.equal(readFileSync(variables, 'utf8'), 'OVMF_VARS_4M.fd');
    writeFileSync(variables, 'changed');
    await uefiFirmware('node-1', directory, [folder]);
    assert.equal(readFileSync(variables, 'utf8'), 'changed');
  });

  it('says where it was looked for; half of it is none', async () => {
    put('OVMF_CODE.fd');
    await assert.rejects(uefiFirmware('node-1', directory, ['/none', folder]), {
      code: 'UEFI_FIRMWARE_MISSING',
      message: `machine node-1 boots by UEFI, and there is no firmware for it in any of /none, ${folder}`,
    });
  });
});
