import {
  ActionRequest,
  ActionStatusRequest,
  AgentAttributes,
  StateType,
} from '../../src/api/agent-protocol/workflow.generated.ts';
import type { Random } from '../faults/random.ts';

/** One call: where it goes and what its body is, framing included. */
export interface Call {
  path: string;
  body: Buffer;
}

const service = '/proto.WorkflowService';
const paths = [`${service}/GetAction`, `${service}/ReportActionStatus`];
const oddPaths = [
  `${service}/`,
  `${service}/Nothing`,
  '/',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
];
const telling = [0x00, 0x01, 0x07, 0x0a, 0x12, 0x32, 0x7f, 0x80, 0xff];

/** A call that is broken somewhere, or is not. */
export function randomCall(random: Random): Call {
  const path = random.chance(0.02) ? random.pick(oddPaths) : random.pick(paths);
  let message = path === paths[1] ? report(random) : question(random);
  for (let times = random.below(4); times > 0; times--) message = random.pick(mutations)(message, random);
  return { path, body: random.chance(0.9) ? framed(message, 0, message.length) : misframed(message, random) };
}

function question(random: Random): Buffer {
  const agentAttributes = random.chance(0.3)
    ? AgentAttributes.decode(Uint8Array.of(0x0a, 2, 8, 4, 0x1a, 2, 0x22, 0))
    : undefined;
  return Buffer.from(ActionRequest.encode({ agentId: text(random, 'agent-1'), agentAttributes }).finish());
}

function report(random: Random): Buffer {
  const seconds = random.pick([0, -62_135_596_800, 1_700_000_000, 2 ** 52, -(2 ** 52)]);
  const actionState = random.pick([...Object.values(StateType).filter((state) => state >= 0), 99]) as StateType;
  const message: ActionStatusRequest = {
    workflowId: text(random, 'default/install'),
    agentId: text(random, 'agent-1'),
    taskId: text(random, 'task-1'),
    actionId: text(random, `task-1-action-${1 + random.below(3)}`),
    actionName: text(random, 'action'),
    actionState,
    executionStart: { seconds, nanos: random.below(2 ** 31) },
    executionStop: random.chance(0.5) ? undefined : { seconds, nanos: -1 },
    executionDuration: text(random, '1s'),
    message: random.chance(0.5) ? undefined : { message: text(random, 'done') },
    repeatsStart: random.chance(0.5),
    beginsNext: random.chance(0.5),
    progress: random.chance(0.5) ? undefined : { bytes: seconds, totalBytes: random.below(9), etaSeconds: -1 },
  };
  return Buffer.from(ActionStatusRequest.encode(message).finish());
}

function text(random: Random, usual: string): string | undefined {
  if (random.chance(0.85)) return usual;
  if (random.chance(0.2)) return undefined;
  return random.pick(['', '/', '../..', '\0', '__proto__', 'ü'.repeat(200), 'x'.repeat(random.below(5000))]);
}

const mutations: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => withByte(bytes, random, random.below(256)),
  (bytes, random) => withByte(bytes, random, random.pick(telling)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, noise(random, random.below(60))]),
  (bytes) => Buffer.concat([bytes, bytes]),
  // Groups, which nobody uses, nested deeply.
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random.below(2000), 0x0b)]),
];

function withByte(bytes: Buffer, random: Random, value: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[random.below(copy.length)] = value;
  return copy;
}

export function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

function framed(message: Buffer, flags: number, length: number): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(length >>> 0, 1);
  return Buffer.concat([head, message]);
}

function misframed(message: Buffer, random: Random): Buffer {
  const length = random.pick([0, 1, message.length + 1, message.length - 1, 2 ** 31, 2 ** 32 - 1]);
  return random.pick([
    () => framed(message, random.pick([1, 2, 255]), message.length),
    () => framed(message, 0, length),
    () => Buffer.concat([framed(message, 0, message.length), framed(message, 0, message.length)]),
    () => message,
    () => Buffer.alloc(0),
    () => Buffer.alloc(random.below(5)),
  ])();
}
