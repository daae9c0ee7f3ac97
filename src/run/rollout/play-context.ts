import { dirname } from 'node:path'
import { controllerOf } from '../../load/controller.ts'
import type { LoadedPlaybook, Play } from '../../model/playbook.ts'
import { pipe } from '../../shell/pipe.ts'
import type { Secrets } from '../../text/redact.ts'
import { lookups } from '../../values/lookups.ts'
import { renderVariable } from '../../values/render.ts'
import type { Render } from '../../values/scope.ts'
import { usesFacts } from '../../values/uses-facts.ts'
import { type WatchedOptions, watched } from '../../values/watched.ts'
import type { InnerRequest } from '../state/request.ts'

/** What is the same for all hosts of a play, made once for all of them. */
export interface PlayContext {
  readonly playbook: LoadedPlaybook
  readonly play: Play
  readonly template: WatchedOptions
  readonly render: Render
  readonly usesFacts: boolean
  readonly readsOthers: boolean
}

export function playContext(
  playbook: LoadedPlaybook,
  play: Play,
  run: { readonly request: InnerRequest; readonly secrets: Secrets; readonly passwords: Map<string, string> },
): PlayContext {
  const { environment, check } = run.request
  const template = watched({
    now: environment.now,
    controller: controllerOf(environment.cwd, environment.env),
    lookup: lookups({
      folders: [play.folder, dirname(playbook.file), environment.cwd],
      env: environment.env,
      random: environment.random,
      check,
      secrets: run.secrets,
      pipe,
      made: run.passwords,
    }),
  })
  return {
    playbook,
    play,
    template,
    render: (value, scope) => renderVariable(value, scope, template),
    usesFacts: usesFacts(playbook, play),
    readsOthers: [...playbook.sources.values()].some(text => text.includes('hostvars')),
  }
}
