import type { Variant } from './variant.ts'

/** What the accounts of these hosts are called and take; known to all, since the hosts are reachable from here only. */
export const deploy = { user: 'deploy', password: 'lab password' } as const

const account = `useradd -m -s /bin/bash ${deploy.user}; printf '%s:%s\\n' ${deploy.user} '${deploy.password}' | chpasswd
install -d -m 700 -o ${deploy.user} -g ${deploy.user} ~${deploy.user}/.ssh
install -m 600 -o ${deploy.user} -g ${deploy.user} /root/.ssh/authorized_keys ~${deploy.user}/.ssh/authorized_keys
rm /root/.ssh/authorized_keys`
const sudoers = (line: string) => `printf '%s\\n' '${line}' > /etc/sudoers.d/lab; chmod 440 /etc/sudoers.d/lab`
const sshd = (text: string) => ({ '/etc/ssh/sshd_config.d/lab.conf': text })
const asDeploy = { ansible_user: deploy.user }

/** Whoever logs in: the first of these variants names the account, later ones are about it. */
export const variants = {
  deploy: {
    about: 'logs in as deploy, who may sudo without a password; root may not log in',
    setUp: `${account}; ${sudoers(`${deploy.user} ALL=(ALL) NOPASSWD: ALL`)}`,
    vars: asDeploy,
  },
  'sudo-password': {
    about: 'logs in as deploy, whose sudo wants the password',
    setUp: `${account}; ${sudoers(`${deploy.user} ALL=(ALL) ALL`)}`,
    vars: asDeploy,
  },
  'not-in-sudoers': { about: 'logs in as deploy, who may not sudo', setUp: account, vars: asDeploy },
  requiretty: {
    about: 'logs in as deploy, whose sudo wants a terminal',
    setUp: `${account}; ${sudoers(`Defaults requiretty\n${deploy.user} ALL=(ALL) NOPASSWD: ALL`)}`,
    vars: asDeploy,
  },
  fish: { about: 'fish is the login shell', packages: ['fish'], setUp: 'usermod -s /usr/bin/fish "$LOGIN"' },
  csh: { about: 'csh is the login shell', packages: ['csh'], setUp: 'usermod -s /bin/csh "$LOGIN"' },
  'slow-bashrc': {
    about: 'the login shell takes half a second to start',
    setUp: 'printf "sleep 0.5\\n" > "$HOME"/.bashrc',
  },
  'noisy-bashrc': {
    about: 'the login shell talks on both streams before it does anything',
    setUp: 'printf "echo Welcome; echo Mind the step >&2\\n" > "$HOME"/.bashrc',
  },
  busybox: {
    about: '/bin/sh is busybox',
    packages: ['busybox'],
    setUp: 'ln -sf busybox /bin/sh',
  },
  'full-disk': { about: '/srv has room for 64 KiB', nspawn: ['--tmpfs=/srv:size=64k,mode=755'] },
  'full-tmp': {
    about: '/tmp is full',
    nspawn: ['--tmpfs=/tmp:size=64k,mode=1777'],
    service: 'head -c 1M /dev/zero > /tmp/full || exec sleep infinity',
  },
  'held-apt-lock': {
    about: 'an unattended upgrade that never ends holds the locks of apt and dpkg',
    // apt locks by fcntl, which flock(1) does not speak; perl is essential on Debian.
    service: `exec perl -e 'use Fcntl; $0 = "unattended-upgr"; my $lock = pack("s!s!x![q]qqi!x![q]", F_WRLCK, 0, 0, 0, 0);
for (@ARGV) { open my $f, ">>", $_ or die; push @held, $f;
fcntl($f, F_SETLK, my $asked = $lock) or die "$_: $!" } sleep' \
/var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock`,
  },
  'password-login': {
    about: 'deploy logs in by password alone',
    setUp: `${account}; rm ~${deploy.user}/.ssh/authorized_keys; ${sudoers(`${deploy.user} ALL=(ALL) NOPASSWD: ALL`)}`,
    files: sshd('PubkeyAuthentication no\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\n'),
    vars: asDeploy,
  },
  'keyboard-interactive': {
    about: 'deploy logs in by answering a prompt alone',
    setUp: `${account}; rm ~${deploy.user}/.ssh/authorized_keys; ${sudoers(`${deploy.user} ALL=(ALL) NOPASSWD: ALL`)}`,
    files: sshd('PubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication yes\n'),
    vars: asDeploy,
  },
  certificates: {
    about: 'users and the host itself show certificates; no plain key is let in',
    setUp: 'rm /root/.ssh/authorized_keys',
    certificates: true,
  },
  'rsa-host-key': { about: 'the only host key is RSA', hostKeys: ['rsa'] },
  'many-sessions': {
    about: 'sshd takes a thousand starts and sessions: for inventories with many names for one host',
    files: sshd('MaxStartups 1000\nMaxSessions 1000\n'),
  },
  python: {
    about: 'has the Python that Ansible and pyinfra ask for',
    packages: ['python3-minimal', 'python3-apt', 'python3-passlib'],
    vars: { ansible_python_interpreter: '/usr/bin/python3' },
  },
} as const satisfies Readonly<Record<string, Variant>>

/** The name of one way in which a host can differ from a fresh Debian with a key for root. */
export type VariantName = keyof typeof variants

/** All of them by name, each with all its possible fields. */
export const variantOf = (name: VariantName): Variant => variants[name]
