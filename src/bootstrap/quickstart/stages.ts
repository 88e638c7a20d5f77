import type { Clock } from '../../api/time/clock.ts';

export interface StageSpec<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What is waited for meanwhile, for a person. */
  readonly why: string;
}

export type StageStatus = 'waiting' | 'running' | 'done' | 'failed';

/** One stage at a moment; times are milliseconds of the monotonic clock since the beginning. */
export interface StageView extends StageSpec {
  readonly status: StageStatus;
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** What happens in it, or what came of it. */
  readonly detail?: string;
}

/** The stages of a run, which may overlap: each is run once, and everybody who wants to know is told of every change. */
export class Stages<Id extends string> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #startedMs: number;
  readonly #onChange: () => void;
  readonly #views: Map<Id, StageView>;

  constructor(specs: readonly StageSpec<Id>[], clock: Pick<Clock, 'monotonic'>, onChange: () => void) {
    this.#clock = clock;
    this.#startedMs = clock.monotonic();
    this.#onChange = onChange;
    this.#views = new Map(specs.map((spec) => [spec.id, { ...spec, status: 'waiting' }]));
  }

  get views(): readonly StageView[] {
    return [...this.#views.values()];
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedMs;
  }

  /**
   * Runs a stage: `work` may tell what happens, and returns something to the caller. What it told last stays as what came
   * of it.
   */
  async run<T>(id: Id, work: (tell: (detail: string) => void) => Promise<T>): Promise<T> {
    this.#change(id, { status: 'running', startedMs: this.elapsedMs });
    try {
      const result = await work((detail) => this.#change(id, { detail: oneLine(detail) }));
      this.#change(id, { status: 'done', endedMs: this.elapsedMs });
      return result;
    } catch (error) {
      this.#change(id, { status: 'failed', endedMs: this.elapsedMs });
      throw error;
    }
  }

  #change(id: Id, change: Partial<StageView>): void {
    const before = this.#views.get(id);
    if (before === undefined) throw new Error(`there is no stage ${id}`);
    this.#views.set(id, { ...before, ...change });
    this.#onChange();
  }
}

/** Details come from programs; a terminal must not act on them. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}
