import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { ownerNameLabel, ownerNamespaceLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { keyOf } from '../../kube/client/path.ts';
import { machineFinalizer } from '../names.ts';
import { defaultOptions } from '../options.ts';
import { holds } from '../owner.ts';
import type { Facts } from './facts.ts';

/** A world in memory, for tests of decisions: TinkerbellMachine `ns/m` of Cluster `ns/c`, whatever else is put in. */
export class FakeFacts {
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  machine: TinkerbellMachine = {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
    kind: 'TinkerbellMachine',
    metadata: { namespace: 'ns', name: 'm', uid: 'uid-m', finalizers: [machineFinalizer] },
    spec: {},
  };
  owner: Machine | undefined = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { namespace: 'ns', name: 'm' },
    spec: {
      clusterName: 'c',
      bootstrap: { dataSecretName: 'secret' },
      infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'TinkerbellMachine', name: 'm' },
    },
  };
  cluster: Cluster | undefined = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { namespace: 'ns', name: 'c' },
    spec: {},
    status: { initialization: { infrastructureProvisioned: true } },
  };
  hardware: Hardware[] = [];
  bmcs: BmcMachine[] = [];
  jobs: Job[] = [];
  templates: Template[] = [];
  workflows: Workflow[] = [];
  template = 'template text';
  elsewhere = false;
  options = { ...defaultOptions };

  get facts(): Facts {
    const find = <T extends { metadata: { name?: string; namespace?: string } }>(list: readonly T[]) => {
      return (name: { name: string; namespace?: string }) =>
        list.find(({ metadata }) => keyOf(metadata) === keyOf(name));
    };
    return {
      machine: this.machine,
      owner: this.owner,
      cluster: this.cluster,
      infrastructure: undefined,
      held: this.hardware.filter((hardware) => holds(this.machine.metadata, hardware)),
      hardware: find(this.hardware),
      candidates: () => this.hardware.map((hardware) => ({ hardware, bmc: undefined, unfinished: [] })),
      bmc: find(this.bmcs),
      job: find(this.jobs),
      template: find(this.templates),
      workflow: find(this.workflows),
      templateFor: () => ({ data: this.template, source: 'the source' }),
      elsewhere: this.elsewhere,
      options: this.options,
      nowMs: this.nowMs,
    };
  }

  /** Puts Hardware in; with `owner` it is held by that machine of the same namespace. */
  addHardware(
    name: string,
    { owner, bmc, ...more }: { owner?: string; bmc?: string; userData?: string } = {},
  ): Hardware {
    const hardware: Hardware = {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: {
        namespace: 'ns',
        name,
        resourceVersion: '1',
        ...(owner === undefined ? {} : { labels: { [ownerNameLabel]: owner, [ownerNamespaceLabel]: 'ns' } }),
      },
      spec: {
        disks: [{ device: '/dev/sda' }],
        interfaces: [{ dhcp: { mac: '02:00:00:00:00:01', hostname: name, ip: { address: '192.0.2.1' } } }],
        ...(bmc === undefined ? {} : { bmcRef: { kind: 'Machine', name: bmc } }),
        ...more,
      },
    };
    this.hardware.push(hardware);
    return hardware;
  }

  /** Puts the Workflow of the machine in, on the Hardware of that name. */
  addWorkflow(hardwareRef: string, state: string, metadata: Workflow['metadata'] = {}): Workflow {
    const workflow: Workflow = {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Workflow',
      metadata: { namespace: 'ns', name: 'm', uid: 'uid-w', ...metadata },
      spec: { hardwareRef },
      status: { state },
    };
    this.workflows.push(workflow);
    return workflow;
  }

  addTemplate(data: string, metadata: Template['metadata'] = {}): void {
    const full = { namespace: 'ns', name: 'm', ...metadata };
    this.templates.push({ apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Template', metadata: full, spec: { data } });
  }

  addBmc(name: string): void {
    this.bmcs.push({ apiVersion: 'bmc.tinkerbell.org/v1alpha1', kind: 'Machine', metadata: { namespace: 'ns', name } });
  }

  /** Puts a Job of the machine in, in that condition. */
  addJob(name: string, condition?: 'Completed' | 'Failed', metadata: Job['metadata'] = {}): void {
    const conditions = condition === undefined ? [] : [{ type: condition, status: 'True', message: 'because' }];
    this.jobs.push({
      apiVersion: 'bmc.tinkerbell.org/v1alpha1',
      kind: 'Job',
      metadata: { namespace: 'ns', name, annotations: { 'capt.tinkerbell.org/machine-uid': 'uid-m' }, ...metadata },
      spec: { machineRef: { namespace: 'ns', name: 'b' }, tasks: [] },
      status: { conditions },
    });
  }
}
