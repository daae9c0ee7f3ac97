/** Ways to a host. `openssh` is the system's own ssh; `ssh` takes it by itself for what it cannot do. */
export const connections = ['local', 'ssh', 'openssh', 'docker', 'podman', 'nspawn'] as const
export type Connection = (typeof connections)[number]

/** `strict`: only keys that known_hosts has. `accept-new`: an unknown host's key is taken and kept; a changed one is refused. */
export type HostKeyChecking = 'strict' | 'accept-new'

/** How a host is reached: plain data, all variables resolved. What is not said, the person's ssh config says. */
export interface Target {
  /** The name in the inventory: what messages call it. */
  readonly name: string
  readonly connection: Connection
  /** `ansible_host`; the name when not said. For containers, the container's name. */
  readonly address?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly privateKeyFile?: string
  /** Milliseconds until a host that does not answer is given up; 10,000 unless this or the ssh config says otherwise. */
  readonly connectTimeout?: number
  readonly hostKeyChecking?: HostKeyChecking
  /** Options as for the `ssh` program: `['-o', 'ProxyJump=bastion']`. */
  readonly sshArgs?: readonly string[]
}
