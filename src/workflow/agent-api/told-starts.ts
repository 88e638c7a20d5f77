/** Starts that are remembered; each is forgotten as soon as the status says that its agent knows. */
const maxStarts = 20_000;

/**
 * The starts whose agents this process told, or is telling, that they may begin, while the status still has them as
 * `unansweredStart`. As long as a start is among them, an agent that asks anew has been restarted.
 */
export class ToldStarts {
  readonly #starts = new Map<string, string>();

  /** @param key of the Workflow */
  add(key: string, actionId: string): void {
    const [oldest] = this.#starts.keys();
    if (this.#starts.size >= maxStarts && oldest !== undefined) this.#starts.delete(oldest);
    this.#starts.set(key, actionId);
  }

  has(key: string, actionId: string): boolean {
    return this.#starts.get(key) === actionId;
  }

  delete(key: string, actionId: string): void {
    if (this.has(key, actionId)) this.#starts.delete(key);
  }

  /** The action that began last in this Workflow, if it is among them. */
  get(key: string): string | undefined {
    return this.#starts.get(key);
  }
}
