import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { withoutLanguages } from './icu-data.ts';

describe('the data of ICU in Node', function () {
  this.timeout(60_000);

  it('has no other languages any more, and Node still knows characters, English, and what else it knew', () => {
    const node = readFileSync(process.execPath);
    const lean = withoutLanguages(node);
    assert.equal(lean.length, node.length);
    const folder = mkdtempSync(join(tmpdir(), 'capt-icu-'));
    try {
      const program = join(folder, 'node');
      writeFileSync(program, lean, { mode: 0o755 });
      const script = `console.log(JSON.stringify([
        'e\\u0301'.normalize('NFC'), /^\\p{Lu}\\p{Script=Greek}$/u.test('ÄΩ'), 'ä'.localeCompare('b'), 'İ'.toLocaleLowerCase(),
        (1234.5).toLocaleString(), (1234.5).toLocaleString('de'), new Date(0).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'full' }),
        new URL('http://bücher.example/ä').href, new TextDecoder('utf-16le').decode(new Uint8Array([65, 0])), new Intl.DateTimeFormat().resolvedOptions().locale,
        [...new Intl.Segmenter('en', { granularity: 'word' }).segment('two words')].length,
      ]))`;
      const { stdout, stderr } = spawnSync(program, ['-e', script], { encoding: 'utf8', env: { LANG: 'C.UTF-8' } });
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), [
        ...['é', true, -1, 'i̇', '1,234.5'],
        // German is not there: it is written as in English.
        ...['1,234.5', 'Thursday, January 1, 1970', 'http://xn--bcher-kva.example/%C3%A4', 'A', 'en-US', 3],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is nothing that other programs have', () => {
    for (const bytes of [Buffer.from('CmnD'), Buffer.alloc(100), Buffer.from(`${'\0'.repeat(12)}CmnD`)]) {
      assert.equal(withoutLanguages(bytes), bytes);
    }
  });
});
