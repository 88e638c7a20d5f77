import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Condition } from '../../api/meta/condition.ts';
import { type SummaryOptions, summarize } from './condition-summary.ts';

function condition(type: string, status: Condition['status'], message = ''): Condition {
  return { type, status, reason: `${type}Reason`, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}

const forTypes = ['Claimed', 'Powered', 'Installed'];

interface Case {
  name: string;
  conditions: Condition[];
  options?: Partial<SummaryOptions>;
  status: Condition['status'];
  reason: string;
  message: string;
}

/** The rules are those of `util/conditions` in Cluster API (v1beta2 conditions). */
const cases: Case[] = [
  {
    name: 'is True without a word when all is well and nobody says more',
    conditions: [condition('Claimed', 'True'), condition('Powered', 'True'), condition('Installed', 'True')],
    status: 'True',
    reason: 'Ready',
    message: '',
  },
  {
    name: 'tells what is well when all is well',
    conditions: [condition('Claimed', 'True', 'host-1'), condition('Powered', 'True'), condition('Installed', 'True')],
    status: 'True',
    reason: 'Ready',
    message: '* Claimed: host-1',
  },
  {
    name: 'is False for one issue, and leaves out what is well',
    conditions: [
      condition('Claimed', 'True', 'host-1'),
      condition('Powered', 'False', 'no answer'),
      condition('Installed', 'True'),
    ],
    status: 'False',
    reason: 'NotReady',
    message: '* Powered: no answer',
  },
  {
    name: 'tells issues and unknowns in the order of relevance, not of badness',
    conditions: [
      condition('Installed', 'False', 'step 3'),
      condition('Claimed', 'Unknown', 'not asked'),
      condition('Powered', 'True'),
    ],
    status: 'False',
    reason: 'NotReady',
    message: '* Claimed: not asked\n* Installed: step 3',
  },
  {
    name: 'gives the reason where there is no message',
    conditions: [condition('Claimed', 'True'), condition('Powered', 'False'), condition('Installed', 'True')],
    status: 'False',
    reason: 'NotReady',
    message: '* Powered: PoweredReason',
  },
  {
    name: 'is Unknown for one unknown without an issue',
    conditions: [
      condition('Claimed', 'True'),
      condition('Powered', 'Unknown', 'no answer'),
      condition('Installed', 'True'),
    ],
    status: 'Unknown',
    reason: 'ReadyUnknown',
    message: '* Powered: no answer',
  },
  {
    name: 'counts as unknown what nobody has reported',
    conditions: [condition('Claimed', 'True'), condition('Powered', 'True')],
    status: 'Unknown',
    reason: 'ReadyUnknown',
    message: '* Installed: Condition not yet reported',
  },
  {
    name: 'does not count what may be missing',
    conditions: [condition('Claimed', 'True'), condition('Powered', 'True')],
    options: { ignoreIfMissing: ['Installed'] },
    status: 'True',
    reason: 'Ready',
    message: '',
  },
  {
    name: 'reads negative polarity the other way round',
    conditions: [condition('Claimed', 'True'), condition('Degraded', 'True', 'one fan')],
    options: { forTypes: ['Claimed', 'Degraded'], negativePolarity: ['Degraded'] },
    status: 'False',
    reason: 'NotReady',
    message: '* Degraded: one fan',
  },
  {
    name: 'takes the absence of bad news for good',
    conditions: [condition('Claimed', 'True'), condition('Degraded', 'False', 'all fans turn')],
    options: { forTypes: ['Claimed', 'Degraded'], negativePolarity: ['Degraded'] },
    status: 'True',
    reason: 'Ready',
    message: '* Degraded: all fans turn',
  },
  {
    name: 'ignores conditions that are not asked for',
    conditions: [condition('Claimed', 'True'), condition('Paused', 'False', 'no')],
    options: { forTypes: ['Claimed'] },
    status: 'True',
    reason: 'Ready',
    message: '',
  },
  {
    name: 'indents a message that is a list',
    conditions: [condition('Claimed', 'False', '* Host a: busy\n* Host b: off')],
    options: { forTypes: ['Claimed'] },
    status: 'False',
    reason: 'NotReady',
    message: '* Claimed:\n  * Host a: busy\n  * Host b: off',
  },
  {
    name: 'makes a list of a message with several lines',
    conditions: [condition('Claimed', 'False', 'no host fits:\n* Host a: busy')],
    options: { forTypes: ['Claimed'] },
    status: 'False',
    reason: 'NotReady',
    message: '* Claimed:\n  * no host fits:\n    * Host a: busy',
  },
  {
    name: 'has reasons of its own for Available, generic ones for others, or those given',
    conditions: [condition('Claimed', 'False', 'no')],
    options: { forTypes: ['Claimed'], type: 'Available' },
    status: 'False',
    reason: 'NotAvailable',
    message: '* Claimed: no',
  },
  {
    name: 'has generic reasons for other types',
    conditions: [condition('Claimed', 'True')],
    options: { forTypes: ['Claimed'], type: 'Healthy' },
    status: 'True',
    reason: 'InfoReported',
    message: '',
  },
  {
    name: 'uses the reasons given',
    conditions: [condition('Claimed', 'False', 'no')],
    options: { forTypes: ['Claimed'], reasons: { issue: 'Broken', unknown: 'Dark', info: 'Fine' } },
    status: 'False',
    reason: 'Broken',
    message: '* Claimed: no',
  },
];

describe('summarize', () => {
  for (const { name, conditions, options, status, reason, message } of cases) {
    it(name, () => {
      assert.deepEqual(summarize(conditions, { forTypes, ...options }), {
        type: options?.type ?? 'Ready',
        status,
        reason,
        message,
      });
    });
  }

  it('passes the generation on', () => {
    const summary = summarize([condition('Claimed', 'True')], { forTypes: ['Claimed'], observedGeneration: 7 });
    assert.equal(summary.observedGeneration, 7);
  });

  it('refuses to sum up nothing, or itself', () => {
    assert.throws(() => summarize([], { forTypes: ['A'], ignoreIfMissing: ['A'] }), /no condition to sum up/);
    assert.throws(() => summarize([], { forTypes: ['Ready'] }), /part of itself/);
  });
});
