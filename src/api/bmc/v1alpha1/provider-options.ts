import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { choice, flag, int32, integer, text } from '../../schema/scalar.ts';
import { rpcOptions } from './rpc-options.ts';

const intelAmt = object('Settings for Intel AMT.', {
  port: integer('TCP port of AMT.'),
  hostScheme: choice('Whether AMT is spoken to in the clear or over TLS.', ['http', 'https'], { default: 'http' }),
});

const ipmitool = object('Settings for IPMI.', {
  port: integer('UDP port of IPMI; 623 when absent.'),
  cipherSuite: text('Number of the RMCP+ cipher suite, such as `3` or `17`.'),
});

const redfish = object('Settings for Redfish.', {
  port: integer('TCP port of Redfish; 443 when absent.'),
  useBasicAuth: flag('Send name and password with every request instead of opening a session.'),
  systemName: text('Which system to act on when the BMC serves several.'),
});

const homeAssistant = object(
  'A smart plug behind Home Assistant serves as power switch; `host` is then its base URL and the password an access token.',
  {
    switchEntityID: required(text('Entity of the plug, such as `switch.rack_3`.')),
    powerOperationDelaySeconds: int32('Seconds to wait after switching.'),
  },
);

/** Settings of the ways to speak to a BMC. */
export const providerOptions = object('Settings of the ways to speak to the BMC, one part a way.', {
  preferredOrder: list(
    'Ways to try first, in this order; the others follow.',
    text('Name of a way; upper and lower case are the same.', {
      pattern: {
        source: '(?i)^(ipmitool|asrockrack|gofish|IntelAMT|dell|supermicro|openbmc)$',
        fix: 'write one of ipmitool, asrockrack, gofish, IntelAMT, dell, supermicro, openbmc (gofish is Redfish)',
      },
    }),
  ),
  intelAMT: intelAmt,
  ipmitool,
  redfish,
  rpc: rpcOptions,
  homeassistant: homeAssistant,
});
