// The runner's JSON report as one line that any reader of logs understands; fails when a test failed or none ran.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync('test/.tmp/report.json', 'utf8'))
const failed = report.numFailedTests + report.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
const skipped = report.numPendingTests + report.numTodoTests
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || report.numPassedTests === 0 ? 1 : 0
