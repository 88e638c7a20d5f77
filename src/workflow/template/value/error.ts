/** A failure inside a function or a conversion, in the words Go has for it (bytes). Evaluation adds where it was. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

/** The engine's own refusal to go on: too many steps, too much text. Not to be swallowed by functions that ignore errors. */
export class LimitError extends GoError {}
