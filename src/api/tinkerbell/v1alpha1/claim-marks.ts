/** Marks on Hardware by which services that know nothing of one another agree about it. Those of CAPT keep their names. */

/** Who holds it: name and namespace of a TinkerbellMachine. */
export const ownerNameLabel = 'v1alpha1.tinkerbell.org/ownerName';
export const ownerNamespaceLabel = 'v1alpha1.tinkerbell.org/ownerNamespace';
/** `"true"` once its owner is installed there. */
export const provisionedAnnotation = 'v1alpha1.tinkerbell.org/provisioned';

/** Nobody may claim it until somebody has looked at it; taking the label off lets it out. Not in CAPT. */
export const quarantineLabel = 'capt.tinkerbell.org/quarantined';
/** Why it is there, for people. */
export const quarantineReasonAnnotation = 'capt.tinkerbell.org/quarantine-reason';
/** RFC 3339 time since when. */
export const quarantineSinceAnnotation = 'capt.tinkerbell.org/quarantined-since';
