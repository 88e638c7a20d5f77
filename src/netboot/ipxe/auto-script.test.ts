/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: iPXE fills them in */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { type FakeHardwareOptions, fakeHardware } from '../hardware/fake-hardware.ts';
import { autoScript } from './auto-script.ts';
import type { ScriptSettings } from './script-settings.ts';
import { autoexecScript, unknownMachineScript } from './unknown-script.ts';

const settings: ScriptSettings = {
  osieUrl: 'http://192.0.2.1:7173',
  syslogHost: '192.0.2.1',
  grpcAuthority: '192.0.2.1:42113',
};

function textFor(options: FakeHardwareOptions = {}, others: Partial<ScriptSettings> = {}): string {
  const hardware = fakeHardware(options);
  const script = autoScript(hardware, hardware.spec?.interfaces?.[0] ?? {}, { ...settings, ...others });
  assert.ok(script.outcome === 'script', script.outcome);
  return script.text;
}

/** The arguments of the kernel, without the kernel itself. */
function kernelArguments(script: string): string {
  const [, all] = /^kernel \$\{download-url\}\/\$\{kernel\} (.*?) && goto/m.exec(script) ?? [];
  assert.ok(all !== undefined, script);
  return all;
}

const lineOf = (script: string, start: string) => script.split('\n').find((line) => line.startsWith(start));

describe('auto.ipxe', () => {
  it('boots the installer of a machine', () => {
    assert.equal(textFor(), expected);
  });

  it('App. A: has the kernel arguments that HookOS looks for, in the usual order', () => {
    const script = textFor(
      {
        dhcp: { vlan_id: '100,200' },
        netboot: { osie: { kernelParams: ['last=1', 'ipam=x'] } },
        spec: { agentID: 'agent-7', metadata: { facility: { facility_code: 'console=ttyS0,115200' } } },
        interface: {
          dhcp: { mac: '02:00:5E:00:53:01', vlan_id: '100,200' },
          netboot: { allowPXE: true, osie: { kernelParams: ['last=1', 'ipam=x'] } },
        },
      },
      { extraKernelArgs: ['tink_worker_image=a/b:c'], grpcTls: true, grpcInsecureTls: true },
    );
    assert.equal(
      kernelArguments(script),
      'vlan_id=100,200 facility=console=ttyS0,115200 syslog_host=192.0.2.1 grpc_authority=192.0.2.1:42113 ' +
        'tinkerbell_tls=true tinkerbell_insecure_tls=true worker_id=agent-7 hw_addr=02:00:5e:00:53:01 ' +
        'modules=loop,squashfs,sd-mod,usb-storage intel_iommu=on iommu=pt initrd=${initrd} console=tty0 ' +
        'console=ttyS1,115200 tink_worker_image=a/b:c last=1 ipam=x',
    );
  });

  const variables: [string, FakeHardwareOptions, Partial<ScriptSettings>, string[]][] = [
    [
      'an architecture',
      { dhcp: { arch: 'aarch64' } },
      {},
      ['set arch aarch64', 'set kernel vmlinuz-${arch}', 'set initrd initramfs-${arch}'],
    ],
    [
      'names of files',
      { dhcp: { arch: 'aarch64' } },
      { kernelName: 'k', initrdName: 'i' },
      ['set kernel k-aarch64', 'set initrd i-aarch64'],
    ],
    [
      'an installer of its own',
      { netboot: { osie: { baseURL: 'https://198.51.100.7/os/', kernel: 'bzImage', initrd: 'root.gz' } } },
      { kernelName: 'k' },
      ['set download-url https://198.51.100.7/os', 'set kernel bzImage', 'set initrd root.gz'],
    ],
    ['retries', {}, { retries: 5, retryDelaySeconds: 3 }, ['set retries:int32 5', 'set retry_delay:int32 3']],
  ];
  for (const [name, hardware, others, lines] of variables) {
    it(`takes ${name}`, () => {
      const script = textFor(hardware, others).split('\n');
      for (const line of lines) assert.ok(script.includes(line), `${line}: ${script.join('\n')}`);
    });
  }

  it('runs a script of the machine’s own, and chains to a URL, which wins', () => {
    const contents = '#!ipxe\nshell\n';
    assert.equal(
      textFor({ netboot: { ipxe: { contents } } }),
      `#!ipxe\n\necho Running the script of this machine\n${contents}\n`,
    );
    const url = 'https://198.51.100.7/a.ipxe?x=1';
    assert.equal(lineOf(textFor({ netboot: { ipxe: { url, contents } } }), 'chain'), `chain --autofree ${url}`);
  });

  it('gives nothing to what may not boot, and chains nowhere but to the web', () => {
    const outcome = (netboot: HardwareInterface['netboot']) =>
      autoScript(fakeHardware(), netboot === undefined ? {} : { netboot }, settings).outcome;
    assert.equal(outcome(undefined), 'not-allowed');
    assert.equal(outcome({}), 'not-allowed');
    assert.equal(outcome({ allowPXE: false, ipxe: { url: 'http://a/' } }), 'not-allowed');
    for (const url of ['tftp://a/b', 'file:///etc', 'http://a/b\nshell', 'http://a b', 'a']) {
      assert.equal(outcome({ allowPXE: true, ipxe: { url } }), 'bad-url', url);
    }
  });

  it('9.1 L: unset syslog host leaves syslog out', () => {
    const script = textFor({}, { syslogHost: '' });
    assert.doesNotMatch(script, /syslog|invalid/);
  });

  it('9.1 L: free text of a Hardware cannot begin a line, that is a command, of its own', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\0', '\t', '&', '|', '$', '{', '}') });
    const count = textFor().split('\n').length;
    fc.assert(
      fc.property(texts, (text) => {
        const script = textFor({
          dhcp: { arch: `x${text}` },
          netboot: { osie: { baseURL: `x${text}`, kernel: `x${text}`, initrd: `x${text}`, kernelParams: [text] } },
        });
        assert.equal(script.split(/[\n\r\0]/).length, count);
      }),
    );
  });
});

