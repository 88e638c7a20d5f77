/** One package that apt would install. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Name of the file that `apt-get download` makes. */
  readonly file: string;
  readonly sizeBytes: number;
}

/** Reads what `apt-get --print-uris install` prints, a line a package: `'uri' file size digest`. Sorted by name. */
export function parsePrintedUris(lines: readonly string[]): DebianPackage[] {
  return lines
    .flatMap((line) => {
      const [, file, name, version, size] = /^'[^']*' (([^_\s]+)_([^_\s]+)_[^_\s]+\.deb) (\d+)\b/.exec(line) ?? [];
      if (file === undefined || name === undefined || version === undefined) return [];
      return [{ name, version: decodeURIComponent(version), file, sizeBytes: Number(size) }];
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The package with the kernel itself, out of what `apt-cache depends` prints of `linux-image-amd64`. */
export function kernelPackageIn(lines: readonly string[]): string | undefined {
  return lines.flatMap((line) => /^\s+Depends: (linux-image-\d\S*)/.exec(line)?.[1] ?? [])[0];
}
