/** A reference within the referrer's namespace; the version comes from the contract label of the CRD. */
export interface ContractReference {
  apiGroup: string;
  kind: string;
  name: string;
}

/** Where the Kubernetes API of a workload cluster is reached. */
export interface ControlPlaneEndpoint {
  /** Name or address. */
  host?: string;
  /** TCP port. */
  port?: number;
}
