/** What a quick start finds out about the machine it is to run on. */
export interface MachineFacts {
  isRoot: boolean;
  /** As `process.arch` has it. */
  architecture: string;
  /** That can be had now without swapping. */
  freeMemoryBytes: number;
  /** Where the quick start keeps its state. */
  freeDiskBytes: number;
  /** Programs that are not there, of those that a rack in QEMU needs. */
  missingPrograms: readonly string[];
  /** Whether network devices for machines can be made. */
  hasTun: boolean;
}

export interface PreflightRequest {
  /** As the user asked; the best that works if absent. */
  rack?: 'qemu' | 'simulated';
  /** How many of them run besides the one control plane. */
  workers: number;
  /** Whether everything was built before. */
  warm: boolean;
}

export interface Preflight {
  rack: 'qemu' | 'simulated';
  /** Why it cannot work; empty when it can. */
  problems: readonly string[];
  /** Why it is not the rack that a user would want most; empty when it is, or was asked for. */
  remarks: readonly string[];
}

const gib = 2 ** 30;

/** What machines of a rack in QEMU get: kubeadm wants 1,700 MiB for a control plane; a worker needs what the installer does. */
export const machineMemoryMib = { controlPlane: 2048, worker: 1024 } as const;

/** Decides which rack a machine can run, and says what is missing for a better one. */
export function judge(facts: MachineFacts, { rack, workers, warm }: PreflightRequest): Preflight {
  const obstacles = [...qemuObstacles(facts), ...spaceProblems(facts, workers, warm)];
  const chosen = rack ?? (obstacles.length === 0 ? 'qemu' : 'simulated');
  if (chosen === 'qemu') return { rack: chosen, problems: obstacles, remarks: [] };
  return {
    rack: chosen,
    problems: memoryProblems(facts, 1.5 * gib),
    remarks: rack === undefined ? obstacles : [],
  };
}

function qemuObstacles({ isRoot, architecture, missingPrograms, hasTun }: MachineFacts): string[] {
  return [
    ...(isRoot ? [] : ['only root may make a network for machines']),
    ...(architecture === 'x64' ? [] : [`emulated machines are x86-64, and this one is ${architecture}`]),
    ...(missingPrograms.length === 0
      ? []
      : [`there is no ${missingPrograms.join(', no ')} (bootstrap/packages.sh quickstart installs what is missing)`]),
    ...(hasTun ? [] : ['there is no /dev/net/tun']),
  ];
}

function spaceProblems(facts: MachineFacts, workers: number, warm: boolean): string[] {
  const { controlPlane, worker } = machineMemoryMib;
  // QEMU itself takes some more, and a GiB for the code of each machine that it has translated; machines that are off take
  // nothing.
  const running = (controlPlane + workers * worker) * 2 ** 20 * 1.1 + (1 + workers) * gib;
  return [...memoryProblems(facts, running + 1.5 * gib), ...diskProblems(facts, (warm ? 6 : 16) * gib)];
}

function memoryProblems({ freeMemoryBytes }: MachineFacts, needed: number): string[] {
  if (freeMemoryBytes >= needed) return [];
  return [`${inGib(needed)} of memory are needed, and ${inGib(freeMemoryBytes)} are free`];
}

function diskProblems({ freeDiskBytes }: MachineFacts, needed: number): string[] {
  if (freeDiskBytes >= needed) return [];
  return [`${inGib(needed)} of disk are needed, and ${inGib(freeDiskBytes)} are free`];
}

function inGib(bytes: number): string {
  return `${(bytes / gib).toFixed(1)} GiB`;
}
