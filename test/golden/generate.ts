/**
 * Writes what real Go makes of every case into `expected/`. Run it after adding cases (`npm run golden`); the tests
 * compare with the committed files and need no Go.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expectedFile, functionsFile, readSuites, readWorkflows, workflowsFile } from './cases.ts';
import { Oracle } from './oracle.ts';

using oracle = new Oracle();
mkdirSync(dirname(functionsFile), { recursive: true });
writeFileSync(functionsFile, `${JSON.stringify(oracle.functions(), null, 1)}\n`);
for (const { name, cases } of readSuites()) {
  const answers = [];
  for (const { template, data } of cases) answers.push({ template, ...(await oracle.ask({ template, data })) });
  writeFileSync(expectedFile(name), `${JSON.stringify(answers, null, 1)}\n`);
  process.stdout.write(`${name}: ${answers.length} cases\n`);
}

const workflows = [];
for (const workflow of readWorkflows()) workflows.push({ yaml: workflow, ...(await oracle.ask({ workflow })) });
mkdirSync(dirname(workflowsFile), { recursive: true });
writeFileSync(workflowsFile, `${JSON.stringify(workflows, null, 1)}\n`);
process.stdout.write(`workflows: ${workflows.length} cases\n`);
