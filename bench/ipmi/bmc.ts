/** The virtual BMC of the benchmark, in a process of its own so that its work is not counted. Says its port, then serves. */
import { systemClock } from '../../src/api/time/clock.ts';
import { FakeChassis } from '../../src/rack/bmc/fake-chassis.ts';
import { VirtualIpmiBmc } from '../../src/rack/bmc/ipmi/bmc.ts';
import { Network } from '../../src/rack/bmc/ipmi/network.ts';
import { IpmiBmcServer } from '../../src/rack/bmc/ipmi/server.ts';
import { benchCredentials } from './contestant.ts';

const { username, password } = benchCredentials;
const chassis = new FakeChassis({ clock: systemClock, powerState: 'on' });
const bmc = new VirtualIpmiBmc({ chassis, users: [{ name: username, password }] });
const server = await IpmiBmcServer.start(new Network(bmc));
process.send?.(server.port);
process.once('disconnect', () => process.exit());
