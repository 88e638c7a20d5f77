import type { Network } from '../../api/agent-protocol/workflow.generated.ts';
import { enabledFeatures } from './ethtool.ts';
import { line, linkName, names } from './files.ts';

/**
 * Network cards: interfaces with a device behind them. Bridges, tunnels and the loopback come and go, and have none.
 * `ethtool` is the program that knows their features.
 */
export async function readNetwork(sys: string, ethtool: string): Promise<Network[]> {
  const folder = `${sys}/class/net`;
  const found = await Promise.all(
    (await names(folder)).map(async (name): Promise<Network | undefined> => {
      if ((await linkName(`${folder}/${name}/device`)) === '') return undefined;
      const mac = await line(`${folder}/${name}/address`);
      const mbps = Number(await line(`${folder}/${name}/speed`));
      const enabledCapabilities = await enabledFeatures(name, ethtool);
      return { name, mac, speed: mbps > 0 ? `${mbps}Mb/s` : '', enabledCapabilities };
    }),
  );
  return found.filter((network) => network !== undefined);
}
