import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import type { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { TemplateOutcome } from '../machine/facts.ts';
import { templateOverrideAnnotation } from '../names.ts';

/** What decides which workflow template installs a host. */
export interface TemplateRequest {
  machine: TinkerbellMachine;
  owner: Machine | undefined;
  infrastructure: TinkerbellCluster | undefined;
  hardware: Hardware;
  template(name: ObjectName): Template | undefined;
}

/** Finds or makes the workflow template for a host. */
export type TemplateSource = (request: TemplateRequest) => TemplateOutcome;

/**
 * The users' own templates in CAPT's order: the machine's text, the Template that an annotation of the Hardware names, the
 * cluster's text, the Template that the cluster names; else what `builtIn` makes.
 */
export function templateSource(builtIn: TemplateSource): TemplateSource {
  return (request) => {
    const { machine, hardware, infrastructure } = request;
    const ofMachine = machine.spec?.templateOverride;
    if (ofMachine) return { data: ofMachine, source: 'spec.templateOverride of the TinkerbellMachine' };
    const annotated = hardware.metadata.annotations?.[templateOverrideAnnotation];
    if (annotated) {
      return named(
        request,
        { ...inNamespace(hardware.metadata.namespace), name: annotated },
        `annotation ${templateOverrideAnnotation} of Hardware ${keyOf(hardware.metadata)}`,
      );
    }
    const { templateOverride, templateOverrideRef } = infrastructure?.spec ?? {};
    if (templateOverride) return { data: templateOverride, source: 'spec.templateOverride of the TinkerbellCluster' };
    if (templateOverrideRef === undefined) return builtIn(request);
    const namespace = templateOverrideRef.namespace ?? infrastructure?.metadata.namespace;
    return named(
      request,
      { ...inNamespace(namespace), name: templateOverrideRef.name },
      'spec.templateOverrideRef of the TinkerbellCluster',
    );
  };
}

function named({ template }: TemplateRequest, name: ObjectName, by: string): TemplateOutcome {
  const found = template(name);
  if (found === undefined) return { problem: `Template ${keyOf(name)}, named by ${by}, does not exist` };
  const data = found.spec?.data;
  if (!data) return { problem: `Template ${keyOf(name)}, named by ${by}, has no spec.data` };
  return { data, source: `Template ${keyOf(name)}` };
}

function inNamespace(namespace: string | undefined): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
