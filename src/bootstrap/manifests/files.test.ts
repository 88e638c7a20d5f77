import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { describe, it } from 'mocha';
import { root } from '../../../test/structure/source-files.ts';
import { providerWebhooks } from '../../provider/webhooks/handlers.ts';
import { generatedManifests } from './files.ts';
import { webhookManifests } from './webhooks.ts';

describe('the generated manifests', () => {
  for (const { path, content } of generatedManifests()) {
    it(`${path} is what the code says (else: npm run generate)`, () => {
      assert.equal(readFileSync(`${root}${path}`, 'utf8'), content);
    });
  }

  it('name every webhook that the provider serves', () => {
    const paths = webhookManifests().flatMap(({ webhooks }) =>
      webhooks.map(({ clientConfig }) => clientConfig.service.path),
    );
    assert.deepEqual(
      paths.sort(),
      providerWebhooks()
        .map(({ path }) => path)
        .sort(),
    );
  });
});

describe('metadata.yaml', () => {
  it('has a series for the version of this program, for the contract that the CRDs are labelled with', () => {
    const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
    const [major, minor] = version.split('.').map(Number);
    const { releaseSeries } = yaml.load(readFileSync(`${root}metadata.yaml`, 'utf8')) as { releaseSeries: object[] };
    assert.deepEqual(releaseSeries.at(-1), { major, minor, contract: 'v1beta2' });
    assert.match(
      readFileSync(`${root}config/manager/manager.yaml`, 'utf8'),
      new RegExp(`image: docker.io/capt/capt:v${version}\n`),
    );
  });
});
