/** `npm run generate`: writes the CRDs and the API reference from `src/api`. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crdFolder, generatedFiles } from './files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const files = generatedFiles();

for (const { path, content } of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

// A kind that was renamed must not leave its old CRD behind.
const expected = new Set(files.map(({ path }) => path));
for (const name of readdirSync(join(root, crdFolder))) {
  if (!expected.has(`${crdFolder}/${name}`)) rmSync(join(root, crdFolder, name));
}
