/** Hardware address of the machine with this number. */
export function macOf(machine: number): string {
  const digits = machine.toString(16).padStart(4, '0');
  return `02:00:5e:00:${digits.slice(0, 2)}:${digits.slice(2)}`;
}
