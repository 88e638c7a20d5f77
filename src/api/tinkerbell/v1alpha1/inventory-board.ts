import { object } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';
import { component, componentState, maker } from './inventory-component.ts';
import { networkAdapter } from './inventory-network.ts';

export const chassis = object('The case.', { ...maker });

export const baseboard = component('The main board.', { description: text('What the maker calls it.') });

export const bios = component('The firmware of the main board.', {
  releaseDate: text('Date of the version, in the words of the source.'),
});

export const product = object('The machine as a whole.', {
  name: text('Product name.'),
  ...maker,
  status: componentState,
});

export const bmc = component('The management controller.', {
  nic: networkAdapter('Network adapter of the management controller itself.'),
});
