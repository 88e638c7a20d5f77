import { decodeResponse, encodeRequest } from '../codec/message.ts';
import { decodeRmcp } from '../codec/rmcp.ts';
import { decodeSessionless15, encodeSessionless15 } from '../codec/session15.ts';
import type { Command } from '../command/command.ts';
import { type Reply, readReply } from './reply.ts';
import type { Wire } from './wire.ts';

/** Sends a command that needs no session, in the wrapper that BMCs of any age understand (IPMI v2.0 §13.14). */
export async function askSessionless<Answer>(
  wire: Wire,
  command: Command<Answer>,
  options: { timeoutMs: number; signal?: AbortSignal | undefined; sequence?: number },
): Promise<Answer> {
  const { sequence = 0, timeoutMs, signal } = options;
  const datagram = encodeSessionless15(encodeRequest({ ...command, command: command.code, sequence }));
  const reply = await wire.ask<Reply>({
    name: command.name,
    datagram: () => datagram,
    answer(received) {
      const response = decodeResponse(decodeSessionless15(decodeRmcp(received).body));
      const isOurs =
        response.netFn === command.netFn + 1 && response.command === command.code && response.sequence === sequence;
      return isOurs ? response : undefined;
    },
    timeoutMs,
    signal,
  });
  return readReply(wire, command, reply);
}
