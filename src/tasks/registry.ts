// Written by `npm run registry`: one line for each file of a family that exports a task type.
import type { AnyTaskType } from '../model/task-type.ts'
import group from './accounts/group.ts'
import htpasswdUser from './accounts/htpasswd-user.ts'
import systemUser from './accounts/system-user.ts'
import command from './commands/command.ts'
import shell from './commands/shell.ts'
import assert from './control/assert.ts'
import debug from './control/debug.ts'
import fail from './control/fail.ts'
import setFact from './control/set_fact.ts'
import copyFile from './files/copy-file.ts'
import ensureDir from './files/ensure-dir.ts'
import lineInFile from './files/line-in-file.ts'
import removePath from './files/remove-path.ts'
import symlink from './files/symlink.ts'
import templateFile from './files/template-file.ts'
import httpCheck from './network/http-check.ts'
import portCheck from './network/port-check.ts'
import waitFor from './network/wait-for.ts'
import nginxTest from './nginx/nginx-test.ts'
import aptInstall from './packages/apt-install.ts'
import service from './services/service.ts'
import serviceRestart from './services/service-restart.ts'
import facts from './system/facts.ts'

/** The task types that come with mlplay, by name. */
export const taskTypes: ReadonlyMap<string, AnyTaskType> = new Map<string, AnyTaskType>([
  [aptInstall.name, aptInstall],
  [assert.name, assert],
  [command.name, command],
  [copyFile.name, copyFile],
  [debug.name, debug],
  [ensureDir.name, ensureDir],
  [facts.name, facts],
  [fail.name, fail],
  [group.name, group],
  [htpasswdUser.name, htpasswdUser],
  [httpCheck.name, httpCheck],
  [lineInFile.name, lineInFile],
  [nginxTest.name, nginxTest],
  [portCheck.name, portCheck],
  [removePath.name, removePath],
  [service.name, service],
  [serviceRestart.name, serviceRestart],
  [setFact.name, setFact],
  [shell.name, shell],
  [symlink.name, symlink],
  [systemUser.name, systemUser],
  [templateFile.name, templateFile],
  [waitFor.name, waitFor],
])
