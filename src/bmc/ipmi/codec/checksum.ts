/** The two's complement checksum of IPMI messages (IPMI v2.0 §13.8): bytes and checksum add up to 0 modulo 256. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}
