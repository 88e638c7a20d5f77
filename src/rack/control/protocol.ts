import { z } from 'zod';

/** What can be done to a machine by hand, past its BMC: what a person in the data centre could do. */
export const powerOrders = ['on', 'off', 'soft', 'reset', 'unplug'] as const;

export type PowerOrder = (typeof powerOrders)[number];

/** What a machine can be told to boot from, once or from now on. */
export const bootOrder = z.object({
  device: z.enum(['pxe', 'disk', 'cdrom', 'bios', 'safe']),
  persistent: z.boolean(),
});

export type BootOrder = z.infer<typeof bootOrder>;

/** One machine of a running rack, for people. */
export const machineView = z.object({
  name: z.string(),
  mac: z.string(),
  power: z.enum(['on', 'off', 'unknown']),
  bmc: z.object({ protocol: z.enum(['ipmi', 'redfish']), host: z.string(), port: z.number() }),
  /** What it was told to boot from. */
  boot: bootOrder.exactOptional(),
  /** Image on its disk. */
  image: z.string().exactOptional(),
  /** Node that it is when it boots from its disk. */
  node: z.string().exactOptional(),
  /** Files that hold what it writes to its serial ports, ttyS0 first. */
  serialFiles: z.array(z.string()).exactOptional(),
  /** What happened to it last, oldest first. */
  history: z.array(z.string()),
});

export type MachineView = z.infer<typeof machineView>;

export const machineViews = z.array(machineView);

export const powerBody = z.object({ order: z.enum(powerOrders) });

/** Without an order, the one that holds is taken back. */
export const bootBody = z.object({ order: bootOrder.exactOptional() });

export const screenshotBody = z.object({ file: z.string().startsWith('/') });

/** A failure, for people. */
export const refusal = z.object({ message: z.string() });
