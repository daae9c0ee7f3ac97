// A real OpenID Connect provider on loopback, with a page to log in and accounts of its own.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'

export const CLIENT = { id: 'mlflow-site', secret: 'the secret of the site' } as const

/** Who there is, and what the provider says of them. */
const accounts: Readonly<Record<string, { readonly email: string; readonly groups: readonly string[] }>> = {
  ann: { email: 'ann@example.com', groups: ['ml', 'staff'] },
  eve: { email: 'eve@elsewhere.example', groups: ['guests'] },
}

const form = (action: string) =>
  `<!doctype html><title>Provider</title><form method="post" action="${action}"><input name="login" autofocus><button>Log in</button></form>`

/** Both pages of an interaction in one: who it is, and that the site may know. */
const interact = async (provider: Provider, ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
  if (!ctx.path.startsWith('/interaction/')) return next()
  const details = await provider.interactionDetails(ctx.req, ctx.res)
  if (details.prompt.name === 'consent') {
    const grant = new provider.Grant({
      accountId: details.session?.accountId ?? '',
      clientId: String(details.params['client_id']),
    })
    grant.addOIDCScope('openid email profile groups')
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(ctx.req, ctx.res, { consent }, { mergeWithLastSubmission: true })
  }
  if (ctx.method !== 'POST') {
    ctx.type = 'html'
    ctx.body = form(ctx.path)
    return
  }
  let body = ''
  for await (const chunk of ctx.req) body += chunk
  const accountId = new URLSearchParams(body).get('login') ?? ''
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId } })
}

/** Starts it; `redirects` are the pages to which it may send people back. */
export async function startProvider(port: number, redirects: readonly string[]) {
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirects],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'another-site',
        client_secret: 'its secret',
        redirect_uris: [...redirects],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'], profile: ['name'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    // The ID token itself holds the claims, as with the large providers.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['keys of a test'] },
    ttl: { IdToken: 3600, AccessToken: 3600, Session: 3600, Interaction: 600, Grant: 3600, AuthorizationCode: 60 },
    findAccount: (_, id) => {
      const account = accounts[id]
      return (
        account && {
          accountId: id,
          claims: () => ({ sub: id, name: id, email_verified: true, ...account, groups: [...account.groups] }),
        }
      )
    },
  })
  provider.use((ctx, next) => interact(provider, ctx as KoaContextWithOIDC, next))
  const server = await new Promise<Server>(done => {
    const listening: Server = provider.listen(port, '127.0.0.1', () => done(listening))
  })
  return {
    issuer,
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** What a person does to get an ID token, without a browser: logs in at the provider, and has the code redeemed. */
export async function idToken(
  issuer: string,
  login: string,
  client: { readonly id: string; readonly secret: string },
  redirect: string,
) {
  const jar = new Map<string, string>()
  const ask = async (url: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }
  const query = { client_id: client.id, redirect_uri: redirect, response_type: 'code', scope: 'openid email groups' }
  let at = `${issuer}/auth?${new URLSearchParams(query)}`
  for (let step = 0; step < 10 && !at.startsWith(redirect); step++) {
    const body = new URLSearchParams({ login })
    const answer = await ask(at, at.includes('/interaction/') ? { method: 'POST', body } : {})
    at = new URL(answer.headers.get('location') ?? '', at).href
  }
  const code = new URL(at).searchParams.get('code')
  if (code === null) throw new Error(`the provider gave no code: ${at}`)
  const answer = await ask(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect }),
  })
  return ((await answer.json()) as { readonly id_token: string }).id_token
}
