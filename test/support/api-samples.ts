import { readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import type { UnstructuredObject } from '../../src/api/meta/object.ts';

const file = new URL('./api-samples.yaml', import.meta.url);

/** Objects as users of the original write them; every one must be accepted and come back as it was. */
export function samples(): UnstructuredObject[] {
  return yaml.loadAll(readFileSync(file, 'utf8')) as UnstructuredObject[];
}
