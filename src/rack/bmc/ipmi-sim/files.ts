export interface IpmiSimPlan {
  host: string;
  port: number;
  login: { username: string; password: string };
  /** Path of the program that switches the machine. */
  chassisProgram: string;
}

/** The configuration of the LAN interface of an ipmi_sim (ipmi_lan(5)). Holds the password. */
export function lanConfiguration({ host, port, login, chassisProgram }: IpmiSimPlan): string {
  return `name "capt"
chassis_control "${chassisProgram} 0x20"
startlan 1
  addr ${host} ${port}
  priv_limit admin
  allowed_auths_admin none md2 md5 straight
  guid a123456789abcdefa123456789abcdef
endlan
user 2 true "${login.username}" "${login.password}" admin 10 none md2 md5 straight
`;
}

/** What the controller is: one without sensors. */
export const emulation = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
mc_enable 0x20
`;

/**
 * The program that ipmi_sim calls to look at the chassis and to change it: `ADDRESS get power boot`, `ADDRESS set power 1`.
 * It asks the control socket of the rack. What ipmi_sim is told to boot from holds once.
 */
export function chassisScript(socket: string, machine: string): string {
  const url = `http://rack/machines/${encodeURIComponent(machine)}`;
  return `#!/bin/sh
ask() { curl -q -sS -f --max-time 10 --unix-socket ${quoted(socket)} "$@"; }
tell() { ask -o /dev/null -H 'content-type: application/json' -d "$2" ${quoted(`${url}/`)}"$1"; }
shift
case $1 in
get)
  shift
  state=$(ask ${quoted(`${url}/chassis`)}) || exit 1
  for what; do
    echo "$state" | grep "^$what:" || exit 1
  done
  ;;
set)
  shift
  while [ $# -gt 1 ]; do
    case "$1 $2" in
    'power 1') tell power '{"order":"on"}' ;;
    'power 0') tell power '{"order":"unplug"}' ;;
    'reset '*) tell power '{"order":"reset"}' ;;
    'shutdown '*) tell power '{"order":"soft"}' ;;
    'boot pxe') tell boot '{"order":{"device":"pxe","persistent":false}}' ;;
    'boot default') tell boot '{"order":{"device":"disk","persistent":false}}' ;;
    'boot none') tell boot '{}' ;;
    *) exit 1 ;;
    esac || exit 1
    shift 2
  done
  ;;
esac
`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
