import * as yaml from 'js-yaml';
import { Secret } from '../../api/core/secret.ts';
import { describeTarget, targetsOf } from '../../inventory/apply/target.ts';
import type { HardwareCsv } from '../../inventory/csv/read-hardware-csv.ts';

/**
 * The objects of a file as YAML documents for `kubectl apply`. Without `showSecrets` a comment stands in for each Secret:
 * a masked one could be applied, and would lock the BMC out of its account.
 */
export function manifests({ rows, columns }: HardwareCsv, namespace: string, showSecrets: boolean): string {
  const documents = rows
    .flatMap((row) => targetsOf(row, columns, namespace))
    .map((target) => {
      if (target.resource.kind !== Secret.kind || showSecrets) {
        return yaml.dump(target.create(), { lineWidth: 120, noRefs: true });
      }
      return `# ${describeTarget(target)} holds the login of a BMC; --show-secrets prints it.\n`;
    });
  return documents.map((document) => `---\n${document}`).join('');
}
