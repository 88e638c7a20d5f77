import { flag, int64, list, optional, struct, text, texts } from './field.ts';

const ip = struct('tinkerbell.IP', {
  Address: ['address', text],
  Netmask: ['netmask', text],
  Gateway: ['gateway', text],
  Family: ['family', int64],
});

const classlessStaticRoute = struct('tinkerbell.ClasslessStaticRoute', {
  DestinationDescriptor: ['destination_descriptor!', text],
  Router: ['router!', text],
});

const dhcp = struct('tinkerbell.DHCP', {
  MAC: ['mac', text],
  Hostname: ['hostname', text],
  DomainName: ['domain_name', text],
  LeaseTime: ['lease_time', int64],
  NameServers: ['name_servers', texts],
  TimeServers: ['time_servers', texts],
  Arch: ['arch', text],
  UEFI: ['uefi', flag],
  IfaceName: ['iface_name', text],
  IP: ['ip', optional(ip)],
  VLANID: ['vlan_id', text],
  ClasslessStaticRoutes: ['classless_static_routes', list(classlessStaticRoute)],
  TFTPServerName: ['tftp_server_name', text],
  BootFileName: ['boot_file_name', text],
});

const ipxe = struct('tinkerbell.IPXE', { URL: ['url', text], Contents: ['contents', text], Binary: ['binary', text] });

const osie = struct('tinkerbell.OSIE', {
  BaseURL: ['baseURL', text],
  Kernel: ['kernel', text],
  Initrd: ['initrd', text],
  KernelParams: ['kernelParams', texts],
});

const pxelinux = struct('tinkerbell.PXELINUX', { Config: ['config', text] });

const rpi = struct('tinkerbell.RPI', {
  ConfigTxt: ['configTxt', text],
  FirmwarePath: ['firmwarePath', text],
  SerialNum: ['serialNum!', text],
});

const netboot = struct('tinkerbell.Netboot', {
  AllowPXE: ['allowPXE', optional(flag)],
  AllowWorkflow: ['allowWorkflow', optional(flag)],
  IPXE: ['ipxe', optional(ipxe)],
  OSIE: ['osie', optional(osie)],
  PXELINUX: ['pxelinux', optional(pxelinux)],
  RPI: ['rpi', optional(rpi)],
});

const isoboot = struct('tinkerbell.Isoboot', { SourceISO: ['sourceISO', text] });

/** An entry of `.Hardware.Interfaces`. */
export const interfaceType = struct('tinkerbell.Interface', {
  Netboot: ['netboot', optional(netboot)],
  Isoboot: ['isoboot', optional(isoboot)],
  DHCP: ['dhcp', optional(dhcp)],
  DisableDHCP: ['disableDhcp', flag],
});
