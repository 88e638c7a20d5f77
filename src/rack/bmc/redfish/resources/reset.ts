import type { PowerAction } from '../../../../bmc/port.ts';
import { resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Change, Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { refuse } from '../refusal.ts';

const actions: Readonly<Record<string, PowerAction | 'button' | 'nmi'>> = {
  On: 'on',
  ForceOn: 'on',
  ForceOff: 'off',
  GracefulShutdown: 'soft',
  ForceRestart: 'reset',
  GracefulRestart: 'reset',
  PowerCycle: 'cycle',
  PushPowerButton: 'button',
  Nmi: 'nmi',
};

/** The action that switches and resets a system. */
export function addReset(tree: Tree, system: VirtualSystem, settings: VirtualRedfishBmcSettings): void {
  const { profile, quirks } = settings;
  tree.set(`${system.path}/Actions/ComputerSystem.Reset`, {
    post: ({ ResetType: type }) => reset(system, settings, type),
  });
  if (!quirks.onlyActionInfo) return;
  const info = `${system.path}/ResetActionInfo`;
  const parameter = { Name: 'ResetType', Required: true, DataType: 'String', AllowableValues: profile.resetTypes };
  tree.set(info, {
    get: () => resource(info, 'ActionInfo.v1_1_2.ActionInfo', 'ResetActionInfo', 'Reset', { Parameters: [parameter] }),
  });
}

function reset(system: VirtualSystem, { profile, quirks, faults }: VirtualRedfishBmcSettings, type: unknown): Change {
  const { chassis } = system;
  if (typeof type !== 'string' || !profile.resetTypes.includes(type)) throw refuse.value('ResetType', type);
  const action = actions[type];
  if (action === undefined) throw refuse.value('ResetType', type);
  const isOn = chassis.powerState() === 'on';
  if (quirks.refusesSamePower && action !== 'button') {
    const needsOn = action !== 'on';
    if (needsOn !== isOn) throw refuse.state(isOn ? 'ON' : 'OFF');
  }
  const apply = () => {
    if (action === 'nmi') chassis.nmi();
    else if (action === 'button') chassis.power(isOn ? 'soft' : 'on');
    else chassis.power(action);
  };
  return { apply: faults.silentSuccess ? () => undefined : apply, status: 204, deferrable: true };
}
