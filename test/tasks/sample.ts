import type { JsonObject } from '../../src/model/json.ts'
import type { Script } from '../../src/text/sh.ts'

/** One task of a type, for the conformance suite. `@DIR@` in params is an empty folder of the sample's own. */
export interface Sample {
  readonly title: string
  readonly params: JsonObject
  /** Brings the host to where the sample starts; `$PWD` is the sample's folder. */
  readonly given?: Script
  /** Proves the effect: exits 0 when the host is as wanted. */
  readonly proof?: Script
  /** What the first plan must be: changes (default), nothing, or a problem whose text matches. */
  readonly expect?: 'changes' | 'converged' | { readonly problem: string }
  /** A requirement of the host the sample runs on; unmet, the sample is skipped. `view`: it runs in a view of the system folders that is thrown away. */
  readonly needs?: readonly ('view' | 'root' | 'debian' | 'systemd' | 'nginx' | 'disposable')[]
}
