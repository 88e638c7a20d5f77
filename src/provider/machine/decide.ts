import { hasFinalizer } from '../../kube/objects/finalizers.ts';
import { deleteForMoveAnnotation, machineFinalizer, pausedAnnotation } from '../names.ts';
import { decideRelease } from '../release/decide-release.ts';
import type { Facts } from './facts.ts';
import { provision } from './provision.ts';
import { provisioned } from './provisioned.ts';
import { type Step, waitFor } from './step.ts';

/**
 * The next step of a TinkerbellMachine; `undefined` when the object must not be touched at all. Pure: the same facts give
 * the same step. Pause comes before everything, deletion included.
 */
export function decide(facts: Facts): Step | undefined {
  const { machine, owner, cluster } = facts;
  const { metadata } = machine;
  if (metadata.annotations?.[deleteForMoveAnnotation] !== undefined) return undefined;
  const paused = pauseOf(facts);
  if (paused !== undefined) return { kind: 'rest', ready: keptReady(facts), aspects: [], paused };
  if (metadata.deletionTimestamp !== undefined) {
    return hasOurFinalizer(facts) || facts.held.length > 0 ? decideRelease(facts) : undefined;
  }
  if (owner === undefined) {
    return waitFor(
      'WaitingForMachine',
      'no Machine owns this TinkerbellMachine yet; Cluster API sets its owner reference',
    );
  }
  if (!hasFinalizer(machine, machineFinalizer)) return { kind: 'addFinalizer' };
  if (cluster === undefined) {
    return waitFor('WaitingForCluster', `Cluster ${owner.spec?.clusterName ?? '(unnamed)'} does not exist`);
  }
  if (machine.spec?.providerID) return provisioned(facts, machine.spec.providerID);
  return provision(facts);
}

/** Why nothing may be done, `undefined` when it may. */
function pauseOf({ machine, cluster }: Facts): string | undefined {
  const reasons = [];
  if (cluster?.spec?.paused) reasons.push('Cluster spec.paused is set to true');
  if (machine.metadata.annotations?.[pausedAnnotation] !== undefined) {
    reasons.push(`TinkerbellMachine has the ${pausedAnnotation} annotation`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', ');
}

/** Pausing says nothing about how the machine is. */
function keptReady({ machine }: Facts) {
  const ready = machine.status?.conditions?.find(({ type }) => type === 'Ready');
  const { status, reason = 'Paused', message = '' } = ready ?? {};
  return { status: status === 'True' ? 'True' : 'False', reason, message } as const;
}

function hasOurFinalizer({ machine }: Facts): boolean {
  return (machine.metadata.finalizers ?? []).some((name) => name.includes('tinkerbellmachine'));
}
