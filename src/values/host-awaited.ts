import { FactsNeeded } from './scope.ts'

/** Raised when what another host is still to set is asked for: it is waited for, and then asked for again. */
export class HostAwaited extends FactsNeeded {
  readonly host: string

  constructor(variable: string, host: string) {
    super(variable)
    this.host = host
  }
}
