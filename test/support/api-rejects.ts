import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellClusterTemplate } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster-template.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { TinkerbellMachineTemplate } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine-template.ts';
import type { Kind } from '../../src/api/meta/kind.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';

/** A wrong object and what is said about it, by our validation and by the API server. */
export interface Reject {
  kind: Kind;
  /** `spec` of the object; a right one when the row is about the status. */
  spec: unknown;
  /** Present when the row is about the status. */
  status?: unknown;
  path: string;
  /** Part of the rule our validation names. */
  rule: string;
  /** Part of the fix our validation gives. */
  fix: string;
  /** Where the server puts it, when not at `path`. */
  serverPath?: string;
  /** Part of the server's message besides the path. */
  server: string;
}

const dhcp = (fields: object) => ({ interfaces: [{ dhcp: fields }] });
const action = (fields: object) => ({ machineRef: { name: 'bmc', namespace: 'default' }, tasks: [fields] });
const connection = { host: '192.0.2.9', insecureTLS: true };
const condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: '',
  lastTransitionTime: '2026-01-31T12:00:00Z',
};

const hardware: Reject[] = [
  {
    kind: Hardware,
    spec: dhcp({ mac: '02:00:5E:00:53:01' }),
    path: 'spec.interfaces[0].dhcp.mac',
    rule: 'must match ([0-9a-f]{2}[:]){5}([0-9a-f]{2})',
    fix: 'write six pairs of lower-case hexadecimal digits',
    server: 'should match',
  },
  {
    kind: Hardware,
    spec: dhcp({ mac: '02-00-5e-00-53-01' }),
    path: 'spec.interfaces[0].dhcp.mac',
    rule: 'must match',
    fix: 'joined by colons, like 02:00:5e:00:53:01',
    server: 'should match',
  },
  {
    kind: Hardware,
    spec: dhcp({ tftp_server_name: '192.0.2.1' }),
    path: 'spec.interfaces[0].dhcp',
    rule: 'has(self.tftp_server_name)',
    fix: 'set both, or leave both out',
    server: 'tftp_server_name and boot_file_name belong together: set both, or leave both out',
  },
  {
    kind: Hardware,
    spec: dhcp({ tftp_server_name: '', boot_file_name: 'pxelinux.0' }),
    path: 'spec.interfaces[0].dhcp',
    rule: 'has(self.boot_file_name)',
    fix: 'set both, or leave both out',
    server: 'set both, or leave both out',
  },
  {
    kind: Hardware,
    spec: dhcp({ vlan_id: 'blue' }),
    path: 'spec.interfaces[0].dhcp.vlan_id',
    rule: 'must match',
    fix: 'write a VLAN number from 0 to 4096 as a string',
    server: 'should match',
  },
  {
    kind: Hardware,
    spec: dhcp({ vlan_id: 100 }),
    path: 'spec.interfaces[0].dhcp.vlan_id',
    rule: 'must be a string',
    fix: 'put it in quotes: "100"',
    server: 'must be of type string',
  },
  {
    kind: Hardware,
    spec: dhcp({ lease_time: '3600' }),
    path: 'spec.interfaces[0].dhcp.lease_time',
    rule: 'must be a whole number',
    fix: 'write digits without quotes',
    server: 'must be of type integer',
  },
  {
    kind: Hardware,
    spec: dhcp({ lease_time: 0.5 }),
    path: 'spec.interfaces[0].dhcp.lease_time',
    rule: 'must be a whole number',
    fix: 'drop the fraction',
    server: 'must be of type integer',
  },
  {
    kind: Hardware,
    spec: dhcp({ uefi: 'yes' }),
    path: 'spec.interfaces[0].dhcp.uefi',
    rule: 'must be true or false',
    fix: 'write true or false without quotes',
    server: 'must be of type boolean',
  },
  {
    kind: Hardware,
    spec: dhcp({ classless_static_routes: [{ destination_descriptor: '192.0.2.0', router: '192.0.2.1' }] }),
    path: 'spec.interfaces[0].dhcp.classless_static_routes[0].destination_descriptor',
    rule: 'must match',
    fix: 'write an IPv4 network with its prefix length',
    server: 'should match',
  },
  {
    kind: Hardware,
    spec: dhcp({ classless_static_routes: [{ destination_descriptor: '192.0.2.0/24' }] }),
    path: 'spec.interfaces[0].dhcp.classless_static_routes[0].router',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Hardware,
    spec: { interfaces: { mac: '02:00:5e:00:53:01' } },
    path: 'spec.interfaces',
    rule: 'must be a list',
    fix: 'each with a dash',
    server: 'must be of type array',
  },
  {
    kind: Hardware,
    spec: { interfaces: [{ isoboot: { sourceISO: 'installer.iso' } }] },
    path: 'spec.interfaces[0].isoboot.sourceISO',
    rule: 'must be a URI',
    fix: 'write an absolute URL',
    server: 'must be of type uri',
  },
  {
    kind: Hardware,
    spec: { interfaces: [{ netboot: { rpi: { configTxt: 'arm_64bit=1' } } }] },
    path: 'spec.interfaces[0].netboot.rpi.serialNum',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Hardware,
    spec: { bmcRef: { name: 'bmc-1' } },
    path: 'spec.bmcRef.kind',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Hardware,
    spec: { resources: { cpu: 'many' } },
    path: 'spec.resources.cpu',
    rule: 'must match',
    fix: 'write a quantity like 4, 500m, 1.5Gi or 2e3',
    server: 'should match',
  },
  {
    kind: Hardware,
    spec: { resources: { memory: true } },
    path: 'spec.resources.memory',
    rule: 'must be a whole number or a string',
    fix: 'write 4 or "1.5Gi"',
    server: 'must be of type integer',
  },
  {
    kind: Hardware,
    spec: { interfaces: [null] },
    path: 'spec.interfaces[0]',
    rule: 'must be an object',
    fix: 'give it a value or leave it out',
    server: 'must be of type object',
  },
  {
    kind: Hardware,
    spec: { bmcRef: { kind: null, name: 'bmc-1' } },
    path: 'spec.bmcRef.kind',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Hardware,
    spec: { tinkVersion: 2 ** 63 },
    path: 'spec.tinkVersion',
    rule: 'must fit into 64 bits',
    fix: 'write a smaller number',
    server: 'must be of type int64',
  },
  {
    kind: Hardware,
    spec: { resources: { cpu: 1.5 } },
    path: 'spec.resources.cpu',
    rule: 'must be a whole number',
    fix: 'write a fraction as a string',
    server: 'must be of type integer',
  },
  {
    kind: Hardware,
    spec: {},
    status: { attributes: { outOfBand: { lastUpdated: 'yesterday' } } },
    path: 'status.attributes.outOfBand.lastUpdated',
    rule: 'must be a time in RFC 3339',
    fix: 'write it like 2026-01-31T12:00:00Z',
    server: 'must be of type date-time',
  },
];

