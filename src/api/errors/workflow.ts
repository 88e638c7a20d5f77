import type { ErrorEntry } from './entry.ts';

/** Errors of `src/workflow` and of `capt template`. */
export const workflowErrors = {
  TEMPLATE_UNREADABLE: {
    message: 'cannot read {path}: {cause}',
    hint: 'check that the file exists and may be read',
    retryable: false,
  },
  TEMPLATE_DATA_INVALID: {
    message: 'cannot take the variables from {path}: {cause}',
    hint: 'write one JSON object: its keys are the variables, and a Hardware object under the key hardware gives .hardware and .Hardware',
    retryable: false,
  },
  TEMPLATE_FAILED: {
    message: '{cause}',
    hint: 'correct the template or its data at this line and column (columns count bytes, from 0)',
    retryable: false,
  },
  REFERENCE_RULE_INVALID: {
    message: 'cannot use rule {rule} of {flag}: {cause}',
    hint: 'write JSON such as {"reference":{"namespace":["site"],"resource":["configmaps"]}}, several rules with | in between',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
