import type { IpmiRequest, IpmiResponse } from '../../../../bmc/ipmi/codec/message.ts';
import { Malformed } from '../../../../bmc/ipmi/codec/reader.ts';
import { completionCode } from '../../../../bmc/ipmi/command/completion.ts';
import { appCommands } from './app.ts';
import { chassisCommands } from './chassis.ts';
import { fruCommands } from './fru.ts';
import { type CommandContext, type Handler, noData, Refusal } from './handler.ts';
import { sdrCommands } from './sdr.ts';

const handlers = new Map<number, Handler>(
  [...appCommands, ...chassisCommands, ...fruCommands, ...sdrCommands].map((handler) => [
    keyOf(handler.netFn, handler.code),
    handler,
  ]),
);

/** Carries a command out and answers it, whatever it is. */
export function carryOut(request: IpmiRequest, context: CommandContext): IpmiResponse {
  const answer = (code: number, data = noData): IpmiResponse => ({
    ...request,
    netFn: request.netFn + 1,
    completionCode: code,
    data,
  });
  const handler = handlers.get(keyOf(request.netFn, request.command));
  if (handler === undefined) return answer(completionCode.invalidCommand);
  if ((context.session?.privilege ?? 0) < handler.privilege) return answer(completionCode.insufficientPrivilege);
  try {
    return answer(completionCode.ok, handler.handle(request.data, context));
  } catch (error) {
    if (error instanceof Refusal) return answer(error.completionCode);
    if (error instanceof Malformed) return answer(completionCode.requestLength);
    throw error;
  }
}

function keyOf(netFn: number, code: number): number {
  return (netFn << 8) | code;
}
