// An independent provider that lets one person in without asking, for the tests of our client.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { port, client, account } = JSON.parse(process.argv[2])
const issuer = `http://127.0.0.1:${port}`
const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  cookies: { keys: ['a key of the tests'] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...account }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
})

// answer signs the person in and lets the client have what it asks for.
async function answer(req, res) {
  const { prompt, params, session } = await provider.interactionDetails(req, res)
  if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: 'account-1' } })
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
}

const rest = provider.callback()
createServer((req, res) => {
  if (!req.url.startsWith('/interaction/')) return rest(req, res)
  answer(req, res).catch((error) => res.writeHead(500).end(String(error)))
}).listen(port, '127.0.0.1', () => console.log('listening'))
