/** What GRUB would start. Paths are those of the file system with the kernel. */
export interface BootEntry {
  readonly title: string;
  readonly kernel: string;
  readonly commandLine: string;
  readonly initrds: readonly string[];
}

/**
 * The default entry of a `grub.cfg`: the one that `set default=` names by number or title, else the first. Entries of
 * submenus count as they stand in the file; entries without a kernel (firmware setup, chain loaders) are none.
 * @returns undefined when there is no entry
 */
export function defaultEntry(text: string): BootEntry | undefined {
  const variables = new Map<string, string>();
  const entries: BootEntry[] = [];
  let open: BootEntry | undefined;
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const [command = '', ...args] = words(line, variables);
    if (command === 'set') remember(args[0] ?? '', variables);
    else if (command === 'menuentry') open = { title: args[0] ?? '', kernel: '', commandLine: '', initrds: [] };
    else if (open !== undefined) {
      if (command === '}' && open.kernel !== '') entries.push(open);
      open = command === '}' ? undefined : withLine(open, command, args);
    }
  }
  const wanted = variables.get('default') ?? '0';
  const byNumber = /^\d{1,6}$/.test(wanted) ? entries[Number(wanted)] : undefined;
  return byNumber ?? entries.find(({ title }) => title === wanted) ?? entries[0];
}

function withLine(entry: BootEntry, command: string, args: readonly string[]): BootEntry {
  if (/^linux(16|efi)?$/.test(command))
    return { ...entry, kernel: args[0] ?? '', commandLine: args.slice(1).join(' ') };
  if (/^initrd(16|efi)?$/.test(command)) return { ...entry, initrds: [...entry.initrds, ...args] };
  return entry;
}

function remember(assignment: string, variables: Map<string, string>): void {
  const at = assignment.indexOf('=');
  if (at <= 0) return;
  const value = assignment.slice(at + 1);
  // `if [ "${next_entry}" ]; then set default="${next_entry}"`: what is empty is not meant.
  if (value !== '' || !variables.has(assignment.slice(0, at))) variables.set(assignment.slice(0, at), value);
}

/** Words of a line: quotes are taken away, variables put in (unknown ones are empty), a comment ends it. */
function words(line: string, variables: ReadonlyMap<string, string>): string[] {
  const result: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/g)) {
    if (result.length === 0 && word.startsWith('#')) return [];
    let text = '';
    for (const [part] of word.matchAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^'"\\]+/g)) {
      if (part.startsWith("'")) text += part.slice(1, -1);
      else if (part.startsWith('\\')) text += part.slice(1);
      else text += expand(part.startsWith('"') ? part.slice(1, -1).replaceAll(/\\(.)/g, '$1') : part, variables);
    }
    result.push(text);
  }
  return result;
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => variables.get(name) ?? '');
}
