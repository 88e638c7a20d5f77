const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const domainComponent = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digest = '([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})';
const reference = new RegExp(`^(?:${domain}/)?${component}(?:/${component})*(?::${tag})?(?:@${digest})?$`);

/** Digest algorithms and how many hexadecimal digits they have. */
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

const longestPath = 255;
const longestReference = 4096;

/** Why a text is no reference to a container image as Docker reads it; `undefined` when it is one. */
export function imageProblem(image: string): string | undefined {
  if (image.length > longestReference) return `has more than ${longestReference} characters`;
  if (/^[a-f0-9]{64}$/.test(image)) return 'is an image id, not a name';
  const path = pathOf(image);
  const name = path.split(/[:@]/)[0] ?? '';
  if (path.split(':')[0] !== path.split(':')[0]?.toLowerCase()) return 'has capitals in the name of the repository';
  const match = reference.exec(image);
  if (match === null) return 'is no image reference';
  if (name.length > longestPath) return `has more than ${longestPath} characters in the name of the repository`;
  const [, algorithm, digits = ''] = match;
  if (algorithm === undefined) return undefined;
  const isKnown = digestLengths.get(algorithm) === digits.length && /^[a-f0-9]+$/.test(digits);
  return isKnown ? undefined : 'has no valid digest';
}

/** What follows the registry. The first part is a registry when it looks like a host, or has capitals. */
function pathOf(image: string): string {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  const isRegistry = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  const path = slash >= 0 && isRegistry ? image.slice(slash + 1) : image;
  const isHub = slash < 0 || !isRegistry || first === 'docker.io' || first === 'index.docker.io';
  return isHub && !path.includes('/') ? `library/${path}` : path;
}
