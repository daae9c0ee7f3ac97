import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'

const mounted: string[] = []

/** A file system of its own at a folder: `size=256k`, for example, or `ro`. */
export const mountTmpfs = (at: string, options: string): string => {
  mkdirSync(at, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at])
  mounted.push(at)
  return at
}

export const remount = (at: string, options: string): void => {
  execFileSync('mount', ['-o', `remount,${options}`, at])
}

/** A small ext4 in a file, with extended attributes and access lists. Nothing where this machine cannot mount one. */
export const mountExt4 = (at: string): string | undefined => {
  try {
    mkdirSync(at, { recursive: true })
    execFileSync('truncate', ['-s', '8M', `${at}.img`])
    execFileSync('mkfs.ext4', ['-q', '-F', `${at}.img`], { stdio: 'ignore' })
    execFileSync('mount', ['-o', 'loop,user_xattr,acl', `${at}.img`, at], { stdio: 'ignore' })
    mounted.push(at)
    return at
  } catch {
    return undefined
  }
}

/** Unmounts all of it and removes the folder that it lies in. */
export const unmountAll = (folder: string): void => {
  for (const at of mounted.splice(0).reverse()) execFileSync('umount', ['-l', at])
  rmSync(folder, { recursive: true, force: true })
}
