import { list } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { int32, text } from '../../schema/scalar.ts';
import { maker } from './inventory-component.ts';

const port = object('One port.', {
  portID: text('Name the BMC gives the port.'),
  mac: text('Hardware address.'),
  speedMbps: int32('Speed in megabits a second.'),
  mtu: int32('Greatest packet in bytes.'),
  linkStatus: text('Whether there is a link.'),
  enabledCapabilities: list('Features that are switched on.', text('A feature.')),
});

/** A network adapter and its ports. */
export function networkAdapter(description: string) {
  return object(description, {
    name: text('Name the operating system gives it, such as `eno1`.'),
    ...maker,
    firmwareVersion: text('Version of the firmware.'),
    ports: list('Ports.', port),
  });
}
