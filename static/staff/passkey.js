// Passkeys: adding one, and signing in by one. Without them in the browser (or without a safe line)
// the forms stay away, and the password works as ever.

const CAN = Boolean(window.PublicKeyCredential && window.isSecureContext);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({...each, id: bytes(each.id)}));

for (const form of document.querySelectorAll("[data-passkey-new]")) {
  form.hidden = !CAN;
  listen(form, add);
}
for (const form of document.querySelectorAll("[data-passkey-enter]")) {
  form.hidden = !CAN;
  listen(form, enter);
}
for (const note of document.querySelectorAll("[data-passkey-impossible]")) note.hidden = CAN;

function listen(form, act) {
  const error = form.querySelector("[data-passkey-error]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    error.hidden = true;
    try {
      await act(form);
    } catch {
      error.textContent = form.dataset.failed;
      error.hidden = false;
    }
  }, true);
}

async function ask(form, url, more) {
  const fields = {...Object.fromEntries(new FormData(form)), ...more};
  const headers = {Accept: "application/json"};
  const answer = await fetch(url, {method: "POST", headers, body: new URLSearchParams(fields)});
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).response;
}

async function add(form) {
  const url = form.dataset.passkeyNew;
  const {credential_options: asked, wan_state: state} = await ask(form, url, {usage: "first"});
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: {...asked.user, id: bytes(asked.user.id)},
    excludeCredentials: named(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({publicKey});
  const credential = JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    },
    extensions: JSON.stringify(made.getClientExtensionResults()),
  });
  await ask(form, `${url}/${state}`, {credential});
  location.reload();
}

async function enter(form) {
  const url = form.dataset.passkeyEnter;
  const {credential_options: asked, wan_state: state} = await ask(form, url, {});
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: named(asked.allowCredentials),
  };
  const given = await navigator.credentials.get({publicKey});
  const credential = JSON.stringify({
    id: given.id,
    rawId: text(given.rawId),
    type: given.type,
    response: {
      authenticatorData: text(given.response.authenticatorData),
      clientDataJSON: text(given.response.clientDataJSON),
      signature: text(given.response.signature),
      userHandle: given.response.userHandle ? text(given.response.userHandle) : null,
    },
  });
  const done = await ask(form, `${url}/${state}`, {credential});
  location.assign(done.post_login_url || "/");
}
