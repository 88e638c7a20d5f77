/**
 * The real control plane that tests, soaks and benchmarks run on: one a run, in a temporary folder, on a free port.
 * Mocha loads this file by test/mocha.integration.json; scripts call `startTestControlPlane` and `stopTestControlPlane`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalControlPlane, type LocalControlPlaneOptions } from '../../src/bootstrap/local/local-control-plane.ts';
import { findPrograms } from '../../src/bootstrap/local/programs.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { stopTestClusterApi } from './cluster-api.ts';

let current: LocalControlPlane | undefined;

/** The control plane of this run. A test that works on it makes a namespace of its own. */
export function testControlPlane(): LocalControlPlane {
  if (current === undefined)
    throw new Error('no control plane: run this suite with --config test/mocha.integration.json');
  return current;
}

/**
 * Starts it. Its processes die with this one, even by kill -9. When the programs were never built, builds them first
 * (minutes, with progress).
 */
export async function startTestControlPlane(
  options: Pick<LocalControlPlaneOptions, 'auditLog'> = {},
): Promise<LocalControlPlane> {
  current = await startControlPlane(options);
  return current;
}

/** A further control plane, for what is about two of them; the caller ends it with `endControlPlane`. */
export async function startControlPlane(
  options: Pick<LocalControlPlaneOptions, 'auditLog'> = {},
): Promise<LocalControlPlane> {
  const programs = await findPrograms({
    ...readSettings(process.env, homedir()),
    environment: process.env,
    report: (line) => process.stderr.write(`  ${line}\n`),
  });
  const directory = await mkdtemp(join(tmpdir(), 'capt-test-'));
  try {
    return await LocalControlPlane.start({
      ...options,
      directory,
      programs,
      port: 0,
      unsafeNoFsync: true,
      parentDeathSignal: 'SIGKILL',
      // Fault suites kill the API server again and again: the wait for its return should not grow with every time.
      backoff: { initialMs: 100, maxMs: 1_000, resetAfterMs: 5_000 },
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Stops it and removes its folder; does nothing when none runs. */
export async function stopTestControlPlane(): Promise<void> {
  const controlPlane = current;
  current = undefined;
  if (controlPlane === undefined) return;
  await stopTestClusterApi();
  await endControlPlane(controlPlane);
}

/** Stops a control plane and removes its folder. */
export async function endControlPlane(controlPlane: LocalControlPlane): Promise<void> {
  await controlPlane.stop();
  await rm(controlPlane.directory, { recursive: true, force: true });
}

/** Called by mocha once before all suites. */
export async function mochaGlobalSetup(): Promise<void> {
  await startTestControlPlane();
}

/** Called by mocha once after all suites, failed or not. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopTestControlPlane();
}
