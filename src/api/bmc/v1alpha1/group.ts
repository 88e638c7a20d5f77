/** What all kinds of `bmc.tinkerbell.org/v1alpha1` share. */
export const bmcGroup = {
  group: 'bmc.tinkerbell.org',
  version: 'v1alpha1',
  categories: ['tinkerbell'],
} as const;
