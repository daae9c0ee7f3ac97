import type { RunRequest } from './request.ts'

/** `--step`: asks before each task, until the person wants to be asked no more. */
export function stepping(ask: RunRequest['ask']): (host: string, task: string) => Promise<boolean> {
  let all = false
  return async (host, task) => {
    if (all) return true
    const answer = await ask('step', `${host}: ${task}? (y)es, (n)o, (c)ontinue without asking`)
    all = /^c/i.test(answer)
    return /^[yc]/i.test(answer)
  }
}
