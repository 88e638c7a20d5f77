import { collection } from './json.ts';
import { type VirtualSystem, virtualSystem } from './machine.ts';
import type { Node, Tree } from './node.ts';
import type { VirtualRedfishBmcSettings } from './options.ts';
import { addChassis } from './resources/chassis.ts';
import { addManager } from './resources/manager.ts';
import { addAccounts, addRoot } from './resources/root.ts';
import { addSessions, sessionNode } from './resources/sessions.ts';
import { addSystem } from './resources/system.ts';
import { addTasks, taskNode } from './resources/tasks.ts';
import type { Doorkeeper } from './server/doorkeeper.ts';
import type { SessionTable } from './state/session-table.ts';
import type { TaskTable } from './state/task-table.ts';

/** Everything that a BMC serves. */
export class ResourceTree {
  readonly #tree: Tree = new Map();
  readonly #sessions: SessionTable;
  readonly #tasks: TaskTable;

  constructor(settings: VirtualRedfishBmcSettings, sessions: SessionTable, tasks: TaskTable, doorkeeper: Doorkeeper) {
    this.#sessions = sessions;
    this.#tasks = tasks;
    const tree = this.#tree;
    const systems = systemsOf(settings);
    addRoot(tree, settings);
    addAccounts(tree, settings);
    addSessions(tree, settings, sessions, doorkeeper);
    addTasks(tree, tasks);
    const paths = systems.map(({ path }) => path);
    tree.set('/redfish/v1/Systems', { get: () => collection('/redfish/v1/Systems', 'ComputerSystem', paths) });
    for (const system of systems) addSystem(tree, system, settings);
    addManager(tree, systems, settings);
    addChassis(tree, systems, settings);
  }

  /** What is at a path, with or without a slash at its end. */
  find(path: string): Node | undefined {
    const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
    return this.#tree.get(bare) ?? sessionNode(bare, this.#sessions) ?? taskNode(bare, this.#tasks);
  }
}

function systemsOf({ profile, chassis, quirks }: VirtualRedfishBmcSettings): VirtualSystem[] {
  return profile.systemIds.map((id, index) => {
    const own = chassis[index];
    if (own === undefined) throw new TypeError(`profile ${profile.name} needs ${profile.systemIds.length} chassis`);
    return virtualSystem(id, index, own, profile, quirks);
  });
}
