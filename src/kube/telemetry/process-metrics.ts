import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from '@prometheus-io/client';

const nanosecondsPerSecond = 1e9;
const microsecondsPerSecond = 1e6;

/**
 * Registers the usual metrics of a process. The library's own set cannot be taken down again: it leaves observers
 * behind for as long as the process lives.
 * @returns the way to stop measuring
 */
export function measureProcess(registry: Registry): () => void {
  const registers = [registry];
  let reported = 0;
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time spent in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      const seconds = (user + system) / microsecondsPerSecond;
      this.inc(seconds - reported);
      reported = seconds;
    },
  });
  gauge(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
    () => performance.timeOrigin / 1000,
  );
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss());
  gauge('process_open_fds', 'Number of open file descriptors.', openFileDescriptors);
  gauge(
    'nodejs_heap_size_used_bytes',
    'Process heap size used from Node.js in bytes.',
    () => process.memoryUsage().heapUsed,
  );

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'The 99th percentile of the event loop delays since the last scrape.',
    () => {
      const seconds = delay.percentile(99) / nanosecondsPerSecond;
      delay.reset();
      return seconds;
    },
  );
  return () => delay.disable();

  function gauge(name: string, help: string, value: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const now = value();
        if (now !== undefined) this.set(now);
      },
    });
  }
}

function openFileDescriptors(): number | undefined {
  try {
    // One of them is the folder being read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    // Not on Linux.
    return undefined;
  }
}
