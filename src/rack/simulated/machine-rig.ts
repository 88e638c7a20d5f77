import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeServer, handed } from '../../agent/loop/fake-server.ts';
import { onMachineEvent } from '../telemetry.ts';
import { SimulatedMachine, type SimulatedMachineOptions } from './machine.ts';
import type { JoiningNode } from './os/workload-cluster.ts';
import type { FirstBoot } from './site.ts';
import { quickTimes } from './times.ts';

export const bootstrapData = `## template: jinja
#cloud-config

write_files:
-   path: /run/kubeadm/kubeadm-join-config.yaml
    owner: root:root
    permissions: '0640'
    content: |
      ---
      apiVersion: kubeadm.k8s.io/v1beta4
      discovery: {}
      kind: JoinConfiguration
      nodeRegistration:
        imagePullPolicy: IfNotPresent
        kubeletExtraArgs:
        - name: provider-id
          value: tinkerbell://metal/h
        name: '{{ ds.meta_data.local_hostname }}'
        taints:
        - effect: NoSchedule
          key: node.cluster.x-k8s.io/uninitialized
runcmd:
  - kubeadm join --config /run/kubeadm/kubeadm-join-config.yaml
`;

/** One machine with a server of actions, a network and a cluster in memory. */
export class MachineRig implements AsyncDisposable {
  readonly server = new FakeServer(installation());
  readonly joined: JoiningNode[] = [];
  readonly silent: string[] = [];
  mayNetboot = true;
  firstBoot: FirstBoot | undefined = { hostname: 'host-1', addresses: ['192.0.2.7'], userData: bootstrapData };
  readonly #directory: string;
  #machine: SimulatedMachine | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(options: Partial<SimulatedMachineOptions> = {}): Promise<MachineRig> {
    const directory = await mkdtemp(join(tmpdir(), 'capt-machine-'));
    const rig = new MachineRig(directory);
    rig.#machine = await SimulatedMachine.start({
      name: 'm',
      mac: '02:00:00:00:00:01',
      protocol: 'ipmi',
      login: { username: 'admin', password: 'secret' },
      directory,
      agentApi: () => 'nowhere',
      connect: () => rig.server,
      site: {
        mayNetboot: async () => rig.mayNetboot,
        firstBoot: async () => rig.firstBoot,
      },
      workload: {
        join: async (node) => void rig.joined.push(node),
        silent: async (name) => void rig.silent.push(name),
      },
      times: {
        ...quickTimes,
        powerMs: 0,
        postMs: 0,
        osMs: 0,
        actionMs: 0,
        agentRestartMs: 0,
        retryMs: 2,
        silenceMs: 1,
      },
      ...options,
    });
    return rig;
  }

  get machine(): SimulatedMachine {
    if (this.#machine === undefined) throw new Error('the rig has no machine yet');
    return this.#machine;
  }

  /** Boots it as a bmc Job does. */
  netboot(): void {
    this.machine.chassis.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false });
    this.machine.chassis.power('on');
  }

  /** Waits until something of its history matches so many times. */
  async until(what: RegExp, times = 1): Promise<void> {
    const seen = () => this.machine.history.filter((each) => what.test(each)).length >= times;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = onMachineEvent(() => seen() && resolve());
    if (seen()) resolve();
    await promise;
    stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await rm(this.#directory, { recursive: true });
  }
}

/** What an installation asks of the agent. */
export function installation() {
  return [
    handed('image2disk', { environment: { DEST_DISK: '/dev/sda', IMG_URL: 'http://192.0.2.1/image.gz' } }),
    handed('writefile', { environment: { DEST_DISK: '/dev/sda1' } }),
    handed('kexec'),
  ];
}
