/** Second half of `npm run generate`: writes the manifests that follow from code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedManifests } from './files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

for (const { path, content } of generatedManifests()) writeFileSync(join(root, path), content);
