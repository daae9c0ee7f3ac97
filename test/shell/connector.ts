import { randomBytes } from 'node:crypto'
import { SessionFactory, type SessionFactoryOptions } from '../../src/shell/session-factory.ts'

/** A connector with nobody to ask, whose environment knows no agent, unless a test says otherwise. */
export const connector = (more: Partial<SessionFactoryOptions> = {}): SessionFactory =>
  new SessionFactory({
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    random: bytes => randomBytes(bytes),
    ask: prompt => Promise.reject(new Error(`nobody is there to answer: ${prompt}`)),
    warn: () => {},
    ...more,
  })
