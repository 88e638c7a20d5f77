/** `image.json` beside the image: what it is and what it is made of. */
export interface ImageManifest {
  /** Name of the image's file in the same folder. */
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rawSizeBytes: number;
  /** With the `v`. */
  readonly kubernetesVersion: string;
  readonly containerdVersion: string;
  readonly suite: string;
  readonly architecture: string;
  readonly kernelArguments: readonly string[];
  /** Names of the container images in it. */
  readonly containerImages: readonly string[];
  /** `name=version` */
  readonly packages: readonly string[];
}
