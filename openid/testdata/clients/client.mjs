// Signs in at the provider of the test as an independent client would, and prints what it learnt.
import * as client from 'openid-client'

const { issuer, id, secret, redirect, bye } = JSON.parse(process.argv[2])
const insecure = { execute: [client.allowInsecureRequests] }

// browse follows redirects as a browser does, until it would leave the house.
async function browse(url, home) {
  for (let n = 0; n < 10; n++) {
    const answer = await fetch(url, { redirect: 'manual' })
    const to = answer.headers.get('location')
    if (!to) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
    url = new URL(to, url)
    if (url.origin !== home) return url
  }
  throw new Error('goes round in circles')
}

async function refused(what, act) {
  try {
    await act()
  } catch (error) {
    return error.error ?? error.code ?? error.message
  }
  throw new Error(`${what} was not refused`)
}

const auth = secret ? client.ClientSecretPost(secret) : client.None()
const config = await client.discovery(new URL(issuer), id, undefined, auth, insecure)
const home = new URL(issuer).origin
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()
const wish = {
  redirect_uri: redirect, scope: 'openid profile email offline_access', state, nonce, max_age: '600', prompt: 'consent',
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}
const back = await browse(client.buildAuthorizationUrl(config, wish), home)
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 600, idTokenExpected: true }
const tokens = await client.authorizationCodeGrant(config, back, checks)
const claims = tokens.claims()
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
const out = { methods: config.serverMetadata().code_challenge_methods_supported, claims, userinfo, idToken: tokens.id_token }

if (secret) {
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token)
  out.renewed = renewed.claims().sub
  out.introspected = await client.tokenIntrospection(config, renewed.access_token)
  await client.tokenRevocation(config, renewed.refresh_token)
  out.afterRevoking = await refused('a revoked token', () => client.refreshTokenGrant(config, renewed.refresh_token))
  out.codeTwice = await refused('a code used twice', () => client.authorizationCodeGrant(config, back, checks))
}
const denied = await browse(client.buildAuthorizationUrl(config, { ...wish, prompt: 'none', scope: 'profile' }), home)
out.denied = await refused('a request without openid', () => client.authorizationCodeGrant(config, denied, checks))
const end = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: bye, state: 'done' })
out.bye = (await browse(end, home)).href
console.log(JSON.stringify(out))
