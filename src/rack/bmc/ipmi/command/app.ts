import { privilegeLevel } from '../../../../bmc/ipmi/codec/privilege.ts';
import { Reader } from '../../../../bmc/ipmi/codec/reader.ts';
import { encodeChannelAuthentication } from '../../../../bmc/ipmi/command/channel.ts';
import { commandCode } from '../../../../bmc/ipmi/command/codes.ts';
import { completionCode } from '../../../../bmc/ipmi/command/completion.ts';
import { encodeDeviceId } from '../../../../bmc/ipmi/command/device-id.ts';
import { cipherSuites } from '../../../../bmc/ipmi/crypto/cipher-suite.ts';
import { type Handler, noData, Refusal } from './handler.ts';

const invalidSessionId = 0x87;
const exceedsLimit = 0x81;
/** How much of the list of cipher suites goes into one answer (§22.15). */
const listChunk = 16;

/** Identity and sessions (IPMI v2.0 §20, §22). */
export const appCommands: readonly Handler[] = [
  {
    ...commandCode.getDeviceId,
    privilege: privilegeLevel.user,
    handle: () => encodeDeviceId({ firmwareMajor: 1, firmwareMinor: 42, manufacturerId: 0, productId: 1 }),
  },
  {
    ...commandCode.getChannelAuthentication,
    privilege: 0,
    handle(_data, { settings }) {
      if (settings.quirks.hidesCapabilities) throw new Refusal(completionCode.invalidField);
      return encodeChannelAuthentication({ v20: !settings.quirks.onlyV15, needsBmcKey: false });
    },
  },
  {
    ...commandCode.getChannelCipherSuites,
    privilege: 0,
    handle(data, { settings }) {
      const reader = new Reader(data, 'get channel cipher suites');
      reader.skip(2);
      const index = reader.u8() & 0x3f;
      const records = cipherSuites
        .filter(({ id }) => settings.cipherSuites.includes(id))
        .map(({ id, algorithms: { authentication, integrity, confidentiality } }) =>
          // Record of a standard suite, then its algorithms, each tagged with its kind (§22.15.1).
          Buffer.of(0xc0, id, authentication, 0x40 | integrity, 0x80 | confidentiality),
        );
      const list = Buffer.concat(records).subarray(index * listChunk, (index + 1) * listChunk);
      return Buffer.concat([Buffer.of(1), list]);
    },
  },
  {
    ...commandCode.setSessionPrivilege,
    privilege: privilegeLevel.callback,
    handle(data, { session }) {
      const wanted = new Reader(data, 'set session privilege level').u8() & 0x0f;
      if (session === undefined) throw new Refusal(completionCode.insufficientPrivilege);
      if (wanted > session.privilegeLimit) throw new Refusal(exceedsLimit);
      // 0 asks for the present level.
      if (wanted !== 0) session.privilege = wanted;
      return Buffer.of(session.privilege);
    },
  },
  {
    ...commandCode.closeSession,
    privilege: privilegeLevel.callback,
    handle(data, { session, sessions }) {
      const id = new Reader(data, 'close session').u32();
      const isOwn = id === session?.bmcSessionId;
      if (!isOwn && (session?.privilege ?? 0) < privilegeLevel.administrator) {
        throw new Refusal(completionCode.insufficientPrivilege);
      }
      if (!sessions.close(id)) throw new Refusal(invalidSessionId);
      return noData;
    },
  },
];
