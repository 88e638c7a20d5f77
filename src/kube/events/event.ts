import type { ObjectReference } from '../../api/core/object-reference.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';

/** An event as `events.k8s.io/v1` takes it. `kubectl describe` reads the same objects through the core API. */
export interface ReportedEvent extends KubeObject {
  /** RFC 3339 with microseconds. */
  eventTime: string;
  reportingController: string;
  reportingInstance: string;
  type: 'Normal' | 'Warning';
  reason: string;
  action: string;
  regarding: ObjectReference;
  related?: ObjectReference;
  note: string;
  /** Only when it happened more than once. */
  series?: EventSeries;
}

export interface EventSeries {
  count: number;
  lastObservedTime: string;
}

export const ReportedEvent: Resource<ReportedEvent> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
