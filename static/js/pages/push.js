// Ask the browser to take push messages, and send the board what it says.
const form = document.querySelector("[data-push]");
const told = form.querySelector(".error");
function tell(words) {
  told.textContent = words;
  told.hidden = false;
}
function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}
form.hidden = false;
document.getElementById("without").hidden = true;
form.addEventListener("submit", async (event) => {
  if (form.elements.subscription.value) return;
  event.preventDefault();
  if (!("PushManager" in window) || !("serviceWorker" in navigator)) {
    return tell("This browser takes no push messages. On an iPhone, add the board to the home screen first.");
  }
  if (await Notification.requestPermission() !== "granted") {
    return tell("This browser was told not to show messages of this site. Allow it in the browser’s settings, then try again.");
  }
  try {
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const old = await worker.pushManager.getSubscription();
    if (old) await old.unsubscribe();
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
    form.elements.subscription.value = JSON.stringify(made);
    form.submit();
  } catch (error) {
    tell("The browser’s push service can not be reached. Try again later.");
  }
});
