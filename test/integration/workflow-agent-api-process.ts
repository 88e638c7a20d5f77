/**
 * The agent API alone in a process that tests may kill: `workflow-agent-api-process.ts KUBECONFIG NAMESPACE PORT`. Prints
 * `ready` when it serves.
 */
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { AgentApiRig } from '../support/agent-api-rig.ts';

const [path = '', namespace = '', port = '0'] = process.argv.slice(2);
const client = connect(loadKubeConfig({ path }), { userAgent: 'capt-test-agent-api' });
const rig = await AgentApiRig.start(client, namespace, { port: Number(port), pollSeconds: 2 });
process.stdout.write(`ready ${rig.server.port}\n`);
