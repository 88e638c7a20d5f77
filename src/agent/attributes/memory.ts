import { readFile } from 'node:fs/promises';
import type { Memory } from '../../api/agent-protocol/workflow.generated.ts';
import { line, names, sizeText } from './files.ts';

/** All that is built in (by its blocks, where the kernel tells them), and what the kernel can use of it. */
export async function readMemory(sys: string, proc: string): Promise<Memory> {
  const text = await readFile(`${proc}/meminfo`, 'utf8');
  const usable = Number(/^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  const folder = `${sys}/devices/system/memory`;
  const blockBytes = Number.parseInt(await line(`${folder}/block_size_bytes`), 16) || 0;
  const states = (await names(folder))
    .filter((name) => /^memory\d+$/.test(name))
    .map((name) => line(`${folder}/${name}/state`));
  const blocks = (await Promise.all(states)).filter((state) => state === 'online' || state === '');
  return { total: sizeText(blockBytes * blocks.length || usable), usable: sizeText(usable) };
}
