/**
 * What CMD_LINE means, as in the original: an interpreter gets all of it as one argument; without one it is cut at `;` and at
 * spaces, and quotes mean nothing.
 */
export function commandsOf(line: string, interpreter: string): readonly (readonly [string, ...string[]])[] {
  const [program, ...args] = words(interpreter);
  if (program !== undefined) return [[program, ...args, line]];
  return line.split(';').flatMap((part): [string, ...string[]][] => {
    const [command, ...rest] = words(part);
    return command === undefined ? [] : [[command, ...rest]];
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
