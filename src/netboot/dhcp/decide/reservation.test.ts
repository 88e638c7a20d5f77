import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HardwareInterface } from '../../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { FakeHardwareCache, fakeHardware } from '../../hardware/fake-hardware.ts';
import { optionCode } from '../codec/option.ts';
import { bytesOption } from '../codec/option-value.ts';
import { broadcastFlag, decodePacket, encodePacket } from '../codec/packet.ts';
import { addressOf, fakeRequest } from '../fake-client.ts';
import { ask, bootOf, fakeOptions, optionOf, shown } from '../fake-server.ts';

const here = '192.0.2.2';
const own = '192.0.2.11';
const optionsOf = (decision: ReturnType<typeof ask>) =>
  decision.outcome === 'answered' ? decision.reply.options.map(({ code }) => code) : [];

describe('decide, mode reservation', () => {
  describe('what each message gets (RFC 2131 §4.3)', () => {
    for (const [name, request, answer] of [
      ['DISCOVER', fakeRequest(), `OFFER ${own} to 255.255.255.255:68`],
      ['DISCOVER of another address', fakeRequest({ requested: '192.0.2.99' }), `OFFER ${own} to 255.255.255.255:68`],
      [
        'REQUEST, SELECTING',
        fakeRequest({ type: 'request', server: here, requested: own }),
        `ACK ${own} to 255.255.255.255:68`,
      ],
      [
        'REQUEST, SELECTING, another address',
        fakeRequest({ type: 'request', server: here, requested: '192.0.2.99' }),
        'NAK 0.0.0.0 to 255.255.255.255:68',
      ],
      ['REQUEST, INIT-REBOOT', fakeRequest({ type: 'request', requested: own }), `ACK ${own} to 255.255.255.255:68`],
      [
        'REQUEST, INIT-REBOOT in another network',
        fakeRequest({ type: 'request', requested: '198.51.100.4' }),
        'NAK 0.0.0.0 to 255.255.255.255:68',
      ],
      ['REQUEST without any address', fakeRequest({ type: 'request' }), `ACK ${own} to 255.255.255.255:68`],
      ['DECLINE', fakeRequest({ type: 'decline', server: here, requested: own }), 'declined'],
      ['RELEASE', fakeRequest({ type: 'release', server: here, ciaddr: own }), 'released'],
      [
        'DECLINE for another server',
        fakeRequest({ type: 'decline', server: '192.0.2.9', requested: own }),
        'other-server',
      ],
      ['an OFFER of somebody', fakeRequest({ type: 'offer' }), 'unsupported-message'],
      ['a reply', fakeRequest({ fields: { op: 2 } }), 'not-a-request'],
      ['BOOTP', fakeRequest({ fields: { options: [] } }), 'no-message-type'],
      ['InfiniBand', fakeRequest({ fields: { htype: 32, chaddr: Buffer.alloc(0) } }), 'not-ethernet'],
    ] as const) {
      it(`${name}: ${answer}`, () => assert.equal(shown(ask(request)), answer));
    }

    it('REQUEST, RENEWING: ACK by unicast', () => {
      const origin = { address: addressOf(own), port: 68 };
      const renew = fakeRequest({ type: 'request', ciaddr: own });
      assert.equal(shown(ask(renew, { origin })), `ACK ${own} to ${own}:68`);
      assert.equal(shown(ask(renew)), `ACK ${own} to ${own}:68`);
      const wrong = fakeRequest({ type: 'request', ciaddr: '192.0.2.77' });
      assert.equal(
        shown(ask(wrong, { origin: { address: addressOf('192.0.2.77') } })),
        'NAK 0.0.0.0 to 255.255.255.255:68',
      );
    });
  });

  it('9.1 M: a REQUEST that is meant for another server is left to that server', () => {
    const decision = ask(fakeRequest({ type: 'request', server: '192.0.2.9', requested: own }));
    assert.equal(shown(decision), 'other-server');
    assert.match(decision.detail ?? '', /192\.0\.2\.9/);
  });

  it('9.1 M: an address that is not the one reserved is refused with NAK, and why is said', () => {
    const decision = ask(fakeRequest({ type: 'request', server: here, requested: '192.0.2.99' }));
    assert.match(
      optionOf(decision, optionCode.message)?.toString() ?? '',
      /asked for 192\.0\.2\.99, its address is 192\.0\.2\.11/,
    );
    assert.equal(optionOf(decision, optionCode.leaseTime), undefined);
  });

  it('9.1 M: INFORM is answered with options but no address and no lease; DECLINE and RELEASE name their machine', () => {
    const decision = ask(fakeRequest({ type: 'inform', ciaddr: '192.0.2.50' }), {
      origin: { address: addressOf('192.0.2.50') },
    });
    assert.equal(shown(decision), 'ACK 0.0.0.0 to 192.0.2.50:68');
    assert.deepEqual(optionsOf(decision), [1, 3, 6, 12, 28, 53, 54]);
    const declined = ask(fakeRequest({ type: 'decline', server: here, requested: own }));
    assert.equal(declined.hardware?.metadata.name, 'node-1');
    assert.match(declined.detail ?? '', /192\.0\.2\.11 is used by somebody else/);
    assert.equal(ask(fakeRequest({ type: 'release', ciaddr: own })).hardware?.metadata.name, 'node-1');
  });

  it('gives every option of the Hardware, in ascending order', () => {
    const cache = new FakeHardwareCache(
      fakeHardware({
        dhcp: {
          domain_name: 'example.org',
          time_servers: ['192.0.2.4', 'time.example.org'],
          lease_time: 600,
          classless_static_routes: [{ destination_descriptor: '198.51.100.0/24', router: '192.0.2.254' }],
        },
      }),
    );
    const decision = ask(fakeRequest({ options: [bytesOption(61, 1, 2, 3)] }), {
      cache,
      options: { ...fakeOptions, syslogAddress: addressOf('192.0.2.5') },
    });
    assert.deepEqual(
      decision.outcome === 'answered' &&
        decision.reply.options.map(({ code, data }) => `${code}=${data.toString('hex')}`),
      [
        '1=ffffff00',
        '3=c0000201',
        '6=c0000202c0000203',
        '7=c0000205',
        `12=${Buffer.from('node-1').toString('hex')}`,
        `15=${Buffer.from('example.org').toString('hex')}`,
        '28=c00002ff',
        '42=c0000204',
        '51=00000258',
        '53=02',
        '54=c0000202',
        '61=010203',
        '119=076578616d706c65036f726700',
        '121=18c63364c00002fe',
      ],
    );
  });

  it('copies what the client must find again, and nothing else of the header', () => {
    const request = fakeRequest({
      fields: { hops: 2, flags: broadcastFlag, sname: Buffer.from('x'), file: Buffer.from('y') },
    });
    const decision = ask(request);
    assert.ok(decision.outcome === 'answered');
    const { options, ...header } = decision.reply;
    assert.deepEqual(header, {
      op: 2,
      htype: 1,
      hops: 0,
      xid: 0x12345678,
      secs: 0,
      flags: broadcastFlag,
      ciaddr: 0,
      yiaddr: addressOf(own),
      siaddr: addressOf(here),
      giaddr: 0,
      chaddr: request.chaddr,
      sname: Buffer.alloc(0),
      file: Buffer.alloc(0),
    });
    assert.ok(options.length > 0);
  });

  it('answers through the relay, echoes option 82 as it came and puts it last (RFC 3046)', () => {
    const relayed = fakeRequest({ giaddr: '198.51.100.1', options: [bytesOption(82, 1, 2, 65, 66, 2, 1, 9)] });
    const decision = ask(relayed, { origin: { address: addressOf('203.0.113.9'), port: 67 } });
    assert.equal(shown(decision), `OFFER ${own} to 198.51.100.1:67`);
    assert.ok(decision.outcome === 'answered');
    assert.equal(decision.reply.giaddr, addressOf('198.51.100.1'));
    assert.equal(optionsOf(decision).at(-1), 82);
    assert.deepEqual(optionOf(decision, 82), Buffer.of(1, 2, 65, 66, 2, 1, 9));
  });

  it('sends NAK through the relay with the broadcast flag set (RFC 2131 §4.3.2)', () => {
    const decision = ask(fakeRequest({ type: 'request', requested: '192.0.2.99', giaddr: '198.51.100.1' }));
    assert.equal(shown(decision), 'NAK 0.0.0.0 to 198.51.100.1:67');
    assert.ok(decision.outcome === 'answered' && decision.reply.flags === broadcastFlag);
  });

  it('goes by the name that a relay gives us, and takes requests under it (RFC 5107)', () => {
    const override = bytesOption(82, 11, 4, 198, 51, 100, 1);
    const offer = ask(fakeRequest({ giaddr: '198.51.100.1', options: [override] }));
    assert.deepEqual(optionOf(offer, optionCode.serverIdentifier), Buffer.of(198, 51, 100, 1));
    const request = { type: 'request', server: '198.51.100.1', requested: own, giaddr: '198.51.100.1' } as const;
    assert.equal(shown(ask(fakeRequest({ ...request, options: [override] }))), `ACK ${own} to 198.51.100.1:67`);
    assert.equal(shown(ask(fakeRequest(request))), 'other-server');
  });

  it('leaves unknown machines alone and says so', () => {
    const decision = ask(fakeRequest({ mac: '02:00:5e:00:53:ff' }));
    assert.equal(shown(decision), 'unknown-machine');
    assert.match(decision.detail ?? '', /02:00:5e:00:53:ff/);
  });

  it('9.1 M: the same MAC in two Hardware gets no answer, and both are named', () => {
    const cache = new FakeHardwareCache(fakeHardware(), fakeHardware({ namespace: 'tenant' }));
    const decision = ask(fakeRequest(), { cache });
    assert.ok(decision.outcome === 'silent' && decision.reason === 'ambiguous-machine');
    assert.deepEqual(
      decision.claimants?.map(({ metadata }) => metadata.namespace),
      ['default', 'tenant'],
    );
  });

  it('is silent for an interface with disableDhcp', () => {
    const cache = new FakeHardwareCache(fakeHardware({ interface: { disableDhcp: true } }));
    assert.equal(shown(ask(fakeRequest(), { cache })), 'dhcp-disabled');
  });

  it('9.1 H: an IPv6 address in the Hardware is told, and crashes nothing', () => {
    const cache = new FakeHardwareCache(fakeHardware({ dhcp: { ip: { address: '2001:db8::5' } } }));
    for (const boots of [undefined, 'PXEClient', 'HTTPClient'] as const) {
      const decision = ask(fakeRequest(boots === undefined ? {} : { boots }), { cache });
      assert.equal(shown(decision), 'unusable-data');
      assert.match(decision.detail ?? '', /dhcp\.ip\.address 2001:db8::5 is no IPv4 address/);
    }
  });

  it('9.1 H: an IPv6 literal as host of the boot programs crashes nothing: the TFTP server stands in the header', () => {
    const netboot = { ...(fakeOptions.netboot ?? assert.fail()), binaryUrl: 'http://[2001:db8::1]:7080/ipxe/binary/' };
    const decision = ask(fakeRequest({ boots: 'HTTPClient' }), { options: { ...fakeOptions, netboot } });
    assert.equal(
      bootOf(decision),
      'http://[2001:db8::1]:7080/ipxe/binary/02:00:5e:00:53:01/ipxe.efi 192.0.2.2 HTTPClient',
    );
    assert.ok(decision.outcome === 'answered' && 'packet' in decodePacket(encodePacket(decision.reply)));
  });

  for (const [lease_time, seconds] of [
    [undefined, 604_800],
    [0, 604_800],
    [-1, 604_800],
    [2 ** 32, 604_800],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [1, 1],
  ] as const) {
    it(`9.1 H: lease_time ${lease_time} is a lease of ${seconds} s`, () => {
      const dhcp = { mac: '02:00:5e:00:53:01', ip: { address: own, netmask: '255.255.255.0' } };
      const cache = new FakeHardwareCache(
        fakeHardware({ interface: { dhcp: lease_time === undefined ? dhcp : { ...dhcp, lease_time } } }),
      );
      assert.equal(optionOf(ask(fakeRequest(), { cache }), optionCode.leaseTime)?.readUInt32BE(), seconds);
    });
  }

  it('9.1 H: an interface without netboot gets its address', () => {
    const hardware = fakeHardware();
    const { netboot: _, ...without } = hardware.spec?.interfaces?.[0] ?? assert.fail();
    const cache = new FakeHardwareCache({ ...hardware, spec: { interfaces: [without] } });
    assert.equal(shown(ask(fakeRequest(), { cache })), `OFFER ${own} to 255.255.255.255:68`);
    const booting = ask(fakeRequest({ boots: 'PXEClient' }), { cache });
    assert.equal(shown(booting), `OFFER ${own} to 255.255.255.255:68`);
    assert.equal(bootOf(booting), '/netboot-not-allowed 192.0.2.2');
  });

  const faults: [string, NonNullable<HardwareInterface['dhcp']>, string, RegExp][] = [
    ['no address', { ip: {} }, 'no-address', /dhcp\.ip\.address/],
    ['no netmask', { ip: { address: own } }, 'unusable-data', /dhcp\.ip\.netmask ""/],
    ['a netmask with holes', { ip: { address: own, netmask: '255.0.255.0' } }, 'unusable-data', /255\.0\.255\.0/],
    ['two faults', { ip: { address: own, netmask: 'x', gateway: 'y' } }, 'unusable-data', /netmask "x".*gateway y/],
    [
      'a broken route',
      { classless_static_routes: [{ destination_descriptor: '10.0.0.0/33', router: '192.0.2.1' }] },
      'unusable-data',
      /10\.0\.0\.0\/33 via 192\.0\.2\.1/,
    ],
  ];
  for (const [name, dhcp, reason, detail] of faults) {
    it(`is silent and says why when the Hardware has ${name}`, () => {
      const cache = new FakeHardwareCache(fakeHardware({ dhcp }));
      const decision = ask(fakeRequest(), { cache });
      assert.equal(shown(decision), reason);
      assert.match(decision.detail ?? '', detail);
    });
  }

  it("gives somebody else's boot program when the Hardware names one", () => {
    const cache = new FakeHardwareCache(
      fakeHardware({ dhcp: { tftp_server_name: '192.0.2.77', boot_file_name: 'pxelinux.0' } }),
    );
    for (const boots of [undefined, 'PXEClient'] as const) {
      const decision = ask(fakeRequest(boots === undefined ? {} : { boots }), { cache });
      assert.equal(bootOf(decision), 'pxelinux.0 192.0.2.77');
      assert.equal(optionOf(decision, 66)?.toString(), '192.0.2.77');
      assert.equal(optionOf(decision, 67)?.toString(), 'pxelinux.0');
      assert.equal(optionOf(decision, 43), undefined);
    }
  });

  it('tells iPXE not to wait for a proxy, and nobody else anything of it', () => {
    const features = [bytesOption(optionCode.ipxe, 19, 1, 1)];
    for (const userClass of ['iPXE', 'Tinkerbell']) {
      const decision = ask(fakeRequest({ boots: 'PXEClient', userClass, options: features }));
      assert.deepEqual(optionOf(decision, optionCode.ipxe), Buffer.of(176, 1, 1));
    }
    assert.equal(optionOf(ask(fakeRequest({ boots: 'PXEClient' })), optionCode.ipxe), undefined);
    assert.equal(optionOf(ask(fakeRequest({ options: features })), optionCode.ipxe), undefined);
  });

  it('tells nothing of booting to who does not ask for it, or when it is switched off', () => {
    assert.equal(bootOf(ask(fakeRequest())), ' 192.0.2.2');
    const request = fakeRequest({ boots: 'PXEClient' });
    const { netboot: _, ...off } = fakeOptions;
    assert.equal(bootOf(ask(request, { options: off })), ' 192.0.2.2');
  });

  it('puts a boot file that is too long for the header into option 67, whole', () => {
    const url = `http://192.0.2.9/${'x'.repeat(120)}/boot.ipxe`;
    const cache = new FakeHardwareCache(fakeHardware({ netboot: { ipxe: { url } } }));
    const decision = ask(fakeRequest({ boots: 'PXEClient', userClass: 'Tinkerbell' }), { cache });
    assert.equal(bootOf(decision), ' 192.0.2.2');
    assert.equal(optionOf(decision, optionCode.bootFileName)?.toString(), url);
  });
});
