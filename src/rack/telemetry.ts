import { channel } from 'node:diagnostics_channel';

/** One thing that happened to a simulated machine. */
export interface MachineEvent {
  machine: string;
  what: string;
}

const events = channel('capt.rack.machine');

export function publishMachineEvent(event: MachineEvent): void {
  if (events.hasSubscribers) events.publish(event);
}

/** @returns the way to stop listening */
export function onMachineEvent(listener: (event: MachineEvent) => void): () => void {
  const onMessage = (message: unknown) => listener(message as MachineEvent);
  events.subscribe(onMessage);
  return () => events.unsubscribe(onMessage);
}
