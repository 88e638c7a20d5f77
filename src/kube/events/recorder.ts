import type { KubeObject } from '../../api/meta/object.ts';

/** Something that happened to an object, for the people who run `kubectl describe` on it. */
export interface EventNote {
  /** `Warning` wants attention. Default `Normal`. */
  type?: 'Normal' | 'Warning';
  /** Why, CamelCase: `HardwareClaimed`. */
  reason: string;
  /** What was done or tried, CamelCase: `Claim`. */
  action: string;
  /** What happened, a sentence. Cut at 1,024 bytes. No secrets. */
  note: string;
  /** A second object that plays a part. */
  related?: KubeObject;
}

/** Records events. Never throws, never waits: an event that cannot be written is lost, a reconcile is not. */
export interface EventRecorder {
  event(regarding: KubeObject, note: EventNote): void;
}
