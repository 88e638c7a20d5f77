import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { bytesOf, textOf } from '../value/bytes.ts';
import { GoError } from '../value/error.ts';
import type { YamlMapping, YamlNode, YamlScalar, YamlSequence } from './node.ts';

const deepest = 100;

/**
 * The nodes of the first document of a text; `undefined` when it is empty. Aliases are the very nodes they name: who
 * walks over them has to bound the walk.
 */
export function parseYaml(bytes: string): YamlNode | undefined {
  const text = textOf(bytes);
  try {
    return new Builder(text, parseEvents(text, { maxDepth: deepest })).document();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const where = error.mark === undefined ? '' : `line ${error.mark.line + 1}: `;
    throw new GoError(bytesOf(`yaml: ${where}${error.reason}`));
  }
}

interface Marked {
  readonly anchorStart: number;
  readonly anchorEnd: number;
  readonly tagStart: number;
  readonly tagEnd: number;
}

/** Builds nodes out of the events of the parser. */
class Builder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, YamlNode>();
  /** Anchors of nodes that are not complete yet. */
  readonly #open = new Set<string>();
  #at = 0;
  /** Where counting of lines has come to. */
  #line = 1;
  #counted = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  document(): YamlNode | undefined {
    const start = this.#events[this.#at++];
    if (start === undefined || this.#events[this.#at]?.type === EVENT_ID.POP) return undefined;
    return this.#node();
  }

  #node(): YamlNode {
    const event = this.#events[this.#at++];
    switch (event?.type) {
      case EVENT_ID.SCALAR: {
        const isPlain = event.style === SCALAR_STYLE.PLAIN;
        const base = { line: this.#lineOf(event.valueStart), tag: this.#tag(event) };
        const scalar: YamlScalar = {
          kind: 'scalar',
          ...base,
          value: bytesOf(getScalarValue(this.#text, event)),
          isPlain,
        };
        return this.#named(event, scalar, () => undefined);
      }
      case EVENT_ID.SEQUENCE: {
        const sequence: YamlSequence = {
          kind: 'sequence',
          line: this.#lineOf(event.start),
          tag: this.#tag(event),
          items: [],
        };
        return this.#named(event, sequence, () => {
          while (!this.#atEnd()) sequence.items.push(this.#node());
        });
      }
      case EVENT_ID.MAPPING: {
        const mapping: YamlMapping = {
          kind: 'mapping',
          line: this.#lineOf(event.start),
          tag: this.#tag(event),
          entries: [],
        };
        return this.#named(event, mapping, () => {
          while (!this.#atEnd()) mapping.entries.push([this.#node(), this.#node()]);
        });
      }
      case EVENT_ID.ALIAS:
        return this.#alias(this.#text.slice(event.anchorStart, event.anchorEnd));
      default:
        throw new GoError('yaml: unexpected end of document');
    }
  }

  #atEnd(): boolean {
    if (this.#events[this.#at]?.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  /** Completes a node and remembers it under its anchor. */
  #named<T extends YamlNode>(event: Marked, node: T, complete: () => void): T {
    const anchor = event.anchorStart < 0 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== undefined) this.#open.add(anchor);
    complete();
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, node);
    }
    return node;
  }

  #alias(name: string): YamlNode {
    if (this.#open.has(name)) throw new GoError(bytesOf(`yaml: anchor '${name}' value contains itself`));
    const node = this.#anchors.get(name);
    if (node === undefined) throw new GoError(bytesOf(`yaml: unknown anchor '${name}' referenced`));
    return node;
  }

  #tag({ tagStart, tagEnd }: Marked): string {
    if (tagStart < 0) return '';
    return this.#text.slice(tagStart, tagEnd).replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
  }

  /** Events come in the order of the text, nearly: a value may begin where its key ended. */
  #lineOf(offset: number): number {
    for (; this.#counted < offset; this.#counted++) if (this.#text.charAt(this.#counted) === '\n') this.#line++;
    return this.#line;
  }
}
