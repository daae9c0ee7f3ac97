import { join } from 'node:path'

/** Where images are kept between runs: outside the checkout, so that each clone need not make its own. */
export const cacheFolder = process.env['MLPLAY_LAB_CACHE'] ?? '/var/cache/mlplay-lab'

/** Where the labs that are up have their files. Short, since sockets live below it and their paths are bounded. */
export const runsFolder = join(process.env['MLPLAY_LAB_RUNS'] ?? '/var/lib/mlplay-lab', 'runs')

/** The Debians that a host can be, whatever this machine runs. */
export type Suite = 'bullseye' | 'bookworm' | 'trixie'

/** What hosts are unless something else is asked for. */
export const suite: Suite = 'bookworm'
