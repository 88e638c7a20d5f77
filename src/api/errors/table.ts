import { agentErrors } from './agent.ts';
import { bmcErrors } from './bmc.ts';
import { bootstrapErrors } from './bootstrap.ts';
import type { ErrorEntry } from './entry.ts';
import { imageErrors } from './image.ts';
import { installerErrors } from './installer.ts';
import { inventoryErrors } from './inventory.ts';
import { kubeErrors } from './kube.ts';
import { metadataErrors } from './metadata.ts';
import { netbootErrors } from './netboot.ts';
import { providerErrors } from './provider.ts';
import { quickstartErrors } from './quickstart.ts';
import { rackErrors } from './rack.ts';
import { streamingErrors } from './streaming.ts';
import { workflowErrors } from './workflow.ts';

/** Every error with a stable code. One file an area; `docs/errors.md` lists the same rows (a test compares them). */
export const errorTable = {
  ...kubeErrors,
  ...agentErrors,
  ...bootstrapErrors,
  ...quickstartErrors,
  ...installerErrors,
  ...imageErrors,
  ...bmcErrors,
  ...netbootErrors,
  ...streamingErrors,
  ...workflowErrors,
  ...inventoryErrors,
  ...metadataErrors,
  ...rackErrors,
  ...providerErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;
