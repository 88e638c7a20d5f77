import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RuntimeLogger } from '../kube/telemetry/logs.ts';
import {
  type HttpAnswer,
  httpAnswerChannel,
  type SyslogLine,
  syslogLineChannel,
  type TftpTransfer,
  tftpTransferChannel,
} from './telemetry.ts';

/**
 * Turns what happens while machines boot into log lines: every line of their syslog, every transfer that did not end well,
 * every answer that was not what they hoped for; the rest at `debug`.
 * @returns the way to stop
 */
export function logNetboot(logger: RuntimeLogger): () => void {
  const stops = [
    listen<TftpTransfer>(tftpTransferChannel, (transfer) => {
      const fine = transfer.outcome === 'sent' || transfer.outcome === 'ended-by-client';
      logger[fine ? 'debug' : 'info'](transfer, 'TFTP transfer ended');
    }),
    listen<HttpAnswer>(httpAnswerChannel, (answer) => {
      logger[answer.status < 400 ? 'debug' : 'info'](answer, 'HTTP request of a machine answered');
    }),
    listen<SyslogLine>(syslogLineChannel, (line) => {
      logger[line.severity === 'debug' ? 'debug' : 'info'](line, 'syslog');
    }),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function listen<T>(name: string, listener: (message: T) => void): () => void {
  const onMessage = (message: unknown) => listener(message as T);
  subscribe(name, onMessage);
  return () => unsubscribe(name, onMessage);
}
