/** What all kinds of `tinkerbell.org/v1alpha1` share. */
export const tinkerbellGroup = {
  group: 'tinkerbell.org',
  version: 'v1alpha1',
  categories: ['tinkerbell'],
} as const;
