import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { enabledFeatures, parseFeatures } from './ethtool.ts';

const printed = `Features for eth0:
rx-checksumming: on [fixed]
tx-checksumming: on
	tx-checksum-ipv4: off [fixed]
	tx-checksum-ip-generic: on
scatter-gather: off
tls-hw-rx-offload: off [requested on]
`;
const enabled = ['rx-checksumming', 'tx-checksumming', 'tx-checksum-ip-generic'];

describe('features of network interfaces', () => {
  it('are those that ethtool says are on', () => {
    assert.deepEqual(parseFeatures(printed), enabled);
    assert.deepEqual(parseFeatures(''), []);
  });

  it('are asked of the program, and none without it, for a name it would misread, or when it fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capt-ethtool-'));
    try {
      const program = join(folder, 'ethtool');
      writeFileSync(program, `#!/bin/sh\n[ "$*" = "-k eth0" ] || exit 1\ncat <<'END'\n${printed}END\n`, {
        mode: 0o755,
      });
      assert.deepEqual(await enabledFeatures('eth0', program), enabled);
      assert.deepEqual(await enabledFeatures('eth1', program), []);
      assert.deepEqual(await enabledFeatures('-k', program), []);
      assert.deepEqual(await enabledFeatures('eth0', join(folder, 'none')), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
