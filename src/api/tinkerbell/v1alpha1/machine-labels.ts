/** Labels of CAPT on Templates and Workflows: name and namespace of the TinkerbellMachine they belong to. */
export const machineNameLabel = 'capt.tinkerbell.org/machine-name';
export const machineNamespaceLabel = 'capt.tinkerbell.org/machine-namespace';
