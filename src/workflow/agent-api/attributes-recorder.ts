import type { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { attributesJson } from './attributes.ts';

/** What the agent found out about its machine, as JSON. */
export const attributesAnnotation = 'tinkerbell.org/agent-attributes';

/** Annotations share 256 KiB. */
const maxBytes = 64 * 1024;

/** Workflows that are remembered as seen; forgetting one costs a read. */
const maxSeen = 10_000;

/** Writes down once what an agent says about its machine. Nothing that fails here concerns the agent. */
export class AttributesRecorder {
  readonly #client: Client;
  readonly #seen = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Called when the first action of `workflow` is handed out; returns at once. */
  met(workflow: Workflow, attributes: AgentAttributes | undefined): void {
    const { uid = '', namespace } = workflow.metadata;
    const name = workflow.spec?.hardwareRef;
    if (attributes === undefined || !name || namespace === undefined || this.#seen.has(uid)) return;
    if (this.#seen.size >= maxSeen) this.#seen.clear();
    this.#seen.add(uid);
    const work = this.#record({ namespace, name }, attributes)
      .catch((error: unknown) => this.#failed(uid, error))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #record(name: { namespace: string; name: string }, attributes: AgentAttributes): Promise<void> {
    const json = JSON.stringify(attributesJson(attributes));
    if (Buffer.byteLength(json) > maxBytes) throw new Error(`agent attributes of ${name.name} exceed 64 KiB`);
    const hardware = await this.#client.find(Hardware, name);
    if (hardware === undefined || hardware.metadata.annotations?.[attributesAnnotation] !== undefined) return;
    const { resourceVersion } = hardware.metadata;
    const metadata = { resourceVersion, annotations: { [attributesAnnotation]: json } };
    await this.#client.mergePatch(Hardware, name, { metadata });
  }

  #failed(uid: string, error: unknown): void {
    // Somebody else wrote in between: the agent says it again when it asks again.
    this.#seen.delete(uid);
    if (!isReason(error, 'Conflict')) runtimeWarning.publish({ what: 'recording agent attributes', error });
  }
}
