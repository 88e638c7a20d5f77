import { z } from 'zod';

/** What can be done to a machine by hand, past its BMC: what a person in the data centre could do. */
export const powerOrders = ['on', 'off', 'reset', 'unplug'] as const;

export type PowerOrder = (typeof powerOrders)[number];

/** One machine of a running rack, for people. */
export const machineView = z.object({
  name: z.string(),
  mac: z.string(),
  power: z.enum(['on', 'off']),
  bmc: z.object({ protocol: z.enum(['ipmi', 'redfish']), port: z.number() }),
  /** Image on its disk. */
  image: z.string().exactOptional(),
  /** Node that it is when it boots from its disk. */
  node: z.string().exactOptional(),
  /** What happened to it last, oldest first. */
  history: z.array(z.string()),
});

export type MachineView = z.infer<typeof machineView>;

export const machineViews = z.array(machineView);

export const order = z.object({ order: z.enum(powerOrders) });
