/**
 * What to put into `If-Match`, one after another while the BMC answers 412 or 428. BMCs are at odds about entity tags:
 * some demand one, some compare a weak tag only as a strong one, some refuse the tag that they have just given.
 */
export class EtagAttempts {
  readonly #tried = new Set<string>();

  /** The first value; `undefined` for no `If-Match`. */
  first(etag: string | undefined): string | undefined {
    this.#tried.add(etag ?? none);
    return etag;
  }

  /**
   * The value to try after `status`, where `fresh` is the tag that the resource has now.
   * @returns undefined when there is nothing left to try
   */
  next(status: number, fresh: string | undefined): { ifMatch: string | undefined } | undefined {
    const demanded = [fresh, strongForm(fresh), '*'];
    const order = status === 428 ? demanded : [fresh, strongForm(fresh), undefined, '*'];
    for (const ifMatch of order) {
      const key = ifMatch ?? none;
      if (this.#tried.size >= mostAttempts || this.#tried.has(key)) continue;
      if (ifMatch === undefined && status === 428) continue;
      this.#tried.add(key);
      return { ifMatch };
    }
    return undefined;
  }
}

const none = '';
const mostAttempts = 4;

/** `W/"x"` → `"x"` (RFC 9110 §8.8.3). */
function strongForm(etag: string | undefined): string | undefined {
  return etag?.startsWith('W/') ? etag.slice(2) : etag;
}
