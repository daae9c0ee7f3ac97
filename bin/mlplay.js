#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import module from 'node:module'

const [first, ...others] = process.argv.slice(2)
if ((first === '--version' || first === '-V') && others.length === 0) {
  // Asked by scripts at every turn: nothing else is loaded for it.
  console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
} else {
  module.enableCompileCache?.() // Node 22.8 and later
  const { main } = await import('../dist/cli.js').catch(error => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.error('mlplay is not built yet: run `npm install` (or `npm run build`) in its folder')
    process.exit(1)
  })
  await main(process.argv.slice(2))
}
