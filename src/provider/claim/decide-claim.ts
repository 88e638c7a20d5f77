import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { matchesLabels } from '../../api/meta/selector.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { Candidate } from './predicate.ts';
import { predicates } from './predicates.ts';

/** What stands between one Hardware and one machine. */
export interface Verdict {
  hardware: Hardware;
  /** One entry a predicate that is not fulfilled; empty: the Hardware can be taken. */
  obstacles: { predicate: string; message: string }[];
  /** Sum of the weights of the wishes it fulfils. */
  weight: number;
}

export interface ClaimDecision {
  /** The Hardware to take. */
  choice: Hardware | undefined;
  /** One a candidate, in the order of the candidates. */
  verdicts: Verdict[];
}

/**
 * Which Hardware a machine should become. Pure. Of those without obstacle the one with the greatest sum of wishes, then
 * one in the machine's own namespace, then the first by name: the same facts give the same choice.
 */
export function decideClaim(machine: TinkerbellMachine, candidates: readonly Candidate[]): ClaimDecision {
  const verdicts = candidates.map((candidate) => judge(machine, candidate));
  const [best] = verdicts.filter(({ obstacles }) => obstacles.length === 0).sort(compare(machine.metadata.namespace));
  return { choice: best?.hardware, verdicts };
}

/** Why no Hardware can be taken, in one message for people: how many fail by what, the most frequent first. */
export function explainNoChoice(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return 'there is no Hardware';
  const counts = new Map<string, number>();
  for (const { obstacles } of verdicts) {
    // What is told first decides: a host of somebody else need not also be blamed for its labels.
    const [first] = obstacles;
    if (first !== undefined) counts.set(first.predicate, (counts.get(first.predicate) ?? 0) + 1);
  }
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} fail "${name}"`);
  return `none of ${verdicts.length} Hardware can be taken: ${parts.join(', ')}`;
}

function judge(machine: TinkerbellMachine, candidate: Candidate): Verdict {
  const obstacles = predicates.flatMap(({ name, obstacle }) => {
    const message = obstacle(candidate, machine);
    return message === undefined ? [] : [{ predicate: name, message }];
  });
  return { hardware: candidate.hardware, obstacles, weight: weightOf(machine, candidate.hardware) };
}

function weightOf({ spec }: TinkerbellMachine, { metadata }: Hardware): number {
  return (spec?.hardwareAffinity?.preferred ?? [])
    .filter(({ hardwareAffinityTerm: term }) => matchesLabels(term.labelSelector, metadata.labels))
    .reduce((sum, { weight }) => sum + weight, 0);
}

function compare(namespace: string | undefined) {
  return (a: Verdict, b: Verdict): number => {
    if (a.weight !== b.weight) return b.weight - a.weight;
    const near = (verdict: Verdict) => (verdict.hardware.metadata.namespace === namespace ? 0 : 1);
    if (near(a) !== near(b)) return near(a) - near(b);
    const [first, second] = [keyOf(a.hardware.metadata), keyOf(b.hardware.metadata)];
    return first < second ? -1 : first > second ? 1 : 0;
  };
}
