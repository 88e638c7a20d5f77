import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';
import type { ObjectReference } from './object-reference.ts';

/** How bad it is: `Normal` is news, `Warning` wants attention. */
export type EventType = 'Normal' | 'Warning';

/** Something that happened to an object (`core/v1 Event`). Kept by the server for an hour by default. */
export interface Event extends KubeObject {
  /** The object it happened to; the event lives in that object's namespace. */
  involvedObject: ObjectReference;
  /** Why, as one CamelCase word for machines. */
  reason?: string;
  /** What happened, for people. At most 1024 bytes. */
  message?: string;
  type?: EventType;
  source?: { component?: string; host?: string };
  /** First of a row of equal events; RFC 3339, whole seconds. */
  firstTimestamp?: string | null;
  /** Latest of a row of equal events; RFC 3339, whole seconds. */
  lastTimestamp?: string | null;
  /** How many equal events this one stands for. */
  count?: number;
  /** RFC 3339 with microseconds; set by reporters of the newer events API. */
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string };
  action?: string;
  related?: ObjectReference;
  /** Name of the controller that reports. */
  reportingComponent?: string;
  reportingInstance?: string;
}

export const Event: Resource<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
