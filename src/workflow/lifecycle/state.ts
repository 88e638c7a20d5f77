export * from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
