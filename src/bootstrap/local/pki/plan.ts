import { isIP } from 'node:net';

/** The certificate authorities; separate ones, so that a client of one is nobody to the others. */
export const authorities = {
  ca: 'capt-kubernetes-ca',
  'etcd-ca': 'capt-etcd-ca',
  'front-proxy-ca': 'capt-front-proxy-ca',
} as const;

export type AuthorityName = keyof typeof authorities;

/** One certificate of the control plane. Its files are `<name>.crt` and `<name>.key`. */
export interface PlannedCertificate {
  readonly authority: AuthorityName;
  readonly commonName: string;
  readonly organization?: string;
  readonly subjectAltNames: readonly string[];
}

const loopback = ['localhost', '127.0.0.1', '::1'];

export const certificateNames = [
  'apiserver',
  'apiserver-etcd-client',
  'front-proxy-client',
  'controller-manager',
  'admin',
  'etcd',
] as const;

export type CertificateName = (typeof certificateNames)[number];

/** Every certificate, given the addresses under which the API server is to be reached besides loopback. */
export function planCertificates(apiAddresses: readonly string[]): Record<CertificateName, PlannedCertificate> {
  const services = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  const api = [...loopback, firstServiceAddress, ...services, ...apiAddresses];
  return {
    apiserver: { authority: 'ca', commonName: 'kube-apiserver', subjectAltNames: [...new Set(api)] },
    'apiserver-etcd-client': { authority: 'etcd-ca', commonName: 'kube-apiserver', subjectAltNames: [] },
    'front-proxy-client': { authority: 'front-proxy-ca', commonName: frontProxyName, subjectAltNames: [] },
    // Its identity towards the API server, and what it serves its own health page with.
    'controller-manager': { authority: 'ca', commonName: 'system:kube-controller-manager', subjectAltNames: loopback },
    admin: { authority: 'ca', commonName: 'capt-admin', organization: 'system:masters', subjectAltNames: [] },
    // Client and peer side both; etcd talks to itself as a client too.
    etcd: { authority: 'etcd-ca', commonName: 'etcd', subjectAltNames: loopback },
  };
}

export const frontProxyName = 'front-proxy-client';
export const serviceAddressRange = '10.96.0.0/16';
/** The `kubernetes` service always gets the first address of the range. */
export const firstServiceAddress = '10.96.0.1';

/** Addresses a client may use when the server listens on `listenAddress`, given the machine's own ones. */
export function reachableAddresses(listenAddress: string, machineAddresses: readonly string[]): string[] {
  if (!isUnspecified(listenAddress)) return [listenAddress];
  return machineAddresses.filter((address) => isIP(address) !== 0 && !address.startsWith('fe80'));
}

/** `0.0.0.0` and `::`: every address of the machine. */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** True for an address that only this machine can reach. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address);
}
