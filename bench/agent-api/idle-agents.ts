/**
 * Agents without work, each with a connection of its own, that ask again as soon as they are told that there is none:
 * `idle-agents.ts PORT COUNT`. Tells when all have asked.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import { ActionRequest } from '../../src/api/agent-protocol/workflow.generated.ts';

const [port = '0', count = '0'] = process.argv.slice(2);
const headers = {
  ':method': 'POST',
  ':path': '/proto.WorkflowService/GetAction',
  'content-type': 'application/grpc',
  te: 'trailers',
};

function ask(session: ClientHttp2Session, body: Buffer): void {
  const stream = session.request(headers);
  stream.on('error', () => {});
  stream.once('close', () => ask(session, body));
  stream.resume();
  stream.end(body);
}

async function start(index: number): Promise<void> {
  const agentId = `02:00:00:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
  const message = ActionRequest.encode({ agentId, agentAttributes: undefined }).finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', (error) => {
    throw error;
  });
  await new Promise((resolve) => session.once('connect', resolve));
  ask(session, Buffer.concat([head, message]));
}

for (let index = 0; index < Number(count); index++) await start(index);
process.once('disconnect', () => process.exit());
process.send?.('asked');
