/** The services that one process can run, any subset of them. */
export const serviceNames = ['provider', 'workflow', 'metadata', 'netboot', 'bmc'] as const;

export type ServiceName = (typeof serviceNames)[number];
