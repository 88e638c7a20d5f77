import type { NativeAction } from './action.ts';

/** The native action for an image, or undefined: then the image has to be run. */
export function nativeActionFor(image: string, actions: readonly NativeAction[]): NativeAction | undefined {
  const name = imageBaseName(image);
  return actions.find((action) => action.name === name);
}

/** `writefile` of `registry.local:5000/actions/writefile:v1@sha256:…`: without registry, folders, tag and digest. */
export function imageBaseName(image: string): string {
  const [name = ''] = image.trim().split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.split(':')[0] ?? '';
}
