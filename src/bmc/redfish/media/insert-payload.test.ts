import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { adjustPayload, insertPayload, keyOfPayload } from './insert-payload.ts';

const url = 'http://images.example/a.iso';
const message = (id: string, properties: string[], text = '') => ({ id, text, args: [], properties });

describe('the payload of InsertMedia', () => {
  it('is the image and what the vendor wants along', () => {
    assert.deepEqual(insertPayload(url, [], []), { Image: url });
    assert.deepEqual(insertPayload(url, ['Inserted', 'TransferProtocolType'], []), {
      Image: url,
      Inserted: true,
      TransferProtocolType: 'HTTP',
    });
  });

  it('follows the ActionInfo: what it demands, and nothing that it does not know', () => {
    const parameters = [
      { name: 'Image', required: true, allowed: undefined },
      { name: 'TransferMethod', required: true, allowed: undefined },
    ];
    assert.deepEqual(insertPayload(url, ['Inserted'], parameters), { Image: url, TransferMethod: 'Stream' });
  });

  it('names the protocol of the image', () => {
    const protocol = (image: string) => insertPayload(image, ['TransferProtocolType'], [])['TransferProtocolType'];
    const images = ['https://a/x', 'nfs://a/x', 'smb://a/x', '//a/x', '\\\\a\\x', 'host:/x/y.iso'];
    assert.deepEqual(images.map(protocol), ['HTTPS', 'NFS', 'CIFS', 'CIFS', 'CIFS', 'NFS']);
  });

  it('gets what was missing, by related property, argument or text', () => {
    const tried = new Set([keyOfPayload({ Image: url })]);
    for (const missing of [
      message('ActionParameterMissing', ['TransferProtocolType']),
      { ...message('ActionParameterMissing', []), args: ['InsertMedia', 'TransferProtocolType'] },
      message('PropertyMissing', [], 'The property TransferProtocolType is a required property.'),
    ]) {
      assert.deepEqual(adjustPayload({ Image: url }, url, [missing], tried), {
        Image: url,
        TransferProtocolType: 'HTTP',
      });
    }
  });

  it('loses what was not liked', () => {
    const payload = { Image: url, Inserted: true, WriteProtected: true };
    const unknown = message('PropertyUnknown', [], 'The property Inserted is not in the list of valid properties.');
    assert.deepEqual(adjustPayload(payload, url, [unknown], new Set()), { Image: url, WriteProtected: true });
  });

  it('is given up when nothing is said, or has been tried', () => {
    assert.equal(adjustPayload({ Image: url }, url, [message('GeneralError', [])], new Set()), undefined);
    const tried = new Set(['Image,Inserted']);
    assert.equal(adjustPayload({ Image: url }, url, [message('PropertyMissing', ['Inserted'])], tried), undefined);
  });
});