const bmc: Reject[] = [
  {
    kind: Machine,
    spec: {},
    path: 'spec.connection',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Machine,
    spec: { connection: { host: '', insecureTLS: true } },
    path: 'spec.connection.host',
    rule: 'must not be empty',
    fix: 'give it a value',
    server: 'should be at least 1 chars long',
  },
  {
    kind: Machine,
    spec: { connection: { host: '192.0.2.9' } },
    path: 'spec.connection.insecureTLS',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: Machine,
    spec: { connection: { ...connection, providerOptions: { preferredOrder: ['ilo'] } } },
    path: 'spec.connection.providerOptions.preferredOrder[0]',
    rule: 'must match (?i)^(ipmitool|',
    fix: 'write one of ipmitool,',
    server: 'should match',
  },
  {
    kind: Machine,
    spec: { connection: { ...connection, providerOptions: { intelAMT: { hostScheme: 'ftp' } } } },
    path: 'spec.connection.providerOptions.intelAMT.hostScheme',
    rule: 'must be one of http, https',
    fix: 'choose one of them',
    server: 'supported values: "http", "https"',
  },
  {
    kind: Machine,
    spec: { connection },
    status: { powerState: 'ON' },
    path: 'status.powerState',
    rule: 'must be one of on, off, unknown',
    fix: 'choose one of them',
    server: 'supported values: "on", "off", "unknown"',
  },
  {
    kind: Machine,
    spec: {
      connection: {
        ...connection,
        providerOptions: { homeassistant: { switchEntityID: 'switch.a', powerOperationDelaySeconds: 2 ** 31 } },
      },
    },
    path: 'spec.connection.providerOptions.homeassistant.powerOperationDelaySeconds',
    rule: 'must fit into 32 bits',
    fix: 'write a number from -2147483648 to 2147483647',
    serverPath: 'integer with format int32 in spec.connection.providerOptions.homeassistant.powerOperationDelaySeconds',
    server: 'must be of type integer with format int32',
  },
  {
    kind: Job,
    spec: { machineRef: { name: 'bmc', namespace: 'default' }, tasks: [] },
    path: 'spec.tasks',
    rule: 'at least 1 entry',
    fix: 'add what is missing',
    server: 'should have at least 1 items',
  },
  {
    kind: Job,
    spec: action({ powerAction: 'explode' }),
    path: 'spec.tasks[0].powerAction',
    rule: 'must be one of on, off, soft, status, cycle, reset',
    fix: 'choose one of them',
    server: 'supported values: "on", "off", "soft"',
  },
  {
    kind: Job,
    spec: action({ powerAction: 'on', bootDevice: { device: 'pxe' } }),
    path: 'spec.tasks[0]',
    rule: 'at most 1 of powerAction, oneTimeBootDeviceAction, bootDevice, virtualMediaAction',
    fix: 'keep one action here',
    server: 'must have at most 1 item',
  },
  {
    kind: Task,
    spec: { task: { virtualMediaAction: { mediaURL: 'http://192.0.2.1/a.iso' } } },
    path: 'spec.task.virtualMediaAction.kind',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
];

const workflow: Reject[] = [
  {
    kind: Workflow,
    spec: { bootOptions: { bootMode: 'pxe' } },
    path: 'spec.bootOptions.bootMode',
    rule: 'must be one of netboot, isoboot, iso, customboot',
    fix: 'choose one of them',
    server: 'supported values: "netboot", "isoboot", "iso", "customboot"',
  },
  {
    kind: Workflow,
    spec: { hardwareMap: { device_1: 1 } },
    path: 'spec.hardwareMap.device_1',
    rule: 'must be a string',
    fix: 'put it in quotes: "1"',
    server: 'must be of type string',
  },
  {
    kind: Workflow,
    spec: { bootOptions: { isoURL: '' } },
    path: 'spec.bootOptions.isoURL',
    rule: 'must be a URI',
    fix: 'leave the field out',
    server: 'must be of type uri',
  },
  {
    kind: Workflow,
    spec: {},
    status: { tasks: [{ id: '1', name: 'os', agentID: 'a', actions: [{ name: 'stream' }] }] },
    path: 'status.tasks[0].actions[0].id',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
];

const infrastructure: Reject[] = [
  {
    kind: TinkerbellCluster,
    spec: { templateOverride: 'version: "0.1"', templateOverrideRef: { name: 'mine' } },
    path: 'spec',
    rule: '!has(self.templateOverride) || !has(self.templateOverrideRef)',
    fix: 'remove one of them',
    server: 'templateOverride and templateOverrideRef exclude each other: remove one of them',
  },
  {
    kind: TinkerbellCluster,
    spec: { controlPlaneEndpoint: {} },
    path: 'spec.controlPlaneEndpoint',
    rule: 'at least 1 of host, port',
    fix: 'set host and port, or leave controlPlaneEndpoint out',
    server: 'should have at least 1 properties',
  },
  {
    kind: TinkerbellCluster,
    spec: { controlPlaneEndpoint: { host: '192.0.2.5', port: 0 } },
    path: 'spec.controlPlaneEndpoint.port',
    rule: 'must be 1 or more',
    fix: 'write a number from 1 to 65535',
    server: 'should be greater than or equal to 1',
  },
  {
    kind: TinkerbellCluster,
    spec: { controlPlaneEndpoint: { host: 'a'.repeat(513), port: 6443 } },
    path: 'spec.controlPlaneEndpoint.host',
    rule: 'at most 512 characters',
    fix: 'shorten it to 512 characters',
    server: 'may not be more than 512',
  },
  {
    kind: TinkerbellCluster,
    spec: {},
    status: { conditions: [condition, condition] },
    path: 'status.conditions',
    rule: 'no two entries with the same type',
    fix: 'keep one of them',
    serverPath: 'status.conditions[1]',
    server: 'Duplicate value',
  },
  {
    kind: TinkerbellCluster,
    spec: {},
    status: { conditions: [{ ...condition, reason: 'not ready' }] },
    path: 'status.conditions[0].reason',
    rule: 'must match',
    fix: 'write one word of letters, digits and _',
    server: 'should match',
  },
  {
    kind: TinkerbellCluster,
    spec: {},
    status: { initialization: {} },
    path: 'status.initialization',
    rule: 'at least 1 of provisioned',
    fix: 'set provisioned, or leave initialization out',
    server: 'should have at least 1 properties',
  },
  {
    kind: TinkerbellClusterTemplate,
    spec: { template: { spec: { templateOverride: 'a', templateOverrideRef: { name: 'mine' } } } },
    path: 'spec.template.spec',
    rule: '!has(self.templateOverride)',
    fix: 'remove one of them',
    server: 'exclude each other: remove one of them',
  },
  {
    kind: TinkerbellMachine,
    spec: {
      hardwareAffinity: { preferred: [{ weight: 101, hardwareAffinityTerm: { labelSelector: {} } }] },
    },
    path: 'spec.hardwareAffinity.preferred[0].weight',
    rule: 'must be 100 or less',
    fix: 'write a number from 1 to 100',
    server: 'should be less than or equal to 100',
  },
  {
    kind: TinkerbellMachine,
    spec: { hardwareAffinity: { required: [{}] } },
    path: 'spec.hardwareAffinity.required[0].labelSelector',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: TinkerbellMachine,
    spec: { providerID: '' },
    path: 'spec.providerID',
    rule: 'must not be empty',
    fix: 'leave the field out',
    server: 'should be at least 1 chars long',
  },
  {
    kind: TinkerbellMachineTemplate,
    spec: { template: {} },
    path: 'spec.template.spec',
    rule: 'is required',
    fix: 'add the field',
    server: 'Required value',
  },
  {
    kind: TinkerbellMachineTemplate,
    spec: { template: { spec: {} } },
    status: { nodeInfo: { architecture: 'x86_64' } },
    path: 'status.nodeInfo.architecture',
    rule: 'must be one of amd64, arm64, s390x, ppc64le',
    fix: 'choose one of them',
    server: 'supported values: "amd64", "arm64"',
  },
];

/** Every row; one problem each, so that the message is about nothing else. */
export const rejects: readonly Reject[] = [...hardware, ...bmc, ...workflow, ...infrastructure];
