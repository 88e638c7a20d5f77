/** A node of a YAML document. Texts are bytes; lines count from 1. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

interface NodeBase {
  readonly line: number;
  /** The tag that is written, in short form (`!!str`); empty when none is. */
  readonly tag: string;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string;
  /** Written without quotes and not as a block: only then does its form decide what it is. */
  readonly isPlain: boolean;
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
}

export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  readonly entries: (readonly [key: YamlNode, value: YamlNode])[];
}

/** True for null in any of its spellings. */
export function isNullNode(node: YamlNode): boolean {
  if (node.kind !== 'scalar') return false;
  return node.tag === '!!null' || (node.tag === '' && node.isPlain && /^(?:|~|null|Null|NULL)$/.test(node.value));
}
