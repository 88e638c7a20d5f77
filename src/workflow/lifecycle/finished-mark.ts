export * from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
