import { runCommand } from '../../bootstrap/process/command.ts';
import { timeLines } from '../../bootstrap/quickstart/view/lines.ts';
import { kubectlOf } from './cluster-stages.ts';
import { clusterName, namespace, type Session } from './session.ts';

/** What a person wants to see of both clusters. */
const managementKinds = ['machines.cluster.x-k8s.io', 'tinkerbellmachines', 'hardware', 'machines.bmc.tinkerbell.org'];
const clusterKinds = ['nodes', 'pods --all-namespaces'];

/** Prints times, tables of both clusters, and what to try next. */
export async function showResult(session: Session): Promise<void> {
  const { context, stages, record } = session;
  const { layout, print, directoryFlag } = context;
  const kubectl = await kubectlOf(session);
  const show = async (title: string, kubeconfig: string, kinds: readonly string[]) => {
    print('');
    print(`── ${title}`);
    for (const kind of kinds) {
      const args = ['--kubeconfig', kubeconfig, '-n', namespace, 'get', ...kind.split(' '), '-o', 'wide'];
      const { tail } = await runCommand(kubectl, args, { environment: context.environment, signal: session.signal });
      print('');
      print(`$ kubectl get ${kind}`);
      for (const line of tail) print(line);
    }
  };
  print('');
  print('── times');
  for (const line of timeLines(stages.views, stages.elapsedMs)) print(line);
  await show('management cluster', layout.managementKubeconfig, managementKinds);
  await show(`cluster "${clusterName}"`, layout.clusterKubeconfig, clusterKinds);
  print('');
  print('── try');
  const workers = `${clusterName}-worker-a`;
  const { rack, machines, workers: count } = record.wish;
  for (const line of [
    `export PATH=${kubectl.replace(/\/kubectl$/, '')}:$PATH`,
    `kubectl --kubeconfig ${layout.clusterKubeconfig} get nodes -w`,
    `export KUBECONFIG=${layout.managementKubeconfig}`,
    'kubectl get machines.cluster.x-k8s.io,tinkerbellmachines,hardware,workflows',
    `capt hardware list`,
    `capt explain hardware ${rack === 'qemu' ? 'rack-0' : 'node-0'}`,
    `capt rack list --dir ${layout.rack}`,
    ...(machines > 1 + count
      ? [
          `capt quickstart demo scale${directoryFlag}   # one worker more, one less, its disk looked at from outside; or by hand:`,
          `kubectl scale machinedeployment ${workers} --replicas ${count + 1}`,
          `kubectl scale machinedeployment ${workers} --replicas ${count}   # wiped and given back`,
        ]
      : []),
    ...(count > 0
      ? [
          `capt quickstart demo upgrade${directoryFlag}   # the worker is rolled to another template, without a spare host; or by hand:`,
          ...upgradeCommands(workers),
        ]
      : []),
    `capt quickstart down${directoryFlag}`,
  ]) {
    print(`  ${line}`);
  }
}

/** A template cannot be changed: another one takes its place. */
function upgradeCommands(workers: string): string[] {
  const next = `${workers}-by-hand`;
  const edit = `sed '/^  \\(uid\\|resourceVersion\\):/d; s/^  name: .*/  name: ${next}/'`;
  const spec = { template: { spec: { infrastructureRef: { name: next } } } };
  return [
    `kubectl get tinkerbellmachinetemplate ${workers} -o yaml | ${edit} | kubectl create -f -`,
    `kubectl patch machinedeployment ${workers} --type merge -p '${JSON.stringify({ spec })}'`,
  ];
}
