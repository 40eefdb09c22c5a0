// After a swap htmx 4.0.1 reloads the page when Back only leaves a #hash (Firefox, WebKit), and a draft is lost.
let here = location.pathname + location.search;
document.addEventListener("htmx:after:history:update", () => {
  here = location.pathname + location.search;
});
document.addEventListener("htmx:before:history:restore", (event) => {
  const there = location.pathname + location.search;
  if (there === here) event.preventDefault();
  here = there;
});
