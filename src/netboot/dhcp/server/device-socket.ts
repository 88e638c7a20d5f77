import { createRequire } from 'node:module';
import type { Ipv4 } from '../codec/ipv4.ts';

/** The parts of the C library that Node does not reach. */
interface LibC {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, option: number, value: Buffer, length: number): number;
  bind(fd: number, address: Buffer, length: number): number;
  close(fd: number): number;
  errno(): number;
}

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK_CLOEXEC = 0x80800;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_BINDTODEVICE = 25;
const sockaddrBytes = 16;

/** A failed call to the operating system. */
export class SystemCallError extends Error {
  readonly errno: number;

  constructor(call: string, errno: number) {
    super(`${call}: error ${errno} of the operating system`);
    this.errno = errno;
  }
}

let loaded: LibC | undefined;

/**
 * Opens a UDP socket that hears and reaches one network interface only (Linux, SO_BINDTODEVICE), for
 * `dgram.Socket.bind({ fd })`. Node has no such option, so the C library is called through koffi.
 * @param shared other sockets that are `shared` as well may have the same port
 * @throws SystemCallError; Error when koffi is not installed for this platform
 */
export function openDeviceSocket(device: string, address: Ipv4, port: number, shared: boolean): number {
  loaded ??= loadLibC();
  const libc = loaded;
  const fd = check(libc, 'socket', libc.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK_CLOEXEC, 0));
  try {
    const one = Buffer.alloc(4);
    one.writeInt32LE(shared ? 1 : 0);
    check(libc, 'setsockopt SO_REUSEADDR', libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, one, one.length));
    const name = Buffer.from(`${device}\0`);
    const bound = libc.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length);
    check(libc, 'setsockopt SO_BINDTODEVICE', bound);
    const target = Buffer.alloc(sockaddrBytes);
    target.writeUInt16LE(AF_INET, 0);
    target.writeUInt16BE(port, 2);
    target.writeUInt32BE(address, 4);
    check(libc, 'bind', libc.bind(fd, target, target.length));
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

function check(libc: LibC, call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, libc.errno());
  return result;
}

function loadLibC(): LibC {
  // Only who binds to an interface needs it, and it is not there for every platform.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const library = koffi.load('libc.so.6');
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t length)'),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    close: library.func('int close(int fd)'),
    errno: () => koffi.errno(),
  };
}
