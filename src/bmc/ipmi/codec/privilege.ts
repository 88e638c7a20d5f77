/** Privilege levels (IPMI v2.0 §6.8), each including those before it. Chassis control and boot options need `operator`. */
export const privilegeLevel = { callback: 1, user: 2, operator: 3, administrator: 4 } as const;

export type Privilege = keyof typeof privilegeLevel;
