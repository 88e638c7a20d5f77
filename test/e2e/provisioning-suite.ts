import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'mocha';
import { readSettings } from '../../src/cli/settings.ts';
import { networkNames } from '../../src/rack/qemu/network/network.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { leftovers } from '../support/leftovers.ts';
import { skipBecause } from '../support/reporter.ts';
import { provisioningUnavailable } from './provisioning-available.ts';
import { ProvisioningRig, type RigOptions } from './provisioning-rig.ts';
import { type SmallOs, smallOs } from './small-os.ts';

export interface ProvisioningSuite {
  rig: ProvisioningRig;
  /** What machines are installed with. */
  os: SmallOs;
}

/**
 * For a `describe`: a rack with the whole stack, and an image for its machines, made before its tests; afterwards nothing of
 * either may be left. Skips the tests where something is missing, of `programs` too.
 * @returns both, once the tests run
 */
export function provisioningSuite(
  rack: RigOptions,
  { programs = [], makeOs = smallOs }: { programs?: readonly string[]; makeOs?: typeof smallOs } = {},
): () => ProvisioningSuite {
  let folder: string | undefined;
  let suite: Partial<ProvisioningSuite> = {};
  let failed = false;

  before(async function () {
    let reason = await provisioningUnavailable();
    for (const program of programs) reason ??= await missing(program);
    if (reason !== undefined) skipBecause(this, reason);
    folder = mkdtempSync(join(tmpdir(), 'capt-os-'));
    const { cacheDirectory } = readSettings(process.env, homedir());
    suite = { os: await makeOs({ cacheDirectory, target: folder }) };
    suite.rig = await ProvisioningRig.start(rack);
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });
  after(async () => {
    const { rig } = suite;
    await rig?.end({ keepLogs: failed });
    if (folder !== undefined) rmSync(folder, { recursive: true });
    if (rig === undefined) return;
    assert.deepEqual(leftovers(rig.folder), []);
    assert.ok(!networkNames().includes(rig.rack.qemu.network));
  });

  return () => {
    const { rig, os } = suite;
    assert.ok(rig !== undefined && os !== undefined);
    return { rig, os };
  };
}
