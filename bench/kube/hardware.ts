/** Hardware objects of about 3 kB as the API server stores them, managedFields included. */
export function benchHardware(index: number, namespace: string) {
  const hex = index.toString(16).padStart(6, '0');
  const mac = `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const name = `node-${String(index).padStart(5, '0')}`;
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name, namespace, labels: { rack: `r${index % 40}`, type: index % 5 === 0 ? 'cp' : 'worker' } },
    spec: {
      bmcRef: { apiGroup: 'bmc.tinkerbell.org', kind: 'Machine', name: `${name}-bmc` },
      disks: [{ device: '/dev/nvme0n1' }, { device: '/dev/sda' }],
      interfaces: [
        {
          dhcp: {
            arch: 'x86_64',
            hostname: name,
            ip: { address, netmask: '255.255.0.0', gateway: '10.0.0.1', family: 4 },
            lease_time: 86_400,
            mac,
            name_servers: ['10.0.0.2', '10.0.0.3'],
            uefi: true,
          },
          netboot: { allowPXE: true, allowWorkflow: true },
        },
      ],
      metadata: {
        facility: { facility_code: 'onprem', plan_slug: 'c2.medium.x86' },
        instance: {
          id: mac,
          hostname: name,
          operating_system: { distro: 'ubuntu', os_slug: 'ubuntu_24_04', version: '24.04' },
          ips: [{ address, netmask: '255.255.0.0', gateway: '10.0.0.1', family: 4, public: false }],
          ssh_keys: [`ssh-ed25519 ${'A'.repeat(64)} operator@example.org`],
        },
        manufacturer: { id: 'acme', slug: 'acme' },
        state: 'provisioning',
      },
      userData: `#cloud-config\nhostname: ${name}\nwrite_files:\n${`- path: /etc/file\n  content: ${'x'.repeat(60)}\n`.repeat(8)}`,
    },
  };
}
