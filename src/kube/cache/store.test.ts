import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Change } from './change.ts';
import { compareResourceVersions } from './resource-version.ts';
import { Store } from './store.ts';

interface Widget extends KubeObject {
  size?: number;
}

function widget(name: string, version: number, more: { uid?: string; size?: number } = {}): Widget {
  const { uid = `uid-${name}`, size = version } = more;
  return {
    apiVersion: 'v1',
    kind: 'Widget',
    metadata: { namespace: 'a', name, uid, resourceVersion: String(version) },
    size,
  };
}

function recorded(store: Store<Widget>): string[] {
  const seen: string[] = [];
  store.subscribe((change: Change<Widget>) => {
    seen.push(`${change.type} ${change.object.metadata.name}@${change.object.metadata.resourceVersion}`);
  });
  return seen;
}

describe('Store', () => {
  it('tells what a second list changed: added, updated, deleted, and nothing about the rest', () => {
    const store = new Store<Widget>();
    store.replace([widget('same', 1), widget('changed', 2), widget('gone', 3)], '10');
    const seen = recorded(store);
    store.replace([widget('same', 1), widget('changed', 12), widget('new', 13)], '20');
    assert.deepEqual(seen, ['updated changed@12', 'added new@13', 'deleted gone@3']);
  });

  it('marks only the first list as initial', () => {
    const store = new Store<Widget>();
    const initial: boolean[] = [];
    store.subscribe((change) => initial.push(change.initial));
    store.replace([widget('a', 1)], '1');
    store.apply({ type: 'ADDED', object: widget('b', 2) });
    store.replace([widget('a', 3)], '3');
    assert.deepEqual(initial, [true, false, false, false]);
  });

  it('ignores events older than what it has', () => {
    const store = new Store<Widget>();
    store.replace([widget('a', 5)], '5');
    const seen = recorded(store);
    store.apply({ type: 'MODIFIED', object: widget('a', 4) });
    store.apply({ type: 'MODIFIED', object: widget('a', 5) });
    assert.deepEqual(seen, []);
  });

  it('drops managedFields and keeps indexes in step', () => {
    const store = new Store<Widget>({ indexes: { size: ({ size }) => (size === undefined ? [] : [String(size)]) } });
    const managed = widget('a', 1, { size: 7 });
    managed.metadata.managedFields = [{}];
    store.replace([managed, widget('b', 1, { size: 7 })], '1');
    assert.equal(store.get('a/a')?.metadata.managedFields, undefined);
    assert.equal(store.byIndex('size', '7').length, 2);
    store.apply({ type: 'MODIFIED', object: widget('a', 2, { size: 8 }) });
    store.apply({ type: 'DELETED', object: widget('b', 3) });
    assert.deepEqual(store.byIndex('size', '7'), []);
    assert.equal(store.byIndex('size', '8')[0]?.metadata.name, 'a');
    assert.throws(() => store.byIndex('colour', 'red'), /no index "colour"; there are: size/);
  });

  it('takes another index later, over what is there and what comes', () => {
    const store = new Store<Widget>();
    store.replace([widget('a', 1, { size: 7 })], '1');
    const size = (object: Widget) => [String(object.size)];
    store.addIndexes({ size });
    store.addIndexes({ size });
    store.apply({ type: 'ADDED', object: widget('b', 2, { size: 7 }) });
    assert.equal(store.byIndex('size', '7').length, 2);
    assert.throws(() => store.addIndexes({ size: () => [] }), /another function/);
  });

  describe('sees our own writes at once', () => {
    it('and is not taken back by older events or the confirming one', () => {
      const store = new Store<Widget>();
      store.replace([widget('a', 1)], '1');
      const seen = recorded(store);
      store.written(widget('a', 5));
      store.apply({ type: 'MODIFIED', object: widget('a', 3) });
      store.apply({ type: 'MODIFIED', object: widget('a', 5) });
      assert.deepEqual(seen, ['updated a@5']);
    });

    it('but not when the watch has already passed them: a late answer must not raise the dead', () => {
      const store = new Store<Widget>();
      store.replace([], '1');
      store.apply({ type: 'ADDED', object: widget('a', 2) });
      store.apply({ type: 'DELETED', object: widget('a', 3) });
      store.written(widget('a', 2));
      assert.equal(store.get('a/a'), undefined);
    });

    it('and keeps them through a list made before the write, but not through the next', () => {
      const store = new Store<Widget>();
      store.replace([], '1');
      store.written(widget('a', 5));
      store.replace([], '4');
      assert.equal(store.get('a/a')?.metadata.resourceVersion, '5');
      store.replace([], '4');
      assert.equal(store.get('a/a'), undefined);
    });

    it('and forgets them when a list made after the write has them no more', () => {
      const store = new Store<Widget>();
      store.replace([], '1');
      store.written(widget('a', 5));
      store.replace([], '6');
      assert.equal(store.get('a/a'), undefined);
    });

    it('and does not share the written object with the writer', () => {
      const store = new Store<Widget>();
      store.replace([], '1');
      const mine = widget('a', 5);
      store.written(mine);
      mine.size = 99;
      assert.equal(store.get('a/a')?.size, 5);
    });
  });

  describe('sees our own deletes at once', () => {
    it('and is not taken back by events from before', () => {
      const store = new Store<Widget>();
      store.replace([widget('a', 1)], '1');
      const seen = recorded(store);
      store.deleted('a/a', 'uid-a');
      store.apply({ type: 'MODIFIED', object: widget('a', 2) });
      store.apply({ type: 'DELETED', object: widget('a', 3) });
      assert.deepEqual(seen, ['deleted a@1']);
    });

    it('but takes the next object of that name', () => {
      const store = new Store<Widget>();
      store.replace([widget('a', 1)], '1');
      store.deleted('a/a', 'uid-a');
      store.apply({ type: 'ADDED', object: widget('a', 4, { uid: 'other' }) });
      assert.equal(store.get('a/a')?.metadata.uid, 'other');
    });

    it('and leaves an object of that name alone that is another one', () => {
      const store = new Store<Widget>();
      store.replace([widget('a', 1, { uid: 'other' })], '1');
      store.deleted('a/a', 'uid-a');
      store.deleted('a/a', undefined);
      assert.equal(store.get('a/a')?.metadata.uid, 'other');
    });
  });

  it('ends equal to the server whatever the order in which events, writes and lists arrive', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const server = new FakeServer();
        const store = new Store<Widget>();
        store.replace(server.list(), String(server.version));
        for (const { name, kind, arrival } of operations) {
          const answer = kind === 'delete' ? server.delete(name) : server.write(name);
          arrivals[arrival](server, store, answer);
        }
        server.deliver(store);
        assert.deepEqual(names([...store.values()]), names(server.list()));
      }),
    );
  });
});

