import type { AnyTaskType } from '../model/task-type.ts'
import aptInstall from './apt-install.ts'
import assert from './assert.ts'
import command from './command.ts'
import copyFile from './copy-file.ts'
import debug from './debug.ts'
import ensureDir from './ensure-dir.ts'
import facts from './facts.ts'
import fail from './fail.ts'
import htpasswdUser from './htpasswd-user.ts'
import httpCheck from './http-check.ts'
import nginxTest from './nginx-test.ts'
import portCheck from './port-check.ts'
import removePath from './remove-path.ts'
import service from './service.ts'
import serviceRestart from './service-restart.ts'
import setFact from './set_fact.ts'
import shell from './shell.ts'
import symlink from './symlink.ts'
import systemUser from './system-user.ts'
import templateFile from './template-file.ts'
import waitFor from './wait-for.ts'

/** The task types that come with mlplay, by name. */
export const taskTypes: ReadonlyMap<string, AnyTaskType> = new Map(
  [
    aptInstall,
    assert,
    command,
    copyFile,
    debug,
    ensureDir,
    facts,
    fail,
    htpasswdUser,
    httpCheck,
    nginxTest,
    portCheck,
    removePath,
    service,
    serviceRestart,
    setFact,
    shell,
    symlink,
    systemUser,
    templateFile,
    waitFor,
  ].map(type => [type.name, type as AnyTaskType]),
)
