import { collection, type JsonObject, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Change, Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import type { DriveProfile } from '../profile.ts';
import { Refusal, refuse } from '../refusal.ts';

const insertParameters = [
  'Image',
  'Inserted',
  'WriteProtected',
  'TransferProtocolType',
  'TransferMethod',
  'UserName',
  'Password',
];

/** The virtual drives of a system, below `ownerPath` (DSP2046 VirtualMedia). */
export function addDrives(
  tree: Tree,
  system: VirtualSystem,
  ownerPath: string,
  settings: VirtualRedfishBmcSettings,
): void {
  const { drives, isoConfig } = settings.profile;
  const base = `${ownerPath}/VirtualMedia`;
  const members = drives.map(({ id }) => `${base}/${id}`);
  tree.set(base, { get: () => collection(base, 'VirtualMedia', members) });
  for (const drive of drives) addDrive(tree, `${base}/${drive.id}`, system, drive, settings);
  if (isoConfig) addIsoConfig(tree, isoConfigPath(ownerPath), system);
}

export function isoConfigPath(ownerPath: string): string {
  return `${ownerPath}/VirtualMedia/CfgCD`;
}

function addDrive(
  tree: Tree,
  path: string,
  system: VirtualSystem,
  drive: DriveProfile,
  settings: VirtualRedfishBmcSettings,
): void {
  const { id, way } = drive;
  const targets = targetsOf(path, drive, settings.profile.oemKey ?? 'Vendor');
  const get = () => describe(path, system, drive, settings, targets);
  const insert = (body: JsonObject) => insertion(system, id, settings, body);
  const eject = (): Change => ({ apply: () => system.bay.eject(id), status: 204, deferrable: true });
  tree.set(path, {
    get,
    ...(way === 'patch' ? { patch: (body: JsonObject) => (body['Image'] === null ? eject() : insert(body)) } : {}),
  });
  if (targets === undefined) return;
  tree.set(targets.insert, { post: insert });
  tree.set(targets.eject, { post: eject });
}

function targetsOf(path: string, { way }: DriveProfile, oemKey: string): { insert: string; eject: string } | undefined {
  if (way === 'action') {
    return { insert: `${path}/Actions/VirtualMedia.InsertMedia`, eject: `${path}/Actions/VirtualMedia.EjectMedia` };
  }
  const base = `${path}/Actions/Oem/${oemKey}/HpiLOVirtualMedia`;
  return way === 'oem' ? { insert: `${base}.InsertVirtualMedia`, eject: `${base}.EjectVirtualMedia` } : undefined;
}

function describe(
  path: string,
  { bay }: VirtualSystem,
  { id, name, mediaTypes, way }: DriveProfile,
  { profile, quirks }: VirtualRedfishBmcSettings,
  targets: { insert: string; eject: string } | undefined,
): JsonObject {
  const { image, inserted } = bay.state(id);
  const isLeftover = quirks.keepsImageWhenEjected && image !== undefined;
  const standard = way === 'action' && targets;
  const oem = way === 'oem' && targets;
  return resource(path, 'VirtualMedia.v1_3_2.VirtualMedia', id, name, {
    ...(mediaTypes === undefined ? {} : { MediaTypes: mediaTypes }),
    Image: image ?? null,
    ImageName: image?.split('/').at(-1) ?? null,
    Inserted: inserted || isLeftover,
    ConnectedVia: inserted ? 'URI' : 'NotConnected',
    WriteProtected: true,
    ...(standard
      ? {
          Actions: {
            '#VirtualMedia.InsertMedia': { target: standard.insert },
            '#VirtualMedia.EjectMedia': { target: standard.eject },
          },
        }
      : {}),
    Oem: oem
      ? {
          [profile.oemKey ?? 'Vendor']: {
            Actions: {
              '#HpiLOVirtualMedia.InsertVirtualMedia': { target: oem.insert },
              '#HpiLOVirtualMedia.EjectVirtualMedia': { target: oem.eject },
            },
          },
        }
      : {},
  });
}

function insertion(
  { bay }: VirtualSystem,
  id: string,
  { quirks, faults }: VirtualRedfishBmcSettings,
  body: JsonObject,
): Change {
  const { Image: image } = body;
  const given = Object.keys(body);
  const unknown = given.find(
    (name) => !insertParameters.includes(name) || quirks.refusedInsertParameters.includes(name),
  );
  if (unknown !== undefined) throw refuse.unknownParameter(unknown);
  const missing = quirks.demandedInsertParameters.find((name) => !given.includes(name));
  if (missing !== undefined) throw refuse.missingParameter(missing);
  if (typeof image !== 'string' || image === '') throw refuse.missingParameter('Image');
  if (bay.state(id).inserted) {
    throw new Refusal({ status: 409, id: 'ResourceAlreadyExists', message: 'An image is already inserted.' });
  }
  const suffix = quirks.echoesRequests ? ` Request: ${JSON.stringify(body)}` : '';
  if (!/^(https?|nfs|cifs|smb):/i.test(image)) {
    throw new Refusal({
      status: 400,
      id: 'ActionParameterValueFormatError',
      message: `The image cannot be reached.${suffix}`,
    });
  }
  return { apply: faults.silentSuccess ? () => undefined : () => bay.insert(id, image), status: 204, deferrable: true };
}

/** Host and path of an image, mounted by an action. */
function addIsoConfig(tree: Tree, path: string, { bay }: VirtualSystem): void {
  const target = (name: string) => `${path}/Actions/IsoConfig.${name}`;
  tree.set(path, {
    get: () => ({
      '@odata.id': path,
      '@odata.type': '#IsoConfig.IsoConfig',
      Id: '1',
      Name: 'VM1',
      ...bay.pending,
      Username: '',
      Password: '********',
      Actions: { '#IsoConfig.Mount': { target: target('Mount') }, '#IsoConfig.UnMount': { target: target('UnMount') } },
    }),
    patch: (body) => ({
      apply: () => {
        bay.pending = { Host: String(body['Host'] ?? ''), Path: String(body['Path'] ?? '') };
      },
      status: 200,
    }),
  });
  tree.set(target('Mount'), { post: () => ({ apply: () => bay.mount(), status: 200 }) });
  tree.set(target('UnMount'), { post: () => ({ apply: () => bay.unmount(), status: 200 }) });
}
