export * from '../kube/queue/keyed-mutex.ts';
