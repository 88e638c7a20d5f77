import type { Condition } from '../../api/meta/condition.ts';
import type { ConditionUpdate } from './conditions.ts';

export interface SummaryOptions {
  /** The types that count, the most relevant first: the order of the lines in the message. */
  forTypes: readonly string[];
  /** Types of `forTypes` for which `True` is the bad news. */
  negativePolarity?: readonly string[];
  /** Types that do not count while nobody has reported them; all others are then unknown. */
  ignoreIfMissing?: readonly string[];
  /** The type of the summary. Default `Ready`. */
  type?: string;
  /** Default: those of Cluster API for `Ready` and `Available`, and its generic ones for other types. */
  reasons?: SummaryReasons;
  observedGeneration?: number;
}

export interface SummaryReasons {
  issue: string;
  unknown: string;
  info: string;
}

type Weight = keyof SummaryReasons;

/**
 * The condition that sums up others of the same object, as Cluster API does it (v1beta2 conditions): one issue makes it
 * `False`, else one unknown makes it `Unknown`; the message tells about every issue and unknown, and only when there is
 * none about what is well.
 * @throws TypeError when no condition counts
 */
export function summarize(conditions: readonly Condition[] | undefined, options: SummaryOptions): ConditionUpdate {
  const { type = 'Ready', negativePolarity = [], observedGeneration } = options;
  const parts = partsOf(conditions ?? [], options, type).map((part) => ({
    ...part,
    weight: weigh(part, negativePolarity.includes(part.type)),
  }));
  const worst = (['issue', 'unknown', 'info'] as const).find((weight) => parts.some((part) => part.weight === weight));
  if (worst === undefined) throw new TypeError(`summary ${type}: there is no condition to sum up`);
  const told = parts.filter((part) => part.weight !== 'info' || (worst === 'info' && part.message !== ''));
  return {
    type,
    status: statuses[worst],
    reason: (options.reasons ?? defaultReasons(type))[worst],
    message: told.map(line).join('\n'),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
}

const statuses: Record<Weight, Condition['status']> = { issue: 'False', unknown: 'Unknown', info: 'True' };

type Part = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function partsOf(conditions: readonly Condition[], options: SummaryOptions, summaryType: string): Part[] {
  const { forTypes, ignoreIfMissing = [] } = options;
  if (forTypes.includes(summaryType)) throw new TypeError(`summary ${summaryType} cannot be a part of itself`);
  return [...new Set(forTypes)].flatMap((type): Part[] => {
    const found = conditions.find((condition) => condition.type === type);
    if (found !== undefined) return [found];
    if (ignoreIfMissing.includes(type)) return [];
    return [{ type, status: 'Unknown', reason: 'NotYetReported', message: 'Condition not yet reported' }];
  });
}

function weigh({ status }: Part, negative: boolean): Weight {
  if (status !== 'True' && status !== 'False') return 'unknown';
  return (status === 'True') === negative ? 'issue' : 'info';
}

function defaultReasons(type: string): SummaryReasons {
  return type === 'Ready' || type === 'Available'
    ? { issue: `Not${type}`, unknown: `${type}Unknown`, info: type }
    : { issue: 'IssuesReported', unknown: 'UnknownReported', info: 'InfoReported' };
}

function line({ type, reason, message }: Part): string {
  if (message === '') return `* ${type}: ${reason}`;
  if (!message.includes('\n') && !hasBullet(message)) return `* ${type}: ${message}`;
  const lines = message.split('\n');
  // A list stays a list, one level deeper; lines that are none become one, so that what is a list hangs below them.
  const onlyBullets = lines.every(hasBullet);
  const indent = (text: string) => (onlyBullets ? '  ' : hasBullet(text) ? '    ' : '  * ');
  return [`* ${type}:`, ...lines.map((text) => indent(text) + text)].join('\n');
}

/** Cluster API takes a star followed by space anywhere in a line for a bullet; so do its tools that read messages. */
function hasBullet(text: string): boolean {
  return /\s*\*\s+/.test(text);
}
