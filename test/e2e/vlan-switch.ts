import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const tagType = 0x8100;
/** Of an Ethernet frame, before the tag. */
const addressesLength = 12;

/**
 * A switch between two network cards of QEMU (`-netdev socket`: frames over TCP, each behind its length): one port takes
 * and gives frames with one VLAN tag only, the other frames without.
 */
export class VlanSwitch implements AsyncDisposable {
  readonly #id: number;
  readonly #tagged = createServer();
  readonly #plain = createServer();
  readonly #sockets = new Map<Server, Socket>();

  private constructor(id: number) {
    this.#id = id;
    for (const server of [this.#tagged, this.#plain]) {
      server.on('connection', (socket) => {
        this.#sockets.set(server, socket);
        socket.on('error', () => {});
        this.#read(socket, (frame) => {
          if (server === this.#tagged) this.#fromTagged(frame);
          else this.#fromPlain(frame);
        });
      });
    }
  }

  static async start(id: number): Promise<VlanSwitch> {
    const made = new VlanSwitch(id);
    for (const server of [made.#tagged, made.#plain]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return made;
  }

  get taggedPort(): number {
    return (this.#tagged.address() as AddressInfo).port;
  }

  get plainPort(): number {
    return (this.#plain.address() as AddressInfo).port;
  }

  #fromTagged(frame: Buffer): void {
    const isOurs = frame.readUInt16BE(addressesLength) === tagType && (frame.readUInt16BE(14) & 0xfff) === this.#id;
    if (isOurs) this.#send(this.#plain, [frame.subarray(0, addressesLength), frame.subarray(addressesLength + 4)]);
  }

  #fromPlain(frame: Buffer): void {
    const tag = Buffer.alloc(4);
    tag.writeUInt16BE(tagType, 0);
    tag.writeUInt16BE(this.#id, 2);
    this.#send(this.#tagged, [frame.subarray(0, addressesLength), tag, frame.subarray(addressesLength)]);
  }

  #send(server: Server, parts: readonly Buffer[]): void {
    const frame = Buffer.concat(parts);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    this.#sockets.get(server)?.write(Buffer.concat([length, frame]));
  }

  #read(socket: Socket, onFrame: (frame: Buffer) => void): void {
    let buffered = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      buffered = Buffer.concat([buffered, data]);
      while (buffered.length >= 4) {
        const end = 4 + buffered.readUInt32BE(0);
        if (buffered.length < end) break;
        onFrame(buffered.subarray(4, end));
        buffered = buffered.subarray(end);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    for (const server of [this.#tagged, this.#plain]) server.close();
  }
}
