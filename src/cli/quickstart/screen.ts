import { changeLines, type Snapshot, screenLines } from '../../bootstrap/quickstart/view/lines.ts';

export interface ScreenOptions {
  out: NodeJS.WriteStream;
  /** Looks at how things stand. */
  snapshot: () => Snapshot;
}

const redrawMs = 250;

/**
 * Shows a quick start while it goes on: on a terminal a picture that is drawn again and again, elsewhere a line for every
 * change. Whoever writes to the same stream meanwhile ends it first.
 */
export class Screen implements Disposable {
  readonly #options: ScreenOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #told: Snapshot = { elapsedMs: 0, stages: [], machines: [] };
  #drawn = 0;

  constructor(options: ScreenOptions) {
    this.#options = options;
    if (options.out.isTTY) this.#timer = setInterval(() => this.#draw(), redrawMs).unref();
  }

  /** Something has changed. */
  update(): void {
    if (this.#timer !== undefined) return;
    const now = this.#options.snapshot();
    for (const line of changeLines(this.#told, now)) this.#options.out.write(`${line}\n`);
    this.#told = now;
  }

  [Symbol.dispose](): void {
    this.update();
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#draw();
    this.#drawn = 0;
  }

  #draw(): void {
    const { out, snapshot } = this.#options;
    const { columns = 80, rows = 24 } = out;
    // What has scrolled away cannot be drawn over: a small terminal shows the end.
    const lines = screenLines(snapshot(), columns).slice(-(rows - 1));
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    out.write(`${up}\r${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    this.#drawn = lines.length;
  }
}
