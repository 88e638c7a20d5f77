import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

const details = `
The template is Go's text/template with sprig's functions, as in a Tinkerbell Template. What it gives is written as it
is, not read as a workflow.

The keys of the JSON object are the variables: {"device_1": "02:00:00:00:00:01"} is {{.device_1}}. A Hardware object under
the key "hardware" gives {{.hardware}} and {{.Hardware}}, objects under "references" are what {{.references}} has.`;

interface RenderFlags {
  data?: string;
}

/** `capt template …`: work on templates without a cluster. */
export function registerTemplate(program: Command): void {
  program
    .command('template')
    .description('try out workflow templates')
    .command('render')
    .description('render a template with the variables of a JSON file')
    .argument('<file>', 'the template')
    .option('--data <file>', 'variables, as a JSON object (default: none)')
    .addHelpText('after', details)
    .action(render);
}

/** Writes exactly the rendered bytes, or fails with one message that has line and column in it. */
async function render(file: string, { data }: RenderFlags): Promise<void> {
  const { dataOfJson } = await import('../../workflow/template/data.ts');
  const { TemplateError } = await import('../../workflow/template/run/template-error.ts');
  const { Template } = await import('../../workflow/template/template.ts');
  const { GoMap } = await import('../../workflow/template/value/value.ts');
  const { workflowLibrary } = await import('../../workflow/template/library.ts');
  const text = await read(file);
  const variables = data === undefined ? '{}' : await read(data);
  const values = parsed(data ?? '', () => dataOfJson(variables));
  if (!(values instanceof GoMap))
    throw new CaptError('TEMPLATE_DATA_INVALID', { path: data ?? '', cause: 'it is no object' });
  let rendered: Buffer;
  try {
    rendered = Template.parse(basename(file), text, workflowLibrary).render(values);
  } catch (error) {
    throw error instanceof TemplateError ? new CaptError('TEMPLATE_FAILED', { cause: error.located }) : error;
  }
  await new Promise<void>((resolve) => process.stdout.write(rendered, () => resolve()));
}

async function read(path: string): Promise<string> {
  try {
    // What is no UTF-8 would come out as something else than it went in.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    throw new CaptError('TEMPLATE_UNREADABLE', { path, cause: messageOf(error) }, { cause: error });
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new CaptError('TEMPLATE_DATA_INVALID', { path, cause: messageOf(error) }, { cause: error });
  }
}
