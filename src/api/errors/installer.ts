import type { ErrorEntry } from './entry.ts';

/** Errors of `src/bootstrap/installer`: making the OS in memory that installs machines. */
export const installerErrors = {
  INSTALLER_RECIPE_INVALID: {
    message: 'the recipe {file} of the installer cannot be used:\n{problems}',
    hint: 'mend these lines; bootstrap/installer/README.md describes each field',
    retryable: false,
  },
  INSTALLER_INCOMPLETE: {
    message: 'the installer for {architecture} lacks what its recipe asks for:\n{problems}',
    hint: 'mend the recipe: name the package that has it, or leave it out',
    retryable: false,
  },
  INSTALLER_TOOL_MISSING: {
    message: 'the installer is made of Debian packages, but there is no {tool} here',
    hint: 'run this on Debian or Ubuntu (or in a container of them), or copy a finished installer there with --out',
    retryable: false,
  },
  INSTALLER_PACKAGES_FAILED: {
    message: '{step} failed; last lines of apt:\n{output}',
    hint: 'check the network and the sources in /etc/apt, then run the same command again',
    retryable: true,
  },
  INSTALLER_NODE_MISSING: {
    message: 'the installer for {architecture} needs the npm package {package}, which is not installed',
    hint: 'run: npm install --no-save --force --ignore-scripts {package}@{version}',
    retryable: false,
  },
  INSTALLER_NOT_REPRODUCIBLE: {
    message: 'the installer for {architecture} came out differently the second time:\n{differences}',
    hint: 'compare what is in them (cpio, unsquashfs) and report the first file that differs: the same packages, recipe and sources have to give the same bytes',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
