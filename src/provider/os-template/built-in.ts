import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import handlebars from 'handlebars';
import { distroOf, findImage, type RenderText } from './image.ts';
import type { TemplateSource } from './template-source.ts';

export interface BuiltInOptions {
  renderText: RenderText;
  /** Where the metadata service is reached by a machine in its new operating system, `http://192.0.2.1:7080`. */
  metadataUrls: readonly string[];
  /** Registry and folder in front of the names of actions. */
  actionRegistry?: string;
  /** Folder with `<distro>.hbs` and `partials/`; an operator may bring another. */
  directory?: string;
}

const ownDirectory = fileURLToPath(new URL('../../../templates/os/', import.meta.url));

/** Number of the partition with the root file system, by distribution. */
const rootPartitions: Readonly<Record<string, number>> = { ubuntu: 1, debian: 1 };

/**
 * Makes the workflow template for machines whose users have none of their own: from the Handlebars file of the machine's
 * distribution, in the Go dialect, with disks left to the Hardware the Workflow names.
 * @throws Error when the folder of templates cannot be read, or one of them is wrong
 */
export function builtInTemplates(options: BuiltInOptions): TemplateSource {
  const { directory = ownDirectory, renderText } = options;
  const library = handlebars.create();
  const templates = new Map<string, handlebars.TemplateDelegate>();
  for (const [name, text] of filesIn(join(directory, 'partials'))) library.registerPartial(name, text);
  for (const [name, text] of filesIn(directory)) {
    library.registerPartial(name, text);
    templates.set(name, library.compile(text, { noEscape: true, strict: true, knownHelpersOnly: false }));
  }
  library.registerHelper('yaml', (value: unknown) => JSON.stringify(String(value)));
  const registry = options.actionRegistry ?? 'quay.io/tinkerbell/actions';
  library.registerHelper('action', (name: string) => JSON.stringify(`${registry}/${name}:latest`));
  return (request) => {
    const distro = distroOf(request);
    const template = templates.get(distro);
    if (template === undefined) {
      const known = [...templates.keys()].sort().join(', ');
      return {
        problem: `there is no OS template for imageLookupOSDistro "${distro}"; there are ${known}; or set templateOverride`,
      };
    }
    const image = findImage(request, renderText);
    if ('problem' in image) return image;
    const data = template({
      name: request.machine.metadata.name,
      image,
      rootPartition: rootPartitions[distro] ?? 1,
      cloudConfig: cloudConfig(options.metadataUrls),
      flatcarGrub: flatcarGrub(options.metadataUrls),
      oemFileSystem: 'btrfs',
    });
    return { data, source: `the OS template ${distro}` };
  };
}

function cloudConfig(metadataUrls: readonly string[]): string {
  return [
    'datasource:',
    '  Ec2:',
    '    metadata_urls:',
    ...metadataUrls.map((url) => `      - ${url}`),
    '    strict_id: false',
    'manage_etc_hosts: localhost',
    'warnings:',
    '  dsid_missing_source: off',
    '',
  ].join('\n');
}

function flatcarGrub([url = '']: readonly string[]): string {
  return `set linux_append="flatcar.first_boot=detected ignition.config.url=${url}/2009-04-04/user-data"\n`;
}

function filesIn(directory: string): [name: string, text: string][] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => [file.slice(0, -'.hbs'.length), readFileSync(join(directory, file), 'utf8')]);
}
