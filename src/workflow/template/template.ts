import type { Library } from './run/library.ts';
import { Renderer } from './run/renderer.ts';
import { TemplateError } from './run/template-error.ts';
import { position } from './syntax/lexer.ts';
import { parseTemplates } from './syntax/parser.ts';
import { SyntaxFault } from './syntax/syntax-error.ts';
import type { TemplateSet } from './syntax/tree.ts';
import { bufferOf, bytesOf } from './value/bytes.ts';
import { GoError } from './value/error.ts';
import { defaultLimits, type Limits, Meter } from './value/meter.ts';
import type { Any } from './value/value.ts';

/** What a render can be told. */
export interface RenderOptions {
  readonly limits?: Partial<Limits>;
  /** The clock for `ago` and its like, in milliseconds. */
  readonly now?: () => number;
}

/** A parsed template of Go's text/template dialect. Can be rendered any number of times. */
export class Template {
  readonly #set: TemplateSet;
  readonly #library: Library;

  private constructor(set: TemplateSet, library: Library) {
    this.#set = set;
    this.#library = library;
  }

  /** Parses a text. Throws `TemplateError` with Go's words. */
  static parse(name: string, text: string, library: Library): Template {
    const functions = { has: (fn: string) => library.functions.has(fn) || library.builtins.has(fn) };
    const bytes = { name: bytesOf(name), text: bytesOf(text) };
    try {
      return new Template(parseTemplates(bytes.name, bytes.text, functions), library);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      const { column } = position(bytes.text, error.at);
      throw new TemplateError(error.message, { name: bytes.name, line: error.line, column });
    }
  }

  /** Renders with data; gives the bytes. Throws `TemplateError`. A missing key is an error. */
  render(data: Any, options: RenderOptions = {}): Buffer {
    const { name, trees } = this.#set;
    const tree = trees.get(name);
    if (tree === undefined)
      throw new TemplateError(`template: ${name}: nothing to render`, { name, line: 1, column: 0 });
    const meter = new Meter({ ...defaultLimits, ...options.limits });
    const renderer = new Renderer(this.#set, tree, this.#library, { meter, now: options.now ?? Date.now });
    try {
      return bufferOf(renderer.render(data ?? undefined));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new TemplateError(error.message, { name, line: 1, column: 0 });
    }
  }
}
