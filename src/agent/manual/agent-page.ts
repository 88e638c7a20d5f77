import type { NativeAction, Variable } from '../actions/action.ts';
import { nativeActions } from '../actions/registry.ts';
import { type Setting, settings } from '../settings/settings.ts';

/** `docs/agent.md`: made from the tables that the agent works with, so that it cannot say anything else. */
export function agentPage(actions: readonly NativeAction[] = nativeActions): string {
  const all: readonly Setting[] = Object.values(settings);
  return [
    intro,
    table(['Flag', 'Meaning', 'Default', 'Older names', 'Kernel argument'], all.map(settingRow)),
    tls,
    ...actions.map(actionSection),
  ].join('');
}

const intro = `# The agent

Made by \`npm run generate\` from \`src/agent\`; do not edit.

\`capt agent\` runs on a machine that is being provisioned, asks the agent API for the next action of its Workflow, does it, and
reports. It speaks Tinkerbell's protocol, so it works with the original server, and \`capt serve\` with the original agent.

- It may be killed at any time. What it was doing is in its state file: an action whose end was not reported is reported
  as soon as the server answers, and one that was interrupted fails; nothing is done twice.
- Programs of an action end with it: also daemons, and what an agent left behind that was killed.
- An action that ends the machine (\`kexec\`, \`reboot\`, \`poweroff\`) is reported first and done then.
- \`timeout: 0\` in a template is no limit.

Try an action by hand with \`capt action run NAME -e KEY=VALUE\`; \`capt action list\` and \`capt action help NAME\` say what there is.

## Settings

Each can be a flag (with one dash or two), a variable (\`AGENT_\` and the flag in upper case, as \`AGENT_GRPC_SERVER\`), and some
a kernel argument of the installer. When several are given, the first of these counts: older variables, flags, variables,
kernel arguments.

`;

const tls = `
\`HTTP_PROXY\`, \`HTTPS_PROXY\` and \`NO_PROXY\`, as variables or kernel arguments, are for images; the agent API is never asked
through a proxy.

## TLS

1. \`capt serve --tls-cert-file F --tls-key-file F\`: agents use TLS.
2. \`capt agent --grpc-ca-file F\`: the agent trusts this authority, and only it. \`--grpc-insecure-tls\` trusts everybody: for
   tests only.
3. \`capt serve --tls-client-ca-file F\` and \`capt agent --grpc-cert-file F --grpc-key-file F\`: only agents with a certificate
   of this authority are served. It says that an agent belongs to the site, not which machine it is.

## Actions

An action is chosen by the last part of its image: \`quay.io/tinkerbell/actions/writefile:latest\` and \`registry.local/writefile\`
are both \`writefile\`, and nothing is pulled. Variables are those of the original of that name, and some of our own. All
mistakes in them are reported at once, before anything is touched.
`;

function settingRow({ flag, argument, what, ignored, olderFlags = [], olderVariables = [], ...more }: Setting) {
  const { default: initial = '', kernel = [] } = more;
  const older = [...olderFlags.map((name) => `--${name}`), ...olderVariables];
  return [
    code(`--${flag}${argument === undefined ? '' : ` <${argument}>`}`),
    `${what}${ignored ? ' (no effect)' : ''}`,
    code(initial),
    older.map(code).join(', '),
    kernel.map(code).join(', '),
  ];
}

function actionSection({ name, summary, variables }: NativeAction): string {
  const rows = variables.map((variable) => [code(variable.name), variable.what, noteOf(variable)]);
  const described = rows.length === 0 ? 'It takes no variables.\n' : table(['Variable', 'Meaning', 'Default'], rows);
  return `\n### ${name}\n\n${sentence(summary)}\n\n${described}`;
}

function noteOf({ required, default: initial }: Variable): string {
  return required ? 'required' : code(initial ?? '');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
