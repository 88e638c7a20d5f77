import type { PrinterColumn } from '../../apiextensions/custom-resource-definition.ts';

/** The Cluster an object belongs to. */
export const clusterColumn: PrinterColumn = {
  name: 'Cluster',
  type: 'string',
  jsonPath: '.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
};

export const readyColumn: PrinterColumn = { name: 'Ready', type: 'string', jsonPath: '.status.ready' };

/** Why an object is not ready. */
export const reasonColumn: PrinterColumn = {
  name: 'Reason',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
};

export const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
