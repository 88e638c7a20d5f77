import { writeFileSync } from 'node:fs';
import { agentPage } from './agent-page.ts';

/** Writes `docs/agent.md`. */
writeFileSync(new URL('../../../docs/agent.md', import.meta.url), agentPage());
