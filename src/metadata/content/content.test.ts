import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { fakeHardware } from '../fake-hardware.ts';
import { ec2Node } from './ec2-tree.ts';
import { ignitionOf } from './ignition.ts';
import { networkConfigOf } from './network-config.ts';
import { nocloudFiles } from './nocloud.ts';
import { rootioOf } from './rootio.ts';

const ips = [
  { address: '10.0.0.2', family: 4, public: false },
  { address: '198.51.100.2', family: 4, public: true },
  { address: '2001:db8::2', family: 6 },
];

/** As users of the original have them. */
const full: Hardware = fakeHardware('node-1', '10.0.0.2', {
  userData: '#cloud-config',
  vendorData: 'vendor',
  metadata: {
    facility: { plan_slug: 'c3', facility_code: 'onprem' },
    instance: {
      id: 'i-1',
      hostname: 'host-1',
      tags: ['a', 'b'],
      ips,
      ssh_keys: ['ssh-ed25519 AAAA one\n', '', 'ssh-rsa BBBB two'],
      operating_system: { slug: 'ubuntu_24_04', distro: 'ubuntu', version: '24.04', image_tag: 'v1', os_slug: 'x' },
      userdata: 'not this',
    },
  },
});
const bare = withoutUserData({});

function withoutUserData(spec: Hardware['spec']): Hardware {
  const hardware = fakeHardware('node-2', '192.0.2.2', spec);
  delete hardware.spec?.userData;
  return hardware;
}

function at(path: string, hardware = full): string | undefined {
  const node = ec2Node(path);
  return node === undefined ? undefined : 'listing' in node ? node.listing : node.value(hardware);
}

describe('the EC2-style tree', () => {
  for (const [path, value] of [
    ['user-data', '#cloud-config'],
    ['meta-data/instance-id', 'i-1'],
    ['meta-data/hostname', 'host-1'],
    ['meta-data/local-hostname', 'host-1'],
    ['meta-data/iqn', ''],
    ['meta-data/plan', 'c3'],
    ['meta-data/facility', 'onprem'],
    ['meta-data/tags', 'a\nb'],
    ['meta-data/public-ipv4', '198.51.100.2'],
    ['meta-data/local-ipv4', '10.0.0.2'],
    ['meta-data/public-ipv6', '2001:db8::2'],
    ['meta-data/operating-system/slug', 'ubuntu_24_04'],
    ['meta-data/operating-system/distro', 'ubuntu'],
    ['meta-data/operating-system/version', '24.04'],
    ['meta-data/operating-system/image_tag', 'v1'],
    ['meta-data/operating-system/license_activation/state', ''],
    ['', 'meta-data/\nuser-data'],
    [
      'meta-data',
      'facility\nhostname\ninstance-id\niqn\nlocal-hostname\nlocal-ipv4\noperating-system/\nplan\npublic-ipv4\n' +
        'public-ipv6\npublic-keys\ntags',
    ],
    ['meta-data/operating-system', 'distro\nimage_tag\nlicense_activation/\nslug\nversion'],
    ['meta-data/operating-system/license_activation', 'state'],
  ] as const) {
    it(`has ${path === '' ? 'a root' : path}, with and without a slash at the end`, () => {
      assert.equal(at(path), value);
      if (path !== '') assert.equal(at(`${path}/`), value);
    });
  }

  for (const path of ['latest', 'meta-data//', 'meta-data/x', 'meta-data/user-data', '__proto__', 'constructor']) {
    it(`has no ${path}`, () => assert.equal(at(path), undefined));
  }

  it('9.2 M public-keys are filled from ssh_keys, as cloud-init takes them; vendor-data is served', () => {
    assert.equal(at('meta-data/public-keys'), 'ssh-ed25519 AAAA one\nssh-rsa BBBB two');
    assert.equal(at('vendor-data'), 'vendor');
  });

  it('9.2 M user-data comes from metadata.instance.userdata when the spec has none, but not when it was emptied', () => {
    const instance = { userdata: 'of the instance' };
    assert.equal(at('user-data', withoutUserData({ metadata: { instance } })), 'of the instance');
    assert.equal(at('user-data', fakeHardware('a', '', { userData: '', metadata: { instance } })), '');
  });

  it('9.2 M addresses, host name and id come from the interfaces when the instance has none', () => {
    assert.equal(at('meta-data/local-ipv4', bare), '192.0.2.2');
    assert.equal(at('meta-data/hostname', bare), 'node-2');
    assert.equal(at('meta-data/instance-id', bare), '02:00:5e:00:53:01');
    assert.equal(at('meta-data/public-ipv4', bare), '');
    assert.equal(at('meta-data/public-ipv6', fakeHardware('a', '2001:DB8::5')), '2001:db8::5');
    const listed = fakeHardware('a', '192.0.2.2', {
      metadata: { instance: { ips: [{ address: '10.1.1.1', family: 4, public: true }] } },
    });
    assert.equal(at('meta-data/local-ipv4', listed), '');
  });

  it('has nothing but empty values of a Hardware without spec', () => {
    const { spec: _, ...empty } = bare;
    assert.equal(at('user-data', empty), '');
    assert.equal(at('meta-data/tags', empty), '');
    assert.equal(at('meta-data/instance-id', empty), '');
  });
});