describe('the script for a machine that is not known', () => {
  const script = unknownMachineScript({ ...settings, extraKernelArgs: ['extra=1'] });

  it('lets iPXE fill in what differs', () => {
    assert.equal(
      kernelArguments(script),
      'syslog_host=${syslog_host} grpc_authority=${grpc_authority} tinkerbell_tls=${tinkerbell_tls} ' +
        'worker_id=${worker_id} hw_addr=${mac} console=tty1 console=tty2 console=ttyAMA0,115200 ' +
        'console=ttyAMA1,115200 console=ttyS0,115200 console=ttyS1,115200 intel_iommu=on iommu=pt extra=1 ' +
        'initrd=${initrd}',
    );
    for (const line of ['set worker_id ${mac}', 'set grpc_authority 192.0.2.1:42113', 'set kernel vmlinuz-${arch}']) {
      assert.ok(script.split('\n').includes(line), script);
    }
  });
});

describe('autoexec.ipxe', () => {
  it('goes on to the script of the machine', () => {
    assert.equal(
      lineOf(autoexecScript('http://192.0.2.1:7080/ipxe/script/auto.ipxe'), 'chain'),
      'chain --autofree http://192.0.2.1:7080/ipxe/script/${netX/mac:hexhyp}/auto.ipxe',
    );
  });
});

const again = (what: string) =>
  ` || iseq \${idx} \${retries} && goto ${what}-error || inc idx && echo ${what} failed, trying again in ` +
  `\${retry_delay} seconds && sleep \${retry_delay} && goto retry_${what}`;

const expected = `#!ipxe

# Console output goes to this host as well.
set check:ipv4 192.0.2.1 && set syslog 192.0.2.1 || nslookup syslog 192.0.2.1 || echo No address of syslog host 192.0.2.1 is known
clear check:ipv4 ||

echo Loading the installer of this machine
set arch x86_64
set download-url http://192.0.2.1:7173
set kernel vmlinuz-\${arch}
set initrd initramfs-\${arch}
set retries:int32 1
set retry_delay:int32 1
set idx:int32 0

:retry_kernel
kernel \${download-url}/\${kernel} facility= syslog_host=192.0.2.1 grpc_authority=192.0.2.1:42113 tinkerbell_tls=false tinkerbell_insecure_tls=false worker_id=02:00:5e:00:53:01 hw_addr=02:00:5e:00:53:01 modules=loop,squashfs,sd-mod,usb-storage intel_iommu=on iommu=pt initrd=\${initrd} console=tty0 console=ttyS1,115200 && goto download_initrd${again('kernel')}

:download_initrd
set idx:int32 0
:retry_initrd
initrd \${download-url}/\${initrd} && goto boot${again('initrd')}

:boot
set idx:int32 0
:retry_boot
boot${again('boot')}

:kernel-error
echo The kernel cannot be downloaded
imgfree
exit

:initrd-error
echo The initrd cannot be downloaded
imgfree
exit

:boot-error
echo The installer cannot be booted
imgfree
exit
`;
