import { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellClusterTemplate } from '../../api/infrastructure/v1beta1/tinkerbell-cluster-template.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { TinkerbellMachineTemplate } from '../../api/infrastructure/v1beta1/tinkerbell-machine-template.ts';
import type { Kind } from '../../api/meta/kind.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import { applyDefaults } from '../../api/validation/defaults.ts';
import type { AdmissionRequest } from '../../kube/admission/admission-request.ts';
import { type AdmissionHandler, defaulter, validator } from '../../kube/admission/handler.ts';
import type { Problem } from '../../kube/admission/problem.ts';
import { machineProblems, notForTemplates, schemaProblems, specIsKept, templateIsKept, writtenOnce } from './rules.ts';

/** The webhooks of the provider: defaults and rules for all four kinds. */
export function providerWebhooks(): AdmissionHandler[] {
  return [
    ...handlersOf(TinkerbellCluster, () => []),
    ...handlersOf(TinkerbellClusterTemplate, templateIsKept),
    ...handlersOf(TinkerbellMachine, ({ object, oldObject }) => [
      ...writtenOnce(oldObject?.spec, object?.spec),
      ...machineProblems(object?.spec, 'spec'),
    ]),
    ...handlersOf(TinkerbellMachineTemplate, (request) => [
      ...templateIsKept(request),
      ...notForTemplates(request.object?.spec?.template.spec),
      ...machineProblems(request.object?.spec?.template.spec, 'spec.template.spec'),
    ]),
  ];
}

/** What a DELETE asks needs no answer, and what keeps its spec is right whatever a newer rule says of it. */
function handlersOf<T extends KubeObject>(
  kind: Kind<T>,
  rules: (request: AdmissionRequest<T>) => Problem[],
): AdmissionHandler[] {
  return [
    defaulter<T>(kind, (object) => applyDefaults(kind, object)),
    validator<T>(kind, (request) => {
      const { object } = request;
      if (object === undefined || object.metadata.deletionTimestamp !== undefined || specIsKept(request)) {
        return { problems: [] };
      }
      return { problems: [...schemaProblems(kind, object), ...rules(request)] };
    }),
  ];
}
