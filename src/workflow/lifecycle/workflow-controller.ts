import { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { Cache } from '../../kube/cache/cache.ts';
import type { Client } from '../../kube/client/client.ts';
import { keyOf } from '../../kube/client/path.ts';
import { Controller } from '../../kube/controller/controller.ts';
import type { ReconcileContext, ReconcileResult } from '../../kube/controller/reconciler.ts';
import { toOwner, watch } from '../../kube/controller/watch-source.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { namesOf } from '../../kube/objects/name-of.ts';
import { type ReferenceLimits, type ReferencesRead, readReferences } from '../references/read-references.ts';
import type { ReferenceRules } from '../references/reference-rules.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';
import { perform } from './perform.ts';
import type { RenderOutcome } from './render.ts';

export interface WorkflowControllerOptions extends Pick<Facts, 'renderBootText'> {
  /** Renders the Template of a Workflow, with its Hardware if it names one and what that refers to. */
  render(
    workflow: Workflow,
    template: Template,
    hardware: Hardware | undefined,
    references: Readonly<Record<string, unknown>>,
  ): RenderOutcome;
  /** What may be read through `spec.references` of Hardware. Default: nothing. */
  referenceRules?: ReferenceRules;
  /** How much of an object is read, and how long that may take. */
  referenceLimits?: Partial<ReferenceLimits>;
  /** Wait before references that could not be had are looked at again: first, and longest. Default 2 and 60. */
  referenceRetry?: Facts['referenceRetry'];
  /** Look at this namespace only. Default: all. */
  namespace?: string;
  /** Workflows worked on at the same time. Default 10. */
  concurrency?: number;
  /** How much longer than its timeout an action may run before its agent counts as dead. Default 60. */
  actionGraceSeconds?: number;
  /**
   * How long after we are back (or after its start) an agent of the original whose start was recorded, but perhaps not
   * answered, may ask for its action again. Default 60: they come back within 8 s of the first connection.
   */
  comebackSeconds?: number;
  /** Runs `work` while nobody else in this process writes the Workflow of that key. Default: at once. */
  exclusively?: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  clock?: Clock;
}

/** More steps in a row than any Workflow needs; a bound in case two steps ever undo each other. */
const maxSteps = 30;

const byTemplate = ({ metadata, spec }: Workflow) =>
  spec?.templateRef ? [keyOf({ namespace: metadata.namespace, name: spec.templateRef })] : [];
const byHardware = ({ metadata, spec }: Workflow) =>
  spec?.hardwareRef ? [keyOf({ namespace: metadata.namespace, name: spec.hardwareRef })] : [];

/** Adds the controller that takes Workflows from their beginning to their end. */
export function addWorkflowController(manager: Manager, options: WorkflowControllerOptions): void {
  manager.add(({ client }) => {
    const within = options.namespace === undefined ? {} : { selection: { namespace: options.namespace } };
    const caches = {
      workflows: manager.cache(Workflow, { ...within, indexes: { byTemplate, byHardware } }),
      templates: manager.cache(Template, within),
      hardware: manager.cache(Hardware, within),
      jobs: manager.cache(Job, within),
    };
    const { concurrency = 10, exclusively = (_key, work) => work() } = options;
    const lifecycle = new WorkflowLifecycle(client, caches, options);
    return new Controller({
      name: 'workflow',
      concurrency,
      reconcile: (name, context) => exclusively(keyOf(name), () => lifecycle.reconcile(name, context)),
      watches: [
        watch(caches.workflows),
        watch(caches.templates, {
          map: ({ metadata }) => namesOf(caches.workflows.byIndex('byTemplate', keyOf(metadata))),
        }),
        watch(caches.hardware, {
          map: ({ metadata }) => namesOf(caches.workflows.byIndex('byHardware', keyOf(metadata))),
        }),
        watch(caches.jobs, { map: toOwner(Workflow) }),
      ],
    });
  });
}

interface Caches {
  workflows: Cache<Workflow>;
  templates: Cache<Template>;
  hardware: Cache<Hardware>;
  jobs: Cache<Job>;
}

/** Observe, decide, act, until there is nothing to do but wait. */
class WorkflowLifecycle {
  readonly #client: Client;
  readonly #caches: Caches;
  readonly #options: WorkflowControllerOptions;
  readonly #clock: Clock;
  readonly #sinceMs: number;
  /** UIDs of Jobs by Workflow and name: one that is deleted before its UID stands in the status is not made again. */
  readonly #madeJobs = new Map<string, Readonly<Record<string, { workflow: string | undefined; job: string }>>>();

  constructor(client: Client, caches: Caches, options: WorkflowControllerOptions) {
    this.#client = client;
    this.#caches = caches;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sinceMs = this.#clock.now();
  }

  /**
   * What is to be recorded is held back while nothing but records follow, and written before anything is done or waited for:
   * one write instead of three, and never an act on what is not written down.
   */
  async reconcile(name: ObjectName, { signal }: ReconcileContext): Promise<ReconcileResult | undefined> {
    let held: WorkflowStatus | undefined;
    // A Job cuts power: it is made only right after a write that only the newest state of the Workflow takes.
    let confirmed = false;
    let references: ReferencesRead | undefined;
    for (let steps = 0; steps < maxSteps; steps++) {
      const stored = this.#caches.workflows.get(name);
      if (stored === undefined) {
        this.#madeJobs.delete(keyOf(name));
        return undefined;
      }
      const workflow = held === undefined ? stored : { ...stored, status: held };
      const facts = { ...this.#observe(workflow), references };
      const step = decide(facts);
      if (step.kind === 'readReferences') {
        references = await this.#readReferences(step.hardware, signal);
        continue;
      }
      if (step.kind === 'record') {
        held = step.status;
        continue;
      }
      if (held !== undefined) {
        await perform(this.#client, { ...facts, workflow: stored }, { kind: 'record', status: held }, signal);
        held = undefined;
        confirmed = true;
        continue;
      }
      if (step.kind === 'wait') {
        return step.untilMs === undefined
          ? undefined
          : { requeueAfterSeconds: (step.untilMs - this.#clock.now()) / 1000 };
      }
      if (step.kind === 'createJob' && !confirmed) await perform(this.#client, facts, { kind: 'confirm' }, signal);
      await perform(this.#client, facts, step, signal);
      confirmed = false;
    }
    throw new Error(`workflow ${keyOf(name)} took ${maxSteps} steps without coming to rest`);
  }

  #madeJob({ metadata }: Workflow, name: ObjectName): string | undefined {
    const key = keyOf(metadata);
    const job = this.#caches.jobs.get(name)?.metadata;
    if (job?.uid !== undefined && job.ownerReferences?.some(({ uid }) => uid === metadata.uid)) {
      this.#madeJobs.set(key, { ...this.#madeJobs.get(key), [name.name]: { workflow: metadata.uid, job: job.uid } });
    }
    const seen = this.#madeJobs.get(key)?.[name.name];
    return seen?.workflow === metadata.uid ? seen?.job : undefined;
  }

  #readReferences(hardware: Hardware, signal: AbortSignal): Promise<ReferencesRead> {
    const { referenceRules = { allow: [], deny: [] }, referenceLimits } = this.#options;
    return readReferences(this.#client, referenceRules, hardware, { ...referenceLimits, signal });
  }

  #observe(workflow: Workflow): Omit<Facts, 'references'> {
    const { namespace } = workflow.metadata;
    const { templateRef = '', hardwareRef = '' } = workflow.spec ?? {};
    const { render, renderBootText, actionGraceSeconds = 60, comebackSeconds = 60 } = this.#options;
    const { referenceRetry = { minSeconds: 2, maxSeconds: 60 } } = this.#options;
    const inNamespace = (name: string): ObjectName => ({ name, ...(namespace ? { namespace } : {}) });
    return {
      workflow,
      template: this.#caches.templates.get(inNamespace(templateRef)),
      hardware: this.#caches.hardware.get(inNamespace(hardwareRef)),
      job: (name) => this.#caches.jobs.get(inNamespace(name)),
      madeJob: (name) => this.#madeJob(workflow, inNamespace(name)),
      referenceRetry,
      render: (template, hardware, references) => render(workflow, template, hardware, references),
      renderBootText,
      nowMs: this.#clock.now(),
      actionGraceSeconds,
      sinceMs: this.#sinceMs,
      comebackSeconds,
    };
  }
}
