import type { KubeObject } from '../../api/meta/object.ts';
import { keyOf } from '../client/path.ts';
import type { EventNote, EventRecorder } from './recorder.ts';

export interface FakeEvent extends EventNote {
  type: 'Normal' | 'Warning';
  regarding: KubeObject;
}

/** Remembers events, for tests. */
export class FakeEventRecorder implements EventRecorder {
  readonly events: FakeEvent[] = [];

  event(regarding: KubeObject, note: EventNote): void {
    this.events.push({ type: 'Normal', ...note, regarding });
  }

  /** One line an event: `Warning Kind namespace/name Reason: note`. */
  get lines(): string[] {
    return this.events.map(
      ({ type, regarding, reason, note }) =>
        `${type} ${regarding.kind} ${keyOf(regarding.metadata)} ${reason}: ${note}`,
    );
  }

  /** The events of an object with that name. */
  of(name: string): FakeEvent[] {
    return this.events.filter(({ regarding }) => regarding.metadata.name === name);
  }
}
