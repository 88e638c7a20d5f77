import type { ScriptSettings } from './script-settings.ts';

/**
 * Text of an object as it may stand in a line of a script: no line breaks or other control characters, which would begin
 * a command of their own. `${…}` stays: people use it on purpose.
 */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ').trim();
}

/** Tells the machine where its console output goes, by address or by name. */
export function syslogLines({ syslogHost }: ScriptSettings): string[] {
  if (!syslogHost) return [];
  const host = oneLine(syslogHost);
  return [
    '',
    '# Console output goes to this host as well.',
    `set check:ipv4 ${host} && set syslog ${host} || nslookup syslog ${host} || echo No address of syslog host ${host} is known`,
    'clear check:ipv4 ||',
  ];
}

/** Loads kernel and initrd and boots them, each with retries: from line `set retries` to the end. */
export function bootLines(settings: ScriptSettings, kernelArguments: readonly string[]): string[] {
  const { retries = 1, retryDelaySeconds = 1 } = settings;
  return [
    `set retries:int32 ${retries}`,
    `set retry_delay:int32 ${retryDelaySeconds}`,
    'set idx:int32 0',
    '',
    ...attempt('kernel', `kernel ${[kernelPath, ...kernelArguments].join(' ')}`, 'download_initrd'),
    '',
    ':download_initrd',
    'set idx:int32 0',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: iPXE fills it in
    ...attempt('initrd', 'initrd ${download-url}/${initrd}', 'boot'),
    '',
    ':boot',
    'set idx:int32 0',
    ...attempt('boot', 'boot', undefined),
    '',
    ...failure('kernel', 'The kernel cannot be downloaded'),
    ...failure('initrd', 'The initrd cannot be downloaded'),
    ...failure('boot', 'The installer cannot be booted'),
  ];
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: iPXE fills it in
const kernelPath = '${download-url}/${kernel}';

function attempt(what: string, command: string, next: string | undefined): string[] {
  const done = next === undefined ? '' : ` && goto ${next}`;
  return [
    `:retry_${what}`,
    `${command}${done} || iseq \${idx} \${retries} && goto ${what}-error || inc idx && echo ${what} failed, trying again in \${retry_delay} seconds && sleep \${retry_delay} && goto retry_${what}`,
  ];
}

function failure(what: string, message: string): string[] {
  return [`:${what}-error`, `echo ${message}`, 'imgfree', 'exit', ''];
}
