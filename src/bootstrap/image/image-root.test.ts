import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { furnishRoot, sharePrograms } from './image-root.ts';
import { readRecipe } from './inputs.ts';
import type { Recipe } from './recipe.ts';

const rootUuid = '01234567-89ab-8def-8123-456789abcdef';

describe('the root file system of the image', function () {
  // Whole trees are written, by programs of others.
  this.timeout(60_000);

  let folder: string;
  let root: string;
  let recipe: Recipe;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const furnish = async (changes: Partial<Recipe> = {}) =>
    await furnishRoot({
      root,
      recipe: { ...recipe, ...changes },
      grub: { rootUuid, kernelArguments: ['console=ttyS0,115200n8', 'quiet'], menuSeconds: 0 },
      containerdPrograms: join(folder, 'programs'),
      pauseImage: 'registry.k8s.io/pause:9.9',
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'capt-image-'));
    root = join(folder, 'root');
    mkdirSync(join(folder, 'programs'));
    for (const name of ['containerd', 'containerd-shim-runc-v2', 'ctr']) {
      writeFileSync(join(folder, 'programs', name), name);
    }
    put('etc/machine-id', '0123456789abcdef0123456789abcdef\n');
    put('etc/ssh/ssh_host_ed25519_key', 'secret');
    put('etc/ssh/sshd_config', 'kept');
    put(
      'lib/systemd/system/systemd-resolved.service',
      '[Install]\nWantedBy=sysinit.target\nAlias=dbus-org.resolve1.service\n',
    );
    put(
      'lib/systemd/system/systemd-networkd.service',
      '[Install]\nWantedBy=multi-user.target\nAlso=systemd-networkd.socket\n',
    );
    put('lib/systemd/system/systemd-networkd.socket', '[Install]\nWantedBy=sockets.target\n');
    symlinkSync('/etc/hosts', join(root, 'etc/resolv.conf'));
    recipe = await readRecipe({});
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is started by GRUB and by our kexec action alike', async () => {
    await furnish();
    const text = read('boot/grub/grub.cfg');
    assert.match(text, new RegExp(`search --no-floppy --fs-uuid --set=root ${rootUuid}`));
    // One entry, whose lines the kexec action reads as they stand.
    assert.deepEqual(text.match(/^(menuentry|submenu)\b/gm), ['menuentry']);
    const kernel = `linux /vmlinuz root=UUID=${rootUuid} ro console=ttyS0,115200n8 quiet`;
    assert.deepEqual(text.match(/^ {2}(linux|initrd) .*$/gm), [`  ${kernel}`, '  initrd /initrd.img']);
    assert.match(read('etc/fstab'), new RegExp(`^UUID=${rootUuid} / ext4 .*x-systemd.growfs`));
  });

  it('has no identity of its own and nothing of the machine that made it', async () => {
    const before = readFileSync('/etc/hosts', 'utf8');
    await furnish();
    assert.equal(read('etc/machine-id'), '');
    assert.throws(() => statSync(join(root, 'etc/ssh/ssh_host_ed25519_key')));
    assert.equal(read('etc/ssh/sshd_config'), 'kept');
    assert.equal(readlinkSync(join(root, 'etc/resolv.conf')), '../run/systemd/resolve/stub-resolv.conf');
    assert.equal(readFileSync('/etc/hosts', 'utf8'), before);
  });

  it('starts the units that the recipe enables, and never those it masks', async () => {
    await furnish();
    const link = (path: string) => readlinkSync(join(root, 'etc/systemd/system', path));
    assert.equal(link('multi-user.target.wants/kubelet.service'), '/etc/systemd/system/kubelet.service');
    assert.equal(link('sysinit.target.wants/systemd-resolved.service'), '/lib/systemd/system/systemd-resolved.service');
    assert.equal(link('dbus-org.resolve1.service'), '/lib/systemd/system/systemd-resolved.service');
    assert.equal(link('sockets.target.wants/systemd-networkd.socket'), '/lib/systemd/system/systemd-networkd.socket');
    assert.equal(link('apt-daily.timer'), '/dev/null');
    await furnish({ units: { enable: [], mask: ['/etc/systemd/system-generators/x'] } });
    assert.equal(link('../system-generators/x'), '/dev/null');
    await assert.rejects(furnish({ units: { enable: ['nothing'], mask: [] } }), /there is no unit nothing\.service/);
    const mine = join(folder, 'mine.service');
    writeFileSync(mine, '[Install]\nWantedBy=multi-user.target\n');
    const path = '/etc/systemd/system/mine.service';
    await furnish({ files: { [path]: mine }, units: { enable: ['mine'], mask: [] } });
    assert.equal(link('multi-user.target.wants/mine.service'), path);
  });

  it('pins the sandbox image that kubeadm has', async () => {
    await furnish();
    assert.match(read('etc/containerd/config.toml'), /sandbox = "registry\.k8s\.io\/pause:9\.9"/);
    assert.doesNotMatch(read('etc/containerd/config.toml'), /@/);
  });

  it('gets the files of the user with their modes, or says which are missing', async () => {
    const file = join(folder, 'mine');
    writeFileSync(file, 'text', { mode: 0o750 });
    await furnish({ files: { '/opt/a/b': file } });
    assert.equal(read('opt/a/b'), 'text');
    await furnish({ files: { '/etc/resolv.conf': file } });
    assert.equal(read('etc/resolv.conf'), 'text');
    assert.equal(statSync(join(root, 'opt/a/b')).mode & 0o777, 0o750);
    await assert.rejects(
      furnish({ files: { '/a': '/no/1', '/b': '/no/2' } }),
      /files\.\/a: ENOENT.*\n.*files\.\/b: ENOENT/,
    );
  });

  it('lacks what the recipe removes, and removes nothing outside', async () => {
    for (const path of ['usr/share/i18n/a/b', 'usr/lib/modules/6.1/fs/xfs/xfs.ko', 'usr/lib/modules/6.1/fs/fuse.ko']) {
      put(path, '');
    }
    writeFileSync(join(folder, 'kept'), '');
    symlinkSync(folder, join(root, 'out'));
    await furnish({ remove: ['/usr/share/i18n', '/usr/lib/modules/*/fs/xfs', '/not/there', '/usr/local/bin/ctr'] });
    assert.deepEqual(readdirSync(join(root, 'usr/share')), []);
    assert.deepEqual(readdirSync(join(root, 'usr/lib/modules/6.1/fs')), ['fuse.ko']);
    assert.deepEqual(readdirSync(join(root, 'usr/local/bin')), ['containerd', 'containerd-shim-runc-v2']);
    await assert.rejects(furnish({ remove: ['/out/kept'] }), /remove: \/out\/kept leads out of the image/);
    statSync(join(folder, 'kept'));
  });

  it('has the programs of Kubernetes once, for containers and for itself', async () => {
    const snapshots = 'var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
    await mkdirSync(join(root, snapshots, '1/fs'), { recursive: true });
    await assert.rejects(sharePrograms(root), /no snapshot/);
    put(`${snapshots}/2/fs/usr/local/bin/kube`, 'program');
    await sharePrograms(root);
    assert.equal(statSync(join(root, 'usr/local/bin/kube')).nlink, 2);
    assert.equal(read('usr/local/bin/kubelet'), 'program');
  });
});
