import type { ActionProgressStatus } from '../../../api/tinkerbell/v1alpha1/workflow-status.ts';

/** `312 of 900 MB (34 %), 45 MB/s, 13 s left`, as far as it is known; empty when nothing is. */
export function describeAmounts({ bytes, totalBytes, bytesPerSecond, etaSeconds }: ActionProgressStatus): string {
  if (bytes === undefined) return '';
  const ofTotal = totalBytes ? ` of ${megabytes(totalBytes)} MB (${Math.floor((100 * bytes) / totalBytes)} %)` : ' MB';
  const rate = bytesPerSecond ? `, ${megabytes(bytesPerSecond)} MB/s` : '';
  const left = etaSeconds === undefined || (totalBytes !== undefined && bytes >= totalBytes) ? '' : etaSeconds;
  return `${megabytes(bytes)}${ofTotal}${rate}${left === '' ? '' : `, ${describeSeconds(left)} left`}`;
}

/** `45 s`, `3 min 5 s`. */
export function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function megabytes(bytes: number): string {
  const amount = bytes / 1e6;
  return amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}
