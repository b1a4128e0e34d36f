// The identity provider of the tests: oidc-provider, which is not ours, with one client, on a free port of this machine.
// PORTAL is the portal's address, ACCOUNTS what is known of each person. One line of JSON on stdout when ready.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const portal = process.env.PORTAL;
const accounts = JSON.parse(process.env.ACCOUNTS);
const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const page = (body) => `<!doctype html><html lang="fr"><meta charset="utf-8"><title>ENT</title>${body}</html>`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "portail",
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [`${portal}/acces/ent/retour/`],
      post_logout_redirect_uris: [`${portal}/connexion/`],
      backchannel_logout_uri: `${portal}/acces/ent/fin/`,
      backchannel_logout_session_required: true,
    },
  ],
  pkce: { methods: ["S256"], required: () => true },
  scopes: ["openid", "profile", "email", "uid", "siret"],
  claims: {
    acr: null,
    amr: null,
    openid: ["sub"],
    profile: ["given_name", "usual_name"],
    email: ["email"],
    uid: ["uid"],
    siret: ["siret"],
  },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    // Its own pages fetch a font from elsewhere.
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page(`<h1>Quitter l'ENT ?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Oui</button>`);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = page("<h1>ENT fermé</h1>");
      },
    },
  },
  cookies: { keys: ["cle-de-test"] },
  interactions: { url: (_, interaction) => `/porte/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id].claims }) }),
  // The ENT speaks for its users: nobody is asked what the portal may read.
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email uid siret");
    grant.addOIDCClaims(["acr", "amr"]);
    await grant.save();
    return grant;
  },
});

const read = async (request) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
};

// The ENT's own page, with its link to the portal, and its door.
const answer = provider.callback();
server.on("request", async (request, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  if (request.url === "/") {
    response.end(page(`<h1>Cahier de textes</h1><a href="${portal}/acces/ent/">I-Prof</a>`));
  } else if (request.url.startsWith("/porte/") && request.method === "GET") {
    response.end(page('<form method="post"><label>Compte <input name="login"></label><button>Entrer</button></form>'));
  } else if (request.url.startsWith("/porte/")) {
    const login = (await read(request)).get("login");
    const refused = { error: "access_denied", error_description: "refus de la personne" };
    const entered = { login: { accountId: login, amr: accounts[login]?.amr } };
    await provider.interactionFinished(request, response, login === "refus" ? refused : entered);
  } else {
    response.removeHeader("Content-Type");
    answer(request, response);
  }
});
console.log(JSON.stringify({ issuer }));
