import type { Finale, NativeAction } from './action.ts';

/** Reboots through the firmware. The server has the success before. */
export const reboot = ending('reboot', 'reboot the machine, after the success was reported');

/** Switches the machine off. The server has the success before. */
export const poweroff = ending('poweroff', 'switch the machine off, after the success was reported');

function ending(how: Finale['how'], summary: string): NativeAction {
  return { name: how, summary, variables: [], run: async () => ({ message: how, finale: { how } }) };
}