describe('compareResourceVersions', () => {
  it('orders like numbers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (a, b) => {
        assert.equal(Math.sign(compareResourceVersions(String(a), String(b))), a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

/** Hands the server's answer to our own write to the store. */
type Answer = (store: Store<Widget>) => void;

/** The ways in which what the server did reaches a store. */
const arrivals = {
  'event before answer': (server: FakeServer, store: Store<Widget>, answer: Answer) => {
    server.deliver(store);
    answer(store);
  },
  'answer before event': (_: FakeServer, store: Store<Widget>, answer: Answer) => answer(store),
  'in a list': (server: FakeServer, store: Store<Widget>) => server.deliverList(store),
  'not yet': () => {},
};

const operation = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  kind: fc.constantFrom('write', 'delete'),
  arrival: fc.constantFrom(...(Object.keys(arrivals) as (keyof typeof arrivals)[])),
});

/** The least of an API server: objects, versions, a log of events. */
class FakeServer {
  version = 1;
  readonly #objects = new Map<string, Widget>();
  #delivered = 1;
  readonly #log: { version: number; event: { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Widget } }[] = [];

  list(): Widget[] {
    return structuredClone([...this.#objects.values()]);
  }

  /** Sends the events that the store has not had. */
  deliver(store: Store<Widget>): void {
    const fresh = this.#log.filter((entry) => entry.version > this.#delivered);
    for (const { event } of fresh) store.apply(structuredClone(event));
    this.#delivered = this.version;
  }

  deliverList(store: Store<Widget>): void {
    store.replace(this.list(), String(this.version));
    this.#delivered = this.version;
  }

  write(name: string): Answer {
    const old = this.#objects.get(name);
    const object = widget(name, ++this.version, { uid: old?.metadata.uid ?? `uid-${this.version}` });
    this.#objects.set(name, object);
    this.#log.push({ version: this.version, event: { type: old ? 'MODIFIED' : 'ADDED', object } });
    return (store) => store.written(structuredClone(object));
  }

  delete(name: string): Answer {
    const old = this.#objects.get(name);
    if (old === undefined) return () => {};
    this.#objects.delete(name);
    const object = widget(name, ++this.version, { uid: old.metadata.uid ?? '' });
    this.#log.push({ version: this.version, event: { type: 'DELETED', object } });
    return (store) => store.deleted(`a/${name}`, old.metadata.uid);
  }
}

function names(objects: Widget[]): string[] {
  return objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort();
}
