import type { Chassis } from '../../chassis.ts';
import type { DriveProfile } from '../profile.ts';
import type { RedfishQuirks } from '../quirks.ts';

/** What one virtual drive shows. */
export interface DriveState {
  image: string | undefined;
  inserted: boolean;
}

/** The virtual drives of one machine. Only one of them is real: the chassis has one drive, for CDs. */
export class Bay {
  readonly #chassis: Chassis;
  readonly #quirks: RedfishQuirks;
  readonly #realId: string | undefined;
  readonly #images = new Map<string, string>();
  /** What a drive shows although it is empty. */
  readonly #leftovers = new Map<string, string>();
  /** Host and path that are written and not mounted yet. */
  pending = { Host: '', Path: '' };

  constructor(chassis: Chassis, drives: readonly DriveProfile[], quirks: RedfishQuirks) {
    this.#chassis = chassis;
    this.#quirks = quirks;
    const cds = drives.filter(({ mediaTypes = ['CD'] }) => mediaTypes.includes('CD'));
    // Of equal ones the lowest number is the one that boots, as on iDRAC 10; of XCC's, one that takes URLs.
    const usable = cds.filter(({ way }) => way !== 'none');
    this.#realId = (usable.length > 0 ? usable : cds).map(({ id }) => id).sort()[0];
  }

  state(id: string): DriveState {
    const image = id === this.#realId ? this.#chassis.medium() : this.#images.get(id);
    return { image: image ?? this.#leftovers.get(id), inserted: image !== undefined };
  }

  insert(id: string, url: string): void {
    this.#leftovers.delete(id);
    if (!this.#quirks.losesMedia) this.#put(id, url);
  }

  eject(id: string): void {
    const { image } = this.state(id);
    if (this.#quirks.keepsImageWhenEjected && image !== undefined) this.#leftovers.set(id, image);
    this.#put(id, undefined);
  }

  /** Mounts what was written. */
  mount(): void {
    if (this.#realId !== undefined) this.insert(this.#realId, this.pending.Host + this.pending.Path);
  }

  unmount(): void {
    if (this.#realId !== undefined) this.eject(this.#realId);
  }

  #put(id: string, url: string | undefined): void {
    if (id === this.#realId) this.#chassis.setMedium(url);
    else if (url === undefined) this.#images.delete(id);
    else this.#images.set(id, url);
  }
}
