import { join } from 'node:path'
import { repository } from './mlplay.ts'
import { base, PORT, password } from './site.ts'

/** Opens the pages one after the other in a new browser, logged in, and gives all that went wrong: nothing is right. */
export async function browse(pages: readonly { readonly url: string; readonly shows: string }[]): Promise<string[]> {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  const bad: string[] = []
  try {
    const context = await browser.newContext({ httpCredentials: { username: 'admin', password: password() } })
    const page = await context.newPage()
    page.on('response', response => {
      // The first answer is the question for the password. The Assistant is refused by the role, on purpose; without
      // accounts of its own MLflow has no current user.
      if (
        response.status() >= 400 &&
        response.status() !== 401 &&
        !/\/mlflow\/assistant\/|\/users\/current$/.test(response.url())
      )
        bad.push(`${response.status()} ${response.url()}`)
    })
    page.on('requestfailed', request => {
      if (request.failure()?.errorText !== 'net::ERR_ABORTED')
        bad.push(`${request.failure()?.errorText} ${request.url()}`)
    })
    page.on('request', request => {
      if (!request.url().startsWith(`http://localhost:${PORT}/`) && !/^(data|blob):/.test(request.url()))
        bad.push(`elsewhere: ${request.url()}`)
    })
    page.on('console', message => {
      if (/Content Security Policy/i.test(message.text())) bad.push(message.text())
    })
    for (const { url, shows } of pages) {
      await page.goto(url, { waitUntil: 'load', timeout: 120_000 })
      await page.getByText(shows, { exact: false }).first().waitFor({ timeout: 120_000 })
      await page.waitForTimeout(1500)
      const name = url.slice(base.length).replaceAll(/[^A-Za-z0-9]+/g, '-')
      await page.screenshot({ path: join(repository, `test/.tmp/mlflow${name}.png`) })
    }
  } finally {
    await browser.close()
  }
  return bad
}
