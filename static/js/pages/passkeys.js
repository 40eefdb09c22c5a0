// The browser makes or shows a passkey; the form that asks for it carries the answer like any other field.
const asText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const asBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt());
let asking = new AbortController();

const ask = async (form, mediation) => {
  asking.abort();
  asking = new AbortController();
  const publicKey = JSON.parse(form.dataset.passkey);
  publicKey.challenge = asBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = asBytes(publicKey.user.id);
  for (const each of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])])
    each.id = asBytes(each.id);
  const what = { publicKey, signal: asking.signal };
  if (mediation) what.mediation = mediation;
  const { id, rawId, type, response } = await navigator.credentials[publicKey.user ? "create" : "get"](what);
  const answer = { id, rawId: asText(rawId), type, response: { transports: response.getTransports?.() ?? [] } };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) answer.response[part] = asText(response[part]);
  form.elements.credential.value = JSON.stringify(answer);
  // What stands in another form of the page counts for this one too.
  for (const box of form.querySelectorAll("[data-as]"))
    box.checked = document.getElementById(box.dataset.as)?.checked;
  form.submit();
};

const told = (form, error) => {
  const problems = [...form.querySelectorAll("[data-problem]")];
  for (const each of problems) each.hidden = true;
  if (!error) return;
  (problems.find((each) => each.dataset.problem === error.name) ?? problems.at(-1)).hidden = false;
};

const begin = async (form) => {
  form.querySelector("div").hidden = false;
  form.querySelector("[data-lacking]")?.remove();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told(form);
    ask(form).catch((error) => told(form, error));
  });
  // Where the browser can, it offers passkeys in the field for the name.
  if ("waits" in form.dataset && (await PublicKeyCredential.isConditionalMediationAvailable?.()))
    ask(form, "conditional").catch(() => {});
};

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("form[data-passkey]")) begin(form);
