// One form serves every button of the page: send what the pressed button says, where it says.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const button = ctx.request.submitter;
  if (button?.hasAttribute("formaction")) ctx.request.action = button.formAction;
});
// What could not be sent at all has no answer to show.
document.addEventListener("htmx:error", () => {
  document.getElementById("notice").innerHTML = '<p class="error">No connection. Try again when the line is back.</p>';
});
document.addEventListener("htmx:before:request", () => {
  document.getElementById("notice").textContent = "";
});
