import { CaptError } from '../../api/errors/capt-error.ts';
import { isTrue } from '../actions/environment.ts';
import { parseKernelArguments } from './kernel-arguments.ts';
import { durationSeconds, type Setting, type SettingName, settings } from './settings.ts';

/** What the agent is told, checked. */
export interface AgentSettings {
  readonly id: string;
  readonly server: string;
  readonly tls: boolean;
  readonly insecureTls: boolean;
  readonly caFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly attributes: boolean;
  readonly backoffMaxSeconds: number;
  readonly stateFile: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly registry: { readonly name: string; readonly user: string; readonly password: string };
  /** Flags that were given and have no effect. */
  readonly ignored: readonly string[];
}

export interface SettingsSource {
  /** Command line without program and command. One dash and two are the same, as with Go's flags. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** `/proc/cmdline` */
  readonly kernelArguments: string;
}

const all = Object.entries(settings) as [SettingName, Setting][];

/** Throws `AGENT_SETTINGS_INVALID` with all problems at once. */
export function readSettings({ args, env, kernelArguments }: SettingsSource): AgentSettings {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const kernel = parseKernelArguments(kernelArguments);
  const values = Object.fromEntries(
    all.map(([name, setting]) => [name, chosen(name, setting, { flags, env, kernel }, problems)]),
  ) as Record<SettingName, string>;
  if (values.id === '') problems.push(missing('id', settings.id));
  if (values.server === '') problems.push(missing('grpc-server', settings.server));
  if ((values.certificateFile === '') !== (values.keyFile === '')) {
    problems.push('--grpc-cert-file and --grpc-key-file belong together');
  }
  if (problems.length > 0) throw new CaptError('AGENT_SETTINGS_INVALID', { problems: problems.join('; ') });
  return {
    id: values.id,
    server: values.server,
    // Whoever names certificates means TLS.
    tls: isTrue(values.tls) || values.caFile !== '' || values.certificateFile !== '',
    insecureTls: isTrue(values.insecureTls),
    ...(values.caFile === '' ? {} : { caFile: values.caFile }),
    ...(values.certificateFile === '' ? {} : { certificateFile: values.certificateFile, keyFile: values.keyFile }),
    attributes: isTrue(values.attributes),
    backoffMaxSeconds: durationSeconds(values.backoffMax) ?? 5,
    stateFile: values.stateFile,
    logLevel: levelOf(values.logLevel),
    registry: { name: values.registryName, user: values.registryUser, password: values.registryPassword },
    ignored: all.filter(([name, { ignored }]) => ignored && flags.has(name)).map(([, { flag }]) => `--${flag}`),
  };
}

interface Sources {
  readonly flags: ReadonlyMap<SettingName, string>;
  readonly env: NodeJS.ProcessEnv;
  readonly kernel: ReadonlyMap<string, string>;
}

function chosen(name: SettingName, setting: Setting, { flags, env, kernel }: Sources, problems: string[]): string {
  const isBoolean = setting.argument === undefined;
  const older = (setting.olderVariables ?? [])
    .filter((variable) => env[variable] && (!isBoolean || isBool(env[variable])))
    .map((variable): [string, string] => [variable, env[variable] ?? '']);
  const variable = variableOf(setting);
  const found: readonly (readonly [from: string, value: string | undefined])[] = [
    ...older.toReversed(),
    [`--${setting.flag}`, flags.get(name)],
    [variable, env[variable] || undefined],
    ...(setting.kernel ?? []).map((key): [string, string | undefined] => [
      `kernel argument ${key}`,
      kernel.get(key) || undefined,
    ]),
    ['', setting.default],
  ];
  const [from, value = ''] = found.find(([, candidate]) => candidate !== undefined) ?? ['', ''];
  const shown = setting.secret ? 'has a value that cannot be used' : undefined;
  const problem = isBoolean && !isBool(value) ? `is "${value}", but must be true or false` : setting.check?.(value);
  if (from !== '' && value !== '' && problem !== undefined) problems.push(`${from} ${shown ?? problem}`);
  return value;
}

function readFlags(args: readonly string[], problems: string[]): ReadonlyMap<SettingName, string> {
  const values = new Map<SettingName, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const [, flag, given] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const known = all.find(([, setting]) => setting.flag === flag || setting.olderFlags?.includes(flag ?? ''));
    if (known === undefined) {
      problems.push(`there is no flag ${flag === undefined ? `"${arg.slice(0, 50)}"` : `--${flag}`}`);
      continue;
    }
    const [name, setting] = known;
    // As with Go's flags a switch takes its value only after `=`.
    if (given !== undefined || setting.argument === undefined) values.set(name, given ?? 'true');
    else if (i + 1 < args.length) values.set(name, args[++i] ?? '');
    else problems.push(`--${flag} needs a value`);
  }
  return values;
}

/** The lines of `--help`. */
export function settingsHelp(): string {
  return all
    .map(([, setting]) => {
      const flag = `--${setting.flag}${setting.argument === undefined ? '' : ` <${setting.argument}>`}`;
      const initial = setting.default === undefined ? '' : ` (default: ${setting.default})`;
      const others = [variableOf(setting), ...(setting.olderVariables ?? []), ...(setting.kernel ?? [])];
      const note = setting.ignored ? 'no effect; ' : '';
      return `  ${flag.padEnd(36)} ${note}${setting.what}${initial}\n${' '.repeat(39)}also ${others.join(', ')}`;
    })
    .join('\n');
}

function variableOf({ flag }: Setting): string {
  return `AGENT_${flag.toUpperCase().replaceAll('-', '_')}`;
}

function missing(flag: string, setting: Setting): string {
  return `--${flag} is missing (or ${variableOf(setting)}, or kernel argument ${setting.kernel?.join(', ')}): ${setting.what}`;
}

function isBool(value: string | undefined): boolean {
  return isTrue(value) || ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value ?? '');
}

/** Numbers are verbosities: 0 says what is usual, more says more, less says less. */
function levelOf(text: string): AgentSettings['logLevel'] {
  const verbosity = Number(text);
  if (text !== '' && !Number.isNaN(verbosity)) return verbosity > 0 ? 'debug' : verbosity < 0 ? 'warn' : 'info';
  const name = text.toLowerCase();
  return name === 'debug' || name === 'warn' || name === 'error' ? name : 'info';
}
