import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, beforeEach, describe, it } from 'mocha';
import { parseIpv4 } from '../../src/netboot/dhcp/codec/ipv4.ts';
import { macFormats, type NetbootSettings } from '../../src/netboot/dhcp/decide/boot-file.ts';
import { type FakeClientOptions, fakeRequest } from '../../src/netboot/dhcp/fake-client.ts';
import { ask, bootOf, fakeOptions } from '../../src/netboot/dhcp/fake-server.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { readBootPrograms } from '../../src/netboot/ipxe/boot-programs.ts';
import { fakeProgram } from '../../src/netboot/ipxe/fake-programs.ts';
import { skipBecause } from '../support/reporter.ts';
import { missing } from './bmc-ipmi-tool.ts';
import { BootRig } from './netboot-rig.ts';

const run = promisify(execFile);

/** Every kind of client that DHCP tells a program: architecture, way to load, how it calls itself. */
const clients: FakeClientOptions[] = [0, 6, 7, 9, 10, 11].flatMap((architecture) =>
  (['PXEClient', 'HTTPClient'] as const).flatMap((boots) =>
    [undefined, 'iPXE', '\x04iPXE', 'Tinkerbell', '\x0aTinkerbell'].map((userClass) => ({
      boots,
      architectures: [architecture],
      ...(userClass === undefined ? {} : { userClass }),
    })),
  ),
);

describe('whatever DHCP, TFTP or a script advertises is served', () => {
  let folder: string;
  let cache: FakeHardwareCache;
  let rig: BootRig;
  let settings: NetbootSettings;

  before(async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    folder = mkdtempSync(join(tmpdir(), 'contract-'));
    for (const name of ['vmlinuz-x86_64', 'initramfs-x86_64', 'vmlinuz-aarch64', 'initramfs-aarch64']) {
      writeFileSync(join(folder, name), `content of ${name}`);
    }
    writeFileSync(join(folder, 'undionly.kpxe'), Buffer.alloc(70_000));
    writeFileSync(join(folder, 'ipxe.efi'), fakeProgram(0x8664));
    writeFileSync(join(folder, 'snp-arm64.efi'), fakeProgram(0xaa64));
    cache = new FakeHardwareCache();
    rig = await BootRig.start({ cache, programs: readBootPrograms({ folder }), folder });
    settings = {
      ...(fakeOptions.netboot ?? assert.fail()),
      tftpAddress: parseIpv4('127.0.0.1') ?? assert.fail(),
      tftpPort: rig.tftp.port,
      binaryUrl: `http://127.0.0.1:${rig.httpPort}/ipxe/binary/`,
      scriptUrl: `http://127.0.0.1:${rig.httpPort}/ipxe/script/auto.ipxe`,
    };
  });
  after(async () => {
    await rig?.[Symbol.asyncDispose]();
    if (folder) rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    cache.put(fakeHardware());
  });

  /** What DHCP tells, as a URL. */
  function advertised(client: FakeClientOptions, changed: Partial<NetbootSettings> = {}): string {
    const options = { ...fakeOptions, netboot: { ...settings, ...changed } };
    const [file = ''] = bootOf(ask(fakeRequest(client), { cache, options })).split(' ');
    return file.includes('://') ? file : `tftp://127.0.0.1:${rig.tftp.port}/${file.replace(/^\//, '')}`;
  }

  for (const macFormat of macFormats) {
    it(`programs and scripts, with hardware addresses as ${macFormat}`, async () => {
      for (const client of clients) {
        const url = advertised(client, { macFormat });
        assert.ok((await fetched(url)).length > 0, `${url} for ${JSON.stringify(client)}`);
      }
    });
  }

  for (const arch of ['x86_64', 'aarch64']) {
    it(`kernel and initrd for ${arch}`, async () => {
      cache.put(fakeHardware({ dhcp: { arch } }));
      const script = String(await fetched(advertised({ boots: 'PXEClient', userClass: 'Tinkerbell' })));
      const [base, kernel, initrd] = ['download-url', 'kernel', 'initrd'].map((name) =>
        (new RegExp(`^set ${name} (.*)$`, 'm').exec(script)?.[1] ?? '').replace(/\$\{arch\}/g, arch),
      );
      assert.equal(String(await fetched(`${base}/${kernel}`)), `content of vmlinuz-${arch}`);
      assert.equal(String(await fetched(`${base}/${initrd}`)), `content of initramfs-${arch}`);
    });
  }

  it('9.1 M: what says "not allowed" is served to nobody, in any way, nor are programs and scripts then', async () => {
    cache.put(fakeHardware({ netboot: { allowPXE: false } }));
    for (const client of clients) {
      const url = advertised(client);
      assert.match(url, /\/netboot-not-allowed$/);
      await assert.rejects(fetched(url), `${url} for ${JSON.stringify(client)}`);
    }
    const mac = '02:00:5e:00:53:01';
    for (const url of [
      `http://127.0.0.1:${rig.httpPort}/ipxe/script/${mac}/auto.ipxe`,
      `http://127.0.0.1:${rig.httpPort}/ipxe/binary/${mac}/ipxe.efi`,
      `tftp://127.0.0.1:${rig.tftp.port}/${mac}/ipxe.efi`,
    ]) {
      await assert.rejects(fetched(url), url);
    }
  });
});

/** Fetches with a client that is not ours. Rejects when it is not served. */
async function fetched(url: string): Promise<Buffer> {
  const { stdout } = await run('curl', ['-sSf', '-o', '-', url], { encoding: 'buffer', timeout: 20_000 });
  return stdout;
}
