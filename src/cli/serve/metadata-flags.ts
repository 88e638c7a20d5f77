import { InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../../api/errors/capt-error.ts';
import { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import { parsePort } from '../kubernetes/context.ts';
import { parseBoolean } from './parse.ts';

/** What `capt serve` is told of metadata, with defaults filled in. */
export interface MetadataFlags {
  trustedProxies: string[];
  tootlesInstanceEndpoint: boolean;
  tootlesInstanceSecrets: boolean;
  tootlesMorePorts: number[];
}

/** The flags of metadata. Names and environment variables are the original's where it has them. */
export function metadataOptions(): Option[] {
  return [
    new Option(
      '--trusted-proxies <networks>',
      'proxies whose X-Forwarded-For tells which machine asks for metadata or a boot file',
    )
      .argParser(parseNetworks)
      .default([], 'none'),
    flag('--tootles-instance-endpoint [bool]', 'serve metadata by instance ID too'),
    flag('--tootles-instance-secrets [bool]', 'and user-data to whoever knows the ID, not only to the machine'),
    new Option('--tootles-more-ports <ports>', 'serve metadata on these ports too; old templates use 50061 and 7172')
      .argParser(parsePorts)
      .default([], 'none'),
  ];
}

function flag(name: string, description: string): Option {
  return new Option(name, description).preset('true').argParser(parseBoolean).default(false);
}

function parsePorts(text: string): number[] {
  return listOf(text).map(parsePort);
}

function parseNetworks(text: string): string[] {
  const networks = listOf(text);
  try {
    new TrustedProxies(networks);
  } catch (error) {
    throw new InvalidArgumentError(
      `There is ${messageOf(error)}. Write networks like 192.0.2.0/24, and not one that everybody is in.`,
    );
  }
  return networks;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