describe('the storage that rootio reads', () => {
  it('has the members of the original and no others', () => {
    const storage = {
      disks: [
        {
          device: '/dev/sda',
          wipe_table: true,
          partitions: [{ label: 'ROOT', number: 1, size: 0, start: 2048, type_guid: 'x' }],
        },
        {},
      ],
      raid: [{ name: 'md0' }],
      filesystems: [
        {
          mount: {
            device: '/dev/sda1',
            format: 'ext4',
            point: '/',
            create: { force: true, options: ['-L', 'ROOT'] },
            files: [],
          },
        },
        {},
      ],
    };
    assert.equal(
      rootioOf(fakeHardware('a', '', { metadata: { instance: { storage } } })),
      '{"metadata":{"instance":{"storage":{"disks":[{"device":"/dev/sda","partitions":[{"label":"ROOT","number":1,' +
        '"size":0}],"wipe_table":true},{"device":"","partitions":null,"wipe_table":false}],"filesystems":[{"mount":' +
        '{"create":{"options":["-L","ROOT"]},"device":"/dev/sda1","format":"ext4","point":"/"}},{"mount":{"create":' +
        '{"options":null},"device":"","format":"","point":""}}]}}}}',
    );
  });

  it('is null where there is none', () => {
    const nothing = '{"metadata":{"instance":{"storage":{"disks":null,"filesystems":null}}}}';
    assert.equal(rootioOf(bare), nothing);
  });
});

describe('a NoCloud seed', () => {
  it('has identity, user-data, vendor-data', () => {
    assert.deepEqual(JSON.parse(nocloudFiles['meta-data']?.(full) ?? ''), {
      'instance-id': 'i-1',
      'local-hostname': 'host-1',
      'public-keys': ['ssh-ed25519 AAAA one', 'ssh-rsa BBBB two'],
    });
    assert.deepEqual(
      [nocloudFiles['user-data']?.(full), nocloudFiles['vendor-data']?.(full)],
      ['#cloud-config', 'vendor'],
    );
    assert.equal(nocloudFiles['vendor-data']?.(bare), '');
  });

  it('configures addresses statically, and DHCP where none is known', () => {
    const interfaces = [
      {
        dhcp: {
          mac: '02:00:5E:00:53:01',
          ip: { address: '192.0.2.2', netmask: '255.255.254.0', gateway: '192.0.2.1' },
          name_servers: ['192.0.2.3', 'x'],
        },
      },
      { dhcp: { mac: '02:00:5e:00:53:02' } },
      {},
    ];
    assert.deepEqual(networkConfigOf(fakeHardware('a', '', { interfaces })), {
      version: 2,
      ethernets: {
        nic0: {
          match: { macaddress: '02:00:5e:00:53:01' },
          addresses: ['192.0.2.2/23'],
          routes: [{ to: '0.0.0.0/0', via: '192.0.2.1' }],
          nameservers: { addresses: ['192.0.2.3'] },
        },
        nic1: { match: { macaddress: '02:00:5e:00:53:02' }, dhcp4: true },
      },
    });
  });

  it('bonds interfaces that share an address, in the mode of the metadata', () => {
    const ip = { address: '192.0.2.2', netmask: '255.255.255.0' };
    const interfaces = ['02:00:5e:00:53:01', '02:00:5e:00:53:02'].map((mac) => ({ dhcp: { mac, ip } }));
    assert.deepEqual(networkConfigOf(fakeHardware('a', '', { interfaces, metadata: { bonding_mode: 4 } })), {
      version: 2,
      ethernets: {
        nic0: { match: { macaddress: '02:00:5e:00:53:01' } },
        nic1: { match: { macaddress: '02:00:5e:00:53:02' } },
      },
      bonds: { bond0: { interfaces: ['nic0', 'nic1'], parameters: { mode: '802.3ad' }, addresses: ['192.0.2.2/24'] } },
    });
  });
});

describe('Ignition', () => {
  for (const [userData, is] of [
    ['{"ignition":{"version":"3.4.0"}}', true],
    ['  \n{"ignition":{"version":"2.3.0"},"passwd":{}}', true],
    ['#cloud-config\n{}', false],
    ['{"ignition":{"version":"3.4.0"}', false],
    ['{"a":1}', false],
    ['{"ignition":null}', false],
    ['', false],
  ] as const) {
    it(`${is ? 'gets' : 'does not get'} ${JSON.stringify(userData)}`, () => {
      assert.equal(ignitionOf(fakeHardware('a', '', { userData })), is ? userData : undefined);
    });
  }
});
