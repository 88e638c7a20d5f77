import * as yaml from 'js-yaml';

/** A document as YAML, always the same for the same content; strings that YAML 1.1 takes for something else are quoted. */
export function toYaml(document: object, source = 'src/api'): string {
  const header = `# Generated from ${source} by \`npm run generate\`. Do not edit.\n`;
  return `${header}${yaml.dump(document, { sortKeys: true, lineWidth: 120, noRefs: true })}`;
}
