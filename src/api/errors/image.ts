import type { ErrorEntry } from './entry.ts';

/** Errors of `src/bootstrap/image`: making the OS image of nodes. */
export const imageErrors = {
  IMAGE_RECIPE_INVALID: {
    message: 'the recipe {file} of the image cannot be used:\n{problems}',
    hint: 'mend these lines; bootstrap/image/README.md describes each setting',
    retryable: false,
  },
  IMAGE_NEEDS_ROOT: {
    message: 'only root can make an image: files of many owners, and Debian packages that set themselves up',
    hint: 'run the same command as root, in a container of yours too',
    retryable: false,
  },
  IMAGE_TOOLS_MISSING: {
    message: 'programs that an image is made with are not there; they are in the Debian packages {packages}',
    hint: 'run: apt-get install {packages}',
    retryable: false,
  },
  IMAGE_STEP_FAILED: {
    message: '{step} failed: {program} ended with exit code {exitCode}; its last lines:\n{output}',
    hint: 'check the network and the recipe (bootstrap/image), then run the same command again',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
