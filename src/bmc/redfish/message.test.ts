import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { messagesOf, textOf } from './message.ts';

const info = (MessageId: string, Message?: string) => ({ MessageId, ...(Message === undefined ? {} : { Message }) });

describe('messages of a BMC', () => {
  it('are found in an error object, with what they are about', () => {
    const message = {
      ...info('Base.1.8.PropertyNotWritable', 'The property Boot is read-only.'),
      MessageArgs: ['Boot'],
      RelatedProperties: ['#/Boot/BootSourceOverrideMode'],
    };
    const [found] = messagesOf({ error: { code: 'x', '@Message.ExtendedInfo': [message] } });
    assert.deepEqual(found, {
      id: 'PropertyNotWritable',
      text: 'The property Boot is read-only.',
      args: ['Boot'],
      properties: ['BootSourceOverrideMode'],
    });
  });

  it('are found where they stand alone, beside properties, and in tasks', () => {
    assert.equal(textOf(messagesOf({ error: { '@Message.ExtendedInfo': info('A.1.B', 'alone') } })), 'alone');
    assert.equal(textOf(messagesOf({ '@Message.ExtendedInfo': [info('A.1.B', 'beside')] })), 'beside');
    assert.equal(textOf(messagesOf({ Messages: [info('A.1.B', 'in a task')] })), 'in a task');
  });

  it('fall back to the code of the error, and to the key where there is no text', () => {
    assert.equal(
      textOf(messagesOf({ error: { code: 'Base.1.0.GeneralError', message: 'see elsewhere' } })),
      'see elsewhere',
    );
    assert.equal(
      textOf(messagesOf({ error: { code: 'iLO.0.10.UnauthorizedLoginAttempt' } })),
      'UnauthorizedLoginAttempt',
    );
    assert.equal(
      textOf(messagesOf({ error: { '@Message.ExtendedInfo': [info('iLO.2.ResetRequired')] } })),
      'ResetRequired',
    );
  });

  it('make one text of at most three, each once, without mere success', () => {
    const list = ['a', 'b', 'a', 'c', 'd'].map((text) => info('X.1.Y', text));
    assert.equal(textOf(messagesOf({ '@Message.ExtendedInfo': [info('Base.1.8.Success', 'fine'), ...list] })), 'a b c');
    assert.equal(textOf(messagesOf({})), '');
  });
});
