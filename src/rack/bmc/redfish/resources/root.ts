import { collection, link, resource } from '../json.ts';
import type { Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';

const open = ['GET', 'HEAD'];

/** The service root and what else is open to everybody (DSP0266 §6.3, §8.2). */
export function addRoot(tree: Tree, { profile, quirks }: VirtualRedfishBmcSettings): void {
  const publicMethods = quirks.closedRoot ? [] : open;
  const slash = profile.trailingSlash ? '/' : '';
  tree.set('/redfish', { get: () => ({ v1: '/redfish/v1/' }), publicMethods: open });
  tree.set('/redfish/v1', {
    publicMethods,
    get: () =>
      resource('/redfish/v1/', 'ServiceRoot.v1_9_0.ServiceRoot', 'RootService', 'Root Service', {
        RedfishVersion: '1.11.0',
        UUID: '92384634-2938-2342-8820-489239905423',
        ...(profile.rootVendor === undefined ? {} : { Vendor: profile.rootVendor }),
        Systems: link(`/redfish/v1/Systems${slash}`),
        Chassis: link(`/redfish/v1/Chassis${slash}`),
        Managers: link(`/redfish/v1/Managers${slash}`),
        Tasks: link('/redfish/v1/TaskService'),
        AccountService: link('/redfish/v1/AccountService'),
        ...(quirks.sessions === 'absent'
          ? { Links: {} }
          : {
              SessionService: link('/redfish/v1/SessionService'),
              Links: { Sessions: link('/redfish/v1/SessionService/Sessions') },
            }),
        Oem: profile.oemKey === undefined ? {} : { [profile.oemKey]: {} },
      }),
  });
  tree.set('/redfish/v1/odata', {
    publicMethods: open,
    get: () => ({
      '@odata.context': '/redfish/v1/$metadata',
      value: ['Systems', 'Chassis', 'Managers'].map((name) => ({
        name,
        kind: 'Singleton',
        url: `/redfish/v1/${name}`,
      })),
    }),
  });
}

/** The accounts: who they are, not what they know. */
export function addAccounts(tree: Tree, { users }: VirtualRedfishBmcSettings): void {
  const path = '/redfish/v1/AccountService';
  tree.set(path, {
    get: () =>
      resource(path, 'AccountService.v1_8_0.AccountService', 'AccountService', 'Account Service', {
        ServiceEnabled: true,
        Accounts: link(`${path}/Accounts`),
      }),
  });
  const members = users.map((_user, index) => `${path}/Accounts/${index + 1}`);
  tree.set(`${path}/Accounts`, { get: () => collection(`${path}/Accounts`, 'ManagerAccount', members) });
  for (const [index, { name }] of users.entries()) {
    const member = `${path}/Accounts/${index + 1}`;
    tree.set(member, {
      get: () =>
        resource(member, 'ManagerAccount.v1_7_0.ManagerAccount', String(index + 1), 'User Account', {
          UserName: name,
          Password: null,
          RoleId: 'Administrator',
          Enabled: true,
          Locked: false,
        }),
    });
  }
}
