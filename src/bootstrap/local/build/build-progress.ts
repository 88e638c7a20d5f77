/**
 * Follows a build by what `go` says (`go: downloading …`, and with -v the name of each package as it gets compiled) and
 * words it for a person. Knows nothing of time but what it is told.
 */
export class BuildProgress {
  #downloaded = 0;
  #compiled = 0;
  #total: number | undefined;

  /** How many packages are not compiled yet, once that is known. */
  setTotal(packages: number): void {
    this.#total = packages;
  }

  /** Takes one line of output. */
  add(line: string): void {
    if (line.startsWith('go: downloading ')) this.#downloaded += 1;
    else if (/^[\w.~-]+(?:\/[\w.~-]+)*$/.test(line)) this.#compiled += 1;
  }

  /** One line about where the build is after `elapsedSeconds`. */
  describe(elapsedSeconds: number): string {
    const time = `${Math.round(elapsedSeconds)} s`;
    if (this.#total === undefined) {
      return this.#downloaded === 0
        ? `looking at what there is to build, ${time}`
        : `downloading Go modules: ${this.#downloaded} so far, ${time}`;
    }
    // The last of them is the program itself, which may only have to be linked again.
    if (this.#compiled >= this.#total - 1) return `linking, ${time}`;
    return `compiling ${this.#compiled}/${this.#total} packages, ${time}`;
  }
}
