/** The least that counts as an EFI program for a machine type. For tests. */
export function fakeProgram(machine: number, extra: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(8192);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(0x80, 0x3c);
  header.write('PE\0\0', 0x80, 'latin1');
  header.writeUInt16LE(machine, 0x84);
  return Buffer.concat([header, extra]);
}
