import { encodePacket, messageType } from '../../src/netboot/dhcp/codec/packet.ts';
import type { Origin } from '../../src/netboot/dhcp/decide/decision.ts';
import { type FakeClientOptions, fakeRequest } from '../../src/netboot/dhcp/fake-client.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import type { Random } from '../faults/random.ts';

const types = Object.keys(messageType) as (keyof typeof messageType)[];
const macs = ['01', '02', '03', '04', '05', 'ff'].map((last) => `02:00:5e:00:53:${last}`);
const addresses = ['0.0.0.0', '192.0.2.2', '192.0.2.11', '192.0.2.99', '255.255.255.255', '127.0.0.1', '224.0.0.1'];
const telling = [0x00, 0x01, 0x07, 0x34, 0x35, 0x52, 0x7f, 0x80, 0xfe, 0xff];
const userClasses = ['Tinkerbell', 'iPXE', '\x04iPXE', '\x0aTinkerbell', '\x00', '\xff'];

/** Machines of every kind: usual, without boot, broken, twice. */
export function fuzzMachines(): FakeHardwareCache {
  return new FakeHardwareCache(
    fakeHardware(),
    fakeHardware({ name: 'no-boot', dhcp: { mac: '02:00:5e:00:53:02' }, netboot: { allowPXE: false } }),
    fakeHardware({ name: 'broken', dhcp: { mac: '02:00:5e:00:53:03', ip: { address: '2001:db8::1' } } }),
    fakeHardware({ name: 'twice-1', dhcp: { mac: '02:00:5e:00:53:04' } }),
    fakeHardware({ name: 'twice-2', dhcp: { mac: '02:00:5e:00:53:04' } }),
    fakeHardware({
      name: 'foreign',
      dhcp: { mac: '02:00:5e:00:53:05', tftp_server_name: 'tftp.example.org', boot_file_name: 'x'.repeat(200) },
    }),
  );
}

/** A packet that is broken somewhere, or is not; now and then bytes that never were one. */
export function randomDatagram(random: Random): Buffer {
  if (random.chance(0.05)) return noise(random, random.below(700));
  const { mac, ...rest } = randomClient(random);
  let bytes = encodePacket(fakeRequest({ mac: mac ?? '02:00:5e:00:53:01', ...rest }));
  for (let times = random.below(4); times > 0; times--) bytes = random.pick(mutations)(bytes, random);
  return bytes;
}

export function randomOrigin(random: Random): Origin {
  return {
    address: random.pick([0, 0xc000020b, 0x7f000001, 0xffffffff]),
    port: random.pick([67, 68, 4011, 1, 65_535]),
    bootServer: random.chance(0.2),
  };
}

function randomClient(random: Random): FakeClientOptions {
  const address = () => random.pick(addresses);
  return {
    type: random.pick(types),
    mac: random.pick(macs),
    ...(random.chance(0.2) ? { ciaddr: address() } : {}),
    ...(random.chance(0.3) ? { giaddr: address() } : {}),
    ...(random.chance(0.3) ? { requested: address() } : {}),
    ...(random.chance(0.3) ? { server: address() } : {}),
    ...(random.chance(0.5) ? { boots: random.pick(['PXEClient', 'HTTPClient'] as const) } : {}),
    ...(random.chance(0.3) ? { architectures: [random.below(50), random.below(65_536)] } : {}),
    ...(random.chance(0.3) ? { userClass: random.pick(userClasses) } : {}),
    options: Array.from({ length: random.below(4) }, () => ({
      code: random.pick([61, 82, 97, 93, 77, 43, 1 + random.below(254)]),
      data: noise(random, random.chance(0.1) ? random.below(900) : random.below(30)),
    })),
    fields: random.chance(0.1) ? { flags: 0x8000, hops: random.below(256), htype: random.below(40) } : {},
  };
}

const mutations: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, noise(random, random.below(200))]),
  (bytes, random) => changed(bytes, random, random.below(256)),
  (bytes, random) => changed(bytes, random, random.pick(telling)),
  // The options, where most can go wrong.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 240) copy[240 + random.below(copy.length - 240)] = random.pick(telling);
    return copy;
  },
  // Options in file and sname.
  (bytes, random) => {
    if (bytes.length < 240) return bytes;
    const copy = Buffer.concat([bytes.subarray(0, 240), Buffer.of(52, 1, random.below(5)), bytes.subarray(240)]);
    noise(random, 60).copy(copy, random.pick([44, 108]));
    return copy;
  },
];

function changed(bytes: Buffer, random: Random, value: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[random.below(copy.length)] = value;
  return copy;
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
